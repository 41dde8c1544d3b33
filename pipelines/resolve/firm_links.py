"""What firms have to do with each other by their names: branches and parents, and hints of one brand; no merges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow as pa

from pipelines.memo import Memo, fingerprint
from pipelines.news.aliases import stem_of
from pipelines.news.bearers import holding
from pipelines.news.brands import brand_of
from pipelines.news.document import fold
from pipelines.resolve.company_name import company_name
from pipelines.resolve.company_words import words
from pipelines.resolve.holder_names import Meant
from pipelines.resolve.name_parts import SHORTEST_CORE

_MOST_OF_A_BRAND: Final = 10  # firms; what more share is a common word
_GROUP: Final = ("集团", "控股", "总公司")
_LINKS: Final = pa.schema([(name, pa.string()) for name in ("from_uscc", "to_uscc", "kind", "match", "reason")])
_ALIASES: Final = pa.schema([("uscc", pa.string()), ("name", pa.string()), ("is_shared", pa.bool_())])
# Brands are looked for among the firms that this monitor watches, for common words would link everybody else.
WATCHED: Final = """
    SELECT uscc, name, address FROM derived.firms
    WHERE in_putuo = 'yes' AND grade IN ('core', 'peripheral') AND name <> '' ORDER BY uscc
"""


_OF_BRANDS: Final = f"""
    SELECT uscc, name, address, normal, core, body, stem, is_brand
    FROM ({WATCHED}) JOIN memo.brands USING (name) ORDER BY uscc
"""
_BRANCHES: Final = "SELECT uscc, parent_name FROM derived.firms WHERE is_branch AND parent_name <> '' ORDER BY uscc"
_PIPELINES: Final = Path(__file__).parents[1]


class _Firm(NamedTuple):
    """A watched firm and what its name is made of; `stem`: by what pages may name it; `is_brand`: its core is one."""

    uscc: str
    name: str
    address: str
    normal: str
    core: str
    body: str
    stem: str
    is_brand: bool


def _take_apart(asked: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    for (name,) in asked:
        parts = company_name(fold(name))
        core = parts.core_name
        is_brand = not parts.parent and len(brand_of(core)) >= SHORTEST_CORE and core not in words().common_cores
        yield parts.text, core, parts.body, stem_of(parts), is_brand


BRANDS: Final = Memo(
    table="brands",
    version=fingerprint(
        *(_PIPELINES / folder for folder in ("news", "locate", "resolve", "reference")),
        _PIPELINES.parent / "crawler" / "fields",
    ),
    keys=("name",),
    answers=("normal", "core", "body", "stem", "is_brand"),
    compute=_take_apart,
)


def parent_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names that `link_firms` asks for: of whom branches say that they are his."""
    return {parent for _, parent in connection.execute(_BRANCHES).fetchall()}


def link_firms(connection: duckdb.DuckDBPyConnection, meant: Mapping[str, Meant]) -> None:
    """Makes `derived.firm_links` (from, to, kind, how the parent's name was matched, reason) and `derived.aliases`.

    A branch is of the one firm that surely bears the parent's name. A hint of one brand proves nothing: it says that
    two firms share a core name that few do, and what else speaks for it. `meant`: whom the `parent_names` mean. The
    names of watched firms are taken apart before (BRANDS).
    """
    watched = [_Firm(*row) for row in connection.execute(_OF_BRANDS).fetchall()]
    links = [*_branches(connection, meant), *_brands(watched)]
    _store(connection, "firm_links", pa.Table.from_pylist(links, schema=_LINKS))
    _store(connection, "aliases", pa.Table.from_pylist(list(_aliases(connection, watched)), schema=_ALIASES))


def _store(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("found", table)
    connection.execute(f"CREATE OR REPLACE TABLE derived.{name} AS SELECT * FROM found")
    connection.unregister("found")


def _branches(connection: duckdb.DuckDBPyConnection, meant: Mapping[str, Meant]) -> Iterator[dict[str, Any]]:
    for uscc, parent in connection.execute(_BRANCHES).fetchall():
        found = {firm: match for match, bearers in reversed(meant[parent].sure.items()) for firm in bearers}
        found.pop(uscc, None)
        if len(found) == 1:
            ((firm, match),) = found.items()
            yield {
                "from_uscc": uscc,
                "to_uscc": firm,
                "kind": "branch_of",
                "match": str(match),
                "reason": "parent_name",
            }


def _brands(firms: list[_Firm]) -> Iterator[dict[str, Any]]:
    by_core: dict[str, list[_Firm]] = {}
    for firm in firms:
        if firm.is_brand:
            by_core.setdefault(firm.core, []).append(firm)
    for core, sharers in sorted(by_core.items()):
        if 1 < len(sharers) <= _MOST_OF_A_BRAND:
            for one, other in combinations(sharers, 2):
                reason = _reason(one, other, core)
                yield {
                    "from_uscc": one.uscc,
                    "to_uscc": other.uscc,
                    "kind": "same_brand",
                    "match": "core",
                    "reason": reason,
                }


def _reason(one: _Firm, other: _Firm, core: str) -> str:
    """What speaks for one owner beside the core name, joined by |; core_name where nothing does."""
    reasons = []
    if one.address and one.address == other.address:
        reasons.append("same_address")
    if any(word in name and word not in core for name in (one.name, other.name) for word in _GROUP):
        reasons.append("group_word")
    if one.body != other.body and (one.body in other.normal or other.body in one.normal):
        reasons.append("name_inside")
    return "|".join(reasons) or "core_name"


def _aliases(connection: duckdb.DuckDBPyConnection, firms: list[_Firm]) -> Iterator[dict[str, Any]]:
    """The stem by which pages may name each of the firms, and whether another firm's name holds it too."""
    stems = {firm.uscc: firm.stem for firm in firms if firm.stem}
    if not stems:
        return
    holders: dict[str, set[str]] = {stem: set() for stem in stems.values()}
    reader = connection.sql("SELECT DISTINCT uscc, name FROM derived.firm_states ORDER BY ALL").to_arrow_reader(50_000)
    for batch in reader:
        whose: dict[str, set[str]] = {}
        for uscc, name in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            whose.setdefault(fold(name), set()).add(uscc)
        for stem, names in holding(list(holders), whose).items():
            holders[stem] |= {uscc for name in names for uscc in whose[name]}
    for uscc, stem in sorted(stems.items()):
        yield {"uscc": uscc, "name": stem, "is_shared": bool(holders[stem] - {uscc})}
