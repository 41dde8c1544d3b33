"""Publishing: a whole new file or the last one, and nothing taken from analysts without a word."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from crawler.run_folder import RunFolder
from pipelines.load import Loaded, load
from pipelines.losses import LastFileError, read_last
from pipelines.publish import UNREADABLE_NAME, PublishError, check
from pipelines.store.database import PUBLISHED_NAME, open_store
from tests.crawler.crawling import scrapy
from tests.pipelines.runs import DEVICES, Runs, article, capital, code, firm, licence, published, registered
from tests.pipelines.stores import unpack


def rebuild(runs: Runs, *, accept_loss: bool = False) -> Loaded:
    return load(runs.home, code_version="test", progress=lambda *told: None, again=True, accept_loss=accept_loss)


def two_nights(runs: Runs) -> RunFolder:
    """A baseline, and a night in which firm 2 arrives and firm 1 grows; returns the second."""
    runs.add(firm(1))
    second = runs.add(firm(1, **capital(900)), firm(2, **registered("2026-11-02")))
    runs.news(article(7, "旧闻", "一条旧闻。", **published("2026-09-01")), day=1)
    runs.load()
    return second


def as_published(runs: Runs) -> tuple[int, bytes]:
    """The file itself, and its bytes."""
    path = runs.home / PUBLISHED_NAME
    return path.stat().st_ino, path.read_bytes()


def left_over(home: Path) -> list[str]:
    """Files that a load makes and should take away again."""
    return [path.name for path in home.iterdir() if path.name.startswith(".") or path.name.endswith(".wal")]


def test_a_rebuild_without_a_run_folder_is_not_published_and_says_what_would_be_lost(runs: Runs) -> None:
    gone = two_nights(runs)
    before = as_published(runs)
    shutil.rmtree(gone.path)
    with pytest.raises(PublishError) as refused:
        rebuild(runs)
    told = str(refused.value).splitlines()
    assert told[0].startswith("nothing was published: 1 run, 1 firm and 2 events of the last published file (")
    assert told[1:4] == [
        f"  runs: {gone.run_id}: no such folder",
        "  firms: 上海桦序2医疗器械有限公司",
        "  events: capital_raised of 上海桦序1医疗器械有限公司; registered of 上海桦序2医疗器械有限公司",
    ]
    assert told[4] == "  perhaps: run folders are gone or were changed: bring them back, then `scrapy load`"
    assert told[-1].endswith("If this is meant: scrapy load --accept-loss")
    assert as_published(runs) == before
    assert left_over(runs.home) == []


def test_a_refusal_stands_until_the_folder_is_back_or_the_loss_is_accepted(runs: Runs, tmp_path: Path) -> None:
    gone = two_nights(runs)
    shutil.move(gone.path, tmp_path / "elsewhere")
    with pytest.raises(PublishError):
        rebuild(runs)
    with pytest.raises(PublishError):
        runs.load()
    shutil.move(tmp_path / "elsewhere", gone.path)
    assert runs.load().published is not None
    assert runs.events() == [("capital_raised", code(1)), ("registered", code(2))]
    shutil.rmtree(gone.path)
    done = rebuild(runs, accept_loss=True).published
    assert done is not None
    assert done.notes == ("accepted: the new file is without 1 run, 1 firm and 2 events",)
    assert runs.events() == []
    again = runs.load().published
    assert again is not None
    assert again.notes == (), "what was accepted once is not asked again"


def test_a_refused_run_is_named_with_its_reason(runs: Runs) -> None:
    spoilt = two_nights(runs)
    spoilt.items.write_text(spoilt.items.read_text(encoding="utf-8").replace("900", "950"), encoding="utf-8")
    with pytest.raises(PublishError, match=f"runs: {spoilt.run_id}: .*was changed after the run finished"):
        rebuild(runs)


def test_a_data_directory_that_lost_its_runs_keeps_what_is_published(runs: Runs) -> None:
    """The disk with the run folders is not mounted, and somebody calls rebuild."""
    two_nights(runs)
    before = as_published(runs)
    shutil.rmtree(runs.home / "runs")
    with pytest.raises(PublishError, match="3 runs, 2 firms, 2 events and 1 article of the last published file"):
        rebuild(runs)
    assert as_published(runs) == before


def test_of_many_losses_five_are_named_and_the_rest_is_counted(runs: Runs) -> None:
    runs.add(firm(1))
    gone = runs.add(*(firm(number) for number in range(1, 10)))
    runs.load()
    shutil.rmtree(gone.path)
    with pytest.raises(PublishError, match=r"firms: (上海桦序\d医疗器械有限公司; ){5}and 3 more\n"):
        rebuild(runs)


def test_an_older_run_that_comes_late_is_named_when_it_takes_news_back(runs: Runs) -> None:
    runs.add(firm(1), day=1)
    runs.add(firm(1), firm(2), day=2)
    runs.load()
    late = runs.add(firm(1), firm(2), day=0)
    with pytest.raises(PublishError, match=f"registered of [^\n]*\n  perhaps: an older run came late.*{late.run_id}"):
        runs.load()
    assert runs.load(accept_loss=True).published is not None
    assert ("registered", code(2)) not in runs.events()


def test_another_program_is_named_as_what_came_between(runs: Runs) -> None:
    gone = two_nights(runs)
    shutil.rmtree(gone.path)
    with pytest.raises(PublishError, match=r"made by version test \(rules .*\), this one by version 9\.9 \(rules"):
        load(runs.home, code_version="9.9", progress=lambda *told: None, again=True)


def test_what_a_replay_reads_otherwise_is_taken_back_and_not_lost(runs: Runs) -> None:
    """The first reader took a misprint for a firm; the better one puts the row aside."""
    runs.add(firm(1))
    misread = runs.add(firm(1, **capital(900)), firm(2))
    page = runs.news(article(7, "旧闻"), article(8, "误读"))
    runs.load()
    assert runs.events() == [("capital_raised", code(1)), ("registered", code(2))]
    runs.add(firm(1), supersedes=misread, replayed=5)
    runs.news(article(7, "旧闻"), supersedes=page, replayed=5)
    done = runs.load().published
    assert done is not None
    assert (done.notes, done.firms) == ((), 1)
    assert runs.events() == []


def test_a_decision_and_new_runs_that_lose_nothing_pass_in_silence(runs: Runs) -> None:
    two_nights(runs)
    decision = {"kind": "label", "uscc": code(1), "grade": "none", "sub_sector": "none"}
    decision |= {"who": "analyst", "when": "2026-11-05T10:00:00+08:00", "why": "sells furniture"}
    (runs.home / "decisions.jsonl").write_text(json.dumps(decision) + "\n", encoding="utf-8")
    runs.add(firm(1, **capital(900), scope=DEVICES + "；医学研究和试验发展"), firm(2), firm(3))
    done = runs.load().published
    assert done is not None
    assert (done.notes, done.firms) == ((), 3)


def torn(data: bytes, how: str) -> bytes:
    """A database file as a fault of the disk may leave it."""
    middle = len(data) // 2
    return {
        "half": data[:middle],
        "empty": b"",
        "head": b"\0" * 4096 + data[4096:],
        "body": data[:12_288] + b"\0" * (len(data) - 12_288),
        "text": b"not a database " * 1_000,
    }[how]


@pytest.mark.parametrize("how", ["half", "empty", "head", "body", "text"])
def test_a_torn_published_file_is_put_aside_and_a_sound_one_takes_its_place(runs: Runs, how: str) -> None:
    two_nights(runs)
    path = runs.home / PUBLISHED_NAME
    spoilt = torn(path.read_bytes(), how)
    path.chmod(0o644)
    path.write_bytes(spoilt)
    with pytest.raises(LastFileError):
        read_last(path)
    done = runs.load().published
    assert done is not None
    (note,) = done.notes
    assert note.startswith("the last published file could not be read (")
    assert note.endswith(f"it was put aside as {UNREADABLE_NAME}")
    assert (runs.home / UNREADABLE_NAME).read_bytes() == spoilt
    assert len(runs.events()) == 2
    assert left_over(runs.home) == []


def test_a_file_of_an_older_program_is_compared_as_far_as_it_goes(tmp_path: Path) -> None:
    runs = Runs(unpack("schema_1_before_news", tmp_path / "then"))
    done = runs.load().published
    assert done is not None
    assert done.notes == ("articles could not be compared: the last file has none",)
    shutil.rmtree(unpack("schema_1_before_news", tmp_path / "poorer") / "runs")
    with pytest.raises(PublishError, match="8 runs, 7 firms and 7 events"):
        rebuild(Runs(tmp_path / "poorer"))


def test_an_older_program_does_not_take_the_place_of_a_newer_one(runs: Runs) -> None:
    two_nights(runs)
    path = runs.home / PUBLISHED_NAME
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO base.schema_version VALUES (99, '0099_to_come', '2030-01-01')")
    before = as_published(runs)
    with pytest.raises(PublishError, match=r"schema 99 [^\n]*\n  perhaps: this program is older"):
        rebuild(runs)
    assert as_published(runs) == before
    assert rebuild(runs, accept_loss=True).published is not None


_WRITER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("DELETE FROM derived.events")
connection.execute("CREATE TABLE main.note AS SELECT 1 AS mine")
print("written", flush=True)
sys.stdin.read()
"""


@contextmanager
def somebody_writes_into(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the file open for writing, with changes in a WAL."""
    path.chmod(0o644)
    words = [sys.executable, "-c", _WRITER, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"written\n"
            yield writer
        finally:
            writer.kill()


def test_a_file_that_somebody_holds_open_for_writing_is_compared_all_the_same(runs: Runs) -> None:
    gone = two_nights(runs)
    shutil.rmtree(gone.path)
    with somebody_writes_into(runs.home / PUBLISHED_NAME), pytest.raises(PublishError, match="2 events"):
        rebuild(runs)
    assert not (runs.home / UNREADABLE_NAME).exists()


def test_what_somebody_left_in_a_wal_is_neither_compared_nor_published(runs: Runs) -> None:
    gone = two_nights(runs)
    with somebody_writes_into(runs.home / PUBLISHED_NAME) as writer:
        writer.kill()
        writer.wait()
    assert (runs.home / f"{PUBLISHED_NAME}.wal").exists()
    shutil.rmtree(gone.path)
    with pytest.raises(PublishError, match="2 events"):
        rebuild(runs)
    assert rebuild(runs, accept_loss=True).published is not None
    assert runs.ask("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'note'") == [(0,)]
    assert left_over(runs.home) == []


def test_what_a_killed_load_left_behind_is_swept_away(runs: Runs) -> None:
    two_nights(runs)
    for name in (f".{PUBLISHED_NAME}.1", f".{PUBLISHED_NAME}.1.last", f"..{PUBLISHED_NAME}.1.last.1"):
        os.link(runs.home / PUBLISHED_NAME, runs.home / name)
    runs.load()
    assert left_over(runs.home) == []


def test_the_commands_refuse_and_accept(runs: Runs) -> None:
    gone = two_nights(runs)
    shutil.rmtree(gone.path)
    refused = scrapy(runs.home, "rebuild")
    assert refused.exitcode == 1
    assert "error: nothing was published: 1 run, 1 firm and 2 events" in refused.stderr
    assert "If this is meant: scrapy load --accept-loss" in refused.stderr
    assert scrapy(runs.home, "nightly").exitcode == 1
    accepted = scrapy(runs.home, "load", "--accept-loss")
    assert accepted.exitcode == 0
    assert "note: accepted: the new file is without 1 run, 1 firm and 2 events" in accepted.stdout
    assert runs.ask("SELECT count(*) FROM runs") == [(2,)]


def test_the_published_file_is_readable_while_someone_holds_the_last_one(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    reader = duckdb.connect(str(runs.home / PUBLISHED_NAME), read_only=True)
    runs.add(firm(1), firm(2))
    runs.load()
    assert reader.execute("SELECT count(*) FROM firms").fetchall() == [(1,)], "an open reader keeps its view"
    reader.close()
    assert runs.ask("SELECT count(*) FROM firms") == [(2,)]


def test_a_wal_left_by_someone_who_wrote_is_not_replayed_into_the_next_file(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    (runs.home / f"{PUBLISHED_NAME}.wal").write_bytes(b"left behind")
    runs.load()
    assert runs.ask("SELECT count(*) FROM firms") == [(1,)]


def test_the_published_file_has_the_storage_format_of_1_5(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{runs.home / PUBLISHED_NAME}' AS published (READ_ONLY)")
        (tags,) = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'published'").fetchall()
        assert tags[0]["storage_version"].startswith("v1.5.0")


def test_a_duplicate_key_is_never_published(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    with open_store(runs.home) as connection:
        connection.execute("INSERT INTO derived.firms SELECT * FROM derived.firms")
        with pytest.raises(PublishError, match=r"derived\.firms holds firm_id"):
            check(connection)


@pytest.mark.parametrize("table", ["base.runs", "base.licences", "base.licence_sightings", "derived.events"])
def test_no_key_is_published_twice(runs: Runs, table: str) -> None:
    """Of the loader's tables and of what is derived from them."""
    two_nights(runs)
    runs.licences(licence(1))
    runs.load()
    with open_store(runs.home) as connection:
        connection.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
        with pytest.raises(PublishError, match=f"{table} holds .* twice"):
            check(connection)
