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
    SELECT * FROM held_licences
    QUALIFY row_number() OVER (
        PARTITION BY uscc, kind, said_of, is_denied ORDER BY seq, first_seq, source, series, spell) = 1
),
granted AS (
    SELECT CASE WHEN is_product THEN 'product_approved' ELSE 'licence_granted' END AS kind, 'licensed' AS basis,
        uscc, said_of, '' AS value, CASE WHEN granted_on BETWEEN DATE '1949-10-01' AND day + 1 THEN granted_on END AS happened_on,
        seq, source, series, CAST(NULL AS VARCHAR) AS before,
        CASE WHEN is_product THEN concat_ws(' · ', nullif(product, ''), nullif(number, '')) ELSE number END AS after,
        CAST(NULL AS VARCHAR) AS before_id, version_id AS after_id, CAST(NULL AS VARCHAR) AS absent_run,
        is_denied, denied_at, decided_at, told_at
    FROM first_held f
    WHERE status NOT IN ('cancelled', 'revoked', 'expired') AND is_told(granted_on, day, is_state)
        -- A new number of what the firm held already is a renewal.
        AND NOT EXISTS (
            SELECT 1 FROM held_licences o
            WHERE o.uscc = f.uscc AND o.source = f.source AND o.kind = f.kind AND o.matter = f.matter
                AND o.said_of <> f.said_of AND (f.is_denied OR NOT o.is_denied)
                AND (o.first_seq < f.first_seq OR (o.first_seq = f.first_seq AND o.granted_on < f.granted_on)))
),
widened AS (
    SELECT 'premises_added', 'licensed', h.uscc, h.said_of, p.added, NULL, h.seq, h.source, h.series, s.before,
        s.after, s.before_id, h.version_id, NULL, h.is_denied, h.denied_at, h.decided_at, h.told_at
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
    SELECT DISTINCT h.uscc, h.kind, h.matter, h.said_of, h.is_denied, s.seq
    FROM held_licences h JOIN sighted s ON s.said_of = h.said_of AND s.source = h.source AND s.seq >= h.first_seq
    WHERE h.status NOT IN ('cancelled', 'revoked', 'expired') AND h.seq <= s.seq
),
ended AS (
    SELECT 'licence_lapsed' AS kind, 'status_changed' AS basis, h.uscc, h.said_of, h.seq, h.source, h.series,
        b.status_raw AS before, h.status_raw AS after, b.version_id AS before_id, h.version_id AS after_id,
        CAST(NULL AS VARCHAR) AS absent_run, h.kind AS licence_kind, h.matter, b.first_seq AS last_seq, h.status,
        h.is_denied, h.denied_at, h.decided_at, h.told_at
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
        h.is_denied, h.denied_at, h.decided_at, h.told_at
    FROM absent a JOIN held_licences h ON h.source = a.source AND h.series = a.series AND h.said_of = a.said_of
        AND h.first_seq <= a.last_seq AND h.seq <= a.seq
    WHERE NOT EXISTS (SELECT 1 FROM sighted s WHERE s.said_of = a.said_of AND s.seq > a.last_seq AND s.seq <= a.seq)
    -- Whose it is and whose it was said to be.
    QUALIFY rank() OVER (PARTITION BY a.source, a.series, a.said_of, a.seq ORDER BY h.spell DESC) = 1
),
lapsed AS (
    SELECT kind, basis, uscc, said_of, '', NULL, seq, source, series, before, after, before_id, after_id, absent_run,
        is_denied, denied_at, decided_at, told_at
    FROM (SELECT * FROM ended UNION ALL SELECT * FROM missing) e
    -- Its successor took its place. A licence that was taken away is told all the same.
    WHERE (e.status = 'revoked' AND e.basis = 'status_changed') OR (
        (e.status NOT IN ('cancelled', 'revoked') OR e.basis = 'status_changed')
        AND NOT EXISTS (
            SELECT 1 FROM still_held o
            WHERE o.uscc = e.uscc AND o.kind = e.licence_kind AND o.matter = e.matter AND o.said_of <> e.said_of
                AND (e.is_denied OR NOT o.is_denied) AND o.seq > e.last_seq AND o.seq <= e.seq))
),
turned AS (
    SELECT * FROM granted UNION ALL SELECT * FROM widened UNION ALL SELECT * FROM lapsed
),
-- A firm that was announced, and that the register does not show here yet, is here where it is licensed to be.
settled AS (
    SELECT DISTINCT t.uscc, t.after_id
    FROM turned t
    JOIN derived.run_order o USING (seq)
    JOIN versions v ON v.version_id = t.after_id
    JOIN base.licences l USING (content_id)
    JOIN memo.places p ON p.address = l.address AND p.district = '' AND p.registrar = '' AND p.division = ''
    JOIN announced n ON n.uscc = t.uscc AND n.kind = 'arrival_announced' AND n.known_at <= o.finished_at
        AND coalesce(n.denied_at > o.finished_at, true) AND is_one_arrival(n.dated_on, coalesce(t.happened_on, o.day))
    WHERE t.kind = 'licence_granted' AND p.in_putuo = 'yes'
)
SELECT 'e' || substr(md5(concat_ws('|', t.kind, t.uscc, t.said_of, nullif(t.value, ''))), 1, 16) AS event_id, t.*,
    NOT k.is_here AS is_settling
FROM turned t ASOF JOIN whereabouts k ON t.uscc = k.uscc AND t.seq >= k.seq
WHERE k.is_here OR (t.uscc, t.after_id) IN (SELECT (uscc, after_id) FROM settled)
QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY t.is_denied, t.told_at, t.seq, t.source, t.series) = 1;
