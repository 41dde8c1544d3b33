"""What a workbook shows is what was stored: no formula, no link, no number or day turned into another."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from reports.spreadsheet import LONGEST_CELL, Change, Changes, cell_text, neutral
from reports.workbook import About, Sheet, write_workbook

MADE_AT = datetime.fromisoformat("2026-11-22T18:00:00")
ABOUT = About(title="Title", subject="Subject", made_at=MADE_AT, properties={"content_hash": "c0ffee"})

# Texts that Excel, WPS or LibreOffice run or rewrite when they read them from CSV, or when they are entered again.
FORMULAS = (
    *("=1+1", "+1", "-1+2", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0", '=HYPERLINK("https://example.org","here")'),
    *(
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\ttext",
        "\rtext",
        " \ttext",
        "  =1+1",
        "\u3000=1+1",
        "\ufeff=1+1",
        "\u200b=1+1",
        "\x00=1+1",
    ),
    *("＝1+1", "＋1", "－1", "＠SUM(A1)", "\u3000＝1+1", "﹦1+1"),
)
HARMLESS = (
    "",
    "第二类医疗器械销售",
    "（3号）",
    "a=b",
    "1-2",
    "——",
    "'=1+1",
    "…",
    " 前有空格",
    "https://example.org/=1",
)

Read = Callable[[Path], dict[str, list[list[Any]]]]


def write(path: Path, *sheets: Sheet, **limits: int) -> Changes:
    changes, spill = Changes(), path.parent / "spill"
    spill.mkdir(exist_ok=True)
    write_workbook(path, sheets, ABOUT, changes, spill=spill, **limits)
    assert list(spill.iterdir()) == []
    return changes


def by_openpyxl(path: Path) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def by_calamine(path: Path) -> dict[str, list[list[Any]]]:
    book = load_workbook(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(params=[by_openpyxl, by_calamine], ids=["openpyxl", "calamine"])
def read(request: pytest.FixtureRequest) -> Read:
    reader: Read = request.param
    return reader


def column(path: Path, read: Read, values: Sequence[object]) -> tuple[list[Any], Changes]:
    """What a reader finds in a column of these values, and what was changed."""
    changes = write(path, Sheet("firms", ("value", "end"), [[(value, "|") for value in values]]))
    return [row[0] for row in read(path)["firms"][1:]], changes


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_could_run_gets_an_apostrophe(text: str) -> None:
    changes = Changes()
    assert neutral(text, changes) == "'" + text
    assert changes == {Change.NEUTRALISED: 1}


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    changes = Changes()
    assert neutral(text, changes) == text
    assert not changes


def test_a_workbook_has_neither_formulas_nor_links(tmp_path: Path, read: Read) -> None:
    texts = [*FORMULAS, "https://example.org/a", "mailto:a@example.org", "file:///etc/hosts"]
    values, changes = column(tmp_path / "a.xlsx", read, texts)
    shown = [text.replace("\r", "\n").replace("\x00", "\ufffd") for text in texts]  # what a workbook can hold of it
    assert values == [*("'" + text for text in shown[: len(FORMULAS)]), *shown[len(FORMULAS) :]]
    assert changes == {Change.NEUTRALISED: len(FORMULAS), Change.REPLACED: 1}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not re.search("<f[ >]|hyperlink>", sheet)
        assert [name for name in parts.namelist() if "external" in name or "/worksheets/_rels" in name] == []


def test_headers_are_no_formulas_either(tmp_path: Path, read: Read) -> None:
    changes = write(tmp_path / "a.xlsx", Sheet("firms", ("=cmd", "name"), [[(1, "a")]]))
    assert read(tmp_path / "a.xlsx")["firms"][0] == ["'=cmd", "name"]
    assert changes == {Change.NEUTRALISED: 1}


def test_what_looks_like_a_number_but_is_text_stays_text(tmp_path: Path, read: Read) -> None:
    texts = ["913101990000010112", "310107103", "007", "9.1e17", "1/2", "2026-11-22", "TRUE", "1,000"]
    assert column(tmp_path / "a.xlsx", read, texts) == (texts, Changes())


def test_numbers_and_truth_stay_what_they_are(tmp_path: Path, read: Read) -> None:
    numbers = [-5, 0, 123_456_789_012_345, Decimal("-12.5000"), Decimal("0.0000"), 0.1, -1e-300, True, False]
    values, changes = column(tmp_path / "a.xlsx", read, numbers)
    assert values == numbers
    assert [type(value) is bool for value in values] == [type(number) is bool for number in numbers]
    assert not changes


def test_a_number_of_too_many_digits_and_a_day_before_1900_are_kept_as_text(tmp_path: Path, read: Read) -> None:
    too_much = [1_234_567_890_123_456, Decimal("123456789012345.6700"), float("inf"), date(1899, 12, 31)]
    values, changes = column(tmp_path / "a.xlsx", read, too_much)
    assert values == ["1234567890123456", "123456789012345.6700", "inf", "1899-12-31"]
    assert changes == {Change.AS_TEXT: 4}


def test_days_and_instants_are_real_ones_and_shown_as_iso_8601(tmp_path: Path) -> None:
    instants = [date(1900, 1, 1), date(1900, 2, 28), date(2026, 11, 22), datetime.fromisoformat("2026-11-22T18:00:01")]
    assert column(tmp_path / "a.xlsx", by_calamine, instants)[0] == instants
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["firms"]
    formats = [(isinstance(cell.value, datetime), cell.number_format) for (cell, *_) in sheet.iter_rows(min_row=2)]
    assert formats == [*[(True, "yyyy-mm-dd")] * 3, (True, "yyyy-mm-dd hh:mm:ss")]


def test_null_and_an_empty_text_are_empty_cells(tmp_path: Path) -> None:
    assert column(tmp_path / "a.xlsx", by_openpyxl, [None, "a", "", 0])[0] == [None, "a", None, 0]


def test_line_breaks_are_kept_and_cells_not_wrapped(tmp_path: Path, read: Read) -> None:
    assert column(tmp_path / "a.xlsx", read, ["一\n二", "三\r\n四"])[0] == ["一\n二", "三\n四"]
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["firms"].iter_rows()]
    assert not any(cell.alignment.wrap_text for cell in cells)


def test_characters_that_xml_cannot_hold_are_replaced_and_counted(tmp_path: Path, read: Read) -> None:
    values, changes = column(tmp_path / "a.xlsx", read, ["a\x00b\x1bc\ufffe", "\x0b=1+1", "<&>\"'\t."])
    assert values == ["a\ufffdb\ufffdc\ufffd", "'\ufffd=1+1", "<&>\"'\t."]
    assert changes == {Change.REPLACED: 2, Change.NEUTRALISED: 1}


@pytest.mark.parametrize("character", ["中", "😀"], ids=["of one unit", "of two units"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(tmp_path: Path, read: Read, character: str) -> None:
    units = len(character.encode("utf-16-le")) // 2
    longest = character * (LONGEST_CELL // units)
    values, changes = column(tmp_path / "a.xlsx", read, [longest, longest + character])
    assert values[0] == longest
    assert values[1].endswith(f"{character}… [cut: {len(longest) + 1:,} characters in all]")
    assert LONGEST_CELL - 2 < len(values[1].encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert changes == {Change.CUT: 1}


@given(st.text(max_size=40))
def test_whatever_a_text_is_its_cell_begins_no_formula_and_is_valid_xml(text: str) -> None:
    cell = cell_text(text, Changes())
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", cell)


def test_rows_beyond_a_sheet_go_on_in_a_further_one(tmp_path: Path, read: Read) -> None:
    rows = [(number,) for number in range(7)]
    write(
        tmp_path / "a.xlsx",
        Sheet("firms", ("number",), [rows[:5], rows[5:]]),
        Sheet("events", ("number",), [rows[:3]]),
        rows_of_a_sheet=4,
    )
    assert read(tmp_path / "a.xlsx") == {
        "firms": [["number"], [0], [1], [2]],
        "firms (2)": [["number"], [3], [4], [5]],
        "firms (3)": [["number"], [6]],
        "events": [["number"], [0], [1], [2]],
    }


def test_names_that_excel_does_not_take_are_made_fit_and_never_the_same(tmp_path: Path) -> None:
    names = ("a" * 40, "a" * 31, "A" * 31, "history", "a/b[c]:d*e?f\\", "'", "firms (2)", "firms")
    write(tmp_path / "a.xlsx", *(Sheet(name, ("n",), [[(1,), (2,)]]) for name in names), rows_of_a_sheet=2)
    given = list(by_openpyxl(tmp_path / "a.xlsx"))
    assert len({name.casefold() for name in given}) == 2 * len(names)
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in given)
    assert "history" not in {name.casefold() for name in given}


def test_a_sheet_is_ready_to_be_read(tmp_path: Path) -> None:
    rows = [("上海虚构医疗器械有限公司", "x" * 500, None)] * 3
    write(tmp_path / "a.xlsx", Sheet("firms", ("name", "scope", "park"), [rows]))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["firms"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for cell in sheet[2])
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABC"]
    assert 24 <= widths[0] <= 30  # twelve Chinese characters are twice as wide
    assert widths[1] == 61
    assert 8 <= widths[2] <= 10


def test_a_table_without_rows_is_a_sheet_with_its_header(tmp_path: Path, read: Read) -> None:
    write(tmp_path / "a.xlsx", Sheet("claims", ("claim_id", "value"), []))
    assert read(tmp_path / "a.xlsx")["claims"] == [["claim_id", "value"]]


def test_the_workbook_says_what_it_is_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write(tmp_path / name, Sheet("firms", ("name",), [[("a",)]]))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert (book.properties.title, book.properties.subject) == ("Title", "Subject")
    assert book.properties.created == MADE_AT
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert 'name="content_hash"><vt:lpwstr>c0ffee</vt:lpwstr>' in parts.read("docProps/custom.xml").decode()
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
