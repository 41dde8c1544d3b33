"""Mentions within their sentence, each with the bracket behind it that gives its other name."""

from __future__ import annotations

import re
from dataclasses import dataclass

# 甲(以下简称“乙”), 甲(股票代码:…), 甲(乙), Oakfen (Brightoak)
_ALIAS = re.compile(
    r" ?[“\"]?\((?:(?:以下)?(?:简称|下称|统称|又名|英文名|股票代码|证券代码"
    r"|hereinafter|hereafter|stock code|[“\"])[^()]{0,60}"
    r"|[^(),、。;:0-9]{2,40})\)"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A mention within its sentence."""

    firm: str
    start: int
    end: int


def with_aliases(low: str, slots: list[Slot]) -> list[Slot]:
    """Each mention with the bracket right behind it that gives its short name or share code; none within a bracket."""
    found: list[Slot] = []
    for slot in slots:
        if found and slot.start < found[-1].end:
            continue
        alias = _ALIAS.match(low, slot.end)
        found.append(Slot(slot.firm, slot.start, alias.end() if alias else slot.end))
    return found
