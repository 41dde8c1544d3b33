-- The loader's own tables. `base` holds what runs and people said, append-only; `memo` holds what our pure functions
-- answered, by their input, so that nothing is computed twice; `derived` is made anew from both on every load.
-- All timestamps are UTC without zone; keys are texts, so that every tool can read them.

CREATE SCHEMA base;
CREATE SCHEMA memo;
CREATE SCHEMA derived;

CREATE TABLE base.schema_version (version INTEGER NOT NULL);

CREATE TABLE base.runs (
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    series VARCHAR NOT NULL,
    listing VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    lists_everything BOOLEAN NOT NULL,
    items BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    parser VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL,
    declaration VARCHAR NOT NULL
);

-- What a source said of a firm, once for each distinct content: `record_id` is the hash of all stated fields.
CREATE TABLE base.records (
    record_id VARCHAR NOT NULL,
    uscc VARCHAR NOT NULL,
    uscc_raw VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    legal_form VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    status_raw VARCHAR NOT NULL,
    registered_on DATE,
    registered_on_raw VARCHAR NOT NULL,
    approved_on DATE,
    approved_on_raw VARCHAR NOT NULL,
    capital DECIMAL(20, 4),
    capital_currency VARCHAR NOT NULL,
    capital_raw VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    district VARCHAR NOT NULL,
    registrar VARCHAR NOT NULL
);

-- Who said it when, and where it stands: one row for each firm of each run.
CREATE TABLE base.sightings (
    run_id VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    uscc VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    sha256 VARCHAR NOT NULL,
    capture VARCHAR NOT NULL,
    copies BIGINT NOT NULL
);

-- What a publisher said in an article, once for each distinct content: `content_id` is the hash of all stated fields.
CREATE TABLE base.articles (
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

-- Which run saw it, and in which reply: one row for each article of each run.
CREATE TABLE base.article_sightings (
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

CREATE TABLE base.quarantine (
    run_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    uscc VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    cells VARCHAR NOT NULL
);

-- What people decided (decisions.jsonl); the latest decision on a firm counts.
CREATE TABLE base.decisions (
    line BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    uscc VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    sub_sector VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    why VARCHAR NOT NULL
);

CREATE TABLE memo.places (
    version VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    district VARCHAR NOT NULL,
    registrar VARCHAR NOT NULL,
    division VARCHAR NOT NULL,
    in_putuo VARCHAR NOT NULL,
    place_reason VARCHAR NOT NULL,
    division_told VARCHAR NOT NULL,
    street VARCHAR NOT NULL,
    street_zh VARCHAR NOT NULL,
    street_en VARCHAR NOT NULL,
    park VARCHAR NOT NULL,
    park_zh VARCHAR NOT NULL,
    park_en VARCHAR NOT NULL,
    address_key VARCHAR NOT NULL
);

CREATE TABLE memo.labels (
    version VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    sub_sector VARCHAR NOT NULL,
    secondary VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    evidence VARCHAR NOT NULL,
    rules_version VARCHAR NOT NULL
);

CREATE TABLE memo.names (
    version VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    is_branch BOOLEAN NOT NULL,
    parent_name VARCHAR NOT NULL
);

CREATE TABLE memo.scope_changes (
    version VARCHAR NOT NULL,
    before VARCHAR NOT NULL,
    after VARCHAR NOT NULL,
    added VARCHAR NOT NULL,
    removed VARCHAR NOT NULL
);

CREATE TABLE memo.readings (
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
