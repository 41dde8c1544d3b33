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
    SELECT content_id, uscc, holder FROM base.licences UNION ALL SELECT content_id, uscc, holder FROM base.disclosures
)
SELECT v.version_id, v.sort, v.source, v.series, v.said_of, v.spell, v.content_id, v.run_id, v.first_seq,
    h.owner AS uscc, t.seq, t.day, t.is_baseline,
    t.is_baseline AND h.owner_seq > v.first_seq AS firm_is_state
FROM versions v
JOIN held USING (content_id)
JOIN derived.holders h ON h.uscc = held.uscc AND h.holder = held.holder
JOIN derived.run_order t ON t.seq = greatest(v.first_seq, h.owner_seq)
WHERE h.rival_seq IS NULL OR h.rival_seq > t.seq;
