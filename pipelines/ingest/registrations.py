"""The registrations of a run into the database: sightings, records, and the rows that had to be put aside."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from crawler.fields.credit_code import problem
from crawler.items import Registration, RejectReason, field_names

PROOF: Final = "STRUCT(url VARCHAR, fetched_at TIMESTAMP, sha256 VARCHAR, capture VARCHAR, line BIGINT)"
_TYPES = {"registered_on": "DATE", "approved_on": "DATE", "capital": "VARCHAR"}
_READ = {"capital": "TRY_CAST(capital AS DECIMAL(20, 4)) AS capital"}  # beyond the type's range: the text stays
_STATED = field_names(Registration)
# Fields that came later, and what stands before each in the text that is hashed: a record that says nothing of it keeps
# the id it had before there was such a field, and the same word in two of them gives two ids.
_LATER = {"name_en": "", "industry": "chr(30) || "}
_CODES_AT_ONCE = 50_000


def stage(connection: duckdb.DuckDBPyConnection, items: Path) -> None:
    """The run's items as a temporary table; DuckDB reads the file in parallel and spills what does not fit."""
    columns = {name: _TYPES.get(name, "VARCHAR") for name in _STATED}
    columns |= {"item_type": "VARCHAR", "reason": "VARCHAR", "detail": "VARCHAR", "cells": "JSON", "proof": PROOF}
    schema = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    stated = ", ".join(
        _READ.get(name, name) if name in _TYPES else f"coalesce({name}, '') AS {name}"
        for name in _STATED
        if name != "uscc"
    )
    hashed = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in _STATED if name not in _LATER)
    hashed += "".join(f", {mark}nullif({name}, '')" for name, mark in _LATER.items())
    path = str(items).replace("'", "''")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE staged AS
        SELECT item_type, coalesce(uscc, '') AS uscc, {stated}, reason, detail, CAST(cells AS VARCHAR) AS cells,
            proof.url AS url, proof.line AS line, proof.fetched_at AS fetched_at, proof.sha256 AS sha256,
            proof.capture AS capture,
            CASE WHEN item_type = 'registration' THEN md5(concat_ws(chr(31), {hashed})) END AS record_id
        FROM read_json('{path}', format = 'newline_delimited', columns = {{{schema}}})
        """
    )


def quarantine_bad_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """Checks the codes that are not known yet, also of runs that another machine validated otherwise."""
    connection.execute("CREATE OR REPLACE TEMP TABLE bad_codes (uscc VARCHAR, reason VARCHAR)")
    # An item without a name cannot stand either; its crawler should have put it aside.
    connection.execute(
        f"UPDATE staged SET item_type = 'rejected', reason = '{RejectReason.MISSING_NAME}', record_id = NULL,"
        " detail = 'no name', uscc = '' WHERE item_type = 'registration' AND name = ''"
    )
    new_codes = connection.sql(
        "SELECT DISTINCT uscc FROM staged ANTI JOIN base.records USING (uscc) WHERE item_type = 'registration'"
    ).to_arrow_reader(_CODES_AT_ONCE)
    bad: list[tuple[str, str]] = []
    for batch in new_codes:
        for code in batch.column(0).to_pylist():
            if (reason := problem(code)) is not None:
                bad.append((code, str(reason)))
    if bad:
        table = pa.table({"uscc": [code for code, _ in bad], "reason": [reason for _, reason in bad]})
        connection.register("bad", table)
        connection.execute("INSERT INTO bad_codes SELECT uscc, reason FROM bad")
        connection.unregister("bad")


def insert_staged(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    citizen = f"'{RejectReason.CODE_IS_CITIZEN_ID}'"
    stated = ", ".join(f"first.{name}" for name in _STATED)
    connection.execute(
        f"""
        -- A firm speaks once a run. Repetitions are counted; of contradictions the one approved last speaks, or the
        -- one of the later file, never the one that stands first (rows change places); the others are put aside.
        -- Files have numbers here, because a text in each group's state would fill the memory.
        CREATE OR REPLACE TEMP TABLE kept AS
        WITH files AS (
            SELECT url, row_number() OVER (ORDER BY url) << 40 AS start FROM (SELECT DISTINCT url FROM staged)
        ),
        placed AS (
            SELECT uscc, record_id, files.start + line AS place, staged.rowid AS row_id,
                (coalesce(approved_on, DATE '0001-01-01'), files.start, record_id) AS weight
            FROM staged JOIN files USING (url) ANTI JOIN bad_codes USING (uscc) WHERE item_type = 'registration'
        ),
        said AS (
            SELECT uscc, record_id, count(*) AS copies, arg_min(row_id, place) AS row_id, any_value(weight) AS weight
            FROM placed GROUP BY uscc, record_id
        )
        SELECT uscc, arg_max(record_id, weight) AS record_id, arg_max(row_id, weight) AS row_id,
            arg_max(copies, weight) AS copies
        FROM said GROUP BY uscc;

        INSERT INTO base.sightings
        SELECT '{run_id}', k.record_id, k.uscc, s.url, s.line, s.fetched_at, s.sha256, s.capture, k.copies
        FROM kept k JOIN staged s ON s.rowid = k.row_id;

        INSERT INTO base.records
        SELECT k.record_id, {stated}
        FROM (SELECT * FROM kept ANTI JOIN base.records USING (record_id)) k
        JOIN staged first ON first.rowid = k.row_id;

        INSERT INTO base.quarantine
        SELECT '{run_id}', url, line, reason, detail, coalesce(uscc, ''), coalesce(name, ''), coalesce(cells, '{{}}')
        FROM staged WHERE item_type = 'rejected'
        UNION ALL
        SELECT '{run_id}', s.url, s.line, b.reason,
            CASE WHEN b.reason = {citizen} THEN 'no credit code' ELSE 'credit code ' || s.uscc END, '', s.name, '{{}}'
        FROM staged s JOIN bad_codes b USING (uscc) WHERE s.item_type = 'registration'
        UNION ALL
        SELECT '{run_id}', s.url, s.line, '{RejectReason.CONFLICTING_ROWS}',
            'another row of this run states the same credit code otherwise', s.uscc, s.name, '{{}}'
        FROM staged s JOIN kept k USING (uscc)
        WHERE s.item_type = 'registration' AND s.record_id <> k.record_id;

        DROP TABLE staged; DROP TABLE kept; DROP TABLE bad_codes;
        """
    )
