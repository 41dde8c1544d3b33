"""Invented registry extracts, as bureaus would send them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook

from crawler.fields.credit_code import with_check_digits

HEADER = ("企业名称", "统一社会信用代码", "成立日期", "注册资本", "经营范围", "住所", "登记状态")


def code(number: int) -> str:
    """The valid credit code of an invented firm."""
    return with_check_digits("91", "310199", number)


def firm(number: int, **said: str) -> tuple[str, ...]:
    """One firm's row under HEADER; `said` replaces cells by header word."""
    cells = {
        "企业名称": f"上海样本{number}号医疗科技有限公司",
        "统一社会信用代码": code(number),
        "成立日期": "2026-11-02",
        "注册资本": "500万元人民币",
        "经营范围": "医疗器械经营；技术服务、技术开发。",
        "住所": f"上海市普陀区样本路{number}号101室",
        "登记状态": "存续",
    } | said
    return tuple(cells[word] for word in HEADER)


def csv_of(*rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",", newline: str = "\r\n") -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue().encode(encoding)


def extract(*numbers: int) -> bytes:
    """A good extract of these firms."""
    return csv_of(HEADER, *(firm(number) for number in numbers))


def xlsx_of(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
