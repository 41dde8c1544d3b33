"""Lists as tables of a page: headings decide where they stand, and what no row says is never made up."""

from __future__ import annotations

import pytest

from crawler.platforms.records import Keep, RecordPage, keep_records, read_records
from crawler.platforms.table_records import TableRecords
from crawler.source import UnreadableError
from tests.crawler.pages import html, table

KEYS = {"id": Keep.PLAIN, "link": Keep.LINK, "title": Keep.TEXT, "holder": Keep.HOLDER, "day": Keep.PLAIN}
LABELS = {"项目": "title", "建设单位": "holder", "日期": "day"}
FORM = TableRecords(
    rows="table.tab tr",
    order=("title", "holder", "day"),
    keys=KEYS,
    labels=LABELS,
    pages=r"共\s*(\d+)\s*页",
    marks=("table.tab",),
)
ROW = ("样本项目", "样本有限公司", "2026-11-18")
PAGES = "<div>共<span>3</span>页</div>"


def read(body: str, form: TableRecords = FORM) -> RecordPage:
    return read_records(keep_records(html(body), form)[0])


def said(body: str, form: TableRecords = FORM) -> list[dict[str, str]]:
    return [dict(record.values) for record in read(body, form).records]


def unknown(body: str) -> list[str]:
    return list(keep_records(html(body), FORM)[1]["labels"])


def test_without_headings_cells_stand_in_the_documented_order() -> None:
    assert said(table(ROW) + PAGES) == [{"title": "样本项目", "holder": "样本有限公司", "day": "2026-11-18"}]


@pytest.mark.parametrize("cell", ["td", "th"])
def test_where_headings_stand_they_decide_and_are_no_record(cell: str) -> None:
    head = "".join(f"<{cell}>{word}</{cell}>" for word in ("日 期：", "项目", "建设单位"))
    rows = "<tr><td>2026-11-18</td><td>样本项目</td><td>样本有限公司</td></tr>"
    body = f'<table class="tab"><tr>{head}</tr>{rows}</table>{PAGES}'
    assert said(body) == [{"title": "样本项目", "holder": "样本有限公司", "day": "2026-11-18"}]


def test_a_heading_that_nobody_documented_is_counted_and_its_column_left() -> None:
    body = table(("项目", "备注", "建设单位"), ("样本项目", "加急", "样本有限公司")) + PAGES
    assert said(body) == [{"title": "样本项目", "holder": "样本有限公司"}]
    assert unknown(body) == ["备注"]


def test_headings_of_which_none_is_documented_are_no_record() -> None:
    body = table(("工程", "业主", "何时"), cell="th") + PAGES
    assert said(body) == []
    assert unknown(body) == ["工程", "业主", "何时"]


def test_a_row_with_fewer_cells_is_counted_and_not_read() -> None:
    body = table(ROW, ("暂无数据",)) + PAGES
    assert len(said(body)) == 1
    assert unknown(body) == ["a row of 1 cells"]


def test_a_cell_that_is_cut_short_says_what_its_title_says() -> None:
    cut = '<td title="样本有限公司新建项目">样本有限公司新…</td>'
    assert said(table((cut, *ROW[1:])) + PAGES)[0]["title"] == "样本有限公司新建项目"
    other = '<td title="点击查看详细内容说明">样本项目</td>'
    assert said(table((other, *ROW[1:])) + PAGES)[0]["title"] == "样本项目"


def test_the_count_of_pages_is_found_also_where_tags_split_it() -> None:
    assert read(table(ROW) + PAGES).pages == 3
    assert read(table(ROW) + "<p>共 12 页</p>").pages == 12


def test_a_page_that_does_not_say_how_long_its_list_is_is_refused() -> None:
    with pytest.raises(UnreadableError, match="does not say how long its list is"):
        read(table(ROW))


def test_another_page_in_the_place_of_the_list_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(UnreadableError, match=r"no table\.tab where the list should be"):
        read(f"<form><input id='iAgree'></form>{PAGES}")


def test_the_first_address_of_a_row_is_its_link_but_none_that_runs_or_reaches_a_person() -> None:
    def link(href: str) -> str:
        return said(table((f'<td><a href="{href}">样本项目</a></td>', *ROW[1:])) + PAGES)[0].get("link", "")

    assert link("/view/1.html") == "/view/1.html"
    assert link("mailto:planted@example.org") == ""
    assert link("javascript:open(1)") == ""


CLICKED = TableRecords(rows="tr", order=("",), keys=KEYS, labels=LABELS, click=r"openInfo\('([0-9a-f]{4})'")


@pytest.mark.parametrize(
    "row",
    [
        "<tr onclick=\"openInfo('00ff','n')\"><td>样本项目</td></tr>",
        "<tr><td><a onclick=\"openInfo('00ff','n')\">样本项目</a></td></tr>",
        "<tr><td><a href=\"javascript:openInfo('00ff','n')\">样本项目</a></td></tr>",
    ],
)
def test_an_id_is_found_in_what_a_click_runs_wherever_it_stands(row: str) -> None:
    assert said(f"<table>{row}</table>", CLICKED) == [{"id": "00ff"}]


def test_a_row_that_says_nothing_documented_is_no_record() -> None:
    assert said("<table><tr><td>上一页</td><td>下一页</td></tr></table>", CLICKED) == []


def test_where_all_records_lack_what_every_one_has_the_page_is_refused() -> None:
    form = TableRecords(rows="tr", order=("",), keys=KEYS, labels=LABELS, click=CLICKED.click, required=("id",))
    with pytest.raises(UnreadableError, match="no record has 'id'"):
        said(table(("项目", "建设单位"), ROW[:2]), form)
