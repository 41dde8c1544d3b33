"""`scrapy reclassify`: every firm read again after a change of rules, and what is labelled otherwise."""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.command import MISTAKE, WELL, WRONG, CommandError, MonitorCommand
from crawler.commands.load import load_runs, report_snapshot
from crawler.console import progress, say
from crawler.target_file import replacing
from reports.spreadsheet import neutral
from reports.untrusted import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.label_changes import Change, Difference, Judgement, Stays
    from pipelines.load import Loaded
    from pipelines.reclassify import Reclassified
    from reports.spreadsheet import Change as Mended

_LINE = 400  # characters shown
_LABEL = ("grade", "sub_sector", "secondary", "score", "words")
_COLUMNS = (
    "uscc",
    "name",
    "in_putuo",
    "difference",
    *(f"{name}_{when}" for when in ("before", "after") for name in _LABEL),
)


class Command(MonitorCommand):
    """Labels every firm anew."""

    expected = (OSError,)

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Read every firm again after a change of rules, and list what changed"

    def long_desc(self) -> str:
        return (
            "Labels all firms anew by the rules and weights of this program, publishes that, and lists the firms that "
            "are labelled otherwise than before, those in Putuo first: by grade, then by sub-sector, then by further "
            "sub-sectors, score or words alone. Labels never make events: if an event would come, go or change, "
            "nothing is published and it is said which. Runs that wait are left to `scrapy load`. What a person "
            "decided stays, and is listed apart. --dry-run only reads the published file, and writes nothing. "
            "Example: scrapy reclassify --dry-run --limit 50 -o changes.csv. Exit codes: 0 done; 1 not published, or "
            "no snapshot taken; 2 a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="judge the published firms, and write nothing")
        parser.add_argument("--limit", metavar="N", type=int, default=20, help="changes to show (default: 20)")
        parser.add_argument("-o", "--output", metavar="CHANGES.csv", help="write all changes to this file (replaced)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise CommandError(f"{' '.join(args)!r}: reclassify takes options alone", MISTAKE)
        if opts.limit < 1:
            raise CommandError(f"--limit {opts.limit}: must be 1 or more", MISTAKE)
        # As in `load`: not every crawl shall wait for DuckDB and Arrow.
        from pipelines.classify import RulesError  # noqa: PLC0415
        from pipelines.published_file import PublishedFileError  # noqa: PLC0415
        from pipelines.reclassify import ReclassifyError  # noqa: PLC0415

        try:
            with _writing(opts.output) as keep:
                found, done = self._rehearse(keep, opts.limit) if opts.dry_run else self._publish(keep, opts.limit)
        except (PublishedFileError, ReclassifyError, RulesError) as error:
            raise CommandError(str(error)) from error
        _tell(found, opts)
        return _tell_published(done) if done else WELL

    def _rehearse(self, keep: Callable[[Change], None], limit: int) -> tuple[Reclassified, None]:
        from pipelines.reclassify import rehearse  # noqa: PLC0415

        with progress("reclassify") as tell:
            return rehearse(self.home, limit, keep, tell), None

    def _publish(self, keep: Callable[[Change], None], limit: int) -> tuple[Reclassified, Loaded]:
        from pipelines.reclassify import Comparison  # noqa: PLC0415

        comparison = Comparison(self.home, limit, keep)
        done = load_runs(self.home, self.config.snapshots, onlooker=comparison)
        assert comparison.found is not None
        return comparison.found, done


@contextmanager
def _writing(name: str | None) -> Iterator[Callable[[Change], None]]:
    """Where the changes go: a CSV file that appears when all went well, or nowhere."""
    if name is None:
        yield lambda _: None
        return
    mended: Counter[Mended] = Counter()
    with replacing(name) as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        yield lambda change: writer.writerow(neutral(cell, mended) for cell in _cells(change))


def _cells(change: Change) -> Iterator[str]:
    yield from (change.uscc, change.name, "yes" if change.is_in_putuo else "no", change.difference)
    for label in (change.before, change.after):
        yield from (label.grade, label.sub_sector, label.secondary, f"{label.score:.3f}", label.words)


# ------------------------------------------------------------------------------------------------------- telling


def _tell(found: Reclassified, opts: argparse.Namespace) -> None:
    changes = found.changes
    say(f"read {found.firms} firms: rules {found.old_rules} → {found.new_rules}")
    say(f"labelled otherwise: {_counted(changes.counts)}")
    if changes.counts:
        say(f"of these in Putuo: {_counted(changes.in_putuo)}")
    for number, change in enumerate(changes.shown, start=1):
        _tell_change(number, change)
    if (more := changes.counts.total() - len(changes.shown)) and not opts.output:
        say(f"… and {more} more: --limit {changes.counts.total()}, or -o CHANGES.csv")
    if opts.output:
        say(f"all of them: {opts.output}")
    for stays in found.stays[: opts.limit]:
        _tell_stays(stays)
    if len(found.stays) > opts.limit:
        say(f"… and {len(found.stays) - opts.limit} more that persons decided: scrapy review --decided --kind label")
    if found.events is None:
        say("nothing was written; without --dry-run this is published, once it is proved that no event changes")
    else:
        say(f"events: {found.events} before and after, the same")


def _counted(counts: Counter[Difference]) -> str:
    told = ", ".join(f"{difference} {count}" for difference, count in counts.most_common())
    return f"{counts.total()} ({told})" if told else "none"


def _tell_change(number: int, change: Change) -> None:
    where = "" if change.is_in_putuo else ", not in Putuo"
    say(f"{number}. {change.difference}: {clean(change.name, _LINE)} ({change.uscc}){where}")
    say(f"   was: {_label(change.before)}")
    say(f"   now: {_label(change.after)}")


def _label(label: Judgement) -> str:
    beside = f" (and {label.secondary.replace('|', ', ')})" if label.secondary else ""
    return f"{label.grade}, {label.sub_sector}{beside}, {label.score:.3f}; {clean(label.words, _LINE) or 'no words'}"


def _tell_stays(stays: Stays) -> None:
    say(f"decided by a person: stays {stays.grade}, {stays.sub_sector}: {clean(stays.name, _LINE)} ({stays.uscc})")
    say(f"   {clean(stays.why, _LINE)}; the rules would say {stays.rules.grade}, {stays.rules.sub_sector}")


def _tell_published(done: Loaded) -> int:
    assert done.published is not None
    shown = done.published
    for note in shown.notes:
        say(f"note: {note}")
    if done.waiting:
        say(f"runs that wait for `scrapy load`: {len(done.waiting)}")
    say(f"published {shown.path}: {shown.firms} firms, {shown.core} core in Putuo, {shown.events} events")
    report_snapshot(done)
    return WRONG if done.no_snapshot else WELL
