"""What a person should look at: the least sure and most consequential labels and matches first, with what decides them.

Read from the published file, minus what decisions.jsonl has judged since. Asked are: a label that is not sure
(doubtful_labels.py), a firm named by its short name, a name that several firms share, and a name in an article, licence
or disclosure that may mean a firm and is not sure to. Firms that no register knows are asked on demand alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from crawler import clock
from pipelines.decisions import LabelDecision, MatchDecision, Recorded, standing
from pipelines.doubtful_labels import Doubt, LabelEntry, doubtful_labels
from pipelines.news.decided import EVERYWHERE, without_place
from pipelines.news.document import document, fold, open_document
from pipelines.published_file import opened, rows

Kind = Literal["label", "match", "candidate"]

_RECENT: Final = timedelta(weeks=8)

_MATCHES: Final = """
    WITH proved AS (
        SELECT uscc, proof.observation_id AS article_id, max(discovered_at) AS at, arg_max(kind, discovered_at) AS kind
        FROM (SELECT uscc, kind, discovered_at,
                  unnest(from_json(evidence, '[{"observation_id":"VARCHAR"}]')) AS proof
              FROM events WHERE basis IN ('announced', 'filed'))
        GROUP BY ALL
    ),
    named AS (
        SELECT content_id, matched, [uscc] AS firms FROM derived.mentions
        WHERE form IN ('short', 'loose', 'alias', 'core')
        UNION ALL SELECT content_id, matched, list(uscc ORDER BY uscc) FROM derived.shared_names GROUP BY ALL
    )
    SELECT a.article_id, a.title, a.url, a.published_on, n.matched, n.firms, coalesce(p.kind, '') AS event,
        coalesce(p.at >= $opens, false) AS is_told,
        CASE WHEN p.at >= $opens THEN 0 WHEN a.discovered_at >= $opens THEN 1
             WHEN p.at IS NOT NULL THEN 2 ELSE 3 END AS tier
    FROM named n JOIN derived.articles a USING (content_id)
    LEFT JOIN proved p ON p.article_id = a.article_id AND len(n.firms) = 1 AND p.uscc = n.firms[1]
    WHERE a.relevant OR p.kind IS NOT NULL
    ORDER BY tier, a.discovered_at DESC, a.article_id, n.matched
"""

# What may be a firm's and is not: the event is one that it would make, at most.
_NEAR: Final = """
    SELECT c.what, CASE WHEN c.what = 'article' THEN c.id ELSE '' END AS article_id, c.matched,
        list(DISTINCT c.uscc ORDER BY c.uscc) AS firms, any_value(c.title) AS title, any_value(c.url) AS url,
        any_value(c.day) AS published_on, any_value(c.quote) AS quote,
        coalesce(max(split_part(c.event, '|', 1)), '') AS event, false AS is_told,
        CASE WHEN max(c.event) <> '' AND max(c.discovered_at) >= $opens THEN 0
             WHEN max(c.discovered_at) >= $opens THEN 1 WHEN max(c.event) <> '' THEN 2 ELSE 3 END AS tier
    FROM name_candidates c LEFT JOIN derived.articles a ON c.what = 'article' AND a.article_id = c.id
    WHERE c.match <> 'ambiguous' AND (c.what <> 'article' OR a.relevant OR c.event <> '')
    GROUP BY c.what, c.id, c.matched
    HAVING c.what = 'article' OR bool_or(c.in_putuo = 'yes')
    ORDER BY tier, max(c.discovered_at) DESC, c.id, c.matched
"""
_UNKNOWN: Final = """
    SELECT name, forms, pages, events, parks, quote, first_published_on, near FROM firm_candidates
    WHERE uscc IS NULL ORDER BY events <> '' DESC, pages DESC, last_known_at DESC, name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A firm that a name may mean."""

    uscc: str
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEntry:
    """A name in an article that means one firm by its short form alone, or may mean any of several.

    The article is the one where it matters most, of `articles` that write it so; of a licence or disclosure, whose
    `title` says which, `article_id` is "". `event`: what it proves of the firm, as matched now; `is_told`: in the
    coming briefing; `is_supposed`: it is not matched, and this is what it would make.
    """

    name: str
    article_id: str
    title: str
    url: str
    published_on: date | None
    sentence: str
    firms: tuple[Candidate, ...]
    event: str
    is_told: bool
    articles: int
    is_supposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEntry:
    """A firm that pages name and no register knows. `events` and `parks` are what pages say, joined by |."""

    name: str
    forms: str
    pages: int
    events: str
    parks: str
    quote: str
    first_published_on: date | None
    near: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The first entries, in order, and how many of each kind there are."""

    entries: tuple[LabelEntry | MatchEntry | UnknownEntry, ...]
    labels: int
    matches: int
    candidates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the published file knows of a decision's subject: the firm's name, the article's title, "" if unknown."""

    firm: str
    title: str
    is_named: bool  # the name stands in that article, as last stated


def read_queue(
    path: Path, decisions: Sequence[Recorded], limit: int, kinds: Iterable[Kind] = ("label", "match")
) -> Queue:
    """The queue of a published file, `limit` entries of it. Raises PublishedFileError."""
    kinds = set(kinds)
    with opened(path) as connection:
        if kinds == {"candidate"}:
            unknown = _unknown(connection, decisions)
            return Queue(entries=tuple(unknown[:limit]), labels=0, matches=0, candidates=len(unknown))
        labels = _labels(connection, decisions) if "label" in kinds else []
        matches = _matches(connection, decisions) if "match" in kinds else []
        # Of equal consequence labels go first: one decides over all that is told of a firm.
        asked: list[Doubt | dict[str, Any]] = [*labels, *matches]
        merged = sorted(asked, key=_tier)[:limit]
        named = [one for one in merged if not isinstance(one, Doubt)]
        firms, texts = _firms(connection, named), _texts(connection, named)
    return Queue(
        entries=tuple(one.entry if isinstance(one, Doubt) else _match(one, firms, texts) for one in merged),
        labels=len(labels),
        matches=len(matches),
    )


def look_up(path: Path, *, uscc: str, article_id: str = "", name: str = "") -> Subject:
    """What the published file knows of a firm, and of an article in which a name should stand.

    Raises PublishedFileError.
    """
    with opened(path) as connection:
        firm = rows(connection, "SELECT name FROM firms WHERE uscc = $uscc", {"uscc": uscc})
        text = rows(connection, "SELECT title, text FROM articles WHERE article_id = $id", {"id": article_id})
    return Subject(
        firm=firm[0]["name"] if firm else "",
        title=text[0]["title"] if text else "",
        is_named=bool(text) and fold(name) in open_document(text[0]["title"], text[0]["text"]).low,
    )


def overridden(decisions: Sequence[Recorded], decision: LabelDecision | MatchDecision) -> Iterator[Recorded]:
    """The standing decisions that one more on the same matter takes the place of."""
    return (one for one in decisions if one.stands and _is_same_matter(one.decision, decision))


def _is_same_matter(one: object, other: LabelDecision | MatchDecision) -> bool:
    if isinstance(one, LabelDecision) and isinstance(other, LabelDecision):
        return one.uscc == other.uscc
    if not (isinstance(one, MatchDecision) and isinstance(other, MatchDecision)):
        return False
    # A name means one firm: whom it means now, it meant no other.
    is_same_firm = one.uscc == other.uscc or one.verdict == other.verdict == "same"
    return is_same_firm and one.article_id == other.article_id and fold(one.name) == fold(other.name)


# -------------------------------------------------------------------------------------------------- the published


def _opens() -> datetime:
    """When the week began whose briefing is the next to come (UTC, naive as in the file)."""
    year, week = clock.week_at(clock.now())
    monday = datetime.combine(date.fromisocalendar(year, week, 1), clock.WEEK_TURNS_AT, clock.SHANGHAI)
    return monday.astimezone(UTC).replace(tzinfo=None)


def _tier(one: Doubt | dict[str, Any]) -> int:
    return one.tier if isinstance(one, Doubt) else int(one["tier"])


def _labels(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Recorded]) -> list[Doubt]:
    judged = sorted({one.uscc for _, one in standing(decisions) if isinstance(one, LabelDecision)})
    opens = _opens()
    return doubtful_labels(connection, judged, opens, opens - _RECENT)


def _matches(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Recorded]) -> list[dict[str, Any]]:
    judged: dict[tuple[str, str], dict[str, set[str]]] = {}  # firms and verdicts, by name and article
    for _, one in standing(decisions):
        if isinstance(one, MatchDecision):
            firms = judged.setdefault((without_place(fold(one.name)), one.article_id), {})
            firms.setdefault(one.uscc, set()).add(one.verdict)
    once: dict[tuple[str, ...], dict[str, Any]] = {}
    matched = rows(connection, _MATCHES, {"opens": _opens()})
    supposed = [row | {"is_supposed": True} for row in rows(connection, _NEAR, {"opens": _opens()})]
    for row in sorted([*matched, *supposed], key=lambda row: int(row["tier"])):
        if not _is_judged(row, judged):
            first = once.setdefault((without_place(fold(row["matched"])), *row["firms"]), row | {"articles": 0})
            first["articles"] += 1
    return list(once.values())


def _unknown(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Recorded]) -> list[UnknownEntry]:
    judged = {fold(one.name) for _, one in standing(decisions) if isinstance(one, MatchDecision)}
    asked = [row for row in rows(connection, _UNKNOWN, {}) if fold(row["name"]) not in judged]
    firms = _firms(connection, [{"firms": [uscc for uscc in row["near"].split("|") if uscc]} for row in asked])
    return [
        UnknownEntry(**row | {"near": tuple(firms[uscc] for uscc in row["near"].split("|") if uscc in firms)})
        for row in asked
    ]


def _is_judged(row: dict[str, Any], judged: dict[tuple[str, str], dict[str, set[str]]]) -> bool:
    """Whether people said whom the name means, that they cannot tell, or of each firm that it is not meant."""
    name, left = without_place(fold(row["matched"])), set(row["firms"])
    for article in (row["article_id"], EVERYWHERE):
        for firm, verdicts in judged.get((name, article), {}).items():
            if firm in row["firms"] and verdicts - {"different"}:
                return True
            left.discard(firm)
    return not left


def _firms(connection: duckdb.DuckDBPyConnection, matches: list[dict[str, Any]]) -> dict[str, Candidate]:
    wanted = sorted({firm for match in matches for firm in match["firms"]})
    sql = "SELECT uscc, name, address FROM firms WHERE uscc IN (SELECT unnest($wanted::VARCHAR[]))"
    return {row["uscc"]: Candidate(**row) for row in rows(connection, sql, {"wanted": wanted})}


def _texts(connection: duckdb.DuckDBPyConnection, matches: list[dict[str, Any]]) -> dict[str, str]:
    wanted = sorted({match["article_id"] for match in matches})
    sql = "SELECT article_id, text FROM articles WHERE article_id IN (SELECT unnest($wanted::VARCHAR[]))"
    return {row["article_id"]: row["text"] for row in rows(connection, sql, {"wanted": wanted})}


def _match(row: dict[str, Any], firms: dict[str, Candidate], texts: dict[str, str]) -> MatchEntry:
    return MatchEntry(
        name=row["matched"],
        article_id=row["article_id"],
        title=row["title"],
        url=row["url"],
        published_on=row["published_on"],
        sentence=row.get("quote") or _where_named(row, texts),
        firms=tuple(firms[uscc] for uscc in row["firms"]),
        event=row["event"],
        is_told=row["is_told"],
        articles=row["articles"],
        is_supposed=row.get("is_supposed", False),
    )


def _where_named(row: dict[str, Any], texts: dict[str, str]) -> str:
    """The sentence of a page; a register's row that states no address has only its title."""
    if not row["article_id"]:
        return str(row["title"])
    return _sentence(row["title"], texts[row["article_id"]], row["matched"])


def _sentence(title: str, text: str, name: str) -> str:
    """The first sentence of a page, its title included, in which a name stands."""
    whole, doc = document(title, text), open_document(title, text)
    at = whole.find(name)
    span = doc.sentences[doc.sentence_at(doc.folded(at, at + 1)[0])]
    start, end = doc.original(*span)
    return whole[start:end].strip()
