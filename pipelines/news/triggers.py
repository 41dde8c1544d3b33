"""The words that state an event, where they stand: with the verb or noun they need, their sentence and clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pipelines.news.document import Span
from pipelines.news.page import Page, clause_of
from pipelines.news.rules import StatementRule, load_rules
from pipelines.news.terms import Terms, is_whole


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger where it stands, verb included, with its sentence and clause."""

    rule: StatementRule
    start: int
    end: int
    sentence: int
    span: Span
    clause: Span


@cache
def _triggers() -> Terms[StatementRule]:
    return Terms({word: rule for rule in load_rules().statement for word in rule.trigger})


def find_triggers(page: Page) -> Iterator[Trigger]:
    """The triggers of a page in order, each with what its rule asks for beside it."""
    low = page.doc.low
    clauses: dict[int, list[Span]] = {}
    for start, end, rule in _triggers().find(low):
        sentence = page.doc.sentence_at(start)
        span = page.doc.sentences[sentence]
        if sentence not in clauses:
            clauses[sentence] = page.doc.clauses(span)
        clause = clause_of(clauses[sentence], start)
        begin: int | None = start
        if rule.verbs:
            # 签署《…协议》,《…协议》: what is signed goes on behind the comma.
            first = span.start if low.startswith("《", clause.start) else clause.start
            begin = _last_of(rule.verbs, low, max(first, start - rule.reach), start)
        if begin is None or low.startswith(rule.not_ahead, end):
            continue
        if rule.nouns and not _near_noun(rule, low, clause, start, end):
            continue
        yield Trigger(rule, begin, end, sentence, span, clause)


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
    around = low[max(clause.start, start - rule.reach) : min(clause.end, end + rule.reach)]
    return any(noun in around for noun in rule.nouns)
