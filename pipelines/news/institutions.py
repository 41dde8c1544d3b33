"""Institutions that a page names: hospitals, universities and schools of theirs, institutes, centres, stations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.brands import (
    brand_of,
    candidate_rules,
    is_full_name,
    is_trade,
    place_at_head,
    says_what,
    without_lead,
)
from pipelines.news.cut import cut, is_unknown
from pipelines.news.document import Document, Span
from pipelines.news.terms import Terms, every

_MOST: Final = 500  # words of institutions looked at on a page
_WINDOW: Final = 24
_SHORTEST: Final = 4
_SHORT_SCHOOL: Final = 2  # 同济 alone is also a brand
_ENDS: Final = frozenset("的了和与及同由是为向对在从将被让给于")
_RUN = re.compile(r"(?:[\u4e00-\u9fff·]|\([\u4e00-\u9fff]{2,8}\))*$")
_HEADS: Final = (
    "国家",
    "中国",
    "全国",
    "中国科学院",
    "中科院",
    "华东",
    "长三角",
    "长江三角洲",
    "中法",
    "中德",
    "中以",
    "中美",
    "中日",
    "中英",
)
_HOUSES: Final = ("集团", "研究院", "研究所", "医院")  # of these a common word may be the brand
_LONGEST_PLAIN: Final = 6
_COUNTED: Final = ("家", "所", "个", "座", "大")  # 近百家医院
_BRAND: Final = 2
_MORE_THAN_A_PLACE: Final = 3


def institutions(doc: Document) -> Iterator[Span]:
    """The names of institutions in a folded page that have a place, a brand or the state at their head, in order."""
    at = 0
    for start, end, is_university in islice(_endings().find(doc.low), _MOST):
        if start < at:
            continue
        tail = (_of_university() if is_university else _sites()).match(doc.low, end)
        if tail is None:
            continue
        begin = _school(doc.low, start, tail.end()) if is_university else _institution(doc.low, at, start)
        if begin is not None and tail.end() - begin >= _SHORTEST:
            at = tail.end()
            if not _is_of_the_state(doc.low[begin:at]):
                yield Span(begin, at)


def _is_of_the_state(name: str) -> bool:
    """Whether a folded name is a state academy's, or a laboratory's of somebody's else."""
    rules = candidate_rules()
    return name in rules.no_institutions or name.endswith(rules.no_institution_ends)


@cache
def _endings() -> Terms[bool]:
    """What institutions end in (False), and universities (True)."""
    rules = candidate_rules()
    return Terms(every(rules.institutions, value=False) | every(rules.universities, value=True))


@cache
def _sites() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_of(candidate_rules().sites)}|·[\u4e00-\u9fff]{{2,16}}?(?:基地|中心|园))?(?!有限|股份|集团)"
    )


@cache
def _of_university() -> re.Pattern[str]:
    rules = candidate_rules()
    part = rf"(?:(?![和与及的等、在为])[\u4e00-\u9fff]){{0,12}}?(?:{any_of(rules.of_university)})"
    return re.compile(rf"(?:{part})?(?:附属[\u4e00-\u9fff]{{1,8}}?医院)?(?!生|城|路|站){_sites().pattern}")


def _school(low: str, start: int, end: int) -> int | None:
    """Where a university's or its school's name begins; 同济 alone is also a brand, and 环同济 a quarter."""
    return start if end - start > _SHORT_SCHOOL and not low.endswith("环", 0, start) else None


def _institution(low: str, floor: int, form: int) -> int | None:
    run = _RUN.search(low, max(floor, form - _WINDOW), form)
    assert run is not None  # it may be empty
    begin = _begin(low, run.start(), form)
    if begin is not None and _is_told_apart(low[begin:form]):
        return begin
    ending = next((house for house in _HOUSES if low.startswith(house, form)), "")
    return _plain(low, run.start(), form, ending) if ending else None


def _plain(low: str, start: int, form: int, ending: str) -> int | None:
    """Where a house begins whose brand is a common word (长征医院), if nothing else stands between it and a lead."""
    begin = start + without_lead(low[start:form])
    name = low[begin:form]
    if len(name) > _LONGEST_PLAIN or name.endswith(_COUNTED) or is_trade(name) or not is_full_name(name + ending):
        return None
    return None if any(token in _leads() or token in _ENDS for token in cut(name)) else begin


def _begin(low: str, start: int, form: int) -> int | None:
    """Where the name begins: at the first place, brand or 国家 behind the words that only lead to it."""
    at, unknown = start, 0
    found: int | None = None
    for token in cut(low[start:form]):
        if token in _leads() or token in _ENDS:
            found, unknown = None, 0
        elif found is None and (token in _HEADS or place_at_head(token) == token):
            found = at
        unknown = unknown + len(token) if is_unknown(token) else 0
        at += len(token)
        if found is None and unknown >= _BRAND:
            found = at - unknown
    return found


def _is_told_apart(name: str) -> bool:
    """Whether a name without its ending says more than a place: 上海科技创新中心 is what the city shall be."""
    needed = _BRAND if brand_of(name) else _MORE_THAN_A_PLACE
    return len(name) - len(place_at_head(name)) >= needed and len(says_what(name)) >= _BRAND


@cache
def _leads() -> frozenset[str]:
    rules = candidate_rules()
    return frozenset((*rules.verbs, *rules.leads)) - frozenset(rules.in_institutions)
