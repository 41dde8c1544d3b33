"""Base of the notices of awards in portals of public procurement that run on 政采云: a list, and a page for each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import ClassVar
from urllib.parse import urlencode, urljoin

from scrapy import Request
from scrapy.http import JsonRequest

from crawler.clock import SHANGHAI
from crawler.fields.money import Money, parse_money
from crawler.fields.personal import MASK
from crawler.items import Disclosure, DisclosureKind, DisclosureStage, Item, Proof
from crawler.platforms.disclosures import DisclosureSpider
from crawler.platforms.json_records import JsonRecords
from crawler.platforms.labelled import LabelledRecords
from crawler.platforms.records import Keep, Record, instant_day, read_records
from crawler.source import Kept, UnreadableError

_CATEGORY = "ZcyAnnouncement4"
_WINNERS = (
    "中标供应商名称",
    "成交供应商名称",
    "中标成交供应商名称",
    "中标供应商",
    "成交供应商",
    "供应商名称",
    "中标单位",
)
_AMOUNTS = ("中标成交金额", "中标金额", "成交金额", "中标价", "总中标金额", "合同金额")
_UNITS = {"amount": "", "amount_yuan": "元", "amount_10k": "万元"}
_NO_AWARD = re.compile("废标|流标|失败|终止|中止|撤销|更正|变更")
_BEFORE_AMOUNT = re.compile(r"^[^\d:：]{1,20}[:：]")
_TOGETHER = re.compile(r"[（(]联合体[^（()）]{0,8}[）)]")


class ZcyAwardsSpider(DisclosureSpider):
    """The notices of awards of a portal of the system 政采云, `parent` being the portal's own column of notices.

    A notice is an item for each winner, known by the notice's id and a hash of the winner's name, as its place in the
    notice may change. What a winner won in several lots is added up.
    """

    parent: ClassVar[str]
    form = JsonRecords(
        records="result.data.data",
        keys={
            "articleId": Keep.PLAIN,
            "title": Keep.TEXT,
            "publishDate": Keep.PLAIN,
            "districtName": Keep.TEXT,
        },
        required=("articleId", "title", "publishDate"),
        known=(
            *("pathName", "path", "author", "districtCode", "purchaseName", "projectCode", "projectName", "cover"),
            *("annId", "siteId", "parentId", "firstCode", "secondCode", "categoryNames"),
        ),
        null_is_none=True,
    )
    page_form = LabelledRecords(
        inside="result.data.content",
        keys={
            "winner[]": Keep.HOLDER,
            **dict.fromkeys(_UNITS, Keep.TEXT),
            "buyer": Keep.HOLDER,
            "number": Keep.TEXT,
            "awarded": Keep.TEXT,
        },
        labels={
            **dict.fromkeys(_WINNERS, "winner[]"),
            **dict.fromkeys(_AMOUNTS, "amount"),
            **{f"{label}元": "amount_yuan" for label in _AMOUNTS},
            **{f"{label}万元": "amount_10k" for label in _AMOUNTS},
            **dict.fromkeys(("采购人", "采购人名称", "采购单位", "采购单位名称", "采购人信息/名称"), "buyer"),
            **dict.fromkeys(("项目编号", "采购项目编号", "招标编号"), "number"),
            **dict.fromkeys(("中标日期", "成交日期", "定标日期", "中标成交日期"), "awarded"),
            **dict.fromkeys(
                ("供应商地址", "中标供应商地址", "地址", "联系方式", "项目联系人", "电话", "评审总得分"), ""
            ),
            **dict.fromkeys(("序号", "标项名称", "包名称", "标项", "采购代理机构信息/名称", "项目名称"), ""),
        },
        rows=("winner[]", *_UNITS),
        sections=("采购人信息", "采购代理机构信息", "项目联系方式"),
    )
    id_key = "articleId"
    day_key = "publishDate"
    stated = ("articleId", "title")
    size = 15
    most_pages = 200
    goes_back = True
    list_may_be_empty = False

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002
        # The site sends the present here, against caches. A replay must ask the same, so it is the window's first day.
        opens = datetime.combine(self.since_of(name) or self.today, time(), SHANGHAI)
        asked = {"pageNo": number, "pageSize": self.size, "categoryCode": _CATEGORY}
        return JsonRequest(
            urljoin(self.home, "/portal/category"), data={**asked, "_t": int(opens.timestamp()) * 1000}, method="POST"
        )

    def left_out(self, record: Record) -> str:
        return "without_award" if _NO_AWARD.search(record["title"]) else ""

    def page_of(self, record: Record, name: str) -> Request | None:  # noqa: ARG002
        query = urlencode({"articleId": record["articleId"], "parentId": self.parent})
        return Request(urljoin(self.home, f"/portal/detail?{query}")) if record["articleId"] else None

    def items(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Iterable[Item]:  # noqa: ARG002
        if page is None:
            return ()  # the list does not say who won
        won: dict[str, list[Record]] = {}
        for row in read_records(page).records:
            for winner in row.lines("winner[]"):
                won.setdefault(_TOGETHER.sub("", winner), []).append(row)
        if not won:
            raise UnreadableError("the notice names no winner where one should be (供应商名称, 中标供应商)")
        return [self._award(record, proof, winner, rows) for winner, rows in won.items() if self.is_told(winner)]

    def _award(self, record: Record, proof: Proof, winner: str, rows: list[Record]) -> Item:
        amount, raw = _amount(rows)
        query = urlencode({"categoryCode": _CATEGORY, "parentId": self.parent, "articleId": record["articleId"]})
        first = rows[0]
        return Disclosure(
            disclosure_id=f"{record['articleId']}#{hashlib.sha256(winner.encode()).hexdigest()[:8]}",
            kind=DisclosureKind.AWARD,
            stage=DisclosureStage.AWARDED,
            holder=winner,
            title=record["title"],
            agency=first["buyer"].replace(MASK, ""),
            document_number=first["number"],
            amount=amount.amount if amount else None,
            currency=amount.currency if amount else "",
            amount_raw=raw,
            happened_on=instant_day(first["awarded"]),
            happened_on_raw=first["awarded"],
            published_on=self.day(record),
            published_on_raw=record["publishDate"],
            url=urljoin(self.home, f"/site/detail?{query}"),
            proof=proof,
        )


def _amount(rows: list[Record]) -> tuple[Money | None, str]:
    """What a winner's rows amount to together, and as printed. None where one cannot be read, or is shared."""
    said = [
        (row[key], unit, len(row.lines("winner[]")) > 1) for row in rows for key, unit in _UNITS.items() if row[key]
    ]
    raw = "；".join(f"{text}{f'（{unit}）' if unit else ''}" for text, unit, _ in said)[:200]
    read = [None if shared else parse_money(_BEFORE_AMOUNT.sub("", text), unit=unit) for text, unit, shared in said]
    found = [money for money in read if money]
    if len(found) < len(rows) or len({money.currency for money in found}) > 1:
        return None, raw
    return Money(sum((money.amount for money in found[1:]), found[0].amount), found[0].currency), raw
