-- The analyst's surface: licences and disclosures.

CREATE OR REPLACE VIEW licences AS
SELECT l.licence_key, s.licence_id, s.source, l.series, s.kind, s.number, s.holder, s.uscc, l.firm_id, f.name, f.grade,
    f.sub_sector, f.in_putuo, l.match, s.product, s.scope, s.address, s.storage_address, s.authority, s.status,
    s.status_raw, s.granted_on, s.valid_until, l.valid_from, l.valid_to, l.first_known_at, l.known_from, l.last_seen_at,
    l.run_id, l.url, l.line, l.fetched_at, l.sha256, l.capture
FROM derived.licences l JOIN base.licences s USING (content_id) LEFT JOIN derived.firms f USING (firm_id);
COMMENT ON VIEW licences IS 'Every licence, record and product registration that an authority has shown, as last stated, and whose it is. One that left its list stays: see last_seen_at. What they prove of firms is in events (basis licensed).';
COMMENT ON COLUMN licences.licence_key IS 'Stable key, from the source and its own id.';
COMMENT ON COLUMN licences.licence_id IS 'The id its authority gives it, usually the number; unique within the source.';
COMMENT ON COLUMN licences.source IS 'Source id.';
COMMENT ON COLUMN licences.series IS 'Which list of the source.';
COMMENT ON COLUMN licences.kind IS 'What it allows: device_trading (class III), device_trading_record (class II), device_making, device_making_record, device_product, drug_trading, drug_making, drug_product, medical_institution or other.';
COMMENT ON COLUMN licences.number IS 'Number of the licence, record or registration, as printed.';
COMMENT ON COLUMN licences.holder IS 'Who holds it: the registered name, as printed.';
COMMENT ON COLUMN licences.uscc IS 'Credit code of the holder, as stated; empty where the list states none. For the firm use firm_id.';
COMMENT ON COLUMN licences.firm_id IS 'The firm, if it is known whose licence it is and a registration has shown that firm; else NULL. See match.';
COMMENT ON COLUMN licences.name IS 'Name of that firm as known now.';
COMMENT ON COLUMN licences.grade IS 'Grade of that firm as known now: core, peripheral or none.';
COMMENT ON COLUMN licences.sub_sector IS 'Sub-sector of that firm as known now.';
COMMENT ON COLUMN licences.in_putuo IS 'Whether that firm''s registered address lies in Putuo: yes, no or unknown; NULL where no firm is known. The licence''s own addresses are not located.';
COMMENT ON COLUMN licences.match IS 'How we know the firm: person (somebody said whom the name means), credit_code, exact (the holder bears the name of one firm alone, now or once; width, brackets and blanks aside), english (the same of an English name that a source states; case, punctuation and the spelling of the legal form aside), spelling (上海市 for 上海, 有限责任公司 for 有限公司). Why we do not: ambiguous (several firms bear or bore it); none (no registration shows the code; or no valid code is stated and no firm bears the name, or its address lies outside Shanghai and the firm is Shanghai''s). See name_candidates.';
COMMENT ON COLUMN licences.product IS 'Product that it allows; empty for a licence to trade or make.';
COMMENT ON COLUMN licences.scope IS 'What it covers (经营范围), as printed.';
COMMENT ON COLUMN licences.address IS 'Place of business, as printed.';
COMMENT ON COLUMN licences.storage_address IS 'Warehouse (库房地址), as printed.';
COMMENT ON COLUMN licences.authority IS 'Who issued it, as printed.';
COMMENT ON COLUMN licences.status IS 'Whether it holds, as read from the words of its authority: valid, cancelled, revoked, expired or unknown. Never read from dates.';
COMMENT ON COLUMN licences.status_raw IS 'The same, as printed.';
COMMENT ON COLUMN licences.granted_on IS 'Day of issue, as stated.';
COMMENT ON COLUMN licences.valid_until IS 'Last day on which it holds, as stated.';
COMMENT ON COLUMN licences.valid_from IS 'Day from which it holds: granted_on; NULL where that is not stated.';
COMMENT ON COLUMN licences.valid_to IS 'Day from which it no longer holds: the day after valid_until; NULL where no end is stated. One that was cancelled or revoked ended before: see status.';
COMMENT ON COLUMN licences.first_known_at IS 'When we first knew of the licence (UTC).';
COMMENT ON COLUMN licences.known_from IS 'When we first knew what is stated now (UTC): the finish of the run that first said so, or of the replay that first read it so.';
COMMENT ON COLUMN licences.last_seen_at IS 'Finish of the last run that showed the licence (UTC).';
COMMENT ON COLUMN licences.run_id IS 'Run that first said what is stated now: a folder under runs/.';
COMMENT ON COLUMN licences.url IS 'Where it stood.';
COMMENT ON COLUMN licences.line IS 'Line or position in that reply.';
COMMENT ON COLUMN licences.fetched_at IS 'When the bytes were received (UTC).';
COMMENT ON COLUMN licences.sha256 IS 'Hash of the bytes as received.';
COMMENT ON COLUMN licences.capture IS 'WARC-Record-ID in the run''s capture.warc.gz.';

CREATE OR REPLACE VIEW licence_versions AS
SELECT v.version_id, v.licence_key, s.licence_id, s.source, v.series, v.known_from, v.known_to, v.last_seen_at, v.sightings,
    s.kind, s.number, s.holder, s.uscc, v.firm_id, v.match, s.product, s.scope, s.address, s.storage_address, s.authority,
    s.status, s.status_raw, s.granted_on, s.granted_on_raw, s.valid_until, s.valid_until_raw, v.valid_from, v.valid_to,
    v.run_id, v.url, v.line, v.fetched_at, v.sha256, v.capture
FROM derived.licence_versions v JOIN base.licences s USING (content_id);
COMMENT ON VIEW licence_versions IS 'What was said of each licence, and from when to when we knew: one row for each unbroken stretch of runs in which a series said the same. A renewed licence has two. The newest word is in licences.';
COMMENT ON COLUMN licence_versions.version_id IS 'Stable key.';
COMMENT ON COLUMN licence_versions.licence_key IS 'Stable key, from the source and its own id.';
COMMENT ON COLUMN licence_versions.licence_id IS 'The id its authority gives it, usually the number; unique within the source.';
COMMENT ON COLUMN licence_versions.source IS 'Source id.';
COMMENT ON COLUMN licence_versions.series IS 'Which list of the source.';
COMMENT ON COLUMN licence_versions.known_from IS 'When we first knew it to be said (UTC): the finish of the run that first said so, or of the replay that first read it so.';
COMMENT ON COLUMN licence_versions.known_to IS 'When we knew the series to say otherwise (UTC); NULL while it does not.';
COMMENT ON COLUMN licence_versions.last_seen_at IS 'Finish of the last run that said so (UTC).';
COMMENT ON COLUMN licence_versions.sightings IS 'Runs that said so.';
COMMENT ON COLUMN licence_versions.kind IS 'What it allows: device_trading (class III), device_trading_record (class II), device_making, device_making_record, device_product, drug_trading, drug_making, drug_product, medical_institution or other.';
COMMENT ON COLUMN licence_versions.number IS 'Number of the licence, record or registration, as printed.';
COMMENT ON COLUMN licence_versions.holder IS 'Who holds it: the registered name, as printed.';
COMMENT ON COLUMN licence_versions.uscc IS 'Credit code of the holder, as stated; empty where the list states none. For the firm use firm_id.';
COMMENT ON COLUMN licence_versions.firm_id IS 'The firm, if it is known whose licence it is and a registration has shown that firm; else NULL. See match.';
COMMENT ON COLUMN licence_versions.match IS 'How we know the firm: person (somebody said whom the name means), credit_code, exact (the holder bears the name of one firm alone, now or once; width, brackets and blanks aside), english (the same of an English name that a source states; case, punctuation and the spelling of the legal form aside), spelling (上海市 for 上海, 有限责任公司 for 有限公司). Why we do not: ambiguous (several firms bear or bore it); none (no registration shows the code; or no valid code is stated and no firm bears the name, or its address lies outside Shanghai and the firm is Shanghai''s). See name_candidates.';
COMMENT ON COLUMN licence_versions.product IS 'Product that it allows; empty for a licence to trade or make.';
COMMENT ON COLUMN licence_versions.scope IS 'What it covers (经营范围), as printed.';
COMMENT ON COLUMN licence_versions.address IS 'Place of business, as printed.';
COMMENT ON COLUMN licence_versions.storage_address IS 'Warehouse (库房地址), as printed.';
COMMENT ON COLUMN licence_versions.authority IS 'Who issued it, as printed.';
COMMENT ON COLUMN licence_versions.status IS 'Whether it holds, as read from the words of its authority: valid, cancelled, revoked, expired or unknown. Never read from dates.';
COMMENT ON COLUMN licence_versions.status_raw IS 'The same, as printed.';
COMMENT ON COLUMN licence_versions.granted_on IS 'Day of issue, as stated.';
COMMENT ON COLUMN licence_versions.granted_on_raw IS 'Day of issue, as printed.';
COMMENT ON COLUMN licence_versions.valid_until IS 'Last day on which it holds, as stated.';
COMMENT ON COLUMN licence_versions.valid_until_raw IS 'Last day on which it holds, as printed.';
COMMENT ON COLUMN licence_versions.valid_from IS 'Day from which it holds: granted_on; NULL where that is not stated.';
COMMENT ON COLUMN licence_versions.valid_to IS 'Day from which it no longer holds: the day after valid_until; NULL where no end is stated. One that was cancelled or revoked ended before: see status.';
COMMENT ON COLUMN licence_versions.run_id IS 'Run that first said so: a folder under runs/.';
COMMENT ON COLUMN licence_versions.url IS 'Where it stood.';
COMMENT ON COLUMN licence_versions.line IS 'Line or position in that reply.';
COMMENT ON COLUMN licence_versions.fetched_at IS 'When the bytes were received (UTC).';
COMMENT ON COLUMN licence_versions.sha256 IS 'Hash of the bytes as received.';
COMMENT ON COLUMN licence_versions.capture IS 'WARC-Record-ID in the run''s capture.warc.gz.';

CREATE OR REPLACE VIEW disclosures AS
SELECT d.disclosure_key, s.disclosure_id, s.source, d.series, s.kind, s.stage, s.holder, s.uscc, d.firm_id, f.name, f.grade,
    f.sub_sector, f.in_putuo, d.match, s.title, s.address, s.agency, s.document_number, s.amount, s.currency, s.amount_raw,
    s.happened_on, s.published_on, s.url AS page, s.language, d.first_known_at, d.known_from, d.last_seen_at,
    d.run_id, d.url, d.line, d.fetched_at, d.sha256, d.capture
FROM derived.disclosures d JOIN base.disclosures s USING (content_id) LEFT JOIN derived.firms f USING (firm_id);
COMMENT ON VIEW disclosures IS 'Every project, contract, trial and announcement that a public register or notice has shown, as last stated, and whose it is. What they prove of firms is in events (basis disclosed). Other columns as in licences.';
COMMENT ON COLUMN disclosures.disclosure_key IS 'Stable key, from the source and its own id.';
COMMENT ON COLUMN disclosures.disclosure_id IS 'The id its publisher gives it; unique within the source.';
COMMENT ON COLUMN disclosures.kind IS 'What it is about: eia (a project''s environmental impact), award (a public contract), trial (a clinical trial) or announcement (what a listed firm tells the exchange).';
COMMENT ON COLUMN disclosures.stage IS 'How far it has come: disclosed, accepted, proposed, approved or completed (eia); awarded; planned, started or ended (trial); published (announcement); or unknown.';
COMMENT ON COLUMN disclosures.holder IS 'The organisation it is about (builder, winner, sponsor, listed firm), as printed.';
COMMENT ON COLUMN disclosures.uscc IS 'Its credit code, as stated; empty where none is. For the firm use firm_id.';
COMMENT ON COLUMN disclosures.title IS 'Title of the project, contract, trial or announcement, as printed.';
COMMENT ON COLUMN disclosures.address IS 'Where it is carried out, as printed.';
COMMENT ON COLUMN disclosures.agency IS 'Who decides, buys or registers, as printed.';
COMMENT ON COLUMN disclosures.document_number IS 'Number of the decision or notice, as printed.';
COMMENT ON COLUMN disclosures.amount IS 'Amount in whole units of currency (yuan, not 万元); NULL where none is stated, or none could be read.';
COMMENT ON COLUMN disclosures.currency IS 'ISO 4217 code, e.g. CNY; empty without an amount.';
COMMENT ON COLUMN disclosures.amount_raw IS 'Amount, as printed.';
COMMENT ON COLUMN disclosures.happened_on IS 'Day of the act itself (of decision, award or start), as stated.';
COMMENT ON COLUMN disclosures.published_on IS 'Day of the disclosure, as stated.';
COMMENT ON COLUMN disclosures.page IS 'Where a reader opens it.';
COMMENT ON COLUMN disclosures.language IS 'zh or en.';
COMMENT ON COLUMN disclosures.first_known_at IS 'When we first knew of it (UTC).';
COMMENT ON COLUMN disclosures.last_seen_at IS 'Finish of the last run that showed it (UTC).';
