"""Reads every article: what it is about, which known firms it names, and what it says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipelines import news
from pipelines.memo import Memo, fill, fingerprint

Progress = Callable[[str, int, int], None]

_HERE = Path(__file__).parent
_LONGEST_QUOTE: Final = 400  # characters: a sentence as evidence, not the page
_LONGEST_WORD: Final = 40
_AT_ONCE: Final = 1_000  # articles in Python's hands at a time

_MENTIONS: Final = pa.schema(
    [("content_id", pa.string()), ("uscc", pa.string()), ("matched", pa.string()), ("form", pa.string())]
)
_STATEMENTS: Final = pa.schema(
    [
        ("content_id", pa.string()),
        ("uscc", pa.string()),
        ("kind", pa.string()),
        ("happened_on", pa.date32()),
        ("amount", pa.float64()),
        ("unit", pa.string()),
        ("park", pa.string()),
        ("is_placed", pa.bool_()),
        ("quote", pa.string()),
    ]
)


def fill_readings(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Reads the articles that were not read yet by today's rules."""
    day = "coalesce(CAST(published_on AS VARCHAR), '') AS day"
    fill(connection, _READINGS, f"SELECT title, text, language, kind, {day} FROM base.articles", progress)


def attribute(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Makes `derived.mentions` and `derived.firm_statements` from every version of an article and every name of a firm.

    Whom a name means is judged by the names known when the version was first shown: what is told stays told.
    """
    mentions: list[dict[str, Any]] = []
    statements: list[dict[str, Any]] = []
    total = connection.execute("SELECT count(*) FROM derived.article_versions").fetchall()[0][0]
    if total:
        names = connection.execute(
            "SELECT o.uscc, r.name, min(o.first_seq) FROM derived.observations o JOIN base.records r USING (record_id)"
            " WHERE r.name <> '' GROUP BY ALL ORDER BY ALL"
        )
        index = news.NameIndex(names.fetchall())
        for start in range(0, total, _AT_ONCE):
            asked = connection.execute(
                "SELECT content_id, v.first_seq, a.title, a.text, a.language, a.kind, a.published_on, r.states"
                " FROM derived.article_versions v JOIN base.articles a USING (content_id) JOIN memo.readings r"
                " ON r.title = a.title AND r.text = a.text AND r.language = a.language AND r.kind = a.kind"
                " AND r.day = coalesce(CAST(a.published_on AS VARCHAR), '')"
                f" ORDER BY content_id LIMIT {_AT_ONCE} OFFSET {start}"
            ).fetchall()
            for version in asked:
                _attribute_one(index, version, mentions, statements)
            progress("articles", min(start + _AT_ONCE, total), total)
    _store(connection, "mentions", pa.Table.from_pylist(mentions, schema=_MENTIONS))
    _store(connection, "firm_statements", pa.Table.from_pylist(statements, schema=_STATEMENTS))


def _attribute_one(
    index: news.NameIndex, version: tuple[Any, ...], mentions: list[dict[str, Any]], statements: list[dict[str, Any]]
) -> None:
    content_id, seq, title, text, language, kind, published_on, states = version
    found = index.find(title, text, seq)
    if not found:
        return
    document = news.document(title, text)
    first = {mention.firm: mention for mention in reversed(found)}
    for firm, mention in sorted(first.items()):
        matched = document[mention.start : mention.end]
        mentions.append({"content_id": content_id, "uscc": firm, "matched": matched, "form": mention.form})
    if not states:  # reading is the dear part, and most pages that name a firm state nothing
        return
    reading = news.read(title, text, language=language, kind=kind, published_on=published_on)
    # A page that says a thing of a firm twice says it once; what it says first is quoted.
    once: dict[tuple[str, str], dict[str, Any]] = {}
    for one in news.attribute(title, text, reading, found):
        said = {
            "content_id": content_id,
            "uscc": one.firm,
            "kind": one.kind,
            "happened_on": one.happened_on,
            "amount": None if one.amount is None else float(one.amount),
            "unit": one.unit,
            "park": one.park,
            "is_placed": one.placed,
            "quote": _quote(document, one.start, one.end),
        }
        once.setdefault((one.firm, one.kind), said)
    statements.extend(once.values())


def _store(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("found", table)
    connection.execute(f"CREATE OR REPLACE TABLE derived.{name} AS SELECT * FROM found")
    connection.unregister("found")


def _quote(document: str, start: int, end: int) -> str:
    text = document[start:end].strip()
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def _readings(asked: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    for title, text, language, kind, day in asked:
        published_on = date.fromisoformat(day) if day else None
        reading = news.read(title, text, language=language, kind=kind, published_on=published_on)
        document = news.document(title, text)
        yield (
            reading.relevant,
            reading.score,
            "|".join(reason[:_LONGEST_WORD] for reason in reading.reasons),
            reading.in_putuo,
            reading.life_health,
            "|".join(dict.fromkeys(place.zh for place in reading.places)),
            "|".join(dict.fromkeys(place.en for place in reading.places)),
            json.dumps([_claim(claim, document) for claim in reading.claims], ensure_ascii=False),
            bool(reading.statements),
        )


def _claim(claim: news.Claim, document: str) -> dict[str, object]:
    return {
        "measure": str(claim.measure),
        "value": float(claim.value),
        "unit": claim.unit,
        "relation": str(claim.relation),
        "is_target": claim.is_target,
        "year": claim.year,
        "quote": _quote(document, claim.start, claim.end),
    }


_READINGS = Memo(
    table="readings",
    version=fingerprint(
        Path(__file__), _HERE / "news", _HERE / "locate", _HERE / "reference", _HERE.parent / "crawler" / "fields"
    ),
    keys=("title", "text", "language", "kind", "day"),
    answers=(
        "relevant",
        "score",
        "reasons",
        "in_putuo",
        "life_health",
        "places_zh",
        "places_en",
        "claims",
        "states",
    ),
    compute=_readings,
)
