"""A crawl once more with the network taken away: every request is answered from what the crawl kept.

`python -m crawler.recall RUN-FOLDER NEW-FOLDER` reads a run into a folder that is none of the runs yet.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes
from scrapy.utils.project import get_project_settings

from crawler import clock, config
from crawler.archive import CONVERSION, METADATA, ArchiveError, Asked, Reply, replies
from crawler.capture import META_KEY, Capture, Captured, as_received, is_content
from crawler.run_folder import ITEMS, Manifest, RunFolder, RunFolderError
from crawler.source import (
    HOME_SETTING,
    RUN_FOLDER_SETTING,
    BadArgumentError,
    CaptureMode,
    Kept,
    NotCapturedError,
    Past,
    SourceSpider,
    UnreadableError,
)

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

RECALLS_SETTING = "MONITOR_RECALLS"
_RECALLED = "recalled"  # in a request's meta: the Reply that answers it
_NAMED = 5  # addresses that are named when they were not captured; the reason of a run is read by people
_NOT_ARGUMENTS = frozenset({"stand_ins"})  # a note that a manifest holds among them


class Archive:
    """The replies of a crawl, by what they answer. Each answers once, in the order in which they came."""

    def __init__(self, found: Iterable[Reply]) -> None:
        self._waiting: dict[Asked, deque[Reply]] = {}
        self._missing: set[Asked] = set()
        addresses = []
        for reply in found:
            asked = reply.asked or Asked("GET", reply.url)
            addresses.append(asked.url)
            self._waiting.setdefault(asked, deque()).append(reply)
        self.addresses = tuple(addresses)
        # Captures of before POSTs were told apart: there a reply is known by its address and its turn.
        self._by_turn = all(asked.method == "GET" for asked in self._waiting)

    def answer(self, asked: Asked) -> Reply:
        """The next reply to this. Raises NotCapturedError."""
        waiting = self._waiting.get(asked) or (self._by_turn and self._waiting.get(Asked("GET", asked.url)))
        if waiting:
            return waiting.popleft()
        self._missing.add(asked)
        if len(self._missing) > _NAMED:
            raise NotCapturedError("today's reading asks for more pages that were not captured")
        raise NotCapturedError(f"today's reading asks for a page that was not captured: {asked.url}")


class Recall:
    """Extension: opens the archive, and puts spider and clock where the crawl began."""

    def __init__(self, crawler: Crawler) -> None:
        spider, folder = crawler.spider, RunFolder(Path(crawler.settings[RECALLS_SETTING]))
        assert isinstance(spider, SourceSpider)
        crawl = folder.read_manifest()
        self.archive = Archive(replies(folder.capture))
        spider.past = Past(crawl.started_at, self.archive.addresses)
        spider.report.counts |= {
            name: crawl.counts[name] for name in spider.counted_as_received if name in crawl.counts
        }

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


class FromArchive(BaseDownloadHandler):
    """Download handler for every scheme: answers from the archive, and never opens a connection or a file."""

    async def download_request(self, request: Request) -> Response:
        """The reply as it was kept. Raises NotCapturedError."""
        recall = self.crawler.get_extension(Recall)
        assert recall is not None
        reply = recall.archive.answer(Asked(request.method, urldefrag(request.url).url, request.body))
        request.meta[_RECALLED] = reply
        headers = Headers({"Content-Type": reply.content_type} if reply.content_type else {})
        kind = responsetypes.from_args(headers=headers, url=reply.url, body=reply.body)
        return kind(url=reply.url, status=reply.status, headers=headers, body=reply.body, request=request)


class Recalled(Capture):
    """Spider middleware in the place of Capture: keeps nothing, and proves items by the records there are."""

    def process_spider_input(self, response: Response) -> None:
        """Puts a `Captured` in the meta of a reply. Raises UnreadableError for one of which only facts were kept."""
        spider, reply = self._crawler.spider, response.meta[_RECALLED]
        assert isinstance(spider, SourceSpider)
        assert isinstance(reply, Reply)
        redacted = spider.source.capture is CaptureMode.REDACTED
        if reply.kind == METADATA or redacted:
            if not is_content(response):
                return  # an error page, as when it was captured
            if reply.kind == METADATA:
                raise UnreadableError("it could not be kept without personal data, so there is nothing to read again")
        if reply.kind == CONVERSION:
            kept = Kept(reply.body, reply.content_type)
        else:
            kept = spider.redact(response) if redacted else as_received(response)
        response.meta[META_KEY] = Captured(reply.record_id, reply.sha256, reply.fetched_at, kept)


def arguments_of(crawl: Manifest) -> dict[str, str]:
    """The spider's arguments (`-a name=value`) with which a run was called."""
    said = {name: value for name, value in crawl.arguments.items() if name not in _NOT_ARGUMENTS}
    return said | ({"series": crawl.series} if crawl.series else {})


def _without_network(settings: BaseSettings, folder: RunFolder, into: RunFolder) -> None:
    """Makes the settings of a crawl those of a replay; nothing that a spider sets itself takes them back."""
    handlers = dict.fromkeys(settings.getdict("DOWNLOAD_HANDLERS")) | dict.fromkeys(
        ("http", "https", "file"), FromArchive
    )
    around_spider = settings.getdict("SPIDER_MIDDLEWARES")
    at = around_spider["crawler.capture.Capture"]
    here: dict[str, Any] = {
        HOME_SETTING: str(config.home()),
        RUN_FOLDER_SETTING: str(into.path),
        RECALLS_SETTING: str(folder.path),
        "FEEDS": {into.path / ITEMS: {"format": "jsonlines", "encoding": "utf8", "store_empty": True}},
        "EXTENSIONS": {**settings.getdict("EXTENSIONS"), Recall: 1},
        "DOWNLOAD_HANDLERS": handlers,
        "DOWNLOADER_MIDDLEWARES": {**settings.getdict("DOWNLOADER_MIDDLEWARES"), "crawler.robots.StrictRobots": None},
        "SPIDER_MIDDLEWARES": {**around_spider, "crawler.capture.Capture": None, Recalled: at},
        "ROBOTSTXT_OBEY": False,  # nobody is asked, so nobody's rules are
        "RETRY_ENABLED": False,  # what was kept is what came in the end, after all retries
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "WARNING",
    }
    settings.setdict(here, priority="cmdline")


def recall(folder: RunFolder, into: RunFolder) -> bool:
    """Crawls a run again into another folder; whether it came to an end there.

    Raises RunFolderError, ArchiveError, BadArgumentError, and KeyError for a source that has no spider any more.
    """
    crawl = folder.read_manifest()
    settings = get_project_settings()
    _without_network(settings, folder, into)
    clock.start_at(clock.read_stamp(crawl.started_at))
    process = AsyncCrawlerProcess(settings)
    spider, arguments = process.spider_loader.load(crawl.source), arguments_of(crawl)
    spider(**arguments)  # refuses a wrong argument before anything is written
    crawler = process.create_crawler(spider)
    clock.start_at(clock.read_stamp(crawl.started_at))  # again: to get here took a moment
    process.crawl(crawler, **arguments)
    process.start()
    return isinstance(crawler.spider, SourceSpider) and crawler.spider.outcome is not None


def main(folder: str, into: str) -> int:
    """Exit code 0 when the new folder is finished, whatever its outcome."""
    try:
        return 0 if recall(RunFolder(Path(folder)), RunFolder(Path(into))) else 1
    except KeyError:
        reason = f"there is no spider of {Path(folder).parent.name!r} any more"
    except (RunFolderError, ArchiveError, BadArgumentError, OSError) as error:
        reason = str(error)
    sys.stderr.write(f"{reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
