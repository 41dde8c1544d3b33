"""The data dictionary is the comments: a column that one view hands on from another keeps its explanation."""

from __future__ import annotations

import duckdb

# Where an unexplained column's explanation is looked for, first found first.
_EXPLAINED_BY = ("events", "firms", "runs", "articles")


def hand_on_comments(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives every view column without a comment that of the column of the same name in the views it comes from."""
    columns = connection.execute(
        "SELECT table_name, column_name, comment FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()"
    ).fetchall()
    known = {(view, column): comment for view, column, comment in columns if comment is not None}
    for view, column, comment in columns:
        if comment is not None:
            continue
        found = next((known[origin, column] for origin in _EXPLAINED_BY if (origin, column) in known), None)
        if found is not None:
            text = found.replace("'", "''")
            connection.execute(f"COMMENT ON COLUMN main.{view}.{column} IS '{text}'")
