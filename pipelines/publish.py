"""Hands the analysts a whole new file at once: checked, copied, and put in place of the last one by one rename."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.content_hash import content_hash
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME

# What must be unique; the database itself does not enforce it (a key that only an index keeps does not travel).
_KEYS = {
    "base.runs": "run_id",
    "base.records": "record_id",
    "base.sightings": "run_id, uscc",
    "base.articles": "content_id",
    "base.article_sightings": "run_id, article_id",
    "derived.observations": "observation_id",
    "derived.article_versions": "article_id, content_id",
    "derived.articles": "article_id",
    "derived.claims": "claim_id",
    "derived.firms": "firm_id",
    "derived.events": "event_id",
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
    """The new file and the counts that people look at first."""

    path: Path
    content_hash: str
    firms: int
    core: int
    events: int


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


def publish(connection: duckdb.DuckDBPyConnection, home: Path, digest: str) -> Published:
    """Copies the working file and renames the copy into place; readers of the old file keep it until they close it."""
    firms, core, events = connection.execute(
        "SELECT (SELECT count(*) FROM derived.firms),"
        " (SELECT count(*) FROM derived.firms WHERE grade = 'core' AND in_putuo = 'yes'),"
        " (SELECT count(*) FROM derived.events)"
    ).fetchall()[0]
    connection.execute("CHECKPOINT store")
    for stale in home.glob(f".{PUBLISHED_NAME}.*"):  # left by a load that was killed
        stale.unlink()
    target = home / PUBLISHED_NAME
    temporary = home / f".{PUBLISHED_NAME}.{os.getpid()}"
    try:
        shutil.copyfile(home / WORKING_NAME, temporary)
        temporary.chmod(0o444)  # a reader that opens it for writing would lock others out and leave a WAL behind
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        # A WAL left by someone who wrote into the old file must not be replayed into the new one.
        (home / f"{PUBLISHED_NAME}.wal").unlink(missing_ok=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return Published(target, digest, firms, core, events)
