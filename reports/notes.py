"""Chooses which articles an issue tells: each once, the most telling first, what is old apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from crawler.items import ArticleKind
from reports.articles import Article
from reports.briefing import Entry, Note


def chosen(
    articles: Iterable[Article], entries: Iterable[Entry], late_after: timedelta
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The notes in telling order: of what was published lately, and of what was `late_after` before we found it.

    Undated articles count as published lately: that they were news when found is all that is known. A note knows
    whether it proves an event of `entries`.
    """
    proofs = {exhibit.observation_id for entry in entries for one in entry.happenings for exhibit in one.exhibits}
    notes = [
        replace(note, told_above=any(exhibit.observation_id in proofs for exhibit in note.exhibits))
        for note in _folded(article.note for article in articles if article.note)
    ]
    notes.sort(key=_importance)
    late = {note.article_id for note in notes if _age(note) > late_after}
    return (
        tuple(note for note in notes if note.article_id not in late),
        tuple(note for note in notes if note.article_id in late),
    )


def _age(note: Note) -> timedelta:
    return note.discovered_on - note.published_on if note.published_on else timedelta()


def _folded(notes: Iterable[Note]) -> Iterable[Note]:
    """One note for what stands in several columns or sources under one title and day, with an exhibit of each."""
    folded: dict[object, Note] = {}
    for note in notes:
        same = (note.kind, "".join(note.title.split()), note.published_on)
        # Filings bear the same title for different projects, and an untitled article is like no other.
        key = note.article_id if note.kind is ArticleKind.FILING or not same[1] else same
        folded[key] = _with(folded[key], note) if key in folded else note
    return folded.values()


def _with(first: Note, same: Note) -> Note:
    return replace(first, exhibits=first.exhibits + same.exhibits, claims=first.claims or same.claims)


def _importance(note: Note) -> tuple[object, ...]:
    day = note.published_on or date.min
    return (-round(note.score, 1), -day.toordinal(), note.title, note.article_id)
