-- Detection, from licences: granted, premises added, lapsed. Precision first: a renewal is no grant, a move no addition,
-- and only a list that was read completely proves that a licence is gone.

CREATE OR REPLACE TEMP TABLE held_licences AS
WITH shown AS (
    -- When the licence itself was first shown, whoever held it, in whichever list.
    SELECT l.kind, v.said_of, min(v.first_seq) AS seq
    FROM versions v JOIN base.licences l USING (content_id) WHERE v.sort = 'licence' GROUP BY ALL
)
SELECT o.*, l.kind, l.number, l.product, l.status, l.status_raw, l.granted_on,
    l.kind IN ('device_product', 'drug_product') AS is_product,
    -- What a renewal has in common with what it renews.
    CASE WHEN l.kind IN ('device_product', 'drug_product') THEN folded(l.product) ELSE folded(l.address) END AS matter,
    t.is_baseline OR o.firm_is_state AS is_state
FROM owned o
JOIN base.licences l USING (content_id)
JOIN shown s ON s.kind = l.kind AND s.said_of = o.said_of
JOIN derived.run_order t ON t.seq = s.seq
WHERE o.sort = 'licence';

CREATE OR REPLACE TEMP TABLE licence_turns AS
WITH first_held AS (
    -- What shows it first, and what stands longer when that was denied.
    SELECT * FROM held_licences
    QUALIFY until(denied_at) > coalesce(max(until(denied_at)) OVER (
        PARTITION BY uscc, kind, said_of ORDER BY told_at, seq, first_seq, source, series, spell
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TIMESTAMP '-infinity')
),
-- From when to when each was the firm's, by people's word.
stretches AS (
    SELECT * EXCLUDE (turn, away) REPLACE (told_since(turn, told_at, away) AS told_at, told_until(turn, denied_at, away) AS denied_at)
    FROM (SELECT *, unnest(range(len(away) + 1)) AS turn FROM held_licences)
),
-- A new number of what the firm held already is a renewal, for as long as the other is the firm's. One that only a later
-- run shows to be takes nothing back.
renewed AS (
    SELECT f.version_id, f.uscc,
        max(until(o.denied_at)) FILTER (o.told_at <= f.told_at) AS until,
        min(o.told_at) FILTER (o.told_at > f.told_at AND o.denied_at IS NULL) AS since,
        list({'since': o.told_at, 'until': o.denied_at} ORDER BY o.told_at)
            FILTER (o.told_at > f.told_at AND o.denied_at IS NOT NULL) AS hidden
    FROM first_held f JOIN stretches o ON o.uscc = f.uscc AND o.source = f.source AND o.kind = f.kind
        AND o.matter = f.matter AND o.said_of <> f.said_of AND was_told(greatest(f.told_at, o.told_at), o.denied_at)
        AND (o.first_seq < f.first_seq OR (o.first_seq = f.first_seq AND o.granted_on < f.granted_on))
        AND (o.told_at <= f.told_at OR o.seq <= f.seq)
    GROUP BY ALL
),
granted AS (
    SELECT CASE WHEN is_product THEN 'product_approved' ELSE 'licence_granted' END AS kind, 'licensed' AS basis,
        uscc, said_of, '' AS value, CASE WHEN granted_on BETWEEN DATE '1949-10-01' AND day + 1 THEN granted_on END AS happened_on,
        seq, source, series, CAST(NULL AS VARCHAR) AS before,
        CASE WHEN is_product THEN concat_ws(' · ', nullif(product, ''), nullif(number, '')) ELSE number END AS after,
        CAST(NULL AS VARCHAR) AS before_id, version_id AS after_id, CAST(NULL AS VARCHAR) AS absent_run,
        greatest(decided_at, r.until) AS decided_at, least(denied_at, r.since) AS denied_at,
        both_times(away, r.hidden) AS away
    FROM first_held f LEFT JOIN renewed r USING (version_id, uscc)
    WHERE status NOT IN ('cancelled', 'revoked', 'expired') AND is_told(granted_on, day, is_state)
        AND (r.until IS NULL OR r.until < TIMESTAMP 'infinity')
),
widened AS (
    SELECT 'premises_added', 'licensed', h.uscc, h.said_of, p.added, NULL, h.seq, h.source, h.series, s.before,
        s.after, s.before_id, h.version_id, NULL, h.decided_at, h.denied_at, h.away
    FROM premises_stated s
    JOIN premises_added p USING (before, after)
    JOIN held_licences h USING (version_id)
    WHERE NOT h.is_baseline AND NOT h.firm_is_state
),
-- What the firm still holds of the same kind and matter, by the runs that show it.
sighted AS (
    SELECT s.licence_id AS said_of, o.source, o.series, o.seq, o.is_whole
    FROM base.licence_sightings s JOIN derived.run_order o USING (run_id)
    SEMI JOIN held_licences h ON h.said_of = s.licence_id
),
still_held AS (
    SELECT DISTINCT h.uscc, h.kind, h.matter, h.said_of, h.told_at, h.denied_at, s.seq
    FROM stretches h JOIN sighted s ON s.said_of = h.said_of AND s.source = h.source AND s.seq >= h.first_seq
    WHERE h.status NOT IN ('cancelled', 'revoked', 'expired') AND h.seq <= s.seq
),
ended AS (
    SELECT 'licence_lapsed' AS kind, 'status_changed' AS basis, h.uscc, h.said_of, h.seq, h.source, h.series,
        b.status_raw AS before, h.status_raw AS after, b.version_id AS before_id, h.version_id AS after_id,
        CAST(NULL AS VARCHAR) AS absent_run, h.kind AS licence_kind, h.matter, b.first_seq AS last_seq, h.status,
        h.told_at, h.decided_at, h.denied_at, h.away
    FROM held_licences h
    JOIN held_licences b ON b.source = h.source AND b.series = h.series AND b.said_of = h.said_of AND b.spell = h.spell - 1
    WHERE h.status IN ('cancelled', 'revoked') AND b.status IN ('valid', 'unknown')
        AND NOT h.is_baseline AND NOT h.firm_is_state
),
ordered AS (
    SELECT *, lead(seq) OVER w AS next_seq, bool_or(is_whole) OVER (w ROWS UNBOUNDED PRECEDING) AS was_in_whole
    FROM sighted WINDOW w AS (PARTITION BY source, series, said_of ORDER BY seq)
),
absent AS (
    SELECT a.said_of, a.source, a.series, a.seq AS last_seq, f.seq, f.run_id
    FROM ordered a ASOF JOIN (SELECT * FROM derived.run_order WHERE proves_absence) f
        ON a.source = f.source AND a.series = f.series AND a.seq < f.opens_seq
    WHERE a.was_in_whole AND (a.next_seq IS NULL OR f.seq < a.next_seq)
),
missing AS (
    SELECT 'licence_lapsed', 'not_listed', h.uscc, h.said_of, a.seq, a.source, a.series, h.status_raw, NULL,
        h.version_id, NULL, a.run_id, h.kind, h.matter, a.last_seq, h.status,
        h.told_at, h.decided_at, h.denied_at, h.away
    FROM absent a JOIN held_licences h ON h.source = a.source AND h.series = a.series AND h.said_of = a.said_of
        AND h.first_seq <= a.last_seq AND h.seq <= a.seq
    WHERE NOT EXISTS (SELECT 1 FROM sighted s WHERE s.said_of = a.said_of AND s.seq > a.last_seq AND s.seq <= a.seq)
    -- Whose it is and whose it was said to be.
    QUALIFY rank() OVER (PARTITION BY a.source, a.series, a.said_of, a.seq ORDER BY h.spell DESC) = 1
),
lost AS (SELECT * FROM ended UNION ALL SELECT * FROM missing),
-- Its successor took its place: from when to when that is known, by people's word.
succeeded AS (
    SELECT e.said_of, e.source, e.series, e.basis, e.uscc, e.seq, e.told_at,
        max(until(o.denied_at)) FILTER (o.told_at <= e.lapsed_at) AS until,
        min(o.told_at) FILTER (o.told_at > e.lapsed_at AND o.denied_at IS NULL) AS since,
        list(DISTINCT {'since': o.told_at, 'until': o.denied_at} ORDER BY {'since': o.told_at, 'until': o.denied_at})
            FILTER (o.told_at > e.lapsed_at AND o.denied_at IS NOT NULL) AS hidden
    FROM (SELECT e.*, greatest(e.told_at, t.finished_at) AS lapsed_at FROM lost e JOIN derived.run_order t USING (seq)) e
    JOIN still_held o ON o.uscc = e.uscc AND o.kind = e.licence_kind AND o.matter = e.matter AND o.said_of <> e.said_of
        AND o.seq > e.last_seq AND o.seq <= e.seq AND was_told(greatest(e.lapsed_at, o.told_at), o.denied_at)
    -- A licence that was taken away is told all the same.
    WHERE NOT (e.status = 'revoked' AND e.basis = 'status_changed')
    GROUP BY ALL
),
lapsed AS (
    SELECT kind, basis, uscc, said_of, '', NULL, seq, source, series, before, after, before_id, after_id, absent_run,
        greatest(decided_at, s.until), least(denied_at, s.since), both_times(away, s.hidden)
    FROM lost e LEFT JOIN succeeded s USING (said_of, source, series, basis, uscc, seq, told_at)
    WHERE (e.status NOT IN ('cancelled', 'revoked') OR e.basis = 'status_changed')
        AND (s.until IS NULL OR s.until < TIMESTAMP 'infinity')
),
turned AS (
    SELECT * FROM granted UNION ALL SELECT * FROM widened UNION ALL SELECT * FROM lapsed
),
-- A firm that was announced, and that the register does not show here yet, is here where it is licensed to be: until all
-- that announced it is denied.
settled AS (
    SELECT t.uscc, t.after_id, CASE WHEN bool_and(n.denied_at IS NOT NULL) THEN max(n.denied_at) END AS denied_at,
        CASE WHEN count(*) = 1 THEN any_value(n.away) ELSE [] END AS away
    FROM turned t
    JOIN derived.run_order o USING (seq)
    JOIN versions v ON v.version_id = t.after_id
    JOIN base.licences l USING (content_id)
    JOIN memo.places p ON p.address = l.address AND p.district = '' AND p.registrar = '' AND p.division = ''
    JOIN announced n ON n.uscc = t.uscc AND n.kind = 'arrival_announced' AND n.known_at <= o.finished_at
        AND was_told(o.finished_at, n.denied_at) AND is_one_arrival(n.dated_on, coalesce(t.happened_on, o.day))
    WHERE t.kind = 'licence_granted' AND p.in_putuo = 'yes'
    GROUP BY ALL
),
here AS (
    SELECT t.* EXCLUDE (is_here) REPLACE (CASE WHEN t.is_here THEN t.denied_at ELSE least(t.denied_at, s.denied_at) END AS denied_at,
            CASE WHEN t.is_here THEN t.away ELSE both_times(t.away, s.away) END AS away),
        greatest(o.finished_at, t.decided_at) AS told_at, NOT t.is_here AS is_settling
    FROM (FROM turned t ASOF JOIN whereabouts k ON t.uscc = k.uscc AND t.seq >= k.seq SELECT t.*, k.is_here) t
    JOIN derived.run_order o USING (seq)
    LEFT JOIN settled s ON s.uscc = t.uscc AND s.after_id = t.after_id
    WHERE t.is_here OR s.uscc IS NOT NULL
)
SELECT 'e' || substr(md5(concat_ws('|', kind, uscc, said_of, nullif(value, ''))), 1, 16) AS event_id, *
FROM here
QUALIFY until(denied_at) > coalesce(max(until(denied_at)) OVER (
    PARTITION BY event_id ORDER BY told_at, seq, source, series ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    TIMESTAMP '-infinity');
