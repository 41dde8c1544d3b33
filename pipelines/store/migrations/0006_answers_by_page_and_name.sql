-- What a page says of the firms on it, and what the name of a watched firm is made of: answers that only save work.

CREATE TABLE memo.page_firms (
    version VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    content_id VARCHAR NOT NULL,
    named VARCHAR NOT NULL,
    answer VARCHAR NOT NULL
);

CREATE TABLE memo.brands (
    version VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    normal VARCHAR NOT NULL,
    core VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    stem VARCHAR NOT NULL,
    is_brand BOOLEAN NOT NULL
);
