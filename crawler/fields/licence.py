"""What a licence's number says of its kind, and the words of its authority of whether it holds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crawler.fields.text import clean, fold_width
from crawler.fields.words import load_words
from crawler.items import LicenceKind, LicenceStatus

_LONGEST: Final = 100  # characters; a number has some 25
_WORDS: Final = load_words("licence_words")
_KINDS: Final = [(re.compile(entry["pattern"]), LicenceKind(entry["kind"])) for entry in _WORDS["kinds"]]
_STATUS_OF: Final = {word: LicenceStatus(status) for status, words in _WORDS["status"].items() for word in words}


@lru_cache(maxsize=4096)
def kind_of_number(number: str) -> LicenceKind | None:
    """The kind of licence whose number it is; None for a number that does not say."""
    folded = "".join(fold_width(clean(number[:_LONGEST])).split()).upper()
    return next((kind for pattern, kind in _KINDS if pattern.search(folded)), None)


@lru_cache(maxsize=1024)
def status_of(text: str) -> LicenceStatus:
    """The status that an authority's word states; UNKNOWN for an empty cell and for words we do not know."""
    return _STATUS_OF.get("".join(fold_width(clean(text[:_LONGEST])).split()), LicenceStatus.UNKNOWN)
