"""The days and years a sentence names, and the day that `昨日` or `11月18日` is by the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from crawler.fields.dates import parse_date

_CN = "〇○零一二三四五六七八九十"
_NUMBER = rf"(?:[0-9]{{1,2}}|[{_CN}]{{1,3}})"
_YEAR = rf"(?:(?:19|20)[0-9]{{2}}|[一二][{_CN}]{{3}})"
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH = rf"(?P<mon>{'|'.join(f'{name}|{name[:3]}[.]?' for name in _MONTHS)}|sept[.]?)"
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FULL = rf"(?P<full>{_YEAR}年{_NUMBER}月{_NUMBER}日|(?:19|20)[0-9]{{2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}(?![0-9]))"
_MONTH_DAY = rf"(?P<month_day>(?<![0-9{_CN}]年)(?P<m>{_NUMBER})月(?P<d>{_NUMBER})日)"
_YEAR_MONTH = rf"(?P<year>{_YEAR})年(?:(?P<ym>{_NUMBER})月)?"
_DAY = r"(?P<day>(?<![0-9月~—–至到-])[0-3]?[0-9])日(?!元|均|本|常)"
_RELATIVE = r"(?P<relative>昨日|昨天|昨晚|今日|今天|今晨|(?<!大)前天|yesterday|today)"
_VAGUE = r"(?P<vague>近日|日前|近期|日内|不久前|recently)"
_ORDINAL = "(?:st|nd|rd|th)?"
_ENGLISH = (
    rf"(?P<english>\b{_MONTH} (?P<ed>[0-3]?[0-9]){_ORDINAL}(?:,? (?P<ey>(?:19|20)[0-9]{{2}}))?\b"
    rf"|\b(?P<ed2>[0-3]?[0-9]){_ORDINAL} {_MONTH.replace('mon', 'mon2')}(?:,? (?P<ey2>(?:19|20)[0-9]{{2}}))?\b)"
)
_WEEKDAY = rf"\b(?:on )?(?P<weekday>{'|'.join(_WEEKDAYS)})\b"
_ENGLISH_YEAR = r"\b(?:in|since|of|by|until|early|late) (?:the (?:end|beginning) of )?(?P<en_year>(?:19|20)[0-9]{2})\b"
_WHEN = re.compile(
    "|".join((_FULL, _YEAR_MONTH, _MONTH_DAY, _DAY, _RELATIVE, _VAGUE, _ENGLISH, _WEEKDAY, _ENGLISH_YEAR))
)
# The year before these tells how old a firm is, not when the event was.
_FOUNDED = re.compile(r"(?:成立于|创立于|创办于|始建于|创建于|founded in |established in )$")

HISTORY: Final = timedelta(days=400)
TOMORROW: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """A time named in a sentence. `day` is None for a year, a month or 近日; `latest` its last possible day."""

    start: int
    end: int
    day: date | None
    latest: date | None

    def is_history(self, published_on: date | None) -> bool:
        """Whether it is more than 400 days before publication; without that, any bare year is."""
        if published_on is None:
            return self.day is None and self.latest is not None
        return self.latest is not None and published_on - self.latest > HISTORY

    def is_future(self, published_on: date | None) -> bool:
        """Whether it is more than a day after publication."""
        return published_on is not None and self.day is not None and self.day - published_on > TOMORROW


def find_times(low: str, start: int, end: int, published_on: date | None) -> Iterator[When]:
    """The times named between two places of a folded text, founding years left out, in order."""
    for match in _WHEN.finditer(low, start, end):
        if not _FOUNDED.search(low, max(start, match.start() - 16), match.start()):
            day, latest = _read(match, published_on)
            yield When(match.start(), match.end(), day, latest)


def _read(match: re.Match[str], published_on: date | None) -> tuple[date | None, date | None]:
    if match["full"]:
        day = parse_date(match["full"])
        return day, day
    if match["year"]:
        return None, _end_of(_year(match["year"]), _small(match["ym"]) if match["ym"] else 12)
    if match["en_year"]:
        return None, _end_of(int(match["en_year"]), 12)
    if published_on is None or match["vague"]:
        found = _english(match, None) if match["english"] else None
    elif match["month_day"]:
        found = _latest_year(_small(match["m"]), _small(match["d"]), published_on)
    elif match["day"]:
        found = _latest_month(int(match["day"]), published_on)
    elif match["relative"]:
        back = {"前天": 2, "今日": 0, "今天": 0, "今晨": 0, "today": 0}.get(match["relative"], 1)
        found = published_on - timedelta(days=back)
    elif match["weekday"]:
        found = published_on - timedelta(days=(published_on.weekday() - _WEEKDAYS.index(match["weekday"])) % 7)
    else:
        found = _english(match, published_on)
    return found, found


def _english(match: re.Match[str], published_on: date | None) -> date | None:
    name = (match["mon"] or match["mon2"])[:3]
    month = next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name))
    day, year = int(match["ed"] or match["ed2"]), match["ey"] or match["ey2"]
    if year:
        return _date(int(year), month, day)
    return None if published_on is None else _latest_year(month, day, published_on)


def _latest_year(month: int, day: int, published_on: date) -> date | None:
    """The day of that name that is not later than the day after publication."""
    found = _date(published_on.year, month, day)
    if found is not None and found - published_on <= TOMORROW:
        return found
    return _date(published_on.year - 1, month, day)


def _latest_month(day: int, published_on: date) -> date | None:
    if day <= published_on.day:
        return _date(published_on.year, published_on.month, day)
    before = published_on.replace(day=1) - timedelta(days=1)
    return _date(before.year, before.month, day)


def _small(text: str) -> int:
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    digits = {character: number for number, character in enumerate("零一二三四五六七八九")}
    if not ten:
        return digits.get(text, 0) if len(text) == 1 else 0
    return (digits.get(tens, 0) if tens else 1) * 10 + (digits.get(ones, 0) if ones else 0)


def _year(text: str) -> int:
    if text.isascii():
        return int(text)
    return int("".join(str("零一二三四五六七八九".find(c) if c in "零一二三四五六七八九" else 0) for c in text))


def _end_of(year: int, month: int) -> date | None:
    first = _date(year, month, 1)
    return None if first is None else (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # no such day
        return None
