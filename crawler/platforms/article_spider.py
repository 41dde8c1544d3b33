"""Base of spiders whose items are articles: what their lists have in common, and the pages the lists lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Literal

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from crawler import clock
from crawler.capture import captured_of, proof_of
from crawler.fields.personal import redact
from crawler.guard import MAY_LEAD_AWAY
from crawler.items import Proof
from crawler.platforms.article_text import extract
from crawler.run_folder import Outcome
from crawler.source import BadArgumentError, SourceSpider, UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.platforms.article_page import PageText

GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
# For every request of an article's page: it may be gone, or lead to another host, without harm to the others.
PAGE_META = {"handle_httpstatus_list": [status.value for status in GONE], MAY_LEAD_AWAY: True}

# A page of a kind we do not know (a film, a form) is that page's affair; most pages at once are the site's.
_ALLOWED = 0.5
_ENOUGH_TO_TELL = 3


class ArticleSpider(SourceSpider):
    """`[-a since=YYYY-MM-DD]` reads back to that day.

    An article page that does not come leaves a gap, and the run is partial; but what the run remembers is handed on,
    and the page is asked for again while the window shows its article. Else one page that is broken for good would
    have every night read all again.
    """

    arguments: ClassVar[tuple[str, ...]] = ("since",)
    language: ClassVar[Literal["zh", "en"]] = "zh"

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        super().__init__(name, series, **kwargs)
        self.since = _day(self.given.get("since", ""), self.name)
        self._page_gaps: set[str] = set()

    def proof(self, response: Response, line: int = 1) -> Proof:
        """Where a statement read from this reply stands."""
        return proof_of(response, self.source.parser, line)

    def without_text(self, response: Response, error: UnreadableError) -> None:
        """Notes a page that holds no article in the documented place."""
        self.count("pages_without_text")
        self.logger.warning("%s: %s", response.url, error)

    def extracted(self, response: Response, error: UnreadableError) -> PageText | None:
        """The same; and what a general reading takes for the article, or None."""
        self.without_text(response, error)
        page = extract(captured_of(response).kept)
        if page is not None:
            self.count("pages_extracted")
        return page

    def page_missed(self, failure: Failure) -> None:
        """Notes a page that did not come, cannot be decoded, or leads to another host."""
        error, request = failure.value, failure.request  # type: ignore[attr-defined]  # set by Scrapy
        before = len(self.report.incomplete)
        if isinstance(error, HttpError) and 300 <= error.response.status < 400:
            self.count("pages_led_away")
            self.logger.warning("%s leads to another host; its article stands without text", request.url)
        elif isinstance(error, UnreadableError):
            self.report.incomplete.append(redact(f"{request.url}: {error}"))
            self.logger.error("%s: %s", request.url, error)
        else:
            self.failed(failure)
        if not self.is_over(error):
            self._page_gaps.update(self.report.incomplete[before:])

    def is_over(self, error: BaseException | None) -> bool:
        """Whether a request ended because the run does: turned away, refused, over budget. Then nothing more is asked.

        A page that sends us in circles or unpacks without end is given up too, but only that page.
        """
        ends = self.report.spent or (
            self.report.stopped is not None and self.report.stopped[0] in (Outcome.BLOCKED, Outcome.REFUSED_BY_ROBOTS)
        )
        return ends and isinstance(error, IgnoreRequest) and not isinstance(error, HttpError)

    def conclude(
        self, gaps: Callable[[], Mapping[str, str]], *, go_on: bool = False, bounds: Set[str] = frozenset()
    ) -> None:
        """Says what only the whole run shows; `gaps` tells, list by list, why it does not join the last one.

        With `go_on` the next run begins at this one all the same: what lies in the gap is nowhere to be asked for.
        `bounds` are reasons that are bounds of ours: what lies beyond them is read by the next run, which may go on.
        """
        counts, incomplete = self.report.counts, self.report.incomplete
        pages = sum(counts.get(what, 0) for what in ("pages", "pages_led_away", "pages_gone"))
        for what, told in (
            ("pages_without_text", "have no title or body in its place: was the site rebuilt?"),
            ("pages_led_away", "lead to another host: is there a wall before them?"),
            ("pages_gone", "are gone: has their address changed?"),
        ):
            found = counts.get(what, 0)
            if found >= _ENOUGH_TO_TELL and found > _ALLOWED * pages:
                incomplete.append(f"{found} of {pages} pages {told}")
        if not self.report.stopped and (self._page_gaps | bounds).issuperset(incomplete):
            found_gaps = [f"{name}: {gap}" for name, gap in gaps().items() if gap]
            incomplete += found_gaps
            self.report.keeps_next = go_on or not found_gaps


def _day(text: str, spider: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadArgumentError(f"{spider}: -a since={text} is no day such as 2026-11-01") from error
    if day and day > clock.now().astimezone(clock.SHANGHAI).date():
        raise BadArgumentError(f"{spider}: -a since={text} is still to come")
    return day
