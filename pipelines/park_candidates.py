"""The parks we know, and the names of parks that pages and registered addresses write and we do not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import duckdb
import pyarrow as pa

from crawler.fields.words import any_of
from pipelines import news
from pipelines.locate import reference, street_name
from pipelines.locate.park_names import park_key, unknown_park
from pipelines.news.document import Document, fold, open_document
from pipelines.news.places import Whose, find_places

_LONGEST_QUOTE: Final = 300  # characters: a sentence as evidence, not the page
_PARKS: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("park_id", "kind", "name_zh", "name_en", "other_names", "addresses")),
        ("decides", pa.bool_()),
        ("life_health", pa.bool_()),
        ("origin", pa.string()),
    ]
)
_MENTIONS: Final = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("park_key", "name", "found_in", "article_id", "firm_id", "said", "street_zh", "street_en")
        ),
        ("seen_from", pa.timestamp("us")),
        ("last_seen_at", pa.timestamp("us")),
    ]
)
# Articles whose reading named a park that no list holds: it stands among their places and is none of the known.
_PAGES: Final = """
    WITH named AS (
        SELECT article_id, unnest(string_split(places_zh || '|' || places_en, '|')) AS name FROM derived.articles
        WHERE places_zh <> '' OR places_en <> ''
    ),
    unknown AS (
        SELECT DISTINCT article_id, name FROM named
        WHERE name <> '' AND name NOT IN (SELECT unnest(?::VARCHAR[]))
    )
    SELECT u.article_id, u.name, a.title, a.text, a.discovered_at, a.last_seen_at
    FROM unknown u JOIN derived.articles a USING (article_id) ORDER BY u.article_id, u.name
"""
# Addresses in Putuo, outside the parks we know, that hold a word for a park; each firm with the first and last time.
_ADDRESSES: Final = """
    SELECT r.address, any_value(p.street_zh), any_value(p.street_en), 'CN-' || o.uscc, min(o.seen_from),
        max(o.last_seen_at)
    FROM derived.observations o JOIN base.records r USING (record_id)
    JOIN memo.places p ON p.address = r.address AND p.district = r.district AND p.registrar = r.registrar
        AND p.division = substr(r.uscc, 3, 6)
    WHERE p.in_putuo = 'yes' AND p.park = '' AND regexp_matches(r.address, ?)
    GROUP BY r.address, o.uscc ORDER BY ALL
"""


def collect_parks(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `derived.parks` (the reference data) and `derived.park_mentions` (one row for each page or firm and name).

    Pages count as they are now, and firms by every address that the readings that count have shown.
    """
    _store(connection, "parks", pa.Table.from_pylist(list(_known_parks()), schema=_PARKS))
    mentions = [*_of_pages(connection), *_of_addresses(connection)]
    _store(connection, "park_mentions", pa.Table.from_pylist(mentions, schema=_MENTIONS))


def _known_parks() -> Iterator[dict[str, Any]]:
    for park in reference.parks()["park"]:
        others = dict.fromkeys((*park["names"], *park["prose"]))
        yield {
            "park_id": park["id"],
            "kind": park["kind"],
            "name_zh": park["zh"],
            "name_en": park["en"],
            "other_names": "|".join(name for name in others if name not in (park["zh"], park["en"])),
            "addresses": "|".join(park["at"]),
            "decides": park["decides"],
            "life_health": park.get("life_health", False),
            "origin": park["origin"],
        }


def _known_names() -> list[str]:
    """Every name under which a reading tells a place that is known."""
    places = [*reference.parks()["park"], *reference.parks()["landmark"], *reference.gazetteer()["street"]]
    return sorted({name for place in places for name in (place["zh"], place["en"])})


def _of_pages(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    rows: list[tuple[str, str, str, str, datetime, datetime]] = connection.execute(_PAGES, [_known_names()]).fetchall()
    for article_id, name, title, text, seen_from, last_seen_at in rows:
        said, street = _quoted(open_document(title, text), news.document(title, text), name)
        yield {
            "park_key": park_key(name),
            "name": name,
            "found_in": "article",
            "article_id": article_id,
            "firm_id": None,
            "said": said,
            "street_zh": street_name(street, "zh"),
            "street_en": street_name(street, "en"),
            "seen_from": seen_from,
            "last_seen_at": last_seen_at,
        }


def _quoted(doc: Document, whole: str, name: str) -> tuple[str, str]:
    """The sentence that first writes the name, and the one street or town of Putuo that it names, by its code."""
    at = doc.low.find(fold(name))
    span = doc.sentences[doc.sentence_at(max(at, 0))]
    start, end = doc.original(span.start, span.end)
    streets = {
        named.place.id
        for named in find_places(doc)
        if span.start <= named.start < span.end
        and named.place.whose is Whose.OURS
        and street_name(named.place.id, "zh")
    }
    said = whole[start:end].strip()
    return said[:_LONGEST_QUOTE], streets.pop() if len(streets) == 1 else ""


def _of_addresses(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    # A first sieve in the database: the last characters of the words; addresses are folded only afterwards.
    endings = any_of(reference.parks()["park_words"]["endings"])
    rows: list[tuple[str, str, str, str, datetime, datetime]] = connection.execute(
        _ADDRESSES, [f"{endings}|園|谷|港|器|空間"]
    ).fetchall()
    names: dict[str, str] = {}
    for address, street_zh, street_en, firm_id, seen_from, last_seen_at in rows:
        if address not in names:
            names[address] = unknown_park(address)
        if names[address]:
            yield {
                "park_key": park_key(names[address]),
                "name": names[address],
                "found_in": "address",
                "article_id": None,
                "firm_id": firm_id,
                "said": address,
                "street_zh": street_zh,
                "street_en": street_en,
                "seen_from": seen_from,
                "last_seen_at": last_seen_at,
            }


def _store(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("found", table)
    connection.execute(f"CREATE OR REPLACE TABLE derived.{name} AS SELECT * FROM found")
    connection.unregister("found")
