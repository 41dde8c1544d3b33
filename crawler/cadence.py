"""Cron lines in Asia/Shanghai: which slot comes after an instant, and how people read an instant there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from crawler import clock

LONGEST_GAP = timedelta(days=400)  # a machine off for longer is told as one gap of this length


def slot_after(cadence: str, instant: datetime) -> datetime:
    """The first slot later than `instant`, in UTC."""
    trigger = CronTrigger.from_crontab(cadence, timezone=clock.SHANGHAI)
    slot = trigger.get_next_fire_time(None, (instant + timedelta(microseconds=1)).astimezone(clock.SHANGHAI))
    assert isinstance(slot, datetime)  # the configuration refuses a day that never comes
    return slot.astimezone(UTC)


def slots(cadence: str, after: datetime, until: datetime) -> list[datetime]:
    """The slots later than `after` and not later than `until`, oldest first, in UTC; of a longer gap its end."""
    found = []
    slot = slot_after(cadence, max(after, until - LONGEST_GAP))
    while slot <= until:
        found.append(slot)
        slot = slot_after(cadence, slot)
    return found


def in_shanghai(instant: datetime) -> str:
    """`2026-11-23 02:00`, as it is in Shanghai."""
    return f"{instant.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
