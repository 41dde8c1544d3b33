-- The analyst's surface: the usual questions. A macro is asked like a table: FROM timeline_of('91310199…').

CREATE OR REPLACE MACRO week_of(instant) AS strftime(CAST(instant AS TIMESTAMP) + INTERVAL 2 HOUR, '%G-W%V');
COMMENT ON MACRO week_of IS 'The week of the briefing at an instant (UTC): week_of(TIMESTAMP ''2026-11-16 00:00:00'') is 2026-W47. It runs from Monday 06:00 to Monday 06:00, Asia/Shanghai, and bears its ISO number.';

CREATE OR REPLACE VIEW weekly_counts AS
WITH told AS (
    SELECT week_of(discovered_at) AS week, sub_sector, grade, category, kind, event_id, firm_id,
        category = 'arrival' AND confirms IS NOT NULL AS confirms_one
    FROM main.events WHERE grade IN ('core', 'peripheral')
),
weeks AS (
    SELECT DISTINCT week_of(day) AS week, CAST(date_trunc('week', day + INTERVAL 2 HOUR) AS DATE) AS monday
    FROM (SELECT unnest(generate_series(min(finished_at), max(read_at) + INTERVAL 6 DAY, INTERVAL 1 DAY)) AS day,
            max(read_at) AS last FROM derived.run_order)
    WHERE week_of(day) <= week_of(last)
),
kinds AS (SELECT DISTINCT sub_sector, grade FROM derived.firms WHERE grade IN ('core', 'peripheral'))
SELECT w.week, w.monday, k.sub_sector, k.grade,
    count(event_id) FILTER (WHERE category = 'arrival' AND NOT confirms_one) AS arrivals,
    count(event_id) FILTER (WHERE kind = 'arrival_announced') AS announced,
    count(event_id) FILTER (WHERE confirms_one) AS confirmed,
    count(event_id) FILTER (WHERE category = 'expansion') AS expansions,
    count(event_id) FILTER (WHERE category = 'departure') AS departures,
    count(event_id) FILTER (WHERE kind IN ('moved_out', 'deregistered')) AS gone,
    count(DISTINCT firm_id) AS firms
FROM weeks w CROSS JOIN kinds k
LEFT JOIN told t ON t.week = w.week AND t.sub_sector = k.sub_sector AND t.grade = k.grade
GROUP BY ALL;
COMMENT ON VIEW weekly_counts IS 'Events of life-health firms by the week in which we learned of them, sub-sector and grade; weeks without any are there with zeros, from the first run to the last.';
COMMENT ON COLUMN weekly_counts.week IS 'Week of the briefing: Monday 06:00 to Monday 06:00, Asia/Shanghai, ISO number.';
COMMENT ON COLUMN weekly_counts.monday IS 'The Monday on which it begins.';
COMMENT ON COLUMN weekly_counts.sub_sector IS 'Sub-sector of the firms, as known now.';
COMMENT ON COLUMN weekly_counts.grade IS 'Grade of the firms, as known now: core or peripheral.';
COMMENT ON COLUMN weekly_counts.arrivals IS 'Arrivals, each counted once: see arrivals. A registration that confirms an announced one is not among them.';
COMMENT ON COLUMN weekly_counts.announced IS 'Of them those that a page announced before any registration showed them.';
COMMENT ON COLUMN weekly_counts.confirmed IS 'Arrivals announced earlier that a registration confirms now; they were counted when they were announced.';
COMMENT ON COLUMN weekly_counts.expansions IS 'Expansions: see expansions.';
COMMENT ON COLUMN weekly_counts.departures IS 'Departures, firms that only shrank among them: see departures.';
COMMENT ON COLUMN weekly_counts.gone IS 'Of them those of firms that left: moved_out, deregistered. The net change that registrations show is arrivals - announced + confirmed - gone.';
COMMENT ON COLUMN weekly_counts.firms IS 'Firms that any of them is of.';

CREATE OR REPLACE MACRO events_of_week(week) AS TABLE
SELECT * FROM derived.life_health_events WHERE week_of(discovered_at) = week;
COMMENT ON MACRO TABLE events_of_week IS 'Events of life-health firms that we learned of in a week of the briefing: events_of_week(''2026-W47''). Columns as in arrivals.';

CREATE OR REPLACE MACRO proofs_of(event) AS TABLE
WITH told AS (
    SELECT evidence FROM main.events WHERE event_id = event
    UNION ALL SELECT evidence FROM main.retracted_events WHERE event_id = event
),
shown AS (SELECT unnest(CAST(CAST(evidence AS JSON) AS JSON[])) AS proof FROM told)
SELECT proof ->> 'role' AS role, proof ->> 'source' AS source, proof ->> 'series' AS series,
    proof ->> 'publisher' AS publisher, proof ->> 'run_id' AS run_id, proof ->> 'folder' AS folder,
    proof ->> 'observation_id' AS observation_id, proof ->> 'url' AS url, CAST(proof ->> 'line' AS BIGINT) AS line,
    CAST(replace(proof ->> 'fetched_at', 'Z', '') AS TIMESTAMP) AS fetched_at, proof ->> 'sha256' AS sha256,
    proof ->> 'capture' AS capture, CAST(proof -> 'record' AS VARCHAR) AS record
FROM shown;
COMMENT ON MACRO TABLE proofs_of IS 'The records that prove an event, before and after, a row each, strongest first: proofs_of(''e0123456789abcdef''). Where they stand: run folder, address, line, WARC record, hash; record is what was captured, as JSON. role: before, after, absence (the full list that no longer shows the firm or licence; of a sweep its last run), or told (a page that tells of an arrival which registrations had shown). observation_id is that of the observation, article or version of a licence or disclosure. Other columns as in observations, runs and sources. On the shell, scrapy why walks the same chain.';

CREATE OR REPLACE MACRO firms_matching(words) AS TABLE
SELECT f.firm_id, f.uscc, f.name, h.bore, f.grade, f.sub_sector, f.in_putuo, f.status, f.address
FROM main.firms f
JOIN (SELECT firm_id, string_agg(DISTINCT name, '|' ORDER BY name) AS bore, bool_or(contains(lower(name), lower(words))
        OR upper(words) = uscc) AS found FROM derived.firm_states GROUP BY firm_id) h USING (firm_id)
WHERE h.found;
COMMENT ON MACRO TABLE firms_matching IS 'Firms that bear or bore a name with these characters in it, or this credit code: firms_matching(''桦序''). bore: all names we know, joined by |. Other columns as in firms.';

CREATE OR REPLACE MACRO timeline_of(firm) AS TABLE
WITH wanted AS (SELECT replace(upper(firm), 'CN-', '') AS uscc)
SELECT coalesce(e.happened_on, e.discovered_on) AS day, e.discovered_at AS known_from, 'event' AS what, e.kind,
    concat_ws(' → ', e.before, e.after) AS said, e.event_id AS id,
    -- Where the strongest proof shows what it is now.
    CASE WHEN e.evidence ->> '$[0].role' = 'before' THEN coalesce(e.evidence ->> '$[1].source', e.evidence ->> '$[0].source')
         ELSE e.evidence ->> '$[0].source' END AS source,
    CASE WHEN e.evidence ->> '$[0].role' = 'before' THEN coalesce(e.evidence ->> '$[1].url', e.evidence ->> '$[0].url')
         ELSE e.evidence ->> '$[0].url' END AS url
FROM main.events e JOIN wanted USING (uscc)
UNION ALL
SELECT valid_from, known_from, 'observation', status, concat_ws('；', name, address, capital_raw), observation_id, source, url
FROM main.observations JOIN wanted USING (uscc) WHERE superseded_at IS NULL
UNION ALL
SELECT coalesce(m.happened_on, m.published_on, m.discovered_on), a.discovered_at,
    'article', coalesce(m.kind, 'named'), coalesce(m.quote, m.title), m.article_id, m.source, m.url
FROM main.mentions m JOIN wanted USING (uscc) JOIN main.articles a USING (article_id)
UNION ALL
SELECT coalesce(l.granted_on, CAST(l.known_from + INTERVAL 8 HOUR AS DATE)), l.known_from, 'licence', l.kind,
    concat_ws('；', l.number, nullif(l.product, ''), l.status_raw), l.licence_key, l.source, l.url
FROM main.licences l JOIN wanted w ON l.firm_id = 'CN-' || w.uscc
UNION ALL
SELECT coalesce(d.happened_on, d.published_on, CAST(d.known_from + INTERVAL 8 HOUR AS DATE)), d.known_from, 'disclosure',
    concat_ws(' ', d.kind, d.stage), d.title, d.disclosure_key, d.source, d.url
FROM main.disclosures d JOIN wanted w ON d.firm_id = 'CN-' || w.uscc;
COMMENT ON MACRO TABLE timeline_of IS 'All that is known of a firm, by credit code or firm_id: timeline_of(''91310199000000019B''). what and said: what happened (event), what a source said of it (observation), where it was named (article), its licences, what a register or notice discloses of it (disclosure). day: when it was true or happened, if told, else when we learned of it; known_from: when we learned of it (UTC). id is the key in events, observations, articles, licences or disclosures; source and url say where it stood. In no order: add ORDER BY day, known_from.';

CREATE OR REPLACE MACRO learned_between(since, until) AS TABLE
WITH before AS (
    SELECT * FROM main.firm_history WHERE valid_to IS NULL
        AND known_from <= CAST(since AS TIMESTAMP) AND (known_to IS NULL OR known_to > CAST(since AS TIMESTAMP))
),
after AS (
    SELECT * FROM main.firm_history WHERE valid_to IS NULL
        AND known_from <= CAST(until AS TIMESTAMP) AND (known_to IS NULL OR known_to > CAST(until AS TIMESTAMP))
)
SELECT coalesce(a.firm_id, b.firm_id) AS firm_id, coalesce(a.uscc, b.uscc) AS uscc, coalesce(a.name, b.name) AS name,
    coalesce(a.grade, b.grade) AS grade, coalesce(a.sub_sector, b.sub_sector) AS sub_sector,
    coalesce(a.in_putuo, b.in_putuo) AS in_putuo,
    CASE WHEN b.firm_id IS NULL THEN 'new' WHEN a.firm_id IS NULL THEN 'taken_back' ELSE 'changed' END AS what,
    concat_ws(' ', CASE WHEN b.name <> a.name THEN 'name' END, CASE WHEN b.address <> a.address THEN 'address' END,
        CASE WHEN b.status <> a.status THEN 'status' END,
        CASE WHEN b.capital IS DISTINCT FROM a.capital AND b.firm_id = a.firm_id THEN 'capital' END,
        CASE WHEN b.scope <> a.scope THEN 'scope' END) AS fields,
    b.address AS address_before, a.address, b.capital AS capital_before, a.capital, b.status AS status_before, a.status,
    a.valid_from, a.known_from
FROM after a FULL JOIN before b ON b.firm_id = a.firm_id
WHERE a.firm_id IS NULL OR b.firm_id IS NULL OR (b.name, b.address, b.status, b.scope) <> (a.name, a.address, a.status, a.scope)
    OR b.capital IS DISTINCT FROM a.capital;
COMMENT ON MACRO TABLE learned_between IS 'What we learned of firms between two instants (UTC): how what we then held to be true differs from what we held before, a row each firm: learned_between(TIMESTAMP ''2026-11-08 22:00:00'', TIMESTAMP ''2026-11-15 22:00:00''). what: new, changed, or taken_back (a better reading does not show the firm); fields: which of name, address, status, capital and scope, with blanks between. Other columns as in firm_history, at the later instant; *_before at the earlier one. Events tell what happened; this tells what we learned, corrections among it.';
