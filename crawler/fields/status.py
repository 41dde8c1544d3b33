"""Read a registration status from the words of a registrar."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.fields.text import clean, fold_width
from crawler.fields.words import load_words
from crawler.items import Status

_LISTS = load_words("status_words")["words"]
_STATUS_OF = {word: Status(status) for status, words in _LISTS.items() if status != "beside" for word in words}
_BESIDE = frozenset(_LISTS["beside"])
_BETWEEN_WORDS = re.compile(r"[,，、;/|()\[\]【】:.。·-]+")
_MOVED_AWAY = re.compile(r"已?迁[往出].{0,12}")  # 迁往外省市, 迁出本区: the place is free text
_LONGEST = 40  # characters


@lru_cache(maxsize=1024)  # a column holds a handful of words a hundred thousand times
def parse_status(text: str) -> Status:
    """The status that `text` states; UNKNOWN for an empty cell, unknown words or contradicting ones.

    `吊销，已注销` is deregistered, which ends the registration that was first revoked; `吊销，未注销` is
    revoked.
    """
    if len(text) > _LONGEST:
        return Status.UNKNOWN
    words = [
        word for word in _BETWEEN_WORDS.split(fold_width(clean(text)).replace(" ", "")) if word and word not in _BESIDE
    ]
    found = {_of_word(word) for word in words}
    if found == {Status.REVOKED, Status.DEREGISTERED}:
        return Status.DEREGISTERED
    return found.pop() if len(found) == 1 else Status.UNKNOWN


def _of_word(word: str) -> Status:
    if word in _STATUS_OF:
        return _STATUS_OF[word]
    return Status.MOVED_OUT if _MOVED_AWAY.fullmatch(word) else Status.UNKNOWN
