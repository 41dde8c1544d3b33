"""`scrapy schedule` with real processes: nights by themselves, gaps caught up, and an end in good order."""

from __future__ import annotations

import email
import email.policy
import os
import signal
import sys
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock

from crawler import clock
from crawler.child_process import ChildProcess, stop_signals
from crawler.config import Config
from crawler.job_ledger import JobLedger, JobOutcome, JobRun
from crawler.owed import timed_jobs
from crawler.run_folder import run_folders
from crawler.schedule import _Patience, _wake_owed
from crawler.timetable import Timetable
from tests.crawler.crawling import SETTINGS, scrapy
from tests.crawler.scheduling import HeldSite, at, ended, pids, remember, scheduler, told, until
from tests.replica.mail_server import OPERATOR, MailServer

BEGUN, DONE, MISSED = JobOutcome.BEGUN, JobOutcome.DONE, JobOutcome.MISSED
READER = "reader@example.org"
CITY = "[sources.registry_extract.series.city]\npath = '/nowhere/city.csv'\nlisting = 'full'\n"


def has_ended(home: Path, job: str) -> bool:
    lines = told(home, job)
    return bool(lines) and lines[-1][1] not in (BEGUN, MISSED, JobOutcome.CRASHED)


def test_a_slot_begins_its_job_and_a_broken_monitor_toml_fails_the_job_not_the_scheduler(tmp_path: Path) -> None:
    with scheduler(tmp_path, "2026-11-23T01:59:57") as running:
        running.says("first start, so nothing before now was missed; it runs first at 2026-11-23 02:00")
        running.says("weekly: scrapy weekly, next: 2026-11-23 06:00 (Asia/Shanghai)")
        (tmp_path / "monitor.toml").write_text("[sources", encoding="utf-8")
        until(lambda: has_ended(tmp_path, "nightly"), "the end of the night")
        assert running.process.poll() is None
        running.tell(signal.SIGTERM)
        assert running.exitcode() == 0
    assert told(tmp_path, "nightly") == [("2026-11-23T02:00", BEGUN), ("2026-11-23T02:00", JobOutcome.FAILED)]
    night = ended(tmp_path, "nightly")
    assert night.exit_code == 2
    assert "monitor.toml: not TOML" in night.reason
    assert night.started_at is not None
    assert night.started_at >= night.slot
    assert told(tmp_path, "weekly") == []


def test_the_issue_waits_for_the_night_and_is_then_made(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-22T12:00")
    with HeldSite() as site, scheduler(tmp_path, "2026-11-23T05:59:59", site.settings) as running:
        site.wait_until_asked()
        second = scrapy(tmp_path, "schedule", settings=site.settings)
        assert second.exitcode == 3
        assert f"another `scrapy schedule` is at work (lock: {tmp_path}/schedule.lock)" in second.stderr
        site.release()
        until(lambda: has_ended(tmp_path, "weekly"), "the issue")
        running.tell(signal.SIGINT)
        assert running.exitcode() == 0
    night, issue = ended(tmp_path, "nightly"), ended(tmp_path, "weekly")
    assert told(tmp_path, "nightly") == [("2026-11-23T02:00", BEGUN), ("2026-11-23T02:00", DONE)]
    assert told(tmp_path, "weekly") == [("2026-11-23T06:00", BEGUN), ("2026-11-23T06:00", DONE)]
    assert night.finished_at is not None
    assert issue.started_at is not None
    assert issue.slot < night.finished_at <= issue.started_at
    assert (tmp_path / "issues" / "2026-W47" / "issue.json").exists()


def test_a_scheduler_that_was_killed_is_made_up_for_by_the_next(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-23T12:00")
    with HeldSite() as site, scheduler(tmp_path, "2026-11-24T02:10", site.settings) as first:
        site.wait_until_asked()
        first.tell(signal.SIGKILL)
        first.exitcode()
        with scheduler(tmp_path, "2026-11-24T02:20", site.settings) as second:
            second.says("nightly of 2026-11-24 02:00: crashed")
            second.says("nightly: waits for a nightly that is at work")  # the one that outlived the first
            site.release()
            until(lambda: has_ended(tmp_path, "nightly"), "the night")
            second.tell(signal.SIGTERM)
            assert second.exitcode() == 0
    slot = "2026-11-24T02:00"
    assert told(tmp_path, "nightly") == [(slot, BEGUN), (slot, JobOutcome.CRASHED), (slot, BEGUN), (slot, DONE)]
    assert len(list(run_folders(tmp_path))) == 1


def test_told_to_stop_it_lets_the_run_end_and_the_next_start_goes_on(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-22T12:00")
    with HeldSite() as site, scheduler(tmp_path, "2026-11-23T06:10", site.settings) as running:
        site.wait_until_asked()
        running.tell(signal.SIGTERM)
        running.says("SIGTERM: nothing new begins")
        site.release()
        assert running.exitcode() == 0
        assert pids(tmp_path) == []
        assert [folder.finished for folder in run_folders(tmp_path)] == [True]
        assert told(tmp_path, "nightly") == [("2026-11-23T02:00", BEGUN), ("2026-11-23T02:00", JobOutcome.STOPPED)]
        assert told(tmp_path, "weekly") == []
        later = scrapy(tmp_path, "schedule", "--once", "--now", "2026-11-23T07:00+08:00", settings=site.settings)
    assert later.exitcode == 0
    assert told(tmp_path, "nightly")[2:] == [("2026-11-23T02:00", BEGUN), ("2026-11-23T02:00", DONE)]
    assert "weekly of 2026-11-23 06:00: done" in later.stdout


def test_told_twice_it_does_not_wait_and_leaves_no_process(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-23T12:00")
    with HeldSite() as site, scheduler(tmp_path, "2026-11-24T02:10", site.settings) as running:
        site.wait_until_asked()
        assert len(pids(tmp_path)) == 3  # scheduler, nightly, crawl
        running.tell(signal.SIGHUP)  # its terminal was closed
        running.says("SIGHUP: nothing new begins")
        running.tell(signal.SIGTERM)
        assert running.exitcode() == 0
        until(lambda: pids(tmp_path) == [], "the end of all processes")
    assert told(tmp_path, "nightly")[-1][1] is JobOutcome.STOPPED


def test_a_mailing_is_not_cut_off_when_the_scheduler_is_told_to_stop(tmp_path: Path) -> None:
    home = tmp_path / "home"
    remember(home, "2026-11-23T02:00")
    assert scrapy(home, "load").exitcode == 0
    with MailServer(tmp_path, "none") as server:
        answers = server.at_recipient[READER] = ["451 ask again in a moment", "550 no such mailbox"]
        settings = f"{SETTINGS}{server.settings()}[[recipients]]\naddress = '{READER}'\n"
        with scheduler(home, "2026-11-23T06:10", settings) as running:
            until(lambda: len(answers) == 1, "the first answer of the mail server")
            running.tell(signal.SIGTERM)
            running.says("SIGTERM: nothing new begins")
            assert running.exitcode() == 0
    issue = ended(home, "weekly")
    assert (issue.outcome, issue.exit_code) == (JobOutcome.FAILED, 1)  # it went on to the server's second answer
    assert "no such mailbox" in issue.reason
    assert READER not in issue.reason
    assert "recipient 1: refused" in issue.reason  # its place in monitor.toml


def test_a_slot_that_comes_while_its_job_is_at_work_is_served_when_that_was_killed(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-23T12:00")
    with HeldSite() as site, scheduler(tmp_path, "2026-11-25T01:59:59", site.settings) as running:
        site.wait_until_asked()
        running.says("nightly: could not begin at its slot; its turn comes when it is free")
        os.kill(pids(tmp_path, "nightly")[0], signal.SIGKILL)
        until(lambda: len(told(tmp_path, "nightly")) > 1, "the end of the first")
        killed = ended(tmp_path, "nightly")
        site.release()
        until(lambda: has_ended(tmp_path, "nightly") and len(told(tmp_path, "nightly")) == 4, "the end of the second")
    assert (killed.outcome, killed.exit_code, killed.reason) == (JobOutcome.KILLED, -9, "killed by signal 9")
    old, new = "2026-11-24T02:00", "2026-11-25T02:00"
    assert told(tmp_path, "nightly") == [(old, BEGUN), (old, JobOutcome.KILLED), (new, BEGUN), (new, DONE)]


def test_after_a_gap_the_newest_slot_is_run_once_and_the_others_were_missed(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-19T12:00")
    done = scrapy(tmp_path, "schedule", "--once", "--now", "2026-11-23T05:00+08:00")
    assert done.exitcode == 0
    assert told(tmp_path, "nightly") == [
        ("2026-11-20T02:00", MISSED),
        ("2026-11-21T02:00", MISSED),
        ("2026-11-22T02:00", MISSED),
        ("2026-11-23T02:00", BEGUN),
        ("2026-11-23T02:00", DONE),
    ]
    assert done.stdout.splitlines() == [
        "nightly of 2026-11-23 02:00: done",
        "next: nightly 2026-11-24 02:00, weekly 2026-11-23 06:00 (Asia/Shanghai)",
    ]


def test_a_job_that_fails_is_told_with_exit_code_and_reason_to_the_operator_too(tmp_path: Path) -> None:
    home, late = tmp_path / "home", "2026-11-25T05:00+08:00"
    remember(home, "2026-11-23T12:00")
    with MailServer(tmp_path, "none") as server:
        server.at_recipient[OPERATOR] = ["250 OK", "550 no such mailbox"]  # hears of the gap, not of the failure
        settings = f"{SETTINGS}{CITY}{server.settings()}[[recipients]]\naddress = '{READER}'\n"
        done = scrapy(home, "schedule", "--once", "--now", late, settings=settings)
    assert done.exitcode == 1
    night = ended(home, "nightly")
    assert (night.outcome, night.exit_code) == (JobOutcome.FAILED, 1)
    assert night.reason == "not well: registry_extract city/full failed (no such file or folder: /nowhere/city.csv)"
    (mail,) = (email.message_from_bytes(raw, policy=email.policy.default) for raw in server.to(OPERATOR))
    assert "nightly missed" in mail["subject"]
    assert "missed 1 slots from 2026-11-24 02:00 to 2026-11-24 02:00" in mail.get_content()
    assert JobLedger(home).lines()[-1].outcome is JobOutcome.UNTOLD
    assert "no such mailbox" in JobLedger(home).lines()[-1].reason
    listed = scrapy(home, "schedule", "--list", "--now", late, settings=settings)
    assert "scrapy weekly --send" in listed.stdout
    assert "2026-11-26 02:00" in listed.stdout
    asked = scrapy(home, "doctor", "--now", late, settings=settings).stdout
    assert "failed, due at 2026-11-25 02:00: not well: registry_extract city/full failed" in asked
    assert "the operator could not be told: nightly failed: " in asked


def test_an_issue_that_failed_is_tried_again_after_a_wait_and_no_night_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    remember(home, "2026-11-23T05:00")
    with MailServer(tmp_path, "none") as server:
        settings = SETTINGS + server.settings()
        failed = scrapy(home, "schedule", "--once", "--now", "2026-11-23T06:05+08:00", settings=settings)
        assert failed.exitcode == 1
        assert "weekly of 2026-11-23 06:00: failed" in failed.stdout
        assert scrapy(home, "load", "--now", "2026-11-23T06:06+08:00").exitcode == 0
        too_early = scrapy(home, "schedule", "--once", "--now", "2026-11-23T06:15+08:00", settings=settings)
        assert "nothing is due" in too_early.stdout
        assert "weekly 2026-11-23 06:20" in too_early.stdout
        later = scrapy(home, "schedule", "--once", "--now", "2026-11-23T06:21+08:00", settings=settings)
        assert (later.exitcode, later.stdout.splitlines()[0]) == (0, "weekly of 2026-11-23 06:00: done")
        mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in server.to(OPERATOR)]
    for mail, told_of in zip(mails, ("weekly failed", "weekly done after 2 attempts"), strict=True):
        assert told_of in mail["subject"]
    with_a_failed_night = SETTINGS + CITY
    scrapy(home, "schedule", "--once", "--now", "2026-11-24T02:05+08:00", settings=with_a_failed_night)
    scrapy(home, "schedule", "--once", "--now", "2026-11-24T05:00+08:00", settings=with_a_failed_night)
    assert told(home, "nightly") == [("2026-11-24T02:00", BEGUN), ("2026-11-24T02:00", JobOutcome.FAILED)]


def test_an_issue_served_late_is_still_of_the_week_of_its_slot(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-23T05:00")
    settings = SETTINGS + "[schedule]\nweekly = '0 5 * * tue'\n"
    assert scrapy(tmp_path, "load", "--now", "2026-11-24T06:00+08:00").exitcode == 0
    done = scrapy(tmp_path, "schedule", "--once", "--now", "2026-11-30T07:00+08:00", settings=settings)
    assert "weekly of 2026-11-24 05:00: done" in done.stdout
    assert [folder.name for folder in (tmp_path / "issues").glob("2026-*")] == ["2026-W47"]


def test_what_is_owed_outside_its_slots_is_woken_with_growing_patience(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-23T12:00")
    slot = at("2026-11-24T02:00")
    JobLedger(tmp_path).add(JobRun(job="nightly", slot=slot, outcome=JobOutcome.KILLED, started_at=slot))
    clock.start_at(at("2026-11-24T03:00"))
    timetable, patience = Timetable(tmp_path, timed_jobs(Config()), None), _Patience()

    def woken(second: float) -> list[str]:
        scheduler = BackgroundScheduler()  # not started: what is added stays in its list
        _wake_owed(scheduler, timetable, patience, second)
        return [job.id for job in scheduler.get_jobs()]

    assert woken(0) == ["nightly again"]
    waits = []
    for _ in range(8):
        patience.trouble("nightly", 0)
        waits.append(next(minute for minute in range(100) if woken(60 * minute)))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    patience.well("nightly")
    assert woken(0) == ["nightly again"]


def test_a_ledger_that_cannot_be_read_is_told_once_not_at_each_waking(tmp_path: Path) -> None:
    JobLedger(tmp_path).path.mkdir()
    heard: list[str] = []
    clock.start_at(at("2026-11-24T03:00"))
    timetable = Timetable(tmp_path, timed_jobs(Config())[1:], lambda subject, _: heard.append(subject))
    patience = _Patience()
    for minute in range(180):
        _wake_owed(BackgroundScheduler(), timetable, patience, 60 * minute)
    assert heard == ["weekly could not be served"]


def test_a_child_works_on_the_same_data_whatever_folder_we_were_called_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "called").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "called")
    monkeypatch.setenv("PUTUO_HOME", "data")
    ask = [sys.executable, "-c", "import os; print(os.environ['PUTUO_HOME'], os.environ.get('PUTUO_CONFIG'))"]
    for named in (None, "my.toml"):
        if named:
            monkeypatch.setenv("PUTUO_CONFIG", named)
        with (tmp_path / "said").open("wb") as said:
            assert ChildProcess().run(ask, tmp_path / "project", Path("data"), output=said) == 0
        home, settings = (tmp_path / "said").read_text(encoding="utf-8").split()
        assert home == str(tmp_path / "called" / "data")
        assert settings == (str(tmp_path / "called" / named) if named else "None")


def test_called_with_nohup_it_outlives_its_terminal() -> None:
    assert signal.SIGHUP in stop_signals()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert stop_signals() == (signal.SIGTERM, signal.SIGINT)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_cannot_be_served_is_told_and_the_timetable_goes_on(tmp_path: Path) -> None:
    with scheduler(tmp_path, "2026-11-23T01:59:57") as running:
        running.says("weekly: scrapy weekly, next: 2026-11-23 06:00 (Asia/Shanghai)")
        with JobLedger(tmp_path).path.open("a", encoding="utf-8") as ledger:
            ledger.write('{"job": "nightly"}\n')
        running.says("nightly could not be served: ")
        assert running.process.poll() is None
        running.tell(signal.SIGTERM)
        assert running.exitcode() == 0


def test_when_nothing_is_due_it_says_when_and_leaves(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "schedule", "--once", "--now", "2026-11-23T01:00+08:00")
    assert done.exitcode == 0
    assert done.stdout.splitlines() == [
        "nothing is due",
        "next: nightly 2026-11-23 02:00, weekly 2026-11-23 06:00 (Asia/Shanghai)",
    ]
    assert {line.outcome for line in JobLedger(tmp_path).lines()} == {JobOutcome.FIRST}


def test_once_leaves_when_a_scheduler_is_at_work(tmp_path: Path) -> None:
    with FileLock(tmp_path / "schedule.lock"):
        done = scrapy(tmp_path, "schedule", "--once")
    assert done.exitcode == 3
    assert not JobLedger(tmp_path).path.exists()


def test_a_ledger_that_is_not_as_described_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "jobs.jsonl").write_text('{"job": "nightly"}\n', encoding="utf-8")
    done = scrapy(tmp_path, "schedule", "--once")
    assert done.exitcode == 1
    assert f"{tmp_path}/jobs.jsonl: line 1: not as described" in done.stderr
    assert "Traceback" not in done.stderr
