"""`scrapy doctor`: is this installation able to do its work, and did it? One line a check, with what to do."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import duckdb
from rich.table import Table

from crawler import clock, config
from crawler.command import WELL, WRONG, MonitorCommand
from crawler.console import out, say
from crawler.due import jobs
from crawler.run_folder import GOOD, Outcome, RunFolderError, run_folders
from pipelines.decisions import DecisionError, read_decisions
from pipelines.store.database import PUBLISHED_NAME, STORAGE_VERSION

_ROOM = 2 << 30  # bytes free: a published copy beside the working file, and a year of captures
_PACKAGES = ("scrapy", "parsel", "duckdb", "apscheduler", "jinja2")

Finding = tuple[str, str, str]  # verdict, what was looked at, what was found and what to do
OK, NOTE, BAD = "ok", "note", "BAD"


class Command(MonitorCommand):
    """Checks the installation."""

    def short_desc(self) -> str:
        return "Check this installation, its data and its sources"

    def long_desc(self) -> str:
        return (
            "Looks at Python, packages, configuration, data directory, run folders, database, sources and mail "
            "settings, without touching the network. Exit codes: 0 all well; 1 something is BAD."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        checks: tuple[Callable[[], Iterator[Finding]], ...] = (
            self._program,
            self._settings,
            self._data_directory,
            self._runs,
            self._database,
            self._sources,
            self._mail,
        )
        findings = [finding for check in checks for finding in check()]
        table = Table("", "checked", "found")
        for finding in findings:
            table.add_row(*finding)
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
        if not self.config.crawl.contact:
            yield NOTE, "contact", "set crawl.contact: hosts should be able to write to whoever crawls them"

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
            with duckdb.connect(str(path), read_only=True) as connection:
                firms, at = connection.execute(
                    "SELECT (SELECT count(*) FROM firms), (SELECT max(published_at) FROM release)"
                ).fetchall()[0]
        except duckdb.Error as error:
            yield BAD, "database", f"{path} cannot be read: {error}; `scrapy rebuild` makes it again"
            return
        yield OK, "database", f"{path}: {firms} firms, published {at} UTC, format {STORAGE_VERSION}"

    def _sources(self) -> Iterator[Finding]:
        configured = jobs(self.config, self.home)
        if not configured:
            yield NOTE, "sources", f"none: drop extracts into {self.home}/inbox/full or /new, or name a series"
        for job in configured:
            if not job.path.startswith(("http://", "https://")) and not Path(job.path).expanduser().exists():
                yield BAD, job.label, f"no such file or folder: {job.path}"
                continue
            last = job.last_run(self.home)
            if last is None:
                yield NOTE, job.label, "never ran; `scrapy nightly` runs it"
            elif last.outcome not in GOOD:
                yield BAD, job.label, f"{last.outcome}: {last.reason}"
            else:
                yield OK, job.label, f"{last.outcome} at {last.finished_at}"
            extract = job.last_run(self.home, Outcome.COMPLETE, Outcome.PARTIAL)
            if extract and (clock.now() - clock.read_stamp(extract.finished_at)).days > job.late_after_days:
                yield BAD, job.label, f"no extract for more than {job.late_after_days} days: remind its owner"

    def _mail(self) -> Iterator[Finding]:
        mail = self.config.mail
        if not mail.host:
            yield NOTE, "mail", "no mail.host: issues are made, not sent"
            return
        secret = bool(os.environ.get(mail.password_env))
        fine = secret or not mail.username
        state = f"{mail.host}:{mail.port}, password in ${mail.password_env}: {'set' if secret else 'NOT SET'}"
        yield (OK if fine else BAD), "mail", state
        yield (OK if self.config.recipients else NOTE), "recipients", f"{len(self.config.recipients)} named"
