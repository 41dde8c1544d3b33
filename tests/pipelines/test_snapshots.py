"""Dated snapshots: what was published on a day can be opened again, and the rules alone prune it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import clock
from crawler.config import Snapshots
from pipelines.load import Loaded, load
from pipelines.snapshots import FOLDER, kept, snapshots
from pipelines.store.database import PUBLISHED_NAME
from tests.crawler.crawling import SETTINGS, scrapy
from tests.pipelines.runs import Runs, capital, firm

RULES = Snapshots()
ROOT = Path(__file__).parents[2]


def at(day: str, hour: int = 3) -> None:
    """Sets the clock to an hour of a day in Shanghai."""
    clock.start_at(datetime.fromisoformat(f"{day}T{hour:02}:00:00+08:00"))


def publish(runs: Runs, *, rules: Snapshots = RULES) -> Loaded:
    return load(runs.home, code_version="test", progress=lambda *told: None, snapshots=rules)


def changed(runs: Runs) -> None:
    """Another night in which something happened."""
    night = len(list((runs.home / "runs").glob("*/*")))
    runs.add(firm(1, **capital(500 + night)))


def days(home: Path) -> list[str]:
    return [str(snapshot.day) for snapshot in snapshots(home)]


def snapshot(home: Path, day: str) -> Path:
    return home / FOLDER / f"putuo-{day}.duckdb"


def runs_in(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        return int(connection.execute("SELECT count(*) FROM runs").fetchall()[0][0])


def test_each_day_s_last_publication_stays_as_it_was(runs: Runs) -> None:
    for day, hour in (("2026-11-03", 3), ("2026-11-04", 3), ("2026-11-04", 12), ("2026-11-05", 3)):
        at(day, hour)
        changed(runs)
        publish(runs)
    assert days(runs.home) == ["2026-11-03", "2026-11-04", "2026-11-05"]
    assert [runs_in(snapshot(runs.home, day)) for day in days(runs.home)] == [1, 3, 4]


def test_a_day_is_a_day_in_shanghai(runs: Runs) -> None:
    changed(runs)
    clock.start_at(datetime.fromisoformat("2026-11-03T23:30:00+00:00"))
    publish(runs)
    assert days(runs.home) == ["2026-11-04"]


def test_what_did_not_change_is_not_kept_twice(runs: Runs) -> None:
    at("2026-11-03")
    changed(runs)
    assert publish(runs).snapshot
    at("2026-11-04")
    again = publish(runs)
    assert again.published is not None
    assert again.snapshot is not None
    assert again.snapshot.path is None
    assert days(runs.home) == ["2026-11-03"]


def test_a_snapshot_takes_no_room_of_its_own_until_the_next_file_comes(runs: Runs) -> None:
    at("2026-11-03")
    changed(runs)
    publish(runs)
    made = snapshot(runs.home, "2026-11-03")
    assert made.samefile(runs.home / PUBLISHED_NAME)
    assert made.stat().st_mode & 0o777 == 0o444
    at("2026-11-04")
    changed(runs)
    publish(runs)
    assert not made.samefile(runs.home / PUBLISHED_NAME)
    assert runs_in(made) == 1


def test_where_no_link_can_be_made_the_snapshot_is_a_copy(runs: Runs, tmp_path: Path) -> None:
    """Snapshots on a disk of their own."""
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has no second file system at hand")
    disk = elsewhere / f"snapshots-{os.getpid()}"
    disk.mkdir()
    try:
        (runs.home / FOLDER).symlink_to(disk)
        at("2026-11-03")
        changed(runs)
        publish(runs)
        made = snapshot(runs.home, "2026-11-03")
        assert made.read_bytes() == (runs.home / PUBLISHED_NAME).read_bytes()
        assert made.stat().st_mode & 0o777 == 0o444
        assert [path.name for path in disk.iterdir()] == [made.name]
    finally:
        shutil.rmtree(disk)


def test_two_days_can_be_compared_with_sql(runs: Runs) -> None:
    for day in ("2026-11-03", "2026-11-04"):
        at(day)
        changed(runs)
        publish(runs)
    with duckdb.connect() as connection:
        for name, day in {"tuesday": "2026-11-03", "wednesday": "2026-11-04"}.items():
            connection.execute(f"ATTACH '{snapshot(runs.home, day)}' AS {name} (READ_ONLY)")
        grown = "SELECT w.uscc FROM wednesday.firms w JOIN tuesday.firms t USING (firm_id) WHERE w.capital > t.capital"
        assert connection.execute(grown).fetchall() == [(firm(1).uscc,)]
        new = "SELECT kind FROM wednesday.events ANTI JOIN tuesday.events USING (event_id)"
        assert connection.execute(new).fetchall() == [("capital_raised",)]


def test_the_rules_prune_and_it_is_told(runs: Runs) -> None:
    rules = Snapshots(days=2, weeks=0, months=0)
    for day in ("2026-11-03", "2026-11-04", "2026-11-05"):
        at(day)
        changed(runs)
        done = publish(runs, rules=rules)
    assert done.snapshot is not None
    assert done.snapshot.pruned == (date(2026, 11, 3),)
    assert days(runs.home) == ["2026-11-04", "2026-11-05"]


def test_files_that_are_none_of_ours_are_left_alone(runs: Runs) -> None:
    folder = runs.home / FOLDER
    folder.mkdir()
    strange = ["putuo-2020-01-01.keep.duckdb", "putuo-2020-13-01.duckdb", "notes.txt", "putuo-old.duckdb"]
    for name in strange:
        (folder / name).write_text("somebody's")
    at("2026-11-03")
    changed(runs)
    publish(runs, rules=Snapshots(days=1, weeks=0, months=0))
    assert sorted(path.name for path in folder.iterdir()) == sorted([*strange, "putuo-2026-11-03.duckdb"])


def test_without_rules_nothing_is_kept_and_nothing_pruned(runs: Runs) -> None:
    changed(runs)
    runs.load()
    assert not (runs.home / FOLDER).exists()


def test_a_clock_set_back_deletes_nothing_and_takes_no_snapshot_s_place(runs: Runs) -> None:
    rules = Snapshots(days=1, weeks=0, months=0)
    for day in ("2026-11-03", "2026-11-04"):
        at(day)
        changed(runs)
        publish(runs)
    known = {day: snapshot(runs.home, day).read_bytes() for day in days(runs.home)}
    at("2026-11-03", hour=9)
    changed(runs)
    done = publish(runs, rules=rules)
    assert done.published is not None
    assert "there is one of today, 2026-11-03, and one of 2026-11-04; is the clock right?" in done.no_snapshot
    assert {day: snapshot(runs.home, day).read_bytes() for day in days(runs.home)} == known
    at("2025-01-01")
    publish(runs, rules=rules)
    assert days(runs.home) == ["2025-01-01", "2026-11-03", "2026-11-04"]


def test_a_clock_that_ran_ahead_once_neither_stops_nor_prunes_the_days_after(runs: Runs) -> None:
    at("2026-11-03")
    changed(runs)
    publish(runs)
    at("2031-05-06")
    changed(runs)
    publish(runs)
    assert days(runs.home) == ["2026-11-03", "2031-05-06"], (
        "a leap ahead prunes nothing: days are counted, not measured"
    )
    for day in ("2026-11-04", "2026-11-05"):
        at(day)
        changed(runs)
        assert publish(runs, rules=Snapshots(days=2, weeks=0, months=0)).no_snapshot == ""
    assert days(runs.home) == ["2026-11-04", "2026-11-05", "2031-05-06"]


def test_a_torn_newest_snapshot_is_no_reason_against_a_new_one(runs: Runs) -> None:
    at("2026-11-03")
    changed(runs)
    publish(runs)
    snapshot(runs.home, "2026-11-03").unlink()  # else the published file would be torn with it
    snapshot(runs.home, "2026-11-03").write_bytes(b"torn" * 5_000)
    at("2026-11-04")
    publish(runs)
    assert days(runs.home) == ["2026-11-03", "2026-11-04"]
    assert runs_in(snapshot(runs.home, "2026-11-04")) == 1


def test_a_folder_that_cannot_be_written_costs_the_snapshot_and_not_the_file(runs: Runs) -> None:
    (runs.home / FOLDER).write_text("a file where a folder should be")
    at("2026-11-03")
    changed(runs)
    done = publish(runs)
    assert done.published is not None
    assert runs.ask("SELECT count(*) FROM firms") == [(1,)]
    assert done.no_snapshot.startswith("no snapshot was taken: ")


_PUBLISH = (
    "import sys; from pathlib import Path; from crawler.config import Snapshots; from pipelines.load import load;"
    " load(Path(sys.argv[1]), code_version='test', progress=lambda *told: None, snapshots=Snapshots())"
)


@pytest.mark.parametrize("delay", [0.6, 1.0, 1.4])
def test_a_load_killed_at_any_moment_leaves_whole_snapshots(runs: Runs, delay: float) -> None:
    changed(runs)
    runs.load()
    changed(runs)
    with subprocess.Popen([sys.executable, "-c", _PUBLISH, str(runs.home)], cwd=ROOT) as child:
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.kill()
    for there in snapshots(runs.home):
        assert runs_in(there.path) == 2
    publish(runs)
    assert [runs_in(there.path) for there in snapshots(runs.home)] == [2]
    assert [path.name for path in (runs.home / FOLDER).iterdir() if path.name.startswith(".")] == []


def test_the_command_keeps_by_the_settings_and_says_so(runs: Runs) -> None:
    settings = f"{SETTINGS}\n[snapshots]\ndays = 1\nweeks = 0\nmonths = 0\n"
    changed(runs)
    first = scrapy(runs.home, "load", "--now", "2026-11-03T03:00+08:00", settings=settings)
    assert f"kept as {snapshot(runs.home, '2026-11-03')}" in first.stdout
    changed(runs)
    second = scrapy(runs.home, "load", "--now", "2026-11-04T03:00+08:00", settings=settings)
    assert second.exitcode == 0
    assert "pruned snapshots of 2026-11-03" in second.stdout
    assert days(runs.home) == ["2026-11-04"]
    changed(runs)
    shutil.rmtree(runs.home / FOLDER)
    (runs.home / FOLDER).write_text("a file where a folder should be")
    third = scrapy(runs.home, "load", "--now", "2026-11-05T03:00+08:00", settings=settings)
    assert third.exitcode == 1
    assert "NOT KEPT: no snapshot was taken: " in third.stdout
    assert "published " in third.stdout


DAYS = st.dates(date(2025, 12, 1), date(2027, 2, 1))
RULESETS = st.builds(Snapshots, days=st.integers(1, 20), weeks=st.integers(0, 10), months=st.integers(0, 15))


@given(st.sets(DAYS), RULESETS, DAYS)
def test_only_what_is_there_is_kept_and_always_the_newest_and_what_is_to_come(
    there: set[date], rules: Snapshots, today: date
) -> None:
    stay = kept(there, rules, today)
    assert stay <= there
    assert {day for day in there if day > today} <= stay
    past = sorted(day for day in there if day <= today)
    assert set(past[-rules.days :]) <= stay
    assert set(past[-1:]) <= stay
    assert len([day for day in stay if day <= today]) <= rules.days + rules.weeks + rules.months


@given(st.sets(DAYS), RULESETS, DAYS)
def test_the_last_weeks_and_months_that_have_one_keep_their_newest(
    there: set[date], rules: Snapshots, today: date
) -> None:
    stay = kept(there, rules, today)
    past = [day for day in there if day <= today]
    for count, word in ((rules.weeks, "%G-W%V"), (rules.months, "%Y-%m")):
        newest = {f"{day:{word}}": day for day in sorted(past)}
        for period in sorted(newest, reverse=True)[:count]:
            assert newest[period] in stay


@given(st.sets(DAYS), RULESETS, DAYS)
def test_pruning_again_prunes_nothing(there: set[date], rules: Snapshots, today: date) -> None:
    stay = kept(there, rules, today)
    assert kept(stay, rules, today) == stay


@given(st.sets(DAYS, min_size=1), RULESETS, DAYS, st.integers(0, 5_000))
def test_a_day_passing_prunes_nothing_of_itself(there: set[date], rules: Snapshots, today: date, later: int) -> None:
    """Only a new snapshot pushes an old one out: a machine that slept for years wakes with what it had."""
    past = {day for day in there if day <= today}
    assert kept(past, rules, today + timedelta(days=later)) == kept(past, rules, today)


@given(st.lists(DAYS, min_size=1, max_size=40, unique=True), RULESETS)
def test_pruning_each_day_keeps_what_pruning_at_the_end_keeps(days_taken: list[date], rules: Snapshots) -> None:
    night_by_night: set[date] = set()
    for day in sorted(days_taken):
        night_by_night = kept(night_by_night | {day}, rules, day)
    assert night_by_night == kept(set(days_taken), rules, max(days_taken))
