"""One finished run into the database, in one transaction: what was seen, what was said, what was put aside."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Final

import duckdb

from crawler.run_folder import ITEMS, Manifest, Outcome, RunFolder
from pipelines.ingest import registrations, stated

SPEAKING: Final = frozenset({Outcome.COMPLETE, Outcome.PARTIAL})  # the outcomes whose items are facts


class IngestError(ValueError):
    """A run's items cannot be read as items; the message names the run."""


def roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Ends a transaction; one that DuckDB has ended itself (a full disk) must not hide its cause."""
    with suppress(duckdb.Error):
        connection.execute("ROLLBACK")


def ingest(connection: duckdb.DuckDBPyConnection, folder: RunFolder, manifest: Manifest) -> None:
    """Adds a finished run. All of it or nothing of it is in the database afterwards. Raises IngestError."""
    connection.execute("BEGIN")
    try:
        _insert_run(connection, manifest)
        if ITEMS in manifest.files:
            _insert_items(connection, folder, manifest)
        connection.execute("COMMIT")
    except BaseException as error:
        roll_back(connection)
        if isinstance(error, duckdb.Error):
            raise IngestError(f"{folder.items}: {error}") from error
        raise


def _insert_items(connection: duckdb.DuckDBPyConnection, folder: RunFolder, manifest: Manifest) -> None:
    registrations.stage(connection, folder.items)
    _check_staged(connection, folder, manifest)
    # What a run put aside is told whatever its outcome; what it read is a fact only if it ended well.
    speaks = manifest.outcome in SPEAKING
    if not speaks:
        connection.execute("DELETE FROM staged WHERE item_type = 'registration'")
    for sort in stated.SORTS:
        if speaks and _holds(connection, sort.name):
            stated.stage(connection, sort, folder.items)
            if unknown := stated.unknown_words(connection, sort):
                raise IngestError(f"{folder.items}: {unknown}")
            stated.insert_staged(connection, sort, manifest.run_id, manifest.source)
    connection.execute("DELETE FROM staged WHERE item_type NOT IN ('registration', 'rejected')")
    registrations.quarantine_bad_codes(connection)
    registrations.insert_staged(connection, manifest.run_id)


def _holds(connection: duckdb.DuckDBPyConnection, item_type: str) -> bool:
    found = connection.execute("SELECT 1 FROM staged WHERE item_type = ? LIMIT 1", [item_type])
    return found.fetchone() is not None


def _insert_run(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    connection.execute(
        "INSERT INTO base.runs VALUES"
        " (?, ?, ?, ?, ?, ?, ?::TIMESTAMP, ?::TIMESTAMP, ?, ?, ?, ?, ?, ?, ?, ?, ?::TIMESTAMP, ?, ?)",
        [
            manifest.run_id,
            manifest.source,
            manifest.series,
            manifest.listing,
            manifest.outcome,
            manifest.reason,
            manifest.started_at.removesuffix("Z"),
            manifest.finished_at.removesuffix("Z"),
            manifest.lists_everything,
            manifest.counts.get("items", 0),
            manifest.counts.get("rejected", 0),
            manifest.counts.get("requests", 0),
            manifest.parser,
            manifest.code_version,
            json.dumps(manifest.declaration, ensure_ascii=False),
            manifest.supersedes,
            manifest.replayed_at.removesuffix("Z") or None,
            manifest.sweep,
            json.dumps([str(warning) for warning in manifest.warnings], ensure_ascii=False),
        ],
    )


def _check_staged(connection: duckdb.DuckDBPyConnection, folder: RunFolder, manifest: Manifest) -> None:
    """Every line is an item of a known type with its place. Raises IngestError: a row must not vanish unaccounted."""
    lines, sound = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE item_type IN (SELECT unnest(CAST(? AS VARCHAR[])))"
        " AND url IS NOT NULL AND line IS NOT NULL) FROM staged",
        [["registration", "rejected", *(sort.name for sort in stated.SORTS)]],
    ).fetchall()[0]
    said = manifest.files[ITEMS].get("lines", lines)
    if not lines == sound == said:
        raise IngestError(f"{folder.items}: {said} lines, of which {sound} are items of a known type with their place")
