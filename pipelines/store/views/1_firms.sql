-- The analyst's surface: firms, and what was said of them. Each comment is the data dictionary.

CREATE OR REPLACE VIEW firms AS
SELECT firm_id, uscc, name, name_en, grade, sub_sector, secondary, score, label_evidence, label_decided_by, rules_version,
    in_putuo, place_reason, district, street, street_zh, street_en, park, park_zh, park_en, address,
    firms_at_address >= 10 AS shared_address, firms_at_address, is_branch, parent_name, legal_form, status,
    registered_on, capital, capital_currency, capital_raw, scope, industry, licence_kinds, first_known_at, last_seen_at,
    source, series, url, line, run_id
FROM derived.firms;
COMMENT ON VIEW firms IS 'Every firm any source has shown, as known now: where it is, which sub-sector, how we know. For life-health firms in Putuo: WHERE in_putuo = ''yes'' AND grade = ''core''.';
COMMENT ON COLUMN firms.firm_id IS 'Stable id: CN- and the unified social credit code.';
COMMENT ON COLUMN firms.uscc IS 'Unified social credit code (GB 32100-2015), upper case, all check digits verified.';
COMMENT ON COLUMN firms.name IS 'Registered name, as last stated.';
COMMENT ON COLUMN firms.name_en IS 'English name, as last stated by a source that states one; empty where none does.';
COMMENT ON COLUMN firms.grade IS 'core: life-health is what the firm is for; peripheral: among other things; none.';
COMMENT ON COLUMN firms.sub_sector IS 'The one best sub-sector: medical_devices, pharma_distribution, digital_health, biomedical_rd, health_services, health_products, or none.';
COMMENT ON COLUMN firms.secondary IS 'Further sub-sectors with clear evidence, joined by |.';
COMMENT ON COLUMN firms.score IS 'Probability, calibrated on judged registrations, that a careful reader would give this grade and sub-sector (0..1); 1 when a person decided. Industry codes and licences were not among the judged registrations: where only they speak, the score is less sure than it says.';
COMMENT ON COLUMN firms.label_evidence IS 'The words that spoke, each with where it stands (name:, name_en: or scope:) and the rule that used it, and what stands beside them (industry:, licence:); or who decided and why.';
COMMENT ON COLUMN firms.label_decided_by IS 'rules or person.';
COMMENT ON COLUMN firms.rules_version IS 'Version of the classification rules.';
COMMENT ON COLUMN firms.in_putuo IS 'yes, no or unknown: by the registered address, never by the credit code. The tax or operating address may differ; no source shows it.';
COMMENT ON COLUMN firms.place_reason IS 'What decided in_putuo.';
COMMENT ON COLUMN firms.district IS 'Division code of the district the address lies in, if told (310107 is Putuo).';
COMMENT ON COLUMN firms.street IS 'Code of the street or town (街道, 镇), if told.';
COMMENT ON COLUMN firms.street_zh IS 'Street or town in Chinese.';
COMMENT ON COLUMN firms.street_en IS 'Street or town in English.';
COMMENT ON COLUMN firms.park IS 'Id of the park, if the address lies in a known one.';
COMMENT ON COLUMN firms.park_zh IS 'Park in Chinese.';
COMMENT ON COLUMN firms.park_en IS 'Park in English.';
COMMENT ON COLUMN firms.address IS 'Registered address, as last stated.';
COMMENT ON COLUMN firms.shared_address IS 'Ten or more firms of Putuo give this building: probably a registration only.';
COMMENT ON COLUMN firms.firms_at_address IS 'Firms of Putuo, neither gone nor absent, that give the same building.';
COMMENT ON COLUMN firms.is_branch IS 'The name is that of a branch.';
COMMENT ON COLUMN firms.parent_name IS 'The firm a branch belongs to, as far as the name tells.';
COMMENT ON COLUMN firms.legal_form IS 'Kind of enterprise, as stated.';
COMMENT ON COLUMN firms.status IS 'active, deregistered, revoked, moved_out, unknown (the source does not say), or not_listed (gone from a complete full list).';
COMMENT ON COLUMN firms.registered_on IS 'Day of first registration, as stated.';
COMMENT ON COLUMN firms.capital IS 'Registered capital in whole units of capital_currency (yuan, not 万元).';
COMMENT ON COLUMN firms.capital_currency IS 'ISO 4217 code, e.g. CNY.';
COMMENT ON COLUMN firms.capital_raw IS 'Registered capital, as printed.';
COMMENT ON COLUMN firms.scope IS 'Business scope, as last stated.';
COMMENT ON COLUMN firms.industry IS 'Industry (GB/T 4754), as last stated: a code or words; empty where no source states one.';
COMMENT ON COLUMN firms.licence_kinds IS 'Kinds of the licences the firm holds by the last word of their lists (valid, or no status stated; neither gone from a complete list nor past their last day when the newest run was made), joined by |; empty where none is known. See licences.';
COMMENT ON COLUMN firms.first_known_at IS 'When a run first showed the firm (UTC).';
COMMENT ON COLUMN firms.last_seen_at IS 'When a run last showed the firm (UTC).';
COMMENT ON COLUMN firms.source IS 'Source that spoke last.';
COMMENT ON COLUMN firms.series IS 'Series of that source.';
COMMENT ON COLUMN firms.url IS 'Where the newest record was read.';
COMMENT ON COLUMN firms.line IS 'Line of the newest record in that file.';
COMMENT ON COLUMN firms.run_id IS 'Run that first showed the newest record: a folder under runs/.';

CREATE OR REPLACE VIEW firm_history AS
SELECT h.firm_id, s.uscc, s.name, h.valid_from, h.valid_to, h.valid_basis, h.known_from, h.known_to,
    s.* EXCLUDE (state_id, firm_id, uscc, name, status, address_key),
    CASE WHEN s.status IN ('active', 'unknown') AND h.not_listed THEN 'not_listed' ELSE s.status END AS status
FROM derived.firm_history h JOIN derived.firm_states s USING (state_id);
COMMENT ON VIEW firm_history IS 'What was true of each firm from when to when (valid_from, valid_to), and from when to when we held that to be so (known_from, known_to). Ends are exclusive; NULL: still. Labels and places are by today''s rules: they are our judgement, not a fact. One moment of it: firms_as_of. Other columns as in firms, as they were then.';
COMMENT ON COLUMN firm_history.score IS 'Probability, calibrated on judged registrations, that a careful reader would give this grade and sub-sector (0..1). What people decided stands in firms alone.';
COMMENT ON COLUMN firm_history.label_evidence IS 'The words that spoke (name:, scope:, industry:), each with the rule that used it. English names and licences count in firms alone.';
COMMENT ON COLUMN firm_history.industry IS 'Industry (GB/T 4754), as stated then: a code or words; empty where no source states one.';
COMMENT ON COLUMN firm_history.valid_from IS 'Day from which it was true: see valid_basis.';
COMMENT ON COLUMN firm_history.valid_to IS 'Day from which something else was true; NULL: still true.';
COMMENT ON COLUMN firm_history.valid_basis IS 'How we know valid_from: approved (the day the registrar approved the change, as stated), seen (the day we first saw it: true since then at the latest), registered (the first that is known of the firm, taken to hold since its registration; not of a firm whose code names another district, for it has moved since).';
COMMENT ON COLUMN firm_history.known_from IS 'When we began to hold it to be so (UTC): the finish of the run that said it, or the replay that read it.';
COMMENT ON COLUMN firm_history.known_to IS 'When we learned otherwise (UTC); NULL: we still hold it to be so.';

CREATE OR REPLACE MACRO firms_as_of(day, known_at := TIMESTAMP '9999-12-31') AS TABLE
SELECT * FROM main.firm_history
WHERE valid_from <= CAST(day AS DATE) AND (valid_to IS NULL OR valid_to > CAST(day AS DATE))
    AND known_from <= CAST(known_at AS TIMESTAMP) AND (known_to IS NULL OR known_to > CAST(known_at AS TIMESTAMP));
COMMENT ON MACRO TABLE firms_as_of IS 'The firms as they were on a day, by what we knew at an instant (UTC): firms_as_of(DATE ''2026-11-01'', TIMESTAMP ''2026-11-15 00:00:00''). Columns as in firm_history. Without the second argument: by what we know now.';

CREATE OR REPLACE VIEW observations AS
SELECT o.observation_id, 'CN-' || o.uscc AS firm_id, o.source, o.series, o.valid_from, o.valid_to,
    CASE WHEN o.is_dated THEN 'approved' ELSE 'seen' END AS valid_basis,
    o.known_from, least(o.known_to, superseded_at) AS known_to, o.seen_from, o.last_seen_at, o.sightings,
    r.* EXCLUDE (record_id), o.run_id, o.url, o.line, o.fetched_at, o.sha256, o.capture, superseded_at
FROM (
    SELECT *, CAST(NULL AS TIMESTAMP) AS superseded_at FROM derived.observations
    UNION ALL BY NAME SELECT * FROM derived.superseded_observations
) o JOIN base.records r USING (record_id);
COMMENT ON VIEW observations IS 'Who said what of which firm, and since when we know: one row for each unbroken stretch in which a series said the same. Readings that a replay took the place of stay, with superseded_at. The columns from uscc to industry are the record as stated, *_raw as printed.';
COMMENT ON COLUMN observations.observation_id IS 'Stable key.';
COMMENT ON COLUMN observations.firm_id IS 'The firm: see firms.';
COMMENT ON COLUMN observations.valid_from IS 'Day from which it was true: see valid_basis.';
COMMENT ON COLUMN observations.valid_to IS 'Day from which the series says something else; NULL: its last word.';
COMMENT ON COLUMN observations.valid_basis IS 'approved: valid_from is the day the registrar approved the change, as stated; seen: the day we first saw it.';
COMMENT ON COLUMN observations.known_from IS 'When we first read it so (UTC): the finish of the run, or of the replay that read it again.';
COMMENT ON COLUMN observations.known_to IS 'When a later run said otherwise, or a replay read otherwise (UTC); NULL while it holds.';
COMMENT ON COLUMN observations.seen_from IS 'Finish of the run that first showed it (UTC); before known_from only where a replay read what an older parser did not.';
COMMENT ON COLUMN observations.superseded_at IS 'When a replay took the place of this reading (UTC); NULL for readings that count.';
COMMENT ON COLUMN observations.last_seen_at IS 'Finish of the last run that said so (UTC).';
COMMENT ON COLUMN observations.sightings IS 'Runs that said so.';
COMMENT ON COLUMN observations.run_id IS 'Run that first said so: a folder under runs/.';
COMMENT ON COLUMN observations.url IS 'Where it stood.';
COMMENT ON COLUMN observations.line IS 'Line in the file as received.';
COMMENT ON COLUMN observations.fetched_at IS 'When the bytes were received (UTC).';
COMMENT ON COLUMN observations.sha256 IS 'Hash of the bytes as received.';
COMMENT ON COLUMN observations.capture IS 'WARC-Record-ID in the run''s capture.warc.gz.';
COMMENT ON COLUMN observations.uscc IS 'Unified social credit code (GB 32100-2015), upper case, all check digits verified.';
COMMENT ON COLUMN observations.uscc_raw IS 'Credit code, as printed.';
COMMENT ON COLUMN observations.name IS 'Registered name, as stated.';
COMMENT ON COLUMN observations.legal_form IS 'Kind of enterprise, as stated.';
COMMENT ON COLUMN observations.status IS 'Registration status as read from the words: active, deregistered, revoked, moved_out or unknown.';
COMMENT ON COLUMN observations.status_raw IS 'Registration status, as printed.';
COMMENT ON COLUMN observations.registered_on IS 'Day of first registration, as stated; NULL where none is, or none could be read.';
COMMENT ON COLUMN observations.registered_on_raw IS 'Day of first registration, as printed.';
COMMENT ON COLUMN observations.approved_on IS 'Day the registrar approved the newest change, as stated.';
COMMENT ON COLUMN observations.approved_on_raw IS 'The same, as printed.';
COMMENT ON COLUMN observations.capital IS 'Registered capital in whole units of capital_currency (yuan, not 万元); NULL where none is stated, or none could be read.';
COMMENT ON COLUMN observations.capital_currency IS 'ISO 4217 code, e.g. CNY; empty without an amount.';
COMMENT ON COLUMN observations.capital_raw IS 'Registered capital, as printed.';
COMMENT ON COLUMN observations.scope IS 'Business scope, as stated; empty where the source states none.';
COMMENT ON COLUMN observations.address IS 'Registered address, as stated; empty where the source states none.';
COMMENT ON COLUMN observations.district IS 'District column of the extract, as printed.';
COMMENT ON COLUMN observations.registrar IS 'Registration authority, as printed.';
COMMENT ON COLUMN observations.name_en IS 'English name, as stated; empty where the source states none.';
COMMENT ON COLUMN observations.industry IS 'Industry (GB/T 4754), as stated: a code or words; empty where the source states none.';
COMMENT ON COLUMN observations.source IS 'Source id.';
COMMENT ON COLUMN observations.series IS 'Which publisher''s extracts.';
