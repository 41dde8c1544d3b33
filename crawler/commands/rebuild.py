"""`scrapy rebuild`: the whole database again, from run folders and decisions alone."""

from __future__ import annotations

import argparse

from crawler.command import MonitorCommand
from crawler.commands.load import add_accept_loss, load_runs, report
from crawler.console import say


class Command(MonitorCommand):
    """Makes the database again."""

    def short_desc(self) -> str:
        return "Make the database again from the run folders"

    def long_desc(self) -> str:
        return (
            "Throws the working database away and loads every run folder and decision again. The published file stays "
            "until the new one replaces it. The result is the same, to the content hash it prints. For a store that is "
            "torn, after run folders were restored, or when a new version asks for it. A database that lacks runs, "
            "firms, events or articles of the published file is not published, unless you say that this is meant: "
            "--accept-loss, here or at the next `scrapy load`. Exit codes: as of load."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_accept_loss(parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        done = load_runs(self.home, self.config.snapshots, again=True, accept_loss=opts.accept_loss)
        exitcode = report(done)
        if done.published:
            say(f"content hash: {done.published.content_hash}")
        return exitcode
