"""Looks at every reply first: turned away, sent elsewhere, challenged or over budget means stop, and say so."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import SplitResult, urljoin, urlsplit

from scrapy.exceptions import IgnoreRequest

from crawler import clock
from crawler.run_folder import Outcome
from crawler.source import PROBE_SETTING, SourceSpider

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

_TURNED_AWAY = {
    401: "asks for a login",
    403: "forbids us",
    412: "answered with a challenge",
    429: "asks us to slow down",
    503: "is not serving us now",
}
MAY_LEAD_AWAY = "may_lead_away"  # in a request's meta: its redirect to another host is not followed, and no wall
_PROBE_REQUESTS = 6  # robots.txt aside: a consent page, some pages that name their lists, a list
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOOK_AT_BYTES = 65_536
_READ_BYTES = 1 << 20
_LONGEST_WAIT = timedelta(days=31)  # a host that says "next year" made a mistake; we ask again in a month
# Marks of walls; only looked for in HTML that came where HTML may come.
_CHALLENGE = re.compile(rb"(?i)geetest|\$_ts\s*=|cf-chl-|__jsl_clearance|verify you are human")
# These stand in articles too, and in the login box beside them: a wall is a page that says little else.
_ASKS_TO_PROVE = re.compile(
    rb"(?i)captcha|verify ?code|<input[^<>]+type\s*=\s*[\"']?password"
    rb"|" + "验证码|访问验证|安全验证|人机验证|请登录后".encode()
)
_WALL_SAYS_AT_MOST = 3_000  # bytes of text: a thousand Chinese characters


class Guard:
    """Downloader middleware. Never evades: the run ends with the outcome, and the next due time honours Retry-After."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._requests = 0
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Counts the request against the source's budget, and has its failure reported."""
        spider = self._spider()
        if self._is_ours(request) or spider is None:
            return
        # Here, so that no spider can forget it: Scrapy only logs a request that ends without a page.
        request.errback = request.errback or spider.failed
        self._requests += 1
        allowed = self._allowed(spider)
        if self._requests > allowed:
            reason = f"budget of {allowed} requests is spent"
            spider.report.incomplete.append(reason)
            spider.report.spent = True
            self._close("budget")
            raise IgnoreRequest(reason)

    def process_response(self, request: Request, response: Response) -> Response:
        """Passes a page on, or stops the run."""
        spider = self._spider()
        if self._is_ours(request) or spider is None or request.url.startswith("file:"):
            return response
        host = urlsplit(request.url).hostname or "?"
        if response.status in _TURNED_AWAY:
            spider.report.not_before = not_before((response.headers.get("Retry-After") or b"").decode("latin-1"))
            self._stop(spider, Outcome.BLOCKED, f"{host} {_TURNED_AWAY[response.status]} ({response.status})")
        if response.status in _REDIRECTS:
            self._check_redirect(spider, request, response)
        if is_wall(response):
            self._stop(spider, Outcome.BLOCKED, f"{host} sent a challenge or login page instead of the content")
        return response

    def _check_redirect(self, spider: SourceSpider, request: Request, response: Response) -> None:
        location = (response.headers.get("Location") or b"").decode("latin-1")
        if where := leads_to(request.url, location):
            if request.meta.get(MAY_LEAD_AWAY):
                request.meta["dont_redirect"] = True  # Scrapy hands the reply on, as the HTTP error that it is
                return
            self._stop(spider, Outcome.BLOCKED, f"{urlsplit(request.url).hostname} sends us to {where}")

    def _stop(self, spider: SourceSpider, outcome: Outcome, reason: str) -> NoReturn:
        logger.error("%s: %s", outcome, reason)
        spider.report.stop(outcome, reason)
        self._close(str(outcome))
        raise IgnoreRequest(reason)

    def _close(self, reason: str) -> None:
        assert self._crawler.engine is not None
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(
                self._crawler.engine.close_spider_async(reason=reason)
            )

    def _allowed(self, spider: SourceSpider) -> int:
        """How many requests a run may make; one that only probes the source, a few."""
        probes = self._crawler.settings.getbool(PROBE_SETTING)
        return min(spider.source.max_requests, _PROBE_REQUESTS) if probes else spider.source.max_requests

    def _spider(self) -> SourceSpider | None:
        return self._crawler.spider if isinstance(self._crawler.spider, SourceSpider) else None

    @staticmethod
    def _is_ours(request: Request) -> bool:
        return bool(request.meta.get("dont_obey_robotstxt"))  # robots.txt itself is judged by StrictRobots


def is_wall(response: Response) -> bool:
    """Whether a page is a captcha, a script challenge or a login where content was asked for."""
    kind = (response.headers.get("Content-Type") or b"").lower()
    head = response.body[:_LOOK_AT_BYTES]
    if b"html" not in kind and not head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        return False
    if _CHALLENGE.search(head):
        return True
    return bool(_ASKS_TO_PROVE.search(head)) and _bytes_of_text(response.body[:_READ_BYTES]) <= _WALL_SAYS_AT_MOST


def _bytes_of_text(html: bytes) -> int:
    """How much a page says: what is neither tag nor script nor style nor blank."""
    first, *others = re.split(rb"(?i)<(?:script|style)\b", html)
    kept = [first, *(re.split(rb"(?i)</(?:script|style)", other, maxsplit=1)[-1] for other in others)]
    return len(b"".join(re.sub(rb"<[^<>]*>", b"", b"<".join(kept)).split()))


def leads_to(asked: str, location: str) -> str:
    """Where a redirect of the address `asked` leads, in words, if it leads away from its host; else empty."""
    try:
        sent = urlsplit(urljoin(asked, location))
        if sent.scheme in ("http", "https") and _host_and_port(sent) == _host_and_port(urlsplit(asked)):
            return ""
    except ValueError:
        return f"what is no address: {location[:80]!r}"
    return (
        f"another host: {'a private address' if _is_private(sent.hostname or '') else sent.hostname or location[:80]}"
    )


def _host_and_port(url: SplitResult) -> tuple[str, int | None]:
    """Where an address leads; the standard ports of both schemes are one, so that a host may move us up to https."""
    return url.hostname or "", None if url.port in (80, 443) else url.port


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".internal"))


def not_before(said: str) -> str:
    """The instant before which we may not come back by a Retry-After header (RFC 9110, 10.2.3), as a stamp.

    At most a month from now; empty when none is said, or none that can be read.
    """
    said = said.strip()
    latest = clock.now() + _LONGEST_WAIT
    try:
        return clock.stamp(min(_instant(said), latest)) if said else ""
    except OverflowError:  # more seconds than a calendar has
        return clock.stamp(latest)
    except ValueError:
        return ""


def _instant(said: str) -> datetime:
    if said.isdecimal():
        return clock.now() + timedelta(seconds=int(said[:12]))
    return parsedate_to_datetime(said).astimezone(UTC)
