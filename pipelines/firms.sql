-- What is known of each firm now, with its place, its label and the address it shares.

CREATE OR REPLACE TABLE derived.firms AS
WITH gone AS (
    -- Not shown by the last word of every series that ever showed it.
    SELECT uscc, bool_and(next_seq IS NULL AND absent_seq IS NOT NULL) AS not_listed FROM (
        SELECT o.uscc, o.source, o.series, a.absent_seq, a.next_seq
        FROM (SELECT DISTINCT uscc, source, series FROM derived.observations) o
        LEFT JOIN derived.absences a ON a.uscc = o.uscc AND a.source = o.source AND a.series = o.series
            AND a.next_seq IS NULL
    ) GROUP BY uscc
),
decided AS (
    SELECT uscc, grade, sub_sector, decided_by, why FROM base.decisions WHERE kind = 'label'
    QUALIFY row_number() OVER (PARTITION BY uscc ORDER BY decided_at DESC, line DESC) = 1
),
known AS (
    SELECT 'CN-' || f.uscc AS firm_id, f.uscc, f.name,
        coalesce(d.grade, l.grade) AS grade, coalesce(d.sub_sector, l.sub_sector) AS sub_sector,
        CASE WHEN d.uscc IS NULL THEN l.secondary ELSE '' END AS secondary,
        CASE WHEN d.uscc IS NULL THEN l.score ELSE 1.0 END AS score,
        CASE WHEN d.uscc IS NULL THEN l.evidence ELSE d.decided_by || ': ' || d.why END AS label_evidence,
        CASE WHEN d.uscc IS NULL THEN 'rules' ELSE 'person' END AS label_decided_by,
        l.rules_version,
        p.in_putuo, p.place_reason, p.division_told AS district, p.street, p.street_zh, p.street_en,
        p.park, p.park_zh, p.park_en, f.address, p.address_key,
        n.is_branch, n.parent_name, f.legal_form,
        CASE WHEN f.status IN ('active', 'unknown') AND g.not_listed THEN 'not_listed' ELSE f.status END AS status,
        f.registered_on, f.capital, f.capital_currency, f.capital_raw, f.scope,
        f.first_known_at, f.last_seen_at, f.source, f.series, f.url, f.line, f.run_id
    FROM derived.firm_fields f
    JOIN memo.labels l ON l.name = f.name AND l.scope = f.scope
    JOIN memo.names n ON n.name = f.name
    JOIN memo.places p ON p.address = f.address AND p.district = f.district AND p.registrar = f.registrar
        AND p.division = substr(f.uscc, 3, 6)
    JOIN gone g ON g.uscc = f.uscc
    LEFT JOIN decided d ON d.uscc = f.uscc
)
SELECT * EXCLUDE (address_key),
    CASE WHEN address_key = '' OR in_putuo <> 'yes' THEN 1
         ELSE count(*) FILTER (WHERE in_putuo = 'yes' AND status IN ('active', 'unknown'))
              OVER (PARTITION BY address_key) END AS firms_at_address
FROM known;

-- Where each row that was read came out: exactly one account a row.
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
