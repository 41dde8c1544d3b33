"""Base of spiders whose lists hold records, each of which is an item: licences, awards, trials, announcements."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy import Request

from crawler import clock
from crawler.capture import captured_of
from crawler.items import Item, Proof
from crawler.platforms.article_page import keep_page
from crawler.platforms.article_spider import GONE, PAGE_META, ArticleSpider
from crawler.platforms.paging import MOST_PAGES, Entry, ListPage, Paging
from crawler.platforms.records import Record, RecordFormat, RecordPage, instant_day, keep_records, read_records
from crawler.platforms.window import Window, WindowError
from crawler.run_folder import Outcome
from crawler.source import Kept, UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

_OWED_AT_MOST = timedelta(days=30)  # so long a page that does not come is asked for again
_LISTS_FIRST = 10  # priority: the longer a list waits between two pages, the more it shifts


@dataclass(slots=True)
class RecordList:
    """One list while it is read. A list that is read anew replaces what it said before, and loses nothing."""

    name: str
    paging: Paging
    total: int | None = None  # as its first page said it
    found: dict[str, tuple[Record, Proof]] = field(default_factory=dict)


class RecordSpider(ArticleSpider):
    """`[-a since=YYYY-MM-DD]` reads back to that day, where the list is in order of day.

    A spider declares `home`, `form`, `size` (records of a full page), the names of its `lists`, which keys are a
    record's `id_key`, `day_key` and, where a record may change, says in `stated` which keys make it another one. It
    says how a page is asked (`ask`) and what item a record is (`item`).

    A record's own page is kept whole or, with `page_form`, as the records that it holds.

    With `first_days` a list is read back so many days the first time and then `overlap_days` before the newest record
    read, and only what is new or changed is told. Without it the whole list is read and told each time.

    `shows_newest` is for feeds, which hold their newest records and no others: what went by between two runs is told as
    a gap, and the next run goes on from here. `list_may_be_empty` says of each list what `may_be_empty` says of a run,
    where that is another thing: one of several lists may be, a feed may not.
    """

    home: ClassVar[str]
    form: ClassVar[RecordFormat]
    size: ClassVar[int]
    page_form: ClassVar[RecordFormat | None] = None
    lists: tuple[str, ...] = ("",)
    id_key: ClassVar[str] = "id"
    day_key: ClassVar[str] = ""
    stated: ClassVar[tuple[str, ...]] = ()
    first_days: ClassVar[int | None] = None
    overlap_days: ClassVar[int] = 7
    most_pages: ClassVar[int] = MOST_PAGES
    cap: ClassVar[int | None] = None
    rows_may_repeat: ClassVar[bool] = False  # where keys are made of what rows say
    goes_back: ClassVar[bool] = False  # for years: a list that ends before its window opens was cut
    shows_newest: ClassVar[bool] = False
    list_may_be_empty: ClassVar[bool | None] = None

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        super().__init__(name, series, **kwargs)
        self.windows: dict[str, Window] = {}
        self.today = clock.now().astimezone(clock.SHANGHAI).date()  # of the begin, also past midnight
        self._told: set[str] = set()
        self._bounds: set[str] = set()  # reasons that are bounds of ours
        self._owed: dict[str, date] = {}  # by list: the oldest day of a record whose page did not come

    # --- What a source declares ----------------------------------------------------------------------------------

    def ask(self, name: str, number: int, cursor: str) -> Request:
        """The request of a page, counted from 1; `cursor` is what the page before gave as `next`, or empty."""
        raise NotImplementedError

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:
        """What a record of a list says. `page` is its own page, if the source reads it and it came."""
        raise NotImplementedError

    def items(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Iterable[Item]:
        """What a record says, where that may be several items or none."""
        return (self.item(record, proof, name, page),)

    def form_of(self, name: str) -> RecordFormat:  # noqa: ARG002 - most platforms write all their lists alike
        """How the replies of a list are written."""
        return self.form

    def id_of(self, record: Record) -> str:
        """The publisher's stable key of a record; empty where it has none."""
        return record[self.id_key]

    def left_out(self, record: Record) -> str:  # noqa: ARG002 - most lists hold nothing else
        """Under which count a record stands that is not for us; empty for one that is to be told."""
        return ""

    def page_of(self, record: Record, name: str) -> Request | None:  # noqa: ARG002 - most records are all there is
        """The request of a record's own page; None where the list says all."""
        return None

    def asked_first(self, name: str) -> Request | None:  # noqa: ARG002 - most lists are open
        """What has to be asked before a list is: a page to consent on, an id to look up; its reply goes to `opened`."""
        return None

    def opened(self, response: Response, name: str) -> None:
        """Reads the reply to `asked_first`. Raises UnreadableError where it does not open the list."""

    def keep_first(self, response: Response) -> Kept:
        """The reply to `asked_first` as it may be kept."""
        return keep_page(response)

    # --- Lists ---------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        before = self.memory
        try:
            if self.first_days is not None:
                opens = {"overlap_days": self.overlap_days, "first_days": self.first_days}
                self.windows = {
                    name: Window(before.get(name, {}), self.today, since=self.since, **opens) for name in self.lists
                }
        except WindowError as error:
            self.report.stop(Outcome.FAILED, str(error))
            return
        for name in self.lists:
            first = self.asked_first(name)
            if first is None:
                yield self._ask(self._begin(name), 1, "")
            else:
                yield self._request(first, "first", self.parse_first, self.failed, {"name": name})

    def _begin(self, name: str) -> RecordList:
        since = self.windows[name].since if name in self.windows else None
        paging = Paging(
            size=self.size,
            since=since,
            cap=self.cap,
            most_pages=self.most_pages,
            goes_back=self.goes_back,
            rows_may_repeat=self.rows_may_repeat,
        )
        return RecordList(name, paging)

    def since_of(self, name: str) -> date | None:
        """The day from which a list is read, for platforms that take it in their query."""
        return self.windows[name].since if name in self.windows else None

    def parse_first(self, response: Response, name: str) -> Iterator[Request]:
        """Opens a list that is not open to who has not asked something else first."""
        self.opened(response, name)
        yield self._ask(self._begin(name), 1, "")

    def _ask(self, listing: RecordList, number: int, cursor: str) -> Request:
        asked = self.ask(listing.name, number, cursor)
        return self._request(asked, "list", self.parse_list, self.list_failed, {"listing": listing})

    def _request(self, asked: Request, reads: str, parse: Any, failed: Any, given: dict[str, Any]) -> Request:
        meta = {**asked.meta, "reads": reads}
        return asked.replace(
            callback=parse,
            errback=failed,
            cb_kwargs=given,
            meta=meta,
            priority=_LISTS_FIRST if reads != "page" else 0,
            dont_filter=True,  # page 1 is asked twice
        )

    def redact(self, response: Response) -> Kept:
        if response.status == HTTPStatus.NOT_MODIFIED:
            raise UnreadableError("answers 304 (not modified), though nothing was asked on a condition")
        reads = response.meta["reads"]
        if reads == "first":
            return self.keep_first(response)
        form = self.page_form if reads == "page" else self.form_of(response.cb_kwargs["listing"].name)
        if form is None:
            return keep_page(response)
        kept, unknown = keep_records(response, form)
        for kind, words in unknown.items():
            self.note_unknown(kind, words)
        return kept

    def digest(self, response: Response) -> Kept:
        """Taken apart as what is kept, though nothing of it is."""
        return self.redact(response)

    def parse_list(self, response: Response, listing: RecordList) -> Iterator[Any]:
        """Takes one page of a list, and asks for the next or ends the list."""
        page = read_records(captured_of(response).kept)
        keys = self.form_of(listing.name).keys
        self.note_listed({key: record[key] for key in keys} for record in page.records)
        step = listing.paging.take(self._for_paging(page, listing))
        if step.believed:
            for record in page.records:
                listing.found[self._key(record)] = record, self.proof(response, record.position)
        if step.ask is not None:
            yield self._ask(listing, step.ask, page.next if step.ask > 1 else "")
            return
        may_be_empty = self.source.may_be_empty if self.list_may_be_empty is None else self.list_may_be_empty
        if listing.paging.empty and not may_be_empty:
            self.report.stop(Outcome.EMPTY_WRONG, f"{self._label(listing)}: the list says it holds no record at all")
        if step.reason:
            reason = f"{self._label(listing)}: {step.reason}"
            self.report.incomplete.append(reason)
            if step.is_cut:
                self._bounds.add(reason)
        yield from self._end(listing)

    def _for_paging(self, page: RecordPage, listing: RecordList) -> ListPage:
        entries = tuple(Entry(self._key(record), self.day(record)) for record in page.records)
        form, total = self.form_of(listing.name), page.total
        more = bool(page.next) if getattr(form, "next", "") else None
        if getattr(form, "total_once", False):
            listing.total = total = listing.total if total is None else total
        return ListPage(number=page.number, pages=page.pages, total=total, entries=entries, more=more)

    def _label(self, listing: RecordList) -> str:
        return listing.name or "the list"

    def day(self, record: Record) -> date | None:
        """The day a record stands under in its list (Asia/Shanghai)."""
        return instant_day(record[self.day_key]) if self.day_key else None

    def _key(self, record: Record) -> str:
        """What is its own in the list, also for a record that lacks its id."""
        return self.id_of(record) or f"?{self._fingerprint(record)}"

    def _fingerprint(self, record: Record) -> str:
        return record.fingerprint(self.stated or self.form.keys)

    def list_failed(self, failure: Failure) -> Iterator[Any]:
        """A page of a list that did not come ends the list: what was read of it counts, and the run is not complete."""
        self.failed(failure)
        if not self.is_over(failure.value):  # who was turned away asks for nothing more
            yield from self._end(failure.request.cb_kwargs["listing"])  # type: ignore[attr-defined]

    # --- Records -------------------------------------------------------------------------------------------------

    def _end(self, listing: RecordList) -> Iterator[Any]:
        # The scheduler hands out last what came first: so the newest pages are read first, should the budget run out.
        found = sorted(listing.found.values(), key=lambda entry: self.day(entry[0]) or date.min)
        for record, proof in found:
            yield from self._take(record, proof, listing.name)

    def _take(self, record: Record, proof: Proof, name: str) -> Iterator[Any]:
        window, day, key = self.windows.get(name), self.day(record), self._key(record)
        if window is not None and day is not None and day < window.since:
            return
        if key in self._told:  # it stands in two lists
            if window is not None and window.is_new(key, self._fingerprint(record)):
                window.remember(key, day, self._fingerprint(record))
            return
        if why := self.left_out(record):
            self.count(why)
            return
        if window is not None and not window.is_new(key, self._fingerprint(record)):
            self.count("read_before")
            return
        self._told.add(key)
        page = self.page_of(record, name)
        if page is None or urlsplit(urljoin(self.home, page.url)).netloc != urlsplit(self.home).netloc:
            yield from self._tell(record, proof, name, None)
            return
        given = {"record": record, "name": name, "proof": proof}
        asked = page.replace(meta={**page.meta, **PAGE_META})
        yield self._request(asked, "page", self.parse_page, self.page_failed, given)

    def _tell(
        self, record: Record, proof: Proof, name: str, page: Kept | None, *, remember: bool = True
    ) -> Iterator[Item]:
        told = tuple(self.items(record, proof, name, page))  # before it is remembered: what cannot be read is not
        if remember and name in self.windows:
            self.windows[name].remember(self._key(record), self.day(record), self._fingerprint(record))
        yield from told

    def parse_page(self, response: Response, record: Record, name: str, proof: Proof) -> Iterator[Item]:
        """Yields what a record and its own page say; what the list alone says where the page is gone or says nothing.

        Such a page is asked for again while the window shows its record.
        """
        if response.status in GONE:
            self.count("pages_gone")
            yield from self._tell(record, proof, name, None, remember=False)
            return
        self.count("pages")
        try:
            yield from self._tell(record, self.proof(response), name, captured_of(response).kept)
        except UnreadableError as error:
            self.without_text(response, error)
            yield from self._tell(record, proof, name, None, remember=False)

    def page_failed(self, failure: Failure) -> Iterator[Item]:
        """A page that did not come, or cannot be decoded: its record stands alone, and the page is asked for again."""
        self.page_missed(failure)
        if not self.is_over(failure.value):
            asked = failure.request.cb_kwargs  # type: ignore[attr-defined]  # set by Scrapy
            if day := self.day(asked["record"]):
                self._owed[asked["name"]] = min(day, self._owed.get(asked["name"], day))
            yield from self._tell(asked["record"], asked["proof"], asked["name"], None, remember=False)

    # --- The end -------------------------------------------------------------------------------------------------

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's interface, called before the manifest is made
        """Says what only the whole run shows, and leaves the next one its windows."""
        if self.report.spent:
            self._bounds.add(f"budget of {self.source.max_requests} requests is spent")
        gaps = lambda: {name: window.gap() for name, window in self.windows.items()}  # noqa: E731
        self.conclude(gaps, go_on=self.shows_newest, bounds=self._bounds)
        for name, window in self.windows.items():
            if self._bounds and not self.shows_newest:
                window.keep_open(window.since)  # what was read is remembered, and what was not lies in the same window
            elif name in self._owed:
                window.keep_open(max(self._owed[name], self.today - _OWED_AT_MOST))
        self.report.next = {name: window.state() for name, window in self.windows.items()}
