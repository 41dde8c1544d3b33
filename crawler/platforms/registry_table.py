"""Registry extracts as tables: which header means which field, and which cells may be kept at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.fields.names import looks_personal
from crawler.fields.personal import MASK, looks_like_citizen_id, redact, redact_row
from crawler.fields.text import clean, fold_width
from crawler.platforms.spreadsheet import BROKEN, LONGEST_CELL, Row, read_sheet
from crawler.source import Kept

# Header words as bureaus and portals print them, by field; where two columns mean one field the first one filled
# counts. A column not listed here is blanked before anything is written: it may hold a person's name or number.
ALIASES: dict[str, tuple[str, ...]] = {
    "uscc": ("统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一社会信用代码/注册号", "uscc"),
    "name": (
        "企业名称",
        "名称",
        "单位名称",
        "主体名称",
        "市场主体名称",
        "经营主体名称",
        "企业(机构)名称",
        "机构名称",
        "公司名称",
        "name",
    ),
    "registered_on": (
        "成立日期",
        "注册日期",
        "成立时间",
        "注册时间",
        "设立日期",
        "登记日期",
        "registered",
        "registered_on",
    ),
    "approved_on": ("核准日期", "核准时间", "变更核准日期", "approved_on"),
    "capital": ("注册资本", "注册资金", "注册资本金", "注册资本(金)", "出资额", "capital"),
    "scope": ("经营范围", "业务范围", "经营(业务)范围", "scope"),
    "address": (
        "住所",
        "注册地址",
        "住所(经营场所)",
        "登记住所",
        "企业住所",
        "经营场所",
        "主要经营场所",
        "经营地址",
        "企业地址",
        "地址",
        "address",
    ),
    "district": ("所属地区", "所属区县", "所属区", "所在区", "区县", "行政区划", "注册区县", "district"),
    "registrar": ("登记机关", "登记机关名称", "注册机关", "管辖机关", "registrar"),
    "status": ("登记状态", "经营状态", "企业状态", "主体状态", "状态", "status"),
    "legal_form": ("企业类型", "公司类型", "主体类型", "市场主体类型", "经营主体类型", "类型", "legal_form"),
    # GB/T 4754: of several columns a code says most, and the letter of a section (行业门类) least.
    "industry": (
        "行业代码",
        "国民经济行业代码",
        "行业分类代码",
        "国民经济行业",
        "国民经济行业分类",
        "所属行业",
        "行业",
        "行业类别",
        "行业名称",
        "行业门类",
        "行业门类代码",
        "industry",
    ),
}
_FIELD_OF = {alias: (field, rank) for field, aliases in ALIASES.items() for rank, alias in enumerate(aliases)}
_UNIT = re.compile(r"[(（]\s*(单位[:：]?)?\s*((?:百|千|万|亿)*(?:人民币|美)?元(?:人民币)?|万)\s*[)）]$")
_MONEY = "capital"
# The line under a table that counts it: 合计, 总计：23户.
_TOTAL = re.compile(r"[合总小共]计.{0,12}")
_NOT_OF_A_CODE = re.compile(r"[^\W\d_A-Za-zＡ-Ｚａ-ｚ]+")  # letters of other scripts than Latin: words, names
_READ_AT_MOST = 1_000_000  # characters of a cell that are looked at; a broken quote can make one of a whole file
_LINE = "#"  # our own first column in the kept table: the line in the file as received


@dataclass(frozen=True, slots=True)
class Columns:
    """A header row understood: for each field the columns that may say it, best first, and the units of amounts."""

    header: tuple[str, ...]
    of: dict[str, tuple[int, ...]]
    units: dict[int, str]

    @property
    def known(self) -> frozenset[int]:
        return frozenset(at for columns in self.of.values() for at in columns)

    def pick(self, cells: list[str], field: str) -> str:
        """The first filled cell of a field, as printed; empty when there is none."""
        at = self._filled(cells, field)
        return "" if at is None else cells[at]

    def unit(self, cells: list[str], field: str) -> str:
        """The unit in the header of the column that `pick` takes; empty when it names none."""
        at = self._filled(cells, field)
        return "" if at is None else self.units.get(at, "")

    def _filled(self, cells: list[str], field: str) -> int | None:
        return next((at for at in self.of.get(field, ()) if cells[at].strip()), None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table without personal data; `left_out` counts rows that name no firm (headers printed again, totals)."""

    kept: Kept
    columns: Columns
    left_out: int


def read_columns(header: list[str]) -> Columns:
    """Understands a header row by its words, whatever their order, width, spaces or unit."""
    found: dict[str, list[tuple[int, int]]] = {}
    units: dict[int, str] = {}
    for at, cell in enumerate(header):
        word = fold_width(clean(cell)).replace(" ", "").strip("*:：").lower()
        if (stated := _UNIT.search(word)) and word not in _FIELD_OF:
            word = word[: stated.start()]
            if _FIELD_OF.get(word, ("",))[0] == _MONEY:
                units[at] = stated.group(2)
        if word in _FIELD_OF:
            field, rank = _FIELD_OF[word]
            found.setdefault(field, []).append((rank, at))
    of = {field: tuple(at for _, at in sorted(columns)) for field, columns in found.items()}
    if "registered_on" not in of and "approved_on" in of:
        # Extracts of new registrations print the day of approval as the only day.
        of["registered_on"] = of.pop("approved_on")
    return Columns(tuple(header), of, units)


def is_header(cells: list[str]) -> bool:
    """Whether a row names at least the credit code and the firm's name."""
    of = read_columns(cells).of
    return "uscc" in of and "name" in of


def keep(body: bytes) -> Table:
    """The table without personal data, as UTF-8 CSV whose first column is the line in the file as received.

    Columns with unknown headers are blanked; citizens' ids, phones and addresses of mail are masked in the others, as
    are name and address of who is a person and no firm. Rows with a wrong number of cells keep only what cannot be a
    person's. Raises UnreadableError.
    """
    sheet = read_sheet(body, is_header, "a firm's name and credit code")
    columns, left_out = read_columns(sheet.header.cells), 0
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_LINE, *(redact(clean(cell))[:60] for cell in sheet.header.cells)])
    for row in sheet.rows:
        cells = _without_empty_tail(row.cells, len(columns.header))
        if len(cells) == len(columns.header) and _names_no_firm(cells, columns):
            left_out += 1
            continue
        writer.writerow([row.line, *_keep_cells(cells, columns)])
    kept = Kept(out.getvalue().encode("utf-8"), "text/csv; charset=utf-8; header=present")
    return Table(kept, columns, left_out)


def _without_empty_tail(cells: list[str], width: int) -> list[str]:
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _names_no_firm(cells: list[str], columns: Columns) -> bool:
    """Whether a row says nothing of any firm: no cell we read is filled, or it is the header again, or a total."""
    if not any(cells[at].strip() for at in columns.known):
        return True
    code = columns.pick(cells, "uscc")
    if not code:
        first = next(cell for cell in cells if cell.strip())
        return bool(_TOTAL.fullmatch(clean(first[:LONGEST_CELL])))
    return not any(letter.isdigit() for letter in code) and read_columns(cells).of == columns.of


def _keep_cells(cells: list[str], columns: Columns) -> list[str]:
    cells = [_one_line(cell) for cell in cells]
    if len(cells) != len(columns.header):
        return [_bounded(cell) for cell in redact_row(cells)]
    codes, known = columns.of["uscc"], columns.known
    kept = [
        _bounded(_keep_code(cell) if at in codes else redact(cell) if at in known else "")
        for at, cell in enumerate(cells)
    ]
    if any(kept[at] == MASK for at in codes) or looks_personal(clean(columns.pick(cells, "name"))):
        for at in (*columns.of["name"], *columns.of.get("address", ())):
            kept[at] = MASK if kept[at].strip() else ""
    return kept


def _one_line(cell: str) -> str:
    return cell[:_READ_AT_MOST].replace("\r", " ").replace("\n", " ")


def _bounded(cell: str) -> str:
    # One letter over the limit is enough for `is_broken` to see it. Not before redacting: half a number is not seen.
    return cell[: LONGEST_CELL + 1]


def _keep_code(cell: str) -> str:
    """A cell that should hold a code: what cannot be of one is masked, and without a digit nothing of it is kept."""
    if looks_like_citizen_id(cell):
        return MASK
    code = _NOT_OF_A_CODE.sub(MASK, redact(cell))
    return code if BROKEN in code or any(letter.isdigit() for letter in code) else ""


def kept_rows(kept: Kept) -> Iterator[Row]:
    """The rows of a kept table, with their original lines."""
    reader = csv.reader(io.StringIO(kept.body.decode("utf-8"), newline=""))
    next(reader)
    for cells in reader:
        yield Row(int(cells[0]), cells[1:])


def kept_columns(kept: Kept) -> Columns:
    """The header of a kept table."""
    return read_columns(next(csv.reader(io.StringIO(kept.body.decode("utf-8"), newline="")))[1:])


def is_broken(row: Row) -> bool:
    """Whether letters were lost in decoding, or a cell is too long to be one."""
    return any(BROKEN in cell or len(cell) > LONGEST_CELL for cell in row.cells)
