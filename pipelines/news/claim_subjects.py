"""What a figure counts: the industry, one of its sub-sectors, firms of whatever industry, or some other part of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Final

from pipelines.news.document import Span
from pipelines.news.model import Measure, Subject
from pipelines.news.page import Page
from pipelines.news.rules import load_rules
from pipelines.news.terms import Found, Terms, any_word

_NOUN: Final = 24  # characters behind a number in which its noun stands
_BESIDE: Final = 14  # characters before a number in which its noun stands
_LOOK_BACK: Final = 2  # sentences before, in which a page says what it speaks of
_PHRASE_END = re.compile(r"[,、。;:!?()\n]|增|提|上升|扩|占")
_PHRASE_START = re.compile(r"[,、。;:]|其中")
# 普陀区1300家企业中，生命健康企业有300家: the first are firms of whatever industry.
_OF_THEM = re.compile(r"(?:企业|公司|机构)(?:当)?中,")
_COUNTS: Final = (Measure.FIRM_COUNT, Measure.NEW_FIRM_COUNT)


@cache
def _subjects() -> Terms[Subject]:
    return Terms({word: subject for subject, words in load_rules().claims.subjects.items() for word in words})


class Subjects:
    """Says of a page's figures what each counts."""

    def __init__(self, page: Page, health: Iterable[Found[float]]) -> None:
        self._low = page.doc.low
        self._page = page
        self._health = health

    @cached_property
    def _found(self) -> list[Found[Subject]]:
        # A word of life-health that is none of ours, such as 细胞治疗, makes the figure one of a part.
        known = _subjects().find(self._low)
        taken = {at for found in known for at in range(found.start, found.end)}
        others = [
            Found(found.start, found.end, Subject.PART)
            for found in self._health
            if found.value == 1.0 and found.start not in taken
        ]
        return sorted([*known, *others])

    def of(self, measure: Measure, sentence: int, clause: Span, start: int, end: int) -> Subject:
        """What the figure at `start` to `end` of a clause counts or measures."""
        span = self._page.doc.sentences[sentence]
        counts = measure in _COUNTS
        behind = _PHRASE_END.search(self._low, end, min(span.end, end + _NOUN))
        noun_end = behind.start() if behind else min(span.end, end + _NOUN)
        if counts and self._is_part(start, noun_end, clause):
            return Subject.PART
        if counts and _OF_THEM.match(self._low, end):
            return Subject.ALL_FIRMS
        inside = self._within(start, noun_end)
        if inside and counts:
            return self._joined(inside)
        first = self._page.doc.sentences[max(0, sentence - _LOOK_BACK)].start
        for since in (clause.start, span.start):
            if before := self._within(since, start):
                return self._joined(before)
        if after := self._within(end, clause.end):
            return self._joined(after[:1])
        earlier = [found for found in self._within(first, span.start) if found.value is not Subject.PART]
        return earlier[-1].value if earlier else Subject.LIFE_HEALTH

    def _is_part(self, start: int, noun_end: int, clause: Span) -> bool:
        """Whether the number's own phrase says that only some of the firms are counted."""
        words = any_word(load_rules().claims.words.part)
        before = self._low[max(clause.start, start - _BESIDE) : start]
        phrase = _PHRASE_START.split(before)[-1]
        return words.search(phrase) is not None or words.search(self._low[start:noun_end]) is not None

    @cached_property
    def _starts(self) -> list[int]:
        return [found.start for found in self._found]

    def _within(self, start: int, end: int) -> list[Found[Subject]]:
        return self._found[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _joined(self, found: list[Found[Subject]]) -> Subject:
        """The last of them; two different ones with no more than an "and" between are a part of their own."""
        last = found[-1]
        for before in found[-2:-1]:
            between = self._low[before.end : last.start].strip()
            joins = between in load_rules().claims.words.joint or between in ("企业和", "企业、", "产业和", "产业、")
            if joins and before.value is not last.value:
                return Subject.PART
        return last.value
