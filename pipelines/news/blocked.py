"""Whether a sentence only plans, denies, remembers or supposes the event that its trigger names."""

from __future__ import annotations

import re
from functools import cache

from pipelines.news.rules import load_rules
from pipelines.news.terms import Terms, every
from pipelines.news.triggers import Trigger

_PLANS = 1  # the lists that speak of plans stand first
_HOW = re.compile(r"(?:成功|正式|签约|集中|已经?|顺利|双双|均|都)+$")


_CO_LTD = re.compile(r",? ?co\.?, ?ltd\.?|, (?:inc|ltd)\b\.?")
# A clause that begins so supposes or hands on a rumour; 传 and 若 also begin names, so only there.
_SUPPOSES = re.compile(r"[\s“\"(]*(?:若(?!干|羌)|传(?!统|播|感|递|承|媒|奇|化|世))")
# An English clause that leads another: when A settled in …, five years after A settled in …
_LEADS_IN = re.compile(
    r"(?:^|.*\b(?:years?|months?|days?) )[\s“\"]*(?:when|before|after|until|since|had|if|ever since|even before)\b"
)
_ABOUT = re.compile(r"(?:在|就|围绕|聚焦)[^,在]{2,30}?(?:方面|领域|等)(?=[^,]{0,6}$)")
_COUNT = r"(?:[0-9]{1,2}|[一二两三四五六七八九十几数半]{1,3})"
# How long ago it was, right behind: 落户桃浦两年多, 落户普陀区已有五年, moved into Taopu three years ago.
_LONG_AGO = re.compile(
    rf"(?:,?(?:已经?|至今|迄今))?(?:有|仅|满|不到|不足|近|刚|才|将|约|超过?|的?第)*{_COUNT}(?:余|多)?(?:周年|年|个多?月|载)"
    r"|(?:到|至)(?:今|现在|如今)|[^.;]{0,30}\b(?:years?|decades?) (?:ago|earlier)\b"
)


class _Blockers:
    """The lists of blocking words, arranged for look-up."""

    def __init__(self) -> None:
        lists = load_rules().blockers
        self.plan = Terms(every(lists.plan, value=True) | every(lists.not_plan, value=False))
        self.wish = Terms(every(lists.wish, value=True) | every(lists.not_plan, value=False))
        self.negation = Terms(every(lists.negation, value=True) | every(lists.not_negation, value=False))
        self.undone = Terms(every(lists.undone, value=True))
        self.visit = Terms(every(lists.visit, value=True))
        self.history = Terms(every(lists.history, value=True) | every(lists.not_history, value=False))
        self.after = lists.after
        self.before = lists.before


@cache
def _blockers() -> _Blockers:
    return _Blockers()


def is_blocked(low: str, trigger: Trigger, place_end: int) -> bool:
    lists = _blockers()
    if low[trigger.span.start : trigger.span.end].rstrip(' \n”")').endswith("?"):
        return True
    clause, sentence = trigger.clause.start, trigger.span.start
    before = (
        (lists.plan, sentence), (lists.history, sentence), (lists.negation, clause), (lists.visit, clause),
    )[_PLANS if trigger.rule.planned else 0 :]  # fmt: skip
    if any(_says(words, low, start, trigger) for words, start in before) or _is_wished(low, trigger):
        return True
    if " not " in low[trigger.start : trigger.end]:
        return True
    if _HOW.sub("", low[clause : trigger.start]).endswith(lists.before) or _supposes(low, trigger):
        return True
    return _is_undone_behind(low, trigger, place_end)


def _is_undone_behind(low: str, trigger: Trigger, place_end: int) -> bool:
    """Whether the words behind the trigger and its place take the event back, or only tell of it."""
    lists = _blockers()
    if lists.undone.find(low[place_end : trigger.clause.end]):
        return True
    tails = (low[trigger.end : trigger.clause.end], low[place_end : trigger.clause.end])
    if not (trigger.rule.object or trigger.rule.named_for) and any(tail.startswith(lists.after) for tail in tails):
        return True
    return trigger.rule.place != "any" and _LONG_AGO.match(low, place_end, trigger.span.end) is not None


def _supposes(low: str, trigger: Trigger) -> bool:
    """Whether the trigger's clause is a condition, a rumour, or leads another clause in."""
    if _SUPPOSES.match(low, trigger.clause.start, trigger.start):
        return True
    # The comma of a firm's form is none between clauses.
    before = _CO_LTD.sub("", low[trigger.span.start : trigger.start])
    return _LEADS_IN.match(before.rpartition(", ")[2]) is not None


def _is_wished(low: str, trigger: Trigger) -> bool:
    """Whether a word of purpose stands before the trigger, and not in what it is about: 在推动产业创新方面达成合作."""
    start = trigger.clause.start
    about = _ABOUT.sub(lambda match: " " * len(match[0]), low[start : trigger.start])
    found = _blockers().wish.find(about + low[trigger.start : trigger.end])
    return any(word.value and start + word.start < trigger.start for word in found)


def _says(words: Terms[bool], low: str, start: int, trigger: Trigger) -> bool:
    """Whether one of the words begins before the trigger; what it goes on with may lie in it, as in 将总部迁至."""
    found = words.find(low[start : trigger.end])
    return any(word.value and start + word.start < trigger.start for word in found)
