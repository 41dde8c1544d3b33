"""The time a figure speaks of: the day as of which it counts, or the first and last day over which it adds up."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Final, NamedTuple

from crawler.fields.words import any_of
from pipelines.news.document import Span
from pipelines.news.model import Measure
from pipelines.news.years import (
    ZH_COUNT,
    is_plausible,
    is_up_from,
    nearest_year,
    number_of,
    without_first_stage,
    years_ago,
    years_of_stages,
)

_ZH: Final = {word: number for number, word in enumerate([*"一二三四五六七八九十", "十一", "十二"], 1)}
_EN_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_MONTHS: Final = {
    name: number
    for number, names in enumerate(zip(calendar.month_name, calendar.month_abbr, strict=True))
    for name in map(str.lower, names)
    if name
} | {"sept": 9}
_N = rf"(?:[0-9]{{1,2}}|{'|'.join(sorted(_ZH, key=len, reverse=True))})"
_N_EN = rf"(?:[0-9]{{1,2}}|{'|'.join(_EN_NUMBERS)})"
_M = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<y>(?:19|20)[0-9]{2})"
_YEAR_ZH = rf"(?:{_YEAR}年|(?P<this>今年|本年度?)|(?P<last>去年|上一?年度?))?"
_YEAR_EN = rf"(?:,? ?(?:of |in )?(?:{_YEAR}|(?P<this>this year|the year)|(?P<last>last year)))?"
_TO = r"(?:-+|—+|–|~|至|到)"

# Over which time it adds up; the pattern that matches first in this order wins.
_SPANS: Final = (
    re.compile(rf"{_YEAR_ZH}(?P<a>{_N})月?份?{_TO}(?P<b>{_N})月"),
    re.compile(rf"{_YEAR_ZH}前(?P<b>{_N})个?月"),
    re.compile(rf"{_YEAR_ZH}(?:的)?(?:前(?P<q>[一二三四1-4])个?季度|(?P<h>上)半年|(?P<q1>一)季度|(?P<full>全年))"),
    re.compile(rf"\b(?:from |between )?(?P<a>{_M})\.? ?(?:to|and|through|-+|–|—+) ?(?P<b>{_M})\b\.?{_YEAR_EN}"),
    re.compile(rf"\bfirst (?P<b>{_N_EN}) months{_YEAR_EN}"),
    re.compile(rf"\bfirst (?:(?P<q>three) quarters|(?P<h>half)|(?P<q1>quarter)){_YEAR_EN}"),
)
_SAYS_MONTHS = re.compile(
    any_of(("月", "季度", "半年", "全年", *_MONTHS, "months", "quarter", "half"))
)  # as all these do
_SINCE = re.compile(
    rf"(?:自|从)?(?:{_YEAR}年|(?P<last>去年|上年))(?:(?P<m>{_N})月)?(?:[0-9]{{1,2}}日)?(?:起|以来|来(?!自)|至今|到现在)"
    rf"|\bsince (?:(?P<me>{_M})\.? )?(?P<ye>20[0-9]{{2}})\b"
)
_YEARS_PAST = re.compile(
    rf"(?P<n>{ZH_COUNT})年(?:来|间)|过去(?P<n2>{ZH_COUNT})年"
    rf"|\b(?:over|in|during) the (?:past|last) (?P<ne>{_N_EN}) years"
)
# As of which day it counts.
_AS_OF = re.compile(
    rf"(?:截至|截止到?|到){_YEAR_ZH}(?:(?P<m>{_N})月)?(?:(?P<d>[0-9]{{1,2}})日|(?P<mid>中旬)|(?P<end>年?底|末))?"
    rf"|\b(?:as of|by|at) (?:the )?(?:end of )?"
    rf"(?:(?P<me>{_M})\.? ?(?P<de>[0-9]{{1,2}}(?=[, ]))?,? ?)?(?P<ye>20[0-9]{{2}})\b"
)
_IN_MONTH = re.compile(rf"{_YEAR}年(?P<m>{_N})月|\bin (?P<me>{_M})\.?,? (?P<ye>20[0-9]{{2}})\b")
_THIS_YEAR = re.compile(
    "(?P<this>今年|本年|this year)|(?P<last>去年(?!以来|起|至今)|上年(?!同期|以来|起|至今)|last year)"
)
_STAGE = re.compile(r"(?:从|由|from) ?$")
_STAGE_OF_YEAR = re.compile(r"[从由](?P<y>(?:19|20)[0-9]{2})年[底末]?的?$")
_FLOWS: Final = (Measure.NEW_FIRM_COUNT, Measure.TAX, Measure.TAX_SHARE, Measure.OUTPUT, Measure.INVESTMENT)


class Period(NamedTuple):
    """First and last day; a count at a day has only the last. Both None when the page does not say."""

    since: date | None = None
    until: date | None = None


def period_of(low: str, said: Span, at: int, measure: Measure, published_on: date | None) -> Period:
    """The time that the figure at `at` speaks of, by its sentence up to the end of its clause (`said`).

    Never a day after the publication: what is aimed at has a year.
    """
    if published_on is None or not is_plausible(published_on):
        return Period()
    since, until = (_flow if measure in _FLOWS else _stock)(low, said, at, published_on)
    if until is not None and until > published_on:
        # 2026年, told in November of it, ends for the page on the day it was printed.
        until = published_on if (since or until.replace(month=1, day=1)) <= published_on else None
    if since is not None and (until is None or since > until):
        return Period()
    return Period(since, until)


def _flow(low: str, said: Span, at: int, day: date) -> Period:
    low = without_first_stage(low, said, at)
    for pattern in _SPANS if _SAYS_MONTHS.search(low, *said) else ():
        if (match := _nearest(pattern, low, said, at)) is not None:
            return _months(match, day)
    if (match := _nearest(_SINCE, low, said, at)) is not None:
        year = day.year - 1 if match["last"] else _year(match)
        month = _month(match) or 1
        return Period(date(year, month, 1), day) if 1 <= month <= 12 else Period()
    if (match := _nearest(_YEARS_PAST, low, said, at)) is not None:
        return Period(_years_before(day, _count(match)), day)
    if (match := _nearest(_IN_MONTH, low, said, at)) is not None:
        year, month = _year(match), _month(match) or 0
        return Period(date(year, month, 1), _end_of(year, month)) if 1 <= month <= 12 else Period()
    stated = _stated_year(low, said, at, day)
    return Period() if stated is None else Period(date(stated, 1, 1), date(stated, 12, 31))


def _stock(low: str, said: Span, at: int, day: date) -> Period:
    past = _nearest(_YEARS_PAST, low, said, at)
    if past is not None and _STAGE.search(low[max(said.start, at - 8) : at]):
        return Period(None, _years_before(day, _count(past)))
    ago = years_ago(low, said, at)
    if ago is None and _STAGE.search(low[max(said.start, at - 8) : at]):
        ago = years_of_stages(low, said, at)
    if ago is not None:
        return Period(None, _years_before(day, ago))
    if (first := _STAGE_OF_YEAR.search(low[max(said.start, at - 10) : at])) is not None:
        return Period(None, date(int(first["y"]), 12, 31))
    low = without_first_stage(low, said, at)
    if is_up_from(low, said, at):
        said = Span(at, said.end)
    match = _nearest(_AS_OF, low, said, at)
    if match is not None and (until := _as_of(match, day)) is not None:
        return Period(None, until)
    match = _nearest(_IN_MONTH, low, said, at)
    if match is not None and 1 <= (month := _month(match) or 0) <= 12:
        return Period(None, _end_of(_year(match), month))
    year = _stated_year(low, said, at, day)
    return Period(None, date(year, 12, 31)) if year is not None and year < day.year else Period()


def _stated_year(low: str, said: Span, at: int, day: date) -> int | None:
    """The year that a figure speaks of, in figures or as this and last year; the nearer counts."""
    year, named = nearest_year(low, said, at), _nearest(_THIS_YEAR, low, said, at)
    if year is not None and (named is None or _distance(year, at) <= _distance(named, at)):
        return int(year["y"])
    return None if named is None else day.year - bool(named["last"])


def _months(match: re.Match[str], day: date) -> Period:
    """From month to month of the year told; else of the last year that had them before the page was printed."""
    told = match.groupdict()
    first = _number(told.get("a")) or 1
    quarters = 1 if told.get("q1") else 2 if told.get("h") else _number(told.get("q")) or 0
    last = _number(told.get("b")) or quarters * 3 or 12
    if not 1 <= first <= last <= 12:
        return Period()
    if told.get("y"):
        year = int(told["y"])
    elif told.get("last"):
        year = day.year - 1
    else:
        year = day.year if told.get("this") or last <= day.month else day.year - 1
    return Period(date(year, first, 1), _end_of(year, last))


def _as_of(match: re.Match[str], day: date) -> date | None:
    told = match.groupdict()
    stated = told["y"] or told["ye"]
    month = _number(told["m"] or told["me"])
    if not (stated or month or told["last"] or told["end"]):
        return None
    year = int(stated) if stated else day.year - bool(told["last"])
    if not stated and not told["last"] and month is not None and month > day.month:
        year -= 1
    if month is None:
        return date(year, 12, 31)
    if not 1 <= month <= 12:
        return None
    last = _end_of(year, month)
    number = 15 if told["mid"] else int(told["d"] or told["de"] or last.day)
    return last.replace(day=number) if 1 <= number <= last.day else None


def _year(match: re.Match[str]) -> int:
    told = match.groupdict()
    return int(told.get("y") or told.get("ye") or 0)


def _month(match: re.Match[str]) -> int | None:
    told = match.groupdict()
    return _number(told.get("m") or told.get("me"))


def _count(match: re.Match[str]) -> int:
    word = next(group for group in match.groups() if group)
    return _EN_NUMBERS.get(word) or number_of(word)


def _years_before(day: date, count: int) -> date:
    last = calendar.monthrange(day.year - count, day.month)[1]
    return day.replace(year=day.year - count, day=min(day.day, last))


def _number(word: str | None) -> int | None:
    if not word:
        return None
    if word.isdigit():
        return int(word)
    return _ZH.get(word) or _EN_NUMBERS.get(word) or _MONTHS.get(word)


def _end_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _nearest(pattern: re.Pattern[str], low: str, span: Span, at: int) -> re.Match[str] | None:
    found = (match for match in pattern.finditer(low, *span) if not match.start() <= at < match.end())
    return min(found, key=lambda match: _distance(match, at), default=None)


def _distance(match: re.Match[str], at: int) -> int:
    return max(match.start() - at, at - match.end())
