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

# 18日, 18号 (not 3号楼), and the rest of a span that begins there: 5-10日, 12日至19日. Of a span the first day is read.
_TO = rf"(?:(?:-|~|—|–|至|到){{1,2}}(?:{_NUMBER}月)?{_NUMBER})?"
_NTH = r"(?:日|号(?![楼线院馆门桥厅文令]))"
_FULL = (
    rf"(?P<full>{_YEAR}年{_NUMBER}月{_NUMBER}(?={_TO}{_NTH})|(?:19|20)[0-9]{{2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}(?![0-9]))"
    rf"(?:{_TO}{_NTH})?"
)
# 去年3月3日 is not the last 3 March; 去年3月 is no day.
_RELATIVE_YEAR = (
    rf"(?P<that>前年|去年|上年|今年|本年|明年)(?P<tm>{_NUMBER})月(?:份|(?P<td>{_NUMBER})(?={_TO}{_NTH}){_TO}{_NTH})?"
)
_RELATIVE_MONTH = rf"(?<![到至])(?P<of_month>本月|上个?月|下个?月)(?P<od>{_NUMBER}){_NTH}"
_NOT_LUNAR = "(?<!农历)(?<!阴历)(?<!旧历)"
_MONTH_DAY = (
    rf"(?P<month_day>(?<![0-9{_CN}]年){_NOT_LUNAR}(?P<m>{_NUMBER})月(?P<d>{_NUMBER})(?={_TO}{_NTH}){_TO}{_NTH})"
)
_YEAR_MONTH = rf"(?P<year>{_YEAR})年(?:(?P<ym>{_NUMBER})月)?"
_DAY = r"(?P<day>(?<![0-9月~—–至到-])[0-3]?[0-9])日(?!元|均|本|常)"
_RELATIVE = (
    r"(?P<relative>(?<![到至])(?:昨日|昨天|昨晚|昨夜|今日|今天|今晨|今早|今晚|明日|明天|(?<!大)后天|(?<!大)前天)"
    r"|\b(?:yesterday|today|tomorrow)\b)"
)
# Sunday ends a week. A bare 周三 may be the next one; 每周三 is every one.
_IN_WEEK = (
    r"(?<![到至])(?P<week>本周|这周|上周|上个?星期|上个?礼拜|下周|下个?星期|本星期)"
    r"(?P<wd>[一二三四五六日天])(?![至到~—–-])"
)
_VAGUE = r"(?P<vague>近日|日前|近期|日内|不久前|recently)"
_ORDINAL = "(?:st|nd|rd|th)?"
_ENGLISH = (
    rf"(?P<english>\b{_MONTH} (?P<ed>[0-3]?[0-9]){_ORDINAL}(?:,? (?P<ey>(?:19|20)[0-9]{{2}}))?\b"
    rf"|\b(?P<ed2>[0-3]?[0-9]){_ORDINAL} {_MONTH.replace('mon', 'mon2')}(?:,? (?P<ey2>(?:19|20)[0-9]{{2}}))?\b)"
)
_NO_WEEKDAY = r"(?<!next )(?<!every )(?<!each )(?<!coming )"
_WEEKDAY = rf"{_NO_WEEKDAY}\b(?:on )?{_NO_WEEKDAY}(?P<weekday>{'|'.join(_WEEKDAYS)})\b"
_ENGLISH_YEAR = r"\b(?:in|since|of|by|until|early|late) (?:the (?:end|beginning) of )?(?P<en_year>(?:19|20)[0-9]{2})\b"
_TIMES = "|".join(
    (
        *(_FULL, _RELATIVE_YEAR, _RELATIVE_MONTH, _YEAR_MONTH, _MONTH_DAY, _DAY, _IN_WEEK, _RELATIVE, _VAGUE),
        *(_ENGLISH, _WEEKDAY, _ENGLISH_YEAR),
    )
)
# What any of these begins with is looked for first: most of a text is no time at all.
_WHEN = re.compile(rf"(?=[0-9a-z{_CN}今本去上前明下这昨后近日不])(?:{_TIMES})")
# The year before these tells how old a firm is, not when the event was.
_YEARS_FROM_NOW: Final = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1}
_DAYS_FROM_NOW: Final = {
    "前天": -2, "今日": 0, "今天": 0, "今晨": 0, "今早": 0, "今晚": 0, "today": 0, "明日": 1, "明天": 1, "tomorrow": 1,
    "后天": 2,
}  # fmt: skip
_FOUNDED = re.compile(r"(?:成立于|创立于|创办于|始建于|创建于|founded in |established in |, founded |, established )$")
# 9月30日前, not 9月30日前往 or 前后
_DEADLINE = re.compile(r"(?:以|之)?前(?![往后来夕去期述])")

# SHANGHAI, March 12 -- Brightoak …: the day of the report, and not of what it tells
_PLACE_BEFORE = re.compile(r"(?:^|[\n.] ?|\) ?)[a-z][a-z' -]{1,24}, $")
_REPORT_AHEAD = re.compile(r",? ?(?:\([a-z ]{2,24}\) ?|/[a-z ]{2,24}/ ?)?(?:--|—|–|- )")

HISTORY: Final = timedelta(days=400)
TOMORROW: Final = timedelta(days=1)
_SOON: Final = timedelta(days=14)  # a month and a day this far ahead are the next ones, and not those of a year ago


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
        if match["english"] and _is_dateline(low, match):
            continue
        if not _FOUNDED.search(low, max(start, match.start() - 16), match.start()):
            day, latest = _read(match, published_on)
            if match["month_day"] and published_on is not None and _DEADLINE.match(low, match.end()):
                day = latest = _date(published_on.year, _small(match["m"]), _small(match["d"]))
            if day is not None and _DEADLINE.match(low, match.end()) and (published_on is None or day <= published_on):
                day = latest = None  # some day before that; one that is still ahead stays, for nothing has happened
            yield When(match.start(), match.end(), day, latest)


def _is_dateline(low: str, match: re.Match[str]) -> bool:
    before = low[max(0, match.start() - 28) : match.start()]
    return _PLACE_BEFORE.search(before) is not None and _REPORT_AHEAD.match(low, match.end()) is not None


def _read(match: re.Match[str], published_on: date | None) -> tuple[date | None, date | None]:
    if match["full"]:
        day = parse_date(f"{match['full']}日" if "月" in match["full"] else match["full"])
        return day, day
    if match["that"]:
        return _in_that_year(match, published_on)
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
    elif match["of_month"]:
        found = _in_month(match["of_month"], _small(match["od"]), published_on)
    elif match["week"]:
        found = _in_week(match["week"], "一二三四五六日".find(match["wd"].replace("天", "日")), published_on)
    elif match["relative"]:
        found = published_on + timedelta(days=_DAYS_FROM_NOW.get(match["relative"], -1))
    elif match["weekday"]:
        found = published_on - timedelta(days=(published_on.weekday() - _WEEKDAYS.index(match["weekday"])) % 7)
    else:
        found = _english(match, published_on)
    return found, found


def _in_that_year(match: re.Match[str], published_on: date | None) -> tuple[date | None, date | None]:
    if published_on is None:
        return None, None
    year, month = published_on.year + _YEARS_FROM_NOW[match["that"]], _small(match["tm"])
    if match["td"] is None:
        return None, _end_of(year, month)
    day = _date(year, month, _small(match["td"]))
    return day, day


def _in_month(which: str, day: int, published_on: date) -> date | None:
    months = published_on.year * 12 + published_on.month - 1 + {"上": -1, "下": 1}.get(which[0], 0)
    return _date(months // 12, months % 12 + 1, day)


def _in_week(which: str, weekday: int, published_on: date) -> date:
    monday = published_on - timedelta(days=published_on.weekday())
    return monday + timedelta(days=weekday + {"上": -7, "下": 7}.get(which[0], 0))


def _english(match: re.Match[str], published_on: date | None) -> date | None:
    name = (match["mon"] or match["mon2"])[:3]
    month = next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name))
    day, year = int(match["ed"] or match["ed2"]), match["ey"] or match["ey2"]
    if year:
        return _date(int(year), month, day)
    return None if published_on is None else _latest_year(month, day, published_on)


def _latest_year(month: int, day: int, published_on: date) -> date | None:
    """The last day of that name until two weeks after publication."""
    years = (published_on.year + 1, published_on.year)
    found = (_date(year, month, day) for year in years)
    soon = next((one for one in found if one is not None and one - published_on <= _SOON), None)
    return soon or _date(published_on.year - 1, month, day)


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
