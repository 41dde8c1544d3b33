"""Each claim stands beside our own count of that day or time, or says why there is none; a park's is of that park."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.items import ArticleKind, Status
from pipelines.decisions import LabelDecision, record_decision
from tests.pipelines.runs import DAY_ONE, HERE, THERE, Runs, article, code, firm, published, registered, status

HUB = "上海市普陀区祁连山路127号"
DRUGS = {"name": "上海桦序20生物科技有限公司", "scope": "生物技术研发；医学研究和试验发展"}
OLD = published("2026-09-01")


def tell(runs: Runs, *sentences: str, on: str = "2026-11-06", day: int = 5) -> None:
    """A first reading of old news, and then a page of a day that says these sentences."""
    runs.news(article(900, "旧闻", "普陀区一条旧闻。", **OLD), day=0)
    runs.news(article(1, "普陀区生命健康产业", "".join(sentences), **published(on)), day=day)


def compared(runs: Runs, *columns: str) -> list[tuple[Any, ...]]:
    runs.load()
    return runs.ask(f"SELECT {', '.join(columns)} FROM claims_compared ORDER BY value")


@pytest.fixture
def district(runs: Runs) -> Runs:
    """Six device traders, a branch of one, a research firm in the Hub; on the fourth day two more, and one is gone."""
    branch = firm(7, name="上海桦序1医疗器械有限公司普陀分公司")
    first = (*(firm(n) for n in range(1, 7)), branch, firm(20, address=HUB, **DRUGS), firm(30, address=THERE))
    runs.add(*first, day=0)
    arrived = (firm(8, **registered("2026-11-03")), firm(9, **registered("2026-11-04")))
    gone = firm(6, **status("注销", Status.DEREGISTERED))
    runs.add(*first[:5], gone, *first[6:], *arrived, day=3)
    return runs


COUNT = ("value", "counted_by", "CAST(counted_on AS VARCHAR)", "core", "counted", "difference")


def test_firms_are_counted_as_of_the_day_a_figure_is_about(district: Runs) -> None:
    tell(district, "目前普陀区集聚生命健康企业超过20家。", on="2026-11-02")
    assert compared(district, *COUNT) == [(20.0, "as_of", "2026-11-02", 8, 8, -12.0)]


def test_a_later_day_than_the_registers_reach_has_the_firms_of_their_last_day(district: Runs) -> None:
    tell(district, "目前普陀区集聚生命健康企业20家。", on="2026-11-06")
    assert compared(district, *COUNT) == [(20.0, "as_of", "2026-11-05", 9, 9, -11.0)]


def test_before_our_first_full_list_only_the_firms_of_now_can_be_counted_and_it_says_so(district: Runs) -> None:
    tell(district, "截至2021年底，普陀区集聚生命健康企业2300家。")
    asked = (*COUNT[:4], "CAST(about_day AS VARCHAR)", "registered_by_then", "why_differ")
    ((value, by, on, core, about, then, why),) = compared(district, *asked)
    assert (value, by, on, core, about, then) == (2300.0, "now", "2026-11-05", 9, "2021-12-31", 7)
    assert "survivors" in why.split("|")
    assert district.ask("SELECT DISTINCT CAST(history_begins AS VARCHAR) FROM claims_compared") == [("2026-11-02",)]


def test_lists_of_some_firms_alone_reach_back_to_no_day(runs: Runs) -> None:
    runs.add(firm(1), day=0, listing="new")
    tell(runs, "目前普陀区集聚生命健康企业20家。")
    ((by, core, why),) = compared(runs, "counted_by", "core", "why_differ")
    assert (by, core) == ("now", 1)
    assert "no_full_list" in why.split("|")
    assert "registers" not in why.split("|")


def test_a_sub_sector_is_counted_by_itself(district: Runs) -> None:
    tell(district, "普陀区现有高端医疗器械企业75家。", "普陀区现有生物医药企业40家。")
    assert compared(district, "subject", "core") == [("biomedical_rd", 1), ("medical_devices", 8)]


def test_a_park_is_counted_by_itself_and_never_as_the_district(district: Runs) -> None:
    tell(district, "中以（上海）创新园集聚生命健康企业27家。")
    assert compared(district, "scope", "place", "core", "difference") == [("park", "china_israel_hub", 1, -26.0)]


def test_a_town_is_counted_by_itself(district: Runs) -> None:
    tell(district, "桃浦镇集聚生命健康企业300家。", "长征镇集聚生命健康企业200家。")
    assert compared(district, "scope", "place", "core") == [("town", "310107102", 0), ("town", "310107103", 9)]


def test_an_aim_ahead_is_held_against_the_firms_of_now(district: Runs) -> None:
    tell(district, "普陀区力争到2030年集聚生命健康企业5000家。")
    asked = ("is_target", "counted_by", "core", "CAST(about_day AS VARCHAR)", "why_differ")
    ((is_target, by, core, about, why),) = compared(district, *asked)
    assert (is_target, by, core, about) == (True, "now", 9, "2030-12-31")
    assert "survivors" not in why.split("|")


def test_new_firms_are_the_arrivals_of_the_time_that_is_told(district: Runs) -> None:
    tell(district, "2026年11月，普陀区新增生命健康企业60家。", on="2026-11-06")
    assert compared(district, "value", "counted_by", "core") == [(60.0, "registered", 2)]
    later = "2026年12月，普陀区新增生命健康企业50家。"
    district.add(*(firm(n) for n in range(1, 6)), firm(10, **registered("2026-12-02")), day=32)
    district.news(article(2, "普陀区生命健康产业", later, **published("2026-12-08")), day=36)
    assert compared(district, "value", "counted_by", "core")[0] == (50.0, "arrivals", 1)


def test_of_a_time_that_our_lists_do_not_reach_the_firms_registered_then_are_counted(runs: Runs) -> None:
    runs.add(firm(1), firm(2, **registered("2023-05-06")), firm(3, **registered("2024-02-01")), day=0)
    tell(runs, "2023年1月至11月，普陀区新增生命健康企业约600家。")
    ((by, core, why),) = compared(runs, "counted_by", "core", "why_differ")
    assert (by, core) == ("registered", 1)
    assert {"survivors", "rounded"} <= set(why.split("|"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("普陀区生命健康产业规模达到800亿元。", "output"),
        ("2026年1月至10月，普陀区生命健康产业税收7.51亿元。", "tax"),
        ("普陀区生命健康产业税收同比增长26%。", "tax"),
        ("普陀区生命健康产业占全区税收比重达到7.5%。", "tax_share"),
        ("桃浦智创城生命健康产业载体面积超过20万平方米。", "area"),
        ("普陀区生命健康产业项目总投资达到30亿元。", "investment"),
        ("普陀区大力发展生命健康产业，各类企业总数超过8万家。", "all_firms"),
        ("普陀区生命健康领域高新技术企业120家。", "part"),
        ("普陀区桦序生命科学园集聚医疗器械企业27家。", "place"),
        ("普陀区累计引进生命健康企业450家。", "period_not_told"),
    ],
)
def test_what_cannot_be_counted_says_why_and_has_no_figure_of_ours(district: Runs, said: str, reason: str) -> None:
    tell(district, said)
    ours = ("counted_by", "counted_on", "core", "counted", "difference", "registered_by_then", "why_differ")
    assert compared(district, "not_countable", *ours) == [(reason, *[None] * len(ours))]


def test_without_any_register_no_firm_is_counted(runs: Runs) -> None:
    tell(runs, "目前普陀区集聚生命健康企业20家。")
    assert compared(runs, "not_countable", "core") == [("no_register", None)]


def test_branches_and_shared_addresses_among_ours_are_told(district: Runs) -> None:
    tell(district, "目前普陀区集聚生命健康企业20家。")
    ((branches, shared, why),) = compared(district, "branches", "at_shared_address", "why_differ")
    assert (branches, shared) == (1, 0)
    assert why == "definition|registers|tax_district|institutions|branches"


def test_a_persons_word_on_a_firm_counts(district: Runs) -> None:
    judged = {"kind": "label", "uscc": code(1), "grade": "none", "sub_sector": "none"}
    said = {"who": "analyst", "when": DAY_ONE, "why": "it makes software"}
    record_decision(district.home, LabelDecision.model_validate(judged | said))
    tell(district, "目前普陀区集聚生命健康企业20家。")
    assert compared(district, "core") == [(8,)]


def test_a_firm_that_moved_away_later_was_here_then(runs: Runs) -> None:
    runs.add(firm(1), firm(2), day=0)
    tell(runs, "目前普陀区集聚生命健康企业20家。", on="2026-11-04")
    runs.add(firm(1, address=THERE), firm(2, address=HERE), day=8)
    assert compared(runs, "core") == [(2,)]


def test_it_is_the_agencys_word_where_one_is_printed_and_else_the_publishers(district: Runs) -> None:
    said = "目前普陀区集聚生命健康企业{}家。"
    document = {"kind": ArticleKind.DOCUMENT, "agency": "普陀区某委员会"}
    district.news(article(900, "旧闻", "普陀区一条旧闻。", **OLD), day=0)
    district.news(
        article(1, "普陀区生命健康产业", said.format(20), **published("2026-11-06")),
        article(2, "普陀区生命健康产业", said.format(30), **document, **published("2026-11-06")),
        day=5,
    )
    assert compared(district, "said_by", "word_of") == [("某局", "publisher"), ("普陀区某委员会", "agency")]


def test_two_figures_of_one_value_in_one_sentence_are_two_claims(district: Runs) -> None:
    tell(district, "普陀区现有医疗器械企业80家，生物医药企业80家。")
    assert compared(district, "subject", "core") in (
        [("medical_devices", 8), ("biomedical_rd", 1)],
        [("biomedical_rd", 1), ("medical_devices", 8)],
    )


def test_news_alone_make_no_newer_count(runs: Runs) -> None:
    runs.add(firm(1), firm(2), day=-50)
    tell(runs, "普陀区力争到2030年集聚生命健康企业5000家。", "目前普陀区集聚生命健康企业20家。")
    assert compared(runs, "counted_by", "CAST(counted_on AS VARCHAR)", "core") == [
        ("as_of", "2026-09-13", 2),
        ("now", "2026-09-13", 2),
    ]


def test_a_park_whose_addresses_we_do_not_know_is_not_counted(district: Runs) -> None:
    tell(district, "桃浦智创城集聚生命健康企业120家。")
    assert compared(district, "scope", "not_countable", "core") == [("park", "place", None)]
