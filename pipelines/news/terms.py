"""Finding many words in one pass over a text, English ones only as whole words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

V = TypeVar("V")


class Found(NamedTuple, Generic[V]):
    """A word found: where, and what it stands for."""

    start: int
    end: int
    value: V


class Terms(Generic[V]):
    """Words and what they stand for. At each place the leftmost, longest word counts and hides what it overlaps."""

    def __init__(self, words: Mapping[str, V]) -> None:
        self._values = list(words.values())
        # An automaton of no words is refused by the library; one that matches nothing stands in for it.
        self._automaton = AhoCorasick(
            list(words) or ["\0"], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
        )
        self._whole = [word[0].isascii() and word[0].isalnum() for word in words]

    def find(self, text: str) -> list[Found[V]]:
        """The words in `text` (already folded), in order, without overlap."""
        found = []
        for term, start, end in self._automaton.find_matches_as_indexes(text):
            if not self._values or (self._whole[term] and not is_whole(text, start, end)):
                continue
            found.append(Found(start, end, self._values[term]))
        return found


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether an English word does not go on at either side: `ivd` is no word of `divided`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_joins(before) or (_joins(after) and _joins(text[end - 1])))


def _joins(character: str) -> bool:
    return character.isascii() and character.isalnum()


@lru_cache(maxsize=256)
def any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern of any of these words, the longest first, English ones only whole; for short stretches of text."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_whole_word, ordered)))


def _whole_word(word: str) -> str:
    # It looks back from behind its first letter: a pattern whose words all begin with a letter is found fastest.
    first = re.escape(word[0])
    before = rf"(?<![a-z0-9]{first})" if _joins(word[0]) else ""
    after = r"(?![a-z0-9])" if _joins(word[-1]) else ""
    return first + before + re.escape(word[1:]) + after


def every(words: Iterable[str], value: V) -> dict[str, V]:
    """Each word with the same value."""
    return dict.fromkeys(words, value)
