"""`scrapy weekly`: the week's briefing, from the published file, and by mail to its readers."""

from __future__ import annotations

import argparse
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from crawler import clock
from crawler.command import BUSY, MISTAKE, WELL, WRONG, CommandError, MonitorCommand
from crawler.config import LANGUAGES_OF
from crawler.console import complain, say
from crawler.settings import VERSION
from reports.errors import MailSetupError, WeeklyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.deliver import Delivery, Order
    from reports.weekly import MadeIssue


class Command(MonitorCommand):
    """Makes an issue, and sends it when asked to."""

    expected = (WeeklyError, OSError)

    def short_desc(self) -> str:
        return "Make the weekly briefing (HTML and text, Chinese and English), and send it"

    def long_desc(self) -> str:
        return (
            "Makes the briefing of a week from the published file into issues/<week>/ under the data directory, and "
            "beside it the list of issues (index) and the district's figures against our own count (claims). A "
            "week runs from Monday 06:00 to Monday 06:00, Asia/Shanghai; once it is over its issue is frozen, and "
            "comes out the same to the byte ever after, unless it is corrected. Before that it is a draft. With --send "
            "it goes to each recipient in monitor.toml who does not have it yet, and before it what is still owed of "
            "the eight weeks before, newest revisions only: an issue whose mailing failed or never began is made up "
            "for, to those it was for and who still are recipients. Call again after a failure: deliveries.jsonl "
            "beside each issue remembers whom it is for and who has it. What may have arrived is told and not sent "
            "again until you decide with --resend or --arrived. A mistake in the mail settings does not keep the "
            "issue from being made, only a correction that is to be sent."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--week", metavar="YYYY-Www", help="ISO week, e.g. 2026-W47 (default: the last one over)")
        parser.add_argument("--lang", choices=sorted(LANGUAGES_OF), default="both", help="language (default: both)")
        parser.add_argument("--correct", metavar="WHY", help="make a frozen issue anew; its readers are told WHY")
        parser.add_argument(
            "--send", action="store_true", help="send it, and what is owed of earlier weeks, to who has not"
        )
        parser.add_argument("--dry-run", action="store_true", help="write the mails to outbox/ instead of sending them")
        for name, act in (("--resend", "send again"), ("--arrived", "count as sent")):
            told = f"{act} what an interrupted call left uncertain for ADDRESS (may be given several times)"
            parser.add_argument(name, metavar="ADDRESS", action="append", default=[], help=told)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        sending = opts.send or opts.dry_run
        if (opts.resend or opts.arrived) and (opts.correct is not None or not opts.send):
            raise CommandError("--resend and --arrived belong to --send, without --correct", MISTAKE)
        try:
            if sending and opts.correct is not None:
                self._check(opts)
            # Two at once could both take the same event.
            with FileLock(self.home / "issues.lock", timeout=60):
                made = self._make(opts)
                trouble = self._archive(opts)
            _tell_issue(made)
            code = self._send(made, opts) if sending else WELL
            if trouble:
                complain(f"error: the archive beside the issues: {trouble}")
            return WRONG if trouble and code == WELL else code
        except MailSetupError as error:
            raise CommandError(str(error), MISTAKE) from error

    def _make(self, opts: argparse.Namespace) -> MadeIssue:
        # As in `load`: not every crawl shall wait for DuckDB, Arrow and Jinja.
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415
        from reports.weekly import make_issue  # noqa: PLC0415

        return make_issue(
            self.home / PUBLISHED_NAME,
            self._issues,
            opts.week,
            LANGUAGES_OF[opts.lang],
            clock.now(),
            release=VERSION,
            base_url=self.config.site.base_url,
            district=(self.config.district.name_zh, self.config.district.name_en),
            correct=opts.correct,
        )

    def _archive(self, opts: argparse.Namespace) -> str:
        """Makes the archive's pages; what went wrong, for they must not keep an issue from its readers."""
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415
        from reports.archive import write_archive  # noqa: PLC0415

        district = (self.config.district.name_zh, self.config.district.name_en)
        try:
            write_archive(self.home / PUBLISHED_NAME, self._issues, LANGUAGES_OF[opts.lang], district=district)
        except (WeeklyError, OSError) as error:
            return str(error)
        return ""

    def _check(self, opts: argparse.Namespace) -> None:
        """Finds mistakes before an issue is corrected for a mailing that cannot be."""
        from reports.deliver import check_mailing, check_order  # noqa: PLC0415

        check = check_order if opts.dry_run else check_mailing
        check(self._order("", opts))

    def _send(self, made: MadeIssue, opts: argparse.Namespace) -> int:
        from reports.deliver import LOCK, deliver, write_outbox  # noqa: PLC0415

        order = self._order(made.week, opts)
        try:
            done = write_outbox(order) if opts.dry_run else deliver(order)
        except Timeout as error:
            raise CommandError(f"another mailing is at work (lock: {self._issues / LOCK})", BUSY) from error
        return self._tell_deliveries(done)

    def _tell_deliveries(self, done: Sequence[Delivery]) -> int:
        for week, group in groupby(done, key=attrgetter("week")):
            _tell_week(list(group), week)
        if unwell := [delivery for delivery in done if not delivery.is_well]:
            numbers = {one.address: number for number, one in enumerate(self.config.recipients, 1)}
            # The schedule keeps this line, but no address; recipients are counted as they stand in monitor.toml.
            complain("error: " + "; ".join(_in_short(unwell, numbers)))
            return WRONG
        return WELL

    def _order(self, week: str, opts: argparse.Namespace) -> Order:
        from reports.deliver import Order  # noqa: PLC0415

        return Order(
            issues=self._issues,
            week=week,
            mail=self.config.mail,
            recipients=self.config.recipients,
            base_url=self.config.site.base_url,
            resend=tuple(opts.resend),
            arrived=tuple(opts.arrived),
        )

    @property
    def _issues(self) -> Path:
        return self.home / "issues"


def _tell_issue(made: MadeIssue) -> None:
    counted = ", ".join(f"{count} {what}" for what, count in made.counts.items())
    mark = " (draft: the week is not over)" if made.draft else f" (correction {made.revision})" if made.revision else ""
    say(f"issue {made.week}{mark}: {counted}")
    for path in made.files:
        say(f"  {path}")


def _tell_week(done: Sequence[Delivery], week: str) -> None:
    from reports.deliver import Result, in_groups  # noqa: PLC0415

    say(f"mail of {week}: " + ", ".join(f"{result} {len(group)}" for result, group in in_groups(done)))
    for delivery in done:
        if delivery.result is Result.WRITTEN:
            say(f"  {delivery.detail}")
        elif not delivery.is_well:
            complain(f"  {delivery.address}: {delivery.result}: {delivery.detail}")
    if any(delivery.result is Result.UNCERTAIN for delivery in done):
        complain(
            f"uncertain: it may have arrived. Ask the reader, then call `scrapy weekly --week {week} --send` with "
            "--arrived ADDRESS, or with --resend ADDRESS"
        )


def _in_short(unwell: Sequence[Delivery], numbers: dict[str, int]) -> Iterator[str]:
    """What went wrong, such as `2026-W47: recipients 2, 5: refused: 550 no such user`."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in unwell:
        alike.setdefault((one.week, one.result, one.detail), []).append(str(numbers[one.address]))
    for (week, result, detail), who in alike.items():
        yield f"{week}: recipient{'s' * (len(who) > 1)} {', '.join(who)}: {result}: {detail}"
