"""The whole fleet: every source is declared, documented, has a fixture, and reads it as expected over loopback too."""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import clock
from crawler.config import Sources
from crawler.due import spider_of
from crawler.source import CaptureMode, Source
from pipelines.event_kinds import CATEGORY
from tests.crawler.crawling import SETTINGS, Done, everything_below, scrapy
from tests.fixtures.case import PLANTED, Case, Site, cases, in_order, set_up
from tests.offline import Played, play
from tests.replica.server import Replica

ROOT = Path(__file__).parents[2]
SPIDERS = sorted(path.stem for path in (ROOT / "crawler" / "spiders").glob("[a-z]*.py"))
# Their sites' traps are scenes, in tests of their own: test_putuo_portal_traps.py, test_web_traps.py, test_outcomes.py.
WITH_SCENES = {"registry_extract", "putuo_portal", "putuo_english"}
ALL = list(cases())
MAIN = [case for case in ALL if case.name == "main"]
MOST_LINES, MEDIAN_LINES = 120, 35


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PUTUO_OPEN_DATA_TOKEN", "")
    yield
    clock.start_at(None)


def source(name: str) -> Source:
    return spider_of(name).source


@pytest.mark.parametrize("name", SPIDERS)
def test_file_spider_source_and_setting_have_one_name(name: str) -> None:
    assert spider_of(name).name == source(name).id == name
    assert name in Sources.model_fields


@pytest.mark.parametrize("name", SPIDERS)
def test_a_source_says_all_that_is_to_be_said_of_it(name: str) -> None:
    said = source(name)
    for field in ("title_zh", "title_en", "publisher_zh", "publisher_en", "cadence", "confirmed", "parser"):
        assert getattr(said, field), field
    assert "TODO" not in str(said)
    assert re.fullmatch(rf"{name}/[0-9]+", said.parser)
    assert set(said.proves) <= set(CATEGORY)
    assert name == "registry_extract" or (said.address.startswith("http") and said.terms and said.from_memory)
    assert all(0 < share <= 1 for share in said.must_fill.values())


@pytest.mark.parametrize("name", SPIDERS)
def test_a_source_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SPIDERS)
def test_a_source_has_a_fixture_and_the_traps_of_its_site(name: str) -> None:
    names = {case.name for case in ALL if case.source == name}
    assert "main" in names
    assert len(names) > 1 or name in WITH_SCENES, "only the honest page: what does the site do to trap a reader?"


def test_no_fixture_is_left_of_a_source_that_is_gone() -> None:
    assert {case.source for case in ALL} <= set(SPIDERS)


def _code_lines(path: Path) -> int:
    """Lines that are code: without blank lines, comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    documented: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            documented.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = enumerate(text.splitlines(), start=1)
    return sum(bool(line.strip()) and not line.strip().startswith("#") and at not in documented for at, line in lines)


def test_a_new_source_costs_few_lines() -> None:
    sizes = {name: _code_lines(ROOT / "crawler" / "spiders" / f"{name}.py") for name in SPIDERS}
    assert {name: lines for name, lines in sizes.items() if lines > MOST_LINES} == {}
    assert sorted(sizes.values())[len(sizes) // 2] <= MEDIAN_LINES, sizes


def _play(case: Case, home: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    set_up(case, home)
    return play(case, home)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.label)
def test_a_fixture_is_read_as_expected(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = _play(case, tmp_path / "home", monkeypatch)
    manifest = played.manifest
    assert manifest is not None
    assert manifest.outcome == case.meta["outcome"], manifest.reason
    assert re.search(case.meta.get("reason", ""), manifest.reason)
    assert manifest.lists_everything == case.meta.get("lists_everything", False)
    for told in ("counts", "listed", "next"):
        found = getattr(manifest, told)
        assert {name: found.get(name) for name in case.meta.get(told, {})} == case.meta.get(told, {})
    for kind, words in case.meta.get("unknown", {}).items():
        assert set(words) <= set(manifest.unknown.get(kind, {})), kind
    assert in_order(played.lines) == in_order(case.expected)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.label)
def test_every_item_says_where_it_stands(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for item in _play(case, tmp_path / "home", monkeypatch).lines:
        assert item["proof"]["url"].startswith("http")
        assert item["proof"]["line"] >= 1
        assert item["proof"]["parser"] == source(case.source).parser


def _crawl(case: Case, home: Path, monkeypatch: pytest.MonkeyPatch) -> Done:
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    case.remember(home)
    with Replica(Site(case).routes()) as site:
        stand_ins = "".join(f'"{host}" = "{site.url()}"\n' for host in case.hosts)
        arguments = [word for name, value in case.arguments.items() for word in ("-a", f"{name}={value}")]
        words = ("crawl", case.source, "--now", case.meta["now"], "-s", "RETRY_TIMES=0", *arguments)
        return scrapy(home, *words, settings=f"{SETTINGS}[crawl.stand_ins]\n{stand_ins}")


@pytest.mark.parametrize("case", MAIN, ids=lambda case: case.source)
def test_over_loopback_it_reads_the_same_and_keeps_nothing_of_a_person(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _crawl(case, tmp_path / "home", monkeypatch)
    assert done.manifest.outcome == case.meta["outcome"], done.manifest.reason + done.stderr
    assert in_order(done.items) == in_order(case.expected)
    written = everything_below(done.home) + done.stdout + done.stderr
    asked = "".join(body.decode("utf-8", "replace") for body in case.bodies) + json.dumps(case.meta)
    planted = [word for words in PLANTED.values() for word in words]
    assert [word for word in planted if word in asked], "nothing is planted in this case"
    assert [word for word in planted if word in written] == []
    for secret in case.environment.values():
        assert secret not in written
    if source(case.source).capture is CaptureMode.DIGEST:
        kept = gzip.decompress(done.folder.capture.read_bytes()).decode("utf-8", "replace")
        assert "conversion" not in kept
