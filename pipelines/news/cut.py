"""Which characters make up a brand: those that are no common words, cut as a reader cuts them."""

from __future__ import annotations

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


def brand_before(low: str, floor: int, end: int) -> int | None:
    """Where the brand begins that ends at a place: two to four characters that are no words; None if there is none."""
    start = end
    while start > max(floor, end - _WINDOW) and "\u4e00" <= low[start - 1] <= "\u9fff":
        start -= 1
    begin = _brand_at_end(low[start:end])
    return None if begin is None else start + begin


@lru_cache(maxsize=4096)  # the same words stand before the same trades
def _brand_at_end(run: str) -> int | None:
    begin, brands = len(run), candidate_rules().brands
    if not run:
        return None
    for token in reversed(cut(run)):
        if len(token) > 1 and token not in brands:
            break
        begin -= len(token)
    # Grammar before a brand is none of it: 由普某, 专班与普某; but 和某 may be a whole one.
    for at in range(len(run) - _BRAND[0] - 1, begin - 1, -1):
        if run[at] in _GRAMMAR_WORDS and not run.startswith(brands, at):
            begin = at + 1
            break
    is_brand = run[-1] not in _ENDS_NO_BRAND and not _SINGLE.issuperset(run[begin:])
    return begin if len(run) - begin in _BRAND and is_brand else None


def is_word(text: str) -> bool:
    """Whether a text is one common word of two characters or more."""
    return text in _words()


def is_unknown(token: str) -> bool:
    """Whether a piece of a cut is a brand, or a character of no word, that may be one of a brand."""
    return token in candidate_rules().brands or (len(token) == 1 and token not in _GRAMMAR_WORDS)


@lru_cache(maxsize=4096)  # the same words stand before the same trades
def cut(text: str) -> tuple[str, ...]:
    """A run of Chinese characters as words and single characters, as cheaply as can be; the longest words first."""
    best: list[tuple[int, list[str]]] = [(0, [])]
    words = _words()
    for end in range(1, len(text) + 1):
        cost, cut = best[end - 1]
        single = text[end - 1]
        found = (cost + (_GRAMMAR if single in _SINGLE else _UNKNOWN), [*cut, single])
        for length in range(2, min(_LONGEST_WORD, end) + 1):
            word = text[end - length : end]
            if word in words and best[end - length][0] + _WORD <= found[0]:
                found = (best[end - length][0] + _WORD, [*best[end - length][1], word])
        best.append(found)
    return tuple(best[-1][1])
