"""Watches a command from outside: what it is doing right now, told by the files that it holds open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from crawler.run_folder import LOCK, run_folders
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME
from tests.crawler.crawling import PATIENCE, ROOT

_LOOK_EVERY = 0.003  # seconds: often enough for the shortest phase, and no load on the machine
_INGESTED = "load: runs "  # said when all pending runs are in
_ISSUES_LOCK = "issues.lock"


class Phase(StrEnum):
    """What a command is doing."""

    START = "start"  # reading its own code, or between two steps
    CRAWL = "crawl"  # a run folder is being written
    LOAD = "load"  # runs are being taken in
    DETECT = "detect"  # all that follows from them is being made
    PUBLISH = "publish"  # the copy is being written, or was just put in place
    WEEKLY = "weekly"  # an issue is being written


class Watch:
    """A command at work in a session of its own. `taken_in` names the runs that the database holds already."""

    def __init__(
        self, home: Path, words: Collection[str], env: dict[str, str], log: Path, taken_in: Collection[str] = ()
    ) -> None:
        self._home, self._log, self._taken_in = home, log, taken_in
        self._published = _identity(home / PUBLISHED_NAME)
        self._pending: int | None = None
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrapy", *words],
                cwd=ROOT,
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def phases(self) -> Iterator[tuple[Phase, float]]:
        """What it is doing, again and again until it ends, and when (seconds of the monotonic clock)."""
        while self.process.poll() is None:
            yield self._phase(), time.monotonic()
            time.sleep(_LOOK_EVERY)

    def wait(self) -> int:
        """Waits for its end; returns the exit code."""
        return self.process.wait(PATIENCE)

    def said(self) -> str:
        """All that it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self, *, alone: bool = False) -> None:
        """SIGKILL for all that it began, or for it alone."""
        self.process.kill()
        while not alone and (left := self.left()):
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def left(self) -> list[int]:
        """What lives of its session; the command itself too, while it does."""
        return [pid for pid in _all_pids() if _session(pid) == self.process.pid]

    def _phase(self) -> Phase:
        pid = self.process.pid
        held = {name for one in (pid, *_children(pid)) for name in _open_files(one)}
        if str(self._home / _ISSUES_LOCK) in held:
            return Phase.WEEKLY
        if any(name.endswith(f"/{LOCK}") and name.startswith(f"{self._home}/runs/") for name in held):
            return Phase.CRAWL
        is_copying = any(Path(name).name.startswith(f".{PUBLISHED_NAME}.") for name in held)
        if is_copying or _identity(self._home / PUBLISHED_NAME) != self._published:
            return Phase.PUBLISH
        if str(self._home / WORKING_NAME) not in held:
            return Phase.START
        if self._pending is None:
            self._pending = sum(folder.run_id not in self._taken_in for folder in run_folders(self._home))
        return Phase.LOAD if self._pending and _INGESTED not in self.said() else Phase.DETECT


def _identity(path: Path) -> int:
    return path.stat().st_ino if path.exists() else 0


def _all_pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _session(pid: int) -> int:
    """0 for a process that has ended, also if nobody has asked how yet."""
    with suppress(OSError):
        state, _, _, session = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:4]
        return 0 if state in "ZX" else int(session)
    return 0


def _open_files(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - hundreds of times a second
            with suppress(OSError):
                yield os.readlink(f"/proc/{pid}/fd/{descriptor}")  # noqa: PTH115
