"""How far back a run reads a list, and which of its records are new: all that one run remembers for the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

# Fewer may all be taken down between two runs; so many gone at once means that the list is not what it was.
_ENOUGH_TO_MISS = 3


class WindowError(ValueError):
    """A remembered state that is not as `Window.state` writes it; says what is wrong with it."""


class Window:
    """From `since` (a day in Asia/Shanghai, included) on, what is in the list and was not read before.

    `state` is what `state()` gave at the end of the last complete run, or empty. Without it the window opens
    `first_days` before `today`; with it, `overlap_days` before the newest day read, because records appear after their
    date. A `since` that is given opens it there instead. Raises WindowError for a state it did not write.
    """

    def __init__(
        self,
        state: Mapping[str, Any],
        today: date,
        *,
        overlap_days: int = 7,
        first_days: int = 120,
        since: date | None = None,
    ) -> None:
        self._before = dict(state)
        self._overlap = timedelta(days=overlap_days)
        self._today = today
        newest, self._known = _read(state)
        self._newest = min(newest, today) if newest else None
        opens = self._newest - self._overlap if self._newest else today - timedelta(days=first_days)
        self.since = since or opens
        self._given = since is not None
        # What a later opening leaves out must stay to be read. Without a past, where to begin is the caller's choice.
        self._leaves_a_gap = self._newest is not None and self.since > opens
        self._expected = frozenset(self._known)
        self._met: set[str] = set()

    def is_new(self, article_id: str, record_hash: str) -> bool:
        """Whether a record was not read before, or says something else than it did; notes that it is still there."""
        self._met.add(article_id)
        _, known_hash = self._known.get(article_id, (None, ""))
        return known_hash != record_hash

    def remember(self, article_id: str, published_on: date | None, record_hash: str) -> None:
        """Notes that a record was read to its end; a day to come counts as today, or it would shut the window."""
        self._met.add(article_id)
        self._known[article_id] = (published_on, record_hash)
        if published_on:
            day = min(published_on, self._today)
            self._newest = max(day, self._newest or day)

    def keep_open(self, day: date) -> None:
        """Has the next window open no later than at a day: something of it is still to be read."""
        self._newest = min(self._newest or self._today, day + self._overlap)

    def gap(self) -> str:
        """Why what was read now does not join what was read before, in words; empty when it does.

        To be asked after the list was read as far back as `since`. Not asked of a window that was opened by hand.
        """
        lost = len(self._expected)
        if self._given or lost < _ENOUGH_TO_MISS or self._expected & self._met:
            return ""
        return f"none of the {lost} records that the last complete run knew since {self.since} is there any more"

    def state(self) -> dict[str, Any]:
        """What the next run needs, as JSON types: the newest day read, and the records that its window will show."""
        if self._leaves_a_gap:
            return self._before
        opens = self._newest - self._overlap if self._newest else None
        seen = {
            article_id: [day.isoformat() if day else "", record_hash]
            for article_id, (day, record_hash) in sorted(self._known.items())
            if (article_id in self._met if day is None else opens is not None and day >= opens)
        }
        return {"newest": self._newest.isoformat() if self._newest else "", "seen": seen}


def _read(state: Mapping[str, Any]) -> tuple[date | None, dict[str, tuple[date | None, str]]]:
    if not state:
        return None, {}
    try:
        newest, seen = state["newest"], state["seen"]
        known = {str(article_id): (_day(day), str(record_hash)) for article_id, (day, record_hash) in seen.items()}
        return _day(newest), known
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WindowError(f"what the last run remembered cannot be read: {error!r}") from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
