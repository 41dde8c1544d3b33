"""Whose a licence or disclosure is: by people's word, its credit code, or the one firm that ever bore its name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow as pa

from crawler.fields.credit_code import normalise, problem
from crawler.fields.words import any_of
from pipelines.news.document import fold
from pipelines.resolve.company_words import places
from pipelines.resolve.holder_names import Bearers, Meant, whom_they_mean
from pipelines.resolve.name_match import NameMatch
from pipelines.word_times import TIMES, held, turns

_SHANGHAI: Final = "31"  # of division codes, the province
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
    SELECT name, uscc, verdict, decided_at, withdrawn_at FROM (
        SELECT *, CAST(NULL AS TIMESTAMP) AS withdrawn_at FROM base.decisions WHERE kind = 'match'
        UNION ALL FROM derived.withdrawn_matches
    ) WHERE article_id = '' ORDER BY decided_at, line
"""
_KEYS: Final = [(name, pa.string()) for name in ("uscc", "holder", "address")]
_HOLDERS: Final = pa.schema([*_KEYS, ("firm_id", pa.string()), ("match", pa.string())])
_OWNERS: Final = pa.schema(
    [
        *_KEYS,
        ("owner", pa.string()),
        ("owner_seq", pa.int64()),
        ("rival_seq", pa.int64()),
        *TIMES,
    ]
)
_CANDIDATES: Final = pa.schema([*_KEYS, ("firm", pa.string()), ("match", pa.string()), ("context", pa.string())])


def attribute_holders(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `derived.holders`: the firm and the match for each code, holder and address that a licence or disclosure
    states; `derived.owners`: whose it is and was, as far as events count; and `derived.holder_candidates`.

    A valid credit code decides alone: where no registration has shown its firm, no other firm of that name is taken.
    `owner` is the firm that first bore the name (or the code), since the run `owner_seq`; `rival_seq` is the run since
    which another firm bears it too. By these an event counts as was known then: a later namesake takes nothing back.
    `decided_at` and `denied_at` (UTC): since when a person's word makes it so, and since when one makes it otherwise;
    `away`: the times in between in which it was otherwise.
    """
    asked: list[tuple[str, str, str]] = connection.execute(_ASKED).fetchall()
    codes = {uscc: normalise(uscc) for uscc, *_ in asked}
    valid = {code for code in codes.values() if problem(code) is None}
    words = _Words(connection.execute(_WORDS).fetchall() if asked else [])
    firms = _firms(connection, valid | words.firms)
    meant = whom_they_mean(connection, (holder for uscc, holder, _ in asked if codes[uscc] not in valid))
    rows, owners, candidates = [], [], []
    steps: list[tuple[datetime | None, _Owner]]
    for uscc, holder, address in asked:
        said = {"uscc": uscc, "holder": holder, "address": address}
        if (code := codes[uscc]) in valid:
            steps = [(None, _Owner(firms.get(code, {}), NameMatch.CREDIT_CODE))]
        else:
            steps = [(turn, _whose(meant[holder], address, standing, firms)) for turn, standing in words.turns(holder)]
            _, now = steps[-1]
            candidates += [said | one for one in _candidates(meant[holder], now, words.denied(holder))]
        rows.append(said | steps[-1][1].row())
        owners += [said | one for one in _owners(steps)]
    _store(connection, "holders", rows, _HOLDERS)
    _store(connection, "owners", owners, _OWNERS)
    _store(connection, "holder_candidates", candidates, _CANDIDATES)


def _store(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    connection.register("found", pa.Table.from_pylist(rows, schema=schema))
    connection.execute(f"CREATE OR REPLACE TABLE derived.{name} AS SELECT * FROM found")
    connection.unregister("found")


class _Owner(NamedTuple):
    """Whose a name is at a time: the firms that it may be, each with the run that first showed it so, and how."""

    bearers: Bearers
    match: NameMatch

    def order(self) -> list[tuple[str, int]]:
        return sorted(self.bearers.items(), key=lambda bearer: (bearer[1], bearer[0]))

    def row(self) -> dict[str, Any]:
        """As it is told: a name of several firms is nobody's."""
        if len(self.bearers) == 1:
            return {"firm_id": f"CN-{next(iter(self.bearers))}", "match": str(self.match)}
        return {"firm_id": None, "match": str(NameMatch.AMBIGUOUS if self.bearers else NameMatch.NONE)}


def _owners(steps: Iterable[tuple[datetime | None, _Owner]]) -> Iterator[dict[str, Any]]:
    """Who first bore a name, from when to when by people's word; each with its first rival, if it had one."""
    told: list[tuple[datetime | None, dict[tuple[str, int, int | None], None]]] = []
    for turn, whose in steps:
        order = whose.order()
        told.append((turn, {(*order[0], order[1][1] if len(order) > 1 else None): None} if order else {}))
    for (owner, owner_seq, rival_seq), one in held(told).items():
        yield {"owner": owner, "owner_seq": owner_seq, "rival_seq": rival_seq, **one.columns()}


# ------------------------------------------------------------------------------------------------------ by rules


def _by_rules(meant: Meant, address: str, denied: Collection[str] = ()) -> _Owner:
    """Whose a name is: of all who surely bear it the one; of a firm of Shanghai none where the address is elsewhere.

    That it is none of the others is a person's word on the one that is left.
    """
    bearers = _earliest(*meant.sure.values())
    if is_elsewhere(address) and any(firm[2:4] == _SHANGHAI for firm in bearers):
        return _Owner({}, NameMatch.NONE)
    left = {firm: seq for firm, seq in bearers.items() if firm not in denied}
    if len(left) == 1 < len(bearers):
        return _Owner(left, NameMatch.PERSON)
    return _Owner(left, next(iter(meant.sure), NameMatch.NONE))


def _earliest(*found: Bearers) -> Bearers:
    earliest: dict[str, int] = {}
    for firm, seq in (bearer for bearers in found for bearer in bearers.items()):
        earliest[firm] = min(seq, earliest.get(firm, seq))
    return earliest


def _candidates(meant: Meant, whose: _Owner, denied: set[str]) -> Iterator[dict[str, Any]]:
    """The firms that a name without a firm may mean, and what keeps it from being sure; a closed list."""
    if len(whose.bearers) == 1:
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
    since: datetime
    until: datetime | None


class _Words:
    """What people said of names wherever they stand, oldest first; also what was withdrawn since."""

    def __init__(self, rows: Iterable[tuple[str, str, str, datetime, datetime | None]]) -> None:
        self._words: dict[str, list[_Word]] = {}
        for name, firm, verdict, decided_at, withdrawn_at in rows:
            self._words.setdefault(fold(name), []).append(_Word(firm, verdict, decided_at, withdrawn_at))
        self.firms = {word.firm for words in self._words.values() for word in words}

    def turns(self, holder: str) -> Iterator[tuple[datetime | None, list[_Word]]]:
        """The words on a holder that stood, from the beginning and from each instant that changed it."""
        return turns(self._words.get(fold(holder), ()) if self._words else ())

    def denied(self, holder: str) -> set[str]:
        """The firms that the name does not mean, as of now."""
        *_, (_, standing) = self.turns(holder)
        return {word.firm for word in _latest(standing) if word.verdict == "different"}


def _latest(standing: Iterable[_Word]) -> list[_Word]:
    """The word that counts on each firm, in the order in which they were said."""
    latest: dict[str, _Word] = {}
    for word in standing:
        latest.pop(word.firm, None)
        latest[word.firm] = word
    return list(latest.values())


def _whose(meant: Meant, address: str, standing: Iterable[_Word], firms: dict[str, Bearers]) -> _Owner:
    """Whose a name is by the rules and the words that stood."""
    words = _latest(standing)
    same = [word.firm for word in words if word.verdict == "same" and word.firm in firms]
    if not same:
        return _by_rules(meant, address, {word.firm for word in words if word.verdict == "different"})
    bearers = _by_rules(meant, address).order()
    if bearers and bearers[0][0] == same[-1]:
        # Since when it bore the name, not since when we know of it: what was told by the rules keeps its place.
        return _Owner(dict(bearers[:1]), NameMatch.PERSON)
    return _Owner(firms[same[-1]], NameMatch.PERSON)
