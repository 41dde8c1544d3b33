"""What a source is (`Source`), what a run reports of itself (`RunReport`), and the base of every spider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.spidermiddlewares.httperror import HttpError

from crawler import clock, config
from crawler.fields.personal import redact
from crawler.fields.text import clean
from crawler.run_folder import ITEMS, Outcome, RunFolder, crawls, new_run_folder

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

RUN_FOLDER_SETTING = "MONITOR_RUN_FOLDER"
HOME_SETTING = "MONITOR_HOME"
EVERY_NIGHT = "0 2 * * *"  # a source with this cadence follows the night's own time, if the operator moves that
PROBE_SETTING = "MONITOR_PROBE"  # the crawl ends with the first page of a list: `scrapy doctor --live`
_LONGEST_REASON = 200  # characters
_LONGEST_WORD = 40  # characters of a word of a page that is counted
_MOST_WORDS = 200  # distinct words that are counted by name


class CaptureMode(StrEnum):
    """How a source's replies may be kept."""

    FULL = "full"
    REDACTED = "redacted"  # personal data blanked before writing; the hash is of the original
    DIGEST = "digest"  # hash and facts only, for copyrighted pages; cannot be replayed


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source's declaration: who publishes it, what it proves, how often and how gently it is asked.

    `cadence` is a cron line in Asia/Shanghai. `proves` are the kinds of events that its items can be proof of.
    `address` is where a person opens it, `terms` what is known of its terms of use. `confirmed` says what of this
    description was seen in public code or a stored page, `from_memory` what was not. `parser` is the version of its
    reading; raise it when the reading changes.

    `must_fill` are shares of a run's items (0 to 1) below which a field's filling fails the run; `may_drop` is by how
    much a field's share may fall below what it was in the source's own history before the run is told to warn of it.
    `late_after_days` is for how long nothing may have been read of it before a person should look what is wrong.
    `first_sight_is_news` is false for a register in which a firm that is new to it need not be a new firm.
    """

    id: str
    title_zh: str
    title_en: str
    publisher_zh: str
    publisher_en: str
    proves: tuple[str, ...]
    cadence: str
    capture: CaptureMode
    may_be_empty: bool
    parser: str
    max_requests: int
    confirmed: str
    from_memory: str = ""
    address: str = ""
    terms: str = ""
    must_fill: Mapping[str, float] = field(default_factory=dict)
    may_drop: float = 0.2
    late_after_days: int = 10
    first_sight_is_news: bool = True


@dataclass(slots=True)
class RunReport:
    """What spider and guard learn of their own run while it runs; the manifest is written from it."""

    began_at: str = ""  # as the manifest will say; what is named by it is named so in a replay too
    stopped: tuple[Outcome, str] | None = None
    incomplete: list[str] = field(default_factory=list)
    listing: str = ""
    lists_everything: bool = False
    not_before: str = ""
    next: dict[str, Any] = field(default_factory=dict)
    spent: bool = False  # the budget of requests is
    keeps_next: bool = False  # `next` holds although the run is partial: what is missing will be asked for again
    counts: dict[str, int] = field(default_factory=dict)
    listed: Counter[str] = field(default_factory=Counter)  # records that lists showed, and those that had each field
    unknown: dict[str, Counter[str]] = field(default_factory=dict)  # by kind: keys, labels, categories
    warnings: list[str] = field(default_factory=list)
    sweep: str = ""  # of a list that is read over several nights: which reading of it this run is a part of
    stand_ins: set[str] = field(default_factory=set)  # hosts that were answered from this machine, in a rehearsal

    def stop(self, outcome: Outcome, reason: str) -> None:
        """Ends the run with this outcome; the first reason given stands, without what a host says of persons."""
        self.stopped = self.stopped or (outcome, redact(reason))


class UnreadableError(ValueError):
    """A reply that is not what the source documents; the run fails with this as its reason."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply as it may be kept and read: `body` is what parsers see, so what was blanked cannot reach an item."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a replay knows of the crawl that it reads again: its begin (a stamp), and what it asked, in that order."""

    began_at: str
    addresses: tuple[str, ...]


class NotCapturedError(Exception):
    """Today's reading asks for what the crawl did not keep; the message is a reason as it stands."""


class BadArgumentError(ValueError):
    """A spider argument (`-a name=value`) that cannot be used; says which and what is allowed."""


class SourceSpider(scrapy.Spider):
    """Base of every spider: one declared source, one run folder a crawl.

    Class attributes in this order: `source`, `name`, then the spider's own. Arguments are declared in `arguments`;
    an unknown one is refused, so that a typing mistake never crawls something else. `counted_as_received` names the
    counts that `redact` makes: of what was kept they cannot be made again, so a replay hands them on.
    """

    source: ClassVar[Source]
    arguments: ClassVar[tuple[str, ...]] = ()
    counted_as_received: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        unknown = sorted(set(kwargs) - set(self.arguments))
        if unknown:
            allowed = ", ".join(("series", *self.arguments))
            raise BadArgumentError(f"{self.name}: no argument {unknown[0]!r}; allowed: {allowed}")
        super().__init__(name)
        self.series = series
        self.given = {key: value for key, value in kwargs.items() if value}
        self.publisher = self.source.publisher_zh  # who says it; a series may know better than the declaration
        self.report = RunReport()
        self.past: Past | None = None  # in a replay: then `start` asks for what was asked, wherever it would look today
        self.outcome: Outcome | None = None  # set when the manifest is written

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Gives this crawl its run folder; the feed writes the items into it."""
        super().update_settings(settings)
        home = Path(settings.get(HOME_SETTING) or config.home())
        folder = new_run_folder(home, cls.source.id, clock.now())
        settings.set(HOME_SETTING, str(home), priority="spider")
        settings.set(RUN_FOLDER_SETTING, str(folder.path), priority="spider")
        feed = {"format": "jsonlines", "encoding": "utf8", "store_empty": True, "overwrite": True}
        settings.set("FEEDS", {folder.path / ITEMS: feed}, priority="spider")

    def count(self, what: str, many: int = 1) -> None:
        """Adds to a count of the manifest."""
        self.report.counts[what] = self.report.counts.get(what, 0) + many

    def note_listed(self, records: Iterable[Mapping[str, object]]) -> None:
        """Counts the records of a list page, and which of the documented fields of each say something.

        Every platform calls this for every page of a list. Where the crawl only probes the source, it ends here.
        """
        for record in records:
            self.report.listed["records"] += 1
            self.report.listed.update({field: bool(value) for field, value in record.items()})
        if self.settings.getbool(PROBE_SETTING):
            raise CloseSpider("probed")

    def note_unknown(self, kind: str, words: Iterable[str]) -> None:
        """Counts words of a page that the reading does not know: `keys`, `labels` or `categories`, as `kind` says."""
        seen = self.report.unknown.setdefault(kind, Counter())
        for word in words:
            shown = redact(clean(word))[:_LONGEST_WORD]
            if shown in seen or len(seen) < _MOST_WORDS:
                seen[shown] += 1

    @property
    def run_folder(self) -> RunFolder:
        """Where this run writes."""
        return RunFolder(Path(self.settings[RUN_FOLDER_SETTING]))

    @property
    def memory(self) -> dict[str, Any]:
        """The `next` of the last run of this source, series and listing that left one: all that a run knows of before.

        That is a complete run, or one that found nothing new or missed only what will be asked for again, and left
        something to remember. A replay remembers what the crawl did: the runs that had ended when it began.
        """
        home = Path(self.settings[HOME_SETTING])
        for manifest in reversed(list(crawls(home, self.source.id))):
            if self.past and manifest.finished_at > self.past.began_at:
                continue
            if (manifest.series, manifest.listing) != (self.series, self.report.listing):
                continue
            if manifest.outcome is Outcome.COMPLETE or manifest.next:
                return manifest.next
        return {}

    def failed(self, failure: Failure) -> None:
        """Errback of every request (the guard sees to that): no page in the end, after all retries, is a gap."""
        error, request = failure.value, failure.request  # type: ignore[attr-defined]  # set by Scrapy
        if isinstance(error, UnreadableError):
            self.unreadable(request.url, error)
        elif not self.report.stopped and redact(str(error)) not in self.report.incomplete:
            what = f"HTTP {error.response.status}" if isinstance(error, HttpError) else type(error).__name__
            reason = f"{what} from {request.url}: {redact(str(error))[:_LONGEST_REASON]}"
            if isinstance(error, NotCapturedError):
                reason = str(error)
            reason = redact(reason)
            self.report.incomplete.append(reason)
            self.logger.error("%s", reason)

    def unreadable(self, url: str, error: UnreadableError) -> None:
        """A reply that is not as documented is a known end of a run: one clear line, no traceback."""
        reason = redact(f"{url}: {error}")
        self.report.stop(Outcome.FAILED, reason)
        self.logger.error("%s", reason)

    def digest(self, response: Response) -> Kept:
        """For a source captured `digest`: the reply as parsers are to see it, of which nothing is written."""
        return Kept(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))

    def redact(self, response: Response) -> Kept:
        """For a source captured `redacted`: the reply without personal data; what is returned is what gets parsed."""
        raise UnreadableError(f"{self.name} is to be captured redacted, but does not say how ({response.url})")
