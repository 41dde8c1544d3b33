"""A list too long for one night is read over several, by real crawls: each goes on where the last was verified."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from crawler.run_folder import Manifest, Outcome, RunFolder, run_folders
from tests.crawler.crawling import PATIENCE, ROOT, SETTINGS, Done, environment, scrapy, together
from tests.crawler.replaying import read_again
from tests.replica.server import Asked, Replica, Reply

HOST = "xuke.yjj.sh.gov.cn"
PATH = "/AppRoveManage/selectLicense/selectData"
PAGES, SIZE, SLICE = 45, 10, 15
FIRST_NIGHT = date(2026, 11, 2)


@dataclass(slots=True)
class Dealers:
    """The list of device dealers; `answers` says what a page answers in place of its rows, and forgets it then."""

    rows: list[dict[str, Any]] = field(default_factory=lambda: [_row(number) for number in range(PAGES * SIZE)])
    answers: dict[int, Callable[[], Reply]] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def route(self, asked: Asked) -> Reply:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        assert (form["pageName"], form["pageSize"], form["groupSize"]) == ("apparatusDealList", "10", "8")
        number = int(form["currentPage"])
        self.asked.append(number)
        if number in self.answers:
            return self.answers.pop(number)()
        rows = self.rows[(number - 1) * SIZE : number * SIZE]
        body = json.dumps({"rowData": rows, "totalPage": -(-len(self.rows) // SIZE)}, ensure_ascii=False)
        return Reply(body.encode(), headers={"Content-Type": "application/json;charset=UTF-8"})


def _row(number: int) -> dict[str, Any]:
    return {
        "ZSID": f"{number:032x}",
        "QYMC_ZW": f"上海桦序{number}医疗器械有限公司",
        "ZSBH": f"沪普药监械经营许2026{number:04}号",
        "JYCS": f"上海市普陀区样本路{number}号",
        "QFRQ": 1791734400000,
        "YXQZ": 1949414400000,
    }


@dataclass(frozen=True, slots=True)
class Night:
    """One night's slice: how it ended, and the pages it asked."""

    folder: RunFolder
    asked: list[int]

    @property
    def manifest(self) -> Manifest:
        return self.folder.read_manifest()


@dataclass(slots=True)
class Nights:
    """Nights on one data directory, counted from 0."""

    home: Path
    site: Replica
    dealers: Dealers
    nights: list[Night] = field(default_factory=list)

    @property
    def words(self) -> tuple[str, ...]:
        now = f"{FIRST_NIGHT + timedelta(days=len(self.nights))}T02:00:00+08:00"
        pages = f"pages={SLICE}"
        return ("crawl", "mpa_device_dealers", "-a", pages, "--now", now, "-s", "RETRY_TIMES=0")

    @property
    def settings(self) -> str:
        return f'{SETTINGS}[crawl.stand_ins]\n"{HOST}" = "{self.site.url()}"\n'

    def sleep(self, many: int = 1) -> None:
        for _ in range(many):
            self.dealers.asked.clear()
            done: Done = scrapy(self.home, *self.words, settings=self.settings)
            self.nights.append(Night(done.folder, list(self.dealers.asked)))

    def killed(self, page: int) -> None:
        """A night whose process is killed while it waits for a page."""
        reached, gone = threading.Event(), threading.Event()

        def hang() -> Reply:
            reached.set()
            gone.wait(PATIENCE)
            return Reply(mute=True)

        self.dealers.asked.clear()
        self.dealers.answers[page] = hang
        words = [sys.executable, "-m", "scrapy", *self.words]
        with subprocess.Popen(
            words, cwd=ROOT, env=environment(self.home, self.settings), stderr=subprocess.DEVNULL
        ) as process:
            assert reached.wait(PATIENCE)
            process.kill()
            process.wait(PATIENCE)
        gone.set()
        self.nights.append(Night(list(run_folders(self.home))[-1], list(self.dealers.asked)))

    @property
    def numbers(self) -> set[str]:
        """The numbers of all licences that runs which count have read."""
        told = [night.folder.items.read_text(encoding="utf-8") for night in self.nights if night.folder.finished]
        return {json.loads(line)["number"] for text in told for line in text.splitlines()}


def _undisturbed(nights: Nights) -> None:
    nights.sleep(5)


def _changed_by_day(nights: Nights) -> None:
    nights.sleep()
    del nights.dealers.rows[40:47]  # pulls up what stands at the seam
    nights.sleep()
    nights.dealers.rows[:0] = [_row(number) for number in range(1000, 1025)]
    nights.sleep(3)


def _blocked(nights: Nights) -> None:
    nights.sleep()
    nights.dealers.answers[20] = lambda: Reply(b"no", 403)
    nights.sleep(4)


def _killed(nights: Nights) -> None:
    nights.sleep()
    nights.killed(20)
    nights.sleep(3)


SCENES = {"undisturbed": _undisturbed, "changed by day": _changed_by_day, "blocked": _blocked, "killed": _killed}


def _play(scene: Callable[[Nights], None]) -> Callable[[Path], Nights]:
    def play(home: Path) -> Nights:
        dealers = Dealers()
        with Replica({PATH: dealers.route}) as site:
            nights = Nights(home, site, dealers)
            scene(nights)
        return nights

    return play


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Nights]:
    scenes = {name: _play(scene) for name, scene in SCENES.items()}
    return together(scenes, tmp_path_factory.mktemp("nights"))


def _stretch(first: int, last: int) -> list[int]:
    """The pages asked where a stretch is read: its last is looked at early, its first once more."""
    return [first, last, *range(first + 1, last + 1), first]


def test_each_night_goes_on_where_the_last_one_ended(played: dict[str, Nights]) -> None:
    nights = played["undisturbed"].nights
    assert [night.asked for night in nights] == [
        _stretch(1, 13),
        _stretch(13, 25),
        _stretch(25, 37),
        [*_stretch(37, 45), 1],  # and whether anything was put to the top meanwhile
        [],
    ]
    assert [night.manifest.outcome for night in nights] == [*[Outcome.COMPLETE] * 4, Outcome.EMPTY_ALLOWED]
    assert nights[-1].manifest.reason == "the last sweep is over; the next begins on 2026-11-30"


def test_all_slices_name_one_sweep_and_the_closing_one_says_that_everything_was_listed(
    played: dict[str, Nights],
) -> None:
    manifests = [night.manifest for night in played["undisturbed"].nights]
    assert {manifest.sweep for manifest in manifests[:4]} == {manifests[0].next["sweep"]}
    assert manifests[0].sweep == manifests[0].started_at
    assert [manifest.lists_everything for manifest in manifests] == [False, False, False, True, False]
    assert manifests[4].sweep == ""
    assert played["undisturbed"].numbers == {row["ZSBH"] for row in played["undisturbed"].dealers.rows}


def test_a_row_is_told_once_a_night_though_its_page_is_looked_at_twice(played: dict[str, Nights]) -> None:
    first = played["undisturbed"].nights[0].manifest
    assert (first.counts["items"], first.listed["records"], first.counts["requests"]) == (130, 150, 16)


def test_a_slice_that_is_read_again_is_the_same_slice_of_the_same_sweep(played: dict[str, Nights]) -> None:
    for night in played["undisturbed"].nights[:2]:
        replayed = read_again(played["undisturbed"].home, night.folder)
        assert (replayed.outcome, replayed.reads_the_same) == (Outcome.COMPLETE, True)


def test_rows_that_came_and_left_by_day_leave_no_gap(played: dict[str, Nights]) -> None:
    nights = played["changed by day"]
    closing = [night.manifest for night in nights.nights if night.manifest.lists_everything]
    assert len(closing) == 1
    lasting = {row["ZSBH"] for row in nights.dealers.rows if row["ZSBH"] < "沪普药监械经营许20261000号"}
    assert lasting <= nights.numbers


def test_a_slice_that_was_turned_away_is_read_again_from_where_the_one_before_was_verified(
    played: dict[str, Nights],
) -> None:
    nights = played["blocked"].nights
    assert nights[1].asked == [13, 25, *range(14, 21)]
    blocked = nights[1].manifest
    assert (blocked.outcome, blocked.reason) == (
        Outcome.PARTIAL,
        f"blocked after 80 items: {HOST} forbids us (403)",
    )
    assert (blocked.next["page"], blocked.next["tries"]) == (14, 1)
    assert nights[2].asked == _stretch(13, 25)
    assert [night.manifest.lists_everything for night in nights] == [False, False, False, False, True]
    assert len({night.manifest.sweep for night in nights}) == 1


def test_a_slice_that_was_killed_is_read_again_from_where_the_one_before_was_verified(
    played: dict[str, Nights],
) -> None:
    nights = played["killed"].nights
    assert nights[1].asked == [13, 25, *range(14, 21)]
    assert not nights[1].folder.finished
    assert not nights[1].folder.is_running()
    assert nights[2].asked == _stretch(13, 25)
    assert [nights[at].manifest.lists_everything for at in (0, 2, 3, 4)] == [False, False, False, True]
    assert len({nights[at].manifest.sweep for at in (0, 2, 3, 4)}) == 1
    assert played["killed"].numbers == {row["ZSBH"] for row in played["killed"].dealers.rows}
