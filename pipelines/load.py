"""Takes every finished run that is not in the database yet through to the published file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import duckdb
from filelock import FileLock, Timeout

from crawler import clock
from crawler.config import Snapshots
from crawler.run_folder import (
    Manifest,
    Outcome,
    RunFolder,
    RunFolderError,
    run_folders,
)
from pipelines.classify import rules_version
from pipelines.decisions import read_decisions, store_decisions
from pipelines.derive import derive
from pipelines.ingest import IngestError, ingest
from pipelines.locate import GAZETTEER_VERSION
from pipelines.publish import Published, check, publish, stamp_release
from pipelines.snapshots import Kept, keep_snapshot
from pipelines.store.database import LOCK_NAME, WORKING_NAME, StoreError, forget_derived, open_store

logger = logging.getLogger(__name__)

_WAIT = 600.0  # seconds a second loader waits for the first

Progress = Callable[[str, int, int], None]


class Onlooker(Protocol):
    """Looks at a load that adds no run, and may stop it by raising: nothing is published then."""

    def before(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Called with the store's runs and decisions, before anything is derived of them."""

    def after(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Called when all is derived and checked, before it is published."""


class LoaderBusyError(RuntimeError):
    """Another loader holds the lock and did not finish in time."""


@dataclass(slots=True)
class Loaded:
    """What a load did: runs added, runs refused with the reason, runs still going on, and the file it published.

    `waiting` are runs that an onlooker's load left for the next one. `no_snapshot` is why the published file was not
    kept as a snapshot, though it should have been.
    """

    added: list[Manifest] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    published: Published | None = None
    snapshot: Kept | None = None
    no_snapshot: str = ""


def load(
    home: Path,
    *,
    code_version: str,
    progress: Progress,
    again: bool = False,
    accept_loss: bool = False,
    snapshots: Snapshots | None = None,
    onlooker: Onlooker | None = None,
) -> Loaded:
    """Loads all pending runs and publishes. `again` throws the working database away first (`scrapy rebuild`).

    `accept_loss` publishes also what lacks something that the last published file holds. `snapshots` says how long
    dated snapshots are kept; without it none is taken, and none pruned. With an `onlooker` no run is added: what the
    store holds is derived and published anew.

    Safe to kill at any moment and to call again: a run is added whole or not at all, and the published file is
    replaced by one rename. Raises LoaderBusyError, StoreError, DecisionError, PublishError.
    """
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / LOCK_NAME, timeout=_WAIT):
            if again:
                for name in (WORKING_NAME, f"{WORKING_NAME}.wal"):
                    (home / name).unlink(missing_ok=True)
            with open_store(home) as connection:
                try:
                    done = _load(connection, home, code_version, progress, onlooker, accept_loss=accept_loss)
                except duckdb.Error as error:  # a full disk, say: told in one line, with what still stands
                    raise StoreError(
                        f"{error}\nThe last published file stays as it is; `scrapy load` goes on."
                    ) from error
            if snapshots:
                _keep_snapshot(done, home, snapshots)
            return done
    except Timeout as error:
        raise LoaderBusyError(f"another load has been running for {_WAIT:.0f} s (lock: {home / LOCK_NAME})") from error


def _keep_snapshot(done: Loaded, home: Path, rules: Snapshots) -> None:
    """What goes wrong here is told, and costs nobody the new file: it is published by now."""
    assert done.published is not None
    today = clock.now().astimezone(clock.SHANGHAI).date()
    try:
        done.snapshot = keep_snapshot(home, done.published.content_hash, rules, today)
        done.no_snapshot = done.snapshot.note
    except OSError as error:
        done.no_snapshot = f"no snapshot was taken: {error}"


def _load(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    code_version: str,
    progress: Progress,
    onlooker: Onlooker | None,
    *,
    accept_loss: bool,
) -> Loaded:
    done = Loaded()
    pending = _pending(connection, home, done)
    if onlooker is None:
        for at, folder in enumerate(pending, start=1):
            _add(connection, folder, done)
            progress("runs", at, len(pending))
    else:
        done.waiting = [folder.run_id for folder in pending if folder.finished or not folder.is_running()]
    forget_derived(connection)
    store_decisions(connection, read_decisions(home))
    if onlooker:
        onlooker.before(connection)
    derive(connection, progress)
    check(connection)
    if onlooker:
        onlooker.after(connection)
    now = clock.stamp(clock.now())
    digest = stamp_release(connection, now, code_version, rules_version(), GAZETTEER_VERSION)
    done.published = publish(connection, home, digest, accept_loss=accept_loss, why_absent=done.refused)
    return done


def _pending(connection: duckdb.DuckDBPyConnection, home: Path, done: Loaded) -> list[RunFolder]:
    """The folders not in the database, and those taken for crashed whose manifest came after all (a slow copy)."""
    folders = {folder.run_id: folder for folder in run_folders(home)}
    known = dict(connection.execute("SELECT run_id, outcome FROM base.runs").fetchall())
    for run_id in sorted(known.keys() - folders.keys()):
        # Said, not forgotten: a disk that is not mounted must not empty the database.
        done.refused[run_id] = "its folder is gone; bring it back, or let `scrapy rebuild --accept-loss` forget it"
    return [
        folder
        for run_id, folder in folders.items()
        if run_id not in known or (known[run_id] == Outcome.CRASHED and folder.finished)
    ]


def _add(connection: duckdb.DuckDBPyConnection, folder: RunFolder, done: Loaded) -> None:
    if not folder.finished and folder.is_running():
        done.running.append(folder.run_id)
        return
    connection.execute("DELETE FROM base.runs WHERE run_id = ?", [folder.run_id])  # one that was taken for crashed
    try:
        manifest = folder.read_manifest() if folder.finished else _crashed(folder)
        folder.verify(manifest)
        ingest(connection, folder, manifest)
    except (RunFolderError, IngestError) as error:
        logger.error("run %s refused: %s", folder.run_id, error)
        done.refused[folder.run_id] = str(error)
        return
    done.added.append(manifest)


def _crashed(folder: RunFolder) -> Manifest:
    """What can be said of a run whose process died: when its folder says it began, and that nothing of it counts."""
    try:
        began = datetime.strptime(folder.path.name.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise RunFolderError(f"{folder.path}: is no run folder (its name gives no start time)") from error
    begun = folder.begun()
    return Manifest(
        run_id=folder.run_id,
        source=folder.path.parent.name,
        series=begun.get("series", ""),
        listing=begun.get("listing", ""),
        outcome=Outcome.CRASHED,
        reason="the process died before the run ended; nothing of it is used",
        started_at=clock.stamp(began),
        finished_at=clock.stamp(began),
    )
