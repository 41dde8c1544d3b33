-- From sightings to observations: who said what of whom, from when to when. Made anew on every load, so that the
-- order and number of loads cannot matter.

-- The one order of runs: by the time they finished, ties by their id.
CREATE OR REPLACE TABLE derived.run_order AS
WITH numbered AS (
    SELECT *, row_number() OVER (ORDER BY finished_at, run_id) AS seq,
        outcome IN ('complete', 'partial') AS speaks
    FROM base.runs
),
first_complete AS (
    -- Until a series was read completely once, and when it is first listed in full, what it says are states. Extracts
    -- of either listing read the same firms; of another source each listing is a reading of its own.
    SELECT source, series, CASE WHEN listing IN ('full', 'new') THEN '' ELSE listing END AS reading,
        min(seq) FILTER (WHERE outcome = 'complete' AND items > 0) AS any_seq,
        min(seq) FILTER (WHERE outcome = 'complete' AND items > 0 AND listing = 'full') AS full_seq
    FROM numbered GROUP BY ALL
),
shrunk AS (
    -- A full list that lost a fifth of its firms at once is a truncated or a different list: it proves nobody gone.
    SELECT run_id, before - items > greatest(20, 0.2 * before) IS TRUE AS lost_too_many FROM (
        SELECT run_id, items, lag(items) OVER (PARTITION BY source, series ORDER BY seq) AS before
        FROM numbered WHERE lists_everything
    )
)
SELECT run_id, seq, n.source, n.series, finished_at, outcome, listing,
    lists_everything AND NOT coalesce(lost_too_many, false) AS proves_absence,
    CAST(finished_at + INTERVAL 8 HOUR AS DATE) AS day,
    speaks AND (any_seq IS NULL OR seq <= any_seq
        OR (listing = 'full' AND (full_seq IS NULL OR seq <= full_seq))) AS is_baseline
FROM numbered n
LEFT JOIN first_complete f ON f.source = n.source AND f.series = n.series
    AND f.reading = CASE WHEN n.listing IN ('full', 'new') THEN '' ELSE n.listing END
LEFT JOIN shrunk USING (run_id);

-- One observation: an unbroken stretch of runs of a series in which a firm's record read the same.
CREATE OR REPLACE TABLE derived.observations AS
WITH stepped AS (
    SELECT s.*, o.seq, o.source, o.series, o.finished_at,
        s.record_id IS DISTINCT FROM lag(s.record_id) OVER w AS starts
    FROM base.sightings s JOIN derived.run_order o USING (run_id)
    WINDOW w AS (PARTITION BY o.source, o.series, s.uscc ORDER BY o.seq)
),
spells AS (
    SELECT *, sum(CAST(starts AS BIGINT)) OVER (PARTITION BY source, series, uscc ORDER BY seq) AS spell FROM stepped
),
grouped AS (
    SELECT source, series, uscc, spell, any_value(record_id) AS record_id,
        min(seq) AS first_seq, max(seq) AS last_seq, count(*) AS sightings,
        min(finished_at) AS known_from, max(finished_at) AS last_seen_at,
        arg_min(run_id, seq) AS run_id, arg_min(url, seq) AS url, arg_min(line, seq) AS line,
        arg_min(fetched_at, seq) AS fetched_at, arg_min(sha256, seq) AS sha256, arg_min(capture, seq) AS capture
    FROM spells GROUP BY source, series, uscc, spell
)
SELECT md5(concat_ws('|', source, series, uscc, record_id, run_id)) AS observation_id, *,
    lead(known_from) OVER w AS known_to
FROM grouped WINDOW w AS (PARTITION BY source, series, uscc ORDER BY spell);

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
full_runs AS (SELECT source, series, seq, run_id FROM derived.run_order WHERE proves_absence)
SELECT s.uscc, s.source, s.series, s.seq AS last_shown_seq, f.seq AS absent_seq, f.run_id, s.next_seq
FROM ordered s ASOF JOIN full_runs f ON s.source = f.source AND s.series = f.series AND s.seq < f.seq
WHERE s.was_in_full AND (s.next_seq IS NULL OR f.seq < s.next_seq);

-- What is known of a firm now: for each field the word of whoever last changed his. Who merely repeats an old word at
-- night must not outshout who has a newer one.
CREATE OR REPLACE TABLE derived.firm_fields AS
WITH said AS (
    SELECT r.*, o.source, o.series, o.url, o.line, o.run_id, o.known_from, o.last_seen_at, o.first_seq, o.last_seq,
        row_number() OVER (PARTITION BY r.uscc ORDER BY o.first_seq DESC, o.source, o.series) AS newest
    FROM derived.observations o JOIN base.records r USING (record_id)
)
SELECT uscc,
    arg_min(name, newest) FILTER (WHERE name <> '') AS name,
    coalesce(arg_min(legal_form, newest) FILTER (WHERE legal_form <> ''), '') AS legal_form,
    coalesce(arg_min(status, newest) FILTER (WHERE status <> 'unknown'), 'unknown') AS status,
    arg_min(registered_on, newest) AS registered_on,
    arg_min(capital, newest) AS capital,
    coalesce(arg_min(capital_currency, newest) FILTER (WHERE capital IS NOT NULL), '') AS capital_currency,
    -- The printed text beside the amount it gave; where no amount was ever read, whatever is printed.
    coalesce(arg_min(capital_raw, newest) FILTER (WHERE capital IS NOT NULL),
        arg_min(capital_raw, newest) FILTER (WHERE capital_raw <> ''), '') AS capital_raw,
    coalesce(arg_min(scope, newest) FILTER (WHERE scope <> ''), '') AS scope,
    coalesce(arg_min(address, newest) FILTER (WHERE address <> ''), '') AS address,
    coalesce(arg_min(district, newest) FILTER (WHERE address <> '' OR district <> ''), '') AS district,
    coalesce(arg_min(registrar, newest) FILTER (WHERE address <> '' OR registrar <> ''), '') AS registrar,
    arg_min(source, newest) AS source, arg_min(series, newest) AS series, arg_min(url, newest) AS url,
    arg_min(line, newest) AS line, arg_min(run_id, newest) AS run_id,
    min(known_from) AS first_known_at, max(last_seen_at) AS last_seen_at
FROM said GROUP BY uscc;
