"""The amounts a sentence states: money in whole units of its currency, land and floor in square metres."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from crawler.fields.money import Money, parse_money
from crawler.fields.words import any_of

SQUARE_METRES: Final = "square_metres"

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,15}(?:\.[0-9]{1,6})?"
_PLAIN, _FORMAL = "一二两三四五六七八九十百千万亿零〇", "壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMERALS = _PLAIN + _FORMAL
_SCALE = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百|仟|佰"
# Currencies as news writes them; shorter words (新元, 马克) are parts of others (新元素, 马克杯).
_CURRENCY_ZH: Final = (
    "人民币|美元|美金|欧元|港元|港币|日元|英镑|韩元|新台币|新加坡元|新加坡币|加拿大元|加元|澳大利亚元|澳元|澳门元|瑞士法郎|瑞郎"
    "|新谢克尔|谢克尔|卢布|泰铢|瑞典克朗|丹麦克朗|林吉特|印尼盾|越南盾"
)
_COIN = rf"[0-9{_NUMERALS}]"
_COINS = rf"(?:{_COIN}角(?:{_COIN}分)?|{_COIN}分)(?=整|[^\u4e00-\u9fff]|$)"  # 5分, not 5分钟
_MONEY_ZH = re.compile(
    rf"(?=[0-9{_PLAIN[:10]}{_FORMAL}])"
    rf"(?<![0-9.])(?P<n>{_DIGITS}|(?<![数几上{_NUMERALS}])[{_PLAIN[:10]}{_FORMAL}][{_NUMERALS}]{{0,24}})"
    rf"(?P<m>余|多)?(?P<s>个(?:万|亿)|{_SCALE})?"
    # 1亿5000万元, 12万5千元: a smaller number goes on behind the scale
    rf"(?:(?P<n2>[0-9]{{1,4}}(?:\.[0-9]{{1,4}})?)(?P<s2>千万|百万|十万|万|千|百)?)?"
    rf"(?P<more>余|多)?(?P<c>{_CURRENCY_ZH})?(?P<y>元|圆)?(?P<k>{_COINS})?整?"
)
# 港币约5000万元: the currency stands before the number.
_CURRENCY_BEFORE = re.compile(rf"(?P<c>{_CURRENCY_ZH})\)?:?(?:总额|共计|合计)?(?:约合|约|近|超过|超|逾|达到|达|为)?$")
# 1万-5万元: what stands behind is only the upper end.
_RANGE = re.compile(r"[0-9一二三四五六七八九十百千万亿元](?:\(含\))?(?:-+|~|—+|–|至|到)$")
# What is told again in another currency is the same sum.
_AGAIN = re.compile(
    r"[(,]? ?(?:约合|折合|约为|约|合|about|around|approximately|approx\.?|equivalent to|or|or about|roughly)?"
    r" ?(?:人民币)? ?$"
)
_SMALL: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_POWERS: Final = {"trillion": 12, "billion": 9, "bn": 9, "million": 6, "m": 6, "thousand": 3}
_SIGNS: Final = {
    "us$": "USD", "hk$": "HKD", "nt$": "TWD", "sg$": "SGD", "s$": "SGD", "au$": "AUD", "a$": "AUD", "ca$": "CAD",
    "c$": "CAD", "nz$": "NZD", "$": "USD", "£": "GBP", "€": "EUR", "¥": "CNY", "usd": "USD", "hkd": "HKD",
    "sgd": "SGD", "rmb": "CNY", "cny": "CNY", "eur": "EUR", "gbp": "GBP", "jpy": "JPY", "chf": "CHF", "ils": "ILS",
}  # fmt: skip
_WORDS: Final = {
    "yuan": "CNY", "rmb": "CNY", "u.s. dollars": "USD", "u.s. dollar": "USD", "us dollars": "USD", "us dollar": "USD",
    "american dollars": "USD", "american dollar": "USD", "hong kong dollars": "HKD", "hong kong dollar": "HKD",
    "singapore dollars": "SGD", "singapore dollar": "SGD", "canadian dollars": "CAD", "australian dollars": "AUD",
    "dollars": "USD", "dollar": "USD", "euros": "EUR", "euro": "EUR", "japanese yen": "JPY", "yen": "JPY",
    "swiss francs": "CHF", "pounds sterling": "GBP", "british pounds": "GBP", "shekels": "ILS",
}  # fmt: skip
_SIGN_WORDS = "|".join(rf"\b{sign}" if sign.isalpha() else rf"(?<![a-z]){re.escape(sign)}" for sign in _SIGNS)
_MONEY_EN = re.compile(
    rf"(?P<sign>{_SIGN_WORDS})? ?(?<![0-9.,])(?P<n>{_DIGITS}|\b(?:{'|'.join(_SMALL)})\b)"
    rf"[ -]?(?P<s>{'|'.join(_POWERS)})?\b(?:[ -]?(?P<c>{'|'.join(map(re.escape, _WORDS))})\b)?"
)
_MONEY_SAID = re.compile(
    rf"[元圆$¥€£]|{_CURRENCY_ZH}|yuan|yen\b|francs|pounds|shekels|dollar|{'|'.join(s for s in _SIGNS if s.isalpha())}"
)
_SAID_IN_ENGLISH = re.compile(any_of({*_SIGNS, *_WORDS}))
_AREA_SAID = re.compile(r"平方?米|㎡|m2|亩|公顷|square met|sq ?m|hectare|\bmu\b")
_AREA = re.compile(
    rf"(?<![0-9.])(?P<n>{_DIGITS}) ?(?P<s>万|million|hectares?|mu\b)?[余多]? ?"
    r"(?P<u>平方米|平米|㎡|m2|亩|公顷|square met(?:er|re)s?|sq ?m\b)?"
)
_MU: Final = (Decimal(2000), Decimal(3))  # 15 亩 are one hectare


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in whole units, with its place in the folded text. `more`: 余 or 多 stands within it."""

    start: int
    end: int
    value: Decimal
    unit: str
    more: bool = False


@lru_cache(maxsize=64)  # claims and every statement of a sentence ask again
def find_money(low: str, start: int, end: int) -> tuple[Amount, ...]:
    """The amounts of money between two places, in order; what is said again in another currency is left out."""
    if not _MONEY_SAID.search(low, start, end):
        return ()
    found = sorted([*_chinese(low, start, end), *_english(low, start, end)], key=lambda amount: amount.start)
    kept: list[Amount] = []
    for amount in found:
        if kept and amount.start < kept[-1].end:
            continue
        if kept and kept[-1].unit != amount.unit and _is_again(low, kept[-1].end, amount.start):
            continue
        kept.append(amount)
    return tuple(kept)


def _is_again(low: str, start: int, end: int) -> bool:
    between = low[start:end].strip()
    return between.startswith(("(", ",约合", ",折合", ", or", "or ")) and _AGAIN.fullmatch(between) is not None


def _chinese(low: str, start: int, end: int) -> Iterator[Amount]:
    for match in _MONEY_ZH.finditer(low, start, end):
        if not (match["c"] or match["y"] or match["s"]):
            continue
        before = low[max(start, match.start() - 14) : match.start()]
        if _RANGE.search(before):
            continue
        named = _CURRENCY_BEFORE.search(before)
        if not (match["c"] or match["y"] or (named and match["s"])):
            continue
        money = _sum(match, "" if named is None else named["c"])
        if money is not None:
            yield Amount(match.start(), match.end(), money.amount, money.currency, bool(match["m"] or match["more"]))


def _sum(match: re.Match[str], named: str) -> Money | None:
    """What a match states; None where two currencies are named, or a part is not smaller than what it stands behind."""
    currency = match["c"] or ("" if named == "人民币" else named)
    if match["c"] and named and match["c"] != named:
        return None
    scale = (match["s"] or "").removeprefix("个")
    coins = match["k"] if match["k"] and match["y"] else ""
    unit = f"{currency}{'' if currency else match['y'] or '元'}"
    money = parse_money(f"{match['n']}{scale}{unit}{coins}")
    if match["n2"] is None or money is None:
        return money
    rest = parse_money(f"{match['n2']}{match['s2'] or ''}{unit}")
    one = parse_money(f"1{scale}元") if scale in ("万", "亿") else None
    if rest is None or one is None or rest.amount >= one.amount or match["m"] or coins:
        return None
    return Money(money.amount + rest.amount, money.currency)


def _english(low: str, start: int, end: int) -> Iterator[Amount]:
    if not _SAID_IN_ENGLISH.search(low, start, end):
        return
    for match in _MONEY_EN.finditer(low, start, end):
        if not (match["sign"] or match["c"]):
            continue
        number = match["n"]
        value = Decimal(_SMALL[number]) if number in _SMALL else Decimal(number.replace(",", ""))
        unit = _SIGNS[match["sign"]] if match["sign"] else _WORDS[match["c"]]
        yield Amount(match.start(), match.end(), whole(value.scaleb(_POWERS.get(match["s"] or "", 0))), unit)


@lru_cache(maxsize=64)
def find_areas(low: str, start: int, end: int) -> tuple[Amount, ...]:
    """The areas between two places in square metres; 亩 (mu) is 2000/3 of them, rounded to whole ones."""
    if not _AREA_SAID.search(low, start, end):
        return ()
    found = []
    for match in _AREA.finditer(low, start, end):
        unit = match["u"] or (match["s"] if match["s"] in ("mu", "hectare", "hectares") else "")
        if not unit:
            continue
        value = Decimal(match["n"].replace(",", ""))
        value = value.scaleb({"万": 4, "million": 6}.get(match["s"] or "", 0))
        if unit in ("亩", "mu"):
            value = (value * _MU[0] / _MU[1]).quantize(Decimal(1))
        elif unit in ("公顷", "hectare", "hectares"):
            value *= 10_000
        found.append(Amount(match.start(), match.end(), whole(value), SQUARE_METRES))
    return tuple(found)


def whole(value: Decimal) -> Decimal:
    """The same number without zeros at the end of a fraction and without an exponent."""
    short = value.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))
