"""Reading a business scope (经营范围) as people do: what is excluded, which items there are, who makes.

Every step keeps the length of the text, so that a place in what is read is the same place in the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from crawler.fields.words import any_of
from pipelines.classify.rules import ScopeReading
from pipelines.classify.text import HIDDEN, SEPARATORS, folded, unparted

Verb = Literal["makes", "trades", "develops", "grows", ""]

_OPEN, _CLOSE = "（(［[【〔｛{〖﹙", "）)］]】〕｝}〗﹚"
_BRACKET = re.compile(f"[{re.escape(_OPEN)}][^{re.escape(_OPEN + _CLOSE)}]*(?:[{re.escape(_CLOSE)}]|$)")
_HAS_BRACKET = re.compile(f"[{re.escape(_OPEN)}]")
_NESTING = 3  # passes over nested brackets, innermost first; deeper nesting is not seen in scopes
_ITEM = re.compile(f"([^{SEPARATORS}]{{1,240}})([{SEPARATORS}]*)")
_LEADING = re.compile(f"[{SEPARATORS}]*")
_SEPARATOR = re.compile(f"[{SEPARATORS}]")
_CLAUSE_END = re.compile("[；;。]")
# A piece of a scope: an item with the brackets in it, one within another at most; and a bracket that is never closed.
_WHOLE_BRACKET = (
    f"[{re.escape(_OPEN)}][^{re.escape(_OPEN + _CLOSE)}]*+"
    f"(?:[{re.escape(_OPEN)}][^{re.escape(_OPEN + _CLOSE)}]*+[{re.escape(_CLOSE)}][^{re.escape(_OPEN + _CLOSE)}]*+)*+"
    f"[{re.escape(_CLOSE)}]"
)
_CLOSED_BRACKET = re.compile(_WHOLE_BRACKET)
_PIECE = re.compile(
    f"((?:[^{SEPARATORS}{re.escape(_OPEN)}]++|{_WHOLE_BRACKET}|[{re.escape(_OPEN)}])++)([{SEPARATORS}]*)"
)
_LONGEST_KEPT = 200  # characters of a bracket
_KNOWN_BRACKETS = 50_000  # brackets recur from scope to scope; how they read is kept
_AFFIXES = re.compile(r"^(?:从事|提供|以及|及其?|和|等)|[\x01”“\"（）()#*＊＃]+|等$|[的业]$")
_PREAMBLE = 400  # characters a passage of the registrar may have


class ScopeReader:
    """Takes a scope apart, by the words of the rules."""

    def __init__(self, words: ScopeReading) -> None:
        self._exclusion = _exclusion_pattern(words)
        self._besides = re.compile(f"{_excluding(words)}[^；;。，,]{{1,80}}?外")  # 除…外
        self._denied = re.compile(f"{_any(words.negators)}[^，,；;。\x01]*")  # 不得…
        self._excepted = re.compile(f"[^{SEPARATORS}]{{1,120}}除外")  # …除外
        self._may_deny = re.compile("[" + re.escape("".join({word[0] for word in words.negators})) + "]")
        self._preambles = [
            (told.begins, re.compile(f"{re.escape(told.begins)}.{{0,{_PREAMBLE}}}{re.escape(told.ends)}", re.DOTALL))
            for told in words.preambles
        ]
        self._boilerplate = re.compile(_any(words.boilerplate))
        self._compound = re.compile(_any(words.compounds))
        # What stands last before a separator within what may reach over separators, and what stands first after one.
        heads = [_SEPARATOR.split(folded(told.begins))[0] for told in words.preambles]
        tails = [_SEPARATOR.split(folded(compound))[-1] for compound in words.compounds]
        reaching = [
            f"{_any(heads)}$",
            f"^{_any(tails)}",
            _any(words.negators),
            _excluding(words),
            f"[{re.escape(_OPEN)}]",
        ]
        self._reaches_on = re.compile("|".join(reaching))
        self._filler = frozenset(words.fillers)
        self._anyones = re.compile(_any(words.anyones))
        by_verb: dict[Verb, Iterable[str]]
        by_verb = {
            "makes": words.making,
            "trades": words.trading,
            "develops": words.developing,
            "grows": words.growing,
        }
        self._not_verbs = re.compile(_any(words.not_verbs))
        self._verbs = [(verb, re.compile(_any(said))) for verb, said in by_verb.items()]
        self._in_bracket = lru_cache(maxsize=_KNOWN_BRACKETS)(self._bracket)

    def without_exclusions(self, text: str) -> str:
        """The text with whatever it excludes hidden, brackets first, then loose 除…外 and 不得…."""
        for begins, passage in self._preambles:
            if begins in text:
                text = passage.sub(_hide, text)
        if _HAS_BRACKET.search(text):
            for _ in range(_NESTING):
                text = _BRACKET.sub(self._replacement, text)
                if not _HAS_BRACKET.search(text):
                    break
        if "外" in text and "除" in text:
            text = self._excepted.sub(_hide, self._besides.sub(_hide, text))
        if self._may_deny.search(text):
            text = self._denied.sub(_hide, text)
        return self._compound.sub(_join, text) if self._compound.search(text) else text

    @staticmethod
    def pieces(text: str) -> list[tuple[str, str]]:
        """The text parted at every separator that stands in no bracket: each piece with the separators behind it."""
        return _PIECE.findall(text)

    def stands_alone(self, piece: str) -> bool:
        """Whether a piece reads by itself as it does in its scope: nothing in it can reach over a separator.

        An exclusion outside brackets can (除药品、医疗器械外), so can a bracket that is not closed, and a phrase of
        the registrar.
        """
        if any(begins in piece for begins, _ in self._preambles):
            return False
        return not self._reaches_on.search(_CLOSED_BRACKET.sub("", piece))

    @staticmethod
    def items(text: str) -> list[tuple[str, str]]:
        """Each item with the separators behind it; together they are the text from `lead_in` on."""
        return _ITEM.findall(text)

    @staticmethod
    def lead_in(text: str) -> int:
        """Characters before the first item."""
        match = _LEADING.match(text)
        return match.end() if match else 0

    def counts(self, item: str) -> bool:
        """Whether an item says what the firm does: no bare verb, no sentence of the registrar."""
        words = _AFFIXES.sub("", item)
        return len(words) > 1 and words not in self._filler and not self._boilerplate.search(item)

    def is_anyones(self, item: str) -> bool:
        """Whether an item is one that firms of every trade list: 会务服务, 货物进出口."""
        return bool(self._anyones.search(item))

    def verb(self, item: str) -> tuple[Verb, bool]:
        """The verb of an item, and whether it stands first: a maker also sells, and a trader may also develop."""
        item = self._not_verbs.sub("", item)
        for verb, words in self._verbs:
            if match := words.search(item):
                return verb, match.start() == 0
        return "", False

    def _replacement(self, match: re.Match[str]) -> str:
        before = match.start() - 1
        opens = before < 0 or match.string[before] in HIDDEN or bool(_SEPARATOR.match(match.string[before]))
        whole = match.group()
        return self._in_bracket(whole, opens) if len(whole) <= _LONGEST_KEPT else self._bracket(whole, opens)

    def _bracket(self, whole: str, opens: bool) -> str:
        """What is read of a bracket; one that opens an item and holds a list is read as a list."""
        content = whole[1:].rstrip(_CLOSE)
        told = self._boilerplate.search(content)
        parts = _SEPARATOR.search(content) if opens else None
        if (told and (parts is None or told.start() < parts.start())) or _is_excluded(content):
            return HIDDEN * len(whole)
        content = self._exclusion.sub(_hide, content)
        return (HIDDEN + (content if parts else unparted(content))).ljust(len(whole), HIDDEN)


@lru_cache(maxsize=1_000)
def ends_clause(separators: str) -> bool:
    """Whether these separators end a clause: verbs govern goods no further."""
    return bool(_CLAUSE_END.search(separators))


def _is_excluded(content: str) -> bool:
    return content.rstrip(HIDDEN + " 。").endswith("除外")


def _any(words: Iterable[str]) -> str:
    return f"(?:{any_of(map(folded, words))})"


def _excluding(words: ScopeReading) -> str:
    """A pattern for 除 that negates: not the 除 of 除尘 or 清除."""
    after = [word[1:] for word in words.not_excluding if word.startswith("除")]
    before = [word[:-1] for word in words.not_excluding if word.endswith("除")]
    behind = "".join(f"(?<!{re.escape(word)})" for word in before)
    return f"{behind}除(?!{_any(after)})"


def _exclusion_pattern(words: ScopeReading) -> re.Pattern[str]:
    """Within a bracket: from the negating word to the bracket's end, or to where permission resumes."""
    negator = f"(?:{_any(words.negators)}|{_excluding(words)})"
    return re.compile(f"{negator}.*?(?=[，,；;]{_any(words.resumes)}|$)", re.DOTALL)


def _hide(match: re.Match[str]) -> str:
    return HIDDEN * len(match.group())


def _join(match: re.Match[str]) -> str:
    return unparted(match.group())
