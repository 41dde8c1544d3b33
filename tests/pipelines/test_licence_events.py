"""Licences as news: granted, premises added, lapsed, each told once and only where the list proves it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.items import LicenceKind, LicenceStatus
from crawler.run_folder import Outcome
from pipelines.load import load
from pipelines.premises import added_places
from tests.pipelines.runs import HERE, THERE, Runs, code, firm, granted, licence

NEW = granted("2026-11-03")
OLD = licence(90, holder="上海未见样本医疗器械有限公司")
SECOND = "上海市普陀区武宁路300号"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """Firms that are known in Putuo, and a list of licences that was read before."""
    runs = Runs(tmp_path)
    runs.add(firm(1), firm(2), firm(3, address=THERE), day=0)
    runs.licences(OLD, day=0)
    return runs


def told(runs: Runs, *columns: str) -> list[tuple[Any, ...]]:
    runs.load()
    return runs.events(*columns)


# ----------------------------------------------------------------------------------------------------- granted


def test_a_licence_that_is_new_to_a_list_read_before_is_news_with_its_proof(runs: Runs) -> None:
    folder = runs.licences(OLD, licence(1, **NEW), day=3)
    columns = ("kind", "basis", "category", "uscc", "happened_on::VARCHAR", "discovered_on::VARCHAR", "before", "after")
    number = licence(1).number
    assert told(runs, *columns) == [
        ("licence_granted", "licensed", "expansion", code(1), "2026-11-03", "2026-11-05", None, number)
    ]
    ((evidence,),) = runs.events("evidence")
    (proof,) = json.loads(evidence)
    assert (proof["role"], proof["run_id"], proof["line"], proof["publisher"]) == ("after", folder.run_id, 1, "某局")
    assert proof["record"]["number"] == number
    assert proof["record"]["granted_on"] == "2026-11-03"


def test_what_a_first_reading_shows_is_a_state_unless_it_was_just_granted(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1), firm(2), day=0)
    runs.licences(licence(1, **granted("2026-10-10")), licence(2, **granted("2026-10-25")), day=0)
    assert told(runs) == [("licence_granted", code(2))]


def test_what_was_granted_long_ago_is_learned_late_and_no_news(runs: Runs) -> None:
    runs.licences(OLD, licence(1, **granted("2026-05-01")), licence(2, **granted("2026-06-01")), day=3)
    assert told(runs) == [("licence_granted", code(2))]


@pytest.mark.parametrize("status", [LicenceStatus.CANCELLED, LicenceStatus.REVOKED, LicenceStatus.EXPIRED])
def test_what_no_longer_holds_when_first_shown_was_not_granted(runs: Runs, status: LicenceStatus) -> None:
    runs.licences(OLD, licence(1, status=status, **NEW), day=3)
    assert told(runs) == []


def test_a_firm_elsewhere_or_unknown_has_no_news(runs: Runs) -> None:
    runs.licences(OLD, licence(3, **NEW), licence(4, **NEW), day=3)
    assert told(runs) == []


def test_a_new_number_at_the_same_address_is_a_renewal_and_at_another_one_a_grant(runs: Runs) -> None:
    runs.licences(OLD, licence(1), day=1)
    renewal = {"holder": licence(1).holder, "address": HERE.replace("8", "８"), **NEW}
    elsewhere = {"holder": licence(1).holder, "address": SECOND, **NEW}
    runs.licences(OLD, licence(1), licence(51, **renewal), licence(52, **elsewhere), day=3)
    assert told(runs, "after") == [(licence(52).number,)]


def test_another_kind_of_licence_is_no_renewal(runs: Runs) -> None:
    runs.licences(OLD, licence(1), day=1)
    other = licence(51, holder=licence(1).holder, kind=LicenceKind.DRUG_TRADING, **NEW)
    runs.licences(OLD, licence(1), other, day=3)
    assert told(runs, "kind", "after") == [("licence_granted", other.number)]


def test_a_product_is_approved_with_its_name_and_a_new_number_for_it_is_a_renewal(runs: Runs) -> None:
    product = {"kind": LicenceKind.DEVICE_PRODUCT, "holder": licence(1).holder, "address": HERE}
    first = licence(61, product="样本检测试剂盒", **product, **NEW)
    runs.licences(OLD, first, day=3)
    second = licence(62, product="样本分析仪", **product, **granted("2026-11-06"))
    again = licence(63, product="样本检测试剂盒", **product, **granted("2026-11-06"))
    runs.licences(OLD, first, second, again, day=6)
    assert told(runs, "kind", "after") == [
        ("product_approved", f"样本检测试剂盒 · {first.number}"),
        ("product_approved", f"样本分析仪 · {second.number}"),
    ]


def test_a_licence_that_two_lists_show_is_granted_once(runs: Runs) -> None:
    runs.add(OLD, source="other_list", series="", day=1)
    runs.licences(OLD, licence(1, **NEW), day=3)
    runs.add(OLD, licence(1, **NEW), source="other_list", series="", day=5)
    assert told(runs, "kind", "discovered_on::VARCHAR") == [("licence_granted", "2026-11-05")]


# ---------------------------------------------------------------------------------------- whose it was by then


def test_a_firm_known_only_later_tells_what_was_granted_lately(runs: Runs) -> None:
    runs.licences(OLD, licence(5, **NEW), day=3)
    assert told(runs) == []
    runs.add(firm(5), listing="new", day=9)
    assert ("licence_granted", code(5), "2026-11-11") in told(runs, "kind", "uscc", "discovered_on::VARCHAR")


def test_a_list_of_firms_that_is_new_to_us_makes_no_news_of_old_licences(runs: Runs) -> None:
    runs.licences(OLD, licence(5, **NEW), day=3)
    runs.add(firm(5), series="bureau", day=30)
    assert told(runs) == []


def test_a_later_namesake_takes_nothing_back(runs: Runs) -> None:
    runs.licences(OLD, licence(1, **NEW), day=3)
    before = told(runs, "event_id", "kind")
    runs.add(firm(1), firm(2), firm(3, address=THERE), firm(7, name=licence(1).holder, address=THERE), day=5)
    runs.licences(OLD, licence(1, **NEW), licence(53, holder=licence(1).holder, **NEW), day=6)
    assert told(runs, "event_id", "kind") == before, "and what comes after the namesake is nobody's"
    assert runs.ask("SELECT DISTINCT match FROM licences WHERE holder LIKE '%序1医%'") == [("ambiguous",)]


# ---------------------------------------------------------------------------------------------------- premises


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        (HERE, f"{HERE}；{SECOND}", (SECOND,)),
        (HERE, f"{SECOND}\n{HERE}", (SECOND,)),
        (HERE, f"{HERE.replace('18', '１８')}; {SECOND}、{THERE}", (SECOND, THERE)),
        ("无", SECOND, (SECOND,)),
        ("/", f"-；{SECOND}", (SECOND,)),
        (HERE, SECOND, ()),  # a move
        (f"{HERE}；{SECOND}", SECOND, ()),
        (HERE, f"{HERE}；{HERE}", ()),
        (HERE, f"{HERE}；无", ()),
        (SECOND, "—", ()),
    ],
)
def test_places_are_added_where_there_are_more_and_one_of_them_is_new(
    before: str, after: str, added: tuple[str, ...]
) -> None:
    assert added_places(before, after) == tuple(sorted(added))


@pytest.mark.parametrize("column", ["address", "storage_address"])
def test_a_further_place_is_told_with_what_was_printed_before_and_after(runs: Runs, column: str) -> None:
    wider = f"{HERE}；{SECOND}"
    runs.licences(OLD, licence(1, **{column: HERE}), day=0)
    runs.licences(OLD, licence(1, **{column: wider}), day=3)
    runs.licences(OLD, licence(1, **{column: wider}), day=4)
    columns = ("kind", "basis", "happened_on", "before", "after", "discovered_on::VARCHAR")
    assert told(runs, *columns) == [("premises_added", "licensed", None, HERE, wider, "2026-11-05")]
    ((evidence,),) = runs.events("evidence")
    assert [(one["role"], one["record"][column]) for one in json.loads(evidence)] == [
        ("before", HERE),
        ("after", wider),
    ]


def test_an_empty_cell_is_no_statement_of_places(runs: Runs) -> None:
    runs.licences(OLD, licence(1, storage_address=""), day=0)
    runs.licences(OLD, licence(1, storage_address=SECOND), day=2)
    runs.licences(OLD, licence(1, storage_address=""), day=3)
    runs.licences(OLD, licence(1, storage_address=SECOND), day=4)
    assert told(runs) == []


def test_each_further_place_is_a_happening_of_its_own(runs: Runs) -> None:
    runs.licences(OLD, licence(1), day=0)
    runs.licences(OLD, licence(1, address=f"{HERE}；{SECOND}"), day=3)
    runs.licences(OLD, licence(1, address=f"{HERE}；{SECOND}；{THERE}"), day=4)
    assert told(runs) == [("premises_added", code(1))] * 2
    assert len(set(runs.events("event_id"))) == 2


# ------------------------------------------------------------------------------------------------------ lapsed


def test_a_licence_that_a_complete_list_no_longer_shows_has_lapsed(runs: Runs) -> None:
    shown = runs.licences(OLD, licence(1), day=0)
    full = runs.licences(OLD, day=3)
    columns = ("kind", "basis", "category", "happened_on", "before", "after")
    assert told(runs, *columns) == [("licence_lapsed", "not_listed", "departure", None, "有效", None)]
    ((evidence,),) = runs.events("evidence")
    before, absence = json.loads(evidence)
    assert (before["role"], before["run_id"], before["record"]["number"]) == ("before", shown.run_id, licence(1).number)
    assert (absence["role"], absence["run_id"], absence["record"]) == ("absence", full.run_id, None)


@pytest.mark.parametrize(
    "how", [{"outcome": Outcome.PARTIAL}, {"closes": False}, {"listing": "new"}], ids=["partial", "open", "new"]
)
def test_what_does_not_list_everything_proves_no_lapse(runs: Runs, how: dict[str, Any]) -> None:
    runs.licences(OLD, licence(1), day=0)
    runs.licences(OLD, day=3, **how)
    assert told(runs) == []


def test_a_list_that_lost_a_fifth_at_once_proves_no_lapse(runs: Runs) -> None:
    many = [licence(n, holder=f"上海未见样本{n}医疗器械有限公司") for n in range(100, 200)]
    runs.licences(OLD, licence(1), *many, day=0)
    runs.licences(OLD, *many[:70], day=3)
    assert told(runs) == []


def test_a_renewed_licence_has_not_lapsed(runs: Runs) -> None:
    runs.licences(OLD, licence(1), day=0)
    runs.licences(OLD, licence(51, holder=licence(1).holder, **NEW), day=3)
    assert told(runs) == []


def test_what_another_list_still_shows_has_not_lapsed(runs: Runs) -> None:
    runs.licences(OLD, licence(1), day=0)
    runs.licences(licence(1), day=2, series="retail")
    runs.licences(OLD, day=3)
    assert told(runs) == []


@pytest.mark.parametrize(
    ("status", "word"), [(LicenceStatus.CANCELLED, "注销"), (LicenceStatus.REVOKED, "吊销")], ids=str
)
def test_a_licence_said_to_be_cancelled_has_lapsed_once(runs: Runs, status: LicenceStatus, word: str) -> None:
    runs.licences(OLD, licence(1), day=0)
    runs.licences(OLD, licence(1, status=status, status_raw=word), day=3)
    runs.licences(OLD, day=4)
    assert told(runs, "kind", "basis", "before", "after") == [("licence_lapsed", "status_changed", "有效", word)]


def test_a_number_cancelled_for_its_successor_has_not_lapsed_but_one_revoked_has(runs: Runs) -> None:
    gone = {"status": LicenceStatus.CANCELLED, "status_raw": "注销"}
    taken = {"status": LicenceStatus.REVOKED, "status_raw": "吊销"}
    runs.licences(OLD, licence(1), licence(2), day=0)
    new = [licence(50 + n, holder=licence(n).holder, **NEW) for n in (1, 2)]
    runs.licences(OLD, licence(1, **gone), licence(2, **taken), *new, day=3)
    assert told(runs) == [("licence_lapsed", code(2))]


# ------------------------------------------------------------------------------------------- epochs and orders


def test_a_replay_keeps_the_key_of_what_it_confirms_and_takes_back_what_it_does_not(runs: Runs) -> None:
    crawl = runs.licences(OLD, licence(1, **NEW), licence(2, **NEW), day=3)
    before = {uscc: event_id for event_id, uscc in told(runs, "event_id", "uscc")}
    assert set(before) == {code(1), code(2)}
    runs.licences(OLD, licence(1, scope="读得更好", **NEW), supersedes=crawl, replayed=9)
    assert told(runs, "event_id", "discovered_on::VARCHAR") == [(before[code(1)], "2026-11-05")]
    assert runs.ask("SELECT event_id FROM retracted_events") == [(before[code(2)],)]


def test_events_of_licences_do_not_hang_on_the_order_of_loads(tmp_path: Path) -> None:
    def hashes(order: tuple[int, ...]) -> set[str]:
        runs = Runs(tmp_path / f"{order}")
        steps: tuple[Callable[[], object], ...] = (
            lambda: runs.add(firm(1), firm(2), day=0),
            lambda: runs.licences(OLD, licence(1), day=0),
            lambda: runs.licences(OLD, licence(1, address=f"{HERE}；{SECOND}"), licence(2, **NEW), day=3),
            lambda: runs.add(firm(1), firm(2), firm(7, name=licence(2).holder), day=4),
            lambda: runs.licences(OLD, licence(2, **NEW), day=5),
            lambda: runs.licences(OLD, licence(1), day=6, series="retail", listing="new"),
        )
        for step in order:
            runs._written = step  # a run is named for its day, whenever it comes
            steps[step]()
            done = runs.load(accept_loss=True)
        again = load(runs.home, code_version="test", progress=lambda *told: None, again=True)
        assert [kind for kind, _ in runs.events()] == [
            "premises_added",
            "licence_granted",
            "registered",
            "licence_lapsed",
        ]
        return {one.published.content_hash for one in (done, again) if one.published}

    found = {order: hashes(order) for order in ((0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (2, 5, 0, 4, 1, 3))}
    assert len({one for hashes_of_it in found.values() for one in hashes_of_it}) == 1, found
