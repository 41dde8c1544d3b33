"""robots.txt taken at its word: unreachable means no, and Crawl-delay is kept."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from protego import Protego
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.run_folder import Outcome
from crawler.source import SourceSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

# RFC 9309, 2.3.1.3: "unavailable" (the file is not there) allows. 2.3.1.4: "unreachable" forbids. We count every
# other refusal (401, 403, 429 …) as unreachable too: a host that hides its rules has not invited us.
_NOT_THERE = frozenset({404, 410})
_LONGEST_DELAY = 120.0  # seconds; above this a run would not end in a night, so it is a refusal


class StrictRobots(RobotsTxtMiddleware):
    """Scrapy's own middleware lets requests through when robots.txt fails, and never applies Crawl-delay."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if rp is None:
            self._refuse(request, "robots.txt could not be read; that counts as a refusal")
            return
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            self._refuse(request, "robots.txt forbids this address")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status in _NOT_THERE:
            response = response.replace(body=b"")
        elif not 200 <= response.status < 300:
            raise IgnoreRequest(f"robots.txt answered {response.status}")
        self._apply_delay(response, request)
        await super()._parse_robots(response, netloc, request)

    def _apply_delay(self, response: Response, request: Request) -> None:
        rules = Protego.parse(response.body.decode("utf-8", "ignore"))
        delay = rules.crawl_delay(str(self._robotstxt_useragent or self._default_useragent))
        if delay is None:
            return
        if delay > _LONGEST_DELAY:
            raise IgnoreRequest(f"Crawl-delay of {delay:.0f} s is more than a night allows")
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        kept = max(float(delay), downloader.slots[key].delay if key in downloader.slots else 0.0)
        if key in downloader.slots:
            downloader.slots[key].delay = kept
        # Scrapy throws a host's slot away after a minute without requests; the next one must be as slow.
        downloader.per_slot_settings.setdefault(key, {})["delay"] = kept
        logger.info("robots.txt asks for %s s between requests; keeping %s s", delay, kept)

    def _refuse(self, request: Request, why: str) -> None:
        spider = self.crawler.spider
        if isinstance(spider, SourceSpider):
            spider.report.stop(Outcome.REFUSED_BY_ROBOTS, f"{why}: {request.url}")
        raise IgnoreRequest(why)
