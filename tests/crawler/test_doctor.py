"""`scrapy doctor` and `scrapy sources`: what is well, what could be set, what must be mended."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from crawler import clock
from crawler.config import Snapshots
from crawler.job_ledger import JobLedger, JobOutcome, JobRun
from pipelines.load import load
from pipelines.store.database import LOCK_NAME, PUBLISHED_NAME, WORKING_NAME
from pipelines.store.files import release_of
from pipelines.store.migrations import migrations
from tests.crawler.crawling import SETTINGS, Done, scrapy
from tests.crawler.scheduling import at, remember
from tests.pipelines.runs import Runs, firm
from tests.pipelines.stores import unpack

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
    """What was checked → verdict and what was found, a long finding's lines joined."""
    told: dict[str, tuple[str, str]] = {}
    for line in (line.split("│")[1:-1] for line in done.stdout.splitlines() if "│" in line):
        verdict, checked, found = (cell.strip() for cell in line)
        if not verdict and told:
            checked, (verdict, before) = told.popitem()
            found = f"{before} {found}"
        told[checked] = (verdict, found)
    return told


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
    assert [cell.strip() for cell in row] == ["putuo_portal", "-", "-", "never ran", "", "", "", "none yet", "now"]


def test_sources_are_only_asked_on_demand(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "doctor", "putuo_portal")
    assert done.exitcode == 2
    assert "sources are looked at with --live" in done.stdout + done.stderr


NOON = "2026-11-23T12:00+08:00"


def a_published_home(home: Path) -> Runs:
    """A data directory with a night that was published on 2026-11-20 and kept as that day's snapshot."""
    runs = Runs(home)
    runs.add(firm(1))
    published_at(runs, "2026-11-20T03:00+08:00")
    return runs


def published_at(runs: Runs, instant: str, *, kept: bool = True) -> None:
    clock.start_at(clock.parse_instant(instant))
    load(runs.home, code_version="test", progress=lambda *told: None, snapshots=Snapshots() if kept else None)
    clock.start_at(None)


def looked_at(home: Path) -> dict[str, tuple[str, str]]:
    return findings(scrapy(home, "doctor", "--now", NOON))


def test_what_is_published_is_told_with_schema_hash_and_snapshots(tmp_path: Path) -> None:
    runs = a_published_home(tmp_path)
    published_at(runs, "2026-11-23T03:00+08:00")
    found = looked_at(tmp_path)
    assert found["database"][0] == "ok"
    assert "1 firms, published 2026-11-22 19:00 UTC" in found["database"][1]
    assert found["schema"] == ("ok", str(len(migrations())))
    assert found["content hash"] == ("ok", release_of(tmp_path / PUBLISHED_NAME).content_hash)
    assert found["working database"] == ("ok", "agrees with the published file")
    verdict, told = found["snapshots"]
    assert (verdict, told.split(", ")[:2]) == ("ok", ["1", "newest of 2026-11-20"]), "nothing changed since"


def test_snapshots_share_the_room_of_the_published_file(tmp_path: Path) -> None:
    runs = a_published_home(tmp_path)
    assert looked_at(tmp_path)["snapshots"][1].endswith(", 0.0 MiB beside the published file")
    runs.add(firm(1), firm(2))
    published_at(runs, "2026-11-23T03:00+08:00")
    size = (tmp_path / "snapshots" / "putuo-2026-11-20.duckdb").stat().st_size
    assert looked_at(tmp_path)["snapshots"] == (
        "ok",
        f"2, newest of 2026-11-23, {size / (1 << 20):.1f} MiB beside the published file",
    )


def test_snapshots_that_stopped_are_bad(tmp_path: Path) -> None:
    runs = a_published_home(tmp_path)
    runs.add(firm(1), firm(2))
    published_at(runs, "2026-11-22T03:00+08:00", kept=False)
    assert looked_at(tmp_path)["snapshots"][0] == "ok", "two days are no reason to worry"
    published_at(runs, "2026-11-23T03:00+08:00", kept=False)
    verdict, told = looked_at(tmp_path)["snapshots"]
    assert verdict == "BAD"
    assert told.endswith("later ones are missing: see what `scrapy load` says")


def test_snapshots_of_days_to_come_are_told(tmp_path: Path) -> None:
    runs = a_published_home(tmp_path)
    runs.add(firm(1), firm(2))
    published_at(runs, "2099-01-01T03:00+08:00")
    verdict, told = findings(scrapy(tmp_path, "doctor"))["snapshots to come"]
    assert verdict == "BAD"
    assert told.startswith("dated after today: 2099-01-01; is the clock right?")


def test_a_load_that_was_refused_shows_until_it_is_accepted(tmp_path: Path) -> None:
    runs = a_published_home(tmp_path)
    gone = runs.add(firm(1), firm(2))
    published_at(runs, "2026-11-23T03:00+08:00")
    shutil.rmtree(gone.path)
    assert scrapy(tmp_path, "rebuild").exitcode == 1
    verdict, told = looked_at(tmp_path)["working database"]
    assert verdict == "BAD"
    assert told == "holds what is not published: `scrapy load` publishes it, or says why not"
    assert scrapy(tmp_path, "load", "--accept-loss").exitcode == 0
    assert looked_at(tmp_path)["working database"][0] == "ok"


def test_the_doctor_keeps_out_of_a_loader_s_way(tmp_path: Path) -> None:
    a_published_home(tmp_path)
    with FileLock(tmp_path / LOCK_NAME):
        assert looked_at(tmp_path)["working database"] == ("note", "a load is at work")


def test_torn_databases_are_bad_with_the_way_out(tmp_path: Path) -> None:
    a_published_home(tmp_path)
    (tmp_path / WORKING_NAME).write_bytes(b"torn " * 10_000)
    verdict, told = looked_at(tmp_path)["working database"]
    assert verdict == "BAD"
    assert "scrapy rebuild" in told
    (tmp_path / PUBLISHED_NAME).unlink()  # else its snapshot would be torn with it
    (tmp_path / PUBLISHED_NAME).write_bytes(b"torn " * 10_000)
    found = looked_at(tmp_path)
    assert found["database"][0] == "BAD"
    assert "scrapy load" in found["database"][1]
    assert found["snapshots"][0] == "ok"


def test_a_file_of_another_program_s_schema_is_told(tmp_path: Path) -> None:
    home = unpack("schema_1", tmp_path / "older")
    assert looked_at(home)["schema"] == ("note", f"1: the next `scrapy load` brings it to {len(migrations())}")
    a_published_home(tmp_path)
    (tmp_path / PUBLISHED_NAME).unlink()
    shutil.copyfile(tmp_path / WORKING_NAME, tmp_path / PUBLISHED_NAME)
    with duckdb.connect(str(tmp_path / PUBLISHED_NAME)) as connection:
        connection.execute("INSERT INTO base.schema_version VALUES (99, '0099_to_come', '2030-01-01')")
    verdict, told = looked_at(tmp_path)["schema"]
    assert (verdict, told.split(":")[0]) == ("BAD", "99")
    assert "update this one" in told
