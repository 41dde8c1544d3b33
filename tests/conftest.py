"""What all tests share: one profile of hypothesis, and a configuration no test inherits from whoever runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from crawler import clock

# Two cores shared with crawls in child processes: how long one example takes says nothing. The same examples every
# time, so that a change is judged by itself; `HYPOTHESIS_PROFILE=wide` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("wide", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

# Whole files go to one worker each: those that take longest are begun first, so that none is left for the end, when
# the other workers have nothing to do any more.
_FIRST = (
    "crawler/test_nightly_command.py",  # waits a minute for a source that hangs
    "crawler/test_schedule.py",
    "faults/test_killed.py",
    "faults/test_full_disk.py",
    "crawler/test_sweep_nights.py",
    "journeys/test_demo.py",
    "pipelines/test_snapshots.py",
    "crawler/test_replay_command.py",
    "crawler/test_weekly_command.py",
    "journeys/test_every_proof.py",
    "crawler/test_live_check.py",
    "faults/test_readers.py",
)
_TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {_TESTS / name: place for place, name in enumerate(_FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for a clock, a disk or a site."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("PUTUO_HOME", "PUTUO_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    yield
    clock.start_at(None)
