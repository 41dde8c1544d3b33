"""What the last published file holds and the next one would not: nothing is taken from analysts without a word."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from pipelines.store.files import Release, looking_into, read_release

logger = logging.getLogger(__name__)

_NAMED = 5  # of each kind; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A kind of thing that must stay: where it stands, its key, what to call it, and what a replay took back of it.

    What a replay reads otherwise was told, and is kept as what it was: that is no loss.
    """

    table: str
    key: str
    label: str
    taken_back: str = ""


_REREAD = "(SELECT run_id FROM base.runs WHERE supersedes <> '' OR run_id IN (SELECT supersedes FROM base.runs))"
_FIRM = "coalesce((SELECT any_value(f.name) FROM derived.firms f WHERE f.firm_id = held.firm_id), held.firm_id)"
_HELD: Final = {
    "runs": _Held(table="base.runs", key="run_id", label="run_id"),
    "firms": _Held(
        table="derived.firms",
        key="firm_id",
        label="name",
        taken_back=f"SELECT 'CN-' || uscc AS key FROM base.sightings WHERE run_id IN {_REREAD}"
        " AND uscc NOT IN (SELECT uscc FROM derived.observations)",
    ),
    "events": _Held(
        table="derived.events",
        key="event_id",
        label=f"kind || ' of ' || {_FIRM}",
        taken_back="SELECT event_id AS key FROM derived.retracted_events"
        " UNION SELECT event_id FROM derived.denied_events"  # by a person's word on a name
        " UNION SELECT event_id FROM derived.merged_events",  # told of another event now, which bears its proof
    ),
    "articles": _Held(
        table="derived.articles",
        key="concat_ws(' ', source, source_id)",
        label="title",
        taken_back="SELECT concat_ws(' ', a.source, a.article_id) AS key FROM base.article_sightings s"
        f" JOIN base.articles a USING (content_id) WHERE s.run_id IN {_REREAD}"
        " AND content_id NOT IN (SELECT content_id FROM derived.article_versions)",
    ),
}
_LATE = """
    SELECT run_id FROM base.runs ANTI JOIN held ON held.key = run_id
    WHERE supersedes = '' AND finished_at < (SELECT max(finished_at) FROM base.runs JOIN held ON held.key = run_id)
    ORDER BY finished_at, run_id
"""


class LastFileError(Exception):
    """The last published file cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastFile:
    """What must be known of a published file to compare with it: who made it, and its keys, by kind."""

    path: Path
    release: Release
    keys: Mapping[str, pa.Table]

    @property
    def not_compared(self) -> tuple[str, ...]:
        """The kinds that it has no table of: an older program made it."""
        return tuple(kind for kind in _HELD if kind not in self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What would be lost of the last file's: how many of each kind, names of the first of them, and what came between.

    `late_runs` finished before the last file's newest run and were not in it.
    """

    last: Release
    now: Release
    counts: Mapping[str, int]
    names: Mapping[str, tuple[str, ...]]
    late_runs: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.counts) or self.is_of_newer_program

    @property
    def is_of_newer_program(self) -> bool:
        """Whether the last file has what this program does not know."""
        return self.last.schema > self.now.schema

    def told(self) -> str:
        """How much of what, on one line."""
        told = [f"{count} {kind if count > 1 else kind.removesuffix('s')}" for kind, count in self.counts.items()]
        if self.is_of_newer_program:
            told.append(f"what its schema {self.last.schema} has beyond this program's {self.now.schema}")
        return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else "".join(told)

    def lines(self, why_absent: Mapping[str, str]) -> Iterator[str]:
        """What would be lost, by name; `why_absent` says of runs why they are not there."""
        for kind, names in self.names.items():
            told = [f"{name}: {why_absent.get(name, 'no such folder')}" if kind == "runs" else name for name in names]
            more = self.counts[kind] - len(names)
            yield f"{kind}: {'; '.join(told)}{f'; and {more} more' if more else ''}"

    def causes(self) -> Iterator[str]:
        """What may have come between, likeliest first."""
        if "runs" in self.counts:
            yield "run folders are gone or were changed: bring them back, then `scrapy load`"
        if self.late_runs:
            first, more = self.late_runs[0], len(self.late_runs) - 1
            yield f"an older run came late and changes what was news: {first}{f' and {more} more' if more else ''}"
        if self.is_of_newer_program:
            yield "this program is older than the one that made the last file: update it"
        elif self.last.made_by != self.now.made_by:
            yield f"the last file was made by {self.last.made_by}, this one by {self.now.made_by}"
        yield "changed rules for addresses, labels or news, or a decision, say otherwise"


def read_last(path: Path) -> LastFile:
    """What a published file holds, by keys. Raises LastFileError."""
    try:
        with looking_into(path) as last:
            there = {row[0] for row in last.execute(_TABLES).fetchall()}
            keys = {
                kind: last.sql(f"SELECT {held.key} AS key FROM {held.table}").to_arrow_table()
                for kind, held in _HELD.items()
                if held.table in there
            }
            return LastFile(path=path, release=read_release(last), keys=keys)
    except duckdb.Error as error:
        raise LastFileError(str(error)) from error


def find_losses(connection: duckdb.DuckDBPyConnection, last: LastFile) -> Losses:
    """What the current database does not hold of a published file."""
    lost = {kind: _lost(connection, _HELD[kind], keys) for kind, keys in last.keys.items()}
    lost = {kind: keys for kind, keys in lost.items() if keys.num_rows}
    late = _asked(connection, last.keys["runs"], _LATE) if lost and "runs" in last.keys else None
    return Losses(
        last=last.release,
        now=read_release(connection),
        counts={kind: keys.num_rows for kind, keys in lost.items()},
        names=_names(last.path, lost) if lost else {},
        late_runs=tuple(late["run_id"].to_pylist()) if late else (),
    )


_TABLES = """
    SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = current_database()
"""


def _lost(connection: duckdb.DuckDBPyConnection, held: _Held, keys: pa.Table) -> pa.Table:
    without = "SELECT key FROM held ANTI JOIN ({}) there ON there.key = held.key"
    lost = _asked(connection, keys, without.format(f"SELECT {held.key} AS key FROM {held.table}"))
    if lost.num_rows and held.taken_back:
        lost = _asked(connection, lost, without.format(held.taken_back))
    return lost


def _names(path: Path, lost: Mapping[str, pa.Table]) -> dict[str, tuple[str, ...]]:
    """What the first of the lost things are called in the file that holds them; their keys, where it is torn."""
    try:
        with looking_into(path) as last:
            return {kind: _named(last, _HELD[kind], keys) for kind, keys in lost.items()}
    except duckdb.Error as error:
        logger.warning("%s: names cannot be read: %s", path, error)
        return {kind: tuple(sorted(keys["key"].slice(0, _NAMED).to_pylist())) for kind, keys in lost.items()}


def _named(last: duckdb.DuckDBPyConnection, held: _Held, keys: pa.Table) -> tuple[str, ...]:
    key = f"SELECT {held.key} AS lost_key, * FROM {held.table}"
    named = f"SELECT {held.label} AS name FROM ({key}) held WHERE lost_key IN (SELECT key FROM lost)"
    last.register("lost", keys)
    rows = last.execute(f"{named} ORDER BY name LIMIT {_NAMED}").fetchall()
    last.unregister("lost")
    return tuple(name for (name,) in rows)


def _asked(connection: duckdb.DuckDBPyConnection, held: pa.Table, query: str) -> pa.Table:
    connection.register("held", held)
    try:
        return connection.sql(query).to_arrow_table()
    finally:
        connection.unregister("held")
