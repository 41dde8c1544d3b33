"""Answers of our pure functions, kept by their input and version, so that a night computes only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

_AT_ONCE = 10_000  # rows in Python's hands at a time


@dataclass(frozen=True, slots=True)
class Memo:
    """A table of `memo`: its key columns, its answer columns, and the function (in batches) that fills it."""

    table: str
    version: str
    keys: tuple[str, ...]
    answers: tuple[str, ...]
    compute: Callable[[list[tuple[str, ...]]], Iterator[tuple[object, ...]]]


def fingerprint(*paths: Path) -> str:
    """A version that changes with any of these files (of a folder, all in it): no answer outlives its code."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (".py", ".toml", ".csv", ".txt"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def fill(
    connection: duckdb.DuckDBPyConnection, memo: Memo, inputs: str, progress: Callable[[str, int, int], None]
) -> None:
    """Computes the answers that `inputs` (a SELECT of the key columns) asks for and the table does not hold yet.

    Answers of other versions are dropped. `progress` is told the table, the rows done and all rows to do.
    """
    keys = ", ".join(memo.keys)
    connection.execute(f"DELETE FROM memo.{memo.table} WHERE version <> ?", [memo.version])
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE todo AS SELECT row_number() OVER () AS n, {keys}"
        f" FROM (SELECT DISTINCT {keys} FROM ({inputs})) ANTI JOIN memo.{memo.table} USING ({keys})"
    )
    total = _count(connection)
    for start in range(0, total, _AT_ONCE):
        asked = connection.execute(
            f"SELECT {keys} FROM todo WHERE n > ? AND n <= ? ORDER BY n", [start, start + _AT_ONCE]
        ).fetchall()
        _insert(connection, memo, asked)
        progress(memo.table, min(start + _AT_ONCE, total), total)
    connection.execute("DROP TABLE todo")


def _insert(connection: duckdb.DuckDBPyConnection, memo: Memo, asked: list[tuple[str, ...]]) -> None:
    rows = [(*key, *answer) for key, answer in zip(asked, memo.compute(asked), strict=True)]
    names = (*memo.keys, *memo.answers)
    table = pa.table({name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)})
    connection.register("answers", table)
    columns = ", ".join(names)
    connection.execute(
        f"INSERT INTO memo.{memo.table} (version, {columns}) SELECT ?, {columns} FROM answers", [memo.version]
    )
    connection.unregister("answers")


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(*) FROM todo").fetchone()
    assert row is not None
    return int(row[0])
