"""The names by which pages may name known firms: from the published file, or from a list of firms."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import duckdb

from crawler.fields.credit_code import normalise, problem
from pipelines import published_file
from pipelines.news.decided import DecidedNames, Word
from pipelines.news.names import NameIndex
from pipelines.news.page_reader import KnownNames

_NAMES: Final = """
    SELECT uscc, name FROM observations WHERE name <> ''
    UNION SELECT uscc, name_en FROM observations WHERE name_en <> '' ORDER BY ALL
"""
_WORDS: Final = """
    SELECT matched AS name, uscc, verdict, decided_at FROM decisions
    WHERE kind = 'match' AND article_id IS NULL AND matched IS NOT NULL ORDER BY decided_at, line
"""
_HEADERS: Final = {
    "uscc": ("uscc", "统一社会信用代码", "信用代码"),
    "name": ("name", "企业名称", "名称", "公司名称"),
    "name_en": ("name_en", "英文名称"),
}
_LONGEST_CELL: Final = 400

Complain = Callable[[int, str], None]


class FirmListError(ValueError):
    """A list of firms cannot be used at all; the message says why."""


def known_in(connection: duckdb.DuckDBPyConnection) -> tuple[KnownNames, int]:
    """Every name, former and English ones too, of the firms of a published file, with people's word on names that
    holds everywhere; and how many firms these are. Raises duckdb.Error where the file lacks what is asked.
    """
    rows = published_file.rows(connection, _NAMES, {})
    firms = {row["uscc"] for row in rows}
    words = [
        Word(name=row["name"], firm=row["uscc"], verdict=row["verdict"], article="", since=row["decided_at"])
        for row in published_file.rows(connection, _WORDS, {})
    ]
    index = NameIndex((row["uscc"], row["name"]) for row in rows)
    return KnownNames(index, DecidedNames(words, firms) if words else None), len(firms)


def known_of_list(path: Path, complain: Complain) -> tuple[KnownNames, int]:
    """The same of a CSV with uscc, name and perhaps name_en, UTF-8; a firm with several names has several rows.

    `complain(line, why)` hears of each row that was left out. Raises FirmListError and OSError.
    """
    firms: set[str] = set()
    names: list[tuple[str, str]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for uscc, *written in _rows(path, file, complain):
                firms.add(uscc)
                names += [(uscc, name) for name in written if name]
    except UnicodeDecodeError as error:
        raise FirmListError(f"{path}: is not UTF-8 (byte {error.start} of what was read last)") from error
    except csv.Error as error:
        raise FirmListError(f"{path}: is no CSV: {error}") from error
    return KnownNames(NameIndex(names)), len(firms)


def nobody() -> KnownNames:
    """No known firm: whom a page names can only be a candidate."""
    return KnownNames(NameIndex(()))


def _rows(path: Path, lines: Iterator[str], complain: Complain) -> Iterator[tuple[str, str, str]]:
    reader = csv.reader(lines)
    header = [cell.strip().lower() for cell in next(reader, [])]
    at = {field: next((header.index(one) for one in names if one in header), -1) for field, names in _HEADERS.items()}
    if at["uscc"] < 0 or at["name"] < 0:
        raise FirmListError(f"{path}:1: the header has no uscc and name (name_en may stand beside them)")
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            complain(reader.line_num, f"{len(cells)} cells where the header has {len(header)}")
            continue
        uscc, name = normalise(cells[at["uscc"]]), cells[at["name"]].strip()
        wrong = problem(uscc)
        if wrong or not name or len(name) > _LONGEST_CELL:
            complain(reader.line_num, f"uscc: {wrong}" if wrong else "name: is empty or too long")
            continue
        yield uscc, name, cells[at["name_en"]].strip() if at["name_en"] >= 0 else ""
