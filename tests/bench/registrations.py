"""Real registrations through the whole monitor: a full extract to the end of 1992, then quarter by quarter to 2009.

Prints, per quarter and in all, where every row came out; then firms, sub-sectors, events, wall time and peak memory.
Needs PUTUO_REFERENCE (the folder with data/registry/putuo_1979-2009.csv).
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

BASELINE_TO, BASELINE_AT = "1992-12-31", "1993-01-04"
YEARS = range(1993, 2010)


def main() -> int:
    reference = os.environ.get("PUTUO_REFERENCE")
    if not reference:
        print("skipped: PUTUO_REFERENCE is not set")
        return 0
    with (Path(reference) / "data" / "registry" / "putuo_1979-2009.csv").open(encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        began = time.perf_counter()
        for label, listing, at, part in _parts(header, rows):
            _run(home, label, listing, at, header, part)
        print(f"{len(rows)} rows read; {time.perf_counter() - began:.0f} s wall for crawling and loading every part")
        _tell(home)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:,.0f} MiB")
    return 0


def _parts(header: list[str], rows: list[list[str]]) -> list[tuple[str, str, str, list[list[str]]]]:
    day = header.index("成立日期")
    parts = [("to 1992", "full", BASELINE_AT, [row for row in rows if row[day] <= BASELINE_TO])]
    for year in YEARS:
        for quarter in range(1, 5):
            first = date(year, 3 * quarter - 2, 1)
            after = date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
            part = [row for row in rows if first.isoformat() <= row[day] < after.isoformat()]
            monday = after + timedelta(days=-after.weekday() % 7)
            if part:
                parts.append((f"{year}Q{quarter}", "new", monday.isoformat(), part))
    return parts


def _run(home: Path, label: str, listing: str, at: str, header: list[str], rows: list[list[str]]) -> None:
    extract = home / "extracts" / f"{label}.csv"
    extract.parent.mkdir(exist_ok=True)
    with extract.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    environment = {**os.environ, "PUTUO_HOME": str(home)}
    words = ("crawl", "registry_extract", "-a", f"path={extract}", "-a", f"listing={listing}")
    for command in (words, ("load",)):
        subprocess.run(
            [sys.executable, "-m", "scrapy", *command, "--now", at], env=environment, check=True, capture_output=True
        )


def _tell(home: Path) -> None:
    with duckdb.connect(str(home / "putuo.duckdb"), read_only=True) as connection:
        for title, query in {
            "rows by part": "SELECT parse_filename(url, true) AS part, rows, core, peripheral, not_life_health,"
            " not_in_putuo, quarantined, repeated, rows = core + peripheral + not_life_health + not_in_putuo"
            " + quarantined + repeated AS sums FROM runs JOIN (SELECT DISTINCT run_id, url FROM base.sightings)"
            " USING (run_id) ORDER BY finished_at",
            "all rows": "SELECT sum(rows) AS rows, sum(core) AS core, sum(peripheral) AS peripheral,"
            " sum(not_life_health) AS not_life_health, sum(not_in_putuo) AS not_in_putuo,"
            " sum(quarantined) AS quarantined, sum(repeated) AS repeated FROM runs",
            "put aside": "SELECT reason, count(*) AS rows FROM quarantine GROUP BY ALL",
            "firms": "SELECT in_putuo, place_reason, count(*) AS firms FROM firms GROUP BY ALL ORDER BY ALL",
            "in Putuo by sub-sector": "SELECT grade, sub_sector, count(*) AS firms FROM firms WHERE in_putuo = 'yes'"
            " GROUP BY ALL ORDER BY ALL",
            "events": "SELECT category, kind, basis, count(*) AS all_firms,"
            " count(*) FILTER (WHERE grade = 'core') AS core,"
            " count(*) FILTER (WHERE grade = 'peripheral') AS peripheral FROM events GROUP BY ALL ORDER BY ALL",
            "anything twice": "SELECT (SELECT count(*) - count(DISTINCT uscc) FROM firms) AS firms,"
            " (SELECT count(*) - count(DISTINCT (kind, uscc)) FROM events) AS events",
        }.items():
            print(f"\n{title}")
            connection.sql(query).show(max_rows=200, max_width=200)


if __name__ == "__main__":
    sys.exit(main())
