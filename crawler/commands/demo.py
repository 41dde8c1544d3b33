"""`scrapy demo`: a week of invented firms, from loopback stand-ins of the real sites to the briefing."""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from crawler import config
from crawler.command import WELL, CommandError, MonitorCommand
from crawler.console import progress, say

MARK = ".demo"  # only a folder that an earlier demo made is ever thrown away

_CONFIG = """\
# Made by `scrapy demo`: two invented publishers of registrations, and stand-ins of the portal, on loopback.
[crawl]
delay_seconds = 0
contact = "monitor@example.org"

[crawl.stand_ins]
{stand_ins}

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

[sources.putuo_portal]
enabled = true

[sources.putuo_english]
enabled = true

{mail}
[[recipients]]
address = "reader@example.org"
language = "zh"

[[recipients]]
address = "devices@example.org"
language = "en"
sub_sectors = ["medical_devices"]
"""

QUERIES = {
    "Who arrived, in which sub-sector, since when, and how do we know?": (
        "SELECT name, sub_sector, kind, happened_on, discovered_on, basis FROM arrivals"
        " WHERE grade = 'core' ORDER BY discovered_at, name"
    ),
    "Who is expanding, from what to what?": (
        "SELECT name, kind, before, after, discovered_on FROM expansions ORDER BY discovered_at"
    ),
    "What do the district and its documents claim, and what do we count?": (
        "SELECT measure, subject, scope, value, is_target, about_day, counted_by, core, counted, not_countable"
        " FROM claims_compared ORDER BY published_on, value"
    ),
    "What could we not see, and which rows were put aside?": (
        "SELECT source, series, outcome, reason, finished_at FROM runs WHERE outcome <> 'complete'"
        " UNION ALL SELECT source, series, reason, detail, discovered_on FROM quarantine"
    ),
}


class Command(MonitorCommand):
    """The demo."""

    expected = (OSError,)

    def short_desc(self) -> str:
        return "Show the whole way on a week of invented firms (needs a checkout)"

    def long_desc(self) -> str:
        return (
            "Serves registry extracts of invented firms and stand-ins of the district's portal and English site, the "
            "register of device dealers and public awards from loopback, runs a baseline night and a week of nights "
            "in which firms arrive, move, grow and leave and two sources break, makes the briefing in both languages, "
            "and mails it to two readers at a mail server "
            "on loopback. Everything lies under demo/ in the data directory and is made anew each time."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        home = self.home / "demo"
        _clear(home)
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's own conversation
        sites = _replica("demo_week").DemoSites()
        server = _replica("mail_server").MailServer(home, "none")
        with sites, server, progress("demo") as tell:
            _configure(home, sites, server)
            week, nights = sites.week, sites.week.nights
            # The English site's archive once, back to the announcement of January 2021; its nights go on from there.
            _scrapy(home, "crawl", "putuo_english", "-a", "since=2021-01-01", "--now", week.at(0).isoformat())
            for night in nights:
                sites.turn_to(night)
                for source in sites.registers_read_on(night):  # their rhythm is of weeks: once is enough for a demo
                    _scrapy(home, "crawl", source, "--now", (week.at(night) - timedelta(minutes=30)).isoformat())
                self._night(home, week.at(night), broken=sites.is_broken(night))
                tell("nights", night + 1, len(nights))
            _scrapy(home, "weekly", "--send", "--week", week.week, "--now", _after(week).isoformat())
            mails = server.save(home / "mail")
        _show(home, week.week, mails)
        return WELL

    def _night(self, home: Path, at: datetime, *, broken: bool) -> None:
        code = _scrapy(home, "nightly", "--now", at.isoformat(), check=False)
        if (code != 0) != broken:
            raise CommandError(f"the night of {at:%Y-%m-%d} ended with exit code {code}; see {home / 'demo.log'}")


def _configure(home: Path, sites: Any, server: Any) -> None:
    stand_ins = "\n".join(f'"{host}" = "{url}"' for host, url in sites.stand_ins().items())
    full, new = sites.registry.url("/city/firms.csv"), sites.registry.url("/bureau/new.xlsx")
    text = _CONFIG.format(full=full, new=new, stand_ins=stand_ins, mail=server.settings())
    (home / config.CONFIG_NAME).write_text(text, encoding="utf-8")


def _replica(name: str) -> Any:
    root = str(config.project_root())
    if root not in sys.path:
        sys.path.insert(0, root)
    try:
        return import_module(f"tests.replica.{name}")
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


def _show(home: Path, week: str, mails: list[Path]) -> None:
    import duckdb  # noqa: PLC0415 - takes long, and Scrapy imports every command to find one

    from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415

    database = home / PUBLISHED_NAME
    say("A week of invented firms is done.\n")
    for title, path in {
        "briefing": home / "issues" / week / "briefing.zh.html",
        "in English": home / "issues" / week / "briefing.en.html",
        "its evidence": home / "issues" / week / "evidence.html",
        "claims": home / "issues" / "claims.zh.html",
        "all issues": home / "issues" / "index.zh.html",
        **{f"mail {place}": path for place, path in enumerate(mails, start=1)},
        "database": database,
        "run folders": home / "runs",
        "log": home / "demo.log",
    }.items():
        say(f"  {title:<13}{path}")
    say("\nQueries to try:")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            for question, query in QUERIES.items():
                say(f"\n-- {question}\n{query};")
                say(str(connection.sql(query)))
    except duckdb.Error as error:
        raise CommandError(str(error)) from error
    say(f"Yours: {sys.executable} -c \"import duckdb; duckdb.connect('{database}', read_only=True).sql('…').show()\"")
