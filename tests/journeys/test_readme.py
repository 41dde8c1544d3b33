"""README's own commands and queries, in its order, on an invented extract."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import duckdb
import pytest

from tests.journeys.test_demo import ROOT, scrapy
from tests.replica.demo_week import DemoWeek

README = (ROOT / "README.md").read_text(encoding="utf-8")


# monitor.example.toml with what "Going live" tells an operator to set.
_AS_TOLD = """\
[crawl]
contact = "monitor@example.org"
[sources.putuo_portal]
enabled = true
[sources.putuo_english]
enabled = true
[mail]
host = "mail.example.org"
sender = "monitor@example.org"
operator = "operator@example.org"
[[recipients]]
address = "reader@example.org"
"""


def commands() -> list[list[str]]:
    return [shlex.split(line) for line in re.findall(r"^\$ scrapy (.+)$", README, re.MULTILINE)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    (folder / "extract.csv").write_bytes(DemoWeek().full_list(0))
    settings: Path | None = None
    for words in commands():
        if words == ["doctor"] and (folder / "putuo.duckdb").exists():  # the steps of "Going live" are done by now
            settings = folder / "monitor.toml"
            settings.write_text(_AS_TOLD, encoding="utf-8")
        here = [word.replace("path=extract.csv", f"path={folder / 'extract.csv'}") for word in words]
        done = scrapy(folder, *here, config=settings)
        assert done.returncode == 0, f"scrapy {' '.join(words)}\n{done.stdout}{done.stderr}"
    return folder


def test_the_first_week_is_made_by_the_commands_as_written(home: Path) -> None:
    assert [words[0] for words in commands()] == [
        *("doctor", "crawl", "load", "weekly", "nightly", "sources"),
        *("doctor", "schedule", "weekly"),
    ]
    assert (home / "putuo.duckdb").exists()
    assert list((home / "issues").glob("*/briefing.zh.html"))


def test_the_mails_of_a_dry_run_lie_in_the_outbox_as_told(home: Path) -> None:
    (mail,) = (home / "issues").glob("*/outbox/*.eml")
    assert b"To: reader@example.org" in mail.read_bytes()


def test_its_queries_run(home: Path) -> None:
    queries = re.findall(r"```sql\n(.+?)```", README, re.DOTALL)
    with duckdb.connect(str(home / "putuo.duckdb"), read_only=True) as connection:
        for query in queries:
            connection.execute(query).fetchall()
        found = connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall()
    assert queries
    assert all(comment for _, comment in found)


def test_dropped_extracts_are_read_by_the_night_and_only_once(home: Path) -> None:
    inbox = home / "inbox" / "full"
    inbox.mkdir(parents=True)
    (inbox / "2026-11.csv").write_bytes(DemoWeek().full_list(3))
    first = scrapy(home, "nightly", "--now", "2026-12-01T02:00+08:00")
    second = scrapy(home, "nightly", "--now", "2026-12-02T02:00+08:00")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "complete (" in first.stdout
    assert "empty_allowed" in second.stdout


def test_classify_writes_one_row_a_row_in_its_order(home: Path) -> None:
    done = scrapy(home, "classify", str(home / "extract.csv"), "-o", str(home / "out.csv"))
    assert done.returncode == 0, done.stderr
    with (home / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["uscc", "grade", "primary", "secondary", "score", "evidence"]
    assert len(rows) == len(DemoWeek().full_list(0).decode("gb18030").splitlines()) - 1
