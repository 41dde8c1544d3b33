"""Base of lists of announcements by listed firm, as cninfo.com.cn writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from scrapy import FormRequest, Request

from crawler.capture import captured_of
from crawler.items import Disclosure, DisclosureKind, DisclosureStage, Item, Proof
from crawler.platforms.json_records import JsonRecords
from crawler.platforms.record_spider import RecordSpider
from crawler.platforms.records import Keep, Record, keep_records, read_records
from crawler.source import BadArgumentError, Kept, UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response

_MARK = re.compile(r"</?em>")
_STOCK = re.compile(r"([0-9]{6}):([^:,]{4,60})")
_FOUND = JsonRecords(
    records="",
    keys={"code": Keep.PLAIN, "orgId": Keep.PLAIN},
    required=("code", "orgId"),
    known=("zwjc", "category", "pinyin", "type"),
)


class AnnouncementsSpider(RecordSpider):
    """`[-a stocks=CODE:REGISTERED NAME,…]` in place of the firms that are `watched`, code by registered name.

    A run with `stocks` remembers for itself: a run of those watched is none the wiser.

    Each firm is a list. Its orgId is looked up before, because a wrong one gives an empty list without a word; and as
    every window holds an announcement (`first_days`, or the newest that was read), an empty list is wrong.
    """

    watched: ClassVar[Mapping[str, str]]
    files: ClassVar[str]
    arguments = ("since", "stocks")
    form = JsonRecords(
        records="announcements",
        total="totalRecordNum",
        keys={
            "announcementId": Keep.PLAIN,
            "announcementTitle": Keep.TITLE,
            "announcementTime": Keep.PLAIN,
            "adjunctUrl": Keep.LINK,
            "secCode": Keep.PLAIN,
            "orgId": Keep.PLAIN,
        },
        required=("announcementId", "announcementTitle", "announcementTime"),
        known=(
            *("id", "secName", "tileSecName", "secNameList", "orgName", "adjunctSize", "adjunctType", "columnId"),
            *("pageColumn", "announcementType", "announcementTypeName", "announcementContent", "important"),
            *("storageTime", "batchNum", "associateAnnouncement"),
        ),
        null_is_none=True,
    )
    id_key = "announcementId"
    day_key = "announcementTime"
    stated = ("announcementId", "announcementTitle")
    size = 30
    list_may_be_empty = False

    def __init__(self, name: str | None = None, series: str = "", **kwargs: Any) -> None:
        super().__init__(name, series, **kwargs)
        self.firms = _stocks(self.given["stocks"]) if "stocks" in self.given else dict(self.watched)
        self.lists = tuple(self.firms)
        self.report.listing = self.given.get("stocks", "")
        self._org_ids: dict[str, str] = {}

    def asked_first(self, name: str) -> Request:
        asked = {"keyWord": name, "maxNum": "10"}
        return FormRequest(urljoin(self.home, "/new/information/topSearch/query"), formdata=asked)

    def keep_first(self, response: Response) -> Kept:
        return keep_records(response, _FOUND)[0]

    def opened(self, response: Response, name: str) -> None:
        found = {record["code"]: record["orgId"] for record in read_records(captured_of(response).kept).records}
        if not found.get(name):
            raise UnreadableError(f"the look-up knows no orgId of {name}; without it a list is empty without a word")
        self._org_ids[name] = found[name]

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002
        in_shanghai = name.startswith("6")
        asked = {
            "pageNum": str(number),
            "pageSize": str(self.size),
            "column": "sse" if in_shanghai else "szse",
            "tabName": "fulltext",
            "plate": "sh" if in_shanghai else "sz",
            "stock": f"{name},{self._org_ids[name]}",
            **dict.fromkeys(("searchkey", "secid", "category", "trade"), ""),
            "seDate": f"{self.since_of(name)}~{self.today}",
            **dict.fromkeys(("sortName", "sortType"), ""),
            "isHLtitle": "true",
        }
        return FormRequest(urljoin(self.home, "/new/hisAnnouncement/query"), formdata=asked)

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002
        if record["secCode"] != name:
            raise UnreadableError(f"an announcement of {record['secCode'][:20]!r} where those of {name} were asked")
        return Disclosure(
            disclosure_id=record["announcementId"],
            kind=DisclosureKind.ANNOUNCEMENT,
            stage=DisclosureStage.PUBLISHED,
            holder=self.firms[name],
            title=_MARK.sub("", record["announcementTitle"]),
            published_on=self.day(record),
            published_on_raw=record["announcementTime"],
            url=urljoin(self.files, record["adjunctUrl"]) if record["adjunctUrl"] else "",
            proof=proof,
        )


def _stocks(text: str) -> dict[str, str]:
    """Codes and registered names. Raises BadArgumentError."""
    found = [_STOCK.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found):
        raise BadArgumentError(
            f"cninfo: -a stocks={text[:60]} is not CODE:REGISTERED NAME, several with commas between"
        )
    return {match[1]: match[2] for match in found if match}
