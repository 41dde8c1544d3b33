"""Reads from the published database what an issue is made of; with articles.py the only SQL in `reports`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from crawler.fields.money import Money, parse_money
from pipelines.store.migrations import SchemaError, refuse_newer
from reports.articles import Article, ArticleError, read_articles
from reports.briefing import Aside, Basis, Category, Firm, Happening, Kind, SubSector
from reports.cells import Row, exhibit, parts, text, texts, utc
from reports.errors import NoPublishedFileError, PublishedUnreadableError
from reports.weeks import Week

_EVENTS = """
    WITH held AS (
        SELECT event_id FROM (
            SELECT event_id, unnest(list_append(string_split(coalesce(aliases, ''), '|'), event_id)) AS told_as
            FROM events
        ) SEMI JOIN (SELECT unnest($taken::VARCHAR[]) AS told_as) USING (told_as)
    )
    SELECT e.event_id, e.category, e.kind, e.basis, e.firm_id, e.uscc, e.name, e.grade, e.sub_sector,
           e.happened_on, e.discovered_on, e.discovered_at, e.before, e.after, e.evidence, e.confirms,
           coalesce(TRY_CAST(a.evidence ->> '$[0].record.published_on' AS DATE), a.discovered_on) AS announced_on,
           f.in_putuo, f.secondary, f.street_zh, f.street_en, f.park_zh, f.park_en, f.address,
           f.shared_address, f.firms_at_address, f.is_branch, f.parent_name, f.capital, f.capital_currency,
           f.registered_on, f.label_evidence, f.label_decided_by
    FROM events AS e ANTI JOIN held USING (event_id)
        LEFT JOIN firms AS f USING (firm_id) LEFT JOIN events AS a ON a.event_id = e.confirms
    WHERE e.discovered_at < $cut_off
    ORDER BY e.discovered_at, e.event_id
"""
_THIS_WEEK = """
    SELECT event_id FROM events
    WHERE discovered_at >= $opens AND discovered_at < $cut_off AND grade IN ('core', 'peripheral')
"""
_SOURCES = """
    SELECT source, series, publisher, title_zh, title_en, cadence FROM sources
    WHERE first_run_at IS NULL OR first_run_at < $cut_off
    ORDER BY source, series
"""
_RUNS = """
    SELECT source, series, outcome, reason, items, warnings FROM runs
    WHERE coalesce(finished_at, started_at) >= $opens AND coalesce(finished_at, started_at) < $cut_off
    ORDER BY coalesce(finished_at, started_at), run_id
"""
_LAST_GOOD = """
    SELECT source, series, max(coalesce(finished_at, started_at)) AS at FROM runs
    WHERE outcome IN ('complete', 'empty_allowed') AND coalesce(finished_at, started_at) < $cut_off
    GROUP BY source, series
"""
# The same bad row is met again every night: told apart by what it says of itself, or else by its line.
_ASIDE = """
    SELECT source, series, reason, count(DISTINCT concat_ws(chr(31), uscc, name,
             CASE WHEN coalesce(uscc, '') = '' AND coalesce(name, '') = '' THEN line END)) AS rows
    FROM quarantine
    WHERE run_id IN (SELECT run_id FROM runs WHERE coalesce(finished_at, started_at) >= $opens
                       AND coalesce(finished_at, started_at) < $cut_off)
    GROUP BY source, series, reason
    ORDER BY source, series, reason
"""
_PLACE_UNKNOWN = """
    SELECT count(*) AS firms FROM firms
    WHERE in_putuo = 'unknown' AND grade IN ('core', 'peripheral') AND first_known_at < $cut_off
"""
_BETWEEN_WARNINGS = " | "
_RELEASE = "SELECT published_at, code_version, rules_version, gazetteer_version, content_hash FROM release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event with the firm it is of. `grade` is the firm's: core, peripheral or none."""

    grade: str
    discovered_at: datetime
    firm: Firm
    happening: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source and series as declared."""

    source: str
    series: str
    publisher: str = ""
    title_zh: str = ""
    title_en: str = ""
    cadence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run of the week; runs come in the order of their finish."""

    source: str
    series: str
    outcome: str
    reason: str
    items: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All an issue is composed from, in UTC. `taken_this_week` are this week's ids held by other issues."""

    events: tuple[Event, ...]
    taken_this_week: tuple[str, ...]
    sources: tuple[SourceRow, ...]
    runs: tuple[RunRow, ...]
    last_good: Mapping[tuple[str, str], datetime]
    aside: tuple[Aside, ...]
    place_unknown: int
    published_at: datetime
    code_version: str
    rules_version: str
    gazetteer_version: str
    content_hash: str
    articles: tuple[Article, ...] = ()

    @property
    def held(self) -> tuple[str, ...]:
        """The ids of all that was considered, events and articles, told or not, in order of discovery.

        Not of an article that is none of ours by its title alone: its page may come later.
        """
        found = [(event.discovered_at, event.happening.event_id) for event in self.events]
        for article in self.articles:
            if article.is_read or article.note:
                found.append((article.discovered_at, article.article_id))
        return tuple(found_id for _, found_id in sorted(found))

    @property
    def told_as(self) -> tuple[str, ...]:
        """What the articles that are told would be told as under another id."""
        return tuple(sorted({article.told_as for article in self.articles if article.told_as}))


def read_published(path: Path, week: Week, taken: Iterable[str]) -> Published:
    """What was discovered before the week's cut-off and is not among the ids `taken`; what was looked at.

    `taken` are ids of events and articles alike.

    Raises NoPublishedFileError, or PublishedUnreadableError naming what is not as the views promise.
    """
    taken = sorted(taken)
    window = {"opens": week.opens_at.replace(tzinfo=None), "cut_off": week.cut_off.replace(tzinfo=None)}
    cut_off = {"cut_off": window["cut_off"]}
    with opened(path) as rows:
        releases = rows(_RELEASE, {})
        if len(releases) != 1:
            raise PublishedUnreadableError(path, f"release has {len(releases)} rows instead of one")
        release = releases[0]
        known = set(taken)
        return Published(
            events=tuple(_event(path, row) for row in rows(_EVENTS, {**cut_off, "taken": taken})),
            articles=read_articles(rows, {**cut_off, "taken": taken}),
            taken_this_week=tuple(row["event_id"] for row in rows(_THIS_WEEK, window) if row["event_id"] in known),
            sources=tuple(SourceRow(**texts(row)) for row in rows(_SOURCES, cut_off)),
            runs=tuple(_run(row) for row in rows(_RUNS, window)),
            last_good={(text(row["source"]), text(row["series"])): utc(row["at"]) for row in rows(_LAST_GOOD, cut_off)},
            aside=tuple(Aside(**texts(row, "rows"), rows=row["rows"]) for row in rows(_ASIDE, window)),
            place_unknown=rows(_PLACE_UNKNOWN, cut_off)[0]["firms"],
            published_at=utc(release["published_at"]),
            **texts(release, "published_at"),
        )


@contextmanager
def opened(path: Path) -> Iterator[Callable[[str, Row], list[Row]]]:
    """A function from SQL and its parameters to rows, for as long as the published file is open.

    Raises NoPublishedFileError, PublishedUnreadableError.
    """
    if not path.is_file():
        raise NoPublishedFileError(path)
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            refuse_newer(connection)

            def rows(sql: str, parameters: Row) -> list[Row]:
                cursor = connection.execute(sql, parameters or None)
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

            yield rows
    except duckdb.Error as error:  # it is torn, or an older program made it
        raise PublishedUnreadableError(path, f"{error}\n`scrapy load` publishes it anew") from error
    except (SchemaError, ArticleError) as error:
        raise PublishedUnreadableError(path, str(error)) from error


def _run(row: Row) -> RunRow:
    warnings = tuple(filter(None, text(row["warnings"]).split(_BETWEEN_WARNINGS)))
    return RunRow(**texts(row, "items", "warnings"), items=row["items"] or 0, warnings=warnings)


def _event(path: Path, row: Row) -> Event:
    try:
        discovered_at = utc(row["discovered_at"])
        return Event(grade=row["grade"], discovered_at=discovered_at, firm=_firm(row), happening=_happening(row))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PublishedUnreadableError(path, f"event {row['event_id']}: {error}") from error


def _firm(row: Row) -> Firm:
    capital, currency = row["capital"], text(row["capital_currency"])
    return Firm(
        **texts({name: row[name] for name in _FIRM_TEXTS}),
        sub_sector=_sub_sector(row["sub_sector"]),
        secondary=tuple(SubSector(name) for name in parts(row["secondary"])),
        firms_at_address=(row["firms_at_address"] or 0) if row["shared_address"] else 0,
        is_branch=bool(row["is_branch"]),
        capital=None if capital is None else Money(amount=capital.normalize(), currency=currency),
        registered_on=row["registered_on"],
        label_by_person=row["label_decided_by"] == "person",
        registered_here=bool(row["uscc"]) and row["in_putuo"] == "yes",
    )


_FIRM_TEXTS = (
    *("firm_id", "uscc", "name", "parent_name", "label_evidence"),
    *("street_zh", "street_en", "park_zh", "park_en", "address"),
)


def _sub_sector(name: str | None) -> SubSector | None:
    return None if name in (None, "", "none") else SubSector(name)


def _happening(row: Row) -> Happening:
    kind, before, after = Kind(row["kind"]), text(row["before"]), text(row["after"])
    of_capital = kind in (Kind.CAPITAL_RAISED, Kind.CAPITAL_CUT) and row["basis"] == Basis.CAPITAL_CHANGED
    return Happening(
        event_id=row["event_id"],
        category=Category(row["category"]),
        kind=kind,
        basis=Basis(row["basis"]),
        happened_on=row["happened_on"],
        discovered_on=row["discovered_on"],
        before=before,
        after=after,
        before_money=parse_money(before) if of_capital else None,
        after_money=parse_money(after) if of_capital else None,
        exhibits=tuple(exhibit(piece) for piece in json.loads(row["evidence"] or "[]")),
        confirms=text(row["confirms"]),
        announced_on=row["announced_on"],
    )
