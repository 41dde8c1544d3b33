-- The industry that a registrar states, and labels that are given by all that is known of a firm.

ALTER TABLE base.records ADD COLUMN industry VARCHAR DEFAULT '';

-- Answers only save work: those by name and scope alone are given again, by one more question each.
DROP TABLE memo.labels;
CREATE TABLE memo.labels (
    version VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    industry VARCHAR NOT NULL,
    licences VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    sub_sector VARCHAR NOT NULL,
    secondary VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    evidence VARCHAR NOT NULL,
    rules_version VARCHAR NOT NULL
);
