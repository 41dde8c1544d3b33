"""`scrapy nightly`: crawls what is due, each in its own process, then loads and publishes."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from crawler import clock, config
from crawler.cadence import in_shanghai
from crawler.child_process import ChildProcess, ChildTimeoutError, passing_on
from crawler.clock_check import ClockBehindError, check_clock
from crawler.command import BUSY, WELL, WRONG, CommandError, MonitorCommand
from crawler.commands.load import load_runs, report
from crawler.console import complain, say
from crawler.due import Job, jobs, record_missed
from crawler.timetable import NIGHTLY_LOCK_NAME

_LONGEST_CRAWL = 120  # minutes: from 02:00 on two sources may hang and the issue of 06:00 is still in time


class Command(MonitorCommand):
    """The night's work."""

    expected = (OSError,)

    def short_desc(self) -> str:
        return "Crawl every source that is due, then load"

    def long_desc(self) -> str:
        return (
            "Crawls every configured source that is due, one child process each, records what was missed, then loads "
            "and publishes. A source that breaks or hangs does not keep the others from their night. What the crawls "
            "warn of is told again before the load, source by source; a warning is no failure. SIGTERM, SIGHUP or "
            "Ctrl-C: the crawl at work ends its run folder, and the next night loads it; a load that has begun is "
            "finished. A second nightly leaves at once. Exit codes: 0 all well; 1 a source or the load failed (the "
            "others were still done), the clock stands before the runs there are (what was read is loaded), it was "
            "told to stop, or the data directory cannot be used; 3 another nightly is at work."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--all", action="store_true", help="crawl every configured source, due or not")
        parser.add_argument(
            "--limit",
            type=_minutes,
            default=_LONGEST_CRAWL,
            metavar="MINUTES",
            help=f"stop a source that takes longer (default: {_LONGEST_CRAWL})",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        self.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.home / NIGHTLY_LOCK_NAME)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise CommandError(f"another nightly is at work (lock: {lock.lock_file}); leaving it to it", BUSY) from None
        child = ChildProcess()
        with lock, passing_on(child):
            unwell = self._crawl_due(child, opts)
            if child.told_to_stop:
                raise CommandError("told to stop before the night was over; what was read is loaded next time")
            if unwell:
                complain(f"error: not well: {'; '.join(unwell)}")
            return max(WRONG if unwell else WELL, report(load_runs(self.home, self.config.snapshots)))

    def _crawl_due(self, child: ChildProcess, opts: argparse.Namespace) -> list[str]:
        """Crawls one after the other; returns which did not go well, and how."""
        try:
            check_clock(self.home)
        except ClockBehindError as error:  # each source would seem not to be due, perhaps for a year
            return [str(error)]
        configured = jobs(self.config, self.home)
        if not configured:
            say(f"nothing is configured: drop extracts into {self.home}/inbox/full or …/inbox/new, or name a series")
        unwell, warned = [], []
        for job in configured:
            now = clock.now()
            due = job.next_due(self.home, now)
            if due > now and not opts.all:
                say(f"{job.label}: next due {in_shanghai(due)}")
                continue
            if missed := record_missed(job, self.home, now):
                say(f"{job.label}: was missed {missed} times")
            if child.told_to_stop:
                break
            if trouble := _crawl(child, job, opts.limit, self.home):
                unwell.append(f"{job.label} {trouble}")
            warned += _warnings(job, self.home, now)
        for warning in warned:
            say(f"warning: {warning}")
        return unwell


def _crawl(child: ChildProcess, job: Job, limit: float, home: Path) -> str:
    """Runs one crawl; returns what went wrong, or nothing."""
    words = [sys.executable, "-m", "scrapy", "crawl", job.source.id, *clock.as_argument()]
    for name, value in job.arguments.items():
        words += ["-a", f"{name}={value}"]
    say(f"{job.label}: crawling")
    began = clock.stamp(clock.now())
    try:
        code = child.run(words, config.project_root(), home, timeout=limit * 60)
    except ChildTimeoutError:
        say(f"{job.label}: stopped after {limit:g} minutes")
        return f"was stopped after {limit:g} minutes"
    if code == WELL:
        return ""
    run = job.last_run(home)
    if run is None or run.started_at < began:
        return f"ended with exit code {code} and wrote no run"
    return f"{run.outcome}{f' ({run.reason})' if run.reason else ''}"


def _warnings(job: Job, home: Path, since: datetime) -> list[str]:
    """What the crawl that began after `since` warned of; it says so itself, but amid its log."""
    run = job.last_run(home)
    if run is None or run.started_at < clock.stamp(since):
        return []
    return [f"{job.label}: {warning}" for warning in run.warnings]


def _minutes(text: str) -> float:
    minutes = float(text)
    if not minutes > 0:
        raise ValueError(text)
    return minutes
