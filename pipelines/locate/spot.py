"""Road, number and building: the spot in an address, and the key that firms at one spot share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.locate.gazetteer import Road, load_index
from pipelines.locate.head import FIRST_DIGIT, Head
from pipelines.locate.numbers import EVERY_NUMBER

_ROAD_END = re.compile(r"[路街村园区]")
_BEFORE_A_ROAD = frozenset("区市镇乡县道村园线院城社号处口旁厂校楼)]、,:;.】")
_ROAD_BEFORE_NUMBER = re.compile(r"(?:[\u4e00-\u9fff]*[区园镇乡])?([\u4e00-\u9fff]{2,10}?)(?=[第临]?[0-9])")
_IN_BRACKETS = re.compile(r"\([^()]{0,40}\)")
_NUMBER = re.compile(
    r"[第临]?([0-9]{1,5}+)(?:-[0-9]++)?(?:[号弄]?[、,\-至和及][0-9]++(?:-[0-9]++)?)*"
    r"(?:(弄|号)(?!楼)|(?![0-9#号弄楼室层幢栋座]))"
)
_SIDE_LANE = re.compile(r"([0-9]{1,4})支弄")
_NUMBER_IN_LANE = re.compile(r"第?([0-9]{1,4})(?:-[0-9]+)?(?:[、,\-至][0-9]+)*(?:号楼|号)")
_BUILDING = re.compile(r"(?:院?内)?第?(?:([0-9]{1,4})(?:号楼|幢|栋|座|#楼?)|([A-Z])(?:座|幢|栋|楼))")


@dataclass(frozen=True, slots=True)
class Spot:
    """A road, the number on it, and the address key that both make."""

    road: Road | None = None  # None: not a road of Putuo
    number: int | None = None
    lane: bool = False  # a lane number (弄)
    key: str = ""


def _known_road(text: str, start: int) -> tuple[str, int] | None:
    """The first road of the gazetteer and where it ends; it must stand free: no 东新路 in 浦东新路."""
    index = load_index()
    digit = FIRST_DIGIT.search(text, start)
    limit = len(text) if digit is None else digit.start()
    for match in _ROAD_END.finditer(text, start, limit):
        end = match.end()
        for begin in range(max(start, end - index.longest_road), end - 1):
            name = text[begin:end]
            name = index.road_variants.get(name, name)
            if name in index.roads and (begin == start or text[begin - 1] in _BEFORE_A_ROAD):
                return name, end
    return None


def read_spot(text: str, head: Head) -> Spot:
    """The road after the named places, and the number on it.

    中山北路中兴村44号 has its number inside an estate: then the road tells the district, the estate the key.
    桃浦新村68号 has no road: the estate that gave a street its name is also the place of the number.
    """
    text = _IN_BRACKETS.sub("", text[head.end :])
    if head.estate and FIRST_DIGIT.match(text):
        text = head.estate + text
    road, name, end = None, "", 0
    while (known := _known_road(text, end)) is not None:
        name, end = known
        road = load_index().roads[name]
        if end < len(text) and (text[end].isascii() or text[end] in "第临"):
            break
    numbered = _ROAD_BEFORE_NUMBER.match(text, end) if road else _ROAD_BEFORE_NUMBER.search(text)
    if numbered is not None:
        name, end = numbered[1], numbered.end()
    match = _NUMBER.match(text, end)
    if not name or match is None:
        building = _BUILDING.match(text, end) if name else None
        return Spot(road, key=f"{name}{_building(building)}" if building else "")
    number, unit = match[1].lstrip("0") or "0", match[2] or "号"
    key = f"{name}{number}{unit}{_inside(text, match.end(), unit)}"
    return Spot(road, None if road and numbered else int(number), unit == "弄", key)


def _inside(text: str, at: int, unit: str) -> str:
    """What follows the number on the road, down to the building: 30支弄, 3号, 2幢."""
    lane = _SIDE_LANE.match(text, at) if unit == "弄" else None
    at = lane.end() if lane else at
    number = _NUMBER_IN_LANE.match(text, at) if unit == "弄" else None
    at = number.end() if number else at
    building = _BUILDING.match(text, at)
    if number and building and number[1] == building[1]:
        building = None  # 1473弄3号3幢 is the house 1473弄3号
    return "".join(
        (
            f"{lane[1]}支弄" if lane else "",
            f"{number[1]}号" if number else "",
            _building(building) if building else "",
        )
    )


def _building(match: re.Match[str]) -> str:
    """号楼, 幢, 栋 and # are written for the same building."""
    return f"{match[1]}幢" if match[1] else f"{match[2]}座"


def street_of(spot: Spot) -> str:
    """The one street or town that holds the number, or all of the road; "" if two might."""
    if spot.road is None:
        return ""
    streets = {
        street
        for numbers, street in spot.road.streets
        if numbers is EVERY_NUMBER or (spot.number is not None and numbers.holds(spot.number))
    }
    return streets.pop() if len(streets) == 1 else ""
