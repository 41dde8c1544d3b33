"""The words of a scope that speak for a sub-sector, item by item, and what its verbs and the name make of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence, Set
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from pipelines.classify.label import Field, SubSector
from pipelines.classify.lexicon import Lexicon
from pipelines.classify.rules import FalseFriend, IndustryRule, LicenceRule, Rules, ScopeRule
from pipelines.classify.scope import ScopeReader, Verb, ends_clause
from pipelines.classify.text import unparted

_KNOWN_ITEMS = 50_000  # items recur from scope to scope; how they read is kept, in real scopes some 50 MB
_LONGEST_KEPT = 200  # characters; longer ones do not recur, and would fill the memory


class ScopeWord(NamedTuple):  # a tuple, for it is made more often than anything else here
    """Words of a scope that speak: their place, the rank of their item, and what they speak for there.

    Ranks count the items that say what a firm does, from 0. An industry code speaks like a leading item, a licence like
    one more at the end; a licence has no place: start and end are -1.
    """

    rule: ScopeRule | IndustryRule | LicenceRule
    sector: SubSector
    start: int
    end: int
    rank: int
    field: Field = "scope"

    @property
    def speaks_alone(self) -> bool:
        """Whether the word has its meaning without the name."""
        return not self.rule.only_if_named


@dataclass(frozen=True, slots=True)
class ScopeRead:
    """A whole scope as it was read.

    `items` is how many say something, `anyones` the ranks of those that firms of every trade list; `refuted`: whether
    trade with animals or plants heads it.
    """

    words: list[ScopeWord]
    items: int
    anyones: frozenset[int]
    refuted: bool


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a scope by itself: places are from its own beginning. `counts` is 1 if it says something, else 0."""

    counts: int
    is_dull: bool  # whether nothing speaks, and no verb stands first: it counts, or not
    is_anyones: bool
    refutes: bool
    words: tuple[tuple[int, int, ScopeRule], ...]
    speaks_alone: bool  # whether any of them needs no name that gives it a meaning
    is_plain: bool  # whether its words speak whatever the name and other items say
    has_goods: bool  # whether a verb tells what its words speak for
    verb: Verb
    leads: bool  # whether it has a verb, and that stands first


_Part: TypeAlias = tuple[_Item, int, str]  # an item, its place, and the separators behind it
_FIRST = itemgetter(0)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a scope by itself: its items, none if it reads otherwise among others; `alone` if it is but one."""

    alone: _Item | None
    parts: list[_Part]


class ScopeFinder:
    """Finds the words of scopes that speak, by the terms of the rules; scopes must be `folded`."""

    def __init__(self, rules: Rules) -> None:
        self._lexicon = Lexicon(rules.scope, rules.not_health)
        self._reader = ScopeReader(rules.scope_reading)
        self._items: dict[str, _Item] = {}
        self._pieces: dict[str, _Piece] = {}
        self._silent: set[str] = set()  # the pieces in which nothing speaks

    def read(self, scope: str, named: Set[SubSector]) -> ScopeRead:
        """What speaks in a scope of a firm whose name speaks for these sub-sectors."""
        known, read_piece = self._pieces.get, self._read_piece
        place = self._reader.lead_in(scope)
        parts: list[_Part] = []
        for words, separators in self._reader.pieces(scope):
            piece = known(words) or read_piece(words)
            if piece.alone:
                parts.append((piece.alone, place, separators))
            elif piece.parts:
                parts += [(item, place + start, behind) for item, start, behind in piece.parts[:-1]]
                last, start, _ = piece.parts[-1]
                parts.append((last, place + start, separators))
            else:
                return self._tell(self._parts(self._reader.without_exclusions(scope)), named)
            place += len(words) + len(separators)
        return self._tell(parts, named)

    def is_silent(self, scope: str) -> bool:
        """Whether nothing speaks in a scope of a firm whose name says nothing; of most firms that is all there is."""
        if not self._lexicon.may_speak_in(scope):
            return True
        pieces = self._reader.pieces(scope)
        if self._silent.issuperset(map(_FIRST, pieces)):
            return True
        for words, _ in pieces:
            if words not in self._pieces:
                self._read_piece(words)
        return self._silent.issuperset(map(_FIRST, pieces))

    def _read_piece(self, words: str) -> _Piece:
        """How a piece reads by itself; kept, for pieces recur from scope to scope."""
        parts = self._parts(self._reader.without_exclusions(words)) if self._reader.stands_alone(words) else []
        is_one = len(parts) == 1 and parts[0][1] == 0
        piece = _Piece(parts[0][0] if is_one else None, parts)
        if len(words) > _LONGEST_KEPT:
            return piece
        if len(self._pieces) >= _KNOWN_ITEMS:
            self._pieces.clear()
            self._silent.clear()
        self._pieces[words] = piece
        if parts and not any(item.speaks_alone for item, _, _ in parts):
            self._silent.add(words)
        return piece

    def _parts(self, text: str) -> list[_Part]:
        """The items of a text whose exclusions are hidden."""
        parts: list[_Part] = []
        place = self._reader.lead_in(text)
        for words, separators in self._reader.items(text):
            parts.append((self._items.get(words) or self._read_item(words), place, separators))
            place += len(words) + len(separators)
        return parts

    def _tell(self, parts: list[_Part], named: Set[SubSector]) -> ScopeRead:
        """What the items of a scope say together: verbs govern goods, and neighbours and the name give meaning."""
        rank, refuted, is_plain = 0, False, True
        governing: Verb = ""  # the last verb of the clause that stood first in its item
        found: list[ScopeWord] = []
        anyones: list[int] = []
        for index, (item, place, separators) in enumerate(parts):
            if item.is_dull:  # most items
                rank += item.counts
                if governing and ends_clause(separators):
                    governing = ""
                continue
            if item.words:
                verb: Verb = ""
                if item.has_goods:
                    verb = item.verb or governing or self._next_verb(parts, index)
                found += _words(item, place, rank, verb)
                is_plain = is_plain and item.is_plain
            elif item.is_anyones:
                anyones.append(rank)
            if item.refutes and rank == 0:
                refuted = True
            if item.leads:
                governing = item.verb
            if governing and ends_clause(separators):
                governing = ""
            rank += item.counts
        return ScopeRead(found if is_plain else _joined(_heard(found, named)), rank, frozenset(anyones), refuted)

    @staticmethod
    def _next_verb(parts: Sequence[_Part], index: int) -> Verb:
        """The verb of goods whose own item has none, nor any before it in the clause: the next (片剂、胶囊剂的生产)."""
        for (_, _, separators), (item, _, _) in itertools.pairwise(parts[index:]):
            if ends_clause(separators):
                break
            if item.verb:
                return item.verb
        return ""

    def of_industry(self, words: str) -> list[ScopeWord]:
        """What the words of an industry say, read as the leading item of a scope."""
        item = self._read_item(unparted(self._reader.without_exclusions(words)))
        return [ScopeWord(rule, _sector(rule, item.verb), start, end, 0, "industry") for start, end, rule in item.words]

    def _read_item(self, words: str) -> _Item:
        """How an item reads; kept, for items recur from scope to scope."""
        if words in self._items:
            return self._items[words]
        found: list[tuple[int, int, ScopeRule]] = []
        refutes = False
        for start, end, rule in self._lexicon.speaking(words):
            if isinstance(rule, FalseFriend):
                if rule.refutes:
                    refutes = True
                    break  # what follows is said of animals or plants
            else:
                found.append((start, end, rule))
        counts = self._reader.counts(words)
        is_anyones = counts and not found and self._reader.is_anyones(words)
        verb, leads = self._reader.verb(words)
        item = _Item(
            int(counts),
            not (found or refutes or is_anyones or leads),
            is_anyones,
            refutes,
            tuple(found),
            any(not rule.only_if_named for _, _, rule in found),
            not any(rule.joins or rule.only_if_named for _, _, rule in found),
            any(rule.made_sector for _, _, rule in found),
            verb,
            leads,
        )
        if len(words) <= _LONGEST_KEPT:
            if len(self._items) >= _KNOWN_ITEMS:
                self._items.clear()
            self._items[words] = item
        return item


def _words(item: _Item, place: int, rank: int, verb: Verb) -> list[ScopeWord]:
    """The words of one item where it stands in the scope, under the verb that governs its goods."""
    if not item.has_goods:
        return [ScopeWord(rule, rule.sector, place + start, place + end, rank) for start, end, rule in item.words]
    if verb == "grows":
        return []  # a farm's herbs are no medicines
    return [ScopeWord(rule, _sector(rule, verb), place + start, place + end, rank) for start, end, rule in item.words]


def _sector(rule: ScopeRule, verb: Verb) -> SubSector:
    """What a rule speaks for under a verb."""
    if rule.made_sector is None or verb == "trades":
        return rule.sector
    return rule.made_sector if verb or rule.made_unless_traded else rule.sector


def _heard(words: list[ScopeWord], named: Set[SubSector]) -> list[ScopeWord]:
    """The words that speak by themselves, and those to which the name gives a meaning: 软件 of 某某医疗信息公司."""
    return [word for word in words if word.speaks_alone or word.sector in named]


def _joined(found: list[ScopeWord]) -> list[ScopeWord]:
    """Goods of two uses go with those they stand among: 原料药 among the medicines of a seller are medicines."""
    strong = {word.sector for word in found if word.rule.strength == "strong" and not word.rule.joins}
    return [word._replace(sector=word.rule.joins) if word.rule.joins in strong else word for word in found]
