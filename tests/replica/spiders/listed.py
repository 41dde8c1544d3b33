"""A source that is a list and nothing else, with minimum shares and keys of its own: one that may be empty, one not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.capture import proof_of
from crawler.items import Article, ArticleKind
from crawler.run_folder import Outcome
from crawler.source import CaptureMode, Source, SourceSpider

_FIELDS = ("id", "title", "agency")


class ListedNews(SourceSpider):
    """Reads `{"rows": […]}`; a row that says `old` was read before. `-a sweep=NAME` takes it for a part of a sweep."""

    source = Source(
        id="listed_news",
        title_zh="样本",
        title_en="Sample",
        publisher_zh="样本",
        publisher_en="Sample",
        proves=(),
        cadence="0 2 * * *",
        capture=CaptureMode.FULL,
        may_be_empty=True,
        parser="listed_news/1",
        max_requests=5,
        confirmed="nothing: it is invented",
        must_fill={"agency": 0.3, "title": 0.9},
    )
    name = source.id
    arguments = ("path", "sweep", "share")

    async def start(self) -> AsyncIterator[Any]:
        self.report.sweep = self.given.get("sweep", "")
        self.report.next = {"read": "all"}
        yield Request(self.given["path"], dont_filter=True)

    def parse(self, response: Response, **_: Any) -> Iterator[Article]:
        """Yields the rows that are new."""
        rows = json.loads(response.body)["rows"]
        self.note_listed({field: row.get(field) for field in _FIELDS} for row in rows)
        self.note_unknown("keys", sorted({key for row in rows for key in row} - {*_FIELDS, "old"}))
        if share := self.given.get("share"):
            self.report.stop(Outcome.COMPLETE, share)
        for row in rows:
            if not row.get("old"):
                yield Article(
                    article_id=row["id"],
                    kind=ArticleKind.NEWS,
                    channel="",
                    url=response.url,
                    title=row["title"],
                    agency=row.get("agency", ""),
                    language="zh",
                    text="",
                    proof=proof_of(response, self.source.parser),
                )


class NeverEmptyNews(ListedNews):
    """One that always has something."""

    source = replace(ListedNews.source, id="never_empty_news", may_be_empty=False)
    name = source.id


class ManyPages(ListedNews):
    """One that asks for many pages before it comes to a list."""

    source = replace(ListedNews.source, id="many_pages", max_requests=50)
    name = source.id

    async def start(self) -> AsyncIterator[Any]:
        for page in range(20):
            yield Request(f"{self.given['path']}?{page}", self.parse_nothing)

    def parse_nothing(self, response: Response, **_: Any) -> Iterator[Any]:
        """Yields nothing."""
        yield from ()
