"""Opens the loader's working database, in a format that DuckDB 1.5 tools can read, and gives its tables their shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# People open the published file with 1.5 tools for a while yet.
STORAGE_VERSION = "v1.5.0"
SCHEMA_VERSION = 1
MEMORY_LIMIT = "1536MiB"
WORKING_NAME = "store.duckdb"
PUBLISHED_NAME = "putuo.duckdb"
_SQL = Path(__file__).parent


class StoreError(RuntimeError):
    """The database cannot be used as it is; the message says what to do."""


@contextmanager
def open_store(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database of a data directory, for the one loader that holds the lock.

    Raises StoreError for a file of a newer schema, or one that is no database.
    """
    home.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(":memory:")
    try:
        try:
            connection.execute(
                f"ATTACH '{_quoted(home / WORKING_NAME)}' AS store (STORAGE_VERSION '{STORAGE_VERSION}')"
            )
        except duckdb.Error as error:
            raise StoreError(
                f"{home / WORKING_NAME} cannot be opened: {error}\n"
                "It can be made again from the run folders: scrapy rebuild"
            ) from error
        connection.execute("USE store")
        connection.execute("SET TimeZone = 'UTC'")
        # What does not fit spills to disk: memory is bounded by this, not by the size of a run.
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"SET temp_directory = '{_quoted(home / 'spill')}'")
        connection.execute("SET preserve_insertion_order = false")
        _migrate(connection, home / WORKING_NAME)
        yield connection
    finally:
        connection.close()


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.execute("BEGIN")
    connection.execute(read_sql("schema.sql"))
    row = connection.execute("SELECT max(version) FROM base.schema_version").fetchone()
    found = row[0] if row else None
    if found is None:
        connection.execute("INSERT INTO base.schema_version VALUES (?)", [SCHEMA_VERSION])
    elif found > SCHEMA_VERSION:
        connection.execute("ROLLBACK")
        raise StoreError(f"{path} has schema {found}, newer than this program's {SCHEMA_VERSION}: update the program")
    connection.execute("COMMIT")


def read_sql(name: str) -> str:
    """The text of a statement file of this folder."""
    return (_SQL / name).read_text(encoding="utf-8")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
