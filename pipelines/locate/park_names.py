"""What may be the name of a park that the reference data do not know, and where an address writes one."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.locate import reference
from pipelines.locate.clean import clean
from pipelines.locate.gazetteer import load_index

_BRAND: Final = 2  # characters that a name must have beside words that every park bears
LONGEST: Final = 14  # characters of a name before the word that says park
# An organisation behind the name: it names a firm, not where its rooms are.
_NO_FIRM_BEHIND = (
    r"(?![\u4e00-\u9fff]{0,8}?(?:有限|公司|集团|中心|管理处))(?![东西南北中]?[一二三四五]?(?:路|街|弄|站|大道))"
)
# What ends before a name in an address: the division, the road, the number, the building, a bracket.
_BEFORE: Final = frozenset("市区县镇乡村路街弄号幢栋座楼层室道院队()[],、;:/- ")


def is_park_name(name: str, *, in_address: bool = False) -> bool:
    """Whether a text that ends as parks' names do is one: no half sentence, and more than words that all bear.

    Names that people looked at and found to be no park are none, nor are those of other districts' parks.
    """
    no_part = _no_part("not_in_addresses" if in_address else "not_in_names")
    if no_part.search(name) or name.strip('“”"') in _known_otherwise():
        return False
    return len(re.sub(r"[·・“”\"\d]", "", _generic().sub("", name))) >= _BRAND


def is_english_park_name(name: str) -> bool:
    """The same of an English name, its words with capitals: Samplewood Bio Park, but not Shanghai Science Park."""
    return bool(set(name.split()) - set(reference.parks()["park_words"]["generic_en"]))


def unknown_park(address: str) -> str:
    """The name of a park that the address writes and no list knows; "" if there is none. At most 200 characters read.

    `祁连山路500号桦序医谷3幢` names 桦序医谷; a firm's name, a road and a housing estate are no parks.
    """
    text = clean(address)
    if load_index().park_names.search(text):
        return ""
    for ending in _endings().finditer(text):
        start = ending.start()
        while start > 0 and ending.start() - start < LONGEST and text[start - 1] not in _BEFORE:
            start -= 1
        name = text[start : ending.end()]
        begins = start == 0 or text[start - 1] in _BEFORE  # else it is too long for a name
        if begins and is_park_name(name, in_address=True):
            return name.strip('“”"')
    return ""


def park_key(name: str) -> str:
    """What two writings of one park's name share: 桦序产业园 and 桦序产业园区, Bio Park and bio park."""
    return re.sub(r"[·・“”\"\s]", "", name).lower().removesuffix("区")


def endings_pattern() -> str:
    """The pattern of a word that parks' names end with, where no firm's or road's name goes on behind it."""
    return rf"(?:{any_of(reference.parks()['park_words']['endings'])})区?{_NO_FIRM_BEHIND}"


def english_endings() -> str:
    """The pattern of a word that English names of parks end with."""
    return any_of(reference.parks()["park_words"]["english"])


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(endings_pattern())


@cache
def _generic() -> re.Pattern[str]:
    return re.compile(any_of(reference.parks()["park_words"]["generic"]))


@cache
def _no_part(words: str) -> re.Pattern[str]:
    return re.compile(any_of(reference.parks()["park_words"][words]))


@cache
def _known_otherwise() -> frozenset[str]:
    looked_at = (name for group in reference.parks()["not_a_park"] for name in group["names"])
    return frozenset((*looked_at, *(name for area in reference.elsewhere()["area"] for name in area["names"])))
