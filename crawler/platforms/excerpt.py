"""A short quote of a copyrighted page: the few sentences that speak of our subject."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from crawler.fields.text import clean
from crawler.fields.words import any_of, load_words
from crawler.items import TextFrom

if TYPE_CHECKING:
    from crawler.platforms.article_page import PageText

MOST_SENTENCES: Final = 3
MOST_CHARACTERS: Final = 400
_MOST_READ: Final = 100_000  # characters of a text that are looked at
_CUT: Final = "…"

# A sentence ends at its mark with the quotes and brackets behind it, in Latin script only before a blank, and not at
# the point of an abbreviation.
_END: Final = re.compile(
    r"[。！？!?]+[”’」』）)\"]*"
    r"|(?<!\bInc)(?<!\bCo)(?<!\bLtd)(?<!\bCorp)(?<!\bNo)(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])\.[”’)\"]*(?=\s)"
)


def excerpt(text: str) -> str:
    """At most three sentences and 400 characters of `text`, a line each, in its order; the same for the same text.

    They are those that touch most of places, life-health and what firms do (`cue_words.toml`), the earlier first among
    equals. Where none speaks of our subject it is the first sentence alone; what is too long for itself is cut.
    """
    sentences = _sentences(text)
    told = [at for at, sentence in enumerate(sentences) if _touched(sentence)]
    ranked = sorted(told, key=lambda at: (-_touched(sentences[at]), at)) or [0]
    chosen: list[int] = []
    left = MOST_CHARACTERS
    for at in ranked if sentences else []:
        length = len(sentences[at]) + bool(chosen)  # and the line break before it
        if length <= left and len(chosen) < MOST_SENTENCES:
            chosen.append(at)
            left -= length
    if sentences and not chosen:
        return sentences[ranked[0]][: MOST_CHARACTERS - len(_CUT)] + _CUT
    return "\n".join(sentences[at] for at in sorted(chosen))


def as_excerpt(page: PageText) -> PageText:
    """A page of which no more than an excerpt may be kept."""
    return replace(page, text=excerpt(page.text), text_from=TextFrom.EXCERPT)


def _sentences(text: str) -> list[str]:
    """The sentences of a text, clean; a line break ends one too."""
    ended = (_END.sub(r"\g<0>\n", line) for line in text[:_MOST_READ].splitlines())
    return [said for line in ended for sentence in line.split("\n") if (said := clean(sentence))]


def _touched(sentence: str) -> int:
    """How many groups of cue words a sentence touches, 0 to 3."""
    return sum(bool(group.search(sentence)) for group in _groups())


@cache
def _groups() -> tuple[re.Pattern[str], ...]:
    words = load_words("cue_words")
    return tuple(
        re.compile(rf"{any_of(words['zh'][group])}|\b(?:{any_of(words['en'][group])})", re.IGNORECASE)
        for group in ("places", "life_health", "acts")
    )
