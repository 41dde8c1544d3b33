"""Finds what tells of the same: pages, licences, disclosures and registrations of one happening become one event.

Each telling is compared with those that were known before it, and joins the event it agrees with, or begins one. So
only what was known by then decides, and what was told keeps its key. The windows are in detect/one_event.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from hashlib import md5
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Final

import duckdb
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

_RULES: Final = Path(__file__).parent / "detect" / "one_event.toml"
_BLANKS: Final = re.compile(r"\s+")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_QUOTED: Final = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,60})[”」』》\"]")
# Numbers of licences, products and trials, as the issuing offices write them.
_NUMBER: Final = re.compile(
    r"国械注[准进许]\d{11,14}|[\u4e00-\u9fff]械(?:注准|备)\d{8,14}|国药准字[HZSJB]\d{8}|NCT\d{8}|CTR\d{8}|CHICTR\w{8,12}"
    r"|[\u4e00-\u9fff]{1,6}械(?:经营|生产)?[许备]\d{6,12}"
)
_ROUND: Final = re.compile(r"(PRE-?[A-H]|[A-H]|天使|种子|战略)\+*轮|SERIES-?([A-H])\+*|(SEED|ANGEL)ROUND")
_ROUND_NAMES: Final = {"天使": "ANGEL", "种子": "SEED"}
_PAPER: Final = "announcement"
_SHORTEST_PRODUCT: Final = 4  # letters of a name that may be looked for in a text
_AS_READ: Final = ("told_id", "kind", "sort", "known_at", "is_stated", "is_denied", "denied_at", "past_id")
_TEXTS: Final = ("identity", "words", "product", "unit")
_TOLD: Final = pa.schema([("told_id", pa.string()), ("event_id", pa.string())])

Days = Annotated[int, Field(ge=0)]


class _Windows(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    apart: Days
    stated: Days
    longest: Days
    sure: Days
    amounts: bool


class _Products(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    endings: tuple[str, ...]


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Annotated[float, Field(ge=0, lt=1)]
    papers: Days
    default: _Windows
    kind: dict[str, dict[str, bool | Days]]
    product: _Products

    def windows(self, kind: str) -> _Windows:
        return _Windows.model_validate(self.default.model_dump() | self.kind.get(kind, {}))


@cache
def _rules() -> _Rules:
    return _Rules.model_validate(tomllib.loads(_RULES.read_text(encoding="utf-8")))


@cache
def _windows(kind: str) -> _Windows:
    return _rules().windows(kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one source tells of a firm, once. Days are Asia/Shanghai's, instants UTC.

    `told_id` is the key of the event if nothing else tells of it, `past_id` what it was told as before a replay.
    `identity` tells two of one sort apart (a licence's number, a project's title); empty where nothing does. `amounts`
    are those that it may have stated of the happening, in `unit`. `denied_at` is when a person denied it, if known.
    """

    told_id: str
    kind: str
    sort: str
    day: date
    is_stated: bool
    known_at: datetime
    identity: str = ""
    words: str = ""
    product: str = ""
    amounts: tuple[float, ...] = ()
    unit: str = ""
    is_denied: bool = False
    denied_at: datetime | None = None
    past_id: str | None = None
    # Read from the words:
    text: str = field(init=False)
    numbers: frozenset[str] = field(init=False)
    products: frozenset[str] = field(init=False)
    rounds: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        text = _squeeze(self.words)
        products = {_squeeze(self.product)} - {""} if self.product else _products(self.words)
        rounds = {_ROUND_NAMES.get(found, found) for found in map(_first, _ROUND.findall(text))}
        for name, value in (
            ("text", text),
            ("numbers", frozenset(_NUMBER.findall(text))),
            ("products", frozenset(products)),
            ("rounds", frozenset(rounds)),
        ):
            object.__setattr__(self, name, value)


class _Event:
    """What tells of one happening, in the order in which we knew."""

    def __init__(self, first: Telling) -> None:
        self.members: list[Telling] = []
        self._unlike: dict[tuple[object, ...], Telling] = {}  # of those that differ in their words alone the first
        self.add(first)

    def add(self, telling: Telling) -> None:
        self.members.append(telling)
        self._unlike.setdefault(_but_words(telling), telling)

    def takes(self, telling: Telling) -> tuple[bool, int] | None:
        """How well it fits (less is better); None if it tells of something else."""
        # Only a product is looked for in the others' words.
        others = self.members if telling.products else self._unlike.values()
        # What a person had denied by then holds nothing together, and nothing apart.
        live = [one for one in others if not _is_denied_by(one, telling.known_at)]
        if not live or any(_contradict(telling, member) for member in live):
            return None
        sure = any(_is_sure(telling, member) for member in live)
        if not sure and abs((telling.day - self.members[0].day).days) >= _windows(telling.kind).longest:
            return None
        near = [_apart(telling, member) for member in live if sure or _is_near(telling, member)]
        return (not sure, min(near)) if near else None


def _but_words(telling: Telling) -> tuple[object, ...]:
    """All by which a telling is compared with a later one, but the text in which that one's products may stand."""
    denied_at = telling.denied_at if telling.is_denied else None
    said = (telling.numbers, telling.products, telling.rounds, telling.amounts, telling.unit)
    return (telling.sort, telling.identity, telling.day, telling.is_stated, denied_at, *said)


def _is_denied_by(telling: Telling, instant: datetime) -> bool:
    return telling.is_denied and telling.denied_at is not None and telling.denied_at <= instant


def gather(tellings: Iterable[Telling]) -> dict[str, str]:
    """The event's key for each telling of one firm and kind, given in the order in which they were known.

    An event bears the key of what was known of it first; what a past epoch told by a key goes on bearing it.
    """
    events: list[_Event] = []
    for telling in tellings:
        fits = [(fit, place) for place, event in enumerate(events) if (fit := event.takes(telling)) is not None]
        if fits:
            events[min(fits)[1]].add(telling)
        else:
            events.append(_Event(telling))
    keys: dict[str, str] = {}
    for event, key in zip(events, _keys(events), strict=True):
        keys.update((one.told_id, key) for one in event.members)
    return keys


def _keys(events: Sequence[_Event]) -> list[str]:
    """A key for each event. Who was told by his own key keeps it before one that only told the same once."""
    chosen = [next((one.told_id for one in event.members if one.past_id == one.told_id), None) for event in events]
    given = {key for key in chosen if key}
    for place, event in enumerate(events):
        if chosen[place] is None:
            past = [one.past_id for one in event.members if one.past_id]
            wanted = (*past, *(one.told_id for one in event.members), *map(_again, event.members))
            chosen[place] = next(key for key in wanted if key not in given)
            given.add(str(chosen[place]))
    return [str(key) for key in chosen]


def _again(telling: Telling) -> str:
    """A key for what had to leave its own to another."""
    return "e" + md5(f"{telling.told_id}|again".encode(), usedforsecurity=False).hexdigest()[:16]


def gather_tellings(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `told_as` (told_id, event_id) from `tellings`: of which event each is."""
    # Licences and registrations are each their own; a page or an announcement may tell of any.
    cursor = connection.execute(
        "SELECT * FROM tellings WINDOW w AS (PARTITION BY uscc, kind)"
        " QUALIFY (count(*) OVER w > 1 AND bool_or(identity = '' OR sort = 'project') OVER w)"
        " OR bool_or(past_id <> told_id) OVER w ORDER BY uscc, kind, known_at, seq, place, told_id"
    )
    names = [column[0] for column in cursor.description or ()]
    rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    found: list[dict[str, str]] = []
    for _, told in groupby(rows, key=lambda row: (row["uscc"], row["kind"])):
        keys = gather(map(_telling, told))
        found += [{"told_id": told_id, "event_id": event_id} for told_id, event_id in keys.items()]
    connection.register("found", pa.Table.from_pylist(found, schema=_TOLD))
    connection.execute("CREATE OR REPLACE TEMP TABLE told_as AS SELECT * FROM found")
    connection.unregister("found")


def _telling(row: dict[str, Any]) -> Telling:
    said: dict[str, Any] = {name: row[name] for name in _AS_READ} | {name: row[name] or "" for name in _TEXTS}
    return Telling(**said, day=row["dated_on"], amounts=tuple(row["amounts"]))


def _contradict(one: Telling, other: Telling) -> bool:
    """Whether the two state what cannot be of one happening."""
    if one.identity and other.identity and one.sort == other.sort and one.identity != other.identity:
        return True
    if _is_sure(one, other):
        return False
    return (
        _disjoint(one.numbers, other.numbers)
        or _disjoint(one.rounds, other.rounds)
        or _are_other_products(one.products, other.products)
        or _are_other_amounts(one, other)
        or (one.is_stated and other.is_stated and _apart(one, other) > _windows(one.kind).stated)
    )


def _is_sure(one: Telling, other: Telling) -> bool:
    """Whether the two name the same project, number or product, within the days in which that is one happening."""
    if _apart(one, other) > _windows(one.kind).sure:
        return False
    same_project = one.identity != "" and one.sort == other.sort and one.identity == other.identity
    return same_project or bool(one.numbers & other.numbers) or _names_product(one, other) or _names_product(other, one)


def _names_product(one: Telling, other: Telling) -> bool:
    if not any(len(product) >= _SHORTEST_PRODUCT and product in one.text for product in other.products):
        return False
    return not _disjoint(one.numbers, other.numbers)


def _is_near(one: Telling, other: Telling) -> bool:
    windows = _windows(one.kind)
    if one.sort == other.sort == _PAPER:
        return _apart(one, other) <= _rules().papers
    return _apart(one, other) <= (windows.stated if one.is_stated and other.is_stated else windows.apart)


def _apart(one: Telling, other: Telling) -> int:
    return abs((one.day - other.day).days)


def _disjoint(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others and some.isdisjoint(others))


def _are_other_products(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether both name products and none of them is one of the others', in a language they have in common."""
    pairs = [(a, b) for a in some for b in others if bool(_HAN.search(a)) is bool(_HAN.search(b))]
    return bool(pairs) and not any(a in b or b in a for a, b in pairs)


def _are_other_amounts(one: Telling, other: Telling) -> bool:
    if not (_windows(one.kind).amounts and one.amounts and other.amounts and one.unit == other.unit):
        return False
    share = _rules().amount
    return not any(abs(a - b) <= share * max(abs(a), abs(b)) for a in one.amounts for b in other.amounts)


def _products(words: str) -> Iterator[str]:
    endings = tuple(ending.upper() for ending in _rules().product.endings)
    for name in _QUOTED.findall(unicodedata.normalize("NFKC", words)):
        if (squeezed := _squeeze(name)).endswith(endings):
            yield squeezed


def _squeeze(text: str) -> str:
    """A text for comparing: one width, no blanks, no case."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _first(groups: Sequence[str]) -> str:
    return next(filter(None, groups), "")
