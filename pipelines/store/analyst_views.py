"""The views and macros that analysts ask: they stand until their text, or a table that they are made of, changes."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import duckdb

from pipelines.memo import fingerprint
from pipelines.store.comments import hand_on_comments

_HERE = Path(__file__).parent
_OURS = "database_name = current_database() AND schema_name IN ('main', 'derived') AND NOT internal"
# Says what they were made of. Goes with `derived`, so that a program that makes its own takes it away.
_MARK = "derived.views_made_of"
_MADE_OF = f"SELECT sql FROM duckdb_views() WHERE {_OURS} AND view_name = 'views_made_of'"
_TABLES = """
    SELECT sql FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name IN ('base', 'derived') AND NOT internal ORDER BY ALL
"""


def make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes them all anew, and drops what only another program made, unless the same ones stand there already."""
    made_of = _made_of(connection)
    standing = connection.execute(_MADE_OF).fetchall()
    if standing and made_of in standing[0][0]:
        return
    forget_views(connection)
    connection.execute(view_statements())
    hand_on_comments(connection)
    connection.execute(f"CREATE VIEW {_MARK} AS SELECT '{made_of}' AS made_of")
    connection.execute(f"COMMENT ON VIEW {_MARK} IS 'Of which text and tables the views were made.'")


def forget_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops every view and macro, whichever program made it."""
    named = connection.execute(
        f"SELECT 'VIEW', schema_name, view_name FROM duckdb_views() WHERE {_OURS} UNION ALL SELECT DISTINCT"
        " CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END, schema_name, function_name"
        f" FROM duckdb_functions() WHERE {_OURS} AND function_type IN ('macro', 'table_macro')"
    ).fetchall()
    for kind, schema, name in named:
        connection.execute(f'DROP {kind} {schema}."{name}"')


def view_statements() -> str:
    """The statements that make them, in their order."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((_HERE / "views").glob("*.sql")))


def _made_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Hashes of their text, with the program that reads it, and of the tables: a view knows its columns' types."""
    tables = repr(connection.execute(_TABLES).fetchall())
    return f"{_program()}-{hashlib.sha256(tables.encode()).hexdigest()[:32]}"


@functools.cache
def _program() -> str:
    text = f"{duckdb.__version__}\n{fingerprint(_HERE / 'comments.py')}\n{view_statements()}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
