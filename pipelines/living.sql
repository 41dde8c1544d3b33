-- The readings that were made before an instant (`closes`; NULL: all of them), and those of them that counted: of a
-- crawl and its replays the newest.
CREATE OR REPLACE TEMP TABLE readings AS
SELECT *, greatest(finished_at, coalesce(replayed_at, finished_at)) AS read_at,
    CASE WHEN supersedes = '' THEN run_id ELSE supersedes END AS origin
FROM base.runs
WHERE getvariable('closes') IS NULL OR greatest(finished_at, coalesce(replayed_at, finished_at)) < getvariable('closes');

CREATE OR REPLACE TEMP TABLE living AS
SELECT * FROM readings QUALIFY row_number() OVER (PARTITION BY origin ORDER BY read_at DESC, run_id DESC) = 1;

-- Of what was read more than once: when a reading of that crawl first said the same. A replay that confirms a word does
-- not make it new.
CREATE OR REPLACE TEMP TABLE confirmed AS
WITH again AS (
    SELECT run_id, origin, read_at FROM readings
    WHERE origin IN (SELECT origin FROM readings WHERE supersedes <> '') AND outcome IN ('complete', 'partial')
)
SELECT origin, record_id AS said, uscc AS of_whom, min(read_at) AS read_at
FROM again JOIN base.sightings USING (run_id) GROUP BY ALL
UNION ALL
SELECT origin, content_id, article_id, min(read_at) FROM again JOIN base.article_sightings USING (run_id) GROUP BY ALL;
