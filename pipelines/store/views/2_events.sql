-- The analyst's surface: what happened to firms.

CREATE OR REPLACE VIEW events AS
SELECT e.event_id, e.category, e.kind, e.basis, e.firm_id, e.uscc, f.name, f.grade, f.sub_sector,
    e.happened_on, e.discovered_on, e.discovered_at, e.before, e.after, e.confirms, e.confirmed_by, e.aliases, e.evidence
FROM derived.events e JOIN derived.firms f USING (firm_id);
COMMENT ON VIEW events IS 'Everything that happened to firms in Putuo, life-health or not: one row an event, with its proofs; what several sources tell of one happening is one event. States found on a first reading are not events.';
COMMENT ON COLUMN events.event_id IS 'Stable key: kind, firm and the value stated, by what was known of it first. A rebuild gives the same, and a further proof changes none.';
COMMENT ON COLUMN events.category IS 'arrival, expansion or departure.';
COMMENT ON COLUMN events.kind IS 'What happened. From registrations: registered, moved_in, branch_opened, capital_raised, scope_widened, moved_out, deregistered, capital_cut, scope_narrowed. From licences: licence_granted, premises_added, product_approved, licence_lapsed. From disclosures: project_approved, contract_won, trial_started, listing_step, capital_raised. From news, documents and filings: arrival_announced, financing_raised, headquarters_set_up, premises_added, product_approved, project_approved, trial_started, listing_step, recognised, partnership, overseas_expansion.';
COMMENT ON COLUMN events.basis IS 'Why we believe it: first_listed, code_division, address_changed, status_changed, capital_changed, scope_changed, not_listed; licensed (a list of licences shows it), disclosed (a public register or notice does), announced (a page says so), filed (an official filing names the project). Of several proofs that of the strongest.';
COMMENT ON COLUMN events.firm_id IS 'The firm: see firms.';
COMMENT ON COLUMN events.uscc IS 'Its credit code.';
COMMENT ON COLUMN events.name IS 'Its name as known now.';
COMMENT ON COLUMN events.grade IS 'Its grade as known now: core, peripheral or none.';
COMMENT ON COLUMN events.sub_sector IS 'Its sub-sector as known now.';
COMMENT ON COLUMN events.happened_on IS 'The day it happened, by the strongest proof that states one; else NULL.';
COMMENT ON COLUMN events.discovered_on IS 'The day we learned of it (Asia/Shanghai).';
COMMENT ON COLUMN events.discovered_at IS 'When we learned of it (UTC): the finish of the first run that proves it.';
COMMENT ON COLUMN events.before IS 'What was stated before, as printed; for a move the address or the district of the credit code.';
COMMENT ON COLUMN events.after IS 'What is stated now, as printed; for a wider scope the new items; for a licence its number, for a product its name and number, for premises the places; for a disclosure its title, with the amount before it where one was won; for news the sentence that says so.';
COMMENT ON COLUMN events.confirms IS 'event_id of the arrival (or departure) that pages had announced and this shows to be so: a registration within two years, or a licence at an address here. It is no further arrival. NULL for any other.';
COMMENT ON COLUMN events.confirmed_by IS 'event_id of the first event that confirms what was announced here; NULL as long as none does, and for what needs none.';
COMMENT ON COLUMN events.aliases IS 'The keys that its further proofs would have as events of their own, joined by |, without those that a person denied; NULL if there are none. Where one of them was told already, this is no news.';
COMMENT ON COLUMN events.evidence IS 'JSON list of the records that prove it, strongest first (register or list of licences, filing or notice, government''s own page, the firm''s or an official medium''s, other press, who repeats another''s sentence): role, source, series, run, url, line, fetched_at, sha256, capture (WARC record), and the record as captured (of a licence or disclosure its fields as printed; of an article: title, day, agency, quote, page).';

CREATE OR REPLACE VIEW retracted_events AS
SELECT e.event_id, e.category, e.kind, e.basis, e.firm_id, e.uscc, f.name, f.grade, f.sub_sector,
    e.happened_on, e.discovered_on, e.discovered_at, e.before, e.after, e.evidence, e.retracted_at
FROM derived.retracted_events e LEFT JOIN derived.firms f USING (firm_id);
COMMENT ON VIEW retracted_events IS 'Events that we told and took back, because a better reading of the same pages does not confirm them, or by a person''s word: the name means another firm, or the word that made the event was withdrawn. Other columns as in events.';
COMMENT ON COLUMN retracted_events.retracted_at IS 'When that replay was made, or that word was said or withdrawn (UTC).';

CREATE OR REPLACE MACRO events_known_at(known_at) AS TABLE
SELECT e.event_id, e.category, e.kind, e.basis, e.firm_id, e.uscc, f.name, f.grade, f.sub_sector,
    e.happened_on, CAST(d.discovered_at + INTERVAL 8 HOUR AS DATE) AS discovered_on, d.discovered_at,
    e.before, e.after, e.evidence, t.retracted_at
FROM derived.event_history e
JOIN (SELECT event_id, min(known_from) AS discovered_at FROM derived.event_history GROUP BY event_id) d USING (event_id)
LEFT JOIN derived.firms f USING (firm_id)
LEFT JOIN (SELECT event_id, retracted_at FROM derived.retracted_events) t USING (event_id)
WHERE e.known_from <= CAST(known_at AS TIMESTAMP) AND (e.known_to IS NULL OR e.known_to > CAST(known_at AS TIMESTAMP));
COMMENT ON MACRO TABLE events_known_at IS 'The events we knew of at an instant (UTC), as we then held them to be, those taken back since among them: events_known_at(TIMESTAMP ''2026-11-15 22:00:00''). Columns as in events; retracted_at is when it was taken back since; NULL if it still stands.';

-- What the three views of events share.
CREATE OR REPLACE VIEW derived.life_health_events AS
SELECT e.*, f.secondary, f.street, f.street_zh, f.street_en, f.park, f.park_zh, f.park_en, f.address,
    f.shared_address, f.firms_at_address, f.is_branch, f.parent_name, f.capital, f.capital_currency, f.capital_raw,
    f.registered_on, f.status, f.label_evidence, f.score, f.source, f.series, f.url
FROM main.events e JOIN main.firms f USING (firm_id)
WHERE f.grade IN ('core', 'peripheral');
COMMENT ON VIEW derived.life_health_events IS 'Events of core and peripheral firms with the firm''s columns: see arrivals, expansions, departures.';

CREATE OR REPLACE VIEW arrivals AS
SELECT * FROM derived.life_health_events WHERE category = 'arrival';
COMMENT ON VIEW arrivals IS 'Life-health firms (core and peripheral) that newly arrived in Putuo: registered, moved in, opened a branch, or announced (kind arrival_announced: a page says so, no registration by then). To count each arrival once leave out those that confirm an announced one: WHERE confirms IS NULL. Columns as in events and firms.';

CREATE OR REPLACE VIEW expansions AS
SELECT * FROM derived.life_health_events WHERE category = 'expansion';
COMMENT ON VIEW expansions IS 'Life-health firms of Putuo that are expanding: more capital, new permitted activities; licences, premises and products from lists of licences; projects, contracts, trials and steps towards listing from disclosures; from news and filings financing and the like. Columns as in events and firms.';

CREATE OR REPLACE VIEW departures AS
SELECT * FROM derived.life_health_events WHERE category = 'departure';
COMMENT ON VIEW departures IS 'Life-health firms that left, or shrank: moved out, deregistered, capital or scope cut, a licence lapsed. Since the 2024 Company Law a capital cut may only bring it down to what is really paid. Columns as in events and firms.';
