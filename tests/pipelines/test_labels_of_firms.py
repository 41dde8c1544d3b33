"""A firm is labelled by all that is known of it now, its past by what was stated then; neither makes an event."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from crawler.items import LicenceKind, LicenceStatus
from crawler.run_folder import Outcome
from pipelines.classify import Subject, classify_batch, evidence_text
from pipelines.load import load
from pipelines.store.database import open_store
from tests.pipelines.runs import Runs, code, firm, granted, licence

ENGLISH = "Huaxu 1 Sample Medical Devices Co., Ltd."
SILENT = {"name": "上海桦序1贸易有限公司", "scope": "日用百货销售；服装服饰零售"}
HELD = {"holder": SILENT["name"], "kind": LicenceKind.DRUG_TRADING}
OTHERS = licence(2, holder="上海未见样本有限公司")


def asked_of(runs: Runs) -> list[tuple[str, ...]]:
    """What the labels were asked by: English name, industry, licences."""
    with open_store(runs.home) as connection:
        return connection.execute("SELECT name_en, industry, licences FROM memo.labels ORDER BY ALL").fetchall()


def known(runs: Runs, *columns: str) -> tuple[Any, ...]:
    """The one firm there is, in the given columns."""
    ((row),) = runs.ask(f"SELECT {', '.join(columns)} FROM firms")
    return row


def label_of(subject: Subject) -> tuple[Any, ...]:
    label = next(classify_batch([subject]))
    return label.grade, label.primary, label.score, evidence_text(label)


LABEL = ("grade", "sub_sector", "score", "label_evidence")


def test_a_firm_is_labelled_by_its_english_name_industry_and_licences_too(runs: Runs) -> None:
    runs.add(firm(1, **SILENT, industry="F5151 西药批发"), day=0)
    runs.add(firm(1, **SILENT, name_en=ENGLISH), series="entities", listing="new", day=1)
    runs.licences(licence(1, **HELD), licence(2, **HELD | {"kind": LicenceKind.DEVICE_TRADING}), day=1)
    runs.load()
    beside = (ENGLISH, "F5151 西药批发", "device_trading|drug_trading")
    assert known(runs, "name_en", "industry", "licence_kinds") == beside
    assert beside in asked_of(runs)
    name_en, industry, kinds = beside
    subject = Subject(SILENT["name"], SILENT["scope"], name_en, industry, tuple(kinds.split("|")))
    assert known(runs, *LABEL) == label_of(subject)


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        (LicenceStatus.VALID, "drug_trading"),
        (LicenceStatus.UNKNOWN, "drug_trading"),
        (LicenceStatus.CANCELLED, ""),
        (LicenceStatus.REVOKED, ""),
        (LicenceStatus.EXPIRED, ""),
    ],
)
def test_only_a_licence_that_holds_speaks_for_a_firm(runs: Runs, status: LicenceStatus, kinds: str) -> None:
    runs.add(firm(1, **SILENT), day=0)
    runs.licences(licence(1, **HELD, status=status), OTHERS, day=1)
    runs.load()
    assert known(runs, "licence_kinds") == (kinds,)
    assert {licences for *_, licences in asked_of(runs)} == {"", kinds}


def test_a_licence_that_left_its_complete_list_speaks_until_it_is_shown_again(runs: Runs) -> None:
    runs.add(firm(1, **SILENT), day=0)
    runs.licences(licence(1, **HELD), OTHERS, day=0)
    runs.licences(OTHERS, day=3)
    runs.load()
    assert runs.events("kind", "basis") == [("licence_lapsed", "not_listed")]
    assert known(runs, "licence_kinds", *LABEL) == ("", *label_of(Subject(SILENT["name"], SILENT["scope"])))
    runs.licences(licence(1, **HELD), OTHERS, day=5)
    runs.load()
    assert known(runs, "licence_kinds") == ("drug_trading",)


@pytest.mark.parametrize(
    "how",
    [{"outcome": Outcome.PARTIAL}, {"closes": False}, {"listing": "new"}, {"series": "retail"}],
    ids=["partial", "open", "new", "another list"],
)
def test_a_licence_speaks_on_where_no_reading_proves_that_it_left_its_list(runs: Runs, how: dict[str, Any]) -> None:
    runs.add(firm(1, **SILENT), day=0)
    runs.licences(licence(1, **HELD), OTHERS, day=0)
    runs.licences(OTHERS, day=3, **how)
    runs.load()
    assert known(runs, "licence_kinds") == ("drug_trading",)


@pytest.mark.parametrize(("shown_on", "kinds"), [(1, "drug_trading"), (4, "drug_trading"), (None, "")])
def test_a_licence_that_another_list_of_the_source_still_shows_speaks_on(
    runs: Runs, shown_on: int | None, kinds: str
) -> None:
    runs.add(firm(1, **SILENT), day=0)
    runs.licences(licence(1, **HELD), OTHERS, day=0)
    if shown_on is not None:
        runs.licences(licence(1, **HELD), series="retail", day=shown_on)
    runs.licences(OTHERS, day=3)
    runs.load()
    assert known(runs, "licence_kinds") == (kinds,)


def test_a_licence_that_any_night_of_the_newest_sweep_showed_speaks_on(runs: Runs) -> None:
    runs.add(firm(1, **SILENT), day=0)
    runs.licences(licence(1, **HELD), OTHERS, day=0)
    runs.licences(licence(1, **HELD), day=3, sweep="s1", closes=False)
    runs.licences(OTHERS, day=4, sweep="s1")
    runs.load()
    assert known(runs, "licence_kinds") == ("drug_trading",)
    runs.licences(OTHERS, day=6, sweep="s2", closes=False)
    runs.load()
    assert known(runs, "licence_kinds") == ("drug_trading",)
    runs.licences(day=7, sweep="s2")
    runs.load()
    assert known(runs, "licence_kinds") == ("",)


@pytest.mark.parametrize("status", [LicenceStatus.VALID, LicenceStatus.UNKNOWN])
def test_a_licence_speaks_until_its_last_day_by_the_newest_run_and_not_by_todays_clock(
    runs: Runs, status: LicenceStatus
) -> None:
    runs.add(firm(1, **SILENT), day=0)
    runs.licences(licence(1, **HELD, status=status, **granted("2021-11-06", until="2026-11-05")), day=0)
    runs.news(day=3)  # on its last day
    runs.load()
    assert known(runs, "licence_kinds") == ("drug_trading",)
    runs.news(day=4)
    runs.load()
    assert known(runs, "licence_kinds", *LABEL) == ("", *label_of(Subject(SILENT["name"], SILENT["scope"])))


def test_a_licence_that_two_namesakes_could_hold_speaks_for_neither(runs: Runs) -> None:
    runs.add(firm(1, **SILENT), firm(2, **SILENT), day=0)
    runs.licences(licence(1, **HELD), day=1)
    runs.load()
    assert runs.ask("SELECT DISTINCT licence_kinds FROM firms") == [("",)]


def test_the_past_of_a_firm_is_labelled_by_name_scope_and_industry_alone(runs: Runs) -> None:
    runs.add(firm(1, **SILENT, name_en=ENGLISH, industry="5151"), day=0)
    runs.add(firm(1, **SILENT | {"scope": "日用百货销售"}, name_en=ENGLISH, industry="5151"), day=3)
    runs.licences(licence(1, **HELD), day=1)
    runs.load()
    past = runs.ask("SELECT scope, industry, grade, sub_sector, score, label_evidence FROM firm_history")
    assert {scope for scope, *_ in past} == {SILENT["scope"], "日用百货销售"}
    for scope, industry, *label in past:
        assert industry == "5151"
        assert tuple(label) == label_of(Subject(SILENT["name"], scope, industry="5151"))


def test_an_industry_once_stated_stays_where_others_state_none(runs: Runs) -> None:
    runs.add(firm(1, industry="2770"), series="bureau", day=0)
    runs.add(firm(1, capital_raw="501(万元人民币)"), series="city", day=2)
    runs.load()
    assert known(runs, "industry", "capital_raw") == ("2770", "501(万元人民币)")
    runs.add(firm(1, industry="2780"), series="city", day=5)
    runs.load()
    assert known(runs, "industry") == ("2780",)
    assert runs.ask("SELECT industry FROM firms_as_of(DATE '2026-11-05')") == [("2770",)]
    assert runs.ask("SELECT industry FROM observations ORDER BY known_from") == [("2770",), ("",), ("2780",)]


def test_neither_an_industry_nor_a_licence_nor_an_english_name_makes_an_event(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    runs.licences(licence(1), day=0)
    runs.add(firm(1, industry="2770", name_en=ENGLISH), day=3)
    runs.add(firm(1, industry="5211", name_en=ENGLISH), day=4)
    runs.load()
    assert runs.events() == []


def test_a_record_that_says_nothing_of_an_industry_keeps_its_id(runs: Runs) -> None:
    """The ids are those of a program that knew of no industry."""
    runs.add(firm(1), firm(2, name_en=ENGLISH), firm(3, industry=ENGLISH), firm(4, **SILENT), day=0)
    runs.load()
    with open_store(runs.home) as connection:
        found = dict(connection.execute("SELECT uscc, record_id FROM base.records").fetchall())
    assert found[code(1)] == "8090a909527cb4fa883fca0fbef8da8c"
    assert found[code(2)] == "3029205bad2d4710deb447b95336aaff"
    assert len(set(found.values())) == 4


def test_the_same_word_as_english_name_or_as_industry_is_not_the_same_record(runs: Runs) -> None:
    runs.add(firm(1, name_en="2770"), series="a", day=0)
    runs.add(firm(1, industry="2770"), series="b", day=1)
    runs.load()
    assert runs.ask("SELECT name_en, industry FROM observations ORDER BY series") == [("2770", ""), ("", "2770")]


def test_the_order_in_which_runs_and_licences_are_loaded_does_not_matter(tmp_path: Path) -> None:
    def play(home: Path, order: tuple[int, ...]) -> str:
        runs = Runs(home)
        steps = (
            lambda: runs.add(firm(1, **SILENT, industry="5151"), series="bureau", day=0),
            lambda: runs.add(firm(1, **SILENT, name_en=ENGLISH, **registered_late()), series="city", day=2),
            lambda: runs.licences(licence(1, **HELD), day=1),
        )
        for step in order:
            runs._written = 10 * step  # a run is named for its day, whenever it comes
            steps[step]()
            runs.load()
        again = load(runs.home, code_version="test", progress=lambda *told: None, again=True).published
        assert again is not None
        assert known(runs, "name_en", "industry", "licence_kinds") == (ENGLISH, "5151", "drug_trading")
        return again.content_hash

    assert len({play(tmp_path / f"{order}", order) for order in permutations(range(3))}) == 1


def test_what_a_firm_no_longer_holds_does_not_hang_on_the_order_of_loads(tmp_path: Path) -> None:
    def play(home: Path, order: tuple[int, ...]) -> str:
        runs = Runs(home)
        ended = licence(3, **HELD | {"kind": LicenceKind.DRUG_MAKING}, **granted("2021-11-03", until="2026-11-02"))
        staying = licence(4, **HELD | {"kind": LicenceKind.DEVICE_TRADING})
        steps = (
            lambda: runs.add(firm(1, **SILENT), day=0),
            lambda: runs.licences(licence(1, **HELD), ended, staying, day=0),
            lambda: runs.licences(ended, staying, day=1),
            lambda: runs.news(day=2),
        )
        for step in order:
            runs._written = 10 * step  # a run is named for its day, whenever it comes
            steps[step]()
            done = runs.load(accept_loss=True)  # what comes late may take back
        assert known(runs, "licence_kinds") == ("device_trading",)
        assert done.published is not None
        return done.published.content_hash

    assert play(tmp_path / "sorted", (0, 1, 2, 3)) == play(tmp_path / "shuffled", (3, 2, 0, 1))


def registered_late() -> dict[str, Any]:
    return {"registered_on": date(2016, 1, 1), "registered_on_raw": "2016-01-01"}
