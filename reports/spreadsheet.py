"""What a spreadsheet program would make of a cell, and how that is kept from happening; every change is counted.

Excel, WPS and LibreOffice take a text that begins with = + - or @ for a formula when they read a CSV file, or when
someone enters the cell again; a formula can fetch addresses and start programs. What a page says is not to do that. A
leading apostrophe keeps such a text a text (OWASP, "CSV Injection"). Programs set to Chinese or Japanese also take the
full-width forms, and importers that trim look past blanks: those are judged alike.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

LONGEST_CELL = 32_767  # UTF-16 units in a cell of a workbook (Excel specifications and limits)
DIGITS = 15  # what a number in a workbook keeps
FIRST_DAY = date(1900, 1, 1)  # of a workbook's calendar

# Blanks of any width, none included, and control characters: what an importer may drop.
_BLANK = r"[\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_RISKY = re.compile(rf"{_BLANK}*(?:[=+\-@＝＋－＠﹦﹢﹣﹫]|(?<=[\t\r\n]))")
# Where a harmless cell nearly always ends the question: anything else is looked at closely.
_PLAIN = re.compile(r"[\w（(《【“]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, 2.2 Characters; tab, LF and CR may
_REPLACEMENT = "\ufffd"


class Change(StrEnum):
    """What was changed in cells so that a spreadsheet shows what is stored: a closed list, in words for a person."""

    NEUTRALISED = "texts that a spreadsheet could take for a formula: a leading apostrophe was added"
    CUT = f"texts longer than the {LONGEST_CELL:,} characters of a cell: cut, with a mark at the end"
    REPLACED = f"texts with control characters, which a workbook cannot hold: shown as {_REPLACEMENT}"
    AS_TEXT = f"numbers of more than {DIGITS} digits and days before 1900: kept as text"


Changes = Counter[Change]


def neutral(text: str, changes: Changes) -> str:
    """The text, with a leading apostrophe if a spreadsheet could take it for a formula."""
    if not text or _PLAIN.match(text) or not _RISKY.match(text):
        return text
    changes[Change.NEUTRALISED] += 1
    return "'" + text


def cell_text(text: str, changes: Changes) -> str:
    """The text as a cell of a workbook can hold it: neutral, one kind of line break, valid in XML, not too long."""
    text = neutral(text, changes).replace("\r\n", "\n").replace("\r", "\n")
    if _NOT_IN_XML.search(text):
        changes[Change.REPLACED] += 1
        text = _NOT_IN_XML.sub(_REPLACEMENT, text)
    if len(text) > LONGEST_CELL // 2 and _units(text) > LONGEST_CELL:
        changes[Change.CUT] += 1
        text = _cut(text)
    return text


def fits_a_number(value: float | Decimal) -> bool:
    """Whether a workbook can hold the number without losing a digit."""
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor no number
    digits = Decimal(value).as_tuple().digits
    return len(digits) <= DIGITS or len(Decimal(value).normalize().as_tuple().digits) <= DIGITS


def fits_the_calendar(value: date | datetime) -> bool:
    """Whether a workbook can hold the day."""
    return (value.date() if isinstance(value, datetime) else value) >= FIRST_DAY


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    mark = f"… [cut: {len(text):,} characters in all]"
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(mark))]
    return kept.decode("utf-16-le", "ignore") + mark
