"""The sentences that state an event of some firm: by trigger words, where they stand, and what would block them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from pipelines.news.amounts import Amount, find_areas, find_money
from pipelines.news.blocked import is_blocked
from pipelines.news.model import Statement
from pipelines.news.page import Page, trimmed
from pipelines.news.rules import load_rules
from pipelines.news.triggers import Trigger, find_triggers
from pipelines.news.when import When, find_times
from pipelines.news.where import where_of

_MOST_STATEMENTS: Final = 200
# Right before an amount: it is of something else than the event.
_ANOTHER_AMOUNT: Final = re.compile(
    r"(?:估值|市值|注册资本|累计(?:完成)?(?:融资|募资)?|总规模|规模|营收|营业收入|产值|税收"
    r"|valu(?:ing|ed)(?: it)? at|valuation of|revenue of)"
    r"(?:金?额|为|达到?|是|了|约|近|超过?|逾|已| )*$"
)
_VAGUE: Final = re.compile(r"[数几上][十百千]?[万亿]|(?:tens|hundreds) of (?:millions|thousands)|undisclosed|未披露")
_CLAUSE_CUT: Final = re.compile(r",(?![0-9]{3}(?![0-9]))|;")
_GROWN_TO: Final = re.compile(
    r"(?:增至|扩至|扩大[到至]|增加[到至]|提升[到至]|扩展[到至]|至|to )(?:了|约|近|超过?|逾)*$"
)
_FILED: Final = re.compile(r"有限公司|公司|研究院|研究所|医院|中心|门诊部|诊所|药房|厂|co\b|ltd|inc\b")


def find_statements(page: Page, kind: str) -> tuple[Statement, ...]:
    """The events a page states, in order. A document states none: it rules what shall be."""
    if kind == "document":
        return ()
    if kind == "filing":
        return tuple(_filing(page))
    found: list[Statement] = []
    for trigger in find_triggers(page):
        statement = _state(page, trigger)
        if statement is not None:
            found.append(statement)
        if len(found) == _MOST_STATEMENTS:
            break
    return tuple(found)


def _filing(page: Page) -> Iterator[Statement]:
    """The one event of a filing: the project in its title was filed, so it may be built."""
    title = page.doc.sentences[0]
    text = page.doc.low[title.start : title.end].rstrip("\n")
    if not _FILED.search(text):
        return
    start, end = page.doc.original(title.start, title.start + len(text))
    yield Statement(
        kind="project_approved", start=start, end=end, trigger=(start, end), happened_on=page.published_on,
        amount=None, unit="", park="",
    )  # fmt: skip


def _state(page: Page, trigger: Trigger) -> Statement | None:
    where = where_of(page, trigger)
    if not where.accepted or is_blocked(page.doc.low, trigger, where.end):
        return None
    time = _time_of(page, trigger)
    if time is not None and (
        time.is_history(page.published_on) or (time.is_future(page.published_on) and not trigger.rule.planned)
    ):
        return None
    amount = _amount_of(page.doc.low, trigger)
    start, end = page.doc.original(*trimmed(page.doc.low, trigger.span))
    return Statement(
        kind=trigger.rule.kind,
        start=start,
        end=end,
        trigger=page.doc.original(trigger.start, trigger.end),
        happened_on=time.day if time is not None else None,
        amount=amount.value if amount is not None else None,
        unit=amount.unit if amount is not None else "",
        park=where.park,
        placed=where.placed,
        rule=trigger.number,
    )


# ----------------------------------------------------------------------------------------------- when and how much


def _time_of(page: Page, trigger: Trigger) -> When | None:
    """The time named last before the trigger, or else first in it or behind in its clause, or the occasion's."""
    low, published = page.doc.low, page.published_on
    before = list(find_times(low, trigger.span.start, trigger.start, published))
    if before:
        # 11月18日,在2026年普陀区大会上: this year is the conference's, the day the event's.
        days = [time for time in before if time.day is not None]
        return days[-1] if days and published is not None and _is_this_year(before[-1], published) else before[-1]
    behind = next(find_times(low, trigger.start, trigger.clause.end, published), None)
    return behind or _day_of_occasion(page, trigger.sentence)


def _is_this_year(time: When, published: date) -> bool:
    return time.day is None and time.latest == date(published.year, 12, 31)


def _day_of_occasion(page: Page, sentence: int) -> When | None:
    """The day of the ceremony that the one or two sentences before tell of, the title left out."""
    low = page.doc.low
    for index in range(sentence - 1, max(0, sentence - 3), -1):
        span = page.doc.sentences[index]
        if any(word in low[span.start : span.end] for word in load_rules().blockers.occasion):
            days = [time for time in find_times(low, *span, page.published_on) if time.day is not None]
            return days[0] if days else None
    return None


def _amount_of(low: str, trigger: Trigger) -> Amount | None:
    """The amount of the kind that belongs to the event, nearest to its words; None if the sentence states none."""
    found: tuple[Amount, ...] = ()
    if trigger.rule.money:
        found = find_money(low, *trigger.span)
    elif trigger.rule.area:
        found = find_areas(low, *trigger.span)
    own = [amount for amount in found if not _ANOTHER_AMOUNT.search(low, trigger.span.start, amount.start)]
    here = [amount for amount in own if trigger.clause.start <= amount.start < trigger.clause.end]
    # 甲完成2亿元B轮融资,乙完成数千万元A轮融资: another's amount is not taken for one that is not told.
    if trigger.rule.money and not here:
        own = [] if _VAGUE.search(low, *trigger.clause) else [one for one in own if not _is_anothers(low, trigger, one)]
    own = here or own
    grown = [amount for amount in own if trigger.rule.area and _GROWN_TO.search(low, trigger.span.start, amount.start)]
    return min(grown or own, key=lambda amount: _distance(amount, trigger), default=None)


def _is_anothers(low: str, trigger: Trigger, amount: Amount) -> bool:
    """Whether an amount of another clause stands beside words of an event of the same kind."""
    cuts = [match.start() for match in _CLAUSE_CUT.finditer(low, *trigger.span)]
    start = max((cut for cut in cuts if cut <= amount.start), default=trigger.span.start)
    end = min((cut for cut in cuts if cut >= amount.end), default=trigger.span.end)
    return any(word in low[start:end] for word in trigger.rule.trigger)


def _distance(amount: Amount, trigger: Trigger) -> int:
    return max(0, amount.start - trigger.end, trigger.start - amount.end)
