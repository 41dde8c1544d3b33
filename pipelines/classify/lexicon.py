"""Finding the rules' terms in a text: every term in one pass, and the rule that may speak at each place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from pipelines.classify.rules import FalseFriend, NameRule, ScopeRule
from pipelines.classify.scope import plain

R = TypeVar("R", NameRule, ScopeRule)


class Lexicon(Generic[R]):
    """All terms of one field, false friends included, each with its rules in the file's order."""

    def __init__(self, rules: Sequence[R], friends: Sequence[FalseFriend]) -> None:
        by_term: dict[str, list[R | FalseFriend]] = {}
        for friend in friends:
            for term in friend.terms:
                by_term.setdefault(plain(term), []).append(friend)
        for rule in rules:
            for term in rule.terms:
                by_term.setdefault(plain(term), []).append(rule)
        self._speakers: list[list[R | FalseFriend]] = list(by_term.values())
        self._hopeful = [any(map(_speaks_alone, speakers)) for speakers in self._speakers]
        self._automaton = AhoCorasick(list(by_term), implementation=Implementation.DFA)

    def may_speak_in(self, text: str) -> bool:
        """Whether the text holds any term that could speak without the name's help."""
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return any(self._hopeful[term] for term, _, _ in matches)

    def speaking(self, text: str, surroundings: Callable[[int], str]) -> Iterator[tuple[int, int, R | FalseFriend]]:
        """(start, end, rule) of the words that speak, in order and without overlap.

        At each place the longest term with a rule whose condition is met wins, and hides what overlaps it.
        `surroundings` gives the words around a place, by which conditions are judged.
        """
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        matches.sort(key=_leftmost_longest)
        taken = 0
        for term, start, end in matches:
            if start < taken:
                continue
            for rule in self._speakers[term]:
                if isinstance(rule, FalseFriend) or _holds(rule, surroundings(start), text[start:end]):
                    taken = end
                    yield start, end, rule
                    break


def _speaks_alone(rule: FalseFriend | NameRule | ScopeRule) -> bool:
    if isinstance(rule, FalseFriend):
        return False
    return isinstance(rule, NameRule) or not rule.only_if_named


def _leftmost_longest(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[1], -match[2]


def _holds(rule: NameRule | ScopeRule, around: str, term: str) -> bool:
    if rule.whole and around.removeprefix("从事") != term:
        return False
    if rule.near and not any(word in around for word in rule.near):
        return False
    return not any(word in around for word in rule.unless)
