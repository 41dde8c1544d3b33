"""Short names of firms wherever they stand in a page: a brand before a word of trades, or before a leader's office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from crawler.fields.words import any_of, begins
from pipelines.news.brands import brand_of, candidate_rules, is_bare_brand, is_english_name
from pipelines.news.cut import brand_before
from pipelines.news.document import Document, Span
from pipelines.news.rules import load_terms
from pipelines.news.whole_names import with_place

_MOST: Final = 2_000  # words of trades looked at on a page
_BRAND: Final = 2
_ROADS: Final = ("路", "街", "弄")  # 梅川路门诊部: a house's site, by its road
_LONGEST_LEAD: Final = 16
_LONGEST_JOINT: Final = 14
# In a Chinese text; behind it nothing that makes it a thing of the firm's.
_LATIN_NAME: Final = re.compile(
    r"(?<![A-Za-z0-9&.-])(?<![A-Za-z0-9] )[A-Z][A-Za-z0-9&’'-]{2,20}(?: [A-Z][A-Za-z0-9&-]{1,20}){0,3}(?![A-Za-z0-9])"
    r"(?!项目|技术|产品|业务|系统|模式|工艺|平台|轮|峰会|大会|论坛)"
)
# Behind a word of trades: it is the trade that goes on, 生命科技产业区.
_GOES_ON: Final = (
    "产业", "园", "城", "谷", "基地", "集群", "论坛", "大会", "展(?![示开现出望])", "周(?![一二三四五六日末])", "学会",
    "协会", "联盟", "领域", "行业", "赛道", "大学", "学院", "中心",
)  # fmt: skip
_IS_NO_FIRM: Final = f"(?!{'|'.join(_GOES_ON)})"
_LATIN = re.compile(r"(?<![A-Za-z0-9&-])[A-Z][A-Za-z0-9&-]{1,20}$")


def trade_names(doc: Document) -> Iterator[Span]:
    """The names in a folded page that have a brand, which is no word, before a word of trades."""
    for number, match in enumerate(_trades().finditer(doc.low)):
        if number == _MOST:
            return
        begin = None if doc.low.endswith(_ROADS, 0, match.start()) else _brand(doc, match.start())
        if begin is not None and len(brand_of(doc.low[begin : match.end()])) >= _BRAND:
            yield Span(with_place(doc.low, begin), match.end())


def led_brands(doc: Document) -> Iterator[Span]:
    """Bare brands before the office of one who leads a firm, or before its kind: 某某创始人, 某某公司."""
    for number, match in enumerate(_offices().finditer(doc.low)):
        if number == _MOST:
            return
        begin = _brand(doc, match.start())
        if begin is None:
            continue
        name = doc.low[begin : match.start()]
        if is_bare_brand(name):
            yield Span(begin, match.start())


def latin_names(doc: Document) -> Iterator[Span]:
    """Names in Latin letters in a Chinese text, behind a country or a word of firms, and those joined to them."""
    last = -1  # where the last name ends
    for number, name in enumerate(_LATIN_NAME.finditer(doc.plain)):
        if number == _MOST:
            return
        start, end = name.span()
        between = last if 0 <= start - last <= _LONGEST_JOINT else start
        led = _latin_leads().search(doc.low, max(0, start - _LONGEST_LEAD), start)
        if not led and not (between < start and _latin_joint().fullmatch(doc.low, between, start)):
            continue
        if _is_latin_brand(name[0]):
            last = end
            yield Span(start, end)


def _is_latin_brand(name: str) -> bool:
    words = name.lower().split()
    return is_english_name(name.lower()) and not any(word in candidate_rules().acronyms for word in words)


@cache
def _latin_leads() -> re.Pattern[str]:
    firms = any_of(candidate_rules().is_firm_before)
    return re.compile(
        rf"(?:(?:{_countries()})(?:的|企业|公司|品牌)*|(?:{firms})(?:中的|里的|中|有|包括|如|的|:|“|\")*)$"
    )


@cache
def _latin_joint() -> re.Pattern[str]:
    return re.compile(rf"(?:孵化器|公司)?(?:、|和|与|及|以及)(?:{_countries()})?(?:的|企业|公司)*")


def _countries() -> str:
    return any_of(name for name in load_terms().elsewhere.abroad if not name.isascii())


def _brand(doc: Document, end: int) -> int | None:
    latin = _LATIN.search(doc.plain, max(0, end - 22), end) if doc.plain[end - 1 : end].isascii() else None
    if latin is None:
        return brand_before(doc.low, 0, end)
    return latin.start() if latin[0].lower() not in candidate_rules().acronyms else None


@cache
def _trades() -> re.Pattern[str]:
    rules = candidate_rules()
    telling = any_of(word for word in rules.suffixes if word not in rules.not_anywhere)
    return re.compile(
        rf"{begins((*rules.not_anywhere, *rules.suffixes))}"
        rf"(?:{any_of(rules.not_anywhere)}){{0,2}}(?:{telling})(?:{any_of(rules.suffixes)}){{0,4}}{_IS_NO_FIRM}"
    )


@cache
def _offices() -> re.Pattern[str]:
    return re.compile(any_of(candidate_rules().offices))
