"""Hands the analysts a whole new file at once: checked, copied, and put in place of the last one by one rename."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from crawler.run_folder import sync_folder
from pipelines.content_hash import content_hash
from pipelines.losses import LastFile, LastFileError, Losses, find_losses, read_last
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME
from pipelines.store.files import copy_to_disk, give_name

logger = logging.getLogger(__name__)

UNREADABLE_NAME = f"{PUBLISHED_NAME}.unreadable"

# What must be unique; the database itself does not enforce it (a key that only an index keeps does not travel).
_KEYS = {
    "base.runs": "run_id",
    "base.records": "record_id",
    "base.sightings": "run_id, uscc",
    "base.articles": "content_id",
    "base.article_sightings": "run_id, article_id",
    "base.licences": "content_id",
    "base.licence_sightings": "run_id, licence_id",
    "base.disclosures": "content_id",
    "base.disclosure_sightings": "run_id, disclosure_id",
    "derived.run_order": "run_id",
    "derived.row_accounts": "run_id",
    "derived.observations": "observation_id",
    "derived.superseded_observations": "observation_id",
    "derived.article_versions": "article_id, content_id",
    "derived.articles": "article_id",
    "derived.claims": "claim_id",
    "derived.firms": "firm_id",
    "derived.firm_states": "state_id",
    "derived.licence_versions": "version_id",
    "derived.licences": "licence_key",
    "derived.holders": "uscc, holder, address",
    "derived.disclosure_versions": "version_id",
    "derived.disclosures": "disclosure_key",
    "derived.events": "event_id",
    "derived.retracted_events": "event_id",
}

_RELEASE_COMMENTS = """
COMMENT ON TABLE main.release IS 'Which program made this file, when, and from which rules: one row.';
COMMENT ON COLUMN main.release.published_at IS 'UTC.';
COMMENT ON COLUMN main.release.code_version IS 'Version of the program.';
COMMENT ON COLUMN main.release.rules_version IS 'Version of the classification rules.';
COMMENT ON COLUMN main.release.gazetteer_version IS 'Version of the gazetteer.';
COMMENT ON COLUMN main.release.content_hash IS 'Hash of all content, in any order; a rebuild gives the same.';
"""


class PublishError(RuntimeError):
    """The database must not be published; the last published file stays as it is."""


@dataclass(frozen=True, slots=True)
class Published:
    """The new file, the counts that people look at first, and what must be said of the file it took the place of."""

    path: Path
    content_hash: str
    firms: int
    core: int
    events: int
    notes: tuple[str, ...] = ()


def stamp_release(
    connection: duckdb.DuckDBPyConnection, published_at: str, code: str, rules: str, gazetteer: str
) -> str:
    """Writes the one row that says which code made this file, and the hash of its content; returns the hash."""
    digest = content_hash(connection)
    connection.execute(
        "CREATE OR REPLACE TABLE main.release AS SELECT ?::TIMESTAMP AS published_at, ? AS code_version,"
        " ? AS rules_version, ? AS gazetteer_version, ? AS content_hash",
        [published_at.removesuffix("Z"), code, rules, gazetteer, digest],
    )
    connection.execute(_RELEASE_COMMENTS)
    return digest


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Raises PublishError when a key is there twice, or a row found no account."""
    for table, key in _KEYS.items():
        row = connection.execute(f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1 LIMIT 1").fetchone()
        if row is not None:
            raise PublishError(f"{table} holds {key} = {row} twice; nothing was published")
    lost = connection.execute(
        "SELECT run_id FROM derived.row_accounts WHERE rows <> core + peripheral + not_life_health + not_in_putuo"
        " + quarantined + repeated LIMIT 1"
    ).fetchone()
    if lost is not None:
        raise PublishError(f"rows of run {lost[0]} have no account; nothing was published")


def publish(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    digest: str,
    *,
    accept_loss: bool = False,
    why_absent: Mapping[str, str] | None = None,
) -> Published:
    """Copies the working file and renames the copy into place; readers of the old file keep it until they close it.

    Raises PublishError when the last published file holds runs, firms, events or articles that this one does not,
    unless the loss is accepted; `why_absent` says of run folders why they were not loaded.
    """
    firms, core, events = connection.execute(
        "SELECT (SELECT count(*) FROM derived.firms),"
        " (SELECT count(*) FROM derived.firms WHERE grade = 'core' AND in_putuo = 'yes'),"
        " (SELECT count(*) FROM derived.events)"
    ).fetchall()[0]
    connection.execute("CHECKPOINT store")
    for stale in home.glob(f".*{PUBLISHED_NAME}.*"):  # left by a load that was killed
        stale.unlink()
    notes = _guard(connection, home, why_absent or {}, accept_loss=accept_loss)
    target = home / PUBLISHED_NAME
    temporary = home / f".{PUBLISHED_NAME}.{os.getpid()}"
    try:
        copy_to_disk(home / WORKING_NAME, temporary)
        # A WAL left by someone who wrote into the old file must not be replayed into the new one.
        (home / f"{PUBLISHED_NAME}.wal").unlink(missing_ok=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(home)
    return Published(target, digest, firms, core, events, notes)


def _guard(
    connection: duckdb.DuckDBPyConnection, home: Path, why_absent: Mapping[str, str], *, accept_loss: bool
) -> tuple[str, ...]:
    """Compares with the last published file; returns what must be said. Raises PublishError."""
    target = home / PUBLISHED_NAME
    if not target.exists():
        return ()
    try:
        last, lost = _compared(connection, target)
    except LastFileError as error:
        # The working database passed its own checks; a torn file must not keep every later one from its readers.
        give_name(target, home / UNREADABLE_NAME)
        return (f"the last published file could not be read ({error}); it was put aside as {UNREADABLE_NAME}",)
    notes = [f"{kind} could not be compared: the last file has none" for kind in last.not_compared]
    if lost and not accept_loss:
        raise PublishError(_refusal(lost, why_absent))
    if lost:
        notes.append(f"accepted: the new file is without {lost.told()}")
    return tuple(notes)


def _compared(connection: duckdb.DuckDBPyConnection, target: Path) -> tuple[LastFile, Losses]:
    """What the last file holds and what would be lost of it, read beside the name under which people open it.

    So no WAL counts that somebody left there; and a copy can be read even while somebody locks the file by writing.
    Raises LastFileError.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}.last")
    try:
        give_name(target, beside)
        try:
            last = read_last(beside)
        except LastFileError:
            beside.unlink()
            copy_to_disk(target, beside)
            last = read_last(beside)
        return last, find_losses(connection, last)
    finally:
        beside.unlink(missing_ok=True)


def _refusal(lost: Losses, why_absent: Mapping[str, str]) -> str:
    since = lost.last.published_at.strftime("%Y-%m-%d %H:%M")
    return "\n".join(
        [
            f"nothing was published: {lost.told()} of the last published file ({since} UTC) would be lost.",
            *(f"  {line}" for line in lost.lines(why_absent)),
            *(f"  perhaps: {cause}" for cause in lost.causes()),
            "The last published file stays as it is. If this is meant: scrapy load --accept-loss",
        ]
    )
