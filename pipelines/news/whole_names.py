"""Whether a name that stands in a page is the firm's own, and not a piece of a longer name or of a word."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby

from crawler.fields.words import any_of
from pipelines.locate.gazetteer import load_index
from pipelines.locate.reference import divisions
from pipelines.news.document import Document
from pipelines.news.rules import load_rules
from pipelines.news.terms import is_whole

# Behind a registered name: a part of the firm, which is another entry of the register.
_PART_AHEAD = re.compile(
    r"(?:(?!在|于|设立|开设|成立|新设)[^,、。;:!?\n()]){0,14}?(?:分公司|支公司|分院|分店|门店|分部|营业部|办事处|分中心)"
)
# Behind a shortened one: the name goes on, so it is another firm's or a group's.
_NAME_AHEAD = re.compile(
    r"(?:\([^()]{1,10}\))?(?![与和及同向在将对是为等])[^,、。;:!?\n与和及同向在将对是为等]{0,10}?(?:有限|股份|集团|合伙)"
)
_ENGLISH_NAME_AHEAD = re.compile(
    r" (?:\([a-z]{1,20}\)|[A-Z][\w-]*)?,? ?(?:group|holdings?|\([a-z]{1,20}\))", re.IGNORECASE
)


# …or it goes on with a place, or with what makes it another: 澜禾苏州公司, 澜禾（苏州）公司, 澜禾研究院.
_OTHERS = any_of(
    (
        *("研究院", "研究所", "研究中心", "医院", "诊所", "门诊", "卫生站", "产业园", "科技园", "创新园", "园", "店"),
        *("基金", "资本", "投资公司", "投资管理", "子公司", "母公司", "集团", "工厂", "药房"),
    )
)
_TOWN = 2  # characters of a town's name before 路街道, 新村, 镇
# Before it: 苏州的澜禾, 总部位于北京的澜禾, 武汉企业澜禾.
_OF_A_PLACE = ("的", "企业", "公司", "药企")


def stands(doc: Document, start: int, end: int, *, short: bool) -> bool:
    """Whether the name at this place is the firm's own, and not a piece of a longer name."""
    low = doc.low
    if goes_on(doc, start, end, short=short):
        return False
    if not short:
        return _begins(low, start, end)
    is_begun = with_place(low, start) < start or low.startswith(load_rules().names.places, start)
    return not from_elsewhere(low, start) and (is_begun or is_led_in(low, start))


def goes_on(doc: Document, start: int, end: int, *, short: bool) -> bool:
    """Whether what follows makes the name at this place a piece of a longer one, or of a word."""
    low = doc.low
    if low[start].isascii() and not is_whole(low, start, end):
        return True
    if _PART_AHEAD.match(low, end, end + 24) and not low.startswith("的", end):
        return True
    if not short:
        return False
    ahead = _NAME_AHEAD.match(low, end, end + 30) or _ENGLISH_NAME_AHEAD.match(doc.plain, end, end + 40)
    return ahead is not None or _another_ahead().match(low, end, end + 20) is not None


@cache
def _another_ahead() -> re.Pattern[str]:
    places = any_of({*place_names(), *(name for district in divisions()["shanghai"] if (name := district["short"]))})
    towns = any_of({zh[:_TOWN] for zh, _ in load_index().streets.values()})
    return re.compile(
        rf"(?:\((?:{places})\)|{places}|{towns})?(?:{_OTHERS})|(?:\((?:{places})\)|{places})市?(?:公司|基地|中心|院区)"
    )


def _begins(low: str, start: int, end: int) -> bool:
    """Whether a registered name begins here: none that leads with its own place is a piece of a longer one."""
    name = low[start:end]
    if name.startswith(load_rules().names.places):
        return not elsewhere_before(low, start)
    if name.startswith(tuple(place_names())):
        return True
    return with_place(low, start) == start and not elsewhere_before(low, start) and is_led_in(low, start)


def is_led_in(low: str, start: int) -> bool:
    """Whether no Chinese character stands before a name, but for words that lead to one: 新某某 is another firm."""
    if start == 0 or not "\u4e00" <= low[start - 1] <= "\u9fff" or not "\u4e00" <= low[start] <= "\u9fff":
        return True
    return low.endswith(load_rules().names.leads, max(0, start - 4), start)


def with_place(low: str, start: int) -> int:
    """Where a name begins with the place of its registration, if that stands right before it."""
    place = next((place for place in load_rules().names.places if low.endswith(place, 0, start)), "")
    return start - len(place)


def elsewhere_before(low: str, start: int) -> bool:
    """Whether another place's name goes before a short one: 苏州某某生物科技 is not Shanghai's firm."""
    ahead = low[max(0, start - 4) : start]
    return any(ahead.endswith(name) for name in _place_names_by_end().get(ahead[-1:], ()))


def from_elsewhere(low: str, start: int) -> bool:
    """The same of a name that does not say itself where it is of: 苏州的某某生物, 总部位于苏州的某某生物."""
    lead = next((lead for lead in _OF_A_PLACE if low.endswith(lead, 0, start)), "")
    return elsewhere_before(low, start) or (bool(lead) and elsewhere_before(low, start - len(lead)))


@cache
def place_names() -> frozenset[str]:
    """The provinces and cities by which firms are named, without 省 and 市."""
    names = set()
    for province in divisions()["province"]:
        names.add(province["short"])
        names.update(city.split(" ")[1].removesuffix("市") for city in province["cities"])
    return frozenset(name for name in names if len(name) > 1 and name != "上海")


@cache
def _place_names_by_end() -> dict[str, tuple[str, ...]]:
    names = sorted(
        (name for place in place_names() for name in (place, f"{place}市")), key=lambda name: (name[-1], name)
    )
    return {end: tuple(group) for end, group in groupby(names, key=lambda name: name[-1])}
