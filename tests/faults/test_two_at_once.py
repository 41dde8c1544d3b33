"""Two of a kind started together: one does the work, the other waits or leaves, and says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

from crawler.job_ledger import JobOutcome
from crawler.run_folder import run_folders
from tests.crawler.crawling import PATIENCE, ROOT, environment, scrapy
from tests.crawler.scheduling import remember, told
from tests.faults.office import Office
from tests.faults.sound import nothing_lost_nothing_doubled


def together(home: Path, *words: str) -> list[subprocess.CompletedProcess[str]]:
    """Runs a command twice at once; the one that went well, or ended first in the alphabet of codes, comes first."""
    env = environment(home)
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "scrapy", *words],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for _ in range(2)
    ]
    done = []
    for one in both:
        out, err = one.communicate(timeout=PATIENCE)
        done.append(subprocess.CompletedProcess(one.args, one.returncode, out, err))
    return sorted(done, key=lambda one: one.returncode)


def test_of_two_nights_one_does_the_work_and_the_other_leaves_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    office = Office(home, 200)
    office.drop()
    first, second = together(home, "nightly", "--all")
    assert (first.returncode, second.returncode) == (0, 3), first.stderr + second.stderr
    assert "another nightly is at work" in second.stderr
    assert "Traceback" not in second.stderr
    assert second.stdout == ""
    assert len(list(run_folders(home))) == 2  # one of the full list, one of the new firms
    (tmp_path / "aside").mkdir()
    nothing_lost_nothing_doubled(home, office, tmp_path / "aside")


def test_of_two_loads_the_second_waits_and_finds_nothing_left_to_do(tmp_path: Path) -> None:
    home = tmp_path / "home"
    office = Office(home, 200)
    office.drop()
    crawl = ("crawl", "registry_extract", "-a", "series=default", "-a", "listing=new", "-a", f"path={office.new}")
    full = ("crawl", "registry_extract", "-a", "series=default", "-a", "listing=full", "-a", f"path={office.full}")
    for words in (crawl, full):
        assert scrapy(home, *words).exitcode == 0
    both = together(home, "load")
    assert [one.returncode for one in both] == [0, 0], both[0].stderr + both[1].stderr
    said = sorted(("no new run to load" in one.stdout, one.stdout.count("loaded registry_extract")) for one in both)
    assert said == [(False, 2), (True, 0)]
    (tmp_path / "aside").mkdir()
    nothing_lost_nothing_doubled(home, office, tmp_path / "aside")


def test_two_crawls_of_one_source_are_two_runs_and_no_firm_is_there_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    office = Office(home, 200)
    office.drop()
    path = f"path={office.newest_full}"
    both = together(home, "crawl", "registry_extract", "-a", "listing=full", "-a", path)
    assert [one.returncode for one in both] == [0, 0]
    assert len(list(run_folders(home))) == 2
    assert scrapy(home, "load").exitcode == 0
    with duckdb.connect(str(home / "putuo.duckdb"), read_only=True) as connection:
        counts = connection.execute("SELECT count(*), count(DISTINCT uscc) FROM firms").fetchall()
        assert counts == [(len(office.rows[office.newest_full]),) * 2]
        assert connection.execute("SELECT count(*) FROM events").fetchall() == [(0,)]


def test_of_two_schedules_once_the_second_leaves_and_the_night_is_served_once(tmp_path: Path) -> None:
    remember(tmp_path, "2026-11-23T12:00")
    now = ("--now", "2026-11-24T02:05+08:00")
    first, second = together(tmp_path, "schedule", "--once", *now)
    assert (first.returncode, second.returncode) == (0, 3), first.stderr + second.stderr
    assert "another `scrapy schedule` is at work" in second.stderr
    slot = "2026-11-24T02:00"
    assert told(tmp_path, "nightly") == [(slot, JobOutcome.BEGUN), (slot, JobOutcome.DONE)]
