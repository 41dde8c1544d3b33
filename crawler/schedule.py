"""Keeps the timetable: wakes at each slot (APScheduler), serves what is owed, and ends in good order when told to."""

from __future__ import annotations

import logging
import queue
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor as Threads
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from crawler import clock
from crawler.cadence import in_shanghai, slot_after
from crawler.child_process import stop_signals
from crawler.job_ledger import JobOutcome, LedgerError
from crawler.owed import TimedJob, due, next_begin
from crawler.timetable import Timetable

GRACE = 120.0  # seconds a child has to end in good order; a second signal shortens them
_LAST_GRACE = 10.0  # seconds between being told again and being killed
_MISFIRE_GRACE = 3600  # seconds; later than that we are woken again, and the ledger knows what is owed
_LOOK_AGAIN = 60.0  # seconds; a machine that slept does not count that time in its waits
_LONGEST_WAIT = 3600.0  # seconds; what keeps breaking (a full disk) is not tried each minute

_IDLE = "idle"
_AGAIN = "again"
_Box = queue.SimpleQueue[
    Any
]  # signals, events and _IDLE; may be filled from a signal handler, unlike an Event or a Queue

logger = logging.getLogger(__name__)


class _Slots(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """A cron line of Shanghai on our clock, told in the machine's time: `--now` sets the two apart."""

    def __init__(self, cadence: str) -> None:
        self._cadence = cadence

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next slot. Those that passed are no matter of ours: the ledger knows them."""
        last = max(previous_fire_time, now) if previous_fire_time else now
        return slot_after(self._cadence, last + clock.ahead()) - clock.ahead()


class _Patience:
    """Which jobs are left alone for a while after trouble, twice as long after each."""

    def __init__(self) -> None:
        self._waits: dict[str, float] = {}
        self._until: dict[str, float] = {}

    def trouble(self, name: str, at: float) -> None:
        """Leaves a job alone from `at` on (seconds of the monotonic clock)."""
        self._waits[name] = min(self._waits.get(name, _LOOK_AGAIN / 2) * 2, _LONGEST_WAIT)
        self._until[name] = at + self._waits[name]

    def well(self, name: str) -> None:
        """Forgets its trouble."""
        self._waits.pop(name, None)
        self._until.pop(name, None)

    def is_over(self, name: str, at: float) -> bool:
        """Whether it need not be left alone at `at`."""
        return at >= self._until.get(name, at)


def keep(timetable: Timetable, grace: float = GRACE) -> None:
    """Serves the timetable until a signal to stop comes, then lets the child at work end; returns when it has."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what it tells, our listener hears
    with _signals() as box:
        timetable.open()
        scheduler = _scheduler(timetable, box)
        _announce(timetable)
        scheduler.start()
        try:
            _watch(scheduler, timetable, box)
        finally:
            timetable.stop()
            # Its end waits for the child's; meanwhile signals are heard here.
            threading.Thread(target=_shut_down, args=(scheduler, box), daemon=True).start()
            _see_out(timetable, box, grace)
        logger.info("stopped; nothing is at work any more")


def serve_once(timetable: Timetable, grace: float = GRACE) -> dict[str, JobOutcome]:
    """Serves what is owed now, and returns how each job that was run ended. Being told to stop ends it early."""
    with _signals() as box, Threads(1) as thread:
        timetable.open()
        work: Future[dict[str, JobOutcome]] = thread.submit(_serve_all, timetable)
        work.add_done_callback(lambda _: box.put(_IDLE))
        if box.get() != _IDLE:
            timetable.stop()
            _see_out(timetable, box, grace)
        return work.result()


def _serve_all(timetable: Timetable) -> dict[str, JobOutcome]:
    ends = {job.name: timetable.serve(job) for job in timetable.jobs}
    return {name: outcome for name, outcome in ends.items() if outcome}


@contextmanager
def _signals() -> Iterator[_Box]:
    """A box into which the signals to stop fall while it lasts."""
    box: _Box = queue.SimpleQueue()

    def hear(number: int, _frame: FrameType | None) -> None:
        box.put(signal.Signals(number))

    before = {number: signal.signal(number, hear) for number in stop_signals()}
    try:
        yield box
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _scheduler(timetable: Timetable, box: _Box) -> Any:
    scheduler = BackgroundScheduler(
        timezone=clock.SHANGHAI,
        # One thread: the jobs wait for each other, and none is dropped for having waited.
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _MISFIRE_GRACE},
    )
    # Only put into the box here: a listener runs under the scheduler's locks.
    scheduler.add_listener(box.put, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_EXECUTED | EVENT_JOB_MAX_INSTANCES)
    for job in timetable.jobs:
        # Woken once at the start, for what passed while nothing was running; then at each slot.
        scheduler.add_job(timetable.serve, _Slots(job.cadence), [job], id=job.name, next_run_time=datetime.now(UTC))
    return scheduler


def _watch(scheduler: Any, timetable: Timetable, box: _Box) -> None:
    """Returns at the first signal."""
    patience = _Patience()
    while True:
        try:
            told = box.get(timeout=_LOOK_AGAIN)
        except queue.Empty:
            scheduler.wakeup()
            _wake_owed(scheduler, timetable, patience, time.monotonic())
            continue
        if isinstance(told, signal.Signals):
            logger.info("%s: nothing new begins; waiting for what is at work", told.name)
            return
        if isinstance(told, JobEvent):
            _answer(scheduler, timetable, patience, told)


def _answer(scheduler: Any, timetable: Timetable, patience: _Patience, event: Any) -> None:
    name, _, again = event.job_id.partition(" ")
    if event.code == EVENT_JOB_ERROR:
        logger.error("%s could not be served: %s\n%s", name, event.exception, event.traceback)
        patience.trouble(name, time.monotonic())
        timetable.broke(name, event.exception)
    elif event.code == EVENT_JOB_EXECUTED:
        if event.retval is JobOutcome.KILLED:  # perhaps for want of memory: let the machine breathe
            patience.trouble(name, time.monotonic())
        else:
            patience.well(name)
    elif not again:  # else its turn waits in the queue already
        # Its slot came while it was at work or waiting, or too late. The ledger knows what is owed then.
        logger.info("%s: could not begin at its slot; its turn comes when it is free", name)
        _queue_again(scheduler, timetable, next(job for job in timetable.jobs if job.name == name))


def _wake_owed(scheduler: Any, timetable: Timetable, patience: _Patience, at: float) -> None:
    """What is owed outside its slots (it failed, was killed or could not be begun) has no time to be woken at."""
    for job in timetable.jobs:
        if timetable.is_at_work or not patience.is_over(job.name, at):
            continue
        try:
            owed = due(job, timetable.ledger, clock.now())
        except (LedgerError, OSError) as error:
            logger.exception("%s: whether it is to be tried again cannot be read", job.name)
            patience.trouble(job.name, at)
            timetable.broke(job.name, error)
            continue
        if owed:
            _queue_again(scheduler, timetable, job)


def _queue_again(scheduler: Any, timetable: Timetable, job: TimedJob) -> None:
    scheduler.add_job(
        timetable.serve, args=[job], id=f"{job.name} {_AGAIN}", replace_existing=True, misfire_grace_time=None
    )


def _shut_down(scheduler: Any, box: _Box) -> None:
    scheduler.shutdown(wait=True)
    box.put(_IDLE)


def _see_out(timetable: Timetable, box: _Box, grace: float) -> None:
    """Waits until nothing is at work; a child that takes too long is told again, then killed."""
    for patience, push in ((grace, timetable.insist), (_LAST_GRACE, timetable.kill)):
        if _idle_within(box, patience):
            return
        logger.warning("what is at work has not ended; pressing harder")
        push()
    while box.get() != _IDLE:
        pass


def _idle_within(box: _Box, seconds: float) -> bool:
    """Whether all work ended in time; a signal ends the waiting."""
    try:
        while not isinstance(told := box.get(timeout=seconds), signal.Signals):
            if told == _IDLE:
                return True
    except queue.Empty:
        pass
    return False


def _announce(timetable: Timetable) -> None:
    for job in timetable.jobs:
        words = " ".join(("scrapy", *job.words))
        logger.info("%s: %s, next: %s (Asia/Shanghai)", job.name, words, next_time(job, timetable))


def next_time(job: TimedJob, timetable: Timetable) -> str:
    """When a job begins next, as people in Shanghai read it: `now` when it is owed. Raises LedgerError."""
    now = clock.now()
    begin = next_begin(job, timetable.ledger, now)
    return "now" if begin == now else in_shanghai(begin)
