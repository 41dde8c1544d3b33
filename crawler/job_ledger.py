"""The timetable's memory: `jobs.jsonl`, one line for each beginning, end and gap of a job, only ever added to."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from crawler import clock

LEDGER_NAME = "jobs.jsonl"
_CLOCK_STEP = timedelta(hours=1)  # by which a machine's clock may be set back without being taken for a wrong one

logger = logging.getLogger(__name__)


class JobOutcome(StrEnum):
    """What a line says of a job: a closed list."""

    FIRST = "first"  # the timetable begins here: slots before were nobody's
    BEGUN = "begun"  # at work; without a later line, whoever watched it died
    DONE = "done"  # exit code 0
    FAILED = "failed"  # another exit code, or it could not be started
    BUSY = "busy"  # exit code 3: another was at work
    KILLED = "killed"  # a signal ended it; the exit code is minus the signal's number
    STOPPED = "stopped"  # we were told to stop, and it ended early
    CRASHED = "crashed"  # it began, and nobody lived to say how it ended
    MISSED = "missed"  # due, and never begun
    UNTOLD = "untold"  # no run: the operator could not be told of one; the reason says of what, and why
    TOLD = "told"  # no run: the operator was told now of what was untold until here


_NO_RUN = frozenset({JobOutcome.UNTOLD, JobOutcome.TOLD})


class LedgerError(ValueError):
    """A line of jobs.jsonl that is not as described; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of a job, or its absence. Instants are UTC; `slot` is when it was due.

    The ledger sets the last two: `written_at` by the machine's clock whatever `--now` says, `rehearsed` under `--now`.
    """

    job: str
    slot: datetime
    outcome: JobOutcome
    started_at: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    reason: str = ""
    written_at: datetime | None = field(default=None, compare=False)
    rehearsed: bool = field(default=False, compare=False)


class JobLedger:
    """Reads and adds. Only the holder of the timetable's lock adds."""

    def __init__(self, home: Path) -> None:
        self.path = home / LEDGER_NAME

    def add(self, run: JobRun) -> None:
        """Adds a line, on disk before this returns. Raises OSError."""
        said = {
            "job": run.job,
            "slot": clock.stamp(run.slot),
            "outcome": run.outcome,
            "started_at": clock.stamp(run.started_at) if run.started_at else None,
            "finished_at": clock.stamp(run.finished_at) if run.finished_at else None,
            "exit_code": run.exit_code,
            "reason": run.reason,
            "written_at": clock.stamp(datetime.now(UTC)),
            "rehearsed": bool(clock.ahead()),
        }
        line = json.dumps(said, ensure_ascii=False).encode() + b"\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            if file.tell() and not self._ends_whole():
                line = b"\n" + line  # the torn line of a machine that died must not spoil this one
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def lines(self) -> list[JobRun]:
        """Every line, as written; one that is torn (a machine died in writing it) is left out. Raises LedgerError."""
        try:
            body = self.path.read_bytes()
        except FileNotFoundError:
            return []
        found = []
        for number, line in enumerate(body.split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                said = json.loads(line)
            except ValueError:
                logger.warning("%s: line %d is torn and left out", self.path, number)
                continue
            found.append(self._read(said, number))
        return found

    def counted(self) -> list[JobRun]:
        """The lines that count for this clock, as written. Raises LedgerError.

        Under `--now` all do. The real clock goes by no rehearsal, and by no line of a machine whose clock ran ahead:
        one written later than now, or later than a line further down. (Unless the line further down is from before
        the ledger began: then that clock was the wrong one, not set yet after a start.)
        """
        lines = self.lines()
        if clock.ahead():
            return lines
        real = [line for line in lines if not line.rehearsed]
        first = real[0].written_at if real else None
        latest, found = datetime.now(UTC), []
        for line in reversed(real):
            if line.written_at and line.written_at > latest + _CLOCK_STEP:
                continue
            found.append(line)
            if line.written_at and first and line.written_at >= first:
                latest = min(latest, line.written_at)
        return found[::-1]

    def runs(self, job: str, until: datetime) -> list[JobRun]:
        """Each run and gap of a job that counts once, as it stands now, oldest slot first; none due after `until`."""
        found: dict[tuple[datetime, datetime | None], JobRun] = {}
        for line in self.counted():
            if line.job == job and line.slot <= until and line.outcome not in _NO_RUN:
                found[line.slot, line.started_at] = line
        return sorted(found.values(), key=lambda run: (run.slot, run.started_at or run.slot))

    def untold(self, until: datetime) -> list[JobRun]:
        """What the operator has not been told yet, of slots up to `until`. Raises LedgerError."""
        found: list[JobRun] = []
        for line in self.counted():
            if line.outcome is JobOutcome.TOLD:
                found = [one for one in found if one.job != line.job]
            elif line.outcome is JobOutcome.UNTOLD and line.slot <= until:
                found.append(line)
        return found

    def _ends_whole(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _read(self, said: Any, number: int) -> JobRun:
        try:
            return JobRun(
                job=str(said["job"]),
                slot=_instant(said["slot"]),
                outcome=JobOutcome(said["outcome"]),
                started_at=_instant(said["started_at"]) if said["started_at"] else None,
                finished_at=_instant(said["finished_at"]) if said["finished_at"] else None,
                exit_code=said["exit_code"],
                reason=str(said["reason"]),
                written_at=_instant(said["written_at"]),
                rehearsed=bool(said["rehearsed"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerError(f"{self.path}: line {number}: not as described: {error!r}") from error


def _instant(text: str) -> datetime:
    instant = clock.read_stamp(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return instant
