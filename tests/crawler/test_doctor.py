"""`scrapy doctor` and `scrapy sources`: what is well, what could be set, what must be mended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.job_ledger import JobLedger, JobOutcome, JobRun
from tests.crawler.crawling import SETTINGS, Done, scrapy
from tests.crawler.scheduling import at, remember

REHEARSAL = """
[crawl.stand_ins]
"www.shpt.gov.cn" = "http://127.0.0.1:8000"

[sources.putuo_portal]
enabled = true
"""
MAIL = """
[mail]
host = "mail.example.org"
username = "monitor"
sender = "monitor@example.org"
password_env = "NOBODY_SETS_THIS"

[[recipients]]
address = "reader@example.org"
"""


def findings(done: Done) -> dict[str, tuple[str, str]]:
    """What was checked → verdict and what was found."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "│" in line]
    return {checked: (verdict, found) for verdict, checked, found in rows}


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    home = tmp_path_factory.mktemp("rehearsed")
    done = scrapy(home, "doctor", "--now", "2026-11-23T12:00+08:00", settings=REHEARSAL + MAIL)
    assert done.exitcode == 1
    return findings(done)


def test_a_site_that_could_not_write_to_us_is_bad(rehearsed: dict[str, tuple[str, str]]) -> None:
    told = "putuo_portal switched on: set crawl.contact, so that hosts can write to us"
    assert rehearsed["contact"] == ("BAD", told)


def test_a_rehearsal_is_told_as_one(rehearsed: dict[str, tuple[str, str]]) -> None:
    told = "rehearsal: www.shpt.gov.cn answered from this machine; nothing real is read"
    assert rehearsed["stand-ins"] == ("note", told)


def test_how_mail_goes_out_is_told_without_a_reader_s_address(rehearsed: dict[str, tuple[str, str]]) -> None:
    verdict, found = rehearsed["mail"]
    assert verdict == "BAD"
    assert found == (
        "mail.example.org:587 (starttls), from monitor@example.org, as monitor, password in $NOBODY_SETS_THIS: NOT SET"
    )
    assert rehearsed["operator"][0] == "note"
    assert rehearsed["recipients"] == ("ok", "1 named")


def test_a_timetable_that_never_began_is_a_note(rehearsed: dict[str, tuple[str, str]]) -> None:
    assert rehearsed["nightly"] == ("note", "none yet: `scrapy schedule` was never started here")


def test_a_slot_without_a_run_and_a_run_that_failed_are_bad(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-21T12:00")
    began = at("2026-11-22T02:00") + timedelta(seconds=1)
    done = JobRun(job="nightly", slot=at("2026-11-22T02:00"), outcome=JobOutcome.DONE, started_at=began)
    JobLedger(tmp_path).add(done)
    JobLedger(tmp_path).add(
        JobRun(job="weekly", slot=at("2026-11-23T06:00"), outcome=JobOutcome.FAILED, exit_code=1, reason="no [mail]")
    )
    found = findings(scrapy(tmp_path, "doctor", "--now", "2026-11-23T12:00+08:00"))
    assert found["nightly"] == ("BAD", "due at 2026-11-23 02:00 and not run; is `scrapy schedule` running?")
    assert found["weekly"] == ("BAD", "failed, due at 2026-11-23 06:00: no [mail]")
    before = findings(scrapy(tmp_path, "doctor", "--now", "2026-11-22T12:00+08:00"))
    assert before["nightly"] == ("ok", "done, due at 2026-11-22 02:00")
    assert before["weekly"] == ("note", "none yet: first at 2026-11-23 06:00")


def test_a_job_that_waits_for_its_turn_is_a_note_and_after_six_hours_bad(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-22T12:00")
    with FileLock(tmp_path / "schedule.lock"):
        waits = findings(scrapy(tmp_path, "doctor", "--now", "2026-11-23T07:59+08:00"))
        hangs = findings(scrapy(tmp_path, "doctor", "--now", "2026-11-23T08:01+08:00"))
    assert waits["nightly"] == ("note", "due at 2026-11-23 02:00; waits for its turn")
    assert hangs["nightly"][0] == "BAD"
    assert hangs["nightly"][1].startswith("due at 2026-11-23 02:00 and still not begun")
    assert hangs["weekly"] == ("note", "due at 2026-11-23 06:00; waits for its turn")


def test_what_may_not_be_opened_is_found_without_a_traceback(tmp_path: Path) -> None:
    for name in ("schedule.lock", "jobs.jsonl"):
        (tmp_path / name).mkdir()
    done = scrapy(tmp_path, "doctor")
    assert done.exitcode == 1
    assert "Traceback" not in done.stderr
    found = findings(done)
    assert found["scheduler"][0] == "note"
    assert "may not be opened" in found["scheduler"][1]
    assert found["timetable"][0] == "BAD"
    assert "cannot be looked at" in found["timetable"][1]
    assert "mail" in found  # it goes on


@pytest.mark.parametrize(
    ("readers", "told"),
    [
        (("reader@example.org", "Reader@example.org"), "Reader@example.org stands among the recipients twice"),
        (("reader@example.org,other@example.org",), "is not an address that mail can be sent to"),
    ],
)
def test_addresses_that_the_mailer_would_refuse_are_bad(tmp_path: Path, readers: tuple[str, ...], told: str) -> None:
    mail = SETTINGS + '[mail]\nhost = "mail.example.org"\nsender = "monitor@example.org"\n'
    mail += "[schedule]\nweekly = '30 5 * * mon'\n"
    mail += "".join(f"[[recipients]]\naddress = '{reader}'\n" for reader in readers)
    found = findings(scrapy(tmp_path, "doctor", settings=mail))
    assert found["recipients"][0] == "BAD"
    assert told in found["recipients"][1]
    assert found["schedule.weekly"][0] == "note"
    assert "about the week before" in found["schedule.weekly"][1]


def test_a_site_stands_among_the_sources_without_series(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "sources", settings=SETTINGS + "[sources.putuo_portal]\nenabled = true\n")
    (row,) = (line.split("│")[1:-1] for line in done.stdout.splitlines() if "putuo_portal" in line)
    assert [cell.strip() for cell in row] == ["putuo_portal", "-", "-", "never ran", "", "", "none yet", "now"]
