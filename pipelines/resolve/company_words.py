"""The words of organisations' names and the places they begin with, read from `reference/` and ready for look-up."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from crawler.fields.words import any_of
from pipelines.locate.reference import divisions, gazetteer

_REFERENCE: Final = Path(__file__).parents[1] / "reference"
_SHANGHAI: Final = "31"
# 延边朝鲜族自治州 is written 延边, 大厂回族自治县 大厂; 大兴安岭地区 大兴安岭.
_OF_PEOPLES = re.compile(r"([\u4e00-\u9fff]{2,5}?)(?:[\u4e00-\u9fff]{1,3}族){1,3}自治[州县]")
_LAST_WORD = re.compile(r"(?:自治区|特别行政区|新区|地区|[省市区县旗盟])$")


@dataclass(frozen=True, slots=True)
class Words:
    """company_words.toml."""

    company_forms: frozenset[str]
    shop_forms: frozenset[str]
    same_forms: dict[str, str]
    front_forms: tuple[str, ...]
    english_forms: frozenset[str]
    english_front: frozenset[str]
    english_places: frozenset[str]
    english_trade: frozenset[str]
    bracket_forms: frozenset[str]
    bracket_purposes: frozenset[str]
    countries: frozenset[str]
    trade: frozenset[str]
    common_cores: frozenset[str]
    within_place: re.Pattern[str]  # a zone or a town behind a place that was read already


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as it may begin a name: its code (2 digits a province, 4 a prefecture, 6 a county's prefecture)."""

    code: str
    bare: bool  # without its 省, 市, 区, 县
    county: bool
    district: bool  # a county-level 区, whose bare name alone is no sign of the place


@cache
def words() -> Words:
    """The words, read once."""
    data = _read("company_words.toml")
    form, place, trade = data["form"], data["place"], data["trade"]
    shops = frozenset(form["shops"])
    zones, towns = any_of(place["zones"]), any_of(place["towns"])
    return Words(
        company_forms=frozenset(form["company"]),
        shop_forms=shops,
        same_forms=form["same"],
        front_forms=tuple(form["front"]),
        english_forms=frozenset(form["english"]),
        english_front=frozenset(form["english_front"]),
        english_places=frozenset(place["english"]),
        english_trade=frozenset(trade["english"]),
        bracket_forms=frozenset(data["bracket"]["form"]),
        bracket_purposes=frozenset(data["bracket"]["purpose"]),
        countries=frozenset(place["countries"]),
        trade=frozenset(word for kind in trade if kind != "english" for word in trade[kind])
        | {shop for shop in shops if len(shop) > 1},
        common_cores=frozenset(data["core"]["common"]),
        within_place=re.compile(rf"[\u4e00-\u9fff]{{0,4}}?(?:{zones})|[\u4e00-\u9fff]{{2,4}}?(?<!城)(?:{towns})"),
    )


@cache
def places() -> dict[str, tuple[PlaceName, ...]]:
    """Every place by each of its names; one name may be several places'."""
    found: dict[str, list[PlaceName]] = {}

    def add(name: str, code: str, *, county: bool = False) -> None:
        district = county and name.endswith("区")
        _put(found, name, PlaceName(code, False, county, district))
        bare = _bare(name)
        if len(bare) > 1 and bare != name:
            _put(found, bare, PlaceName(code, True, county, district))

    add("上海市", _SHANGHAI)
    for district in divisions()["shanghai"]:
        add(district["name"], f"{_SHANGHAI}01", county=True)
        for town in district["towns"]:
            _put(found, town, PlaceName(f"{_SHANGHAI}01", False, True, False))
    for street in gazetteer()["street"]:
        _put(found, street["zh"], PlaceName(f"{_SHANGHAI}01", False, True, False))
    for province in divisions()["province"]:
        add(province["name"], province["code"][:2])
        _put(found, province["short"], PlaceName(province["code"][:2], True, False, False))
        for city in province["cities"]:
            code, name = city.split(" ")
            add(name, code[:4])
    for code, names in _read("counties.toml")["counties"].items():
        for name in names.split():
            if len(name) > 2 or name.endswith("县"):
                add(name, code, county=True)
    for country in words().countries:
        _put(found, country, PlaceName("", True, False, False))
    return {name: tuple(dict.fromkeys(found[name])) for name in found}


LONGEST_PLACE: Final = 12


def _put(found: dict[str, list[PlaceName]], name: str, place: PlaceName) -> None:
    if 1 < len(name) <= LONGEST_PLACE:
        found.setdefault(name, []).append(place)


def _bare(name: str) -> str:
    people = _OF_PEOPLES.fullmatch(name)
    return people[1] if people else _LAST_WORD.sub("", name)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_REFERENCE / name).read_text(encoding="utf-8"))
