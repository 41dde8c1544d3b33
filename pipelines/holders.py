"""Whose a licence or disclosure is: by people's word, its credit code, or the one firm that ever bore its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow as pa

from crawler.fields.credit_code import normalise, problem
from crawler.fields.words import any_of
from pipelines.company_words import places
from pipelines.holder_names import Bearers, Meant, whom_they_mean
from pipelines.name_match import NameMatch
from pipelines.news.document import fold

_SHANGHAI: Final = "31"  # of division codes, the province
_LONG_AGO: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # as TIMESTAMP '1970-01-01' in SQL, which is UTC
_ASKED: Final = """
    SELECT DISTINCT uscc, holder, address FROM (
        SELECT l.uscc, l.holder, l.address FROM base.licence_sightings JOIN derived.run_order USING (run_id)
            JOIN base.licences l USING (content_id)
        UNION ALL
        -- Where a project is carried out is not where its holder sits.
        SELECT d.uscc, d.holder, '' FROM base.disclosure_sightings JOIN derived.run_order USING (run_id)
            JOIN base.disclosures d USING (content_id)
    ) ORDER BY ALL
"""
_WORDS: Final = """
    SELECT name, uscc, verdict, decided_at, is_withdrawn FROM (
        SELECT *, false AS is_withdrawn FROM base.decisions WHERE kind = 'match'
        UNION ALL SELECT *, true FROM derived.withdrawn_matches WHERE verdict = 'same'
    ) WHERE article_id = '' ORDER BY decided_at, line
"""
_KEYS: Final = [(name, pa.string()) for name in ("uscc", "holder", "address")]
_OWNER: Final = [("owner", pa.string()), ("owner_seq", pa.int64()), ("rival_seq", pa.int64())]
_HOLDERS: Final = pa.schema(
    [*_KEYS, ("firm_id", pa.string()), ("match", pa.string()), *_OWNER, ("decided_at", pa.timestamp("us"))]
)
_DENIED: Final = pa.schema([*_KEYS, *_OWNER, ("decided_at", pa.timestamp("us")), ("denied_at", pa.timestamp("us"))])
_CANDIDATES: Final = pa.schema([*_KEYS, ("firm", pa.string()), ("match", pa.string()), ("context", pa.string())])


def attribute_holders(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `derived.holders`: the firm and the match for each code, holder and address that a licence or disclosure
    states; `derived.denied_holders`: whose it was said to be before people's word; and `derived.holder_candidates`.

    A valid credit code decides alone: where no registration has shown its firm, no other firm of that name is taken.
    `owner` is the firm that first bore the name (or the code), since the run `owner_seq`; `rival_seq` is the run since
    which another firm bears it too. By these an event counts as was known then: a later namesake takes nothing back.
    `decided_at` (UTC): since when a person's word makes it so.
    """
    asked: list[tuple[str, str, str]] = connection.execute(_ASKED).fetchall()
    codes = {uscc: normalise(uscc) for uscc, *_ in asked}
    valid = {code for code in codes.values() if problem(code) is None}
    words = _Words(connection.execute(_WORDS).fetchall() if asked else [])
    firms = _firms(connection, valid | words.firms)
    meant = whom_they_mean(connection, (holder for uscc, holder, _ in asked if codes[uscc] not in valid))
    rows, denied, candidates = [], [], []
    for uscc, holder, address in asked:
        said = {"uscc": uscc, "holder": holder, "address": address}
        if (code := codes[uscc]) in valid:
            rows.append(said | _owner(firms.get(code, {}), NameMatch.CREDIT_CODE))
            continue
        by_rules = _by_rules(meant[holder], address)
        row = by_rules | words.decide(holder, by_rules, firms)
        rows.append(said | row)
        denied += [said | one for one in words.deny(holder, by_rules, row, firms)]
        candidates += [said | one for one in _candidates(meant[holder], row, words.denied(holder))]
    _store(connection, "holders", rows, _HOLDERS)
    _store(connection, "denied_holders", denied, _DENIED)
    _store(connection, "holder_candidates", candidates, _CANDIDATES)


def _store(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    connection.register("found", pa.Table.from_pylist(rows, schema=schema))
    connection.execute(f"CREATE OR REPLACE TABLE derived.{name} AS SELECT * FROM found")
    connection.unregister("found")


# ------------------------------------------------------------------------------------------------------ by rules


def _by_rules(meant: Meant, address: str) -> dict[str, Any]:
    """Whose a name is: of all who surely bear it the one; of a firm of Shanghai none where the address is elsewhere."""
    found = _earliest(*meant.sure.values())
    match = next(iter(meant.sure), NameMatch.NONE)
    if is_elsewhere(address) and any(firm[2:4] == _SHANGHAI for firm in found):
        return _owner({}, NameMatch.NONE)
    return _owner(found, match)


def _owner(found: Bearers, match: NameMatch, decided_at: datetime | None = None) -> dict[str, Any]:
    """Whose it is by all that is known, and whose it was first."""
    bearers = sorted(found.items(), key=lambda bearer: (bearer[1], bearer[0]))
    owner, owner_seq = bearers[0] if bearers else (None, None)
    alone = len(bearers) == 1
    return {
        "firm_id": f"CN-{owner}" if alone else None,
        "match": str(match if alone else NameMatch.AMBIGUOUS if bearers else NameMatch.NONE),
        "owner": owner,
        "owner_seq": owner_seq,
        "rival_seq": bearers[1][1] if len(bearers) > 1 else None,
        "decided_at": decided_at,
    }


def _earliest(*found: Bearers) -> Bearers:
    earliest: dict[str, int] = {}
    for firm, seq in (bearer for bearers in found for bearer in bearers.items()):
        earliest[firm] = min(seq, earliest.get(firm, seq))
    return earliest


def _candidates(meant: Meant, row: dict[str, Any], denied: set[str]) -> Iterator[dict[str, Any]]:
    """The firms that a name without a firm may mean, and what keeps it from being sure; a closed list."""
    if row["firm_id"]:
        return
    surest = {firm: match for match, bearers in reversed(meant.sure.items()) for firm in bearers}
    for firm in sorted(surest.keys() - denied):
        yield {"firm": firm, "match": str(surest[firm]), "context": "several" if len(surest) > 1 else "elsewhere"}
    for firm in sorted(meant.maybe.keys() - denied if not meant.sure else ()):
        context = "several" if len(meant.maybe) > 1 else "lesser_form"
        yield {"firm": firm, "match": str(meant.lesser), "context": context}


def _firms(connection: duckdb.DuckDBPyConnection, codes: set[str]) -> dict[str, Bearers]:
    """Those of the codes whose firm a registration has shown, with the run that first did."""
    known = connection.execute(
        "SELECT uscc, min(first_seq) FROM derived.observations"
        " WHERE uscc IN (SELECT unnest(CAST(? AS VARCHAR[]))) GROUP BY uscc",
        [sorted(codes)],
    )
    return {uscc: {uscc: seq} for uscc, seq in known.fetchall()}


def is_elsewhere(address: str) -> bool:
    """Whether an address names another province or city than Shanghai at its head; 中山北路 is no city."""
    return _other_places().match(address) is not None


@cache
def _other_places() -> re.Pattern[str]:
    names = {
        name
        for name, known in places().items()
        for place in known
        if place.code and not place.code.startswith(_SHANGHAI) and not place.bare and not place.county
    }
    return re.compile(r"\s*(?:中国|中华人民共和国)?" + any_of(names))


# --------------------------------------------------------------------------------------------------- people's word


class _Word(NamedTuple):
    firm: str
    verdict: str
    decided_at: datetime
    is_withdrawn: bool


class _Words:
    """What people said of names wherever they stand, oldest first."""

    def __init__(self, rows: Iterable[tuple[str, str, str, datetime, bool]]) -> None:
        self._words: dict[str, list[_Word]] = {}
        for name, firm, verdict, decided_at, is_withdrawn in rows:
            self._words.setdefault(fold(name), []).append(_Word(firm, verdict, decided_at, is_withdrawn))
        self.firms = {word.firm for words in self._words.values() for word in words}

    def _latest(self, holder: str) -> dict[str, _Word]:
        """The word that counts on each firm, in the order in which they were said."""
        latest: dict[str, _Word] = {}
        for word in self._words.get(fold(holder), ()) if self._words else ():
            if not word.is_withdrawn:
                latest.pop(word.firm, None)
                latest[word.firm] = word
        return latest

    def denied(self, holder: str) -> set[str]:
        """The firms that the name does not mean."""
        return {firm for firm, word in self._latest(holder).items() if word.verdict == "different"}

    def decide(self, holder: str, by_rules: dict[str, Any], firms: dict[str, Bearers]) -> dict[str, Any]:
        """What people's word changes in what the rules say; nothing where there is none."""
        latest = self._latest(holder)
        same = [word for word in latest.values() if word.verdict == "same" and word.firm in firms]
        if same:
            word = same[-1]
            row = _owner(firms[word.firm], NameMatch.PERSON, word.decided_at)
            if by_rules["owner"] != word.firm:
                return row
            # What was told before a namesake was known needed nobody's word.
            kept = {key: by_rules[key] for key in ("owner_seq", "rival_seq")}
            return row | kept | ({} if by_rules["rival_seq"] else {"decided_at": None})
        owner = latest.get(by_rules["owner"])
        return _owner({}, NameMatch.NONE) if owner is not None and owner.verdict == "different" else {}

    def deny(
        self, holder: str, by_rules: dict[str, Any], row: dict[str, Any], firms: dict[str, Bearers]
    ) -> Iterator[dict[str, Any]]:
        """Whose it was by the rules, or by an older word, and is no more: what was told of it keeps its key."""
        if by_rules["owner"] and by_rules["owner"] != row["owner"]:
            yield {key: by_rules[key] for key in ("owner", "owner_seq", "rival_seq", "decided_at")} | {
                "denied_at": self._denied_at(holder, by_rules["owner"])
            }
        once = {word.firm: word for word in reversed(self._words.get(fold(holder), ())) if word.verdict == "same"}
        for firm, word in sorted(once.items()):
            # Also of the rules' own firm: by a person's word it was told though a namesake was known.
            if firm in firms and not (firm == row["owner"] and row["match"] == NameMatch.PERSON):
                yield _owner(firms[firm], NameMatch.PERSON, word.decided_at) | {
                    "denied_at": self._denied_at(holder, firm)
                }

    def _denied_at(self, holder: str, firm: str) -> datetime:
        """When it was last said that the name does not mean the firm, or means another."""
        against = [
            word.decided_at
            for other, word in self._latest(holder).items()
            if (word.verdict == "different" if other == firm else word.verdict == "same")
        ]
        return max(against, default=_LONG_AGO)
