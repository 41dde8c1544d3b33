"""The folder of an export appears whole or not at all, and takes the place of nothing but an earlier export."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from crawler.run_folder import describe_file, sync_folder, write_atomically

RECORD = "export.json"  # what an export says of itself: its release, and its files with their hashes
FORMAT = 1

_WORKSHOP = re.compile(r"\.(?P<name>.+)\.exporting-[0-9a-f]{6}")
_LOCK, _MADE, _FORMER, _SPILL = "lock", "made", "former", "spill"


class ExportError(RuntimeError):
    """Nothing was exported; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder beside the target, gone when all is done: `made` becomes the target, `spill` is for what is in hand."""

    path: Path

    @property
    def made(self) -> Path:
        return self.path / _MADE

    @property
    def spill(self) -> Path:
        return self.path / _SPILL


@contextmanager
def replacing(target: Path) -> Iterator[Workshop]:
    """Yields a workshop; its `made` takes the place of `target` when the block ends well. `record` must be called.

    After a failure, a kill or a full disk the target is what it was. Raises ExportError when something lies there that
    no export made, before the work and again after it, and OSError.
    """
    check_replaceable(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_up(target.parent)
    workshop = Workshop(target.parent / f".{target.name}.exporting-{secrets.token_hex(3)}")
    workshop.path.mkdir()
    try:
        with FileLock(workshop.path / _LOCK):  # freed when the process dies: so a dead workshop is known
            workshop.made.mkdir()
            workshop.spill.mkdir()
            yield workshop
            _sync(workshop.made)
            check_replaceable(target)
            if target.exists():
                target.rename(workshop.path / _FORMER)
            workshop.made.rename(target)
            sync_folder(target.parent)
    finally:
        _close(workshop.path, target)


def record(workshop: Workshop, said: dict[str, Any]) -> None:
    """Writes, last, what the export says of itself, with size and hash of every file: nothing else may be replaced."""
    files = {path.name: describe_file(path) for path in sorted(workshop.made.iterdir())}
    text = json.dumps({"format": FORMAT, **said, "files": files}, ensure_ascii=False, indent=1)
    write_atomically(workshop.made / RECORD, text + "\n")


def check_replaceable(target: Path) -> None:
    """Raises ExportError unless nothing is at `target`, an empty folder, or an export as it was made."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if why := _not_ours(target):
        raise ExportError(f"{target} {why}; move it away, or choose another folder with --output")


def _not_ours(target: Path) -> str:
    """Why what lies there is not to be replaced; empty if it may be."""
    if not target.is_dir():
        return "is a file"
    try:
        files = json.loads((target / RECORD).read_text(encoding="utf-8"))["files"]
        known = {str(name): str(said["sha256"]) for name, said in files.items()}
    except FileNotFoundError:
        return f"is there already, and no export made it (it holds no {RECORD})"
    except (ValueError, TypeError, KeyError, AttributeError):
        return f"is there already, and its {RECORD} is damaged"
    for path in sorted(target.iterdir()):
        if path.name == RECORD:
            continue
        if path.name not in known or not path.is_file():
            return f"holds {path.name}, which no export made"
        if describe_file(path)["sha256"] != known[path.name]:
            return f"holds {path.name}, which was changed since it was exported"
    return ""


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)


def _clear_up(parent: Path) -> None:
    """Ends what killed exports left beside this one; living ones hold their lock."""
    for path in parent.iterdir():
        named = _WORKSHOP.fullmatch(path.name)
        if named is None or not (path / _LOCK).is_file():
            continue
        try:
            with FileLock(path / _LOCK, timeout=0):
                _close(path, parent / named["name"])
        except Timeout:
            continue


def _close(workshop: Path, target: Path) -> None:
    """Removes a workshop; a former export that nothing has replaced goes back to its place."""
    if (workshop / _FORMER).exists() and not target.exists():
        (workshop / _FORMER).rename(target)
    shutil.rmtree(workshop)
