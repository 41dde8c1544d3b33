"""Firms by their names: unknown ones as candidates, branches with their parents, hints of one brand, all names ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.decisions import read_decisions, record_decision
from pipelines.review import MatchEntry, UnknownEntry, read_queue
from pipelines.store.database import PUBLISHED_NAME
from tests.pipelines.runs import THERE, Runs, article, code, firm, published
from tests.pipelines.test_decisions import ABOUT, TOLD, match, rebuilt, withdraw

NAME, ALIAS = "上海样桦医疗科技有限公司", "样桦医疗"
TRADES = (
    "医疗",
    "医药",
    "医疗器械",
    "生物医药",
    "医疗科技",
    "医药科技",
    "药业",
    "医疗设备",
    "医药销售",
    "医疗用品",
    "药房",
)
UNKNOWN = "上海澜禾样本生物医药有限公司"
SETTLES = f"{UNKNOWN}签约落户普陀区桃浦智创城。"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """A firm that is known in Putuo, and a portal that was read before."""
    runs = Runs(tmp_path)
    runs.add(firm(1, name=NAME), day=0)
    runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published("2026-09-01")), day=0)
    return runs


def mentions(runs: Runs) -> list[tuple[Any, ...]]:
    return runs.ask("SELECT uscc, matched, form, kind FROM mentions ORDER BY ALL")


# ------------------------------------------------------------------------------------------------ aliases in pages


def test_an_alias_on_a_page_set_here_makes_the_firms_event(runs: Runs) -> None:
    runs.news(article(1, "消息", ABOUT, f"近日，{ALIAS}宣布完成A轮融资，融资金额1亿元。", **TOLD), day=2)
    runs.load()
    assert mentions(runs) == [(code(1), ALIAS, "alias", "financing_raised")]
    assert runs.events() == [("financing_raised", code(1))]
    record_decision(runs.home, match(ALIAS, 1, "different"))
    rebuilt(runs)
    assert (mentions(runs), runs.events()) == ([], [])


def test_an_alias_on_any_other_page_is_a_candidate_with_what_it_would_say(runs: Runs) -> None:
    runs.news(article(1, "消息", f"近日，{ALIAS}宣布完成A轮融资，融资金额1亿元。", **TOLD), day=2)
    runs.load()
    assert (mentions(runs), runs.events()) == ([], [])
    asked = "SELECT what, matched, uscc, match, context, event FROM name_candidates"
    assert runs.ask(asked) == [("article", ALIAS, code(1), "alias", "no_context", "financing_raised")]
    (entry,) = read_queue(runs.home / PUBLISHED_NAME, [], 10, ["match"]).entries
    assert isinstance(entry, MatchEntry)
    assert (entry.name, entry.event, entry.is_supposed) == (ALIAS, "financing_raised", True)
    line = record_decision(runs.home, match(ALIAS, 1, "same", entry.article_id))
    rebuilt(runs)
    assert runs.events("kind", "discovered_on::VARCHAR") == [("financing_raised", "2026-11-12")]
    assert runs.ask(asked) == []
    record_decision(runs.home, withdraw(line))
    rebuilt(runs)
    assert (runs.events(), len(runs.ask(asked))) == ([], 1)


# -------------------------------------------------------------------------------------------------- unknown firms


def test_a_firm_that_no_register_knows_is_a_named_candidate_and_neither_a_firm_nor_an_event(runs: Runs) -> None:
    runs.news(article(1, "普陀新签约", ABOUT, SETTLES, **TOLD), day=2)
    runs.news(article(2, "再报道", ABOUT, SETTLES, **published("2026-11-06")), day=4)
    runs.load()
    assert runs.ask("SELECT name, pages, events, parks, quote, match, firm_id FROM firm_candidates") == [
        (UNKNOWN, 2, "arrival_announced", "taopu_smart_city", SETTLES, "none", None)
    ]
    assert (runs.events(), runs.ask("SELECT count(*) FROM firms")) == ([], [(1,)])
    path = runs.home / PUBLISHED_NAME
    assert read_queue(path, [], 10).entries == ()
    queue = read_queue(path, [], 10, ["candidate"])
    (entry,) = queue.entries
    assert isinstance(entry, UnknownEntry)
    assert (queue.candidates, entry.name, entry.pages) == (1, UNKNOWN, 2)
    record_decision(runs.home, match(UNKNOWN, 7, "same"))
    assert read_queue(path, read_decisions(runs.home), 10, ["candidate"]).candidates == 0


def test_a_later_registration_says_which_firm_a_candidate_became_and_the_page_is_its_own(runs: Runs) -> None:
    runs.news(article(1, "普陀新签约", ABOUT, SETTLES, **TOLD), day=2)
    runs.add(firm(7, name=f"{UNKNOWN[:2]}市{UNKNOWN[2:]}"), day=9, series="b", listing="new")
    rebuilt(runs)
    assert runs.ask("SELECT match, uscc, registered_name FROM firm_candidates") == [
        ("spelling", code(7), f"{UNKNOWN[:2]}市{UNKNOWN[2:]}")
    ]
    assert [uscc for uscc, *_ in mentions(runs)] == [code(7)]


def test_a_page_about_nothing_of_ours_names_no_candidates(runs: Runs) -> None:
    runs.news(article(1, "外地消息", f"{UNKNOWN}在苏州工业园区投产。", **TOLD), day=2)
    runs.load()
    assert runs.ask("SELECT count(*) FROM firm_candidates") == [(0,)]


def test_a_candidate_that_may_be_a_known_firm_says_so(runs: Runs) -> None:
    runs.add(firm(8, name="上海屿弥康智能医疗科技有限公司"), day=1, series="b")
    runs.news(article(1, "普陀新签约", ABOUT, "屿弥康智能科技有限公司签约落户普陀区桃浦智创城。", **TOLD), day=2)
    runs.load()
    assert runs.ask("SELECT name, near FROM firm_candidates") == [("屿弥康智能科技有限公司", code(8))]


# ----------------------------------------------------------------------------------------------- links and names


def links(runs: Runs) -> list[tuple[Any, ...]]:
    return runs.ask("SELECT uscc, relation, other_uscc, match, reason FROM firm_links ORDER BY ALL")


def test_a_branch_is_linked_with_its_parent_both_ways_and_never_merged(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1, name="上海市样桦医疗科技有限公司", address=THERE), firm(2, name=f"{NAME}普陀分公司"))
    runs.load()
    assert links(runs) == [
        (code(1), "parent_of", code(2), "spelling", "parent_name"),
        (code(2), "branch_of", code(1), "spelling", "parent_name"),
    ]
    assert runs.ask("SELECT count(*) FROM firms") == [(2,)]


def test_a_branch_of_a_name_that_two_firms_bear_or_nobody_is_linked_with_none(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(
        firm(1, name=NAME, address=THERE),
        firm(2, name=NAME, address=THERE),
        firm(3, name=f"{NAME}普陀分公司"),
        firm(4, name="上海未见样本医疗器械有限公司普陀分公司"),
    )
    runs.load()
    assert [row for row in links(runs) if row[1] != "same_brand"] == []


def test_a_core_name_that_few_share_is_a_hint_of_one_brand_with_its_reasons(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(
        firm(1, name=NAME),
        firm(2, name="上海样桦控股集团有限公司"),
        firm(3, name="上海样桦医疗器械有限公司", address="上海市普陀区武宁路300号"),
        firm(4, name="上海样烨医疗科技有限公司"),  # another letter
        *(firm(20 + at, name=f"上海澜禾{trade}有限公司") for at, trade in enumerate(TRADES)),  # too many for one brand
    )
    runs.load()
    assert [row[:3] + row[4:] for row in links(runs) if row[0] < row[2]] == sorted(
        [
            (code(1), "same_brand", code(2), "same_address|group_word"),
            (code(1), "same_brand", code(3), "core_name"),
            (code(2), "same_brand", code(3), "group_word"),
        ]
    )


def test_every_name_a_firm_ever_bore_is_told_and_whether_another_may_be_meant(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(
        firm(1, name="上海样桦医药有限公司", name_en="Yanghua Co., Ltd."), firm(2, name="上海样桦医药有限公司"), day=0
    )
    runs.add(firm(1, name=NAME), firm(2, name="上海样桦医药有限公司"), day=1)
    runs.load()
    assert runs.ask(
        "SELECT uscc, name, kind, is_shared, known_from::DATE::VARCHAR FROM firm_names ORDER BY ALL"
    ) == sorted(
        [
            (code(1), "上海样桦医疗科技有限公司", "registered", False, "2026-11-02"),
            (code(1), "上海样桦医药有限公司", "former", True, "2026-11-01"),
            (code(1), "Yanghua Co., Ltd.", "english", False, "2026-11-01"),
            (code(1), "样桦医疗", "alias", False, "2026-11-01"),
            (code(2), "上海样桦医药有限公司", "registered", True, "2026-11-01"),
            (code(2), "样桦医药", "alias", True, "2026-11-01"),
        ]
    )
