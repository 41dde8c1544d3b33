"""Reads from the published file what is known of one event: itself, its firm, its observations, runs and release."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.briefing import Exhibit, Role
from reports.cells import Row, exhibit, text
from reports.errors import PublishedUnreadableError
from reports.published import opened
from reports.untrusted import clean

_MOST_NAMED, _NAME = 20, 60
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HOW_TO_FIND = "find ids with: SELECT event_id, name, kind FROM events"

_COLUMNS = (
    "event_id, category, kind, basis, firm_id, uscc, name, happened_on, discovered_on, discovered_at, before, after,"
    " evidence"
)
_LIVE = f"""
    SELECT {_COLUMNS}, NULL AS retracted_at FROM events
    WHERE event_id = $wanted OR starts_with(event_id, $wanted)
"""
_TAKEN_BACK = f"""
    SELECT {_COLUMNS}, retracted_at FROM retracted_events
    WHERE event_id = $wanted OR starts_with(event_id, $wanted)
"""
# A file that an older program published has neither events that were taken back nor superseded runs.
_HAS_VIEW = "SELECT 1 FROM duckdb_views() WHERE view_name = $view AND NOT internal"
_FIRM = "SELECT * FROM firms WHERE firm_id = $firm_id"
_SPELLS = """
    SELECT observation_id, known_from, known_to, sightings FROM observations
    WHERE observation_id IN (SELECT unnest($ids::VARCHAR[]))
"""
_RUNS = """
    SELECT run_id, outcome, finished_at, parser, code_version, '' AS superseded_by FROM runs
    WHERE run_id IN (SELECT unnest($ids::VARCHAR[]))
"""
_SUPERSEDED = """
    SELECT run_id, outcome, finished_at, parser, code_version, superseded_by FROM superseded_runs
    WHERE run_id IN (SELECT unnest($ids::VARCHAR[]))
"""
# The runs that read a list together with one that closed it, over several nights.
_SWEEPS = """
    SELECT closing.run_id, list(part.run_id ORDER BY part.finished_at, part.run_id) AS parts
    FROM runs AS closing JOIN runs AS part USING (source, series, sweep)
    WHERE closing.run_id IN (SELECT unnest($ids::VARCHAR[])) AND part.outcome IN ('complete', 'partial')
    GROUP BY closing.run_id
"""
_HAS_SWEEPS = "SELECT 1 FROM duckdb_columns() WHERE table_name = 'runs' AND column_name = 'sweep' AND NOT internal"
_RELEASE = "SELECT published_at, code_version, rules_version, gazetteer_version, content_hash FROM release"

Rows = Callable[[str, Row], list[Row]]


class WhyError(Exception):
    """The question cannot be answered as it was asked; the message is written for the person at the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the published file says of one event. `spells` are observations by id, `runs` by run id.

    `sweeps` are, for a run that closed a list read over several nights, all runs that read it.
    """

    event: Row
    exhibits: tuple[Exhibit, ...]
    firm: Row | None
    spells: dict[str, Row]
    runs: dict[str, Row]
    release: Row
    sweeps: dict[str, tuple[str, ...]]


def read_known(path: Path, wanted: str) -> Known:
    """All that is known of the event with this id, or the only one whose id begins so.

    Raises WhyError when there is none or more than one, NoPublishedFileError, PublishedUnreadableError.
    """
    with opened(path) as rows:
        event = _one(_found(rows, wanted), wanted)
        exhibits = _exhibits(path, event)
        firms = rows(_FIRM, {"firm_id": event["firm_id"]})
        releases = rows(_RELEASE, {})
        if len(releases) != 1:
            raise PublishedUnreadableError(path, f"release has {len(releases)} rows instead of one")
        return Known(
            event=event,
            exhibits=exhibits,
            firm=firms[0] if firms else None,
            spells=_by(rows, _SPELLS, "observation_id", (one.observation_id for one in exhibits)),
            runs=_runs(rows, [one.run_id for one in exhibits]),
            release=releases[0],
            sweeps=_sweeps(rows, [one.run_id for one in exhibits if one.role is Role.ABSENCE]),
        )


def _found(rows: Rows, wanted: str) -> list[Row]:
    """The events meant, each once: one that holds today counts before one that was taken back."""
    asked = {"wanted": wanted}
    found = rows(_LIVE, asked)
    if _has(rows, "retracted_events"):
        found += sorted(rows(_TAKEN_BACK, asked), key=lambda row: row["retracted_at"], reverse=True)
    once: dict[str, Row] = {}
    for row in found:
        once.setdefault(row["event_id"], row)
    return [once[wanted]] if wanted in once else [once[event_id] for event_id in sorted(once)]


def _one(found: list[Row], wanted: str) -> Row:
    if not found:
        raise WhyError(f"no event {clean(wanted, 80)!r} in the published file; {_HOW_TO_FIND}")
    if len(found) > 1:
        named = "".join(
            f"\n  {row['event_id']} {row['kind']} {clean(text(row['name']), _NAME)}" for row in found[:_MOST_NAMED]
        )
        more = f"\n  and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise WhyError(f"{len(found)} events begin with {clean(wanted, 80)!r}; say more of the id:{named}{more}")
    return found[0]


def _exhibits(path: Path, event: Row) -> tuple[Exhibit, ...]:
    if not _ID.fullmatch(event["event_id"]):  # it names a file
        raise PublishedUnreadableError(path, f"an event's id is {event['event_id'][:80]!r}")
    try:
        return tuple(exhibit(piece) for piece in json.loads(event["evidence"] or "[]"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PublishedUnreadableError(path, f"event {event['event_id']!r}: {error}") from error


def _runs(rows: Rows, ids: list[str]) -> dict[str, Row]:
    superseded = _by(rows, _SUPERSEDED, "run_id", ids) if _has(rows, "superseded_runs") else {}
    return {**superseded, **_by(rows, _RUNS, "run_id", ids)}


def _sweeps(rows: Rows, ids: list[str]) -> dict[str, tuple[str, ...]]:
    if not rows(_HAS_SWEEPS, {}):
        return {}
    return {row["run_id"]: tuple(row["parts"]) for row in rows(_SWEEPS, {"ids": ids})}


def _has(rows: Rows, view: str) -> bool:
    return bool(rows(_HAS_VIEW, {"view": view}))


def _by(rows: Rows, query: str, key: str, ids: Iterable[str]) -> dict[str, Row]:
    return {row[key]: row for row in rows(query, {"ids": sorted(set(ids))})}
