-- Detection, from the news: what pages say of firms that registrations have shown. Precision first: an expansion counts
-- for a firm that was known to be in Putuo, an arrival for one that was not.

-- What each version of a page says, and when both it and the firm were known; a later run takes nothing back.
CREATE OR REPLACE TEMP TABLE announced AS
WITH firm_first AS (
    SELECT o.uscc, min(o.first_seq) AS first_seq, arg_min(t.is_baseline, o.first_seq) AS is_baseline
    FROM derived.observations o JOIN derived.run_order t ON t.seq = o.first_seq GROUP BY o.uscc
),
placed AS (
    SELECT s.*, v.article_id, v.known_from AS read_at, c.kind AS article_kind, c.title, c.published_on, a.source, v.series,
        greatest(v.first_seq, f.first_seq) AS seq, f.is_baseline AND f.first_seq > v.first_seq AS firm_is_state
    FROM (
        -- What a person denies makes no event and proves none, but the key of what was told with it stays.
        SELECT *, false AS is_denied FROM derived.firm_statements
        UNION ALL SELECT *, true FROM derived.denied_statements
    ) s
    JOIN derived.article_versions v USING (content_id)
    JOIN base.articles c USING (content_id)
    JOIN derived.articles a ON a.article_id = v.article_id
    JOIN firm_first f USING (uscc)
    WHERE a.is_news
),
known AS (
    SELECT p.* RENAME (kind AS stated), coalesce(k.is_here, false) AS is_here,
        -- Headquarters or a works in a place of ours, of a firm that is not here yet, is how it arrives.
        CASE WHEN NOT coalesce(k.is_here, false) AND is_placed AND p.kind IN ('headquarters_set_up', 'premises_added')
             THEN 'arrival_announced' ELSE p.kind END AS kind
    FROM placed p ASOF LEFT JOIN whereabouts k ON p.uscc = k.uscc AND p.seq >= k.seq
),
counted AS (
    SELECT *, CASE WHEN article_kind = 'filing' THEN 'filed' ELSE 'announced' END AS basis,
        coalesce(published_on, t.day) AS said_on
    FROM known JOIN (SELECT seq, day, finished_at FROM derived.run_order) t USING (seq)
    WHERE (kind = 'arrival_announced') <> is_here
        -- A list of firms that is new to us makes no news of what was told of them long before.
        AND (NOT firm_is_state OR coalesce(published_on, t.day) >= t.day - 14)
    QUALIFY row_number() OVER (PARTITION BY article_id, uscc, kind ORDER BY is_denied, seq, content_id, stated) = 1
),
-- Pages that tell the same tell of one happening: the first makes the event, the others are its proofs. A project is
-- known by its title; another amount, or another product after a month, is another happening.
stepped AS (
    SELECT *, CASE
            WHEN lag(said_on) OVER w IS NULL THEN true
            WHEN basis = 'filed' THEN abs(said_on - lag(said_on) OVER w) > 90
            WHEN amount <> lag(amount) OVER w AND unit = lag(unit) OVER w THEN abs(said_on - lag(said_on) OVER w) > 14
            WHEN kind IN ('arrival_announced', 'headquarters_set_up', 'financing_raised', 'listing_step')
                THEN abs(said_on - lag(said_on) OVER w) > 90
            ELSE abs(said_on - lag(said_on) OVER w) > 30 END AS starts
    FROM counted
    WINDOW w AS (PARTITION BY kind, uscc, CASE WHEN basis = 'filed' THEN title END ORDER BY seq, article_id)
),
chained AS (
    SELECT *, sum(CAST(starts AS BIGINT)) OVER (
            PARTITION BY kind, uscc, CASE WHEN basis = 'filed' THEN title END ORDER BY seq, article_id
            ROWS UNBOUNDED PRECEDING) AS chain
    FROM stepped
),
episodes AS (
    -- A firm that is told of every month must not pass for one endless happening.
    SELECT *, CASE WHEN basis = 'filed' THEN title ELSE '' END || '|' || chain || '|'
            || greatest(0, said_on - first_value(said_on) OVER w) // 120 AS episode
    FROM chained
    WINDOW w AS (PARTITION BY kind, uscc, CASE WHEN basis = 'filed' THEN title END, chain ORDER BY seq, article_id)
)
-- The key is that of the page by which we first knew: one that a person adds later must not rename what was told.
SELECT 'e' || substr(md5(concat_ws('|', kind, uscc, first_value(article_id) OVER w)), 1, 16) AS event_id, *
FROM episodes
WINDOW w AS (PARTITION BY kind, uscc, episode ORDER BY greatest(finished_at, read_at, decided_at), seq, article_id);

-- What only denied pages tell was told until a person denied it.
CREATE OR REPLACE TEMP TABLE denied AS
SELECT event_id, coalesce(max(d.decided_at), TIMESTAMP '1970-01-01') AS denied_at
FROM (SELECT event_id, uscc FROM announced GROUP BY ALL HAVING bool_and(is_denied))
LEFT JOIN (FROM base.decisions WHERE kind = 'match' AND verdict = 'different') d USING (uscc) GROUP BY event_id;
CREATE OR REPLACE TABLE derived.denied_events AS SELECT event_id FROM denied;
DELETE FROM announced WHERE is_denied AND event_id NOT IN (SELECT event_id FROM denied);

CREATE OR REPLACE TEMP TABLE announced_proofs AS
SELECT n.event_id, n.seq, n.article_id AS place, to_json({
        'role': 'after', 'observation_id': n.article_id, 'source': n.source, 'series': n.series,
        'publisher': run.declaration ->> 'publisher_zh', 'run_id': v.run_id, 'folder': 'runs/' || v.run_id,
        'url': v.reply_url, 'line': v.line, 'fetched_at': strftime(v.fetched_at, '%Y-%m-%dT%H:%M:%SZ'),
        'sha256': v.sha256, 'capture': v.capture,
        'record': {'title': c.title, 'published_on': coalesce(CAST(c.published_on AS VARCHAR), ''),
            'agency': c.agency, 'document_number': c.document_number, 'quote': n.quote, 'page': c.url}
    }) AS proof
FROM announced n
JOIN derived.article_versions v USING (article_id, content_id)
JOIN base.articles c USING (content_id)
JOIN base.runs run ON run.run_id = v.run_id;
