"""The licences of a run into the database: what was seen where, what was said, and what could not stand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from crawler.fields.personal import looks_like_citizen_id
from crawler.items import Licence, LicenceKind, LicenceStatus, RejectReason, field_names
from pipelines.ingest.registrations import PROOF

_STATED: Final = field_names(Licence)
_DAYS: Final = ("granted_on", "valid_until")
_TEXTS: Final = tuple(name for name in _STATED if name not in _DAYS)
_CLOSED: Final = {"kind": tuple(LicenceKind), "status": tuple(LicenceStatus)}
_SHOWN: Final = 40  # characters of a value in a message


def stage(connection: duckdb.DuckDBPyConnection, items: Path) -> None:
    """The run's licences as a temporary table `staged_licences`."""
    columns = dict.fromkeys(_TEXTS, "VARCHAR") | dict.fromkeys(_DAYS, "DATE")
    columns |= {"item_type": "VARCHAR", "proof": PROOF}
    schema = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    texts = ", ".join(f"coalesce({name}, '') AS {name}" for name in _TEXTS)
    path = str(items).replace("'", "''")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE staged_licences AS
        SELECT {texts}, {", ".join(_DAYS)}, proof
        FROM read_json('{path}', format = 'newline_delimited', columns = {{{schema}}}) WHERE item_type = 'licence'
        """
    )


def unknown_words(connection: duckdb.DuckDBPyConnection) -> str:
    """What a licence says that is not on the closed list of its field, in words; empty when all is known."""
    for field, known in _CLOSED.items():
        words = ", ".join(f"'{word}'" for word in known)
        row = connection.execute(
            f"SELECT {field}[:{_SHOWN}], proof.line FROM staged_licences WHERE {field} NOT IN ({words}) LIMIT 1"
        ).fetchone()
        if row is not None:
            return f"{field} {row[0]!r} of a licence (line {row[1]} of its page) is not one of {', '.join(known)}"
    return ""


def insert_staged(connection: duckdb.DuckDBPyConnection, run_id: str, source: str) -> None:
    """Adds sightings and contents. A licence speaks once a run: of versions that differ the one granted last does."""
    _find_citizens(connection)
    run_id, source = (text.replace("'", "''") for text in (run_id, source))
    hashed = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in _STATED)
    stated = ", ".join(f"first.{name}" for name in _STATED)
    connection.execute(
        f"""
        -- Which version speaks hangs on what it says, never on the place where it stands: rows change places.
        CREATE OR REPLACE TEMP TABLE placed AS
        SELECT rowid AS row_id, licence_id, proof,
            md5(concat_ws(chr(31), '{source}', {hashed})) AS content_id,
            coalesce(granted_on, DATE '0001-01-01') AS granted_on,
            coalesce(valid_until, DATE '0001-01-01') AS valid_until,
            CASE WHEN uscc IN (SELECT uscc FROM citizens) THEN '{RejectReason.CODE_IS_CITIZEN_ID}'
                 WHEN licence_id = '' THEN '{RejectReason.MISSING_ID}'
                 WHEN holder = '' THEN '{RejectReason.MISSING_NAME}' END AS reason
        FROM staged_licences;

        CREATE OR REPLACE TEMP TABLE kept AS
        SELECT licence_id, arg_max(content_id, (granted_on, valid_until, content_id)) AS content_id FROM placed
        WHERE reason IS NULL GROUP BY licence_id;

        INSERT INTO base.licence_sightings
        SELECT '{run_id}', k.content_id, k.licence_id, any_value(p.proof.url ORDER BY p.row_id),
            any_value(p.proof.line ORDER BY p.row_id), any_value(p.proof.fetched_at ORDER BY p.row_id),
            any_value(p.proof.sha256 ORDER BY p.row_id), any_value(p.proof.capture ORDER BY p.row_id), count(*)
        FROM kept k JOIN placed p USING (content_id) GROUP BY k.content_id, k.licence_id;

        INSERT INTO base.licences
        SELECT n.content_id, '{source}', {stated}
        FROM (SELECT k.content_id, min(p.row_id) AS row_id FROM kept k JOIN placed p USING (content_id)
              WHERE k.content_id NOT IN (SELECT content_id FROM base.licences) GROUP BY k.content_id) n
        JOIN staged_licences first ON first.rowid = n.row_id;

        -- Without a code: a firm is not shown by a row of its licence.
        INSERT INTO base.quarantine
        SELECT '{run_id}', proof.url, proof.line, reason,
            CASE reason WHEN '{RejectReason.MISSING_NAME}' THEN 'no organisation''s name'
                        WHEN '{RejectReason.MISSING_ID}' THEN 'a licence that cannot be told apart'
                        ELSE 'no credit code' END, '', '', '{{}}'
        FROM placed WHERE reason IS NOT NULL
        UNION ALL
        SELECT '{run_id}', p.proof.url, p.proof.line, '{RejectReason.CONFLICTING_ROWS}',
            'the run states licence ' || p.licence_id[:{_SHOWN}] || ' otherwise too', '', '', '{{}}'
        FROM placed p JOIN kept k USING (licence_id) WHERE p.reason IS NULL AND p.content_id <> k.content_id;

        DROP TABLE staged_licences; DROP TABLE placed; DROP TABLE kept; DROP TABLE citizens;
        """
    )


def _find_citizens(connection: duckdb.DuckDBPyConnection) -> None:
    """What stands for a credit code and may be a person's id, also in runs that another machine validated otherwise."""
    connection.execute("CREATE OR REPLACE TEMP TABLE citizens (uscc VARCHAR)")
    codes = connection.execute("SELECT DISTINCT uscc FROM staged_licences WHERE uscc <> ''").fetchall()
    found = [uscc for (uscc,) in codes if looks_like_citizen_id(uscc)]
    connection.execute("INSERT INTO citizens SELECT unnest(CAST(? AS VARCHAR[]))", [found])
