"""Children that end with us and not before: one at a time, told to stop once, however many hear the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from crawler import config

_TIME_TO_FINISH = 30.0  # seconds: a crawl that is told to stop writes its manifest


def stop_signals() -> tuple[signal.Signals, ...]:
    """What tells us to stop: SIGTERM, SIGINT, and SIGHUP (its terminal closed) unless called with `nohup`."""
    hang_up = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    return signal.SIGTERM, signal.SIGINT, *hang_up


class ChildTimeoutError(Exception):
    """A child took longer than it may; it has been stopped."""


class ChildProcess:
    """Runs one child at a time, in a process group of its own.

    Ctrl-C in a terminal goes to all of a group, and Scrapy takes a second signal for "at once, without a manifest". So
    a child hears only what its parent passes on.
    """

    def __init__(self) -> None:
        self.told_to_stop = 0  # times
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()  # reentrant: `stop` may come from a signal handler in the thread that runs

    def run(
        self,
        words: Sequence[str],
        folder: Path,
        home: Path,
        *,
        output: IO[bytes] | None = None,
        timeout: float | None = None,
    ) -> int:
        """Runs it in `folder` to its end; returns the exit code, or minus the number of the signal that ended it.

        Whatever folder we were called from, it works on the data directory `home` and by our monitor.toml.
        `output` takes what it says on both streams; without, it shares ours. Raises OSError, and ChildTimeoutError
        when it had to be stopped after `timeout` seconds.
        """
        with self._lock:
            process = subprocess.Popen(  # noqa: S603
                list(words),
                cwd=folder,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                process_group=0,
            )
            self._process = process
            if self.told_to_stop:  # while it was being started
                process.terminate()
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            raise ChildTimeoutError(f"stopped after {timeout:.0f} s") from None
        finally:
            self._process = None

    def stop(self) -> None:
        """Passes SIGTERM on to the child, if there is one."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the child at once, if there is one."""
        self._send(signal.SIGKILL)

    def _send(self, what: signal.Signals) -> None:
        with self._lock:
            self.told_to_stop += 1
            if self._process:
                self._process.send_signal(what)


@contextmanager
def passing_on(child: ChildProcess) -> Iterator[None]:
    """While it lasts, the first of `stop_signals` goes to the child as SIGTERM; a second one ends child and work.

    With no child at work the first signal is only noted in `told_to_stop`: what is being done is finished.
    """

    def hear(number: int, _frame: FrameType | None) -> None:
        if child.told_to_stop:
            child.kill()
            raise SystemExit(128 + number)
        child.stop()

    before = {number: signal.signal(number, hear) for number in stop_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _environment(home: Path) -> dict[str, str]:
    environment = {**os.environ, "PUTUO_HOME": str(home.resolve())}
    if os.environ.get("PUTUO_CONFIG"):  # else it finds the project's own, as we did; there may be none
        environment["PUTUO_CONFIG"] = str(config.config_path())
    return environment


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_TIME_TO_FINISH)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
