"""A page as it is read: one width, nothing invisible, cut into sentences, every place traceable to the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from crawler.fields.text import fold_width
from pipelines.news.rules import load_rules

# A page longer than this is no page of news; what follows is not read.
_LONGEST_TEXT: Final = 200_000
# A sentence longer than this is a list or garbage; it is cut, so that nothing is ever read across more.
_LONGEST_SENTENCE: Final = 500

_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1f\x7f-\x9f"
_BLANKS = r" \t\x0b\x0c\xa0\r"
_BLANK = f"[{_BLANKS}]"
_SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?(?:[iuv]?(?:ang|eng|ong|an|en|ai|ei|ao|ou|a|e|o)|ing|in|iu|ie|er|i|ui|un|u|v)"
)
# How a character is spoken, as reposts of reposts print it behind one: 創(chuàng)新.
_SPOKEN = (
    r"(?<=[\u4e00-\u9fff])\((?:[a-z]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,4}\)"
    # Without its tone it is one of many: 創(chuang)新產(chan)業.
    rf"|{_SYLLABLE}\)(?=[^(\n]{{1,40}}\({_SYLLABLE}\)))"
)
# Dropped: what is not seen, and blanks beside Chinese characters, where they are layout. What each of these begins
# with is looked for first, since most of a page is nothing like it.
_DROPPED = re.compile(
    rf"(?=[({_INVISIBLE}{_BLANKS}])"
    rf"(?:{_SPOKEN}|[{_INVISIBLE}]+|{_BLANK}+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f]){_BLANK}+|(?<={_BLANK}){_BLANK}+)"
)
_BRACKETS = dict(zip("〔【[〕】]", "(((" + ")))", strict=True))
_SENTENCE_END = re.compile(
    r"(?=[。!?;\n.])(?:[。!?;\n]+[”’」』)\"]*|\.(?=[\"”’)]*(?:\s+[\"“‘(]?[A-Z0-9]|\s*$))[\"”’)]*)"
)
_ABBREVIATION = re.compile(r"(?:\b(?:co|ltd|inc|corp|no|mr|ms|mrs|dr|st|vol|dept|jan|feb|aug|sept|oct|nov|dec|[a-z]))$")
_CLAUSE_END = re.compile(r",(?![0-9]{3}(?![0-9]))|:|--|——")


class Span(NamedTuple):
    """A stretch of the folded text."""

    start: int
    end: int


@cache
def _plain_forms() -> dict[str, str]:
    """The characters that are read as others."""
    traditional, simplified = load_rules().text.traditional, load_rules().text.simplified
    wide = map(chr, (0x3000, *range(0xFF01, 0xFF5F)))
    folded = {character: fold_width(character) for character in wide}
    return folded | dict(zip(traditional, simplified, strict=True)) | _BRACKETS | {"\xa0": " "}


@cache
def _not_plain() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(_plain_forms()))}]")


def _in_plain_forms(text: str) -> str:
    """A text as long as before; of its many characters few are read as others, and most of these are the same."""
    forms = _plain_forms()
    # In order: a wide bracket becomes a plain one when those have been replaced already.
    for character in sorted(set(_not_plain().findall(text))):
        text = text.replace(character, forms[character])
    return text


_LOWER: Final = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def document(title: str, text: str) -> str:
    """The text that every offset points into: the title, a line break, the body."""
    return f"{title}\n{text}"


@dataclass(frozen=True, slots=True)
class Document:
    """A page folded for reading. `plain` keeps capitals, `low` has none; both have the same places."""

    plain: str
    low: str
    sentences: tuple[Span, ...]
    _kept: tuple[int, ...]  # where in `plain` a kept stretch begins
    _origin: tuple[int, ...]  # and where in the original
    _starts: tuple[int, ...]  # where each sentence begins

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that a span of the folded text stands for."""
        return self._original(start), self._original(end - 1) + 1 if end > start else self._original(start)

    def _original(self, at: int) -> int:
        stretch = bisect_right(self._kept, at) - 1
        return at - self._kept[stretch] + self._origin[stretch]

    def folded(self, start: int, end: int) -> tuple[int, int]:
        """The span of the folded text that a span of the original stands for: the way back of `original`."""
        return self._folded(start), self._folded(end)

    def _folded(self, at: int) -> int:
        stretch = bisect_right(self._origin, at) - 1
        if stretch < 0:
            return 0
        limit = self._kept[stretch + 1] if stretch + 1 < len(self._kept) else len(self.low)
        return min(at - self._origin[stretch] + self._kept[stretch], limit)

    def sentence_at(self, at: int) -> int:
        """The index of the sentence that holds a place; the last one before it if none does."""
        return max(0, bisect_right(self._starts, at) - 1)

    def clauses(self, sentence: Span) -> list[Span]:
        """The clauses of a sentence, cut at commas and colons but not within a number."""
        ends = [match.end() for match in _CLAUSE_END.finditer(self.low, sentence.start, sentence.end)]
        return [Span(*pair) for pair in pairwise([sentence.start, *ends, sentence.end]) if pair[0] < pair[1]]


def fold(text: str) -> str:
    """A name or word in the one way of writing in which it is looked for."""
    return _lower(_DROPPED.sub("", _in_plain_forms(text))).strip()


def _lower(text: str) -> str:
    """Without capitals, and as long as before: a few letters of the world grow when they are made small."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_LOWER)


@lru_cache(maxsize=4)  # a page is opened to be read, to find firms in it, and to say whose its events are
def open_document(title: str, text: str) -> Document:
    """Folds a page and cuts it into sentences; what lies beyond 200,000 characters is left out."""
    wide = _in_plain_forms(document(title, text)[:_LONGEST_TEXT])
    pieces, kept, origin = [], [], []
    at = length = 0
    for match in _DROPPED.finditer(wide):
        if match.start() > at:
            kept.append(length)
            origin.append(at)
            pieces.append(wide[at : match.start()])
            length += match.start() - at
        at = match.end()
    kept.append(length)
    origin.append(at)
    pieces.append(wide[at:])
    plain = "".join(pieces)
    low = _lower(plain)
    sentences = tuple(_sentences(plain, low))
    return Document(plain, low, sentences, tuple(kept), tuple(origin), tuple(span.start for span in sentences))


def _sentences(plain: str, low: str) -> Iterator[Span]:
    at = 0
    for match in _SENTENCE_END.finditer(plain):
        if match[0][0] == "." and _ABBREVIATION.search(low, max(at, match.start() - 6), match.start()):
            continue
        yield from _cut(at, match.end())
        at = match.end()
    yield from _cut(at, len(plain))


def _cut(start: int, end: int) -> Iterator[Span]:
    while end - start > _LONGEST_SENTENCE:
        yield Span(start, start + _LONGEST_SENTENCE)
        start += _LONGEST_SENTENCE
    if end > start:
        yield Span(start, end)
