"""Parks that the gazetteer does not know, named as lying in a place of ours: candidates for people to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.document import Document
from pipelines.news.model import PlaceMention
from pipelines.news.places import Named, Whose
from pipelines.news.rules import load_rules

_MOST: Final = 20
_BRAND: Final = 2  # characters that a name must have beside words that every park bears
# Right behind a place of ours: 普陀区桦序生命科学园, 位于桃浦镇的“桦序医谷”.
_PARK = re.compile(
    r"(?:内|境内)?(?:的|“|\")*(?P<name>[\u4e00-\u9fff0-9a-z·]{2,12}?"
    r"(?:产业园区?|科技园区?|创新园区?|科创园|创业园|科学园|健康园|智造园|软件园|医谷|药谷|健谷|孵化器|加速器|科技城|健康城|创新港|创新谷))"
    r"(?![\u4e00-\u9fff]{0,6}(?:有限|公司))"
)
_NOT_A_NAME = re.compile(
    r"[的在于与和及等将已是有为从到由及]|多个|一批|首个|各类|各|某|这|该|本|打造|建设|推动|举办|发布|聚焦|企业"
)
_ENGLISH = re.compile(
    r"\b(?:(?:The|This|Our|A|An|New) )?(?P<name>(?:[A-Z][A-Za-z]+ ){1,4}(?:Park|Hub|Valley|Incubator|Accelerator))"
    r"(?=,? (?:in |in the |of )?(?:Shanghai’s |Shanghai's )?$)"
)
_COMMON_EN: Final = frozenset({
    "The", "This", "Our", "A", "An", "New", "First", "Science", "Technology", "Tech", "Innovation", "Industrial",
    "Life", "Industry", "Health", "Software", "Business", "Creative", "Smart", "Digital", "Shanghai", "China", "Park",
    "Hub", "Valley", "Incubator", "Accelerator",
})  # fmt: skip
_GENERIC: Final = (
    "生命健康", "高新技术", "数字", "智慧", "产业", "科技", "创新", "创业", "科创", "园区", "园", "健康", "国际",
    "特色", "孵化器", "加速器", "众创", "市级", "区级", "国家级", "大学", "重点", "主要", "城", "谷", "港", "区", "镇",
    "街道", "医", "药",
)  # fmt: skip


def find_unknown_parks(doc: Document, places: Sequence[Named]) -> tuple[PlaceMention, ...]:
    """The parks named right beside a place of ours that no list knows, each once, in order; their id is ""."""
    taken = [(named.start, named.end) for named in places]
    found: dict[str, PlaceMention] = {}
    for start, end in _beside(doc, [named for named in places if named.place.whose is Whose.OURS]):
        name = doc.low[start:end]
        if name in found or any(first < end and start < last for first, last in taken):
            continue
        first, last = doc.original(start, end)
        english = name.isascii()
        written = doc.plain[start:end]
        found[name] = PlaceMention(
            id="", zh="" if english else written, en=written if english else "", start=first, end=last
        )
        if len(found) == _MOST:
            break
    return tuple(found.values())


def _beside(doc: Document, ours: Sequence[Named]) -> Iterator[tuple[int, int]]:
    for named in ours:
        if named.place.park or named.in_name:
            continue
        match = _PARK.match(doc.low, named.end, named.end + 24)
        if match is not None and _is_name(match["name"]):
            yield match.span("name")
        lead = _ENGLISH.search(doc.plain[max(0, named.start - 80) : named.start])
        if lead is not None and set(lead["name"].split()) - _COMMON_EN:
            offset = max(0, named.start - 80)
            yield offset + lead.start("name"), offset + lead.end("name")


def _is_name(name: str) -> bool:
    """Whether something is left of it beside words that every park bears, and it is no half sentence."""
    return _NOT_A_NAME.search(name) is None and len(_common().sub("", name)) >= _BRAND


@cache
def _common() -> re.Pattern[str]:
    return re.compile(any_of((*load_rules().names.generic, *_GENERIC)))
