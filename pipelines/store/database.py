"""Opens the loader's working database, in a format that DuckDB 1.5 tools can read, and gives its tables their shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.store.files import quoted
from pipelines.store.migrations import SchemaError, migrate

# People open the published file with 1.5 tools for a while yet.
STORAGE_VERSION = "v1.5.0"
MEMORY_LIMIT = "1536MiB"
WORKING_NAME = "store.duckdb"
PUBLISHED_NAME = "putuo.duckdb"
LOCK_NAME = "load.lock"  # held by the one process that may open the working database


class StoreError(RuntimeError):
    """The database cannot be used as it is; the message says what to do."""


@contextmanager
def open_store(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database of a data directory, for the one loader that holds the lock.

    One of an earlier schema is brought up to this program's. Raises StoreError for a file of a newer schema, one that
    cannot be brought up, and one that is no database.
    """
    home.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(":memory:")
    try:
        try:
            connection.execute(f"ATTACH '{quoted(home / WORKING_NAME)}' AS store (STORAGE_VERSION '{STORAGE_VERSION}')")
        except duckdb.Error as error:
            raise StoreError(
                f"{home / WORKING_NAME} cannot be opened: {error}\n"
                "It can be made again from the run folders: scrapy rebuild"
            ) from error
        connection.execute("USE store")
        connection.execute("SET TimeZone = 'UTC'")
        # What does not fit spills to disk: memory is bounded by this, not by the size of a run.
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"SET temp_directory = '{quoted(home / 'spill')}'")
        connection.execute("SET preserve_insertion_order = false")
        _migrate(connection, home / WORKING_NAME)
        yield connection
    finally:
        connection.close()


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        migrate(connection)
    except SchemaError as error:
        raise StoreError(f"{path}: {error}") from error


def forget_derived(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops every table that a load makes anew; the views over them stand (`analyst_views`)."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS derived")  # an earlier program may have been killed without one
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'derived'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f'DROP TABLE derived."{table}"')
