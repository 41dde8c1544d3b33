"""docs/new-source.md holds what it promises: a newcomer who does as it says has a source whose tests pass."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.crawling import PATIENCE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "new-source.md").read_text(encoding="utf-8")
NAME = "health_fair"
FLEET = ("-m", "pytest", "-q", "-n", "0", "tests/crawler/test_fleet.py", "tests/crawler/test_mutants.py", "-k", NAME)


def blocks(kind: str) -> list[str]:
    """The code blocks of the page of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def said(start: str) -> list[str]:
    """The words of the command of the page that begins so."""
    return next(
        line[2:].split() for block in blocks("console") for line in block.splitlines() if line[2:].startswith(start)
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of one's own, without anything made at run time."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("crawler", "pipelines", "reports", "tests", "docs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("scrapy.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def run(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in the checkout, on its own code."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(
        [sys.executable, *words],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_who_follows_the_page_has_a_source_that_is_tested(checkout: Path) -> None:
    made = run(checkout, "-m", *said("scrapy genspider"))
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[0] in PAGE

    failing = run(checkout, *FLEET)
    assert failing.returncode == 1, failing.stdout

    fixture = checkout / "tests" / "fixtures" / NAME / "main"
    reply, *_ = (block for block in blocks("json") if block.startswith('{"code": 0'))
    (fixture / "list_1.json").write_text(reply, encoding="utf-8")
    trap = fixture.with_name("other_envelope")
    shutil.copytree(fixture, trap)
    body = re.search(r"`(\{\"code\": 500[^`]*)`", PAGE)
    assert body is not None
    (trap / "list_1.json").write_text(body[1], encoding="utf-8")
    ends = json.loads("{" + next(block for block in blocks("json") if block.startswith('"outcome"')) + "}")
    meta = json.loads((trap / "meta.json").read_text(encoding="utf-8"))
    (trap / "meta.json").write_text(json.dumps(meta | ends), encoding="utf-8")

    spider = checkout / "crawler" / "spiders" / f"{NAME}.py"
    spider.write_text(spider.read_text(encoding="utf-8").replace("TODO", "Invented"), encoding="utf-8")
    for case in ("main", "other_envelope"):
        wrote = run(checkout, "-m", "tests.fixtures.write", NAME, case)
        assert wrote.returncode == 0, wrote.stderr
    assert run(checkout, "-m", "crawler.source_docs", "docs/sources.md").returncode == 0

    passing = run(checkout, *FLEET)
    assert passing.returncode == 0, passing.stdout[-3000:]  # none to run would be 5
