-- Keeps what was known in an epoch that has ended, beside that of the epochs before it. Today's epoch has not ended:
-- it is not among the past ones.

CREATE TEMP TABLE IF NOT EXISTS past_history AS SELECT * FROM epoch_history LIMIT 0;
CREATE TEMP TABLE IF NOT EXISTS past_states AS SELECT * EXCLUDE (mix) FROM states LIMIT 0;
CREATE TEMP TABLE IF NOT EXISTS past_events AS
SELECT * RENAME (ends_at AS known_to) FROM epoch_events LIMIT 0;
CREATE TEMP TABLE IF NOT EXISTS past_observations AS
SELECT *, CAST(NULL AS TIMESTAMP) AS superseded_at FROM derived.observations LIMIT 0;

INSERT INTO past_history BY NAME SELECT * FROM epoch_history
WHERE getvariable('closes') IS NOT NULL;
INSERT INTO past_states BY NAME SELECT * EXCLUDE (mix) FROM states ANTI JOIN past_states USING (state_id)
WHERE getvariable('closes') IS NOT NULL;
INSERT INTO past_events BY NAME
SELECT * EXCLUDE (ends_at), least(ends_at, getvariable('closes')) AS known_to FROM epoch_events
WHERE getvariable('closes') IS NOT NULL;
INSERT INTO past_observations BY NAME SELECT *, getvariable('closes') AS superseded_at FROM derived.observations
WHERE getvariable('closes') IS NOT NULL;
INSERT INTO past_keys BY NAME SELECT * EXCLUDE (occurrence), getvariable('closes') AS closes FROM epoch_keys
WHERE getvariable('closes') IS NOT NULL;
INSERT INTO past_tellings
SELECT told_id, coalesce(a.event_id, told_id), getvariable('closes') FROM tellings LEFT JOIN told_as a USING (told_id)
WHERE getvariable('closes') IS NOT NULL;
