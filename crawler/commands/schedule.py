"""`scrapy schedule`: the nights and the weekly issue by themselves; or, for cron, what is owed right now."""

from __future__ import annotations

import argparse

from filelock import FileLock, Timeout
from rich.markup import escape
from rich.table import Table
from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cadence import in_shanghai
from crawler.command import BUSY, WELL, WRONG, CommandError, MonitorCommand
from crawler.config import Mail
from crawler.console import out, say
from crawler.job_ledger import JobOutcome, LedgerError
from crawler.owed import last_run, timed_jobs
from crawler.schedule import keep, next_time, serve_once
from crawler.timetable import LOCK_NAME, Alert, Timetable


class Command(MonitorCommand):
    """The timetable."""

    expected = (LedgerError, OSError)

    def short_desc(self) -> str:
        return "Run the nights and the weekly issue by themselves, and catch up after a gap"

    def long_desc(self) -> str:
        return (
            "Stays, and starts `scrapy nightly` and `scrapy weekly` at the times set under [schedule] in monitor.toml "
            "(Asia/Shanghai), one after the other, never both at once. With a mail server and recipients set, the "
            "issue is sent too. What was due while the machine was off is recorded as missed and run once at the "
            "start. An issue that failed is tried again until its next slot. Every run is written to jobs.jsonl in "
            "the data directory, what it said to logs/; mail.operator hears of a job that failed or was missed, and "
            "of one that went well after all. monitor.toml is read at the start: restart after changing times or "
            "mail. SIGTERM, SIGHUP or Ctrl-C: nothing new begins, what is at work is given 120 s to end in good "
            "order; a second one shortens that. With --once it runs what is due now and leaves: for cron and systemd "
            "timers, as often as you like. What ran under --now is a rehearsal: without --now it does not count. Exit "
            "codes: 0 ended in good order (--once: all well, or nothing due); 1 a job failed; 2 a mistake in the call "
            "or in monitor.toml; 3 another `scrapy schedule` is at work on this data directory."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--once", action="store_true", help="run what is due now, wait for it, and leave")
        parser.add_argument("--list", action="store_true", help="show each job, its last run and its next time")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if opts.once and opts.list:
            raise UsageError("--once runs what is due, --list only shows it: say one of them")
        timetable = Timetable(self.home, timed_jobs(self.config), _operator(self.config.mail))
        if opts.list:
            return _show(timetable)
        self.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.home / LOCK_NAME)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise CommandError(
                f"another `scrapy schedule` is at work (lock: {lock.lock_file}); leaving it to it", BUSY
            ) from None
        with lock:
            if opts.once:
                return _once(timetable)
            keep(timetable)
            return WELL


def _once(timetable: Timetable) -> int:
    ends = serve_once(timetable)
    for name, outcome in ends.items():
        last = timetable.ledger.runs(name, clock.now())[-1]
        say(f"{name} of {in_shanghai(last.slot)}: {outcome}{f' ({last.reason})' if last.reason else ''}")
    if timetable.told_to_stop:
        say("told to stop; what is due is run at the next call")
        return WRONG
    if not ends:
        say("nothing is due")
    say("next: " + ", ".join(f"{job.name} {next_time(job, timetable)}" for job in timetable.jobs) + " (Asia/Shanghai)")
    return WELL if all(outcome is JobOutcome.DONE for outcome in ends.values()) else WRONG


def _show(timetable: Timetable) -> int:
    table = Table("job", "command", "cron", "last due", "outcome", "reason", "next (Asia/Shanghai)")
    for job in timetable.jobs:
        last = last_run(timetable.ledger, job.name, clock.now())
        shown = (in_shanghai(last.slot), last.outcome, escape(last.reason)) if last else ("", "never ran", "")
        table.add_row(job.name, " ".join(("scrapy", *job.words)), job.cadence, *shown, next_time(job, timetable))
    out().print(table)
    return WELL


def _operator(mail: Mail) -> Alert | None:
    """How to tell the operator; None when no mail server or no operator is set."""
    if not mail.host or mail.operator is None:
        return None
    from reports.alert import alert_operator  # noqa: PLC0415 - who sends no mail need not load it

    return lambda subject, lines: alert_operator(mail, subject, lines)
