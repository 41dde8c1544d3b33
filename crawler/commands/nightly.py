"""`scrapy nightly`: crawls what is due, each in its own process, then loads and publishes."""

from __future__ import annotations

import argparse
import subprocess
import sys

from filelock import FileLock, Timeout

from crawler import clock, config
from crawler.command import BUSY, WELL, WRONG, CommandError, MonitorCommand
from crawler.commands.load import load_runs, report
from crawler.console import say
from crawler.due import Job, jobs, record_missed

LOCK_NAME = "nightly.lock"
_LONGEST_CRAWL = 6 * 3600  # seconds; a crawl that hangs must not keep the others from their night


class Command(MonitorCommand):
    """The night's work."""

    def short_desc(self) -> str:
        return "Crawl every source that is due, then load"

    def long_desc(self) -> str:
        return (
            "Crawls every configured source that is due, one child process each, records what was missed, then loads "
            "and publishes. A second nightly leaves at once. Exit codes: 0 all well; 1 a source or the load failed "
            "(the others were still done); 3 another nightly is at work."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--all", action="store_true", help="crawl every configured source, due or not")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        self.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.home / LOCK_NAME)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise CommandError(f"another nightly is at work (lock: {lock.lock_file}); leaving it to it", BUSY) from None
        with lock:
            return max(self._crawl_due(everything=opts.all), report(load_runs(self.home)))

    def _crawl_due(self, *, everything: bool) -> int:
        configured = jobs(self.config, self.home)
        if not configured:
            say(f"nothing is configured: drop extracts into {self.home}/inbox/full or …/inbox/new, or name a series")
        worst = WELL
        for job in configured:
            now = clock.now()
            due = job.next_due(self.home, now)
            if due > now and not everything:
                say(f"{job.label}: next due {due.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}")
                continue
            if missed := record_missed(job, self.home, now):
                say(f"{job.label}: was missed {missed} times")
            worst = max(worst, _crawl(job))
        return worst


def _crawl(job: Job) -> int:
    words = [sys.executable, "-m", "scrapy", "crawl", job.source.id, *clock.as_argument()]
    for name, value in job.arguments.items():
        words += ["-a", f"{name}={value}"]
    say(f"{job.label}: crawling")
    try:
        done = subprocess.run(words, cwd=config.project_root(), timeout=_LONGEST_CRAWL, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        say(f"{job.label}: stopped after {_LONGEST_CRAWL // 3600} hours")
        return WRONG
    return WELL if done.returncode == 0 else WRONG
