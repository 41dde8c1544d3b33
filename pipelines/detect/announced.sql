-- Detection, from the news: what pages say of firms that registrations have shown. Precision first: an expansion counts
-- for a firm that was known to be in Putuo, an arrival for one that was not.

-- What each version of a page says, and when both it and the firm were known; a later run takes nothing back.
CREATE OR REPLACE TEMP TABLE told AS
WITH firm_first AS (
    SELECT o.uscc, min(o.first_seq) AS first_seq, arg_min(t.is_baseline, o.first_seq) AS is_baseline
    FROM derived.observations o JOIN derived.run_order t ON t.seq = o.first_seq GROUP BY o.uscc
),
placed AS (
    SELECT s.*, v.article_id, v.known_from AS read_at, c.kind AS article_kind, c.title, c.published_on, a.source, v.series,
        greatest(v.first_seq, f.first_seq) AS seq, f.is_baseline AND f.first_seq > v.first_seq AS firm_is_state
    -- What a person denies was told until then: the key of what was told with it stays.
    FROM (FROM derived.firm_statements UNION ALL FROM derived.denied_statements) s
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
dated AS (
    SELECT *, CASE WHEN article_kind = 'filing' THEN 'filed' ELSE 'announced' END AS basis,
        greatest(finished_at, read_at, decided_at) AS known_at, coalesce(published_on, t.day) AS said_on,
        -- When it happened, if a day is stated that can be; else when it was said.
        CASE WHEN happened_on BETWEEN DATE '1949-10-01' AND coalesce(published_on, t.day) + 1
             THEN happened_on ELSE coalesce(published_on, t.day) END AS dated_on
    FROM known JOIN (SELECT seq, day, finished_at FROM derived.run_order) t USING (seq)
    -- A list of firms that is new to us makes no news of what was told of them long before.
    WHERE NOT firm_is_state OR coalesce(published_on, t.day) >= t.day - 14
)
SELECT *, 'e' || substr(md5(concat_ws('|', kind, uscc, article_id)), 1, 16) AS event_id,
    (kind = 'arrival_announced') <> is_here AS counts
FROM dated;

-- A page that tells of an arrival which registrations had shown by then tells nothing new: it is a further proof of that.
-- So is one that tells again of the headquarters or the works by which it was announced, for as long as that stands.
CREATE OR REPLACE TEMP TABLE retold AS
WITH stretches AS (
    SELECT * EXCLUDE (turn) REPLACE (told_since(turn, known_at, away) AS known_at, told_until(turn, denied_at, away) AS denied_at)
    FROM (SELECT *, unnest(range(len(away) + 1)) AS turn FROM told WHERE kind = 'arrival_announced' AND counts)
),
again AS (
    SELECT n.article_id, n.content_id, n.uscc, n.stated,
        max(until(a.denied_at)) FILTER (a.known_at <= n.known_at) AS until,
        min(a.known_at) FILTER (a.known_at > n.known_at AND a.denied_at IS NULL) AS since,
        list({'since': a.known_at, 'until': a.denied_at} ORDER BY a.known_at)
            FILTER (a.known_at > n.known_at AND a.denied_at IS NOT NULL) AS hidden
    FROM told n JOIN stretches a ON a.uscc = n.uscc AND a.stated = n.stated AND abs(a.dated_on - n.dated_on) <= 180
        AND was_told(greatest(a.known_at, n.known_at), a.denied_at) AND (a.known_at <= n.known_at OR a.seq <= n.seq)
    WHERE n.is_here AND n.kind <> 'arrival_announced' GROUP BY ALL
)
SELECT k.event_id, n.seq, n.article_id, n.content_id, n.quote, n.uscc, n.stated,
    CASE WHEN again.until IS NULL THEN greatest(n.decided_at, again.since) ELSE n.decided_at END AS decided_at,
    nullif(least(until(n.denied_at), again.until), TIMESTAMP 'infinity') AS denied_at,
    CASE WHEN n.kind = 'arrival_announced' THEN TIMESTAMP 'infinity' ELSE again.until END AS until, again.since, again.hidden
FROM told n JOIN arrived k ON k.uscc = n.uscc AND is_one_arrival(n.dated_on, k.dated_on)
    AND CASE WHEN n.is_here THEN k.seq <= n.seq ELSE k.seq > n.seq AND k.finished_at <= n.decided_at END
LEFT JOIN again ON again.article_id = n.article_id AND again.content_id = n.content_id AND again.uscc = n.uscc
    AND again.stated = n.stated
WHERE n.kind = 'arrival_announced' OR again.uscc IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY n.article_id, n.uscc, n.stated
    ORDER BY n.denied_at IS NOT NULL, k.seq DESC, k.event_id, n.seq, n.content_id) = 1;

-- A firm that is here cannot arrive, and only one that is here expands. Of what versions of a page say alike the first
-- is told, and what stands longer when that was denied.
CREATE OR REPLACE TEMP TABLE announced AS
WITH new AS (
    -- What hid it is denied: so long it was no news.
    SELECT t.* REPLACE (greatest(t.known_at, r.until) AS known_at, greatest(t.decided_at, r.until) AS decided_at,
        least(t.denied_at, r.since) AS denied_at, both_times(t.away, r.hidden) AS away)
    FROM told t LEFT JOIN retold r ON r.article_id = t.article_id AND r.uscc = t.uscc AND r.stated = t.stated
        AND (t.is_here OR t.decided_at IS NOT NULL)
    WHERE t.counts AND (r.until IS NULL OR r.until < TIMESTAMP 'infinity')
)
SELECT * FROM new
QUALIFY until(denied_at) > coalesce(max(until(denied_at)) OVER (
    PARTITION BY event_id ORDER BY known_at, seq, content_id, stated ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    TIMESTAMP '-infinity');

CREATE OR REPLACE TEMP TABLE announced_proofs AS
WITH pages AS (
    SELECT event_id, 'after' AS role, seq, article_id, content_id, quote, decided_at, denied_at, away FROM announced
    UNION ALL (
        SELECT event_id, 'told', seq, article_id, content_id, quote, decided_at, denied_at, [] FROM retold
        -- What announced it proves the announcement.
        ANTI JOIN (SELECT article_id, uscc FROM announced WHERE kind = 'arrival_announced') USING (article_id, uscc)
        QUALIFY row_number() OVER (
            PARTITION BY event_id, article_id ORDER BY denied_at IS NOT NULL, seq, content_id, stated) = 1
    )
)
SELECT n.event_id, n.role, n.seq, n.decided_at, n.denied_at, n.away, n.article_id AS place, c.kind AS sort, run.source, to_json({
        'role': n.role, 'observation_id': n.article_id, 'source': run.source, 'series': v.series,
        'publisher': run.declaration ->> 'publisher_zh', 'run_id': v.run_id, 'folder': 'runs/' || v.run_id,
        'url': v.reply_url, 'line': v.line, 'fetched_at': strftime(v.fetched_at, '%Y-%m-%dT%H:%M:%SZ'),
        'sha256': v.sha256, 'capture': v.capture,
        'record': {'title': c.title, 'published_on': coalesce(CAST(c.published_on AS VARCHAR), ''),
            'agency': c.agency, 'document_number': c.document_number, 'quote': n.quote, 'page': c.url}
    }) AS proof
FROM pages n
JOIN derived.article_versions v USING (article_id, content_id)
JOIN base.articles c USING (content_id)
JOIN base.runs run ON run.run_id = v.run_id;
