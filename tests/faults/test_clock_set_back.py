"""A clock that is set back: minutes cost nothing, more is refused with the way out, and no night is lost in silence.

How the timetable's ledger takes it is in tests/crawler/test_job_ledger.py.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.clock_check import ClockBehindError, check_clock, start_after_newest
from crawler.job_ledger import JobLedger, JobOutcome, JobRun
from crawler.run_folder import Manifest, Outcome, RunFolder, manifests, run_folders, runs_folder
from tests.crawler.crawling import SETTINGS, crawl, scrapy
from tests.crawler.extracts import extract

YEAR = timedelta(days=365)


def ahead(home: Path, by: timedelta, *numbers: int) -> RunFolder:
    """A crawl made while the clock was ahead by so much."""
    (home / "ahead.csv").write_bytes(extract(*numbers))
    done = crawl(home, home / "ahead.csv", "--now", clock.stamp(datetime.now(UTC) + by))
    assert done.exitcode == 0, done.stderr
    return done.folder


def finished(home: Path, at: datetime, **said: str) -> RunFolder:
    """A run folder that ended at an instant."""
    folder = RunFolder(runs_folder(home) / "portal" / f"{at:%Y%m%dT%H%M%SZ}-0a1b2c")
    stamp = clock.stamp(at)
    facts = {"source": "portal", "outcome": Outcome.COMPLETE, "started_at": stamp, "finished_at": stamp, **said}
    folder.write_manifest(Manifest(run_id=folder.run_id, **facts))  # type: ignore[arg-type]
    return folder


def test_minutes_back_a_run_is_still_filed_after_those_before_it(tmp_path: Path) -> None:
    first = ahead(tmp_path, timedelta(minutes=30), *range(1, 20)).read_manifest()
    (tmp_path / "later.csv").write_bytes(extract(*range(1, 25)))
    done = crawl(tmp_path, tmp_path / "later.csv")
    assert done.exitcode == 0, done.stderr
    assert "s before the newest run; this one goes by " in done.stderr
    _, second = manifests(tmp_path)
    assert first.finished_at < second.started_at < second.finished_at
    assert clock.read_stamp(second.finished_at) - clock.read_stamp(first.finished_at) < timedelta(minutes=5)
    assert scrapy(tmp_path, "load").exitcode == 0


def test_a_year_back_nothing_is_read_and_the_message_says_which_runs_and_what_to_do(tmp_path: Path) -> None:
    wrong = ahead(tmp_path, YEAR, *range(1, 20))
    (tmp_path / "later.csv").write_bytes(extract(*range(1, 25)))
    done = crawl(tmp_path, tmp_path / "later.csv")
    assert done.exitcode == 1
    (error,) = (line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert f"the clock says {datetime.now(UTC):%Y-%m-%d}" in error
    assert "1 of the runs are later" in error
    assert str(wrong.path) in done.stderr
    assert "scrapy rebuild --accept-loss" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(run_folders(tmp_path)) == [wrong]
    rehearsed = crawl(tmp_path, tmp_path / "later.csv", "--now", "2026-11-16T02:00+08:00")
    assert rehearsed.exitcode == 0, "under --now nothing is checked"


def test_a_night_with_a_clock_that_is_behind_fails_aloud_and_the_way_out_works(tmp_path: Path) -> None:
    """Without the check each source would seem not to be due for a year, and every night would end well."""
    home = tmp_path / "home"
    (home / "inbox" / "full").mkdir(parents=True)
    (home / "inbox" / "full" / "list.csv").write_bytes(extract(*range(1, 20)))
    in_a_year = clock.stamp(datetime.now(UTC) + YEAR)
    assert scrapy(home, "nightly", "--now", in_a_year).exitcode == 0
    (home / "inbox" / "full" / "list.csv").write_bytes(extract(*range(1, 25)))
    behind = scrapy(home, "nightly")
    assert behind.exitcode == 1
    assert "error: not well: the clock says " in behind.stderr
    assert "published" in behind.stdout, "what was read before is loaded all the same"
    (wrong,) = run_folders(home)
    (tmp_path / "made while the clock ran ahead").mkdir()
    to_come = sorted((home / "snapshots").glob(f"putuo-{(datetime.now(UTC) + YEAR):%Y-%m}-*.duckdb"))
    for path in (wrong.path, *to_come):
        shutil.move(path, tmp_path / "made while the clock ran ahead")
    rebuilt = scrapy(home, "rebuild", "--accept-loss")
    assert rebuilt.exitcode == 0, rebuilt.stdout
    right = scrapy(home, "nightly")
    assert right.exitcode == 0, right.stderr
    assert ": 24 firms" in right.stdout


def test_the_ledger_keeps_the_reason_of_a_night_that_the_clock_spoiled(tmp_path: Path) -> None:
    """A slot that a clock ahead took is served when the clock is right, and what the night then says is kept."""
    now = datetime.now(UTC)
    for job in ("nightly", "weekly"):
        JobLedger(tmp_path).add(JobRun(job=job, slot=now - timedelta(days=2), outcome=JobOutcome.FIRST))
    finished(tmp_path, now + YEAR)
    settings = f"{SETTINGS}[schedule]\nnightly = '0 * * * *'\nweekly = '0 6 1 1 *'\n"
    done = scrapy(tmp_path, "schedule", "--once", settings=settings)
    assert done.exitcode == 1
    night = [line for line in JobLedger(tmp_path).lines() if line.job == "nightly"][-1]
    assert night.outcome is JobOutcome.FAILED
    assert "the clock says" in night.reason


def test_up_to_an_hour_is_a_step_and_more_is_a_wrong_clock(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    assert check_clock(tmp_path) is None
    finished(tmp_path, now - timedelta(days=1))
    start_after_newest(tmp_path)
    assert not clock.ahead()
    newest = now + timedelta(minutes=59)
    finished(tmp_path, newest)
    assert check_clock(tmp_path) == newest
    start_after_newest(tmp_path)
    assert clock.now() > newest
    clock.start_at(None)
    finished(tmp_path, now + timedelta(minutes=70))
    with pytest.raises(ClockBehindError, match="1 of the runs are later"):
        check_clock(tmp_path)


def test_a_replay_made_while_the_clock_ran_ahead_counts_by_when_it_was_made(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    crawled = finished(tmp_path, now - timedelta(days=3))
    replayed_at = clock.stamp(now + timedelta(days=1))
    finished(tmp_path, now - timedelta(days=2), supersedes=crawled.run_id, replayed_at=replayed_at)
    with pytest.raises(ClockBehindError, match=replayed_at):
        check_clock(tmp_path)
