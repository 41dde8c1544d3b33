"""No reply, however broken, makes a spider raise, hang, or read an item with a wrong type: a sample of the bench's."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import clock
from tests.fixtures.case import Case, cases, set_up
from tests.mutants import mutants, wrong_types
from tests.offline import MOST_REQUESTS, play

SAMPLE = 12  # of each case; `python -m tests.bench mutants` tries 20,000 and more


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    clock.start_at(None)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.label)
def test_a_broken_reply_is_told_and_never_raises(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    set_up(case, tmp_path / "home")
    for done, mutant in itertools.islice(mutants(case, seed=1), SAMPLE):
        played = play(mutant, tmp_path / "home", write=False)
        assert len(played.asked) < MOST_REQUESTS, done
        assert [wrong for item in played.items for wrong in wrong_types(item)] == [], done
