"""What is read of a path: a file always, a folder's new files once, of full lists the newest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.platforms.drop_folder import Drop, look
from crawler.run_folder import Outcome
from tests.crawler.crawling import Done, crawl
from tests.crawler.extracts import extract


def drop(folder: Path, **files: bytes) -> None:
    folder.mkdir(exist_ok=True)
    for name, body in files.items():
        (folder / name.replace("_", ".")).write_bytes(body)


def names(found: object) -> list[str]:
    assert isinstance(found, Drop)
    return [file.name for file in found.files]


def remembered(found: object) -> dict[str, str]:
    assert isinstance(found, Drop)
    return found.remember


def test_a_file_that_is_named_is_read_every_time_and_leaves_the_folders_memory_alone(tmp_path: Path) -> None:
    drop(tmp_path, a_csv=b"x")
    found = look(tmp_path / "a.csv", "new", {"sha": "other.csv"})
    assert found == Drop((tmp_path / "a.csv",), {"sha": "other.csv"})


def test_a_folder_of_new_firms_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    drop(tmp_path, b_csv=b"b", a_xlsx=b"a", c_TXT=b"c")
    assert names(look(tmp_path, "new", {})) == ["a.xlsx", "b.csv", "c.TXT"]


def test_of_new_firms_only_files_not_read_before_are_read(tmp_path: Path) -> None:
    drop(tmp_path, a_csv=b"a")
    before = remembered(look(tmp_path, "new", {}))
    drop(tmp_path, b_csv=b"b")
    assert names(look(tmp_path, "new", before)) == ["b.csv"]


def test_a_file_is_known_by_its_bytes_not_by_its_name(tmp_path: Path) -> None:
    drop(tmp_path, a_csv=b"a")
    before = remembered(look(tmp_path, "new", {}))
    (tmp_path / "a.csv").rename(tmp_path / "renamed.csv")
    assert look(tmp_path, "new", before) == (
        Outcome.EMPTY_ALLOWED,
        f"no new extract in {tmp_path} since the last complete run",
    )
    drop(tmp_path, renamed_csv=b"changed")
    assert names(look(tmp_path, "new", before)) == ["renamed.csv"]


def test_of_a_folder_of_full_lists_the_newest_is_read_and_only_once(tmp_path: Path) -> None:
    """Two months read as one list would contradict each other, and nobody would ever leave."""
    drop(tmp_path, b_csv=b"october", a_csv=b"november")
    os.utime(tmp_path / "b.csv", (1_000, 1_000))
    found = look(tmp_path, "full", {})
    assert names(found) == ["a.csv"]
    assert not isinstance(look(tmp_path, "full", remembered(found)), Drop)
    drop(tmp_path, c_csv=b"december")
    assert names(look(tmp_path, "full", remembered(found))) == ["c.csv"]


def test_what_is_no_extract_is_passed_over(tmp_path: Path) -> None:
    drop(tmp_path, a_csv=b"a", a_pdf=b"", a_csv_part=b"")
    for name in (".hidden.csv", "~$a.xlsx", ".~lock.a.csv#", "folder.csv"):
        (tmp_path / name).mkdir() if name == "folder.csv" else (tmp_path / name).write_bytes(b"x")
    assert names(look(tmp_path, "new", {})) == ["a.csv"]


def test_an_empty_folder_may_be_and_a_missing_one_may_not(tmp_path: Path) -> None:
    assert look(tmp_path, "new", {}) == (Outcome.EMPTY_ALLOWED, f"no extract in the drop folder {tmp_path}")
    gone = tmp_path / "gone"
    assert look(gone, "new", {}) == (Outcome.FAILED, f"no such file or folder: {gone}")


DIFFICULT = "新设 企业#1 100%?.csv"


class Nights:
    """Three nights of one drop folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "inbox"
        drop(self.folder, a_csv=extract(1, 2))
        self.first = self._crawl(home)
        (self.folder / DIFFICULT).write_bytes(extract(3))
        self.second = self._crawl(home)
        self.third = self._crawl(home)
        self.other_series = self._crawl(home, "-a", "series=other")

    def _crawl(self, home: Path, *words: str) -> Done:
        done = crawl(home, self.folder, *words, listing="new")
        return Done(done.exitcode, done.stdout, done.stderr, home)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return Nights(tmp_path_factory.mktemp("nights"))


def test_a_new_file_is_read_once(nights: Nights) -> None:
    first_words = [done.stdout.split(" items")[0] for done in (nights.first, nights.second, nights.third)]
    assert first_words == ["complete: 2", "complete: 1", "empty_allowed: 0"]
    assert "no new extract" in nights.third.stdout
    assert "next: nothing to load" in nights.third.stdout


def test_a_file_may_have_any_name(nights: Nights) -> None:
    assert DIFFICULT in nights.other_series.manifest.next["read"].values()


def test_a_series_remembers_only_what_it_read_itself(nights: Nights) -> None:
    assert nights.other_series.stdout.startswith("complete: 3 items")
    assert nights.other_series.manifest.series == "other"


def test_a_list_of_new_firms_says_nothing_of_those_not_on_it(nights: Nights) -> None:
    assert not nights.other_series.manifest.lists_everything
