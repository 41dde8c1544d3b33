"""Kills the monitor's commands at random moments of their life, and looks after each kill whether all is sound.

The moments are drawn from a seed, phase by phase, so that the short ones are hit too.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from crawler import clock
from crawler.run_folder import run_folders
from pipelines.store.database import PUBLISHED_NAME
from tests.crawler.crawling import PATIENCE, environment
from tests.faults.office import Office
from tests.faults.sound import (
    issues_are_whole,
    nothing_lost_nothing_doubled,
    opens_whole,
    taken_in,
)
from tests.faults.watching import Phase, Watch

_ALONE = 0.2  # share of the kills that hit the command and not the crawl it began, as for want of memory
_NEW_NIGHT = 0.4  # share of the commands before which the office drops something new
_NIGHT = ("nightly", "--all")


@dataclass
class Tally:
    """What a series of kills came to. `kills` counts by the phase that was hit."""

    kills: Counter[Phase] = field(default_factory=Counter)
    alone: int = 0  # of the kills, those that hit one process only
    escaped: int = 0  # commands that ended before their moment came
    published: set[str] = field(default_factory=set)  # content hashes of the files that stood after a kill

    def add(self, other: Tally) -> None:
        """Adds another series."""
        self.kills += other.kills
        self.alone += other.alone
        self.escaped += other.escaped
        self.published |= other.published


class Killer:
    """One data directory, and a seed that decides what is begun, when it is killed, and how."""

    def __init__(
        self, home: Path, aside: Path, *, seed: int, firms: int, targets: Collection[Phase] = tuple(Phase)
    ) -> None:
        self.home, self._aside, self._targets = home, aside, targets
        self.tally = Tally()
        self._random = random.Random(seed)
        self._env = environment(home)
        year, week = clock.week_at(clock.now())
        self._issue = ("weekly", "--week", f"{year}-W{week:02}")  # a draft still, which is made anew each time
        self._office = Office(home, firms)
        self._spans: dict[Phase, float] = {}
        self._deck: list[Phase] = []
        self._taken_in: set[str] = set()
        self._orphaned: list[Watch] = []
        aside.mkdir()

    def undisturbed(self) -> None:
        """A first night, and an issue if one is to be hit; they tell how long each phase lasts."""
        self._office.drop()
        for words in (_NIGHT, self._issue) if Phase.WEEKLY in self._targets else (_NIGHT,):
            watch = self._begin(*words)
            began: dict[Phase, float] = {}
            before = None
            for phase, at in watch.phases():
                if phase is not before and before is not None:
                    self._spans.setdefault(before, at - began[before])
                began.setdefault(phase, at)
                before = phase
            if before is not None:
                self._spans.setdefault(before, time.monotonic() - began[before])
            assert watch.wait() == 0, watch.said()
        self._look()

    def kill(self, times: int) -> None:
        """Kills that often; after each, all that can be looked at is sound."""
        wanted = self.tally.kills.total() + times
        while self.tally.kills.total() < wanted:
            if self._random.random() < _NEW_NIGHT:
                self._office.drop()
            self._once(self._next_target())
            self._look()

    def finish(self) -> None:
        """Lets the work be done, and looks whether anything was lost or doubled on the way."""
        deadline = time.monotonic() + PATIENCE
        while any(watch.left() for watch in self._orphaned):
            assert time.monotonic() < deadline, "a crawl does not end"
            time.sleep(0.05)
        for words in (_NIGHT, self._issue):
            watch = self._begin(*words)
            assert watch.wait() == 0, watch.said()
        opens_whole(self.home)
        issues_are_whole(self.home)
        nothing_lost_nothing_doubled(self.home, self._office, self._aside)
        assert not list(self.home.glob(f".*{PUBLISHED_NAME}.*")), "a copy that was cut off is left"

    def _next_target(self) -> Phase:
        if not self._deck:
            self._deck = sorted(self._spans.keys() & self._targets)
            self._random.shuffle(self._deck)
        return self._deck.pop()

    def _once(self, target: Phase) -> None:
        words, alone = self._words(target), self._random.random() < _ALONE
        wait = self._random.random() * self._spans[target]
        watch, due, phase = self._begin(*words), None, Phase.START
        for phase, at in watch.phases():
            if due is None and phase is target:
                due = at + wait
            if due is not None and at >= due:
                break
        else:
            self.tally.escaped += 1
            return
        watch.kill(alone=alone)
        self.tally.kills[phase] += 1
        if alone:
            self.tally.alone += 1
            self._orphaned.append(watch)

    def _words(self, target: Phase) -> tuple[str, ...]:
        if target is Phase.WEEKLY:
            return self._issue
        extract = ("crawl", "registry_extract", "-a", f"path={self._office.full}", "-a", "listing=full")
        if target is Phase.CRAWL:
            self._office.drop()
            return self._random.choice([extract, _NIGHT])
        if target is Phase.LOAD and not self._pending():
            self._office.drop()
            watch = self._begin(*extract)  # so that there is something to take in
            assert watch.wait() == 0, watch.said()
        return self._random.choice([("load",), ("load",), _NIGHT])

    def _pending(self) -> bool:
        return any(folder.finished and folder.run_id not in self._taken_in for folder in run_folders(self.home))

    def _look(self) -> None:
        if digest := opens_whole(self.home):
            self.tally.published.add(digest)
        issues_are_whole(self.home)
        self._taken_in = taken_in(self.home, self._aside / "copy")

    def _begin(self, *words: str) -> Watch:
        return Watch(self.home, words, self._env, self._aside / "said", self._taken_in)
