"""The year a figure speaks of, and whether it is only aimed at."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from pipelines.news.document import Span
from pipelines.news.rules import load_rules
from pipelines.news.terms import any_word

_FIRST_YEAR: Final = 1949
_LAST_YEAR_OF_PAGES: Final = 2100
_STAGE_REACH: Final = 28  # characters before a figure in which stands that it is a first stage
_STAGES_REACH: Final = 60  # characters in which both stages stand
# 2000家 and 2000 firms are no years.
_COUNTED = r"(?![余多]?[家户个项]|[余多万亿]|元|平| (?:firms|companies|enterprises|businesses|yuan|square)\b)"
_YEAR = re.compile(rf"(?<![0-9.])(?<![0-9],)(?P<y>(?:19|20)[0-9]{{2}})(?=年|[^0-9年]|$){_COUNTED}")
# As English says it right behind a figure: 6 percent in 2023.
_BEHIND = re.compile(r"[0-9][0-9,.]*[^0-9,;]{0,24}?\bin (?P<y>20[0-9]{2})\b")
_NOW = re.compile(r"目前|现在|如今|当前|眼下|\bnow\b|\btoday\b|at present|currently")
_DIGITS: Final = {word: number for number, word in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_SMALL: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
# 十五年来 is fifteen years, and 2021年来 none at all.
_ONE: Final = "[一二三四五六七八九两]"
ZH_COUNT: Final = rf"(?<![0-9.一二三四五六七八九十百])(?:[0-9]{{1,2}}|{_ONE}?十{_ONE}?|{_ONE})"
_COUNT = rf"({ZH_COUNT}|{'|'.join(_SMALL)})"
_MAY_COUNT = "[0-9a-z一二三四五六七八九十两未过]"  # what a number of years begins with, and the words before it
_AGO = re.compile(rf"{_COUNT}年(?:之|以)?前的?(?:约|近|超过?|逾)?$")
_AGO_BEHIND = re.compile(rf"[0-9][0-9,]*\+?(?: (?!to\b|and\b)[a-z&-]+){{0,6}}? {_COUNT} years ago\b")
_WITHIN = re.compile(
    rf"(?={_MAY_COUNT})(?:{_COUNT}年(?:之?内|左右)|未来{_COUNT}年|(?:within|in) (?:the next )?{_COUNT} years)"
)
_PAST = re.compile(rf"(?={_MAY_COUNT})(?:{_COUNT}年来|过去{_COUNT}年|(?:over|in) the (?:past|last) {_COUNT} years)")
_STAGE = re.compile(r"(?:从|由|from) ?$")
# The first of two stages, which is no aim though the second be one: 由目前的30万平方米扩大到2028年的50万平方米.
_FIRST_STAGE = re.compile(
    r"(?:从|由)(?:(?P<now>目前|现在|现有|当前|如今|原来|原先|原有|今年)|(?:19|20)[0-9]{2}年[底末]?|去年|上年|前年)?的?(?:约|近|超过?|逾)*$"
    r"|\bfrom (?P<now_en>the current |the present |today’s |today's )?"
    r"(?:about |nearly |over |more than |some |around )?$"
)
_FROM = re.compile(r"[从由]|\bfrom\b")
_TO = re.compile(
    r"(?:增加?|增长|提[升高]?|上升|攀升|跃升|扩大|发展)[至到]了?(?:约|近|超过?|逾)?$"
    r"|\bto (?:about |nearly |over |more than )?$"
)
# Over so many years, where a figure has two stages.
_OVER_YEARS = re.compile(rf"\bover {_COUNT} years\b(?! (?:old|of|ago))")
# What there was before, told behind an aim: aims to have 200 by 2026, up from 75.
_UP_FROM = re.compile(r"\b(?:up|down|rising|increase|increased) from (?:about |some |nearly |the current )?$")
_REACHED = re.compile(r"(?:增加?[至到]了?|提[升高]?[至到]了?|上升到|扩大到|to) ?$")
# English goes on in the clause: is home to 75 firms and aims to have 200 by 2026.
_NEXT_AIM = re.compile(
    r" (?:and|but|while) (?:it |they |also |now |the [a-z]+ |that number |the number )*"
    r"(?:aims?|aiming|plans?|hopes?|expects?|strives?|targets?|intends?|will|is (?:expected|set|to)|wants?)\b"
)
# English tells the first stage behind the second: grew to 2,914 from 2,665 in 2020.
_FIRST_BEHIND = re.compile(
    r"[0-9][0-9,.]*\+?(?: (?!from\b|in\b|by\b)[a-z]+){0,4},? (?P<first>(?:up |down )?from [^;.]{0,12}?[0-9][0-9,.]*\+?"
    r"[^;,.0-9]{0,24}?\b(?:in|at|since|of|by) (?:the (?:end|beginning|start) of )?20[0-9]{2}\b)"
)
_BUILT = re.compile(
    r"(?:项目)?(?:预计|计划|将|拟)[^,。;]{0,6}?(?P<y>20[0-9]{2})年[^,。;]{0,10}(?:建成|竣工|投用|完工|交付|启用|投入使用)"
    r"| ?(?:which |and )?(?:is |are )?(?:will be |to be |expected to be |scheduled for |due for )?"
    r"(?:completed?|completion|opened?|ready) (?:in|by) (?P<ye>20[0-9]{2})"
)
_LAST_YEAR = re.compile(r"(?:去年同期|上年同期)的?$")


def year_of(low: str, sentence: Span, clause: Span, at: int, published_on: date | None) -> tuple[int | None, bool]:
    """The year that the figure at `at` speaks of, or None, and whether it is a target.

    `within five years` is the year of publication plus five; `over the past four years … from A to B` gives A the year
    of publication less four and B that of publication.
    """
    now = None if published_on is None or not is_plausible(published_on) else published_on.year
    if (ago := years_ago(low, sentence, at)) is not None:
        return (None if now is None else now - ago), False
    stages, low = is_staged(low, sentence, at), without_first_stage(low, sentence, at)
    if (aim := _NEXT_AIM.search(low, at, clause.end)) is not None:
        clause = Span(clause.start, aim.start())
    # A year of a later clause belongs to what that clause says: 企业75家，力争到2028年达到200家.
    said = Span(sentence.start, clause.end)
    within, past = _nearest(_WITHIN, low, said, at), _nearest(_PAST, low, sentence, at)
    if past is None and stages:
        past = _nearest(_OVER_YEARS, low, sentence, at)
    before = low[max(sentence.start, at - 12) : at]
    year = nearest_year(low, said, at)
    stated = None if year is None else int(year["y"])
    wished = _aims(low[clause.start : clause.end]) or _aims(low[sentence.start : at])
    if within is not None and (year is None or _distance(within, at) < _distance(year, at)):
        return (None if now is None else now + _count(within)), True
    if past is not None and now is not None and stated is None:
        return _year_of_stage(before, now, _count(past)), False
    first = _FIRST_STAGE.search(low, max(sentence.start, at - _STAGE_REACH), at)
    is_of_now = first is not None and (first["now"] or first["now_en"])
    if is_of_now or is_up_from(low, sentence, at):
        behind = None if is_of_now else _BEHIND.match(low, at, clause.end)
        return (None if behind is None else int(behind["y"])), False
    if _LAST_YEAR.search(before) is not None:
        return (None if now is None else now - 1), False
    ahead = stated is not None and now is not None and stated > now
    return stated, ahead or (wished and first is None)


def _year_of_stage(before: str, now: int, years: int) -> int | None:
    """English may turn it round: increased to B from A over the past four years."""
    if _STAGE.search(before) is not None:
        return now - years
    return now if _REACHED.search(before) is not None else None


def built_by(low: str, clause: Span, sentence: Span) -> int | None:
    """The year by which what a clause measures shall be built, as the next one says: 4万平方米,将于2027年建成."""
    match = _BUILT.match(low, clause.end, sentence.end)
    return None if match is None else int(match["y"] or match["ye"])


def is_plausible(day: date) -> bool:
    """Whether a page can be of that day, and years be reckoned from it."""
    return _FIRST_YEAR <= day.year <= _LAST_YEAR_OF_PAGES


def years_ago(low: str, sentence: Span, at: int) -> int | None:
    """How many years ago the figure was: 由四年前的2665家, from 2,665 four years ago."""
    match = _AGO.search(low[max(sentence.start, at - 12) : at]) or _AGO_BEHIND.match(low, at, sentence.end)
    return None if match is None else _count(match)


def is_up_from(low: str, sentence: Span, at: int) -> bool:
    """Whether the figure is the one before another: 200 by 2026, up from 75."""
    return _UP_FROM.search(low[max(sentence.start, at - 32) : at]) is not None


def is_staged(low: str, sentence: Span, at: int) -> bool:
    """Whether the figure is the first or the second of two stages: from 2,665 to 2,914."""
    before = low[max(sentence.start, at - 24) : at]
    return _STAGE.search(before) is not None or _TO.search(before) is not None


def years_of_stages(low: str, sentence: Span, at: int) -> int | None:
    """Over how many years it came from the one stage to the other: from 2,665 to 2,914 over four years."""
    match = _nearest(_OVER_YEARS, low, sentence, at) if is_staged(low, sentence, at) else None
    return None if match is None else _count(match)


def without_first_stage(low: str, sentence: Span, at: int) -> str:
    """The text as the second of two stages is to be read: the first one's time is blank. As long as before."""
    if (first := _FIRST_BEHIND.match(low, at, sentence.end)) is not None:
        low = low[: first.start("first")] + " " * len(first["first"]) + low[first.end("first") :]
    if _TO.search(low[max(sentence.start, at - 24) : at]) is None:
        return low
    starts = [match.start() for match in _FROM.finditer(low, max(sentence.start, at - _STAGES_REACH), at)]
    number = [start for start in starts if re.search("[0-9]", low[start:at])]
    if not number:
        return low
    # The word that leads to the figure stays.
    to = max(number[-1], at - 6)
    return low[: number[-1]] + " " * (to - number[-1]) + low[to:]


def nearest_year(low: str, span: Span, at: int) -> re.Match[str] | None:
    """The year in a span that a figure speaks of: of 从2021年的2300家增长到目前的3600家 the last has none."""
    if (behind := _BEHIND.match(low, at, span.end)) is not None:
        return behind
    year = _nearest(_YEAR, low, span, at)
    if year is not None and year.end() <= at and _NOW.search(low, year.end(), at) is not None:
        return None
    return year


def _nearest(pattern: re.Pattern[str], low: str, span: Span, at: int) -> re.Match[str] | None:
    """The match in a span that stands nearest to a figure, the figure itself left out."""
    found = (match for match in pattern.finditer(low, *span) if match.start() != at)
    return min(found, key=lambda match: _distance(match, at), default=None)


def _distance(match: re.Match[str], at: int) -> int:
    return max(match.start() - at, at - match.end())


def _count(match: re.Match[str]) -> int:
    text = next(group for group in match.groups() if group)
    return number_of(text)


def number_of(word: str) -> int:
    """The number that ZH_COUNT or a small English number stands for."""
    if word.isdigit():
        return int(word)
    if word in _SMALL:
        return _SMALL[word]
    tens, ten, ones = word.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _aims(text: str) -> bool:
    return any_word(load_rules().claims.words.target).search(text) is not None
