"""A store that any earlier program made is brought up to today's schema whole, or is left as it was."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crawler.run_folder import run_folders
from pipelines.load import Loaded, load
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME, StoreError, open_store
from pipelines.store.files import looking_into
from pipelines.store.migrations import Migration, SchemaError, migrate, migrations, schema_of
from reports.errors import PublishedUnreadableError
from reports.published import read_published
from reports.weeks import Week
from tests.crawler.crawling import scrapy
from tests.pipelines.runs import Runs, firm
from tests.pipelines.stores import EARLIER, hashes, schema_in, unpack

NEWEST = len(migrations())
ROOT = Path(__file__).parents[2]


def loaded(home: Path, *, again: bool = False) -> Loaded:
    return load(home, code_version="test", progress=lambda *told: None, again=again)


def said(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that hold what runs said, with the columns that they have in this file."""
    with looking_into(path) as connection:
        columns = connection.execute(
            "SELECT table_name, string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns()"
            " WHERE schema_name = 'base' AND table_name NOT IN ('schema_version', 'decisions')"
            " AND database_name = current_database() GROUP BY ALL"
        ).fetchall()
        return {
            f"{names} FROM base.{table}": connection.execute(
                f"SELECT {names} FROM base.{table} ORDER BY ALL"
            ).fetchall()
            for table, names in columns
        }


def test_there_is_a_store_of_every_schema_but_the_newest() -> None:
    """Who adds a migration adds a store from before it: tests/fixtures/make_store.py says how."""
    assert {schema_in(name) for name in EARLIER} == set(range(1, NEWEST))


@pytest.mark.parametrize("name", EARLIER)
def test_an_earlier_store_loads_to_the_same_tables_as_a_rebuild(name: str, tmp_path: Path) -> None:
    home, again = unpack(name, tmp_path / "kept"), unpack(name, tmp_path / "again")
    (again / PUBLISHED_NAME).unlink()
    done = loaded(home)
    assert (done.added, done.refused) == ([], {}), "what was loaded then is there"
    assert len(loaded(again, again=True).added) == len(list(run_folders(again)))
    assert hashes(home) == hashes(again)


@pytest.mark.parametrize("name", EARLIER)
def test_a_migration_loses_no_row_and_the_new_file_is_published(name: str, tmp_path: Path) -> None:
    home = unpack(name, tmp_path / "kept")
    before = said(home / WORKING_NAME)
    assert sum(map(len, before.values())) > 20
    with open_store(home) as connection:
        assert {rows: connection.execute(f"SELECT {rows} ORDER BY ALL").fetchall() for rows in before} == before
    done = loaded(home)
    assert done.published is not None
    with looking_into(home / PUBLISHED_NAME) as connection:
        assert schema_of(connection) == NEWEST
        assert connection.execute("SELECT count(*) FROM events").fetchall()[0][0] >= 7


@pytest.mark.parametrize("name", EARLIER)
def test_each_step_is_recorded_by_name_and_taken_once(name: str, tmp_path: Path) -> None:
    home = unpack(name, tmp_path / "kept")
    steps = "SELECT version, name, applied_at FROM base.schema_version ORDER BY version"
    with open_store(home) as connection:
        taken = connection.execute(steps).fetchall()
    assert [(version, name) for version, name, _ in taken] == [(step.version, step.name) for step in migrations()]
    assert all(at is not None for version, _, at in taken if version > max(1, schema_in(name)))
    with open_store(home) as connection:
        assert migrate(connection) == []
        assert connection.execute(steps).fetchall() == taken


def test_an_empty_store_takes_the_same_steps_to_the_same_shape(tmp_path: Path) -> None:
    shape = (
        "SELECT schema_name, table_name, column_name, data_type, is_nullable FROM duckdb_columns()"
        " WHERE database_name = 'store' AND schema_name IN ('base', 'memo') ORDER BY ALL"
    )
    with open_store(tmp_path) as connection:
        expected = connection.execute(shape).fetchall()
    for name in EARLIER:
        with open_store(unpack(name, tmp_path / name)) as connection:
            assert connection.execute(shape).fetchall() == expected, name


@pytest.mark.parametrize("name", EARLIER)
def test_a_step_that_fails_leaves_the_schema_before_it_with_all_its_rows(name: str, tmp_path: Path) -> None:
    home = unpack(name, tmp_path / "kept")
    broken = Migration(
        NEWEST + 1,
        f"{NEWEST + 1:04}_broken",
        "ALTER TABLE base.runs ADD COLUMN half VARCHAR; DROP TABLE base.quarantine; SELECT * FROM base.nowhere;",
    )
    with open_store(home) as connection, pytest.raises(SchemaError, match=rf"has schema {NEWEST} as before: .*nowhere"):
        migrate(connection, (*migrations(), broken))
    with open_store(home) as connection:
        assert schema_of(connection) == NEWEST
        assert "half" not in [column for column, *_ in connection.execute("DESCRIBE base.runs").fetchall()]
        assert connection.execute("SELECT count(*) FROM base.quarantine").fetchall() == [(1,)]
    assert loaded(home).published is not None


@pytest.mark.parametrize("name", EARLIER)
def test_a_store_that_cannot_be_brought_up_is_told_with_the_way_out(name: str, tmp_path: Path) -> None:
    """Somebody helped himself to what a later schema has."""
    home = unpack(name, tmp_path / "kept")
    before, schema = (home / PUBLISHED_NAME).read_bytes(), schema_in(name)
    later = {
        1: "ALTER TABLE base.runs ADD COLUMN supersedes VARCHAR",
        2: "ALTER TABLE base.runs ADD COLUMN sweep VARCHAR",
        3: "ALTER TABLE base.records ADD COLUMN industry VARCHAR",
        4: "ALTER TABLE memo.readings ADD COLUMN site VARCHAR",
        5: "CREATE TABLE memo.brands (name VARCHAR)",
    }[schema]
    with duckdb.connect(str(home / WORKING_NAME)) as connection:
        connection.execute(later)
    with pytest.raises(StoreError, match=rf"has schema {schema} as before: [\s\S]*scrapy rebuild"):
        loaded(home)
    with looking_into(home / WORKING_NAME) as connection:
        assert schema_of(connection) == schema
    assert (home / PUBLISHED_NAME).read_bytes() == before
    assert loaded(home, again=True).published is not None


_SLOW = """
import sys
from pathlib import Path
from pipelines.store.database import open_store
from pipelines.store.migrations import Migration, migrate, migrations
slow = Migration(len(migrations()) + 1, "slow", '''
    ALTER TABLE base.runs ADD COLUMN slow VARCHAR;
    UPDATE base.runs SET slow = run_id;
    CREATE TABLE base.slow AS SELECT md5(CAST(range AS VARCHAR)) AS text FROM range(3_000_000);
''')
with open_store(Path(sys.argv[1])) as connection:
    print("begun", flush=True)
    migrate(connection, (*migrations(), slow))
"""


@pytest.mark.parametrize("delay", [0, 0.3, 0.9, 60])
def test_a_migration_killed_at_any_moment_is_taken_whole_or_not_at_all(tmp_path: Path, delay: float) -> None:
    home = unpack(EARLIER[0], tmp_path / "kept")
    with subprocess.Popen([sys.executable, "-c", _SLOW, str(home)], cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    with looking_into(home / WORKING_NAME) as connection:
        taken = schema_of(connection) == NEWEST + 1
        columns = [column for column, *_ in connection.execute("DESCRIBE base.runs").fetchall()]
        (tables,) = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'slow'").fetchall()
        assert (("slow" in columns), bool(tables[0])) == (taken, taken)
        assert taken or schema_of(connection) == NEWEST
    if delay in (0, 60):
        assert taken == (delay == 60)
    if not taken:
        assert loaded(home).published is not None


def newer(path: Path) -> None:
    """Makes a database file one of a program yet to come."""
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO base.schema_version VALUES (99, '0099_to_come', '2030-01-01')")
    path.chmod(0o444)


def test_a_store_of_a_newer_schema_is_refused_and_left_alone(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    (runs.home / WORKING_NAME).chmod(0o644)
    with open_store(runs.home) as connection:
        connection.execute("INSERT INTO base.schema_version VALUES (99, '0099_to_come', '2030-01-01')")
    with pytest.raises(StoreError, match=f"schema 99, newer than this program's {NEWEST}: .* update this one"):
        runs.load()
    with looking_into(runs.home / WORKING_NAME) as connection:
        assert schema_of(connection) == 99


def test_a_published_file_of_a_newer_schema_is_not_reported_from(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    newer(runs.home / PUBLISHED_NAME)
    with pytest.raises(PublishedUnreadableError, match="a newer program made it; update this one"):
        read_published(runs.home / PUBLISHED_NAME, Week.parse("2026-W45"), [])
    for command in (("weekly", "--week", "2026-W45"), ("export", "--format", "csv"), ("why", "e0")):
        done = scrapy(runs.home, *command, "--now", "2026-11-16T12:00+08:00")
        assert done.exitcode == 1, command
        assert "a newer program made it; update this one" in done.stderr, command


def test_a_published_file_too_old_to_report_from_is_told_with_the_way_out(tmp_path: Path) -> None:
    path = unpack("schema_1_before_news", tmp_path / "then") / PUBLISHED_NAME
    with pytest.raises(PublishedUnreadableError, match="`scrapy load` publishes it anew"):
        read_published(path, Week.parse("2026-W45"), [])
    loaded(path.parent)
    assert len(read_published(path, Week.parse("2026-W45"), []).events) == 7
