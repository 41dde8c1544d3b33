"""Watches a run and writes its manifest last: the outcome, the counts, the fill rates, what the next run may know."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured

from crawler import clock, drift
from crawler.items import Item, Rejected, Status, field_names
from crawler.run_folder import CAPTURE, GOOD, ITEMS, Manifest, Outcome, RunFolder, describe_file
from crawler.settings import VERSION
from crawler.source import HOME_SETTING, RUN_FOLDER_SETTING, SourceSpider

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# Above this share of bad rows an extract is not what it says it is, and must not stand for "everything".
_BAD_ROWS_ALLOWED = 0.2
_ENDED_BY_GUARD = (str(Outcome.BLOCKED), "budget")  # close reasons after which all that came has become items
_SAYS_NOTHING = (None, "", Status.UNKNOWN)


class ManifestWriter:
    """Extension. Holds the run's lock from before the first byte until the manifest is in place."""

    def __init__(self, crawler: Crawler) -> None:
        path = crawler.settings.get(RUN_FOLDER_SETTING)
        if not path:
            raise NotConfigured("not the crawl of a declared source")
        self._crawler = crawler
        self._folder = RunFolder(Path(path))
        self._folder.path.mkdir(parents=True)
        self._lock = self._folder.lock()
        self._lock.acquire(timeout=0)
        self._started_at = clock.now()
        if isinstance(crawler.spider, SourceSpider):
            self._folder.begin({"series": crawler.spider.series, "listing": crawler.spider.report.listing})
            crawler.spider.report.began_at = clock.stamp(self._started_at)
        self._finish_reason = "did not start"
        self._counts: Counter[str] = Counter()
        self._rejected: Counter[str] = Counter()
        self._filled: Counter[str] = Counter()
        self._lost = 0
        self._files: dict[str, dict[str, Any]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        writer = cls(crawler)
        crawler.signals.connect(writer.item_scraped, signals.item_scraped)
        crawler.signals.connect(writer.item_error, signals.item_error)
        crawler.signals.connect(writer.spider_closed, signals.spider_closed)
        crawler.signals.connect(writer.engine_stopped, signals.engine_stopped)
        return writer

    def item_scraped(self, item: Item) -> None:
        """Counts an item, and which of its fields say something."""
        if isinstance(item, Rejected):
            self._counts["rejected"] += 1
            self._rejected[item.reason] += 1
            self._counts["rejected_unidentified"] += not (item.uscc or item.cells.get("licence_id"))
            return
        self._counts["items"] += 1
        self._filled.update(name for name in field_names(type(item)) if getattr(item, name) not in _SAYS_NOTHING)

    def item_error(self) -> None:
        """Counts an item that was lost to an error of ours."""
        self._lost += 1

    def spider_closed(self, reason: str) -> None:
        """Remembers why the crawl ended."""
        self._finish_reason = reason

    def engine_stopped(self) -> None:
        """Writes the manifest; nothing of the run is written after this."""
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        paths = [self._folder.path / name for name in (ITEMS, CAPTURE)]
        self._files = {path.name: describe_file(path) for path in paths if path.exists()}
        if torn := self._torn():
            outcome, reason = Outcome.FAILED, torn
            self._files.pop(ITEMS, None)  # it may hold half a line; nothing is remembered, so all is read again
        else:
            outcome, reason = self._outcome(spider)
        manifest = self._manifest(spider, outcome, reason)
        manifest = replace(manifest, warnings=[*manifest.warnings, *self._drift(spider, manifest)])
        self._folder.write_manifest(manifest)
        self._lock.release()
        spider.outcome = outcome
        logger.info("run %s: %s%s", self._folder.run_id, outcome, f" ({reason})" if reason else "")
        for warning in manifest.warnings:
            logger.warning("run %s: %s", self._folder.run_id, warning)

    def _outcome(self, spider: SourceSpider) -> tuple[Outcome, str]:
        """Scrapy says "finished" even after callback errors, so the stats and the run's own report decide."""
        report, items = spider.report, self._counts["items"]
        if report.stopped and report.stopped[0] in (Outcome.BLOCKED, Outcome.FAILED, Outcome.EMPTY_WRONG):
            outcome, reason = report.stopped
            return (Outcome.PARTIAL, f"{outcome} after {items} items: {reason}") if items else (outcome, reason)
        if report.stopped and report.stopped[0] is not Outcome.COMPLETE:
            return report.stopped
        if troubles := self._troubles(spider):
            return (Outcome.PARTIAL if items else Outcome.FAILED), "; ".join(troubles)
        # A part of a sweep may pass over none but firms elsewhere: it has read its share of the night all the same.
        if report.stopped or items or (report.sweep and report.listed["records"]):
            return report.stopped or (Outcome.COMPLETE, "")
        if spider.source.may_be_empty:
            return Outcome.EMPTY_ALLOWED, "the source had nothing"
        return Outcome.EMPTY_WRONG, "no row was read, which this source never says"

    def _troubles(self, spider: SourceSpider) -> list[str]:
        """Why the run is not complete."""
        items, rejected = self._counts["items"], self._counts["rejected"]
        found = [*spider.report.incomplete, *self._errors(), *self._too_empty(spider)]
        if items + rejected and rejected > _BAD_ROWS_ALLOWED * (items + rejected):
            found.append(f"{rejected} of {items + rejected} rows could not be read")
        return found

    def _torn(self) -> str:
        """Whether what was read did not reach the disk, in words; empty when it did."""
        counted = self._counts["items"] + self._counts["rejected"]
        written = self._files.get(ITEMS, {}).get("lines", 0)
        return f"{ITEMS} holds {written} of {counted} items; is the disk full?" if counted != written else ""

    def _errors(self) -> list[str]:
        early = self._finish_reason != "finished"
        return [*self._lost_on_the_way(), *([f"the crawl ended early ({self._finish_reason})"] if early else [])]

    def _lost_on_the_way(self) -> list[str]:
        """What came, and did not become items, in words."""
        stats = self._crawler.stats.get_stats() if self._crawler.stats else {}
        found = []
        if self._lost:
            found.append(f"{self._lost} rows lost to errors, see the log")
        if exceptions := stats.get("spider_exceptions/count"):
            found.append(f"{exceptions} parser errors, see the log")
        return found

    def _too_empty(self, spider: SourceSpider) -> list[str]:
        return drift.too_empty(spider.source.must_fill, self._filled, self._counts["items"])

    def _drift(self, spider: SourceSpider, run: Manifest) -> list[str]:
        """What changed since the runs before; a replay is compared with those that had ended when its crawl began."""
        before = spider.past.began_at if spider.past else run.started_at
        earlier = drift.earlier_runs(Path(self._crawler.settings[HOME_SETTING]), run, before)
        return drift.warnings(run, earlier, spider.source.may_drop)

    def _manifest(self, spider: SourceSpider, outcome: Outcome, reason: str) -> Manifest:
        items = self._counts["items"]
        stats = self._crawler.stats.get_stats() if self._crawler.stats else {}
        complete = outcome is Outcome.COMPLETE
        not_modified = int(stats.get("downloader/response_status_count/304", 0))
        return Manifest(
            run_id=self._folder.run_id,
            source=spider.source.id,
            series=spider.series,
            listing=spider.report.listing,
            outcome=outcome,
            reason=reason,
            started_at=clock.stamp(self._started_at),
            finished_at=clock.stamp(clock.now()),
            # An unidentified bad row may be any firm's: then nobody's absence is proved.
            lists_everything=complete and spider.report.lists_everything and not self._counts["rejected_unidentified"],
            arguments=spider.given | _rehearsed(spider),
            counts={
                "items": items,
                "rejected": self._counts["rejected"],
                "requests": int(stats.get("downloader/request_count", 0)),
                "bytes": int(stats.get("downloader/response_bytes", 0)),
                **({drift.NOT_MODIFIED: not_modified} if not_modified else {}),
                **spider.report.counts,
            },
            rejected=dict(sorted(self._rejected.items())),
            fill_rates={name: round(self._filled[name] / items, 4) for name in sorted(self._filled)},
            listed=dict(sorted(spider.report.listed.items())),
            unknown={kind: dict(sorted(words.items())) for kind, words in sorted(spider.report.unknown.items())},
            warnings=list(spider.report.warnings),
            sweep=spider.report.sweep,
            files=self._files,
            declaration=asdict(spider.source) | {"publisher_zh": spider.publisher},
            parser=spider.source.parser,
            code_version=VERSION,
            not_before=spider.report.not_before,
            next=spider.report.next if self._is_remembered(spider, outcome) else {},
        )

    def _is_remembered(self, spider: SourceSpider, outcome: Outcome) -> bool:
        # What was lost between page and file, or read without what it says, would never be asked for again if its page
        # were remembered as read.
        turned_away = spider.report.keeps_next and self._finish_reason in _ENDED_BY_GUARD
        if (self._lost_on_the_way() if turned_away else self._errors()) or self._too_empty(spider):
            return False
        if outcome is Outcome.PARTIAL:
            return spider.report.keeps_next
        return outcome in GOOD and not spider.report.incomplete


def _rehearsed(spider: SourceSpider) -> dict[str, str]:
    """Says of a rehearsal that it was one: which hosts were answered by stand-ins."""
    return {"stand_ins": ", ".join(sorted(spider.report.stand_ins))} if spider.report.stand_ins else {}
