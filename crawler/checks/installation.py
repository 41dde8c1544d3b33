"""Checks of the installation: program, settings, data directory, run folders, database, snapshots."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from crawler import clock, config
from crawler.checks.finding import BAD, NOTE, OK, Finding, Installation
from crawler.config import RegistryExtract, WebSource
from crawler.run_folder import RunFolderError, run_folders
from pipelines.decisions import DecisionError, read_decisions
from pipelines.snapshots import Snapshot, hash_of
from pipelines.snapshots import snapshots as kept_by_day
from pipelines.store.database import LOCK_NAME, PUBLISHED_NAME, STORAGE_VERSION, WORKING_NAME
from pipelines.store.files import Release, looking_into, read_release, release_of
from pipelines.store.migrations import migrations

_ROOM = 2 << 30  # bytes free: a published copy beside the working file, and a year of captures
_LATEST_SNAPSHOT = timedelta(days=2)  # before the published file, when that holds something else
_PACKAGES = ("scrapy", "parsel", "duckdb", "apscheduler", "jinja2")


def program(_: Installation) -> Iterator[Finding]:
    """Python and the packages this was made with."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield (OK if sys.version_info >= (3, 11) else BAD), "python", python
    yield OK, "packages", ", ".join(f"{name} {version(name)}" for name in _PACKAGES)


def configuration(here: Installation) -> Iterator[Finding]:
    """monitor.toml, and whether hosts can write to us."""
    path = config.config_path()
    yield (
        (OK, "configuration", str(path))
        if path.exists()
        else (
            NOTE,
            "configuration",
            f"no {path}; defaults are used (copy monitor.example.toml to change them)",
        )
    )
    crawl, sources = here.settings.crawl, here.settings.sources
    sites = [name for name in type(sources).model_fields if _is_site(getattr(sources, name))]
    if not crawl.contact and sites:
        yield BAD, "contact", f"{', '.join(sites)} switched on: set crawl.contact, so that hosts can write to us"
    elif not crawl.contact:
        yield NOTE, "contact", "set crawl.contact: hosts should be able to write to whoever crawls them"
    if crawl.stand_ins:
        hosts = ", ".join(sorted(crawl.stand_ins))
        yield NOTE, "stand-ins", f"rehearsal: {hosts} answered from this machine; nothing real is read"


def data_directory(here: Installation) -> Iterator[Finding]:
    """Whether it can be written, has room, and holds decisions that can be read."""
    here.home.mkdir(parents=True, exist_ok=True)
    writable = os.access(here.home, os.W_OK)
    yield (OK if writable else BAD), "data directory", f"{here.home}{'' if writable else ' cannot be written'}"
    free = shutil.disk_usage(here.home).free
    yield (OK if free > _ROOM else BAD), "disk", f"{free / (1 << 30):.1f} GiB free"
    try:
        yield OK, "decisions", f"{len(read_decisions(here.home))} human decisions"
    except DecisionError as error:
        yield BAD, "decisions", str(error)


def runs(here: Installation) -> Iterator[Finding]:
    """Run folders: whether the finished ones are whole."""
    counts = {"finished": 0, "running": 0, "crashed": 0}
    for folder in run_folders(here.home):
        if not folder.finished:
            counts["running" if folder.is_running() else "crashed"] += 1
            continue
        counts["finished"] += 1
        try:
            folder.verify(folder.read_manifest())
        except RunFolderError as error:
            yield BAD, "run folder", str(error)
    yield OK, "run folders", ", ".join(f"{count} {kind}" for kind, count in counts.items())


def database(here: Installation) -> Iterator[Finding]:
    """The published file, and the working one beside it."""
    path = here.home / PUBLISHED_NAME
    if not path.exists():
        yield NOTE, "database", "nothing published yet: crawl, then `scrapy load`"
        return
    try:
        with looking_into(path) as connection:
            release = read_release(connection)
            (firms,) = connection.execute("SELECT count(*) FROM derived.firms").fetchall()[0]
    except duckdb.Error as error:
        yield BAD, "database", f"{path} cannot be read: {error}; `scrapy load` puts it aside and publishes anew"
        return
    at = f"{release.published_at:%Y-%m-%d %H:%M}"
    yield OK, "database", f"{path}: {firms} firms, published {at} UTC, format {STORAGE_VERSION}"
    yield _schema(release)
    yield OK, "content hash", release.content_hash
    yield _working_database(here.home, release)


def snapshots(here: Installation) -> Iterator[Finding]:
    """The dated copies: whether they are there, of days that were, and still being taken."""
    there, path, today = kept_by_day(here.home), here.home / PUBLISHED_NAME, _day_of(clock.now())
    past = [snapshot for snapshot in there if snapshot.day <= today]
    if ahead := ", ".join(str(snapshot.day) for snapshot in there if snapshot.day > today):
        found = f"dated after today: {ahead}; is the clock right? If it was wrong then, move them away"
        yield (NOTE if clock.ahead() else BAD), "snapshots to come", found
    if not past:
        yield NOTE, "snapshots", "none yet: `scrapy load` takes one when what it publishes has changed"
        return
    newest, beside = past[-1], _size_beside(path, there) / (1 << 20)
    found = f"{len(there)}, newest of {newest.day}, {beside:.1f} MiB beside the published file"
    try:
        release = release_of(path) if path.exists() else None
    except duckdb.Error:  # told as the state of the database
        release = None
    late = release is not None and _day_of(release.published_at) - newest.day > _LATEST_SNAPSHOT
    if release and late and hash_of(newest) != release.content_hash:
        found += "; later ones are missing: see what `scrapy load` says"
        yield BAD, "snapshots", found
    else:
        yield OK, "snapshots", found


def _schema(release: Release) -> Finding:
    known = len(migrations())
    if release.schema > known:
        return BAD, "schema", f"{release.schema}: a newer program made it, this one knows {known}; update this one"
    if release.schema < known:
        return NOTE, "schema", f"{release.schema}: the next `scrapy load` brings it to {known}"
    return OK, "schema", str(release.schema)


def _working_database(home: Path, published: Release) -> Finding:
    """Whether it was last stamped with what is published. Whoever looks must not be in a loader's way."""
    path, checked = home / WORKING_NAME, "working database"
    if not path.exists():
        return NOTE, checked, f"no {path}: the next `scrapy load` makes it from the run folders"
    try:
        with FileLock(home / LOCK_NAME, timeout=0):
            working = release_of(path)
    except Timeout:
        return NOTE, checked, "a load is at work"
    except duckdb.Error as error:
        return BAD, checked, f"{path} cannot be read: {error}; `scrapy rebuild` makes it again"
    if working.content_hash != published.content_hash:
        return BAD, checked, "holds what is not published: `scrapy load` publishes it, or says why not"
    return OK, checked, "agrees with the published file"


def _size_beside(published: Path, there: list[Snapshot]) -> int:
    """Bytes that snapshots take beside the published file, of which the newest is often but a second name."""
    files = {(found.st_dev, found.st_ino): found.st_size for found in (snapshot.path.stat() for snapshot in there)}
    if published.exists():
        files.pop((published.stat().st_dev, published.stat().st_ino), None)
    return sum(files.values())


def _day_of(instant: datetime) -> date:
    return instant.astimezone(clock.SHANGHAI).date()


def _is_site(section: RegistryExtract | WebSource) -> bool:
    return isinstance(section, WebSource) and section.enabled
