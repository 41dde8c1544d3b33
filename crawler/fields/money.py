"""Read an amount of money, its unit and its currency from one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

from crawler.fields.text import clean, fold_width
from crawler.fields.words import any_of, load_words

_LARGEST = Decimal(10) ** 16
_LONGEST = 64  # characters
_EXACT = Context(prec=60)  # more than the pattern lets through, so that nothing is ever rounded

_CURRENCY_OF: dict[str, str] = {
    word: code for code, words in load_words("currencies")["words"].items() for word in (code, *words)
}
_SCALES = (
    *("", "十", "百", "千", "万", "十万", "百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿"),
    *("十万亿", "百万亿", "千万亿"),
)
_POWER_OF = {word: power for power, word in enumerate(_SCALES)}

_SMALL_NUMERALS = "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖貳參叄陸"
_VALUE_OF = {
    numeral: value
    for row in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "  貳參肆伍陸")
    for value, numeral in enumerate(row)
    if numeral != " "
} | {"两": 2, "叄": 3}
_BIG_NUMERALS = "十百千万亿拾佰仟萬億"
_NUMERALS = _SMALL_NUMERALS + _BIG_NUMERALS
_ONE_SPELLING = str.maketrans("萬億拾佰仟圓", "万亿十百千圆")


_CURRENCY = f"(?:{any_of(list(_CURRENCY_OF))})"
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,17})(?:\.[0-9]{1,10})?"
_AMOUNT = re.compile(rf"([^0-9{_NUMERALS}]*)({_NUMBER}|[{_NUMERALS}]+)(.*)")
_UNIT = re.compile(
    rf"({_CURRENCY})?({any_of(list(_SCALES[1:]))})?(元|圆)?({_CURRENCY})?(元|圆)?(?:整|正)?",
    re.IGNORECASE | re.ASCII,
)
_BEFORE = re.compile(rf"\(?({_CURRENCY})\)?:?|", re.IGNORECASE | re.ASCII)
# 元 and the smaller coins behind it, as awards print sums: 1234元5角6分. Colloquial 块 and 毛 are not read:
# they are pieces and hair as well.
_DIGIT = rf"(?:[0-9]|[{_SMALL_NUMERALS}])"
_COINS = re.compile(rf"(元|圆)(?:({_DIGIT})角)?(?:({_DIGIT})分)?(?:整|正)?$")
_MEASURED = re.compile(rf"(?<=[0-9{_NUMERALS}])个(?=[万亿萬億])")  # 两个亿
_BLANK_NOT_IN_NUMBER = re.compile(r"(?<![0-9]) | (?![0-9])")
# 一万二 and 三百四 are said for 12,000 and 340, but written they may as well miss a word.
_SPOKEN = re.compile(rf"[百千万亿佰仟萬億][{_SMALL_NUMERALS}]$")
# 二〇二六 is a year or a number read out, not an amount; 零 stands only behind a unit (一千零五).
_DIGIT_ROW = re.compile(rf"[^零〇{_BIG_NUMERALS}][{_SMALL_NUMERALS}]|^[零〇].|[零〇]{{2}}")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole units of `currency` (yuan, dollars; never 万) and the currency's ISO 4217 code.

    Equal amounts are written alike, without zeros at the end of a fraction, so that their text can be
    compared.
    """

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class _Unit:
    """What the words around a number say: power of ten, currency ("" unsaid), and whether there is a 元."""

    power: int
    currency: str
    says_yuan: bool

    @property
    def is_said(self) -> bool:
        return bool(self.power or self.currency or self.says_yuan)


def parse_money(text: str, *, unit: str = "") -> Money | None:
    """The amount `text` states, or None where it states none for certain.

    `unit` is what the column's header says of its numbers (`万元` of a header 注册资本（万元）); what the
    cell itself says goes before it. Without any unit a bare number is not read: yuan and 万元 differ by
    10,000. A scale or 元 without a currency is yuan. A currency without 元 or a scale, under a header with a
    scale, is not read for the same reason. Negative amounts, amounts above 10**16 units, ranges, sums and two
    currencies give None; zero is zero.
    """
    if len(text) > _LONGEST:
        return None
    whole, coins = _without_coins(_MEASURED.sub("", _compact(text)))
    found = _AMOUNT.fullmatch(whole)
    if not found:
        return None
    before, number, after = found.groups()
    cell = _read_unit(after, before)
    value = _read_number(number)
    if cell is None or value is None:
        return None
    said = _settle(cell, _read_unit(_compact(unit)), in_words=number[0] in _NUMERALS and value >= 10_000)
    if said is None:
        return None
    if coins and (said.power or "." in number):
        return None  # 3万元5角 and 3.5元5角 are no sums of money
    amount = _EXACT.add(value.scaleb(said.power, context=_EXACT), coins)
    return Money(_plain(amount), said.currency or "CNY") if amount <= _LARGEST else None


def _without_coins(text: str) -> tuple[str, Decimal]:
    """A sum up to its 元, and the 角 and 分 behind it in yuan; 0 where there are none."""
    found = _COINS.search(text)
    if found is None or not (found[2] or found[3]):
        return text, Decimal(0)
    tenths, hundredths = (_digit(part) if part else 0 for part in (found[2], found[3]))
    return text[: found.end(1)], Decimal(10 * tenths + hundredths).scaleb(-2)


def _digit(text: str) -> int:
    """0 to 9 in either kind of digits, plain or formal."""
    return int(text) if text in "0123456789" else _VALUE_OF[text]


def _compact(text: str) -> str:
    """`text` in ASCII width, without blanks except between digits: 1 000 may be two numbers."""
    return _BLANK_NOT_IN_NUMBER.sub("", fold_width(clean(text)))


@lru_cache(maxsize=4096)  # a column says the same few units a hundred thousand times
def _read_unit(after: str, before: str = "") -> _Unit | None:
    """The unit written behind (and before) a number; None for words that are not a unit."""
    first = _BEFORE.fullmatch(before)
    rest = _UNIT.fullmatch(after.replace("(", "").replace(")", "").translate(_ONE_SPELLING))
    if not first or not rest:
        return None
    currencies = {_currency(word) for word in (first[1], rest[1], rest[4]) if word}
    if len(currencies) > 1:
        return None
    return _Unit(_POWER_OF[rest[2] or ""], "".join(currencies), "元" in after or "圆" in after)


def _currency(word: str) -> str:
    return _CURRENCY_OF.get(word) or _CURRENCY_OF[word.upper()]


def _settle(cell: _Unit, header: _Unit | None, *, in_words: bool) -> _Unit | None:
    """Whose unit counts, the cell's or the header's; None where neither says enough.

    `in_words` marks a numeral that carries its own 万 or 亿 (肆佰叁拾万).
    """
    if in_words and cell.power:
        return None
    if not cell.is_said and not in_words:
        return header if header and header.is_said else None
    if header and header.power and not (cell.power or cell.says_yuan or in_words):
        return None
    if header and not (cell.currency or cell.says_yuan):
        return _Unit(cell.power, header.currency, says_yuan=False)
    return cell


def _read_number(number: str) -> Decimal | None:
    if number[0] in "0123456789":
        return Decimal(number.replace(",", ""))
    if _SPOKEN.search(number) or _DIGIT_ROW.search(number):
        return None
    # Its tables take 0.1 s to build, which every command would wait for; few extracts write amounts in words.
    from cn2an import cn2an  # noqa: PLC0415

    try:
        return Decimal(cn2an(number, "normal"))
    except ValueError:  # numerals in an order that is no number
        return None


def _plain(amount: Decimal) -> Decimal:
    short = amount.normalize(context=_EXACT)
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1), context=_EXACT)
