"""Reads a spreadsheet someone sent (CSV or XLSX, any usual encoding) into rows with the line numbers people see."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from crawler.source import UnreadableError

HEADER_WITHIN = 20  # extracts open with a title, a date of issue, notes; not with more than that
LONGEST_RECORD = 20  # physical lines; an unclosed quote must not swallow the rest of the file
LONGEST_CELL = 30_000  # characters; the longest real business scope seen has under 3,000
_UNPACKED_LIMIT = 1 << 30  # bytes an XLSX may unfold to
# A sheet is read as the rectangle around its cells: one stray cell in the last corner makes 17 billion of them.
_CELLS_LIMIT = 32_000_000
_LAST_ROW = 1_048_576
_FILLED_CELL = re.compile(rb'c r="([A-Z]{1,3})([0-9]{1,7})"(?:[^>]*[^/>])?>')
_CELL_BEYOND_Z = re.compile(rb'c r="([A-Z]{2,3})([0-9]{1,7})"(?:[^>]*[^/>])?>')
_BLOCK = 1 << 20
_LONGEST_TAG = 200  # bytes of an opening tag of a cell
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
# Of letters beyond ASCII: above this share of broken ones a text is in another encoding, below it is damaged.
_DAMAGED = 0.3
_DELIMITERS = (",", "\t", ";", "|")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# What zipfile lets out for damaged archives: its own error, and those of the modules below it.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
# What is sent instead of a table. The file's own words are never quoted: they may be a person's.
_OTHER_KINDS = {
    b"<": "an HTML or XML page",
    b"{\\rtf": "a text document (RTF)",
    b"{": "JSON",
    b"[": "JSON",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip archive",
}
_EXACT = 10**15  # a workbook holds no more digits than these
BROKEN = "\ufffd"

IsHeader = Callable[[list[str]], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its line (from 1, as an editor or spreadsheet shows it) and its cells as text."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its header row and a single-use stream of the rows after it, blank ones left out."""

    header: Row
    rows: Iterator[Row]


def read_sheet(body: bytes, is_header: IsHeader, named: str) -> Sheet:
    """The first table in `body` whose header row `is_header` accepts; `named` says in words which columns that asks.

    Raises UnreadableError, saying what was found instead, when there is none.
    """
    start = _without_bom(body[:_BLOCK]).lstrip()
    if not start and len(body) <= _BLOCK:
        raise UnreadableError("the file is empty")
    if body.startswith((_ZIP, _OLE)):
        return _read_workbook(body, is_header, named)
    for mark, kind in _OTHER_KINDS.items():
        if start.startswith(mark):
            raise UnreadableError(f"{kind} where a CSV or XLSX table was expected")
    return _read_text(body, is_header, named)


def _without_bom(body: bytes) -> bytes:
    return next((body[len(bom) :] for bom in _BOMS if body.startswith(bom)), body)


def _read_text(body: bytes, is_header: IsHeader, named: str) -> Sheet:
    for text in _decoded(body):
        lines = list(io.StringIO(text, newline=""))
        for delimiter in _DELIMITERS:
            rows = _records(lines, delimiter)
            header = _find_header(rows, is_header)
            if header is not None:
                return Sheet(header, (row for row in rows if any(cell.strip() for cell in row.cells)))
    raise UnreadableError(
        f"no header row with {named} within the first {HEADER_WITHIN} rows (UTF-8, GB18030 and UTF-16 tried)"
    )


def _decoded(body: bytes) -> Iterator[str]:
    """The text under each encoding it may be in, likeliest first, broken letters marked where it is not flawless."""
    for encoding in _ENCODINGS:
        try:
            yield body.decode(encoding)
        except UnicodeError:
            # GB18030 gives a meaning to nearly all bytes, those of a damaged UTF-8 file too: that must be told first.
            if encoding == "utf-8-sig" and _is_damaged_utf8(text := body.decode(encoding, "replace")):
                yield text
    damaged = [body.decode(encoding, "replace") for encoding in _ENCODINGS]
    yield from sorted(damaged, key=lambda text: text.count(BROKEN))


def _is_damaged_utf8(text: str) -> bool:
    broken, beyond_ascii = text.count(BROKEN), len(text) - len(text.encode("ascii", "ignore"))
    return broken <= _DAMAGED * beyond_ascii


def _records(lines: list[str], delimiter: str) -> Iterator[Row]:
    """CSV records that cannot run away: a record with an unclosed quote ends with its own physical line."""
    at = 0
    while at < len(lines):
        reader = csv.reader(iter(lines[at : at + LONGEST_RECORD]), delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
            used = reader.line_num
        except csv.Error:
            cells = _one_line(lines[at], delimiter)
            used = 1
        yield Row(at + 1, cells)
        at += used


def _one_line(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a cell above csv's own limit
        return line.rstrip("\r\n").split(delimiter)


def _read_workbook(body: bytes, is_header: IsHeader, named: str) -> Sheet:
    if body.startswith(_ZIP):
        _check_size(body)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
        for name in workbook.sheet_names:
            values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = (Row(line, [_text(value) for value in cells]) for line, cells in enumerate(values, start=1))
            header = _find_header(rows, is_header)
            if header is not None:
                return Sheet(header, (row for row in rows if any(cell.strip() for cell in row.cells)))
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(f"not a workbook that can be opened: {error}") from error
    raise UnreadableError(
        f"none of {len(workbook.sheet_names)} sheets has a header row with {named} within its first"
        f" {HEADER_WITHIN} rows"
    )


def _check_size(body: bytes) -> None:
    """Raises UnreadableError for a workbook that would fill the memory, before anything of it is unfolded there."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            reason = _why_too_big(archive)
    except _ZIP_ERRORS as error:
        raise UnreadableError(f"not a workbook that can be opened: {error}") from error
    if reason:
        raise UnreadableError(reason)


def _why_too_big(archive: zipfile.ZipFile) -> str:
    size = sum(entry.file_size for entry in archive.infolist())
    if size > _UNPACKED_LIMIT:
        return f"the workbook would unfold to {size:,} bytes; the limit is {_UNPACKED_LIMIT:,}"
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            width, height = _extent(archive, name)
            if width * height > _CELLS_LIMIT:
                return (
                    f"a sheet of {height:,} rows and {width:,} columns, mostly empty;"
                    " delete the cells beside and below the table"
                )
    return ""


def _extent(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """Columns and rows of a sheet; no rows where it is too narrow to be of concern."""
    width = max((_column(letters) for letters, _ in _cells(archive, name, _CELL_BEYOND_Z)), default=26)
    if width * _LAST_ROW <= _CELLS_LIMIT:
        return width, 0  # as nearly all are; looking at every cell would take a third of the time of reading them
    return width, max((int(row) for _, row in _cells(archive, name, _FILLED_CELL)), default=0)


def _cells(archive: zipfile.ZipFile, name: str, pattern: re.Pattern[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Column and row of every cell of a sheet that `pattern` finds, read in blocks."""
    carried = b""
    with archive.open(name) as sheet:
        while block := sheet.read(_BLOCK):
            yield from pattern.findall(carried + block)
            carried = block[-_LONGEST_TAG:]


def _column(letters: bytes) -> int:
    """The number of a column, from 1: A, B, … Z, AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _find_header(rows: Iterator[Row], is_header: IsHeader) -> Row | None:
    for row, _ in zip(rows, range(HEADER_WITHIN), strict=False):
        if is_header(row.cells):
            return row
    return None


def _text(value: float | str | bool | date | datetime | time | timedelta | None) -> str:
    """A workbook's cell as its reader sees it; whole numbers without a point.

    A number of over 15 digits is shown with its exponent, as Excel does: its last digits are not the ones typed.
    """
    if isinstance(value, (int, float)) and abs(value) >= _EXACT:
        return f"{value:.14E}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return "" if value is None else str(value)
