-- Detection, last step: events, each with all that proves it. The strongest proof leads: what it says is what is told.

-- What registrations, licences, disclosures and pages tell, a row each, under the key of its event.
CREATE OR REPLACE TEMP TABLE said AS
WITH told AS (
    SELECT event_id AS told_id, 'registration' AS sort, source, series, kind, basis, uscc, happened_on, seq, before, after,
        CAST(NULL AS DATE) AS said_on, CAST(NULL AS TIMESTAMP) AS decided_at, CAST(NULL AS TIMESTAMP) AS denied_at,
        CAST([] AS STRUCT(since TIMESTAMP, until TIMESTAMP)[]) AS away, false AS is_settling
    FROM keyed QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY seq, source, series) = 1
    UNION ALL BY NAME
    SELECT event_id AS told_id, 'licence' AS sort, source, series, kind, basis, uscc, happened_on, seq, before, after,
        decided_at, denied_at, away, is_settling
    FROM licence_turns
    UNION ALL BY NAME
    SELECT event_id AS told_id, 'disclosure' AS sort, source, series, kind, 'disclosed' AS basis, uscc,
        CASE WHEN happened_on BETWEEN DATE '1949-10-01' AND day + 1 THEN happened_on END AS happened_on, seq, said_on,
        concat_ws(' · ', CASE WHEN what = 'award' THEN amount_told END, title) AS after,
        decided_at, denied_at, away, false AS is_settling
    FROM disclosed
    UNION ALL BY NAME
    SELECT event_id AS told_id, article_kind AS sort, source, article_id AS series, kind, basis, uscc, happened_on, seq, said_on,
        quote AS after, decided_at, denied_at, away, false AS is_settling
    FROM announced
)
SELECT coalesce(a.event_id, told.told_id) AS event_id, told.*,
    -- Whom a name means may have been said by a person, later.
    greatest(t.finished_at, told.decided_at, getvariable('opens')) AS known_from, coalesce(told.happened_on, told.said_on, t.day) AS dated_on
FROM told JOIN derived.run_order t USING (seq) LEFT JOIN told_as a USING (told_id);

-- What was denied before it could be told was never told: nothing else is known of it.
CREATE OR REPLACE TEMP TABLE members AS
SELECT * FROM (
    SELECT * EXCLUDE (away, turn) REPLACE (
        told_since(turn, known_from, away) AS known_from, told_until(turn, denied_at, away) AS denied_at)
    FROM (SELECT *, unnest(range(len(away) + 1)) AS turn FROM said))
WHERE was_told(known_from, denied_at);
CREATE OR REPLACE TABLE derived.denied_events AS
SELECT DISTINCT event_id FROM said ANTI JOIN members USING (event_id);

-- Each captured record that proves an event, with its place among them.
CREATE OR REPLACE TEMP TABLE ranked_proofs AS
WITH registered AS (
    SELECT event_id, seq, source, series, 'before' AS role, before_id AS observation_id, NULL AS run_id FROM keyed
    WHERE before_id IS NOT NULL
    UNION ALL SELECT event_id, seq, source, series, 'after', after_id, NULL FROM keyed WHERE after_id IS NOT NULL
    UNION ALL SELECT event_id, seq, source, series, 'absence', NULL, absent_run FROM keyed WHERE absent_run IS NOT NULL
),
shown AS (
    SELECT p.event_id AS told_id, p.role, p.seq, CAST(NULL AS TIMESTAMP) AS decided_at, CAST(NULL AS TIMESTAMP) AS denied_at,
        CAST([] AS STRUCT(since TIMESTAMP, until TIMESTAMP)[]) AS away, 'registration' AS sort, p.source, concat_ws('|', p.source, p.series) AS place, to_json({
            'role': p.role, 'observation_id': p.observation_id, 'source': p.source, 'series': p.series,
            'publisher': run.declaration ->> 'publisher_zh', 'run_id': run.run_id, 'folder': 'runs/' || run.run_id,
            'url': o.url, 'line': o.line, 'fetched_at': strftime(o.fetched_at, '%Y-%m-%dT%H:%M:%SZ'),
            'sha256': o.sha256, 'capture': o.capture,
            'record': CASE WHEN r.record_id IS NOT NULL THEN {
                'uscc': r.uscc_raw, 'name': r.name, 'legal_form': r.legal_form, 'status': r.status_raw,
                'registered_on': r.registered_on_raw, 'approved_on': r.approved_on_raw, 'capital': r.capital_raw,
                'scope': r.scope, 'address': r.address, 'district': r.district, 'registrar': r.registrar} END
        }) AS proof
    FROM registered p
    LEFT JOIN derived.observations o ON o.observation_id = p.observation_id
    LEFT JOIN base.records r ON r.record_id = o.record_id
    LEFT JOIN base.runs run ON run.run_id = coalesce(p.run_id, o.run_id)
    UNION ALL BY NAME SELECT event_id AS told_id, * EXCLUDE (event_id) FROM held_proofs
    UNION ALL BY NAME SELECT event_id AS told_id, * EXCLUDE (event_id) FROM announced_proofs
),
ranked AS (
    SELECT coalesce(a.event_id, s.told_id) AS event_id, s.*, coalesce(own.rank, sorts.rank) AS source_rank,
        greatest(t.finished_at, s.decided_at, getvariable('opens')) AS known_from, s.proof -> 'record' ->> 'quote' AS quote
    FROM shown s
    SEMI JOIN members m ON m.told_id = s.told_id
    JOIN derived.run_order t USING (seq)
    JOIN proof_ranks sorts ON sorts.sort = s.sort AND sorts.source = ''
    LEFT JOIN proof_ranks own ON own.sort = s.sort AND own.source = s.source
    LEFT JOIN told_as a USING (told_id)
),
graded AS (
    SELECT * EXCLUDE (quote),
        -- Who repeats another's sentence adds the least.
        CASE WHEN quote <> '' AND row_number() OVER (
            PARTITION BY event_id, folded(quote), denied_at IS NULL ORDER BY source_rank, seq, place) > 1
         THEN (SELECT max(rank) FROM proof_ranks) + 1 ELSE source_rank END AS rank
    FROM ranked
)
SELECT * EXCLUDE (away, turn) REPLACE (
    told_since(turn, known_from, away) AS known_from, told_until(turn, denied_at, away) AS denied_at)
FROM (SELECT *, unnest(range(len(away) + 1)) AS turn FROM graded);

-- Each event as it was told from when to when: a stronger proof that comes later takes the lead, not the key; when the
-- one that leads is denied the next does, and where there is none the event is taken back.
CREATE OR REPLACE TEMP TABLE epoch_events AS
WITH ranks AS (SELECT told_id, min(rank) AS rank FROM ranked_proofs WHERE role <> 'told' GROUP BY told_id),
instants AS (
    SELECT event_id, known_from AS instant FROM members UNION SELECT event_id, denied_at FROM members WHERE denied_at IS NOT NULL
),
seen AS (
    SELECT i.event_id, i.instant, m.* EXCLUDE (event_id), r.rank,
        first_value(m.happened_on IGNORE NULLS) OVER w AS told_happened_on, bool_or(m.is_settling) OVER w AS settles
    FROM instants i
    LEFT JOIN members m ON m.event_id = i.event_id AND m.known_from <= i.instant AND was_told(i.instant, m.denied_at)
    LEFT JOIN ranks r USING (told_id)
    WINDOW w AS (PARTITION BY i.event_id, i.instant ORDER BY r.rank, m.known_from, m.seq, m.source, m.series
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    QUALIFY row_number() OVER (
        PARTITION BY i.event_id, i.instant ORDER BY r.rank, m.known_from, m.seq, m.source, m.series) = 1
),
turned AS (
    SELECT * FROM seen WINDOW w AS (PARTITION BY event_id ORDER BY instant)
    QUALIFY lag((told_id, seq, source, series)) OVER w IS DISTINCT FROM (told_id, seq, source, series)
        OR lag(told_happened_on) OVER w IS DISTINCT FROM told_happened_on
),
stages AS (
    SELECT * FROM (SELECT *, lead(instant) OVER (PARTITION BY event_id ORDER BY instant) AS ends_at FROM turned)
    WHERE told_id IS NOT NULL
),
proved AS (
    -- What was known, and stood, when the stage ended.
    SELECT s.event_id, s.instant, CAST(to_json(list(p.proof ORDER BY p.rank, p.seq, p.place, p.role DESC)) AS VARCHAR) AS evidence
    FROM stages s JOIN ranked_proofs p ON p.event_id = s.event_id AND p.known_from < until(s.ends_at)
        AND until(p.denied_at) >= until(s.ends_at)
    GROUP BY ALL
)
SELECT e.event_id, c.category, e.kind, e.basis, 'CN-' || e.uscc AS firm_id, e.uscc, e.told_happened_on AS happened_on,
    e.instant AS discovered_at, e.before, e.after, p.evidence, coalesce(e.told_happened_on, e.dated_on) AS dated_on,
    e.settles AS is_settling, e.ends_at
FROM stages e
JOIN proved p USING (event_id, instant)
JOIN derived.event_kinds c USING (kind);
