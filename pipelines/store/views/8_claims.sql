-- The analyst's surface: what the district says of itself in figures, and what we count ourselves.

CREATE OR REPLACE VIEW claims AS
SELECT c.claim_id, c.article_id, c.measure, c.subject, c.scope, nullif(c.place, '') AS place,
    nullif(c.place_zh, '') AS place_zh, nullif(c.place_en, '') AS place_en, c.value, c.unit, c.relation, c.is_target,
    c.year, c.since, c.until, c.quote, coalesce(nullif(a.agency, ''), s.publisher, s.title_zh, a.source) AS said_by,
    CASE WHEN a.agency <> '' THEN 'agency' ELSE 'publisher' END AS word_of,
    a.title, a.url, a.published_on, a.source, a.series, a.agency, a.relevant, a.is_news, a.discovered_on, a.discovered_at
FROM derived.claims c JOIN derived.articles a USING (article_id) LEFT JOIN main.sources s USING (source, series)
WHERE a.relevant;
COMMENT ON VIEW claims IS 'Figures and targets that the district or a publisher states of life-health in Putuo. They disagree; they are kept as claims with their source, never as facts. What we count beside them is in claims_compared.';
COMMENT ON COLUMN claims.claim_id IS 'Stable key, from the article and the figure.';
COMMENT ON COLUMN claims.article_id IS 'The article: see articles.';
COMMENT ON COLUMN claims.measure IS 'What is counted: firm_count, new_firm_count (in some time), output, tax, tax_share, investment, funding, area.';
COMMENT ON COLUMN claims.subject IS 'Of which firms: life_health, a sub-sector, all_firms (of whatever industry) or part (high-tech firms, listed ones, two sub-sectors together …).';
COMMENT ON COLUMN claims.scope IS 'Where: district, town (a street or town), park, place (another place of ours, or a park that we do not know), or unstated. A figure of a park is never one of the district.';
COMMENT ON COLUMN claims.place IS 'Id of the park, or code of the street or town; NULL for the district and a place that we have no id for.';
COMMENT ON COLUMN claims.place_zh IS 'That place in Chinese, if it is named.';
COMMENT ON COLUMN claims.place_en IS 'That place in English, if it is named.';
COMMENT ON COLUMN claims.value IS 'The figure in whole units (yuan, not 万元).';
COMMENT ON COLUMN claims.unit IS 'firms, an ISO 4217 currency or yuan, percent, percentage_points, square_metres …';
COMMENT ON COLUMN claims.relation IS 'exactly, over, about, at least, or a growth.';
COMMENT ON COLUMN claims.is_target IS 'An aim, not a count.';
COMMENT ON COLUMN claims.year IS 'The year it speaks of, or the year of the target, if told.';
COMMENT ON COLUMN claims.since IS 'First day of the time over which it adds up, if told: January to October of 2024 begins on 2024-01-01.';
COMMENT ON COLUMN claims.until IS 'Last day of that time, or the day as of which it counts, if told.';
COMMENT ON COLUMN claims.quote IS 'The sentence.';
COMMENT ON COLUMN claims.said_by IS 'Whose word it is: the agency as printed, else the publisher of the source.';
COMMENT ON COLUMN claims.word_of IS 'agency or publisher.';
COMMENT ON COLUMN claims.title IS 'Title of the article.';
COMMENT ON COLUMN claims.url IS 'Where a reader opens the article.';
COMMENT ON COLUMN claims.published_on IS 'Day of publication.';
COMMENT ON COLUMN claims.source IS 'Source id.';
COMMENT ON COLUMN claims.series IS 'Which list of the source.';
COMMENT ON COLUMN claims.agency IS 'Who says it, as printed; empty when only the publisher is known.';
COMMENT ON COLUMN claims.relevant IS 'As in articles.';
COMMENT ON COLUMN claims.is_news IS 'As in articles.';
COMMENT ON COLUMN claims.discovered_on IS 'The day we first saw the article (Asia/Shanghai).';
COMMENT ON COLUMN claims.discovered_at IS 'When we first saw the article (UTC).';

CREATE OR REPLACE VIEW claims_compared AS
WITH reach AS (
    -- As far back as a list of all firms was read we know who has left since; today is the day of the newest that read
    -- registrations, newest that of any run.
    SELECT min(o.day) FILTER (WHERE o.is_whole AND s.run_id IS NOT NULL) AS reaches_to, 
        max(o.day) FILTER (WHERE s.run_id IS NOT NULL) AS today, max(o.day) AS newest,
        count(s.run_id) > 0 AS has_firms
    FROM derived.run_order o LEFT JOIN (SELECT DISTINCT run_id FROM base.sightings) s USING (run_id)
),
asked AS (
    SELECT c.*, CASE
            WHEN is_target THEN make_date(year, 12, 31)
            ELSE coalesce(until, CASE WHEN year < date_part('year', published_on) THEN make_date(year, 12, 31) END,
                published_on, discovered_on)
        END AS about_day
    FROM main.claims c
),
judged AS (
    SELECT a.*, reaches_to, today, newest, CASE
            WHEN measure NOT IN ('firm_count', 'new_firm_count') THEN measure
            WHEN relation = 'growth' OR unit <> 'firms' THEN 'growth'
            WHEN subject IN ('all_firms', 'part') THEN subject
            WHEN scope IN ('place', 'unstated') THEN scope
            WHEN scope = 'park' AND place NOT IN (
                SELECT park_id FROM derived.parks WHERE coalesce(addresses, '') <> '' AND kind <> 'area'
            ) THEN 'place'
            WHEN measure = 'new_firm_count' AND since IS NULL THEN 'period_not_told'
            WHEN NOT has_firms THEN 'no_register'
        END AS not_countable
    FROM asked a CROSS JOIN reach
),
based AS (
    SELECT *, CASE
            WHEN not_countable IS NOT NULL THEN NULL
            WHEN measure = 'new_firm_count' THEN CASE WHEN since >= reaches_to THEN 'arrivals' ELSE 'registered' END
            WHEN about_day BETWEEN reaches_to AND newest THEN 'as_of'
            ELSE 'now'
        END AS counted_by
    FROM judged
),
questions AS (
    SELECT DISTINCT counted_by, subject, scope, place, about_day, CASE counted_by WHEN 'as_of' THEN least(about_day, today) ELSE today END AS day,
        CASE WHEN measure = 'new_firm_count' THEN since END AS first_day,
        CASE WHEN measure = 'new_firm_count' THEN until END AS last_day
    FROM based WHERE counted_by IS NOT NULL
),
known AS (
    -- Where each firm was from when to when, by its label now.
    SELECT h.uscc, h.valid_from, h.valid_to, h.registered_on, h.street, h.park, h.is_branch,
        f.grade, f.sub_sector, f.firms_at_address >= 10 AS is_shared
    FROM main.firm_history h JOIN derived.firms f USING (uscc)
    WHERE h.known_to IS NULL AND h.in_putuo = 'yes' AND h.status IN ('active', 'unknown')
        AND f.grade IN ('core', 'peripheral')
),
arrived AS (
    SELECT e.uscc, coalesce(e.happened_on, e.discovered_on) AS valid_from, CAST(NULL AS DATE) AS valid_to, f.registered_on,
        f.street, f.park, f.is_branch, f.grade, f.sub_sector, f.firms_at_address >= 10 AS is_shared
    FROM derived.events e JOIN derived.firms f USING (uscc)
    WHERE e.kind IN ('registered', 'moved_in', 'branch_opened') AND f.grade IN ('core', 'peripheral')
),
found AS (
    SELECT q.*, k.* EXCLUDE (street, park, sub_sector, valid_from, valid_to)
    FROM questions q JOIN known k
        ON q.counted_by IN ('as_of', 'now', 'registered') AND k.valid_from <= q.day AND (k.valid_to IS NULL OR k.valid_to > q.day)
        AND (q.subject = 'life_health' OR q.subject = k.sub_sector)
        AND (q.scope = 'district' OR (q.scope = 'town' AND q.place = k.street) OR (q.scope = 'park' AND q.place = k.park))
        AND (q.counted_by <> 'registered' OR k.registered_on BETWEEN q.first_day AND q.last_day)
    UNION ALL
    SELECT q.*, a.* EXCLUDE (street, park, sub_sector, valid_from, valid_to)
    FROM questions q JOIN arrived a
        ON q.counted_by = 'arrivals' AND a.valid_from BETWEEN q.first_day AND q.last_day
        AND (q.subject = 'life_health' OR q.subject = a.sub_sector)
        AND (q.scope = 'district' OR (q.scope = 'town' AND q.place = a.street) OR (q.scope = 'park' AND q.place = a.park))
),
counted AS (
    SELECT q.*, count(DISTINCT f.uscc) FILTER (WHERE f.grade = 'core') AS core, count(DISTINCT f.uscc) AS counted,
        count(DISTINCT f.uscc) FILTER (WHERE f.is_branch) AS branches,
        count(DISTINCT f.uscc) FILTER (WHERE f.is_shared) AS at_shared_address,
        count(DISTINCT f.uscc) FILTER (WHERE f.registered_on <= q.about_day) AS registered_by_then
    FROM questions q LEFT JOIN found f
        ON f.counted_by = q.counted_by AND f.subject = q.subject AND f.scope = q.scope AND f.day = q.day
        AND f.place IS NOT DISTINCT FROM q.place AND f.about_day IS NOT DISTINCT FROM q.about_day
        AND f.first_day IS NOT DISTINCT FROM q.first_day AND f.last_day IS NOT DISTINCT FROM q.last_day
    GROUP BY ALL
)
SELECT b.claim_id, b.article_id, b.measure, b.subject, b.scope, b.place, b.place_zh, b.place_en, b.value, b.unit, b.relation,
    b.is_target, b.year, b.since, b.until, b.about_day, b.reaches_to AS history_begins, b.not_countable, b.counted_by, c.day AS counted_on, c.core, c.counted,
    c.core - b.value AS core_difference, c.counted - b.value AS difference, 
    CASE b.counted_by WHEN 'now' THEN c.registered_by_then END AS registered_by_then, c.branches,
    c.at_shared_address,
    CASE WHEN b.counted_by IS NOT NULL THEN concat_ws('|', 'definition',
        CASE WHEN b.reaches_to IS NULL THEN 'no_full_list' ELSE 'registers' END,
        CASE WHEN b.counted_by IN ('now', 'registered') AND NOT b.is_target THEN 'survivors' END,
        CASE WHEN b.scope = 'district' THEN 'tax_district' ELSE 'registered_address' END,
        CASE WHEN b.subject IN ('life_health', 'health_services', 'biomedical_rd') THEN 'institutions' END,
        CASE WHEN c.branches > 0 THEN 'branches' END, CASE WHEN c.at_shared_address > 0 THEN 'shared_address' END,
        CASE WHEN b.relation <> 'exactly' THEN 'rounded' END) END AS why_differ,
    b.quote, b.said_by, b.word_of, b.title, b.url, b.published_on, b.source, b.series, b.is_news, b.discovered_on
FROM based b LEFT JOIN counted c
    ON c.counted_by = b.counted_by AND c.subject = b.subject AND c.scope = b.scope AND c.place IS NOT DISTINCT FROM b.place
    AND c.about_day IS NOT DISTINCT FROM b.about_day AND c.day = CASE b.counted_by WHEN 'as_of' THEN least(b.about_day, b.today) ELSE b.today END
    AND c.first_day IS NOT DISTINCT FROM CASE WHEN b.measure = 'new_firm_count' THEN b.since END
    AND c.last_day IS NOT DISTINCT FROM CASE WHEN b.measure = 'new_firm_count' THEN b.until END;
COMMENT ON VIEW claims_compared IS 'Each claim beside what we count for the same question: life-health firms in Putuo, neither gone nor absent, of the same sub-sector, town or park. Firms are judged by their label now. What cannot be counted says why and has no figure of ours. Other columns as in claims.';
COMMENT ON COLUMN claims_compared.about_day IS 'The day the figure is about: the one it tells, the end of the year it tells, else the day of publication; of a target the end of its year.';
COMMENT ON COLUMN claims_compared.history_begins IS 'The day of the first full list of firms that we read: of who left before it we know nothing; NULL: none was read.';
COMMENT ON COLUMN claims_compared.not_countable IS 'Why we do not count it; NULL where we do. Never to be seen in the registers: output, tax, tax_share, investment, funding, area. growth (a rate); all_firms, part (other firms than we tell apart); place, unstated (where is not told, no place we know, or a park whose addresses we do not know); period_not_told (new firms, since when?); no_register (no registration was read yet).';
COMMENT ON COLUMN claims_compared.counted_by IS 'How we count: as_of (the firms of about_day, or of the newest run that read registrations where that is earlier: see counted_on), now (about_day lies before the first full list that we read, or ahead: the firms of the newest run that read registrations), arrivals (registered, moved in or branch opened from since to until), registered (our lists do not reach back to since: the firms that are here now and were registered in that time); NULL where we do not.';
COMMENT ON COLUMN claims_compared.counted_on IS 'The day whose firms we count.';
COMMENT ON COLUMN claims_compared.core IS 'Core firms that we count.';
COMMENT ON COLUMN claims_compared.counted IS 'Core and peripheral firms that we count.';
COMMENT ON COLUMN claims_compared.core_difference IS 'core less the claim.';
COMMENT ON COLUMN claims_compared.difference IS 'counted less the claim.';
COMMENT ON COLUMN claims_compared.registered_by_then IS 'Where we can only count now: how many of counted were registered by about_day.';
COMMENT ON COLUMN claims_compared.branches IS 'Branches among counted.';
COMMENT ON COLUMN claims_compared.at_shared_address IS 'Of counted those at an address that ten or more firms give now: perhaps registrations only.';
COMMENT ON COLUMN claims_compared.why_differ IS 'Why the two may differ, joined by |: definition (who counts as life-health is not told), registers (we count what the lists we were given show), no_full_list (none of them lists all firms), survivors (who left before our first full list is not seen), tax_district (it may count by where tax is paid), registered_address (it may count who works there), institutions (it may count hospitals and institutes, which are in no list of firms), branches and shared_address (there are such among ours), rounded (the claim is no exact figure).';
