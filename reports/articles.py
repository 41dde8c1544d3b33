"""Reads from the published database the articles an issue is made of, and what they claim."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from crawler.items import ArticleKind, TextFrom
from reports.briefing import Exhibit, Note, Role
from reports.cells import Row, parts, text, utc
from reports.claim import Claim, Measure, Relation, Scope, Subject, Unit

# What a first reading of a source found old is a state, not news: it is no part of any issue. What the city's policy
# library shows of the district's portal is told once: as the portal shows it, or as an earlier issue told it.
_ARTICLES = """
    SELECT a.article_id, a.source, a.series, a.kind, a.title, a.url, a.published_on, a.agency, a.document_number,
           a.index_number, a.language, a.text_from, a.relevant, a.score, a.reasons, a.places_zh, a.places_en,
           a.discovered_on, a.discovered_at, a.run_id, a.reply_url, a.line, a.fetched_at, a.sha256, a.capture,
           s.publisher
    FROM articles AS a LEFT JOIN sources AS s USING (source, series)
    WHERE a.is_news AND a.discovered_at < $cut_off AND a.article_id NOT IN (SELECT unnest($taken::VARCHAR[]))
        AND NOT EXISTS (
            SELECT 1 FROM articles AS p, articles AS c
            WHERE p.source = 'putuo_portal' AND c.source = 'shanghai_policy' AND c.source_id = '0075' || p.source_id
                AND ((a.article_id = c.article_id AND p.relevant AND p.discovered_at < $cut_off)
                    OR (a.article_id = p.article_id AND c.article_id IN (SELECT unnest($taken::VARCHAR[])))))
    ORDER BY a.discovered_at, a.article_id
"""
_CLAIMS = """
    SELECT claim_id, article_id, measure, value, unit, relation, is_target, year, quote,
        subject, scope, place, place_zh, place_en
    FROM claims
    WHERE is_news AND discovered_at < $cut_off AND article_id NOT IN (SELECT unnest($taken::VARCHAR[]))
    ORDER BY article_id, claim_id
"""

_CURRENCY = re.compile(r"[A-Z]{3}")  # ISO 4217
_LARGEST = 10**15  # a figure beyond is a misprint: its sentence is shown, not the figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article that was news when it was found. `note` is None unless it is about life-health in the district."""

    article_id: str
    discovered_at: datetime
    note: Note | None
    is_read: bool = True  # its page was; else its list alone was seen, and the page may still come

    @property
    def told_as(self) -> str:
        """The same for the same article under another id; empty where that cannot be told, and of what is not told."""
        note = self.note
        title = "".join(note.title.split()) if note else ""
        if note is None or note.kind is ArticleKind.FILING or not title or note.published_on is None:
            return ""
        stated = (note.kind, title, note.published_on.isoformat(), note.document_number, note.language)
        return "k" + hashlib.sha256("|".join(stated).encode()).hexdigest()[:16]


class ArticleError(ValueError):
    """A row of articles or claims is not as the views promise; the message names it."""


def read_articles(rows: Callable[[str, Row], list[Row]], parameters: Row) -> tuple[Article, ...]:
    """The articles discovered before `$cut_off` whose ids are not in `$taken`, in order of discovery.

    Raises ArticleError naming the row that is not as promised.
    """
    claims: dict[str, list[Claim]] = {}
    for row in rows(_CLAIMS, parameters):
        claims.setdefault(row["article_id"], []).append(named(claim_of, row, row["claim_id"]))
    return tuple(
        Article(
            article_id=row["article_id"],
            discovered_at=utc(row["discovered_at"]),
            note=named(_note, row | {"claims": claims.get(row["article_id"], [])}, row["article_id"])
            if row["relevant"]
            else None,
            is_read=row["text_from"] != TextFrom.NONE or row["kind"] == ArticleKind.FILING,
        )
        for row in rows(_ARTICLES, parameters)
    )


def named(make: Callable[[Row], Any], row: Row, row_id: str) -> Any:
    """What `make` makes of a row. Raises ArticleError with the row's id where the row is not as promised."""
    try:
        return make(row)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArticleError(f"{row_id}: {error}") from error


def _note(row: Row) -> Note:
    return Note(
        article_id=row["article_id"],
        kind=ArticleKind(row["kind"]),
        title=text(row["title"]),
        url=text(row["url"]),
        published_on=row["published_on"],
        agency=text(row["agency"]),
        document_number=text(row["document_number"]),
        language=text(row["language"]),
        places_zh=parts(row["places_zh"]),
        places_en=parts(row["places_en"]),
        reasons=parts(row["reasons"]),
        score=float(row["score"] or 0),
        discovered_on=row["discovered_on"],
        claims=tuple(row["claims"]),
        exhibits=(_exhibit(row),),
    )


def _exhibit(row: Row) -> Exhibit:
    published_on = row["published_on"]
    record = {
        "title": text(row["title"]),
        "published_on": published_on.isoformat() if published_on else "",
        "agency": text(row["agency"]),
        "document_number": text(row["document_number"]),
        "index_number": text(row["index_number"]),
        "page": text(row["url"]),
    }
    return Exhibit(
        role=Role.AFTER,
        observation_id=row["article_id"],
        source=text(row["source"]),
        series=text(row["series"]),
        publisher=text(row["publisher"]),
        run_id=text(row["run_id"]),
        url=text(row["reply_url"]),
        line=row["line"],
        fetched_at=utc(row["fetched_at"]) if row["fetched_at"] else None,
        sha256=text(row["sha256"]),
        capture=text(row["capture"]),
        folder=f"runs/{row['run_id']}" if row["run_id"] else "",
        record={name: stated for name, stated in record.items() if stated},
    )


def claim_of(row: Row) -> Claim:
    """The claim of a row of claims. Raises ValueError for a word or unit of no closed list."""
    unit = text(row["unit"])
    if unit not in list(Unit) and not _CURRENCY.fullmatch(unit):
        raise ValueError(f"{unit[:40]!r} is no unit")
    return Claim(
        claim_id=row["claim_id"],
        measure=Measure(row["measure"]),
        value=_figure(row["value"]),
        unit=unit,
        relation=Relation(row["relation"]),
        is_target=bool(row["is_target"]),
        year=row["year"],
        quote=text(row["quote"]),
        subject=Subject(row["subject"]),
        scope=Scope(row["scope"]),
        place=text(row["place"]),
        place_zh=text(row["place_zh"]),
        place_en=text(row["place_en"]),
    )


def _figure(value: float | None) -> Decimal | None:
    if value is None or not math.isfinite(value) or abs(value) >= _LARGEST:
        return None
    return Decimal(repr(value)).normalize()
