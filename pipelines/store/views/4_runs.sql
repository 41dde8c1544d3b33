-- The analyst's surface: what we asked, how it ended, and what was put aside.

CREATE OR REPLACE VIEW runs AS
SELECT r.run_id, r.source, r.series, r.listing, r.outcome, r.reason, r.started_at, r.finished_at, r.items, r.rejected,
    r.requests, 'runs/' || r.run_id AS folder, r.code_version, r.parser, o.is_baseline, r.lists_everything, o.proves_absence,
    nullif(o.sweep, '') AS sweep,
    nullif(array_to_string(CAST(CAST(r.warnings AS JSON) AS VARCHAR[]), ' | '), '') AS warnings,
    a.rows, a.core, a.peripheral, a.not_life_health, a.not_in_putuo, a.quarantined, a.repeated,
    nullif(r.supersedes, '') AS supersedes, r.replayed_at
FROM base.runs r JOIN derived.run_order o USING (run_id) LEFT JOIN derived.row_accounts a USING (run_id);
COMMENT ON VIEW runs IS 'Every crawl by the reading that counts: how it ended, and where each of its rows came out. A reading that a replay took the place of is in superseded_runs. rows = core + peripheral + not_life_health + not_in_putuo + quarantined + repeated.';
COMMENT ON COLUMN runs.run_id IS 'Source and folder name.';
COMMENT ON COLUMN runs.source IS 'Source id.';
COMMENT ON COLUMN runs.series IS 'Which publisher''s extracts, or which list of the source.';
COMMENT ON COLUMN runs.listing IS 'Of extracts full (every firm of the publisher) or new (only some); of other sources which part was read.';
COMMENT ON COLUMN runs.supersedes IS 'The crawl that this replay read again; NULL for a crawl.';
COMMENT ON COLUMN runs.replayed_at IS 'When it did (UTC); the other instants are the crawl''s.';
COMMENT ON COLUMN runs.outcome IS 'complete, partial, empty_allowed, empty_wrong, blocked, refused_by_robots, failed, crashed or missed.';
COMMENT ON COLUMN runs.reason IS 'Why it is not complete.';
COMMENT ON COLUMN runs.started_at IS 'When the crawl began (UTC).';
COMMENT ON COLUMN runs.finished_at IS 'When the crawl ended (UTC); what it read is known from then.';
COMMENT ON COLUMN runs.items IS 'Registrations, articles, licences or disclosures read.';
COMMENT ON COLUMN runs.rejected IS 'Rows put aside while reading.';
COMMENT ON COLUMN runs.requests IS 'Requests sent.';
COMMENT ON COLUMN runs.folder IS 'The run folder, below the data directory.';
COMMENT ON COLUMN runs.code_version IS 'Version of the program that read it.';
COMMENT ON COLUMN runs.parser IS 'Version of the source''s parser.';
COMMENT ON COLUMN runs.is_baseline IS 'Of a first reading of its series, or of a first sweep: what it shows are states, not events.';
COMMENT ON COLUMN runs.lists_everything IS 'Complete and full, with no bad row of an unknown firm. Of a sweep: its last run, for all of them.';
COMMENT ON COLUMN runs.proves_absence IS 'Lists everything, and did not lose a fifth of its rows at once: a firm or licence that it (with its whole sweep) does not show is gone.';
COMMENT ON COLUMN runs.sweep IS 'Of a list that is read over several nights: which reading of it this run is a part of; NULL where one run reads the list. What one of its runs shows, the sweep shows.';
COMMENT ON COLUMN runs.warnings IS 'What a person should look at though the run stands, joined by |: fields that are filled less than before, words the reading does not know; NULL for none.';
COMMENT ON COLUMN runs.rows IS 'Rows of registrations that carried data; NULL for a run that loaded none.';
COMMENT ON COLUMN runs.core IS 'Rows of core life-health firms in Putuo: reported, as events or as the state first found.';
COMMENT ON COLUMN runs.peripheral IS 'Rows of peripheral ones.';
COMMENT ON COLUMN runs.not_life_health IS 'Rows of other firms in Putuo.';
COMMENT ON COLUMN runs.not_in_putuo IS 'Rows of firms elsewhere, or of which no place is told.';
COMMENT ON COLUMN runs.quarantined IS 'Rows put aside, while reading or loading: see quarantine.';
COMMENT ON COLUMN runs.repeated IS 'Rows that repeat another of the same run to the letter.';

CREATE OR REPLACE VIEW superseded_runs AS
SELECT r.run_id, r.source, r.series, r.listing, r.outcome, r.reason, r.started_at, r.finished_at, r.items, r.rejected,
    r.code_version, r.parser, 'runs/' || r.run_id AS folder, nullif(r.supersedes, '') AS supersedes, r.replayed_at,
    o.run_id AS superseded_by
FROM base.runs r
JOIN derived.run_order o ON o.origin = CASE WHEN r.supersedes = '' THEN r.run_id ELSE r.supersedes END
WHERE r.run_id <> o.run_id;
COMMENT ON VIEW superseded_runs IS 'Readings that a replay of the same capture took the place of. Other columns as in runs.';
COMMENT ON COLUMN superseded_runs.superseded_by IS 'The reading that counts.';

CREATE OR REPLACE VIEW sources AS
WITH spoken AS (
    SELECT source, series, count(*) AS runs, min(started_at) AS first_run_at, max(finished_at) AS last_run_at,
        arg_max(outcome, seq) AS last_outcome, arg_max(reason, seq) AS last_reason,
        max(finished_at) FILTER (WHERE outcome = 'complete') AS last_complete_at,
        arg_max(declaration, seq) FILTER (WHERE declaration <> '{}') AS declaration,
        arg_max(listing, seq) FILTER (WHERE listing <> '') AS listing
    FROM base.runs JOIN (SELECT run_id, seq FROM derived.run_order) USING (run_id) GROUP BY source, series
)
SELECT source, series, declaration ->> 'publisher_zh' AS publisher, declaration ->> 'title_zh' AS title_zh,
    declaration ->> 'title_en' AS title_en,
    array_to_string(CAST(declaration -> 'proves' AS VARCHAR[]), ' ') AS proves,
    declaration ->> 'cadence' AS cadence, listing = 'full' AS lists_everything, declaration ->> 'capture' AS capture,
    first_run_at, last_run_at, last_outcome, last_reason, last_complete_at, runs
FROM spoken;
COMMENT ON VIEW sources IS 'Every source and series that was ever asked, and how its last run ended.';
COMMENT ON COLUMN sources.source IS 'Source id.';
COMMENT ON COLUMN sources.series IS 'Which publisher''s extracts.';
COMMENT ON COLUMN sources.publisher IS 'Who publishes it.';
COMMENT ON COLUMN sources.title_zh IS 'Name in Chinese.';
COMMENT ON COLUMN sources.title_en IS 'Name in English.';
COMMENT ON COLUMN sources.proves IS 'Kinds of event it can prove.';
COMMENT ON COLUMN sources.cadence IS 'When it is due: a cron line in Asia/Shanghai.';
COMMENT ON COLUMN sources.lists_everything IS 'Its last listing was of every firm.';
COMMENT ON COLUMN sources.capture IS 'How replies are kept: full, redacted or digest.';
COMMENT ON COLUMN sources.first_run_at IS 'When its first run began (UTC).';
COMMENT ON COLUMN sources.last_run_at IS 'When its last run ended (UTC).';
COMMENT ON COLUMN sources.last_outcome IS 'How the last run ended: see runs.outcome.';
COMMENT ON COLUMN sources.last_reason IS 'Why, if it is not complete.';
COMMENT ON COLUMN sources.last_complete_at IS 'When it was last read completely (UTC).';
COMMENT ON COLUMN sources.runs IS 'Runs so far.';

CREATE OR REPLACE VIEW coverage AS
SELECT strftime(finished_at + INTERVAL 2 HOUR, '%G-W%V') AS week,
    source, series, count(*) AS runs,
    count(*) FILTER (WHERE outcome = 'complete') AS complete,
    count(*) FILTER (WHERE outcome = 'partial') AS partial,
    count(*) FILTER (WHERE outcome = 'empty_allowed') AS empty_allowed,
    count(*) FILTER (WHERE outcome NOT IN ('complete', 'partial', 'empty_allowed')) AS not_good,
    CAST(sum(items) AS BIGINT) AS items, CAST(sum(rejected) AS BIGINT) AS rejected,
    arg_max(outcome, finished_at) AS last_outcome, arg_max(reason, finished_at) AS last_reason,
    max(finished_at) AS last_run_at, max(finished_at) FILTER (WHERE outcome = 'complete') AS last_complete_at,
    array_to_string(list_sort(list_distinct(flatten(list(string_split(warnings, ' | ')) FILTER (warnings IS NOT NULL)))), ' | ')
        AS warnings
FROM main.runs GROUP BY ALL;
COMMENT ON VIEW coverage IS 'What we could and could not see, by source, series and week.';
COMMENT ON COLUMN coverage.week IS 'Week of the briefing: Monday 06:00 to Monday 06:00, Asia/Shanghai, ISO number.';
COMMENT ON COLUMN coverage.source IS 'Source id.';
COMMENT ON COLUMN coverage.series IS 'Which publisher''s extracts.';
COMMENT ON COLUMN coverage.runs IS 'Runs that ended in the week.';
COMMENT ON COLUMN coverage.complete IS 'Of them complete.';
COMMENT ON COLUMN coverage.partial IS 'Of them partial.';
COMMENT ON COLUMN coverage.empty_allowed IS 'Of them with nothing new.';
COMMENT ON COLUMN coverage.not_good IS 'Of them with any other outcome.';
COMMENT ON COLUMN coverage.items IS 'Registrations, articles, licences or disclosures read.';
COMMENT ON COLUMN coverage.rejected IS 'Rows put aside while reading.';
COMMENT ON COLUMN coverage.last_outcome IS 'How the last run of the week ended.';
COMMENT ON COLUMN coverage.last_reason IS 'Why, if it is not complete.';
COMMENT ON COLUMN coverage.last_run_at IS 'When the last run of the week ended (UTC).';
COMMENT ON COLUMN coverage.warnings IS 'What a person should look at though its run stands, each once, joined by |; NULL for none: see runs.';
COMMENT ON COLUMN coverage.last_complete_at IS 'When the last complete run of the week ended (UTC); NULL when none was complete.';

CREATE OR REPLACE VIEW quarantine AS
SELECT q.run_id, o.source, o.series, q.line, q.reason, q.detail, q.uscc, q.name, q.url, o.day AS discovered_on, q.cells
FROM base.quarantine q JOIN derived.run_order o USING (run_id);
COMMENT ON VIEW quarantine IS 'Rows put aside, with their reason and place, personal data blanked. Nothing is dropped silently.';
COMMENT ON COLUMN quarantine.run_id IS 'Run that read the row.';
COMMENT ON COLUMN quarantine.source IS 'Source id.';
COMMENT ON COLUMN quarantine.series IS 'Which publisher''s extracts.';
COMMENT ON COLUMN quarantine.line IS 'Line in the file as received.';
COMMENT ON COLUMN quarantine.reason IS 'One of a closed list, e.g. code_check, wrong_cell_count, conflicting_rows.';
COMMENT ON COLUMN quarantine.detail IS 'The value that could not stand.';
COMMENT ON COLUMN quarantine.uscc IS 'Its credit code, if that is valid.';
COMMENT ON COLUMN quarantine.name IS 'Its name, unless it looks like a person''s.';
COMMENT ON COLUMN quarantine.url IS 'File or address.';
COMMENT ON COLUMN quarantine.discovered_on IS 'Day of the run (Asia/Shanghai).';
COMMENT ON COLUMN quarantine.cells IS 'JSON: the cells that may be kept.';
