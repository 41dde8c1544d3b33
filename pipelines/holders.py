"""Whose a licence or disclosure is: the firm of the credit code, else the one firm that ever bore the holder's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

import duckdb
import pyarrow as pa

from crawler.fields.credit_code import normalise, problem
from crawler.fields.names import normal_name
from pipelines.names import english_name

_AT_ONCE: Final = 50_000  # names in Python's hands at a time
_LONGEST_NAME: Final = 200  # what normal_name reads of a name; of a longer one only a part would be compared
# Of a name in everyday characters (Chinese, ASCII, and ASCII in the width of a Chinese character) its normal form has
# the same Chinese ones: most firms are told from all holders by these, without a normal form of every name.
_NO_HAN: Final = "[^\u4e00-\u9fff]"
_EVERYDAY: Final = "[\u4e00-\u9fff -~\uff01-\uff5e\u3000]*"
_HOLDERS: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("uscc", "holder", "firm_id", "match", "owner")),
        *((name, pa.int64()) for name in ("owner_seq", "rival_seq")),
    ]
)
_ASKED: Final = """
    SELECT DISTINCT uscc, holder FROM (
        SELECT l.uscc, l.holder FROM base.licence_sightings JOIN derived.run_order USING (run_id)
            JOIN base.licences l USING (content_id)
        UNION ALL
        SELECT d.uscc, d.holder FROM base.disclosure_sightings JOIN derived.run_order USING (run_id)
            JOIN base.disclosures d USING (content_id)
    ) ORDER BY ALL
"""
Bearers = Mapping[str, int]  # firms that a name or code may mean, and the run (seq) that first showed each with it


class Match(StrEnum):
    """How a licence or a disclosure came to its firm, or why it has none."""

    CREDIT_CODE = "credit_code"
    EXACT_NAME = "exact_name"
    ENGLISH_NAME = "english_name"
    AMBIGUOUS_NAME = "ambiguous_name"  # several firms bear or bore the name
    NONE = "none"


def attribute_holders(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `derived.holders`: the firm and the match for each code and holder that a licence or disclosure states.

    A valid credit code decides alone: where no registration has shown its firm, no other firm of that name is taken.
    `owner` is the firm that first bore the name (or the code), since the run `owner_seq`; `rival_seq` is the run since
    which another firm bears it too. By these an event counts as was known then: a later namesake takes nothing back.
    """
    asked: list[tuple[str, str]] = connection.execute(_ASKED).fetchall()
    codes = {uscc: normalise(uscc) for uscc, _ in asked}
    valid = {code for code in codes.values() if problem(code) is None}
    named = [holder for uscc, holder in asked if codes[uscc] not in valid]
    firms = _firms(connection, valid)
    exact = _bearers(connection, {_key(holder) for holder in named} - {""})
    english = _english_bearers(connection, {english_name(holder) for holder in named} - {""})
    rows = []
    for uscc, holder in asked:
        if (code := codes[uscc]) in valid:
            found, match = firms.get(code, {}), Match.CREDIT_CODE
        else:
            named_so, called_so = exact.get(_key(holder), {}), english.get(english_name(holder), {})
            found = _earliest(named_so, called_so)
            match = Match.EXACT_NAME if named_so else Match.ENGLISH_NAME
        rows.append({"uscc": uscc, "holder": holder, **_owner(found, match)})
    connection.register("found", pa.Table.from_pylist(rows, schema=_HOLDERS))
    connection.execute("CREATE OR REPLACE TABLE derived.holders AS SELECT * FROM found")
    connection.unregister("found")


def _owner(found: Bearers, match: Match) -> dict[str, Any]:
    """Whose it is by all that is known, and whose it was first."""
    bearers = sorted(found.items(), key=lambda bearer: (bearer[1], bearer[0]))
    if not bearers:
        return {"firm_id": None, "match": str(Match.NONE), "owner": None, "owner_seq": None, "rival_seq": None}
    alone = len(bearers) == 1
    owner, owner_seq = bearers[0]
    return {
        "firm_id": f"CN-{owner}" if alone else None,
        "match": str(match if alone else Match.AMBIGUOUS_NAME),
        "owner": owner,
        "owner_seq": owner_seq,
        "rival_seq": None if alone else bearers[1][1],
    }


def _earliest(*found: Bearers) -> Bearers:
    earliest: dict[str, int] = {}
    for firm, seq in (bearer for bearers in found for bearer in bearers.items()):
        earliest[firm] = min(seq, earliest.get(firm, seq))
    return earliest


def _firms(connection: duckdb.DuckDBPyConnection, codes: set[str]) -> dict[str, Bearers]:
    """Those of the codes whose firm a registration has shown, with the run that first did."""
    known = connection.execute(
        "SELECT uscc, min(first_seq) FROM derived.observations"
        " WHERE uscc IN (SELECT unnest(CAST(? AS VARCHAR[]))) GROUP BY uscc",
        [sorted(codes)],
    )
    return {uscc: {uscc: seq} for uscc, seq in known.fetchall()}


def _bearers(connection: duckdb.DuckDBPyConnection, wanted: set[str]) -> dict[str, Bearers]:
    """Who bears each of the wanted names, or bore it once."""
    if not wanted:
        return {}
    names = connection.sql(
        "SELECT o.uscc, r.name, min(o.first_seq) FROM derived.observations o JOIN base.records r USING (record_id)"
        " WHERE regexp_replace(r.name, $no_han, '', 'g') IN (SELECT unnest(CAST($han AS VARCHAR[])))"
        " OR NOT regexp_full_match(r.name, $everyday) GROUP BY ALL",
        params={
            "han": sorted({re.sub(_NO_HAN, "", key) for key in wanted}),
            "no_han": _NO_HAN,
            "everyday": _EVERYDAY,
        },
    )
    return _found(names, wanted, _key)


def _english_bearers(connection: duckdb.DuckDBPyConnection, wanted: set[str]) -> dict[str, Bearers]:
    """Who bears each of the wanted English names, or bore it once, by what its sources state as such."""
    if not wanted:
        return {}
    names = connection.sql(
        "SELECT o.uscc, r.name_en, min(o.first_seq) FROM derived.observations o JOIN base.records r USING (record_id)"
        " WHERE r.name_en <> '' GROUP BY ALL"
    )
    return _found(names, wanted, english_name)


def _found(names: duckdb.DuckDBPyRelation, wanted: set[str], key_of: Callable[[str], str]) -> dict[str, Bearers]:
    found: dict[str, dict[str, int]] = {}
    for batch in names.to_arrow_reader(_AT_ONCE):
        for uscc, name, seq in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if (key := key_of(name)) in wanted:
                bearers = found.setdefault(key, {})
                bearers[uscc] = min(seq, bearers.get(uscc, seq))
    return dict(found)


def _key(name: str) -> str:
    """A name as it is compared; empty where it is too long to be compared whole."""
    key = normal_name(name) if len(name) <= _LONGEST_NAME else ""
    return key if len(key) < _LONGEST_NAME else ""
