"""Whole database files: given a second name, and looked into without touching them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from crawler.run_folder import sync_folder
from pipelines.store.migrations import schema_of

READ_ONLY = 0o444  # who opens it for writing would lock others out and leave a WAL behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Which program made a database file, when (UTC), and what it holds; `schema` is 0 where none is written."""

    schema: int
    published_at: datetime
    code_version: str
    rules_version: str
    gazetteer_version: str
    content_hash: str

    @property
    def made_by(self) -> str:
        """The program that made it, for people."""
        return f"version {self.code_version} (rules {self.rules_version}, gazetteer {self.gazetteer_version})"


def copy_to_disk(source: Path, target: Path) -> None:
    """Copies a file, read-only, and waits until it is on the disk."""
    shutil.copyfile(source, target)
    target.chmod(READ_ONLY)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def give_name(source: Path, target: Path) -> None:
    """Makes `target` the file that `source` now is, whole or not at all: by a hard link, by a copy where none can be.

    A link takes no room, and stays what it is when `source` is replaced. Raises OSError.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        try:
            temporary.hardlink_to(source)
        except OSError:  # another disk, or one that knows no links
            copy_to_disk(source, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)  # also after a rename onto another name of the same file, which does nothing
    sync_folder(target.parent)


@contextmanager
def looking_into(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads a database file, in an instance of its own: a torn file must not spoil another one.

    Raises duckdb.Error, also while it is asked.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET temp_directory = ''")  # it would lie in the working directory
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH '{quoted(path)}' AS looked_into (READ_ONLY)")
        connection.execute("USE looked_into")
        yield connection


def read_release(connection: duckdb.DuckDBPyConnection) -> Release:
    """The release row of the current database. Raises duckdb.Error where there is none."""
    rows = connection.execute(
        "SELECT published_at, code_version, rules_version, gazetteer_version, content_hash FROM main.release"
    ).fetchall()
    if len(rows) != 1:
        raise duckdb.InvalidInputException(f"main.release has {len(rows)} rows instead of one")
    published_at, code, rules, gazetteer, digest = rows[0]
    return Release(
        schema=schema_of(connection),
        published_at=published_at.replace(tzinfo=UTC),
        code_version=code,
        rules_version=rules,
        gazetteer_version=gazetteer,
        content_hash=digest,
    )


def release_of(path: Path) -> Release:
    """The release row of a database file. Raises duckdb.Error."""
    with looking_into(path) as connection:
        return read_release(connection)


def quoted(path: Path) -> str:
    """A path within an SQL text."""
    return str(path).replace("'", "''")
