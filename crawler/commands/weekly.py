"""`scrapy weekly`: the week's briefing, from the published file."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from filelock import FileLock

from crawler import clock
from crawler.command import WELL, MonitorCommand
from crawler.console import say
from crawler.settings import VERSION
from reports.errors import WeeklyError

if TYPE_CHECKING:
    from reports.weekly import MadeIssue
    from reports.words import Language

LANGUAGES: dict[str, tuple[Language, ...]] = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}


class Command(MonitorCommand):
    """Makes an issue."""

    expected = (WeeklyError, OSError)

    def short_desc(self) -> str:
        return "Make the weekly briefing (HTML and text, Chinese and English)"

    def long_desc(self) -> str:
        return (
            "Makes the briefing of a week from the published file into issues/<week>/ under the data directory. A "
            "week runs from Monday 06:00 to Monday 06:00, Asia/Shanghai; once it is over its issue is frozen, and "
            "comes out the same to the byte ever after. Before that it is a draft."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--week", metavar="YYYY-Www", help="ISO week, e.g. 2026-W47 (default: the last one over)")
        parser.add_argument("--lang", choices=sorted(LANGUAGES), default="both", help="language (default: both)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        # Two at once could both take the same event.
        with FileLock(self.home / "issues.lock", timeout=60):
            made = self._make(opts)
        counted = ", ".join(f"{count} {what}" for what, count in made.counts.items())
        say(f"issue {made.week}{' (draft: the week is not over)' if made.draft else ''}: {counted}")
        for path in made.files:
            say(f"  {path}")
        return WELL

    def _make(self, opts: argparse.Namespace) -> MadeIssue:
        # As in `load`: not every crawl shall wait for DuckDB, Arrow and Jinja.
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415
        from reports.weekly import make_issue  # noqa: PLC0415

        return make_issue(
            self.home / PUBLISHED_NAME,
            self.home / "issues",
            opts.week,
            LANGUAGES[opts.lang],
            clock.now(),
            release=VERSION,
            base_url=self.config.site.base_url,
            district=(self.config.district.name_zh, self.config.district.name_en),
        )
