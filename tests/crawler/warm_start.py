"""Commands that begin with everything imported: each a process of its own, forked from one that has done nothing else.

A start of Python that imports Scrapy and DuckDB costs more than what most commands then do, and the tests make a
thousand. What a command reads of its surroundings (environment, monitor.toml, arguments) it reads after the fork.
What a start is without this, the tests of whole journeys show, and all that kill, time or measure a process.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

_SETTINGS = "crawler.settings"  # holds what monitor.toml says
_ROOMS = ("crawler", "pipelines", "reports")
_LIBRARIES = (
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.file",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.scheduler",
    "scrapy.dupefilters",
    "scrapy.extensions.closespider",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.memdebug",
    "scrapy.extensions.memusage",
    "scrapy.extensions.spiderstate",
    "scrapy.extensions.throttle",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.metacopy",
    "scrapy.spidermiddlewares.start",
    "scrapy.spidermiddlewares.urllength",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "twisted.internet.ssl",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to run, where, with which environment."""

    words: list[str]
    folder: str
    environment: dict[str, str]


class WarmStart:
    """The process that all are forked from. It ends with the one that made it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=root,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # a process that forks has no threads
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], out: IO[bytes], err: IO[bytes], patience: float
    ) -> int:
        """Runs `scrapy …` to its end; returns the exit code, or minus the number of the signal that ended it.

        Raises TimeoutError, and the command is killed, when it takes longer than `patience` seconds.
        """
        told, theirs = socket.socketpair()
        with told:
            told.settimeout(patience)
            with theirs:
                socket.send_fds(self._channel, [b"."], [theirs.fileno(), out.fileno(), err.fileno()])
            order = {"words": list(words), "folder": str(self._root), "environment": dict(environment)}
            with told.makefile("rw", encoding="utf-8") as lines:
                print(json.dumps(order), file=lines, flush=True)
                pid = int(lines.readline())
                try:
                    return os.waitstatus_to_exitcode(int(lines.readline()))
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise


def _import_everything() -> None:
    for name in _LIBRARIES:
        importlib.import_module(name)
    for room in _ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            importlib.import_module(module.name)
    settings = sys.modules.pop(_SETTINGS)  # each command reads them anew
    del sys.modules["crawler"].__dict__["settings"], settings
    assert "twisted.internet.reactor" not in sys.modules


def _next_order(channel: socket.socket) -> Order:
    """Serves the tests until they end; returns in each command's process, with what it is to run."""
    while True:
        byte, descriptors, _, _ = socket.recv_fds(channel, 1, 3)
        if not byte:
            os._exit(0)
        if os.fork() == 0:
            break
        for descriptor in descriptors:
            os.close(descriptor)
    channel.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told, out, err = descriptors
    with socket.socket(fileno=told) as line, line.makefile(encoding="utf-8") as lines:
        order = Order(**json.loads(lines.readline()))
        if pid := os.fork():  # waits for the command, and tells how it ended
            line.sendall(f"{pid}\n".encode())
            _, status = os.waitpid(pid, 0)
            with suppress(BrokenPipeError):  # nobody waits any more
                line.sendall(f"{status}\n".encode())
            os._exit(0)
    for descriptor, stream in ((out, 1), (err, 2)):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    return order


def _become(order: Order) -> None:
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["scrapy", *order.words]
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        stream.reconfigure(encoding="utf-8")


def main(channel: socket.socket) -> None:
    """Imports, then forks for ever; in each child, the command."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how those who wait ended
    _import_everything()
    _become(_next_order(channel))
    _end(_exitcode())


def _exitcode() -> int:
    try:
        runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # as Python does
        traceback.print_exc()
        return 1
    return 0


def _end(code: int) -> NoReturn:
    """Ends as Python does, but does not take apart all that was imported, which takes longer than most commands."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, those of pools too
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
