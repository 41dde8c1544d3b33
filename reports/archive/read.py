"""Reads from the published database every claim beside our own count."""

from __future__ import annotations

from pathlib import Path

from reports.archive.model import (
    Compared,
    Count,
    CountedBy,
    Difference,
    Figures,
    NotCountable,
    Standing,
)
from reports.articles import claim_of, named
from reports.cells import Row, parts, text, utc
from reports.claim import Subject
from reports.errors import PublishedUnreadableError
from reports.published import opened

_COMPARED = """
    SELECT c.*, s.title_en FROM claims_compared AS c LEFT JOIN sources AS s USING (source, series)
    ORDER BY coalesce(c.published_on, c.discovered_on) DESC, c.claim_id
"""
_IN_PUTUO = "in_putuo = 'yes' AND status IN ('active', 'unknown')"
_STANDING = f"""
    SELECT coalesce(sub_sector, 'life_health') AS subject,
        count(*) FILTER (WHERE grade = 'core' AND {_IN_PUTUO}) AS core, count(*) FILTER (WHERE {_IN_PUTUO}) AS "both",
        count(*) FILTER (WHERE is_branch AND {_IN_PUTUO}) AS branches,
        count(*) FILTER (WHERE firms_at_address >= 10 AND {_IN_PUTUO}) AS at_shared_address,
        count(*) FILTER (WHERE in_putuo = 'unknown' AND status IN ('active', 'unknown')) AS place_unknown
    FROM firms WHERE grade IN ('core', 'peripheral') AND sub_sector <> 'none'
    GROUP BY GROUPING SETS ((), (sub_sector))
"""
_RELEASE = "SELECT published_at, content_hash FROM release"
# News alone are no newer count of ours.
_NEWEST = "SELECT max(finished_at) + INTERVAL 8 HOUR AS newest FROM runs WHERE rows > 0"


def read_figures(path: Path) -> Figures:
    """What the page of claims is made from, newest claims first.

    Raises NoPublishedFileError, or PublishedUnreadableError naming what is not as the views promise.
    """
    with opened(path) as rows:
        releases = rows(_RELEASE, {})
        if len(releases) != 1:
            raise PublishedUnreadableError(path, f"release has {len(releases)} rows instead of one")
        found = rows(_COMPARED, {})
        compared = tuple(named(_compared, row, row["claim_id"]) for row in found)
        newest = rows(_NEWEST, {})[0]["newest"]
        return Figures(
            compared=compared,
            pages=len({row["article_id"] for row in found}),
            standing={Subject(row.pop("subject")): Standing(**row) for row in rows(_STANDING, {})},
            history_begins=next((row["history_begins"] for row in found), None),
            newest_day=newest.date() if newest else None,
            published_at=utc(releases[0]["published_at"]),
            content_hash=text(releases[0]["content_hash"]),
        )


def _compared(row: Row) -> Compared:
    counted_by = text(row["counted_by"])
    if (row["not_countable"] is None) is not bool(counted_by):
        raise ValueError("it is neither counted nor not")
    return Compared(
        claim=claim_of(row),
        since=row["since"],
        until=row["until"],
        about=row["about_day"],
        ours=_count(row) if counted_by else NotCountable(row["not_countable"]),
        said_by=text(row["said_by"]),
        source_en=text(row["title_en"]) if row["word_of"] == "publisher" else "",
        title=text(row["title"]),
        url=text(row["url"]),
        published_on=row["published_on"],
        discovered_on=row["discovered_on"],
    )


def _count(row: Row) -> Count:
    return Count(
        by=CountedBy(row["counted_by"]),
        on=row["counted_on"],
        core=row["core"],
        both=row["counted"],
        by_then=row["registered_by_then"],
        why_differ=tuple(Difference(code) for code in parts(row["why_differ"])),
    )
