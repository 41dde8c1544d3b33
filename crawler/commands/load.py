"""`scrapy load`: every finished run that is not in the database yet, through to the published file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.command import WELL, WRONG, CommandError, MonitorCommand
from crawler.config import Snapshots
from crawler.console import progress, say
from crawler.settings import VERSION

if TYPE_CHECKING:
    from pipelines.load import Loaded, Onlooker


class Command(MonitorCommand):
    """Loads and publishes."""

    def short_desc(self) -> str:
        return "Load finished runs into the database and publish it"

    def long_desc(self) -> str:
        return (
            "Takes every finished run that was not loaded yet through resolve, locate, classify and detect to the "
            "published file putuo.duckdb, and keeps that file as the day's snapshot. Safe to repeat and to kill. A "
            "database that lacks runs, firms, events or articles of the last published file is not published, unless "
            "you say that this is meant: scrapy load --accept-loss. Exit codes: 0 all runs loaded; 1 some refused, not "
            "published, or no snapshot taken."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_accept_loss(parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        return report(load_runs(self.home, self.config.snapshots, accept_loss=opts.accept_loss))


def add_accept_loss(parser: argparse.ArgumentParser) -> None:
    """Adds `--accept-loss`."""
    told = "publish though something is lost that the last published file holds (it is said what)"
    parser.add_argument("--accept-loss", action="store_true", help=told)


def load_runs(
    home: Path,
    snapshots: Snapshots,
    *,
    again: bool = False,
    accept_loss: bool = False,
    onlooker: Onlooker | None = None,
) -> Loaded:
    """Loads what is pending (`again`: everything, anew; with an onlooker: adds nothing). Raises CommandError."""
    # Scrapy imports every command to run one of them: with DuckDB, Arrow and the rest each crawl began 0.25 s later.
    from pipelines.classify import RulesError  # noqa: PLC0415
    from pipelines.decisions import DecisionError  # noqa: PLC0415
    from pipelines.load import LoaderBusyError, load  # noqa: PLC0415
    from pipelines.publish import PublishError  # noqa: PLC0415
    from pipelines.store.database import StoreError  # noqa: PLC0415

    try:
        with progress("rebuild" if again else "reclassify" if onlooker else "load") as tell:
            return load(
                home,
                code_version=VERSION,
                progress=tell,
                again=again,
                accept_loss=accept_loss,
                snapshots=snapshots,
                onlooker=onlooker,
            )
    except (LoaderBusyError, StoreError, DecisionError, PublishError, RulesError, OSError) as error:
        raise CommandError(str(error)) from error


def report(done: Loaded) -> int:
    """Prints what a load did; returns the exit code."""
    for manifest in done.added:
        counts = f"{manifest.counts.get('items', 0)} items, {manifest.counts.get('rejected', 0)} put aside"
        say(f"loaded {manifest.run_id}: {manifest.outcome} ({counts})")
    for run_id in done.running:
        say(f"left out {run_id}: still running")
    for run_id, reason in done.refused.items():
        say(f"REFUSED {run_id}: {reason}")
    if not done.added and not done.refused:
        say("no new run to load")
    if done.published:
        shown = done.published
        for note in shown.notes:
            say(f"note: {note}")
        say(f"published {shown.path}: {shown.firms} firms, {shown.core} core in Putuo, {shown.events} events")
        report_snapshot(done)
        say("next: scrapy weekly")
    return WRONG if done.refused or done.no_snapshot else WELL


def report_snapshot(done: Loaded) -> None:
    """Prints what became of the day's snapshot, and which ones the rules let go."""
    if done.snapshot and done.snapshot.path:
        say(f"kept as {done.snapshot.path}")
    if done.snapshot and done.snapshot.pruned:
        say(f"pruned snapshots of {', '.join(str(day) for day in done.snapshot.pruned)}")
    if done.no_snapshot:
        say(f"NOT KEPT: {done.no_snapshot}")
