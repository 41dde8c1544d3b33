"""Keeps what was fetched, in the web-archive standard (WARC 1.1, ISO 28500), as far as the source's mode allows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urldefrag

from scrapy import signals
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import clock
from crawler.items import Proof
from crawler.source import CaptureMode, Kept, SourceSpider, UnreadableError

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

META_KEY = "captured"
_NO_KIND = "application/octet-stream"  # of a reply without a body (304)


@dataclass(frozen=True, slots=True)
class Captured:
    """Where a reply stands in the capture. `sha256` is of the bytes as received; `fetched_at` is UTC."""

    record_id: str
    sha256: str
    fetched_at: datetime
    kept: Kept


class Capture:
    """Spider middleware: every reply is kept before it is parsed, and parsed only from what was kept.

    A `full` source keeps response records. A `redacted` one keeps a conversion record (what the spider's `redact`
    returns) and a metadata record with the original's hash. A `digest` one keeps the metadata record alone, and parses
    what the spider's `digest` returns. A request record follows where more was asked than the reply's address says: the
    body of a POST, what led to a redirect.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._file: BinaryIO | None = None
        self._writer: WARCWriter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    def spider_closed(self) -> None:
        """Closes the archive; the manifest is written after this, and counts its bytes."""
        if self._file is None:
            return
        try:
            self._file.close()
        except OSError as error:  # the last bytes found no room
            spider = self._crawler.spider
            assert isinstance(spider, SourceSpider)
            spider.report.incomplete.append(f"{self._file.name}: not whole: {error}")
            spider.report.keeps_next = False

    def process_spider_input(self, response: Response) -> None:
        """Keeps the reply and puts a `Captured` in its meta. Raises UnreadableError if it cannot be redacted."""
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        now = clock.now()
        mode = spider.source.capture
        if mode is not CaptureMode.FULL and not is_content(response):
            self._write_facts(spider, response, now)
            return  # an error page, which HttpError turns away next
        try:
            kept = kept_of(spider, response)
        except UnreadableError:
            self._write_facts(spider, response, now)
            raise
        if mode is CaptureMode.FULL:
            record_id = self._write_response(spider, response, now)
        elif mode is CaptureMode.REDACTED:
            record_id = self._write_conversion(spider, response, now, kept)
            self._write_digest(spider, response, now, refers_to=record_id)
        else:
            record_id = self._write_digest(spider, response, now, refers_to="")
        self._write_request(spider, response, now, record_id)
        response.meta[META_KEY] = Captured(record_id, hashlib.sha256(response.body).hexdigest(), now, kept)

    def process_spider_exception(self, response: Response, exception: Exception) -> list[object] | None:
        """Takes what a parser could not read for the end of the run that it is."""
        if not isinstance(exception, UnreadableError):
            return None
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        spider.unreadable(response.url, exception)
        return []

    def _write_response(self, spider: SourceSpider, response: Response, now: datetime) -> str:
        lines = [(k.decode("latin-1"), v.decode("latin-1")) for k, vs in response.headers.items() for v in vs]
        headers = StatusAndHeaders(f"{response.status} -", lines, protocol="HTTP/1.1")
        return self._write(spider, "response", response.url, now, response.body, http_headers=headers)

    def _write_conversion(self, spider: SourceSpider, response: Response, now: datetime, kept: Kept) -> str:
        kind = kept.content_type or _NO_KIND
        return self._write(spider, "conversion", response.url, now, kept.body, content_type=kind)

    def _write_digest(self, spider: SourceSpider, response: Response, now: datetime, refers_to: str) -> str:
        facts = {
            "original-sha256": hashlib.sha256(response.body).hexdigest(),
            "original-bytes": str(len(response.body)),
            "http-status": str(response.status),
            "content-type": (response.headers.get("Content-Type") or b"").decode("latin-1"),
            "capture-mode": str(spider.source.capture),
        }
        body = "".join(f"{key}: {value}\r\n" for key, value in facts.items() if value).encode()
        extra = {"WARC-Refers-To": refers_to} if refers_to else {}
        kind = "application/warc-fields"
        return self._write(spider, "metadata", response.url, now, body, content_type=kind, extra=extra)

    def _write_facts(self, spider: SourceSpider, response: Response, now: datetime) -> None:
        """Keeps of a reply that it came, and to what."""
        self._write_request(spider, response, now, self._write_digest(spider, response, now, refers_to=""))

    def _write_request(self, spider: SourceSpider, response: Response, now: datetime, record_id: str) -> None:
        """Keeps what was asked where the reply's address does not say it, so that a replay finds the reply again."""
        request = response.request
        asked_first = response.meta.get("redirect_urls", [])[:1]
        if request is None or (request.method == "GET" and not asked_first):
            return
        url = urldefrag(asked_first[0] if asked_first else request.url).url
        self._write(
            spider,
            "request",
            url,
            now,
            request.body,
            content_type="application/http; msgtype=request",
            http_headers=StatusAndHeaders(f"{request.method} {url} HTTP/1.1", [], is_http_request=True),
            extra={"WARC-Concurrent-To": record_id},
        )

    def _write(
        self,
        spider: SourceSpider,
        kind: str,
        url: str,
        now: datetime,
        body: bytes,
        *,
        content_type: str | None = None,
        http_headers: StatusAndHeaders | None = None,
        extra: dict[str, str] | None = None,
    ) -> str:
        writer = self._open(spider)
        headers = {"WARC-Date": clock.stamp(now), **(extra or {})}  # to the microsecond, as items say it
        record = writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=content_type or "application/http; msgtype=response",
            http_headers=http_headers,
            warc_headers_dict=headers,
        )
        writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def _open(self, spider: SourceSpider) -> WARCWriter:
        if self._writer is None:
            self._file = spider.run_folder.capture.open("wb")
            self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
            about = {"software": spider.settings["USER_AGENT"], "isPartOf": spider.run_folder.run_id}
            self._writer.write_record(self._writer.create_warcinfo_record(spider.run_folder.capture.name, about))
        return self._writer


def captured_of(response: Response) -> Captured:
    """Where a reply was kept."""
    captured = response.meta[META_KEY]
    assert isinstance(captured, Captured)
    return captured


def proof_of(response: Response, parser: str, line: int = 1) -> Proof:
    """Where a statement stands that was read from a reply."""
    captured = captured_of(response)
    return Proof(
        url=response.url,
        fetched_at=clock.stamp(captured.fetched_at),
        sha256=captured.sha256,
        capture=captured.record_id,
        line=line,
        parser=parser,
    )


def is_content(response: Response) -> bool:
    return 200 <= response.status < 300 or response.status == HTTPStatus.NOT_MODIFIED


def kept_of(spider: SourceSpider, response: Response) -> Kept:
    """A reply as its source's mode has it kept and parsed. Raises UnreadableError."""
    if spider.source.capture is CaptureMode.REDACTED:
        return spider.redact(response)
    return spider.digest(response) if spider.source.capture is CaptureMode.DIGEST else as_received(response)


def as_received(response: Response) -> Kept:
    return Kept(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
