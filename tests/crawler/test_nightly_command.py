"""`scrapy nightly` and `scrapy sources`: every source gets its night, and everyone sees how it went."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.run_folder import Outcome, manifests, run_folders
from tests.crawler.crawling import PATIENCE, ROOT, SETTINGS, Done, environment, scrapy
from tests.crawler.extracts import HEADER, csv_of, extract, firm
from tests.crawler.scheduling import HeldSite, pids

NIGHT = "2026-11-16T02:00+08:00"


class Nights:
    """A publisher whose file is there and one whose file is not, over two nights and four days between."""

    def __init__(self, home: Path) -> None:
        (home / "city.csv").write_bytes(extract(1, 2, 3))
        self.home = home
        self.first = self._scrapy("nightly", "--now", NIGHT)
        self.again = self._scrapy("nightly", "--now", "2026-11-16T09:00+08:00")
        self.later = self._scrapy("nightly", "--now", "2026-11-20T02:00+08:00")
        self.sources = self._scrapy("sources", "--now", "2026-12-20T12:00+08:00")

    def _scrapy(self, *words: str) -> Done:
        series = {"bureau": ("gone.xlsx", "new"), "city": ("city.csv", "full")}
        settings = SETTINGS + "[sources.registry_extract]\nlate_after_days = 5\n"
        for name, (file, listing) in series.items():
            settings += f"[sources.registry_extract.series.{name}]\n"
            settings += f"path = '{self.home / file}'\nlisting = '{listing}'\n"
        return scrapy(self.home, *words, settings=settings)

    def outcomes(self, series: str) -> list[Outcome]:
        return [manifest.outcome for manifest in manifests(self.home) if manifest.series == series]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return Nights(tmp_path_factory.mktemp("nights"))


@pytest.fixture(scope="module", autouse=True)
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Done]]:
    """A night of which one source does not answer, begun before the other tests: it lasts a minute.

    A crawl that begins late on a busy machine has its manifest well within that.
    """
    home = tmp_path_factory.mktemp("hanging")
    (home / "city.csv").write_bytes(extract(1, 2, 3))
    with HeldSite() as site, ThreadPoolExecutor(1) as pool:
        settings = SETTINGS + "timeout_seconds = 20\n"  # a request in the air lets no crawl end, even one told to stop
        for name, path in {"bureau": site.url, "city": home / "city.csv"}.items():
            settings += f"[sources.registry_extract.series.{name}]\npath = '{path}'\nlisting = 'full'\n"
        yield pool.submit(scrapy, home, "nightly", "--limit", "1", settings=settings)


def test_one_source_that_fails_does_not_cost_the_other_its_night(nights: Nights) -> None:
    assert nights.first.exitcode == 1
    assert nights.outcomes("bureau")[0] == Outcome.FAILED
    assert nights.outcomes("city")[0] == Outcome.COMPLETE
    assert "registry_extract bureau/new: crawling" in nights.first.stdout
    assert f"no such file or folder: {nights.home / 'gone.xlsx'}" in nights.first.stdout


def test_what_could_be_read_is_published_all_the_same(nights: Nights) -> None:
    assert ": 3 firms" in nights.first.stdout
    assert (nights.home / "putuo.duckdb").exists()


def test_what_is_not_due_is_left_alone_and_told(nights: Nights) -> None:
    assert nights.again.exitcode == 0
    assert "registry_extract city/full: next due 2026-11-17 02:00" in nights.again.stdout
    assert "crawling" not in nights.again.stdout


def test_nights_nobody_served_are_told_and_recorded(nights: Nights) -> None:
    assert "registry_extract city/full: was missed 3 times" in nights.later.stdout
    assert nights.outcomes("city") == [Outcome.COMPLETE, Outcome.MISSED, Outcome.COMPLETE]


def test_the_table_of_sources_shows_how_each_went_how_old_it_is_and_when_it_is_due(nights: Nights) -> None:
    bureau, city = (line.split("│")[1:-1] for line in nights.sources.stdout.splitlines() if "registry_extract" in line)
    assert [cell.strip() for cell in bureau] == [
        *("registry_extract", "bureau", "new", "failed", "30 d", "0", "", "none yet", "now")
    ]
    late = "30 d LATE (over 5 d: ask its owner)"
    assert [cell.strip() for cell in city] == [
        *("registry_extract", "city", "full", "complete", "30 d", "3", "", late, "now")
    ]


def test_what_a_source_warns_of_is_told_by_the_night_by_the_table_and_by_the_doctor(tmp_path: Path) -> None:
    at, path, home = HEADER.index("经营范围"), tmp_path / "city.csv", tmp_path / "home"
    settings = f"{SETTINGS}[sources.registry_extract.series.city]\npath = '{path}'\nlisting = 'full'\n"
    path.write_bytes(extract(*range(20)))
    whole = scrapy(home, "nightly", "--now", NIGHT, settings=settings)
    assert "warning" not in whole.stdout
    assert "warned" not in scrapy(home, "doctor", "--now", NIGHT, settings=settings).stdout
    path.write_bytes(csv_of(HEADER, *((*row[:at], "", *row[at + 1 :]) for row in (firm(n) for n in range(20)))))
    poor = scrapy(home, "nightly", "--now", "2026-11-17T02:00+08:00", settings=settings)
    label, told = "registry_extract city/full", "fill of scope fell from 100 % to 0 % of items (median of 1 run)"
    assert f"  warning: {told}" in poor.stdout.splitlines()
    assert f"warning: {label}: {told}" in poor.stdout.splitlines()
    assert poor.exitcode == whole.exitcode == 0, "a warning is no failure"
    table = scrapy(home, "sources", "--now", "2026-11-17T04:30+08:00", settings=settings).stdout
    (row,) = (line.split("│")[1:-1] for line in table.splitlines() if "│ registry_extract" in line)
    assert [cell.strip() for cell in row[3:7]] == ["complete", "2 h", "20", "1"]
    assert table.splitlines()[-1] == f"{label}: {told}"
    doctor = scrapy(home, "doctor", "--now", "2026-11-17T04:30+08:00", settings=settings).stdout
    (finding,) = (line.split("│")[1:-1] for line in doctor.splitlines() if ", warned" in line)
    assert [cell.strip() for cell in finding] == ["note", f"{label}, warned", told]


def test_a_second_nightly_leaves_and_says_so(tmp_path: Path) -> None:
    with FileLock(tmp_path / "nightly.lock"):
        done = scrapy(tmp_path, "nightly")
    assert done.exitcode == 3
    assert f"another nightly is at work (lock: {tmp_path}/nightly.lock)" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_data_directory_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "nightly.lock").mkdir()
    done = scrapy(tmp_path, "nightly")
    assert done.exitcode == 1
    assert "error: " in done.stderr
    assert "nightly.lock" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["nightly", "sources"])
def test_without_a_source_one_is_told_where_to_drop_extracts(tmp_path: Path, command: str) -> None:
    done = scrapy(tmp_path, command)
    assert done.exitcode == 0
    assert f"{tmp_path}/inbox/full" in done.stdout


def test_a_source_that_hangs_is_stopped_and_the_others_have_their_night(hanging: Future[Done]) -> None:
    done = hanging.result()
    assert done.exitcode == 1
    assert "error: not well: registry_extract bureau/full was stopped after 1 minutes" in done.stderr
    outcomes = {manifest.series: manifest.outcome for manifest in manifests(done.home)}
    assert outcomes == {"bureau": Outcome.FAILED, "city": Outcome.COMPLETE}
    assert ": 3 firms" in done.stdout


def test_told_to_stop_a_night_lets_its_crawl_end_and_begins_nothing_more(tmp_path: Path) -> None:
    with HeldSite() as site:
        env = environment(tmp_path, site.settings)
        words = [sys.executable, "-m", "scrapy", "nightly"]
        night = subprocess.Popen(words, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        site.wait_until_asked()
        night.send_signal(signal.SIGTERM)
        site.release()
        _, said = night.communicate(timeout=PATIENCE)
    assert night.returncode == 1
    assert "error: told to stop before the night was over; what was read is loaded next time" in said
    assert [folder.finished for folder in run_folders(tmp_path)] == [True]
    assert pids(tmp_path) == []
    assert not (tmp_path / "putuo.duckdb").exists()
