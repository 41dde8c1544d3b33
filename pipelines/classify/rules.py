"""The classification rules as data: read from TOML, checked, versioned, or refused with the place in them."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Bounded

from crawler.items import LicenceKind
from pipelines.classify.label import SubSector

DEFAULT_PATH = Path(__file__).with_name("rules")

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z-]+)+$")]
Code = Annotated[str, StringConstraints(pattern=r"^\d{2,4}$")]
Words = Annotated[tuple[Text, ...], Bounded(min_length=1)]
Codes = Annotated[tuple[Code, ...], Bounded(min_length=1)]
OptionalWords = tuple[Text, ...]
Strength = Literal["strong", "clear", "weak"]


class RulesError(ValueError):
    """The rules cannot be used; the message holds the file, the place in it, and what is wrong there."""

    def __init__(self, path: Path, place: str, problem: str) -> None:
        super().__init__(f"{path}: {place}: {problem}")
        self.path = path
        self.place = place
        self.problem = problem


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Table):
    """Bounds on what is read; characters."""

    name_chars: Annotated[int, Bounded(ge=10, le=10_000)]
    scope_chars: Annotated[int, Bounded(ge=100, le=1_000_000)]


class Preamble(_Table):
    """A passage of the registrar before the firm's own items, by its first and its last words."""

    begins: Text
    ends: Text


class ScopeReading(_Table):
    """The words by which the text of a scope is understood before any term is looked for."""

    negators: Words
    not_excluding: Words
    resumes: Words
    preambles: tuple[Preamble, ...]
    boilerplate: Words
    compounds: Words
    fillers: Words
    anyones: Words
    making: Words
    not_verbs: Words
    developing: Words
    growing: Words
    trading: Words


class FalseFriend(_Table):
    """Words that hide the life-health word they hold."""

    id: RuleId
    terms: Words
    refutes: bool = False


class Calling(_Table):
    """What else a firm's name calls it: a shop, a trader, a software house."""

    id: RuleId
    terms: Words


class _Rule(_Table):
    id: RuleId
    sector: SubSector
    terms: Words
    near: OptionalWords = ()
    unless: OptionalWords = ()
    whole: bool = False

    @property
    def conditional(self) -> bool:
        """Whether the rule speaks only in some surroundings."""
        return bool(self.near or self.unless or self.whole)


class NameRule(_Rule):
    """Words of a name that speak for a sub-sector."""

    strength: Literal["certain", "strong", "clear", "weak"]
    gives_way: tuple[SubSector, ...] = ()
    also: tuple[SubSector, ...] = ()
    only_if_told: bool = False
    settles: bool = False


class ScopeRule(_Rule):
    """Words of a scope that speak for a sub-sector."""

    strength: Strength
    made_sector: SubSector | None = None
    made_unless_traded: bool = False
    joins: SubSector | None = None
    only_if_named: bool = False


class _Register(_Table):
    """What stands beside a scope speaks by itself, and for one sub-sector."""

    made_sector: ClassVar[None] = None
    joins: ClassVar[None] = None
    only_if_named: ClassVar[bool] = False


class IndustryRule(_Register):
    """Codes of GB/T 4754-2017 that speak for a sub-sector; two or three digits stand for all that begin so."""

    id: RuleId
    sector: SubSector
    strength: Strength
    codes: Codes
    with_health_word: bool = False


class LicenceRule(_Register):
    """A kind of licence that speaks for a sub-sector."""

    id: RuleId
    sector: SubSector
    strength: Strength
    kind: LicenceKind


class Rules(_Table):
    """All rules. `fingerprint` is a short hash of their data; comments, layout and files do not change it."""

    version: Text
    fingerprint: str
    limits: Limits
    scope_reading: ScopeReading
    not_health: tuple[FalseFriend, ...]
    calling: tuple[Calling, ...]
    name: tuple[NameRule, ...]
    scope: tuple[ScopeRule, ...]
    industry: tuple[IndustryRule, ...] = ()
    industry_not_health: tuple[Code, ...] = ()
    licence: tuple[LicenceRule, ...] = ()

    @property
    def full_version(self) -> str:
        """The declared version and the fingerprint: `2026.11+1a2b3c4d`."""
        return f"{self.version}+{self.fingerprint}"


_TABLES = ("not_health", "calling", "name", "scope", "industry", "licence")
_Origins = dict[str, list[tuple[Path, int]]]  # of every rule of a table: its file and its number there, from 1


def load_rules(path: Path | None = None) -> Rules:
    """Read and check the rules: one TOML file, or all of a folder in the order of their names; None: the packaged.

    Raises `RulesError` with the file and the place in it.
    """
    path = path or DEFAULT_PATH
    data: dict[str, Any] = {}
    origins: _Origins = {}
    for file in _files(path):
        _add(data, origins, file)
    try:
        rules = Rules.model_validate({**data, "fingerprint": _fingerprint(data)})
    except ValidationError as error:
        first = error.errors()[0]
        file, place = _told(path, data, origins, first["loc"])
        raise RulesError(file, place, problem_in(error)) from error
    _check_sectors(rules, origins)
    for table, group in (("name", rules.name), ("scope", rules.scope)):
        _check_reachable(table, group, rules.not_health, origins)
    _check_ids(rules, origins)
    _check_registers(rules, origins)
    return rules


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.toml"))
    if not found:
        raise RulesError(path, "file", "is a folder without *.toml")
    return found


def _add(data: dict[str, Any], origins: _Origins, file: Path) -> None:
    """What a file holds, added to what the files before it hold: rules follow rules, all else is said once."""
    for key, value in read_toml(file).items():
        if key == "fingerprint":
            raise RulesError(file, key, "is computed, not written")
        if key in _TABLES:
            if not isinstance(value, list):
                raise RulesError(file, key, f"must be a list of tables: [[{key}]]")
            data.setdefault(key, []).extend(value)
            origins.setdefault(key, []).extend((file, number) for number in range(1, len(value) + 1))
            continue
        if key in data:
            raise RulesError(file, key, f"is said already in {origins[key][0][0].name}")
        data[key] = value
        origins[key] = [(file, 1)]


def read_toml(file: Path) -> dict[str, Any]:
    """What a TOML file of ours holds. Raises `RulesError` where it cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesError(file, "file", f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RulesError(file, f"byte {error.start}", "is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise RulesError(file, "syntax", str(error)) from error


def _fingerprint(data: dict[str, Any]) -> str:
    canonical = json.dumps({key: data[key] for key in sorted(data)}, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:8]


def problem_in(error: ValidationError) -> str:
    """What is wrong with the first value that is."""
    first = error.errors()[0]
    return f"{first['msg']} (found {first['input']!r:.80})"


def place_in(data: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """The way to a value as a person finds it: `scope[3] 'drug.goods' strength`; rules count from 1."""
    place = ""
    value: Any = data
    for key in location:
        value = _step(value, key)
        place += f"[{key + 1}]" if isinstance(key, int) else f" {key}"
        if isinstance(key, int) and isinstance(value, dict) and "id" in value:
            place += f" {value['id']!r}"
    return place.strip() or "file"


def _told(path: Path, data: dict[str, Any], origins: _Origins, location: tuple[int | str, ...]) -> tuple[Path, str]:
    """The file of a value, and the way to it in that file."""
    table = str(location[0]) if location else ""
    found = origins.get(table, [(path, 1)])
    is_rule = table in _TABLES and len(location) > 1
    file, number = found[int(location[1]) if is_rule else 0]
    place = place_in(data, location)
    return file, place.replace(f"[{int(location[1]) + 1}]", f"[{number}]", 1) if is_rule else place


def _step(value: Any, key: int | str) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


def _numbered(rules: Rules, origins: _Origins, *tables: str) -> Iterator[tuple[Path, str, Any]]:
    """(file, place, rule) of every rule of these tables."""
    for table in tables:
        for (file, number), rule in zip(origins.get(table, ()), getattr(rules, table), strict=True):
            yield file, f"{table}[{number}] {rule.id!r}", rule


def _check_sectors(rules: Rules, origins: _Origins) -> None:
    for file, place, rule in _numbered(rules, origins, "name", "scope", "industry", "licence"):
        spoken_for = {rule.sector, getattr(rule, "made_sector", None), getattr(rule, "joins", None)}
        if SubSector.NONE in spoken_for:
            raise RulesError(file, f"{place} sector", "'none' belongs under not_health")
        if getattr(rule, "made_unless_traded", False) and rule.made_sector is None:
            raise RulesError(file, f"{place} made_unless_traded", "needs a made_sector")


def _check_ids(rules: Rules, origins: _Origins) -> None:
    seen: set[str] = set()
    for file, place, rule in _numbered(rules, origins, *_TABLES):
        if rule.id in seen:
            raise RulesError(file, f"{place} id", "is used twice")
        seen.add(rule.id)


def _check_registers(rules: Rules, origins: _Origins) -> None:
    """Refuse a code or a kind of licence under two rules: the last would win without a word."""
    seen: dict[str, str] = {}
    for file, place, rule in _numbered(rules, origins, "industry", "licence"):
        for told in rule.codes if isinstance(rule, IndustryRule) else (str(rule.kind),):
            if told in seen:
                raise RulesError(file, place, f"{told!r} is said already by {seen[told]!r}")
            seen[told] = rule.id


def _check_reachable(table: str, group: tuple[_Rule, ...], friends: tuple[FalseFriend, ...], origins: _Origins) -> None:
    """Refuse a term that can never speak, because an earlier rule takes it whatever stands around it."""
    taken = {term: friend.id for friend in friends for term in friend.terms}
    for rule, (file, number) in zip(group, origins[table], strict=True):
        for term in rule.terms:
            if hiding := next((word for word in rule.unless if word in term), None):
                problem = f"{term!r} can never speak: it holds {hiding!r} of its own unless"
                raise RulesError(file, f"{table}[{number}] {rule.id!r} terms", problem)
            if term in taken:
                problem = f"{term!r} is always taken by {taken[term]!r}"
                raise RulesError(file, f"{table}[{number}] {rule.id!r} terms", problem)
        if not rule.conditional:
            taken |= dict.fromkeys(rule.terms, rule.id)
