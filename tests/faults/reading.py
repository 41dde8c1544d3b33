"""Readers in processes of their own, who open the published file again and again while it is being replaced.

Each publish is known by its content hash, and what it holds by a mark that stands in every view: whoever reads two
marks in one connection, or another count than the publisher wrote down for that hash, has had a mixed view.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.store.database import PUBLISHED_NAME
from tests.crawler.crawling import PATIENCE, ROOT
from tests.pipelines.runs import Runs, capital, firm

_FIRMS = 40  # of which some come and some go from one publish to the next
_READERS = 3


@dataclass(frozen=True, slots=True)
class View:
    """What one opening of the published file saw: its hash, the marks of its firms, and how much there is of each."""

    content_hash: str
    marks: tuple[float, ...]
    runs: int
    firms: int
    events: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it all. `views` is what each opening saw; `errors` is what went wrong."""

    published: dict[str, View]
    views: list[View]
    errors: list[str]

    @property
    def mixed(self) -> list[View]:
        """The views that are of no publish."""
        return [view for view in self.views if self.published.get(view.content_hash) != view]

    @property
    def nights(self) -> int:
        """How many different publishes the readers met."""
        return len({view.content_hash for view in self.views})

    def short_of(self, opens: int, nights: int) -> bool:
        """Whether the readers have opened it less often, or met fewer publishes."""
        return len(self.views) + len(self.errors) < opens or (self.nights < nights and not self.errors)


def publish_and_read(home: Path, *, publishes: int, opens: int, nights: int) -> Seen:
    """Publishes that often while readers open the file, and goes on until they opened it that often.

    And until they met so many different publishes: on a busy machine they may all begin late.
    """
    publisher = Publisher(home)
    publisher.publish()
    log = home / "views"
    with _readers(home, log) as readers:
        done = 1
        while done < publishes or _seen(log, publisher).short_of(opens, nights):
            assert all(reader.poll() is None for reader in readers), "a reader died"
            publisher.publish()
            done += 1
    return _seen(log, publisher)


class Publisher:
    """Loads one small run after another. All firms of a run have the same capital, and no other run has it."""

    def __init__(self, home: Path) -> None:
        self._runs = Runs(home)
        self._number = 0
        self.published: dict[str, View] = {}

    def publish(self) -> View:
        """A real crawl's folder, loaded and published; returns what a reader must see."""
        self._number += 1
        present = [number for number in range(1, _FIRMS) if (number + self._number) % 7]
        self._runs.add(*(firm(number, **capital(100 + self._number)) for number in present), listing="new")
        done = self._runs.load().published
        assert done is not None
        # The file is its own witness only for what cannot be known otherwise; the mark and the runs are known.
        view = look(self._runs.home)
        assert view.content_hash == done.content_hash
        assert (view.firms, view.events) == (done.firms, done.events)
        assert view.runs == self._number
        self.published[done.content_hash] = view
        return view


def look(home: Path) -> View:
    """Opens the published file, asks several views one after the other, and closes it."""
    with duckdb.connect(str(home / PUBLISHED_NAME), read_only=True) as connection:
        return read(connection)


def read(connection: duckdb.DuckDBPyConnection) -> View:
    """What a connection sees, in several queries."""

    def ask(query: str) -> Any:
        return connection.execute(query).fetchall()

    ((content_hash,),) = ask("SELECT content_hash FROM release")
    ((runs,),) = ask("SELECT count(*) FROM runs")
    marks = ask("SELECT DISTINCT capital FROM firms WHERE uscc IN (SELECT uscc FROM base.sightings) ORDER BY ALL")
    ((firms,),) = ask("SELECT count(*) FROM firms")
    ((events,),) = ask("SELECT count(*) FROM events")
    ((again,),) = ask("SELECT content_hash FROM release")
    assert again == content_hash
    return View(content_hash, tuple(float(mark) for (mark,) in marks), runs, firms, events)


@contextmanager
def _readers(home: Path, log: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    log.mkdir()
    words = [sys.executable, "-m", "tests.faults.reading", str(home)]
    readers = [subprocess.Popen([*words, str(log / f"{number}.jsonl")], cwd=ROOT) for number in range(_READERS)]
    try:
        yield readers
    finally:
        (home / "enough").touch()
        for reader in readers:
            reader.wait(PATIENCE)


def _seen(log: Path, publisher: Publisher) -> Seen:
    views, errors = [], []
    for path in sorted(log.iterdir()):
        whole, _, _ = path.read_text(encoding="utf-8").rpartition("\n")  # its reader may be writing the next
        for line in whole.splitlines():
            said = json.loads(line)
            if "error" in said:
                errors.append(said["error"])
            else:
                views.append(View(**said | {"marks": tuple(said["marks"])}))
    return Seen(publisher.published, views, errors)


def main(home: Path, log: Path) -> None:
    """Opens, asks, closes and writes down what it saw, until it is told that it is enough."""
    with log.open("w", encoding="utf-8", buffering=1) as file:
        while not (home / "enough").exists():
            try:
                view = look(home)
            except Exception as error:  # whatever it is: it is what this is about
                said: dict[str, Any] = {"error": f"{type(error).__name__}: {error}"}
            else:
                said = {name: getattr(view, name) for name in View.__slots__}
            file.write(json.dumps(said) + "\n")
            time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
