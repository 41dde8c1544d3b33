"""Firms that pages name and no register knew when they were first shown: candidates for analysts, never facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipelines.news import Found, Mention, SharedName, document
from pipelines.news.document import fold
from pipelines.news.page_reader import firms_of
from pipelines.page_memo import Answer, PageMemo
from pipelines.page_version import PageVersion
from pipelines.resolve.company_name import core_name
from pipelines.resolve.holder_names import Meant
from pipelines.resolve.name_match import NameMatch

UNKNOWN: Final = pa.schema(
    [(name, pa.string()) for name in ("content_id", "name", "name_key", "kinds", "park", "quote")]
)
_BECAME: Final = pa.schema([(name, pa.string()) for name in ("name_key", "became", "match", "near")])
_LONGEST_QUOTE: Final = 400
_MOST_NEAR: Final = 5
_SEPARATOR: Final = "|"


def unknown_firms(memo: PageMemo, page: PageVersion, found: Found, since: Mapping[str, int]) -> list[dict[str, Any]]:
    """A row for each firm that the page names and that no run had shown by then; `since`: the run that first did."""
    then = tuple(one for one in found.mentions if since.get(one.firm, page.seq) <= page.seq)
    rows = memo.ask("unknown", page.content_id, then, found.shared, lambda: _read(page, then, found.shared))
    return [{"content_id": page.content_id, **row} for row in rows]


def _read(page: PageVersion, known: Sequence[Mention], shared: Sequence[SharedName]) -> Answer:
    reading = page.read()
    whole = document(page.title, page.text)
    return [
        {
            "name": firm.name,
            "name_key": fold(firm.name),
            "kinds": _SEPARATOR.join(dict.fromkeys(event.kind for event in firm.events)),
            "park": firm.park,
            "quote": next((whole[event.start : event.end].strip()[:_LONGEST_QUOTE] for event in firm.events), ""),
        }
        for firm in firms_of(page.title, page.text, reading, known, shared)
        if not firm.uscc
    ]


def unknown_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names that `resolve_unknown` asks for: those of unknown firms, and their core names."""
    names = _names(connection).values()
    return {*names, *(core for name in names if (core := core_name(name)))}


def _names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A name of each unknown firm by its key."""
    return dict(
        connection.execute("SELECT name_key, min(name) FROM derived.unknown_firms GROUP BY ALL ORDER BY ALL").fetchall()
    )


def resolve_unknown(connection: duckdb.DuckDBPyConnection, meant: Mapping[str, Meant]) -> None:
    """Makes `derived.became`: by name which firm it became since, if a registration shows one, and who is near it.

    `near` is a hint: firms whose names hold the same core name, or a lesser form of which is this name. `meant`: whom
    the `unknown_names` mean.
    """
    names = _names(connection)
    cores = {key: core_name(name) for key, name in names.items()}
    rows = []
    for key, name in names.items():
        sure = {firm for bearers in meant[name].sure.values() for firm in bearers}
        became = next(iter(sure)) if len(sure) == 1 else None
        near = sorted({*meant[name].maybe, *(meant[cores[key]].maybe if cores[key] else ()), *sure} - {became})
        match = next(iter(meant[name].sure), NameMatch.NONE) if became else NameMatch.NONE
        rows.append(
            {"name_key": key, "became": became, "match": str(match), "near": _SEPARATOR.join(near[:_MOST_NEAR])}
        )
    connection.register("found", pa.Table.from_pylist(rows, schema=_BECAME))
    connection.execute("CREATE OR REPLACE TABLE derived.became AS SELECT * FROM found")
    connection.unregister("found")
