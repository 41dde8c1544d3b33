"""Reading a business scope (经营范围) as people do: what is excluded, which items there are, who makes.

Every step keeps the length of the text, so that a place in what is read is the same place in the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from crawler.fields.words import any_of
from pipelines.classify.rules import ScopeReading

HIDDEN = "\x01"  # stands for what a reader skips: excluded words, and the separators within a kept bracket

_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}  # ０-９ Ａ-Ｚ ａ-ｚ
_UNUSUAL = re.compile("[０-９Ａ-Ｚａ-ｚ\ud800-\udfff\x01]")
_UNREADABLE = re.compile("[\ud800-\udfff\x01]")
_OPEN, _CLOSE = "（(［[【〔｛{〖", "）)］]】〕｝}〗"
_BRACKET = re.compile(f"[{re.escape(_OPEN)}][^{re.escape(_OPEN + _CLOSE)}]*(?:[{re.escape(_CLOSE)}]|$)")
_NESTING = 3  # passes over nested brackets, innermost first; deeper nesting is not seen in scopes
_SEPARATOR = re.compile(r"[，,、；;。：:/／|\s.…·〓]")
_ITEM = re.compile(r"[^，,、；;。：:/／|\s.…·〓]{1,120}")
_CLAUSE_END = re.compile("[；;。]")
_CLAUSE_REACH = 200  # characters within which a verb governs goods
_KNOWN_ITEMS = 50_000  # items and brackets recur from scope to scope; how they read is kept
_AFFIXES = re.compile(r"^(?:从事|提供|以及|及其?|和|等)|[\x01”“\"（）()]+|等$|[的业]$")


def plain(text: str) -> str:
    """The text with full-width letters and digits made half-width, and what no reader can read hidden."""
    if not _UNUSUAL.search(text):
        return text
    return _UNREADABLE.sub("\ufffd", text).translate(_WIDE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A scope as understood: `text` with exclusions hidden, and where each of its items begins and ends."""

    text: str
    starts: list[int]
    ends: list[int]
    counted: set[int]  # numbers of the items that say what the firm does: no bare verbs, no registrar's sentences

    @property
    def first(self) -> int:
        """The number of the first item that counts; 0 if none does."""
        return min(self.counted, default=0)

    def item_at(self, place: int) -> int:
        """The number of the item that holds the character at `place`."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def item_text(self, number: int) -> str:
        """The words of one item."""
        return self.text[self.starts[number] : self.ends[number]]

    def item_text_at(self, place: int) -> str:
        """The words of the item that holds the character at `place`."""
        return self.item_text(self.item_at(place))


class ScopeReader:
    """Turns the text of a scope into a `Reading`, by the words of the rules."""

    def __init__(self, words: ScopeReading) -> None:
        self._exclusion = _exclusion_pattern(words)
        self._loose_exclusion = re.compile(
            f"{_excluding(words)}[^；;。，,]{{1,80}}?外|{_any(words.negators)}[^，,；;。\x01]*|{_ITEM.pattern}除外"
        )
        self._may_exclude = re.compile("[除" + re.escape("".join({word[0] for word in words.negators})) + "]")
        self._boilerplate = re.compile(_any(words.boilerplate))
        self._filler = frozenset(words.fillers)
        self._activity = re.compile(f"({_any(words.making)})|({_any(words.trading)})")
        self._in_bracket = lru_cache(maxsize=_KNOWN_ITEMS)(self._bracket)
        self._counts = lru_cache(maxsize=_KNOWN_ITEMS)(self._says_what_is_done)

    def without_exclusions(self, text: str) -> str:
        """The text with whatever it excludes hidden, brackets first, then loose 除…外 and 不得…."""
        for _ in range(_NESTING):
            text, count = _BRACKET.subn(lambda match: self._in_bracket(match.group()), text)
            if not count:
                break
        return self._loose_exclusion.sub(_hide, text) if self._may_exclude.search(text) else text

    def read(self, text: str) -> Reading:
        """Find the items of a text whose exclusions are hidden."""
        items = list(_ITEM.finditer(text))
        counted = {number for number, item in enumerate(items) if self._counts(item.group())}
        return Reading(text, [item.start() for item in items], [item.end() for item in items], counted)

    def made(self, reading: Reading, number: int) -> bool:
        """Whether the goods of an item are made or developed there, rather than traded.

        The item's own verb decides; else the verb heading its clause (生产：片剂、胶囊剂); else the one that
        follows (片剂、胶囊剂的生产).
        """
        own = self._activity.findall(reading.item_text(number))
        if own:
            return all(making for making, _ in own)
        before = _CLAUSE_END.split(reading.text[: reading.starts[number]][-_CLAUSE_REACH:])[-1]
        heading = self._activity.findall(before)
        if heading:
            return bool(heading[-1][0])
        after = self._activity.search(_CLAUSE_END.split(reading.text[reading.ends[number] :][:_CLAUSE_REACH])[0])
        return bool(after and after.group(1))

    def _bracket(self, whole: str) -> str:
        content = whole[1:].rstrip(_CLOSE)
        if self._boilerplate.search(content) or content.rstrip(HIDDEN + " 。").endswith("除外"):
            return HIDDEN * len(whole)
        content = self._exclusion.sub(_hide, content)
        return (HIDDEN + _SEPARATOR.sub(HIDDEN, content)).ljust(len(whole), HIDDEN)

    def _says_what_is_done(self, item: str) -> bool:
        words = _AFFIXES.sub("", item)
        return len(words) > 1 and words not in self._filler and not self._boilerplate.search(item)


def _any(words: Iterable[str]) -> str:
    return f"(?:{any_of(words)})"


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
