-- From sightings to observations: who said what of whom, from when to when. Made anew on every load, so that the
-- order and number of loads cannot matter.

-- The one order of the readings that count: by the time their crawls finished, ties by their id. A replay stands where
-- the crawl stood that it read again: what a source said, it said then. `read_at` is when we read it so.
-- A list that is read over several nights is a sweep: its runs count as one reading, which opens with the first of them
-- and is closed by the one that lists everything.
CREATE OR REPLACE TABLE derived.run_order AS
WITH numbered AS (
    SELECT n.*, row_number() OVER (ORDER BY n.finished_at, n.origin) AS seq,
        n.outcome IN ('complete', 'partial') AS speaks,
        coalesce(nullif(n.sweep, ''), crawl.sweep, '') AS of_sweep,
        CASE WHEN n.listing IN ('full', 'new') THEN '' ELSE n.listing END AS reading,
        coalesce(TRY_CAST(n.declaration ->> 'first_sight_is_news' AS BOOLEAN), true) AS first_sight_is_news
    FROM living n LEFT JOIN base.runs crawl ON crawl.run_id = n.origin
),
gathered AS (
    SELECT *, min(seq) OVER whole AS opens_seq, bool_or(lists_everything) OVER whole AS is_whole,
        sum(items) FILTER (WHERE speaks) OVER (
            PARTITION BY source, series, part_of ORDER BY seq ROWS UNBOUNDED PRECEDING) AS items_so_far
    FROM (SELECT *, CASE WHEN of_sweep = '' THEN origin ELSE of_sweep END AS part_of FROM numbered)
    WINDOW whole AS (PARTITION BY source, series, part_of)
),
first_read AS (
    -- Until a series was read completely once, and when it is first listed in full, what it says are states. Extracts
    -- of either listing read the same firms; of another source each listing is a reading of its own. Each night of a
    -- sweep ends complete, and the first sweep ends where another one begins, whether it proved everything or not.
    SELECT source, series, reading,
        arg_min(part_of, seq) FILTER (WHERE outcome = 'complete' AND items > 0) AS any_part,
        arg_min(part_of, seq) FILTER (WHERE outcome = 'complete' AND items > 0 AND listing = 'full') AS full_part
    FROM gathered GROUP BY ALL
),
first_complete AS (
    SELECT f.source, f.series, f.reading,
        max(seq) FILTER (WHERE part_of = any_part) AS any_seq,
        max(seq) FILTER (WHERE part_of = full_part AND listing = 'full') AS full_seq
    FROM first_read f JOIN gathered g ON g.source = f.source AND g.series = f.series AND g.reading = f.reading
    GROUP BY f.source, f.series, f.reading
),
shrunk AS (
    -- A full list that lost a fifth of its firms at once is a truncated or a different list: it proves nobody gone.
    SELECT run_id, before - items_so_far > greatest(20, 0.2 * before) IS TRUE AS lost_too_many FROM (
        SELECT run_id, items_so_far, lag(items_so_far) OVER (PARTITION BY source, series ORDER BY seq) AS before
        FROM gathered WHERE lists_everything
    )
)
SELECT run_id, origin, seq, n.source, n.series, finished_at, read_at, outcome, listing, of_sweep AS sweep, opens_seq,
    is_whole, first_sight_is_news,
    lists_everything AND NOT coalesce(lost_too_many, false) AS proves_absence,
    CAST(finished_at + INTERVAL 8 HOUR AS DATE) AS day,
    speaks AND (any_seq IS NULL OR seq <= any_seq
        OR (listing = 'full' AND (full_seq IS NULL OR seq <= full_seq))) AS is_baseline
FROM gathered n
LEFT JOIN first_complete f ON f.source = n.source AND f.series = n.series AND f.reading = n.reading
LEFT JOIN shrunk USING (run_id);

-- One observation: an unbroken stretch of runs of a series in which a firm's record read the same. It was true from the
-- day its newest change was approved, if that moved on with it; else it is only known to be so from the day we saw it.
CREATE OR REPLACE TABLE derived.observations AS
WITH stepped AS (
    SELECT s.*, o.seq, o.source, o.series, o.finished_at, coalesce(c.read_at, o.read_at) AS read_at, o.day,
        s.record_id IS DISTINCT FROM lag(s.record_id) OVER w AS starts
    FROM base.sightings s JOIN derived.run_order o USING (run_id)
    LEFT JOIN confirmed c ON c.origin = o.origin AND c.said = s.record_id AND c.of_whom = s.uscc
    WINDOW w AS (PARTITION BY o.source, o.series, s.uscc ORDER BY o.seq)
),
spells AS (
    SELECT *, sum(CAST(starts AS BIGINT)) OVER (PARTITION BY source, series, uscc ORDER BY seq) AS spell FROM stepped
),
grouped AS (
    SELECT source, series, uscc, spell, any_value(record_id) AS record_id,
        min(seq) AS first_seq, max(seq) AS last_seq, count(*) AS sightings,
        min(finished_at) AS seen_from, max(finished_at) AS last_seen_at, min(day) AS day,
        arg_min(read_at, seq) AS known_from,
        arg_min(run_id, seq) AS run_id, arg_min(url, seq) AS url, arg_min(line, seq) AS line,
        arg_min(fetched_at, seq) AS fetched_at, arg_min(sha256, seq) AS sha256, arg_min(capture, seq) AS capture
    FROM spells GROUP BY source, series, uscc, spell
),
dated AS (
    SELECT g.*, coalesce(r.approved_on BETWEEN DATE '1949-10-01' AND g.day + 1
            AND (spell = 1 OR r.approved_on > lag(r.approved_on) OVER w), false) AS is_dated, r.approved_on
    FROM grouped g JOIN (SELECT record_id, approved_on FROM base.records) r USING (record_id)
    WINDOW w AS (PARTITION BY source, series, uscc ORDER BY spell)
),
placed AS (
    SELECT * EXCLUDE (day, approved_on), CASE WHEN is_dated THEN least(approved_on, day) ELSE day END AS stated_from
    FROM dated
),
-- A series' later word on an earlier day ends what it said in between: its list had lagged behind.
ended AS (
    SELECT *, min(stated_from) OVER (PARTITION BY source, series, uscc ORDER BY spell
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS valid_from
    FROM placed
)
SELECT md5(concat_ws('|', source, series, uscc, record_id, run_id)) AS observation_id, *,
    lead(valid_from) OVER w AS valid_to,
    CASE WHEN lead(known_from) OVER w IS NOT NULL THEN greatest(known_from, lead(known_from) OVER w) END AS known_to
FROM ended WINDOW w AS (PARTITION BY source, series, uscc ORDER BY spell);

-- A firm is absent when a complete run of a series that lists everything does not show it, though an earlier full one
-- did: a list of new firms may be ahead of the full one. A row that was put aside under its code still shows it.
CREATE OR REPLACE TABLE derived.absences AS
WITH shown AS (
    SELECT uscc, run_id FROM base.sightings
    UNION SELECT uscc, run_id FROM base.quarantine JOIN derived.run_order USING (run_id)
        WHERE uscc <> '' AND outcome IN ('complete', 'partial')
),
ordered AS (
    SELECT s.uscc, o.source, o.series, o.seq, lead(o.seq) OVER w AS next_seq,
        max(o.seq) FILTER (WHERE o.listing = 'full') OVER w IS NOT NULL AS was_in_full
    FROM shown s JOIN derived.run_order o USING (run_id)
    WINDOW w AS (PARTITION BY o.source, o.series, s.uscc ORDER BY o.seq)
),
-- A sweep shows what any of its runs does.
full_runs AS (SELECT source, series, opens_seq, seq, run_id FROM derived.run_order WHERE proves_absence)
SELECT s.uscc, s.source, s.series, s.seq AS last_shown_seq, f.seq AS absent_seq, f.run_id, s.next_seq
FROM ordered s ASOF JOIN full_runs f ON s.source = f.source AND s.series = f.series AND s.seq < f.opens_seq
WHERE s.was_in_full AND (s.next_seq IS NULL OR f.seq < s.next_seq);
