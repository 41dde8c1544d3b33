"""A disk that is full at each write: one clear line, another exit code, and nothing lost once there is room."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.run_folder import ITEMS, MANIFEST, Outcome, RunFolder, run_folders
from tests.crawler.crawling import scrapy
from tests.crawler.extracts import extract
from tests.crawler.portal_scenes import crawl_site, whole_portal
from tests.faults.filling import Filled, Step, content, good_runs, pages, prepare
from tests.faults.small_disk import small_disk
from tests.replica.portal import PortalArticle, article_reply
from tests.replica.server import Asked, Replica, Reply, Route

KIB = 1024
NOW = ("--now", "2026-11-23T07:00+08:00")
FIRMS = 600
_BLOCK = 4_096  # bytes: what a tmpfs gives out
_LONG = "样本园区第一期启用。" * 600  # longer than any buffer on the way to the disk


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    """Each command that writes, and the data directory before it."""
    return made_steps(tmp_path_factory.mktemp("pristine"))


def made_steps(aside: Path) -> dict[str, Step]:
    first, second = aside / "first.csv", aside / "second.csv"
    first.write_bytes(extract(*range(1, FIRMS)))
    second.write_bytes(extract(*range(3, FIRMS + 40)))
    crawl = ("crawl", "registry_extract", "-a", "listing=full", "-a")
    baseline = (*crawl, f"path={first}", "--now", "2026-11-16T02:00+08:00")
    later = (*crawl, f"path={second}", "--now", "2026-11-17T02:00+08:00")
    load = ("load", *NOW)
    prepare(aside / "crawl", baseline)
    prepare(aside / "load", baseline, load, later)
    prepare(aside / "weekly", baseline, load, later, load)
    return {
        "crawl": Step(later, aside / "crawl", good_runs),
        "load": Step(load, aside / "load", content),
        "weekly": Step(("weekly", "--week", "2026-W47", *NOW), aside / "weekly", pages),
    }


@pytest.mark.parametrize(
    ("command", "rooms"),
    [
        ("crawl", (0, 64 * KIB, 520 * KIB)),
        ("load", (0, 2_048 * KIB)),
        ("weekly", (0, 16 * KIB)),
    ],
)
def test_a_command_on_a_full_disk_says_so_in_one_line_and_goes_on_when_there_is_room(
    steps: dict[str, Step], tmp_path: Path, command: str, rooms: tuple[int, ...]
) -> None:
    with small_disk(tmp_path / "small", 64) as disk:
        filled = Filled(disk, steps[command], tmp_path / "aside")
        attempts = [filled.attempt(room) for room in rooms]
    assert [attempt.exitcode for attempt in attempts] == [1] * len(rooms), attempts


def test_a_run_whose_manifest_alone_finds_no_room_counts_as_crashed(steps: dict[str, Step], tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 64) as disk:
        filled = Filled(disk, steps["crawl"], tmp_path / "aside")
        whole = max(run_folders(disk.path / "home"), key=lambda folder: folder.path.stat().st_mtime)
        blocks = sum(-(-file["bytes"] // _BLOCK) for file in whole.read_manifest().files.values())
        attempt = filled.attempt((blocks + 1) * _BLOCK)  # one more for the note that it began
        assert attempt.exitcode == 1
        crashed, good = _by_end(disk.path / "home")
        assert (len(crashed), len(good)) == (1, 2)
        assert crashed[0].items.stat().st_size == good[-1].items.stat().st_size, "all but the manifest was written"
        disk.make_room()
        assert scrapy(disk.path / "home", "load", *NOW).exitcode == 0


def test_what_was_read_and_not_written_is_read_again_by_the_next_crawl(tmp_path: Path) -> None:
    """The disk is full while articles come and has room again for the manifest: then nobody must think them read."""
    portal = whole_portal()
    portal.articles = [replace(one, paragraphs=(_LONG,)) if one.paragraphs else one for one in portal.articles]
    number = itertools.count(1)
    with small_disk(tmp_path / "small", 16) as disk:

        def page(article: PortalArticle) -> Route:
            def route(_: Asked) -> Reply:
                match next(number):
                    case 5:
                        disk.leave(0)
                    case 8:
                        time.sleep(1)  # until the pages before are through the feed
                        disk.make_room()
                return article_reply(article)

            return route

        portal.pages = {article.path: page(article) for article in portal.articles}
        with Replica(portal.routes()) as site:
            first = crawl_site(disk.path / "home", site)
        assert first.manifest.outcome == Outcome.FAILED
        assert ITEMS not in first.manifest.files, "it may hold half a line, for which a load would refuse the run"
        assert "is the disk full?" in first.manifest.reason
        assert "cannot write: [Errno 28] No space left on device" in first.stderr
        assert "Traceback" not in first.stderr
        portal.pages = {}
        with Replica(portal.routes()) as site:
            second = crawl_site(disk.path / "home", site, at="05:00")
            whole = crawl_site(tmp_path / "undisturbed", site)
        assert second.manifest.outcome == Outcome.COMPLETE, second.manifest.reason
        assert {item["article_id"] for item in second.items} == {item["article_id"] for item in whole.items}
        loaded = scrapy(disk.path / "home", "load", *NOW)
        assert loaded.exitcode == 0, loaded.stdout


def _by_end(home: Path) -> tuple[list[RunFolder], list[RunFolder]]:
    folders = sorted(run_folders(home), key=lambda folder: folder.path.stat().st_mtime)
    return (
        [folder for folder in folders if not (folder.path / MANIFEST).exists()],
        [folder for folder in folders if (folder.path / MANIFEST).exists()],
    )
