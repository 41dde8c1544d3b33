"""One hash of all that the database says, whatever the order in which its rows came in."""

from __future__ import annotations

import hashlib

import duckdb

# `memo` only saves work, `release` and `schema_version` say when; none of them is content.
_SCHEMAS = ("base", "derived")
_NO_CONTENT = "base.schema_version"
_EMPTY = "0-0-0"


def table_hashes(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """For each table its row count and an order-free hash of its rows."""
    tables = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
        " WHERE schema_name IN (SELECT unnest(?)) AND NOT internal AND NOT temporary"
        " AND schema_name || '.' || table_name <> ? ORDER BY 1",
        [list(_SCHEMAS), _NO_CONTENT],
    ).fetchall()
    found = {}
    for (table,) in tables:
        if not connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall():  # a tenth of the work, and most are
            found[table] = _EMPTY
            continue
        # Two sums over halves of a row's md5: a row twice counts twice, and order does not matter.
        row = connection.execute(
            f"SELECT count(*), coalesce(sum(md5_number_lower(text)::HUGEINT), 0),"
            f" coalesce(sum(md5_number_upper(text)::HUGEINT), 0)"
            f" FROM (SELECT CAST(to_json(t) AS VARCHAR) AS text FROM {table} t)"
        ).fetchone()
        found[table] = "-".join(str(part) for part in row or ())
    return found


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """The sha256 over every table's hash."""
    lines = "\n".join(f"{table} {digest}" for table, digest in sorted(table_hashes(connection).items()))
    return hashlib.sha256(lines.encode()).hexdigest()
