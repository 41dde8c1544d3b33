-- Detection, from licences and disclosures: whose each of their versions is, by what was known once both it and its firm
-- were. A later namesake takes nothing back.

-- Where each firm was known to be, from which run on.
CREATE OR REPLACE TEMP TABLE whereabouts AS
SELECT o.uscc, o.first_seq AS seq, arg_max(f.in_putuo = 'yes' AND NOT f.gone, (o.source, o.series)) AS is_here
FROM derived.observations o JOIN derived.record_facts f USING (record_id)
WHERE f.in_putuo <> 'unknown' OR f.gone GROUP BY o.uscc, o.first_seq;

-- What was there before is a state: on a first reading all that is not dated within the 14 days before, and later what
-- is older than 180 days, for then we only learn of it late.
CREATE OR REPLACE TEMP MACRO is_told(dated_on, day, is_state) AS
    CASE WHEN is_state THEN dated_on BETWEEN day - 14 AND day + 1 IS TRUE ELSE coalesce(dated_on >= day - 180, true) END;

CREATE OR REPLACE TEMP MACRO short(number) AS regexp_replace(printf('%.2f', CAST(number AS DOUBLE)), '\.?0+$', '');

-- A text for comparing: no blanks, one width, no case.
CREATE OR REPLACE TEMP MACRO folded(said) AS lower(translate(regexp_replace(said, '[\s\x{00a0}\x{3000}]+', '', 'g'),
    '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ（）－，：；＃．',
    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz()-,:;#.'));

CREATE OR REPLACE TEMP TABLE owned AS
WITH held AS (
    SELECT content_id, uscc, holder, address FROM base.licences
    UNION ALL SELECT content_id, uscc, holder, '' FROM base.disclosures
),
-- What a person denies makes no event, but the key of what was told with it stays.
owners AS (
    SELECT uscc, holder, address, owner, owner_seq, rival_seq, match, decided_at, false AS is_denied,
        CAST(NULL AS TIMESTAMP) AS denied_at
    FROM derived.holders WHERE owner IS NOT NULL
    UNION ALL
    SELECT uscc, holder, address, owner, owner_seq, rival_seq, 'person', decided_at, true, denied_at
    FROM derived.denied_holders
)
SELECT v.version_id, v.sort, v.source, v.series, v.said_of, v.spell, v.content_id, v.run_id, v.first_seq,
    h.owner AS uscc, t.seq, t.day, t.is_baseline,
    t.is_baseline AND h.owner_seq > v.first_seq AS firm_is_state,
    h.is_denied, h.denied_at, CASE WHEN h.rival_seq IS NULL OR h.rival_seq <= t.seq THEN h.decided_at END AS decided_at,
    -- When it could be told: whom a name means may have been said by a person, later.
    greatest(t.finished_at, CASE WHEN h.rival_seq IS NULL OR h.rival_seq <= t.seq THEN h.decided_at END) AS told_at
FROM versions v
JOIN held USING (content_id)
JOIN owners h ON h.uscc = held.uscc AND h.holder = held.holder AND h.address = held.address
JOIN derived.run_order t ON t.seq = greatest(v.first_seq, h.owner_seq)
WHERE h.rival_seq IS NULL OR h.rival_seq > t.seq OR h.match = 'person' AND NOT h.is_denied;
