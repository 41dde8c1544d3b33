-- Each place of business or warehouse of a licence as printed, beside what its list printed before. An empty cell is no
-- statement, and must not come between two that are.
CREATE OR REPLACE TEMP TABLE premises_stated AS
WITH said AS (
    SELECT v.version_id, v.source, v.series, v.said_of, v.spell, unnest([
        {'field': 'address', 'text': l.address}, {'field': 'storage_address', 'text': l.storage_address}], recursive := true)
    FROM versions v JOIN base.licences l USING (content_id) WHERE v.sort = 'licence'
),
stepped AS (
    SELECT version_id, text AS after,
        last_value(CASE WHEN text <> '' THEN {'id': version_id, 'text': text} END IGNORE NULLS) OVER (
            PARTITION BY source, series, said_of, field ORDER BY spell
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS stated
    FROM said
)
SELECT version_id, stated.id AS before_id, stated.text AS before, after FROM stepped
WHERE after <> '' AND stated.text <> after;
