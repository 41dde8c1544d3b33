"""Writes tables into one XLSX workbook, row by row: a sheet a table, every text a text, every day a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileSizeError, XlsxWriterException

from reports.export_folder import ExportError
from reports.spreadsheet import Change, Changes, cell_text, fits_a_number, fits_the_calendar

ROWS_OF_A_SHEET = 1_048_576  # its header included (Excel specifications and limits)
_NAME_LENGTH = 31
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_RESERVED = "history"  # Excel keeps this name for itself
_WIDEST, _NARROWEST = 60, 8  # characters of a column
_LOOKED_AT = 200  # rows that say how wide a column is

Row = Sequence[Any]
Cell = Callable[[int, int, Any], object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table on its way into a workbook: name, column names, and its rows in batches, read once."""

    name: str
    columns: tuple[str, ...]
    batches: Iterable[Sequence[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the workbook says of itself. `made_at` is UTC; the same content gives the same workbook."""

    title: str
    subject: str
    made_at: datetime
    properties: Mapping[str, str]


def write_workbook(
    path: Path,
    sheets: Iterable[Sheet],
    about: About,
    changes: Changes,
    *,
    spill: Path,
    rows_of_a_sheet: int = ROWS_OF_A_SHEET,
) -> None:
    """Writes the workbook; memory is bounded by a batch and a row. Adds what had to be changed to `changes`.

    Until it is packed, the sheets lie in the folder `spill`. Raises ExportError when it would be too large for its
    format, OSError when the disk is full; what is half written then is for the caller to remove.
    """
    options = {
        "constant_memory": True,
        "tmpdir": str(spill),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(str(path), options)
    try:
        writer = _Writer(workbook, changes, rows_of_a_sheet)
        for sheet in sheets:
            writer.add(sheet)
        workbook.set_properties({"title": about.title, "subject": about.subject, "created": about.made_at})
        for name, value in about.properties.items():
            workbook.set_custom_property(name, value, "text")
        workbook.close()
    except FileSizeError as error:
        raise ExportError(
            f"{path.name}: over 4 GB, too large for a workbook; choose views, or another format"
        ) from error
    except XlsxWriterException as error:
        raise error.args[0] if error.args and isinstance(error.args[0], OSError) else error from error
    finally:
        for worksheet in workbook.worksheets():
            worksheet._opt_close()  # else a workbook that was given up keeps a file open for every sheet


class _Writer:
    """Adds sheets to one workbook."""

    def __init__(self, workbook: Any, changes: Changes, rows_of_a_sheet: int) -> None:
        self._workbook, self._changes, self._limit = workbook, changes, rows_of_a_sheet
        self._header = workbook.add_format({"bold": True, "bottom": 1})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._names: set[str] = {_RESERVED}

    def add(self, sheet: Sheet) -> None:
        """One table; what one sheet cannot hold goes on in `name (2)` and so on."""
        rows = (row for batch in sheet.batches for row in batch)
        first = list(islice(rows, _LOOKED_AT))
        widths = [_width(name, (row[at] for row in first)) for at, name in enumerate(sheet.columns)]
        rest: Iterator[Row] = chain(first, rows)
        part = 0
        more = True
        while more:
            part += 1
            self._fill(self._name(sheet.name, part), sheet.columns, widths, rest)
            following = list(islice(rest, 1))
            rest, more = chain(following, rest), bool(following)

    def _fill(self, name: str, columns: tuple[str, ...], widths: list[int], rows: Iterator[Row]) -> None:
        """One sheet of as many rows as it can hold."""
        worksheet = self._workbook.add_worksheet(name)
        for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
            worksheet.set_column(at, at, width)
            worksheet.write_string(0, at, cell_text(column, self._changes), self._header)
        worksheet.freeze_panes(1, 0)
        put, last = self._cells(worksheet), 0
        for last, row in enumerate(islice(rows, self._limit - 1), 1):
            for at, value in enumerate(row):
                if value is not None and value != "":
                    put.get(type(value), put[str])(last, at, value)
        worksheet.autofilter(0, 0, last, len(columns) - 1)

    def _cells(self, worksheet: Any) -> dict[type, Cell]:
        """How a value of each type is written; any other is written as text."""

        def text(row: int, at: int, value: object) -> None:
            worksheet.write_string(row, at, cell_text(str(value), self._changes))

        def number(row: int, at: int, value: float | Decimal) -> None:
            if fits_a_number(value):
                worksheet.write_number(row, at, float(value))
            else:
                as_text(row, at, format(value, "f") if isinstance(value, Decimal) else value)

        def day(row: int, at: int, value: date | datetime) -> None:
            if fits_the_calendar(value):
                worksheet.write_datetime(row, at, value, self._instant if isinstance(value, datetime) else self._day)
            else:
                as_text(row, at, value)

        def as_text(row: int, at: int, value: object) -> None:
            self._changes[Change.AS_TEXT] += 1
            worksheet.write_string(row, at, str(value))

        return {str: text, bool: worksheet.write_boolean, date: day, datetime: day} | dict.fromkeys(
            (int, float, Decimal), number
        )

    def _name(self, name: str, part: int) -> str:
        """A sheet's name: what Excel allows, none twice whatever its case."""
        while True:
            mark = f" ({part})" if part > 1 else ""
            wished = (name.translate(_NOT_IN_A_NAME).strip("'") or "_")[: _NAME_LENGTH - len(mark)] + mark
            if wished.casefold() not in self._names:
                self._names.add(wished.casefold())
                return wished
            part += 1


def _width(header: str, values: Iterable[object]) -> int:
    """Characters a column needs for its header with the filter's button, and for what its first rows show."""
    longest = max((_columns(str(value)[:_WIDEST]) for value in values if value is not None), default=0)
    return min(_WIDEST, max(_NARROWEST, _columns(header) + 3, longest + 1))


def _columns(text: str) -> int:
    """How many columns the longest line takes; a Chinese character takes two."""
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n"))
