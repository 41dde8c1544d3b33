"""A command that was forked with everything imported does what one begun anew does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.crawler.crawling import CONTACT, SETTINGS, Done, environment, scrapy, scrapy_anew, warm_start
from tests.crawler.extracts import extract

CALLS = (
    ("crawl", "registry_extract", "-a", "path=list.csv", "-a", "listing=full"),
    ("crawl", "registry_extract", "-a", "path=nothing.csv", "-a", "listing=full"),
    ("crawl", "no_such_source"),
    ("nonsense",),
    ("load",),
    ("sources", "--now", "a day"),
)


def without_time_and_place(done: Done) -> tuple[int, list[str]]:
    """What it said, but for the moment, the folder and the file."""
    said = (done.stdout + done.stderr).replace(str(done.home), "HOME")
    said = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]+|\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?", "NOW", said)
    return done.exitcode, said.splitlines()


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_it_says_the_same_and_ends_the_same(words: tuple[str, ...], tmp_path: Path) -> None:
    done = []
    for how in (scrapy, scrapy_anew):
        home = tmp_path / how.__name__
        home.mkdir()
        (home / "list.csv").write_bytes(extract(1, 2, 3))
        done.append(how(home, *(word.replace("path=", f"path={home}/") for word in words)))
    warm, anew = map(without_time_and_place, done)
    assert warm == anew


def test_each_reads_its_own_monitor_toml(tmp_path: Path) -> None:
    said = []
    for contact in (CONTACT, "another@example.org"):
        done = scrapy(tmp_path, "settings", "--get", "USER_AGENT", settings=SETTINGS.replace(CONTACT, contact))
        said.append(done.stdout.partition(" ")[2])
    assert said == [f"(+mailto:{CONTACT})\n", "(+mailto:another@example.org)\n"]


def test_one_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file, pytest.raises(TimeoutError):
        warm_start().run(("schedule",), environment(tmp_path / "home"), file, file, patience=0.5)
