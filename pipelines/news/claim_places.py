"""Where a figure counts: in the whole district, in a street or town, in one park, or where the page does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pipelines.news.document import Span
from pipelines.news.model import PlaceMention, Scope
from pipelines.news.page import Page
from pipelines.news.places import Whose
from pipelines.news.rules import load_rules
from pipelines.news.terms import any_word

_DISTRICT: Final = "putuo"
_LOOK_BACK: Final = 3  # sentences for which a page still speaks of the place it named last
_REACH_EN: Final = 60  # characters behind an English number in which "in the park" stands
_MEANS: Final = 14
_ALONG: Final = ("、", "和", "与", "及")
_IN = re.compile(r"\b(?:in|at|within|across|of|to) (?:the )?$")
_EXAMPLE = re.compile(r"(?:、[^,。;]{0,40})?等(?!地)|,? among others")
_ADJACENT = re.compile(r"(?:的|·|,|境内的?| in| in the|'s|’s|s')?\s?")
_TOGETHER = re.compile(r"(?:、|和|与|及|以及|,? and(?: the)?|,)\s?")
_NARROWER: Final = (Scope.DISTRICT, Scope.TOWN, Scope.PLACE, Scope.PARK)


class Where(NamedTuple):
    """Where a figure counts; `place` is an id in the gazetteer, "" for the district and a place without one."""

    scope: Scope
    place: str = ""
    zh: str = ""
    en: str = ""


class _At(NamedTuple):
    start: int
    end: int
    where: Where


class ClaimPlaces:
    """Says of a page's figures where each counts. `unknown` are the parks that the gazetteer does not know."""

    def __init__(self, page: Page, unknown: Iterable[PlaceMention]) -> None:
        self._page = page
        self._low = page.doc.low
        self._unknown = [
            _At(*page.doc.folded(park.start, park.end), Where(Scope.PLACE, "", park.zh, park.en))
            for park in unknown
            if not park.id
        ]

    def of(self, sentence: int, clause: Span, start: int, end: int) -> Where:
        """Where the figure at `start` to `end` counts."""
        span = self._page.doc.sentences[sentence]
        for found in self._named(end, min(clause.end, end + _REACH_EN)):
            # English says the place behind: 75 firms in Taopu Smart City. Where a place stands before, that counts.
            if _IN.search(self._low[end : found.start]) and not self._named(clause.start, start):
                return found.where
        runs = self._runs(clause.start, start)
        if runs:
            return self._together(runs, len(runs) - 1)
        for earlier in reversed([one for one in self._page.doc.clauses(span) if one.end <= clause.start]):
            if (topic := self._topic(earlier)) is not None:
                return topic
        for index in range(sentence - 1, max(-1, sentence - 1 - _LOOK_BACK), -1):
            before = self._page.doc.sentences[index]
            for one in self._page.doc.clauses(before):
                if (topic := self._topic(one)) is not None:
                    return topic
        return Where(Scope.UNSTATED)

    def _topic(self, clause: Span) -> Where | None:
        """The place that a clause speaks of: its first."""
        runs = self._runs(clause.start, clause.end)
        last = 0
        while last + 1 < len(runs) and self._joins(runs[last], runs[last + 1]):
            last += 1
        return self._together(runs, last) if runs else None

    def _runs(self, start: int, end: int) -> list[_At]:
        """The places between two places of the text, but means and examples; what stands in another is that one alone.

        普陀区桃浦智创城 and the Hub in Putuo are the park.
        """
        runs: list[_At] = []
        for found in self._named(start, end):
            if self._is_means(found):
                continue
            if runs and _ADJACENT.fullmatch(self._low[runs[-1].end : found.start]):
                narrow = max((runs[-1].where, found.where), key=lambda where: _NARROWER.index(where.scope))
                runs[-1] = _At(runs[-1].start, found.end, narrow)
            else:
                runs.append(found)
        return runs

    def _together(self, runs: list[_At], last: int) -> Where:
        """The place of a run; of several parks or towns that are counted together, none of them."""
        if last > 0 and runs[last].where.scope is not Scope.DISTRICT and self._joins(runs[last - 1], runs[last]):
            return Where(Scope.PLACE)
        return runs[last].where

    def _joins(self, one: _At, other: _At) -> bool:
        return _TOGETHER.fullmatch(self._low[one.end : other.start]) is not None

    def _is_means(self, found: _At) -> bool:
        """Whether a place is only a means or an example of what is told: 依托桃浦智创城, 中以创新园等载体."""
        if _EXAMPLE.match(self._low, found.end):
            return True
        words = load_rules().claims.words
        before = any_word(words.not_means).sub("", self._low[max(0, found.start - _MEANS) : found.start])
        for match in any_word(words.means).finditer(before):
            rest = before[match.end() :]
            # 以, 如 and 沿 are parts of many words: only right before a place, or before the one it is told with.
            near = len(match[0]) > 1 or not rest or rest.endswith(_ALONG)
            if near and re.search("[,。;:!?]", rest) is None:
                return True
        return False

    def _named(self, start: int, end: int) -> list[_At]:
        """The places of ours, and the words for the district or a park, that stand between two places of the text."""
        found = [*self._known(start, end), *(park for park in self._unknown if start <= park.start < end)]
        taken = [(one.start, one.end) for one in found]
        for scope, words in self._words():
            for match in any_word(words).finditer(self._low, start, end):
                if not any(first < match.end() and match.start() < last for first, last in taken):
                    found.append(_At(match.start(), match.end(), self._of_words(scope, match.start())))
        return sorted(found, key=lambda one: one.start)

    @staticmethod
    def _words() -> Iterator[tuple[Scope, tuple[str, ...]]]:
        words = load_rules().claims.words
        yield Scope.DISTRICT, words.whole_district
        yield Scope.PLACE, words.some_park

    def _of_words(self, scope: Scope, at: int) -> Where:
        """The park that "the park" means, if the sentences before name one."""
        if scope is Scope.DISTRICT:
            return Where(Scope.DISTRICT)
        park = self._page.park_before(self._page.doc.sentence_at(at), at)
        return Where(Scope.PLACE) if park is None else _where(park.place.id, park.place.zh, park.place.en, park=True)

    def _known(self, start: int, end: int) -> Iterator[_At]:
        for named in self._page.within(start, end):
            place = named.place
            if place.whose is Whose.OURS:
                yield _At(named.start, named.end, _where(place.id, place.zh, place.en, park=place.park))


def _where(place: str, zh: str, en: str, *, park: bool) -> Where:
    if place == _DISTRICT:
        return Where(Scope.DISTRICT)
    return Where(Scope.PARK if park else Scope.TOWN if place.isdigit() else Scope.PLACE, place, zh, en)
