"""A scheduler at work in its own process, on a data directory of the test's own, with a site that answers when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from crawler import clock
from crawler.job_ledger import JobLedger, JobOutcome, JobRun
from tests.crawler.crawling import PATIENCE, ROOT, SETTINGS, environment
from tests.crawler.extracts import extract
from tests.replica.server import Asked, Replica, Reply


def at(text: str) -> datetime:
    """A time of Shanghai."""
    return clock.parse_instant(f"{text}+08:00")


def until(what: Callable[[], bool], told: str) -> None:
    """Waits until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, f"never came: {told}"
        time.sleep(0.02)


def remember(home: Path, first: str) -> None:
    """The ledger of a timetable that began at `first`, and of which nothing ran since."""
    for job in ("nightly", "weekly"):
        JobLedger(home).add(JobRun(job=job, slot=at(first), outcome=JobOutcome.FIRST))


def told(home: Path, job: str) -> list[tuple[str, JobOutcome]]:
    """The ledger's lines of a job: slot in Shanghai, outcome."""
    lines = (line for line in JobLedger(home).lines() if line.job == job and line.outcome is not JobOutcome.FIRST)
    return [(f"{line.slot.astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}", line.outcome) for line in lines]


def ended(home: Path, job: str) -> JobRun:
    """The newest run of a job that has an end."""
    return [line for line in JobLedger(home).lines() if line.job == job and line.finished_at][-1]


def pids(home: Path, word: str = "") -> list[int]:
    """The live processes that work on this data directory and were called with `word`."""
    mark = f"PUTUO_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) == os.getpid() or mark not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            if word.encode() in (folder / "cmdline").read_bytes().split(b"\0") or not word:
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


class HeldSite:
    """A publisher who is asked for the `held` page and answers only after `release`: his list, or his robots.txt."""

    def __init__(self, held: str = "/city.csv") -> None:
        self._asked, self._go = threading.Event(), threading.Event()
        self._answers = {
            "/robots.txt": Reply(b"User-agent: *\nAllow: /"),
            "/city.csv": Reply(extract(1, 2, 3), headers={"Content-Type": "text/csv"}),
        }
        self._site = Replica(self._answers | {held: self._answer})

    def __enter__(self) -> Self:
        self._site.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._go.set()
        self._site.__exit__(None, None, None)

    @property
    def settings(self) -> str:
        """A monitor.toml that names it."""
        series = "[sources.registry_extract.series.city]\nlisting = 'full'\n"
        return f"{SETTINGS}timeout_seconds = 30\n{series}path = '{self.url}'\n"

    @property
    def url(self) -> str:
        """Where its list is."""
        return self._site.url("/city.csv")

    def wait_until_asked(self) -> None:
        assert self._asked.wait(PATIENCE)

    def release(self) -> None:
        self._go.set()

    def _answer(self, asked: Asked) -> Reply:
        self._asked.set()
        self._go.wait(PATIENCE)
        return self._answers[asked.path]


class Scheduler:
    """`scrapy schedule` at work."""

    def __init__(self, home: Path, now: str, settings: str) -> None:
        self._log = home.parent / f"{home.name}-{time.monotonic_ns()}.log"
        env = environment(home, settings)
        with self._log.open("wb") as log:
            words = [sys.executable, "-m", "scrapy", "schedule", "--now", f"{now}+08:00"]
            self.process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=log, stderr=log)

    def says(self, text: str) -> None:
        """Waits until it does."""
        until(lambda: text in self._log.read_text(encoding="utf-8"), f"{text!r} in {self._log}")

    def tell(self, what: signal.Signals) -> None:
        self.process.send_signal(what)

    def exitcode(self) -> int:
        """Waits for its end."""
        return self.process.wait(PATIENCE)


@contextmanager
def scheduler(home: Path, now: str, settings: str = SETTINGS) -> Iterator[Scheduler]:
    """A scheduler that began at `now` (Shanghai); whatever happens, nothing of it is left."""
    running = Scheduler(home, now, settings)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        for pid in pids(home):
            os.kill(pid, signal.SIGKILL)
