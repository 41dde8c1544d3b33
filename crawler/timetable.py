"""Serves what is owed: one child at a time, every end written down, and the operator told of what went wrong."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from crawler import clock, config
from crawler.cadence import in_shanghai, slot_after
from crawler.child_process import ChildProcess
from crawler.command import BUSY, WELL
from crawler.fields.personal import redact
from crawler.job_ledger import JobLedger, JobOutcome, JobRun
from crawler.owed import UNWELL, TimedJob, due, next_attempt

LOCK_NAME = "schedule.lock"
NIGHTLY_LOCK_NAME = "nightly.lock"
LOGS = "logs"

Alert = Callable[[str, Sequence[str]], None]  # subject and lines; raises when it cannot be sent

_LOGS_KEPT = 60  # of a job; the ledger keeps every run
_LONGEST_REASON = 300  # characters
_END_OF_LOG = 1 << 16  # bytes in which a reason is looked for
_TOLD_TO_STOP = "the scheduler was told to stop; this slot is served again when it starts"

logger = logging.getLogger(__name__)


def is_kept(home: Path) -> bool | None:
    """Whether a scheduler is at work on this data directory; None when its lock may not be opened by us."""
    try:
        if not (home / LOCK_NAME).exists():
            return False
        with FileLock(home / LOCK_NAME).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return None


class Timetable:
    """Serves jobs from one thread; any other thread may stop it. Its user holds the lock `schedule.lock`."""

    def __init__(self, home: Path, jobs: Sequence[TimedJob], alert: Alert | None) -> None:
        self.jobs = tuple(jobs)
        self.ledger = JobLedger(home)
        self._home = home
        self._alert = alert
        self._mail_is_down = False
        self._broke: set[tuple[str, datetime, str]] = set()
        self._child = ChildProcess()
        self._at_work: TimedJob | None = None
        self._stopping = threading.Event()

    @property
    def told_to_stop(self) -> bool:
        """Whether `stop` was called: then what is owed may be left."""
        return self._stopping.is_set()

    @property
    def is_at_work(self) -> bool:
        """Whether a child is at work."""
        return self._at_work is not None

    def open(self) -> None:
        """Settles what an earlier timetable left: runs without an end crashed. The first ever only begins."""
        now = clock.now()
        for job in self.jobs:
            known = self.ledger.runs(job.name, now)
            if not known:
                self.ledger.add(JobRun(job=job.name, slot=now, outcome=JobOutcome.FIRST))
                first = in_shanghai(slot_after(job.cadence, now))
                logger.info("%s: first start, so nothing before now was missed; it runs first at %s", job.name, first)
            for run in known:
                if run.outcome is JobOutcome.BEGUN:
                    self._settle(job, run)

    def serve(self, job: TimedJob) -> JobOutcome | None:
        """Runs the job if something of it is owed; returns how that ended. Raises OSError, LedgerError."""
        self._wait_for_nightly(job)
        owed = due(job, self.ledger, clock.now())
        if owed is None or self._stopping.is_set():
            return None
        self._mail_is_down = False
        self._record_missed(job, owed.missed)
        before = self._attempts(job, owed.slot)
        started_at = clock.now()
        begun = JobRun(job=job.name, slot=owed.slot, outcome=JobOutcome.BEGUN, started_at=started_at)
        self.ledger.add(begun)
        log = self._home / LOGS / f"{job.name}-{started_at:%Y%m%dT%H%M%S.%fZ}.log"
        logger.info("%s of %s: begins (log: %s)", job.name, in_shanghai(owed.slot), log)
        outcome, exit_code, reason = self._run(job, owed.slot, log)
        ended = JobRun(
            job=job.name,
            slot=owed.slot,
            outcome=outcome,
            started_at=started_at,
            finished_at=clock.now(),
            exit_code=exit_code,
            reason=reason,
        )
        self.ledger.add(ended)
        logger.info("%s of %s: %s%s", job.name, in_shanghai(owed.slot), outcome, f" ({reason})" if reason else "")
        self._tell_end(job, ended, before, log)
        self._tell_the_untold()
        return outcome

    def stop(self) -> None:
        """Nothing new begins; a child that ends early in good order is told to."""
        self._stopping.set()
        if self._at_work and self._at_work.ends_early:
            self._child.stop()

    def insist(self) -> None:
        """Tells the child again, whichever it is."""
        self._child.stop()

    def kill(self) -> None:
        """Ends the child at once."""
        self._child.kill()

    def broke(self, name: str, error: BaseException) -> None:
        """Tells the operator that a job could not even be served (a full disk, say)."""
        job = next(job for job in self.jobs if job.name == name)
        what = _bounded(f"{type(error).__name__}: {error}")
        trouble = (name, slot_after(job.cadence, clock.now()), what)  # once until the next slot
        if trouble not in self._broke and self._tell(job, clock.now(), f"{name} could not be served", [what]):
            self._broke.add(trouble)

    def _wait_for_nightly(self, job: TimedJob) -> None:
        # One that a person began, or that outlived a scheduler which was killed: it holds its own lock.
        lock, told = FileLock(self._home / NIGHTLY_LOCK_NAME), False
        while not self._stopping.is_set():
            try:
                with lock.acquire(timeout=0):
                    return
            except Timeout:
                if not told:
                    logger.info("%s: waits for a nightly that is at work", job.name)
                    told = True
                self._stopping.wait(1.0)

    def _run(self, job: TimedJob, slot: datetime, log: Path) -> tuple[JobOutcome, int | None, str]:
        words = [sys.executable, "-m", "scrapy", *job.words_at(slot), *clock.as_argument()]
        self._at_work = job
        try:
            if self._stopping.is_set():  # since it was looked at; `stop` saw nothing at work
                return JobOutcome.STOPPED, None, _TOLD_TO_STOP
            _make_room(log.parent, job.name)
            with log.open("wb") as output:
                code = self._child.run(words, config.project_root(), self._home, output=output)
            return self._judge(code, log)
        except OSError as error:
            return JobOutcome.FAILED, None, _bounded(f"could not be run: {error}")
        finally:
            self._at_work = None

    def _judge(self, code: int, log: Path) -> tuple[JobOutcome, int, str]:
        if code == WELL:
            return JobOutcome.DONE, code, ""
        if self._child.told_to_stop and code != -signal.SIGKILL:
            return JobOutcome.STOPPED, code, _TOLD_TO_STOP
        if code < 0:
            return JobOutcome.KILLED, code, f"killed by signal {-code}"
        return (JobOutcome.BUSY if code == BUSY else JobOutcome.FAILED), code, _bounded(_why(log))

    def _record_missed(self, job: TimedJob, missed: Sequence[datetime]) -> None:
        for slot in missed:
            run = JobRun(job=job.name, slot=slot, outcome=JobOutcome.MISSED, reason="never begun")
            self.ledger.add(run)
        if missed:
            span = f"{len(missed)} slots from {in_shanghai(missed[0])} to {in_shanghai(missed[-1])}"
            logger.warning("%s: missed %s; the newest slot is served now", job.name, span)
            self._tell(job, missed[-1], f"{job.name} missed", [f"missed {span}", "the newest slot is served now"])

    def _settle(self, job: TimedJob, run: JobRun) -> None:
        reason = "began, and the scheduler died before it ended"
        crashed = JobRun(
            job=job.name, slot=run.slot, outcome=JobOutcome.CRASHED, started_at=run.started_at, reason=reason
        )
        before = [one for one in self._attempts(job, run.slot) if one.started_at != run.started_at]
        self.ledger.add(crashed)
        logger.warning("%s of %s: crashed (%s)", job.name, in_shanghai(run.slot), reason)
        self._tell_end(job, crashed, before, None)

    def _attempts(self, job: TimedJob, slot: datetime) -> list[JobRun]:
        return [run for run in self.ledger.runs(job.name, clock.now()) if run.slot == slot]

    def _tell_end(self, job: TimedJob, run: JobRun, before: Sequence[JobRun], log: Path | None) -> None:
        """Tells the first trouble with a slot, the last, and its end; not each attempt between."""
        troubled = any(one.outcome in UNWELL for one in before)
        where = [f"log: {log}"] if log else []
        if run.outcome in UNWELL:
            now = clock.now()
            again = next_attempt(job, self.ledger.runs(job.name, now))
            if not troubled or again is None:
                then = f"it is tried again at {in_shanghai(max(again, now))}" if again else "it is not tried again"
                self._tell(job, run.slot, f"{job.name} {run.outcome}", [run.reason, then, *where])
        elif run.outcome is JobOutcome.DONE and troubled:
            self._tell(job, run.slot, f"{job.name} done after {len(before) + 1} attempts", where)

    def _tell(self, job: TimedJob, slot: datetime, subject: str, lines: Sequence[str]) -> bool:
        """Whether the operator was told; what could not be told is written down."""
        if self._alert is None:
            return False
        body = [f"{job.name} of {in_shanghai(slot)} (Asia/Shanghai)", *lines, f"data directory: {self._home}"]
        try:
            self._alert(subject, body)
        except Exception as error:  # whatever it is: a mail that does not go must not cost a night
            logger.exception("the operator could not be told: %s", subject)
            self._mail_is_down = True
            self._note(job.name, slot, JobOutcome.UNTOLD, _bounded(f"{subject}: {type(error).__name__}: {error}"))
            return False
        return True

    def _tell_the_untold(self) -> None:
        """What could not be told earlier goes in one mail; another failure leaves it for the next time."""
        if self._alert is None or self._mail_is_down:
            return
        try:
            untold = self.ledger.untold(clock.now())
            if not untold:
                return
            lines = [f"{one.job} of {in_shanghai(one.slot)} (Asia/Shanghai): {one.reason}" for one in untold]
            self._alert("what could not be told earlier", [*lines, f"data directory: {self._home}"])
        except Exception:  # as in `_tell`; it stays written down as untold
            logger.exception("the operator could not be told what was left untold")
            return
        for name, slot in {one.job: one.slot for one in untold}.items():
            self._note(name, slot, JobOutcome.TOLD, "")

    def _note(self, name: str, slot: datetime, outcome: JobOutcome, reason: str) -> None:
        try:
            self.ledger.add(JobRun(job=name, slot=slot, outcome=outcome, reason=reason))
        except OSError:  # the disk may be what the mail was about
            logger.exception("nor could that be written down")


def _make_room(folder: Path, job: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob(f"{job}-*.log"))[: 1 - _LOGS_KEPT]:
        old.unlink(missing_ok=True)


def _why(log: Path) -> str:
    """What a command said was wrong, else the last that it said."""
    lines = log.read_bytes()[-_END_OF_LOG:].decode("utf-8", "replace").splitlines()
    said = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return "; ".join(said) or next((line for line in reversed(lines) if line.strip()), "it said nothing")


def _bounded(text: str) -> str:
    return redact(text)[:_LONGEST_REASON]
