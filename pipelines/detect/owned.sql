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

-- A word stands since `decided_at` (NULL: nobody's was needed) and until `denied_at` (NULL: still). What was denied before
-- it could be told was never told. `away` are the times in between in which it was denied.
CREATE OR REPLACE TEMP MACRO was_told(told_at, denied_at) AS denied_at IS NULL OR told_at < denied_at;
-- The stretches in which it was told: before it was first away (turn 0), and after each time.
CREATE OR REPLACE TEMP MACRO told_since(turn, told_at, away) AS CASE WHEN turn = 0 THEN told_at ELSE greatest(told_at, away[turn].until) END;
CREATE OR REPLACE TEMP MACRO told_until(turn, denied_at, away) AS least(denied_at, away[turn + 1].since);
CREATE OR REPLACE TEMP MACRO both_times(away, hidden) AS list_sort(list_concat(away, hidden));
CREATE OR REPLACE TEMP MACRO until(denied_at) AS coalesce(denied_at, TIMESTAMP 'infinity');

CREATE OR REPLACE TEMP TABLE owned AS
WITH held AS (
    SELECT content_id, uscc, holder, address FROM base.licences
    UNION ALL SELECT content_id, uscc, holder, '' FROM base.disclosures
),
attributed AS (
    SELECT v.version_id, v.sort, v.source, v.series, v.said_of, v.spell, v.content_id, v.run_id, v.first_seq,
        h.owner AS uscc, t.seq, t.day, t.is_baseline, t.finished_at,
        t.is_baseline AND h.owner_seq > v.first_seq AS firm_is_state, h.decided_at, h.denied_at, h.away
    FROM versions v
    JOIN held USING (content_id)
    JOIN derived.owners h ON h.uscc = held.uscc AND h.holder = held.holder AND h.address = held.address
    JOIN derived.run_order t ON t.seq = greatest(v.first_seq, h.owner_seq)
    WHERE h.rival_seq IS NULL OR h.rival_seq > t.seq
),
-- Of one firm by the rules first and by a person's word then is of it all the while.
whole AS (
    SELECT * FROM attributed WHERE decided_at IS NULL AND denied_at IS NULL
    UNION ALL BY NAME
    SELECT * EXCLUDE (decided_at, denied_at, away), CASE WHEN bool_and(decided_at IS NOT NULL) THEN min(decided_at) END AS decided_at,
        CASE WHEN bool_and(denied_at IS NOT NULL) THEN max(denied_at) END AS denied_at,
        CASE WHEN count(*) = 1 THEN any_value(away) ELSE [] END AS away
    FROM attributed WHERE decided_at IS NOT NULL OR denied_at IS NOT NULL GROUP BY ALL
)
-- When it could be told: whom a name means may have been said by a person, later.
SELECT * EXCLUDE (finished_at), greatest(finished_at, decided_at) AS told_at FROM whole;
