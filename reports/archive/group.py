"""Arranges claims by the question they answer, tells a repeated one once, and finds where two contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from reports.archive.model import Compared, NotCountable
from reports.claim import Measure, Relation, Scope, Subject

_SAME_TIME = timedelta(days=31)  # figures of days as near as this are of one time
_OVER = Decimal("1.1")  # 超过3500家 may be 3,850, but nobody would say so of 4,000
_ABOUT = Decimal("0.05")
_MOST_COMPARED = 200  # figures of one matter, each with each
_COUNTS = (Measure.FIRM_COUNT, Measure.NEW_FIRM_COUNT)


class Topic(StrEnum):
    """The questions of the page, in telling order; the closed list. The other measures are questions of their own."""

    FIRMS = "firms"
    NEW_FIRMS = "new_firms"
    SUB_SECTOR = "sub_sector"
    PLACES = "places"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Said:
    """What is claimed once or by several pages: the newest of them, and how many more said so, since when."""

    newest: Compared
    more: int
    first_on: date


@dataclass(frozen=True, slots=True)
class Clash:
    """Two claims that cannot both be right. `falls`: the later one is the smaller; else they are of one time."""

    earlier: Compared
    later: Compared
    falls: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Claims that answer one question, the newest of what they are about first. `name` is a Topic or a Measure."""

    name: str
    subject: Subject
    said: tuple[Said, ...]
    clashes: tuple[Clash, ...]


def questions(compared: Iterable[Compared]) -> tuple[Question, ...]:
    """Every claim under its question, in telling order."""
    asked: dict[tuple[str, Subject], list[Compared]] = {}
    for one in compared:
        asked.setdefault(_question(one), []).append(one)
    order = [*Topic, *Measure]
    subjects = list(Subject)
    return tuple(
        Question(name, subject, _said(some), _clashes(some))
        for (name, subject), some in sorted(
            asked.items(), key=lambda item: (order.index(item[0][0]), subjects.index(item[0][1]))
        )
    )


def _question(one: Compared) -> tuple[str, Subject]:
    measure = one.claim.measure
    if measure not in _COUNTS:
        return measure, Subject.LIFE_HEALTH
    if one.ours in (NotCountable.ALL_FIRMS, NotCountable.PART, NotCountable.UNSTATED, NotCountable.GROWTH):
        return Topic.OTHERS, Subject.LIFE_HEALTH
    if one.claim.scope is not Scope.DISTRICT:
        return Topic.PLACES, Subject.LIFE_HEALTH
    if one.claim.subject is not Subject.LIFE_HEALTH:
        return Topic.SUB_SECTOR, one.claim.subject
    return (Topic.NEW_FIRMS if measure is Measure.NEW_FIRM_COUNT else Topic.FIRMS), Subject.LIFE_HEALTH


def _said(some: Sequence[Compared]) -> tuple[Said, ...]:
    alike: dict[object, list[Compared]] = {}
    for one in some:
        alike.setdefault((*_matter(one), _figure(one)), []).append(one)
    said = [
        Said(max(group, key=_newest), len(group) - 1, min(one.told_on for one in group)) for group in alike.values()
    ]
    return tuple(sorted(said, key=lambda one: (_day(one.newest), _newest(one.newest)), reverse=True))


def _matter(one: Compared) -> tuple[object, ...]:
    """What two claims must share to speak of the same."""
    return one.claim.measure, one.claim.subject, one.claim.where


def _figure(one: Compared) -> tuple[object, ...]:
    claim = one.claim
    stated = claim.quote if claim.value is None else claim.value
    return stated, claim.unit, claim.relation, claim.is_target, claim.year, one.since, one.until


def _day(one: Compared) -> date:
    return one.about or date.max  # an aim without a year is still ahead


def _newest(one: Compared) -> tuple[date, str]:
    return one.told_on, one.claim.claim_id


# ------------------------------------------------------------------------------------------------- contradictions


def _clashes(some: Sequence[Compared]) -> tuple[Clash, ...]:
    """The pairs that cannot both be right, the newest first; each figure only once."""
    by_matter: dict[object, list[Compared]] = {}
    for said in _said([one for one in some if _is_a_count_at_a_day(one)]):
        by_matter.setdefault(_matter(said.newest), []).append(said.newest)
    found = []
    for group in by_matter.values():
        ordered = sorted(group, key=lambda one: (_day(one), one.claim.claim_id))[-_MOST_COMPARED:]
        for earlier, later in combinations(ordered, 2):
            clash = _clash(earlier, later)
            if clash is not None:
                found.append(clash)
    return tuple(sorted(found, key=lambda one: (_day(one.later), _day(one.earlier)), reverse=True))


def _is_a_count_at_a_day(one: Compared) -> bool:
    claim = one.claim
    return (
        claim.measure in (Measure.FIRM_COUNT, Measure.AREA, Measure.TAX_SHARE, Measure.OUTPUT)
        and not claim.is_target
        and claim.value is not None
        and claim.relation is not Relation.GROWTH
        and one.claim.scope is not Scope.UNSTATED
        and one.claim.subject is not Subject.PART
        and claim.unit != "percentage_points"
    )


def _clash(earlier: Compared, later: Compared) -> Clash | None:
    if earlier.claim.unit != later.claim.unit or earlier.about is None or later.about is None:
        return None
    if (earlier.url, earlier.claim.quote) == (later.url, later.claim.quote):  # one sentence tells how it grew
        return None
    if earlier.since != later.since:  # half a year's output is no rival of the whole year's
        return None
    (low, high), (from_, to) = _bounds(earlier), _bounds(later)
    if later.about - earlier.about <= _SAME_TIME:
        return Clash(earlier, later, falls=False) if to < low or from_ > high else None
    # Firms may become fewer, and output may fall: what is told as a success story never says so.
    return Clash(earlier, later, falls=True) if earlier.claim.measure is Measure.FIRM_COUNT and to < low else None


def _bounds(one: Compared) -> tuple[Decimal, Decimal]:
    """Between which numbers a figure may be meant."""
    value, relation = one.claim.value or Decimal(0), one.claim.relation
    if relation is Relation.ABOUT:
        return value * (1 - _ABOUT), value * (1 + _ABOUT)
    if relation in (Relation.OVER, Relation.AT_LEAST):
        return value, value * _OVER
    return value, value
