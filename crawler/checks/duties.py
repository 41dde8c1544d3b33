"""Checks of what is to be done and was: sources, timetable, mail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from crawler import clock
from crawler.cadence import in_shanghai, slot_after, slots
from crawler.checks.finding import BAD, NOTE, OK, Finding, Installation
from crawler.drift import first_of
from crawler.due import jobs
from crawler.job_ledger import JobLedger, JobOutcome, LedgerError
from crawler.owed import TimedJob, due, last_run, timed_jobs
from crawler.run_folder import GOOD
from crawler.timetable import is_kept

_PATIENCE = timedelta(hours=1)  # after a slot; people with cron may call `scrapy schedule --once` hourly
_LONGEST_TURN = timedelta(hours=6)  # a job waits for the other one; longer than that, and something hangs


def sources(here: Installation) -> Iterator[Finding]:
    """How each configured source fared, and what its last run warned of."""
    configured = jobs(here.settings, here.home)
    if not configured:
        yield NOTE, "sources", f"none: drop extracts into {here.home}/inbox/full or /new, or name a series"
    for job in configured:
        path = job.arguments.get("path", "")
        if path and not path.startswith(("http://", "https://")) and not Path(path).expanduser().exists():
            yield BAD, job.label, f"no such file or folder: {path}"
            continue
        last = job.last_run(here.home)
        if last is None:
            yield NOTE, job.label, "never ran; `scrapy nightly` runs it"
        elif last.outcome not in GOOD:
            yield BAD, job.label, f"{last.outcome}: {last.reason}"
        else:
            yield OK, job.label, f"{last.outcome} at {last.finished_at}"
        if last and last.warnings:
            yield NOTE, f"{job.label}, warned", first_of(last.warnings)
        read = job.last_read(here.home)
        if read and (clock.now() - clock.read_stamp(read.finished_at)).days > job.late_after_days:
            what, remedy = ("extract", "remind its owner") if job.series else ("page", "look at the site")
            yield BAD, job.label, f"no {what} read for more than {job.late_after_days} days: {remedy}"


def timetable(here: Installation) -> Iterator[Finding]:
    """How the jobs of the timetable fared."""
    ledger, now = JobLedger(here.home), clock.now()
    nightly, weekly = timed_jobs(here.settings)
    if any(_is_before_the_cut_off(slot) for slot in slots(weekly.cadence, now, now + timedelta(days=7))):
        found = "comes before the week closes (Monday 06:00): its issue is then about the week before"
        yield NOTE, "schedule.weekly", found
    at_work = is_kept(here.home)
    if at_work is None:
        yield NOTE, "scheduler", f"its lock in {here.home} may not be opened: whether it is at work is not known"
    try:
        untold = ledger.untold(now) if here.settings.mail.operator else []
        for job in (nightly, weekly):
            yield _job_state(job, ledger, now, at_work=at_work)
            if reasons := [line.reason for line in untold if line.job == job.name]:
                yield BAD, job.name, f"the operator could not be told: {reasons[-1]}"
    except LedgerError as error:
        yield BAD, "timetable", f"{error}; mend or remove that line"


def mail(here: Installation) -> Iterator[Finding]:
    """Whether mail could go out, and to whom."""
    mail = here.settings.mail
    if not mail.host:
        yield NOTE, "mail", "no mail.host: issues are made, not sent"
        return
    secret = bool(os.environ.get(mail.password_env))
    password = f"password in ${mail.password_env}: {'set' if secret else 'NOT SET'}"
    state = f"{mail.host}:{mail.port} ({mail.security}), from {mail.sender}, " + (
        f"as {mail.username}, {password}" if mail.username else "no user name"
    )
    yield (OK if secret or not mail.username else BAD), "mail", state
    if mail.operator:
        yield OK, "operator", f"{mail.operator} hears at once of a job that failed or was missed"
    else:
        yield NOTE, "operator", "no mail.operator: nobody hears at once when a night or a mailing fails"
    if not here.settings.recipients:
        yield NOTE, "recipients", "none named: issues are made, not sent"
    elif trouble := _why_no_mail_could_go(here):
        yield BAD, "recipients", trouble
    else:
        yield OK, "recipients", f"{len(here.settings.recipients)} named"


def _why_no_mail_could_go(here: Installation) -> str:
    """What the mailer would refuse in the addresses; nothing when all is well."""
    from reports.deliver import Order, check_order  # noqa: PLC0415 - only who sends mail need load it
    from reports.errors import MailSetupError  # noqa: PLC0415
    from reports.mail import check_address  # noqa: PLC0415

    mail = here.settings.mail
    try:
        check_order(Order(issues=here.home, week="", mail=mail, recipients=here.settings.recipients))
        if mail.operator:
            check_address(mail.operator)
    except MailSetupError as error:
        return str(error)
    return ""


def _is_before_the_cut_off(slot: datetime) -> bool:
    there = slot.astimezone(clock.SHANGHAI)
    return there.weekday() == 0 and there.hour < 6


def _job_state(job: TimedJob, ledger: JobLedger, now: datetime, *, at_work: bool | None) -> Finding:
    """How a job of the timetable fared last; `at_work` is whether a scheduler is. Raises LedgerError, OSError."""
    if not ledger.counted():
        return NOTE, job.name, "none yet: `scrapy schedule` was never started here"
    run, owed = last_run(ledger, job.name, now), due(job, ledger, now)
    if owed and (run is None or owed.slot > run.slot) and now - owed.slot > _PATIENCE:
        return _overdue(job, owed.slot, now, at_work=at_work)
    if run is None:
        return NOTE, job.name, f"none yet: first at {in_shanghai(slot_after(job.cadence, now))}"
    said = f"{run.outcome}, due at {in_shanghai(run.slot)}{f': {run.reason}' if run.reason else ''}"
    if run.outcome is JobOutcome.BEGUN and at_work is not False:
        return OK, job.name, f"at work, due at {in_shanghai(run.slot)}"
    return (OK if run.outcome is JobOutcome.DONE else BAD), job.name, said


def _overdue(job: TimedJob, slot: datetime, now: datetime, *, at_work: bool | None) -> Finding:
    """The absence of a run is told, not only its failure."""
    due_at = f"due at {in_shanghai(slot)}"
    if not at_work:
        return BAD, job.name, f"{due_at} and not run; is `scrapy schedule` running?"
    if now - slot > _LONGEST_TURN:
        return BAD, job.name, f"{due_at} and still not begun: see what `scrapy schedule` says, and restart it"
    return NOTE, job.name, f"{due_at}; waits for its turn"
