"""`scrapy why EVENT_ID`: walks the proof of an event back to the captured bytes, and verifies every step."""

from __future__ import annotations

import argparse
import webbrowser

from crawler.command import MISTAKE, WELL, WRONG, CommandError, MonitorCommand
from crawler.console import complain, say
from reports.errors import WeeklyError


class Command(MonitorCommand):
    """Explains an event."""

    expected = (WeeklyError, OSError)

    def syntax(self) -> str:
        return "EVENT_ID [--open]"

    def short_desc(self) -> str:
        return "Show why an event is told: its proof, back to the captured page, verified"

    def long_desc(self) -> str:
        return (
            "Walks from an event in the published file to each record that proves it, to the run that read it, and to "
            "the line or sentence in the bytes that were captured, and says of each step whether it holds: hashes, "
            "manifest, values. Writes why/EVENT_ID.html under the data directory with the captured pages, which needs "
            "no network. The beginning of an id is enough if no other begins so; find ids with SELECT event_id, name, "
            "kind FROM events. Example: scrapy why e170ab13341ba6873 --open. Exit codes: 0 the proof is whole; 1 some "
            "of it does not hold or is missing, or there is no such event; 2 a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--open", action="store_true", help="open the page in the browser")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) != 1 or not args[0].strip():
            raise CommandError("say which event: scrapy why EVENT_ID", MISTAKE)
        # As in `load`: not every crawl shall wait for DuckDB and Jinja.
        from pipelines.classify import RulesError  # noqa: PLC0415
        from reports.why import WhyError, explain, lines_of, write_page  # noqa: PLC0415

        try:
            chain = explain(self.home, args[0].strip())
        except (WhyError, RulesError) as error:
            raise CommandError(str(error)) from error
        for line in lines_of(chain):
            say(line)
        page = write_page(chain, self.home)
        say(f"page: {page}")
        if not opts.open:
            say("next: open it in a browser (--open does)")
        elif not webbrowser.open(page.resolve().as_uri()):
            complain("no browser could be opened; open the page by hand")
        return WRONG if chain.broken else WELL
