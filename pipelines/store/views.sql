-- The analyst's surface: small, documented views. Each comment is the data dictionary.

CREATE OR REPLACE VIEW firms AS
SELECT firm_id, uscc, name, grade, sub_sector, secondary, score, label_evidence, label_decided_by, rules_version,
    in_putuo, place_reason, district, street, street_zh, street_en, park, park_zh, park_en, address,
    firms_at_address >= 10 AS shared_address, firms_at_address, is_branch, parent_name, legal_form, status,
    registered_on, capital, capital_currency, capital_raw, scope, first_known_at, last_seen_at,
    source, series, url, line, run_id
FROM derived.firms;
COMMENT ON VIEW firms IS 'Every firm any source has shown, as known now: where it is, which sub-sector, how we know. For life-health firms in Putuo: WHERE in_putuo = ''yes'' AND grade = ''core''.';
COMMENT ON COLUMN firms.firm_id IS 'Stable id: CN- and the unified social credit code.';
COMMENT ON COLUMN firms.uscc IS 'Unified social credit code (GB 32100-2015), upper case, all check digits verified.';
COMMENT ON COLUMN firms.name IS 'Registered name, as last stated.';
COMMENT ON COLUMN firms.grade IS 'core: life-health is what the firm is for; peripheral: among other things; none.';
COMMENT ON COLUMN firms.sub_sector IS 'The one best sub-sector: medical_devices, pharma_distribution, digital_health, biomedical_rd, health_services, health_products, or none.';
COMMENT ON COLUMN firms.secondary IS 'Further sub-sectors with clear evidence, joined by |.';
COMMENT ON COLUMN firms.score IS 'How sure the label is, 0 to 1; 1 when a person decided.';
COMMENT ON COLUMN firms.label_evidence IS 'The words that decided, and the rule that used them; or who decided and why.';
COMMENT ON COLUMN firms.label_decided_by IS 'rules or person.';
COMMENT ON COLUMN firms.rules_version IS 'Version of the classification rules.';
COMMENT ON COLUMN firms.in_putuo IS 'yes, no or unknown: by the registered address, never by the credit code. The tax or operating address may differ; no source shows it.';
COMMENT ON COLUMN firms.place_reason IS 'What decided in_putuo.';
COMMENT ON COLUMN firms.district IS 'Division code of the district the address lies in, if told (310107 is Putuo).';
COMMENT ON COLUMN firms.street IS 'Code of the street or town (街道, 镇), if told.';
COMMENT ON COLUMN firms.street_zh IS 'Street or town in Chinese.';
COMMENT ON COLUMN firms.street_en IS 'Street or town in English.';
COMMENT ON COLUMN firms.park IS 'Id of the park, if the address lies in a known one.';
COMMENT ON COLUMN firms.park_zh IS 'Park in Chinese.';
COMMENT ON COLUMN firms.park_en IS 'Park in English.';
COMMENT ON COLUMN firms.address IS 'Registered address, as last stated.';
COMMENT ON COLUMN firms.shared_address IS 'Ten or more firms of Putuo give this building: probably a registration only.';
COMMENT ON COLUMN firms.firms_at_address IS 'Firms of Putuo, neither gone nor absent, that give the same building.';
COMMENT ON COLUMN firms.is_branch IS 'The name is that of a branch.';
COMMENT ON COLUMN firms.parent_name IS 'The firm a branch belongs to, as far as the name tells.';
COMMENT ON COLUMN firms.legal_form IS 'Kind of enterprise, as stated.';
COMMENT ON COLUMN firms.status IS 'active, deregistered, revoked, moved_out, unknown (the source does not say), or not_listed (gone from a complete full list).';
COMMENT ON COLUMN firms.registered_on IS 'Day of first registration, as stated.';
COMMENT ON COLUMN firms.capital IS 'Registered capital in whole units of capital_currency (yuan, not 万元).';
COMMENT ON COLUMN firms.capital_currency IS 'ISO 4217 code, e.g. CNY.';
COMMENT ON COLUMN firms.capital_raw IS 'Registered capital, as printed.';
COMMENT ON COLUMN firms.scope IS 'Business scope, as last stated.';
COMMENT ON COLUMN firms.first_known_at IS 'When a run first showed the firm (UTC).';
COMMENT ON COLUMN firms.last_seen_at IS 'When a run last showed the firm (UTC).';
COMMENT ON COLUMN firms.source IS 'Source that spoke last.';
COMMENT ON COLUMN firms.series IS 'Series of that source.';
COMMENT ON COLUMN firms.url IS 'Where the newest record was read.';
COMMENT ON COLUMN firms.line IS 'Line of the newest record in that file.';
COMMENT ON COLUMN firms.run_id IS 'Run that first showed the newest record: a folder under runs/.';

CREATE OR REPLACE VIEW events AS
SELECT e.event_id, e.category, e.kind, e.basis, e.firm_id, e.uscc, f.name, f.grade, f.sub_sector,
    e.happened_on, e.discovered_on, e.discovered_at, e.before, e.after, e.evidence
FROM derived.events e JOIN derived.firms f USING (firm_id);
COMMENT ON VIEW events IS 'Everything that happened to firms in Putuo, life-health or not: one row an event, with its proof. States found on a first reading are not events.';
COMMENT ON COLUMN events.event_id IS 'Stable key: kind, firm and the value stated. A rebuild gives the same.';
COMMENT ON COLUMN events.category IS 'arrival, expansion or departure.';
COMMENT ON COLUMN events.kind IS 'What happened. From registrations: registered, moved_in, branch_opened, capital_raised, scope_widened, moved_out, deregistered, capital_cut, scope_narrowed. From news, documents and filings: arrival_announced, financing_raised, headquarters_set_up, premises_added, product_approved, project_approved, trial_started, listing_step, recognised, partnership, overseas_expansion.';
COMMENT ON COLUMN events.basis IS 'Why we believe it: first_listed, code_division, address_changed, status_changed, capital_changed, scope_changed, not_listed; announced (a page says so), filed (an official filing names the project).';
COMMENT ON COLUMN events.firm_id IS 'The firm: see firms.';
COMMENT ON COLUMN events.uscc IS 'Its credit code.';
COMMENT ON COLUMN events.name IS 'Its name as known now.';
COMMENT ON COLUMN events.grade IS 'Its grade as known now: core, peripheral or none.';
COMMENT ON COLUMN events.sub_sector IS 'Its sub-sector as known now.';
COMMENT ON COLUMN events.happened_on IS 'The day it happened, if the source states one; else NULL.';
COMMENT ON COLUMN events.discovered_on IS 'The day we learned of it (Asia/Shanghai).';
COMMENT ON COLUMN events.discovered_at IS 'When we learned of it (UTC): the finish of the run that proves it.';
COMMENT ON COLUMN events.before IS 'What was stated before, as printed; for a move the address or the district of the credit code.';
COMMENT ON COLUMN events.after IS 'What is stated now, as printed; for a wider scope the new items; for news the sentence that says so.';
COMMENT ON COLUMN events.evidence IS 'JSON list of the records that prove it: role, source, series, run, url, line, fetched_at, sha256, capture (WARC record), and the record as captured (of an article: title, day, agency, quote, page).';

-- What the three views of events share.
CREATE OR REPLACE VIEW derived.life_health_events AS
SELECT e.*, f.secondary, f.street, f.street_zh, f.street_en, f.park, f.park_zh, f.park_en, f.address,
    f.shared_address, f.firms_at_address, f.is_branch, f.parent_name, f.capital, f.capital_currency, f.capital_raw,
    f.registered_on, f.status, f.label_evidence, f.score, f.source, f.series, f.url
FROM main.events e JOIN main.firms f USING (firm_id)
WHERE f.grade IN ('core', 'peripheral');
COMMENT ON VIEW derived.life_health_events IS 'Events of core and peripheral firms with the firm''s columns: see arrivals, expansions, departures.';

CREATE OR REPLACE VIEW arrivals AS
SELECT * FROM derived.life_health_events WHERE category = 'arrival';
COMMENT ON VIEW arrivals IS 'Life-health firms (core and peripheral) that newly arrived in Putuo: registered, moved in, or opened a branch. Columns as in events and firms.';

CREATE OR REPLACE VIEW expansions AS
SELECT * FROM derived.life_health_events WHERE category = 'expansion';
COMMENT ON VIEW expansions IS 'Life-health firms of Putuo that are expanding: more capital, new permitted activities. Columns as in events and firms.';

CREATE OR REPLACE VIEW departures AS
SELECT * FROM derived.life_health_events WHERE category = 'departure';
COMMENT ON VIEW departures IS 'Life-health firms that left, or shrank: moved out, deregistered, capital or scope cut. Since the 2024 Company Law a capital cut may only bring it down to what is really paid. Columns as in events and firms.';

CREATE OR REPLACE VIEW runs AS
SELECT r.run_id, r.source, r.series, r.listing, r.outcome, r.reason, r.started_at, r.finished_at, r.items, r.rejected,
    r.requests, 'runs/' || r.run_id AS folder, r.code_version, r.parser, o.is_baseline, r.lists_everything, o.proves_absence,
    a.rows, a.core, a.peripheral, a.not_life_health, a.not_in_putuo, a.quarantined, a.repeated
FROM base.runs r JOIN derived.run_order o USING (run_id) LEFT JOIN derived.row_accounts a USING (run_id);
COMMENT ON VIEW runs IS 'Every crawl: how it ended, and where each of its rows came out. rows = core + peripheral + not_life_health + not_in_putuo + quarantined + repeated.';
COMMENT ON COLUMN runs.run_id IS 'Source and folder name.';
COMMENT ON COLUMN runs.source IS 'Source id.';
COMMENT ON COLUMN runs.series IS 'Which publisher''s extracts.';
COMMENT ON COLUMN runs.listing IS 'full: every firm of the publisher; new: only some.';
COMMENT ON COLUMN runs.outcome IS 'complete, partial, empty_allowed, empty_wrong, blocked, refused_by_robots, failed, crashed or missed.';
COMMENT ON COLUMN runs.reason IS 'Why it is not complete.';
COMMENT ON COLUMN runs.started_at IS 'UTC.';
COMMENT ON COLUMN runs.finished_at IS 'UTC; facts of this run are known from then.';
COMMENT ON COLUMN runs.items IS 'Registrations or articles read.';
COMMENT ON COLUMN runs.rejected IS 'Rows put aside while reading.';
COMMENT ON COLUMN runs.requests IS 'Requests sent.';
COMMENT ON COLUMN runs.folder IS 'The run folder, below the data directory.';
COMMENT ON COLUMN runs.code_version IS 'Version of the program that read it.';
COMMENT ON COLUMN runs.parser IS 'Version of the source''s parser.';
COMMENT ON COLUMN runs.is_baseline IS 'A first reading of its series: what it shows are states, not events.';
COMMENT ON COLUMN runs.lists_everything IS 'Complete and full, with no bad row of an unknown firm.';
COMMENT ON COLUMN runs.proves_absence IS 'Lists everything, and did not lose a fifth of its firms at once: a firm it does not show is gone.';
COMMENT ON COLUMN runs.rows IS 'Rows of registrations that carried data; NULL for a run that loaded none.';
COMMENT ON COLUMN runs.core IS 'Rows of core life-health firms in Putuo: reported, as events or as the state first found.';
COMMENT ON COLUMN runs.peripheral IS 'Rows of peripheral ones.';
COMMENT ON COLUMN runs.not_life_health IS 'Rows of other firms in Putuo.';
COMMENT ON COLUMN runs.not_in_putuo IS 'Rows of firms elsewhere, or of which no place is told.';
COMMENT ON COLUMN runs.quarantined IS 'Rows put aside, while reading or loading: see quarantine.';
COMMENT ON COLUMN runs.repeated IS 'Rows that repeat another of the same run to the letter.';

CREATE OR REPLACE VIEW sources AS
WITH spoken AS (
    SELECT source, series, count(*) AS runs, min(started_at) AS first_run_at, max(finished_at) AS last_run_at,
        arg_max(outcome, seq) AS last_outcome, arg_max(reason, seq) AS last_reason,
        max(finished_at) FILTER (WHERE outcome = 'complete') AS last_complete_at,
        arg_max(declaration, seq) FILTER (WHERE declaration <> '{}') AS declaration,
        arg_max(listing, seq) FILTER (WHERE listing <> '') AS listing
    FROM base.runs JOIN (SELECT run_id, seq FROM derived.run_order) USING (run_id) GROUP BY source, series
)
SELECT source, series, declaration ->> 'publisher_zh' AS publisher, declaration ->> 'title_zh' AS title_zh,
    declaration ->> 'title_en' AS title_en,
    array_to_string(CAST(declaration -> 'proves' AS VARCHAR[]), ' ') AS proves,
    declaration ->> 'cadence' AS cadence, listing = 'full' AS lists_everything, declaration ->> 'capture' AS capture,
    first_run_at, last_run_at, last_outcome, last_reason, last_complete_at, runs
FROM spoken;
COMMENT ON VIEW sources IS 'Every source and series that was ever asked, and how its last run ended.';
COMMENT ON COLUMN sources.source IS 'Source id.';
COMMENT ON COLUMN sources.series IS 'Which publisher''s extracts.';
COMMENT ON COLUMN sources.publisher IS 'Who publishes it.';
COMMENT ON COLUMN sources.title_zh IS 'Name in Chinese.';
COMMENT ON COLUMN sources.title_en IS 'Name in English.';
COMMENT ON COLUMN sources.proves IS 'Kinds of event it can prove.';
COMMENT ON COLUMN sources.cadence IS 'When it is due: a cron line in Asia/Shanghai.';
COMMENT ON COLUMN sources.lists_everything IS 'Its last listing was of every firm.';
COMMENT ON COLUMN sources.capture IS 'How replies are kept: full, redacted or digest.';
COMMENT ON COLUMN sources.first_run_at IS 'UTC.';
COMMENT ON COLUMN sources.last_run_at IS 'UTC.';
COMMENT ON COLUMN sources.last_outcome IS 'How the last run ended: see runs.outcome.';
COMMENT ON COLUMN sources.last_reason IS 'Why, if it is not complete.';
COMMENT ON COLUMN sources.last_complete_at IS 'When it was last read completely (UTC).';
COMMENT ON COLUMN sources.runs IS 'Runs so far.';

CREATE OR REPLACE VIEW coverage AS
SELECT strftime(finished_at + INTERVAL 2 HOUR, '%G-W%V') AS week,
    source, series, count(*) AS runs,
    count(*) FILTER (WHERE outcome = 'complete') AS complete,
    count(*) FILTER (WHERE outcome = 'partial') AS partial,
    count(*) FILTER (WHERE outcome = 'empty_allowed') AS empty_allowed,
    count(*) FILTER (WHERE outcome NOT IN ('complete', 'partial', 'empty_allowed')) AS not_good,
    CAST(sum(items) AS BIGINT) AS items, CAST(sum(rejected) AS BIGINT) AS rejected,
    arg_max(outcome, finished_at) AS last_outcome, arg_max(reason, finished_at) AS last_reason,
    max(finished_at) AS last_run_at, max(finished_at) FILTER (WHERE outcome = 'complete') AS last_complete_at
FROM base.runs GROUP BY ALL;
COMMENT ON VIEW coverage IS 'What we could and could not see, by source, series and week.';
COMMENT ON COLUMN coverage.week IS 'Week of the briefing: Monday 06:00 to Monday 06:00, Asia/Shanghai, ISO number.';
COMMENT ON COLUMN coverage.source IS 'Source id.';
COMMENT ON COLUMN coverage.series IS 'Which publisher''s extracts.';
COMMENT ON COLUMN coverage.runs IS 'Runs that ended in the week.';
COMMENT ON COLUMN coverage.complete IS 'Of them complete.';
COMMENT ON COLUMN coverage.partial IS 'Of them partial.';
COMMENT ON COLUMN coverage.empty_allowed IS 'Of them with nothing new.';
COMMENT ON COLUMN coverage.not_good IS 'Of them with any other outcome.';
COMMENT ON COLUMN coverage.items IS 'Registrations or articles read.';
COMMENT ON COLUMN coverage.rejected IS 'Rows put aside while reading.';
COMMENT ON COLUMN coverage.last_outcome IS 'How the last run of the week ended.';
COMMENT ON COLUMN coverage.last_reason IS 'Why, if it is not complete.';
COMMENT ON COLUMN coverage.last_run_at IS 'UTC.';
COMMENT ON COLUMN coverage.last_complete_at IS 'UTC; NULL when no run of the week was complete.';

CREATE OR REPLACE VIEW quarantine AS
SELECT q.run_id, o.source, o.series, q.line, q.reason, q.detail, q.uscc, q.name, q.url, o.day AS discovered_on, q.cells
FROM base.quarantine q JOIN derived.run_order o USING (run_id);
COMMENT ON VIEW quarantine IS 'Rows put aside, with their reason and place, personal data blanked. Nothing is dropped silently.';
COMMENT ON COLUMN quarantine.run_id IS 'Run that read the row.';
COMMENT ON COLUMN quarantine.source IS 'Source id.';
COMMENT ON COLUMN quarantine.series IS 'Which publisher''s extracts.';
COMMENT ON COLUMN quarantine.line IS 'Line in the file as received.';
COMMENT ON COLUMN quarantine.reason IS 'One of a closed list, e.g. code_check, wrong_cell_count, conflicting_rows.';
COMMENT ON COLUMN quarantine.detail IS 'The value that could not stand.';
COMMENT ON COLUMN quarantine.uscc IS 'Its credit code, if that is valid.';
COMMENT ON COLUMN quarantine.name IS 'Its name, unless it looks like a person''s.';
COMMENT ON COLUMN quarantine.url IS 'File or address.';
COMMENT ON COLUMN quarantine.discovered_on IS 'Day of the run (Asia/Shanghai).';
COMMENT ON COLUMN quarantine.cells IS 'JSON: the cells that may be kept.';

CREATE OR REPLACE VIEW observations AS
SELECT o.observation_id, 'CN-' || o.uscc AS firm_id, o.source, o.series, o.known_from, o.known_to, o.last_seen_at,
    o.sightings, r.* EXCLUDE (record_id), o.run_id, o.url, o.line, o.fetched_at, o.sha256, o.capture
FROM derived.observations o JOIN base.records r USING (record_id);
COMMENT ON VIEW observations IS 'Who said what of which firm, and since when we know: one row for each unbroken stretch in which a series said the same. The columns from uscc to registrar are the record as stated, *_raw as printed.';
COMMENT ON COLUMN observations.observation_id IS 'Stable key.';
COMMENT ON COLUMN observations.firm_id IS 'The firm: see firms.';
COMMENT ON COLUMN observations.known_from IS 'Finish of the run that first said so (UTC).';
COMMENT ON COLUMN observations.known_to IS 'Finish of the run that first said otherwise (UTC); NULL while it holds.';
COMMENT ON COLUMN observations.last_seen_at IS 'Finish of the last run that said so (UTC).';
COMMENT ON COLUMN observations.sightings IS 'Runs that said so.';
COMMENT ON COLUMN observations.run_id IS 'Run that first said so.';
COMMENT ON COLUMN observations.url IS 'Where it stood.';
COMMENT ON COLUMN observations.line IS 'Line in the file as received.';
COMMENT ON COLUMN observations.fetched_at IS 'UTC.';
COMMENT ON COLUMN observations.sha256 IS 'Hash of the bytes as received.';
COMMENT ON COLUMN observations.capture IS 'WARC-Record-ID in the run''s capture.warc.gz.';
COMMENT ON COLUMN observations.uscc_raw IS 'Credit code, as printed.';
COMMENT ON COLUMN observations.status IS 'Registration status as read from the words: active, deregistered, revoked, moved_out or unknown.';
COMMENT ON COLUMN observations.status_raw IS 'Registration status, as printed.';
COMMENT ON COLUMN observations.registered_on_raw IS 'Day of first registration, as printed.';
COMMENT ON COLUMN observations.approved_on IS 'Day the registrar approved the newest change, as stated.';
COMMENT ON COLUMN observations.approved_on_raw IS 'The same, as printed.';
COMMENT ON COLUMN observations.district IS 'District column of the extract, as printed.';
COMMENT ON COLUMN observations.registrar IS 'Registration authority, as printed.';
COMMENT ON COLUMN observations.source IS 'Source id.';
COMMENT ON COLUMN observations.series IS 'Which publisher''s extracts.';

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
COMMENT ON COLUMN articles.text_from IS 'body: the element the platform documents; none: the page lies elsewhere or is gone.';
COMMENT ON COLUMN articles.run_id IS 'Run that first read this version.';
COMMENT ON COLUMN articles.reply_url IS 'The reply it was read from: the page, or the list that names it.';
COMMENT ON COLUMN articles.line IS 'Position in that list; 1 for a page.';
COMMENT ON COLUMN articles.fetched_at IS 'UTC.';
COMMENT ON COLUMN articles.sha256 IS 'Hash of the reply as received.';
COMMENT ON COLUMN articles.capture IS 'WARC-Record-ID in the run''s capture.warc.gz.';

CREATE OR REPLACE VIEW policies AS
SELECT * FROM articles WHERE kind = 'document' AND relevant;
COMMENT ON VIEW policies IS 'Policies and other official documents about life-health in Putuo. Columns as in articles.';

CREATE OR REPLACE VIEW mentions AS
SELECT a.article_id, 'CN-' || m.uscc AS firm_id, m.uscc, f.name, f.grade, f.sub_sector, m.matched, m.form,
    s.kind, s.happened_on, s.amount, s.unit, s.park, s.quote, a.title, a.url, a.published_on, a.source, a.is_news,
    a.discovered_on
FROM derived.mentions m
JOIN derived.articles a USING (content_id)
JOIN derived.firms f ON f.uscc = m.uscc
LEFT JOIN derived.firm_statements s ON s.content_id = m.content_id AND s.uscc = m.uscc;
COMMENT ON VIEW mentions IS 'Which known firms an article names, and what it says of them: one row for each firm and each thing said. Not every thing said is an event: a firm that is already in Putuo cannot arrive.';
COMMENT ON COLUMN mentions.article_id IS 'The article: see articles.';
COMMENT ON COLUMN mentions.matched IS 'The name as the article writes it.';
COMMENT ON COLUMN mentions.form IS 'full: the registered name; short: without its legal form, and no other firm''s.';
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

CREATE OR REPLACE VIEW claims AS
SELECT c.claim_id, c.article_id, c.measure, c.value, c.unit, c.relation, c.is_target, c.year, c.quote,
    a.title, a.url, a.published_on, a.source, a.agency, a.relevant, a.is_news, a.discovered_on, a.discovered_at
FROM derived.claims c JOIN derived.articles a USING (article_id)
WHERE a.relevant;
COMMENT ON VIEW claims IS 'Figures and targets that the district or a publisher states of life-health in Putuo. They disagree; they are kept as claims with their source, never as facts.';
COMMENT ON COLUMN claims.claim_id IS 'Stable key, from the article and the figure.';
COMMENT ON COLUMN claims.article_id IS 'The article: see articles.';
COMMENT ON COLUMN claims.measure IS 'What is counted: firm_count, output, tax, tax_share, investment, area, funding …';
COMMENT ON COLUMN claims.value IS 'The figure in whole units (yuan, not 万元).';
COMMENT ON COLUMN claims.unit IS 'firms, an ISO 4217 currency or yuan, percent, percentage_points, square_metres …';
COMMENT ON COLUMN claims.relation IS 'exactly, over, about, at least, or a growth.';
COMMENT ON COLUMN claims.is_target IS 'An aim, not a count.';
COMMENT ON COLUMN claims.year IS 'The year it speaks of, or the year of the target, if told.';
COMMENT ON COLUMN claims.quote IS 'The sentence.';
COMMENT ON COLUMN claims.title IS 'Title of the article.';
COMMENT ON COLUMN claims.url IS 'Where a reader opens the article.';
COMMENT ON COLUMN claims.published_on IS 'Day of publication.';
COMMENT ON COLUMN claims.source IS 'Source id.';
COMMENT ON COLUMN claims.agency IS 'Who says it, as printed; empty when only the publisher is known.';
COMMENT ON COLUMN claims.relevant IS 'As in articles.';
COMMENT ON COLUMN claims.is_news IS 'As in articles.';
COMMENT ON COLUMN claims.discovered_on IS 'The day we first saw the article (Asia/Shanghai).';
COMMENT ON COLUMN claims.discovered_at IS 'When we first saw the article (UTC).';
