"""A list that is read over several nights is one reading: its first is a baseline, its end proves who is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler.run_folder import Outcome, RunFolder
from tests.pipelines.runs import Runs, code, firm, granted, licence

NEW = granted("2026-11-03")
FIRST, SECOND, THIRD = "20261102", "20261120", "20261208"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    runs = Runs(tmp_path)
    runs.add(*(firm(n) for n in range(1, 7)), day=0)
    return runs


def sweep(
    runs: Runs, name: str, day: int, *slices: tuple[int, ...], closes: bool = True, **said: Any
) -> list[RunFolder]:
    """A slice a night, of the licences with these numbers; the last one closes the sweep."""
    return [
        runs.licences(
            *(licence(n, **said) for n in numbers), sweep=name, day=day + at, closes=closes and at == len(slices) - 1
        )
        for at, numbers in enumerate(slices)
    ]


def baselines(runs: Runs) -> list[bool]:
    runs.load()
    found = runs.ask("SELECT is_baseline FROM runs WHERE source = 'licence_list' ORDER BY finished_at")
    return [is_baseline for (is_baseline,) in found]


def test_all_slices_of_the_first_sweep_are_a_baseline(runs: Runs) -> None:
    sweep(runs, FIRST, 1, (1, 2), (3, 4), (5,), **granted("2026-09-01"))
    sweep(runs, SECOND, 20, (1, 2), (3, 4), (5, 6), **granted("2026-09-01"))
    assert baselines(runs) == [True, True, True, False, False, False]
    assert runs.events() == [("licence_granted", code(6))]


def test_the_first_sweep_ends_where_another_begins_though_it_did_not_prove_everything(runs: Runs) -> None:
    sweep(runs, FIRST, 1, (1, 2), (3, 4), closes=False)
    sweep(runs, SECOND, 20, (1, 2), (3, 4))
    assert baselines(runs) == [True, True, False, False]


def test_a_slice_that_failed_leaves_its_sweep_the_first(runs: Runs) -> None:
    sweep(runs, FIRST, 1, (1, 2), closes=False)
    runs.licences(sweep=FIRST, day=2, outcome=Outcome.BLOCKED)
    sweep(runs, FIRST, 3, (3, 4))
    sweep(runs, SECOND, 20, (1, 2), (3, 4))
    assert baselines(runs) == [True, False, True, False, False], "a blocked run says nothing at all"


def test_a_first_sweep_after_a_list_of_the_newest_is_a_baseline_all_the_same(runs: Runs) -> None:
    runs.licences(licence(1), listing="new", day=1)
    sweep(runs, FIRST, 2, (1, 2), (3, 4))
    runs.licences(licence(5), listing="new", day=6)
    assert baselines(runs) == [True, True, True, False]


def test_what_any_slice_shows_is_not_absent_at_the_end_and_what_none_shows_is(runs: Runs) -> None:
    sweep(runs, FIRST, 1, (1, 2), (3, 4))
    slices = sweep(runs, SECOND, 20, (1,), (4,), (3,))
    runs.load()
    assert runs.events("kind", "basis", "uscc", "discovered_on::VARCHAR") == [
        ("licence_lapsed", "not_listed", code(2), "2026-11-24")
    ]
    ((absence,),) = runs.ask("SELECT evidence ->> '$[#-1].run_id' FROM events")
    assert absence == slices[-1].run_id


def test_nothing_lapses_until_a_sweep_has_closed(runs: Runs) -> None:
    sweep(runs, FIRST, 1, (1, 2), (3, 4))
    sweep(runs, SECOND, 20, (1,), (3,), closes=False)
    runs.load()
    assert runs.events() == []


def test_what_only_an_open_sweep_showed_proves_no_lapse(runs: Runs) -> None:
    sweep(runs, FIRST, 1, (1, 2), (3, 4), closes=False)
    sweep(runs, SECOND, 20, (1,), (3, 4))
    runs.load()
    assert runs.events() == []
    sweep(runs, THIRD, 40, (1,), (3,))
    runs.load()
    assert runs.events() == [("licence_lapsed", code(4))]


def test_a_sweep_that_lost_a_fifth_proves_nobody_gone_and_slices_of_one_are_not_compared(runs: Runs) -> None:
    many = tuple(range(100, 200))
    sweep(runs, FIRST, 1, (1, *many), (2, 3))
    sweep(runs, SECOND, 20, (1, *many[:70]), (2,))
    runs.load()
    assert runs.events() == []
    sweep(runs, THIRD, 40, many[:30], many[30:], (1, 2))
    runs.load()
    assert runs.events() == [("licence_lapsed", code(3))], "the last slice is small, its sweep is not"


def test_firms_that_a_swept_register_no_longer_shows_are_gone_at_its_end(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for day, (name, numbers) in enumerate((("a", (1, 2)), ("a", (3,)), ("b", (3,)), ("b", (1,))), start=1):
        runs.add(*(firm(n) for n in numbers), sweep=name, closes=day % 2 == 0, day=day)
    runs.load()
    assert runs.events("kind", "basis", "uscc") == [("deregistered", "not_listed", code(2))]


def test_a_replay_of_a_slice_stays_in_its_sweep(runs: Runs) -> None:
    first = sweep(runs, FIRST, 1, (1, 2), (3, 4))
    sweep(runs, SECOND, 20, (1, 2), (3, 4))
    runs.licences(licence(1), licence(2), supersedes=first[0], replayed=30, closes=False)
    assert baselines(runs) == [True, True, False, False]
    assert runs.events() == []


def test_runs_say_their_sweep_and_what_to_look_at(runs: Runs) -> None:
    warned = ("storage_address: 12 % filled, 90 % before", "unknown label: 备注")
    runs.licences(licence(1), sweep=FIRST, day=1, warnings=warned)
    runs.licences(licence(1), sweep=FIRST, day=2, warnings=warned[:1])
    runs.load()
    assert runs.ask("SELECT sweep, warnings FROM runs WHERE source = 'licence_list' ORDER BY started_at") == [
        (FIRST, " | ".join(warned)),
        (FIRST, warned[0]),
    ]
    assert runs.ask("SELECT sweep, warnings FROM runs WHERE source <> 'licence_list'") == [(None, None)]
    assert runs.ask("SELECT source, warnings FROM coverage ORDER BY source") == [
        ("licence_list", " | ".join(warned)),
        ("registry_extract", None),
    ]
