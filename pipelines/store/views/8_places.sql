-- The analyst's surface: the parks we know, and names of parks that we do not know yet.

CREATE OR REPLACE VIEW parks AS
SELECT p.park_id, p.kind, p.name_zh, p.name_en, p.other_names, p.addresses, p.life_health, p.decides,
    coalesce(f.firms, 0) AS firms, coalesce(f.life_health_firms, 0) AS life_health_firms, p.origin
FROM derived.parks p
LEFT JOIN (
    SELECT park, count(*) AS firms, count(*) FILTER (WHERE grade IN ('core', 'peripheral')) AS life_health_firms
    FROM derived.firms WHERE in_putuo = 'yes' AND status IN ('active', 'unknown') GROUP BY park
) f ON f.park = p.park_id;
COMMENT ON VIEW parks IS 'The parks and platforms of Putuo that we know: what addresses and news call them, where they are, and from where we know that. docs/places.md says how one is added.';
COMMENT ON COLUMN parks.park_id IS 'Stable id, as in firms.park.';
COMMENT ON COLUMN parks.kind IS 'park, area (a business district or zone of many addresses), building, base, platform or institute.';
COMMENT ON COLUMN parks.name_zh IS 'Name in Chinese.';
COMMENT ON COLUMN parks.name_en IS 'Name in English; origin says where it is ours.';
COMMENT ON COLUMN parks.other_names IS 'Other names, joined by |.';
COMMENT ON COLUMN parks.addresses IS 'Road and number of the addresses that are the park, joined by |; empty where no source prints one: then only addresses that write its name are told to lie in it.';
COMMENT ON COLUMN parks.life_health IS 'It was made for life-health.';
COMMENT ON COLUMN parks.decides IS 'Its name alone places a firm in Putuo.';
COMMENT ON COLUMN parks.firms IS 'Firms in Putuo, neither gone nor absent, whose registered address lies in it.';
COMMENT ON COLUMN parks.life_health_firms IS 'Of them core or peripheral life-health firms.';
COMMENT ON COLUMN parks.origin IS 'Where its name and place are printed.';

CREATE OR REPLACE VIEW park_mentions AS
SELECT m.name, m.found_in, m.article_id, a.url, m.firm_id, f.name AS firm, m.said, nullif(m.street_zh, '') AS street_zh,
    nullif(m.street_en, '') AS street_en, m.seen_from, m.last_seen_at
FROM derived.park_mentions m
LEFT JOIN derived.articles a USING (article_id)
LEFT JOIN derived.firms f USING (firm_id);
COMMENT ON VIEW park_mentions IS 'Each page and each registered address in Putuo that writes the name of a park we do not know.';
COMMENT ON COLUMN park_mentions.name IS 'The name, as read: one width, simplified characters.';
COMMENT ON COLUMN park_mentions.found_in IS 'article or address.';
COMMENT ON COLUMN park_mentions.article_id IS 'The page: see articles; NULL for an address.';
COMMENT ON COLUMN park_mentions.url IS 'Where a reader opens the page.';
COMMENT ON COLUMN park_mentions.firm_id IS 'The firm of the address: see firms and observations; NULL for a page.';
COMMENT ON COLUMN park_mentions.firm IS 'Name of that firm, as known now.';
COMMENT ON COLUMN park_mentions.said IS 'The sentence, or the address as printed.';
COMMENT ON COLUMN park_mentions.street_zh IS 'Street or town of the address, or the one that the sentence names; NULL if none is told.';
COMMENT ON COLUMN park_mentions.street_en IS 'The same in English.';
COMMENT ON COLUMN park_mentions.seen_from IS 'When we first saw it so (UTC).';
COMMENT ON COLUMN park_mentions.last_seen_at IS 'Finish of the last run that showed it (UTC).';

CREATE OR REPLACE VIEW park_candidates AS
WITH written AS (
    SELECT park_key, arg_max(name, (uses, name)) AS name FROM (
        SELECT park_key, name, count(*) AS uses FROM derived.park_mentions GROUP BY ALL
    ) GROUP BY park_key
)
SELECT w.name, count(DISTINCT m.firm_id) AS firms, count(DISTINCT m.article_id) AS articles,
    CASE WHEN count(DISTINCT nullif(m.street_zh, '')) = 1 THEN max(nullif(m.street_zh, '')) END AS street_zh,
    CASE WHEN count(DISTINCT nullif(m.street_en, '')) = 1 THEN max(nullif(m.street_en, '')) END AS street_en,
    min(m.seen_from) AS first_seen_at, max(m.last_seen_at) AS last_seen_at,
    arg_max(m.said, (m.seen_from, m.said)) FILTER (WHERE m.found_in = 'address') AS example_address,
    arg_max(m.said, (m.seen_from, m.said)) FILTER (WHERE m.found_in = 'article') AS example_quote,
    arg_max(m.article_id, (m.seen_from, m.said)) FILTER (WHERE m.found_in = 'article') AS example_article_id
FROM derived.park_mentions m JOIN written w USING (park_key)
GROUP BY m.park_key, w.name;
COMMENT ON VIEW park_candidates IS 'Names of parks that the gazetteer does not know, one row a name: in a page beside a place of Putuo, or in a registered address there. Not facts, but work for people: docs/places.md says how one becomes a park, or is told no more.';
COMMENT ON COLUMN park_candidates.name IS 'The name in its most frequent writing; a 区 at its end makes no other name.';
COMMENT ON COLUMN park_candidates.firms IS 'Firms whose registered address in Putuo writes it.';
COMMENT ON COLUMN park_candidates.articles IS 'Pages that name it beside a place of Putuo.';
COMMENT ON COLUMN park_candidates.street_zh IS 'Street or town, if all that tell one tell the same.';
COMMENT ON COLUMN park_candidates.street_en IS 'The same in English.';
COMMENT ON COLUMN park_candidates.first_seen_at IS 'When we first saw it (UTC).';
COMMENT ON COLUMN park_candidates.last_seen_at IS 'Finish of the last run that showed it (UTC).';
COMMENT ON COLUMN park_candidates.example_address IS 'The newest address that writes it, as printed.';
COMMENT ON COLUMN park_candidates.example_quote IS 'The newest sentence that names it.';
COMMENT ON COLUMN park_candidates.example_article_id IS 'The page of that sentence: see articles.';
