"""Known firms by less than their registered names: other spellings, place or form left out, core and first trade words.

Such a name is found by its stem: a core name that is somebody's even alone, else the core with its first trade word.
What the page writes around it says which form it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from pipelines.news.bearers import MOST_BEARERS, Claim, holding, meant
from pipelines.news.brands import brand_of, is_bare_brand
from pipelines.news.document import Document, Span
from pipelines.news.rules import load_well_known
from pipelines.news.whole_names import elsewhere_before, from_elsewhere, goes_on, is_led_in, with_place
from pipelines.resolve.company_name import company_name
from pipelines.resolve.company_words import words
from pipelines.resolve.name_match import NameMatch
from pipelines.resolve.name_parts import NOWHERE, SHORTEST_CORE, BracketKind, CompanyName
from pipelines.resolve.name_variants import bare_place, is_distinctive

_MOST_NAMES: Final = 40  # names that hold a stem; one that more hold is a common word
_LONGEST_WORD: Final = 8
_SHANGHAI: Final = "上海"
_DIVISION: Final = slice(2, 4)  # of a credit code: the province that registered it first
_OF_SHANGHAI: Final = "31"


class Alias(NamedTuple):
    """A lesser form of the names of `firms`, at a place of the folded page."""

    firms: tuple[str, ...]
    start: int
    end: int
    match: NameMatch


def stem_of(parts: CompanyName) -> str:
    """The shortest piece of a name by which it is looked for.

    "" of a branch, in Latin letters, of common words, and of what papers call a well-known house: it may be that.
    """
    core = parts.core_name
    if parts.branch != NOWHERE or parts.is_latin or len(brand_of(core)) < SHORTEST_CORE or core in _houses():
        return ""
    if is_distinctive(core) and is_bare_brand(core):
        return core
    if core in words().common_cores:
        return ""
    trade, known = parts.of(parts.trade), words().trade
    sizes = range(SHORTEST_CORE, min(len(trade), _LONGEST_WORD) + 1)
    first = next((trade[:size] for size in sizes if trade[:size] in known), "")
    return core + first if first and core + first not in _houses() else ""


@cache
def _houses() -> frozenset[str]:
    """The well-known houses that are not at home here."""
    known = load_well_known()
    return frozenset(known.chinese) - frozenset(known.home)


class AliasIndex:
    """The stems of known firms' names, found in one pass."""

    def __init__(self, fulls: Mapping[str, Sequence[Claim]], stems: Mapping[str, Sequence[str]]) -> None:
        """`fulls`: who bears each folded name; `stems`: by stem the names that are looked for by it."""
        held = holding(list(stems), fulls)
        self._stems = [stem for stem in stems if 0 < len(held[stem]) <= _MOST_NAMES and stem not in fulls]
        self._owners = [tuple(stems[stem]) for stem in self._stems]
        self._holders = [tuple(held[stem]) for stem in self._stems]
        self._fulls = fulls
        # An automaton of no words is refused by the library.
        self._automaton = AhoCorasick(
            self._stems or ["\0"], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    def find(self, doc: Document, as_of: int | None, held: Sequence[Span]) -> Iterator[Alias]:
        """The lesser forms on a page, in order, each with the firms that may be meant as known then.

        None within the spans `held` by whole names, which are in order too.
        """
        if not self._stems:
            return
        taken = 0
        for index, start, end in self._automaton.find_matches_as_indexes(doc.low):
            while taken < len(held) and held[taken].end <= start:
                taken += 1
            if taken < len(held) and held[taken].start < end:
                continue
            found = [(_written(doc.low, start, end, _facts(name)), name) for name in self._owners[index]]
            longest = max(written.body_end for written, _ in found)
            alike = [(written, name) for written, name in found if written.body_end == longest]
            body = doc.low[start:longest]
            rivals = [name for name in self._holders[index] if body in name]
            bearers = {name for _, name in alike}
            claims = [
                claim if name in bearers else claim._replace(bears=False)
                for name in dict.fromkeys((*bearers, *rivals))
                for claim in self._fulls[name]
            ]
            firms = meant(claims, as_of)
            written = max((written for written, _ in alike), key=lambda one: (one.end, one.begin == start))
            if 1 <= len(firms) <= MOST_BEARERS and _stands(doc, written, start):
                yield Alias(firms, written.begin, written.end, written.match)


def is_shanghais(firm: str, name: str) -> bool:
    """Whether a firm is one of Shanghai: first registered there, by its credit code, or so named."""
    return firm[_DIVISION] == _OF_SHANGHAI or _SHANGHAI in name


# ------------------------------------------------------------------------------------------ how it is written


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a registered name a page may leave out or write otherwise."""

    core: str
    body: str  # core and trade
    ends: tuple[int, ...]  # where a word of the trade ends in the body, the last first
    place: str
    brackets: tuple[str, ...]  # places in brackets, without them
    forms: tuple[str, ...]


@lru_cache(maxsize=100_000)
def _facts(name: str) -> _Facts:
    parts = company_name(name)
    form, same = parts.of(parts.form), words().same_forms
    forms = {form, *(long for long, usual in same.items() if usual == form)} | ({same[form]} if form in same else set())
    core, body = parts.core_name, parts.body
    return _Facts(
        core=core,
        body=body,
        ends=_ends(body, len(core)),
        place=bare_place(parts.of(parts.place)),
        brackets=tuple(bracket.inside for bracket in parts.brackets if bracket.kind is BracketKind.PLACE),
        forms=tuple(sorted((one for one in forms if one), key=len, reverse=True)),
    )


def _ends(body: str, core: int) -> tuple[int, ...]:
    """The places in a body to which words of a trade lead from the core."""
    reached = [core]
    for at in range(core + 1, len(body) + 1):
        if any(body[one:at] in words().trade for one in reached if at - one <= _LONGEST_WORD):
            reached.append(at)
    return tuple(reversed([*reached, len(body)] if reached[-1] != len(body) else reached))


class _Written(NamedTuple):
    """How a page writes a name: where its core and trade end, where all of it begins and ends, and what that is."""

    body_end: int
    begin: int
    end: int
    match: NameMatch
    is_elsewhere: bool


def _written(low: str, start: int, end: int, facts: _Facts) -> _Written:
    stem = end - start
    size = next((at for at in facts.ends if at > stem and low.startswith(facts.body[stem:at], end)), stem)
    body_end = start + size
    after = body_end
    for inside in facts.brackets:
        if low.startswith(f"({inside})", after):
            after += len(inside) + 2
    form = next((form for form in facts.forms if low.startswith(form, after)), "")
    is_whole = size == len(facts.body)
    own = next(
        (place for place in (f"{facts.place}市", facts.place) if facts.place and low.endswith(place, 0, start)), ""
    )
    begin = start - len(own) if own else with_place(low, start)
    if not (is_whole and form):
        match = NameMatch.CORE if size == len(facts.core) else NameMatch.ALIAS
        return _Written(body_end, begin, body_end, match, _is_elsewhere(low, start, own, facts))
    has_place = bool(own) or not facts.place
    is_spelling = has_place and (after > body_end) == bool(facts.brackets)
    match = NameMatch.SPELLING if is_spelling and begin == start - len(own) else NameMatch.LOOSE
    return _Written(body_end, begin, after + len(form), match, _is_elsewhere(low, start, own, facts))


def _is_elsewhere(low: str, start: int, own: str, facts: _Facts) -> bool:
    """Whether the page puts another place before a name than its firm's."""
    if own:
        return elsewhere_before(low, start - len(own))
    is_shanghai_before = with_place(low, start) < start and not low.endswith("中国", 0, start)
    is_others = bool(facts.place) and not facts.place.startswith(_SHANGHAI)
    return from_elsewhere(low, start) or (is_shanghai_before and is_others)


def _stands(doc: Document, written: _Written, start: int) -> bool:
    if written.is_elsewhere or goes_on(doc, written.begin, written.end, short=written.match.is_part):
        return False
    # 澜禾生物制药 is nobody's who is called 澜禾生物医药.
    if written.match.is_part and _trade_at(doc.low, written.end):
        return False
    return written.begin < start or is_led_in(doc.low, start)


def _trade_at(low: str, at: int) -> bool:
    known = words().trade
    return any(low[at : at + size] in known for size in range(SHORTEST_CORE, _LONGEST_WORD + 1))
