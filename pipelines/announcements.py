"""Read what the title of a listed firm's announcement tells, by the rules in announcements.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import duckdb
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

_RULES: Final = Path(__file__).with_suffix(".toml")
_BLANKS: Final = re.compile(r"\s+")
_LONGEST: Final = 500  # characters of a title
_KINDS: Final = pa.schema([("title", pa.string()), ("kind", pa.string())])

Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["listing_step", "capital_raised"]
    all: Annotated[tuple[Words, ...], Field(min_length=1)]
    without: tuple[str, ...] = ()


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    never: Words
    rule: Annotated[tuple[_Rule, ...], Field(min_length=1)]


@cache
def _rules() -> _Rules:
    return _Rules.model_validate(tomllib.loads(_RULES.read_text(encoding="utf-8")))


def kind_of(title: str) -> str:
    """The kind of event that an announcement with this title tells of; empty for none."""
    rules, read = _rules(), _BLANKS.sub("", unicodedata.normalize("NFKC", title[:_LONGEST]))
    if any(word in read for word in rules.never):
        return ""
    for rule in rules.rule:
        fits = all(any(word in read for word in words) for words in rule.all)
        if fits and not any(word in read for word in rule.without):
            return rule.kind
    return ""


def read_titles(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `announcement_kinds` (title, kind) of the announcements whose titles tell of an event."""
    asked = connection.execute("SELECT DISTINCT title FROM base.disclosures WHERE kind = 'announcement' ORDER BY 1")
    rows = [{"title": title, "kind": kind} for (title,) in asked.fetchall() if (kind := kind_of(title))]
    connection.register("found", pa.Table.from_pylist(rows, schema=_KINDS))
    connection.execute("CREATE OR REPLACE TEMP TABLE announcement_kinds AS SELECT * FROM found")
    connection.unregister("found")
