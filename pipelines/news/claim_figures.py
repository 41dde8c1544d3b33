"""The numbers of a sentence that have a measure: how many firms, how much output and tax, how much room, what share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from pipelines.news.amounts import find_areas, find_money, whole
from pipelines.news.claim_owners import is_done_for, is_of_one_firm
from pipelines.news.document import Span
from pipelines.news.model import Measure, Relation
from pipelines.news.page import clause_of
from pipelines.news.rules import load_rules
from pipelines.news.terms import Terms, any_word

_FEWEST_FIRMS: Final = 10  # fewer are the firms of one event

_NUMBER = r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+|(?<![0-9.,])[0-9]{1,7}(?![0-9,]*[0-9])"
_FIRMS_ZH = re.compile(rf"(?P<n>{_NUMBER})(?P<s>万)?(?P<more>[余多+])?(?:家|户)")
_FIRMS_EN = re.compile(
    rf"(?P<n>{_NUMBER}) ?(?P<more>\+)?(?P<noun>(?: (?!yuan|million|billion|percent|square)[a-z&’'-]+){{0,6}}?"
    r" (?:firms|companies|enterprises|businesses))"
)
# Thirty-two companies; fewer in words are those of an event.
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ONES: Final = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FIRMS_IN_WORDS = re.compile(
    rf"\b(?P<tens>{'|'.join(_TENS)})(?:-(?P<ones>{'|'.join(_ONES[1:])}))?"
    r"(?P<noun>(?: [a-z&’'-]+){0,4}? (?:firms|companies|enterprises|businesses))\b"
)
NUMBER_SAID: Final = re.compile(rf"[0-9]|\b(?:{'|'.join(_TENS)})\b")
_MONTHS = "jan[a-z]*|feb[a-z]*|mar(?:ch)?|apr[a-z]*|may|june?|july?|aug[a-z]*|sept?[a-z]*|oct[a-z]*|nov[a-z]*|dec[a-z]*"
# A number whose noun stands further before: from 2,665 to 2,914; the number is expected to reach 200 by 2026.
_FIRMS_BEFORE_EN = re.compile(
    rf"\b(?:from|to) (?:(?:about|nearly|over|around|some|more than) )?(?!(?:19|20)[0-9]{{2}}\b)(?P<n>{_NUMBER})"
    rf"(?! ?(?:yuan|million|billion|percent|%|square|people|residents|{_MONTHS})\b)(?![.,][0-9])\b"
    rf"|\b(?:reach|reaching|hit|exceed|exceeding|surpass|surpassing|top|have) (?P<n2>{_NUMBER})"
    r"(?=[,.;]|$| by (?:the end of )?20| in 20| within )"
)
_PERCENT = re.compile(
    r"(?<![0-9.])(?P<n>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?(?P<u>%|percentage points?|percent\b|per cent\b|个百分点)"
)
_PHRASE_END = re.compile(r"[,、。;:]")
_COUNTED_END = re.compile(r"[,、。;:]|增|提|上升|扩")
_BEFORE_ZH, _BEFORE_EN = 8, 24
_NOUN_ZH, _NOUN_EN = 24, 56  # characters before an area in which its noun stands
_BEFORE_NOUN = 90  # characters before an English number in which its noun may stand
_NEAR = 16  # characters before a number in which 不到 and less than speak of it
_CHANGE_AHEAD = re.compile(r"(?:了|约|近|超过?|逾|about|nearly|more than| )*$")
_UP = re.compile(r", up (?:by |about |nearly |over |more than |some )?$")
_TOTAL = re.compile("总数|总量|数量")
_BESIDE = 12  # characters before a clause in which stands what 总数 counts
_SCALE: Final = ("规模", "总规模")
_FUND = re.compile("基金")
# A clause that goes on with the count before it: 企业75家,到2028年力争达到200家; 全国…3万家,普陀区有300家.
_GOES_ON = re.compile(
    r"[^,]{0,16}(?:新增|新引进|新落地|净增|达到?|增至|增加到|提高到|扩大到|超过|突破|有|占|集聚)(?:了|约|近|超过?|逾)*$"
)


@dataclass(frozen=True, slots=True)
class Figure:
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


@cache
def _bounds() -> re.Pattern[str]:
    words = load_rules().claims.words
    return any_word((*words.under, *words.at_least))


def find_figures(low: str, span: Span, clauses: list[Span]) -> list[Figure]:
    """The numbers of a sentence with what each measures, one firm's own amounts left out."""
    figures = sorted({*_firms(low, span, clauses), *_money(low, span, clauses)}, key=lambda figure: figure.start)
    return [*figures, *_areas(low, span, clauses), *_percents(low, span)]


def is_no_total(low: str, clause: Span, figure: Figure) -> bool:
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


def _firms(low: str, span: Span, clauses: list[Span]) -> Iterator[Figure]:
    words = load_rules().claims.words
    last_clause: Span | None = None  # the clause of the last number of firms
    for match in _firm_numbers(low, span):
        groups = match.groupdict()
        clause = clause_of(clauses, match.start())
        start, value = _number(match)
        before, after = low[clause.start : match.start()], low[match.end() : min(span.end, match.end() + 16)]
        if match.re is _FIRMS_BEFORE_EN and not _holds(words.firms, low[max(span.start, start - _BEFORE_NOUN) : start]):
            continue
        if match.re is _FIRMS_ZH and not _counts_firms(
            before, after, low[max(span.start, clause.start - _BESIDE) : clause.start]
        ):
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
        yield Figure(measure, value, "firms", relation, start, match.end())


def _firm_numbers(low: str, span: Span) -> Iterator[re.Match[str]]:
    taken = set()
    for match in (*_FIRMS_ZH.finditer(low, *span), *_FIRMS_EN.finditer(low, *span)):
        taken.add(match.start("n"))
        yield match
    yield from _FIRMS_IN_WORDS.finditer(low, *span)
    for match in _FIRMS_BEFORE_EN.finditer(low, *span):
        if match.start("n" if match["n"] else "n2") not in taken:
            yield match


def _number(match: re.Match[str]) -> tuple[int, Decimal]:
    """Where the number of firms begins, and what it is."""
    groups = match.groupdict()
    if groups.get("tens"):
        return match.start(), Decimal(_TENS[groups["tens"]] + _ONES.index(groups["ones"] or ""))
    name = "n" if groups["n"] else "n2"
    return match.start(name), whole(Decimal(groups[name].replace(",", "")).scaleb(4 if groups.get("s") else 0))


def _goes_on(before: str, after: str) -> bool:
    """Whether a clause counts on what the one before it counted, and names nothing else behind the number."""
    rest = _PHRASE_END.split(after, 1)[0].rstrip(".!?”)\n")
    return rest in ("", "以上", "左右") and _GOES_ON.fullmatch(before) is not None


def _counts_firms(before: str, after: str, ahead: str) -> bool:
    """Whether 家 counts firms: the noun stands behind it, or before it where nothing is counted behind."""
    words = load_rules().claims.words.firms
    counted = _COUNTED_END.split(after, 1)[0]
    if _holds(words, counted):
        return True
    if _TOTAL.search(before) is not None and _holds(words, ahead):
        return True  # 引进了甲、乙等企业,总数达到280家
    return counted.rstrip(".!?”)\n") in ("", "以上", "左右") and _holds(words, before[-24:])


# ---------------------------------------------------------------------------------------- money, areas, percentages


def _money(low: str, span: Span, clauses: list[Span]) -> Iterator[Figure]:
    for amount in find_money(low, *span):
        clause = clause_of(clauses, amount.start)
        measure = _measure_near(low, span, clause, amount.start, amount.end)
        if measure is None or measure in (Measure.AREA, Measure.TAX_SHARE) or is_of_one_firm(low, span, clause):
            continue
        relation = Relation.OVER if amount.more else _relation(low, span, amount.start)
        yield Figure(measure, amount.value, amount.unit, relation, amount.start, amount.end)


def _areas(low: str, span: Span, clauses: list[Span]) -> Iterator[Figure]:
    for amount in find_areas(low, *span):
        clause = clause_of(clauses, amount.start)
        reach = _NOUN_EN if low.endswith(" ", 0, amount.start) else _NOUN_ZH
        around = low[max(clause.start, amount.start - reach) : min(span.end, amount.end + 16)]
        if _holds(load_rules().claims.measures[Measure.AREA], around) and not is_of_one_firm(low, span, clause):
            relation = _relation(low, span, amount.start)
            yield Figure(Measure.AREA, amount.value, amount.unit, relation, amount.start, amount.end)


def _measure_near(low: str, span: Span, clause: Span, start: int, end: int) -> Measure | None:
    """What an amount measures: the nearest word before it in its sentence's last two clauses, or right behind it."""
    ahead = low[max(span.start, clause.start - 40) : start]
    before = _measures().find(ahead)
    if before:
        if _holds(load_rules().claims.words.other, ahead[before[-1].end :]):
            return None
        of_fund = ahead.endswith(_SCALE, 0, before[-1].end) and _FUND.search(low, clause.start, clause.end) is not None
        return Measure.FUNDING if of_fund else before[-1].value
    behind = _measures().find(low[end : min(clause.end, end + 24)])
    return behind[0].value if behind else None


def _percents(low: str, span: Span) -> Iterator[Figure]:
    found = [figure for match in _PERCENT.finditer(low, *span) if (figure := _percent(low, span, match)) is not None]
    shares = {figure.measure for figure in found if figure.unit == "percent"}
    # A step (一年提高一个百分点) that leads to a share named beside it is part of that one claim.
    return (figure for figure in found if figure.unit == "percent" or figure.measure not in shares)


def _percent(low: str, span: Span, match: re.Match[str]) -> Figure | None:
    words = load_rules().claims.words
    value, start = Decimal(match["n"]), match.start()
    unit = "percentage_points" if "point" in match["u"] or "百分点" in match["u"] else "percent"
    text = low[span.start : span.end]
    reach = _BEFORE_EN if _is_english(text) else _BEFORE_ZH
    before, behind = low[max(span.start, start - reach) : start], low[match.end() : match.end() + 24]
    grows = (
        _holds(words.growth, before)
        or _UP.search(before) is not None
        or (_is_english(text) and _holds(words.growth, behind))
    )
    if unit == "percent" and grows:
        measured = [found for found in _measures().find(low[span.start : start]) if found.value is not Measure.AREA]
        if not measured:
            return None
        measure = Measure.TAX if measured[-1].value is Measure.TAX_SHARE else measured[-1].value
        return Figure(measure, value, unit, Relation.GROWTH, start, match.end())
    shares = load_rules().claims.measures[Measure.TAX_SHARE]
    if not _holds(shares, text) and not re.search(r"占[^,。]{0,12}税收", text):
        return None
    return Figure(Measure.TAX_SHARE, value, unit, _relation(low, span, start), start, match.end())


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
