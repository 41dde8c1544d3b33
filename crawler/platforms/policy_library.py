"""Base of spiders of Shanghai's library of policies (统一政策发布平台): one list for all sites, a document a reply."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode, urljoin

from scrapy import Request
from scrapy.http import HtmlResponse

from crawler.capture import captured_of
from crawler.items import Article, ArticleKind, Item, Proof, Rejected, RejectReason, TextFrom
from crawler.platforms.article_page import LONGEST_TEXT, LONGEST_TITLE, keep_page, lines_of, open_page
from crawler.platforms.json_records import JsonRecords, at_path, parse_json, quoted
from crawler.platforms.record_spider import RecordList, RecordSpider
from crawler.platforms.records import LONGEST_REPLY, Keep, Record, instant_day, read_records
from crawler.source import Kept, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

_LIST, _DOCUMENT, _READER = "/gwk/policy/page", "/gwk/policy/detail", "/zhengce/detail"
_ASKED_AS: Final = {"Content-Type": "application/json", "Accept": "application/json"}


class PolicyLibrarySpider(RecordSpider):
    """`[-a since=YYYY-MM-DD]`. A source declares `site`, the number of the office whose documents it reads.

    The page that a person opens is filled by a script, so each document is asked for as that script does.
    """

    home = "https://www.shanghai.gov.cn"
    site: ClassVar[str]
    form = JsonRecords(
        records="data.records",
        keys={
            "businessId": Keep.PLAIN,
            "siteId": Keep.PLAIN,
            "title": Keep.TEXT,
            "publishDate": Keep.PLAIN,
            "docType": Keep.TEXT,
            "docYear": Keep.PLAIN,
            "docNo": Keep.PLAIN,
            "indexNo": Keep.TEXT,
            "attrs.agency": Keep.TEXT,
        },
        required=("businessId", "siteId", "title", "publishDate"),
        known=(
            *("displayDate", "summary", "genre", "effectiveFlag", "relates", "affairs", "docNum", "txt"),
            *("attrs.draftUnit", "attrs.openType", "attrs.theme", "attrs.zwPDFUrl"),
        ),
        ok=("code", 0),
        pages="data.totalPage",
    )
    size = 20
    id_key = "businessId"
    day_key = "publishDate"
    stated = ("businessId", "title", "publishDate")
    first_days = 120

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002 - one list, asked by number
        said = {"siteIdList": [self.site], "pageNo": number, "pageSize": self.size}
        return self._post(_LIST, said)

    def page_of(self, record: Record, name: str) -> Request | None:  # noqa: ARG002 - one list
        if not record["businessId"]:
            return None
        return self._post(_DOCUMENT, {"siteId": self.site, "businessId": record["businessId"]})

    def _post(self, path: str, said: dict[str, Any]) -> Request:
        return Request(urljoin(self.home, path), method="POST", headers=_ASKED_AS, body=json.dumps(said))

    def redact(self, response: Response) -> Kept:
        if response.meta["reads"] == "page":
            return _keep_document(response, response.cb_kwargs["record"]["businessId"])
        return super().redact(response)

    def parse_list(self, response: Response, listing: RecordList) -> Iterator[Any]:
        """As any list. Raises UnreadableError where other offices' documents come: then what was asked was ignored."""
        sites = {record["siteId"] for record in read_records(captured_of(response).kept).records}
        if foreign := sites - {self.site}:
            came = f"documents of site {min(foreign)[:40]!r} came"
            raise UnreadableError(f"site {self.site} was asked, and {came}: it was ignored")
        yield from super().parse_list(response, listing)

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002 - one list
        title, number = record["title"], record["businessId"]
        if not title or not number or len(title) > LONGEST_TITLE:
            reason = RejectReason.MISSING_TITLE if number else RejectReason.MISSING_ID
            cells = {"id": number, "title": title[:LONGEST_TITLE], "day": record["publishDate"]}
            return Rejected(reason=reason, detail=f"record {record.position}", cells=cells, proof=proof)
        text = _text(page) if page else ""
        if page and not text:
            self.count("documents_that_are_files")
        said = urlencode({"businessId": number, "siteId": self.site})
        return Article(
            article_id=number,
            kind=ArticleKind.DOCUMENT,
            channel=self.site,
            url=f"{self.home}{_READER}?{said}",
            title=title,
            published_on=instant_day(record["publishDate"]),
            published_on_raw=record["publishDate"],
            agency=record["attrs.agency"],
            document_number=_document_number(record),
            index_number=record["indexNo"],
            language="zh",
            text=text,
            text_from=TextFrom.BODY if text else TextFrom.NONE,
            proof=proof,
        )


def _keep_document(response: Response, asked: str) -> Kept:
    """The text of a document, which stands as HTML in a JSON reply, as the page that it is.

    Raises UnreadableError where the reply is not as documented, or another document's.
    """
    if len(response.body) > LONGEST_REPLY:
        raise UnreadableError(f"a reply of {len(response.body)} bytes; the longest read is {LONGEST_REPLY}")
    said = parse_json(response.body)
    if (code := at_path(said, "code")) != 0 or isinstance(code, bool):
        raise UnreadableError(f"code is {quoted(code)} instead of 0")
    if (came := at_path(said, "data.businessId", missing=asked)) != asked:
        raise UnreadableError(f"document {asked} was asked, {quoted(came)} came")
    text = at_path(said, "data.txt")
    if not isinstance(text, str):
        raise UnreadableError(f"data.txt is {type(text).__name__}, no text")
    page = f"<!DOCTYPE html><html><body>{text}</body></html>".encode("utf-8", "replace")
    return keep_page(HtmlResponse(response.url, body=page, headers={"Content-Type": "text/html; charset=utf-8"}))


def _text(page: Kept) -> str:
    """Raises UnreadableError for a text that is far too long."""
    text = "\n".join(lines_of(open_page(page).root))
    if len(text) > LONGEST_TEXT:
        raise UnreadableError(f"a text of {len(text)} characters; the longest read is {LONGEST_TEXT}")
    return text


def _document_number(record: Record) -> str:
    """文号, of its three parts: 普府〔2026〕1号; empty where one is missing."""
    kind, year, number = record["docType"], record["docYear"], record["docNo"]
    return f"{kind}〔{year}〕{number}号" if kind and year and number else ""
