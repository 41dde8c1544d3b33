"""One page with all that was found in it, as statements, claims and attribution look at it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from pipelines.news.document import Document, Span
from pipelines.news.places import Named, Whose

# So many sentences on, a page still speaks of the place it named last.
_SETTING_HOLDS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A folded page, its places in order, and the day it was published."""

    doc: Document
    places: tuple[Named, ...]
    published_on: date | None
    _starts: tuple[int, ...] = field(init=False)  # of the places

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(named.start for named in self.places))

    def within(self, start: int, end: int) -> list[Named]:
        """The places named between two places of the text, names of organisations left out."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [named for named in self.places[first:last] if not named.in_name]

    def park_before(self, sentence: int, at: int) -> Named | None:
        """The park that "the park" means: the last one named, in a sentence that names places of ours alone."""
        spans = self.doc.sentences
        for index in range(sentence, max(-1, sentence - 1 - _SETTING_HOLDS), -1):
            places = self.within(spans[index].start, min(at, spans[index].end))
            if places:
                parks = [named for named in places if named.place.park]
                return parks[-1] if parks and all(named.place.whose is Whose.OURS for named in places) else None
        return None

    def is_set_in_putuo(self, sentence: int, *, behind: bool = False) -> bool:
        """Whether the last place named in the few sentences before is ours; or the next `behind`, where none was."""
        spans = self.doc.sentences
        for index in range(sentence - 1, max(-1, sentence - 1 - _SETTING_HOLDS), -1):
            places = self.within(*spans[index])
            if places:
                return _are_ours(places)
        next_places = self.within(*spans[sentence + 1]) if behind and sentence + 1 < len(spans) else []
        return _are_ours(next_places)


def _are_ours(places: Iterable[Named]) -> bool:
    """Whether places are ours, beside countries from which somebody comes."""
    whose = {named.place.whose for named in places}
    return Whose.OURS in whose and whose <= {Whose.OURS, Whose.ABROAD}


def clause_of(clauses: Iterable[Span], at: int) -> Span:
    """The clause that holds a place of its sentence."""
    last = Span(at, at)
    for clause in clauses:
        if clause.start > at:
            break
        last = clause
    return last


def trimmed(low: str, span: Span) -> tuple[int, int]:
    """A sentence without the blanks around it."""
    text = low[span.start : span.end]
    return span.start + len(text) - len(text.lstrip()), span.end - len(text) + len(text.rstrip())
