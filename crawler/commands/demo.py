"""`scrapy demo`: a week of invented firms, from loopback stand-ins of the real sites to the briefing."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from crawler import config
from crawler.command import WELL, CommandError, MonitorCommand
from crawler.console import progress, say
from pipelines.store.database import PUBLISHED_NAME

MARK = ".demo"  # only a folder that an earlier demo made is ever thrown away

_CONFIG = """\
# Made by `scrapy demo`: two invented publishers on loopback.
[crawl]
delay_seconds = 0

[sources.registry_extract]
cadence = "0 2 * * *"

[sources.registry_extract.series.city]
path = "{full}"
listing = "full"
publisher = "某市公共数据开放平台（演示）"

[sources.registry_extract.series.bureau]
path = "{new}"
listing = "new"
publisher = "某区市场监督管理局（演示）"
"""

QUERIES = {
    "Who arrived, in which sub-sector, since when, and how do we know?": (
        "SELECT name, sub_sector, kind, happened_on, discovered_on, basis FROM arrivals"
        " WHERE grade = 'core' ORDER BY discovered_at, name"
    ),
    "Who is expanding, from what to what?": (
        "SELECT name, kind, before, after, discovered_on FROM expansions ORDER BY discovered_at"
    ),
    "What could we not see, and which rows were put aside?": (
        "SELECT source, series, outcome, reason, finished_at FROM runs WHERE outcome <> 'complete'"
        " UNION ALL SELECT source, series, reason, detail, discovered_on FROM quarantine"
    ),
}


class Command(MonitorCommand):
    """The demo."""

    expected = (OSError, duckdb.Error)

    def short_desc(self) -> str:
        return "Show the whole way on a week of invented firms (needs a checkout)"

    def long_desc(self) -> str:
        return (
            "Serves registry extracts of invented firms from loopback, runs a baseline night and a week of nights in "
            "which firms arrive, move, grow and leave and one source breaks, and renders the briefing in both "
            "languages. Everything lies under demo/ in the data directory and is made anew each time."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        home = self.home / "demo"
        _clear(home)
        replica = _replica()
        week = replica.DemoWeek()
        site, dial = replica.serve(week)
        with site, progress("demo") as tell:
            settings = home / config.CONFIG_NAME
            settings.write_text(
                _CONFIG.format(full=site.url("/city/firms.csv"), new=site.url("/bureau/new.xlsx")), encoding="utf-8"
            )
            for night in week.nights:
                dial["night"] = night
                self._night(home, week.at(night), broken=week.is_broken(night))
                tell("nights", night + 1, len(week.nights))
        _scrapy(home, "weekly", "--week", week.week, "--now", _after(week).isoformat())
        _show(home, week.week)
        return WELL

    def _night(self, home: Path, at: datetime, *, broken: bool) -> None:
        code = _scrapy(home, "nightly", "--now", at.isoformat(), check=False)
        if (code != 0) != broken:
            raise CommandError(f"the night of {at:%Y-%m-%d} ended with exit code {code}; see {home / 'demo.log'}")


def _replica() -> Any:
    root = config.project_root()
    sys.path.insert(0, str(root))
    try:
        return import_module("tests.replica.demo_week")
    except ImportError as error:
        raise CommandError(f"the demo needs a checkout with its tests/ (and `make setup`): {error}") from error


def _clear(home: Path) -> None:
    if home.exists():
        if not (home / MARK).exists():
            raise CommandError(f"{home} was not made by a demo; move it away first")
        shutil.rmtree(home)
    home.mkdir(parents=True)
    (home / MARK).touch()


def _scrapy(home: Path, *words: str, check: bool = True) -> int:
    environment = {**os.environ, "PUTUO_HOME": str(home), "PUTUO_CONFIG": str(home / config.CONFIG_NAME)}
    with (home / "demo.log").open("a", encoding="utf-8") as log:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "scrapy", *words],
            cwd=config.project_root(),
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if check and done.returncode != 0:
        raise CommandError(f"scrapy {words[0]} ended with exit code {done.returncode}; see {home / 'demo.log'}")
    return done.returncode


def _after(week: Any) -> datetime:
    # The last night is Monday's at 02:00; the week is over at 06:00.
    last: datetime = week.at(week.nights[-1])
    return last + timedelta(hours=4, minutes=5)


def _show(home: Path, week: str) -> None:
    database = home / PUBLISHED_NAME
    say("A week of invented firms is done.\n")
    for title, path in {
        "briefing": home / "issues" / week / "briefing.zh.html",
        "in English": home / "issues" / week / "briefing.en.html",
        "its evidence": home / "issues" / week / "evidence.html",
        "database": database,
        "run folders": home / "runs",
        "log": home / "demo.log",
    }.items():
        say(f"  {title:<13}{path}")
    say("\nThree queries to try:")
    with duckdb.connect(str(database), read_only=True) as connection:
        for question, query in QUERIES.items():
            say(f"\n-- {question}\n{query};")
            say(str(connection.sql(query)))
    say(f"Yours: {sys.executable} -c \"import duckdb; duckdb.connect('{database}', read_only=True).sql('…').show()\"")
