"""`scrapy sources`: what is configured, how it went last, how old that is, and when it is due next."""

from __future__ import annotations

import argparse
from datetime import datetime

from rich.table import Table

from crawler import clock
from crawler.cadence import in_shanghai
from crawler.command import WELL, MonitorCommand
from crawler.console import out, say
from crawler.drift import first_of
from crawler.due import Job, jobs


class Command(MonitorCommand):
    """A table of sources."""

    def short_desc(self) -> str:
        return "Show each source: last outcome, age, items, next due"

    def long_desc(self) -> str:
        return (
            "One row a crawl that monitor.toml asks for: a series of extracts, a drop folder, or a site. `last read` "
            "is how long ago an extract or a site was last read, or a site asked that had nothing new; LATE says that "
            "this is more than the source's late_after_days. `warnings` counts what the last run warned of; the first "
            "stands below the table. Times are Asia/Shanghai."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        configured = jobs(self.config, self.home)
        if not configured:
            say(f"No source is configured. Drop extracts into {self.home}/inbox/full (every firm) or")
            say(f"{self.home}/inbox/new (some firms), or name a series or switch a site on in monitor.toml.")
            return WELL
        table = Table(
            "source", "series", "listing", "last outcome", "age", "items", "warnings", "last read", "next due"
        )
        for job in configured:
            table.add_row(*self._row(job, clock.now()))
        out().print(table)
        for job in configured:
            if (last := job.last_run(self.home)) and last.warnings:
                say(f"{job.label}: {first_of(last.warnings)}")
        return WELL

    def _row(self, job: Job, now: datetime) -> tuple[str, ...]:
        last, read = job.last_run(self.home), job.last_read(self.home)
        due = job.next_due(self.home, now)
        return (
            job.source.id,
            job.series or "-",
            job.listing or "-",
            last.outcome if last else "never ran",
            _age(now, last.finished_at) if last else "",
            str(last.counts.get("items", 0)) if last else "",
            str(len(last.warnings)) if last and last.warnings else "",
            _last_read(job, now, read.finished_at if read else ""),
            "now" if due <= now else in_shanghai(due),
        )


def _last_read(job: Job, now: datetime, finished_at: str) -> str:
    if not finished_at:
        return "none yet"
    late = (now - clock.read_stamp(finished_at)).days > job.late_after_days
    remedy = "ask its owner" if job.series else "look at the site"
    return _age(now, finished_at) + (f" LATE (over {job.late_after_days} d: {remedy})" if late else "")


def _age(now: datetime, stamp: str) -> str:
    seconds = (now - clock.read_stamp(stamp)).total_seconds()
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return "just now"
