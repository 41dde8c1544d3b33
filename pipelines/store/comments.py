"""The data dictionary is the comments: a column that one view hands on from another keeps its explanation."""

from __future__ import annotations

import re

import duckdb

# A view says in its own comment where the explanation of its other columns stands, first found first.
_EXPLAINED_BY = re.compile(r"olumns as in (\w+(?:, \w+)*(?: and \w+)?)")


def hand_on_comments(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives each view column without a comment that of the same column of the views its view's comment refers to."""
    ours = "NOT internal AND database_name = current_database() AND schema_name = 'main'"
    views = connection.execute(f"SELECT view_name, comment FROM duckdb_views() WHERE {ours}").fetchall()
    explained_by = {view: explaining(comment) for view, comment in views}
    columns = connection.execute(
        f"SELECT table_name, column_name, comment FROM duckdb_columns() WHERE {ours}"
    ).fetchall()
    known = {(view, column): comment for view, column, comment in columns if comment is not None}
    for view, column, comment in columns:
        if comment is not None:
            continue
        origins = explained_by.get(view, ())
        found = next((known[origin, column] for origin in origins if (origin, column) in known), None)
        if found is not None:
            text = found.replace("'", "''")
            connection.execute(f"COMMENT ON COLUMN main.{view}.{column} IS '{text}'")


def explaining(comment: str | None) -> tuple[str, ...]:
    """The views to which the comment of a view or macro refers for its columns."""
    found = _EXPLAINED_BY.search(comment or "")
    return tuple(re.split(", | and ", found[1])) if found else ()
