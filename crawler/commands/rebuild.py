"""`scrapy rebuild`: the whole database again, from run folders and decisions alone."""

from __future__ import annotations

import argparse

from crawler.command import MonitorCommand
from crawler.commands.load import load_runs, report
from crawler.console import say


class Command(MonitorCommand):
    """Makes the database again."""

    def short_desc(self) -> str:
        return "Make the database again from the run folders"

    def long_desc(self) -> str:
        return (
            "Throws the working database away and loads every run folder and decision again. The published file stays "
            "until the new one replaces it. The result is the same, to the content hash it prints."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        done = load_runs(self.home, again=True)
        exitcode = report(done)
        if done.published:
            say(f"content hash: {done.published.content_hash}")
        return exitcode
