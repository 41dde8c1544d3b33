-- From observations to firms over two times: what was true from when to when, and from when to when we held that to be
-- so. What is said later of an earlier day changes what we know of that day, never what we knew.

-- What moves a firm's history: a record, and leaving or coming back to the lists. A firm is not listed when the last
-- word of every series that ever showed it is that it is absent.
CREATE OR REPLACE TEMP TABLE statements AS
WITH marks AS (
    SELECT o.uscc, o.source, o.series, min(o.first_seq) AS seq, false AS absent
    FROM derived.observations o SEMI JOIN derived.absences USING (uscc) GROUP BY ALL
    UNION ALL SELECT uscc, source, series, absent_seq, true FROM derived.absences
    UNION ALL SELECT uscc, source, series, next_seq, false FROM derived.absences WHERE next_seq IS NOT NULL
),
last_words AS (
    SELECT m.uscc, m.seq, k.source, k.series, arg_max(k.absent, k.seq) AS absent
    FROM (SELECT DISTINCT uscc, seq FROM marks) m JOIN marks k ON k.uscc = m.uscc AND k.seq <= m.seq GROUP BY ALL
),
judged AS (SELECT uscc, seq, bool_and(absent) AS not_listed FROM last_words GROUP BY uscc, seq),
turns AS (
    SELECT * FROM judged
    QUALIFY not_listed <> coalesce(lag(not_listed) OVER (PARTITION BY uscc ORDER BY seq), false)
)
SELECT uscc, source, series, spell, first_seq AS seq, stated_from AS day, is_dated, record_id,
    CAST(NULL AS BOOLEAN) AS not_listed
FROM derived.observations
UNION ALL
SELECT uscc, '', '', 0, seq, t.day, false, NULL, not_listed FROM turns JOIN derived.run_order t USING (seq);

-- Most firms were said one thing of, once.
CREATE OR REPLACE TEMP TABLE singles AS
SELECT uscc, any_value(record_id) AS record_id, any_value(seq) AS seq, any_value(day) AS day, any_value(is_dated) AS is_dated
FROM statements GROUP BY uscc HAVING count(*) = 1;

-- Of the others each state of knowledge: all that was said until then, in the order in which it was true. For each field
-- the word of whoever last stated one: who merely repeats an old word must not outshout who has a newer one, and an
-- empty cell is no statement.
CREATE OR REPLACE TEMP TABLE lines AS
WITH moments AS (
    -- Of what was known before this epoch began only the last state is of it.
    SELECT uscc, seq AS known_seq FROM (SELECT DISTINCT uscc, seq FROM statements ANTI JOIN singles USING (uscc))
    JOIN derived.run_order USING (seq)
    QUALIFY (finished_at >= getvariable('opens')) IS NOT FALSE
        OR seq = max(seq) FILTER (WHERE finished_at < getvariable('opens')) OVER (PARTITION BY uscc)
),
known AS (
    SELECT m.known_seq, s.* EXCLUDE (day), least(
            -- A series' later word on an earlier day ends what it said in between.
            min(day) OVER (PARTITION BY s.uscc, known_seq, source, series ORDER BY s.seq
                ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING),
            -- The first word of a series that gives no day may be an old one: one read later that is dated ends it.
            CASE WHEN spell = 1 AND NOT is_dated THEN min(day) FILTER (WHERE is_dated) OVER (
                PARTITION BY s.uscc, known_seq ORDER BY s.seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) END
        ) AS day
    FROM moments m JOIN statements s ON s.uscc = m.uscc AND s.seq <= m.known_seq
),
said AS (
    SELECT s.*, r.registered_on,
        CASE WHEN r.name <> '' THEN s.record_id END AS names,
        CASE WHEN r.legal_form <> '' THEN s.record_id END AS forms,
        CASE WHEN r.status <> 'unknown' THEN s.record_id END AS states,
        CASE WHEN r.registered_on IS NOT NULL THEN s.record_id END AS days,
        CASE WHEN r.capital IS NOT NULL THEN s.record_id END AS amounts,
        CASE WHEN r.capital_raw <> '' THEN s.record_id END AS printed,
        CASE WHEN r.scope <> '' THEN s.record_id END AS scopes,
        CASE WHEN r.industry <> '' THEN s.record_id END AS industries,
        CASE WHEN r.address <> '' THEN s.record_id END AS addresses,
        CASE WHEN r.address <> '' OR r.district <> '' THEN s.record_id END AS districts,
        CASE WHEN r.address <> '' OR r.registrar <> '' THEN s.record_id END AS registrars
    FROM known s LEFT JOIN base.records r USING (record_id)
),
carried AS (
    SELECT uscc, known_seq, day, seq, record_id,
        coalesce(last_value(not_listed IGNORE NULLS) OVER w, false) AS not_listed,
        last_value(names IGNORE NULLS) OVER w AS name_of, last_value(forms IGNORE NULLS) OVER w AS form_of,
        last_value(states IGNORE NULLS) OVER w AS status_of, last_value(days IGNORE NULLS) OVER w AS registered_of,
        last_value(amounts IGNORE NULLS) OVER w AS capital_of, last_value(printed IGNORE NULLS) OVER w AS printed_of,
        last_value(scopes IGNORE NULLS) OVER w AS scope_of, last_value(industries IGNORE NULLS) OVER w AS industry_of,
        last_value(addresses IGNORE NULLS) OVER w AS address_of,
        last_value(districts IGNORE NULLS) OVER w AS district_of,
        last_value(registrars IGNORE NULLS) OVER w AS registrar_of,
        last_value(registered_on IGNORE NULLS) OVER w AS registered_on,
        bool_or(is_dated) OVER (PARTITION BY uscc, known_seq, day) AS is_dated
    FROM said
    WINDOW w AS (PARTITION BY uscc, known_seq ORDER BY day, seq, record_id IS NULL ROWS UNBOUNDED PRECEDING)
)
SELECT * EXCLUDE (seq, record_id), md5(concat_ws('|', uscc, coalesce(name_of, ''), coalesce(form_of, ''),
        coalesce(status_of, ''), coalesce(registered_of, ''), coalesce(capital_of, ''), coalesce(printed_of, ''),
        coalesce(scope_of, ''), coalesce(industry_of, ''), coalesce(address_of, ''), coalesce(district_of, ''),
        coalesce(registrar_of, ''))) AS mix
FROM carried WHERE name_of IS NOT NULL
-- Of what begins on one day the last counts.
QUALIFY row_number() OVER (PARTITION BY uscc, known_seq, day ORDER BY seq DESC, record_id IS NULL DESC) = 1;

CREATE OR REPLACE TEMP TABLE mixtures AS
SELECT m.mix, m.uscc, n.name, coalesce(f.legal_form, '') AS legal_form, coalesce(s.status, 'unknown') AS status,
    d.registered_on, c.capital, coalesce(c.capital_currency, '') AS capital_currency,
    -- The printed text beside the amount it gave; where no amount was ever read, whatever is printed.
    coalesce(c.capital_raw, p.capital_raw, '') AS capital_raw, coalesce(o.scope, '') AS scope,
    coalesce(u.industry, '') AS industry, coalesce(a.address, '') AS address, coalesce(i.district, '') AS district,
    coalesce(g.registrar, '') AS registrar
FROM (SELECT * FROM lines QUALIFY row_number() OVER (PARTITION BY mix ORDER BY known_seq, day) = 1) m
JOIN base.records n ON n.record_id = m.name_of
LEFT JOIN base.records f ON f.record_id = m.form_of
LEFT JOIN base.records s ON s.record_id = m.status_of
LEFT JOIN base.records d ON d.record_id = m.registered_of
LEFT JOIN base.records c ON c.record_id = m.capital_of
LEFT JOIN base.records p ON p.record_id = m.printed_of
LEFT JOIN base.records o ON o.record_id = m.scope_of
LEFT JOIN base.records u ON u.record_id = m.industry_of
LEFT JOIN base.records a ON a.record_id = m.address_of
LEFT JOIN base.records i ON i.record_id = m.district_of
LEFT JOIN base.records g ON g.record_id = m.registrar_of;

-- What can be said of a firm; the id is the hash of what it says, so that the same said again is the same state. One
-- without an industry keeps the id it had before any was read.
CREATE OR REPLACE TEMP VIEW states AS
SELECT md5(concat_ws(chr(31), uscc, name, legal_form, status, coalesce(CAST(registered_on AS VARCHAR), ''),
        coalesce(CAST(capital AS VARCHAR), ''), capital_currency, capital_raw, scope, address, district, registrar,
        nullif(industry, '')))
    AS state_id, *
FROM (
    SELECT * FROM mixtures
    UNION ALL BY NAME
    SELECT r.record_id AS mix, r.uscc, r.name, r.legal_form, r.status, r.registered_on, r.capital, r.capital_currency,
        r.capital_raw, r.scope, r.industry, r.address, r.district, r.registrar
    FROM singles JOIN base.records r USING (record_id)
);

-- The first that is known of a firm is taken to have held since it was registered, unless a later change is dated, or
-- its code says that it was registered in another district: then it has moved since.
CREATE OR REPLACE TEMP TABLE epoch_history AS
WITH placed AS (
    SELECT uscc, mix, not_listed, known_seq, day, is_dated, registered_on, lead(day) OVER w AS valid_to,
        row_number() OVER w AS place
    FROM lines WINDOW w AS (PARTITION BY uscc, known_seq ORDER BY day)
    UNION ALL
    SELECT s.uscc, s.record_id, false, s.seq, s.day, s.is_dated, r.registered_on, NULL, 1
    FROM singles s JOIN base.records r USING (record_id)
),
moments AS (
    SELECT uscc, known_seq, greatest(finished_at, coalesce(getvariable('opens'), finished_at)) AS known_from
    FROM (SELECT DISTINCT uscc, known_seq FROM placed) JOIN derived.run_order t ON t.seq = known_seq
),
spans AS (
    SELECT *, coalesce(lead(known_from) OVER (PARTITION BY uscc ORDER BY known_seq), getvariable('closes')) AS known_to
    FROM moments
)
SELECT p.uscc, s.state_id, p.not_listed,
    CASE WHEN is_older THEN p.registered_on ELSE p.day END AS valid_from, p.valid_to,
    CASE WHEN p.is_dated THEN 'approved' WHEN is_older THEN 'registered' ELSE 'seen' END AS valid_basis,
    k.known_from, k.known_to
FROM (
    SELECT placed.*, place = 1 AND NOT is_dated AND registered_on BETWEEN DATE '1949-10-01' AND day IS TRUE
        AND kind <> 'elsewhere' AS is_older
    FROM placed JOIN derived.divisions ON division = substr(uscc, 3, 6)
) p
JOIN states s USING (mix)
JOIN spans k ON k.uscc = p.uscc AND k.known_seq = p.known_seq
WHERE k.known_to IS NULL OR k.known_from < k.known_to;
