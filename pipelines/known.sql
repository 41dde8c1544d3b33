-- What we know today beside what we knew: the readings of every epoch together. An epoch ends where a replay took the
-- place of a reading; what was known in it stays known of it.

CREATE OR REPLACE TABLE derived.firm_history AS
WITH held AS (SELECT * FROM past_history UNION ALL BY NAME SELECT * FROM epoch_history),
stepped AS (
    SELECT *, lag(known_to) OVER w IS DISTINCT FROM known_from AS starts FROM held
    WINDOW w AS (PARTITION BY uscc, state_id, not_listed, valid_from, valid_to, valid_basis ORDER BY known_from)
),
stretches AS (
    SELECT *, sum(CAST(starts AS BIGINT)) OVER (
            PARTITION BY uscc, state_id, not_listed, valid_from, valid_to, valid_basis ORDER BY known_from) AS stretch
    FROM stepped
)
SELECT 'CN-' || uscc AS firm_id, state_id, not_listed, valid_from, valid_to, valid_basis,
    min(known_from) AS known_from, CASE WHEN bool_and(known_to IS NOT NULL) THEN max(known_to) END AS known_to
FROM stretches GROUP BY uscc, state_id, not_listed, valid_from, valid_to, valid_basis, stretch;

-- Each thing that is or was known to be true of a firm, with what our rules say of it: where that is, which sub-sector.
-- A past state is labelled by its name, scope and industry. Licences and English names have other histories than states:
-- they count for the firm as it is known now (firms.sql), and for no past of it.
CREATE OR REPLACE TABLE derived.firm_states AS
WITH told AS (
    SELECT * EXCLUDE (mix) FROM states
    UNION ALL BY NAME SELECT * FROM past_states
),
once AS (
    -- A state of a firm that was said only one thing of can be there twice only if a replay took a reading's place.
    SELECT * FROM told QUALIFY row_number() OVER (PARTITION BY state_id) = 1
)
SELECT s.state_id, 'CN-' || s.uscc AS firm_id, s.uscc, s.name, l.grade, l.sub_sector, l.secondary, l.score,
    l.evidence AS label_evidence, l.rules_version,
    p.in_putuo, p.place_reason, p.division_told AS district, p.street, p.street_zh, p.street_en, p.park, p.park_zh,
    p.park_en, s.address, p.address_key, n.is_branch, n.parent_name, s.legal_form, s.status, s.registered_on,
    s.capital, s.capital_currency, s.capital_raw, s.scope, s.industry
FROM once s
JOIN memo.labels l ON l.name = s.name AND l.scope = s.scope AND l.industry = s.industry
    AND l.name_en = '' AND l.licences = ''
JOIN memo.names n ON n.name = s.name
JOIN memo.places p ON p.address = s.address AND p.district = s.district AND p.registrar = s.registrar
    AND p.division = substr(s.uscc, 3, 6)
WHERE s.state_id IN (SELECT state_id FROM derived.firm_history);

-- Each event with the stretches of time in which we held it to have happened, a row for each epoch that knew it and, in
-- it, for each proof that led.
CREATE OR REPLACE TABLE derived.event_history AS
SELECT * FROM (
    SELECT * RENAME (discovered_at AS known_from, ends_at AS known_to) FROM epoch_events
    UNION ALL BY NAME SELECT * RENAME (discovered_at AS known_from) FROM past_events
) WHERE known_to IS NULL OR known_from < known_to;

-- An event is discovered when the first epoch that knew it did. One that a better reading does not confirm, or a
-- person denies, is taken back, and stays with the day on which it was.
CREATE OR REPLACE TABLE derived.events AS
WITH held AS (
    SELECT * EXCLUDE (known_from, known_to), min(known_from) OVER (PARTITION BY event_id) AS discovered_at,
        CAST(min(known_from) OVER (PARTITION BY event_id) + INTERVAL 8 HOUR AS DATE) AS discovered_on
    FROM derived.event_history QUALIFY known_to IS NULL
),
-- What was announced, and what showed it to be so: the first turn that registrations show after it, or a licence here.
confirming AS (
    SELECT a.event_id AS announced_id, a.discovered_at AS announced_at, c.event_id AS confirming_id, c.discovered_at
    FROM held a
    JOIN held c ON c.uscc = a.uscc AND c.event_id <> a.event_id AND c.discovered_at >= a.discovered_at
        AND is_one_arrival(a.dated_on, c.dated_on) AND c.basis NOT IN ('announced', 'filed')
        AND ((a.kind = 'arrival_announced' AND (c.category = 'arrival' OR c.is_settling))
            OR (a.category = 'departure' AND a.basis = 'announced' AND c.kind IN ('moved_out', 'deregistered')))
    QUALIFY row_number() OVER (PARTITION BY a.event_id, c.is_settling ORDER BY c.discovered_at, c.event_id) = 1 OR c.is_settling
)
SELECT s.*, c.announced_id AS confirms, a.confirming_id AS confirmed_by, n.aliases
FROM held s
LEFT JOIN (SELECT event_id, string_agg(told_id, '|' ORDER BY told_id) AS aliases
    FROM told_as JOIN tellings USING (told_id) WHERE told_id <> event_id AND denied_at IS NULL GROUP BY event_id) n USING (event_id)
LEFT JOIN (SELECT confirming_id, arg_min(announced_id, (announced_at, announced_id)) AS announced_id
    FROM confirming GROUP BY confirming_id) c ON c.confirming_id = s.event_id
LEFT JOIN (SELECT announced_id, arg_min(confirming_id, (discovered_at, confirming_id)) AS confirming_id
    FROM confirming GROUP BY announced_id) a ON a.announced_id = s.event_id;

-- What would be an event of its own, were it not told of one already.
CREATE OR REPLACE TABLE derived.merged_events AS
SELECT told_id AS event_id FROM told_as t WHERE t.told_id <> t.event_id
    AND told_id NOT IN (SELECT e.event_id FROM derived.events e);

CREATE OR REPLACE TABLE derived.retracted_events AS
SELECT * EXCLUDE (known_from, known_to), min(known_from) OVER (PARTITION BY event_id) AS discovered_at,
    CAST(min(known_from) OVER (PARTITION BY event_id) + INTERVAL 8 HOUR AS DATE) AS discovered_on,
    known_to AS retracted_at
FROM derived.event_history
QUALIFY bool_and(known_to IS NOT NULL) OVER (PARTITION BY event_id)
    AND row_number() OVER (PARTITION BY event_id ORDER BY known_to DESC) = 1;

-- Observations of readings that others have taken the place of.
CREATE OR REPLACE TABLE derived.superseded_observations AS
SELECT * FROM past_observations ANTI JOIN derived.observations USING (observation_id)
QUALIFY row_number() OVER (PARTITION BY observation_id ORDER BY superseded_at DESC) = 1;

DROP TABLE past_history; DROP TABLE past_states; DROP TABLE past_events; DROP TABLE past_observations; DROP TABLE past_keys;
DROP TABLE past_tellings;
