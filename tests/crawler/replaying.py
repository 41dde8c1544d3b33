"""Replays as tests make them: of crawls that were made by real processes, by programs whose parsers may differ."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler import clock
from crawler.child_process import ChildProcess
from crawler.replay import Replay, Replayed, staging
from crawler.run_folder import Manifest, RunFolder, describe_file, run_folders
from tests.crawler.crawling import environment
from tests.replica.changes import CHANGE

LATER = "2026-12-01"
MODULE = "tests.replica.changed"


@contextmanager
def program(change: str = "none", **surroundings: str) -> Iterator[None]:
    """While it lasts, commands run a program that differs from ours as `tests.replica.changed` says."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"SCRAPY_SETTINGS_MODULE": MODULE, CHANGE: change, **surroundings}.items():
            patch.setenv(name, value)
        yield


def read_again(home: Path, folder: RunFolder, change: str = "none", *, now: str = LATER, **how: bool) -> Replayed:
    """One replay; every request goes to the archive, for no site is there any more."""
    child = ChildProcess()
    surroundings = {"PUTUO_CONFIG": environment(home)["PUTUO_CONFIG"]}
    with program(change, **surroundings), staging(home) as place:
        return Replay(home, place, clock.parse_instant(now), child).read_again(folder.run_id, **how)


def only(home: Path) -> RunFolder:
    """The one run of a data directory."""
    (folder,) = run_folders(home)
    return folder


def items(folder: RunFolder) -> list[dict[str, Any]]:
    """What a run read."""
    return [json.loads(line) for line in folder.items.read_text(encoding="utf-8").splitlines()]


def without_parser(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same items as any version of the parser would give them."""
    return [item | {"proof": {**item["proof"], "parser": ""}} for item in found]


def copy_of(home: Path, into: Path) -> Path:
    """A data directory of the test's own."""
    shutil.copytree(home, into, dirs_exist_ok=True)
    return into


def rewrite(folder: RunFolder, **said: Any) -> None:
    """Makes a finished run say something else of itself, truthfully of its files."""
    path = folder.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = {name: describe_file(folder.path / name) for name in manifest["files"]}
    path.write_text(json.dumps(manifest | said), encoding="utf-8")


def everything(home: Path) -> list[Manifest]:
    """All manifests, by name of their folders."""
    return [folder.read_manifest() for folder in run_folders(home)]
