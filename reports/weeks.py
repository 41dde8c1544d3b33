"""ISO weeks (ISO 8601) as the briefing counts them: from Monday 06:00 to Monday 06:00, Asia/Shanghai."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crawler import clock
from reports.errors import WeekMalformedError

SHANGHAI = clock.SHANGHAI


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week. `str()` gives `2026-W47`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Week:
        """Reads `2026-W47`. Raises WeekMalformedError for other writing or a week its year does not have."""
        match = re.fullmatch(r"([12][0-9]{3})-W([0-9]{2})", text)
        if not match:
            raise WeekMalformedError(text, "not an ISO week")
        week = cls(int(match[1]), int(match[2]))
        try:
            date.fromisocalendar(week.year, week.number, 1)
        except ValueError as error:
            raise WeekMalformedError(text, f"{week.year} has no week {week.number}") from error
        return week

    @classmethod
    def open_at(cls, now: datetime) -> Week:
        """The week whose cut-off comes next after `now` (aware)."""
        return cls(*clock.week_at(now))

    @classmethod
    def last_closed(cls, now: datetime) -> Week:
        """The last week whose cut-off has passed at `now` (aware); at the cut-off itself it has."""
        return cls.open_at(now - timedelta(days=7))

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def opens_at(self) -> datetime:
        """Monday 06:00 that begins it, aware, in UTC."""
        return datetime.combine(self.monday, clock.WEEK_TURNS_AT, SHANGHAI).astimezone(UTC)

    @property
    def cut_off(self) -> datetime:
        """Monday 06:00 that ends it, aware, in UTC. What is discovered at that instant is next week's."""
        return datetime.combine(self.monday + timedelta(days=7), clock.WEEK_TURNS_AT, SHANGHAI).astimezone(UTC)

    @property
    def last_night(self) -> datetime:
        """Midnight before its cut-off, aware, in UTC: when its last night's crawls begin."""
        return datetime.combine(self.monday + timedelta(days=7), time(), SHANGHAI).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"
