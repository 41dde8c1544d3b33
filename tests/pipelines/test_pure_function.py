"""The database is a pure function of run folders, decisions and code: never of the order or the number of loads."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Registration, Status
from crawler.run_folder import Outcome, runs_folder
from pipelines.content_hash import table_hashes
from pipelines.load import load
from pipelines.store.database import open_store
from tests.pipelines.runs import DEVICES, HERE, THERE, Runs, capital, code, firm, put_aside, registered, status


def a_few_weeks(runs: Runs) -> None:
    """Two series in which everything happens that registrations can tell, gaps and failures among it."""
    runs.add(firm(1), firm(2), firm(3, address=THERE), firm(4), firm(5), series="city")
    runs.add(firm(1, **registered("2026-10-28")), listing="new", series="bureau")
    runs.add(firm(1), firm(2, **capital(900)), firm(3, address=HERE), firm(4), firm(5), firm(6), series="city")
    runs.add(series="city", outcome=Outcome.BLOCKED)
    runs.add(firm(6), firm(7, "310108"), put_aside(9), listing="new", series="bureau")
    runs.add(firm(1), firm(3, address=HERE), series="city", outcome=Outcome.PARTIAL)
    runs.add(
        firm(1, scope=DEVICES + "；医学研究和试验发展"),
        firm(2, **capital(900)),
        firm(3, address=HERE),
        firm(5, **status("注销", Status.DEREGISTERED)),
        firm(6),
        firm(7, "310108"),
        series="city",
    )
    runs.add(firm(2, **capital(500)), firm(6), put_aside(4, code(7, "310108")), listing="new", series="bureau")
    runs.add(firm(8, address="上海市普陀区真南路822弄桦序医谷1幢"), firm(9, address=f"{HERE}桦序医谷"), series="park")


def hashes(home: Path) -> dict[str, str]:
    with open_store(home) as connection:
        return table_hashes(connection)


def copy_runs(runs: Runs, home: Path, names: list[str]) -> None:
    for name in names:
        shutil.copytree(runs_folder(runs.home) / name, runs_folder(home) / name)


def names(runs: Runs) -> list[str]:
    return [str(path.relative_to(runs_folder(runs.home))) for path in sorted(runs_folder(runs.home).glob("*/*"))]


def test_loading_run_by_run_in_any_order_gives_the_same_tables(runs: Runs, tmp_path: Path) -> None:
    a_few_weeks(runs)
    runs.load()
    expected, events = hashes(runs.home), runs.events("event_id", "kind", "uscc")
    assert {kind for _, kind, _ in events} == {
        "registered",
        "moved_in",
        "capital_raised",
        "scope_widened",
        "deregistered",
    }
    for seed in range(5):
        shuffled = names(runs)
        random.Random(seed).shuffle(shuffled)
        home = tmp_path / f"shuffled-{seed}"
        for name in shuffled:
            copy_runs(runs, home, [name])
            runs.load(home, accept_loss=True)  # what comes late may take back
        assert hashes(home) == expected, f"order {seed}"


def test_loading_twice_and_rebuilding_change_nothing(runs: Runs) -> None:
    a_few_weeks(runs)
    first = runs.load().published
    second = runs.load()
    assert second.added == []
    rebuilt = load(runs.home, code_version="test", progress=lambda step, done, total: None, again=True)
    assert first is not None
    assert second.published is not None
    assert rebuilt.published is not None
    assert first.content_hash == second.published.content_hash == rebuilt.published.content_hash
    assert len(rebuilt.added) == 9


def test_a_run_that_arrives_late_takes_its_place_in_time(runs: Runs, tmp_path: Path) -> None:
    """A crawler on another machine hands its folder over after later ones were loaded."""
    a_few_weeks(runs)
    runs.load()
    everything = names(runs)
    home = tmp_path / "late"
    copy_runs(runs, home, everything[:2] + everything[4:])
    runs.load(home)
    assert hashes(home) != hashes(runs.home)
    copy_runs(runs, home, everything[2:4])
    runs.load(home)
    assert hashes(home) == hashes(runs.home)


def test_a_decision_wins_over_the_rules_and_survives_a_rebuild(runs: Runs) -> None:
    runs.add(firm(1), firm(2))
    decision = {
        "kind": "label",
        "uscc": code(1),
        "grade": "none",
        "sub_sector": "none",
        "who": "analyst",
        "when": "2026-11-05T10:00:00+08:00",
        "why": "sells furniture, whatever the name says",
    }
    earlier = decision | {"grade": "peripheral", "sub_sector": "medical_devices", "when": "2026-11-04T10:00:00+08:00"}
    (runs.home / "decisions.jsonl").write_text("\n".join(json.dumps(d) for d in (decision, earlier)), encoding="utf-8")
    for again in (False, True):
        load(runs.home, code_version="test", progress=lambda step, done, total: None, again=again)
        assert runs.ask("SELECT grade, label_decided_by, label_evidence, score FROM firms ORDER BY uscc")[0] == (
            "none",
            "person",
            "analyst: sells furniture, whatever the name says",
            1.0,
        )


def test_a_label_never_makes_an_event(runs: Runs) -> None:
    runs.add(firm(1, name="上海桦序商贸有限公司", scope="日用百货销售"))
    runs.add(firm(1, name="上海桦序医疗器械有限公司", scope="日用百货销售"))
    runs.load()
    assert runs.ask("SELECT grade FROM firms") != [("none",)]
    assert runs.events() == []


def a_random_night(chance: random.Random, number: int) -> Registration:
    """A firm as some list might print it: here, elsewhere or nowhere, at work or gone, richer or unread."""
    said: dict[str, Any] = {"address": chance.choice([HERE, HERE, "上海市普陀区武宁路300号", THERE, ""])}
    said |= chance.choice([capital(500), capital(800), {"capital": None, "capital_currency": "", "capital_raw": "N/A"}])
    said |= chance.choice([{"scope": DEVICES}, {"scope": DEVICES + "；药品批发"}, {"scope": ""}])
    said |= chance.choice([{}, {}, {}, status("注销", Status.DEREGISTERED), status("迁出", Status.MOVED_OUT)])
    return firm(number, chance.choice(["310107", "310108", "310199"]) if number == 3 else "310199", **said)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_order_does_not_matter_and_a_later_run_takes_nothing_back(
    runs: Runs, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        night = [a_random_night(chance, number) for number in range(1, 6) if chance.random() < 0.8]
        outcome = chance.choice([Outcome.COMPLETE] * 4 + [Outcome.PARTIAL])
        runs.add(*night, series=chance.choice("ab"), listing=chance.choice(["full", "new"]), outcome=outcome)
    runs.load()
    known: set[tuple[Any, ...]] = set()
    for name in names(runs):
        copy_runs(runs, tmp_path / "in time", [name])
        runs.load(tmp_path / "in time")
        now = set(runs.ask("SELECT event_id, kind, discovered_at, happened_on FROM events", tmp_path / "in time"))
        assert known <= now
        known = now
    backwards = tmp_path / "backwards"
    for name in reversed(names(runs)):
        copy_runs(runs, backwards, [name])
    runs.load(backwards)
    assert hashes(tmp_path / "in time") == hashes(backwards) == hashes(runs.home)
