"""Every firm read again after a change of rules: what is labelled otherwise, and that no event came or went with it.

The labels are made by a load that adds no run (`Comparison` looks on and stops it where an event would differ), or, to
look first, by reading the published file and writing nothing (`rehearse`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from pipelines.classify import classify_batch, rules_version
from pipelines.classify.batches import classify_batches, label_row, subject_of
from pipelines.label_changes import Change, Changes, Judgement, Stays, gather
from pipelines.published_file import LACKING, PublishedFileError, opened, why
from pipelines.store.database import PUBLISHED_NAME
from pipelines.store.files import quoted

_AT_ONCE: Final = 10_000  # firms in Python's hands at a time
_NAMED: Final = 5  # events named of those that differ
_LABEL: Final = ("grade", "sub_sector", "secondary", "score", "label_evidence")
_OLD, _NOW = (", ".join(f"{table}.{name}" for name in _LABEL) for table in ("old", "now"))
_CHANGED: Final = f"""
    SELECT now.uscc, now.name, now.in_putuo = 'yes', {_OLD}, {_NOW}
    FROM derived.firms now JOIN last.derived.firms old USING (uscc)
    WHERE now.label_decided_by = 'rules' AND ({_OLD}) IS DISTINCT FROM ({_NOW})
        AND NOT (now.grade = old.grade AND now.label_evidence = '' AND old.label_evidence = '')
    ORDER BY now.in_putuo = 'yes' DESC, now.uscc
"""
_PUBLISHED: Final = f"""
    SELECT uscc, name, scope, name_en, industry, licence_kinds AS licences, in_putuo = 'yes' AS is_in_putuo,
        label_decided_by = 'person' AS is_decided, {", ".join(f"{name} AS old_{name}" for name in _LABEL)}
    FROM firms ORDER BY is_in_putuo DESC, uscc
"""
_DECIDED: Final = """
    SELECT uscc, name, grade, sub_sector, label_evidence, scope, name_en, industry, licence_kinds
    FROM derived.firms WHERE label_decided_by = 'person' ORDER BY in_putuo = 'yes' DESC, uscc
"""
# An event is what happened to whom, since when we know, and with what before and after.
_EVENT: Final = "event_id, kind, basis, uscc, happened_on, discovered_at, before, after"
_TOLD: Final = {"events": "derived.events", "events taken back": "derived.retracted_events"}
_SAME_BASE: Final = {
    "runs": "SELECT run_id, outcome FROM {}base.runs",
    "decisions": "SELECT * FROM {}base.decisions",
}

Progress = Callable[[str, int, int], None]


class ReclassifyError(RuntimeError):
    """The labels cannot be made anew, or an event would differ; nothing was published, and the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified:
    """What reading every firm again came to. `events`: how many, before and after; None where none was derived."""

    firms: int
    old_rules: str
    new_rules: str
    changes: Changes
    stays: tuple[Stays, ...]
    events: int | None


class Comparison:
    """Looks on while a load labels all firms anew, and compares with the file that is published still.

    `found` holds what it came to. Raises ReclassifyError where the store and the published file do not rest on the same
    runs and decisions, and where an event would differ.
    """

    def __init__(self, home: Path, limit: int, keep: Callable[[Change], None]) -> None:
        self._path, self._limit, self._keep = home / PUBLISHED_NAME, limit, keep
        self.found: Reclassified | None = None

    def before(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Refuses a store that knows other runs or decisions: what they change is no change of rules."""
        with _attached(connection, self._path):
            waiting = [what for what in _SAME_BASE if self._differs(connection, _SAME_BASE[what])]
        if waiting:
            raise ReclassifyError(
                f"{' and '.join(waiting)} wait that {self._path} does not know, or it knows others: {self._advice()}"
            )

    def _differs(self, connection: duckdb.DuckDBPyConnection, query: str) -> bool:
        here, there = query.format(""), query.format("last.")
        return _count(connection, f"({here} EXCEPT {there}) UNION ALL ({there} EXCEPT {here})") > 0

    def _advice(self) -> str:
        """A load labels anew without a list of what changed: whoever wants that must look before."""
        try:
            with opened(self._path) as connection:
                connection.sql(f"{_PUBLISHED} LIMIT 0").fetchall()
        except PublishedFileError:  # of an older release: it cannot be rehearsed with
            return "run `scrapy load` first"
        return (
            "to see what the rules change, run `scrapy reclassify --dry-run -o CHANGES.csv` first; then `scrapy load`, "
            "which publishes that too"
        )

    def after(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Compares events, then labels."""
        with _attached(connection, self._path):
            events = self._same_events(connection)
            changes = gather(map(_change, _batches(connection.execute(_CHANGED))), self._limit, self._keep)
            ((firms,),) = connection.execute("SELECT count(*) FROM derived.firms").fetchall()
            ((old,),) = connection.execute("SELECT rules_version FROM last.main.release").fetchall()
        self.found = Reclassified(
            firms=firms,
            old_rules=old,
            new_rules=rules_version(),
            changes=changes,
            stays=tuple(map(_stays, connection.execute(_DECIDED).fetchall())),
            events=events,
        )

    def _same_events(self, connection: duckdb.DuckDBPyConnection) -> int:
        """How many events there are, the same as before. Raises ReclassifyError."""
        for what, table in _TOLD.items():
            here, there = f"SELECT {_EVENT} FROM {table}", f"SELECT {_EVENT} FROM last.{table}"
            differing = connection.execute(
                f"SELECT event_id, kind, uscc, 'would come' FROM ({here} EXCEPT {there})"
                f" UNION ALL SELECT event_id, kind, uscc, 'would go' FROM ({there} EXCEPT {here}) ORDER BY 1, 4"
            ).fetchall()
            if differing:
                named = [f"  {event_id} {kind} of {uscc} {how}" for event_id, kind, uscc, how in differing[:_NAMED]]
                raise ReclassifyError(
                    f"{len(differing)} {what} would differ, and labels never make events: nothing was published.\n"
                    + "\n".join(named)
                    + "\nMore than rules changed in this program: `scrapy load` publishes what it makes of the runs."
                )
        return _count(connection, f"FROM {_TOLD['events']}")


def rehearse(home: Path, limit: int, keep: Callable[[Change], None], progress: Progress) -> Reclassified:
    """Judges the firms of the published file by this program's rules, batch by batch, and writes nothing.

    Raises PublishedFileError.
    """
    # A load would label anew too, but compare nothing.
    with opened(home / PUBLISHED_NAME, remedy="scrapy reclassify") as connection:
        ((firms,),) = connection.execute("SELECT count(*) FROM firms").fetchall()
        ((old,),) = connection.execute("SELECT rules_version FROM release").fetchall()
        stays: list[Stays] = []
        reader = connection.sql(_PUBLISHED).to_arrow_reader(_AT_ONCE)

        def changed() -> Iterator[Change]:
            done = 0
            for batch in classify_batches(reader):
                for row in batch.to_pylist():
                    if row["is_decided"]:
                        stays.append(_stays_of(row))
                    elif change := _change_of(row):
                        yield change
                done += batch.num_rows
                progress("firms", done, firms)

        changes = gather(changed(), limit, keep)
    return Reclassified(
        firms=firms, old_rules=old, new_rules=rules_version(), changes=changes, stays=tuple(stays), events=None
    )


# ------------------------------------------------------------------------------------------------ rows of databases


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """The published file beside the store, under the name `last`; after an error the connection is of no more use."""
    if not path.is_file():
        raise ReclassifyError(f"{path}: no published database yet; run `scrapy load` first")
    connection.execute(f"ATTACH '{quoted(path)}' AS last (READ_ONLY)")
    try:
        yield
    except LACKING as error:
        raise ReclassifyError(f"{path}: cannot be compared with: {why(error, 'scrapy load')}") from error
    connection.execute("DETACH last")


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM ({query})").fetchall()
    return int(count)


def _batches(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(_AT_ONCE):
        yield from batch


def _change(row: tuple[Any, ...]) -> Change:
    uscc, name, is_in_putuo, *labels = row
    before, after = Judgement(*labels[: len(_LABEL)]), Judgement(*labels[len(_LABEL) :])
    difference = before.differs(after)
    assert difference is not None, "the query hands over what differs"
    return Change(uscc, name, is_in_putuo, difference, before, after)


def _change_of(row: dict[str, Any]) -> Change | None:
    """What a labelled row of the published file changes; None for the same label."""
    before, after = Judgement(*(row[f"old_{name}"] for name in _LABEL)), _judged(row)
    difference = before.differs(after)
    return Change(row["uscc"], row["name"], row["is_in_putuo"], difference, before, after) if difference else None


def _stays(row: tuple[Any, ...]) -> Stays:
    uscc, name, grade, sub_sector, why, *rest = row
    given, primary, secondary, score, words, _ = label_row(next(classify_batch([subject_of(name, *rest)])))
    return Stays(uscc, name, grade, sub_sector, why, Judgement(given, primary, secondary, score, words))


def _stays_of(row: dict[str, Any]) -> Stays:
    why = row["old_label_evidence"]
    return Stays(row["uscc"], row["name"], row["old_grade"], row["old_sub_sector"], why, _judged(row))


def _judged(row: dict[str, Any]) -> Judgement:
    return Judgement(row["grade"], row["sub_sector"], row["secondary"], row["score"], row["evidence"])
