"""Base of spiders that read JSON lists page by page, verifiably, and then the pages that the lists point to."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy import Request

from crawler import clock
from crawler.capture import captured_of
from crawler.items import Item, Proof
from crawler.platforms.article_page import ArticleLayout, PageText, keep_page, open_page, read_page
from crawler.platforms.article_spider import GONE, PAGE_META, ArticleSpider
from crawler.platforms.json_list import ListFormat, Record, RecordPage, keep_list, read_list
from crawler.platforms.listed_article import Sighting, Stream, as_item
from crawler.platforms.paging import Paging
from crawler.platforms.window import Window, WindowError
from crawler.run_folder import Outcome
from crawler.source import BadArgumentError, Kept, UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

_LISTS_FIRST = 10  # priority: the longer a list waits between two pages, the more it shifts
_PAGE = re.compile(r"[^.]*|.*\.(?:s?html?|jsp|aspx)", re.IGNORECASE)  # the last step of a path that leads to a page
_PATH = re.compile(r"/(?!/)[0-9A-Za-z_./-]{0,200}")


@dataclass(slots=True)
class Listing:
    """One list while it is read. A list that is read anew replaces what it said before, and loses nothing."""

    stream: Stream
    url: str
    channels: tuple[str, ...]
    page: str
    paging: Paging
    found: dict[str, Sighting] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.stream.name} (channels {', '.join(self.channels)})"


class JsonListSpider(ArticleSpider):
    """`[-a only=STREAM] [-a since=YYYY-MM-DD]`.

    `only` reads one stream, and remembers for itself: a whole run is none the wiser. `since` reads back to that day; a
    day that leaves a gap to what was read before is read, and not remembered.
    """

    arguments = ("only", "since")
    counted_as_received = ("unknown_keys",)
    home: ClassVar[str]  # https://host
    form: ClassVar[ListFormat]
    layout: ClassVar[ArticleLayout]
    column_script: ClassVar[re.Pattern[str]]  # groups `ids` (comma separated) and `path`
    streams: ClassVar[tuple[Stream, ...]]

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        super().__init__(name, series, **kwargs)
        only = self.given.get("only", "")
        names = [stream.name for stream in self.streams]
        if only and only not in names:
            raise BadArgumentError(f"{self.name}: no stream {only!r}; -a only= one of {', '.join(names)}")
        self.chosen = [stream for stream in self.streams if only in ("", stream.name)]
        self.report.listing = only
        self.windows: dict[str, Window] = {}
        self._taken: set[tuple[str, str]] = set()  # stream and article
        self._unknown_keys: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        before = self.memory
        today = clock.now().astimezone(clock.SHANGHAI).date()
        try:
            for stream in self.chosen:
                self.windows[stream.name] = Window(
                    before.get(stream.name, {}),
                    today,
                    overlap_days=stream.overlap_days,
                    first_days=stream.first_days,
                    since=self.since,
                )
        except WindowError as error:
            self.report.stop(Outcome.FAILED, str(error))
            return
        for stream in self.chosen:
            for column in stream.columns:
                yield Request(
                    urljoin(self.home, column),
                    self.parse_column,
                    cb_kwargs={"stream": stream},
                    meta={"reads": "column"},
                    priority=_LISTS_FIRST,
                    dont_filter=True,
                )
            if stream.channels:
                yield self._ask(self._listing(stream, stream.path, stream.channels, self.home), 1)

    def redact(self, response: Response) -> Kept:
        if response.status == HTTPStatus.NOT_MODIFIED:
            raise UnreadableError("answers 304 (not modified), though nothing was asked on a condition")
        if response.meta["reads"] != "list":
            return keep_page(response, scripts=response.meta["reads"] == "column")
        kept, left_out = keep_list(response.body, self.form)
        self._unknown_keys |= left_out
        self.report.counts["unknown_keys"] = len(self._unknown_keys)
        self.note_unknown("keys", left_out)
        return kept

    # --- Lists ---------------------------------------------------------------------------------------------------

    def parse_column(self, response: Response, stream: Stream) -> Iterator[Request]:
        """Asks for the list that a column page's script names. Raises UnreadableError for none, or one elsewhere."""
        script = "\n".join(open_page(captured_of(response).kept).css("script::text").getall())
        found = self.column_script.search(script)
        if found is None:
            raise UnreadableError("no script on this page says which list fills its column")
        channels = tuple(ids for part in found["ids"].split(",") if (ids := part.strip()))
        if not channels or not _PATH.fullmatch(found["path"]) or ".." in found["path"]:
            raise UnreadableError(f"its script asks {found['path'][:80]!r}, which is no path on this host")
        yield self._ask(self._listing(stream, found["path"], channels, response.url), 1)

    def _listing(self, stream: Stream, path: str, channels: tuple[str, ...], page: str) -> Listing:
        paging = Paging(size=self.form.size, since=self.windows[stream.name].since, cap=self.form.cap)
        return Listing(stream, urljoin(self.home, path), channels, page, paging)

    def _ask(self, listing: Listing, number: int) -> Request:
        return Request(
            listing.url,
            self.parse_list,
            method="POST",
            headers={"Content-Type": "application/json;charset=UTF-8", "Accept": "application/json"},
            body=self.form.body(listing.channels, number, listing.stream.extra),
            errback=self.list_failed,
            cb_kwargs={"listing": listing},
            meta={"reads": "list"},
            priority=_LISTS_FIRST,
            dont_filter=True,  # page 1 is asked twice
        )

    def parse_list(self, response: Response, listing: Listing) -> Iterator[Any]:
        """Takes one page of a list, and asks for the next or ends the list."""
        captured = captured_of(response)
        page = read_list(captured.kept, self.form)
        if foreign := {record.channel for record in page.records} - set(listing.channels):
            came = f"records of channel {min(foreign)[:40]!r} came"
            self.unreadable(response.url, UnreadableError(f"{listing.label} were asked, and {came}: they were ignored"))
            yield from self._end(listing)
            return
        step = listing.paging.take(page.for_paging)
        if listing.paging.empty:
            self.report.stop(Outcome.EMPTY_WRONG, f"{listing.label}: the list says it holds no record at all")
        self.note_listed(_documented(record) for record in page.records)
        if step.believed:
            self._note(response, listing, page)
        if step.ask is not None:
            yield self._ask(listing, step.ask)
            return
        if step.reason:
            self.report.incomplete.append(f"{listing.label}: {step.reason}")
        yield from self._end(listing)

    def _note(self, response: Response, listing: Listing, page: RecordPage) -> None:
        for record in page.records:
            proof = self.proof(response, record.position)
            listing.found[record.key] = Sighting(record, listing.page, listing.stream, proof)

    def list_failed(self, failure: Failure) -> Iterator[Any]:
        """A page of a list that did not come ends the list: what was read of it counts, and the run is not complete."""
        self.failed(failure)
        if not self.is_over(failure.value):  # who was turned away asks for nothing more
            yield from self._end(failure.request.cb_kwargs["listing"])  # type: ignore[attr-defined]

    def _end(self, listing: Listing) -> Iterator[Any]:
        # The scheduler hands out last what came first: so the newest pages are read first, should the budget run out.
        for sighting in sorted(listing.found.values(), key=lambda sighting: sighting.record.day or date.min):
            yield from self._take(sighting)

    # --- Records -------------------------------------------------------------------------------------------------

    def _take(self, sighting: Sighting) -> Iterator[Any]:
        record, stream, window = sighting.record, sighting.stream, self.windows[sighting.stream.name]
        if record.day is not None and record.day < window.since:
            return
        self.count(f"listed_{stream.name}")  # so that a stream that dries up can be seen
        if not window.is_new(record.key, record.fingerprint):
            self.count("read_before")
        elif record.id and (stream.name, record.id) in self._taken:  # in two channels: it is told once
            window.remember(record.key, record.day, record.fingerprint)
        else:
            self._taken.add((stream.name, record.id))
            if record.id and self._is_page_of_ours(sighting.address):
                yield self._ask_page(sighting)
            else:
                self.count("lies_elsewhere")
                yield self._item(sighting)

    def _ask_page(self, sighting: Sighting) -> Request:
        return Request(
            sighting.address,
            self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"sighting": sighting},
            meta={"reads": "page", **PAGE_META},
            dont_filter=True,  # the same page may stand in two streams
        )

    def _is_page_of_ours(self, address: str) -> bool:
        """Whether an address is a page, not a file, on the source's own host."""
        url, home = urlsplit(address), urlsplit(self.home)
        ours = url.netloc.lower() == home.netloc and url.scheme in ("http", "https")
        return ours and bool(_PAGE.fullmatch(url.path.rpartition("/")[2]))

    def parse_page(self, response: Response, sighting: Sighting) -> Iterator[Item]:
        """Yields the article with its text; as extracted, or without, where the page is gone or not as documented.

        Such a page is asked again while the window shows its record: lists run ahead of their pages.
        """
        if response.status in GONE:
            self.count("pages_gone")
            yield self._item(sighting, remember=False)
            return
        self.count("pages")
        try:
            page = read_page(captured_of(response).kept, self.layout)
        except UnreadableError as error:
            extracted = self.extracted(response, error)
            yield self._item(sighting, extracted, self.proof(response) if extracted else None, remember=False)
            return
        yield self._item(sighting, page, self.proof(response))

    def page_failed(self, failure: Failure) -> Iterator[Item]:
        """A page that did not come, or cannot be decoded: the record stands without text, and is asked for again."""
        self.page_missed(failure)
        if not self.is_over(failure.value):
            sighting: Sighting = failure.request.cb_kwargs["sighting"]  # type: ignore[attr-defined]  # set by Scrapy
            yield self._item(sighting, remember=False)

    def _item(
        self, sighting: Sighting, page: PageText | None = None, proof: Proof | None = None, *, remember: bool = True
    ) -> Item:
        record = sighting.record
        if remember:
            self.windows[sighting.stream.name].remember(record.key, record.day, record.fingerprint)
        return as_item(sighting, page, proof or sighting.proof, self.language)

    # --- The end -------------------------------------------------------------------------------------------------

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's interface, called before the manifest is made
        """Says what only the whole run shows, and leaves the next one its windows."""
        if self._unknown_keys:
            self.logger.info("keys not kept: %s", json.dumps(sorted(self._unknown_keys))[:500])
        self.conclude(lambda: {name: window.gap() for name, window in self.windows.items()})
        self.report.next = {name: window.state() for name, window in self.windows.items()}


def _documented(record: Record) -> dict[str, object]:
    """What a record says in each documented field."""
    fields = ("id", "title", "url", "day", "agency")
    return {name: getattr(record, name) for name in fields}
