-- The analyst's surface: news, documents and filings.

CREATE OR REPLACE VIEW articles AS
SELECT a.article_id, a.source, a.series, a.source_id, a.kind, a.channel, a.title, a.url, a.published_on, a.agency,
    a.document_number, a.index_number, a.language, a.relevant, a.score, a.reasons, a.in_putuo, a.life_health,
    a.places_zh, a.places_en, coalesce(m.firms, 0) AS firms, a.is_news, a.discovered_on, a.discovered_at,
    a.last_seen_at, a.text, a.text_from, a.run_id, a.reply_url, a.line, a.fetched_at, a.sha256, a.capture
FROM derived.articles a
LEFT JOIN (SELECT content_id, count(*) AS firms FROM derived.mentions GROUP BY content_id) m USING (content_id);
COMMENT ON VIEW articles IS 'Every page of news, official document and filing that was read, as last stated, and what its reading found.';
COMMENT ON COLUMN articles.article_id IS 'Stable key, from the source and its own id.';
COMMENT ON COLUMN articles.source_id IS 'The id its publisher gives it; unique within the source.';
COMMENT ON COLUMN articles.source IS 'Source id.';
COMMENT ON COLUMN articles.series IS 'Series of the source, if it has several.';
COMMENT ON COLUMN articles.kind IS 'news, document (a policy or another official document) or filing (a project filed with the district).';
COMMENT ON COLUMN articles.channel IS 'The column it stands in, as the publisher numbers or names it.';
COMMENT ON COLUMN articles.title IS 'Title, as printed.';
COMMENT ON COLUMN articles.url IS 'Where a reader opens it.';
COMMENT ON COLUMN articles.published_on IS 'Day of publication, as printed.';
COMMENT ON COLUMN articles.agency IS 'Who issued it, as printed.';
COMMENT ON COLUMN articles.document_number IS 'Number of an official document (发文字号), as printed.';
COMMENT ON COLUMN articles.index_number IS 'Index number of an official document (索引号), as printed.';
COMMENT ON COLUMN articles.language IS 'zh or en.';
COMMENT ON COLUMN articles.relevant IS 'It is about life-health in Putuo: its firms, policies or places.';
COMMENT ON COLUMN articles.score IS 'How sure that is, 0 to 1.';
COMMENT ON COLUMN articles.reasons IS 'The words that decided, joined by |.';
COMMENT ON COLUMN articles.in_putuo IS 'It speaks of Putuo or a place in it.';
COMMENT ON COLUMN articles.life_health IS 'It speaks of life-health.';
COMMENT ON COLUMN articles.places_zh IS 'Places of Putuo that it names, in Chinese, joined by |.';
COMMENT ON COLUMN articles.places_en IS 'The same in English.';
COMMENT ON COLUMN articles.firms IS 'Known firms that it names: see mentions.';
COMMENT ON COLUMN articles.is_news IS 'It was news when we found it: not older than 14 days on a first reading of the source, nor than 90 days later.';
COMMENT ON COLUMN articles.discovered_on IS 'The day we could first read it (Asia/Shanghai); of one whose page never came, first saw it.';
COMMENT ON COLUMN articles.discovered_at IS 'The same instant in UTC: the finish of that run.';
COMMENT ON COLUMN articles.last_seen_at IS 'Finish of the last run that read it (UTC); what did not change is not read again.';
COMMENT ON COLUMN articles.text IS 'Its body, one paragraph a line, personal data blanked; empty when the page was not read.';
COMMENT ON COLUMN articles.text_from IS 'body: the element the platform documents; extracted: what a general extractor takes for the body, where no such element was found; excerpt: a short quote or summary of a copyrighted page; none: the page lies elsewhere or is gone.';
COMMENT ON COLUMN articles.run_id IS 'Run that first read this version.';
COMMENT ON COLUMN articles.reply_url IS 'The reply it was read from: the page, or the list that names it.';
COMMENT ON COLUMN articles.line IS 'Position in that list; 1 for a page.';
COMMENT ON COLUMN articles.fetched_at IS 'When the reply was received (UTC).';
COMMENT ON COLUMN articles.sha256 IS 'Hash of the reply as received.';
COMMENT ON COLUMN articles.capture IS 'WARC-Record-ID in the run''s capture.warc.gz.';

CREATE OR REPLACE VIEW article_versions AS
SELECT v.article_id, a.source, v.series, a.kind, a.title, a.url, a.published_on, a.agency, a.document_number,
    v.known_from, lead(v.known_from) OVER (PARTITION BY v.article_id ORDER BY v.first_seq, v.content_id) AS known_to,
    v.last_seen_at, a.text, a.text_from, v.run_id, v.reply_url, v.line, v.fetched_at, v.sha256, v.capture
FROM derived.article_versions v JOIN base.articles a USING (content_id);
COMMENT ON VIEW article_versions IS 'Each wording in which an article stood, by the readings that count: pages are corrected after they were read. Other columns as in articles.';
COMMENT ON COLUMN article_versions.known_from IS 'When we first read it so (UTC).';
COMMENT ON COLUMN article_versions.known_to IS 'When we first read it otherwise (UTC); NULL while it stands.';

CREATE OR REPLACE VIEW policies AS
SELECT * FROM articles a WHERE kind = 'document' AND relevant
    AND NOT (source = 'shanghai_policy' AND EXISTS (
        SELECT 1 FROM articles p WHERE p.source = 'putuo_portal' AND p.kind = 'document' AND p.relevant
            AND a.source_id = '0075' || p.source_id));
COMMENT ON VIEW policies IS 'Policies and other official documents about life-health in Putuo. What the city''s policy library shows of the district''s portal is there once, as the portal shows it. Columns as in articles.';

CREATE OR REPLACE VIEW mentions AS
SELECT a.article_id, 'CN-' || m.uscc AS firm_id, m.uscc, f.name, f.grade, f.sub_sector, m.matched, m.form,
    s.kind, s.happened_on, s.amount, s.unit, s.park, s.quote, a.title, a.url, a.published_on, a.source, a.is_news,
    a.discovered_on
FROM derived.mentions m
JOIN derived.articles a USING (content_id)
JOIN derived.firms f ON f.uscc = m.uscc
LEFT JOIN derived.firm_statements s ON s.content_id = m.content_id AND s.uscc = m.uscc;
COMMENT ON VIEW mentions IS 'Which known firms an article names, and what it says of them: one row for each firm and each thing said. Not every thing said is an event: a firm that is already in Putuo cannot arrive. Other columns as in events.';
COMMENT ON COLUMN mentions.article_id IS 'The article: see articles.';
COMMENT ON COLUMN mentions.matched IS 'The name as the article writes it.';
COMMENT ON COLUMN mentions.form IS 'How the name was matched: person (a person decided whom it means), exact (the registered name), spelling (上海市 for 上海, 有限责任公司 for 有限公司), short (without place and legal form, and no other firm''s); and of a firm that the page names more fully too, or of one of Shanghai on a page set in Putuo: loose (place or legal form left out, or the place moved), alias (core name with the first words of its trade). core (the core name alone) counts only beside a fuller form. The rest is in name_candidates.';
COMMENT ON COLUMN mentions.kind IS 'What is said, as in events.kind; NULL when the firm is only named.';
COMMENT ON COLUMN mentions.happened_on IS 'The day it happened, if the article states one.';
COMMENT ON COLUMN mentions.amount IS 'Amount in whole units, if one is stated with it.';
COMMENT ON COLUMN mentions.unit IS 'ISO 4217 code of a currency, or square_metres.';
COMMENT ON COLUMN mentions.park IS 'Id of the park named with it.';
COMMENT ON COLUMN mentions.quote IS 'The sentence.';
COMMENT ON COLUMN mentions.title IS 'Title of the article.';
COMMENT ON COLUMN mentions.url IS 'Where a reader opens the article.';
COMMENT ON COLUMN mentions.published_on IS 'Day of publication.';
COMMENT ON COLUMN mentions.source IS 'Source id.';
COMMENT ON COLUMN mentions.is_news IS 'As in articles.';
COMMENT ON COLUMN mentions.discovered_on IS 'The day we first saw the article (Asia/Shanghai).';
