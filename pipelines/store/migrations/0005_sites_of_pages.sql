-- A page is read by where it stands, too: what the district's own site tells is told of the district. Answers that were
-- given without it are of another version, and are given again.

ALTER TABLE memo.readings ADD COLUMN site VARCHAR DEFAULT '';
