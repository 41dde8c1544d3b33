"""Reads single cells of published rows: texts that may be NULL, instants in UTC, and pieces of evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from reports.briefing import Exhibit, Role

Row = dict[str, Any]

_EXHIBIT_TEXTS = (
    *("observation_id", "source", "series", "publisher", "run_id"),
    *("url", "sha256", "capture", "folder"),
)


def text(value: object) -> str:
    """The text, empty for NULL."""
    return "" if value is None else str(value)


def texts(row: Row, *left_out: str) -> dict[str, Any]:
    """Every column as text, but for those left out."""
    return {name: text(value) for name, value in row.items() if name not in left_out}


def parts(value: object) -> tuple[str, ...]:
    """The texts of a list that is joined by |."""
    return tuple(part for part in text(value).split("|") if part)


def utc(instant: datetime) -> datetime:
    """The instant, aware; the published file holds naive UTC."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def exhibit(piece: Row) -> Exhibit:
    """One piece of evidence as the store writes it. Raises ValueError or KeyError when it is not of that shape."""
    fetched_at, record, published_on = piece.get("fetched_at"), piece.get("record"), piece.get("published_on")
    return Exhibit(
        **{name: text(piece.get(name)) for name in _EXHIBIT_TEXTS},
        role=Role(piece["role"]),
        line=piece.get("line"),
        fetched_at=utc(datetime.fromisoformat(fetched_at)) if fetched_at else None,
        published_on=date.fromisoformat(published_on) if published_on else None,
        record=None if record is None else {column: text(cell) for column, cell in record.items()},
    )
