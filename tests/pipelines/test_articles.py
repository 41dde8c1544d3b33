"""Articles: kept once as last stated, read, and told of firms that registrations have shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.items import Article, ArticleKind, Item, Status, TextFrom
from crawler.run_folder import Outcome
from pipelines.load import load
from tests.pipelines.runs import HERE, THERE, Runs, article, capital, firm, published, status

NAME = "上海桦序1医疗器械有限公司"
FUNDED = f"近日，{NAME}宣布完成A轮融资，融资金额1亿元。"
ABOUT = "普陀区医疗器械产业又添新动能。"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def baseline(runs: Runs) -> None:
    """A known firm in Putuo, and a portal that was read before."""
    runs.add(firm(1), firm(2, address=THERE), day=0)
    runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published("2026-09-01")), day=0)


def test_an_article_stands_once_as_last_stated_with_its_proof(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "题目", "第一稿。", **published("2026-11-03")), day=1)
    runs.news(article(1, "题目（更正）", "第二稿。", **published("2026-11-03")), day=2)
    runs.load()
    rows = runs.ask("SELECT title, text, discovered_on::VARCHAR, is_news, line FROM articles WHERE source_id = '1'")
    assert rows == [("题目（更正）", "第二稿。", "2026-11-03", True, 1)]


def test_a_page_that_is_gone_later_keeps_the_text_it_had(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "题目", "原文。"), day=1)
    runs.news(article(1, "题目", text_from=TextFrom.NONE), day=2)
    runs.load()
    assert runs.ask("SELECT text, text_from FROM articles WHERE source_id = '1'") == [("原文。", "body")]


def test_a_first_reading_finds_states_save_what_is_fresh(runs: Runs) -> None:
    old, fresh = published("2026-10-01"), published("2026-10-30")
    runs.news(article(1, "旧", **old), article(2, "新", **fresh), day=0)
    runs.news(article(3, "补登的旧页", **old), day=1)
    runs.load()
    assert runs.ask("SELECT title, is_news FROM articles ORDER BY source_id") == [
        ("旧", False),
        ("新", True),
        ("补登的旧页", True),
    ]


def test_financing_of_a_firm_of_putuo_is_an_expansion_with_its_sentence_as_proof(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "产业新闻", ABOUT, FUNDED, **published("2026-11-04")), day=2)
    runs.load()
    (row,) = runs.ask("SELECT category, kind, basis, discovered_on::VARCHAR, before, after, evidence FROM events")
    assert row[:5] == ("expansion", "financing_raised", "announced", "2026-11-04", None)
    assert row[5] == FUNDED
    (piece,) = json.loads(row[6])
    assert piece["record"]["quote"] == FUNDED
    assert piece["record"]["page"].startswith("https://www.example.org/")
    assert piece["run_id"].startswith("portal/")


def test_the_same_told_by_two_pages_within_a_quarter_is_one_event_with_two_proofs(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "消息", ABOUT, FUNDED, **published("2026-11-04")), day=2)
    runs.news(article(2, "再报", ABOUT, FUNDED, **published("2026-11-06")), day=4)
    runs.news(article(3, "又一轮", ABOUT, FUNDED.replace("A轮", "B轮"), **published("2027-04-01")), day=150)
    runs.load()
    found = [(day, len(json.loads(evidence))) for day, evidence in runs.events("discovered_on::VARCHAR", "evidence")]
    assert found == [("2026-11-04", 2), ("2027-04-01", 1)]


def test_what_is_told_of_a_firm_elsewhere_is_no_expansion_in_putuo(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "消息", ABOUT, FUNDED.replace("桦序1", "桦序2")), day=2)
    runs.load()
    assert runs.events() == []
    assert runs.ask("SELECT name, kind FROM mentions") == [("上海桦序2医疗器械有限公司", "financing_raised")]


def test_a_firm_from_elsewhere_that_settles_here_is_an_announced_arrival(runs: Runs) -> None:
    baseline(runs)
    text = "上海桦序2医疗器械有限公司签约落户普陀区桃浦智创城。"
    runs.news(article(1, "签约", text), day=2)
    runs.load()
    assert runs.events("category", "kind", "basis", "name") == [
        ("arrival", "arrival_announced", "announced", "上海桦序2医疗器械有限公司")
    ]


def test_a_firm_that_is_here_cannot_arrive(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "签约", f"{NAME}签约落户普陀区桃浦智创城。"), day=2)
    runs.load()
    assert runs.events() == []
    assert runs.ask("SELECT kind FROM mentions") == [("arrival_announced",)]


def test_a_firm_that_has_left_can_arrive_again_and_no_longer_expands(runs: Runs) -> None:
    baseline(runs)
    runs.add(firm(1, **status("注销", Status.DEREGISTERED)), firm(2, address=THERE), day=1)
    runs.news(article(1, "消息", ABOUT, FUNDED), day=2)
    runs.load()
    assert runs.events("kind") == [("deregistered",)]


def test_an_old_page_found_on_a_first_reading_makes_no_event(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    runs.news(article(1, "消息", ABOUT, FUNDED, **published("2026-07-01")), day=1)
    runs.load()
    assert runs.events() == []


def test_a_firm_known_only_later_is_told_when_both_are_known(runs: Runs) -> None:
    runs.add(firm(7), day=0)
    runs.news(article(900, "旧闻", **published("2026-09-01")), day=0)
    runs.news(article(1, "消息", ABOUT, FUNDED, **published("2026-11-03")), day=1)
    runs.add(firm(7), firm(1), day=4)
    runs.load()
    assert runs.events("kind", "discovered_on::VARCHAR") == [
        ("financing_raised", "2026-11-06"),
        ("registered", "2026-11-06"),
    ]


def test_a_later_run_takes_no_event_of_the_news_back(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "消息", ABOUT, FUNDED), day=2)
    runs.load()
    before = runs.events("event_id", "kind")
    runs.add(firm(1, address=THERE), firm(2, address=THERE), day=5)
    runs.load()
    assert before[0] in runs.events("event_id", "kind")


def after(runs: Runs, *steps: Callable[[], object]) -> list[list[tuple[object, ...]]]:
    """The events after each step."""
    found = []
    for step in steps:
        step()
        runs.load()
        found.append(runs.events("event_id", "kind", "discovered_on::VARCHAR"))
    return found


TOLD = published("2026-11-03")


@pytest.mark.parametrize(
    "later",
    [
        article(1, "消息（更正）", ABOUT, "此前消息有误。", **TOLD),
        article(1, "消息", ABOUT, FUNDED, **published("2026-08-03")),
        firm(5, name="上海桦序1医疗器械有限公司"),
        firm(5, name="北京桦序1医疗器械有限公司", address=THERE),
    ],
    ids=["a correction", "another day", "another firm of that name", "another firm with that name in its own"],
)
def test_what_was_told_stays_told(runs: Runs, later: Item) -> None:
    baseline(runs)
    page = article(1, "消息", ABOUT, FUNDED.replace(NAME, "桦序1医疗器械"), **TOLD)

    def correct() -> object:
        return runs.news(later, day=9) if isinstance(later, Article) else runs.add(later, day=9, listing="new")

    first, second = after(runs, lambda: runs.news(page, day=2), correct)
    assert [row[1] for row in first] == ["financing_raised"]
    assert first[0] in second
    assert [row[1] for row in second].count("financing_raised") == 1


def test_an_earlier_page_that_says_so_later_is_a_proof_and_no_second_event(runs: Runs) -> None:
    baseline(runs)
    first, second = after(
        runs,
        lambda: runs.news(article(1, "消息", "尚无正文。", **TOLD), article(2, "消息", ABOUT, FUNDED, **TOLD), day=2),
        lambda: runs.news(article(1, "消息", ABOUT, FUNDED, **TOLD), day=4),
    )
    assert first == second
    assert len(json.loads(runs.events("evidence")[0][0])) == 2


def test_a_page_whose_text_comes_later_is_learned_of_then(runs: Runs) -> None:
    baseline(runs)
    runs.news(article(1, "消息", **TOLD), day=2)
    runs.news(article(1, "消息", ABOUT, FUNDED, **TOLD), day=9)
    runs.load()
    assert runs.events("kind", "discovered_on::VARCHAR") == [("financing_raised", "2026-11-11")]
    assert runs.ask("SELECT discovered_on::VARCHAR FROM articles WHERE source_id = '1'") == [("2026-11-11",)]


@pytest.mark.parametrize("said", ["全国总部落户普陀区桃浦智创城", "在普陀区桃浦智创城的研发中心正式启用"])
def test_headquarters_or_a_works_here_is_how_a_firm_from_elsewhere_arrives(runs: Runs, said: str) -> None:
    baseline(runs)
    there = "上海桦序2医疗器械有限公司"
    runs.news(article(1, "消息", f"近日，{there}{said}。", f"近日，{NAME}{said}。"), day=2)
    runs.load()
    told = dict(runs.events("name", "kind"))
    assert told[there] == "arrival_announced"
    assert told[NAME] in ("headquarters_set_up", "premises_added")


def test_products_a_month_apart_are_two_and_a_firm_told_of_every_month_is_told_again(runs: Runs) -> None:
    baseline(runs)
    for number, day in enumerate((2, 12, 62, 142, 222), start=1):
        on = date(2026, 11, 2) + timedelta(days=day)
        runs.news(article(number, "消息", ABOUT, FUNDED, published_on=on), day=day)
        approved = f"{NAME}的产品{number}号获批医疗器械注册证。"
        runs.news(article(number + 50, "获批", ABOUT, approved, published_on=on), day=day)
    runs.load()
    kinds = [kind for (kind,) in runs.events("kind")]
    assert kinds.count("product_approved") == 4  # the second page within a month tells of the first again
    assert kinds.count("financing_raised") == 2


def test_filings_of_two_projects_are_two_events(runs: Runs) -> None:
    baseline(runs)
    for number, title in enumerate((f"{NAME}检测实验室新建项目", f"{NAME}生产车间扩建项目"), start=1):
        runs.news(article(number, title, kind=ArticleKind.FILING, channel="3390"), day=number)
    runs.load()
    assert runs.events("kind") == [("project_approved",), ("project_approved",)]


def test_reading_one_part_of_a_source_first_does_not_make_news_of_the_rest(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    runs.news(article(1, kind=ArticleKind.FILING, **published("2026-09-01")), day=0, part="filings")
    runs.news(article(2, "消息", ABOUT, FUNDED, **published("2026-10-01")), day=1)
    runs.load()
    assert runs.ask("SELECT count(*) FROM articles WHERE is_news") == [(0,)]
    assert runs.events() == []


def test_a_list_of_firms_that_is_new_makes_no_news_of_what_was_told_of_them_long_before(runs: Runs) -> None:
    runs.news(article(900, "旧闻", **published("2026-09-01")), day=0)
    runs.news(article(1, "消息", ABOUT, FUNDED, **TOLD), day=1)
    runs.add(firm(1), day=40)
    runs.load()
    assert runs.events() == []
    assert runs.ask("SELECT kind FROM mentions") == [("financing_raised",)]


def test_a_filing_that_names_a_firm_of_putuo_is_a_project(runs: Runs) -> None:
    baseline(runs)
    title = f"{NAME}研发实验室新建项目"
    runs.news(article(1, title, kind=ArticleKind.FILING, channel="3390"), day=2)
    runs.load()
    assert runs.events("kind", "basis", "after") == [("project_approved", "filed", title)]


def test_policies_and_claims_are_kept_with_their_source(runs: Runs) -> None:
    baseline(runs)
    said = "普陀区集聚生命健康企业超过2300家，到2030年产业规模力争突破500亿元。"
    document = {"kind": ArticleKind.DOCUMENT, "agency": "普陀区某局", "document_number": "普某〔2026〕1号"}
    runs.news(article(1, "普陀区生命健康产业扶持办法", said, **document), day=2)
    runs.load()
    assert runs.ask("SELECT title, agency, document_number FROM policies") == [
        ("普陀区生命健康产业扶持办法", "普陀区某局", "普某〔2026〕1号")
    ]
    assert runs.ask("SELECT measure, value, is_target, year, agency FROM claims ORDER BY value") == [
        ("firm_count", 2300.0, False, None, "普陀区某局"),
        ("output", 5e10, True, 2030, "普陀区某局"),
    ]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED])
def test_what_a_failed_run_read_is_no_fact(runs: Runs, outcome: Outcome) -> None:
    runs.news(article(1), day=0, outcome=outcome)
    runs.load()
    assert runs.ask("SELECT count(*) FROM articles") == [(0,)]


def test_an_article_without_id_or_title_is_put_aside(runs: Runs) -> None:
    runs.news(article(1, article_id=""), article(2), article(3), day=0)
    runs.load()
    assert runs.ask("SELECT reason FROM quarantine") == [("missing_id",)]
    assert runs.ask("SELECT count(*) FROM articles") == [(2,)]


def test_two_versions_in_one_run_leave_the_one_with_a_text_and_a_quarantined_one(runs: Runs) -> None:
    runs.news(article(1, "题目", text_from=TextFrom.NONE), article(1, "题目", "正文。"), day=0)
    runs.load()
    assert runs.ask("SELECT text FROM articles") == [("正文。",)]
    assert runs.ask("SELECT reason FROM quarantine") == [("conflicting_rows",)]


def test_a_word_that_is_on_no_closed_list_refuses_the_run(runs: Runs) -> None:
    folder = runs.news(article(1, kind="rumour"), day=0)
    refused = runs.load().refused
    assert "rumour" in refused[folder.run_id]


def test_order_and_repetition_of_loads_do_not_matter(tmp_path: Path) -> None:
    def hashes_of(order: tuple[int, ...]) -> list[str]:
        runs = Runs(tmp_path / f"{order}")
        steps: tuple[Callable[[], object], ...] = (
            lambda: runs.add(firm(1), firm(2, address=THERE), day=0),
            lambda: runs.news(article(900, "旧闻", **published("2026-09-01")), day=1),
            lambda: runs.news(article(1, "消息", ABOUT, FUNDED, **published("2026-11-04")), day=2),
            lambda: runs.add(firm(1, **capital(900)), firm(2, address=HERE), day=3),
            lambda: runs.news(article(1, "消息（更正）", ABOUT, **published("2026-11-04")), day=4),
        )
        hashes = []
        for step in order:
            runs._written = step  # a run is named for its day, whenever it comes
            steps[step]()
            done = runs.load()
        again = load(runs.home, code_version="test", progress=lambda step, done, total: None, again=True)
        for one in (done, again):
            assert one.published is not None
            hashes.append(one.published.content_hash)
        return hashes

    found = {order: hashes_of(order) for order in ((0, 1, 2, 3, 4), (4, 3, 1, 0, 2), (2, 4, 0, 3, 1))}
    assert len({one for hashes in found.values() for one in hashes}) == 1, found
