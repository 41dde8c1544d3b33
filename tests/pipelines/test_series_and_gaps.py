"""Several publishers, missing cells and odd lists: nothing is told twice, nothing is lost, nothing is made up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crawler.items import Registration, Status
from crawler.run_folder import Outcome
from tests.pipelines.runs import DEVICES, HERE, THERE, Runs, capital, code, firm, registered, status

GONE = status("注销", Status.DEREGISTERED)
REVOKED = status("吊销", Status.REVOKED)
MOVED = status("迁出", Status.MOVED_OUT)
NO_AMOUNT: dict[str, Any] = {"capital": None, "capital_currency": "", "capital_raw": "N/A"}
NOWHERE = {"address": ""}


def kinds(runs: Runs) -> list[str]:
    return [kind for (kind,) in runs.events("kind")]


def tell(runs: Runs, *nights: tuple[str, tuple[Registration, ...]], listing: str = "new") -> None:
    """Each night one series speaks; both were read completely before, of another firm."""
    for series in ("a", "b"):
        runs.add(firm(90), series=series, listing=listing)
    for series, firms in nights:
        runs.add(*firms, series=series, listing=listing)
    runs.load()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (firm(1, **GONE), firm(1, **REVOKED)),
        (firm(1, address=THERE), firm(1, address=THERE, **MOVED)),
        (firm(1, address=THERE), firm(1, address="上海市浦东新区蔡伦路七八〇号")),
    ],
)
def test_one_departure_told_by_two_series_in_other_words_is_one(
    runs: Runs, first: Registration, second: Registration
) -> None:
    tell(runs, ("a", (firm(1),)), ("b", (firm(1),)), ("a", (first,)), ("b", (second,)))
    assert len(kinds(runs)) == 2, "one arrival, one departure"


def test_a_series_that_lags_behind_makes_no_second_arrival(runs: Runs) -> None:
    tell(runs, ("a", (firm(1),)), ("b", (firm(1, address=THERE),)), ("b", (firm(1),)))
    assert kinds(runs) == ["registered"]


def test_a_firm_known_elsewhere_that_another_series_shows_here_has_moved_in(runs: Runs) -> None:
    runs.add(firm(1, address=THERE), series="city")
    runs.add(firm(9), series="bureau", listing="new")
    runs.add(firm(1), series="bureau", listing="new")
    runs.load()
    assert runs.events("kind", "before", "after") == [("moved_in", THERE, HERE)]


def test_a_firm_that_comes_back_has_moved_in_again(runs: Runs) -> None:
    for address in (HERE, THERE, HERE):
        runs.add(firm(1, address=address))
    runs.load()
    assert kinds(runs) == ["moved_out", "moved_in"]


@pytest.mark.parametrize(
    ("before", "gap", "after", "kind"),
    [
        (capital(500), NO_AMOUNT, capital(800), "capital_raised"),
        ({"scope": DEVICES}, {"scope": ""}, {"scope": DEVICES + "；药品批发"}, "scope_widened"),
        ({"address": HERE}, NOWHERE, {"address": THERE}, "moved_out"),
        ({"address": THERE}, NOWHERE, {"address": HERE}, "moved_in"),
        ({}, NOWHERE, NOWHERE | GONE, "deregistered"),
    ],
)
def test_a_gap_hides_no_change(
    runs: Runs, before: dict[str, Any], gap: dict[str, Any], after: dict[str, Any], kind: str
) -> None:
    for said in (before, gap, after):
        runs.add(firm(1, **said))
    runs.load()
    assert kinds(runs) == [kind]


def test_a_status_left_out_once_is_no_return_and_no_second_departure(runs: Runs) -> None:
    for said in ({}, GONE, status("", Status.UNKNOWN), GONE):
        runs.add(firm(1, **said))
    runs.load()
    assert kinds(runs) == ["deregistered"]


def test_a_new_firm_listed_without_an_address_arrives_when_its_address_does(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1), firm(2, **NOWHERE, **registered("2026-11-01")))
    runs.add(firm(1), firm(2, **registered("2026-11-01")))
    runs.load()
    assert runs.events("kind", "discovered_on") == [("registered", date(2026, 11, 4))]


def test_an_address_column_that_appears_makes_no_arrivals_of_known_firms(runs: Runs) -> None:
    runs.add(firm(1, **NOWHERE), firm(2, **NOWHERE))
    runs.add(firm(1), firm(2))
    runs.load()
    assert kinds(runs) == []


def test_a_house_printed_under_another_district_and_corrected_is_no_move(runs: Runs) -> None:
    runs.add(firm(1, address="真南路822弄18号", district="浦东新区"))
    runs.add(firm(1, address="上海市普陀区真南路822弄18号"))
    runs.load()
    assert kinds(runs) == []


def test_a_later_run_takes_no_event_back(runs: Runs) -> None:
    runs.add(firm(1), firm(2), series="bureau")
    runs.add(firm(2), series="portal")
    runs.add(firm(1), series="bureau")
    runs.add(firm(1), series="bureau")
    runs.load()
    before = runs.events("event_id", "kind", "discovered_at")
    runs.add(firm(2), series="portal")
    runs.load()
    assert runs.events("event_id", "kind", "discovered_at") == before


def test_a_full_list_that_lost_a_fifth_of_its_firms_at_once_proves_nobody_gone(runs: Runs) -> None:
    runs.add(*(firm(n) for n in range(1, 101)))
    runs.add(*(firm(n) for n in range(1, 40)))
    runs.load()
    assert kinds(runs) == []
    assert runs.ask("SELECT lists_everything, proves_absence FROM runs ORDER BY finished_at") == [
        (True, True),
        (True, False),
    ]


def test_a_firm_ahead_of_the_full_list_is_not_gone_from_it(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(2), listing="new")
    runs.add(firm(1))
    runs.load()
    assert kinds(runs) == ["registered"]


def test_a_partial_first_full_list_after_lists_of_new_ones_is_a_baseline(runs: Runs) -> None:
    runs.add(firm(1), listing="new")
    runs.add(*(firm(n) for n in range(1, 9)), outcome=Outcome.PARTIAL)
    runs.load()
    assert kinds(runs) == []


def test_a_first_run_with_nothing_in_it_ends_no_baseline(runs: Runs) -> None:
    runs.add()
    runs.add(firm(1), firm(2))
    runs.load()
    assert kinds(runs) == []


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "2099-01-01"])
def test_a_day_that_cannot_be_one_of_a_registration_is_not_passed_on(runs: Runs, day: str) -> None:
    runs.add(firm(1))
    runs.add(firm(1), firm(2, **registered(day)))
    runs.load()
    assert runs.events("kind", "happened_on", "after") == [("registered", None, day)]


def test_an_approval_day_that_appears_or_goes_back_dates_nothing(runs: Runs) -> None:
    runs.add(firm(1, **capital(500)))
    runs.add(firm(1, approved_on=date(2015, 3, 4), **capital(800)))
    runs.load()
    assert runs.events("kind", "happened_on") == [("capital_raised", None)]


def test_who_repeats_an_old_word_does_not_outshout_who_has_a_newer_one(runs: Runs) -> None:
    runs.add(firm(1), series="a")
    runs.add(firm(1), series="b")
    runs.add(firm(1, **GONE), series="a")
    runs.add(firm(1), series="b")
    runs.load()
    assert runs.ask("SELECT status FROM firms") == [("deregistered",)]


def test_the_printed_capital_is_the_one_the_amount_was_read_from(runs: Runs) -> None:
    runs.add(firm(1, **capital(500)))
    runs.add(firm(1, **NO_AMOUNT))
    runs.load()
    assert runs.ask("SELECT capital, capital_raw FROM firms") == [(5_000_000, "500(万元人民币)")]


def test_a_scope_cut_off_by_a_narrow_column_and_whole_again_is_no_change(runs: Runs) -> None:
    for scope in (DEVICES + "；药品批发", DEVICES + "；药品", DEVICES + "；药品批发"):
        runs.add(firm(1, scope=scope))
    runs.load()
    assert kinds(runs) == []


def test_a_firm_of_two_series_keeps_its_code(runs: Runs) -> None:
    tell(runs, ("a", (firm(1),)), ("b", (firm(1),)))
    assert runs.ask(f"SELECT count(*) FROM firms WHERE uscc = '{code(1)}'") == [(1,)]
