"""The parts of an organisation's name as a value: `company_name` makes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

BRACKETS: Final = re.compile(r"\(([^()]*)\)")
SHORTEST_CORE: Final = 2  # letters from which a core name tells anything


class Span(NamedTuple):
    """A stretch of a name's normal form; empty where both ends are one."""

    start: int
    end: int


NOWHERE: Final = Span(0, 0)


class BracketKind(StrEnum):
    """What stands in brackets."""

    PLACE = "place"  # (上海), (中国)
    PURPOSE = "purpose"  # (集团)
    FORM = "form"  # (有限合伙), (外商独资)
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Bracket:
    """A pair of brackets: `span` holds them, `inside` is what stands between."""

    kind: BracketKind
    span: Span
    inside: str


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name in its parts, each a span of `text`; what a name does not have is empty.

    `text` is the normal form: `normal_name`, or `english_name` where all letters are Latin. A branch's core, trade and
    form are its parent's. A trade may span brackets: 酒业(集团)销售.
    """

    text: str
    place: Span = NOWHERE  # at the beginning: 江苏省苏州市
    core: Span = NOWHERE
    trade: Span = NOWHERE
    place_behind: Span = NOWHERE  # behind core or trade: 某某航运青岛有限公司
    form: Span = NOWHERE  # of the company, or what a shop is: 有限公司, 经营部
    form_ahead: Span = NOWHERE  # 株式会社某某
    brackets: tuple[Bracket, ...] = ()
    branch: Span = NOWHERE  # 普陀分公司
    parent: str = ""  # the normal name of the organisation a branch belongs to, where it says so

    def of(self, span: Span) -> str:
        """The words of a part, without brackets between them."""
        return BRACKETS.sub("", self.text[span.start : span.end])

    @property
    def core_name(self) -> str:
        """The core name, "" where there is none."""
        return self.of(self.core)

    @property
    def is_latin(self) -> bool:
        """Whether the name is written in Latin letters, its words parted by blanks."""
        return self.text.isascii() and " " in self.text

    @property
    def body(self) -> str:
        """Core and trade, what a name is without place and form; "" where it has no core."""
        return self.of(Span(self.core.start, max(self.core.end, self.trade.end))) if self.core_name else ""
