"""Two sources of one page each: kept whole, and kept as a digest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.source import CaptureMode, Source, SourceSpider, UnreadableError


class WholePage(SourceSpider):
    """Keeps its page as received; `-a fails=…` fails in parsing, in the way that is named; `-a post=…` posts JSON."""

    source = Source(
        id="whole_page",
        title_zh="样本",
        title_en="Sample",
        publisher_zh="样本",
        publisher_en="Sample",
        proves=(),
        cadence="0 2 * * *",
        capture=CaptureMode.FULL,
        may_be_empty=True,
        parser="whole_page/1",
        max_requests=2,
        confirmed="nothing: it is invented",
    )
    name = source.id
    arguments = ("path", "fails", "pages", "post")

    async def start(self) -> AsyncIterator[Any]:
        if post := self.given.get("post"):
            yield Request(self.given["path"], method="POST", body=post, headers={"Content-Type": "application/json"})
            return
        for page in range(int(self.given.get("pages", "1"))):
            yield Request(f"{self.given['path']}?{page}")

    def parse(self, response: Response, **_: Any) -> Iterator[Any]:
        """Yields nothing."""
        if self.given.get("fails") == "unreadable":
            raise UnreadableError("a list without its list")
        if self.given.get("fails") == "bug":
            raise RuntimeError("a mistake of ours")
        yield from ()


class PageDigest(WholePage):
    """Keeps facts of its page only."""

    source = replace(WholePage.source, id="page_digest", capture=CaptureMode.DIGEST)
    name = source.id
