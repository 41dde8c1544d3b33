"""Short names of firms wherever they stand in a page: a brand before a word of trades, or before a leader's office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.brands import brand_of, candidate_rules, is_bare_brand
from pipelines.news.cut import brand_before
from pipelines.news.document import Document, Span
from pipelines.news.names import with_place

_MOST: Final = 2_000  # words of trades looked at on a page
_BRAND: Final = 2
_LATIN = re.compile(r"(?<![A-Za-z0-9&-])[A-Z][A-Za-z0-9&-]{1,20}$")


def trade_names(doc: Document) -> Iterator[Span]:
    """The names in a folded page that have a brand, which is no word, before a word of trades."""
    for number, match in enumerate(_trades().finditer(doc.low)):
        if number == _MOST:
            return
        begin = _brand(doc, match.start())
        if begin is not None and len(brand_of(doc.low[begin : match.end()])) >= _BRAND:
            yield Span(with_place(doc.low, begin), match.end())


def led_brands(doc: Document) -> Iterator[Span]:
    """Bare brands before the office of one who leads a firm, or before its kind: 某某创始人, 某某公司."""
    for number, match in enumerate(_offices().finditer(doc.low)):
        if number == _MOST:
            return
        begin = _brand(doc, match.start())
        if begin is None:
            continue
        name = doc.low[begin : match.start()]
        if is_bare_brand(name):
            yield Span(begin, match.start())


def _brand(doc: Document, end: int) -> int | None:
    latin = _LATIN.search(doc.plain, max(0, end - 22), end)
    if latin is None:
        return brand_before(doc.low, 0, end)
    return latin.start() if latin[0].lower() not in candidate_rules().acronyms else None


@cache
def _trades() -> re.Pattern[str]:
    rules = candidate_rules()
    return re.compile(rf"(?:{any_of(word for word in rules.suffixes if word not in rules.not_anywhere)})+")


@cache
def _offices() -> re.Pattern[str]:
    return re.compile(any_of(candidate_rules().offices))
