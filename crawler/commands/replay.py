"""`scrapy replay RUN…`: reads what crawls kept again with today's parsers, offline."""

from __future__ import annotations

import argparse

from filelock import Timeout
from scrapy.exceptions import UsageError

from crawler import clock
from crawler.child_process import ChildProcess, passing_on
from crawler.command import BUSY, MISTAKE, WELL, WRONG, CommandError, MonitorCommand
from crawler.console import progress, say
from crawler.replay import NoSuchRunError, Replay, Replayed, ReplayRefusedError, find, readable_crawls, staging
from crawler.run_folder import RunFolderError


class Command(MonitorCommand):
    """Reads again."""

    expected = (OSError,)

    def syntax(self) -> str:
        return "[options] RUN… | --source ID"

    def short_desc(self) -> str:
        return "Read captures again with today's parsers, offline"

    def long_desc(self) -> str:
        return (
            "Crawls RUN once more with the network taken away: what it kept answers every request, its clock and what "
            "was known before it are as they were then. What today's parsers read otherwise becomes a run that "
            "supersedes RUN; what reads the same is not written. RUN is a run id, a path to its folder, or a prefix of "
            "an id that only one crawl has; a replay stands for the crawl that it read. A reading that ends worse, or "
            "gives fewer than four fifths of the items, is refused. Example: scrapy replay --source registry_extract "
            "--dry-run; scrapy replay registry_extract/20261116T020000Z-abc123; scrapy load. Safe to kill. Exit codes: "
            "0 all read again, or the same; 1 some refused; 2 a mistake in the call; 3 another replay is at work."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", metavar="ID", help="read every crawl of a source again, oldest first")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
        parser.add_argument(
            "--accept-loss", action="store_true", help="also take a reading that ends worse or gives far fewer items"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if bool(args) == bool(opts.source):
            raise UsageError("say which runs: one or more RUN, or --source ID")
        try:
            runs = (
                self._all_of(opts.source) if opts.source else list(dict.fromkeys(find(self.home, run) for run in args))
            )
        except NoSuchRunError as error:
            raise CommandError(str(error), MISTAKE) from error
        child = ChildProcess()
        try:
            with staging(self.home) as place, passing_on(child):
                return self._read(Replay(self.home, place, clock.now(), child), runs, child, opts)
        except Timeout as error:
            raise CommandError(f"another replay is at work (lock: {error.lock_file}); leaving it to it", BUSY) from None

    def _all_of(self, source: str) -> list[str]:
        runs, others = readable_crawls(self.home, source)
        if others:
            run_id, why = list(others.items())[-1]
            say(f"{source}: {len(others)} runs cannot be read again; the last of them, {run_id}: {why}")
        if not runs:
            raise CommandError(f"{source}: no run can be read again")
        return runs

    def _read(self, replay: Replay, runs: list[str], child: ChildProcess, opts: argparse.Namespace) -> int:
        written = refused = 0
        with progress("replay") as tell:
            for done, run_id in enumerate(runs, start=1):
                try:
                    read = replay.read_again(run_id, write=not opts.dry_run, accept_loss=opts.accept_loss)
                    say(f"{run_id}: {_told(read)}")
                    written += read.folder is not None
                except (ReplayRefusedError, RunFolderError) as error:
                    if child.told_to_stop:
                        break
                    say(f"REFUSED {run_id}: {error}")
                    refused += 1
                tell("runs", done, len(runs))
                if child.told_to_stop:
                    break
        if written:
            say("next: scrapy load")
        if child.told_to_stop:
            raise CommandError("told to stop; what was read again until then stands")
        return WRONG if refused else WELL


def _told(read: Replayed) -> str:
    if read.reads_the_same:
        return f"reads the same ({read.difference.same} items)"
    end = f"{read.outcome}: {read.difference}"
    return f"{end} → {read.folder.path}" if read.folder else f"would be {end}"
