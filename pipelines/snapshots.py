"""Dated snapshots of the published file: a way back to what was published, and to compare two days."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from crawler.config import Snapshots
from crawler.run_folder import sync_folder
from pipelines.store.database import PUBLISHED_NAME
from pipelines.store.files import give_name, release_of

logger = logging.getLogger(__name__)

FOLDER = "snapshots"
_NAME = re.compile(r"putuo-(\d{4}-\d{2}-\d{2})\.duckdb")


@dataclass(frozen=True, slots=True, order=True)
class Snapshot:
    """What was published last on a day (Asia/Shanghai)."""

    day: date
    path: Path


@dataclass(frozen=True, slots=True)
class Kept:
    """The new snapshot, if one was taken; the days of those pruned; and why none was taken that should have been."""

    path: Path | None
    pruned: tuple[date, ...] = ()
    note: str = ""


def snapshots(home: Path) -> list[Snapshot]:
    """All snapshots of a data directory, oldest first. Files that are named otherwise are none of ours."""
    found = []
    for path in (home / FOLDER).glob("putuo-*.duckdb"):
        named = _NAME.fullmatch(path.name)
        if named and (day := _day(named[1])):
            found.append(Snapshot(day, path))
    return sorted(found)


def kept(days: Iterable[date], rules: Snapshots, today: date) -> set[date]:
    """Which snapshots stay: the newest of each of the last days, weeks (ISO 8601) and months that have one.

    They are counted, not measured from today: neither a gap nor a clock set ahead prunes more than what a snapshot
    pushes out. Those of days to come stay, and count for nothing: a clock is, or was, wrong.
    """
    past = sorted({day for day in days if day <= today}, reverse=True)
    stay = {day for day in days if day > today} | set(past[:1])
    for count, period in ((rules.days, date.toordinal), (rules.weeks, _week), (rules.months, _month)):
        stay.update(_newest_of_each(past, period)[:count])
    return stay


def keep_snapshot(home: Path, content_hash: str, rules: Snapshots, today: date) -> Kept:
    """Keeps the published file as today's snapshot, unless the newest one holds the same; prunes those out of rules.

    It takes the place of an earlier one of the day, but not while there are snapshots of later days: then the clock is
    wrong, or was, and which of the two is of this day nobody knows. Raises OSError.
    """
    folder = home / FOLDER
    folder.mkdir(exist_ok=True)
    for stale in folder.glob(".putuo-*"):  # left by a load that was killed
        stale.unlink()
    there = snapshots(home)
    past = [snapshot for snapshot in there if snapshot.day <= today]
    if past and hash_of(past[-1]) == content_hash:
        return Kept(None, _prune(home, rules, today))
    if past and past[-1].day == today and there[-1].day > today:
        note = f"no snapshot was taken: there is one of today, {today}, and one of {there[-1].day}; is the clock right?"
        return Kept(None, note=note)
    target = folder / f"putuo-{today}.duckdb"
    give_name(home / PUBLISHED_NAME, target)
    return Kept(target, _prune(home, rules, today))


def _prune(home: Path, rules: Snapshots, today: date) -> tuple[date, ...]:
    there = snapshots(home)
    stay = kept([snapshot.day for snapshot in there], rules, today)
    pruned = [snapshot for snapshot in there if snapshot.day not in stay]
    for snapshot in pruned:
        snapshot.path.unlink()
    if pruned:
        sync_folder(home / FOLDER)
    return tuple(snapshot.day for snapshot in pruned)


def hash_of(snapshot: Snapshot) -> str:
    """The content hash it states; empty when it cannot be read, which is no reason against a new one."""
    try:
        return release_of(snapshot.path).content_hash
    except duckdb.Error as error:
        logger.warning("%s cannot be read: %s", snapshot.path, error)
        return ""


def _newest_of_each(days: Iterable[date], period: Callable[[date], Hashable]) -> list[date]:
    """The first day of each period, of days from the newest to the oldest."""
    newest: dict[Hashable, date] = {}
    for day in days:
        newest.setdefault(period(day), day)
    return list(newest.values())


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
