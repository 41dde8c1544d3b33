"""The forms under which others write an organisation's name, and how surely each still is that name."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.resolve.company_name import company_name
from pipelines.resolve.company_words import LONGEST_PLACE, places, words
from pipelines.resolve.name_match import NameMatch
from pipelines.resolve.name_parts import NOWHERE, SHORTEST_CORE, BracketKind, CompanyName


class Variant(NamedTuple):
    """A form under which a name is written, and how surely it still is that name."""

    text: str
    match: NameMatch


def name_variants(name: str) -> tuple[Variant, ...]:
    """The forms under which others write a name, its normal form first; each once, under its surest reading.

    A short one may be anybody's: only who knows all names (`NameBook.ambiguous`, `NameIndex`) can say whose it is.
    """
    parts = company_name(name)
    if not parts.text:
        return ()
    found = [Variant(parts.text, NameMatch.EXACT)]
    found += [Variant(text, NameMatch.SPELLING) for text in _spellings(parts)]
    if is_telling(parts):
        found += [Variant(text, NameMatch.LOOSE) for text in _loosened(parts)]
        found += [Variant(text, match) for text, match in _shortened(parts)]
    surest: dict[str, Variant] = {}
    for variant in found:
        surest.setdefault(variant.text, variant)
    return tuple(variant for text, variant in surest.items() if text)


def _spellings(parts: CompanyName) -> list[str]:
    """With and without 市 behind its city, and with its legal form in each of its spellings."""
    text, place = parts.text, parts.of(parts.place)
    made = []
    for size in range(min(LONGEST_PLACE, len(place)), 1, -1):
        if place[:size] in places() and f"{place[:size]}市" in places() and not place.startswith("市", size):
            made.append(f"{place[:size]}市{text[parts.place.start + size :]}")
            break
    if (bare := bare_place(place)) != place:
        made.append(bare + text[parts.place.end :])
    form = parts.of(parts.form)
    for long, usual in words().same_forms.items():
        if form in (long, usual):
            other = usual if form == long else long
            made.append(text[: parts.form.start] + other + text[parts.form.end :])
    return made


def _loosened(parts: CompanyName) -> list[str]:
    """Without place, or the widest of several; without form; without the place in brackets, or with it in front."""
    text = parts.text
    made = [text[parts.place.end :].strip()] if parts.place != NOWHERE else []
    if narrower := _without_widest(parts.of(parts.place)):
        made.append(narrower + text[parts.place.end :])
    if parts.form != NOWHERE and parts.branch == NOWHERE:
        made.append((text[: parts.form.start] + text[parts.form.end :]).strip())
    for bracket in parts.brackets:
        if bracket.kind is BracketKind.PLACE:
            without = text[: bracket.span.start] + text[bracket.span.end :]
            made += [without] if parts.place != NOWHERE else [without, bracket.inside + without]
    return made


def _without_widest(place: str) -> str:
    """上海普陀 as 普陀; "" for one place alone."""
    size = next((size for size in range(min(LONGEST_PLACE, len(place)), 1, -1) if place[:size] in places()), 0)
    return place[size:] if size else ""


def _shortened(parts: CompanyName) -> list[tuple[str, NameMatch]]:
    """Core and trade, core and first trade word, place and core; none of a branch, whose short name is its parent's."""
    if parts.branch != NOWHERE:
        return []
    gap = " " if parts.is_latin else ""
    core, trade, known = parts.core_name, parts.of(parts.trade), words().trade
    firsts = [trade[:size] for size in range(len(trade) - 1, 1, -1) if trade[:size] in known]
    made = [(parts.body, NameMatch.SHORT), *((core + first, NameMatch.ALIAS) for first in firsts)]
    if parts.place != NOWHERE:
        made.append((parts.of(parts.place) + gap + core, NameMatch.CORE))
    if is_distinctive(core):
        made.append((core, NameMatch.CORE))
    return [(name, match) for name, match in made if name != core or match is NameMatch.CORE]


def bare_place(place: str) -> str:
    """A place with its first word's 市 or 省 left out: 上海市普陀区 is 上海普陀区."""
    for size in range(min(LONGEST_PLACE, len(place)), 2, -1):
        if place[:size] in places() and place[size - 1] in "市省" and place[: size - 1] in places():
            return place[: size - 1] + place[size:]
    return place


def is_distinctive(core: str) -> bool:
    """Whether a core name is long enough, and no common word, to be somebody's even alone."""
    return len(core) > SHORTEST_CORE and core not in words().common_cores and core not in places()


def is_telling(parts: CompanyName) -> bool:
    """Whether a name still tells whose it is without place and form."""
    return len(parts.core_name) >= SHORTEST_CORE and (parts.trade != NOWHERE or len(parts.core_name) > 3)
