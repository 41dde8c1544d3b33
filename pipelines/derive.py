"""Everything that follows from what was said: observations, places, labels, firms, events. Made anew on every load."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines import read_news, scope_change
from pipelines.announcements import read_titles
from pipelines.classify import classify_batch
from pipelines.classify.batches import label_row, subject_of
from pipelines.divisions import division_kind, division_name
from pipelines.event_kinds import CATEGORY
from pipelines.ingest import roll_back
from pipelines.locate import locate, park_name, street_name
from pipelines.memo import Memo, fill, fingerprint
from pipelines.one_event import gather_tellings
from pipelines.park_candidates import collect_parks
from pipelines.premises import compare_premises
from pipelines.proof_ranks import rank_sources
from pipelines.resolve import names
from pipelines.resolve.firm_links import BRANDS, WATCHED, link_firms, parent_names
from pipelines.resolve.holder_names import whom_they_mean
from pipelines.resolve.holders import attribute_holders
from pipelines.resolve.unknown_firms import resolve_unknown, unknown_names
from pipelines.store.analyst_views import make_views

Progress = Callable[[str, int, int], None]

_HERE = Path(__file__).parent
_SEPARATOR = "；"
# What earlier epochs told, by which key: an event keeps its key whatever a replay reads.
_PAST_KEYS = """
    CREATE TEMP TABLE past_keys (
        event_id VARCHAR, kind VARCHAR, uscc VARCHAR, value VARCHAR, number BIGINT, origin VARCHAR, closes TIMESTAMP)
"""

_PAST_TELLINGS = "CREATE TEMP TABLE past_tellings (told_id VARCHAR, event_id VARCHAR, closes TIMESTAMP)"
# Where a firm is licensed to be that was only announced: nothing else asks where licences are.
_PLACES_OF_LICENCES = """
    SELECT l.address, '' AS district, '' AS registrar, '' AS division
    FROM owned o JOIN base.licences l USING (content_id)
    WHERE o.sort = 'licence' AND l.address <> ''
        AND o.uscc IN (SELECT uscc FROM announced WHERE kind = 'arrival_announced')
"""


def derive(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Rebuilds every derived table and view, in one transaction, as a pure function of `base` and this code.

    Each replay ends an epoch of what was known. The readings of every epoch are compared by themselves, oldest first;
    the last are today's. So a better reading changes what we know, and never what we knew.
    """
    connection.execute("BEGIN")
    try:
        connection.execute(_PAST_KEYS)
        connection.execute(_PAST_TELLINGS)
        for opens, closes in _epochs(connection):
            _derive_epoch(connection, opens, closes, progress)
            _run(connection, "remember.sql")
        for step in ("known", "subjects"):
            _run(connection, f"{step}.sql")
        fill(connection, _LABELS, "SELECT name, scope, name_en, industry, licences FROM subjects", progress)
        _run(connection, "firms.sql")
        collect_parks(connection)
        fill(connection, BRANDS, f"SELECT name FROM ({WATCHED})", progress)
        # Whom names mean is looked up once for both, in all names that there are.
        meant = whom_they_mean(connection, {*unknown_names(connection), *parent_names(connection)})
        resolve_unknown(connection, meant)
        link_firms(connection, meant)
        make_views(connection)
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def _epochs(connection: duckdb.DuckDBPyConnection) -> list[tuple[datetime | None, datetime | None]]:
    """When each state of our readings began and ended (UTC), oldest first; one without ends if nothing was replayed."""
    turns = connection.execute(
        "SELECT DISTINCT greatest(finished_at, replayed_at) FROM base.runs WHERE supersedes <> '' ORDER BY 1"
    ).fetchall()
    ends = [None, *(turn for (turn,) in turns), None]
    return list(pairwise(ends))


def _derive_epoch(
    connection: duckdb.DuckDBPyConnection, opens: datetime | None, closes: datetime | None, progress: Progress
) -> None:
    """What the readings tell that counted between two instants: observations, events, and histories of firms."""
    connection.execute("SET VARIABLE opens = ?::TIMESTAMP", [opens])
    connection.execute("SET VARIABLE closes = ?::TIMESTAMP", [closes])
    _refer(connection)
    for step in ("living", "observe", "history"):
        _run(connection, f"{step}.sql")
    _fill_memos(connection, progress)
    _run(connection, "articles.sql")
    read_news.attribute(connection, progress)
    attribute_holders(connection)
    _run(connection, "stated.sql")
    for step in ("changes", "candidates", "turns", "owned", "announced", "premises"):
        _run(connection, f"detect/{step}.sql")
    fill(connection, _PLACES, _PLACES_OF_LICENCES, progress)
    compare_premises(connection)
    read_titles(connection)
    for step in ("licences", "disclosures", "held_proofs", "tellings"):
        _run(connection, f"detect/{step}.sql")
    gather_tellings(connection)
    rank_sources(connection)
    _run(connection, "detect/events.sql")


def _run(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    for statement in _statements(name):
        connection.execute(statement)


@functools.cache
def _statements(name: str) -> list[duckdb.Statement]:
    """The statements of a file, parsed once however many epochs ask for them."""
    return duckdb.extract_statements((_HERE / name).read_text(encoding="utf-8"))


def _fill_memos(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    both = "SELECT {0} FROM base.records UNION ALL SELECT {0} FROM mixtures"
    place = "address, district, registrar, substr(uscc, 3, 6) AS division"
    fill(connection, _PLACES, both.format(place), progress)
    fill(connection, _NAMES, both.format("name"), progress)
    fill(connection, _LABELS, both.format("name, scope, '' AS name_en, industry, '' AS licences"), progress)
    changed = """
        SELECT lag(r.scope) OVER (PARTITION BY o.source, o.series, o.uscc ORDER BY o.spell) AS before, r.scope AS after
        FROM derived.observations o JOIN base.records r USING (record_id)
        WHERE r.scope <> '' QUALIFY before <> after
    """
    fill(connection, _SCOPE_CHANGES, changed, progress)
    read_news.fill_readings(connection, progress)


def _refer(connection: duckdb.DuckDBPyConnection) -> None:
    """The small tables of reference that detection joins."""
    kinds = pa.table({"kind": list(CATEGORY), "category": list(CATEGORY.values())})
    rows = connection.execute("SELECT DISTINCT substr(uscc, 3, 6) FROM base.records ORDER BY 1").fetchall()
    codes = [code for (code,) in rows]
    divisions = pa.table(
        {
            "division": pa.array(codes, pa.string()),
            "kind": pa.array([str(division_kind(code)) for code in codes], pa.string()),
            "name_zh": pa.array([division_name(code) for code in codes], pa.string()),
        }
    )
    for name, table in {"event_kinds": kinds, "divisions": divisions}.items():
        connection.register("reference", table)
        connection.execute(f"CREATE OR REPLACE TABLE derived.{name} AS SELECT * FROM reference")
        connection.unregister("reference")


def _places(asked: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    for address, district, registrar, division in asked:
        place = locate(address, district=district, registrar=registrar, division=division)
        yield (
            str(place.in_putuo),
            str(place.reason),
            place.district,
            place.street,
            street_name(place.street, "zh"),
            street_name(place.street, "en"),
            place.park,
            park_name(place.park, "zh"),
            park_name(place.park, "en"),
            place.address_key,
        )


def _names(asked: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    for (name,) in asked:
        yield names.is_branch(name), names.parent_name(name)


def _labels(asked: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    return map(label_row, classify_batch(subject_of(*key) for key in asked))


def _scope_changes(asked: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    for before, after in asked:
        change = scope_change.compare_scopes(before, after)
        yield _SEPARATOR.join(change.added), _SEPARATOR.join(change.removed)


_FIELDS = _HERE.parent / "crawler" / "fields"
_REFERENCE = _HERE / "reference"
_PLACES = Memo(
    table="places",
    version=fingerprint(_HERE / "locate", _REFERENCE, _FIELDS),
    keys=("address", "district", "registrar", "division"),
    answers=(
        "in_putuo",
        "place_reason",
        "division_told",
        "street",
        "street_zh",
        "street_en",
        "park",
        "park_zh",
        "park_en",
        "address_key",
    ),
    compute=_places,
)
_NAMES = Memo(
    table="names",
    version=fingerprint(_HERE / "resolve" / "names.py", _REFERENCE, _FIELDS),
    keys=("name",),
    answers=("is_branch", "parent_name"),
    compute=_names,
)
_LABELS = Memo(
    table="labels",
    version=fingerprint(_HERE / "classify", _FIELDS),
    keys=("name", "scope", "name_en", "industry", "licences"),
    answers=("grade", "sub_sector", "secondary", "score", "evidence", "rules_version"),
    compute=_labels,
)
_SCOPE_CHANGES = Memo(
    table="scope_changes",
    version=fingerprint(_HERE / "scope_change.py", _FIELDS),
    keys=("before", "after"),
    answers=("added", "removed"),
    compute=_scope_changes,
)
