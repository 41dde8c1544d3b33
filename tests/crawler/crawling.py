"""Runs the monitor's commands as a person does: in their own process, on a data directory of the test's own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import Any, TypeVar

from crawler.run_folder import Manifest, RunFolder, run_folders
from tests.crawler.warm_start import WarmStart

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
CONTACT = "monitor@example.org"
PATIENCE = 600.0  # seconds until a test gives up a process; long, for it only guards against one that hangs
SETTINGS = f'[crawl]\ncontact = "{CONTACT}"\ndelay_seconds = 0\n'


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ended: exit code, what it printed, and the data directory it worked on."""

    exitcode: int
    stdout: str
    stderr: str
    home: Path

    @property
    def folder(self) -> RunFolder:
        """Its newest run folder."""
        return list(run_folders(self.home))[-1]

    @property
    def manifest(self) -> Manifest:
        return self.folder.read_manifest()

    @property
    def items(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.folder.items.read_text(encoding="utf-8").splitlines()]


def environment(home: Path, settings: str = SETTINGS) -> dict[str, str]:
    """Where a command finds its data and its monitor.toml; both are made."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "monitor.toml"
    path.write_text(settings, encoding="utf-8")
    return {**os.environ, "PUTUO_HOME": str(home), "PUTUO_CONFIG": str(path)}


def scrapy(home: Path, *words: str, settings: str = SETTINGS) -> Done:
    """Runs `scrapy …` to its end, in a process of its own."""
    return Done(*scrapy_with(environment(home, settings), *words), home)


def scrapy_with(surroundings: Mapping[str, str], *words: str) -> tuple[int, str, str]:
    """The same with an environment that is there already; returns exit code and what it printed on both streams."""
    with TemporaryFile() as out, TemporaryFile() as err:
        code = warm_start().run(words, surroundings, out, err, PATIENCE)
        for stream in (out, err):
            stream.seek(0)
        return code, out.read().decode("utf-8"), err.read().decode("utf-8")


def scrapy_anew(home: Path, *words: str, settings: str = SETTINGS) -> Done:
    """The same from the very start, imports and all."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        env=environment(home, settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr, home)


_FIRST = Lock()  # scenes that play together must not make one each


@cache
def _warm_start() -> WarmStart:
    return WarmStart(ROOT)


def warm_start() -> WarmStart:
    """The process that the commands of this worker's tests are forked from."""
    with _FIRST:
        return _warm_start()


def crawl(home: Path, path: str | Path, *words: str, listing: str = "full", settings: str = SETTINGS) -> Done:
    """Crawls one extract."""
    asked = ("-a", f"path={path}", "-a", f"listing={listing}")
    return scrapy(home, "crawl", "registry_extract", *asked, *words, settings=settings)


def together(scenes: Mapping[str, Callable[[Path], T]], home: Path) -> dict[str, T]:
    """Plays every scene to its end, each on a data directory of its own; together, for each mostly starts a process."""
    with ThreadPoolExecutor(3) as pool:
        ends = {name: pool.submit(play, home / str(at)) for at, (name, play) in enumerate(scenes.items())}
    return {name: end.result() for name, end in ends.items()}


def everything_below(home: Path) -> str:
    """All bytes of all files of a data directory, archives unpacked, their names too."""
    parts = []
    for path in sorted(home.rglob("*")):
        parts.append(path.name)
        if path.is_file():
            body = path.read_bytes()
            parts.append((gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8", "replace"))
    return "\n".join(parts)
