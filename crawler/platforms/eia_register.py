"""Base of the register of what builders disclose of their projects: lists by year and district, a page for each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urljoin

from scrapy import FormRequest, Request

from crawler.capture import captured_of
from crawler.items import Disclosure, DisclosureKind, DisclosureStage, Item, Proof
from crawler.platforms.article_page import open_page
from crawler.platforms.disclosures import DisclosureSpider
from crawler.platforms.labelled import LabelledRecords
from crawler.platforms.records import Keep, Record, instant_day, read_records
from crawler.platforms.table_records import TableRecords
from crawler.run_folder import Outcome
from crawler.source import Kept, UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response

_COMPLETED = re.compile(r"(?<![未待])(?:竣工|验收)")
_NOTHING = Record({}, 1)
_OTHERS: Final = "other_districts"  # a project across districts may stand under another one, or under none


class EiaRegisterSpider(DisclosureSpider):
    """The register at `e2.sthj.sh.gov.cn`, of one district: this year's list and the last's, by the id in each row.

    A project is asked for again when its row says something else. Rows of other districts are left out and counted; a
    run in which most are such is failed.
    """

    district: ClassVar[str]
    district_code: ClassVar[str]
    path: ClassVar[str] = "/qygkweb/jsp/view/"
    form = TableRecords(
        rows="tr",
        order=("",),  # which cell holds what was not seen: headings decide, else the id alone is taken
        keys={
            "id": Keep.PLAIN,
            "title": Keep.TEXT,
            "holder": Keep.HOLDER,
            "district": Keep.TEXT,
            "status": Keep.TEXT,
        },
        required=("id",),
        labels={
            **dict.fromkeys(("项目名称", "建设项目名称"), "title"),
            **dict.fromkeys(("建设单位", "建设单位名称", "企业名称"), "holder"),
            **dict.fromkeys(("所属区", "所在区", "行政区", "区县", "所属区县"), "district"),
            **dict.fromkeys(("状态", "当前状态", "项目状态", "所处阶段", "信息公开阶段", "公开阶段"), "status"),
        },
        click=r"openInfo\(\s*['\"]([0-9A-Fa-f]{32})['\"]",
        pages=r"共\s*(\d+)\s*页",
    )
    page_form = LabelledRecords(
        keys={
            "title": Keep.TEXT,
            "holder": Keep.HOLDER,
            "uscc": Keep.CODE,
            "address": Keep.TEXT,
            "number": Keep.TEXT,
            "started": Keep.TEXT,
            "completed": Keep.TEXT,
            "shown": Keep.TEXT,
        },
        labels={
            **dict.fromkeys(("项目名称", "建设项目名称"), "title"),
            **dict.fromkeys(("建设单位", "建设单位名称"), "holder"),
            "统一社会信用代码": "uscc",
            **dict.fromkeys(("建设地点", "项目地址", "建设地址"), "address"),
            **dict.fromkeys(("环评批文文号", "环评批复文号", "批文号"), "number"),
            "实际开工日期": "started",
            "竣工日期": "completed",
            "公示起始日期": "shown",
            **dict.fromkeys(
                ("所属行业", "项目基本信息", "设计单位", "施工单位", "计划开工日期", "环评项目登记号", "环评批文日期"),
                "",
            ),
            **dict.fromkeys(("开始调试日期", "公示结束日期", "联系人", "联系电话", "电子邮箱", "法定代表人"), ""),
        },
    )
    list_may_be_empty = True  # one of them, in January
    rows_may_repeat = True

    def __init__(self, name: str | None = None, series: str = "", **kwargs: Any) -> None:
        super().__init__(name, series, **kwargs)
        self.lists = (str(self.today.year), str(self.today.year - 1))
        self._rows = 0
        self._shown = ""  # the first of the other districts

    def asked_first(self, name: str) -> Request:  # noqa: ARG002
        return Request(self._list())

    def opened(self, response: Response, name: str) -> None:  # noqa: ARG002
        if not open_page(captured_of(response).kept).css("[name=currentPage]"):
            raise UnreadableError("the page has no field currentPage where the form of the list should be")

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002
        asked = {"currentPage": str(number), "nd": name, "xm": "", "status": "", "type": "", "zhqTab": "0"}
        asked |= dict.fromkeys(("districts", "districtAll"), self.district_code)
        return FormRequest(self._list(), formdata=asked)

    def left_out(self, record: Record) -> str:
        self._rows += 1
        if not record["district"] or self.district in record["district"]:
            return ""
        self._shown = self._shown or record["district"][:20]
        return _OTHERS

    def page_of(self, record: Record, name: str) -> Request | None:  # noqa: ARG002
        return Request(self._address(record)) if record["id"] else None

    def _list(self) -> str:
        return urljoin(self.home, f"{self.path}hjxxgk/jsxmzhq_list.jsp")

    def _address(self, record: Record) -> str:
        return urljoin(self.home, f"{self.path}jsxmInfo_edit.jsp?id={record['id']}")

    def items(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Iterable[Item]:  # noqa: ARG002
        found = read_records(page).records if page else (_NOTHING,)
        if not found:
            raise UnreadableError("the page has none of the labels of a project (项目名称, 建设单位)")
        said = found[0]
        holder = said["holder"] or record["holder"]
        if not self.is_told(holder):
            return
        completed = _COMPLETED.search(record["status"]) or any(instant_day(said[key]) for key in ("completed", "shown"))
        happened = said["completed"] if completed else said["started"]
        yield Disclosure(
            disclosure_id=record["id"].upper(),
            kind=DisclosureKind.EIA,
            stage=DisclosureStage.COMPLETED if completed else DisclosureStage.DISCLOSED,
            holder=holder,
            uscc=said["uscc"],
            title=said["title"] or record["title"],
            address=said["address"],
            document_number=said["number"],
            happened_on=instant_day(happened),
            happened_on_raw=happened,
            published_on=instant_day(said["shown"]),
            published_on_raw=said["shown"],
            url=self._address(record),
            proof=proof,
        )

    def closed(self, reason: str) -> None:
        others = self.report.counts.get(_OTHERS, 0)
        if others > self._rows / 2:
            of, asked = f"{others} of {self._rows} projects", f"{self.district} ({self.district_code})"
            self.report.stop(
                Outcome.FAILED,
                f"the lists show {of} elsewhere ({self._shown!r}) where only those in {asked} were asked",
            )
        if not self.report.listed["records"] and not self.report.incomplete:
            self.report.stop(Outcome.EMPTY_WRONG, f"no list of {' and '.join(self.lists)} holds any project")
        super().closed(reason)
