"""Figures of the district, a park or the industry: how many firms, how much output and tax, and what is aimed at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from pipelines.news.amounts import find_areas, find_money, whole
from pipelines.news.claim_owners import is_done_for, is_of_one_firm
from pipelines.news.claim_periods import Period, period_of
from pipelines.news.claim_places import ClaimPlaces
from pipelines.news.claim_subjects import Subjects
from pipelines.news.claim_wider import is_wider
from pipelines.news.document import Span
from pipelines.news.model import Claim, Measure, PlaceMention, Relation
from pipelines.news.page import Page, clause_of, trimmed
from pipelines.news.places import Whose
from pipelines.news.rules import load_rules
from pipelines.news.terms import Found, Terms, any_word
from pipelines.news.years import year_of

_MOST_CLAIMS: Final = 100
_FEWEST_FIRMS: Final = 10  # fewer are the firms of one event

_NUMBER = r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+|(?<![0-9.,])[0-9]{1,7}(?![0-9,]*[0-9])"
_FIRMS_ZH = re.compile(rf"(?P<n>{_NUMBER})(?P<s>万)?(?P<more>[余多+])?(?:家|户)")
_FIRMS_EN = re.compile(
    rf"(?P<n>{_NUMBER}) ?(?P<more>\+)?(?P<noun>(?: (?!yuan|million|billion|percent|square)[a-z&’'-]+){{0,6}}?"
    r" (?:firms|companies|enterprises|businesses))"
)
# A number whose noun stands further before: from 2,665 to 2,914; the number is expected to reach 200 by 2026.
_FIRMS_BEFORE_EN = re.compile(
    rf"\b(?:from|to) (?P<n>{_NUMBER})(?! ?(?:yuan|million|billion|percent|%|square|[a-z]* 20))\b"
    rf"|\b(?:reach|reaching|hit|exceed|exceeding|surpass|surpassing|top|have) (?P<n2>{_NUMBER})"
    r"(?=[,.;]|$| by (?:the end of )?20| in 20| within )"
)
_PERCENT = re.compile(
    r"(?<![0-9.])(?P<n>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?(?P<u>%|percentage points?|percent\b|per cent\b|个百分点)"
)
_DIGIT = re.compile("[0-9]")
_PHRASE_END = re.compile(r"[,、。;:]")
_COUNTED_END = re.compile(r"[,、。;:]|增|提|上升|扩")
_BEFORE_ZH, _BEFORE_EN = 8, 24
_BEFORE_NOUN = 90  # characters before an English number in which its noun may stand
_NEAR = 16  # characters before a number in which 不到 and less than speak of it
_CHANGE_AHEAD = re.compile(r"(?:了|约|近|超过?|逾|about|nearly|more than| )*$")
# A clause that goes on with the count before it: 企业75家,到2028年力争达到200家; 全国…3万家,普陀区有300家.
_GOES_ON = re.compile(r"[^,]{0,16}(?:达到?|增至|增加到|提高到|扩大到|超过|突破|有|占|集聚)(?:了|约|近|超过?|逾)*$")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number with a measure, before it is a claim."""

    measure: Measure
    value: Decimal
    unit: str
    relation: Relation
    start: int
    end: int


@cache
def _measures() -> Terms[Measure]:
    return Terms({word: measure for measure, words in load_rules().claims.measures.items() for word in words})


def find_claims(
    page: Page, health: Sequence[Found[float]], unknown_parks: Iterable[PlaceMention] = ()
) -> tuple[Claim, ...]:
    """The figures a page states of Putuo's life-health, in order. A figure of one firm is none."""
    speaking = {page.doc.sentence_at(found.start) for found in health}
    subjects, places = Subjects(page, health), ClaimPlaces(page, unknown_parks)
    claims: list[Claim] = []
    for index, span in enumerate(page.doc.sentences):
        # The number's sentence or the one before says that it is of life-health.
        told = index in speaking or index - 1 in speaking
        if told and _DIGIT.search(page.doc.low, *span) and _is_ours(page, index, span):
            claims.extend(_claims_in(page, index, subjects, places))
        if len(claims) >= _MOST_CLAIMS:
            break
    return tuple(dict.fromkeys(claims[:_MOST_CLAIMS]))


def _is_ours(page: Page, index: int, span: Span) -> bool:
    if _holds(load_rules().claims.words.several, page.doc.low[span.start : span.end]):
        return False
    places = page.within(*span)
    if places:
        return places[0].place.whose is Whose.OURS
    return page.is_set_in_putuo(index) or _holds(load_rules().claims.words.ours, page.doc.low[span.start : span.end])


def _claims_in(page: Page, index: int, subjects: Subjects, places: ClaimPlaces) -> Iterator[Claim]:
    low, span = page.doc.low, page.doc.sentences[index]
    clauses = page.doc.clauses(span)
    figures = sorted({*_firms(low, span, clauses), *_money(low, span, clauses)}, key=lambda figure: figure.start)
    figures += [*_areas(low, span, clauses), *_percents(low, span)]
    start, end = page.doc.original(*trimmed(low, span))
    for figure in figures:
        clause = clause_of(clauses, figure.start)
        if is_wider(page, span, clause, figure.start) or _is_no_total(low, clause, figure):
            continue
        year, target = year_of(low, span, clause, figure.start, page.published_on)
        when = (
            Period()
            if target
            else period_of(low, Span(span.start, clause.end), figure.start, figure.measure, page.published_on)
        )
        where = places.of(index, clause, figure.start, figure.end)
        yield Claim(
            measure=figure.measure, value=figure.value, unit=figure.unit, relation=figure.relation,
            is_target=target, year=year, since=when.since, until=when.until,
            subject=subjects.of(figure.measure, index, clause, figure.start, figure.end),
            scope=where.scope, place=where.place, place_zh=where.zh, place_en=where.en, start=start, end=end,
        )  # fmt: skip


@cache
def _bounds() -> re.Pattern[str]:
    words = load_rules().claims.words
    return any_word((*words.under, *words.at_least))


def _is_no_total(low: str, clause: Span, figure: _Figure) -> bool:
    """Whether the words beside a number say less than it, a difference only, or what was done to so many firms."""
    words = load_rules().claims.words
    before, behind = low[clause.start : figure.start], low[figure.end : figure.end + 3]
    bounds = [*_bounds().finditer(before[-_NEAR:])]
    if bounds and bounds[-1][0] in words.under and bounds[-1][0] not in words.at_least:
        return True
    if behind.startswith(("以下", "以内")):
        return True
    changed = figure.relation is not Relation.GROWTH and _CHANGE_AHEAD.sub("", before).endswith(words.change)
    counts = figure.measure in (Measure.FIRM_COUNT, Measure.NEW_FIRM_COUNT)
    if counts and is_done_for(low, clause, figure.start, figure.end):
        return True
    return changed or (counts and _holds(words.acts, low[clause.start : clause.end]))


# --------------------------------------------------------------------------------------------------------- firms


def _firms(low: str, span: Span, clauses: list[Span]) -> Iterator[_Figure]:
    words = load_rules().claims.words
    last_clause: Span | None = None  # the clause of the last number of firms
    for match in _firm_numbers(low, span):
        groups = match.groupdict()
        clause = clause_of(clauses, match.start())
        start = match.start("n") if groups["n"] else match.start("n2")
        value = whole(Decimal((groups["n"] or groups["n2"]).replace(",", "")).scaleb(4 if groups.get("s") else 0))
        before, after = low[clause.start : match.start()], low[match.end() : min(span.end, match.end() + 16)]
        if match.re is _FIRMS_BEFORE_EN and not _holds(words.firms, low[max(span.start, start - _BEFORE_NOUN) : start]):
            continue
        if match.re is _FIRMS_ZH and not _counts_firms(before, after):
            # 75家, 到2028年力争达到200家: what is counted is that of the clause before.
            goes_on = last_clause is not None and last_clause.end == clause.start and _goes_on(before, after)
            if not goes_on:
                continue
        if value < _FEWEST_FIRMS or _holds(words.never, before):
            continue
        last_clause = clause
        phrase = before[-30:] + (groups.get("noun") or "") + _PHRASE_END.split(after, 1)[0]
        new = _holds(words.new, any_word(words.not_new).sub("", phrase))
        relation = Relation.OVER if groups.get("more") else _relation(low, span, start)
        if after.startswith("以上"):
            relation = Relation.AT_LEAST
        measure = Measure.NEW_FIRM_COUNT if new else Measure.FIRM_COUNT
        yield _Figure(measure, value, "firms", relation, start, match.end())


def _firm_numbers(low: str, span: Span) -> Iterator[re.Match[str]]:
    taken = set()
    for match in (*_FIRMS_ZH.finditer(low, *span), *_FIRMS_EN.finditer(low, *span)):
        taken.add(match.start("n"))
        yield match
    for match in _FIRMS_BEFORE_EN.finditer(low, *span):
        if match.start("n" if match["n"] else "n2") not in taken:
            yield match


def _goes_on(before: str, after: str) -> bool:
    """Whether a clause counts on what the one before it counted, and names nothing else behind the number."""
    rest = _PHRASE_END.split(after, 1)[0].rstrip(".!?”)\n")
    return rest in ("", "以上", "左右") and _GOES_ON.fullmatch(before) is not None


def _counts_firms(before: str, after: str) -> bool:
    """Whether 家 counts firms: the noun stands behind it, or before it where nothing is counted behind."""
    words = load_rules().claims.words.firms
    counted = _COUNTED_END.split(after, 1)[0]
    if _holds(words, counted):
        return True
    return counted.rstrip(".!?”)\n") in ("", "以上", "左右") and _holds(words, before[-24:])


# ---------------------------------------------------------------------------------------- money, areas, percentages


def _money(low: str, span: Span, clauses: list[Span]) -> Iterator[_Figure]:
    for amount in find_money(low, *span):
        clause = clause_of(clauses, amount.start)
        measure = _measure_near(low, span, clause, amount.start, amount.end)
        if measure is None or measure in (Measure.AREA, Measure.TAX_SHARE) or is_of_one_firm(low, span, clause):
            continue
        relation = Relation.OVER if amount.more else _relation(low, span, amount.start)
        yield _Figure(measure, amount.value, amount.unit, relation, amount.start, amount.end)


def _areas(low: str, span: Span, clauses: list[Span]) -> Iterator[_Figure]:
    for amount in find_areas(low, *span):
        clause = clause_of(clauses, amount.start)
        around = low[max(clause.start, amount.start - 24) : min(span.end, amount.end + 16)]
        if _holds(load_rules().claims.measures[Measure.AREA], around) and not is_of_one_firm(low, span, clause):
            relation = _relation(low, span, amount.start)
            yield _Figure(Measure.AREA, amount.value, amount.unit, relation, amount.start, amount.end)


def _measure_near(low: str, span: Span, clause: Span, start: int, end: int) -> Measure | None:
    """What an amount measures: the nearest word before it in its sentence's last two clauses, or right behind it."""
    before = _measures().find(low[max(span.start, clause.start - 40) : start])
    if before:
        return before[-1].value
    behind = _measures().find(low[end : min(clause.end, end + 24)])
    return behind[0].value if behind else None


def _percents(low: str, span: Span) -> Iterator[_Figure]:
    found = [figure for match in _PERCENT.finditer(low, *span) if (figure := _percent(low, span, match)) is not None]
    shares = {figure.measure for figure in found if figure.unit == "percent"}
    # A step (一年提高一个百分点) that leads to a share named beside it is part of that one claim.
    return (figure for figure in found if figure.unit == "percent" or figure.measure not in shares)


def _percent(low: str, span: Span, match: re.Match[str]) -> _Figure | None:
    words = load_rules().claims.words
    value, start = Decimal(match["n"]), match.start()
    unit = "percentage_points" if "point" in match["u"] or "百分点" in match["u"] else "percent"
    text = low[span.start : span.end]
    reach = _BEFORE_EN if _is_english(text) else _BEFORE_ZH
    before, behind = low[max(span.start, start - reach) : start], low[match.end() : match.end() + 24]
    grows = _holds(words.growth, before) or (_is_english(text) and _holds(words.growth, behind))
    if unit == "percent" and grows:
        measured = [found for found in _measures().find(low[span.start : start]) if found.value is not Measure.AREA]
        if not measured:
            return None
        measure = Measure.TAX if measured[-1].value is Measure.TAX_SHARE else measured[-1].value
        return _Figure(measure, value, unit, Relation.GROWTH, start, match.end())
    shares = load_rules().claims.measures[Measure.TAX_SHARE]
    if not _holds(shares, text) and not re.search(r"占[^,。]{0,12}税收", text):
        return None
    return _Figure(Measure.TAX_SHARE, value, unit, _relation(low, span, start), start, match.end())


# --------------------------------------------------------------------------------------------------------- words


def _relation(low: str, span: Span, start: int) -> Relation:
    """How the words right before (or 余 and 以上 right behind) a number relate it to the truth."""
    words = load_rules().claims.words
    reach = _BEFORE_EN if low[start - 1 : start] == " " else _BEFORE_ZH
    before = any_word(words.not_about).sub("", low[max(span.start, start - reach) : start])
    choices = ((Relation.AT_LEAST, words.at_least), (Relation.OVER, words.over), (Relation.ABOUT, words.about))
    near = [(place, relation) for relation, some in choices if (place := _last(some, before)) >= 0]
    return max(near)[1] if near else Relation.EXACTLY


def _last(words: tuple[str, ...], text: str) -> int:
    """Where the last of these words ends; -1 if there is none."""
    return max((match.end() for match in any_word(words).finditer(text)), default=-1)


def _holds(words: tuple[str, ...], text: str) -> bool:
    return any_word(words).search(text) is not None


def _is_english(text: str) -> bool:
    return text.isascii() or sum(map(str.isascii, text)) * 2 > len(text)
