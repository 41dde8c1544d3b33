"""The rules and terms of reading as data: read from TOML, checked, versioned, or refused with the place in them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache
from itertools import product
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from pipelines.event_kinds import CATEGORY
from pipelines.locate import GAZETTEER_VERSION
from pipelines.news.model import Measure, Subject

_FOLDER: Final = Path(__file__).parent
_READ: Final = ("rules.toml", "terms.toml", "candidates.toml", "well_known.toml", "common_words.txt")

Word = Annotated[str, StringConstraints(min_length=1)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]
Reach = Annotated[int, Field(ge=1, le=200)]
Weight = Annotated[float, Field(gt=0, le=10)]


class RulesError(ValueError):
    """The data of reading cannot be used; the message holds the file, the place in it, and what is wrong there."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextRules(_Table):
    """Characters to be read as others, one for one."""

    traditional: str
    simplified: str

    @model_validator(mode="after")
    def _pairs(self) -> TextRules:
        if len(self.traditional) != len(self.simplified):
            raise ValueError(f"{len(self.traditional)} traditional characters, {len(self.simplified)} simplified ones")
        return self


class Relevance(_Table):
    """How the words of a page become a score."""

    title: Annotated[int, Field(ge=1, le=20)]
    enough: Annotated[float, Field(ge=0, le=1)]
    putuo_full: Weight
    putuo_alone: Weight
    health_full: Weight
    weak: Weight
    civic: Weight
    passing: Annotated[float, Field(ge=0, le=1)]
    life_health: Weight
    place: Weight
    park: Weight
    parks: dict[Word, Words]
    sites: Words
    industry: Weight
    first: Weight
    event: Weight
    firm: Weight
    home: Weight
    industries: Words
    reasons: Annotated[int, Field(ge=1, le=50)]


class Blockers(_Table):
    """Words beside a trigger by which it states nothing that happened now."""

    plan: Words
    wish: Words
    not_plan: Words
    negation: Words
    undone: Words
    not_negation: Words
    visit: Words
    history: Words
    not_history: Words
    after: Words
    before: Words
    occasion: Words


_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def _alternatives(pattern: str) -> list[str]:
    """The words that a pattern stands for: {正式|}落户 is 正式落户 and 落户."""
    parts = _BRACES.split(pattern)  # every other one stood in braces
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    return [" ".join("".join(chosen).split()) for chosen in product(*choices)]


class StatementRule(_Table):
    """How one kind of event is stated."""

    kind: str
    trigger: Words
    verbs: tuple[Word, ...] = ()
    nouns: tuple[Word, ...] = ()
    behind: bool = False
    apart: bool = False
    without: tuple[Word, ...] = ()
    earlier: tuple[Word, ...] = ()
    reach: Reach = 20
    place: Literal["direct", "setting", "near", "here", "any", "away", "abroad"]
    host: bool = False
    not_of: tuple[Word, ...] = ()
    own: bool = False
    named_for: bool = False
    object: bool = False
    receives: bool = False
    planned: bool = False
    not_ahead: tuple[Word, ...] = ()
    money: bool = False
    area: bool = False
    gap: Reach
    free: bool = False

    @field_validator("trigger", "nouns", "verbs")
    @classmethod
    def _every_way(cls, written: Words) -> Words:
        return tuple(dict.fromkeys(word for pattern in written for word in _alternatives(pattern)))

    @model_validator(mode="after")
    def _known_kind(self) -> StatementRule:
        if self.kind not in CATEGORY:
            raise ValueError(f"no event kind {self.kind!r}")
        return self


class NameRules(_Table):
    """What makes a shortened name still one firm's."""

    generic: Words
    forms: Words
    places: Words
    leads: Words
    brand: Annotated[int, Field(ge=1, le=10)]
    short: Annotated[int, Field(ge=3, le=20)]
    short_en: Annotated[int, Field(ge=5, le=40)]


class Attribution(_Table):
    """What may stand between a firm and its event, and what may not."""

    light: Words
    others: Words
    organisation: Words
    own: Words
    own_things: Words
    prepositions: Words
    prepositions_en: Words
    acts_on: Words
    acts_on_en: Words
    hosts: Words
    list_ends: Words
    light_en: Words


class ClaimWords(_Table):
    """The words around a figure."""

    over: Words
    over_after: Words
    about: Words
    at_least: Words
    under: Words
    change: Words
    acts: Words
    wider: Words
    not_wider: Words
    other: Words
    growth: Words
    target: Words
    firms: Words
    new: Words
    not_new: Words
    not_about: Words
    stages: Words
    one_firm: Words
    registered: Words
    never: Words
    several: Words
    ours: Words
    part: Words
    joint: Words
    whole_district: Words
    some_park: Words
    means: Words
    not_means: Words


class Claims(_Table):
    """What makes a number a figure of the district, and what it is a figure of."""

    measures: dict[Measure, Words]
    subjects: dict[Subject, Words]
    words: ClaimWords


class Rules(_Table):
    """rules.toml."""

    version: str
    text: TextRules
    relevance: Relevance
    blockers: Blockers
    statement: Annotated[tuple[StatementRule, ...], Field(min_length=1)]
    names: NameRules
    attribute: Attribution
    claims: Claims


class HealthTerms(_Table):
    """Words of life-health and their false friends."""

    strong: Words
    weak: Words
    not_health: Words


class PutuoTerms(_Table):
    """What tells our Putuo from others."""

    false_friends: Words
    zhoushan: Words
    shanghai: Words
    own: Words


class ElsewhereTerms(_Table):
    """Places that are not ours."""

    names: Words
    abroad: Words
    not_places: Words


class WellKnown(_Table):
    """well_known.toml."""

    version: str
    home: Words
    not_before: Words
    chinese: Words
    english: Words


class TermLists(_Table):
    """terms.toml."""

    version: str
    life_health: HealthTerms
    putuo: PutuoTerms
    elsewhere: ElsewhereTerms


T = TypeVar("T", bound=BaseModel)


def read_data(path: Path, model: type[T]) -> T:
    """The data of a file. Raises `RulesError` with the file and the place in it."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RulesError(f"{path}: {place}: {first['msg']}") from error


@cache
def load_rules() -> Rules:
    """The rules of `rules.toml`, read once."""
    return read_data(_FOLDER / "rules.toml", Rules)


@cache
def load_terms() -> TermLists:
    """The terms of `terms.toml`, read once."""
    return read_data(_FOLDER / "terms.toml", TermLists)


@cache
def load_well_known() -> WellKnown:
    """The names of `well_known.toml`, read once."""
    return read_data(_FOLDER / "well_known.toml", WellKnown)


def _version() -> str:
    data = b"".join((_FOLDER / name).read_bytes() for name in _READ)
    digest = hashlib.sha256(data + GAZETTEER_VERSION.encode()).hexdigest()[:8]
    return f"{max(load_rules().version, load_terms().version)}+{digest}"


NEWS_VERSION: Final[str] = _version()
"""The declared version of the rules and a short hash of all data read, the gazetteer's too: `2026.11.1+0f3a9c1e`."""
