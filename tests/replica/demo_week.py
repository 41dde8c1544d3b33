"""The invented week served as two publishers would: the city's full list as CSV, the bureau's new firms as XLSX."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from crawler.fields.credit_code import with_check_digits
from tests.replica.demo_news import DemoNews
from tests.replica.demo_proofs import NIGHT as PROOFS_NIGHT
from tests.replica.demo_proofs import DemoProofs
from tests.replica.server import Asked, Replica, Reply, Route

_DATA = Path(__file__).with_name("demo_week.toml")
_CAPTCHA = "<!DOCTYPE html><html><head><title>访问验证</title></head><body>请输入验证码</body></html>".encode()
# Columns as publishers print them; the last three must never reach a file of ours.
_HEADER = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "成立日期",
    "注册资本",
    "经营范围",
    "住所",
    "登记状态",
    "法定代表人",
    "联系人",
    "联系电话",
)
_PERSONAL = ("某甲", "某乙", "13800000000")


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented firm as one night's list shows it."""

    number: int
    name: str
    registered: date
    capital: str
    scope: str
    address: str
    status: str = "存续"
    listed: int = 0
    new: int | None = None

    @property
    def uscc(self) -> str:
        return with_check_digits("91", "310199", self.number)


class DemoWeek:
    """The week's data, night by night (0 is the baseline)."""

    def __init__(self) -> None:
        self._data: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))
        self.week: str = self._data["week"]
        self.nights = range(8)

    def at(self, night: int) -> datetime:
        """When a night's crawl begins (Asia/Shanghai)."""
        day = self._data["first_night"] + timedelta(days=night)
        return datetime.combine(day, time(2), ZoneInfo("Asia/Shanghai"))

    def firms(self, night: int) -> Iterator[Firm]:
        """Every firm as it stands on a night, listed yet or not."""
        for said in self._data["firm"]:
            firm = Firm(**said)
            for change in self._data["change"]:
                if change["number"] == firm.number and change["night"] <= night:
                    firm = replace(firm, **{k: v for k, v in change.items() if k not in ("number", "night")})
            yield firm

    def full_list(self, night: int) -> bytes:
        """The city's list of every firm, in GB18030 as its portal sends it."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(_HEADER)
        for position, firm in enumerate((f for f in self.firms(night) if f.listed <= night), start=1):
            writer.writerow(_row(position, firm))
        return out.getvalue().encode("gb18030")

    def new_list(self, night: int) -> bytes:
        """The bureau's list of firms new in the last days, as a workbook with a title above its header."""
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "新设企业"
        sheet.append([f"新设企业名单（截至第{night}晚）"])
        sheet.append(list(_HEADER))
        rows = [_row(n, firm) for n, firm in enumerate(self._new(night), start=1)]
        if night == self._data["bad_row_night"]:
            rows.append(_with_typing_mistake(rows[0]))
        for row in rows:
            sheet.append(list(row))
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def is_broken(self, night: int) -> bool:
        """Whether the bureau's site is behind a captcha that night."""
        return bool(night == self._data["broken_night"])

    def _new(self, night: int) -> Iterator[Firm]:
        # A list of new firms is never empty on its publisher's page: it reaches back a few weeks.
        yield from (f for f in self.firms(night) if f.number in (103, 205) or (f.new is not None and f.new <= night))


class DemoSites:
    """All publishers on loopback: `with DemoSites() as sites:`, then `sites.turn_to(night)`."""

    def __init__(self) -> None:
        self.week = DemoWeek()
        self.news = DemoNews(self.week.at(0).date())
        self.proofs = DemoProofs()
        self._night = 0
        robots = Reply(b"User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"})
        routes: dict[str, Route] = {"/robots.txt": robots, "/city/firms.csv": self._full, "/bureau/new.xlsx": self._new}
        self.registry = Replica(routes)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        for site in (self.registry, self.news.portal_site, self.news.english_site, *self.proofs.sites):
            self._open.enter_context(site)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def turn_to(self, night: int) -> None:
        """Turns the calendar of every publisher."""
        self._night = night
        self.news.turn_to(night)

    def stand_ins(self) -> dict[str, str]:
        """The hosts of the web, and who answers for them."""
        return self.news.stand_ins() | self.proofs.stand_ins()

    def registers_read_on(self, night: int) -> tuple[str, ...]:
        """The sources that are read on one night of the week alone."""
        return self.proofs.sources if night == PROOFS_NIGHT else ()

    def is_broken(self, night: int) -> bool:
        """Whether a source fails that night."""
        return self.week.is_broken(night) or self.news.refuses(night)

    def _full(self, asked: Asked) -> Reply:
        return Reply(self.week.full_list(self._night), headers={"Content-Type": "text/csv"})

    def _new(self, asked: Asked) -> Reply:
        if self.week.is_broken(self._night):
            return Reply(_CAPTCHA, headers={"Content-Type": "text/html; charset=utf-8"})
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return Reply(self.week.new_list(self._night), headers={"Content-Type": kind})


def _row(position: int, firm: Firm) -> tuple[str, ...]:
    return (
        str(position),
        firm.name,
        firm.uscc,
        firm.registered.isoformat(),
        firm.capital,
        firm.scope,
        firm.address,
        firm.status,
        *_PERSONAL,
    )


def _with_typing_mistake(row: tuple[str, ...]) -> tuple[str, ...]:
    code = row[2]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    return (*row[:1], f"上海笔误{row[1][2:]}", wrong, *row[3:])
