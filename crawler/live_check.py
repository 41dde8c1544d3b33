"""Asks sources as their spiders would, robots.txt and a page of a list each, by a child whose writings do not stay."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler import clock, config
from crawler.child_process import ChildProcess, ChildTimeoutError
from crawler.config import Config, Sources, WebSource
from crawler.due import Job, jobs, spider_of
from crawler.probe import MISTAKE, Notes
from crawler.source import Source
from crawler.verdict import Checked, Verdict, judge, not_asked

_LONGEST = 240.0  # seconds of one source: a few requests, the pauses between them, and a host that hangs once
_WEB = ("http://", "https://")
_NO_HOST = "there is no host to ask: its extracts are files"


class NoSuchSourceError(ValueError):
    """A name that is no source's; the message names those there are."""


def chosen(settings: Config, home: Path, names: Sequence[str], *, everything: bool) -> list[Job]:
    """The crawls to look at: those named, or all, or those switched on. Raises NoSuchSourceError, ConfigError."""
    known = tuple(Sources.model_fields)
    if strange := [name for name in names if name not in known]:
        raise NoSuchSourceError(f"no source {strange[0]!r}; there are {', '.join(known)}")
    configured = jobs(settings, home)
    if not everything and not names:
        return configured
    found: list[Job] = []
    for name in known if everything else dict.fromkeys(names):
        found += [job for job in configured if job.source.id == name] or [_unconfigured(name)]
    return found


def check(job: Job, settings: Config, child: ChildProcess) -> Checked:
    """Asks one source, and says what it means. Raises OSError."""
    if (path := job.arguments.get("path", "")) and not path.startswith(_WEB):
        return not_asked(job.label, _NO_HOST, has_no_host=True)
    section = getattr(settings.sources, job.source.id)
    if not isinstance(section, WebSource) and not path:
        return not_asked(job.label, f"{_NO_HOST}, or no series of it is configured", has_no_host=True)
    if missing := list(_unset(section)):
        return not_asked(job.label, f"needs a token first: set the environment variable {' and '.join(missing)}")
    with TemporaryDirectory(prefix="putuo-live-") as place:
        return _ask(job, child, Path(place))


def _ask(job: Job, child: ChildProcess, place: Path) -> Checked:
    notes, log = place / "notes.json", place / "log"
    given = [f"{name}={value}" for name, value in job.arguments.items()]
    words = [sys.executable, "-m", "crawler.probe", job.source.id, str(notes), *clock.as_argument(), *given]
    try:
        with log.open("wb") as output:
            code = child.run(words, config.project_root(), place / "home", output=output, timeout=_LONGEST)
    except ChildTimeoutError as error:
        return Checked(label=job.label, verdict=Verdict.UNREACHABLE, reachable=f"NO: it came to no end, {error}")
    if child.told_to_stop:
        return not_asked(job.label, "told to stop")
    if notes.exists():
        return judge(job.label, Notes.read(notes), job.source)
    last = (log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"])[-1]
    if code == MISTAKE:
        return not_asked(job.label, last)
    broke = f"NO: the look itself broke off (exit code {code}): {last}; please report that"
    return Checked(label=job.label, verdict=Verdict.DIFFERENT, documented=broke)


def _unconfigured(name: str) -> Job:
    """A source that is not switched on, as it would be crawled."""
    source: Source = spider_of(name).source
    return Job(source, source.cadence, source.late_after_days)


def _unset(section: object) -> Iterator[str]:
    """The environment variables that a section names (`…_env`) and nobody set."""
    for name in getattr(type(section), "model_fields", {}):
        if name.endswith("_env") and not os.environ.get(variable := getattr(section, name)):
            yield f"${variable}"
