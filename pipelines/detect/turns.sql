-- Detection, third step: from candidates to what registrations tell, under its keys. What several series tell of one
-- happening is one event.

-- What shows where a firm is without being news.
CREATE OR REPLACE TEMP TABLE marks AS
SELECT CASE WHEN in_putuo = 'yes' AND NOT gone THEN 'present' ELSE 'gone' END AS kind, uscc, first_seq AS seq, source, series
FROM first_sights WHERE gone OR in_putuo <> 'unknown'
UNION ALL  -- back at work, or on the list again, without having moved
SELECT 'present', uscc, seq, source, series FROM changes
WHERE was_gone AND NOT now_facts.gone AND now.status <> 'unknown' AND now_facts.in_putuo = 'yes'
UNION ALL
SELECT 'present', a.uscc, a.next_seq, a.source, a.series
FROM derived.absences a
JOIN derived.observations o ON o.source = a.source AND o.series = a.series AND o.uscc = a.uscc
    AND a.next_seq BETWEEN o.first_seq AND o.last_seq
JOIN derived.record_facts f USING (record_id)
WHERE f.in_putuo = 'yes' AND NOT f.gone;

-- An event's key is its kind, the firm's record and the value stated (its n-th time), whoever says so: a second series
-- that tells the same adds a proof, not an event. Of coming and going the value is the turn itself.
CREATE OR REPLACE TEMP TABLE happenings AS
WITH once AS (
    SELECT * FROM candidates
    QUALIFY row_number() OVER (PARTITION BY kind, uscc, seq, source, series ORDER BY basis DESC) = 1
),
-- Coming and going take turns, whichever series says so: a firm that is here cannot arrive, nor one that left leave.
-- What a further series says of the same turn is a proof of it; of a state found on a baseline, nothing.
presence AS (
    SELECT *, kind IN ('registered', 'moved_in', 'branch_opened', 'present') AS here FROM (
        SELECT * FROM once WHERE kind IN ('registered', 'moved_in', 'branch_opened', 'moved_out', 'deregistered')
        UNION ALL BY NAME SELECT * FROM marks
    )
),
turning AS (
    SELECT *, here IS DISTINCT FROM lag(here) OVER w AS turns FROM presence
    WINDOW w AS (PARTITION BY uscc ORDER BY seq, source, series, kind IN ('present', 'gone'))
),
turned AS (
    SELECT *, sum(CAST(turns AS BIGINT)) OVER (PARTITION BY uscc ORDER BY seq, source, series, kind IN ('present', 'gone')
        ROWS UNBOUNDED PRECEDING) AS turn FROM turning
),
told AS (
    SELECT *, first_value(kind) OVER w AS first_kind FROM turned
    WINDOW w AS (PARTITION BY uscc, turn ORDER BY seq, source, series, kind IN ('present', 'gone'))
),
counted AS (
    SELECT * EXCLUDE (kind, here, turns, turn, first_kind), first_kind AS kind,
        dense_rank() OVER (PARTITION BY uscc, first_kind ORDER BY turn) AS occurrence
    FROM told WHERE first_kind NOT IN ('present', 'gone') AND kind NOT IN ('present', 'gone')
    UNION ALL BY NAME
    SELECT *, row_number() OVER (PARTITION BY kind, uscc, value, source, series ORDER BY seq) AS occurrence
    FROM once WHERE kind NOT IN ('registered', 'moved_in', 'branch_opened', 'moved_out', 'deregistered')
)
SELECT * FROM counted;

-- What earlier epochs told keeps its key: an event is the same that the same crawl proves, read otherwise or not; or the
-- next of its kind that was to be known then, for a replay may find it told by an earlier crawl. A number that an event
-- bore which was taken back is never given to another one.
CREATE OR REPLACE TEMP TABLE epoch_keys AS
WITH told AS (
    SELECT h.kind, h.uscc, h.value, h.occurrence, arg_min(t.origin, h.seq) AS origin, min(h.seq) AS seq,
        min(t.finished_at) < getvariable('opens') IS TRUE AS is_old
    FROM happenings h JOIN derived.run_order t USING (seq) GROUP BY h.kind, h.uscc, h.value, h.occurrence
),
before AS (
    SELECT * FROM past_keys QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY closes DESC) = 1
),
same_crawl AS (
    SELECT n.kind, n.uscc, n.value, n.occurrence, b.event_id, b.number
    FROM (SELECT *, row_number() OVER (PARTITION BY kind, uscc, origin ORDER BY value, occurrence) AS place FROM told) n
    JOIN (SELECT *, row_number() OVER (PARTITION BY kind, uscc, origin ORDER BY value, number) AS place FROM before) b
        USING (kind, uscc, origin, place)
),
moved AS (
    SELECT n.kind, n.uscc, n.value, n.occurrence, b.event_id, b.number
    FROM (SELECT *, row_number() OVER (PARTITION BY kind, uscc, value ORDER BY seq) AS place
          FROM told ANTI JOIN same_crawl USING (kind, uscc, value, occurrence) WHERE is_old) n
    JOIN (SELECT *, row_number() OVER (PARTITION BY kind, uscc, value ORDER BY number) AS place
          FROM before ANTI JOIN same_crawl USING (event_id) WHERE closes = getvariable('opens')) b
        USING (kind, uscc, value, place)
),
kept AS (SELECT * FROM same_crawl UNION ALL SELECT * FROM moved),
fresh AS (
    SELECT n.*, coalesce(b.highest, 0) + row_number() OVER (PARTITION BY n.kind, n.uscc, n.value ORDER BY n.seq) AS number
    FROM told n ANTI JOIN kept k USING (kind, uscc, value, occurrence)
    LEFT JOIN (SELECT kind, uscc, value, max(number) AS highest FROM past_keys GROUP BY ALL) b
        ON b.kind = n.kind AND b.uscc = n.uscc AND b.value = n.value
)
SELECT kind, uscc, value, occurrence, origin, number,
    'e' || substr(md5(concat_ws('|', kind, uscc, value, number)), 1, 16) AS event_id
FROM fresh
UNION ALL
SELECT kind, uscc, value, occurrence, t.origin, k.number, k.event_id
FROM kept k JOIN told t USING (kind, uscc, value, occurrence);

CREATE OR REPLACE TEMP TABLE keyed AS
SELECT k.event_id, h.* FROM happenings h JOIN epoch_keys k USING (kind, uscc, value, occurrence);

-- An announcement and an arrival are one if the firm arrives within two years of being announced, or is told of within a
-- year after it arrived. What lies further apart is another arrival.
CREATE OR REPLACE TEMP MACRO is_one_arrival(told_on, arrived_on) AS told_on BETWEEN arrived_on - 730 AND arrived_on + 365;

-- The arrivals that registrations show.
CREATE OR REPLACE TEMP TABLE arrived AS
SELECT k.event_id, k.uscc, k.seq, t.finished_at, coalesce(k.happened_on, t.day) AS dated_on
FROM keyed k JOIN derived.run_order t USING (seq)
WHERE k.kind IN ('registered', 'moved_in', 'branch_opened')
QUALIFY row_number() OVER (PARTITION BY k.event_id ORDER BY k.seq, k.source, k.series) = 1;
