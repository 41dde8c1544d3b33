"""Crawls of the English site's stand-in, as tests of the source and of traps both make them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.crawler.crawling import PATIENCE, ROOT, Done, environment, scrapy
from tests.replica.english import HOST
from tests.replica.server import Replica, Route

NIGHT = "2026-11-18T03:30+08:00"
_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_SETTINGS = '[crawl]\ndelay_seconds = 0\n{crawl}\n[crawl.stand_ins]\n"{host}" = "{site}"\n'


def crawl_english(home: Path, site: Replica, *words: str, now: str = NIGHT, crawl: str = "") -> Done:
    """One run of putuo_english against `site`; `crawl` is more of that section of monitor.toml."""
    settings = _SETTINGS.format(crawl=crawl, host=HOST, site=site.url())
    return scrapy(home, "crawl", "putuo_english", "--now", now, *words, settings=settings)


def peak_megabytes(home: Path, site: Replica, *, crawl: str) -> float:
    """The most memory that one run took, in megabytes of its own process."""
    settings = _SETTINGS.format(crawl=crawl, host=HOST, site=site.url())
    # Started by a small process: until it begins, a child's memory counts as its parent's.
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, sys.executable, "-m", "scrapy", "crawl", "putuo_english", "--now", NIGHT],
        cwd=ROOT,
        env=environment(home, settings),
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    return int(done.stdout) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def visit(home: Path, routes: Mapping[str, Route], *words: str, crawl: str = "") -> tuple[Done, Replica]:
    """One run against a site with these routes, and the site, to see what it was asked."""
    with Replica(routes) as site:
        return crawl_english(home, site, *words, crawl=crawl), site
