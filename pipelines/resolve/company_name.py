"""Take the name of an organisation apart: place, core name (字号), trade, legal form, remarks in brackets, branch.

A pure function of the name and the words in `reference/`. What it cannot tell it leaves empty: a name of place and
trade alone (上海医疗器械公司) has no core. A brand that is itself a trade word may not be seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from crawler.fields.names import normal_name
from pipelines.resolve.company_words import LONGEST_PLACE, PlaceName, places, words
from pipelines.resolve.name_parts import BRACKETS, NOWHERE, SHORTEST_CORE, Bracket, BracketKind, CompanyName, Span
from pipelines.resolve.names import branch_ending, english_name, is_branch, parent_name

_PLACE_LIKE: Final = re.compile(r"[\u4e00-\u9fff]{1,10}(?:自治区|自治州|自治县|[省市区县])")
_LONGEST_WORD: Final = 8
_LONGEST_CORE: Final = 5  # a longer one that holds a trade word ends before it: 某某某轮胎销售天骄公司
_NUMBER: Final = re.compile(r"第?[一二三四五六七八九十]+$")  # 塑料制品七厂
_WORKS: Final = "厂店"  # behind a trade word, within a company's name: 食品厂有限公司


def company_name(name: str) -> CompanyName:
    """Takes a name apart. Any text is answered; a blank one has no parts."""
    latin = english_name(name)
    if latin:
        return _latin(latin)
    text = normal_name(name)
    head, parent = _head(text)
    whole = _parts(text[:head])
    branch = Span(head, len(text)) if head < len(text) else NOWHERE
    return replace(whole, text=text, branch=branch, parent=parent)


def core_name(name: str) -> str:
    """The core name (字号) of an organisation, "" where its name has none."""
    return company_name(name).core_name


def _head(text: str) -> tuple[int, str]:
    """Where the own name of a branch's organisation ends in a branch's name, and the parent's normal name."""
    if not is_branch(text):
        return len(text), ""
    parent = parent_name(text)
    if parent and text.startswith(parent):
        return len(parent), parent
    ending = branch_ending(text)
    end = len(text) - len(ending)
    end = _place_behind(text, 0, end)
    end -= text.endswith("驻", 0, end)
    return (end, "") if ending and end >= SHORTEST_CORE else (len(text), "")


# ------------------------------------------------------------------------------------------------ Chinese names


@dataclass(frozen=True, slots=True)
class _Bare:
    """A name without its brackets, and where its letters stand in the name."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        return Span(self.at[start], self.at[end - 1] + 1) if start < end else NOWHERE


def _parts(text: str) -> CompanyName:
    brackets = tuple(_bracket(match) for match in BRACKETS.finditer(text))
    inside = {at for bracket in brackets for at in range(*bracket.span)}
    kept = tuple(at for at in range(len(text)) if at not in inside)
    bare = _Bare("".join(text[at] for at in kept), kept)
    ahead = next((len(form) for form in words().front_forms if bare.text.startswith(form)), 0)
    end = len(bare.text) - len(_form(bare.text[ahead:]))
    stack = _places_ahead(bare.text, ahead, end)
    start = stack[-1].end if stack else ahead
    body = _body(bare.text, start, end)
    if stack and _is_no_place(stack, body.core_end - start):
        start = stack[-2].end if len(stack) > 1 else ahead
        body = _body(bare.text, start, end)
        if body.core_end == start:  # 兴隆贸易: what is a county's name elsewhere is the core
            body = body._replace(core_end=stack[-1].end, trade_start=stack[-1].end)
    elif body.core_end - start == 1:
        body = _longer_core(bare.text, start, body)
    return CompanyName(
        text=text,
        place=bare.span(ahead, start),
        core=bare.span(start, body.core_end),
        trade=bare.span(body.trade_start, body.trade_end),
        place_behind=bare.span(body.place_start, body.place_end),
        form=bare.span(end, len(bare.text)),
        form_ahead=bare.span(0, ahead),
        brackets=brackets,
    )


def _bracket(match: re.Match[str]) -> Bracket:
    inside, known = match[1], words()
    if inside in known.bracket_forms:
        kind = BracketKind.FORM
    elif inside in known.bracket_purposes:
        kind = BracketKind.PURPOSE
    elif inside in places() or _PLACE_LIKE.fullmatch(inside):
        kind = BracketKind.PLACE
    else:
        kind = BracketKind.OTHER
    return Bracket(kind, Span(*match.span()), inside)


def _form(text: str) -> str:
    """The longest form that the text ends in; no name consists of what a house is."""
    known = words()
    for size in range(min(_LONGEST_WORD + 4, len(text)), 0, -1):
        ending = text[-size:]
        if ending in known.company_forms:
            return ending
        if ending in known.shop_forms and size < len(text):
            number = _NUMBER.search(text, 1, len(text) - size) if ending in _WORKS else None
            return text[number.start() :] if number else ending
    return ""


# ------------------------------------------------------------------------------------------------------- places


class _Read(NamedTuple):
    """A place that was read, and where it ends."""

    end: int
    place: PlaceName
    first: bool  # no place but a country's stands before it


def _places_ahead(text: str, at: int, end: int) -> list[_Read]:
    """The places that a name begins with, from the widest to the narrowest."""
    found: list[_Read] = []
    code, level = "", 0
    while True:
        read = _one_place(text, at, end, code, level)
        if read is None:
            return found
        at, place = read
        found.append(_Read(at, place, not code))
        code = place.code or code
        level = _level(place)


def _one_place(text: str, at: int, end: int, code: str, level: int) -> tuple[int, PlaceName] | None:
    for size in range(min(LONGEST_PLACE, end - at), 1, -1):
        for place in places().get(text[at : at + size], ()):
            if _fits(place, code, level):
                return at + size, place
    zone = words().within_place.match(text, at, end) if code else None
    if zone is None or (level < _CITY and text[zone.end() - 1] in "镇乡道"):
        return None
    return zone.end(), replace(_TOWN, code=code)


_CITY: Final = 4  # the level from which a town may follow: 上海古桦镇 has none between
_TOWN: Final = PlaceName("", bare=False, county=True, district=False)


def _level(place: PlaceName) -> int:
    return len(place.code) + 2 * place.county if place.code else 0


def _fits(place: PlaceName, code: str, level: int) -> bool:
    """Whether a place may stand behind the one with this code: 江苏常州 may, 上海大同 may not."""
    if not code:
        return not (place.bare and place.district)
    if not place.bare:
        return place.code[:2] == code[:2] and _level(place) >= level
    return place.code.startswith(code) and _level(place) > level


def _is_no_place(stack: list[_Read], core: int) -> bool:
    """Whether the last place is rather a piece of the core: 栖霞山, 静安寺, and a bare county's name with no core."""
    _, place, first = stack[-1]
    return place.bare and place.county and (core == 1 or (core == 0 and first))


def _place_behind(text: str, start: int, end: int) -> int:
    """Where a city's or province's name at the end of text[start:end] begins; `end` if there is none."""
    for size in range(min(LONGEST_PLACE, end - start - SHORTEST_CORE), 1, -1):
        if any(not (place.county and place.bare) for place in places().get(text[end - size : end], ())):
            return end - size
    return end


# ------------------------------------------------------------------------------------------------ core and trade


class _Body(NamedTuple):
    """Where the parts between place and form lie."""

    core_end: int
    trade_start: int
    trade_end: int
    place_start: int
    place_end: int


def _body(text: str, start: int, end: int) -> _Body:
    trade = _trade_start(text, start, end)
    body = _Body(trade, trade, end, end, end)
    # Only a name that leads with no place has it further back.
    if start == 0 and trade > start and (place := _place_behind(text, start, trade)) < trade:
        inner = _trade_start(text, start, place)
        inner = inner if inner - start >= SHORTEST_CORE else place  # 中节能秦皇岛(环保)
        body = _Body(inner, inner, place, place, trade) if inner < place else _Body(place, trade, end, place, trade)
    if body.core_end - start > _LONGEST_CORE:
        cut = _first_trade(text, start + SHORTEST_CORE, body.core_end)
        body = body._replace(core_end=cut, trade_start=cut)
    return body


def _trade_start(text: str, start: int, end: int) -> int:
    """Where the longest run of trade words that reaches to the end begins; `end` if there is none."""
    return min(_trade_starts(text, start, end), default=end)


def _trade_starts(text: str, start: int, end: int) -> list[int]:
    trade, starts = words().trade, [end]
    for at in range(end - 1, start - 1, -1):
        if any(text[at:to] in trade for to in starts if to - at <= _LONGEST_WORD) or (
            text[at] in _WORKS and at + 1 in starts
        ):
            starts.append(at)
    return starts


def _first_trade(text: str, start: int, end: int) -> int:
    """Where the first trade word within begins; `end` if there is none."""
    trade = words().trade
    for at in range(start, end - 1):
        if any(text[at:to] in trade for to in range(at + 2, min(end, at + _LONGEST_WORD) + 1)):
            return at
    return end


def _longer_core(text: str, start: int, body: _Body) -> _Body:
    """A core of one letter takes the first trade word in: 好房屋(网络科技)."""
    longer = [at for at in _trade_starts(text, start, body.trade_end) if start + 1 < at <= start + 4]
    return body._replace(core_end=min(longer), trade_start=min(longer)) if longer else body


# ------------------------------------------------------------------------------------------------- Latin names

_LATIN_WORD: Final = re.compile(r"\S+")


def _latin(text: str) -> CompanyName:
    known = words()
    spans = [Span(*match.span()) for match in _LATIN_WORD.finditer(text)]
    said = [text[span.start : span.end] for span in spans]
    first = 1 if len(said) > 1 and said[0] in known.english_front else 0
    last = len(said)
    while last > first + 1 and said[last - 1] in known.english_forms:
        last -= 1
    place = first
    while place < last and said[place] in known.english_places:
        place += 1
    common = known.english_trade | known.english_places
    core = next((at for at in range(place, last) if said[at] in common), last)

    def across(start: int, end: int) -> Span:
        return Span(spans[start].start, spans[end - 1].end) if start < end else NOWHERE

    return CompanyName(
        text=text,
        place=across(first, place),
        core=across(place, core),
        trade=across(core, last),
        form=across(last, len(said)),
        form_ahead=across(0, first),
    )
