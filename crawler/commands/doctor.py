"""`scrapy doctor`: is this installation able to do its work, and did it? One line a check, with what to do."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout
from rich.markup import escape
from rich.table import Table

from crawler import clock, config
from crawler.cadence import in_shanghai, slot_after, slots
from crawler.command import WELL, WRONG, MonitorCommand
from crawler.config import RegistryExtract, WebSource
from crawler.console import out, say
from crawler.due import jobs
from crawler.job_ledger import JobLedger, JobOutcome, LedgerError
from crawler.owed import TimedJob, due, last_run, timed_jobs
from crawler.run_folder import GOOD, Outcome, RunFolderError, run_folders
from crawler.timetable import is_kept
from pipelines.decisions import DecisionError, read_decisions
from pipelines.snapshots import Snapshot, hash_of, snapshots
from pipelines.store.database import LOCK_NAME, PUBLISHED_NAME, STORAGE_VERSION, WORKING_NAME
from pipelines.store.files import Release, looking_into, read_release, release_of
from pipelines.store.migrations import migrations

_ROOM = 2 << 30  # bytes free: a published copy beside the working file, and a year of captures
_PATIENCE = timedelta(hours=1)  # after a slot; people with cron may call `scrapy schedule --once` hourly
_LONGEST_TURN = timedelta(hours=6)  # a job waits for the other one; longer than that, and something hangs
_LATEST_SNAPSHOT = timedelta(days=2)  # before the published file, when that holds something else
_PACKAGES = ("scrapy", "parsel", "duckdb", "apscheduler", "jinja2")

Finding = tuple[str, str, str]  # verdict, what was looked at, what was found and what to do
OK, NOTE, BAD = "ok", "note", "BAD"


class Command(MonitorCommand):
    """Checks the installation."""

    def short_desc(self) -> str:
        return "Check this installation, its data and its sources"

    def long_desc(self) -> str:
        return (
            "Looks at Python, packages, configuration, data directory, run folders, database, snapshots, sources, "
            "timetable and mail settings, without touching the network. A note says what could be set or is still to "
            "come; BAD says what must be mended, and how. Exit codes: 0 all well; 1 something is BAD."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        checks: tuple[Callable[[], Iterator[Finding]], ...] = (
            self._program,
            self._settings,
            self._data_directory,
            self._runs,
            self._database,
            self._snapshots,
            self._sources,
            self._timetable,
            self._mail,
        )
        findings = [finding for check in checks for finding in _findings(check)]
        table = Table("", "checked", "found")
        for finding in findings:
            table.add_row(*(escape(text) for text in finding))
        out().print(table)
        bad = sum(verdict == BAD for verdict, _, _ in findings)
        say("all well" if not bad else f"{bad} of {len(findings)} need attention")
        return WRONG if bad else WELL

    def _program(self) -> Iterator[Finding]:
        python = ".".join(str(part) for part in sys.version_info[:3])
        yield (OK if sys.version_info >= (3, 11) else BAD), "python", python
        yield OK, "packages", ", ".join(f"{name} {version(name)}" for name in _PACKAGES)

    def _settings(self) -> Iterator[Finding]:
        path = config.config_path()
        yield (
            (OK, "configuration", str(path))
            if path.exists()
            else (
                NOTE,
                "configuration",
                f"no {path}; defaults are used (copy monitor.example.toml to change them)",
            )
        )
        crawl, sources = self.config.crawl, self.config.sources
        sites = [name for name in type(sources).model_fields if _is_site(getattr(sources, name))]
        if not crawl.contact and sites:
            yield BAD, "contact", f"{', '.join(sites)} switched on: set crawl.contact, so that hosts can write to us"
        elif not crawl.contact:
            yield NOTE, "contact", "set crawl.contact: hosts should be able to write to whoever crawls them"
        if crawl.stand_ins:
            hosts = ", ".join(sorted(crawl.stand_ins))
            yield NOTE, "stand-ins", f"rehearsal: {hosts} answered from this machine; nothing real is read"

    def _data_directory(self) -> Iterator[Finding]:
        self.home.mkdir(parents=True, exist_ok=True)
        writable = os.access(self.home, os.W_OK)
        yield (OK if writable else BAD), "data directory", f"{self.home}{'' if writable else ' cannot be written'}"
        free = shutil.disk_usage(self.home).free
        yield (OK if free > _ROOM else BAD), "disk", f"{free / (1 << 30):.1f} GiB free"
        try:
            yield OK, "decisions", f"{len(read_decisions(self.home))} human decisions"
        except DecisionError as error:
            yield BAD, "decisions", str(error)

    def _runs(self) -> Iterator[Finding]:
        counts = {"finished": 0, "running": 0, "crashed": 0}
        for folder in run_folders(self.home):
            if not folder.finished:
                counts["running" if folder.is_running() else "crashed"] += 1
                continue
            counts["finished"] += 1
            try:
                folder.verify(folder.read_manifest())
            except RunFolderError as error:
                yield BAD, "run folder", str(error)
        yield OK, "run folders", ", ".join(f"{count} {kind}" for kind, count in counts.items())

    def _database(self) -> Iterator[Finding]:
        path = self.home / PUBLISHED_NAME
        if not path.exists():
            yield NOTE, "database", "nothing published yet: crawl, then `scrapy load`"
            return
        try:
            with looking_into(path) as connection:
                release = read_release(connection)
                (firms,) = connection.execute("SELECT count(*) FROM derived.firms").fetchall()[0]
        except duckdb.Error as error:
            yield BAD, "database", f"{path} cannot be read: {error}; `scrapy load` puts it aside and publishes anew"
            return
        at = f"{release.published_at:%Y-%m-%d %H:%M}"
        yield OK, "database", f"{path}: {firms} firms, published {at} UTC, format {STORAGE_VERSION}"
        yield _schema(release)
        yield OK, "content hash", release.content_hash
        yield _working_database(self.home, release)

    def _snapshots(self) -> Iterator[Finding]:
        there, path, today = snapshots(self.home), self.home / PUBLISHED_NAME, _day_of(clock.now())
        past = [snapshot for snapshot in there if snapshot.day <= today]
        if ahead := ", ".join(str(snapshot.day) for snapshot in there if snapshot.day > today):
            found = f"dated after today: {ahead}; is the clock right? If it was wrong then, move them away"
            yield (NOTE if clock.ahead() else BAD), "snapshots to come", found
        if not past:
            yield NOTE, "snapshots", "none yet: `scrapy load` takes one when what it publishes has changed"
            return
        newest, beside = past[-1], _size_beside(path, there) / (1 << 20)
        found = f"{len(there)}, newest of {newest.day}, {beside:.1f} MiB beside the published file"
        try:
            release = release_of(path) if path.exists() else None
        except duckdb.Error:  # told as the state of the database
            release = None
        late = release is not None and _day_of(release.published_at) - newest.day > _LATEST_SNAPSHOT
        if release and late and hash_of(newest) != release.content_hash:
            found += "; later ones are missing: see what `scrapy load` says"
            yield BAD, "snapshots", found
        else:
            yield OK, "snapshots", found

    def _sources(self) -> Iterator[Finding]:
        configured = jobs(self.config, self.home)
        if not configured:
            yield NOTE, "sources", f"none: drop extracts into {self.home}/inbox/full or /new, or name a series"
        for job in configured:
            path = job.arguments.get("path", "")
            if path and not path.startswith(("http://", "https://")) and not Path(path).expanduser().exists():
                yield BAD, job.label, f"no such file or folder: {path}"
                continue
            last = job.last_run(self.home)
            if last is None:
                yield NOTE, job.label, "never ran; `scrapy nightly` runs it"
            elif last.outcome not in GOOD:
                yield BAD, job.label, f"{last.outcome}: {last.reason}"
            else:
                yield OK, job.label, f"{last.outcome} at {last.finished_at}"
            read = job.last_run(self.home, Outcome.COMPLETE, Outcome.PARTIAL)
            if read and (clock.now() - clock.read_stamp(read.finished_at)).days > job.late_after_days:
                what, remedy = ("extract", "remind its owner") if job.series else ("page", "look at the site")
                yield BAD, job.label, f"no {what} read for more than {job.late_after_days} days: {remedy}"

    def _timetable(self) -> Iterator[Finding]:
        ledger, now = JobLedger(self.home), clock.now()
        nightly, weekly = timed_jobs(self.config)
        if any(_is_before_the_cut_off(slot) for slot in slots(weekly.cadence, now, now + timedelta(days=7))):
            found = "comes before the week closes (Monday 06:00): its issue is then about the week before"
            yield NOTE, "schedule.weekly", found
        at_work = is_kept(self.home)
        if at_work is None:
            yield NOTE, "scheduler", f"its lock in {self.home} may not be opened: whether it is at work is not known"
        try:
            untold = ledger.untold(now) if self.config.mail.operator else []
            for job in (nightly, weekly):
                yield _job_state(job, ledger, now, at_work=at_work)
                if reasons := [line.reason for line in untold if line.job == job.name]:
                    yield BAD, job.name, f"the operator could not be told: {reasons[-1]}"
        except LedgerError as error:
            yield BAD, "timetable", f"{error}; mend or remove that line"

    def _mail(self) -> Iterator[Finding]:
        mail = self.config.mail
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
        if not self.config.recipients:
            yield NOTE, "recipients", "none named: issues are made, not sent"
        elif trouble := self._why_no_mail_could_go():
            yield BAD, "recipients", trouble
        else:
            yield OK, "recipients", f"{len(self.config.recipients)} named"

    def _why_no_mail_could_go(self) -> str:
        """What the mailer would refuse in the addresses; nothing when all is well."""
        from reports.deliver import Order, check_order  # noqa: PLC0415 - only who sends mail need load it
        from reports.errors import MailSetupError  # noqa: PLC0415
        from reports.mail import check_address  # noqa: PLC0415

        mail = self.config.mail
        try:
            check_order(Order(issues=self.home, week="", mail=mail, recipients=self.config.recipients))
            if mail.operator:
                check_address(mail.operator)
        except MailSetupError as error:
            return str(error)
        return ""


def _findings(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a check finds; where it may not look, that is its finding."""
    try:
        yield from check()
    except OSError as error:
        yield BAD, check.__name__.strip("_").replace("_", " "), f"cannot be looked at: {error}"


def _schema(release: Release) -> Finding:
    known = len(migrations())
    if release.schema > known:
        return BAD, "schema", f"{release.schema}: a newer program made it, this one knows {known}; update this one"
    if release.schema < known:
        return NOTE, "schema", f"{release.schema}: the next `scrapy load` brings it to {known}"
    return OK, "schema", str(release.schema)


def _working_database(home: Path, published: Release) -> Finding:
    """Whether it was last stamped with what is published. Whoever looks must not be in a loader's way."""
    path, checked = home / WORKING_NAME, "working database"
    if not path.exists():
        return NOTE, checked, f"no {path}: the next `scrapy load` makes it from the run folders"
    try:
        with FileLock(home / LOCK_NAME, timeout=0):
            working = release_of(path)
    except Timeout:
        return NOTE, checked, "a load is at work"
    except duckdb.Error as error:
        return BAD, checked, f"{path} cannot be read: {error}; `scrapy rebuild` makes it again"
    if working.content_hash != published.content_hash:
        return BAD, checked, "holds what is not published: `scrapy load` publishes it, or says why not"
    return OK, checked, "agrees with the published file"


def _size_beside(published: Path, there: list[Snapshot]) -> int:
    """Bytes that snapshots take beside the published file, of which the newest is often but a second name."""
    files = {(found.st_dev, found.st_ino): found.st_size for found in (snapshot.path.stat() for snapshot in there)}
    if published.exists():
        files.pop((published.stat().st_dev, published.stat().st_ino), None)
    return sum(files.values())


def _day_of(instant: datetime) -> date:
    return instant.astimezone(clock.SHANGHAI).date()


def _is_site(section: RegistryExtract | WebSource) -> bool:
    return isinstance(section, WebSource) and section.enabled


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
