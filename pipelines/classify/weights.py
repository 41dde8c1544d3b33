"""The learned weights as data: read from TOML, checked, versioned, or refused with the place in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.classify.rules import RulesError, place_in, problem_in, read_toml

WEIGHTS_PATH = Path(__file__).with_name("weights.toml")

_HEAD = """\
# What each fact that holds of a registration adds, learned from judged registrations: see docs/classification.md.
#
# Made by `scrapy learn LABELS.csv`; nobody writes a number here by hand. The facts are those of features.py:
# `name:RULE`, `scope:RULE`, `first:RULE` name a rule of the rules files. Points for a grade are against `none`, points
# for the primary sub-sector against each other; a fact that is not here adds nothing.
#
# [origin] names the labels files by their hashes. [certainty] says how sure it is that a firm of which nothing speaks
# is none of life-health.
"""

HEAVIEST = 20  # points, for or against; e to the 20 is a chance of 1 in 500 million
Weight = Annotated[float, Field(ge=-HEAVIEST, le=HEAVIEST, allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(_Table):
    """What the weights were learned from: how many judged rows, by which rules, of which files (short hashes)."""

    judged: Annotated[int, Field(ge=1)]
    rules: str
    labels: tuple[str, ...]
    restraint: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Certainty(_Table):
    """How sure it is that a firm of which nothing speaks is none of life-health."""

    silence: Annotated[float, Field(ge=0.5, lt=1)]


class Grades(_Table):
    """What each fact adds for a grade, against `none`."""

    peripheral: dict[str, Weight]
    core: dict[str, Weight]


class WeightsFile(_Table):
    """A whole weights file."""

    origin: Origin
    certainty: Certainty
    grade: Grades
    primary: dict[str, Weight]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each fact is worth. `grade` holds (peripheral, core) of a fact; facts that are not there weigh nothing."""

    grade: Mapping[str, tuple[float, float]]
    primary: Mapping[str, float]
    certainty: Certainty
    origin: Origin
    fingerprint: str


def load_weights(path: Path | None = None) -> Weights:
    """The weights of a file, the packaged one if `path` is None; raises `RulesError` with the place."""
    return weigh(read_weights(path))


def read_weights(path: Path | None = None) -> WeightsFile:
    """Read and check a weights file, the packaged one if `path` is None; raises `RulesError` with the place."""
    path = path or WEIGHTS_PATH
    data = read_toml(path)
    try:
        return WeightsFile.model_validate(data)
    except ValidationError as error:
        raise RulesError(path, place_in(data, error.errors()[0]["loc"]), problem_in(error)) from error


def weigh(file: WeightsFile) -> Weights:
    """The weights of a file, ready to be used."""
    peripheral, core = file.grade.peripheral, file.grade.core
    facts = peripheral.keys() | core.keys()
    weighed: dict[str, Any] = file.model_dump(include={"certainty", "grade", "primary"})
    return Weights(
        grade=MappingProxyType({fact: (peripheral.get(fact, 0.0), core.get(fact, 0.0)) for fact in facts}),
        primary=MappingProxyType(dict(file.primary)),
        certainty=file.certainty,
        origin=file.origin,
        fingerprint=hashlib.sha256(json.dumps(weighed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:8],
    )


def weights_text(file: WeightsFile) -> str:
    """The file as it is kept: facts in the order of the alphabet, so that what changed can be seen in a diff."""
    tables = {
        "origin": file.origin.model_dump(mode="json"),
        "certainty": file.certainty.model_dump(),
        "grade.peripheral": dict(sorted(file.grade.peripheral.items())),
        "grade.core": dict(sorted(file.grade.core.items())),
        "primary": dict(sorted(file.primary.items())),
    }
    return _HEAD + "".join(f"\n[{name}]\n{_entries(table)}" for name, table in tables.items())


def _entries(table: Mapping[str, object]) -> str:
    # What JSON writes of keys, texts, numbers and lists is TOML too.
    return "".join(f"{key if key.isidentifier() else _json(key)} = {_json(value)}\n" for key, value in table.items())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
