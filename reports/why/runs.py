"""Verifies the run folder that a proof names: its manifest, its files, the item it read and the reply it kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.archive import ArchiveError, Reply, replies, reply_of
from crawler.run_folder import CAPTURE, ITEMS, Manifest, RunFolder, RunFolderError, runs_folder
from reports.why.markup import squeeze
from reports.why.model import Check

_RUN_ID = re.compile(r"[A-Za-z0-9_]{1,64}/[A-Za-z0-9_-]{1,64}")
_SHOWN_OF_HASH = 12
# A record's column and an item's field, where an `_raw` twin is not all that sets them apart.
_FIELD_OF = {"page": "url"}
_QUOTE = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeen:
    """A run folder as it lies there. `capture` is None when there is none."""

    folder: RunFolder
    manifest: Manifest | None
    capture: Path | None
    checks: tuple[Check, ...]

    def items(self, record_id: str, line: int | None) -> Iterator[dict[str, Any]]:
        """The items that were read from this place of a reply: of one page there may be several.

        Raises OSError, ValueError.
        """
        place = (f'"line": {line}', f'"line":{line}')  # most lines of a large extract need not be parsed
        with self.folder.items.open(encoding="utf-8") as file:
            for written in file:
                if record_id not in written or not any(words in written for words in place):
                    continue
                item = json.loads(written)
                proof = item["proof"]
                if item["item_type"] != "rejected" and (proof["capture"], proof["line"]) == (record_id, line):
                    yield dict(item)

    def reply(self, record_id: str) -> Reply:
        """The reply that was kept under this id. Raises ArchiveError, OSError."""
        if self.capture is None:
            raise ArchiveError(f"{self.folder.capture}: missing, so the captured bytes cannot be shown")
        return reply_of(self.capture, record_id)

    def replies(self) -> Iterator[Reply]:
        """All that was kept. Raises ArchiveError, OSError."""
        if self.capture is None:
            raise ArchiveError(f"{self.folder.capture}: missing, so the captured bytes cannot be searched")
        return replies(self.capture)


def look_at_run(home: Path, run_id: str) -> RunSeen:
    """Opens a run's folder and verifies all that its manifest vouches for."""
    if not _RUN_ID.fullmatch(run_id):
        refused = Check(False, f"{run_id!r} names no run folder of ours")
        return RunSeen(folder=RunFolder(runs_folder(home)), manifest=None, capture=None, checks=(refused,))
    folder = RunFolder(runs_folder(home) / run_id)
    capture = folder.capture if folder.capture.exists() else None
    try:
        if not folder.path.is_dir():
            raise RunFolderError(f"{folder.path}: the run folder is missing")
        manifest = folder.read_manifest()
    except (RunFolderError, OSError) as error:
        return RunSeen(folder=folder, manifest=None, capture=capture, checks=(Check(False, str(error)),))
    checks = [Check(True, "manifest.json is whole and speaks of this run"), *_files(folder, manifest)]
    if capture is not None and CAPTURE not in manifest.files:
        checks.append(Check(False, f"{capture}: the manifest does not vouch for it"))
    return RunSeen(folder=folder, manifest=manifest, capture=capture, checks=tuple(checks))


def _files(folder: RunFolder, manifest: Manifest) -> Iterator[Check]:
    """Each file by itself, so that one that was changed does not hide another."""
    for name in sorted({ITEMS, *manifest.files}):
        yield _file(folder, manifest, name)


def _file(folder: RunFolder, manifest: Manifest, name: str) -> Check:
    said = manifest.files.get(name)
    if not isinstance(said, dict) or not isinstance(said.get("sha256"), str):
        return Check(False, f"{folder.path / name}: the manifest does not vouch for it")
    try:
        folder.verify(replace(manifest, files={name: said}))
    except (RunFolderError, OSError) as error:
        return Check(False, str(error))
    return Check(True, f"{name} is unchanged since the run finished (sha256 {said['sha256'][:_SHOWN_OF_HASH]}…)")


def differing(record: dict[str, str], item: dict[str, Any]) -> list[str]:
    """The columns of a record that the item it was made from does not state so."""
    return [column for column, stated in record.items() if not _states(item, column, stated)]


def _states(item: dict[str, Any], column: str, stated: str) -> bool:
    if column == _QUOTE:
        whole = squeeze("\n".join(str(item.get(field) or "") for field in ("title", "text")))
        return squeeze(stated).removesuffix("…") in whole
    field = _FIELD_OF.get(column, column)
    values = [item[name] for name in (f"{field}_raw", field) if name in item]
    return not values or stated in {"" if value is None else str(value) for value in values}
