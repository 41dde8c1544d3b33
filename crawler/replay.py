"""Reads crawls again with today's parsers, each into a run that supersedes it, and judges whether to."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from crawler import clock, config
from crawler.child_process import ChildProcess, ChildTimeoutError
from crawler.difference import Difference, compare
from crawler.run_folder import (
    CAPTURE,
    GOOD,
    Manifest,
    Outcome,
    RunFolder,
    RunFolderError,
    manifests,
    run_folders,
    runs_folder,
    sync_folder,
)
from crawler.source import CaptureMode

LOCK_NAME = "replay.lock"
_STAGING = "replaying"  # beside runs/, so that a finished folder is moved there by one rename
_LONGEST = 120 * 60.0  # seconds of one replay: a parser that turns in circles must not keep the others waiting
_LOSS = 0.8  # of the living reading's items; below this it is more likely that today's reading is wrong
_SHOWN = 5  # run ids of those that a prefix means
_AS_RECEIVED = ("keys", "labels")  # kinds of unknown words that are left out of what is kept, so cannot be met again
_READABLE = GOOD | {Outcome.PARTIAL, Outcome.EMPTY_WRONG, Outcome.FAILED}
# Reasons that reading a capture can mend, as spiders and the manifest word them. Any other may lie outside of it (the
# budget, a page that did not come, the process told to stop): what it kept from being complete is still not there.
_OF_THE_READING = re.compile(
    r"(?:failed after \d+ items: )?(?:https?|file)://\S+: .*"
    r"|empty_wrong after \d+ items: .*"
    r"|\d+ of \d+ (?:rows could not be read|pages have no title or body in its place.*)"
    r"|\d+ (?:parser errors|rows lost to errors), see the log"
    r"|fill of \w+ is \d+ % of \d+ items, below the minimum of [\d.]+ %",
    re.DOTALL,
)


class NoSuchRunError(ValueError):
    """A RUN that names no run, or several; the message says which."""


class ReplayRefusedError(Exception):
    """A run that is not, or cannot be, read again; the message says why."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What today's reading of a crawl says otherwise than the living one, and the folder it is in, if it was kept."""

    difference: Difference
    outcome: Outcome
    reads_the_same: bool
    folder: RunFolder | None = None


def find(home: Path, run: str) -> str:
    """The id of the crawl that a RUN means: a run id, a path to the folder, or a prefix that only one crawl has.

    Of a replay it is the crawl that it reads again. Raises NoSuchRunError.
    """
    path, runs = Path(run), runs_folder(home)
    if path.is_dir() and path.resolve().parent.parent == runs.resolve():
        run = RunFolder(path.resolve()).run_id
    folders = [folder for folder in run_folders(home) if run and folder.run_id.startswith(run)]
    meant = sorted({_crawl_of(folder) for folder in folders if folder.run_id == run} or set(map(_crawl_of, folders)))
    if not meant:
        raise NoSuchRunError(f"no run of {runs} is called {run!r}; say e.g. registry_extract/20261116T020000Z-abc123")
    if len(meant) > 1:
        more = ", …" if len(meant) > _SHOWN else ""
        raise NoSuchRunError(f"{run!r} may be any of {len(meant)} runs: {', '.join(meant[:_SHOWN])}{more}")
    return meant[0]


def readable_crawls(home: Path, source: str) -> tuple[list[str], dict[str, str]]:
    """The crawls of a source that can be read again, oldest first, and why not of the others.

    Damaged ones are among the former: that they cannot be read is to be told. Raises NoSuchRunError when it has none.
    """
    found, others = [], {}
    for folder in run_folders(home, source):
        try:
            manifest = folder.read_manifest()
        except RunFolderError as error:
            if folder.finished:
                found.append(folder.run_id)
            else:
                others[folder.run_id] = str(error)
            continue
        if manifest.supersedes:
            continue
        if reason := why_not(manifest):
            others[folder.run_id] = reason
        else:
            found.append(folder.run_id)
    if not found and not others:
        raise NoSuchRunError(
            f"{runs_folder(home)} holds no run of a source {source!r}; `scrapy list` names the sources"
        )
    return found, others


def why_not(crawl: Manifest) -> str:
    """Why a crawl cannot be read again; empty when it can."""
    if crawl.outcome not in _READABLE:
        return f"it ended {crawl.outcome}: there is nothing to read again"
    if crawl.declaration.get("capture") == CaptureMode.DIGEST:
        return "its source is kept as a digest: of its pages there are only hashes and facts, nothing to read again"
    if CAPTURE not in crawl.files:
        return f"it kept nothing ({crawl.outcome}: {crawl.reason or 'no capture'}): there is nothing to read again"
    return ""


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """Where replays are made before they are runs: empty at the beginning, gone at the end.

    Raises filelock.Timeout at once when another replay is at work.
    """
    home.mkdir(parents=True, exist_ok=True)
    place = home / _STAGING
    with FileLock(home / LOCK_NAME, timeout=0):
        shutil.rmtree(place, ignore_errors=True)  # of one that was killed
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


class Replay:
    """One call of `scrapy replay`: `at` is its instant, which all its readings bear; `place` is from `staging`.

    Each crawl is read in a process of its own: a reactor runs once in a process, the clock is the process's, and a
    parser that dies or turns in circles on one capture leaves the others their turn. It costs a second a run.
    """

    def __init__(self, home: Path, place: Path, at: datetime, child: ChildProcess) -> None:
        self._home = home
        self._place = place
        self._at = clock.stamp(at)
        self._child = child
        self._runs: dict[str, dict[str, list[Manifest]]] = {}  # by source, by crawl

    def read_again(self, run_id: str, *, write: bool = True, accept_loss: bool = False) -> Replayed:
        """Reads a crawl again, and if that says something else, keeps it as the run that supersedes the crawl.

        Raises ReplayRefusedError, RunFolderError for a damaged folder, OSError.
        """
        crawl = self._folder(run_id)
        then = crawl.read_manifest()
        if reason := why_not(then):
            raise ReplayRefusedError(reason)
        crawl.verify(then)
        living = self._living(run_id)
        if self._at <= living.read_at:
            raise ReplayRefusedError(
                f"it was read again at {living.read_at}, which this call ({self._at}) would not come after"
                if living.supersedes
                else f"it ended at {living.finished_at}, which this call ({self._at}) does not come after"
            )
        self._folder(living.run_id).verify(living)
        staged = self._crawl_again(crawl, then)
        try:
            return self._judge(crawl, then, living, staged, write=write, accept_loss=accept_loss)
        finally:
            shutil.rmtree(staged.path, ignore_errors=True)

    def _judge(
        self, crawl: RunFolder, then: Manifest, living: Manifest, staged: RunFolder, *, write: bool, accept_loss: bool
    ) -> Replayed:
        today = superseding(then, staged.read_manifest(), self._at)
        difference = compare(self._folder(living.run_id).items, staged.items)
        if difference.is_none and _verdict(today) == _verdict(living):
            return Replayed(difference, today.outcome, reads_the_same=True)
        if (loss := loss_of(living, today)) and not accept_loss:
            raise ReplayRefusedError(f"{loss}; nothing was written. {difference}. If that is right: --accept-loss")
        if not write:
            return Replayed(difference, today.outcome, reads_the_same=False)
        return Replayed(difference, today.outcome, reads_the_same=False, folder=self._keep(crawl, staged, today))

    def _living(self, run_id: str) -> Manifest:
        """The reading of a crawl that counts: the newest, of two at once the one whose id is greater."""
        source = run_id.partition("/")[0]
        if source not in self._runs:
            by_crawl = self._runs.setdefault(source, {})
            for manifest in manifests(self._home, source):
                by_crawl.setdefault(manifest.supersedes or manifest.run_id, []).append(manifest)
        return max(self._runs[source][run_id], key=lambda manifest: (manifest.read_at, manifest.run_id))

    def _crawl_again(self, crawl: RunFolder, then: Manifest) -> RunFolder:
        """The finished reading, in a folder that is none of the runs yet. Raises ReplayRefusedError."""
        name = f"{crawl.path.name.partition('-')[0]}-{secrets.token_hex(3)}"
        staged = RunFolder(self._place / then.source / name)
        words = [sys.executable, "-m", "crawler.recall", str(crawl.path.resolve()), str(staged.path.resolve())]
        with tempfile.TemporaryFile() as told:
            try:
                self._child.run(words, config.project_root(), self._home, output=told, timeout=_LONGEST)
            except ChildTimeoutError as error:
                raise ReplayRefusedError(f"today's reading came to no end: {error}") from error
            if self._child.told_to_stop:
                raise ReplayRefusedError("told to stop")
            if not staged.finished:
                told.seek(0)
                last = (told.read().decode("utf-8", "replace").strip().splitlines() or ["it said nothing"])[-1]
                raise ReplayRefusedError(f"today's program could not read it: {last}")
        return staged

    def _keep(self, crawl: RunFolder, staged: RunFolder, today: Manifest) -> RunFolder:
        """Makes a run of it: whole in itself, and there by one rename."""
        try:
            os.link(crawl.capture, staged.capture)
        except OSError:  # a file system without links
            shutil.copyfile(crawl.capture, staged.capture)
        staged.write_manifest(today)
        staged.verify(today)
        folder = self._folder(staged.run_id)
        staged.path.rename(folder.path)
        sync_folder(folder.path.parent)
        return folder

    def _folder(self, run_id: str) -> RunFolder:
        return RunFolder(runs_folder(self._home) / run_id)


def superseding(crawl: Manifest, today: Manifest, at: str) -> Manifest:
    """The manifest of today's reading: what was read is today's; when, of what and what is remembered is the crawl's.

    A crawl that something outside its capture kept from being complete stays incomplete, with its reason.
    """
    outcome, reason = _outcome(crawl, today)
    return replace(
        today,
        series=crawl.series,
        listing=crawl.listing,
        outcome=outcome,
        reason=reason,
        started_at=crawl.started_at,
        finished_at=crawl.finished_at,
        lists_everything=today.lists_everything and outcome is Outcome.COMPLETE,
        arguments=crawl.arguments,
        unknown={kind: crawl.unknown[kind] for kind in _AS_RECEIVED if kind in crawl.unknown} | today.unknown,
        counts=today.counts | {name: crawl.counts[name] for name in ("requests", "bytes") if name in crawl.counts},
        files=today.files | {CAPTURE: crawl.files[CAPTURE]},
        not_before=crawl.not_before,
        next=crawl.next,
        supersedes=crawl.run_id,
        replayed_at=at,
    )


def loss_of(living: Manifest, today: Manifest) -> str:
    """What would be lost if today's reading took the living one's place, in words; empty for nothing."""
    if _rank(today.outcome) > _rank(living.outcome):
        return f"today's reading ends {today.outcome} ({today.reason}), the one it would replace {living.outcome}"
    before, now = living.counts.get("items", 0), today.counts.get("items", 0)
    return f"today's reading gives {now} items where there were {before}" if now < _LOSS * before else ""


def _outcome(crawl: Manifest, today: Manifest) -> tuple[Outcome, str]:
    if crawl.outcome in GOOD or crawl.outcome is Outcome.EMPTY_WRONG:
        return today.outcome, today.reason
    if all(_OF_THE_READING.fullmatch(reason) for reason in crawl.reason.split("; ")):
        return today.outcome, today.reason
    if today.outcome in GOOD:
        return (Outcome.PARTIAL if today.counts.get("items") else Outcome.FAILED), crawl.reason
    return today.outcome, "; ".join(dict.fromkeys((crawl.reason, today.reason)))


def _rank(outcome: Outcome) -> int:
    return 0 if outcome in GOOD else 1 if outcome is Outcome.PARTIAL else 2


def _verdict(manifest: Manifest) -> tuple[Outcome, bool]:
    """What a run says besides its items."""
    return manifest.outcome, manifest.lists_everything


def _crawl_of(folder: RunFolder) -> str:
    try:
        return folder.read_manifest().supersedes or folder.run_id
    except RunFolderError:  # told when it is read
        return folder.run_id
