"""The one source of "now": every command that depends on time asks here, so that past weeks can be replayed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

# On Mondays in Shanghai: after the night's crawls and load, before people come to work.
WEEK_TURNS_AT = time(6)

_offset = timedelta()


class ClockError(ValueError):
    """`--now` is not an ISO 8601 instant."""


def parse_instant(text: str) -> datetime:
    """Reads `2026-11-16T02:00+08:00` (the offset is required) or a bare day, which means its midnight in Shanghai.

    Returns an aware datetime in UTC. Raises ClockError, naming the text, for anything else.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), SHANGHAI).astimezone(UTC)
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockError(f"--now {text!r} is not an ISO 8601 time such as 2026-11-16T02:00+08:00") from error
    if instant.tzinfo is None:
        raise ClockError(f"--now {text!r} has no offset; write e.g. {text}+08:00")
    return instant.astimezone(UTC)


def start_at(instant: datetime | None) -> None:
    """Makes the clock read `instant` now and tick on from there; None returns it to the real time."""
    global _offset  # noqa: PLW0603 - one process, one clock
    _offset = timedelta() if instant is None else instant - datetime.now(UTC)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + _offset


def ahead() -> timedelta:
    """How far this clock is ahead of the machine's (negative: behind); nothing without `--now`."""
    return _offset


def week_at(instant: datetime) -> tuple[int, int]:
    """ISO year and number of the briefing's week at an instant (aware): from Monday 06:00 to Monday 06:00."""
    # So much earlier, the week turns exactly with the calendar's Monday.
    year, number, _ = (instant.astimezone(SHANGHAI) - timedelta(hours=WEEK_TURNS_AT.hour)).isocalendar()
    return year, number


def as_argument() -> list[str]:
    """The `--now` words that hand this clock to a child process; none when it shows the real time."""
    return ["--now", now().isoformat()] if _offset else []


def stamp(instant: datetime) -> str:
    """An instant as stored in files: ISO 8601 in UTC with microseconds, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_stamp(text: str) -> datetime:
    """The instant that `stamp` wrote."""
    return datetime.fromisoformat(text)
