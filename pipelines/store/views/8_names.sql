-- The analyst's surface: names, whom they may mean, and what firms have to do with each other.

CREATE OR REPLACE VIEW name_candidates AS
WITH candidates AS (
    SELECT 'article' AS what, a.article_id AS id, n.matched, n.uscc, n.match, n.context, n.kinds AS event, n.quote,
        a.title, a.url, a.published_on AS day, a.source, a.discovered_at
    FROM derived.near_names n JOIN derived.articles a USING (content_id)
    UNION ALL
    SELECT 'article', a.article_id, n.matched, n.uscc, 'ambiguous', 'several', '', '', a.title, a.url, a.published_on, a.source,
        a.discovered_at
    FROM derived.shared_names n JOIN derived.articles a USING (content_id)
    UNION ALL
    SELECT 'licence', l.licence_key, s.holder, c.firm, c.match, c.context,
        CASE WHEN s.status IN ('cancelled', 'revoked', 'expired') THEN ''
             WHEN s.kind IN ('device_product', 'drug_product') THEN 'product_approved' ELSE 'licence_granted' END,
        s.address, concat_ws(' ', s.kind, s.number), l.url, s.granted_on, l.source, l.first_known_at
    FROM derived.licences l JOIN base.licences s USING (content_id)
    JOIN derived.holder_candidates c ON c.uscc = s.uscc AND c.holder = s.holder AND c.address = s.address
    UNION ALL
    SELECT 'disclosure', d.disclosure_key, s.holder, c.firm, c.match, c.context,
        CASE WHEN s.kind = 'eia' AND s.stage IN ('approved', 'completed') THEN 'project_approved'
             WHEN s.kind = 'award' AND s.stage = 'awarded' THEN 'contract_won'
             WHEN s.kind = 'trial' AND s.stage = 'started' THEN 'trial_started' ELSE '' END,
        s.title, s.title, s.url, coalesce(s.happened_on, s.published_on), d.source, d.first_known_at
    FROM derived.disclosures d JOIN base.disclosures s USING (content_id)
    JOIN derived.holder_candidates c ON c.uscc = s.uscc AND c.holder = s.holder AND c.address = ''
)
SELECT c.what, c.id, c.matched, f.firm_id, f.uscc, f.name, f.grade, f.sub_sector, f.in_putuo, c.match, c.context, c.event,
    c.quote, c.title, c.url, c.day, c.source, c.discovered_at
FROM candidates c JOIN derived.firms f USING (uscc);
COMMENT ON VIEW name_candidates IS 'Names in articles, licences and disclosures that may mean a firm and are not sure to: one row for each name and firm. They prove nothing until a person says so: scrapy review match NAME USCC same|different|unsure.';
COMMENT ON COLUMN name_candidates.what IS 'Where the name stands: article, licence or disclosure.';
COMMENT ON COLUMN name_candidates.id IS 'Key of that: article_id, licence_key or disclosure_key.';
COMMENT ON COLUMN name_candidates.matched IS 'The name, as written there.';
COMMENT ON COLUMN name_candidates.firm_id IS 'The firm that it may mean: see firms.';
COMMENT ON COLUMN name_candidates.uscc IS 'Its credit code.';
COMMENT ON COLUMN name_candidates.name IS 'Its name as known now.';
COMMENT ON COLUMN name_candidates.grade IS 'Its grade as known now.';
COMMENT ON COLUMN name_candidates.sub_sector IS 'Its sub-sector as known now.';
COMMENT ON COLUMN name_candidates.in_putuo IS 'Whether it is in Putuo, as known now: yes, no or unknown.';
COMMENT ON COLUMN name_candidates.match IS 'How alike the names are: exact, english, spelling, short, loose (place or legal form left out, or the place moved), alias (core name with the first words of its trade), core (the core name alone), or ambiguous (a whole or short name of several firms).';
COMMENT ON COLUMN name_candidates.context IS 'What keeps it from being sure: several (several firms may be meant), elsewhere (the licence''s address lies outside Shanghai, the firm is Shanghai''s), lesser_form (not the whole name), no_context (an alias on a page that is not set in Putuo and names the firm nowhere more fully), core_alone (the core name alone).';
COMMENT ON COLUMN name_candidates.event IS 'The kind of event that it would at most make, were it the firm''s; of an article all that it states, joined by |; empty: none.';
COMMENT ON COLUMN name_candidates.quote IS 'The sentence that states the event, the licence''s address, or the disclosure''s title.';
COMMENT ON COLUMN name_candidates.title IS 'Title of the article or disclosure; kind and number of the licence.';
COMMENT ON COLUMN name_candidates.url IS 'Where it stands.';
COMMENT ON COLUMN name_candidates.day IS 'Day of publication, grant or act, as stated.';
COMMENT ON COLUMN name_candidates.source IS 'Source id.';
COMMENT ON COLUMN name_candidates.discovered_at IS 'When we first knew of the article, licence or disclosure (UTC).';

CREATE OR REPLACE VIEW firm_candidates AS
WITH told AS (
    SELECT u.*, a.article_id, a.discovered_at, a.published_on
    FROM derived.unknown_firms u JOIN derived.articles a USING (content_id)
)
SELECT arg_min(t.name, (length(t.name) * -1, t.name)) AS name, string_agg(DISTINCT t.name, '|' ORDER BY t.name) AS forms,
    count(DISTINCT t.article_id) AS pages, min(t.discovered_at) AS first_known_at, max(t.discovered_at) AS last_known_at,
    min(t.published_on) AS first_published_on,
    coalesce(string_agg(DISTINCT nullif(t.kinds, ''), '|' ORDER BY nullif(t.kinds, '')), '') AS events,
    coalesce(string_agg(DISTINCT nullif(t.park, ''), '|' ORDER BY nullif(t.park, '')), '') AS parks,
    coalesce(arg_max(nullif(t.quote, ''), (t.discovered_at, t.article_id)), '') AS quote,
    string_agg(DISTINCT t.article_id, '|' ORDER BY t.article_id) AS article_ids,
    b.match, 'CN-' || b.became AS firm_id, b.became AS uscc, f.name AS registered_name, b.near
FROM told t JOIN derived.became b USING (name_key) LEFT JOIN derived.firms f ON f.uscc = b.became
GROUP BY t.name_key, b.match, b.became, f.name, b.near;
COMMENT ON VIEW firm_candidates IS 'Firms that pages about life-health in Putuo name and that no register knew when the page was first shown: one row a name. Candidates for a person to look at, never firms, and they make no events. Where a registration under that name came since, firm_id says which firm it is.';
COMMENT ON COLUMN firm_candidates.name IS 'The name, as a page writes it.';
COMMENT ON COLUMN firm_candidates.forms IS 'The ways in which pages write it, joined by |.';
COMMENT ON COLUMN firm_candidates.pages IS 'Articles that name it.';
COMMENT ON COLUMN firm_candidates.first_known_at IS 'When we learned of the first of these (UTC).';
COMMENT ON COLUMN firm_candidates.last_known_at IS 'When we learned of the last of these (UTC).';
COMMENT ON COLUMN firm_candidates.first_published_on IS 'Day of the first of these, as stated.';
COMMENT ON COLUMN firm_candidates.events IS 'What the pages state of it, as in events.kind, joined by |: what they say, no facts.';
COMMENT ON COLUMN firm_candidates.parks IS 'Ids of the parks in which they place it, joined by |.';
COMMENT ON COLUMN firm_candidates.quote IS 'The newest sentence that states something of it.';
COMMENT ON COLUMN firm_candidates.article_ids IS 'Keys of the articles, joined by |.';
COMMENT ON COLUMN firm_candidates.match IS 'How the registered name was matched: exact, english or spelling; none while there is none, or several.';
COMMENT ON COLUMN firm_candidates.firm_id IS 'The firm that a later registration shows under that name; NULL while none does, or several do.';
COMMENT ON COLUMN firm_candidates.uscc IS 'Its credit code.';
COMMENT ON COLUMN firm_candidates.registered_name IS 'Its registered name, as known now.';
COMMENT ON COLUMN firm_candidates.near IS 'A hint: credit codes of known firms of which this may be a lesser name, joined by |.';

CREATE OR REPLACE VIEW firm_names AS
WITH said AS (
    SELECT uscc, name, 'zh' AS kind, known_from FROM main.observations WHERE name <> '' AND superseded_at IS NULL
    UNION ALL
    SELECT uscc, name_en, 'english', known_from FROM main.observations WHERE name_en <> '' AND superseded_at IS NULL
),
borne AS (
    SELECT s.uscc, s.name, CASE WHEN s.kind = 'english' THEN 'english' WHEN s.name = f.name THEN 'registered' ELSE 'former' END AS kind,
        min(s.known_from) AS known_from,
        upper(regexp_replace(translate(s.name, '（）〔〕【】', '()()()'), '\s+', '', 'g')) AS plain
    FROM said s JOIN derived.firms f USING (uscc) GROUP BY ALL
),
shared AS (SELECT plain FROM borne GROUP BY plain HAVING count(DISTINCT uscc) > 1)
SELECT 'CN-' || b.uscc AS firm_id, b.uscc, b.name, b.kind, b.known_from, s.plain IS NOT NULL AS is_shared
FROM borne b LEFT JOIN shared s USING (plain)
UNION ALL
SELECT 'CN-' || a.uscc, a.uscc, a.name, 'alias', f.first_known_at, a.is_shared
FROM derived.aliases a JOIN derived.firms f USING (uscc);
COMMENT ON VIEW firm_names IS 'Every name that a firm bears or bore, and of life-health firms in Putuo the alias by which pages are searched for them.';
COMMENT ON COLUMN firm_names.firm_id IS 'The firm: see firms.';
COMMENT ON COLUMN firm_names.uscc IS 'Its credit code.';
COMMENT ON COLUMN firm_names.name IS 'The name; an alias in lower case.';
COMMENT ON COLUMN firm_names.kind IS 'registered (its name now), former, english (as a source states it), or alias (core name, with the first word of its trade where it needs one).';
COMMENT ON COLUMN firm_names.known_from IS 'Since when we know of it (UTC).';
COMMENT ON COLUMN firm_names.is_shared IS 'Another firm may be meant by it: it bears or bore the same name, or its name holds the alias.';

CREATE OR REPLACE VIEW firm_links AS
SELECT 'CN-' || l.uscc AS firm_id, l.uscc, f.name, l.relation, 'CN-' || l.other AS other_firm_id, l.other AS other_uscc,
    o.name AS other_name, l.match, l.reason
FROM (
    SELECT from_uscc AS uscc, to_uscc AS other, kind AS relation, match, reason FROM derived.firm_links
    UNION ALL
    SELECT to_uscc, from_uscc, CASE kind WHEN 'branch_of' THEN 'parent_of' ELSE kind END, match, reason FROM derived.firm_links
) l
JOIN derived.firms f ON f.uscc = l.uscc JOIN derived.firms o ON o.uscc = l.other;
COMMENT ON VIEW firm_links IS 'What firms have to do with each other by their names, each link in both directions: branches with their parents, and hints of one brand between life-health firms in Putuo. Linked firms stay two; a hint of one brand proves nothing.';
COMMENT ON COLUMN firm_links.firm_id IS 'The firm: see firms.';
COMMENT ON COLUMN firm_links.uscc IS 'Its credit code.';
COMMENT ON COLUMN firm_links.name IS 'Its name as known now.';
COMMENT ON COLUMN firm_links.relation IS 'What it is to the other: branch_of, parent_of, or same_brand (a hint).';
COMMENT ON COLUMN firm_links.other_firm_id IS 'The other firm.';
COMMENT ON COLUMN firm_links.other_uscc IS 'Its credit code.';
COMMENT ON COLUMN firm_links.other_name IS 'Its name as known now.';
COMMENT ON COLUMN firm_links.match IS 'How the parent''s name was matched: exact, english or spelling; core for a hint.';
COMMENT ON COLUMN firm_links.reason IS 'parent_name (the branch''s name begins with the parent''s); of a hint what speaks for it beside a core name that at most ten firms share: same_address, group_word (集团, 控股, 总公司), name_inside (one name holds the other''s core and trade), joined by |; core_name: nothing else.';
