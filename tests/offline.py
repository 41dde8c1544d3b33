"""Plays a crawl of a source inside the test, without network or engine: its requests answered from a fixture."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings
from scrapy.utils.serialize import ScrapyJSONEncoder
from twisted.python.failure import Failure

from crawler import clock
from crawler.capture import META_KEY, Captured, is_content, kept_of
from crawler.due import spider_of
from crawler.items import Item
from crawler.manifest import ManifestWriter
from crawler.run_folder import Manifest
from crawler.source import HOME_SETTING, CaptureMode, SourceSpider, UnreadableError
from pipelines.stages import Validate
from tests.fixtures.case import Case, Question, Site
from tests.replica.server import Reply

_COUNTED = itertools.count(1)
MOST_REQUESTS = 2_000  # of one crawl: a parser that asks without end is told so


@dataclass(slots=True)
class Played:
    """A crawl that was played: what it read (as items), what it asked, and the bytes that would have been kept."""

    spider: SourceSpider
    items: list[Item] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    manifest: Manifest | None = None

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The items as items.jsonl holds them."""
        return [json.loads(_line(item)) for item in self.items]


def play(case: Case, home: Path, *, write: bool = True) -> Played:
    """Plays a case to its end on a data directory. `write` makes its run folder, with the manifest."""
    crawler = _crawler(case.source, home, 0 if not write else next(_COUNTED))
    crawler.spider = spider = crawler._create_spider(**case.arguments)
    assert isinstance(spider, SourceSpider)
    writer = ManifestWriter(crawler) if write else None
    played = Played(spider)
    reason = _Play(played, Site(case)).run()
    if writer is not None:
        folder = spider.run_folder
        folder.items.write_text("".join(f"{_line(item)}\n" for item in played.items), encoding="utf-8")
        folder.capture.write_bytes(b"".join(played.kept))
        for item in played.items:
            writer.item_scraped(item)
        writer.spider_closed(reason)
        writer.engine_stopped()
        played.manifest = folder.read_manifest()
    return played


@lru_cache(maxsize=8)
def _crawler(source: str, home: Path, number: int) -> Crawler:
    """A crawler with the project's settings; a `number` of its own means a run folder of its own (copying is dear)."""
    del number
    settings = get_project_settings()
    settings.set(HOME_SETTING, str(home), priority="cmdline")
    crawler = Crawler(spider_of(source), settings)
    crawler.stats = MemoryStatsCollector(crawler)
    return crawler


class _Play:
    """Engine, downloader and middlewares in a hundred lines: what the real ones do to a reply, in their order."""

    def __init__(self, played: Played, site: Site) -> None:
        self._played = played
        self._spider = played.spider
        self._site = site
        self._validate = Validate()
        self._waiting: list[tuple[int, int, Request]] = []
        self._turn = itertools.count()

    def run(self) -> str:
        """Plays to the end; returns the close reason."""
        reason = "finished"
        try:
            for entry in asyncio.run(self._started()):
                self._take(entry)
            while self._waiting and not self._is_stopped():
                if self._is_spent():  # as the guard ends a crawl
                    return self._close("budget")
                self._serve(heapq.heappop(self._waiting)[2])
        except CloseSpider as error:
            reason = error.reason
        return self._close(reason)

    def _close(self, reason: str) -> str:
        closed = getattr(self._spider, "closed", None)
        if closed is not None:
            closed(reason)
        return reason

    def _is_spent(self) -> bool:
        budget, report = self._spider.source.max_requests, self._spider.report
        if len(self._played.asked) < budget:
            return False
        report.incomplete.append(f"budget of {budget} requests is spent")
        report.spent = True
        return True

    async def _started(self) -> list[Any]:
        return [entry async for entry in self._spider.start()]

    def _is_stopped(self) -> bool:
        return len(self._played.asked) >= MOST_REQUESTS

    def _take(self, entry: Any) -> None:
        if isinstance(entry, Request):
            heapq.heappush(self._waiting, (-entry.priority, -next(self._turn), entry))
        elif entry is not None:
            self._played.items.append(self._validate.process_item(entry))

    def _take_all(self, entries: Iterable[Any] | None) -> None:
        for entry in entries or ():
            self._take(entry)

    def _serve(self, request: Request) -> None:
        headers = {name.decode(): b",".join(values).decode() for name, values in request.headers.items()}
        question = Question(request.method, request.url, request.body, headers)
        self._played.asked.append(question)
        response = _response(request, self._site.answer(question))
        try:
            self._keep(response)
            allowed = request.meta.get("handle_httpstatus_list", ())
            if not 200 <= response.status < 300 and response.status not in allowed:
                raise HttpError(response, "Ignoring non-200 response")
        except (HttpError, UnreadableError) as error:
            self._failed(request, error)
            return
        callback = request.callback or self._spider.parse
        try:
            self._take_all(callback(response, **request.cb_kwargs))
        except UnreadableError as error:
            self._spider.unreadable(response.url, error)

    def _keep(self, response: Response) -> None:
        if self._spider.source.capture is not CaptureMode.FULL and not is_content(response):
            return
        kept = kept_of(self._spider, response)
        self._played.kept.append(kept.body if self._spider.source.capture is not CaptureMode.DIGEST else b"")
        response.meta[META_KEY] = Captured("<urn:uuid:0>", "0" * 64, clock.now(), kept)

    def _failed(self, request: Request, error: Exception) -> None:
        failure = Failure(error)  # type: ignore[no-untyped-call]
        failure.request = request  # type: ignore[attr-defined]
        self._take_all((request.errback or self._spider.failed)(failure))


def _response(request: Request, reply: Reply) -> Response:
    headers = Headers(dict(reply.headers))
    kind = responsetypes.from_args(headers=headers, url=request.url, body=reply.body)
    return kind(url=request.url, status=reply.status, headers=headers, body=reply.body, request=request)


def _line(item: Item) -> str:
    return ScrapyJSONEncoder(ensure_ascii=False).encode(item)
