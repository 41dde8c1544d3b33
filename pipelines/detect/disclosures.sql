-- Detection, from disclosures: approved projects, contracts, trials, and what a listed firm tells the exchange.

CREATE OR REPLACE TEMP TABLE disclosed AS
WITH said AS (
    SELECT v.version_id, v.source, v.said_of, v.first_seq, d.kind AS what, d.title, d.amount, d.currency, d.amount_raw,
        d.happened_on, coalesce(d.happened_on, d.published_on) AS dated_on,
        CASE WHEN d.kind = 'eia' AND d.stage IN ('approved', 'completed') THEN 'project_approved'
             WHEN d.kind = 'award' AND d.stage = 'awarded' THEN 'contract_won'
             WHEN d.kind = 'trial' AND d.stage = 'started' THEN 'trial_started'
             WHEN d.kind = 'announcement' THEN a.kind END AS kind
    FROM versions v
    JOIN base.disclosures d USING (content_id)
    LEFT JOIN announcement_kinds a ON a.title = d.title
    WHERE v.sort = 'disclosure'
),
-- When it was first shown to have come so far, whoever was named.
turned AS (
    SELECT *, min(first_seq) OVER (PARTITION BY source, said_of, kind) AS turned_seq FROM said WHERE kind IS NOT NULL
),
placed AS (
    SELECT s.* EXCLUDE (source, said_of, first_seq), o.* EXCLUDE (version_id, is_baseline), t.is_baseline OR o.firm_is_state AS is_state,
        -- A project is known by its title, whichever list tells of it.
        CASE WHEN s.what = 'eia' THEN folded(s.title) ELSE concat_ws('|', o.source, o.said_of) END AS value
    FROM turned s
    JOIN owned o USING (version_id)
    JOIN derived.run_order t ON t.seq = s.turned_seq
),
once AS (
    SELECT * FROM placed
    QUALIFY row_number() OVER (
        PARTITION BY kind, uscc, value ORDER BY is_denied, told_at, seq, first_seq, source, series, said_of) = 1
),
counted AS (
    SELECT o.*, coalesce(dated_on, day) AS said_on
    FROM once o ASOF JOIN whereabouts k ON o.uscc = k.uscc AND o.seq >= k.seq
    WHERE k.is_here AND is_told(dated_on, day, is_state)
),
-- A listed firm tells of one step in many papers: the first makes the event, the others are its proofs.
stepped AS (
    SELECT *, what <> 'announcement' OR coalesce(abs(said_on - lag(said_on) OVER w) > 30, true) AS starts
    FROM counted WINDOW w AS (PARTITION BY uscc, kind, what ORDER BY seq, value)
),
chained AS (
    SELECT *, sum(CAST(starts AS BIGINT)) OVER (
        PARTITION BY uscc, kind, what ORDER BY seq, value ROWS UNBOUNDED PRECEDING) AS chain
    FROM stepped
)
SELECT 'e' || substr(md5(concat_ws('|', kind, uscc, first_value(value) OVER w)), 1, 16) AS event_id, *,
    CASE WHEN amount IS NULL THEN nullif(amount_raw, '')
         WHEN currency = 'CNY' AND amount >= 100_000_000 THEN short(amount / 100_000_000) || '亿元'
         WHEN currency = 'CNY' AND amount >= 10_000 THEN short(amount / 10_000) || '万元'
         WHEN currency = 'CNY' THEN short(amount) || '元'
         ELSE concat_ws(' ', nullif(currency, ''), format('{:,}', CAST(round(amount) AS BIGINT))) END AS amount_told
FROM chained WINDOW w AS (PARTITION BY uscc, kind, what, chain ORDER BY told_at, seq, value);

-- What only denied holders tell was told until a person denied it.
INSERT INTO denied
SELECT event_id, max(denied_at) FROM (
    SELECT event_id, is_denied, denied_at FROM licence_turns
    UNION ALL SELECT event_id, is_denied, denied_at FROM disclosed
) GROUP BY event_id HAVING bool_and(is_denied);
INSERT INTO derived.denied_events SELECT event_id FROM denied ANTI JOIN derived.denied_events USING (event_id);
DELETE FROM disclosed WHERE is_denied AND event_id NOT IN (SELECT event_id FROM denied);

-- A project that was filed is the same when it is approved: what we knew first is the event, the other its proof.
CREATE OR REPLACE TEMP TABLE same_project AS
SELECT d.event_id AS disclosed_id, n.event_id AS filed_id, n.seq <= d.seq AS was_filed_first
FROM disclosed d
JOIN announced n ON n.uscc = d.uscc AND n.kind = d.kind AND n.basis = 'filed'
    AND folded(n.title) = folded(d.title) AND abs(n.said_on - d.said_on) <= 180
WHERE d.what = 'eia' AND NOT d.is_denied AND n.event_id NOT IN (SELECT event_id FROM denied)
QUALIFY row_number() OVER (PARTITION BY d.event_id ORDER BY n.seq, n.event_id) = 1
    AND row_number() OVER (PARTITION BY n.event_id ORDER BY d.seq, d.event_id) = 1;
