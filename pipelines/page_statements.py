"""What a page states of the firms it names, as rows; asked of the memory before the page is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pipelines import news
from pipelines.page_memo import Answer, PageMemo
from pipelines.page_version import PageVersion

Stated = dict[tuple[str, str], dict[str, Any]]  # rows of statements, by firm and kind

_LONGEST_QUOTE: Final = 400  # characters: a sentence as evidence, not the page


def stated(memo: PageMemo, version: PageVersion, mentions: Sequence[news.Mention]) -> Stated:
    """What a page states of the firms it names, by firm and kind.

    A page that says a thing of a firm twice says it once; what it says first is quoted.
    """
    if not mentions:
        return {}
    rows = memo.ask("stated", version.content_id, mentions, (), lambda: _read(version, mentions))
    once: Stated = {}
    for row in rows:
        day = row["happened_on"]
        row |= {"content_id": version.content_id, "happened_on": day and date.fromisoformat(day), "decided_at": None}
        once.setdefault((row["uscc"], row["kind"]), row)
    return once


def _read(version: PageVersion, mentions: Sequence[news.Mention]) -> Answer:
    title, text = version.title, version.text
    document = news.document(title, text)
    found = news.attribute(title, text, version.read(), mentions)
    return [
        {
            "uscc": one.firm,
            "kind": one.kind,
            "happened_on": one.happened_on and one.happened_on.isoformat(),
            "amount": None if one.amount is None else float(one.amount),
            "unit": one.unit,
            "park": one.park,
            "is_placed": one.placed,
            "quote": quote(document, one.start, one.end),
        }
        for one in news.fullest(found, mentions, title)
    ]


def quote(document: str, start: int, end: int) -> str:
    """A sentence of a page, cut where it is longer than a quote may be."""
    text = document[start:end].strip()
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
