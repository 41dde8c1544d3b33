"""The data dictionary says what the database says, and the database leaves nothing unexplained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.store.database import PUBLISHED_NAME
from pipelines.store.dictionary import DictionaryError, dictionary, empty_dictionary, example_of
from tests.pipelines.runs import Runs, firm

COMMITTED = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
OURS = "NOT internal AND schema_name = 'main' AND database_name = current_database()"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = Runs(tmp_path_factory.mktemp("home"))
    runs.add(firm(1))
    runs.load()
    return runs.home / PUBLISHED_NAME


@pytest.fixture
def connection(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection


def test_the_committed_dictionary_is_todays() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == empty_dictionary(), "the views have changed: run `make docs`"


def test_a_published_file_tells_the_same(connection: duckdb.DuckDBPyConnection) -> None:
    assert dictionary(connection) == COMMITTED.read_text(encoding="utf-8")


def test_every_view_column_and_macro_carries_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    silent = connection.execute(
        f"SELECT view_name FROM duckdb_views() WHERE {OURS} AND comment IS NULL"
        f" UNION ALL SELECT table_name FROM duckdb_tables() WHERE {OURS} AND comment IS NULL"
        f" UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE {OURS} AND comment IS NULL"
        f" UNION ALL SELECT function_name FROM duckdb_functions() WHERE {OURS} AND comment IS NULL"
    ).fetchall()
    assert silent == []


def test_every_view_and_macro_has_a_chapter_that_the_contents_lead_to(connection: duckdb.DuckDBPyConnection) -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    names = connection.execute(
        f"SELECT view_name FROM duckdb_views() WHERE {OURS}"
        f" UNION ALL SELECT function_name FROM duckdb_functions() WHERE {OURS}"
    ).fetchall()
    assert len(names) > 25
    assert [name for (name,) in names if f"\n## `{name}`\n" not in text or f"- [`{name}`](#{name}): " not in text] == []


def test_the_call_that_a_macros_comment_shows_runs(connection: duckdb.DuckDBPyConnection) -> None:
    macros = connection.execute(
        f"SELECT function_name, function_type, comment FROM duckdb_functions() WHERE {OURS}"
    ).fetchall()
    for name, kind, comment in macros:
        call = example_of(name, comment)
        connection.execute(f"SELECT {call}" if kind == "macro" else f"FROM {call}").fetchall()


@pytest.mark.parametrize(
    ("column", "origin"),
    [
        ("policies.in_putuo", "articles.in_putuo"),
        ("article_versions.kind", "articles.kind"),
        ("superseded_runs.run_id", "runs.run_id"),
        ("firm_history.address", "firms.address"),
        ("arrivals.name", "events.name"),
        ("arrivals.url", "firms.url"),
    ],
)
def test_a_column_handed_on_is_explained_where_its_view_says(
    connection: duckdb.DuckDBPyConnection, column: str, origin: str
) -> None:
    comments = dict(
        connection.execute(
            f"SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE {OURS}"
        ).fetchall()
    )
    assert comments[column] == comments[origin]


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ("CREATE VIEW silent AS SELECT 1 AS answer", "silent"),
        ("CREATE VIEW silent AS SELECT 1 AS answer; COMMENT ON VIEW silent IS 'It is.'", "silent.answer"),
        ("CREATE MACRO silent(a) AS a", "silent"),
        ("CREATE MACRO silent(a) AS a; COMMENT ON MACRO silent IS 'It gives what it gets.'", "shows no call"),
    ],
)
def test_what_is_not_explained_is_refused_by_name(made: str, named: str) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(made)
        with pytest.raises(DictionaryError, match=named):
            dictionary(connection)


def test_make_writes_it() -> None:
    makefile = (COMMITTED.parents[1] / "Makefile").read_text(encoding="utf-8")
    assert "\ndocs: " in makefile
    assert f"-m pipelines.store.dictionary docs/{COMMITTED.name}" in makefile
