"""Rehearsals: hosts answered from this machine (`[crawl.stand_ins]`), below everything that judges a reply."""

from __future__ import annotations

import ipaddress
import logging
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from crawler.run_folder import Outcome
from crawler.source import SourceSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

STAND_INS_SETTING = "MONITOR_STAND_INS"

logger = logging.getLogger(__name__)


class NoStandInError(RuntimeError):
    """A rehearsal was about to ask a host that no stand-in answers for; it did not."""


class StandIns(HTTP11DownloadHandler):
    """Download handler for http and https: asks the stand-in, and returns its reply under the real address.

    The Host header stays the real one. Robots rules, delays, the guard, redirects, captures and items all see the real
    address, for they lie above. Loopback addresses are asked as they are; any other host raises NoStandInError, so
    that a rehearsal never touches the world.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._stand_ins: dict[str, str] = crawler.settings.getdict(STAND_INS_SETTING)
        self._told: set[str] = set()

    async def download_request(self, request: Request) -> Response:
        """The stand-in's reply. Raises NoStandInError for a host that has none, and what Scrapy's handler raises."""
        url = urlsplit(request.url)
        host = url.hostname or ""
        if _is_loopback(host):
            return await super().download_request(request)
        if host not in self._stand_ins:
            self._refuse(host)
        sent = request.replace(url=url._replace(**_parts_of(self._stand_ins[host])).geturl())
        sent.headers.setdefault(b"Host", url.netloc.rpartition("@")[2])
        response = await super().download_request(sent)
        self._tell(host)
        return response.replace(url=request.url)

    def _refuse(self, host: str) -> NoReturn:
        spider = self._crawler.spider
        reason = f"this is a rehearsal, and crawl.stand_ins names no stand-in for {host!r}"
        if isinstance(spider, SourceSpider):
            spider.report.stop(Outcome.FAILED, reason)  # else it would pass for a robots.txt out of reach
        raise NoStandInError(reason)

    def _tell(self, host: str) -> None:
        spider = self._crawler.spider
        if isinstance(spider, SourceSpider):
            spider.report.stand_ins.add(host)
        if host not in self._told:
            self._told.add(host)
            logger.warning("a rehearsal: %s is answered by %s", host, self._stand_ins[host])


def _parts_of(stand_in: str) -> dict[str, str]:
    address = urlsplit(stand_in)
    return {"scheme": address.scheme, "netloc": address.netloc}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
