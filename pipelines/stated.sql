-- From sightings to licences and disclosures: what was said of each, from when to when, and the word that holds now.

-- One version: an unbroken stretch of runs of a series in which a licence or disclosure read the same. A replay that
-- reads what was read before teaches nothing new: a version is known since the first reading of its first run that said
-- so.
CREATE OR REPLACE TEMP TABLE versions AS
WITH sighted AS (
    SELECT 'licence' AS sort, run_id, content_id, licence_id AS said_of, url, line, fetched_at, sha256, capture
    FROM base.licence_sightings
    UNION ALL
    SELECT 'disclosure', run_id, content_id, disclosure_id, url, line, fetched_at, sha256, capture
    FROM base.disclosure_sightings
),
read AS (
    SELECT s.sort, s.said_of, s.content_id, origin, min(read_at) AS known_from
    FROM sighted s JOIN readings USING (run_id) GROUP BY ALL
),
stepped AS (
    SELECT s.*, o.seq, o.source, o.series, o.finished_at, r.known_from,
        s.content_id IS DISTINCT FROM lag(s.content_id) OVER w AS starts
    FROM sighted s JOIN derived.run_order o USING (run_id)
    JOIN read r ON r.sort = s.sort AND r.origin = o.origin AND r.said_of = s.said_of AND r.content_id = s.content_id
    WINDOW w AS (PARTITION BY s.sort, o.source, o.series, s.said_of ORDER BY o.seq)
),
spells AS (
    SELECT *, sum(CAST(starts AS BIGINT)) OVER (PARTITION BY sort, source, series, said_of ORDER BY seq) AS spell
    FROM stepped
),
grouped AS (
    SELECT sort, source, series, said_of, spell, any_value(content_id) AS content_id,
        min(seq) AS first_seq, max(seq) AS last_seq, count(*) AS sightings,
        arg_min(known_from, seq) AS known_from, max(finished_at) AS last_seen_at,
        arg_min(run_id, seq) AS run_id, arg_min(url, seq) AS url, arg_min(line, seq) AS line,
        arg_min(fetched_at, seq) AS fetched_at, arg_min(sha256, seq) AS sha256, arg_min(capture, seq) AS capture
    FROM spells GROUP BY sort, source, series, said_of, spell
)
SELECT md5(concat_ws('|', source, series, said_of, content_id, run_id)) AS version_id,
    sort[1] || substr(md5(concat_ws('|', source, said_of)), 1, 16) AS said_key, *,
    CASE WHEN lead(known_from) OVER w IS NOT NULL THEN greatest(known_from, lead(known_from) OVER w) END AS known_to
FROM grouped
WINDOW w AS (PARTITION BY sort, source, series, said_of ORDER BY spell);

-- The current word is that of the series that last changed its own; it is known since the first of those that still
-- say so said so.
CREATE OR REPLACE TEMP TABLE current_versions AS
WITH current AS (
    SELECT said_key, arg_min(content_id, newest) AS content_id, min(known_from) AS first_known_at,
        max(last_seen_at) AS last_seen_at
    FROM (SELECT *, row_number() OVER (PARTITION BY said_key ORDER BY first_seq DESC, series) AS newest FROM versions)
    GROUP BY said_key
)
SELECT v.version_id, c.first_known_at, c.last_seen_at
FROM versions v JOIN current c USING (said_key, content_id)
WHERE v.known_to IS NULL
QUALIFY row_number() OVER (PARTITION BY said_key ORDER BY v.first_seq, v.series) = 1;

CREATE OR REPLACE TABLE derived.licence_versions AS
SELECT v.* EXCLUDE (sort) RENAME (said_key AS licence_key, said_of AS licence_id), h.firm_id, h.match,
    l.granted_on AS valid_from,
    -- Some authorities print the last day of all days for a licence without an end.
    CASE WHEN l.valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-30' THEN l.valid_until + 1 END AS valid_to
FROM versions v
JOIN (SELECT content_id, uscc, holder, address, granted_on, valid_until FROM base.licences) l USING (content_id)
JOIN derived.holders h USING (uscc, holder, address)
WHERE v.sort = 'licence';

CREATE OR REPLACE TABLE derived.licences AS
SELECT v.* EXCLUDE (spell, first_seq, last_seq, sightings, last_seen_at, known_to), c.first_known_at, c.last_seen_at
FROM derived.licence_versions v JOIN current_versions c USING (version_id);

CREATE OR REPLACE TABLE derived.disclosure_versions AS
SELECT v.* EXCLUDE (sort) RENAME (said_key AS disclosure_key, said_of AS disclosure_id), h.firm_id, h.match
FROM versions v
JOIN (SELECT content_id, uscc, holder, '' AS address FROM base.disclosures) d USING (content_id)
JOIN derived.holders h USING (uscc, holder, address)
WHERE v.sort = 'disclosure';

CREATE OR REPLACE TABLE derived.disclosures AS
SELECT v.* EXCLUDE (spell, first_seq, last_seq, sightings, last_seen_at, known_to), c.first_known_at, c.last_seen_at
FROM derived.disclosure_versions v JOIN current_versions c USING (version_id);
