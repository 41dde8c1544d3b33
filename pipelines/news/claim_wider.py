"""Whether a figure is that of the city, the country or another district, and not ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pipelines.news.document import Span
from pipelines.news.page import Page
from pipelines.news.places import Whose
from pipelines.news.rules import load_rules
from pipelines.news.terms import Found, Terms

_BEHIND_EN: Final = 90  # characters behind an English number in which "in Shanghai" stands
_WITHIN_EN = re.compile(r"\b(?:in|across|throughout) (?:the city of |the )?")


def is_wider(page: Page, span: Span, clause: Span, at: int) -> bool:
    """Whether the figure is of the city, the country or another place: by its clause, else by the one before it."""
    low, ends = page.doc.low, list[tuple[int, bool]]()
    if _is_wider_behind(page, clause, at):
        return True
    for named in page.within(span.start, at):
        ends.append((named.end, named.place.whose is Whose.OURS))
    ends += [(found.end, False) for found in _wider(low, span.start, at)]
    ends += [(span.start + match.end(), True) for match in _own_words().finditer(low[span.start : at])]
    here = [entry for entry in ends if entry[0] > clause.start]
    if here:
        return not max(here)[1]
    return bool(ends) and not any(ours for _, ours in ends)


def _is_wider_behind(page: Page, clause: Span, at: int) -> bool:
    """As English says it: 3,000 companies in Shanghai. In Shanghai's Putuo District is ours."""
    low = page.doc.low
    end = min(clause.end, at + _BEHIND_EN)
    for match in _WITHIN_EN.finditer(low, at, end):
        here = [named for named in page.within(match.end(), end) if named.start == match.end()]
        wide = [found for found in _wider(low, match.end(), end) if found.start == match.end()]
        ours = [named for named in page.within(match.end(), end) if named.place.whose is Whose.OURS]
        if ours and (not wide or ours[0].start - wide[0].end <= 2):
            return False
        if wide or (here and here[0].place.whose is not Whose.OURS):
            return True
    return False


def _wider(low: str, start: int, end: int) -> Iterator[Found[bool]]:
    for found in _wider_terms().find(low[start:end]):
        if found.value:
            yield Found(start + found.start, start + found.end, True)


@cache
def _wider_terms() -> Terms[bool]:
    words = load_rules().claims.words
    return Terms(dict.fromkeys(words.wider, True) | dict.fromkeys(words.not_wider, False))


@cache
def _own_words() -> re.Pattern[str]:
    return re.compile("全区|我区|本区|区内|区级|该区|园区|(?:the|this) district|the park")
