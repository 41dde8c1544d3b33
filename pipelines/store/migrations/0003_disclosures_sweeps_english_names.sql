-- What public registers and notices disclose of organisations, lists that are read over several nights, English names.

ALTER TABLE base.records ADD COLUMN name_en VARCHAR DEFAULT '';

-- Which reading of a long list a run is a part of; empty where one run reads it all. `warnings` is a JSON list of texts.
ALTER TABLE base.runs ADD COLUMN sweep VARCHAR DEFAULT '';
ALTER TABLE base.runs ADD COLUMN warnings VARCHAR DEFAULT '[]';

-- What a register or a notice said of an act, once for each distinct content: `content_id` is the hash of all stated
-- fields.
CREATE TABLE base.disclosures (
    content_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    disclosure_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    holder VARCHAR NOT NULL,
    uscc VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    document_number VARCHAR NOT NULL,
    amount DECIMAL(20, 4),
    currency VARCHAR NOT NULL,
    amount_raw VARCHAR NOT NULL,
    happened_on DATE,
    happened_on_raw VARCHAR NOT NULL,
    published_on DATE,
    published_on_raw VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    language VARCHAR NOT NULL
);

-- Which run saw it, and in which reply: one row for each disclosure of each run.
CREATE TABLE base.disclosure_sightings (
    run_id VARCHAR NOT NULL,
    content_id VARCHAR NOT NULL,
    disclosure_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    sha256 VARCHAR NOT NULL,
    capture VARCHAR NOT NULL,
    copies BIGINT NOT NULL
);
