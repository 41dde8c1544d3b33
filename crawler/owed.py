"""What the timetable owes, by its ledger: the newest slot without a run, or one that is to be tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler import clock
from crawler.cadence import slot_after, slots
from crawler.config import Config
from crawler.job_ledger import JobLedger, JobOutcome, JobRun

# What ended badly. (What we stopped ourselves did not, and what is at work has not ended.)
UNWELL = frozenset({JobOutcome.FAILED, JobOutcome.BUSY, JobOutcome.KILLED, JobOutcome.CRASHED})
_DONE_BADLY = frozenset({JobOutcome.FAILED, JobOutcome.BUSY})
_CUT_OFF = frozenset({JobOutcome.KILLED, JobOutcome.CRASHED})
_MOST_CUT_OFF = 3  # attempts of one slot: what takes the machine down with it must not do so for ever
# A mail server that is down on Monday morning must not cost its readers the week; who has the issue is remembered.
# (A night that failed is not repeated: hosts that refused us are not asked again before their next turn.)
_RETRIES = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480))


@dataclass(frozen=True, slots=True)
class TimedJob:
    """A command on the timetable. `words` follow `scrapy`; `cadence` is a cron line in Asia/Shanghai."""

    name: str
    cadence: str
    words: tuple[str, ...]
    ends_early: bool  # whether SIGTERM ends it in good order
    retries: tuple[timedelta, ...] = ()  # waits after each failed attempt of a slot; the last one holds from then on
    for_a_week: bool = False  # whether it is told which week its slot stands for

    def words_at(self, slot: datetime) -> tuple[str, ...]:
        """The words for a slot: served late, it is still about the week that closed last when it was due."""
        return (*self.words, "--week", closed_week(slot)) if self.for_a_week else self.words


@dataclass(frozen=True, slots=True)
class Due:
    """A slot to serve now, and the older ones that nobody served."""

    slot: datetime
    missed: tuple[datetime, ...] = ()


def timed_jobs(settings: Config) -> tuple[TimedJob, ...]:
    """The two jobs, in the order in which they go when both are due: the issue tells what the night found."""
    send = ("--send",) if settings.mail.host and settings.recipients else ()
    # A mailing that is cut off may have been taken by the server and not be written down: it is left to finish.
    return (
        TimedJob("nightly", settings.schedule.nightly, ("nightly",), ends_early=True),
        TimedJob("weekly", settings.schedule.weekly, ("weekly", *send), False, _RETRIES, for_a_week=True),
    )


def closed_week(instant: datetime) -> str:
    """The ISO week that had closed last at an instant, as `2026-W47`."""
    year, number = clock.week_at(instant - timedelta(days=7))
    return f"{year}-W{number:02}"


def due(job: TimedJob, ledger: JobLedger, now: datetime) -> Due | None:
    """What is owed of a job: its newest slot without a run, or one to try again. Raises LedgerError, OSError."""
    known = ledger.runs(job.name, now)
    if not known:
        return None
    if passed := slots(job.cadence, known[-1].slot, now):
        return Due(passed[-1], tuple(passed[:-1]))
    again = next_attempt(job, known)
    return Due(known[-1].slot) if again and now >= again else None


def next_attempt(job: TimedJob, known: Sequence[JobRun]) -> datetime | None:
    """When the newest slot that had a run is tried again, perhaps long past; None when it is not."""
    last = known[-1]
    attempts = [run.outcome for run in known if run.slot == last.slot]
    if last.outcome is JobOutcome.STOPPED:
        return last.slot
    if last.outcome in _CUT_OFF and sum(outcome in _CUT_OFF for outcome in attempts) < _MOST_CUT_OFF:
        return last.slot
    failed = sum(outcome in _DONE_BADLY for outcome in attempts)
    if last.outcome not in UNWELL or not failed or not job.retries:
        return None
    return (last.finished_at or last.started_at or last.slot) + job.retries[min(failed, len(job.retries)) - 1]


def next_begin(job: TimedJob, ledger: JobLedger, now: datetime) -> datetime:
    """When a job begins next, `now` if it is owed. Raises LedgerError, OSError."""
    if due(job, ledger, now):
        return now
    slot, known = slot_after(job.cadence, now), ledger.runs(job.name, now)
    again = next_attempt(job, known) if known else None
    return min(slot, again) if again else slot


def last_run(ledger: JobLedger, job: str, now: datetime) -> JobRun | None:
    """The newest run or gap of a job; None when its first slot is still to come. Raises LedgerError, OSError."""
    runs = [run for run in ledger.runs(job, now) if run.outcome is not JobOutcome.FIRST]
    return runs[-1] if runs else None
