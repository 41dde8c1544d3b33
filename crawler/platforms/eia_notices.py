"""Base of lists of environmental impact assessments behind a notice that is to be agreed to: a table for each stage."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin

from scrapy import FormRequest, Request

from crawler.capture import captured_of
from crawler.fields.periods import first_day
from crawler.fields.titles import organisation_in
from crawler.items import Disclosure, DisclosureKind, DisclosureStage, Item, Proof
from crawler.platforms.article_page import open_page
from crawler.platforms.disclosures import DisclosureSpider
from crawler.platforms.records import Keep, Record, instant_day
from crawler.platforms.table_records import TableRecords
from crawler.source import Kept, UnreadableError

if TYPE_CHECKING:
    from datetime import date

    from scrapy.http import Response

_KEYS = {
    "project": Keep.TEXT,
    "holder": Keep.HOLDER,
    "address": Keep.TEXT,
    "period": Keep.TEXT,
    "document": Keep.TEXT,
    "number": Keep.TEXT,
    "decided": Keep.TEXT,
}
_HEADINGS = {
    **dict.fromkeys(("项目", "项目名称", "建设项目名称"), "project"),
    **dict.fromkeys(("单位", "建设单位", "建设单位名称"), "holder"),
    **dict.fromkeys(("地点", "建设地点", "项目地点"), "address"),
    **dict.fromkeys(("公示期", "公示期限", "公示时间"), "period"),
    **dict.fromkeys(("批文标题", "审批文件标题", "批复标题"), "document"),
    **dict.fromkeys(("批文号", "批文文号", "审批文号", "批复文号"), "number"),
    **dict.fromkeys(("日期", "批文日期", "审批日期", "批复日期"), "decided"),
}


def _table(*order: str, required: tuple[str, ...]) -> TableRecords:
    keys = {key: how for key, how in _KEYS.items() if key in order}
    return TableRecords(
        rows="table.tab tr",
        order=order,
        keys=keys,
        required=required,
        labels=_HEADINGS,
        pages=r"共\s*(\d+)\s*页",
        marks=("table.tab",),
    )


class EiaNoticesSpider(DisclosureSpider):
    """The lists of the publishing system of `link.sthj.sh.gov.cn`, below its `home`.

    A row has no id. A decision is known by its document's number; what is accepted or proposed, and a decision without
    a number, by a hash of stage, builder and project: never by its place, for rows move. A decision's builder stands
    only in its title; where that names none, nobody can be told of it.
    """

    lists = ("accepted", "proposed", "approved")
    # gongshiType, and the page of the list behind the notice.
    doors: ClassVar[Mapping[str, tuple[str, str]]] = {
        "accepted": ("1", "hpsl"),
        "proposed": ("2", "hpnsp"),
        "approved": ("3", "hpxm"),
    }
    forms: ClassVar[Mapping[str, TableRecords]] = {
        "accepted": _table("project", "holder", "period", required=("project", "holder", "period")),
        "proposed": _table(
            "project", "address", "holder", "", "period", "", "", required=("project", "holder", "period")
        ),
        "approved": _table("project", "document", "number", "decided", "", required=("project", "decided")),
    }
    stated = tuple(_KEYS)
    list_may_be_empty = False
    rows_may_repeat = True

    def form_of(self, name: str) -> TableRecords:
        return self.forms[name]

    def asked_first(self, name: str) -> Request:
        return Request(self._notice(name))

    def opened(self, response: Response, name: str) -> None:  # noqa: ARG002
        if not open_page(captured_of(response).kept).css("#iAgree"):
            raise UnreadableError("the page has no #iAgree where the notice should be")

    def _notice(self, name: str) -> str:
        return urljoin(self.home, f"hpgs_gz_login.jsp?applyItem=1&gongshiType={self.doors[name][0]}&approvType=1")

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002
        kind, page = self.doors[name]
        form = {"applyItem": "1", "gongshiType": kind, "approvType": "1", "pageNo": str(number)}
        return FormRequest(urljoin(self.home, f"{page}_list_login.jsp"), formdata=form)

    def day(self, record: Record) -> date | None:
        return instant_day(record["decided"]) or first_day(record["period"])

    def id_of(self, record: Record) -> str:  # noqa: ARG002 - rows of one id may differ, so paging goes by what they say
        return ""

    def items(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Iterable[Item]:  # noqa: ARG002
        holder = record["holder"] or organisation_in(record["document"]) or organisation_in(record["project"])
        if not self.is_told(holder):
            return
        told = "\n".join((name, holder, record["project"]))
        number = re.sub(r"\s", "", record["number"])
        yield Disclosure(
            disclosure_id=number or f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:24]}",
            kind=DisclosureKind.EIA,
            stage=DisclosureStage(name),
            holder=holder,
            title=record["project"],
            address=record["address"],
            agency=self.source.publisher_zh,
            document_number=number,
            happened_on=instant_day(record["decided"]),
            happened_on_raw=record["decided"],
            published_on=first_day(record["period"]),
            published_on_raw=record["period"],
            url=self._notice(name),
            proof=proof,
        )
