"""An installation whose weights cannot be used: every command that judges says so in a line, with file and place."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crawler.crawling import PATIENCE, ROOT, Done, environment
from tests.crawler.extracts import csv_of
from tests.pipelines.classify.judged_rows import judged_rows, write_labels
from tests.pipelines.runs import Runs, code, firm
from tests.pipelines.stores import leave_in_doubt

CALLS = {
    "load": ("load",),
    "rebuild": ("rebuild",),
    "reclassify": ("reclassify",),
    "look": ("reclassify", "--dry-run"),
    "evaluate": ("evaluate", "labels.csv"),
    "cross-validate": ("evaluate", "labels.csv", "--cross-validate"),
    "why": ("why", "e"),  # the one event there is
    "review": ("review", "--kind", "label"),
    "classify": ("classify", "firms.csv", "-o", "kept.csv"),
    "explain": ("classify", "--explain", code(1)),
    "learn": ("learn", "labels.csv", "--onto", "--no-check", "-o", "kept.csv"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """What each command says from a copy of this program whose weights end in the middle."""
    program, data = tmp_path_factory.mktemp("program"), tmp_path_factory.mktemp("data")
    for room in ("crawler", "pipelines", "reports"):
        shutil.copytree(ROOT / room, program / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", program)
    weights = program / "pipelines/classify/weights.toml"
    weights.write_text(
        weights.read_text(encoding="utf-8").replace("\n[certainty]", "\n[certainty", 1), encoding="utf-8"
    )
    runs = Runs(data)
    runs.add(firm(1), firm(2), day=0)
    runs.add(firm(1), firm(2), firm(3), day=1)
    runs.load()
    leave_in_doubt(data, code(1))
    write_labels(data / "labels.csv", judged_rows())
    (data / "firms.csv").write_bytes(csv_of(("uscc", "name", "scope"), (code(1), "样本", "药品零售")))
    (data / "kept.csv").write_text("as it was\n", encoding="utf-8")

    def end_of(name: str) -> Done:
        home = tmp_path_factory.mktemp("home") / "data"
        shutil.copytree(data, home)
        words = [str(home / word) if word.endswith(".csv") else word for word in CALLS[name]]
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            cwd=program,
            env=environment(home),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr, home)

    with ThreadPoolExecutor(3) as pool:
        return dict(zip(CALLS, pool.map(end_of, CALLS), strict=True))


@pytest.mark.parametrize("name", CALLS)
def test_weights_that_cannot_be_used_are_told_in_a_line_and_nothing_is_written(
    name: str, broken: dict[str, Done]
) -> None:
    done = broken[name]
    assert (done.exitcode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert "pipelines/classify/weights.toml: syntax: " in line
    assert (done.home / "kept.csv").read_text(encoding="utf-8") == "as it was\n"
