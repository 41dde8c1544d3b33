"""`scrapy crawl SOURCE`: one run of one source; extends the built-in command with `--now` and a truthful exit code."""

from __future__ import annotations

import argparse
import logging

from scrapy import Spider
from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from crawler import config
from crawler.clock import ClockError
from crawler.clock_check import ClockBehindError, start_after_newest
from crawler.command import MISTAKE, WELL, WRONG, add_now, set_clock
from crawler.config import ConfigError
from crawler.console import complain, say
from crawler.full_disk import FullDisk
from crawler.items import RejectReason
from crawler.run_folder import GOOD, Manifest, Outcome
from crawler.source import BadArgumentError, SourceSpider


class Command(crawl.Command):
    """Runs a source, says how it ended and what to do next."""

    def short_desc(self) -> str:
        return "Crawl one source into a new run folder"

    def long_desc(self) -> str:
        return (
            "Crawls one source into a new run folder under the data directory. Example: scrapy crawl registry_extract "
            "-a path=extract.csv -a listing=full. A warning (a field filled less than usual, a list that shrank, words "
            "not met before) is something to look at: it does not fail the run. Exit codes: 0 read completely, or "
            "nothing new; 1 not, or the clock stands before the runs there are; 2 a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_now(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("say which source; `scrapy list` names them")
        if opts.output or opts.overwrite_output:
            raise UsageError("a run writes its items into its own folder; -o and -O would leave it without")
        assert self.crawler_process is not None
        try:
            set_clock(opts)
            config.load_config()
            spider_class = self.crawler_process.spider_loader.load(args[0])
            spider_class(**opts.spargs)  # refuses a wrong argument before anything is written
            start_after_newest(config.home())
        except KeyError:
            complain(f"error: no source {args[0]!r}; `scrapy list` names them")
            self.exitcode = MISTAKE
            return
        except (ClockError, ConfigError, BadArgumentError) as error:
            complain(f"error: {error}")
            self.exitcode = MISTAKE
            return
        except ClockBehindError as error:
            complain(f"error: {error}")
            self.exitcode = WRONG
            return
        _quiet()
        full = FullDisk()
        crawler = self.crawler_process.create_crawler(spider_class)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        self.exitcode = self._told_end(crawler.spider, full)

    def _told_end(self, spider: Spider | None, full: FullDisk) -> int:
        """Says how the run ended; returns the exit code."""
        assert self.crawler_process is not None
        if self.crawler_process.bootstrap_failed or not isinstance(spider, SourceSpider) or not spider.outcome:
            if full.error is not None:
                complain(
                    f"error: the run cannot be written ({full.error}) and counts as crashed; make room, crawl again"
                )
            return WRONG
        _report(spider.run_folder.read_manifest(), str(spider.run_folder.path))
        return WELL if spider.outcome in GOOD else WRONG


def _quiet() -> None:
    # What Scrapy is made of is of no use to an operator, and buries the lines that are.
    for name in ("addons", "crawler", "middleware", "utils.log", "extensions.logstats", "extensions.feedexport"):
        logging.getLogger(f"scrapy.{name}").setLevel(logging.WARNING)


def _report(manifest: Manifest, folder: str) -> None:
    items, rejected = manifest.counts.get("items", 0), manifest.counts.get("rejected", 0)
    say(f"{manifest.outcome}: {items} items read, {rejected} rows put aside → {folder}")
    if manifest.reason:
        say(f"  why: {manifest.reason}")
    for reason, count in manifest.rejected.items():
        say(f"  put aside: {count} × {RejectReason(reason)}")
    if left_out := manifest.counts.get("left_out"):
        say(f"  left out: {left_out} rows that name no firm (the header again, totals)")
    for warning in manifest.warnings:
        say(f"  warning: {warning}")
    if manifest.outcome in (Outcome.COMPLETE, Outcome.PARTIAL):
        say("next: scrapy load")
    elif manifest.outcome in GOOD:
        say("next: nothing to load; ask again when there is something new")
    else:
        say("next: mend what the reason names and crawl again; `scrapy load` records this outcome")
