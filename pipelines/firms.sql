-- What is known of each firm now, with its place, its label and the address it shares. The label is by all that is known
-- of the firm itself (subjects.sql), that of its past states by what each of them says; a person's word beats both.

CREATE OR REPLACE TABLE derived.firms AS
WITH decided AS (
    SELECT uscc, grade, sub_sector, decided_by, why FROM base.decisions WHERE kind = 'label'
    QUALIFY row_number() OVER (PARTITION BY uscc ORDER BY decided_at DESC, line DESC) = 1
),
spoken AS (
    SELECT o.uscc, min(seen_from) AS first_known_at, max(last_seen_at) AS last_seen_at,
        arg_max(observation_id, first_seq) AS observation_id
    FROM derived.observations o GROUP BY o.uscc
),
known AS (
    SELECT s.* EXCLUDE (state_id, grade, sub_sector, secondary, score, label_evidence, rules_version, status),
        coalesce(d.grade, l.grade) AS grade, coalesce(d.sub_sector, l.sub_sector) AS sub_sector,
        CASE WHEN d.uscc IS NULL THEN l.secondary ELSE '' END AS secondary,
        CASE WHEN d.uscc IS NULL THEN l.score ELSE 1.0 END AS score, l.rules_version,
        CASE WHEN d.uscc IS NULL THEN l.evidence ELSE d.decided_by || ': ' || d.why END AS label_evidence,
        CASE WHEN d.uscc IS NULL THEN 'rules' ELSE 'person' END AS label_decided_by,
        CASE WHEN s.status IN ('active', 'unknown') AND j.not_listed THEN 'not_listed' ELSE s.status END AS status,
        j.name_en, j.licences AS licence_kinds, k.first_known_at, k.last_seen_at, o.source, o.series, o.url, o.line, o.run_id
    FROM subjects j
    JOIN derived.firm_states s USING (state_id)
    JOIN memo.labels l ON l.name = j.name AND l.scope = j.scope AND l.name_en = j.name_en AND l.industry = j.industry
        AND l.licences = j.licences
    JOIN spoken k ON k.uscc = s.uscc
    JOIN derived.observations o ON o.observation_id = k.observation_id
    LEFT JOIN decided d ON d.uscc = s.uscc
)
SELECT * EXCLUDE (address_key),
    CASE WHEN address_key = '' OR in_putuo <> 'yes' THEN 1
         ELSE count(*) FILTER (WHERE in_putuo = 'yes' AND status IN ('active', 'unknown'))
              OVER (PARTITION BY address_key) END AS firms_at_address
FROM known;

DROP TABLE subjects;

-- Where each row that was read came out, by what the row itself says: exactly one account a row.
CREATE OR REPLACE TABLE derived.row_accounts AS
WITH accounted AS (
    SELECT s.run_id, s.copies,
        CASE WHEN f.in_putuo <> 'yes' THEN 'not_in_putuo'
             WHEN f.grade = 'none' THEN 'not_life_health'
             WHEN f.grade = 'peripheral' THEN 'peripheral'
             ELSE 'core' END AS account
    FROM base.sightings s JOIN derived.record_facts f USING (record_id)
),
kept AS (
    SELECT run_id, sum(copies) AS rows, sum(copies - 1) AS repeated,
        count(*) FILTER (WHERE account = 'core') AS core,
        count(*) FILTER (WHERE account = 'peripheral') AS peripheral,
        count(*) FILTER (WHERE account = 'not_life_health') AS not_life_health,
        count(*) FILTER (WHERE account = 'not_in_putuo') AS not_in_putuo
    FROM accounted GROUP BY run_id
),
aside AS (SELECT run_id, count(*) AS quarantined FROM base.quarantine GROUP BY run_id)
SELECT run_id, CAST(coalesce(rows, 0) + coalesce(quarantined, 0) AS BIGINT) AS rows,
    CAST(coalesce(core, 0) AS BIGINT) AS core, CAST(coalesce(peripheral, 0) AS BIGINT) AS peripheral,
    CAST(coalesce(not_life_health, 0) AS BIGINT) AS not_life_health,
    CAST(coalesce(not_in_putuo, 0) AS BIGINT) AS not_in_putuo,
    CAST(coalesce(quarantined, 0) AS BIGINT) AS quarantined, CAST(coalesce(repeated, 0) AS BIGINT) AS repeated
FROM kept FULL JOIN aside USING (run_id);
