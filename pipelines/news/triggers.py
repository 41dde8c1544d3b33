"""The words that state an event, where they stand: with the verb or noun they need, their sentence and clause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pipelines.news.document import Span
from pipelines.news.page import Page, clause_of
from pipelines.news.rules import StatementRule, load_rules
from pipelines.news.terms import Terms, is_whole

# What stands behind these is not what is opened or built: launched a campaign at its plant.
_OF_OTHERS = re.compile(r" (?:at|with|from|by|for|near|outside) ")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger where it stands, with its sentence and clause: from its verb, if it has one, or its `word` to `end`."""

    number: int  # of the rule, by its place among all
    rule: StatementRule
    start: int
    word: int
    end: int
    sentence: int
    span: Span
    clause: Span


@cache
def _triggers() -> Terms[list[tuple[int, StatementRule]]]:
    rules: dict[str, list[tuple[int, StatementRule]]] = {}
    for number, rule in enumerate(load_rules().statement):
        for word in rule.trigger:
            rules.setdefault(word, []).append((number, rule))
    return Terms(rules)


def find_triggers(page: Page) -> Iterator[Trigger]:
    """The triggers of a page in order, each with what its rule asks for beside it."""
    low = page.doc.low
    clauses: dict[int, list[Span]] = {}
    for start, end, rules in _triggers().find(low):
        sentence = page.doc.sentence_at(start)
        span = page.doc.sentences[sentence]
        if sentence not in clauses:
            clauses[sentence] = page.doc.clauses(span)
        clause = clause_of(clauses[sentence], start)
        for number, rule in rules:
            begin = _begin(page, rule, Span(start, end), sentence, clause)
            if begin is not None:
                yield Trigger(number, rule, begin, start, end, sentence, span, clause)


def _begin(page: Page, rule: StatementRule, word: Span, sentence: int, clause: Span) -> int | None:
    """Where a trigger begins, its verb included; None if what its rule asks for does not stand beside it."""
    low, span = page.doc.low, page.doc.sentences[sentence]
    begin: int | None = word.start
    if low.startswith(rule.not_ahead, word.end):
        return None
    if rule.verbs:
        # 签署《…协议》,《…协议》: what is signed goes on behind the comma.
        first = span.start if low.startswith("《", clause.start) else clause.start
        begin = _last_of(rule.verbs, low, max(first, word.start - rule.reach), word.start)
    if rule.nouns and not _near_noun(rule, low, clause, *word):
        return None
    if any(low.find(other, *clause) >= 0 for other in rule.without):
        return None
    return begin if not rule.earlier or _was_said(page, rule.earlier, sentence - 1) else None


def _was_said(page: Page, words: Iterable[str], sentence: int) -> bool:
    return sentence >= 0 and any(page.doc.low.find(word, *page.doc.sentences[sentence]) >= 0 for word in words)


def _last_of(words: Iterable[str], low: str, start: int, end: int) -> int | None:
    """Where the last of these words begins, the longest where several end there; None if none stands there."""
    places = ((low.rfind(word, start, end), word) for word in words)
    whole = [
        (at + len(word), len(word))
        for at, word in places
        if at >= 0 and (not word.isascii() or is_whole(low, at, at + len(word)))
    ]
    if not whole:
        return None
    last, length = max(whole)
    return last - length


def _near_noun(rule: StatementRule, low: str, clause: Span, start: int, end: int) -> bool:
    first = end if rule.behind else max(clause.start, start - rule.reach)
    around = low[first : min(clause.end, end + rule.reach)]
    if rule.behind:
        others = _OF_OTHERS.search(around)
        around = around[: others.start()] if others else around
    return any(noun in around for noun in rule.nouns)
