"""The hand-over between rooms: a folder that is whole, or says that it is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler import clock
from crawler.run_folder import (
    FORMAT,
    Manifest,
    Outcome,
    RunFolder,
    RunFolderError,
    describe_file,
    last_manifest,
    manifests,
    new_run_folder,
    run_folders,
    runs_folder,
    write_atomically,
)
from tests.crawler.crawling import PATIENCE, ROOT, environment
from tests.crawler.scheduling import HeldSite

BEGAN = "2026-11-16T18:00:00.000000Z"


def finished(home: Path, name: str = "20261116T180000Z-0a1b2c", **said: Any) -> RunFolder:
    folder = RunFolder(runs_folder(home) / "registry_extract" / name)
    folder.path.mkdir(parents=True)
    folder.items.write_text('{"item_type": "registration"}\n', encoding="utf-8")
    facts: dict[str, Any] = {
        "run_id": folder.run_id,
        "source": "registry_extract",
        "outcome": Outcome.COMPLETE,
        "started_at": BEGAN,
        "finished_at": BEGAN,
        "files": {"items.jsonl": describe_file(folder.items)},
    }
    folder.write_manifest(Manifest(**facts | said))
    return folder


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = finished(tmp_path, series="city", counts={"items": 1}, next={"read": {"0f": "新设.csv"}})
    manifest = folder.read_manifest()
    assert manifest.outcome is Outcome.COMPLETE
    assert (manifest.series, manifest.counts, manifest.next) == ("city", {"items": 1}, {"read": {"0f": "新设.csv"}})
    folder.verify(manifest)


def test_a_manifest_takes_the_place_of_what_marks_a_run_in_progress(tmp_path: Path) -> None:
    folder = RunFolder(runs_folder(tmp_path) / "registry_extract" / "x")
    folder.path.mkdir(parents=True)
    folder.begin({"series": "city"})
    with folder.lock():
        assert folder.begun() == {"series": "city"}
        began: dict[str, Any] = {"source": "x", "started_at": BEGAN, "finished_at": BEGAN}
        folder.write_manifest(Manifest(run_id=folder.run_id, outcome=Outcome.FAILED, **began))
    assert [path.name for path in folder.path.iterdir()] == ["manifest.json"]


def test_fields_a_newer_program_added_are_passed_over(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    path = folder.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"mood": "fine"}), encoding="utf-8")
    assert folder.read_manifest().outcome == Outcome.COMPLETE


def _changed(**said: Any) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | said), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.unlink(), "has no manifest.json; the run did not finish"),
        (lambda path: path.write_text('{"format": 1,', encoding="utf-8"), "not JSON: "),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "not JSON: "),
        (lambda path: path.write_text("[1]", encoding="utf-8"), "has no format number"),
        (_changed(format="1"), "has no format number"),
        (_changed(format=FORMAT + 1), f"format {FORMAT + 1} is newer than this program's {FORMAT}; update the program"),
        (_changed(outcome="splendid"), "not as described: 'splendid' is not a valid Outcome"),
        (_changed(finished_at="yesterday"), "not as described: Invalid isoformat string"),
        (_changed(run_id="registry_extract/other"), "speaks of run 'registry_extract/other'; was the folder renamed"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, harm: Callable[[Path], object], told: str
) -> None:
    folder = finished(tmp_path)
    harm(folder.path / "manifest.json")
    with pytest.raises(RunFolderError) as refused:
        folder.read_manifest()
    assert str(folder.path) in str(refused.value)
    assert told in str(refused.value)


def test_a_file_changed_after_the_run_is_found_out(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    folder.items.write_text('{"item_type": "Registration"}\n', encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"items\.jsonl: was changed after the run finished"):
        folder.verify(folder.read_manifest())


def test_a_file_lost_after_the_run_is_found_out(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    folder.items.unlink()
    with pytest.raises(RunFolderError, match=r"items\.jsonl: missing, though the manifest lists it"):
        folder.verify(folder.read_manifest())


def test_folders_come_by_name_and_manifests_in_the_order_they_finished(tmp_path: Path) -> None:
    late = finished(tmp_path, "20261116T180000Z-aaaaaa", finished_at="2026-11-16T20:00:00.000000Z")
    early = finished(tmp_path, "20261116T190000Z-bbbbbb", finished_at="2026-11-16T19:01:00.000000Z")
    (runs_folder(tmp_path) / "registry_extract" / "stray.txt").touch()
    assert list(run_folders(tmp_path)) == [late, early]
    assert [manifest.run_id for manifest in manifests(tmp_path)] == [early.run_id, late.run_id]
    assert list(run_folders(tmp_path, "another")) == []


def test_the_last_run_of_a_series_is_told_from_those_of_others_and_from_failures(tmp_path: Path) -> None:
    good = finished(tmp_path, "1", series="city", listing="full")
    finished(tmp_path, "2", series="city", listing="full", outcome=Outcome.FAILED)
    finished(tmp_path, "3", series="bureau", listing="full")
    finished(tmp_path, "4", series="city", listing="new")
    (finished(tmp_path, "5", series="city", listing="full").path / "manifest.json").write_text("{", encoding="utf-8")
    found = last_manifest(tmp_path, "registry_extract", "city", "full", frozenset({Outcome.COMPLETE}))
    assert found
    assert found.run_id == good.run_id
    assert last_manifest(tmp_path, "registry_extract", "nobody", "full") is None


def test_two_runs_that_begin_together_have_different_folders(tmp_path: Path) -> None:
    began = clock.read_stamp(BEGAN)
    names = {new_run_folder(tmp_path, "registry_extract", began).path.name for _ in range(50)}
    assert len(names) == 50
    assert {name[:17] for name in names} == {"20261116T180000Z-"}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "manifest.json"
    write_atomically(path, "first")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "first"


@dataclass(frozen=True)
class Hanging:
    """A crawl that waits for the site's answer, and the folder it writes."""

    process: subprocess.Popen[bytes]
    site: HeldSite
    folder: RunFolder


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Hanging]:
    asked = ("-a", "listing=full", "-a", "series=city")
    with HeldSite("/robots.txt") as site:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "registry_extract", *asked, "-a", f"path={site.url}/gone"],
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            site.wait_until_asked()
            yield Hanging(process, site, next(run_folders(tmp_path)))
        finally:
            process.kill()
            process.wait()


def test_a_crawl_that_is_killed_leaves_a_folder_that_says_so(hanging: Hanging) -> None:
    process, folder = hanging.process, hanging.folder
    assert folder.is_running()
    assert not folder.finished
    process.kill()
    process.wait()
    assert not folder.is_running()
    assert not folder.finished
    assert folder.begun() == {"series": "city", "listing": "full"}
    with pytest.raises(RunFolderError, match="the run did not finish"):
        folder.read_manifest()


def test_a_crawl_that_is_asked_to_stop_says_that_it_did_not_end(hanging: Hanging) -> None:
    os.kill(hanging.process.pid, signal.SIGTERM)
    hanging.site.release()
    assert hanging.process.wait(timeout=PATIENCE) == 1
    manifest = hanging.folder.read_manifest()
    assert manifest.outcome == Outcome.FAILED
    assert "the crawl ended early (shutdown)" in manifest.reason


def test_a_folder_nobody_locked_is_not_running(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "registry_extract" / "x")
    assert not folder.is_running()
    assert folder.begun() == {}
