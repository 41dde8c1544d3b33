"""Compare the places that a licence names before and after: which are new, if there are more of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import duckdb
import pyarrow as pa

_BETWEEN: Final = re.compile(r"[;、\r\n]+")  # of a text in one width: ；is ;
_BLANKS: Final = re.compile(r"\s+")
_NO_PLACE: Final = frozenset({"", "/", "无", "—", "——", "-", "--"})
_JOINT: Final = "；"
_ADDED: Final = pa.schema([(name, pa.string()) for name in ("before", "after", "added")])


def added_places(before: str, after: str) -> tuple[str, ...]:
    """The places of `after` that `before` does not name, in one width and without blanks, in order.

    None where there are not more places than before: then one took another's place, which is a move.
    """
    old, new = _places(before), _places(after)
    return tuple(sorted(new - old)) if len(new) > len(old) else ()


def compare_premises(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `premises_added` (before, after, the places added) of all that `premises_stated` compares."""
    pairs = connection.execute("SELECT DISTINCT before, after FROM premises_stated ORDER BY ALL").fetchall()
    rows = [
        {"before": before, "after": after, "added": _JOINT.join(added)}
        for before, after in pairs
        if (added := added_places(before, after))
    ]
    connection.register("found", pa.Table.from_pylist(rows, schema=_ADDED))
    connection.execute("CREATE OR REPLACE TEMP TABLE premises_added AS SELECT * FROM found")
    connection.unregister("found")


def _places(text: str) -> frozenset[str]:
    found = (_BLANKS.sub("", place) for place in _BETWEEN.split(unicodedata.normalize("NFKC", text)))
    return frozenset(place for place in found if place not in _NO_PLACE)
