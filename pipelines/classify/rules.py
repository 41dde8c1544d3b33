"""The classification rules as data: read from TOML, checked, versioned, or refused with the place in them."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Bounded

from pipelines.classify.label import SubSector

DEFAULT_PATH = Path(__file__).with_name("rules.toml")

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z-]+)+$")]
Words = Annotated[tuple[Text, ...], Bounded(min_length=1)]
OptionalWords = tuple[Text, ...]
Share = Annotated[float, Bounded(ge=0, le=1)]
Points = Annotated[float, Bounded(ge=0, le=100)]


class RulesError(ValueError):
    """The rules file cannot be used; the message holds the file, the place in it, and what is wrong there."""

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


class NameWeights(_Table):
    """What the words of a name bring, by the strength of their rule."""

    certain: Points
    strong: Points
    clear: Points
    weak: Points


class ScopeWeights(_Table):
    """How far an item of a scope counts as life-health, by the strength of its rule."""

    strong: Share
    clear: Share
    weak: Share


class Weights(_Table):
    """How evidence adds up to a score and to a primary sub-sector; explained beside each in the file."""

    name: NameWeights
    scope: ScopeWeights
    lead: Share
    lead_fade: Share
    lead_items: Annotated[int, Bounded(ge=1, le=20)]
    share: Share
    unsupported: Share
    core: Share
    name_points: NameWeights
    given_way: Share
    lead_points: Points
    item_fade: Share


class ScopeReading(_Table):
    """The words by which the text of a scope is understood before any term is looked for."""

    negators: Words
    not_excluding: Words
    resumes: Words
    boilerplate: Words
    fillers: Words
    making: Words
    trading: Words


class FalseFriend(_Table):
    """Words that hide the life-health word they hold."""

    id: RuleId
    terms: Words
    refutes: bool = False


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


class ScopeRule(_Rule):
    """Words of a scope that speak for a sub-sector."""

    strength: Literal["strong", "clear", "weak"]
    made_sector: SubSector | None = None
    pull: Share = 1.0
    only_if_named: bool = False


class Rules(_Table):
    """A whole rules file. `fingerprint` is a short hash of its data; comments and layout do not change it."""

    version: Text
    fingerprint: str
    limits: Limits
    weights: Weights
    sectors: dict[SubSector, Annotated[float, Bounded(gt=0)]]
    scope_reading: ScopeReading
    not_health: tuple[FalseFriend, ...]
    name: tuple[NameRule, ...]
    scope: tuple[ScopeRule, ...]

    @property
    def full_version(self) -> str:
        """The declared version and the fingerprint: `2026.11+1a2b3c4d`."""
        return f"{self.version}+{self.fingerprint}"


def load_rules(path: Path | None = None) -> Rules:
    """Read and check a rules file, the packaged one if `path` is None; raises `RulesError` with the place."""
    path = path or DEFAULT_PATH
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesError(path, "file", f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RulesError(path, f"byte {error.start}", "is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise RulesError(path, "syntax", str(error)) from error
    if "fingerprint" in data:
        raise RulesError(path, "fingerprint", "is computed, not written")
    try:
        rules = Rules.model_validate({**data, "fingerprint": _fingerprint(data)})
    except ValidationError as error:
        first = error.errors()[0]
        raise RulesError(path, _place(data, first["loc"]), f"{first['msg']} (found {first['input']!r:.80})") from error
    _check_sectors(path, rules)
    for table, group in (("name", rules.name), ("scope", rules.scope)):
        _check_reachable(path, table, group, rules.not_health)
    _check_ids(path, rules)
    return rules


def _fingerprint(data: dict[str, Any]) -> str:
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:8]


def _place(data: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """The way to a value as a person finds it: `scope[3] 'drug.goods' strength`; rules count from 1."""
    place = ""
    value: Any = data
    for key in location:
        value = _step(value, key)
        place += f"[{key + 1}]" if isinstance(key, int) else f" {key}"
        if isinstance(key, int) and isinstance(value, dict) and "id" in value:
            place += f" {value['id']!r}"
    return place.strip() or "file"


def _step(value: Any, key: int | str) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


def _check_sectors(path: Path, rules: Rules) -> None:
    missing = set(SubSector) - {SubSector.NONE} - set(rules.sectors)
    if missing or SubSector.NONE in rules.sectors:
        raise RulesError(path, "sectors", f"must hold every sub-sector but none once; missing: {sorted(missing)}")
    for table, group in (("name", rules.name), ("scope", rules.scope)):
        for number, rule in enumerate(group, 1):
            made = rule.made_sector if isinstance(rule, ScopeRule) else None
            if SubSector.NONE in (rule.sector, made):
                raise RulesError(path, f"{table}[{number}] {rule.id!r} sector", "'none' belongs under not_health")


def _check_ids(path: Path, rules: Rules) -> None:
    groups: dict[str, tuple[FalseFriend | NameRule | ScopeRule, ...]]
    groups = {"not_health": rules.not_health, "name": rules.name, "scope": rules.scope}
    seen: set[str] = set()
    for table, group in groups.items():
        for number, rule in enumerate(group, 1):
            if rule.id in seen:
                raise RulesError(path, f"{table}[{number}] {rule.id!r} id", "is used twice")
            seen.add(rule.id)


def _check_reachable(path: Path, table: str, group: tuple[_Rule, ...], friends: tuple[FalseFriend, ...]) -> None:
    """Refuse a term that can never speak, because an earlier rule takes it whatever stands around it."""
    taken = {term: friend.id for friend in friends for term in friend.terms}
    for number, rule in enumerate(group, 1):
        for term in rule.terms:
            if term in taken:
                problem = f"{term!r} is always taken by {taken[term]!r}"
                raise RulesError(path, f"{table}[{number}] {rule.id!r} terms", problem)
        if not rule.conditional:
            taken |= dict.fromkeys(rule.terms, rule.id)
