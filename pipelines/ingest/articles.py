"""The articles of a run into the database: what was seen where, what was said, and what could not stand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from crawler.items import Article, ArticleKind, RejectReason, TextFrom, field_names
from pipelines.ingest.registrations import PROOF

_STATED: Final = field_names(Article)
_CLOSED: Final = {"kind": tuple(ArticleKind), "text_from": tuple(TextFrom), "language": ("zh", "en")}
# `url` is the page's address, and what the proof says of its own address goes beside it.
_TEXTS: Final = tuple(name for name in _STATED if name != "published_on")


def stage(connection: duckdb.DuckDBPyConnection, items: Path) -> None:
    """The run's articles as a temporary table `staged_articles`."""
    columns = dict.fromkeys(_TEXTS, "VARCHAR") | {"published_on": "DATE", "item_type": "VARCHAR", "proof": PROOF}
    schema = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    stated = ", ".join(f"coalesce({name}, '') AS {name}" for name in _TEXTS)
    path = str(items).replace("'", "''")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE staged_articles AS
        SELECT {stated}, published_on, proof
        FROM read_json('{path}', format = 'newline_delimited', columns = {{{schema}}}) WHERE item_type = 'article'
        """
    )


def unknown_words(connection: duckdb.DuckDBPyConnection) -> str:
    """What an article says that is not on the closed list of its field, in words; empty when all is known."""
    for field, known in _CLOSED.items():
        words = ", ".join(f"'{word}'" for word in known)
        row = connection.execute(
            f"SELECT {field}, proof.line FROM staged_articles WHERE {field} NOT IN ({words}) LIMIT 1"
        ).fetchone()
        if row is not None:
            return f"{field} {row[0]!r} of an article (line {row[1]} of its page) is not one of {', '.join(known)}"
    return ""


def insert_staged(connection: duckdb.DuckDBPyConnection, run_id: str, source: str) -> None:
    """Adds sightings and contents. An article speaks once a run: of versions that differ the one with a text does."""
    run_id, source = (text.replace("'", "''") for text in (run_id, source))
    hashed = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in _STATED)
    stated = ", ".join(f"first.{name}" for name in _STATED)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE placed AS
        SELECT rowid AS row_id, article_id, title, proof, text <> '' AS has_text,
            md5(concat_ws(chr(31), '{source}', {hashed})) AS content_id,
            CASE WHEN article_id = '' THEN '{RejectReason.MISSING_ID}'
                 WHEN title = '' THEN '{RejectReason.MISSING_TITLE}' END AS reason
        FROM staged_articles;

        CREATE OR REPLACE TEMP TABLE kept AS
        SELECT article_id, arg_max(content_id, (has_text, content_id)) AS content_id FROM placed
        WHERE reason IS NULL GROUP BY article_id;

        INSERT INTO base.article_sightings
        SELECT '{run_id}', k.content_id, k.article_id, any_value(p.proof.url ORDER BY p.row_id),
            any_value(p.proof.line ORDER BY p.row_id), any_value(p.proof.fetched_at ORDER BY p.row_id),
            any_value(p.proof.sha256 ORDER BY p.row_id), any_value(p.proof.capture ORDER BY p.row_id), count(*)
        FROM kept k JOIN placed p USING (content_id) GROUP BY k.content_id, k.article_id;

        INSERT INTO base.articles
        SELECT n.content_id, '{source}', {stated}
        FROM (SELECT k.content_id, min(p.row_id) AS row_id FROM kept k JOIN placed p USING (content_id)
              WHERE k.content_id NOT IN (SELECT content_id FROM base.articles) GROUP BY k.content_id) n
        JOIN staged_articles first ON first.rowid = n.row_id;

        INSERT INTO base.quarantine
        SELECT '{run_id}', proof.url, proof.line, reason, 'an article that cannot be told apart', '', '', '{{}}'
        FROM placed WHERE reason IS NOT NULL
        UNION ALL
        SELECT '{run_id}', p.proof.url, p.proof.line, '{RejectReason.CONFLICTING_ROWS}',
            'the run states article ' || p.article_id || ' otherwise too', '', '', '{{}}'
        FROM placed p JOIN kept k USING (article_id) WHERE p.reason IS NULL AND p.content_id <> k.content_id;

        DROP TABLE staged_articles; DROP TABLE placed; DROP TABLE kept;
        """
    )
