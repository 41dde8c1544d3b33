"""Firms that papers name by their brand alone: where their names stand in a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.brands import candidate_rules, place_at_head
from pipelines.news.cut import is_word
from pipelines.news.document import Document, Span
from pipelines.news.rules import load_well_known
from pipelines.news.terms import Terms, every
from pipelines.news.whole_names import stands

# These go on with the sentence, whatever word they might end.
_LEAVES: Final = frozenset("的了和与及同是为向对在从将被让给于等也都")
_ALONE: Final = 3  # so many characters are no piece of other words


@cache
def _names() -> Terms[bool]:
    data = load_well_known()
    return Terms(every((*data.home, *data.chinese, *data.english), value=True))


@cache
def _more() -> re.Pattern[str]:
    """What the name of a house goes on with: 罗氏诊断, 强生(中国)."""
    rules = candidate_rules()
    words = any_of((*rules.suffixes, *rules.of_house))
    return re.compile(rf"(?:{words}){{0,4}}(?:\((?:中国|上海|集团)\))?(?:集团)?(?:股份)?(?:有限)?(?:公司)?")


def well_known(doc: Document) -> Iterator[Span]:
    """The well-known names in a folded page, each with the words of trades behind it; English ones with a capital."""
    for start, end, _ in _names().find(doc.low):
        if doc.low[start].isascii():
            if doc.plain[start].isupper():
                yield Span(start, end)
            continue
        if _is_of_a_word(doc.low, end):
            continue
        if _is_of_the_trade(doc.low, start, end):
            continue
        more = _more().match(doc.low, end)
        last = more.end() if more else end
        if last - start >= _ALONE or stands(doc, start, end, short=True):
            yield Span(start, last)


def _is_of_the_trade(low: str, start: int, end: int) -> bool:
    """Whether a city and a trade stand here that are no firm: 上海医药|医疗资源."""
    if not place_at_head(low[start:end]):
        return False
    return _trade_goes_on().match(low, end) is not None


@cache
def _trade_goes_on() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(candidate_rules().suffixes)})*(?:{any_of(candidate_rules().no_firm_ahead)})")


def _is_of_a_word(low: str, end: int) -> bool:
    """Whether a name ends within a word (贝朗|读, 复星|级), or goes on to be another thing's: 武田路."""
    if low.startswith(load_well_known().not_before, end):
        return True
    ahead = low[end : end + 2]
    return is_word(low[end - 1 : end + 1]) and not is_word(ahead) and ahead[:1] not in _LEAVES
