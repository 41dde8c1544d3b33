"""Base of spiders that read static list pages of links, page by page, and then the articles the links lead to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request

from crawler import clock
from crawler.capture import captured_of
from crawler.items import Article, ArticleKind, Item, Proof, Rejected, RejectReason, TextFrom
from crawler.platforms.article_page import AGENCY, DOCUMENT_NUMBER, INDEX_NUMBER, PUBLISHED, keep_page, open_page
from crawler.platforms.article_spider import GONE, PAGE_META, ArticleSpider
from crawler.platforms.article_text import day_of
from crawler.platforms.conditional import validators_of, was_conditional
from crawler.platforms.link_list import Column, Link, Reading, links_of
from crawler.platforms.window import WindowError
from crawler.run_folder import Outcome
from crawler.source import Kept, UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.platforms.article_page import PageText

_LONGEST_VALIDATOR = 200  # characters


class StaticListSpider(ArticleSpider):
    """`[-a since=YYYY-MM-DD]` reads back to that day, and then remembers nothing if anything was remembered before.

    A list is read until most of a page's articles are older than its window, or until it ends (a page that is not
    there, or has no article). An article that was read, or found too old, is not asked for again.
    """

    home: ClassVar[str]  # scheme://host
    columns: ClassVar[tuple[Column, ...]]
    kind: ClassVar[ArticleKind] = ArticleKind.NEWS

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        super().__init__(name, series, **kwargs)
        self.readings: dict[str, Reading] = {}
        self._before: dict[str, Any] = {}

    def read_article(self, kept: Kept) -> tuple[PageText, str, date | None]:
        """What an article page says, its day as printed, and its day. Raises UnreadableError where there is no body."""
        raise NotImplementedError

    def title(self, link: Link, page: PageText) -> str:
        """The title of an article: its page's, where that stands in a documented place, else the list's."""
        return page.title or link.title

    async def start(self) -> AsyncIterator[Any]:
        self._before = self.memory
        today = clock.now().astimezone(clock.SHANGHAI).date()
        try:
            self.readings = {
                column.name: Reading(column, self._before.get(column.name, {}), today, self.since)
                for column in self.columns
            }
        except WindowError as error:
            self.report.stop(Outcome.FAILED, str(error))
            return
        for reading in self.readings.values():
            yield self._ask_list(reading)

    def redact(self, response: Response) -> Kept:
        return Kept(b"", "") if response.status == HTTPStatus.NOT_MODIFIED else keep_page(response)

    # --- Lists ---------------------------------------------------------------------------------------------------

    def _ask_list(self, reading: Reading) -> Request:
        first = reading.number == 1
        return Request(
            urljoin(self.home, reading.column.path(reading.number)),
            self.parse_list,
            headers=reading.validators if first and self.since is None else {},
            errback=self.list_failed,
            cb_kwargs={"reading": reading},
            meta={"handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED.value, *GONE]},
            dont_filter=True,
        )

    def parse_list(self, response: Response, reading: Reading) -> Iterator[Any]:
        """Asks for the articles of a list page that are to be read, and when they are in, for the next page."""
        if response.status == HTTPStatus.NOT_MODIFIED:
            self._not_modified(response, reading)
        elif response.status in GONE:
            if reading.number == 1:
                raise UnreadableError(f"HTTP {response.status} where the list of {reading.column.name} should begin")
        else:
            self._remember_validators(response, reading)
            links = links_of(open_page(captured_of(response).kept), response.url, reading.column)
            yield from self._take_page(response, reading, links)

    def _take_page(self, response: Response, reading: Reading, links: list[Link]) -> Iterator[Any]:
        column, number = reading.column, reading.number
        if not links and number == 1:
            self.report.stop(Outcome.EMPTY_WRONG, f"{response.url}: a list without a single article")
        self.note_listed(_documented(link, column) for link in links)
        if not links:
            return
        if not reading.begin_page(links):
            self.report.incomplete.append(
                f"{column.name}: page {number} shows what pages before it showed: it pages in a circle"
            )
            return
        self.count("listed", len(reading.fresh))
        proof = self.proof(response)
        # All at once: were one article in before the next is asked, the page would pass for done.
        asked = [
            self._ask_article(reading, link, replace(proof, line=position))
            for position, link in enumerate(links, start=1)
            if link in reading.fresh and reading.wants(link)
        ]
        yield from asked or self._page_done(reading)

    def _page_done(self, reading: Reading) -> Iterator[Request]:
        if reading.pending or reading.is_past_window():
            return
        if reading.number >= reading.column.most_pages:
            why = f"{reading.number} pages were read, and nothing before {reading.window.since} reached"
            self.report.incomplete.append(f"{reading.column.name}: {why}")
            return
        reading.number += 1
        yield self._ask_list(reading)

    def list_failed(self, failure: Failure) -> None:
        """A page of a list that did not come ends that list: what was read of it counts, the run is not complete."""
        self.failed(failure)

    def _not_modified(self, response: Response, reading: Reading) -> None:
        if not was_conditional(response):
            raise UnreadableError("answers 304 (not modified), though nothing was asked on a condition")
        reading.unchanged = True
        if all(other.unchanged for other in self.readings.values()):
            self.report.stop(Outcome.EMPTY_ALLOWED, "not modified since the last complete run")

    @staticmethod
    def _remember_validators(response: Response, reading: Reading) -> None:
        if reading.number == 1:
            found = validators_of(response)
            reading.validators = {ask: value[:_LONGEST_VALIDATOR] for ask, value in found.items()}

    # --- Articles ------------------------------------------------------------------------------------------------

    def _ask_article(self, reading: Reading, link: Link, proof: Proof) -> Request:
        reading.pending += 1
        return Request(
            link.url,
            self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"reading": reading, "link": link, "proof": proof},
            meta=dict(PAGE_META),
            priority=1,  # before the next column's list, so that a run that dies has read whole pages
            dont_filter=True,
        )

    def parse_article(self, response: Response, reading: Reading, link: Link, proof: Proof) -> Iterator[Any]:
        """Yields the article if it lies in the window; its text as extracted, or none, where the page is gone or not as
        documented.

        Such a page is asked for again while the list shows it: lists run ahead of their pages.
        """
        if response.status in GONE:
            self.count("pages_gone")
            yield self._item(link, proof)
        else:
            yield from self._read(response, reading, link, proof)
        yield from self._article_done(reading)

    def _read(self, response: Response, reading: Reading, link: Link, proof: Proof) -> Iterator[Item]:
        self.count("pages")
        try:
            page, day_raw, day = self.read_article(captured_of(response).kept)
        except UnreadableError as error:
            if extracted := self.extracted(response, error):
                yield self._item_as_listed(link, self.proof(response), extracted)
            else:
                yield self._item(link, proof)
            return
        if reading.settle(link, day or link.day):
            yield self._item(link, self.proof(response), page, day_raw, day)
        else:
            self.count("before_window")

    def _item_as_listed(self, link: Link, proof: Proof, page: PageText) -> Item:
        """An article of which only the list is documented: the list's words come first."""
        page = replace(page, title=link.title or page.title)
        day = None if link.day else day_of(page)
        return self._item(link, proof, page, page.facts[PUBLISHED] if day else "", day)

    def article_failed(self, failure: Failure) -> Iterator[Any]:
        """A page that did not come or cannot be decoded: its link stands without text, and is asked for again."""
        self.page_missed(failure)
        if not self.is_over(failure.value):  # who was turned away asks for nothing more
            asked = failure.request.cb_kwargs  # type: ignore[attr-defined]  # set by Scrapy
            yield self._item(asked["link"], asked["proof"])
            yield from self._article_done(asked["reading"])

    def _article_done(self, reading: Reading) -> Iterator[Request]:
        reading.pending -= 1
        yield from self._page_done(reading)

    def _item(
        self, link: Link, proof: Proof, page: PageText | None = None, day_raw: str = "", day: date | None = None
    ) -> Item:
        title = self.title(link, page) if page else link.title
        if not title:
            cells = {"id": link.id, "url": link.url}
            return Rejected(reason=RejectReason.MISSING_TITLE, detail="no title", cells=cells, proof=proof)
        facts = page.facts if page else {}
        return Article(
            article_id=link.id,
            kind=self.kind,
            channel=link.id.partition("/")[0],
            url=link.url,
            title=title,
            published_on=day or link.day,
            published_on_raw=day_raw or link.day_raw,
            agency=facts.get(AGENCY, ""),
            document_number=facts.get(DOCUMENT_NUMBER, ""),
            index_number=facts.get(INDEX_NUMBER, ""),
            language=self.language,
            text=page.text if page else "",
            text_from=page.text_from if page else TextFrom.NONE,
            proof=proof,
        )

    # --- The end -------------------------------------------------------------------------------------------------

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's interface, called before the manifest is made
        """Says what only the whole run shows, and leaves the next one what it may remember."""
        self.conclude(lambda: {name: reading.gap() for name, reading in self.readings.items()})
        remembers = self.since is None or not self._before
        states = {name: reading.state() for name, reading in self.readings.items()}
        self.report.next = states if remembers else self._before


def _documented(link: Link, column: Column) -> dict[str, object]:
    """What a list says of an article in each field that its column documents."""
    said: dict[str, object] = {"id": link.id, "title": link.title}
    return said | {"day": link.day} if column.day else said
