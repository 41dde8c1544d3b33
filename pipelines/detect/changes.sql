-- Detection, first step: what is known of each record, how each firm was first shown, and every change since.

-- What is known of each distinct record: its place, its label, whether it is a branch.
CREATE OR REPLACE TABLE derived.record_facts AS
SELECT r.record_id, p.in_putuo, p.division_told, p.address_key, n.is_branch, l.grade,
    r.status IN ('deregistered', 'revoked', 'moved_out') AS gone,
    -- home: first registered in Putuo; elsewhere: in another district; silent: the city registry's, or no known one.
    d.kind AS division_kind, d.name_zh AS division_zh
FROM base.records r
JOIN memo.places p ON p.address = r.address AND p.district = r.district AND p.registrar = r.registrar
    AND p.division = substr(r.uscc, 3, 6)
JOIN memo.names n ON n.name = r.name
-- By what the record itself says, and no more: a licence belongs to a firm, and an English name stands in few records.
JOIN memo.labels l ON l.name = r.name AND l.scope = r.scope AND l.industry = r.industry
    AND l.name_en = '' AND l.licences = ''
JOIN derived.divisions d ON d.division = substr(r.uscc, 3, 6);

-- How a firm was first shown, over all series: whether that was news, and the first place it was told to be in. A firm
-- first listed without an address arrives when its address does.
CREATE OR REPLACE TEMP TABLE first_sights AS
WITH read AS (
    SELECT o.*, r.registered_on, r.registered_on_raw, r.status, r.status_raw, r.address, f.* EXCLUDE (record_id),
        t.day, t.is_baseline, t.first_sight_is_news,
        -- A branch carries the division it opened in whatever its parent's; it has not moved.
        NOT f.is_branch AND f.division_kind = 'elsewhere' AS is_mover
    FROM derived.observations o
    JOIN base.records r USING (record_id)
    JOIN derived.record_facts f USING (record_id)
    JOIN derived.run_order t ON t.seq = o.first_seq
),
first_shown AS (
    -- In a register that not every firm is in, a firm that is new to it need not be a new firm.
    SELECT uscc, NOT is_baseline AND first_sight_is_news AS is_news,
        registered_on BETWEEN day - CASE WHEN is_baseline THEN 14 ELSE 90 END AND day + 1 IS TRUE AS is_fresh FROM read
    QUALIFY row_number() OVER (PARTITION BY uscc ORDER BY first_seq, source, series) = 1
),
first_placed AS (
    SELECT * FROM read WHERE in_putuo <> 'unknown'
    QUALIFY row_number() OVER (PARTITION BY uscc ORDER BY first_seq, source, series) = 1
)
SELECT * FROM first_placed JOIN first_shown USING (uscc);

-- Each change of a firm's record within a series, against what that series last said of each matter: an empty cell, an
-- unread amount or a place not told is no statement, and must not come between two that are.
CREATE OR REPLACE TEMP TABLE changes AS
WITH read AS (
    SELECT o.observation_id, o.source, o.series, o.uscc, o.spell, o.first_seq AS seq, t.day, r AS now, f AS now_facts
    FROM derived.observations o
    JOIN base.records r USING (record_id) JOIN derived.record_facts f USING (record_id)
    JOIN derived.run_order t ON t.seq = o.first_seq
),
remembered AS (
    SELECT *, lag(observation_id) OVER w AS before_id, lag(now.approved_on) OVER w AS approved_before,
        last_value(CASE WHEN now_facts.in_putuo <> 'unknown' THEN {
            'id': observation_id, 'address': now.address, 'in_putuo': now_facts.in_putuo, 'key': now_facts.address_key}
            END IGNORE NULLS) OVER p AS place,
        last_value(CASE WHEN now.status <> 'unknown' THEN {
            'id': observation_id, 'status': now.status, 'raw': now.status_raw, 'gone': now_facts.gone}
            END IGNORE NULLS) OVER p AS state,
        last_value(CASE WHEN now.capital IS NOT NULL THEN {
            'id': observation_id, 'amount': now.capital, 'currency': now.capital_currency, 'raw': now.capital_raw}
            END IGNORE NULLS) OVER p AS money,
        last_value(CASE WHEN now.scope <> '' THEN {'id': observation_id, 'text': now.scope} END IGNORE NULLS)
            OVER p AS scope
    FROM read
    WINDOW w AS (PARTITION BY source, series, uscc ORDER BY spell),
        p AS (PARTITION BY source, series, uscc ORDER BY spell ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT c.*, coalesce(state.gone, false) AS was_gone,
    -- The day of approval is that of the newest change, if it moved on with it.
    CASE WHEN now.approved_on > approved_before AND now.approved_on <= day THEN now.approved_on END AS happened_on,
    coalesce(s.added, '') AS added, coalesce(s.removed, '') AS removed,
    place.in_putuo = 'yes' AND now_facts.in_putuo <> 'no' AND NOT now_facts.gone AS stays,
    -- The same house printed with another district is a correction, not a move.
    place.key = '' OR regexp_replace(place.key, '^[0-9]{6} ', '') <> regexp_replace(now_facts.address_key, '^[0-9]{6} ', '')
        AS is_other_door
FROM remembered c LEFT JOIN memo.scope_changes s ON s.before = scope.text AND s.after = now.scope
WHERE before_id IS NOT NULL;
