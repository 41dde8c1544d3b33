"""Names of firms without a legal form, where the sentence makes them firms: a subject of an event, a list of firms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.brands import (
    candidate_rules,
    is_bare_brand,
    is_branded,
    is_english_name,
    is_short_name,
    is_trade,
    place_at_head,
    without_lead,
)
from pipelines.news.cut import cut, is_unknown
from pipelines.news.document import Document, Span
from pipelines.news.english_names import subject_en
from pipelines.news.model import Statement
from pipelines.news.rules import load_rules, load_terms

_MOST_LISTS: Final = 100
_MOST_ITEMS: Final = 30
_MOST_LOOKS: Final = 20
_LONGEST_LIST: Final = 400  # characters
_LONGEST_GAP: Final = 60  # characters from a subject to the words of its event
_LONGEST_ITEM: Final = 14
_SHORTEST_ITEM: Final = 2
_LONGEST_LISTED: Final = 6  # characters of a name in a list that has no brand but its place
_CLAUSE_START = re.compile(r"[,。;:!?\n]")
_SEPARATOR = re.compile(r"[、/]|(?<=[\u4e00-\u9fffa-z0-9\"”])(?:和|及|以及|与)(?=[\u4e00-\u9fffa-z0-9\"“])")
_SURE: Final = 2
_LONGEST_PERSON: Final = 3
_UNKNOWN: Final = re.compile(r"[\u4e00-\u9fff]{2,6}")
_QUOTES: Final = " “”\"'《》「」"
# 甲、乙等12家生命健康企业
_FIRMS_BEHIND = re.compile(
    r"(?:等|[0-9一二两三四五六七八九十]+家)(?:[^,。;:、\n]|(?<=[a-z])、(?=[a-z])){0,14}?(?:企业|公司|药企|机构|厂商|单位|组织|品牌|巨头|创新资源|院所)"
)
_LISTING_CLAUSE = re.compile(r"(?<![^,。;:!?\n])[^,。;:!?\n、]*+、[^,。;:!?\n]*")
_OBJECTS = re.compile(r"[^,。;:\n]{2,80}?(?=等|,|。|;|\n|入驻|落户|进驻|落地|签约|$)")


def subjects(doc: Document, statements: Sequence[Statement]) -> Iterator[Span]:
    """The short names in a folded page that stand where the firm of a stated event stands."""
    for statement in statements:
        start, end = doc.folded(statement.start, statement.end)
        first, last = doc.folded(*statement.trigger)
        if doc.low[first].isascii() and doc.low[start:end].isascii():
            yield from subject_en(doc, start, first)
            continue
        clause = max((match.end() for match in _CLAUSE_START.finditer(doc.low, start, first)), default=start)
        clause = max(clause, first - _LONGEST_GAP)
        yield from _items(doc, clause, _without_light(doc.low, clause, first))
        if statement.rule >= 0 and load_rules().statement[statement.rule].object:
            behind = _OBJECTS.match(doc.low, last, end)
            if behind:
                yield from _items(doc, last, behind.end())


def lists(doc: Document, known: Sequence[Span]) -> Iterator[Span]:
    """The short names in lists of firms (甲、乙等企业): some of the list are surely firms, and none is a trade.

    `known`: the names that were found otherwise. A list that does not say what it lists needs two sure ones.
    """
    for clause in islice(_LISTING_CLAUSE.finditer(doc.low), _MOST_LISTS):
        ends = doc.low.find("等", doc.low.find("、", *clause.span()), clause.end())
        # 甲、乙等CRO、SMO组织: what stands behind 等 is no more of the list.
        last = doc.low.rfind("、", clause.start(), ends if ends > 0 else clause.end())
        after = _after_list().search(doc.low, min(last + 3, clause.end()), clause.end())
        start, end = max(clause.start(), last - _LONGEST_LIST), after.start() if after else clause.end()
        needed = 1 if _FIRMS_BEHIND.match(doc.low, end) else 2
        yield from _items(doc, start, end, needed=needed, known=known)


@cache
def _after_list() -> re.Pattern[str]:
    return re.compile(rf"{any_of(candidate_rules().after_list)}|[0-9一二两三四五六七八九十]+家")


def _without_light(low: str, start: int, end: int) -> int:
    """Where the words that only say when, where and how begin, behind a subject."""
    text = low[start:end]
    trail = _light_tail().search(text)
    assert trail is not None  # it may be empty
    return start + trail.start()


@cache
def _light_tail() -> re.Pattern[str]:
    words = any_of(word for word in load_rules().attribute.light if len(word) > 1)
    others = r"等[0-9一二三四五六七八九十百余多数]*[家个]?[\u4e00-\u9fff]{0,10}?(?:企业|公司|机构|单位|项目)"
    return re.compile(rf"(?:{words}|{others}|[已在于也均都又将 等])*$")


def _items(
    doc: Document, start: int, end: int, *, needed: int = 1, known: Sequence[Span] | None = None
) -> Iterator[Span]:
    """The names of a list that ends at `end`, from the last backwards to the first that is none.

    `known`: the names found otherwise, of a list that no event is told of.
    """
    is_list = known is not None
    taken = [span for span in known or () if start <= span.start < end]
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(doc.low, start, end)]
    begins, ends = [start, *(cut[1] for cut in cuts)], [*(cut[0] for cut in cuts), end]
    pieces = list(zip(begins, ends, strict=True))[-_MOST_ITEMS:]
    found: list[tuple[Span, bool]] = []
    for begin, stop in reversed(pieces):
        item = _item(doc, begin, stop, is_first=begin == start)
        if item is None:
            break
        text = doc.low[item.start : item.end]
        if is_list and is_trade(text) and not place_at_head(text):
            return
        found.append(
            (item, _is_sure(doc, item) or any(span.start < item.end and item.start < span.end for span in taken))
        )
    sure = sum(certain for _, certain in found)
    is_firms = len(found) > 1 and sure >= needed
    for item, certain in reversed(found):
        text = doc.low[item.start : item.end]
        if (certain and not is_list) or (
            is_firms
            and (
                certain
                or _may_be_listed(text, abroad=_is_abroad(doc.low, item.start))
                or (sure >= _SURE and _is_unknown_name(text))
            )
        ):
            yield item


def _is_unknown_name(text: str) -> bool:
    """Whether a word beside sure names of firms may be another: no word and no person's, with a trade or not."""
    rules = candidate_rules()
    trade = next((trade for trade in sorted(rules.suffixes, key=len, reverse=True) if text.endswith(trade)), "")
    brand = text.removesuffix(trade)
    is_person = len(text) <= _LONGEST_PERSON and text.startswith(tuple(rules.surnames))
    if is_person or text.endswith(rules.no_firms) or not _UNKNOWN.fullmatch(brand):
        return False
    return all(map(is_unknown, cut(brand)))


def _may_be_listed(text: str, *, abroad: bool) -> bool:
    """Whether a word in a list of firms may be one: a bare brand, or what has a place or its country before it."""
    if is_bare_brand(text) or is_short_name(text) or ((abroad or place_at_head(text)) and is_branded(text)):
        return True
    return bool(place_at_head(text)) and text.endswith(candidate_rules().suffixes) and len(text) <= _LONGEST_LISTED


def _is_abroad(low: str, start: int) -> bool:
    """Whether the country of a firm stands right before its name in a list."""
    return any(lead.end() == start for lead in _country().finditer(low, max(0, start - _LONGEST_ITEM), start))


def _item(doc: Document, start: int, end: int, *, is_first: bool) -> Span | None:
    """One entry of a list without quotes, and the first without the words that lead to it."""
    low = doc.low
    while start < end and low[start] in _QUOTES:
        start += 1
    while start < end and low[end - 1] in _QUOTES:
        end -= 1
    quote = max(low.rfind(mark, start, end) for mark in '“"《')
    if quote >= 0:
        start = quote + 1
    elif is_first or end - start > _LONGEST_ITEM:
        start += without_lead(low[start:end])
    country = _country().match(low, start, end)
    if country is not None and end - country.end() >= _SHORTEST_ITEM:
        start = country.end()
    if end - start > _SHORTEST_ITEM and low[start] == "为":
        start += 1
    return Span(start, end) if _SHORTEST_ITEM <= end - start <= _LONGEST_ITEM else None


@cache
def _country() -> re.Pattern[str]:
    """A country before the name of its firm in a list: 法国某某, 日本某某."""
    names = any_of(name for name in load_terms().elsewhere.abroad if not name.isascii())
    return re.compile(rf"(?:来自)?(?:{names}|中国台湾|中国香港|台湾|香港)(?:的|企业|公司|品牌)*")


def _is_sure(doc: Document, item: Span) -> bool:
    """Whether the name itself, or what stands beside it somewhere in the page, says that it is a firm's."""
    text = doc.low[item.start : item.end]
    if is_short_name(text):
        # 免疫, 骨科 are what a firm does, too: only what is no word makes them a name.
        weak = next((word for word in candidate_rules().not_anywhere if text.endswith(word)), "")
        return not weak or all(map(is_unknown, cut(text.removesuffix(weak))))
    if not is_bare_brand(text):
        return False
    if re.fullmatch(r"[A-Z][A-Za-z0-9-]{2,}", doc.plain[item.start : item.end]):
        return is_english_name(text)
    return len(text) > 2 and _is_firm_somewhere(doc.low, text)


def _is_firm_somewhere(low: str, brand: str) -> bool:
    """Whether a word of firms stands right beside a brand, at one of the first places where the page writes it."""
    rules, at = candidate_rules(), -1
    for _ in range(_MOST_LOOKS):
        at = low.find(brand, at + 1)
        if at < 0:
            return False
        before, after = low[max(0, at - 8) : at].rstrip('“"'), low[at + len(brand) : at + len(brand) + 8].lstrip('”"')
        if before.endswith(rules.is_firm_before) or after.startswith(rules.is_firm_after):
            return True
    return False
