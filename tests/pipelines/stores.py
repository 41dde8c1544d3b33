"""Data directories as earlier programs left them, for tests of what today's program makes of them."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.content_hash import table_hashes
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME, open_store

FIXTURES = Path(__file__).parents[1] / "fixtures"
EARLIER = sorted(path.name for path in FIXTURES.glob("schema_*"))


def schema_in(name: str) -> int:
    """The schema of a fixture: schema_1_before_news has 1."""
    return int(name.split("_")[1])


def unpack(name: str, home: Path) -> Path:
    """A data directory with the store, run folders and decisions of a fixture; published is what the store holds."""
    shutil.copytree(FIXTURES / name, home)
    packed = home / f"{WORKING_NAME}.gz"
    (home / WORKING_NAME).write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    shutil.copyfile(home / WORKING_NAME, home / PUBLISHED_NAME)
    (home / PUBLISHED_NAME).chmod(0o444)
    return home


def hashes(home: Path) -> dict[str, str]:
    """For each table of the working store a hash of its rows."""
    with open_store(home) as connection:
        return table_hashes(connection)


@contextmanager
def written_by_another(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database file to write into, as another program would have left it; its mode stays."""
    mode = path.stat().st_mode
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        yield connection
    path.chmod(mode)


def relabel(path: Path, labels: Mapping[str, Mapping[str, Any]]) -> None:
    """Gives firms of a database file, by credit code, the columns of another label."""
    with written_by_another(path) as connection:
        for uscc, label in labels.items():
            stated = ", ".join(f"{column} = ${column}" for column in label)
            connection.execute(f"UPDATE derived.firms SET {stated} WHERE uscc = $uscc", {"uscc": uscc, **label})


def leave_in_doubt(home: Path, *codes: str) -> None:
    """Publishes the labels of these firms as doubtful and all others as sure, whatever today's weights say."""
    with written_by_another(home / PUBLISHED_NAME) as connection:
        connection.execute(
            "UPDATE derived.firms SET score = CASE WHEN uscc IN (SELECT unnest(?)) THEN 0.6 ELSE 0.99 END",
            [list(codes)],
        )
