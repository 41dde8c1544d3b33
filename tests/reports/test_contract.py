"""The published file that the loader really makes is the one that the reports, and these tests, read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.load import load
from reports.weekly import make_issue
from tests.reports.conftest import AFTER, WEEK, text_of
from tests.reports.published import PublishedFile

TABLES = ("firms", "events", "sources", "runs", "quarantine", "release")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """What the loader publishes when there is no run yet."""
    done = load(tmp_path / "home", code_version="0.1.0", progress=lambda _step, _at, _all: None)
    assert done.published
    return done.published.path


def columns(path: Path, table: str) -> dict[str, str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(f"DESCRIBE {table}").fetchall()
    return {name: kind for name, kind, *_ in rows}


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_built_for_these_tests_are_those_that_are_published(
    published: Path, tmp_path: Path, table: str
) -> None:
    built, real = columns(PublishedFile().write(tmp_path / "built.duckdb"), table), columns(published, table)
    assert built.items() <= real.items()


def test_the_first_issue_can_be_made_before_anything_was_crawled(published: Path, tmp_path: Path) -> None:
    made = make_issue(published, tmp_path / "issues", WEEK, ("zh", "en"), AFTER, release="0.1.0")
    assert "数据库里还没有一次采集" in text_of(made)
