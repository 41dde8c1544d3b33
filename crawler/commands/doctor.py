"""`scrapy doctor`: is this installation able to do its work, and did it? One line a check, with what to do."""

from __future__ import annotations

import argparse

from rich.markup import escape
from rich.table import Table
from scrapy.exceptions import UsageError

from crawler.command import WELL, WRONG, MonitorCommand
from crawler.console import out, say


class Command(MonitorCommand):
    """Checks the installation, or with `--live` the sources."""

    expected = (OSError,)

    def syntax(self) -> str:
        return "[--live [SOURCE …]]"

    def short_desc(self) -> str:
        return "Check this installation, its data and its sources"

    def long_desc(self) -> str:
        return (
            "Looks at Python, packages, configuration, data directory, run folders, database, snapshots, sources, "
            "timetable and mail settings, without touching the network. A note says what could be set or is still to "
            "come; BAD says what must be mended, and how. Exit codes: 0 all well; 1 something is BAD. With --live it "
            "looks at the sources instead: robots.txt and one page of a list each, asked by the spider that would "
            "crawl them, in at most six requests beside robots.txt, and nothing is written into the data directory. "
            "Asked are the sources that are switched on, or those named, or --all. Exit codes: 0 every source asked is "
            "READY; 1 one is not; 2 crawl.contact is not set, or a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--live", action="store_true", help="ask the sources themselves: one page each")
        parser.add_argument("--all", action="store_true", help="with --live: every source, switched on or not")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        # What it looks with takes long to import, and Scrapy imports every command to find one.
        from crawler.checks import duties, installation, live  # noqa: PLC0415
        from crawler.checks.finding import BAD, Installation, findings  # noqa: PLC0415

        if opts.live:
            return live.look(self.config, self.home, args, everything=opts.all)
        if args or opts.all:
            raise UsageError("sources are looked at with --live: scrapy doctor --live SOURCE …")
        here = Installation(self.config, self.home)
        checks = (
            installation.program,
            installation.configuration,
            installation.data_directory,
            installation.runs,
            installation.database,
            installation.snapshots,
            duties.sources,
            duties.timetable,
            duties.mail,
        )
        found = [finding for check in checks for finding in findings(check, here)]
        table = Table("", "checked", "found")
        for finding in found:
            table.add_row(*(escape(text) for text in finding))
        out().print(table)
        bad = sum(verdict == BAD for verdict, _, _ in found)
        say("all well" if not bad else f"{bad} of {len(found)} need attention")
        return WRONG if bad else WELL
