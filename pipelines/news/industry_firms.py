"""Firms of life-health that a page names, known as such by their names alone: they say more than words in passing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from pipelines.news.brands import brand_of
from pipelines.news.document import Document, Span
from pipelines.news.english_names import brands_en
from pipelines.news.full_names import full_names
from pipelines.news.terms import Found
from pipelines.news.trade_names import trade_names

_MOST: Final = 100
_OFTEN: Final = 2


def has_firm(doc: Document, health: Sequence[Found[float]]) -> bool:
    """Whether a firm whose name speaks of life-health stands in the title, or is named more than once."""
    title, often = doc.low.find("\n"), dict[str, int]()
    for span in _firms(doc, {word.start for word in health}):
        brand = brand_of(doc.low[span.start : span.end])
        often[brand] = often.get(brand, 0) + (_OFTEN if span.start < title else doc.low.count(brand))
    return max(often.values(), default=0) >= _OFTEN


def _firms(doc: Document, words: set[int]) -> Iterator[Span]:
    for find in (full_names, trade_names, brands_en):
        for span in islice(find(doc), _MOST):
            if not words.isdisjoint(range(span.start, span.end)):
                yield span
