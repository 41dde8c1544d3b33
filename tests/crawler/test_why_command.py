"""The proof of an event, asked for at a terminal: of real crawls, whole and after someone has been at the files."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from crawler.run_folder import RunFolder
from tests.crawler import portal_scenes
from tests.crawler.crawling import Done, crawl, scrapy
from tests.crawler.extracts import HEADER, csv_of, firm
from tests.replica.portal import COLUMNS, Portal

GROWN, GONE, TOLD = 1, 2, 3
LONG_AGO = {"成立日期": "2015-03-04"}
SENTENCE = "近日，上海样本3号医疗科技有限公司宣布完成A轮融资，融资金额1亿元人民币。"


@dataclass(frozen=True)
class World:
    """A data directory in which firms were read twice and the portal twice, loaded; and its events by kind."""

    home: Path
    events: dict[str, str]

    def why(self, kind: str, *words: str) -> Done:
        return scrapy(self.home, "why", self.events[kind], *words)

    def page(self, kind: str) -> str:
        return (self.home / "why" / f"{self.events[kind]}.html").read_text(encoding="utf-8")

    def runs(self, kind: str) -> list[RunFolder]:
        """The run folders that the proof of an event names, in its order."""
        with duckdb.connect(str(self.home / "putuo.duckdb"), read_only=True) as connection:
            (evidence,) = connection.execute(
                "SELECT evidence FROM events WHERE event_id = ?", [self.events[kind]]
            ).fetchall()[0]
        return [RunFolder(self.home / piece["folder"]) for piece in json.loads(evidence)]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("why")
    today = portal_scenes.TODAY
    path = home / "extract.csv"
    for days, capital, numbers in ((2, "500万元人民币", range(1, 9)), (1, "800万元人民币", (1, *range(3, 9)))):
        rows = (firm(n, **LONG_AGO, 注册资本=capital if n == GROWN else "500万元人民币") for n in numbers)
        path.write_bytes(csv_of((*HEADER, "法定代表人"), *((*row, "甲某某") for row in rows), encoding="gb18030"))
        done = crawl(home, path, "--now", f"{today - timedelta(days=days)}T02:00+08:00")
        assert done.exitcode == 0, done.stderr
    columns = enumerate(COLUMNS.values(), 10)
    old = [portal_scenes.news(number, today - timedelta(days=9), channel=channel) for number, channel in columns]
    new = portal_scenes.news(2, today, "样本三号完成融资", paragraphs=("样本园区再传佳音。", SENTENCE))
    assert portal_scenes.crawl(home, Portal(old), "-a", "only=news", day=today - timedelta(days=1)).exitcode == 0
    assert portal_scenes.crawl(home, Portal([*old, new]), "-a", "only=news").exitcode == 0
    loaded = scrapy(home, "load")
    assert loaded.exitcode == 0, loaded.stdout + loaded.stderr
    with duckdb.connect(str(home / "putuo.duckdb"), read_only=True) as connection:
        events = dict(connection.execute("SELECT kind, event_id FROM events").fetchall())
    assert sorted(events) == ["capital_raised", "deregistered", "financing_raised"]
    return World(home, events)


@pytest.fixture
def tampered(crawled: World, tmp_path: Path) -> World:
    """The same in a copy that a test may spoil."""
    home = tmp_path / "copy"
    shutil.copytree(crawled.home, home)
    return World(home, crawled.events)


def wrong(done: Done) -> list[str]:
    return re.findall(r"^  WRONG (.+)$", done.stdout, re.MULTILINE)


def test_a_change_is_walked_from_both_records_back_to_their_lines(crawled: World) -> None:
    done = crawled.why("capital_raised")
    assert done.exitcode == 0, done.stdout + done.stderr
    assert wrong(done) == []
    before, after = done.stdout.split("\nafter: registry_extract")
    for text, amount, run in zip((before, after), ("500", "800"), crawled.runs("capital_raised"), strict=True):
        assert "ok    all 7 stated values stand in line 2 of the table as captured" in text
        assert re.search(rf"\|  注册资本 +{amount}万元人民币\n", text)
        assert run.run_id in text
        manifest = run.read_manifest()
        assert f"parser {manifest.parser}, code {manifest.code_version}" in text
    assert "甲某某" not in done.stdout
    assert re.search(r"rules  +2\d{3}.+\n(.+\n)+.*gazetteer  +2\d{3}", done.stdout)
    assert "ok    the rules give this label to what is known of it" in done.stdout


def test_a_firm_that_is_gone_is_looked_for_in_the_list_that_proves_it(crawled: World) -> None:
    done = crawled.why("deregistered")
    assert done.exitcode == 0, done.stdout + done.stderr
    assert "ok    the run is a complete reading of a list of everything" in done.stdout
    assert re.search(r"ok    none of the 7 rows of the captured list names 913101990000000\w+", done.stdout)


def test_a_sentence_is_found_on_the_page_of_the_portal(crawled: World) -> None:
    done = crawled.why("financing_raised")
    assert done.exitcode == 0, done.stdout + done.stderr
    assert "ok    the quoted sentence stands in the page as captured" in done.stdout
    assert f"  | {SENTENCE}\n" in done.stdout
    assert f"&lt;mark&gt;{SENTENCE}&lt;/mark&gt;" in crawled.page("financing_raised")


def test_the_page_holds_the_whole_chain_and_the_rows_around_the_line(crawled: World) -> None:
    done = crawled.why("capital_raised")
    page = crawled.page("capital_raised")
    assert f"page: {crawled.home / 'why'}" in done.stdout
    assert page.count('<iframe sandbox=""') == 2
    assert "the proof is whole" in page
    assert "&lt;mark&gt;800万元人民币&lt;/mark&gt;" in page
    assert "上海样本5号医疗科技有限公司" in page  # the third row after it
    assert "上海样本7号医疗科技有限公司" not in page


def change_items(folder: RunFolder) -> None:
    text = folder.items.read_text(encoding="utf-8")
    folder.items.write_text(text.replace("800万元人民币", "900万元人民币"), encoding="utf-8")


def cut_capture(folder: RunFolder) -> None:
    folder.capture.write_bytes(folder.capture.read_bytes()[:900])


def lose_capture(folder: RunFolder) -> None:
    folder.capture.unlink()


def lose_folder(folder: RunFolder) -> None:
    shutil.rmtree(folder.path)


def forge_manifest(folder: RunFolder) -> None:
    path = folder.path / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"parser": "registry', '"parser": "other'), "utf-8")


def swap_captures(folder: RunFolder) -> None:
    other = min(folder.path.parent.iterdir())
    shutil.copyfile(other / "capture.warc.gz", folder.capture)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (change_items, ["items.jsonl: was changed after", "items.jsonl states otherwise than the record: capital"]),
        (cut_capture, ["capture.warc.gz: was changed after", "not readable as a WARC file"]),
        (lose_capture, ["capture.warc.gz: missing", "so the captured bytes cannot be shown"]),
        (swap_captures, ["capture.warc.gz: was changed after", "holds no record"]),
        (lose_folder, ["the run folder is missing", "items.jsonl: cannot be read", "cannot be shown"]),
        (forge_manifest, ["the published file gives as the run's parser registry_extract/1, its manifest other"]),
    ],
)
def test_what_was_spoilt_is_said_and_the_rest_of_the_chain_is_still_shown(
    tampered: World, spoil: Callable[[RunFolder], None], told: list[str]
) -> None:
    spoil(tampered.runs("capital_raised")[1])
    done = tampered.why("capital_raised")
    assert done.exitcode == 1
    assert len(wrong(done)) == len(told)
    for line, words in zip(wrong(done), told, strict=True):
        assert words in line
    assert f"THE PROOF IS NOT WHOLE: {len(told)} of " in done.stdout
    assert re.search(r"\|  注册资本 +500万元人民币\n", done.stdout)  # the other record
    assert "THE PROOF IS NOT WHOLE" in tampered.page("capital_raised")


def test_a_list_that_names_the_firm_after_all_proves_no_absence(tampered: World) -> None:
    before, absence = tampered.runs("deregistered")
    shutil.copyfile(before.capture, absence.capture)
    done = tampered.why("deregistered")
    assert done.exitcode == 1
    assert any(re.match(r"line 3 of the captured list DOES name 913101990000000", line) for line in wrong(done))


def test_the_beginning_of_an_id_is_enough_if_it_means_one_event(crawled: World) -> None:
    whole = crawled.events["capital_raised"]
    done = scrapy(crawled.home, "why", whole[:12])
    assert (done.exitcode, whole in done.stdout) == (0, True)
    several = scrapy(crawled.home, "why", "e")
    assert several.exitcode == 1
    assert "3 events begin with 'e'" in several.stderr
    assert all(event_id in several.stderr for event_id in crawled.events.values())


def test_what_is_no_event_is_told_with_the_way_to_find_one(crawled: World, tmp_path: Path) -> None:
    unknown = scrapy(crawled.home, "why", "e' OR '1'='1\x1b[2J")
    assert unknown.exitcode == 1
    assert "find ids with: SELECT event_id, name, kind FROM events" in unknown.stderr
    assert "\x1b" not in unknown.stderr
    assert scrapy(crawled.home, "why").exitcode == 2
    nothing = scrapy(tmp_path, "why", "e1")
    assert (nothing.exitcode, "run `scrapy load` first" in nothing.stderr) == (1, True)


def test_the_page_is_opened_in_the_browser_when_asked(crawled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = crawled.home / "browser.sh"
    browser.write_text(f'#!/bin/sh\necho "$1" > {crawled.home / "opened"}\n', encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    done = crawled.why("financing_raised", "--open")
    assert done.exitcode == 0, done.stderr
    page = crawled.home / "why" / f"{crawled.events['financing_raised']}.html"
    assert (crawled.home / "opened").read_text(encoding="utf-8").strip() == page.as_uri()
    assert "next: open" not in done.stdout
