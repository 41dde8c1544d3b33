"""The words of one language: phrases by name, and numbers, days and money as its readers write them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from crawler.fields.money import Money
from crawler.fields.words import load_words
from reports.weeks import SHANGHAI

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# The first word for a currency is the usual one.
_CURRENCIES_ZH = {code: words[0] for code, words in load_words("currencies")["words"].items()} | {"CNY": "元"}
_ZH_SCALES = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
_EN_SCALES = ((Decimal(10) ** 9, " billion"), (Decimal(10) ** 6, " million"))


@cache
def wording() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """All phrases: group → name → language → text with {places}."""
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text(encoding="utf-8"))


class Words:
    """Speaks one language. A phrase that is not in wording.toml raises KeyError: it is a mistake of ours."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, group: str, name: str, **places: object) -> str:
        """The phrase with its places filled; values are put in as they are, never read as a pattern."""
        return wording()[group][name][self.language].format_map(places)

    def count(self, group: str, name: str, n: int, **places: object) -> str:
        """The phrase for `n` of something, in the number the language asks for."""
        forms = wording()[group][name]
        text = forms.get(f"{self.language}_one", forms[self.language]) if n == 1 else forms[self.language]
        return text.format_map({"n": self.number(n), **places})

    def knows(self, group: str, name: str) -> bool:
        """Whether there is such a phrase."""
        return name in wording()[group]

    def number(self, n: int) -> str:
        """1,234."""
        return f"{n:,}"

    def day(self, day: date, year: int) -> str:
        """`11月20日`, `20 Nov`; with the year when it is not `year`."""
        if self.language == "zh":
            return (f"{day.year}年" if day.year != year else "") + f"{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if day.year != year else "")

    def month(self, month: int) -> str:
        """`1月`, `Jan`."""
        return f"{month}月" if self.language == "zh" else _MONTHS[month - 1]

    def local_day(self, instant: datetime, year: int) -> str:
        """The day it is in Shanghai at that instant."""
        return self.day(instant.astimezone(SHANGHAI).date(), year)

    def heading(self, text: str) -> str:
        """A phrase as a heading begins."""
        return text[:1].upper() + text[1:]

    def instant(self, instant: datetime, year: int) -> str:
        """Day and time in Shanghai: `11月23日 06:00`, `23 Nov, 06:00`."""
        local = instant.astimezone(SHANGHAI)
        between = " " if self.language == "zh" else ", "
        return f"{self.day(local.date(), year)}{between}{local:%H:%M}"

    def money(self, money: Money) -> str:
        """`500万元`, `1.2亿美元`; `CNY 5 million`, `USD 120 million`. Two decimals at most, half up."""
        zh = self.language == "zh"
        scale, word = Decimal(1), ""
        for size, name in _ZH_SCALES if zh else _EN_SCALES:
            if money.amount >= size:
                scale, word = size, name
                break
        number = _short(money.amount / scale)
        currency = (_CURRENCIES_ZH.get(money.currency) if zh else None) or money.currency
        return f"{number}{word}{currency}" if zh else f"{currency} {number}{word}".strip()


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _short(number: Decimal) -> str:
    text = f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".")
