"""The views stand from load to load, and are made anew where their text or what they are made of is another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crawler.run_folder import runs_folder
from pipelines.load import load
from pipelines.store.analyst_views import make_views
from pipelines.store.database import open_store
from tests.pipelines.runs import Runs, code, firm, registered
from tests.pipelines.stores import hashes

VIEWS = (
    "SELECT view_name, sql, comment FROM duckdb_views() WHERE database_name = current_database()"
    " AND schema_name IN ('main', 'derived') AND NOT internal ORDER BY ALL"
)
MACROS = (
    "SELECT DISTINCT function_name FROM duckdb_functions() WHERE database_name = current_database()"
    " AND schema_name IN ('main', 'derived') AND NOT internal ORDER BY ALL"
)
COLUMNS = (
    "SELECT table_name, column_name, data_type, comment FROM duckdb_columns()"
    " WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal ORDER BY ALL"
)
TRACE = "stood here before"


def shown(connection: duckdb.DuckDBPyConnection) -> list[list[tuple[Any, ...]]]:
    """Views, macros and columns. DuckDB writes a view's EXCLUDE in any order, and a TIMESTAMP in two ways."""
    views = connection.execute(VIEWS).fetchall()
    words = [
        (name, sorted(re.findall(r"\w+", sql.replace("TIMESTAMP_US", "TIMESTAMP"))), say) for name, sql, say in views
    ]
    return [words, connection.execute(MACROS).fetchall(), connection.execute(COLUMNS).fetchall()]


def mark(connection: duckdb.DuckDBPyConnection) -> None:
    """Leaves a trace that is gone when the views are made anew."""
    connection.execute(f"COMMENT ON VIEW firms IS '{TRACE}'")


def is_marked(connection: duckdb.DuckDBPyConnection) -> bool:
    return TRACE in [comment for _, _, comment in connection.execute(VIEWS).fetchall()]


def test_a_load_leaves_those_that_stand_and_they_show_what_is_new(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    with open_store(runs.home) as connection:
        mark(connection)
    runs.add(firm(1), firm(2, **registered("2026-10-30")))
    runs.load()
    with open_store(runs.home) as connection:
        assert is_marked(connection)
    assert runs.ask("SELECT count(*) FROM firms") == [(2,)]
    assert runs.ask("SELECT kind, uscc FROM arrivals") == [("registered", code(2))]


@pytest.mark.parametrize(
    "by_another",
    [
        "CREATE OR REPLACE VIEW firms AS SELECT 1 AS firm_id",
        "DROP VIEW firms",
        "CREATE OR REPLACE MACRO firms_as_of(day, known_at) AS TABLE SELECT 2 AS firm_id",
        "COMMENT ON COLUMN firms.uscc IS 'what another program says'",
        "CREATE VIEW only_theirs AS SELECT 3 AS number",
        "CREATE VIEW derived.only_theirs AS SELECT 3 AS number",
        "CREATE MACRO only_theirs(number) AS number + 1",
    ],
)
@pytest.mark.parametrize(
    "marked",
    ["DROP VIEW derived.views_made_of", "CREATE OR REPLACE VIEW derived.views_made_of AS SELECT 'another' AS made_of"],
    ids=["an earlier program", "another program"],
)
def test_what_another_program_made_is_made_anew_and_what_only_that_one_made_goes(
    runs: Runs, by_another: str, marked: str
) -> None:
    runs.load()
    with open_store(runs.home) as connection:
        expected = shown(connection)
        connection.execute(by_another)
        connection.execute(marked)
        assert shown(connection) != expected
        make_views(connection)
        assert shown(connection) == expected


@pytest.mark.parametrize(
    "other_tables",
    [
        "ALTER TABLE derived.firms ALTER COLUMN score TYPE VARCHAR",
        "ALTER TABLE derived.firms ADD COLUMN more INTEGER",
        "CREATE TABLE derived.more (number INTEGER)",
    ],
)
def test_over_tables_of_another_shape_they_are_made_anew(runs: Runs, other_tables: str) -> None:
    """A view knows the types of its columns, and fails on others."""
    runs.add(firm(1))
    runs.load()
    with open_store(runs.home) as connection:
        mark(connection)
        make_views(connection)
        assert is_marked(connection)
        connection.execute(other_tables)
        make_views(connection)
        assert not is_marked(connection)
        assert connection.execute("SELECT count(*) FROM firms").fetchall() == [(1,)]


def test_where_everything_that_is_made_anew_is_gone_the_views_are_whole_after_a_load(runs: Runs) -> None:
    """An earlier program dropped the whole schema, and was killed then."""
    runs.add(firm(1))
    runs.load()
    with open_store(runs.home) as connection:
        before = shown(connection)
        connection.execute("DROP SCHEMA derived CASCADE")
    runs.load()
    with open_store(runs.home) as connection:
        assert shown(connection) == before
    assert runs.ask("SELECT count(*) FROM arrivals") == [(0,)]


def test_a_load_of_a_store_with_views_tells_what_one_without_tells(runs: Runs, tmp_path: Path) -> None:
    """`Runs` begins with views; a first load of any other home makes them."""
    runs.add(firm(1), firm(2))
    runs.load()
    shutil.copytree(runs_folder(runs.home), runs_folder(tmp_path / "fresh"))
    load(tmp_path / "fresh", code_version="test", progress=lambda step, done, total: None)
    with open_store(runs.home) as connection:
        here = shown(connection)
    with open_store(tmp_path / "fresh") as connection:
        assert shown(connection) == here
    assert hashes(tmp_path / "fresh") == hashes(runs.home)
