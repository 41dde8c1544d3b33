"""Tells in one language which issues there are and where each lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from reports.archive.text import IndexPage, IssueText, YearText
from reports.freeze import Issue
from reports.page import LinkText
from reports.tell import EVIDENCE, headline
from reports.weeks import Week
from reports.words import LANGUAGES, Language, Words


@dataclass(frozen=True, slots=True)
class Kept:
    """An issue and the languages in which its briefing lies beside it."""

    issue: Issue
    languages: frozenset[Language]


def tell_index(kept: Iterable[Kept], language: Language, district: str, *, has_claims: bool) -> IndexPage:
    """The list of issues, newest first; `has_claims`: the page of claims lies beside it."""
    say = Words(language)
    other: Language = "en" if language == "zh" else "zh"
    newest_first = sorted(kept, key=lambda one: one.issue.week, reverse=True)
    years = groupby(newest_first, key=lambda one: one.issue.week[:4])
    return IndexPage(
        lang="zh-CN" if language == "zh" else "en",
        title=say("page", "title", district=district),
        note=say.count("index", "note", len(newest_first)),
        claims=LinkText(text=say("claims_page", "title", district=district), href=f"claims.{language}.html")
        if has_claims
        else None,
        claims_note=say("index", "claims_note") if has_claims else "",
        years=tuple(
            YearText(year=say("index", "year", year=year), issues=tuple(_issue(one, say) for one in some))
            for year, some in years
        ),
        empty="" if newest_first else say("index", "empty"),
        links=(LinkText(text=say("index", "other_language"), href=f"index.{other}.html"),),
    )


def _issue(kept: Kept, say: Words) -> IssueText:
    issue, week = kept.issue, Week.parse(kept.issue.week)
    marks = [say("index", "draft")] if issue.draft else []
    marks += [say.count("index", "corrected", issue.revision)] if issue.revision else []
    return IssueText(
        week=say("index", "week", number=week.number),
        days=say("index", "days", monday=say.day(week.monday, week.year), sunday=say.day(week.sunday, week.year)),
        told=headline(issue.briefing, say),
        marks=tuple(marks),
        links=tuple(_links(kept, say)),
    )


def _links(kept: Kept, say: Words) -> Iterator[LinkText]:
    ordered = sorted(LANGUAGES, key=lambda language: language != say.language)
    for language in ordered:
        if language in kept.languages:
            yield LinkText(text=say("briefing_in", language), href=f"{kept.issue.week}/briefing.{language}.html")
    yield LinkText(text=say("evidence", "title"), href=f"{kept.issue.week}/{EVIDENCE}")
