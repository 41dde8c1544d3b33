"""The reference data, arranged for look-up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum, auto
from functools import cache
from typing import Any

from pipelines.locate import reference
from pipelines.locate.numbers import EVERY_NUMBER, GazetteerError, Numbers, read_entry


class Kind(StrEnum):
    """What a name at the head of an address is."""

    SHANGHAI = auto()
    DISTRICT = auto()  # of Shanghai
    TOWN = auto()  # of another district of Shanghai
    FREE_TRADE_ZONE = auto()
    STREET = auto()  # street or town of Putuo
    ELSEWHERE = auto()  # a province or city, or a place in one


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a place. `bare`: without 市, 区 or 省, so that it may be part of a road's name."""

    kind: Kind
    code: str
    bare: bool = False
    anywhere: bool = False  # counts also behind other words, as 住所：上海市普陀区
    sure: bool = True  # a name that only this place bears


@dataclass(slots=True)
class Road:
    """A road or estate of Putuo: its stretches by street and, if shared, the numbers that are ours."""

    streets: list[tuple[Numbers, str]] = field(default_factory=list)
    ours: tuple[Numbers, ...] = (EVERY_NUMBER,)
    shared: bool = False
    common: bool = False  # a name that many Chinese cities have


@dataclass(frozen=True, slots=True)
class Park:
    """A park or platform of Putuo. `at`: how its address keys begin; `decides`: its name alone tells Putuo."""

    id: str
    kind: str
    zh: str
    en: str
    at: tuple[str, ...]
    decides: bool


@dataclass(frozen=True, slots=True)
class Index:
    """The reference data, arranged for look-up."""

    forms: dict[str, Form]
    longest_form: int
    first_characters: frozenset[str]
    roads: dict[str, Road]
    longest_road: int
    variants: dict[int, int]
    road_variants: dict[str, str]
    streets: dict[str, tuple[str, str]]
    parks: dict[str, Park]
    park_of_name: dict[str, str]
    park_names: re.Pattern[str]
    after_bare_putuo: tuple[str, ...]


def _roads(gazetteer: dict[str, Any]) -> dict[str, Road]:
    roads: dict[str, Road] = {}
    for street in gazetteer["street"]:
        for group in street["roads"]:
            for text in group["list"]:
                name, numbers = read_entry(text)
                roads.setdefault(name, Road()).streets.append((numbers, street["code"]))
    for text in gazetteer["roads_without_street"]["list"]:
        roads.setdefault(read_entry(text)[0], Road())
    for shared in gazetteer["shared"]:
        road = roads.setdefault(shared["road"], Road())
        road.shared, road.common = True, "" in shared["with"]
        road.ours = tuple(read_entry(f"{shared['road']} {text}")[1] for text in shared["putuo"])
    return roads


def _street_forms(gazetteer: dict[str, Any]) -> Iterable[tuple[str, Form]]:
    for street in gazetteer["street"]:
        for name in street["names"]:
            yield name, Form(Kind.STREET, street["code"], anywhere=True)
        for name in street.get("ambiguous", ()):
            yield name, Form(Kind.STREET, street["code"], sure=False)
    for name in gazetteer["withdrawn_streets"]["names"]:
        yield name, Form(Kind.STREET, "", anywhere=True)


def _shanghai_forms(divisions: dict[str, Any]) -> Iterable[tuple[str, Form]]:
    yield "上海市", Form(Kind.SHANGHAI, "", anywhere=True)
    yield "上海", Form(Kind.SHANGHAI, "", bare=True)
    for district in divisions["shanghai"]:
        code = district["code"]
        # 南市区 and other withdrawn names are found inside other words; they count only at the beginning.
        yield district["name"], Form(Kind.DISTRICT, code, anywhere="withdrawn" not in district)
        if district["short"]:
            yield district["short"], Form(Kind.DISTRICT, code, bare=True)
        for town in district["towns"]:
            yield town, Form(Kind.TOWN, code)
    zone = divisions["free_trade_zone"]
    for name in zone["names"]:
        yield name, Form(Kind.FREE_TRADE_ZONE, zone["code"], anywhere=True)


def _other_forms(divisions: dict[str, Any]) -> Iterable[tuple[str, Form]]:
    for province in divisions["province"]:
        yield province["short"], Form(Kind.ELSEWHERE, province["code"], bare=True)
        yield province["name"], Form(Kind.ELSEWHERE, province["code"])
        for city in province["cities"]:
            code, name = city.split(" ")
            yield name, Form(Kind.ELSEWHERE, code)
            # 吉林 is first a province, as 河北 is where a city has such a district.
            if name.endswith("市") and name[:-1] != province["short"]:
                yield name[:-1], Form(Kind.ELSEWHERE, code, bare=True)
    for place in (divisions["zhoushan_putuo"], *divisions["namesake"]):
        for name in place.get("towns", place.get("names", ())):
            yield name, Form(Kind.ELSEWHERE, place["code"])


@cache
def character_variants() -> dict[int, int]:
    """Other forms of characters and the ones that names of places are kept in, for `str.translate`."""
    pairs = reference.gazetteer()["character_variants"]
    if len(pairs["from"]) != len(pairs["to"]):
        raise GazetteerError(f"character_variants: {len(pairs['from'])} forms for {len(pairs['to'])}")
    return str.maketrans(pairs["from"], pairs["to"])


@cache
def load_index() -> Index:
    """The one index; raises `GazetteerError` for an entry of a road that cannot be read."""
    gazetteer = reference.gazetteer()
    divisions = reference.divisions()
    forms: dict[str, Form] = {}
    for name, form in (*_other_forms(divisions), *_shanghai_forms(divisions), *_street_forms(gazetteer)):
        forms[name] = form
    roads = _roads(gazetteer)
    entries = reference.parks()["park"]
    parks = {
        park["id"]: Park(park["id"], park["kind"], park["zh"], park["en"], tuple(park["at"]), park["decides"])
        for park in entries
    }
    park_of_name = {name: park["id"] for park in entries for name in park["names"]}
    return Index(
        forms=forms,
        longest_form=max(map(len, forms)),
        first_characters=frozenset(name[0] for name in forms),
        roads=roads,
        longest_road=max(map(len, roads)),
        variants=character_variants(),
        road_variants=gazetteer["road_variants"],
        streets={street["code"]: (street["zh"], street["en"]) for street in gazetteer["street"]},
        parks=parks,
        park_of_name=park_of_name,
        park_names=re.compile("|".join(map(re.escape, sorted(park_of_name, key=len, reverse=True)))),
        after_bare_putuo=tuple(divisions["zhoushan_putuo"]["after_putuo"]),
    )


def street_name(code: str, lang: str) -> str:
    """The name of a street or town of Putuo in `zh` or `en`; "" for a code or language that is not known."""
    zh, en = load_index().streets.get(code, ("", ""))
    return {"zh": zh, "en": en}.get(lang, "")


def park_name(park_id: str, lang: str) -> str:
    """The name of a park in `zh` or `en`; "" for an id or language that is not known."""
    park = load_index().parks.get(park_id)
    return "" if park is None else {"zh": park.zh, "en": park.en}.get(lang, "")
