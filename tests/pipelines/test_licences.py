"""Licences: kept once as last stated with every version they had, and given to a firm only where that is certain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.fields.personal import MASK
from crawler.items import Licence, LicenceStatus, Rejected, RejectReason
from crawler.run_folder import Outcome
from pipelines.load import load
from pipelines.stages import Validate
from tests.pipelines.runs import HERE, THERE, Runs, capital, code, firm, granted, licence, put_aside

NAME = "上海桦序1医疗器械有限公司"
OTHER_NAME = "上海桦序旧名医疗器械有限公司"
# A number of the form of a citizen's id, of a division and a day that no one's id has, with its check digit.
CITIZEN = "310199190001010017"


def at_line(item: Licence, line: int) -> Licence:
    return replace(item, proof=replace(item.proof, line=line))


def matches(runs: Runs) -> list[tuple[Any, ...]]:
    """The match and the firm of each licence, by its line."""
    return runs.ask("SELECT match, firm_id FROM licences ORDER BY line")


def test_a_licence_stands_with_its_firm_its_dates_and_its_proof(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    folder = runs.licences(licence(1), day=1)
    runs.load()
    columns = "number, holder, uscc, firm_id, name, grade, sub_sector, in_putuo, match, scope, authority, status"
    assert runs.ask(f"SELECT {columns} FROM licences") == [
        (
            "沪普市监械经营许20240001号",
            NAME,
            "",
            f"CN-{code(1)}",
            NAME,
            "core",
            "medical_devices",
            "yes",
            "exact",
            "三类：6840临床检验分析仪器",
            "某局",
            "valid",
        )
    ]
    dates = "granted_on, valid_until, valid_from, valid_to, known_from, last_seen_at"
    texts = ", ".join(f"{name.strip()}::VARCHAR" for name in dates.split(","))
    assert runs.ask(f"SELECT {texts} FROM licences") == [
        ("2024-05-06", "2029-05-05", "2024-05-06", "2029-05-06", "2026-11-02 18:01:00", "2026-11-02 18:01:00")
    ]
    assert runs.ask("SELECT run_id, url, line, sha256, capture FROM licences") == [
        (folder.run_id, "https://www.example.org/licences", 1, "0" * 64, "<urn:uuid:0>")
    ]


# ------------------------------------------------------------------------------------------------ whose it is


@pytest.mark.parametrize("stated", [code(2), code(2).lower(), f" {code(2)}"], ids=["plain", "lower case", "a blank"])
def test_a_credit_code_decides_whatever_the_holder_is_called(runs: Runs, stated: str) -> None:
    runs.add(firm(1), firm(2, address=THERE))
    runs.licences(licence(1, uscc=stated))
    runs.load()
    assert runs.ask("SELECT holder, name, in_putuo, match FROM licences") == [
        (NAME, "上海桦序2医疗器械有限公司", "no", "credit_code")
    ]


@pytest.mark.parametrize(
    "printed",
    ["上海桦序(样本)医疗器械有限公司", "上海桦序（样本） 医疗器械 有限公司", "上海桦序〔样本〕医疗器械有限公司\u3000"],
)
def test_a_name_is_the_same_in_any_width_brackets_and_blanks(runs: Runs, printed: str) -> None:
    runs.add(firm(1, name="上海桦序（样本）医疗器械有限公司"))
    runs.licences(licence(1, holder=printed))
    runs.load()
    assert matches(runs) == [("exact", f"CN-{code(1)}")]


@pytest.mark.parametrize(
    ("registered", "printed"),
    [
        ("上海桦序①医疗器械有限公司", "上海桦序1医疗器械有限公司"),
        ("上海桦序㈠医疗器械有限公司", "上海桦序(一)医疗器械有限公司"),
        ("上海桦序\uf9e1医疗器械有限公司", "上海桦序\u674e医疗器械有限公司"),  # a compatibility ideograph
        ("ＨＵＡＸＵ  Ｍｅｄｉｃａｌ （Ｓ） Ltd.", "Huaxu Medical(S) Ltd."),
        ("上海桦序\t〔样本〕医疗器械有限公司", "上海桦序（样本）医疗器械有限公司"),
    ],
)
def test_a_name_in_rare_characters_is_found_both_ways(runs: Runs, registered: str, printed: str) -> None:
    runs.add(firm(1, name=registered), firm(2, name=f"{printed}甲"))
    runs.add(firm(3, name=f"{printed}乙"), series="bureau")
    runs.licences(licence(1, holder=printed), licence(2, holder=f"{registered}乙"))
    runs.load()
    assert matches(runs) == [("exact", f"CN-{code(1)}"), ("exact", f"CN-{code(3)}")]


def test_a_former_name_is_still_the_firms(runs: Runs) -> None:
    runs.add(firm(1, name=OTHER_NAME), day=0)
    runs.add(firm(1), day=1)
    runs.licences(licence(1, holder=OTHER_NAME), day=2)
    runs.load()
    assert runs.ask("SELECT holder, name, match FROM licences") == [(OTHER_NAME, NAME, "exact")]


def test_a_name_of_two_firms_is_nobodys_until_one_code_is_stated(runs: Runs) -> None:
    runs.add(firm(1), firm(2, name=NAME), day=0)
    runs.licences(licence(1), licence(2, holder=NAME, uscc=code(2)), day=0)
    runs.load()
    assert matches(runs) == [("ambiguous", None), ("credit_code", f"CN-{code(2)}")]
    assert runs.ask("SELECT name, grade, in_putuo FROM licences WHERE line = 1") == [(None, None, None)]


def test_a_name_that_one_firm_gave_up_and_another_took_is_ambiguous(runs: Runs) -> None:
    runs.add(firm(1, name=OTHER_NAME), day=0)
    runs.add(firm(1), firm(2, name=OTHER_NAME), day=1)
    runs.licences(licence(1, holder=OTHER_NAME), day=1)
    runs.load()
    assert matches(runs) == [("ambiguous", None)]


def test_names_that_are_only_alike_match_nobody(runs: Runs) -> None:
    runs.add(firm(1))
    alike = ("上海桦序1医疗器械有限公司普陀分公司", "桦序1医疗器械有限公司", "上海桦序1医疗器械", "某院")
    runs.licences(*(licence(n, holder=name) for n, name in enumerate(alike, start=1)))
    runs.load()
    assert matches(runs) == [("none", None)] * 4


def test_a_valid_code_of_a_firm_not_shown_yet_is_not_given_to_a_namesake(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    runs.licences(licence(1, uscc=code(7)), licence(2, holder=NAME), day=1)
    runs.load()
    assert matches(runs) == [("none", None), ("exact", f"CN-{code(1)}")]
    runs.add(firm(1), firm(7, name="上海桦序医药有限公司"), day=2)
    runs.load()
    assert matches(runs) == [("credit_code", f"CN-{code(7)}"), ("exact", f"CN-{code(1)}")]


@pytest.mark.parametrize("stated", [code(2)[:-1], "无", "-"], ids=["too short", "none", "dash"])
def test_a_code_that_cannot_be_one_leaves_the_word_to_the_name(runs: Runs, stated: str) -> None:
    runs.add(firm(1), firm(2))
    runs.licences(licence(1, uscc=stated))
    runs.load()
    assert runs.ask("SELECT match, firm_id, uscc FROM licences") == [("exact", f"CN-{code(1)}", stated)]


def test_a_firm_known_only_later_gets_the_licences_it_had(runs: Runs) -> None:
    runs.licences(licence(1), day=0)
    runs.load()
    assert matches(runs) == [("none", None)]
    runs.add(firm(1), day=3)
    runs.load()
    assert matches(runs) == [("exact", f"CN-{code(1)}")]
    assert runs.ask("SELECT match, firm_id FROM licence_versions") == matches(runs)


# ---------------------------------------------------------------------------------------------------- versions


def versions(runs: Runs) -> list[tuple[Any, ...]]:
    return runs.ask(
        "SELECT valid_until::VARCHAR, strftime(known_from, '%m-%d'), strftime(known_to, '%m-%d'),"
        " strftime(last_seen_at, '%m-%d'), sightings FROM licence_versions ORDER BY known_from, series"
    )


def test_a_renewed_licence_has_two_versions_and_one_word(runs: Runs) -> None:
    renewed = licence(1, **granted("2026-11-04", "2031-11-03"))
    for day, said in enumerate((licence(1), licence(1), renewed, renewed), start=1):
        runs.licences(said, day=day)
    runs.load()
    assert versions(runs) == [("2029-05-05", "11-02", "11-04", "11-03", 2), ("2031-11-03", "11-04", None, "11-05", 2)]
    word = "strftime(first_known_at, '%m-%d'), strftime(known_from, '%m-%d'), strftime(last_seen_at, '%m-%d')"
    assert runs.ask(f"SELECT valid_until::VARCHAR, valid_to::VARCHAR, {word} FROM licences") == [
        ("2031-11-03", "2031-11-04", "11-02", "11-04", "11-05")
    ]
    assert runs.ask("SELECT count(DISTINCT licence_key), count(DISTINCT version_id) FROM licence_versions") == [(1, 2)]


def test_what_is_said_again_after_something_else_is_a_version_of_its_own(runs: Runs) -> None:
    revoked = licence(1, status=LicenceStatus.REVOKED, status_raw="撤销")
    for day, said in enumerate((licence(1), revoked, licence(1)), start=1):
        runs.licences(said, day=day)
    runs.load()
    assert runs.ask("SELECT status, strftime(known_from, '%m-%d') FROM licence_versions ORDER BY known_from") == [
        ("valid", "11-02"),
        ("revoked", "11-03"),
        ("valid", "11-04"),
    ]
    assert runs.ask("SELECT status, strftime(known_from, '%m-%d') FROM licences") == [("valid", "11-04")]


def test_a_licence_that_left_its_list_stays_as_last_said(runs: Runs) -> None:
    runs.licences(licence(1), licence(2), day=0)
    runs.licences(licence(2), day=1)
    runs.load()
    assert runs.ask("SELECT line, strftime(last_seen_at, '%m-%d') FROM licences ORDER BY line") == [
        (1, "11-01"),
        (2, "11-02"),
    ]


def test_two_lists_that_say_the_same_are_two_versions_and_one_licence_known_since_the_first(runs: Runs) -> None:
    runs.licences(licence(1), day=1, series="wholesale")
    runs.licences(licence(1), day=2, series="retail")
    runs.load()
    assert [row[1] for row in versions(runs)] == ["11-02", "11-03"]
    word = "series, strftime(known_from, '%m-%d'), strftime(last_seen_at, '%m-%d')"
    assert runs.ask(f"SELECT {word} FROM licences") == [("wholesale", "11-02", "11-03")]


def test_of_two_lists_the_one_that_last_changed_its_word_is_believed(runs: Runs) -> None:
    renewed = licence(1, **granted("2026-11-04", "2031-11-03"))
    runs.licences(licence(1), day=1, series="wholesale")
    runs.licences(licence(1), day=1, series="retail")
    runs.licences(renewed, day=2, series="retail")
    runs.licences(licence(1), day=3, series="wholesale")
    runs.load()
    assert runs.ask("SELECT series, valid_until::VARCHAR FROM licences") == [("retail", "2031-11-03")]


def test_the_same_number_of_two_authorities_is_two_licences(runs: Runs) -> None:
    runs.licences(licence(1))
    runs.add(licence(1), source="other_list")
    runs.load()
    assert runs.ask("SELECT count(*), count(DISTINCT licence_key) FROM licences") == [(2, 2)]


def test_a_replay_takes_the_place_of_what_was_misread_and_leaves_known_what_it_confirms(runs: Runs) -> None:
    misread = licence(2, holder="上海桦序医疗器城有限公司")
    crawl = runs.licences(licence(1), misread, day=1)
    runs.licences(licence(1), licence(2), day=2, supersedes=crawl, replayed=9)
    runs.load()
    assert runs.ask("SELECT line, holder, strftime(known_from, '%m-%d') FROM licences ORDER BY line") == [
        (1, NAME, "11-02"),
        (2, "上海桦序2医疗器械有限公司", "11-10"),
    ]
    assert runs.ask("SELECT count(*) FROM licence_versions WHERE holder LIKE '%城%'") == [(0,)]


def test_a_licence_without_an_end_has_none(runs: Runs) -> None:
    unsaid = {"granted_on": None, "granted_on_raw": "", "valid_until": None, "valid_until_raw": "长期"}
    runs.licences(licence(1, **granted("2024-05-06", "9999-12-31")), licence(2, **unsaid))
    runs.load()
    assert runs.ask("SELECT valid_from::VARCHAR, valid_to FROM licences ORDER BY line") == [
        ("2024-05-06", None),
        (None, None),
    ]


# ------------------------------------------------------------------------------------------- what is put aside


def accounts(runs: Runs) -> tuple[int, int]:
    """Rows kept, repetitions counted, and rows put aside."""
    kept, aside = runs.ask(
        "SELECT (SELECT coalesce(sum(copies), 0)::BIGINT FROM base.licence_sightings),"
        " (SELECT count(*) FROM quarantine)"
    )[0]
    return kept, aside


def test_each_row_of_licences_is_kept_or_put_aside(runs: Runs) -> None:
    runs.licences(
        licence(1),
        at_line(licence(1), 11),  # repeats its row to the letter
        at_line(licence(1, **granted("2020-01-01", "2025-01-01")), 12),  # contradicts it, and is older
        licence(2, licence_id=""),
        licence(3, holder=""),
        put_aside(30),
        listing="full",
    )
    runs.load()
    assert accounts(runs) == (2, 4)
    assert runs.ask("SELECT line, reason, uscc, cells FROM quarantine ORDER BY line") == [
        (2, "missing_id", "", "{}"),
        (3, "missing_name", "", "{}"),
        (12, "conflicting_rows", "", "{}"),
        (30, "code_check", "", "{}"),
    ]
    assert runs.ask("SELECT valid_until::VARCHAR FROM licences") == [("2029-05-05",)]
    assert runs.ask("SELECT rows, quarantined FROM runs") == [(4, 4)]  # rows of registrations, and what was put aside


def test_which_of_two_contradicting_rows_speaks_does_not_hang_on_their_order(runs: Runs) -> None:
    old, new = licence(1), licence(1, **granted("2026-10-01", "2031-09-30"))
    runs.licences(at_line(old, 2), at_line(new, 3))
    runs.licences(at_line(new, 2), at_line(old, 3))
    runs.load()
    assert runs.ask("SELECT valid_until::VARCHAR, sightings FROM licence_versions") == [("2031-09-30", 2)]


def test_a_citizens_id_in_place_of_a_code_is_never_stored(runs: Runs) -> None:
    runs.licences(licence(1, uscc=CITIZEN), licence(2, uscc=f"{CITIZEN[:-1]}8"), licence(3))
    runs.load()
    assert runs.ask("SELECT line, reason, detail, cells FROM quarantine ORDER BY line") == [
        (1, "code_is_citizen_id", "no credit code", "{}"),
        (2, "code_is_citizen_id", "no credit code", "{}"),
    ]
    for name in ("store.duckdb", "putuo.duckdb"):
        assert CITIZEN[:-1].encode() not in (runs.home / name).read_bytes()


@pytest.mark.parametrize(("field", "known"), [("kind", "device_trading"), ("status", "revoked")])
def test_a_word_that_is_on_no_closed_list_refuses_the_run_in_few_words(runs: Runs, field: str, known: str) -> None:
    folder = runs.licences(licence(1, **{field: "rumour" * 10_000}))
    refused = runs.load().refused[folder.run_id]
    assert field in refused
    assert "rumour" in refused
    assert known in refused
    assert len(refused) < 600
    assert runs.ask("SELECT count(*) FROM runs") == [(0,)]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED])
def test_what_a_failed_run_read_is_no_fact(runs: Runs, outcome: Outcome) -> None:
    runs.licences(licence(1), put_aside(5), outcome=outcome)
    runs.load()
    assert accounts(runs) == (0, 1)
    assert runs.ask("SELECT count(*) FROM licences") == [(0,)]


def test_hostile_text_is_kept_as_text(runs: Runs) -> None:
    long, swelling = "上海" + "桦" * 300 + "有限公司", "㈱" * 100  # three characters each in a normal name
    runs.add(firm(1), firm(2, name=long + "一"), firm(4, name=swelling + "甲"))
    hostile = "'); DROP TABLE base.licences; --<script>\u202e|\x1f"
    runs.licences(
        licence(1, licence_id=hostile * 100, holder=hostile),
        at_line(licence(1, licence_id=hostile * 100, holder=hostile, scope="x"), 2),
        # Equal to a firm's name as far as names are compared.
        licence(3, holder=long),
        licence(4, holder=swelling + "乙"),
        licence(5, holder=NAME + " " * 200 + "分公司"),
    )
    runs.load()
    assert runs.ask("SELECT licence_id, holder, match FROM licences ORDER BY line")[0] == (
        hostile * 100,
        hostile,
        "none",
    )
    assert matches(runs) == [("none", None)] * 4
    ((detail,),) = runs.ask("SELECT detail FROM quarantine")
    assert len(detail) < 100


def test_registrations_articles_and_licences_of_one_run_are_all_kept(runs: Runs) -> None:
    runs.add(firm(1), licence(1), firm(2, **capital(800)))
    runs.load()
    assert runs.ask("SELECT (SELECT count(*) FROM firms), (SELECT count(*) FROM licences)") == [(2, 1)]
    assert runs.ask("SELECT rows, items FROM runs") == [(2, 3)]


def test_a_licence_shows_no_firm_and_makes_events_of_known_ones_alone(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    runs.licences(licence(1), licence(2, uscc=code(2)), day=0)
    runs.licences(licence(2, uscc=code(2)), licence(3), day=1)
    runs.add(firm(1), day=2)
    runs.load()
    assert runs.events() == [("licence_lapsed", code(1))]
    assert runs.ask("SELECT uscc FROM firms") == [(code(1),)]


# ------------------------------------------------------------------------------------------- what a crawl keeps

REASONS = {
    RejectReason.MISSING_ID: licence(1, licence_id=""),
    RejectReason.MISSING_NAME: licence(1, holder=""),
    RejectReason.NAME_LOOKS_PERSONAL: licence(1, holder="甲某某"),
    RejectReason.CODE_IS_CITIZEN_ID: licence(1, uscc=CITIZEN, holder="甲某某"),
    RejectReason.BROKEN_TEXT: licence(1, holder="上海" * 10_000),
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_licence_that_cannot_stand_is_put_aside_before_it_is_written(reason: RejectReason) -> None:
    aside = Validate().process_item(REASONS[reason])
    assert isinstance(aside, Rejected)
    assert (aside.reason, aside.uscc, aside.name) == (reason, "", "")
    assert aside.detail
    assert aside.proof == REASONS[reason].proof
    assert max(map(len, aside.cells.values())) <= 500


@pytest.mark.parametrize(
    "item", [licence(1, holder="甲某某", uscc=MASK), licence(1, holder=MASK), licence(1, holder="甲某某", uscc=CITIZEN)]
)
def test_what_may_be_a_persons_is_blanked_where_it_is_put_aside(item: Licence) -> None:
    aside = Validate().process_item(item)
    assert isinstance(aside, Rejected)
    shown = "".join(aside.cells.values())
    assert not any(text in shown for text in ("甲某某", CITIZEN, HERE))


@pytest.mark.parametrize("uscc", ["", code(1), "无", code(1)[:-1]])
def test_a_licence_stands_with_any_code_or_none(uscc: str) -> None:
    item = licence(1, uscc=uscc)
    assert Validate().process_item(item) is item


# ------------------------------------------------------------------------------------------------ pure function


def test_order_and_repetition_of_loads_do_not_matter(tmp_path: Path) -> None:
    renewed = licence(1, **granted("2026-11-04", "2031-11-03"))

    def hashes(order: tuple[int, ...]) -> list[str]:
        runs = Runs(tmp_path / f"{order}")
        steps: tuple[Callable[[], object], ...] = (
            lambda: runs.add(firm(1, name=OTHER_NAME), firm(2), day=0),
            lambda: runs.licences(licence(1, holder=OTHER_NAME), licence(2, uscc=code(2)), day=1),
            lambda: runs.licences(renewed, licence(2), licence(2, scope="另一种说法"), day=2),
            lambda: runs.licences(licence(1), licence(3), day=3, series="retail", listing="new"),
            lambda: runs.add(firm(1), firm(2), firm(3, name=OTHER_NAME), day=4),
            lambda: runs.licences(renewed, licence(4, licence_id=""), day=5),
        )
        found = []
        for step in order:
            runs._written = step  # a run is named for its day, whenever it comes
            steps[step]()
            done = runs.load(accept_loss=True)  # what was news may be a state once an older run came
        again = load(runs.home, code_version="test", progress=lambda step, done, total: None, again=True)
        for one in (done, runs.load(), again):
            assert one.published is not None
            found.append(one.published.content_hash)
        assert runs.ask("SELECT count(*) FROM licences") == [(3,)]
        sighted = "SELECT count(*) FROM base.licence_sightings"
        assert runs.ask("SELECT sum(sightings)::BIGINT FROM licence_versions") == runs.ask(sighted), "none is lost"
        return found

    found = {order: hashes(order) for order in ((0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (2, 5, 0, 4, 1, 3))}
    assert len({one for hashes_of_it in found.values() for one in hashes_of_it}) == 1, found
