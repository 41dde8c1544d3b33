"""The amounts a sentence states: money in whole units of its currency, land and floor in square metres."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crawler.fields.money import parse_money

SQUARE_METRES: Final = "square_metres"

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,15}(?:\.[0-9]{1,6})?"
_NUMERALS = "一二两三四五六七八九十百千万亿零〇"
_SCALE = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百"
_MONEY_ZH = re.compile(
    rf"(?<![0-9.])(?P<n>{_DIGITS}|(?<![数几上{_NUMERALS}])[一二两三四五六七八九十][{_NUMERALS}]{{0,14}})"
    rf"(?P<s>{_SCALE})?(?P<more>余|多)?(?P<c>人民币|美元|美金|欧元|港元|港币|日元|英镑)?(?P<y>元)?"
)
# 1万-5万元: what stands behind is only the upper end.
_RANGE = re.compile(r"[0-9一二三四五六七八九十百千万亿元](?:\(含\))?(?:-+|~|—+|–|至|到)$")
_SMALL: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_POWERS: Final = {"trillion": 12, "billion": 9, "bn": 9, "million": 6, "m": 6, "thousand": 3}
_SIGNS: Final = {
    "us$": "USD",
    "$": "USD",
    "usd": "USD",
    "rmb": "CNY",
    "cny": "CNY",
    "¥": "CNY",
    "€": "EUR",
    "eur": "EUR",
}
_MONEY_EN = re.compile(
    rf"(?P<sign>us\$|\$|\busd|\brmb|\bcny|¥|€|\beur)? ?(?<![0-9.,])(?P<n>{_DIGITS}|\b(?:{'|'.join(_SMALL)})\b)"
    rf"[ -]?(?P<s>{'|'.join(_POWERS)})?\b(?P<c>[ -]?(?:yuan|rmb|(?:u\.s\.|us|american) dollars?|dollars?|euros?))?"
)
_MONEY_SAID = re.compile(r"[元$¥€]|美金|人民币|港币|英镑|yuan|rmb|cny|usd|eur|dollar")
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


def find_money(low: str, start: int, end: int) -> list[Amount]:
    """The amounts of money between two places, in order; a conversion in brackets behind one is left out."""
    if not _MONEY_SAID.search(low, start, end):
        return []
    found = sorted({*_chinese(low, start, end), *_english(low, start, end)}, key=lambda amount: amount.start)
    kept: list[Amount] = []
    for amount in found:
        if kept and amount.start < kept[-1].end:
            continue
        if kept and low[kept[-1].end : amount.start].strip() in ("(", "(约", "(about", "(around", "(approximately"):
            continue
        kept.append(amount)
    return kept


def _chinese(low: str, start: int, end: int) -> Iterator[Amount]:
    for match in _MONEY_ZH.finditer(low, start, end):
        if not (match["c"] or match["y"]) or _RANGE.search(low, max(start, match.start() - 8), match.start()):
            continue
        money = parse_money(f"{match['n']}{match['s'] or ''}{match['c'] or ''}{match['y'] or ''}")
        if money is not None:
            yield Amount(match.start(), match.end(), money.amount, money.currency, bool(match["more"]))


def _english(low: str, start: int, end: int) -> Iterator[Amount]:
    for match in _MONEY_EN.finditer(low, start, end):
        if not (match["sign"] or match["c"]):
            continue
        number = match["n"]
        value = Decimal(_SMALL[number]) if number in _SMALL else Decimal(number.replace(",", ""))
        words = (match["c"] or "").strip(" -")
        unit = _SIGNS[match["sign"]] if match["sign"] else _currency(words)
        yield Amount(match.start(), match.end(), whole(value.scaleb(_POWERS.get(match["s"] or "", 0))), unit)


def _currency(words: str) -> str:
    if words in ("yuan", "rmb"):
        return "CNY"
    return "EUR" if words.startswith("euro") else "USD"


def find_areas(low: str, start: int, end: int) -> list[Amount]:
    """The areas between two places in square metres; 亩 (mu) is 2000/3 of them, rounded to whole ones."""
    if not _AREA_SAID.search(low, start, end):
        return []
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
    return found


def whole(value: Decimal) -> Decimal:
    """The same number without zeros at the end of a fraction and without an exponent."""
    short = value.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))
