"""Data directories as earlier programs left them, for tests of what today's program makes of them."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

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
