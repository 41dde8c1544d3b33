"""`scrapy replay` as a person calls it: what it says, what it leaves behind, and how it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.run_folder import run_folders
from tests.crawler.crawling import PATIENCE, ROOT, Done, crawl, environment, scrapy
from tests.crawler.extracts import extract
from tests.crawler.replaying import LATER, copy_of, everything, program
from tests.crawler.scheduling import pids, until
from tests.replica.changes import GO

WORDS = ("replay", "--source", "registry_extract")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls of a full list and one that found nothing new; the folder they read is gone."""
    home = tmp_path_factory.mktemp("two") / "home"
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    for day, numbers in ((16, (1, 2, 3)), (17, (1, 2, 4)), (18, ())):
        if numbers:
            (inbox / f"{day}.csv").write_bytes(extract(*numbers))
        assert crawl(home, inbox, "--now", f"2026-11-{day}T02:00+08:00").exitcode == 0
        (inbox / "16.csv").unlink(missing_ok=True)
    (inbox / "17.csv").unlink()
    return home


@pytest.fixture
def home(two: Path, tmp_path: Path) -> Path:
    return copy_of(two, tmp_path / "home")


def replay(home: Path, *words: str, change: str = "none", now: str = LATER) -> Done:
    with program(change):
        return scrapy(home, "replay", *words, "--now", now)


def test_all_crawls_of_a_source_are_read_again_and_then_read_the_same(home: Path) -> None:
    first, second, third = (folder.run_id for folder in run_folders(home))
    tried = replay(home, *WORDS[1:], "--dry-run", change="capital in cents")
    assert tried.exitcode == 0, tried.stderr
    left_out, *would_be = tried.stdout.splitlines()
    why = f"1 runs cannot be read again; the last of them, {third}: it kept nothing (empty_allowed: no new extract in "
    assert left_out.startswith(f"registry_extract: {why}")
    assert would_be == [
        f"{run_id}: would be complete: 0 same, 3 changed, 0 new, 0 gone (capital 3)" for run_id in (first, second)
    ]
    assert len(everything(home)) == 3

    done = replay(home, *WORDS[1:], change="capital in cents")
    assert done.exitcode == 0, done.stderr
    replays = [run for run in everything(home) if run.supersedes]
    assert [run.supersedes for run in replays] == [first, second]
    assert len({run.replayed_at for run in replays}) == 1  # one call, one instant
    told = done.stdout.splitlines()[1:]
    for line, run in zip(told, replays, strict=False):
        assert line == (
            f"{run.supersedes}: complete: 0 same, 3 changed, 0 new, 0 gone (capital 3) → {home / 'runs' / run.run_id}"
        )
    assert told[2:] == ["next: scrapy load"]
    assert "replay: runs 2 of 2" in done.stderr

    again = replay(
        home, replays[0].run_id, first, change="capital in cents", now="2026-12-02"
    )  # one crawl, named twice
    assert (again.exitcode, again.stdout) == (0, f"{first}: reads the same (3 items)\n")
    assert not (home / "replaying").exists()


def test_what_is_refused_is_told_and_does_not_keep_the_others_from_being_read(home: Path) -> None:
    first, second, nothing_new = run_folders(home)
    first.items.write_bytes(b"")
    done = replay(home, first.run_id, str(second.path), nothing_new.run_id)
    assert done.exitcode == 1
    damaged, same, kept_nothing = done.stdout.splitlines()
    assert damaged.startswith(f"REFUSED {first.run_id}: {first.items}: was changed after the run finished")
    assert same == f"{second.run_id}: reads the same (3 items)"
    assert kept_nothing.startswith(f"REFUSED {nothing_new.run_id}: it kept nothing (empty_allowed: no new extract in ")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "say which runs: one or more RUN, or --source ID"),
        (("--source", "registry_extract", "registry_extract/2026"), "say which runs"),
        (("registry_extract/2025",), "is called 'registry_extract/2025'"),
        (("registry_extract/2026",), "may be any of 3 runs"),
        (("--source", "nothing"), "no run of a source 'nothing'"),
        (("--now", "yesterday", "--source", "registry_extract"), "--now 'yesterday' is not an ISO 8601 time"),
    ],
)
def test_a_mistake_in_the_call_is_told_and_nothing_is_done(two: Path, words: tuple[str, ...], why: str) -> None:
    done = scrapy(two, "replay", *words)
    assert done.exitcode == 2
    assert why in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


class Waiting:
    """A replay at work on its first run, which it ends only after `go`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._go = home / "go"
        with program("waits", **{GO: str(self._go)}):
            surroundings = environment(home)
            words = [sys.executable, "-m", "scrapy", *WORDS, "--now", LATER]
            self.process = subprocess.Popen(words, cwd=ROOT, env=surroundings, stderr=subprocess.PIPE, text=True)
        until(self._go.with_suffix(".waits").exists, "the reading of the first run")

    def go(self) -> str:
        """Lets it go on; returns what it complained of once all its processes are gone."""
        self._go.touch()
        _, complaint = self.process.communicate(timeout=PATIENCE)
        until(lambda: not pids(self.home), "the end of its child")
        return complaint


def test_a_second_replay_leaves_at_once_and_a_killed_one_leaves_no_run(home: Path) -> None:
    before = everything(home)
    waiting = Waiting(home)
    second = replay(home, *WORDS[1:])
    assert second.exitcode == 3
    assert "error: another replay is at work" in second.stderr
    waiting.process.kill()
    waiting.go()
    assert list((home / "replaying").glob("*/*"))
    assert everything(home) == before
    assert sorted(path.name for path in home.iterdir() if path.is_dir()) == ["inbox", "replaying", "runs"]
    after = replay(home, *WORDS[1:])
    assert (after.exitcode, after.stdout.count("reads the same")) == (0, 2)
    assert not (home / "replaying").exists()


def test_a_replay_that_is_told_to_stop_leaves_in_good_order(home: Path) -> None:
    before = everything(home)
    waiting = Waiting(home)
    waiting.process.send_signal(signal.SIGTERM)
    assert "told to stop; what was read again until then stands" in waiting.go()
    assert waiting.process.returncode == 1
    assert everything(home) == before
    assert not (home / "replaying").exists()
