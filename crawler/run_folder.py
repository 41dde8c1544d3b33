"""The run folder, hand-over from crawler to pipelines: its layout, manifest, outcomes and locks."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from crawler import clock

FORMAT = 2  # of a run that supersedes another; one that does not is written as 1, which older programs read too
MANIFEST = "manifest.json"
ITEMS = "items.jsonl"
CAPTURE = "capture.warc.gz"
LOCK = ".lock"
_TABLES = ("arguments", "counts", "rejected", "fill_rates", "listed", "unknown", "files", "declaration", "next")
BEGUN = ".begun.json"  # what a run is, while it runs; says of a dead one what it was


class Outcome(StrEnum):
    """How a run ended: a closed list."""

    COMPLETE = "complete"  # everything the source was asked for was read
    PARTIAL = "partial"  # something was read, but not verifiably all
    EMPTY_ALLOWED = "empty_allowed"  # nothing new, which this source may say
    EMPTY_WRONG = "empty_wrong"  # nothing, which this source never says
    BLOCKED = "blocked"  # the host turned us away (403, 412, 429, 503, captcha, login)
    REFUSED_BY_ROBOTS = "refused_by_robots"  # robots.txt forbids, or could not be read
    FAILED = "failed"  # an error of ours, of the network, or a page not as documented
    CRASHED = "crashed"  # the process died before it could say
    MISSED = "missed"  # due, and never begun


GOOD = frozenset({Outcome.COMPLETE, Outcome.EMPTY_ALLOWED})


class RunFolderError(ValueError):
    """A run folder that cannot be used; the message names the folder and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a finished run says of itself. Instants are ISO 8601 in UTC; `files` maps a name to sha256, bytes, lines.

    `declaration` is the source's own description; `next` is all that the next run may remember of this one.
    `listed` says how many records the lists showed (`records`), and how many of them had each documented field;
    `unknown` counts keys, labels and categories that the reading does not know, by their kind; `warnings` are what a
    person should look at though the run stands. A list that is read over several nights is a sweep: each of its runs
    names it in `sweep`, and `lists_everything` of the last one speaks for all of them.
    `supersedes` names the crawl that a replay read again, and `replayed_at` says when it did. Its other instants are
    the crawl's: what a source said, it said then.
    """

    format: int = 1
    run_id: str
    source: str
    series: str = ""
    listing: str = ""
    outcome: Outcome
    reason: str = ""
    started_at: str
    finished_at: str
    lists_everything: bool = False
    arguments: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    fill_rates: dict[str, float] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    sweep: str = ""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    declaration: dict[str, Any] = field(default_factory=dict)
    parser: str = ""
    code_version: str = ""
    not_before: str = ""
    next: dict[str, Any] = field(default_factory=dict)
    supersedes: str = ""
    replayed_at: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError when only one of `supersedes` and `replayed_at` is said."""
        if bool(self.supersedes) != bool(self.replayed_at):
            raise ValueError("a replay names both the run that it supersedes and when it read it again")
        if self.supersedes:
            object.__setattr__(self, "format", FORMAT)

    @property
    def read_at(self) -> str:
        """When this reading was made: the replay's instant, or the end of the crawl."""
        return self.replayed_at or self.finished_at


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One folder `runs/<source>/<utc-start>-<id>/`."""

    path: Path

    @property
    def run_id(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def items(self) -> Path:
        return self.path / ITEMS

    @property
    def capture(self) -> Path:
        return self.path / CAPTURE

    @property
    def finished(self) -> bool:
        return (self.path / MANIFEST).exists()

    def lock(self) -> FileLock:
        """The lock its crawler holds while it runs; the operating system frees it when the process dies."""
        return FileLock(self.path / LOCK)

    def is_running(self) -> bool:
        """Whether a live process holds the lock."""
        if not (self.path / LOCK).exists():
            return False
        lock = self.lock()
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False

    def begin(self, said: dict[str, str]) -> None:
        """Notes what the run is (series, listing), for the case that it dies."""
        write_atomically(self.path / BEGUN, json.dumps(said, ensure_ascii=False))

    def begun(self) -> dict[str, str]:
        """What `begin` noted; empty when the run died even before that."""
        try:
            said = json.loads((self.path / BEGUN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(key): str(value) for key, value in said.items()} if isinstance(said, dict) else {}

    def write_manifest(self, manifest: Manifest) -> None:
        """Writes the manifest last and whole: a folder with a manifest is a finished run."""
        write_atomically(self.path / MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n")
        for name in (BEGUN, LOCK):
            (self.path / name).unlink(missing_ok=True)

    def read_manifest(self) -> Manifest:
        """The manifest. Raises RunFolderError when it is missing, not JSON, of a newer format or not as described."""
        path = self.path / MANIFEST
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise RunFolderError(f"{self.path}: has no {MANIFEST}; the run did not finish") from error
        except (ValueError, UnicodeDecodeError) as error:
            raise RunFolderError(f"{path}: not JSON: {error}") from error
        if not isinstance(said, dict) or not isinstance(said.get("format"), int):
            raise RunFolderError(f"{path}: has no format number")
        if said["format"] > FORMAT:
            raise RunFolderError(
                f"{path}: format {said['format']} is newer than this program's {FORMAT}; update the program"
            )
        known = {f.name for f in fields(Manifest)}
        try:
            manifest = Manifest(**{key: value for key, value in said.items() if key in known})
            for name in _TABLES:
                if not isinstance(getattr(manifest, name), dict):
                    raise TypeError(f"{name} is no table")
            if not isinstance(manifest.warnings, list):
                raise TypeError("warnings is no list")
            outcome = Outcome(manifest.outcome)
            for stamp in (manifest.started_at, manifest.finished_at, manifest.read_at):
                clock.read_stamp(stamp)
        except (TypeError, ValueError) as error:
            raise RunFolderError(f"{path}: not as described: {error}") from error
        if manifest.run_id != self.run_id:
            raise RunFolderError(f"{path}: speaks of run {manifest.run_id!r}; was the folder renamed or copied?")
        object.__setattr__(manifest, "outcome", outcome)
        return manifest

    def verify(self, manifest: Manifest) -> None:
        """Raises RunFolderError when a file is not the one the manifest was written for."""
        for name, said in manifest.files.items():
            path = self.path / name
            if not path.exists():
                raise RunFolderError(f"{path}: missing, though the manifest lists it")
            if describe_file(path)["sha256"] != said.get("sha256"):
                raise RunFolderError(f"{path}: was changed after the run finished (sha256 differs from the manifest)")


def runs_folder(home: Path) -> Path:
    """Where all runs lie."""
    return home / "runs"


def new_run_folder(home: Path, source: str, started_at: datetime) -> RunFolder:
    """A name for a new run; the folder is made by whoever runs it. Names sort by the instant of the start."""
    name = f"{started_at:%Y%m%dT%H%M%SZ}-{started_at.microsecond:05x}{secrets.token_hex(3)}"
    return RunFolder(runs_folder(home) / source / name)


def run_folders(home: Path, source: str | None = None) -> Iterator[RunFolder]:
    """All run folders, of one source or of all, oldest name first."""
    for path in sorted(runs_folder(home).glob(f"{source or '*'}/*")):
        if path.is_dir():
            yield RunFolder(path)


def manifests(home: Path, source: str | None = None) -> Iterator[Manifest]:
    """The readable manifests, in the order the runs finished; damaged ones are for `load` to report."""
    found = []
    for folder in run_folders(home, source):
        try:
            found.append(folder.read_manifest())
        except RunFolderError:
            continue
    yield from sorted(found, key=lambda manifest: (manifest.finished_at, manifest.run_id))


def crawls(home: Path, source: str | None = None) -> Iterator[Manifest]:
    """The manifests of crawls, and of slots in which there was none: `manifests` without replays.

    A replay asked nobody anything: it moves no due time, and the next run goes on from the crawl itself.
    """
    return (manifest for manifest in manifests(home, source) if not manifest.supersedes)


def last_manifest(
    home: Path, source: str, series: str, listing: str, outcomes: frozenset[Outcome] = frozenset(Outcome)
) -> Manifest | None:
    """The newest crawl of a source, series and listing that ended in one of `outcomes`."""
    found = [
        manifest
        for manifest in crawls(home, source)
        if (manifest.series, manifest.listing) == (series, listing) and manifest.outcome in outcomes
    ]
    return found[-1] if found else None


def describe_file(path: Path) -> dict[str, Any]:
    """Its sha256, bytes and lines, read in blocks."""
    digest, size, lines = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            size += len(block)
            lines += block.count(b"\n")
    return {"sha256": digest.hexdigest(), "bytes": size, "lines": lines}


def write_atomically(path: Path, text: str) -> None:
    """Writes UTF-8 text so that it is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a write that found no room does not say where
        raise
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Puts the names in a folder on the disk: without that, a new file may be gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
