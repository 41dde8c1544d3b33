"""The year a figure speaks of, and whether it is only aimed at."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from pipelines.news.document import Span
from pipelines.news.rules import load_rules
from pipelines.news.terms import any_word

# 2000家 and 2000 firms are no years.
_COUNTED = r"(?![余多]?[家户个项]|[余多万亿]|元|平| (?:firms|companies|enterprises|businesses|yuan|square)\b)"
_YEAR = re.compile(rf"(?<![0-9,.])(?P<y>(?:19|20)[0-9]{{2}})(?=年|[^0-9年]|$){_COUNTED}")
# As English says it right behind a figure: 6 percent in 2023.
_BEHIND = re.compile(r"[0-9][0-9,.]*[^0-9,;]{0,24}?\bin (?P<y>20[0-9]{2})\b")
_NOW = re.compile(r"目前|现在|如今|当前|眼下|\bnow\b|\btoday\b|at present|currently")
_SMALL: Final = {
    word: number
    for words in ("一 二 三 四 五 六 七 八 九 十", "one two three four five six seven eight nine ten")
    for number, word in enumerate(words.split(), 1)
}
_COUNT = rf"([0-9]{{1,2}}|{'|'.join(_SMALL)})"
_WITHIN = re.compile(rf"{_COUNT}年(?:之?内|左右)|未来{_COUNT}年|(?:within|in) (?:the next )?{_COUNT} years")
_PAST = re.compile(rf"{_COUNT}年来|过去{_COUNT}年|(?:over|in) the (?:past|last) {_COUNT} years")
_STAGE = re.compile(r"(?:从|由|from) ?$")
_REACHED = re.compile(r"(?:增加?[至到]了?|提[升高]?[至到]了?|上升到|扩大到|to) ?$")
# English goes on in the clause: is home to 75 firms and aims to have 200 by 2026.
_NEXT_AIM = re.compile(
    r" (?:and|but|while) (?:it |they |also |now |the [a-z]+ |that number |the number )*"
    r"(?:aims?|aiming|plans?|hopes?|expects?|strives?|targets?|intends?|will|is (?:expected|set|to)|wants?)\b"
)
_LAST_YEAR = re.compile(r"(?:去年同期|上年同期)的?$")


def year_of(low: str, sentence: Span, clause: Span, at: int, published_on: date | None) -> tuple[int | None, bool]:
    """The year that the figure at `at` speaks of, or None, and whether it is a target.

    `within five years` is the year of publication plus five; `over the past four years … from A to B` gives A the year
    of publication less four and B that of publication.
    """
    now = None if published_on is None else published_on.year
    if (aim := _NEXT_AIM.search(low, at, clause.end)) is not None:
        clause = Span(clause.start, aim.start())
    # A year of a later clause belongs to what that clause says: 企业75家，力争到2028年达到200家.
    said = Span(sentence.start, clause.end)
    within, past = _nearest(_WITHIN, low, said, at), _nearest(_PAST, low, sentence, at)
    before = low[max(sentence.start, at - 12) : at]
    year = nearest_year(low, said, at)
    stated = None if year is None else int(year["y"])
    wished = _aims(low[clause.start : clause.end]) or _aims(low[sentence.start : at])
    if within is not None and (year is None or _distance(within, at) < _distance(year, at)):
        return (None if now is None else now + _count(within)), True
    if past is not None and now is not None and stated is None:
        first, last = _STAGE.search(before) is not None, _REACHED.search(before) is not None
        # English may turn it round: increased to B from A over the past four years.
        return (now - _count(past) if first else now if last else None), False
    if stated is not None and now is not None and stated > now:
        return stated, True
    if _LAST_YEAR.search(before) is not None:
        return (None if now is None else now - 1), False
    return stated, wished


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
    return int(text) if text.isdigit() else _SMALL[text]


def _aims(text: str) -> bool:
    return any_word(load_rules().claims.words.target).search(text) is not None
