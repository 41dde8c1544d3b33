"""jobs.jsonl and what is owed by it: slots of Shanghai, gaps, runs that were cut off, lines that are torn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.cadence import slot_after
from crawler.config import Config
from crawler.job_ledger import JobLedger, JobOutcome, JobRun, LedgerError
from crawler.owed import Due, closed_week, due, last_run, next_begin, timed_jobs
from crawler.timetable import Timetable
from reports.weeks import Week
from tests.crawler.scheduling import at

NIGHTLY, WEEKLY = timed_jobs(Config())
SECOND = timedelta(seconds=1)


def line(slot: str, outcome: JobOutcome, started: str = "", job: str = "nightly") -> JobRun:
    return JobRun(job=job, slot=at(slot), outcome=outcome, started_at=at(started or slot))


@pytest.fixture
def ledger(tmp_path: Path) -> JobLedger:
    found = JobLedger(tmp_path)
    found.add(JobRun(job="nightly", slot=at("2026-11-22T12:00"), outcome=JobOutcome.FIRST))
    found.add(JobRun(job="weekly", slot=at("2026-11-22T12:00"), outcome=JobOutcome.FIRST))
    return found


def test_monday_is_monday_and_six_is_six_in_shanghai_summer_and_winter() -> None:
    assert slot_after(WEEKLY.cadence, at("2026-11-22T12:00")) == at("2026-11-23T06:00")
    assert at("2026-11-23T06:00").isoformat() == "2026-11-22T22:00:00+00:00"
    hours = {slot_after(NIGHTLY.cadence, at(f"2026-{month:02}-15T12:00")).hour for month in range(1, 13)}
    assert hours == {18}


def test_before_the_timetable_began_nothing_is_owed(tmp_path: Path, ledger: JobLedger) -> None:
    assert due(NIGHTLY, JobLedger(tmp_path / "new"), at("2026-11-23T12:00")) is None
    assert due(NIGHTLY, ledger, at("2026-11-22T23:00")) is None
    assert last_run(ledger, "nightly", at("2026-11-22T23:00")) is None


def test_a_slot_is_owed_from_its_first_moment(ledger: JobLedger) -> None:
    assert due(NIGHTLY, ledger, at("2026-11-23T02:00") - SECOND) is None
    assert due(NIGHTLY, ledger, at("2026-11-23T02:00")) == Due(at("2026-11-23T02:00"))
    assert due(WEEKLY, ledger, at("2026-11-23T06:00") - SECOND) is None
    assert due(WEEKLY, ledger, at("2026-11-23T06:00")) == Due(at("2026-11-23T06:00"))


def test_of_several_slots_the_newest_is_owed_and_the_others_were_missed(ledger: JobLedger) -> None:
    ledger.add(line("2026-11-23T02:00", JobOutcome.DONE))
    missed = (at("2026-11-24T02:00"), at("2026-11-25T02:00"))
    assert due(NIGHTLY, ledger, at("2026-11-26T14:00")) == Due(at("2026-11-26T02:00"), missed)


@pytest.mark.parametrize("outcome", [JobOutcome.DONE, JobOutcome.FAILED, JobOutcome.BUSY, JobOutcome.MISSED])
def test_what_had_its_run_is_owed_no_more(ledger: JobLedger, outcome: JobOutcome) -> None:
    ledger.add(line("2026-11-23T02:00", outcome))
    assert due(NIGHTLY, ledger, at("2026-11-23T12:00")) is None


@pytest.mark.parametrize("outcome", [JobOutcome.CRASHED, JobOutcome.KILLED])
def test_what_was_cut_off_is_owed_again_but_not_for_ever(ledger: JobLedger, outcome: JobOutcome) -> None:
    now = at("2026-11-23T12:00")
    for minute, owed in ((5, True), (6, True), (7, False)):
        started = f"2026-11-23T02:0{minute}"
        ledger.add(line("2026-11-23T02:00", JobOutcome.BEGUN, started))
        ledger.add(line("2026-11-23T02:00", outcome, started))
        assert due(NIGHTLY, ledger, now) == (Due(at("2026-11-23T02:00")) if owed else None)
    assert due(NIGHTLY, ledger, at("2026-11-24T02:00")) == Due(at("2026-11-24T02:00"))


def test_what_we_stopped_ourselves_is_owed_however_often_that_was(ledger: JobLedger) -> None:
    for minute in range(10, 16):
        ledger.add(line("2026-11-23T02:00", JobOutcome.STOPPED, f"2026-11-23T02:{minute}"))
        assert due(NIGHTLY, ledger, at("2026-11-23T12:00")) == Due(at("2026-11-23T02:00"))


def test_an_issue_that_failed_is_tried_until_its_next_slot_with_growing_waits(ledger: JobLedger) -> None:
    now, tried = at("2026-11-23T06:00"), []
    while now < at("2026-11-30T06:00"):
        begin = next_begin(WEEKLY, ledger, now)
        assert begin == now or due(WEEKLY, ledger, begin - SECOND) is None
        tried.append((begin - now).total_seconds() / 60)
        now = begin
        ledger.add(JobRun(job="weekly", slot=due_slot(ledger, now), outcome=JobOutcome.FAILED, started_at=now))
    assert tried[:8] == [0, 15, 30, 60, 120, 240, 480, 480]
    assert set(tried[8:-1]) == {480}
    assert due_slot(ledger, at("2026-11-30T06:00") + timedelta(hours=8)) == at("2026-11-30T06:00")


def due_slot(ledger: JobLedger, now: datetime) -> datetime:
    owed = due(WEEKLY, ledger, now)
    assert owed is not None
    return owed.slot


@pytest.mark.parametrize("outcome", [JobOutcome.CRASHED, JobOutcome.STOPPED, JobOutcome.KILLED])
def test_a_restart_in_a_week_that_failed_does_not_end_the_attempts(ledger: JobLedger, outcome: JobOutcome) -> None:
    slot = "2026-11-23T06:00"
    for hour in ("06:00", "06:15", "06:45"):
        ledger.add(line(slot, JobOutcome.FAILED, f"2026-11-23T{hour}", "weekly"))
    ledger.add(line(slot, outcome, "2026-11-23T07:45", "weekly"))
    assert due(WEEKLY, ledger, at("2026-11-23T07:46")) == Due(at(slot))
    for hour in ("07:46", "07:47", "07:48"):
        ledger.add(line(slot, JobOutcome.CRASHED, f"2026-11-23T{hour}", "weekly"))
    assert due(WEEKLY, ledger, at("2026-11-23T07:50")) is None
    assert due(WEEKLY, ledger, at("2026-11-23T08:48")) == Due(at(slot))  # as after any third failure


def test_the_week_of_a_slot_is_the_one_that_the_briefing_counts_as_closed_then() -> None:
    hours = range(0, 24 * 400, 3)
    moments = [at("2026-11-01T00:00") + timedelta(hours=hour) for hour in hours]
    assert [closed_week(moment) for moment in moments] == [str(Week.last_closed(moment)) for moment in moments]
    assert WEEKLY.words_at(at("2026-11-23T06:00")) == ("weekly", "--week", "2026-W47")
    assert WEEKLY.words_at(at("2026-11-23T05:59"))[-1] == "2026-W46"
    assert NIGHTLY.words_at(at("2026-11-23T02:00")) == ("nightly",)


def written(ledger: JobLedger, number: int, when: datetime) -> None:
    """The ledger as if its line had been written then."""
    lines = ledger.path.read_text(encoding="utf-8").splitlines()
    lines[number] = json.dumps(json.loads(lines[number]) | {"written_at": clock.stamp(when)})
    ledger.path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_rehearsal_counts_for_rehearsals_only(ledger: JobLedger) -> None:
    slot = at("2026-11-23T02:00")
    clock.start_at(slot + timedelta(days=30))
    ledger.add(line("2026-11-23T02:00", JobOutcome.DONE))
    assert due(NIGHTLY, ledger, slot + SECOND) is None
    clock.start_at(None)
    assert due(NIGHTLY, ledger, slot + SECOND) == Due(slot)


def test_what_a_clock_that_ran_ahead_wrote_takes_no_slot_even_when_its_day_has_come(ledger: JobLedger) -> None:
    now = datetime.now(UTC)
    for number in (0, 1):
        written(ledger, number, now - timedelta(days=40))
    ledger.add(line("2026-11-25T02:00", JobOutcome.DONE))
    slot = at("2026-11-25T02:00")
    assert due(NIGHTLY, ledger, slot) is None
    written(ledger, 2, now + timedelta(days=2))
    assert due(NIGHTLY, ledger, slot) == Due(slot, (at("2026-11-23T02:00"), at("2026-11-24T02:00")))
    written(ledger, 2, now - timedelta(days=1))  # that day has come, and the clock was put right before it
    ledger.add(line("2026-11-23T02:00", JobOutcome.DONE))
    written(ledger, 3, now - timedelta(days=3))
    assert due(NIGHTLY, ledger, slot) == Due(slot, (at("2026-11-24T02:00"),))


def test_a_clock_not_yet_set_after_a_start_spoils_no_earlier_line(ledger: JobLedger) -> None:
    ledger.add(line("2026-11-23T02:00", JobOutcome.DONE))
    ledger.add(JobRun(job="nightly", slot=at("1970-01-01T09:00"), outcome=JobOutcome.FIRST))
    written(ledger, 3, at("1970-01-01T09:00"))
    assert due(NIGHTLY, ledger, at("2026-11-23T12:00")) is None


def test_a_rehearsal_in_the_future_takes_no_slot_from_the_days_to_come(ledger: JobLedger) -> None:
    ledger.add(line("2027-03-01T02:00", JobOutcome.DONE))
    assert due(NIGHTLY, ledger, at("2026-11-23T02:00")) == Due(at("2026-11-23T02:00"))


def test_a_run_is_one_run_from_its_beginning_to_its_end(ledger: JobLedger) -> None:
    now = at("2026-11-23T12:00")
    ledger.add(line("2026-11-23T02:00", JobOutcome.BEGUN))
    began = last_run(ledger, "nightly", now)
    assert began is not None
    assert began.outcome is JobOutcome.BEGUN
    ledger.add(line("2026-11-23T02:00", JobOutcome.FAILED))
    ledger.add(JobRun(job="nightly", slot=at("2026-11-23T02:00"), outcome=JobOutcome.UNTOLD))
    assert [run.outcome for run in ledger.runs("nightly", now)] == [JobOutcome.FIRST, JobOutcome.FAILED]


def test_what_is_read_is_what_was_written(ledger: JobLedger) -> None:
    run = JobRun(
        job="weekly",
        slot=at("2026-11-23T06:00"),
        outcome=JobOutcome.FAILED,
        started_at=at("2026-11-23T06:00") + SECOND,
        finished_at=at("2026-11-23T06:01"),
        exit_code=1,
        reason="the mail server 拒绝 it\nand said so",
    )
    ledger.add(run)
    assert ledger.lines()[-1] == run
    assert ledger.path.read_text(encoding="utf-8").count("\n") == len(ledger.lines())


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_torn_last_line_is_left_out_and_spoils_no_later_one(ledger: JobLedger, cut: int) -> None:
    before = ledger.lines()
    ledger.add(line("2026-11-23T02:00", JobOutcome.DONE))
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[: -min(cut, len(whole.splitlines()[-1]))])
    torn = ledger.lines()
    assert torn[: len(before)] == before
    ledger.add(line("2026-11-24T02:00", JobOutcome.DONE))
    assert ledger.lines() == [*torn, line("2026-11-24T02:00", JobOutcome.DONE)]


def test_an_outcome_nobody_knows_is_refused_with_its_place(ledger: JobLedger) -> None:
    text = ledger.path.read_text(encoding="utf-8").replace("first", "fine")
    ledger.path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=r"jobs\.jsonl: line 1: not as described.*'fine'"):
        ledger.lines()


def test_a_time_without_offset_is_refused_with_its_place(ledger: JobLedger) -> None:
    text = ledger.path.read_text(encoding="utf-8").replace('000000Z"', '000000"')
    ledger.path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=r"jobs\.jsonl: line 1: not as described.*has no offset"):
        ledger.lines()


def test_the_issue_is_sent_when_there_are_server_and_readers_and_left_to_finish() -> None:
    mail = {"host": "127.0.0.1", "security": "none", "sender": "monitor@example.org"}
    assert timed_jobs(Config.model_validate({"mail": mail}))[1].words == ("weekly",)
    readers = [{"address": "reader@example.org"}]
    nightly, weekly = timed_jobs(Config.model_validate({"mail": mail, "recipients": readers}))
    assert (nightly.words, nightly.ends_early) == (("nightly",), True)
    assert (weekly.words, weekly.ends_early) == (("weekly", "--send"), False)
    assert WEEKLY.words == ("weekly",)


def test_a_job_that_cannot_even_be_begun_has_failed_and_is_told(tmp_path: Path, ledger: JobLedger) -> None:
    clock.start_at(at("2026-11-23T02:00"))
    (tmp_path / "logs").write_text("a file where the folder of logs should be", encoding="utf-8")
    heard: list[str] = []
    timetable = Timetable(tmp_path, [NIGHTLY], lambda subject, lines: heard.extend((subject, *lines)))
    assert timetable.serve(NIGHTLY) is JobOutcome.FAILED
    assert "could not be run: " in ledger.lines()[-1].reason
    assert heard[:2] == ["nightly failed", "nightly of 2026-11-23 02:00 (Asia/Shanghai)"]
    assert timetable.serve(NIGHTLY) is None


def test_what_was_told_to_stop_begins_nothing(tmp_path: Path, ledger: JobLedger) -> None:
    clock.start_at(at("2026-11-23T02:00"))
    before = ledger.lines()
    timetable = Timetable(tmp_path, [NIGHTLY], None)
    timetable.stop()
    assert timetable.serve(NIGHTLY) is None
    assert ledger.lines() == before


class Operator:
    """Hears what is told, unless the mail is down."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, list[str]]] = []
        self.is_down = False

    def __call__(self, subject: str, lines: Sequence[str]) -> None:
        if self.is_down:
            raise OSError("no mail server")
        self.heard.append((subject, list(lines)))

    @property
    def subjects(self) -> list[str]:
        return [subject for subject, _ in self.heard]


def serve_failing(timetable: Timetable, folder: Path, now: datetime) -> JobOutcome | None:
    """Serves the weekly while its log cannot be made: it fails without a process."""
    (folder / "logs").write_text("a file where the folder of logs should be", encoding="utf-8")
    clock.start_at(now)
    return timetable.serve(WEEKLY)


def test_the_operator_hears_of_the_first_failure_not_of_each(tmp_path: Path, ledger: JobLedger) -> None:
    operator = Operator()
    timetable = Timetable(tmp_path, [WEEKLY], operator)
    for now in ("2026-11-23T06:00", "2026-11-23T06:16", "2026-11-23T06:50"):
        assert serve_failing(timetable, tmp_path, at(now)) is JobOutcome.FAILED
    assert operator.subjects == ["weekly failed"]
    assert "it is tried again at 2026-11-23 06:15" in operator.heard[0][1]
    assert serve_failing(timetable, tmp_path, at("2026-11-30T06:00")) is JobOutcome.FAILED
    assert operator.subjects == ["weekly failed", "weekly failed"]


def test_what_could_not_be_told_goes_in_one_mail_when_mail_works_and_only_once(
    tmp_path: Path, ledger: JobLedger
) -> None:
    operator = Operator()
    timetable = Timetable(tmp_path, [WEEKLY], operator)
    operator.is_down = True
    serve_failing(timetable, tmp_path, at("2026-11-23T06:00"))
    timetable.broke("weekly", OSError("the disk is full"))
    assert len(ledger.untold(clock.now())) == 2
    operator.is_down = False
    serve_failing(timetable, tmp_path, at("2026-11-23T06:16"))
    serve_failing(timetable, tmp_path, at("2026-11-23T06:50"))
    ((subject, lines),) = operator.heard
    assert subject == "what could not be told earlier"
    assert lines[0].startswith("weekly of 2026-11-23 06:00 (Asia/Shanghai): weekly failed: OSError")
    assert "could not be served" in lines[1]
    assert ledger.untold(clock.now()) == []


def test_the_same_trouble_is_told_once_in_a_slot(tmp_path: Path, ledger: JobLedger) -> None:
    operator = Operator()
    timetable = Timetable(tmp_path, [WEEKLY], operator)
    clock.start_at(at("2026-11-23T06:01"))
    for _ in range(3):
        timetable.broke("weekly", PermissionError(13, "Permission denied"))
    timetable.broke("weekly", OSError(28, "No space left on device"))
    clock.start_at(at("2026-11-30T06:01"))
    timetable.broke("weekly", PermissionError(13, "Permission denied"))
    assert operator.subjects == ["weekly could not be served"] * 3
    assert "Permission denied" in operator.heard[0][1][1]
