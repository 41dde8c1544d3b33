"""The published file that the loader really makes is the one that the reports, and these tests, read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.load import load
from pipelines.store.database import PUBLISHED_NAME
from reports.weekly import make_issue
from tests.pipelines.runs import Runs, article, firm
from tests.pipelines.runs import published as published_on
from tests.reports.conftest import AFTER, WEEK, text_of
from tests.reports.published import PublishedFile

TABLES = ("firms", "events", "articles", "claims", "claims_compared", "sources", "runs", "quarantine", "release")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the loader publishes when there is no run yet; nobody can write into it."""
    home = tmp_path_factory.mktemp("home")
    done = load(home, code_version="0.1.0", progress=lambda _step, _at, _all: None)
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


def test_what_is_really_read_in_an_article_is_told(tmp_path: Path) -> None:
    runs, name = Runs(tmp_path), "上海桦序1医疗器械有限公司"
    runs.add(firm(1), day=0)
    runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published_on("2026-09-01")), day=0)
    funding = f"普陀区医疗器械产业又添新动能。近日，{name}宣布完成A轮融资，融资金额1亿元。"
    claim = "桃浦智创城医疗器械企业云集。到2028年，全区生命健康产业规模力争突破200亿元。"
    runs.news(
        article(1, f"{name}完成融资", funding, **published_on("2026-11-03")),
        article(2, "普陀区生命健康产业再上新台阶", claim, **published_on("2026-11-03")),
        day=2,
    )
    runs.load()
    made = make_issue(tmp_path / PUBLISHED_NAME, tmp_path / "issues", WEEK, ("zh",), AFTER, release="0.1.0")
    assert f"获得融资：“近日，{name}宣布完成A轮融资，融资金额1亿元。”" in text_of(made)
    assert "产业规模：超过 200亿元（2028 年目标）" in text_of(made)
    assert made.counts["held"] == 3
