"""A run folder as a crawl wrote it, spoiled: refused by name whatever was done to it, and taken once it is mended.

What is done to folders that were made by hand is in tests/pipelines/test_load.py and tests/crawler/test_run_folder.py.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.run_folder import CAPTURE, ITEMS, MANIFEST, RunFolder
from pipelines.load import load
from pipelines.store.database import PUBLISHED_NAME
from tests.crawler.crawling import crawl
from tests.crawler.extracts import extract
from tests.faults.sound import opens_whole
from tests.pipelines.runs import Runs


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two crawls of an office's list."""
    home = tmp_path_factory.mktemp("crawled")
    for day, numbers in (("2026-11-16", range(1, 30)), ("2026-11-17", range(1, 40))):
        (home / f"{day}.csv").write_bytes(extract(*numbers))
        assert crawl(home, home / f"{day}.csv", "--now", f"{day}T02:00+08:00").exitcode == 0
    return home


@pytest.fixture
def home(crawled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(crawled, tmp_path / "home"))


def newest(home: Path) -> RunFolder:
    return RunFolder(max((home / "runs" / "registry_extract").iterdir(), key=lambda path: path.name))


def _cut(name: str) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return cut


def _one_byte(name: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        body = bytearray((folder / name).read_bytes())
        body[len(body) // 2] ^= 1
        (folder / name).write_bytes(body)

    return edit


def _newer(folder: Path) -> None:
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps(said | {"format": 99}), encoding="utf-8")


SPOILED: dict[str, tuple[Callable[[Path], None], str]] = {
    "items cut in half": (_cut(ITEMS), "was changed after the run finished"),
    "capture cut in half": (_cut(CAPTURE), "was changed after the run finished"),
    "one byte of the items changed": (_one_byte(ITEMS), "was changed after the run finished"),
    "one byte of the capture changed": (_one_byte(CAPTURE), "was changed after the run finished"),
    "manifest cut in half": (_cut(MANIFEST), "not JSON"),
    "capture lost": (lambda folder: (folder / CAPTURE).unlink(), "missing, though the manifest lists it"),
    "from a newer program": (_newer, "format 99 is newer than this program's"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_folder_is_refused_by_name_and_taken_once_it_is_mended(home: Path, tmp_path: Path, how: str) -> None:
    spoil, told = SPOILED[how]
    runs, folder = Runs(home), newest(home)
    shutil.copytree(folder.path, tmp_path / "kept")
    spoil(folder.path)
    refused = runs.load().refused
    assert list(refused) == [folder.run_id]
    assert str(folder.path) in refused[folder.run_id]
    assert told in refused[folder.run_id]
    assert runs.ask("SELECT count(*) FROM firms") == [(29,)]
    opens_whole(home)
    shutil.rmtree(folder.path)
    shutil.copytree(tmp_path / "kept", folder.path)
    assert [run.run_id for run in runs.load().added] == [folder.run_id]
    assert runs.ask("SELECT count(*) FROM firms") == [(39,)]


def test_a_folder_without_its_manifest_is_a_crashed_run_until_the_manifest_is_back(home: Path) -> None:
    runs, folder = Runs(home), newest(home)
    said = (folder.path / MANIFEST).read_bytes()
    (folder.path / MANIFEST).unlink()
    assert runs.load().refused == {}
    assert runs.ask(f"SELECT outcome FROM runs WHERE run_id = '{folder.run_id}'") == [("crashed",)]
    assert runs.ask("SELECT count(*) FROM firms") == [(29,)]
    (folder.path / MANIFEST).write_bytes(said)
    runs.load()
    assert runs.ask(f"SELECT outcome FROM runs WHERE run_id = '{folder.run_id}'") == [("complete",)]
    assert runs.ask("SELECT count(*) FROM firms") == [(39,)]


def test_a_folder_copied_under_another_name_is_refused_and_doubles_nothing(home: Path) -> None:
    runs, folder = Runs(home), newest(home)
    runs.load()
    before = opens_whole(home)
    copy = shutil.copytree(folder.path, folder.path.with_name(f"{folder.path.name}-copy"))
    elsewhere = shutil.copytree(folder.path, home / "runs" / "putuo_portal" / folder.path.name)
    refused = runs.load().refused
    assert set(refused) == {f"registry_extract/{copy.name}", f"putuo_portal/{elsewhere.name}"}
    assert all("was the folder renamed or copied?" in why for why in refused.values())
    assert opens_whole(home) == before


def test_a_folder_loaded_twice_from_two_places_is_one_run(home: Path, tmp_path: Path) -> None:
    """A folder that another machine sends a second time replaces itself and says nothing new."""
    runs, folder = Runs(home), newest(home)
    runs.load()
    before = opens_whole(home)
    shutil.copytree(folder.path, tmp_path / "sent again")
    shutil.rmtree(folder.path)
    shutil.copytree(tmp_path / "sent again", folder.path)
    assert runs.load().added == []
    assert opens_whole(home) == before


def test_the_order_in_which_spoiled_folders_were_mended_does_not_matter(home: Path, tmp_path: Path) -> None:
    """The older folder comes last: the database is the one of a fresh load."""
    runs, older = Runs(home), min((home / "runs" / "registry_extract").iterdir())
    shutil.move(older, tmp_path / "older")
    runs.load()
    shutil.move(tmp_path / "older", older)
    runs.load()
    fresh = tmp_path / "fresh"
    shutil.copytree(home / "runs", fresh / "runs")
    load(fresh, code_version="test", progress=lambda step, done, total: None)
    assert (fresh / PUBLISHED_NAME).exists()
    assert opens_whole(fresh) == opens_whole(home)
