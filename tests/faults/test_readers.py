"""People read while the night publishes: always a whole file, always one night's, and nobody waits for anybody."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.store.database import PUBLISHED_NAME
from tests.crawler.crawling import ROOT
from tests.faults.reading import Publisher, look, publish_and_read
from tests.faults.small_disk import small_disk
from tests.pipelines.runs import Runs, firm

# Opens the file, reads half of a result, tells what it saw, waits for a line, then reads the rest and asks again.
_LONG_READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
connection.execute("SET enable_progress_bar = false")
rows = connection.execute("SELECT a.uscc, b.uscc FROM firms a, firms b, range(50) ORDER BY ALL")
read = len(rows.fetchmany(10))
print(read, flush=True)
sys.stdin.readline()
while batch := rows.fetchmany(10_000):
    read += len(batch)
((digest,),) = connection.execute("SELECT content_hash FROM release").fetchall()
((firms,),) = connection.execute("SELECT count(*) FROM firms").fetchall()
print(read, firms, digest, flush=True)
sys.stdin.readline()
"""
_SCRIBBLER = """
import os, sys, duckdb
if len(sys.argv) > 2:
    os.setuid(int(sys.argv[2]))
connection = duckdb.connect(sys.argv[1])
print("opened", flush=True)
sys.stdin.readline()
connection.execute("CREATE TABLE main.scribble AS SELECT range AS i FROM range(1000)")
print("wrote", flush=True)
sys.stdin.readline()
os._exit(1)
"""


@contextmanager
def process(code: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that is told to go on line by line."""
    pipe = subprocess.PIPE
    asked = [sys.executable, "-c", code, *words]
    with subprocess.Popen(asked, cwd=ROOT, text=True, stdin=pipe, stdout=pipe, stderr=pipe) as running:
        try:
            yield running
        finally:
            running.kill()


def told(running: subprocess.Popen[str], go_on: bool = True) -> str:
    """Its next line, after it was told to go on."""
    assert running.stdin is not None
    assert running.stdout is not None
    if go_on:
        running.stdin.write("\n")
        running.stdin.flush()
    return running.stdout.readline().strip()


def test_readers_who_open_it_while_it_is_replaced_see_one_whole_night_each_time(tmp_path: Path) -> None:
    """The long run, 1,000 opens during 200 publishes: `python -m tests.bench.faults readers`."""
    seen = publish_and_read(tmp_path, publishes=15, opens=100, nights=4)
    assert seen.errors == []
    assert seen.mixed == []
    assert len(seen.views) >= 100
    assert seen.nights >= 4


def test_a_reader_who_holds_it_open_for_a_whole_night_keeps_his_and_gives_the_disk_back(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 128) as disk:
        home = disk.path / "home"
        home.mkdir()
        publisher = Publisher(home)
        first = publisher.publish()
        with process(_LONG_READER, str(home / PUBLISHED_NAME)) as reader:
            assert told(reader, go_on=False) == "10"
            for _ in range(4):
                newest = publisher.publish()  # waits for nobody: he reads on only when he is told
                assert look(home) == newest, "who opens it now sees the new one"
            assert told(reader) == f"{first.firms * first.firms * 50} {first.firms} {first.content_hash}"
            held = disk.free
        assert disk.free > held, "the old file is gone when its last reader is"
        assert look(home) == newest


def test_who_opens_it_for_writing_is_refused(tmp_path: Path) -> None:
    """Its mode says so to everyone but root."""
    if os.geteuid() != 0:
        publisher = Publisher(tmp_path)
        publisher.publish()
        with process(_SCRIBBLER, str(tmp_path / PUBLISHED_NAME)) as running:
            assert "Permission denied" in running.communicate()[1]
        return
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        home = Path(name)
        home.chmod(0o777)
        Publisher(home).publish()
        with process(_SCRIBBLER, str(home / PUBLISHED_NAME), "65534") as running:
            assert "Permission denied" in running.communicate()[1]
        assert look(home).runs == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can open it for writing at all")
def test_what_root_wrote_into_it_by_mistake_is_gone_with_the_next_publish(tmp_path: Path) -> None:
    """The loader does not wait for him, and what he left behind reaches nobody's view."""
    runs = Runs(tmp_path)
    runs.add(firm(1))
    runs.load()
    with process(_SCRIBBLER, str(tmp_path / PUBLISHED_NAME)) as running:
        assert told(running, go_on=False) == "opened"
        runs.add(firm(1), firm(2))
        runs.load()
        assert runs.ask("SELECT count(*) FROM firms") == [(2,)]
        assert told(running) == "wrote"  # into the file that is no more, but its log lies beside the new one
        assert (tmp_path / f"{PUBLISHED_NAME}.wal").exists()
        runs.add(firm(1), firm(2), firm(3))
        runs.load()
        assert runs.ask("SELECT count(*) FROM firms") == [(3,)]
    assert runs.ask("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'scribble'") == [(0,)]
