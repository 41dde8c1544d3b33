"""What was true when, and what we knew when: a late or corrected word changes what we know, never what we knew."""

from __future__ import annotations

import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler import clock
from crawler.items import Registration, Status
from crawler.run_folder import Outcome, RunFolder, runs_folder
from pipelines.content_hash import table_hashes
from pipelines.load import load
from pipelines.store.database import open_store
from tests.pipelines.runs import DAY_ONE, DEVICES, HERE, THERE, Runs, capital, code, firm, registered, status

MOVED = "上海市普陀区武宁路300号"


def approved(day: str) -> dict[str, Any]:
    return {"approved_on": date.fromisoformat(day), "approved_on_raw": day}


def instant(day: int, hour: int = 12) -> str:
    """An instant of a test's day as analysts write it: UTC, between the night's run and the next."""
    return f"TIMESTAMP '{clock.stamp(DAY_ONE + timedelta(days=day, hours=hour)).removesuffix('Z')}'"


def as_of(runs: Runs, columns: str, day: str, known_at: str = "", home: Path | None = None) -> list[tuple[Any, ...]]:
    arguments = f"DATE '{day}'" + (f", {known_at}" if known_at else "")
    return runs.ask(f"SELECT {columns} FROM firms_as_of({arguments}) ORDER BY ALL", home)


def test_a_firm_is_told_as_it_was_on_a_day(runs: Runs) -> None:
    runs.add(firm(1, address=HERE))
    runs.add(firm(1, address=MOVED, **approved("2026-10-20")), day=9)
    runs.load()
    assert as_of(runs, "address", "2026-10-19") == [(HERE,)]
    assert as_of(runs, "address", "2026-11-01") == [(HERE,)], "its day of approval appeared: that dates nothing"
    assert as_of(runs, "address", "2026-11-11") == [(MOVED,)]


def test_a_change_is_true_from_the_day_it_was_approved(runs: Runs) -> None:
    runs.add(firm(1, address=HERE, **approved("2020-01-06")))
    runs.add(firm(1, address=MOVED, **approved("2026-10-20")), day=9)
    runs.load()
    assert as_of(runs, "address, valid_from::VARCHAR, valid_basis", "2026-10-19") == [(HERE, "2020-01-06", "approved")]
    assert as_of(runs, "address, valid_from::VARCHAR, valid_to", "2026-10-20") == [(MOVED, "2026-10-20", None)]
    assert as_of(runs, "address", "2019-12-31") == [], "a change in 2020 is stated; what it changed was never shown"


def test_what_is_first_known_of_a_firm_is_taken_to_hold_since_its_registration(runs: Runs) -> None:
    runs.add(firm(1, **registered("2015-03-04")))
    runs.load()
    assert as_of(runs, "name", "2015-03-03") == []
    assert as_of(runs, "valid_from::VARCHAR, valid_basis", "2015-03-04") == [("2015-03-04", "registered")]


def test_a_firm_without_a_day_is_known_from_the_day_we_saw_it(runs: Runs) -> None:
    runs.add(firm(1, registered_on=None, registered_on_raw=""))
    runs.load()
    assert as_of(runs, "name", "2026-11-01") == []
    assert as_of(runs, "valid_from::VARCHAR, valid_basis", "2026-11-02") == [("2026-11-02", "seen")]


def test_a_firm_registered_in_another_district_was_not_here_all_along(runs: Runs) -> None:
    runs.add(firm(1, "310108", **registered("2015-03-04")))
    runs.load()
    assert as_of(runs, "name", "2020-01-01") == []
    assert as_of(runs, "valid_from::VARCHAR, valid_basis", "2026-11-02") == [("2026-11-02", "seen")]


def test_a_late_word_of_an_earlier_day_changes_what_we_know_of_that_day_alone(runs: Runs) -> None:
    """A list of another publisher comes late, and tells of an address between the two that we knew."""
    runs.add(firm(1, address=HERE, **approved("2020-01-06")), series="city")
    runs.add(firm(1, address=MOVED, **approved("2026-10-20")), series="city", day=2)
    runs.add(firm(1, address="上海市普陀区真光路1219号", **approved("2023-05-05")), series="bureau", day=8)
    runs.load()
    assert runs.ask("SELECT address FROM firms") == [(MOVED,)]
    assert as_of(runs, "address", "2024-01-01") == [("上海市普陀区真光路1219号",)]
    assert as_of(runs, "address", "2024-01-01", instant(7)) == [(HERE,)], "what we held on that day stays"
    assert as_of(runs, "address", "2022-01-01") == [(HERE,)]
    assert as_of(runs, "address", "2026-10-21", instant(1)) == [(HERE,)], "the move was not known yet"


def test_a_corrected_word_leaves_what_we_knew(runs: Runs) -> None:
    runs.add(firm(1, **capital(5000)))
    runs.add(firm(1, **capital(500)), day=3)
    runs.load()
    assert as_of(runs, "capital::BIGINT", "2026-12-01") == [(5_000_000,)]
    assert as_of(runs, "capital::BIGINT", "2026-12-01", instant(2)) == [(50_000_000,)]
    assert runs.ask(
        "SELECT capital::BIGINT, known_from < known_to, valid_to::VARCHAR FROM firm_history"
        " ORDER BY known_from, valid_from"
    ) == [(50_000_000, True, None), (50_000_000, None, "2026-11-05"), (5_000_000, None, None)]


def test_an_empty_cell_is_no_statement_in_history_either(runs: Runs) -> None:
    runs.add(firm(1, **capital(800)))
    runs.add(firm(1, capital=None, capital_currency="", capital_raw="", scope=""), series="bureau", day=4)
    runs.load()
    assert as_of(runs, "capital::BIGINT, scope", "2026-12-01") == [(8_000_000, DEVICES)]


def test_a_firm_that_left_the_lists_was_on_them_before(runs: Runs) -> None:
    runs.add(firm(1), firm(2))
    runs.add(firm(2), day=3)
    runs.add(firm(1), firm(2), day=6)
    runs.load()
    one = f"uscc = '{code(1)}'"
    told = {
        day: runs.ask(f"SELECT status FROM firms_as_of(DATE '{day}') WHERE {one}")[0][0]
        for day in ("2026-11-02", "2026-11-05", "2026-11-07", "2026-11-08")
    }
    assert told == {
        "2026-11-02": "active",
        "2026-11-05": "not_listed",
        "2026-11-07": "not_listed",
        "2026-11-08": "active",
    }
    known = runs.ask(f"SELECT status FROM firms_as_of(DATE '2026-12-01', {instant(5)}) WHERE {one}")
    assert known == [("not_listed",)]


def test_observations_say_when_it_was_true_and_when_we_knew(runs: Runs) -> None:
    runs.add(firm(1, address=HERE, **approved("2020-01-06")))
    runs.add(firm(1, address=MOVED, **approved("2026-10-20")), day=9)
    runs.load()
    assert runs.ask(
        "SELECT valid_from::VARCHAR, valid_to::VARCHAR, valid_basis, known_from::DATE::VARCHAR, known_to::DATE::VARCHAR"
        " FROM observations ORDER BY known_from"
    ) == [
        ("2020-01-06", "2026-10-20", "approved", "2026-11-01", "2026-11-10"),
        ("2026-10-20", None, "approved", "2026-11-10", None),
    ]


# --- Replays -------------------------------------------------------------------------------------------------------


def a_misread_raise(runs: Runs) -> tuple[RunFolder, RunFolder]:
    """The second night's capital was misread as ten times what is printed: an expansion that never was."""
    first = runs.add(firm(1, **capital(500)), day=0)
    second = runs.add(firm(1, **capital(5000, raw="500.0(万元人民币)")), day=1)
    runs.load()
    assert runs.events("kind", "discovered_on::VARCHAR") == [("capital_raised", "2026-11-03")]
    return first, second


def test_an_event_that_a_better_reading_does_not_confirm_is_taken_back_and_not_forgotten(runs: Runs) -> None:
    _, second = a_misread_raise(runs)
    runs.add(firm(1, **capital(500, raw="500.0(万元人民币)")), supersedes=second, replayed=5)
    runs.load()
    assert runs.events() == []
    assert runs.ask("SELECT kind, discovered_on::VARCHAR, retracted_at::DATE::VARCHAR FROM retracted_events") == [
        ("capital_raised", "2026-11-03", "2026-11-06")
    ]
    assert runs.ask(f"SELECT kind FROM events_known_at({instant(4)})") == [("capital_raised",)]
    assert runs.ask(f"SELECT kind FROM events_known_at({instant(6)})") == []
    assert runs.ask("SELECT capital::BIGINT FROM firms") == [(5_000_000,)]
    assert as_of(runs, "capital::BIGINT", "2026-12-01", instant(4)) == [(50_000_000,)]
    assert as_of(runs, "capital::BIGINT", "2026-12-01", instant(6)) == [(5_000_000,)]


def test_a_superseded_reading_stays_in_sight(runs: Runs) -> None:
    _, second = a_misread_raise(runs)
    replay = runs.add(firm(1, **capital(500, raw="500.0(万元人民币)")), supersedes=second, replayed=5)
    runs.load()
    assert runs.ask("SELECT run_id, superseded_by FROM superseded_runs") == [(second.run_id, replay.run_id)]
    assert [run for (run,) in runs.ask("SELECT run_id FROM runs WHERE replayed_at IS NOT NULL")] == [replay.run_id]
    assert runs.ask("SELECT sum(runs)::BIGINT FROM sources") == [(2,)]
    assert runs.ask("SELECT capital::BIGINT, superseded_at::DATE::VARCHAR FROM observations ORDER BY known_from") == [
        (5_000_000, None),
        (50_000_000, "2026-11-06"),
        (5_000_000, None),
    ]


def test_a_replay_that_confirms_an_event_leaves_its_day_of_discovery(runs: Runs) -> None:
    first = runs.add(firm(1, **capital(500)), day=0)
    second = runs.add(firm(1, **capital(900)), day=1)
    runs.load()
    before = runs.events("event_id", "discovered_at", "discovered_on")
    for crawl, amount in ((first, 500), (second, 900)):
        runs.add(firm(1, legal_form="有限责任公司", **capital(amount)), supersedes=crawl, replayed=5)
    runs.load()
    assert runs.events("event_id", "discovered_at", "discovered_on") == before
    assert runs.ask("SELECT count(*) FROM retracted_events") == [(0,)]


def test_what_only_a_better_reading_shows_is_discovered_when_it_was_read(runs: Runs) -> None:
    runs.add(firm(1, **capital(500)), day=0)
    unread = runs.add(firm(1, capital=None, capital_currency="", capital_raw="九百万"), day=1)
    runs.load()
    assert runs.events() == []
    runs.add(firm(1, **capital(900, raw="九百万")), supersedes=unread, replayed=5)
    runs.load()
    assert runs.events("kind", "discovered_on::VARCHAR") == [("capital_raised", "2026-11-07")]
    assert runs.ask(f"SELECT count(*) FROM events_known_at({instant(4)})") == [(0,)]


def test_of_several_replays_of_a_crawl_the_newest_counts_whatever_order_they_come_in(
    runs: Runs, tmp_path: Path
) -> None:
    _, second = a_misread_raise(runs)
    better = runs.add(firm(1, **capital(600, raw="500.0(万元人民币)")), supersedes=second, replayed=4)
    best = runs.add(firm(1, **capital(500, raw="500.0(万元人民币)")), supersedes=second, replayed=5)
    runs.load()
    assert runs.ask("SELECT capital::BIGINT FROM firms") == [(5_000_000,)]
    expected = hashes(runs.home)
    assert as_of(runs, "capital::BIGINT", "2026-12-01", instant(4)) == [(6_000_000,)]
    home = tmp_path / "other"
    for folder in (best, better, *(RunFolder(path) for path in sorted(runs_folder(runs.home).glob("*/*")))):
        target = runs_folder(home) / folder.run_id
        if not target.exists():
            shutil.copytree(folder.path, target)
        load(home, code_version="test", progress=lambda *told: None, accept_loss=True)
    assert hashes(home) == expected


# --- The two times, for whatever happens ------------------------------------------------------------------------------


def hashes(home: Path) -> dict[str, str]:
    with open_store(home) as connection:
        return table_hashes(connection)


def a_night(chance: random.Random, number: int) -> Registration:
    said: dict[str, Any] = {"address": chance.choice([HERE, HERE, MOVED, THERE, ""])}
    said |= chance.choice([capital(500), capital(800), {"capital": None, "capital_currency": "", "capital_raw": "N/A"}])
    said |= chance.choice([{"scope": DEVICES}, {"scope": DEVICES + "；药品批发"}, {"scope": ""}])
    said |= chance.choice([{}, {}, {}, status("注销", Status.DEREGISTERED)])
    said |= chance.choice([{}, approved(f"2026-{chance.randint(9, 11):02d}-{chance.randint(1, 28):02d}")])
    return firm(number, **said)


def a_random_history(runs: Runs, chance: random.Random) -> None:
    crawls = []
    for day in range(7):
        night = [a_night(chance, number) for number in range(1, 5) if chance.random() < 0.8]
        outcome = chance.choice([Outcome.COMPLETE] * 4 + [Outcome.PARTIAL])
        crawls.append((runs.add(*night, day=day, series=chance.choice(["city", "bureau"]), outcome=outcome), night))
    for replayed in sorted(chance.sample(range(3, 12), 2)):
        for crawl, night in chance.sample(crawls[:replayed], 2):
            better = [item if chance.random() < 0.5 else a_night(chance, int(item.proof.line)) for item in night]
            runs.add(*better, series=crawl.read_manifest().series, supersedes=crawl, replayed=replayed)


_SHOWN = "* EXCLUDE (known_to)"


@pytest.mark.parametrize("seed", range(6))
def test_what_we_knew_at_an_instant_is_what_a_database_of_that_instant_says(
    runs: Runs, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    a_random_history(runs, chance)
    runs.load()
    folders = [RunFolder(path) for path in sorted(runs_folder(runs.home).glob("*/*"))]
    for known in (0, 2, 5, 8, 13):
        then = clock.stamp(DAY_ONE + timedelta(days=known, hours=12))
        home = tmp_path / f"known-{known}"
        for folder in folders:
            if folder.read_manifest().read_at <= then:
                shutil.copytree(folder.path, runs_folder(home) / folder.run_id)
        runs.load(home)
        for day in ("2026-09-20", "2026-11-04", "2027-01-01"):
            expected = as_of(runs, _SHOWN, day, home=home)
            assert as_of(runs, _SHOWN, day, instant(known)) == expected, f"known {known}, day {day}"
        now = "firm_id, name, address, capital, status, scope"
        assert as_of(runs, now, "2027-01-01", home=home) == runs.ask(f"SELECT {now} FROM firms ORDER BY ALL", home)
        stated = "SELECT event_id, kind, happened_on, discovered_at FROM {} ORDER BY ALL"
        assert runs.ask(stated.format(f"events_known_at({instant(known)})")) == runs.ask(stated.format("events"), home)


@pytest.mark.parametrize("seed", range(6, 9))
def test_the_order_of_loading_does_not_matter_with_replays_either(runs: Runs, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    a_random_history(runs, chance)
    runs.load()
    names = [str(path.relative_to(runs_folder(runs.home))) for path in runs_folder(runs.home).glob("*/*")]
    chance.shuffle(names)
    home = tmp_path / "shuffled"
    for at in range(0, len(names), 4):
        for name in names[at : at + 4]:
            shutil.copytree(runs_folder(runs.home) / name, runs_folder(home) / name)
        load(home, code_version="test", progress=lambda *told: None, accept_loss=True)
    assert hashes(home) == hashes(runs.home)


@pytest.mark.parametrize("seed", range(9, 12))
def test_at_no_instant_is_a_firm_two_things_at_once(runs: Runs, seed: int) -> None:
    a_random_history(runs, random.Random(seed))
    runs.load()
    assert (
        runs.ask(
            """SELECT a.firm_id, a.valid_from, a.known_from FROM firm_history a JOIN firm_history b USING (firm_id)
            WHERE (a.valid_from, a.known_from, a.address, a.scope, a.status)
                < (b.valid_from, b.known_from, b.address, b.scope, b.status)
            AND b.valid_from < coalesce(a.valid_to, DATE '9999-01-01')
            AND a.valid_from < coalesce(b.valid_to, DATE '9999-01-01')
            AND b.known_from < coalesce(a.known_to, TIMESTAMP '9999-01-01')
            AND a.known_from < coalesce(b.known_to, TIMESTAMP '9999-01-01')"""
        )
        == []
    )


# --- What a review found wrong ----------------------------------------------------------------------------------------


def test_a_list_that_lagged_does_not_outlive_its_own_later_word(runs: Runs) -> None:
    """The last word of a series is dated before the day on which it still said the old one."""
    runs.add(firm(1, **approved("2026-10-01")), day=0)
    runs.add(firm(1, **approved("2026-10-01"), capital_raw="500.00(万元人民币)"), day=5)
    runs.add(firm(1, address=THERE, **approved("2026-10-20")), day=9)
    runs.load()
    assert runs.ask("SELECT address FROM firms") == [(THERE,)]
    assert as_of(runs, "address", "2026-11-08") == [(THERE,)]
    assert as_of(runs, "address", "2026-11-08", instant(8)) == [(HERE,)]
    assert runs.ask("SELECT valid_to FROM observations WHERE address = ?".replace("?", f"'{THERE}'")) == [(None,)]


def test_the_first_word_of_a_further_series_does_not_outrank_a_dated_one_read_later(runs: Runs) -> None:
    runs.add(firm(1, **approved("2026-10-01")), series="city", day=0)
    runs.add(firm(1), series="bureau", day=8)
    runs.add(firm(1, address=MOVED, **approved("2026-10-20")), series="city", day=9)
    runs.load()
    assert runs.ask("SELECT address FROM firms") == [(MOVED,)]


def test_a_real_event_does_not_get_the_number_of_one_that_was_taken_back(runs: Runs) -> None:
    first = runs.add(firm(1, **capital(500)), day=0)
    misread = runs.add(firm(1, **capital(900, raw="500.0(万元人民币)")), day=1)
    runs.load()
    told = runs.events("event_id")
    runs.add(firm(1, **capital(500, raw="500.0(万元人民币)")), supersedes=misread, replayed=3)
    runs.load()
    runs.add(firm(1, **capital(900)), day=9)
    runs.load()
    assert first.finished
    [(event, discovered)] = runs.events("event_id", "discovered_on::VARCHAR")
    assert (event,) not in told
    assert discovered == "2026-11-11"
    assert runs.ask("SELECT event_id FROM retracted_events") == told


def test_an_event_read_slightly_otherwise_is_the_same_event(runs: Runs) -> None:
    runs.add(firm(1, **capital(500)), day=0)
    second = runs.add(firm(1, **capital(900)), day=1)
    runs.load()
    told = runs.events("event_id", "discovered_at")
    runs.add(firm(1, **capital(901, raw="900(万元人民币)")), supersedes=second, replayed=5)
    runs.load()
    assert runs.events("event_id", "discovered_at") == told
    assert runs.ask("SELECT count(*) FROM retracted_events") == [(0,)]


def test_what_a_replay_reads_the_same_is_not_known_later_for_it(runs: Runs) -> None:
    crawl = runs.add(firm(1), firm(2), day=0)
    runs.load()
    before = runs.ask("SELECT firm_id, known_from FROM observations ORDER BY ALL")
    runs.add(firm(1), firm(2, legal_form="有限责任公司"), supersedes=crawl, replayed=5)
    runs.load()
    assert (
        runs.ask("SELECT firm_id, known_from FROM observations WHERE superseded_at IS NULL ORDER BY ALL")[0]
        == before[0]
    )


def test_events_found_by_a_replay_after_the_last_crawl_are_counted_in_their_week(runs: Runs) -> None:
    runs.add(firm(1, **capital(500)), day=0)
    unread = runs.add(firm(1, capital=None, capital_currency="", capital_raw="九百万"), day=1)
    runs.add(firm(1, **capital(900, raw="九百万")), supersedes=unread, replayed=15)
    runs.load()
    assert runs.ask("SELECT week, sum(expansions)::BIGINT FROM weekly_counts WHERE expansions > 0 GROUP BY week") == [
        ("2026-W47", 1)
    ]


def test_what_we_learned_tells_of_a_firm_that_was_taken_back(runs: Runs) -> None:
    crawl = runs.add(firm(1), firm(2), day=0)
    runs.load()
    runs.add(firm(1), supersedes=crawl, replayed=5)
    runs.load()
    told = runs.ask(f"SELECT uscc, what FROM learned_between({instant(2)}, {instant(6)})")
    assert told == [(code(2), "taken_back")]
