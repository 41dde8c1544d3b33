"""Reads every article: what it is about, which known firms it names, and what it says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow as pa

from pipelines import news
from pipelines.memo import Memo, fill, fingerprint
from pipelines.news.decided import without_place
from pipelines.news.document import fold
from pipelines.page_memo import PageMemo
from pipelines.page_statements import quote, stated
from pipelines.page_version import PageVersion
from pipelines.resolve.name_match import NameMatch
from pipelines.resolve.unknown_firms import UNKNOWN, unknown_firms
from pipelines.word_times import TIMES, held
from pipelines.words_on_pages import WordsOnPages

Progress = Callable[[str, int, int], None]
_HERE = Path(__file__).parent
_LONGEST_WORD: Final = 40
_FULLEST: Final = [match.value for match in NameMatch]
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
        *TIMES,
    ]
)
_MATCHES: Final = "SELECT *, CAST(NULL AS TIMESTAMP) AS withdrawn_at FROM base.decisions WHERE kind = 'match'"
_EVER_SAID: Final = f"{_MATCHES} UNION ALL FROM derived.withdrawn_matches"
_NEAR: Final = pa.schema(
    [(name, pa.string()) for name in ("content_id", "matched", "uscc", "match", "context", "kinds", "quote")]
)
# Where a page stands, as far as its reading asks: the host of its address.
_SITE_OF: Final = "CREATE OR REPLACE TEMP MACRO site_of(url) AS lower(regexp_extract(url, '^https?://([^/:?#]+)', 1))"
_SHARED: Final = pa.schema([("content_id", pa.string()), ("matched", pa.string()), ("uscc", pa.string())])


def fill_readings(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Reads the articles that were not read yet by today's rules."""
    day = "coalesce(CAST(published_on AS VARCHAR), '') AS day"
    connection.execute(_SITE_OF)
    asked = f"SELECT title, text, language, kind, {day}, site_of(url) AS site FROM base.articles"
    fill(connection, _READINGS, asked, progress)


def attribute(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Makes `derived.mentions` and `derived.firm_statements` from every version of an article and every name of a firm.

    Whom a name means is judged by the names known when the version was first shown: what is told stays told. People's
    word wins over that, since it was said (`decided_at`; NULL: by the rules alone). What a later word, or its
    withdrawal, took away goes to `derived.denied_statements`, with the instant of that: until then it was told. `away`
    are the times in between in which it was denied. Names that several firms share go to `derived.shared_names`, those
    that are not sure to `derived.near_names`, and firms that nobody knew when an article was first shown to
    `derived.unknown_firms`.
    """
    found = _Findings()
    total = connection.execute("SELECT count(*) FROM derived.article_versions").fetchall()[0][0]
    if total:
        rows = connection.execute(
            "SELECT uscc, name, min(first_seq) FROM ("
            "SELECT o.uscc, unnest([r.name, r.name_en]) AS name, o.first_seq FROM derived.observations o"
            " JOIN base.records r USING (record_id)) WHERE name <> '' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        known = {uscc for uscc, *_ in rows}
        since: dict[str, int] = {}
        for uscc, _, seq in rows:
            since[uscc] = min(seq, since.get(uscc, seq))
        rules = news.NameIndex(rows)
        names = _Names(
            rules,
            news.DecidedNames(_words(connection, _MATCHES), known),
            WordsOnPages(rules, _words(connection, _EVER_SAID), known),
        )
        memo = PageMemo(connection, _READINGS.version)
        for start in range(0, total, _AT_ONCE):
            asked = connection.execute(
                "SELECT v.content_id, v.article_id, v.first_seq, a.title, a.text, a.language, a.kind, a.published_on,"
                " a.url, r.states, r.in_putuo, r.relevant, c.content_id IS NOT NULL AND getvariable('closes') IS NULL"
                " FROM derived.article_versions v JOIN base.articles a ON a.content_id = v.content_id"
                " LEFT JOIN derived.articles c ON c.content_id = v.content_id AND c.article_id = v.article_id"
                " JOIN memo.readings r"
                " ON r.title = a.title AND r.text = a.text AND r.language = a.language AND r.kind = a.kind"
                " AND r.day = coalesce(CAST(a.published_on AS VARCHAR), '') AND r.site = site_of(a.url)"
                f" ORDER BY v.content_id, v.article_id LIMIT {_AT_ONCE} OFFSET {start}"
            ).fetchall()
            versions = [PageVersion(*row) for row in asked]
            memo.open(version.content_id for version in versions)
            for version in versions:
                _attribute_one(names, memo, version, since, found)
            memo.keep()
            progress("articles", min(start + _AT_ONCE, total), total)
    _store(connection, "mentions", pa.Table.from_pylist(found.mentions, schema=_MENTIONS))
    _store(connection, "firm_statements", pa.Table.from_pylist(found.statements, schema=_STATEMENTS))
    _store(connection, "denied_statements", pa.Table.from_pylist(found.denied, schema=_STATEMENTS))
    _store(connection, "shared_names", pa.Table.from_pylist(found.shared, schema=_SHARED))
    _store(connection, "near_names", pa.Table.from_pylist(found.near, schema=_NEAR))
    _store(connection, "unknown_firms", pa.Table.from_pylist(found.unknown, schema=UNKNOWN))


def _words(connection: duckdb.DuckDBPyConnection, query: str) -> list[news.Word]:
    """People's decisions on names that a query asks for, oldest first."""
    rows = connection.execute(
        f"SELECT name, uscc, verdict, article_id, decided_at, withdrawn_at FROM ({query}) ORDER BY decided_at, line"
    ).fetchall()
    return [
        news.Word(name=name, firm=uscc, verdict=verdict, article=article_id, since=decided_at, until=withdrawn_at)
        for name, uscc, verdict, article_id, decided_at, withdrawn_at in rows
    ]


@dataclass(slots=True)
class _Findings:
    """Rows of the tables that attribution makes."""

    mentions: list[dict[str, Any]] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    denied: list[dict[str, Any]] = field(default_factory=list)
    shared: list[dict[str, Any]] = field(default_factory=list)
    near: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[dict[str, Any]] = field(default_factory=list)


class _Names(NamedTuple):
    """Whom names mean: by the rules, by people's word, and by what people said from when to when."""

    rules: news.NameIndex
    decided: news.DecidedNames
    words: WordsOnPages


def _attribute_one(
    names: _Names, memo: PageMemo, version: PageVersion, since: Mapping[str, int], findings: _Findings
) -> None:
    found = names.decided.find(
        names.rules, version.title, version.text, version.article_id, version.seq, here=version.in_putuo
    )
    document = news.document(version.title, version.text)
    surest: dict[str, news.Mention] = {}
    for mention in sorted(found.mentions, key=lambda mention: (_FULLEST.index(mention.form), mention.start)):
        surest.setdefault(mention.firm, mention)
    for firm, mention in sorted(surest.items()):
        row = {"content_id": version.content_id, "uscc": firm, "matched": document[mention.start : mention.end]}
        findings.mentions.append(row | {"form": mention.form})
    findings.shared.extend(_shared(version, document, found, surest))
    if version.is_current:
        findings.near.extend(_near(memo, version, document, found, surest))
        if version.relevant or (version.in_putuo and version.states):
            findings.unknown.extend(unknown_firms(memo, version, found, since))
    if not version.states:  # reading is the dear part, and most pages that name a firm state nothing
        return
    states = cache(partial(stated, memo, version))
    told = held((turn, states(mentions)) for turn, mentions in names.words.turns(version))
    if not told:  # nobody spoke of any name on it
        findings.statements.extend(states(found.mentions).values())
    for _, one in sorted(told.items()):
        row = one.value | one.columns()
        (findings.statements if one.until is None else findings.denied).append(row)


def _shared(
    version: PageVersion, document: str, found: news.Found, surest: Mapping[str, news.Mention]
) -> Iterator[dict[str, Any]]:
    """One row for each firm that a name may mean, of names none of whose firms the page names otherwise."""
    once: dict[str, tuple[str, tuple[str, ...]]] = {}  # 上海某某 and 某某 are one name
    for name in found.shared:
        written = document[name.start : name.end]
        once.setdefault(without_place(fold(written)), (written, name.firms))
    for matched, firms in once.values():
        if not any(firm in surest for firm in firms):
            for firm in firms:
                yield {"content_id": version.content_id, "matched": matched, "uscc": firm}


def _near(
    memo: PageMemo, version: PageVersion, document: str, found: news.Found, surest: Mapping[str, news.Mention]
) -> Iterator[dict[str, Any]]:
    """One row for each name and firm that it may mean, with what the page would state of that firm."""
    told = set(surest)
    once: dict[tuple[str, str], news.NearName] = {}
    for name in found.near:
        for firm in name.firms if not told & set(name.firms) else ():
            once.setdefault((without_place(fold(document[name.start : name.end])), firm), name)
    for (_, firm), name in sorted(once.items(), key=lambda one: (one[1].start, one[0])):
        places = [
            news.Mention(firm=firm, start=one.start, end=one.end, form=one.form)
            for one in found.near
            if firm in one.firms
        ]
        by_near = stated(memo, version, [*found.mentions, *places]) if version.states else {}
        said = [row for (whose, _), row in by_near.items() if whose == firm]
        yield {
            "content_id": version.content_id,
            "matched": document[name.start : name.end],
            "uscc": firm,
            "match": str(name.form),
            "context": "several"
            if len(name.firms) > 1
            else "core_alone"
            if name.form == NameMatch.CORE
            else "no_context",
            "kinds": "|".join(dict.fromkeys(row["kind"] for row in said)),
            "quote": next((row["quote"] for row in said), ""),
        }


def _store(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("found", table)
    connection.execute(f"CREATE OR REPLACE TABLE derived.{name} AS SELECT * FROM found")
    connection.unregister("found")


def _readings(asked: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    for title, text, language, kind, day, site in asked:
        published_on = date.fromisoformat(day) if day else None
        url = f"https://{site}/" if site else ""
        reading = news.read(title, text, language=language, kind=kind, published_on=published_on, url=url)
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
        "since": claim.since.isoformat() if claim.since else None,
        "until": claim.until.isoformat() if claim.until else None,
        "subject": str(claim.subject),
        "scope": str(claim.scope),
        "place": claim.place,
        "place_zh": claim.place_zh,
        "place_en": claim.place_en,
        "quote": quote(document, claim.start, claim.end),
    }


_READINGS = Memo(
    table="readings",
    version=fingerprint(
        Path(__file__),
        *sorted(_HERE.glob("page_*.py")),
        _HERE / "event_kinds.py",
        *(_HERE / folder for folder in ("news", "locate", "resolve", "reference")),
        _HERE.parent / "crawler" / "fields",
    ),
    keys=("title", "text", "language", "kind", "day", "site"),
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
