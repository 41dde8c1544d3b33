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
-- The first that tells it, and what stands longer when that was denied.
once AS (
    SELECT * FROM placed
    QUALIFY until(denied_at) > coalesce(max(until(denied_at)) OVER (
        PARTITION BY kind, uscc, value ORDER BY told_at, seq, first_seq, source, series, said_of
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TIMESTAMP '-infinity')
),
counted AS (
    SELECT o.*, coalesce(dated_on, day) AS said_on
    FROM once o ASOF JOIN whereabouts k ON o.uscc = k.uscc AND o.seq >= k.seq
    WHERE k.is_here AND is_told(dated_on, day, is_state)
)
SELECT 'e' || substr(md5(concat_ws('|', kind, uscc, value)), 1, 16) AS event_id, *,
    CASE WHEN amount IS NULL THEN nullif(amount_raw, '')
         WHEN currency = 'CNY' AND amount >= 100_000_000 THEN short(amount / 100_000_000) || '亿元'
         WHEN currency = 'CNY' AND amount >= 10_000 THEN short(amount / 10_000) || '万元'
         WHEN currency = 'CNY' THEN short(amount) || '元'
         ELSE concat_ws(' ', nullif(currency, ''), format('{:,}', CAST(round(amount) AS BIGINT))) END AS amount_told
FROM counted;
