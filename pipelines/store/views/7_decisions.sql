-- The analyst's surface: what people decided.

CREATE OR REPLACE VIEW decisions AS
WITH told AS (
    SELECT *, EXISTS (
        -- A name means one firm: whom it means now, it meant no other.
        SELECT 1 FROM base.decisions later
        WHERE later.kind = d.kind AND (later.decided_at, later.line) > (d.decided_at, d.line)
            AND lower(later.name) = lower(d.name) AND later.article_id = d.article_id
            AND (later.uscc = d.uscc OR (later.verdict = 'same' AND d.verdict = 'same'))
    ) AS is_overruled FROM base.decisions d
)
SELECT d.line, d.kind, 'CN-' || d.uscc AS firm_id, d.uscc, f.name, nullif(d.grade, '') AS grade,
    nullif(d.sub_sector, '') AS sub_sector, nullif(d.name, '') AS matched, nullif(d.verdict, '') AS verdict,
    nullif(d.article_id, '') AS article_id, a.title, d.decided_by, d.decided_at,
    CAST(d.decided_at + INTERVAL 8 HOUR AS DATE) AS decided_on, d.why, d.is_overruled
FROM told d LEFT JOIN derived.firms f USING (uscc) LEFT JOIN derived.articles a USING (article_id);
COMMENT ON VIEW decisions IS 'What people decided, one row a decision: which sub-sector a firm is of (label), and whom a name in an article means (match). Those taken back are not here; decisions.jsonl keeps every line.';
COMMENT ON COLUMN decisions.line IS 'Line of decisions.jsonl: what scrapy review takes back.';
COMMENT ON COLUMN decisions.kind IS 'label or match.';
COMMENT ON COLUMN decisions.firm_id IS 'The firm it is about: see firms.';
COMMENT ON COLUMN decisions.uscc IS 'Credit code of that firm.';
COMMENT ON COLUMN decisions.name IS 'Name of that firm as known now; NULL where no registration has shown it.';
COMMENT ON COLUMN decisions.grade IS 'Of a label the grade decided on: core, peripheral or none.';
COMMENT ON COLUMN decisions.sub_sector IS 'Of a label the sub-sector decided on, or none.';
COMMENT ON COLUMN decisions.matched IS 'Of a match the name, as the article writes it.';
COMMENT ON COLUMN decisions.verdict IS 'Of a match: same (the name means the firm), different (it does not) or unsure (somebody looked; the rules decide, whatever was said before).';
COMMENT ON COLUMN decisions.article_id IS 'Of a match the one article it holds for; NULL where it holds wherever the name stands.';
COMMENT ON COLUMN decisions.title IS 'Title of that article.';
COMMENT ON COLUMN decisions.decided_by IS 'Who decided, as he signed.';
COMMENT ON COLUMN decisions.decided_at IS 'When (UTC).';
COMMENT ON COLUMN decisions.decided_on IS 'The same day in Asia/Shanghai.';
COMMENT ON COLUMN decisions.why IS 'Why, in his words.';
COMMENT ON COLUMN decisions.is_overruled IS 'A later decision on the same matter took its place: the newest counts.';
