"""Figures of the district, a park or the industry: how many firms, how much output and tax, and what is aimed at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipelines.news.claim_figures import NUMBER_SAID, find_figures, is_no_total
from pipelines.news.claim_firms import FirmsSpokenOf
from pipelines.news.claim_owners import is_house
from pipelines.news.claim_periods import Period, period_of
from pipelines.news.claim_places import ClaimPlaces
from pipelines.news.claim_subjects import Subjects
from pipelines.news.claim_wider import is_wider
from pipelines.news.document import Span
from pipelines.news.model import Claim, Measure, PlaceMention, Statement
from pipelines.news.page import Page, clause_of, trimmed
from pipelines.news.places import Whose
from pipelines.news.rules import load_rules
from pipelines.news.terms import Found, any_word
from pipelines.news.years import built_by, year_of

_MOST_CLAIMS: Final = 100
_TIME = re.compile(r"年|月|季|目前|现|此前|以来|\b(?:20[0-9]{2}|year|now|currently)\b")
# A sentence that goes on about what the one before it was about.
_SAME_OWNER = re.compile(
    r"\s*(?:(?:目前|去年|今年|此外|同时|未来|,)*(?:其(?!中|他|它)|园区|该园|全区|我区|该区)"
    r"|(?:its|it|the (?:hub|park|district|base))\b)"
)


def find_claims(
    page: Page,
    health: Sequence[Found[float]],
    unknown_parks: Iterable[PlaceMention] = (),
    statements: tuple[Statement, ...] = (),
) -> tuple[Claim, ...]:
    """The figures a page states of Putuo's life-health, in order. A figure of one firm is none.

    `statements`: the events that the page states, whose firms it speaks of.
    """
    speaking = {page.doc.sentence_at(found.start) for found in health}
    subjects, places = Subjects(page, health), ClaimPlaces(page, unknown_parks)
    firms = FirmsSpokenOf(page, statements)
    claims: list[Claim] = []
    claimed = -1  # the last sentence that states one
    for index, span in enumerate(page.doc.sentences):
        # The number's sentence or the one before says that it is of life-health, or it goes on with a figure of that.
        goes_on = claimed == index - 1 >= 0 and _goes_on_with(page, span)
        told = index in speaking or index - 1 in speaking or goes_on
        if told and NUMBER_SAID.search(page.doc.low, *span) and _is_ours(page, index, span, goes_on=goes_on):
            found = list(_claims_in(page, index, subjects, places, firms))
            claims.extend(found)
            claimed = index if found else claimed
        if len(claims) >= _MOST_CLAIMS:
            break
    return tuple(dict.fromkeys(claims[:_MOST_CLAIMS]))


def _goes_on_with(page: Page, span: Span) -> bool:
    return _SAME_OWNER.match(page.doc.low, *span) is not None


def _is_ours(page: Page, index: int, span: Span, *, goes_on: bool) -> bool:
    if _holds(load_rules().claims.words.several, page.doc.low[span.start : span.end]):
        return False
    places = page.within(*span)
    if places:
        return places[0].place.whose is Whose.OURS
    return (
        goes_on
        or page.is_set_in_putuo(index)
        or _holds(load_rules().claims.words.ours, page.doc.low[span.start : span.end])
    )


def _claims_in(
    page: Page, index: int, subjects: Subjects, places: ClaimPlaces, firms: FirmsSpokenOf
) -> Iterator[Claim]:
    low, span = page.doc.low, page.doc.sentences[index]
    clauses = page.doc.clauses(span)
    start, end = page.doc.original(*trimmed(low, span))
    for figure in find_figures(low, span, clauses):
        clause = clause_of(clauses, figure.start)
        if is_wider(page, span, clause, figure.start) or is_no_total(low, clause, figure):
            continue
        where = places.of(index, clause, figure.start, figure.end)
        if is_house(where.zh) or firms.owns(index, clause, figure.start):
            continue
        said = Span(_since_semicolon(page, index), span.end)
        year, target = year_of(low, said, clause, figure.start, page.published_on)
        if figure.measure is Measure.AREA and (built := built_by(low, clause, span)) is not None:
            year, target = built, True
        when = (
            Period()
            if target
            else period_of(low, Span(said.start, clause.end), figure.start, figure.measure, page.published_on)
        )
        yield Claim(
            measure=figure.measure, value=figure.value, unit=figure.unit, relation=figure.relation,
            is_target=target, year=year, since=when.since, until=when.until,
            subject=subjects.of(figure.measure, index, clause, figure.start, figure.end),
            scope=where.scope, place=where.place, place_zh=where.zh, place_en=where.en, start=start, end=end,
        )  # fmt: skip


def _since_semicolon(page: Page, index: int) -> int:
    """Where the time is told that a sentence speaks of; one behind a semicolon that tells none goes on with it."""
    low, span = page.doc.low, page.doc.sentences[index]
    if index > 0 and low.endswith(";", 0, span.start) and _TIME.search(low, *span) is None:
        return page.doc.sentences[index - 1].start
    return span.start


def _holds(words: tuple[str, ...], text: str) -> bool:
    return any_word(words).search(text) is not None
