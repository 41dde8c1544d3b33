"""Which characters make up a brand: those that are no common words, cut as a reader cuts them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pipelines.news.brands import candidate_rules, place_heads
from pipelines.news.document import fold
from pipelines.news.places import names_of_ours
from pipelines.news.rules import load_rules

_FILE: Final = Path(__file__).with_name("common_words.txt")
_LONGEST_WORD: Final = 6
_WINDOW: Final = 14
_BRAND: Final = range(2, 5)  # characters
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]*\Z")
# What a cut costs: words go before single characters, and those of grammar before others.
_WORD, _GRAMMAR, _UNKNOWN = 2, 2, 3
_SINGLE: Final = frozenset(
    "的了和与及同跟暨由是为向对在从将被让给于即如据至到并而但因也又还且等称把替当获者家个位名批年月日区镇企这那该本其某每各前后上中下内外里间"
    "所以之有无不未已曾就都均再更最很只仅约近超达共多少新老大小一二两三四五六七八九十百千万亿省市县院校"
)
# These begin no brand, and none ends in one; any other single character may.
_GRAMMAR_WORDS: Final = frozenset(
    "的了和与及同跟暨由是为向对在从将被让给于即如据并而但因也又还且等称把替家个位名批月日区镇这那该其某每各到诉者"
)
_ENDS_NO_BRAND: Final = _GRAMMAR_WORDS | frozenset(
    "子者年企所之有无不未已曾就都均再更最很只仅约近超达共多少省市县院校级型类款项种"
)


@cache
def _words() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    run = "".join(line for line in lines if not line.startswith("#"))
    rules, reading = candidate_rules(), load_rules()
    more = (
        *rules.leads, *rules.modifiers, *rules.suffixes, *reading.names.generic, *reading.names.leads,
        *reading.attribute.light, *rules.verbs, *rules.brands, *names_of_ours(), *place_heads(),
    )  # fmt: skip
    words = {run[at : at + 2] for at in range(0, len(run), 2)}
    return frozenset(words | {fold(word) for word in more if 1 < len(word) <= _LONGEST_WORD})


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long the words are that end in a character, the shortest first."""
    found: dict[str, set[int]] = {}
    for word in _words():
        if 1 < len(word) <= _LONGEST_WORD:
            found.setdefault(word[-1], set()).add(len(word))
    return {last: tuple(sorted(lengths)) for last, lengths in found.items()}


def brand_before(low: str, floor: int, end: int) -> int | None:
    """Where the brand begins that ends at a place: two to four characters that are no words; None if there is none."""
    run = _CHINESE.search(low, max(floor, end - _WINDOW), end)
    assert run is not None  # it may be empty
    begin = _brand_at_end(run[0])
    return None if begin is None else run.start() + begin


@lru_cache(maxsize=4096)  # the same words stand before the same trades
def _brand_at_end(run: str) -> int | None:
    if not run or run[-1] in _ENDS_NO_BRAND:
        return None
    begin, brands = len(run), candidate_rules().brands
    for token in reversed(cut(run)):
        if len(token) > 1 and token not in brands:
            break
        begin -= len(token)
    # Grammar before a brand is none of it: 由普某, 专班与普某; but 和某 may be a whole one.
    for at in range(len(run) - _BRAND[0] - 1, begin - 1, -1):
        if run[at] in _GRAMMAR_WORDS and not run.startswith(brands, at):
            begin = at + 1
            break
    return begin if len(run) - begin in _BRAND and not _SINGLE.issuperset(run[begin:]) else None


def is_word(text: str) -> bool:
    """Whether a text is one common word of two characters or more."""
    return text in _words()


def is_unknown(token: str) -> bool:
    """Whether a piece of a cut is a brand, or a character of no word, that may be one of a brand."""
    return token in candidate_rules().brands or (len(token) == 1 and token not in _GRAMMAR_WORDS)


@lru_cache(maxsize=4096)  # the same words stand before the same trades
def cut(text: str) -> tuple[str, ...]:
    """A run of Chinese characters as words and single characters, as cheaply as can be; the longest words first."""
    words, lengths = _words(), _lengths()
    costs, begins = [0], [0]  # of the cheapest cut up to each place, and where the last word of it begins
    for end in range(1, len(text) + 1):
        begin = end - 1
        cost = costs[begin] + (_GRAMMAR if text[begin] in _SINGLE else _UNKNOWN)
        for length in lengths.get(text[end - 1], ()):
            longer = end - length
            if longer >= 0 and costs[longer] + _WORD <= cost and text[longer:end] in words:
                cost, begin = costs[longer] + _WORD, longer
        costs.append(cost)
        begins.append(begin)
    pieces, end = list[str](), len(text)
    while end:
        pieces.append(text[begins[end] : end])
        end = begins[end]
    return tuple(reversed(pieces))
