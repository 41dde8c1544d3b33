"""Disclosures: kept once as last stated, given to a firm only where that is certain, and told when they are news."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.fields.personal import MASK
from crawler.items import ArticleKind, Disclosure, DisclosureKind, DisclosureStage, Rejected, RejectReason
from pipelines.announcements import kind_of
from pipelines.load import load
from pipelines.stages import Validate
from tests.pipelines.runs import HERE, THERE, Runs, article, code, disclosure, firm, happened, published

EIA, AWARD, TRIAL, ANNOUNCEMENT = DisclosureKind
Stage = DisclosureStage
CITIZEN = "310199190001010017"
ENGLISH = "Huaxu (Sample) Medical Co., Ltd."


def eia(number: int, stage: DisclosureStage = Stage.APPROVED, **said: Any) -> Disclosure:
    return disclosure(number, EIA, stage, **said)


def award(number: int, amount: str | None = "1234500", **said: Any) -> Disclosure:
    paid = {"amount": amount and Decimal(amount), "currency": "CNY" if amount else "", "amount_raw": amount or ""}
    return disclosure(number, AWARD, Stage.AWARDED, **(paid | said))


def trial(number: int, stage: DisclosureStage = Stage.STARTED, **said: Any) -> Disclosure:
    return disclosure(number, TRIAL, stage, **said)


def announcement(number: int, title: str, firm_number: int = 1, **said: Any) -> Disclosure:
    holder = {"holder": f"上海桦序{firm_number}医疗器械有限公司", "title": title}
    return disclosure(number, ANNOUNCEMENT, Stage.PUBLISHED, **(holder | said))


OLD = eia(90, **published("2026-01-05"))


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return known_here(Runs(tmp_path))


def known_here(runs: Runs, *others: int) -> Runs:
    """Firms that are known in Putuo, and notices that were read before."""
    runs.add(firm(1), firm(2, name_en=ENGLISH), firm(3, address=THERE), *map(firm, others), day=0)
    runs.disclosures(OLD, day=0)
    return runs


def told(runs: Runs, *columns: str) -> list[tuple[Any, ...]]:
    runs.load()
    return runs.events(*columns)


# ------------------------------------------------------------------------------------------------- what is kept


def test_a_disclosure_stands_with_its_firm_its_dates_and_its_proof(runs: Runs) -> None:
    folder = runs.disclosures(award(1, **happened("2026-11-03"), document_number="样本采〔2026〕1号"), day=3)
    runs.load()
    columns = (
        "kind, stage, holder, firm_id, name, grade, in_putuo, match, title, agency, document_number, amount::BIGINT"
    )
    assert runs.ask(f"SELECT {columns} FROM disclosures WHERE kind = 'award'") == [
        (
            *("award", "awarded", award(1).holder, f"CN-{code(1)}", award(1).holder, "core", "yes", "exact"),
            *(award(1).title, "某局", "样本采〔2026〕1号", 1_234_500),
        )
    ]
    place = "happened_on::VARCHAR, published_on::VARCHAR, page, run_id, url, line"
    assert runs.ask(f"SELECT {place} FROM disclosures WHERE kind = 'award'") == [
        ("2026-11-03", "2026-11-01", award(1).url, folder.run_id, "https://www.example.org/notices", 1)
    ]


def test_each_row_is_kept_or_put_aside(runs: Runs) -> None:
    runs.disclosures(
        eia(1),
        replace(eia(1), proof=replace(eia(1).proof, line=11)),
        replace(eia(1, Stage.ACCEPTED, **happened("2026-10-01")), proof=replace(eia(1).proof, line=12)),
        eia(2, disclosure_id=""),
        eia(3, holder=""),
        eia(4, title=""),
        eia(5, uscc=CITIZEN),
        day=3,
    )
    runs.load()
    assert runs.ask("SELECT line, reason FROM quarantine ORDER BY line") == [
        (1, "conflicting_rows"),
        (2, "missing_id"),
        (3, "missing_name"),
        (4, "missing_title"),
        (5, "code_is_citizen_id"),
        (11, "conflicting_rows"),
    ]
    assert runs.ask("SELECT stage FROM disclosures WHERE disclosure_id = 'D1'") == [("accepted",)]
    assert CITIZEN.encode() not in (runs.home / "putuo.duckdb").read_bytes()


def test_a_word_that_is_on_no_closed_list_refuses_the_run(runs: Runs) -> None:
    folders = {
        field: runs.disclosures(replace(eia(1), **{field: "rumour"}), day=3)  # type: ignore[arg-type]
        for field in ("kind", "stage", "language")
    }
    refused = runs.load().refused
    assert len(refused) == len(folders)
    for field, folder in folders.items():
        assert f"{field} 'rumour' of a disclosure" in refused[folder.run_id]


REASONS = {
    RejectReason.MISSING_ID: eia(1, disclosure_id=""),
    RejectReason.MISSING_NAME: eia(1, holder=""),
    RejectReason.MISSING_TITLE: eia(1, title=""),
    RejectReason.NAME_LOOKS_PERSONAL: eia(1, holder="甲某某", title="甲某某样本项目"),
    RejectReason.CODE_IS_CITIZEN_ID: eia(1, holder="甲某某", uscc=CITIZEN, title="甲某某样本项目"),
    RejectReason.BROKEN_TEXT: eia(1, title="样本" * 10_000),
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_cannot_stand_is_put_aside_before_it_is_written(reason: RejectReason) -> None:
    aside = Validate().process_item(REASONS[reason])
    assert isinstance(aside, Rejected)
    assert (aside.reason, aside.uscc, aside.name) == (reason, "", "")
    assert aside.detail
    shown = "".join(aside.cells.values())
    assert not any(text in shown for text in ("甲某某", CITIZEN))
    assert max(map(len, aside.cells.values())) <= 500


@pytest.mark.parametrize("uscc", ["", code(1), "无"])
def test_a_disclosure_stands_with_any_code_or_none(uscc: str) -> None:
    item = eia(1, uscc=uscc)
    assert Validate().process_item(item) is item


def test_a_masked_code_is_a_citizens() -> None:
    aside = Validate().process_item(eia(1, uscc=MASK))
    assert isinstance(aside, Rejected)
    assert aside.reason is RejectReason.CODE_IS_CITIZEN_ID


# ------------------------------------------------------------------------------------------------ whose it is


SAME = (
    ENGLISH,
    "HUAXU SAMPLE MEDICAL COMPANY LIMITED",
    "Huaxu Sample Medical Co Ltd",
    "Huaxu  (Sample)  Medical CO.,LTD",
)
ALIKE = ("Huaxu Medical Co., Ltd.", "Huaxu Sample Medical Inc.", "Sample", "样本 Ltd")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A trial of every printed name, loaded once: none says anything of another."""
    runs = known_here(Runs(tmp_path_factory.mktemp("home")))
    named = enumerate((*SAME, *ALIKE), start=11)
    runs.disclosures(*(trial(number, holder=printed, language="en") for number, printed in named), day=3)
    runs.load()
    return runs


def told_of(runs: Runs, printed: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """To whom the trial of that holder was given and how; and the events of it."""
    number = 11 + (*SAME, *ALIKE).index(printed)
    given = runs.ask(f"SELECT match, firm_id FROM disclosures WHERE disclosure_id = 'D{number}'")
    return given, runs.ask(f"SELECT kind, uscc FROM events WHERE after = '{trial(number).title}'")


@pytest.mark.parametrize("printed", SAME)
def test_an_english_name_is_the_same_in_any_case_punctuation_and_spelling(english: Runs, printed: str) -> None:
    assert told_of(english, printed) == ([("english", f"CN-{code(2)}")], [("trial_started", code(2))])


@pytest.mark.parametrize("printed", ALIKE)
def test_english_names_that_are_only_alike_match_nobody(english: Runs, printed: str) -> None:
    assert told_of(english, printed) == ([("none", None)], [])


def test_an_english_name_of_two_firms_is_nobodys_but_what_was_told_stays(runs: Runs) -> None:
    runs.disclosures(trial(7, holder=ENGLISH, language="en"), day=3)
    runs.add(firm(1), firm(2, name_en=ENGLISH), firm(3, address=THERE), firm(4, name_en=ENGLISH, address=THERE), day=5)
    runs.disclosures(trial(8, holder=ENGLISH, language="en"), day=6)
    assert told(runs) == [("trial_started", code(2))]
    assert runs.ask("SELECT DISTINCT match FROM disclosures WHERE kind = 'trial'") == [("ambiguous",)]


# ------------------------------------------------------------------------------------------------ what is news


def test_an_approved_project_is_told_once_whatever_else_is_disclosed_of_it(runs: Runs) -> None:
    runs.disclosures(eia(1, Stage.ACCEPTED), day=2)
    runs.disclosures(eia(1, Stage.PROPOSED), day=3)
    runs.disclosures(eia(1, **happened("2026-11-04")), day=4)
    spaced = eia(1).title.replace("样本", "样 本")
    runs.disclosures(eia(51, Stage.COMPLETED, holder=eia(1).holder, title=spaced), day=30)
    columns = ("kind", "basis", "happened_on::VARCHAR", "discovered_on::VARCHAR", "before", "after")
    assert told(runs, *columns) == [("project_approved", "disclosed", "2026-11-04", "2026-11-06", None, eia(1).title)]
    ((evidence,),) = runs.events("evidence")
    (proof,) = json.loads(evidence)
    assert proof["record"]["title"] == eia(1).title
    assert proof["record"]["page"] == eia(1).url


def test_a_contract_is_told_with_its_amount_and_title(tmp_path: Path) -> None:
    amounts = {"1234500": "123.45万元", "280000000": "2.8亿元", "9800": "9800元", "1000000": "100万元", None: ""}
    of_firms = dict(enumerate(amounts.items(), start=11))
    runs = known_here(Runs(tmp_path), *of_firms)
    runs.disclosures(*(award(number, amount) for number, (amount, _) in of_firms.items()), day=3)
    assert sorted(told(runs, "uscc", "kind", "basis", "after")) == sorted(
        (code(number), "contract_won", "disclosed", " · ".join(filter(None, (after, award(number).title))))
        for number, (_, after) in of_firms.items()
    )


def test_an_amount_in_another_currency_is_told_in_it(runs: Runs) -> None:
    runs.disclosures(award(1, "1234500", currency="USD"), day=3)
    assert told(runs, "after") == [(f"USD 1,234,500 · {award(1).title}",)]


def test_a_trial_that_was_planned_is_news_when_it_starts(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1), firm(2), day=0)
    runs.disclosures(trial(1, Stage.PLANNED), trial(2, **published("2026-09-01")), day=0)
    runs.disclosures(trial(1, **happened("2026-11-02")), trial(2, **published("2026-09-01")), day=3)
    assert told(runs, "kind", "uscc", "happened_on::VARCHAR") == [("trial_started", code(1), "2026-11-02")]


def test_what_a_first_reading_shows_is_a_state_unless_it_is_of_the_last_fortnight(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1), firm(2), day=0)
    runs.disclosures(award(1, **published("2026-10-25")), award(2, **published("2026-10-01")), day=0)
    assert told(runs) == [("contract_won", code(1))]


def test_what_is_older_than_half_a_year_is_learned_late_and_no_news(runs: Runs) -> None:
    runs.disclosures(award(1, **happened("2026-05-01")), award(2, **happened("2026-06-01")), day=3)
    assert told(runs) == [("contract_won", code(2))]


def test_of_a_firm_elsewhere_or_unknown_nothing_is_told(runs: Runs) -> None:
    runs.disclosures(award(3), award(4), trial(3), eia(3), announcement(9, "关于完成增资的公告", 3), day=3)
    assert told(runs) == []


def test_a_project_that_is_not_decided_is_no_news(tmp_path: Path) -> None:
    undecided = dict(enumerate((Stage.DISCLOSED, Stage.ACCEPTED, Stage.PROPOSED, Stage.UNKNOWN), start=11))
    runs = known_here(Runs(tmp_path), *undecided, 15)
    runs.disclosures(*(eia(number, stage) for number, stage in undecided.items()), eia(15), day=3)
    assert told(runs) == [("project_approved", code(15))]


# -------------------------------------------------------------------------------------------------- announcements


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("首次公开发行股票并在科创板上市招股说明书", "listing_step"),
        ("首次公开发行股票并在科创板上市招股意向书附录", "listing_step"),
        ("首次公开发行股票科创板上市公告书", "listing_step"),
        ("关于首次公开发行股票并在科创板上市申请文件的审核问询函的回复", "listing_step"),
        ("关于向香港联合交易所有限公司递交H股发行上市申请的公告", "listing_step"),
        ("关于完成增资的公告", "capital_raised"),
        ("关于增加注册资本并完成工商变更登记的公告", "capital_raised"),
        ("2026年度向特定对象发行A股股票发行情况报告书", "capital_raised"),
        ("向特定对象发行股票发行结果暨股本变动公告", "capital_raised"),
        ("非公开发行股票上市公告书", "capital_raised"),
        ("2026年度向特定对象发行A股股票预案", ""),
        ("关于拟增资的公告", ""),
        ("关于向控股子公司增资完成的公告", ""),
        ("关于对外增资完成的公告", ""),
        ("2026年半年度报告", ""),
        ("2026年第三季度报告", ""),
        ("关于召开2026年第一次临时股东大会的通知", ""),
        ("股东减持股份结果公告", ""),
        ("首次公开发行部分限售股上市流通公告", ""),
        ("首次公开发行股票募集资金专户监管公告", ""),
        ("关于减少注册资本并完成工商变更登记的公告", ""),
        ("关于终止首次公开发行股票并在科创板上市申请的公告", ""),
        ("关于获得医疗器械注册证的公告", ""),
        ("", ""),
    ],
)
def test_a_title_tells_a_step_only_where_its_words_are_certain(title: str, kind: str) -> None:
    assert kind_of(title) == kind


def test_many_papers_of_one_step_are_one_event_with_all_of_them_as_proof(runs: Runs) -> None:
    titles = ("首次公开发行股票并在科创板上市招股说明书", "首次公开发行股票科创板上市公告书")
    runs.disclosures(*(announcement(n, title) for n, title in enumerate(titles, start=10)), day=3)
    runs.disclosures(announcement(12, "2026年第三季度报告"), day=4)
    assert told(runs, "kind", "basis", "after") == [("listing_step", "disclosed", titles[0])]
    assert runs.ask("SELECT json_array_length(evidence) FROM events") == [(2,)]


# ------------------------------------------------------------------------------- the same project, told twice


@pytest.mark.parametrize("first", ["filing", "decision"])
def test_a_project_that_was_filed_and_approved_is_one_event_with_both_proofs(runs: Runs, first: str) -> None:
    title = "上海桦序1医疗器械有限公司研发实验室项目"
    runs.news(article(900, "旧闻", "一条旧闻。", **published("2026-09-01")), day=0)
    filing = article(5, title, kind=ArticleKind.FILING, **published("2026-11-03"))
    days = {"filing": (3, 6), "decision": (6, 3)}[first]
    runs.news(filing, day=days[0])
    early = told(runs, "event_id") if first == "filing" else []
    runs.disclosures(eia(1, title=title), day=days[1])
    basis = {"filing": "filed", "decision": "disclosed"}[first]
    assert told(runs, "kind", "basis", "discovered_on::VARCHAR") == [("project_approved", basis, "2026-11-05")]
    assert early in ([], runs.events("event_id")), "what was told keeps its key"
    ((evidence,),) = runs.events("evidence")
    assert {proof["source"] for proof in json.loads(evidence)} == {"portal", "notices"}


# ------------------------------------------------------------------------------------------- epochs and orders


def test_a_replay_keeps_the_key_of_what_it_confirms_and_takes_back_what_it_does_not(runs: Runs) -> None:
    crawl = runs.disclosures(award(1), award(2), day=3)
    before = {uscc: event_id for event_id, uscc in told(runs, "event_id", "uscc")}
    runs.disclosures(award(1, agency="读得更好"), supersedes=crawl, replayed=9)
    assert told(runs, "event_id", "discovered_on::VARCHAR") == [(before[code(1)], "2026-11-05")]
    assert runs.ask("SELECT event_id FROM retracted_events") == [(before[code(2)],)]


def test_a_firms_timeline_has_what_is_disclosed_of_it(runs: Runs) -> None:
    runs.disclosures(award(1, **happened("2026-11-03")), day=3)
    runs.load()
    assert runs.ask(f"SELECT day::VARCHAR, kind, said FROM timeline_of('{code(1)}') WHERE what = 'disclosure'") == [
        ("2026-11-03", "award awarded", award(1).title)
    ]


def test_events_of_disclosures_do_not_hang_on_the_order_of_loads(tmp_path: Path) -> None:
    def hashes(order: tuple[int, ...]) -> set[str]:
        runs = Runs(tmp_path / f"{order}")
        steps: tuple[Callable[[], object], ...] = (
            lambda: runs.add(firm(1), firm(2, name_en=ENGLISH), day=0),
            lambda: runs.disclosures(OLD, trial(1, Stage.PLANNED), day=0),
            lambda: runs.disclosures(trial(1), award(7, holder=ENGLISH), day=3),
            lambda: runs.add(firm(1), firm(2, name_en=ENGLISH), firm(7, name_en=ENGLISH, address=HERE), day=4),
            lambda: runs.disclosures(eia(1), announcement(8, "关于完成增资的公告"), day=5),
            lambda: runs.disclosures(eia(1, Stage.COMPLETED), award(2, uscc=code(2)), day=6),
        )
        for step in order:
            runs._written = step  # a run is named for its day, whenever it comes
            steps[step]()
            done = runs.load(accept_loss=True)
        again = load(runs.home, code_version="test", progress=lambda *told: None, again=True)
        kinds = ["contract_won", "trial_started", "registered", "capital_raised", "project_approved", "contract_won"]
        assert sorted(kind for kind, _ in runs.events()) == sorted(kinds)
        return {one.published.content_hash for one in (done, again) if one.published}

    found = {order: hashes(order) for order in ((0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (2, 5, 0, 4, 1, 3))}
    assert len({one for hashes_of_it in found.values() for one in hashes_of_it}) == 1, found
