"""What a page tells of one event in several sentences, as one: its day, its park, its amount, the sentence to quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from pipelines.news.amounts import Amount, find_areas, find_money
from pipelines.news.document import Document, Span
from pipelines.news.goes_on import goes_on, is_the_firm
from pipelines.news.model import FirmStatement, Mention
from pipelines.news.when import find_times

_MOST_SENTENCES: Final = 3  # behind the one that tells, in which the page may go on about the event
_LATELY: Final = timedelta(days=60)
# What a title states, and the body as a ceremony: 签约落户 is told as 签约仪式.
_CEREMONY = re.compile(
    r"(?P<what>签约|入驻|落户|揭牌|启用|投产|开业|落成|成立|开工|奠基|乔迁)(?:落户|入驻)?(?:仪式|典礼|活动|大会)"
)
_PLANNED = re.compile("将于|拟|计划于|预计")
_LEAD: Final = 40  # characters before an amount in which stands what it is of
_HOW_MUCH: Final = (
    r"(?:总?额|金额|规模|总计|共计|合计|不低于|至少|预计|将|约为?|近|将近|达到?|超过?|逾|为|共|了|高达|人民币|:"
    r"|(?:of|is|was|about|nearly|over|more than|around|some|up to|a total of|at|a further|another|approximately)| )*$"
)
_INVESTED = re.compile(
    r"(?:总投资额?|投资总额|投资额|计划投资|拟投资|将投资|斥资|投资|\binvest(?:s|ed|ing|ments?)?|\bcost(?:s|ing)?|\bworth)"
    + _HOW_MUCH
)
_INVESTED_BEHIND = re.compile(r"(?:的)?(?:总投资|投资(?:建设|打造)|(?: of| in)?(?: total)? investment\b)")
_ROOM = re.compile(
    r"(?:建筑面积|总面积|使用面积|办公面积|占地面积|面积|占地|租赁|租下|承租"
    r"|\b(?:cover(?:s|ing)?|span(?:s|ning)?|occup(?:y|ies|ying)|leas(?:e|es|ed|ing)|rent(?:s|ed)?"
    r"|floor (?:area|space)|area))" + _HOW_MUCH
)
_RAISED = re.compile(
    r"(?:本轮融资|此次融资|本次融资|融资金额|融资额|融资总额|融资规模|募资|募集资金|融资"
    r"|\bround|\braised|\bfinancing|\bfunding)" + _HOW_MUCH
)
_WON = re.compile(r"(?:中标金额|中标价|合同金额|合同总额|合同价|成交价|金额|\bcontract|\bdeal|\bworth)" + _HOW_MUCH)
# Of these kinds an amount is what is put in, or the rooms; of those, what their own words name.
_SETTLING: Final = frozenset(
    ("arrival_announced", "registered", "branch_opened", "headquarters_set_up", "premises_added", "partnership")
)
_OTHERS: Final = {"financing_raised": _RAISED, "capital_raised": _RAISED, "contract_won": _WON}


def told_as_one(
    doc: Document, told: Sequence[FirmStatement], mentions: Sequence[Mention], published_on: date | None
) -> list[FirmStatement]:
    """The events of a page, each firm's once for all sentences that may tell of it, in the order of the first of them.

    `mentions` are all firms named on the page. What a title states has the day of the ceremony that the body tells of
    the firm. An amount may stand in a sentence that goes on about the event, as long as it names no other firm and the
    event is one firm's alone.
    """
    firms = _Named(doc, mentions)
    found: list[FirmStatement] = []
    for one in told:
        full = _completed(doc, one, firms, published_on, is_alone=_is_alone(one, told))
        same = next((at for at, other in enumerate(found) if _is_same(full, other)), None)
        if same is None:
            found.append(full)
        else:
            found[same] = _merged(found[same], full)
    return found


def _is_alone(one: FirmStatement, told: Iterable[FirmStatement]) -> bool:
    return not any((other.kind, other.start) == (one.kind, one.start) and other.firm != one.firm for other in told)


def _completed(
    doc: Document, one: FirmStatement, firms: _Named, published_on: date | None, *, is_alone: bool
) -> FirmStatement:
    """The statement with the day and the amount that other sentences have of it."""
    at = doc.sentence_at(doc.folded(one.start, one.end)[0])
    lead = _lead(doc, one, firms) if at == 0 else None
    if lead is not None and one.happened_on is None:
        days = (time.day for time in find_times(doc.low, *doc.sentences[lead], published_on))
        day = next((day for day in days if day is not None), None)
        if day is not None and published_on is not None and timedelta(0) <= published_on - day <= _LATELY:
            one = replace(one, happened_on=day)
    if one.amount is not None or not is_alone:
        return one
    return _with_amount(doc, one, firms, (at,) if lead is None else (at, lead))


def _lead(doc: Document, one: FirmStatement, firms: _Named) -> int | None:
    """The sentence, of the first of the body, that tells of the ceremony of what the title states of a firm."""
    title = doc.low[slice(*doc.folded(one.start, one.end))]
    for index in range(1, min(1 + _MOST_SENTENCES, len(doc.sentences))):
        span = doc.sentences[index]
        if any(whose == one.firm for whose, _ in firms.within(span)):
            for match in _CEREMONY.finditer(doc.low, *span):
                if match["what"] in title and _PLANNED.search(doc.low, span.start, match.start()) is None:
                    return index
    return None


def _is_same(one: FirmStatement, other: FirmStatement) -> bool:
    """Whether two sentences may tell of one event of a firm: nothing that both tell differs."""
    pairs = (
        (one.happened_on, other.happened_on),
        ((one.amount, one.unit), (other.amount, other.unit)) if one.amount and other.amount else (None, None),
        (one.park, other.park),
    )
    return (one.firm, one.kind) == (other.firm, other.kind) and all(not a or not b or a == b for a, b in pairs)


def _merged(first: FirmStatement, second: FirmStatement) -> FirmStatement:
    """The more telling of two, the first where they tell as much, with what only the other tells."""
    best, other = (second, first) if _tells(second) > _tells(first) else (first, second)
    amount, unit = (best.amount, best.unit) if best.amount is not None else (other.amount, other.unit)
    return replace(
        best, happened_on=best.happened_on or other.happened_on, amount=amount, unit=unit, park=best.park or other.park,
        placed=best.placed or other.placed,
    )  # fmt: skip


def _tells(one: FirmStatement) -> int:
    return (one.happened_on is not None) + (one.amount is not None) + one.placed + bool(one.park)


# ------------------------------------------------------------------------------------------------------- amounts


@dataclass(frozen=True, slots=True)
class _Named:
    """The firms that a page names, where they stand in the folded text."""

    doc: Document
    mentions: Sequence[Mention]

    def within(self, span: Span) -> list[tuple[str, int]]:
        """The firms named in a stretch of the text, with where their names begin in it."""
        start, end = self.doc.original(*span)
        inside = (one for one in self.mentions if start <= one.start < end)
        return [(one.firm, self.doc.folded(one.start, one.end)[0]) for one in inside]


def _with_amount(doc: Document, one: FirmStatement, firms: _Named, told_at: Iterable[int]) -> FirmStatement:
    """The statement with the amount that its own sentences, or those that go on with them, tell of the event."""
    for first in told_at:
        here = doc.sentences[first]
        own = [] if any(whose != one.firm for whose, _ in firms.within(here)) else [here]
        for span in (*own, *_going_on(doc, first, one.firm, firms)):
            if (amount := _amount(doc.low, span, one.kind)) is not None:
                return replace(one, amount=amount.value, unit=amount.unit)
    return one


def _going_on(doc: Document, first: int, firm: str, firms: _Named) -> Iterator[Span]:
    """The sentences behind one that still speak of its firm and of no other."""
    for index in range(first + 1, min(first + 1 + _MOST_SENTENCES, len(doc.sentences))):
        span, before = doc.sentences[index], doc.sentences[index - 1]
        named = firms.within(span)
        own = [at for whose, at in named if whose == firm]
        clauses = doc.clauses(span)
        leads = bool(own) and any(clause.start <= own[0] < clause.end for clause in clauses[:2])
        if any(whose != firm for whose, _ in named):
            return
        if index == 1 or not (leads or goes_on(doc.low, span) or is_the_firm(doc.low, span)):
            return
        if doc.low[before.start : before.end].endswith("\n") and first == 0:
            return  # a title is no paragraph to go on with
        yield span


def _amount(low: str, span: Span, kind: str) -> Amount | None:
    """What a sentence says that was put in or raised, or how much room there is."""
    if kind in _OTHERS:
        return _led(low, span, find_money(low, *span), _OTHERS[kind])
    if kind not in _SETTLING:
        return None
    money = _led(low, span, find_money(low, *span), _INVESTED, _INVESTED_BEHIND)
    room = _led(low, span, find_areas(low, *span), _ROOM)
    return (room or money) if kind == "premises_added" else (money or room)


def _led(
    low: str, span: Span, amounts: Iterable[Amount], lead: re.Pattern[str], behind: re.Pattern[str] | None = None
) -> Amount | None:
    for amount in amounts:
        if lead.search(low, max(span.start, amount.start - _LEAD), amount.start):
            return amount
        if behind is not None and behind.match(low, amount.end, span.end):
            return amount
    return None
