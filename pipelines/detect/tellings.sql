-- Detection, second last step: all that tells of a happening, side by side, to find what tells of the same.

CREATE OR REPLACE TEMP TABLE tellings AS
WITH told AS (
    SELECT event_id AS told_id, kind, uscc, 'page' AS sort, '' AS identity, concat_ws(chr(10), title, quote) AS words, '' AS product,
        CASE WHEN amount IS NULL THEN [] ELSE [amount] END AS amounts, unit, dated_on, happened_on = dated_on IS TRUE AS is_stated,
        known_at, seq, article_id AS place, denied_at, away
    FROM announced WHERE basis = 'announced'
    UNION ALL
    SELECT event_id, kind, uscc, 'project', folded(title), '', '', [], '', dated_on, happened_on = dated_on IS TRUE, known_at,
        seq, article_id, denied_at, away
    FROM announced WHERE basis = 'filed'
    UNION ALL
    SELECT t.event_id, t.kind, t.uscc, 'licence', t.said_of || '|' || t.value, l.number, l.product, [], '',
        coalesce(t.happened_on, o.day), t.happened_on IS NOT NULL, greatest(o.finished_at, v.known_from, t.decided_at),
        t.seq, t.after_id, t.denied_at, t.away
    FROM licence_turns t
    JOIN derived.run_order o USING (seq) JOIN versions v ON v.version_id = t.after_id JOIN base.licences l USING (content_id)
    UNION ALL
    SELECT d.event_id, d.kind, d.uscc, CASE d.what WHEN 'eia' THEN 'project' ELSE d.what END,
        CASE WHEN d.what <> 'announcement' THEN d.value ELSE '' END, d.title, '',
        CASE WHEN d.amount IS NULL THEN [] ELSE [CAST(d.amount AS DOUBLE)] END, d.currency, d.said_on,
        d.happened_on IS NOT NULL, greatest(o.finished_at, v.known_from, d.decided_at), d.seq, d.version_id, d.denied_at, d.away
    FROM disclosed d JOIN derived.run_order o USING (seq) JOIN versions v USING (version_id)
    UNION ALL
    -- A raise is told by what was added, or by what it came to.
    SELECT k.event_id, k.kind, k.uscc, 'registration', k.event_id, '', '',
        [CAST(now.capital AS DOUBLE), CAST(now.capital - coalesce(was.capital, 0) AS DOUBLE)], now.capital_currency,
        coalesce(k.happened_on, t.day), k.happened_on IS NOT NULL, t.finished_at, k.seq, k.after_id, NULL, []
    FROM keyed k
    JOIN derived.run_order t USING (seq)
    JOIN derived.observations a ON a.observation_id = k.after_id JOIN base.records now ON now.record_id = a.record_id
    LEFT JOIN derived.observations b ON b.observation_id = k.before_id LEFT JOIN base.records was ON was.record_id = b.record_id
    WHERE k.kind = 'capital_raised'
    QUALIFY row_number() OVER (PARTITION BY k.event_id ORDER BY k.seq, k.source, k.series) = 1
),
-- What is told again, once it was denied, is told as it was first, and was never away.
stretches AS (
    SELECT * EXCLUDE (away, turn) REPLACE (told_since(turn, known_at, away) AS known_at, told_until(turn, denied_at, away) AS denied_at)
    FROM (SELECT *, unnest(range(len(away) + 1)) AS turn FROM told)
),
once AS (
    SELECT * REPLACE (CASE WHEN bool_and(denied_at IS NOT NULL) OVER w THEN max(denied_at) OVER w END AS denied_at)
    FROM stretches WHERE was_told(known_at, denied_at)
    WINDOW w AS (PARTITION BY told_id)
    QUALIFY row_number() OVER (PARTITION BY told_id ORDER BY known_at, seq, place) = 1
)
SELECT once.*, p.event_id AS past_id FROM once
-- As what it was told in an epoch before.
LEFT JOIN (FROM past_tellings QUALIFY row_number() OVER (PARTITION BY told_id ORDER BY closes DESC) = 1) p USING (told_id);
