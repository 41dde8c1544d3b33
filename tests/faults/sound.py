"""Is it sound? What must hold of a data directory after whatever happened to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from crawler.run_folder import run_folders
from pipelines.content_hash import content_hash, table_hashes
from pipelines.load import load
from pipelines.publish import check
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME
from reports.freeze import ISSUE, read_issue
from tests.faults.office import Office


def opens_whole(home: Path) -> str:
    """The content hash of the published file: it opens, says what its hash says, and no key is there twice.

    Empty while nothing was published. The same holds of every snapshot.
    """
    for snapshot in sorted((home / "snapshots").glob("putuo-*.duckdb")):
        _whole(snapshot)
    return _whole(home / PUBLISHED_NAME) if (home / PUBLISHED_NAME).exists() else ""


def _whole(path: Path) -> str:
    with duckdb.connect(str(path), read_only=True) as connection:
        ((said,),) = connection.execute("SELECT content_hash FROM release").fetchall()
        assert content_hash(connection) == said, f"{path} is not what its own hash says"
        check(connection)
        return str(said)


def issues_are_whole(home: Path) -> None:
    """Every issue.json can be read."""
    for path in sorted((home / "issues").glob(f"*/{ISSUE}")):
        assert read_issue(path) is not None


def taken_in(home: Path, aside: Path) -> set[str]:
    """The runs that the working database holds, each once; read from a copy, as whoever made it is dead."""
    if not (home / WORKING_NAME).exists():
        return set()
    aside.mkdir(exist_ok=True)
    for name in (WORKING_NAME, f"{WORKING_NAME}.wal"):
        (aside / name).unlink(missing_ok=True)
        if (home / name).exists():
            shutil.copyfile(home / name, aside / name)
    with duckdb.connect(str(aside / WORKING_NAME)) as connection:
        tables = connection.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'base' AND table_name = 'runs'")
        if not tables.fetchall():
            return set()
        found = [run_id for (run_id,) in connection.execute("SELECT run_id FROM base.runs").fetchall()]
    assert len(found) == len(set(found)), "a run is there twice"
    return set(found)


def nothing_lost_nothing_doubled(home: Path, office: Office, aside: Path) -> None:
    """Every dropped row is a fact exactly once a run that read it; and a rebuild elsewhere says the same."""
    with duckdb.connect(str(home / PUBLISHED_NAME), read_only=True) as connection:
        _each_row_is_a_fact(connection, office)
        runs = [run_id for (run_id,) in connection.execute("SELECT run_id FROM base.runs").fetchall()]
        assert sorted(runs) == sorted(folder.run_id for folder in run_folders(home))
        here = table_hashes(connection)
    again = aside / "again"
    shutil.copytree(home / "runs", again / "runs")
    if (home / "decisions.jsonl").exists():
        shutil.copyfile(home / "decisions.jsonl", again / "decisions.jsonl")
    load(again, code_version="test", progress=lambda step, done, total: None)
    with duckdb.connect(str(again / PUBLISHED_NAME), read_only=True) as connection:
        assert table_hashes(connection) == here
    shutil.rmtree(again)


def _each_row_is_a_fact(connection: duckdb.DuckDBPyConnection, office: Office) -> None:
    read: dict[tuple[str, str], list[str]] = {}
    sightings = "SELECT run_id, url, uscc, copies FROM base.sightings"
    for run_id, url, uscc, copies in connection.execute(sightings).fetchall():
        assert copies == 1
        read.setdefault((run_id, url), []).append(uscc)
    for (run_id, url), codes in read.items():
        rows = office.rows[Path(url.removeprefix("file://"))]
        assert len(codes) == len(rows), f"{run_id}: {len(codes)} facts of {len(rows)} rows of {url}"
        assert set(codes) == rows
    were_read = {Path(url.removeprefix("file://")) for _, url in read}
    due = {path for path in office.rows if path.parent == office.new} | {office.newest_full}
    assert due <= were_read, f"never read: {sorted(due - were_read)}"
    orphans = "SELECT count(*) FROM base.sightings ANTI JOIN base.records USING (record_id)"
    assert connection.execute(orphans).fetchall() == [(0,)]
