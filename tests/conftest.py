"""What all tests share: one profile of hypothesis, and a configuration no test inherits from whoever runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from crawler import clock

# Two cores shared with crawls in child processes: how long one example takes says nothing. The same examples every
# time, so that a change is judged by itself; `HYPOTHESIS_PROFILE=wide` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("wide", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("PUTUO_HOME", "PUTUO_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    yield
    clock.start_at(None)
