"""The reference data as it stands in its files, and its version."""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

_REFERENCE = Path(__file__).parents[1] / "reference"
_GAZETTEER = (_REFERENCE / "gazetteer.toml").read_bytes()
_PARKS = (_REFERENCE / "parks.toml").read_bytes()
_DIVISIONS = (_REFERENCE / "divisions.toml").read_bytes()
_COUNTIES = (_REFERENCE / "counties.toml").read_bytes()
_ELSEWHERE = (_REFERENCE / "elsewhere.toml").read_bytes()
_ALL: Final = (_GAZETTEER, _PARKS, _DIVISIONS, _ELSEWHERE)


@cache
def gazetteer() -> dict[str, Any]:
    """Putuo's streets and towns and their roads: `reference/gazetteer.toml`. Not to be changed."""
    return tomllib.loads(_GAZETTEER.decode())


@cache
def parks() -> dict[str, Any]:
    """Its parks and other places, and the words of parks' names: `reference/parks.toml`. Not to be changed."""
    return tomllib.loads(_PARKS.decode())


@cache
def elsewhere() -> dict[str, Any]:
    """Parks and areas of others: `reference/elsewhere.toml`. Not to be changed."""
    return tomllib.loads(_ELSEWHERE.decode())


@cache
def divisions() -> dict[str, Any]:
    """All other places, by division: `reference/divisions.toml`. Read once for all who ask: not to be changed."""
    return tomllib.loads(_DIVISIONS.decode())


@cache
def counties() -> tuple[str, ...]:
    """The names of all counties, county-level cities and districts of other provinces: `reference/counties.toml`."""
    listed = tomllib.loads(_COUNTIES.decode())["counties"].values()
    return tuple(sorted({name for names in listed for name in names.split()}))


def _declared_version() -> str:
    declared = [re.search(rb'^version = "([^"]+)"', data, re.MULTILINE) for data in _ALL]
    newest = max(match[1].decode() for match in declared if match is not None)
    return f"{newest}+{hashlib.sha256(b''.join(_ALL)).hexdigest()[:8]}"


GAZETTEER_VERSION: Final[str] = _declared_version()
"""The declared version of the reference data and a short hash of all of it, as `2026.11.1+0f3a9c1e`."""
