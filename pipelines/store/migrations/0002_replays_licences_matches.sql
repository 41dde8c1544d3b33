-- Readings that supersede readings, licences, and people's word on whom a name means.

-- Schema 1 grew while it was the newest: a database that was last opened before there was news has none of these.
CREATE TABLE IF NOT EXISTS base.articles (
    content_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    published_on DATE,
    published_on_raw VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    document_number VARCHAR NOT NULL,
    index_number VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    text_from VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS base.article_sightings (
    run_id VARCHAR NOT NULL,
    content_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    sha256 VARCHAR NOT NULL,
    capture VARCHAR NOT NULL,
    copies BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS memo.readings (
    version VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    relevant BOOLEAN NOT NULL,
    score DOUBLE NOT NULL,
    reasons VARCHAR NOT NULL,
    in_putuo BOOLEAN NOT NULL,
    life_health BOOLEAN NOT NULL,
    places_zh VARCHAR NOT NULL,
    places_en VARCHAR NOT NULL,
    claims VARCHAR NOT NULL,
    states BOOLEAN NOT NULL
);

-- The crawl that a replay read again, and when it did; empty and NULL for a crawl.
ALTER TABLE base.runs ADD COLUMN supersedes VARCHAR DEFAULT '';
ALTER TABLE base.runs ADD COLUMN replayed_at TIMESTAMP;

-- What an authority said of a licence, once for each distinct content: `content_id` is the hash of all stated fields.
CREATE TABLE base.licences (
    content_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    licence_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    number VARCHAR NOT NULL,
    holder VARCHAR NOT NULL,
    uscc VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    storage_address VARCHAR NOT NULL,
    authority VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    status_raw VARCHAR NOT NULL,
    granted_on DATE,
    granted_on_raw VARCHAR NOT NULL,
    valid_until DATE,
    valid_until_raw VARCHAR NOT NULL
);

-- Which run saw it, and in which reply: one row for each licence of each run.
CREATE TABLE base.licence_sightings (
    run_id VARCHAR NOT NULL,
    content_id VARCHAR NOT NULL,
    licence_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    sha256 VARCHAR NOT NULL,
    capture VARCHAR NOT NULL,
    copies BIGINT NOT NULL
);

-- Filled anew from decisions.jsonl on every load, so its rows need not be kept. A line that another one withdraws is
-- not in it. `uscc` is the firm spoken of; `article_id` is empty where a name means the firm wherever it stands.
DROP TABLE base.decisions;
CREATE TABLE base.decisions (
    line BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    uscc VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    sub_sector VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    why VARCHAR NOT NULL
);

-- From here on it is told which migration came when.
ALTER TABLE base.schema_version ADD COLUMN name VARCHAR;
ALTER TABLE base.schema_version ADD COLUMN applied_at TIMESTAMP;
UPDATE base.schema_version SET name = '0001_runs_and_records' WHERE version = 1;
