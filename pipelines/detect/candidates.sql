-- Detection, second step: what each sight or change would tell, were it the only one. Only what a source stated decides;
-- labels never make events. A change counts when both the printed text and what we read in it changed, so that a better
-- parser is never an expansion.

CREATE OR REPLACE TEMP TABLE candidates AS
-- Arrivals at first sight: states on a baseline, unless they carry their own date within the last 14 days.
SELECT CASE WHEN is_branch THEN 'branch_opened' WHEN is_mover THEN 'moved_in' ELSE 'registered' END AS kind,
    CASE WHEN is_mover THEN 'code_division' ELSE 'first_listed' END AS basis,
    uscc, '' AS value, first_seq AS seq, source, series,
    -- The day on the licence is the first registration; a mover's day of moving is not stated.
    -- A day that cannot be one of a registration is a misprint.
    CASE WHEN NOT is_mover AND registered_on BETWEEN DATE '1949-10-01' AND day + 1 THEN registered_on END AS happened_on,
    CASE WHEN is_mover THEN division_zh END AS before,
    CASE WHEN is_mover THEN address ELSE registered_on_raw END AS after,
    CAST(NULL AS VARCHAR) AS before_id, observation_id AS after_id, CAST(NULL AS VARCHAR) AS absent_run
FROM first_sights WHERE in_putuo = 'yes' AND NOT gone AND (is_news OR is_fresh)
UNION ALL
-- Departures at first sight: gone when first shown, or first registered here and sitting elsewhere.
SELECT CASE WHEN gone AND status <> 'moved_out' THEN 'deregistered' ELSE 'moved_out' END,
    CASE WHEN gone THEN 'status_changed' ELSE 'code_division' END,
    uscc, '', first_seq, source, series, NULL,
    CASE WHEN NOT gone THEN division_zh END, CASE WHEN gone THEN status_raw ELSE address END,
    NULL, observation_id, NULL
FROM first_sights
WHERE is_news AND ((gone AND (in_putuo = 'yes' OR (status = 'moved_out' AND division_kind = 'home')))
    OR (NOT gone AND in_putuo = 'no' AND division_kind = 'home' AND NOT is_branch))
UNION ALL
-- Known elsewhere from one series, and shown here by another that is past its first reading.
SELECT 'moved_in', 'address_changed', o.uscc, '', o.first_seq, o.source, o.series, NULL,
    f.address, r.address, f.observation_id, o.observation_id, NULL
FROM derived.observations o
JOIN first_sights f ON f.uscc = o.uscc AND (f.source, f.series) <> (o.source, o.series) AND f.first_seq < o.first_seq
JOIN base.records r ON r.record_id = o.record_id
JOIN derived.record_facts now_facts ON now_facts.record_id = o.record_id
JOIN derived.run_order t ON t.seq = o.first_seq
WHERE o.spell = 1 AND NOT t.is_baseline AND t.first_sight_is_news AND now_facts.in_putuo = 'yes' AND NOT now_facts.gone
    AND f.in_putuo = 'no' AND NOT f.gone
UNION ALL
SELECT 'moved_in', 'address_changed', uscc, '', seq, source, series, happened_on,
    place.address, now.address, place.id, observation_id, NULL
FROM changes
WHERE now_facts.in_putuo = 'yes' AND NOT now_facts.gone AND place.address <> now.address AND is_other_door
    AND (place.in_putuo = 'no' OR state.status = 'moved_out')
UNION ALL
SELECT 'moved_out', 'address_changed', uscc, '', seq, source, series, happened_on,
    place.address, now.address, place.id, observation_id, NULL
FROM changes
WHERE place.in_putuo = 'yes' AND now_facts.in_putuo = 'no' AND NOT was_gone AND is_other_door
    AND (NOT now_facts.gone OR now.status = 'moved_out')
UNION ALL
SELECT CASE WHEN now.status = 'moved_out' THEN 'moved_out' ELSE 'deregistered' END, 'status_changed',
    uscc, '', seq, source, series, happened_on, state.raw, now.status_raw, coalesce(state.id, before_id), observation_id, NULL
FROM changes
WHERE place.in_putuo = 'yes' AND now_facts.gone AND NOT was_gone
UNION ALL
SELECT CASE WHEN now.capital > money.amount THEN 'capital_raised' ELSE 'capital_cut' END, 'capital_changed',
    uscc, concat(now.capital, ' ', now.capital_currency), seq, source, series, happened_on,
    money.raw, now.capital_raw, money.id, observation_id, NULL
FROM changes
WHERE stays AND money.raw <> now.capital_raw AND money.currency = now.capital_currency
    -- A thousandth is rounding (109.89 for 109.8901), not a decision of the shareholders.
    AND abs(now.capital - money.amount) > 0.001 * greatest(now.capital, money.amount)
UNION ALL
SELECT 'scope_widened', 'scope_changed', uscc, md5(added), seq, source, series, happened_on,
    NULL, added, scope.id, observation_id, NULL
FROM changes WHERE added <> '' AND stays
UNION ALL
SELECT 'scope_narrowed', 'scope_changed', uscc, md5(removed), seq, source, series, happened_on,
    removed, NULL, scope.id, observation_id, NULL
FROM changes WHERE removed <> '' AND added = '' AND stays
UNION ALL
-- Gone from a complete full list, while no other series still shows the firm.
SELECT 'deregistered', 'not_listed', a.uscc, '', a.absent_seq, a.source, a.series, NULL,
    r.status_raw, NULL, o.observation_id, NULL, a.run_id
FROM derived.absences a
JOIN derived.observations o ON o.source = a.source AND o.series = a.series AND o.uscc = a.uscc
    AND o.first_seq <= a.last_shown_seq
JOIN base.records r USING (record_id)
JOIN derived.record_facts f USING (record_id)
WHERE f.in_putuo = 'yes' AND NOT f.gone AND NOT EXISTS (
    -- Only what was known by then: what comes later must not take an event back.
    SELECT 1 FROM base.sightings other JOIN derived.run_order t USING (run_id)
    WHERE other.uscc = a.uscc AND (t.source, t.series) <> (a.source, a.series)
        AND t.seq > a.last_shown_seq AND t.seq < a.absent_seq)
QUALIFY row_number() OVER (PARTITION BY a.uscc, a.source, a.series, a.absent_seq ORDER BY o.first_seq DESC) = 1;
