-- From sightings to licences: what an authority said of each, from when to when, and the word that holds now.

-- One version: an unbroken stretch of runs of a series in which a licence read the same. A replay that reads what was
-- read before teaches nothing new: a version is known since the first reading of its first run that said so.
CREATE OR REPLACE TABLE derived.licence_versions AS
WITH readings AS (
    SELECT s.licence_id, s.content_id, CASE WHEN supersedes = '' THEN run_id ELSE supersedes END AS origin,
        min(greatest(finished_at, coalesce(replayed_at, finished_at))) AS known_from
    FROM base.licence_sightings s JOIN base.runs USING (run_id) GROUP BY ALL
),
stepped AS (
    SELECT s.*, o.seq, o.source, o.series, o.finished_at, r.known_from,
        s.content_id IS DISTINCT FROM lag(s.content_id) OVER w AS starts
    FROM base.licence_sightings s JOIN derived.run_order o USING (run_id)
    JOIN readings r ON r.origin = o.origin AND r.licence_id = s.licence_id AND r.content_id = s.content_id
    WINDOW w AS (PARTITION BY o.source, o.series, s.licence_id ORDER BY o.seq)
),
spells AS (
    SELECT *, sum(CAST(starts AS BIGINT)) OVER (PARTITION BY source, series, licence_id ORDER BY seq) AS spell
    FROM stepped
),
grouped AS (
    SELECT source, series, licence_id, spell, any_value(content_id) AS content_id,
        min(seq) AS first_seq, count(*) AS sightings,
        arg_min(known_from, seq) AS known_from, max(finished_at) AS last_seen_at,
        arg_min(run_id, seq) AS run_id, arg_min(url, seq) AS url, arg_min(line, seq) AS line,
        arg_min(fetched_at, seq) AS fetched_at, arg_min(sha256, seq) AS sha256, arg_min(capture, seq) AS capture
    FROM spells GROUP BY source, series, licence_id, spell
)
SELECT md5(concat_ws('|', source, series, licence_id, content_id, run_id)) AS version_id,
    'l' || substr(md5(concat_ws('|', source, licence_id)), 1, 16) AS licence_key, g.*,
    CASE WHEN lead(known_from) OVER w IS NOT NULL THEN greatest(known_from, lead(known_from) OVER w) END AS known_to,
    h.firm_id, h.match, l.granted_on AS valid_from,
    -- Some authorities print the last day of all days for a licence without an end.
    CASE WHEN l.valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-30' THEN l.valid_until + 1 END AS valid_to
FROM grouped g
JOIN (SELECT content_id, uscc, holder, granted_on, valid_until FROM base.licences) l USING (content_id)
JOIN derived.licence_holders h USING (uscc, holder)
WINDOW w AS (PARTITION BY source, series, licence_id ORDER BY spell);

-- The current word is that of the series that last changed its own; it is known since the first of those that still
-- say so said so.
CREATE OR REPLACE TABLE derived.licences AS
WITH current AS (
    SELECT licence_key, arg_min(content_id, newest) AS content_id, min(known_from) AS first_known_at,
        max(last_seen_at) AS last_seen_at
    FROM (SELECT *, row_number() OVER (PARTITION BY licence_key ORDER BY first_seq DESC, series) AS newest
          FROM derived.licence_versions)
    GROUP BY licence_key
)
SELECT v.* EXCLUDE (spell, first_seq, sightings, last_seen_at, known_to), c.first_known_at, c.last_seen_at
FROM derived.licence_versions v JOIN current c USING (licence_key, content_id)
WHERE v.known_to IS NULL
QUALIFY row_number() OVER (PARTITION BY licence_key ORDER BY v.first_seq, v.series) = 1;
