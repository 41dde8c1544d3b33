"""The shape of the loader's database, as numbered steps: each in a transaction of its own, and recorded.

A step is a file `NNNN_what_it_brings.sql`; once released it never changes. A step changes `base` and `memo` alone:
`derived` is made anew on every load. What a step cannot tell of old rows is told by `scrapy rebuild`, which reads the
run folders again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from crawler import clock

_FOLDER = Path(__file__).parent


class SchemaError(RuntimeError):
    """A database whose schema this program does not know, or could not bring up to its own."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, its name (the file's), and its statements."""

    version: int
    name: str
    sql: str


def migrations() -> tuple[Migration, ...]:
    """All steps, in order; their numbers are 1, 2, 3 …"""
    files = sorted(_FOLDER.glob("*.sql"))
    found = tuple(Migration(int(file.stem[:4]), file.stem, file.read_text(encoding="utf-8")) for file in files)
    assert [step.version for step in found] == list(range(1, len(found) + 1)), "migrations are numbered without a gap"
    return found


def schema_of(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the last step that the current database has taken; 0 for an empty one."""
    table = "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()"
    if not _one(connection, f"{table} AND schema_name = 'base' AND table_name = 'schema_version'"):
        return 0
    return _one(connection, "SELECT coalesce(max(version), 0) FROM base.schema_version")


def migrate(connection: duckdb.DuckDBPyConnection, steps: tuple[Migration, ...] | None = None) -> list[Migration]:
    """Takes the steps that the current database has not taken yet, and returns them. Raises SchemaError.

    A step that fails leaves the database as it was before that step.
    """
    steps = migrations() if steps is None else steps
    missing = steps[refuse_newer(connection, len(steps)) :]
    for step in missing:
        _take(connection, step)
    return list(missing)


def refuse_newer(connection: duckdb.DuckDBPyConnection, known: int | None = None) -> int:
    """Returns the current database's schema, published or not; raises SchemaError when a newer program made it."""
    found, known = schema_of(connection), len(migrations()) if known is None else known
    if found > known:
        raise SchemaError(
            f"it has schema {found}, newer than this program's {known}: a newer program made it; update this one"
        )
    return found


def _take(connection: duckdb.DuckDBPyConnection, step: Migration) -> None:
    connection.execute("BEGIN")
    try:
        connection.execute(step.sql)
        _record(connection, step)
        connection.execute("COMMIT")
    except BaseException as error:
        with suppress(duckdb.Error):  # a transaction that DuckDB has ended itself (a full disk) must not hide its cause
            connection.execute("ROLLBACK")
        if isinstance(error, duckdb.Error):
            raise SchemaError(
                f"it could not be brought to schema {step.version} ({step.name}), and has schema {step.version - 1} "
                f"as before: {error}\n`scrapy load` tries again; `scrapy rebuild` makes it from the run folders"
            ) from error
        raise


def _record(connection: duckdb.DuckDBPyConnection, step: Migration) -> None:
    if step.version == 1:  # the table holds no more than the number yet
        connection.execute("INSERT INTO base.schema_version VALUES (1)")
    else:
        now = clock.stamp(clock.now()).removesuffix("Z")
        connection.execute("INSERT INTO base.schema_version VALUES (?, ?, ?)", [step.version, step.name, now])


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
