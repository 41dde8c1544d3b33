"""Whose licence it is: the firm of the credit code, else the one firm that ever bore the holder's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import duckdb
import pyarrow as pa

from crawler.fields.credit_code import normalise, problem
from crawler.fields.names import normal_name

_AT_ONCE: Final = 50_000  # names in Python's hands at a time
_LONGEST_NAME: Final = 200  # what normal_name reads of a name; of a longer one only a part would be compared
# Of a name in everyday characters (Chinese, ASCII, and ASCII in the width of a Chinese character) its normal form has
# the same Chinese ones: most firms are told from all holders by these, without a normal form of every name.
_NO_HAN: Final = "[^\u4e00-\u9fff]"
_EVERYDAY: Final = "[\u4e00-\u9fff -~\uff01-\uff5e\u3000]*"
_HOLDERS: Final = pa.schema([(name, pa.string()) for name in ("uscc", "holder", "firm_id", "match")])


class Match(StrEnum):
    """How a licence came to its firm, or why it has none."""

    CREDIT_CODE = "credit_code"
    EXACT_NAME = "exact_name"
    AMBIGUOUS_NAME = "ambiguous_name"  # several firms bear or bore the name
    NONE = "none"


def attribute_licences(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `derived.licence_holders`: the firm and the match for each code and holder that a licence states.

    A valid credit code decides alone: where no registration has shown its firm, no other firm of that name is taken.
    """
    asked: list[tuple[str, str]] = connection.execute(
        "SELECT DISTINCT l.uscc, l.holder FROM base.licence_sightings s JOIN derived.run_order USING (run_id)"
        " JOIN base.licences l USING (content_id) ORDER BY ALL"
    ).fetchall()
    codes = {uscc: normalise(uscc) for uscc, _ in asked}
    valid = {code for code in codes.values() if problem(code) is None}
    firms = _firms(connection, valid)
    bearers = _bearers(connection, {_key(holder) for uscc, holder in asked if codes[uscc] not in valid} - {""})
    rows = []
    for uscc, holder in asked:
        if codes[uscc] in valid:
            firm = codes[uscc] if codes[uscc] in firms else ""
            match = Match.CREDIT_CODE if firm else Match.NONE
        else:
            firm, match = _by_name(bearers.get(_key(holder), ()))
        rows.append({"uscc": uscc, "holder": holder, "firm_id": f"CN-{firm}" if firm else None, "match": str(match)})
    connection.register("found", pa.Table.from_pylist(rows, schema=_HOLDERS))
    connection.execute("CREATE OR REPLACE TABLE derived.licence_holders AS SELECT * FROM found")
    connection.unregister("found")


def _by_name(bearers: Iterable[str]) -> tuple[str, Match]:
    match list(bearers):
        case []:
            return "", Match.NONE
        case [firm]:
            return firm, Match.EXACT_NAME
        case _:
            return "", Match.AMBIGUOUS_NAME


def _firms(connection: duckdb.DuckDBPyConnection, codes: set[str]) -> set[str]:
    """Those of the codes whose firm a registration has shown."""
    known = connection.execute(
        "SELECT uscc FROM derived.firms WHERE uscc IN (SELECT unnest(CAST(? AS VARCHAR[])))", [sorted(codes)]
    )
    return {uscc for (uscc,) in known.fetchall()}


def _bearers(connection: duckdb.DuckDBPyConnection, wanted: set[str]) -> dict[str, set[str]]:
    """Who bears each of the wanted names, or bore it once."""
    found: dict[str, set[str]] = {}
    if not wanted:
        return found
    names = connection.sql(
        "SELECT DISTINCT o.uscc, r.name FROM derived.observations o JOIN base.records r USING (record_id)"
        " WHERE regexp_replace(r.name, $no_han, '', 'g') IN (SELECT unnest(CAST($han AS VARCHAR[])))"
        " OR NOT regexp_full_match(r.name, $everyday)",
        params={
            "han": sorted({re.sub(_NO_HAN, "", key) for key in wanted}),
            "no_han": _NO_HAN,
            "everyday": _EVERYDAY,
        },
    ).to_arrow_reader(_AT_ONCE)
    for batch in names:
        for uscc, name in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            if (key := _key(name)) in wanted:
                found.setdefault(key, set()).add(uscc)
    return found


def _key(name: str) -> str:
    """A name as it is compared; empty where it is too long to be compared whole."""
    key = normal_name(name) if len(name) <= _LONGEST_NAME else ""
    return key if len(key) < _LONGEST_NAME else ""
