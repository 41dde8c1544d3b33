"""The data dictionary: every view, column and macro of the database, told by the comments they carry.

`python -m pipelines.store.dictionary docs/data-dictionary.md` writes it from an empty database.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.decisions import store_decisions
from pipelines.derive import derive
from pipelines.publish import stamp_release
from pipelines.store.comments import explaining
from pipelines.store.database import open_store

_OURS = "NOT internal AND database_name = current_database() AND schema_name = 'main'"
_HEAD = Path(__file__).with_name("dictionary_head.md")
_FOOT = """## Below the views

The schemas `base`, `memo` and `derived` are the loader's own: what runs and people said, what our rules answered, and
what is made anew of both on every load. They change without notice; the views do not. Ask the views.
"""


class DictionaryError(RuntimeError):
    """A view, column or macro cannot be explained; the message names it."""


def write_dictionary(target: Path) -> None:
    """Writes the dictionary of the database that this code makes. Raises DictionaryError, OSError."""
    target.write_text(empty_dictionary(), encoding="utf-8")


def empty_dictionary() -> str:
    """The dictionary of the database that this code makes of no runs at all. Raises DictionaryError."""
    with TemporaryDirectory() as folder, open_store(Path(folder)) as connection:
        store_decisions(connection, [])
        derive(connection, lambda *_: None)
        stamp_release(connection, "2000-01-01T00:00:00Z", "", "", "")
        return dictionary(connection)


def dictionary(connection: duckdb.DuckDBPyConnection) -> str:
    """The dictionary of the current database as Markdown, in alphabetical order. Raises DictionaryError."""
    macros = _macros(connection)
    views = dict(
        connection.execute(f"SELECT view_name, comment FROM duckdb_views() WHERE {_OURS} ORDER BY 1").fetchall()
    )
    tables = dict(
        connection.execute(f"SELECT table_name, comment FROM duckdb_tables() WHERE {_OURS} ORDER BY 1").fetchall()
    )
    parts = [
        _HEAD.read_text(encoding="utf-8"),
        _contents("Views", views),
        _contents("Macros", {macro: comment for macro, (_, comment) in macros.items()}),
        _contents("Tables", tables),
        *(_relation(connection, name, comment) for name, comment in views.items()),
        *(_macro(connection, name, call, comment) for name, (call, comment) in macros.items()),
        *(_relation(connection, name, comment) for name, comment in tables.items()),
        _FOOT,
    ]
    return "\n".join(parts)


def _macros(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None]]:
    """How each macro is called, with the names of its parameters, and its comment."""
    rows = connection.execute(
        f"SELECT function_name, parameters, comment FROM duckdb_functions() WHERE {_OURS} ORDER BY 1"
    ).fetchall()
    return {name: (f"{name}({', '.join(parameters)})", comment) for name, parameters, comment in rows}


def _contents(title: str, comments: dict[str, str | None]) -> str:
    lines = [f"- [`{name}`](#{name}): {_first_sentence(_said(name, comment))}" for name, comment in comments.items()]
    return "\n".join([f"## {title}", "", *lines, ""])


def _relation(connection: duckdb.DuckDBPyConnection, name: str, comment: str | None) -> str:
    columns = connection.execute(
        f"SELECT column_name, data_type, comment FROM duckdb_columns() WHERE {_OURS} AND table_name = ?"
        " ORDER BY column_index",
        [name],
    ).fetchall()
    rows = [f"| `{column}` | {kind} | {_cell(_said(f'{name}.{column}', said))} |" for column, kind, said in columns]
    return "\n".join(
        [f"## `{name}`", "", _told(name, comment), "", "| column | type | meaning |", "|---|---|---|", *rows, ""]
    )


def _macro(connection: duckdb.DuckDBPyConnection, name: str, call: str, comment: str | None) -> str:
    """A macro by its parameters, and the columns that the call in its comment gives."""
    example = example_of(name, comment)
    is_scalar = (
        f"SELECT count(*) FROM duckdb_functions() WHERE {_OURS} AND function_name = ? AND function_type = 'macro'"
    )
    ((scalar,),) = connection.execute(is_scalar, [name]).fetchall()
    query = f"SELECT {example}" if scalar else f"FROM {example}"
    described = connection.execute(f"DESCRIBE {query}").fetchall()
    gives = described[0][1] if scalar else "a table"
    lines = [f"## `{name}`", "", f"`{call}` gives {gives}.", "", _told(name, comment), ""]
    if not scalar:
        lines += _given(connection, [(column, kind) for column, kind, *_ in described], explaining(comment))
    return "\n".join(lines)


def _given(
    connection: duckdb.DuckDBPyConnection, columns: list[tuple[str, str]], origins: tuple[str, ...]
) -> list[str]:
    """The columns of a macro, as far as no view has them all."""
    known = [_explanations(connection, origin) for origin in origins]
    for view, explained in zip(origins, known, strict=True):
        if list(explained) == [column for column, _ in columns]:
            return [f"Its columns are those of [`{view}`](#{view}).", ""]
    if not known:
        return ["| column | type |", "|---|---|", *(f"| `{column}` | {kind} |" for column, kind in columns), ""]
    rows = []
    for column, kind in columns:
        said = next((explained[column] for explained in known if column in explained), "See above.")
        rows.append(f"| `{column}` | {kind} | {_cell(said)} |")
    return ["| column | type | meaning |", "|---|---|---|", *rows, ""]


def example_of(name: str, comment: str | None) -> str:
    """The call of a macro that its comment shows. Raises DictionaryError where it shows none."""
    found = re.search(rf"\b{name}\((?:[^()']|'[^']*')*\)", _said(name, comment))
    if found is None:
        raise DictionaryError(f"{name}: its comment shows no call of it")
    return found[0]


def _explanations(connection: duckdb.DuckDBPyConnection, view: str) -> dict[str, str]:
    """What the columns of a view mean, in their order."""
    rows = connection.execute(
        f"SELECT column_name, comment FROM duckdb_columns() WHERE {_OURS} AND table_name = ? ORDER BY column_index",
        [view],
    ).fetchall()
    return {column: _said(f"{view}.{column}", comment) for column, comment in rows}


def _said(what: str, comment: str | None) -> str:
    if not comment:
        raise DictionaryError(f"{what}: has no comment; write one in pipelines/store/views")
    return comment


def _told(name: str, comment: str | None) -> str:
    return _said(name, comment).replace("|", "\\|").replace("*_", "\\*_")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[^.])[.:;](?:\s|$)", text, maxsplit=1)[0].replace("*_", "\\*_") + "."


def _cell(text: str) -> str:
    """A text within a cell of a table."""
    return text.replace("|", "\\|").replace("*_", "\\*_").replace("\n", " ")


if __name__ == "__main__":
    write_dictionary(Path(sys.argv[1]))
