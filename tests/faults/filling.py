"""Runs a command on a disk with so much room and no more, and looks what it said and what it cost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawler.run_folder import manifests
from tests.crawler.crawling import SETTINGS, Done, environment, scrapy_with
from tests.faults.small_disk import SmallDisk
from tests.faults.sound import issues_are_whole, opens_whole

Result = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A command that had `free` bytes. `error` is the line that says why it failed; empty when it did not."""

    free: int
    exitcode: int
    error: str


@dataclass(frozen=True, slots=True)
class Step:
    """A command, the data directory it begins with, and what is to be compared of what it makes."""

    words: tuple[str, ...]
    pristine: Path
    result: Result


def prepare(pristine: Path, *calls: tuple[str, ...]) -> None:
    """Makes a data directory by these commands, each of which must go well."""
    env = environment(pristine)
    for words in calls:
        done = _scrapy(words, env)
        assert done.exitcode == 0, done.stderr


class Filled:
    """A step on a small disk, again and again with another amount of room."""

    def __init__(self, disk: SmallDisk, step: Step, aside: Path) -> None:
        self._disk, self._step = disk, step
        self._home = disk.path / "home"
        aside.mkdir()
        self._env = environment(aside, SETTINGS) | {"PUTUO_HOME": str(self._home)}
        self.expected = self._undisturbed()

    def attempt(self, free: int) -> Attempt:
        """Once with so much room; if that fails, once more with all of it: then all must be as if nothing had been."""
        before = self._begin_anew()
        self._disk.leave(free)
        done = _scrapy(self._step.words, self._env)
        error = _judge(done)
        issues_are_whole(self._home)
        now = opens_whole(self._home)
        self._disk.make_room()
        if error:
            assert now == before, "the published file was changed by a load that failed"
            again = _scrapy(self._step.words, self._env)
            assert again.exitcode == 0, again.stderr
        assert self._step.result(self._home) == self.expected
        return Attempt(free, done.exitcode, error)

    def _undisturbed(self) -> object:
        self._begin_anew()
        done = _scrapy(self._step.words, self._env)
        assert done.exitcode == 0, done.stderr
        return self._step.result(self._home)

    def _begin_anew(self) -> str:
        self._disk.make_room()
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.copytree(self._step.pristine, self._home)
        return opens_whole(self._home)


def content(home: Path) -> object:
    """What is published."""
    return opens_whole(home)


def good_runs(home: Path) -> object:
    """What the runs read that count as whole: items and what the next run remembers."""
    return [(run.outcome, run.files["items.jsonl"]["lines"], run.next) for run in manifests(home)][-1]


def pages(home: Path) -> object:
    """Every page of every issue, by name and bytes."""
    found = sorted((home / "issues").rglob("*.html")) + sorted((home / "issues").rglob("*.txt"))
    return [(path.name, path.read_bytes()) for path in found]


def _judge(done: Done) -> str:
    """The one line in which it says why it failed; empty when it did not."""
    assert "Traceback" not in done.stderr, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    if done.exitcode == 0:
        assert not told
        return ""
    told += [line for line in done.stdout.splitlines() if line.startswith("  why: ")]
    assert len(told) == 1, done.stdout + done.stderr
    assert any(words in told[0] for words in ("No space left", "disk", "not enough space")), told[0]
    return told[0]


def _scrapy(words: tuple[str, ...], env: dict[str, str]) -> Done:
    return Done(*scrapy_with(env, *words), Path(env["PUTUO_HOME"]))
