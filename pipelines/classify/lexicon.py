"""Finding the rules' terms in a text: every term in one pass, and the rule that may speak at each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from pipelines.classify.rules import Calling, FalseFriend, NameRule, ScopeRule
from pipelines.classify.text import folded, unparted

_TERM = itemgetter(0)  # of a match

R = TypeVar("R", NameRule, ScopeRule)


class Lexicon(Generic[R]):
    """All terms of one field, false friends included, each with its rules in the file's order.

    Texts must be `folded`. A term that begins or ends with a Latin letter or a digit speaks only where
    the word does: `care` is not in `career`.
    """

    def __init__(self, rules: Sequence[R], friends: Sequence[FalseFriend]) -> None:
        by_term: dict[str, list[R | FalseFriend]] = {}
        for friend in friends:
            for term in friend.terms:
                by_term.setdefault(unparted(folded(term)), []).append(friend)
        for rule in rules:
            for term in rule.terms:
                by_term.setdefault(unparted(folded(term)), []).append(rule)
        self._speakers: list[list[R | FalseFriend]] = list(by_term.values())
        self._is_word = [(_latin(term[0]), _latin(term[-1])) for term in by_term]
        self._hopeful = frozenset(
            number for number, speakers in enumerate(self._speakers) if any(map(_speaks_alone, speakers))
        )
        self._find = AhoCorasick(list(by_term), implementation=Implementation.DFA).find_matches_as_indexes

    def may_speak_in(self, text: str) -> bool:
        """Whether the text holds any term that could speak without the name's help."""
        return not self._hopeful.isdisjoint(map(_TERM, self._find(text, overlapping=True)))

    def speaking(self, text: str) -> Iterator[tuple[int, int, R | FalseFriend]]:
        """(start, end, rule) of the words of a name or of one item that speak, in order and without overlap.

        At each place the longest term with a rule whose condition is met wins, and hides what overlaps it.
        """
        matches = self._find(text, overlapping=True)
        matches.sort(key=_leftmost_longest)
        taken = 0
        for term, start, end in matches:
            if start < taken or self._cuts_a_word(text, term, start, end):
                continue
            for rule in self._speakers[term]:
                if isinstance(rule, FalseFriend) or _holds(rule, text, text[start:end]):
                    taken = end
                    yield start, end, rule
                    break

    def _cuts_a_word(self, text: str, term: int, start: int, end: int) -> bool:
        begins, ends = self._is_word[term]
        return (begins and start > 0 and _latin(text[start - 1])) or (ends and end < len(text) and _latin(text[end]))


class Callings:
    """What else a name calls a firm, by the terms of the callings."""

    def __init__(self, callings: Sequence[Calling]) -> None:
        self._ids = [calling.id for calling in callings]
        terms = [(unparted(folded(term)), number) for number, calling in enumerate(callings) for term in calling.terms]
        self._of_term = [number for _, number in terms]
        self._find = AhoCorasick([term for term, _ in terms], implementation=Implementation.DFA).find_matches_as_indexes

    def of(self, name: str) -> tuple[str, ...]:
        """The ids of the callings in a `folded` name, each once, in the order of the rules."""
        numbers = {self._of_term[term] for term, _, _ in self._find(name, overlapping=True)}
        return tuple([self._ids[number] for number in sorted(numbers)])


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _speaks_alone(rule: FalseFriend | NameRule | ScopeRule) -> bool:
    if isinstance(rule, FalseFriend):
        return False
    return isinstance(rule, NameRule) or not rule.only_if_named


def _leftmost_longest(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[1], -match[2]


def _holds(rule: NameRule | ScopeRule, around: str, term: str) -> bool:
    if rule.whole and around.removeprefix("从事").removeprefix("在") != term:
        return False
    if rule.near and not any(word in around for word in rule.near):
        return False
    return not any(word in around for word in rule.unless)
