"""Real registrations in at one end, every row accounted for at the other; skipped where they do not lie at hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.journeys.test_demo import scrapy

REFERENCE = Path(os.environ.get("PUTUO_REFERENCE", "/nowhere"))

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="PUTUO_REFERENCE is not set")


def test_every_real_row_lands_in_exactly_one_account(tmp_path: Path) -> None:
    extract = REFERENCE / "data" / "registry" / "putuo_1979-2009.csv"
    crawled = scrapy(
        tmp_path,
        "crawl",
        "registry_extract",
        "-a",
        f"path={extract}",
        "-a",
        "listing=full",
        "--now",
        "2010-03-01T02:00+08:00",
    )
    assert crawled.returncode == 0, crawled.stderr
    assert scrapy(tmp_path, "load", "--now", "2010-03-01T03:00+08:00").returncode == 0
    with duckdb.connect(str(tmp_path / "putuo.duckdb"), read_only=True) as connection:
        (row,) = connection.execute(
            "SELECT rows, core + peripheral + not_life_health + not_in_putuo + quarantined + repeated, quarantined"
            " FROM runs"
        ).fetchall()
        assert row == (3039, 3039, 0)
        assert connection.execute("SELECT count(*) FROM events").fetchall() == [(0,)]
        (shared,) = connection.execute("SELECT max(firms_at_address) FROM firms").fetchall()
        assert shared[0] > 200


def test_classify_reaches_its_measure_on_the_judged_rows(tmp_path: Path) -> None:
    """The packaged weights were learned from these rows too: this guards the whole way, and proves nothing."""
    done = scrapy(tmp_path, "classify", str(REFERENCE / "labels" / "dev.csv"), "-o", str(tmp_path / "said.csv"))
    assert done.returncode == 0, done.stderr
    score = subprocess.run(
        [sys.executable, str(REFERENCE / "labels" / "score.py"), str(tmp_path / "said.csv")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    figures = [float(line.split()[2]) for line in score.splitlines() if "macro-F1" in line]
    assert len(figures) == 2
    assert min(figures) >= 0.92
