-- Detection, from licences and disclosures: the captured records that prove what each tells, a row each.

CREATE OR REPLACE TEMP TABLE held_proofs AS
WITH roles AS (
    SELECT event_id, seq, 'before' AS role, before_id AS version_id, CAST(NULL AS VARCHAR) AS absent_run, decided_at, denied_at, away
    FROM licence_turns WHERE before_id IS NOT NULL
    UNION ALL SELECT event_id, seq, 'after', after_id, NULL, decided_at, denied_at, away FROM licence_turns WHERE after_id IS NOT NULL
    UNION ALL SELECT event_id, seq, 'absence', NULL, absent_run, decided_at, denied_at, away FROM licence_turns WHERE absent_run IS NOT NULL
    UNION ALL SELECT event_id, seq, 'after', version_id, NULL, decided_at, denied_at, away FROM disclosed
)
SELECT p.event_id, p.role, p.seq, p.decided_at, p.denied_at, p.away, coalesce(v.sort, 'licence') AS sort, run.source, concat_ws('|', CASE p.role WHEN 'before' THEN 0 ELSE 1 END, p.version_id) AS place, to_json({
        'role': p.role, 'observation_id': v.version_id, 'source': run.source, 'series': run.series,
        'publisher': run.declaration ->> 'publisher_zh', 'run_id': run.run_id, 'folder': 'runs/' || run.run_id,
        'url': v.url, 'line': v.line, 'fetched_at': strftime(v.fetched_at, '%Y-%m-%dT%H:%M:%SZ'),
        'sha256': v.sha256, 'capture': v.capture,
        'published_on': CAST(d.published_on AS VARCHAR),  -- as read; the record has it as printed
        'record': coalesce(
            CASE WHEN l.content_id IS NOT NULL THEN to_json({
                'number': l.number, 'holder': l.holder, 'uscc': l.uscc, 'product': l.product, 'scope': l.scope,
                'address': l.address, 'storage_address': l.storage_address, 'authority': l.authority,
                'status': l.status_raw, 'granted_on': l.granted_on_raw, 'valid_until': l.valid_until_raw}) END,
            CASE WHEN d.content_id IS NOT NULL THEN to_json({
                'title': d.title, 'holder': d.holder, 'uscc': d.uscc, 'address': d.address, 'agency': d.agency,
                'document_number': d.document_number, 'amount': d.amount_raw, 'happened_on': d.happened_on_raw,
                'published_on': d.published_on_raw, 'page': d.url}) END)
    }) AS proof
FROM roles p
LEFT JOIN versions v ON v.version_id = p.version_id
LEFT JOIN base.licences l ON l.content_id = v.content_id
LEFT JOIN base.disclosures d ON d.content_id = v.content_id
LEFT JOIN base.runs run ON run.run_id = coalesce(p.absent_run, v.run_id);
