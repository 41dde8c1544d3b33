"""Which columns of an extract are read, and what of a row may be kept at all."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.personal import MASK
from crawler.platforms.registry_table import (
    ALIASES,
    Columns,
    Table,
    is_broken,
    is_header,
    keep,
    kept_columns,
    kept_rows,
    read_columns,
)
from crawler.platforms.spreadsheet import Row
from crawler.source import UnreadableError
from tests.crawler.extracts import HEADER, code, csv_of, firm, xlsx_of

WIDE = str.maketrans({chr(narrow): chr(narrow + 0xFEE0) for narrow in range(0x21, 0x7F)})


def table(body: bytes) -> Table:
    return keep(body)


def kept(body: bytes) -> list[Row]:
    return list(kept_rows(table(body).kept))


def fields(row: Row, columns: Columns) -> dict[str, str]:
    return {field: columns.pick(row.cells, field) for field in columns.of}


@pytest.mark.parametrize(("field", "alias"), [(field, alias) for field, words in ALIASES.items() for alias in words])
def test_every_header_word_means_its_field(field: str, alias: str) -> None:
    # The day of approval stands for the day of registration where there is no other.
    expected = "registered_on" if field == "approved_on" else field
    spaced = " ".join(alias)
    for written in (alias, alias.upper(), f"*{alias}", f" {alias}：", spaced, alias.translate(WIDE), f"{alias}*"):
        assert read_columns([written]).of == {expected: (0,)}, written


def test_no_header_word_means_two_fields() -> None:
    words = [alias for aliases in ALIASES.values() for alias in aliases]
    assert len(words) == len(set(words))


@given(st.permutations(HEADER))
def test_columns_may_stand_in_any_order(header: list[str]) -> None:
    cells = dict(zip(HEADER, firm(1), strict=True))
    columns = read_columns(header)
    row = Row(2, [cells[word] for word in header])
    assert fields(row, columns) == fields(Row(2, list(firm(1))), read_columns(list(HEADER)))


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("注册资本（万元）", "万元"),
        ("注册资本(万元)", "万元"),
        ("注册资本 （单位：万元）", "万元"),
        ("注册资金（万元人民币）", "万元人民币"),
        ("注册资本\n(万人民币元)", "万人民币元"),
        ("注册资本（万美元）", "万美元"),
        ("出资额（元）", "元"),
        ("注册资本（万）", "万"),
        ("注册资本（金）", ""),
        ("注册资本", ""),
    ],
)
def test_a_header_of_amounts_may_name_their_unit(header: str, unit: str) -> None:
    columns = read_columns(["企业名称", header])
    assert columns.of["capital"] == (1,)
    assert columns.unit(["x", "500"], "capital") == unit


def test_each_column_of_amounts_has_its_own_unit() -> None:
    columns = read_columns(["注册资本（万元）", "出资额（元）"])
    assert columns.unit(["500", "5000000"], "capital") == "万元"
    assert columns.unit(["", "5000000"], "capital") == "元"


def test_where_two_columns_mean_one_field_the_first_one_filled_counts_best_word_first() -> None:
    columns = read_columns(["经营场所", "住所"])
    assert columns.pick(["乙路2号", "甲路1号"], "address") == "甲路1号"
    assert columns.pick(["乙路2号", " "], "address") == "乙路2号"
    assert columns.pick(["", ""], "address") == ""


def test_days_of_approval_and_registration_are_told_apart_where_both_are_printed() -> None:
    assert read_columns(["核准日期", "成立日期"]).of == {"approved_on": (0,), "registered_on": (1,)}


def test_a_header_needs_at_least_code_and_name() -> None:
    assert is_header(["序号", "企业名称", "统一社会信用代码"])
    assert not is_header(["企业名称", "经营范围"])
    with pytest.raises(UnreadableError, match="no header row with a firm's name and credit code"):
        table(csv_of(("企业名称", "经营范围"), ("甲", "乙")))


def test_a_kept_table_says_what_it_was_made_from() -> None:
    body = "新设企业\n\n".encode() + csv_of(HEADER, firm(1), firm(2))
    made = table(body)
    assert made.kept.content_type == "text/csv; charset=utf-8; header=present"
    assert kept_columns(made.kept) == made.columns
    assert kept(body) == [Row(4, list(firm(1))), Row(5, list(firm(2)))]


def test_an_unknown_column_is_blanked_and_counted_as_such() -> None:
    body = csv_of((*HEADER, "备注", ""), (*firm(1), "甲某某", "13800000000"))
    assert kept(body) == [Row(2, [*firm(1), "", ""])]
    assert len(table(body).columns.header) - len(table(body).columns.known) == 2


def test_cells_missing_or_over_leave_a_row_of_another_length() -> None:
    body = csv_of(HEADER, firm(1)[:-1], (*firm(2), "x"), (*firm(3), "", " "))
    assert [len(row.cells) for row in kept(body)] == [6, 8, 7]


def test_a_row_that_names_no_firm_is_left_out_and_counted() -> None:
    repeated = ("序号", *HEADER)
    body = csv_of(
        repeated,
        ("1", *firm(1)),
        repeated,
        ("2", *firm(2)),
        ("合计：2户", *[""] * 7),
        ("", "总计", "", "", "1000万元", "", "", ""),
        ("制表：某单位", *[""] * 7),
    )
    assert [row.line for row in kept(body)] == [2, 4]
    assert table(body).left_out == 4


@pytest.mark.parametrize(
    "row",
    [
        firm(1, 统一社会信用代码=""),
        firm(1, 企业名称=""),
        firm(1, 统一社会信用代码="", 企业名称="合计医疗科技（上海）股份有限公司"),
        firm(1, 企业名称="合计"),
    ],
)
def test_a_row_that_says_anything_of_a_firm_is_never_left_out(row: tuple[str, ...]) -> None:
    assert len(kept(csv_of(HEADER, row))) == 1


def test_a_header_that_comes_again_in_another_order_is_put_aside_with_what_follows_it() -> None:
    body = csv_of(HEADER, firm(1), HEADER[::-1], firm(2)[::-1])
    assert len(kept(body)) == 3


def test_a_cell_far_too_long_is_cut_and_seen_to_be_broken() -> None:
    for long in ({"经营范围": "长" * 100_000}, {"统一社会信用代码": "1" * 200_000}):
        row, after = kept(csv_of(HEADER, firm(1, **long), firm(2)))
        assert is_broken(row)
        assert max(map(len, row.cells)) < 40_000
        assert not is_broken(after)


def test_line_breaks_in_cells_never_make_a_row_of_their_own() -> None:
    body = csv_of(HEADER, firm(1, 经营范围="一\r二\n三", 统一社会信用代码=f"{code(1)}\r"), firm(2))
    assert [row.line for row in kept(body)] == [2, 6]
    assert kept(body)[0].cells[4] == "一 二 三"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (code(1), code(1)),
        (f" {code(1).lower()}\t", f" {code(1).lower()}\t"),
        (code(1).translate(WIDE), code(1).translate(WIDE)),
        (f"{code(1)}\u200b", f"{code(1)}\u200b"),
        ("9.13102E+17", "9.13102E+17"),
        ("310107000123456", "310107000123456"),
        ("甲某某", ""),
        ("Firstname Lastname", ""),
        ("13800000000", ""),
        ("name@example.com", ""),
        ("无", ""),
        (f"{code(1)} 甲某某", f"{code(1)} {MASK}"),
        ("甲某某0001", f"{MASK}0001"),
        ("11010519491231002X", MASK),
    ],
)
def test_where_a_code_should_stand_nothing_else_is_kept(written: str, left: str) -> None:
    assert kept(csv_of(HEADER, firm(1, 统一社会信用代码=written)))[0].cells[1] == left


@pytest.mark.parametrize("who", [{"企业名称": "甲某某"}, {"统一社会信用代码": "11010519491231002X"}])
def test_who_is_a_person_keeps_neither_name_nor_address(who: dict[str, str]) -> None:
    row = kept(csv_of(HEADER, firm(1, **who)))[0]
    assert (row.cells[0], row.cells[5]) == (MASK, MASK)
    assert row.cells[4] == firm(1)[4]


def test_a_row_out_of_line_keeps_what_is_no_persons() -> None:
    name, uscc, *rest = firm(1)
    row = kept(csv_of(HEADER, ("甲某某", name, uscc, "甲某某、乙某某、丙某某、丁某某", *rest)))[0]
    assert row.cells == [MASK, name, uscc, MASK, "2026-11-02", "500万元人民币", *firm(1)[4:6], MASK]


cell_text = st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace").decode())


@given(st.lists(st.lists(cell_text, min_size=1, max_size=9), max_size=8))
def test_every_row_is_kept_or_counted_as_left_out(written: list[list[str]]) -> None:
    written = [row for row in written if any(cell.strip() for cell in row)]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADER, *written])
    made = table(out.getvalue().encode())
    assert len(list(kept_rows(made.kept))) + made.left_out == len(written)


def test_a_workbook_is_kept_as_a_csv_is() -> None:
    as_csv, as_workbook = (make(HEADER, firm(1), firm(2)) for make in (csv_of, lambda *rows: xlsx_of(rows)))
    assert kept(as_csv) == kept(as_workbook)
