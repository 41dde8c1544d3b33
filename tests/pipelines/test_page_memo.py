"""What pages say of firms is kept: a page is read again when what decides about it changes, and not before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.news import Mention
from pipelines.page_memo import Answer, PageMemo
from pipelines.store.database import open_store
from tests.pipelines.runs import Runs, article, code, firm, published

NAME = "上海样桦医疗科技有限公司"
UNKNOWN = "上海澜禾样本生物医药有限公司"
SETTLES = f"{UNKNOWN}签约落户普陀区桃浦智创城。"
RAISED = f"近日，{NAME}宣布完成A轮融资，融资金额1亿元。"
ABOUT = "普陀区医疗器械产业又添新动能。"
SAID = """
    SELECT 'unknown', name_key, kinds, quote FROM derived.unknown_firms
    UNION ALL SELECT 'stated', uscc, kind, quote FROM derived.firm_statements ORDER BY ALL
"""


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """A page on a firm that is known, and on one that is not; loaded once."""
    runs = Runs(tmp_path)
    runs.add(firm(1, name=NAME), day=0)
    runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published("2026-09-01")), day=0)
    runs.news(article(1, "消息", ABOUT, RAISED, SETTLES, **published("2026-11-02")), day=2)
    runs.load()
    return runs


def tell(runs: Runs, statement: str) -> None:
    with open_store(runs.home) as connection:
        connection.execute(statement)


def test_what_a_page_said_is_taken_from_the_memory(runs: Runs) -> None:
    before = runs.ask(SAID)
    assert [row[:3] for row in before] == [
        ("stated", code(1), "financing_raised"),
        ("unknown", UNKNOWN, "arrival_announced"),
    ]
    tell(runs, "UPDATE memo.page_firms SET answer = replace(answer, '签约落户', '记得落户')")
    runs.load()
    told = runs.ask(SAID)
    assert told[0] == before[0]
    assert told[1][3] == before[1][3].replace("签约落户", "记得落户"), "the page was not read again"


def test_an_answer_of_other_rules_is_forgotten(runs: Runs) -> None:
    before = runs.ask(SAID)
    tell(runs, "UPDATE memo.page_firms SET answer = '[]', version = 'of other rules'")
    runs.load()
    assert runs.ask(SAID) == before
    with open_store(runs.home) as connection:
        assert connection.execute("SELECT count(*) FROM memo.page_firms WHERE answer = '[]'").fetchall() == [(0,)]


def test_a_corrected_page_is_another_page(runs: Runs) -> None:
    runs.news(article(1, "消息", ABOUT, RAISED, **published("2026-11-02")), day=4)
    runs.load()
    assert [row[0] for row in runs.ask(SAID)] == ["stated", "stated"], "each version states it; none names another firm"


def test_a_page_is_asked_anew_for_other_names(tmp_path: Path) -> None:
    read: list[str] = []

    def answered(firm: str, end: int) -> Answer:
        def compute() -> list[dict[str, Any]]:
            read.append(firm)
            return [{"uscc": firm}]

        return memo.ask("stated", "page", [Mention(firm=firm, start=0, end=end, form="exact")], (), compute)

    with open_store(tmp_path) as connection:
        memo = PageMemo(connection, "1")
        memo.open(["page"])
        asked = [("a", 4), ("a", 4), ("b", 4), ("a", 5)]
        assert [answered(*one) for one in asked] == [[{"uscc": firm}] for firm, _ in asked]
        assert read == ["a", "b", "a"], "the same names in the same places are one question"
        memo.keep()
        memo = PageMemo(connection, "1")
        memo.open(["page"])
        answered("b", 4)
        assert len(read) == 3, "another load finds what the one before kept"
        memo = PageMemo(connection, "2")
        memo.open(["page"])
        answered("b", 4)
        assert len(read) == 4, "of another version nothing is left"


def test_what_a_watched_firms_name_is_made_of_is_taken_from_the_memory(runs: Runs) -> None:
    aliases = "SELECT name FROM derived.aliases ORDER BY ALL"
    before = runs.ask(aliases)
    assert before
    tell(runs, "UPDATE memo.brands SET stem = 'kept'")
    runs.load()
    assert runs.ask(aliases) == [("kept",)]
    tell(runs, "UPDATE memo.brands SET version = 'of other rules'")
    runs.load()
    assert runs.ask(aliases) == before
