"""The places a page names: ours, the other Putuos, and the rest of the country where firms may settle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache
from typing import Final

from pipelines.locate.gazetteer import character_variants
from pipelines.locate.reference import counties, divisions, elsewhere, gazetteer, parks
from pipelines.news.addresses import find_addresses
from pipelines.news.document import Document, fold
from pipelines.news.model import PlaceMention
from pipelines.news.rules import load_terms
from pipelines.news.terms import Terms, every

_PUTUO: Final = "310107"
_DISTRICT: Final = "putuo"  # its id among the landmarks
_DASHES: Final = ("- ", " - ", "–", "—", " – ")
# A city's name before these is part of another name: 宜昌路, 北京大学, 浙江商会.
_PART_OF_A_NAME = re.compile(r"[东西南北中]?[一二三]?(?:路|街(?!道)|大学|学院|医院|银行|商会|证券|籍|大厦|话)")
# Names of counties that stand in no other words: not 海城市 (上海城市副中心), 和县, or districts such as 新城区.
_A_COUNTY = re.compile(r".{2,}(?:县|(?<!城)市)")
# A place inside an organisation's name says nothing of where anything happened.
_ORGANISATION_AHEAD = re.compile(
    r"(?:(?!设立|开设|成立|新设)[^,、。;:\n的与和及在进签落入引迎举为将已是至到并由向等区镇]){0,20}?(?:有限|公司|集团|股份|事务所|支行|分行)"
)
_ENGLISH_ORGANISATION_AHEAD = re.compile(
    r"(?: (?:[A-Z&(][^\s,;]{0,30}|of|and)){1,8}?,? (?:Co\b|Ltd|Inc\b|Corp|Group\b|Company\b)"
)


class Whose(StrEnum):
    """What a place's name says."""

    OURS = auto()
    ELSEWHERE = auto()
    ABROAD = auto()
    ZHOUSHAN = auto()
    NOTHING = auto()  # a false friend, there to hide what it overlaps


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it can be named. `proves`: the name alone is in our Putuo; `outright`: no other Putuo has it.

    `life_health`: it was made for the industry, or is a hospital of the district.
    """

    whose: Whose
    id: str = ""
    zh: str = ""
    en: str = ""
    park: bool = False
    proves: bool = False
    outright: bool = False
    life_health: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A place named in a folded text. `in_name`: inside the name of an organisation."""

    place: Place
    start: int
    end: int
    in_name: bool


def _ours() -> Iterator[tuple[str, Place]]:
    yield from _streets()
    yield from _parks()
    for mark in parks()["landmark"]:
        for name in mark["names"]:
            outright = mark["proves"] and not _other_putuo_may_have(name)
            yield name, Place(
                Whose.OURS, mark["id"], mark["zh"], mark["en"], False, mark["proves"], outright,
                life_health=mark.get("life_health", False),
            )  # fmt: skip


def _streets() -> Iterator[tuple[str, Place]]:
    for street in gazetteer()["street"]:
        zh, en, code = street["zh"], street["en"], street["code"]
        # 长征镇 and 万里街道 are elsewhere too, in English as well.
        sure = zh in street["names"]
        for name in (*street["names"], en):
            yield name, Place(Whose.OURS, code, zh, en, proves=sure, outright=sure)
        for name in street.get("ambiguous", ()):
            yield name, Place(Whose.OURS, code, zh, en)


def _parks() -> Iterator[tuple[str, Place]]:
    for park in parks()["park"]:
        for name in (park["zh"], park["en"], *park["names"], *park["prose"]):
            outright = park["decides"] and not _other_putuo_may_have(name)
            yield name, Place(
                Whose.OURS, park["id"], park["zh"], park["en"], True, park["decides"], outright,
                life_health=park.get("life_health", False),
            )  # fmt: skip


def _other_putuo_may_have(name: str) -> bool:
    """Whether Zhoushan's Putuo may have one of that name: 普陀区中心医院, but not 上海市普陀区中心医院."""
    low = name.lower()
    return low.startswith(("普陀", "putuo")) and "shanghai" not in low


def _elsewhere() -> Iterator[str]:
    data = divisions()
    for district in data["shanghai"]:
        if district["code"] != _PUTUO:
            # 镇 and 街道 of other districts; 南市区 and the like are no places of today.
            yield from (name for name in (district["name"], district["short"], *district["towns"]) if name)
    for province in data["province"]:
        yield from (province["name"], province["short"])
        for city in province["cities"]:
            name = city.split(" ")[1]
            yield from (name, name.removesuffix("市"))
    yield from filter(_A_COUNTY.fullmatch, counties())
    for area in elsewhere()["area"]:
        yield from area["names"]
    yield from load_terms().elsewhere.names


@cache
def _terms() -> Terms[Place]:
    lists = load_terms()
    words: dict[str, Place] = every((fold(name) for name in _elsewhere() if len(name) > 1), Place(Whose.ELSEWHERE))
    words |= every(map(fold, lists.elsewhere.abroad), Place(Whose.ABROAD))
    zhoushan = (*elsewhere()["zhoushan"]["names"], *lists.putuo.zhoushan)
    words |= every(map(fold, zhoushan), Place(Whose.ZHOUSHAN))
    nowhere = (*elsewhere()["false_friends"]["names"], *lists.putuo.false_friends, *lists.elsewhere.not_places)
    words |= every(map(fold, nowhere), Place(Whose.NOTHING))
    words |= {written: place for name, place in _ours() for written in _dashed(fold(name))}
    words.pop("上海", None)
    return Terms(_as_printed_elsewhere(words) | words)


def _dashed(name: str) -> tuple[str, ...]:
    """A folded name as its dash may be printed: china- israel, china–israel."""
    return (name, *(name.replace("-", dash) for dash in _DASHES)) if name.isascii() and "-" in name else (name,)


def _as_printed_elsewhere(words: dict[str, Place]) -> dict[str, Place]:
    """Names in Hong Kong's and Taiwan's writing, as far as the reader does not fold it: 閔行區 is folded to 閔行区."""
    unfolded = {plain: chr(form) for form, plain in character_variants().items() if fold(chr(form)) == chr(form)}
    return {name.translate(unfolded): place for name, place in words.items()}


def find_places(doc: Document) -> list[Named]:
    """The places that `doc` names, in order. Where the other Putuo is meant, none is ours."""
    found = []
    for start, end, place in _terms().find(doc.low):
        if place.whose is Whose.NOTHING:
            continue
        if place.whose is Whose.ELSEWHERE and _PART_OF_A_NAME.match(doc.low, end):
            continue
        found.append(Named(place, start, end, _in_name(doc, end)))
    found = _with_addresses(doc, found)
    if _speaks_of_zhoushan(found):
        return [named for named in found if named.place.whose is not Whose.OURS]
    return found


def _with_addresses(doc: Document, found: list[Named]) -> list[Named]:
    """The places named, with the addresses that lie here by their road, which are no other place's."""
    taken = {at for named in found for at in range(named.start, named.end)}
    more = [
        Named(_here(), start, end, in_name=False)
        for start, end in find_addresses(doc)
        if taken.isdisjoint(range(start, end))
    ]
    return sorted((*found, *more), key=lambda named: named.start) if more else found


@cache
def _here() -> Place:
    mark = next(mark for mark in parks()["landmark"] if mark["id"] == _DISTRICT)
    return Place(Whose.OURS, mark["id"], mark["zh"], mark["en"], proves=True, outright=True)


def _in_name(doc: Document, end: int) -> bool:
    if doc.low[end - 1].isascii():
        return _ENGLISH_ORGANISATION_AHEAD.match(doc.plain, end) is not None
    return _ORGANISATION_AHEAD.match(doc.low, end) is not None


def _speaks_of_zhoushan(found: list[Named]) -> bool:
    zhoushan = any(named.place.whose is Whose.ZHOUSHAN and not named.in_name for named in found)
    return zhoushan and not any(named.place.outright for named in found)


def mention(doc: Document, named: Named) -> PlaceMention:
    """A place of ours as a reading tells it, by its place in the original text."""
    start, end = doc.original(named.start, named.end)
    return PlaceMention(id=named.place.id, zh=named.place.zh, en=named.place.en, start=start, end=end)


@cache
def names_of_ours() -> tuple[str, ...]:
    """Every folded name of a place of ours."""
    return tuple(fold(name) for name, _ in _ours())
