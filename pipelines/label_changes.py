"""What a change of rules does to labels: what differs between two labels of a firm, and what to look at first."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Difference(StrEnum):
    """The weightiest thing in which two labels of a firm differ, weightiest first."""

    GRADE = "grade"
    SUB_SECTOR = "sub-sector"
    SECONDARY = "secondary"
    SCORE = "score"
    WORDS = "words"


_WEIGHT = {difference: place for place, difference in enumerate(Difference)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A label as the database holds it; `secondary` is joined by |, `words` are the evidence."""

    grade: str
    sub_sector: str
    secondary: str
    score: float
    words: str

    def differs(self, other: Judgement) -> Difference | None:
        """In what two labels differ; None for the same label.

        Where no word speaks the score is one figure for all firms. It moves with every learning, and says nothing new.
        """
        if not (self.words or other.words) and self.grade == other.grade:
            return None
        pairs = {
            Difference.GRADE: (self.grade, other.grade),
            Difference.SUB_SECTOR: (self.sub_sector, other.sub_sector),
            Difference.SECONDARY: (self.secondary, other.secondary),
            Difference.SCORE: (self.score, other.score),
            Difference.WORDS: (self.words, other.words),
        }
        return next((difference for difference, (one, two) in pairs.items() if one != two), None)


@dataclass(frozen=True, slots=True)
class Change:
    """A firm that is labelled otherwise than before."""

    uscc: str
    name: str
    is_in_putuo: bool
    difference: Difference
    before: Judgement
    after: Judgement


@dataclass(frozen=True, slots=True)
class Stays:
    """A firm that a person decided on, and what the rules would say of it."""

    uscc: str
    name: str
    grade: str
    sub_sector: str
    why: str
    rules: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs over all firms: counts, in Putuo and everywhere, and the first changes to look at."""

    counts: Counter[Difference]
    in_putuo: Counter[Difference]
    shown: tuple[Change, ...]


def gather(changes: Iterable[Change], limit: int, keep: Callable[[Change], None]) -> Changes:
    """Counts the changes, hands each to `keep`, and holds the first `limit` (1 or more) of them.

    First come those in Putuo, of these the weightiest difference, of these what makes a core firm or unmakes one.
    """
    counts: Counter[Difference] = Counter()
    in_putuo: Counter[Difference] = Counter()

    def counted(change: Change) -> Change:
        counts[change.difference] += 1
        if change.is_in_putuo:
            in_putuo[change.difference] += 1
        keep(change)
        return change

    shown = heapq.nsmallest(limit, map(counted, changes), key=_order)
    return Changes(counts=counts, in_putuo=in_putuo, shown=tuple(shown))


def _order(change: Change) -> tuple[bool, int, bool, str]:
    is_of_core = "core" in (change.before.grade, change.after.grade)
    return not change.is_in_putuo, _WEIGHT[change.difference], not is_of_core, change.uscc
