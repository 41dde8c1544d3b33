"""Read a calendar day from a cell that holds nothing else."""

from __future__ import annotations

import re
from datetime import date, timedelta

from crawler.fields.text import clean, fold_width

_YEARS = range(1850, 2101)
_LONGEST = 40  # characters; the longest written form has 26

_BRACKETS = ("()", "[]", "【】", "〔〕")

_CHINESE_DIGITS = str.maketrans("〇○◯零Oo一二三四五六七八九", "000000123456789")
_YEAR_DIGITS = "0-9〇○◯零Oo一二三四五六七八九"


def _chinese_number(number: int) -> str:
    """1 to 31 as months and days are written: 三, 十一, 二十, 二十五."""
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, "一二三"[tens - 1] + "十")
    return ten + (" 一二三四五六七八九"[ones] if ones else "")


_CHINESE_NUMBERS = {_chinese_number(number): number for number in range(1, 32)}

# A time of day without a zone, or in Shanghai's, leaves the day as printed. In another zone (Z) the day here
# may be another one, so such text is not read.
_TIME = r"(?:[T ][0-9]{1,2}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?(?:\+08:?00)?)?"
_SEPARATED = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CHINESE = re.compile(
    rf"([{_YEAR_DIGITS}]{{4}})年([0-9]{{1,2}}|[一二三十]{{1,3}}|[一二三十]{{0,2}}[四五六七八九])月"
    rf"([0-9]{{1,2}}|[一二三十]{{1,3}}|[一二三十]{{0,2}}[四五六七八九])日{_TIME}"
)
_BLANK_AT_SEPARATOR = re.compile(r" ?([-/.年月]) ?| (?=日)")

# Excel counts days so that 1 January 1900 is 1, and takes 1900 for a leap year; from March 1900 on, counting
# from 30 December 1899 gives the day it shows (ECMA-376 part 1, 18.17.4.1). Five digits only: a shorter or
# longer number is more likely something else.
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_001)
_SERIAL = re.compile(r"([0-9]{5})(?:\.0+)?")


def parse_date(text: str) -> date | None:
    """The calendar day that `text` is, as printed; None for anything else.

    The whole of `text` must be the date, blanks and one pair of brackets around it apart. Read are
    `2026-11-18` (also with `/` or `.`), `20261118`, `2026年11月18日`, `二〇二六年十一月十八日`, each of the
    first and the last two with a time of day behind it, and Excel's day numbers `45000`. A day before a month
    (`18/11/2026`), a month without a day, an impossible day, a year outside 1850 to 2100 and a time in
    another zone give None.
    """
    if len(text) > _LONGEST:
        return None
    bare = _without_brackets(fold_width(clean(text)))
    if serial := _SERIAL.fullmatch(bare):
        return _from_excel(int(serial[1]))
    bare = _BLANK_AT_SEPARATOR.sub(r"\1", bare)
    if found := _SEPARATED.fullmatch(bare):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(bare):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _CHINESE.fullmatch(bare):
        return _day(int(found[1].translate(_CHINESE_DIGITS)), _number(found[2]), _number(found[3]))
    return None


_MONTH_NAMES = "january february march april may june july august september october november december"
# Written out, or cut to three letters (Sept. too), as English-language press prints them.
_MONTH_OF = {name: n for n, full in enumerate(_MONTH_NAMES.split(), start=1) for name in (full, full[:3])} | {"sept": 9}
_ENGLISH = (
    re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})"),
    re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]{3,9})\.?,? (?P<year>[0-9]{4})"),
)


def parse_english_date(text: str) -> date | None:
    """The calendar day that `text` is in English, month by name: `January 04, 2021`, `Jan. 4, 2021`, `4 January 2021`.

    The whole of `text` must be the date. A month by number (`01/04/2021` is two days), an unknown month, an impossible
    day and a year outside 1850 to 2100 give None. Independent of the machine's language.
    """
    if len(text) > _LONGEST:
        return None
    bare = re.sub(r" ?, ?", ", ", clean(text)).lower()
    found = next((match for pattern in _ENGLISH if (match := pattern.fullmatch(bare))), None)
    if found is None or found["month"] not in _MONTH_OF:
        return None
    return _day(int(found["year"]), _MONTH_OF[found["month"]], int(found["day"]))


def _without_brackets(text: str) -> str:
    return text[1:-1].strip() if len(text) > 1 and text[0] + text[-1] in _BRACKETS else text


def _number(text: str) -> int:
    """A month or day in either kind of digits; 0, which is no day, for numerals in an impossible order."""
    return int(text) if text.isascii() else _CHINESE_NUMBERS.get(text, 0)


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # no such day, 31 April for one
        return None


def _from_excel(number: int) -> date | None:
    if number not in _EXCEL_DAYS:
        return None
    found = _EXCEL_EPOCH + timedelta(days=number)
    return found if found.year in _YEARS else None
