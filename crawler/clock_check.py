"""Refuses a clock that stands before what was read already: facts are filed by the instants that runs bear."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler import clock
from crawler.run_folder import Manifest, manifests, runs_folder

# By which a clock may be put right (NTP, a virtual machine that was paused) without being taken for a wrong one.
STEP = timedelta(hours=1)
_JUST_AFTER = timedelta(seconds=1)
_NAMED = 3  # runs

logger = logging.getLogger(__name__)


class ClockBehindError(RuntimeError):
    """The machine's clock stands before a finished run; the message says which, and what to do."""


def check_clock(home: Path) -> datetime | None:
    """The end of the newest run of a data directory, if the clock stands before it by no more than a step.

    None when all is well, and under `--now`: that is a rehearsal. Raises ClockBehindError for a clock further behind.
    """
    if clock.ahead():
        return None
    now, newest = clock.now(), max(map(_read_at, manifests(home)), default=None)
    if newest is None or newest < now:
        return None
    if newest > now + STEP:
        raise ClockBehindError(_told(home, now))
    return newest


def start_after_newest(home: Path) -> None:
    """Makes sure that what is read now is filed after all that was read before. Raises ClockBehindError.

    A clock that was put right by a small step is started right after the newest run.
    """
    if newest := check_clock(home):
        behind = newest - clock.now()
        clock.start_at(newest + _JUST_AFTER)
        seconds, told = behind.total_seconds(), clock.stamp(clock.now())
        logger.warning("the clock stands %.3f s before the newest run; this one goes by %s", seconds, told)


def _told(home: Path, now: datetime) -> str:
    later = sorted((_read_at(run), run.run_id) for run in manifests(home) if _read_at(run) > now + STEP)
    named = "".join(f"\n  {clock.stamp(at)}  {runs_folder(home) / run_id}" for at, run_id in later[-_NAMED:])
    return (
        f"the clock says {clock.stamp(now)}, but {len(later)} of the runs are later; nothing is read, for it would be "
        f"filed before them. The latest:{named}\n"
        "If the clock is wrong, set it right. If the runs are (they were made while it ran ahead), move their folders "
        "out of runs/ and the snapshots of days to come out of snapshots/, call `scrapy rebuild --accept-loss`, and "
        "begin again"
    )


def _read_at(run: Manifest) -> datetime:
    instant = clock.read_stamp(run.read_at)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)  # a manifest that another program wrote
