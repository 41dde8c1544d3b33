"""The published file as our own programs ask it: read only, with a clear word where it cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

LACKING = (duckdb.BinderException, duckdb.CatalogException)  # a table or column is not there, or not as it is today


class PublishedFileError(RuntimeError):
    """There is no published file that could be asked; the message says what to do."""


@contextmanager
def opened(path: Path, remedy: str = "scrapy load") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a published file. Raises PublishedFileError, also where the file does not know what is asked.

    `remedy` is the command that makes a file of an older release one of this program's.
    """
    if not path.is_file():
        raise PublishedFileError(f"{path}: no published database yet; run `scrapy load` first")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            yield connection
    except duckdb.Error as error:
        raise PublishedFileError(f"{path}: cannot be asked: {why(error, remedy)}") from error


def why(error: duckdb.Error, remedy: str) -> str:
    """What the database says is wrong, without the query, and the remedy where an older release may be the reason."""
    what, *_ = str(error).splitlines() or [type(error).__name__]
    return f"{what}\nIf an older release made it: {remedy}" if isinstance(error, LACKING) else what


def rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answer to a query, a dictionary a row."""
    cursor = connection.execute(sql, dict(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
