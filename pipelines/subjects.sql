-- What each firm is judged by as it is known now: the name, scope and industry of its state, and beside them the English
-- name and the licences that its sources state of the firm itself.

CREATE OR REPLACE TEMP TABLE subjects AS
WITH called AS (
    -- Few sources state an English name; the last that one of them stated stays.
    SELECT o.uscc, arg_max(r.name_en, (o.first_seq, o.source, o.series)) AS name_en
    FROM derived.observations o JOIN (SELECT record_id, name_en FROM base.records WHERE name_en <> '') r USING (record_id)
    GROUP BY o.uscc
),
last_shown AS (
    -- The list of its source that showed a licence last: what one list dropped and another showed since is not gone.
    SELECT o.source, o.series, s.licence_id, max(o.seq) AS seq, bool_or(o.is_whole) AS was_in_whole
    FROM base.licence_sightings s JOIN derived.run_order o USING (run_id)
    GROUP BY o.source, o.series, s.licence_id
    QUALIFY row_number() OVER (PARTITION BY o.source, s.licence_id ORDER BY max(o.seq) DESC) = 1
),
proofs AS (SELECT source, series, max(opens_seq) AS seq FROM derived.run_order WHERE proves_absence GROUP BY ALL),
gone AS (
    -- By the same proof by which a licence has lapsed (detect/licences.sql).
    SELECT l.source, l.licence_id
    FROM last_shown l JOIN proofs p ON p.source = l.source AND p.series = l.series AND p.seq > l.seq
    WHERE l.was_in_whole
),
licensed AS (
    -- What it holds now by the last word of each list; lists that state no status are of licences that hold. Now is the
    -- day of the newest run, never today: the same runs make the same labels on any day.
    SELECT l.firm_id, string_agg(DISTINCT s.kind, '|' ORDER BY s.kind) AS licences
    FROM derived.licences l JOIN base.licences s USING (content_id)
    ANTI JOIN gone g ON g.source = l.source AND g.licence_id = l.licence_id
    WHERE l.firm_id IS NOT NULL AND s.status IN ('valid', 'unknown')
        AND (l.valid_to IS NULL OR l.valid_to > (SELECT max(day) FROM derived.run_order))
    GROUP BY l.firm_id
)
SELECT h.state_id, h.not_listed, s.name, s.scope, coalesce(c.name_en, '') AS name_en, s.industry,
    coalesce(i.licences, '') AS licences
FROM derived.firm_history h
JOIN derived.firm_states s USING (state_id)
LEFT JOIN called c ON c.uscc = s.uscc
LEFT JOIN licensed i ON i.firm_id = s.firm_id
WHERE h.known_to IS NULL AND h.valid_to IS NULL;
