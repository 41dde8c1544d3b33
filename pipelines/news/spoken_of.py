"""Whom `the company` means that begins a sentence: the one firm that the sentences just before it name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.news.document import Document
from pipelines.news.model import Mention

_BACK: Final = 2  # sentences
_AGAIN: Final = re.compile(
    # 今年10月,公司…; last month, the company …
    r"[“\"]?(?:(?:[今去前本当上][^,。;]{0,12}|[0-9]{1,4}[年月日][^,。;]{0,12}|(?:in|on|last|this) [^,.;]{2,20}), ?)?"
    r"(?P<again>(?:the (?:company|firm|startup|start-up|enterprise)|it)(?![\w'’-])|(?:该|这家)?(?:公司|企业)(?![家名]))"
)


def spoken_of(doc: Document, start: int, mentions: Sequence[Mention], starts: Sequence[int]) -> Mention | None:
    """The firm meant by the words that begin the sentence at `start`, as a mention by those words; None if none is.

    `start` and the mentions, in order, are places of the original text; `starts` are the mentions' own.
    """
    at = doc.folded(start, start)[0]
    again = _AGAIN.match(doc.low, at)
    index = doc.sentence_at(at)
    if again is None:
        return None
    for before in range(index - 1, max(0, index - 1 - _BACK), -1):  # the title stands apart
        first, last = doc.original(*doc.sentences[before])
        named = mentions[bisect_left(starts, first) : bisect_left(starts, last)]
        if named:
            one = named[-1] if len({mention.firm for mention in named}) == 1 else None
            span = doc.original(*again.span("again"))
            return None if one is None else replace(one, start=span[0], end=span[1])
    return None
