"""Any file someone may send: read as its sender meant it, or refused with a reason."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.platforms.spreadsheet import BROKEN, HEADER_WITHIN, LONGEST_RECORD, Row, Sheet, read_sheet
from crawler.source import UnreadableError
from tests.crawler.extracts import csv_of, xlsx_of

HEADER = ["name", "code", "note"]
TABLE = csv_of(HEADER, ("甲医药", "1", "药品批发"), ("乙医疗", "2", "器械，耗材"))
ROWS = [Row(2, ["甲医药", "1", "药品批发"]), Row(3, ["乙医疗", "2", "器械，耗材"])]


def read(body: bytes) -> Sheet:
    return read_sheet(body, lambda cells: {"name", "code"} <= {cell.strip() for cell in cells}, "name and code")


def rows(body: bytes) -> list[Row]:
    return list(read(body).rows)


def cells(body: bytes) -> list[list[str]]:
    return [row.cells for row in rows(body)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_every_usual_encoding_delimiter_and_line_end_is_read(encoding: str, delimiter: str, newline: str) -> None:
    text = newline.join(delimiter.join(row) for row in [HEADER, *(row.cells for row in ROWS)])
    assert rows(text.encode(encoding)) == ROWS


def test_a_header_may_stand_below_a_title_and_notes() -> None:
    body = "新设企业名单\n,,\n制表日期：2026年11月\n\n".encode() + TABLE
    sheet = read(body)
    assert sheet.header == Row(5, HEADER)
    assert [row.line for row in sheet.rows] == [6, 7]


@pytest.mark.parametrize(("above", "found"), [(HEADER_WITHIN - 1, True), (HEADER_WITHIN, False)])
def test_a_header_is_looked_for_in_the_first_rows_only(above: int, found: bool) -> None:
    body = b"note\n" * above + TABLE
    if found:
        assert len(rows(body)) == 2
    else:
        with pytest.raises(UnreadableError, match=f"no header row with name and code within the first {HEADER_WITHIN}"):
            read(body)


def test_blank_lines_are_left_out_and_lines_are_counted_as_an_editor_does() -> None:
    body = b'name,code,note\n\nA,1,x\n,,\n"B\nb",2,"y\r\nz"\n\n\nC,3,w'
    assert [(row.line, row.cells[1]) for row in rows(body)] == [(3, "1"), (5, "2"), (10, "3")]


def test_quoted_line_breaks_commas_and_quotes_belong_to_their_cell() -> None:
    body = csv_of(HEADER, ("A", "1", 'a "b",\r\nc\n\nd'), ("B", "2", ""))
    assert cells(body) == [["A", "1", 'a "b",\r\nc\n\nd'], ["B", "2", ""]]


@pytest.mark.parametrize(
    "bad",
    ['"A,1,x', 'A,"1,x', 'A,1,"x', '"A"a,1,x', 'A,1,"x"y'],
)
@pytest.mark.parametrize("after", ['"B","2","y"', "B,2,y", 'B,"2",y', 'B,2,"y ""z"""'])
def test_an_unclosed_quote_spoils_only_its_own_line(bad: str, after: str) -> None:
    body = f"name,code,note\nZ,0,w\n{bad}\n{after}\nC,3,v\n".encode()
    read_rows = rows(body)
    assert [row.line for row in read_rows] == [2, 3, 4, 5]
    assert read_rows[2].cells[:2] == ["B", "2"]
    assert read_rows[3].cells == ["C", "3", "v"]


def test_a_quote_that_never_closes_does_not_swallow_the_file() -> None:
    body = b'name,code,note\nA,1,"x\n' + b"B,2,y\n" * 500
    assert len(rows(body)) == 501


def test_rows_keep_their_own_number_of_cells() -> None:
    assert cells(b"name,code,note\nA\nB,2\nC,3,x,y,z\n") == [["A"], ["B", "2"], ["C", "3", "x", "y", "z"]]


def test_a_cell_of_a_hundred_kilobytes_is_one_cell() -> None:
    body = csv_of(HEADER, ("A", "1", "长" * 100_000), ("B", "2", "y"))
    assert [len(row[2]) for row in cells(body)] == [100_000, 1]


def test_a_cell_above_what_the_csv_module_takes_is_still_one_row() -> None:
    body = csv_of(HEADER, ("A", "1", "x" * 200_000), ("B", "2", "y"))
    assert [row[1] for row in cells(body)] == ["1", "2"]


@pytest.mark.parametrize("header", ["name,code,名称", "name,code,note"])
@pytest.mark.parametrize("broken", [b"\xff", b"\xe5\x8c", b"\x80\x80"])
def test_broken_bytes_in_a_row_of_utf8_spoil_only_that_row(header: str, broken: bytes) -> None:
    lines = [f"样本{n}医药有限公司,{n},药品批发与医疗器械".encode() for n in range(20)]
    lines[7] = lines[7][:7] + broken + lines[7][10:]
    found = cells(b"\n".join([header.encode(), *lines]))
    assert [n for n, row in enumerate(found) if any(BROKEN in cell for cell in row)] == [7]
    assert [row for n, row in enumerate(found) if n != 7] == [
        line.decode().split(",") for n, line in enumerate(lines) if n != 7
    ]


def test_utf8_damaged_so_that_it_happens_to_be_gb18030_is_not_taken_for_it() -> None:
    # An even number of letters, one of three bytes cut to two: every pair of bytes left means something in GB18030.
    body = "name,code\n测试,1\n".encode() + "测试".encode() + "试".encode()[:2] + b",2\n"
    body.decode("gb18030")
    assert cells(body) == [["测试", "1"], [f"测试{BROKEN}", "2"]]


def test_broken_bytes_in_gb18030_are_marked() -> None:
    body = "name,code,名称\n上海甲,1,好\n上海乙,2,".encode("gb18030") + b"\xff\n" + "上海丙,3,好\n".encode("gb18030")
    assert cells(body) == [["上海甲", "1", "好"], ["上海乙", "2", BROKEN], ["上海丙", "3", "好"]]


@pytest.mark.parametrize("body", [b"", b"  \r\n \t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"\xff\xfe"])
def test_an_empty_file_is_refused_as_empty(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="the file is empty"):
        read(body)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!DOCTYPE html><p>", "an HTML or XML page"),
        (b"\xef\xbb\xbf\n <HTML>", "an HTML or XML page"),
        (b"<table><tr><td>name<td>code</table>", "an HTML or XML page"),
        (b"<?xml version='1.0'?><Workbook/>", "an HTML or XML page"),
        (b'{"code":500}', "JSON"),
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1 name,code}", "a text document"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
    ],
)
def test_another_kind_of_file_is_refused_by_its_name(body: bytes, kind: str) -> None:
    with pytest.raises(UnreadableError, match=f"^{kind}.* where a CSV or XLSX table was expected"):
        read(body)


def test_a_refusal_never_quotes_the_file() -> None:
    for body in ("张某某,13800000000\n".encode(), xlsx_of([["张某某", "13800000000"]])):
        with pytest.raises(UnreadableError, match=r"no header row|has a header row") as refused:
            read(body)
        assert "张" not in str(refused.value)
        assert "138" not in str(refused.value)


NOON = datetime(2026, 11, 2, 12, 30)  # noqa: DTZ001 - workbooks know no zones
MIDNIGHT = datetime(2026, 11, 2)  # noqa: DTZ001


def test_a_workbook_is_read_as_its_reader_sees_it() -> None:
    body = xlsx_of(
        [
            ["标题"],
            ["name", "code", "note", "on", "at", "amount", "yes", "none"],
            ["甲", 310107000123456, " x\ny", date(2026, 11, 2), NOON, 500.0, True, None],
            [],
            ["乙", 913101990000000000, 0.1, MIDNIGHT, time(8, 30), 12.5, False, ""],
        ]
    )
    assert rows(body) == [
        Row(3, ["甲", "310107000123456", " x\ny", "2026-11-02", "2026-11-02 12:30:00", "500", "True", ""]),
        Row(5, ["乙", "9.13101990000000E+17", "0.1", "2026-11-02", "08:30:00", "12.5", "False", ""]),
    ]


def test_the_table_may_be_on_the_second_sheet() -> None:
    assert rows(xlsx_of([["说明"], ["本表…"]], [HEADER, ["甲", "1", "x"]])) == [Row(2, ["甲", "1", "x"])]


def test_a_workbook_without_the_table_is_refused() -> None:
    with pytest.raises(UnreadableError, match="none of 2 sheets has a header row with name and code"):
        read(xlsx_of([["x"]], [["y"]]))


def test_a_workbook_cut_short_is_refused() -> None:
    with pytest.raises(UnreadableError, match="not a workbook that can be opened"):
        read(xlsx_of([HEADER])[:-100])


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("name.csv", "name,code\n")
    with pytest.raises(UnreadableError, match="not a workbook that can be opened"):
        read(out.getvalue())


def _with_size(workbook: bytes, size: int) -> bytes:
    """The workbook, its first sheet said to unfold to `size` bytes."""
    body = bytearray(workbook)
    name = b"xl/worksheets/sheet1.xml"
    for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = -1
        while (at := body.find(mark, at + 1)) >= 0:
            if body[at + name_at :].startswith(name):
                struct.pack_into("<I", body, at + size_at, size)
    return bytes(body)


def test_a_bomb_that_admits_what_it_is_is_refused_before_it_is_unfolded() -> None:
    with pytest.raises(UnreadableError, match=r"would unfold to 3,0.* bytes; the limit is 1,073,741,824"):
        read(_with_size(xlsx_of([HEADER, ["甲", "1", "x"]]), 3_000_000_000))


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    with pytest.raises(UnreadableError, match="not a workbook that can be opened"):
        read(_with_size(xlsx_of([HEADER, *[["甲", "1", "x"]] * 1000]), 100))


def test_a_stray_cell_in_the_last_corner_is_refused_and_does_not_fill_the_memory() -> None:
    rows_with_stray: list[list[object]] = [list(HEADER), ["甲", "1", "x"]]
    body = xlsx_of(rows_with_stray)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            new.writestr(name, old.read(name).replace(b"</sheetData>", stray))
    with pytest.raises(UnreadableError, match="a sheet of 1,048,576 rows and 16,384 columns, mostly empty"):
        read(out.getvalue())


anything = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=300).map(lambda noise: TABLE + noise),
    st.tuples(st.binary(max_size=40), st.sampled_from([TABLE, TABLE.decode().encode("gb18030")])).map(b"".join),
    st.text(alphabet='a,"\n\r\t;| \0甲', max_size=200).map(lambda text: b"name,code\n" + text.encode()),
)


@given(anything)
def test_no_bytes_do_anything_but_give_rows_or_a_refusal(body: bytes) -> None:
    try:
        found = rows(body)
    except UnreadableError:
        return
    assert len(found) <= body.count(b"\n") + body.count(b"\r") + 1


WORKBOOK = xlsx_of([HEADER, ["甲", "1", "x"], ["乙", "2", "y"]])


@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.data())
def test_no_damage_to_a_workbook_does_anything_else(damage: list[tuple[int, int]], data: st.DataObject) -> None:
    body = bytearray(WORKBOOK)
    for at, byte in damage:
        body[at] = byte
    end = data.draw(st.one_of(st.just(len(body)), st.integers(4, len(body))))
    with suppress(UnreadableError):
        rows(bytes(body[:end]))


a_cell = st.text(max_size=12).filter(lambda text: text.count("\n") + text.count("\r") < LONGEST_RECORD // 4)


@given(st.lists(st.lists(a_cell, min_size=3, max_size=3).filter(lambda row: any(cell.strip() for cell in row))))
def test_as_many_rows_are_read_as_were_written(written: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADER, *written])
    assert cells(out.getvalue().encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()) == [
        [cell.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for cell in row] for row in written
    ]
