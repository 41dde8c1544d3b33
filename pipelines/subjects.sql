-- What each firm is judged by as it is known now: the name, scope and industry of its state, and beside them the English
-- name and the licences that its sources state of the firm itself.

CREATE OR REPLACE TEMP TABLE subjects AS
WITH called AS (
    -- Few sources state an English name; the last that one of them stated stays.
    SELECT o.uscc, arg_max(r.name_en, (o.first_seq, o.source, o.series)) AS name_en
    FROM derived.observations o JOIN (SELECT record_id, name_en FROM base.records WHERE name_en <> '') r USING (record_id)
    GROUP BY o.uscc
),
licensed AS (
    -- What it holds now by the last word of each authority; lists that state no status are of licences that hold.
    SELECT l.firm_id, string_agg(DISTINCT s.kind, '|' ORDER BY s.kind) AS licences
    FROM derived.licences l JOIN base.licences s USING (content_id)
    WHERE l.firm_id IS NOT NULL AND s.status IN ('valid', 'unknown') GROUP BY l.firm_id
)
SELECT h.state_id, h.not_listed, s.name, s.scope, coalesce(c.name_en, '') AS name_en, s.industry,
    coalesce(i.licences, '') AS licences
FROM derived.firm_history h
JOIN derived.firm_states s USING (state_id)
LEFT JOIN called c ON c.uscc = s.uscc
LEFT JOIN licensed i ON i.firm_id = s.firm_id
WHERE h.known_to IS NULL AND h.valid_to IS NULL;
