"""Parks that the gazetteer does not know, named as lying in a place of ours: candidates for people to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from pipelines.locate.park_names import LONGEST, endings_pattern, english_endings, is_english_park_name, is_park_name
from pipelines.news.document import Document
from pipelines.news.model import PlaceMention
from pipelines.news.places import Named, Whose

_MOST: Final = 20
_REACH: Final = 80  # characters around a place in which a park's name may stand
# What may stand between a place and the park in it: 普陀区祁连山路500号的“桦序医谷”.
_BETWEEN = r"(?:境内|内)?(?:[\u4e00-\u9fff]{1,4}(?:路|公路|大道)(?:[0-9]{1,5}(?:弄|号))*)?(?:内|上)?(?:的|“|\")*"
# 桦序医谷位于普陀区, 桦序医谷,坐落于桃浦镇
_LIES_IN = re.compile(
    r"[”\"]?(?:项目)?,?(?:就)?(?:位于|坐落于|坐落在|地处|设在|选址|选址在|选址于)(?:上海市?|本市|我市)?(?:的)?$"
)
# Before these a name begins.
_BEFORE: Final = frozenset(" \n,.。;:!?、“”\"'()《》<>·-—的在于与和及是为将由从到了对")
_LIES_IN_EN = r",? (?:which |that )?(?:is |was )?(?:located |based |situated )?(?:in |in the |of )?(?:Shanghai['’]s )?$"


def find_unknown_parks(doc: Document, places: Sequence[Named]) -> tuple[PlaceMention, ...]:
    """The parks named right beside a place of ours that no list knows, each once, in order; their id is ""."""
    taken = [(named.start, named.end) for named in places]
    found: dict[str, PlaceMention] = {}
    for start, end in sorted(_beside(doc, [named for named in places if named.place.whose is Whose.OURS])):
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
        for found in (_behind(doc, named), _before(doc, named), *_english(doc, named)):
            if found is not None:
                yield found


def _behind(doc: Document, named: Named) -> tuple[int, int] | None:
    """Right behind a place of ours: 普陀区桦序生命科学园, 位于桃浦镇的“桦序医谷”."""
    match = _patterns().behind.match(doc.low, named.end, named.end + _REACH)
    return match.span("name") if match is not None and is_park_name(match["name"]) else None


def _before(doc: Document, named: Named) -> tuple[int, int] | None:
    """Before a place of ours: 桦序医谷位于普陀区."""
    low, first = doc.low, max(0, named.start - _REACH)
    lies = _LIES_IN.search(low, first, named.start)
    if lies is None:
        return None
    for ending in _patterns().ending.finditer(low, first, lies.start()):
        if ending.end() != lies.start():
            continue
        start = ending.start()
        while start > first and ending.start() - start < LONGEST and low[start - 1] not in _BEFORE:
            start -= 1
        begins = start == 0 or low[start - 1] in _BEFORE  # else it is too long for a name
        return (start, ending.end()) if begins and is_park_name(low[start : ending.end()]) else None
    return None


def _english(doc: Document, named: Named) -> Iterator[tuple[int, int]]:
    """Samplewood Bio Park in Putuo District; Putuo's Samplewood Bio Park."""
    offset = max(0, named.start - _REACH)
    lead = _patterns().english_before.search(doc.plain[offset : named.start])
    if lead is not None and is_english_park_name(lead["name"]):
        yield offset + lead.start("name"), offset + lead.end("name")
    tail = _patterns().english_behind.match(doc.plain, named.end, named.end + _REACH)
    if tail is not None and is_english_park_name(tail["name"]):
        yield tail.span("name")


class _Patterns:
    """The patterns, made of the words in the reference data."""

    def __init__(self) -> None:
        name = rf"(?P<name>[\u4e00-\u9fff0-9a-z·・]{{1,{LONGEST}}}?{endings_pattern()})"
        english = rf"(?P<name>(?:[A-Z][A-Za-z-]+ ){{1,4}}(?:{english_endings()}))"
        self.behind = re.compile(_BETWEEN + name)
        self.ending = re.compile(endings_pattern())
        self.english_before = re.compile(rf"\b(?:(?:The|This|Our|A|An|New) )?{english}(?={_LIES_IN_EN})")
        self.english_behind = re.compile(rf"['’]s (?:new |newly opened )?{english}\b")


@cache
def _patterns() -> _Patterns:
    return _Patterns()
