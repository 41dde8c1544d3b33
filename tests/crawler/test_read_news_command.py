"""`scrapy read-news`: pages in, what they say out; bad lines are told and the others read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.news import NEWS_VERSION
from tests.crawler.crawling import Done, scrapy, together
from tests.crawler.extracts import code
from tests.pipelines.runs import Runs, firm

KNOWN = "上海桦序1医疗器械有限公司"
PAGES: list[dict[str, Any]] = [
    {
        "url": "https://news.example.org/1",
        "title": "普陀区举行生命健康项目签约仪式",
        "date": "2026-11-19",
        "lang": "zh",
        "text": f"11月18日，{KNOWN}签约落户普陀区桃浦智创城。砚石生物签约入驻未来岛高新技术产业园。",
    },
    {
        "url": "https://news.example.org/2",
        "title": "Putuo District's life health industry holds a contest of medical devices",
        "date": None,
        "lang": "en",
        "text": "Oakfen Bio attended the biomedical contest at the China-Israel Innovation Hub in Putuo District.",
    },
]
BAD = ["nonsense", "[1]", json.dumps({"url": "u"})]


def lines(*pages: dict[str, Any]) -> str:
    return "".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages)


def played(text: str, *words: str, firms: str = "", published: bool = False) -> Callable[[Path], Done]:
    """Reads a file of pages, perhaps against a list of firms or a published file that knows one."""

    def play(home: Path) -> Done:
        home.mkdir(parents=True, exist_ok=True)
        (home / "in.jsonl").write_text(text, encoding="utf-8")
        (home / "firms.csv").write_text(firms, encoding="utf-8")
        if published:
            runs = Runs(home)
            runs.add(firm(1, name=KNOWN))
            runs.load()
        asked = [str(home / word) if "." in word else word for word in words]
        return scrapy(home, "read-news", *asked)

    return play


PLAIN = ("in.jsonl", "-o", "out.jsonl")
LISTED = f"uscc,name\n{code(1)},{KNOWN}\n"
SCENES = {
    "nobody known": played(lines(*PAGES), *PLAIN),
    "a list": played(lines(*PAGES), *PLAIN, "--firms", "firms.csv", firms=LISTED),
    "a list with a bad row": played(lines(*PAGES), *PLAIN, "--firms", "firms.csv", firms=LISTED + "1,x\n"),
    "no list": played(lines(*PAGES), *PLAIN, "--firms", "firms.csv", firms="a,b\n"),
    "the published file": played(lines(*PAGES), *PLAIN, published=True),
    "bad lines": played(lines(PAGES[0]) + "\n".join(BAD) + "\n" + lines(PAGES[1]), *PLAIN),
    "many bad lines": played("x\n" * 50, *PLAIN),
    "nothing": played("", *PLAIN),
    "gone": played("", "gone.jsonl", "-o", "out.jsonl"),
    "onto itself": played(lines(*PAGES), "in.jsonl", "-o", "in.jsonl"),
    "no folder": played(lines(*PAGES), "in.jsonl", "-o", "gone/out.jsonl"),
    "no call": played("", "in.jsonl"),
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    return together(SCENES, tmp_path_factory.mktemp("read-news"))


def written(end: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (end.home / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def named(end: Done) -> list[tuple[str, str | None, list[str]]]:
    return [
        (found["name"], found["uscc"], [event["kind"] for event in found["events"]])
        for page in written(end)
        for found in page["firms"]
    ]


@pytest.mark.parametrize("scene", ["a list", "the published file"])
def test_a_known_firm_has_its_code_and_others_are_candidates(done: dict[str, Done], scene: str) -> None:
    end = done[scene]
    assert end.exitcode == 0, end.stderr
    assert named(end) == [
        (KNOWN, code(1), ["arrival_announced"]),
        ("砚石生物", None, ["arrival_announced"]),
        ("Oakfen Bio", None, []),
    ]
    assert end.stdout.startswith("1 known firms of ")
    assert end.stdout.endswith(
        f"2 pages → {end.home}/out.jsonl (2 relevant; 1 known firms, 2 candidates, 2 events; rules {NEWS_VERSION})\n"
    )


def test_without_any_register_pages_are_read_and_that_is_said(done: dict[str, Done]) -> None:
    end = done["nobody known"]
    assert end.exitcode == 0, end.stderr
    assert f"no known firms: {end.home}/putuo.duckdb is not there" in end.stderr
    assert [page["relevant"] for page in written(end)] == [True, True]
    assert {uscc for _, uscc, _ in named(end)} == {None}


def test_bad_lines_are_told_with_their_numbers_and_the_others_read(done: dict[str, Done]) -> None:
    end = done["bad lines"]
    assert end.exitcode == 1
    path = end.home / "in.jsonl"
    assert f"{path}:2: is no JSON: Expecting value at character 0\n" in end.stderr
    assert f"{path}:3: holds no object but a list\n" in end.stderr
    assert f"{path}:4: title: is missing\n" in end.stderr
    assert f"{path}: 3 lines left out\n" in end.stderr
    assert [page["url"] for page in written(end)] == [page["url"] for page in PAGES]


def test_of_many_bad_lines_the_first_are_told_and_all_counted(done: dict[str, Done]) -> None:
    end = done["many bad lines"]
    assert (end.exitcode, written(end)) == (1, [])
    assert end.stderr.count("is no JSON") == 20
    assert "in.jsonl: 50 lines left out, the first 20 told\n" in end.stderr


def test_a_bad_row_of_the_list_is_told_and_the_others_count(done: dict[str, Done]) -> None:
    end = done["a list with a bad row"]
    assert end.exitcode == 1
    assert f"{end.home}/firms.csv:3: uscc: " in end.stderr
    assert named(end)[0][1] == code(1)


def test_no_page_is_no_line(done: dict[str, Done]) -> None:
    assert (done["nothing"].exitcode, written(done["nothing"])) == (0, [])


@pytest.mark.parametrize(
    ("scene", "exitcode", "why"),
    [
        ("gone", 1, "No such file or directory"),
        ("no list", 1, "firms.csv:1: the header has no uscc and name"),
        ("onto itself", 2, "in.jsonl: is what is read"),
        ("no folder", 2, "out.jsonl: there is no folder"),
        ("no call", 2, "scrapy read-news IN.jsonl -o OUT.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    done: dict[str, Done], scene: str, exitcode: int, why: str
) -> None:
    end = done[scene]
    assert end.exitcode == exitcode
    assert why in end.stdout + end.stderr
    assert "Traceback" not in end.stderr
    assert sorted(path.name for path in end.home.glob("*.jsonl*")) == ["in.jsonl"]
