-- From sightings to articles: each page once, as last stated, with what its reading found; and each version it had, for
-- what was told by a version stays told when the page is corrected.

CREATE OR REPLACE TABLE derived.article_versions AS
WITH seen AS (
    SELECT 'a' || substr(md5(concat_ws('|', a.source, a.article_id)), 1, 16) AS article_id, a.content_id,
        s.run_id, s.url AS reply_url, s.line, s.fetched_at, s.sha256, s.capture,
        o.seq, o.series, o.is_baseline, o.day, o.finished_at, coalesce(c.read_at, o.read_at) AS read_at
    FROM base.article_sightings s JOIN base.articles a USING (content_id) JOIN derived.run_order o USING (run_id)
    LEFT JOIN confirmed c ON c.origin = o.origin AND c.said = s.content_id AND c.of_whom = s.article_id
)
SELECT article_id, content_id, min(seq) AS first_seq, max(seq) AS last_seq, min(finished_at) AS seen_from, arg_min(read_at, seq) AS known_from,
    max(finished_at) AS last_seen_at, arg_min(day, seq) AS day, arg_min(is_baseline, seq) AS is_baseline,
    -- The reply that first showed it.
    arg_min(series, seq) AS series, arg_min(run_id, seq) AS run_id, arg_min(reply_url, seq) AS reply_url,
    arg_min(line, seq) AS line, arg_min(fetched_at, seq) AS fetched_at, arg_min(sha256, seq) AS sha256,
    arg_min(capture, seq) AS capture
FROM seen GROUP BY article_id, content_id;

CREATE OR REPLACE TABLE derived.articles AS
WITH said AS (
    SELECT v.*, a.published_on, a.text <> '' AS has_text,
        max(v.last_seen_at) OVER w AS article_last_seen_at,
        first_value(v.day) OVER f AS first_day, first_value(v.is_baseline) OVER f AS first_is_baseline,
        first_value(a.published_on) OVER f AS first_published_on
    FROM derived.article_versions v JOIN base.articles a USING (content_id)
    WINDOW w AS (PARTITION BY v.article_id), f AS (PARTITION BY v.article_id ORDER BY v.first_seq, v.content_id)
),
first_readable AS (
    -- A list runs ahead of its pages: what can be read is learned of when it can be read, by whichever reading.
    SELECT 'a' || substr(md5(concat_ws('|', a.source, a.article_id)), 1, 16) AS article_id,
        coalesce(min(r.read_at) FILTER (WHERE a.text <> ''), min(r.read_at)) AS discovered_at
    FROM base.article_sightings s JOIN readings r USING (run_id) JOIN base.articles a USING (content_id) GROUP BY 1
),
current AS (
    -- A page that is gone later was read while it stood: its text stays.
    SELECT * FROM said
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY has_text DESC, last_seq DESC, content_id) = 1
)
SELECT c.article_id, c.content_id, a.source, c.series, a.article_id AS source_id, a.kind, a.channel,
    a.title, a.url, a.published_on, a.agency, a.document_number, a.index_number, a.language, a.text, a.text_from,
    r.relevant, r.score, r.reasons, r.in_putuo, r.life_health, r.places_zh, r.places_en, r.claims,
    -- A first reading finds states, save what was published within the 14 days before. What is found later is news
    -- unless it is old: a column that is new to us shows its whole past at once.
    CASE WHEN c.first_is_baseline
         THEN c.first_published_on BETWEEN c.first_day - 14 AND c.first_day + 1 IS TRUE
         ELSE coalesce(c.first_published_on >= c.first_day - 90, true) END AS is_news,
    CAST(f.discovered_at + INTERVAL 8 HOUR AS DATE) AS discovered_on, f.discovered_at, c.article_last_seen_at AS last_seen_at,
    c.run_id, c.reply_url, c.line, c.fetched_at, c.sha256, c.capture
FROM current c
JOIN first_readable f USING (article_id)
JOIN base.articles a USING (content_id)
JOIN memo.readings r ON r.title = a.title AND r.text = a.text AND r.language = a.language AND r.kind = a.kind
    AND r.day = coalesce(CAST(a.published_on AS VARCHAR), '') AND r.site = site_of(a.url);

-- What the district says of itself: kept as claims with their source, never as facts. A claim of the whole district's
-- life-health keeps the key that it had before it was read of what a figure is.
CREATE OR REPLACE TABLE derived.claims AS
WITH said AS (
    SELECT article_id, generate_subscripts(c, 1) AS place, unnest(c) AS claim FROM (
        SELECT article_id, from_json(claims, '[{"measure":"VARCHAR","value":"DOUBLE","unit":"VARCHAR",
            "relation":"VARCHAR","is_target":"BOOLEAN","year":"INTEGER","since":"DATE","until":"DATE",
            "subject":"VARCHAR","scope":"VARCHAR","place":"VARCHAR","place_zh":"VARCHAR","place_en":"VARCHAR",
            "quote":"VARCHAR"}]') AS c
        FROM derived.articles WHERE claims <> '[]'
    )
)
SELECT 'c' || substr(md5(concat_ws('|', article_id, claim.measure, claim.value, claim.unit, claim.relation,
        claim.is_target, claim.year, claim.quote, nullif(claim.subject, 'life_health'),
        nullif(nullif(claim.scope, 'district'), 'unstated'), nullif(claim.place, ''))), 1, 16) AS claim_id,
    article_id, claim.measure, claim.value, claim.unit, claim.relation, claim.is_target, claim.year, claim.since,
    claim.until, claim.subject, claim.scope, claim.place, claim.place_zh, claim.place_en, claim.quote
FROM said
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY said.place) = 1;
