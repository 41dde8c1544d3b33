"""House numbers along a road, and how an entry of the gazetteer writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass


class GazetteerError(ValueError):
    """An entry of the gazetteer or the divisions that cannot be read; names the entry."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A stretch of house numbers, both ends included; `parity` 0 even, 1 odd, None both sides."""

    low: int
    high: int
    parity: int | None = None

    def holds(self, number: int) -> bool:
        return self.low <= number <= self.high and self.parity in (None, number % 2)


EVERY_NUMBER = Numbers(0, 10**6)
_ENTRY = re.compile(r"(?P<name>\S+)(?: (?P<low>\d+)(?:-(?P<high>\d+))?(?: (?P<side>odd|even))?)?")
_SIDES = {None: None, "even": 0, "odd": 1}


def _numbers(match: re.Match[str]) -> Numbers:
    low = match["low"]
    if low is None:
        return EVERY_NUMBER
    stretch = Numbers(int(low), int(match["high"] or low), _SIDES[match["side"]])
    if stretch.low > stretch.high:
        raise GazetteerError(f"numbers run backwards: {match[0]!r}")
    return stretch


def read_entry(text: str) -> tuple[str, Numbers]:
    """`曹杨路 1-640 odd` → the road and its stretch of numbers."""
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise GazetteerError(f"not a road with numbers: {text!r}")
    return match["name"], _numbers(match)
