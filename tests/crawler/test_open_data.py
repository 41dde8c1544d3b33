"""A data set of the open-data portal: paged by offset to its total, and the operator's token kept out of everything."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler import clock
from crawler.platforms.open_data import TOKEN_VARIABLE
from crawler.run_folder import Outcome
from tests.crawler.crawling import SETTINGS, everything_below, scrapy
from tests.crawler.replaying import only, read_again
from tests.fixtures.case import Case, Site, set_up
from tests.offline import Played, play
from tests.replica.server import Replica

URL = "https://data.sh.gov.cn/interface/AG9102015009/14661"
TOKEN = "invented-token-0003"
SIZE = 100


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    yield
    clock.start_at(None)


def institutions(first: int, many: int) -> list[dict[str, Any]]:
    return [
        {
            "机构名称": f"上海桦序{n}门诊部",
            "登记号": f"{n:08}X31019911A{n:04}",
            "所属区": "普陀区",
            "地址": f"样本路{n}号",
        }
        for n in range(first, first + many)
    ]


def reply(records: list[dict[str, Any]], total: int) -> bytes:
    inner = json.dumps({"state": "1", "total": total, "data": records}, ensure_ascii=False)
    return json.dumps({"code": "000000", "message": "success", "data": inner}, ensure_ascii=False).encode()


def case(*bodies: bytes) -> Case:
    """A portal that answers so from page to page, to who names the token."""
    replies = [
        {
            "ask": {
                "method": "POST",
                "url": URL,
                "json": {"limit": SIZE, "offset": at * SIZE},
                "headers": {"token": TOKEN},
            }
        }
        for at in range(len(bodies))
    ]
    meta = {"now": "2026-11-22T03:30:00+08:00", "replies": [{**said, "type": "application/json"} for said in replies]}
    return Case("open_data", "paged", meta, bodies)


def played(home: Path, *bodies: bytes) -> Played:
    portal = case(*bodies)
    set_up(portal, home)
    return play(portal, home)


def offsets(done: Played) -> list[int]:
    return [json.loads(question.body)["offset"] for question in done.asked]


def test_a_data_set_is_read_by_offset_to_its_total_and_its_first_page_once_more(tmp_path: Path) -> None:
    pages = [reply(institutions(1, 100), 203), reply(institutions(101, 100), 203), reply(institutions(201, 3), 203)]
    done = played(tmp_path, *pages)
    assert done.manifest is not None
    assert (done.manifest.outcome, done.manifest.reason) == (Outcome.COMPLETE, "")
    assert (len(done.items), offsets(done)) == (203, [0, 100, 200, 0])


def test_a_total_that_fills_its_pages_is_read_to_a_page_without_records(tmp_path: Path) -> None:
    done = played(tmp_path, reply(institutions(1, 100), 100), reply([], 100))
    assert done.manifest is not None
    assert (done.manifest.outcome, len(done.items)) == (Outcome.COMPLETE, 100)


@pytest.mark.parametrize(
    ("second", "reason", "read"),
    [
        (reply(institutions(101, 1), 203), "it says it holds 203 records, its pages hold 101", 101),
        (b'{"code":"100010","message":"slow down","data":null}', "code is '100010' instead of '000000'", 100),
        (reply(institutions(1, 100), 203), "page 2 shows what pages before it showed: it pages in a circle", 100),
        (b"<html>busy</html>", "not JSON: Expecting value at character 0", 100),
    ],
    ids=["one record", "another code", "the same page", "no JSON"],
)
def test_a_page_that_is_cut_short_leaves_the_run_partial_and_says_why(
    tmp_path: Path, second: bytes, reason: str, read: int
) -> None:
    done = played(tmp_path, reply(institutions(1, 100), 203), second)
    assert done.manifest is not None
    assert done.manifest.outcome == Outcome.PARTIAL
    assert done.manifest.reason.endswith(reason)
    assert len(done.items) == read


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", f"{TOKEN_VARIABLE} is not set: data.sh.gov.cn gives who registers a token, free of charge; put it there"),
        (
            "  ",
            f"{TOKEN_VARIABLE} is not set: data.sh.gov.cn gives who registers a token, free of charge; put it there",
        ),
        ("two words", f"{TOKEN_VARIABLE} holds what no token has: blanks, or characters beyond ASCII"),
        ("a\r\nHost: b", f"{TOKEN_VARIABLE} holds what no token has: blanks, or characters beyond ASCII"),
        ("令牌", f"{TOKEN_VARIABLE} holds what no token has: blanks, or characters beyond ASCII"),
    ],
)
def test_without_a_token_nothing_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str, reason: str
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, token)
    done = played(tmp_path, reply(institutions(1, 1), 1))
    assert done.manifest is not None
    assert (done.manifest.outcome, done.manifest.reason, done.asked) == (Outcome.FAILED, reason, [])


def test_half_a_character_in_the_inner_text_ends_nothing(tmp_path: Path) -> None:
    inner = '{"total":1,"data":[{"机构名称":"上海桦序\\ud8001门诊部","登记号":"1","地址":"样本路1号","\\udfff":1}]}'
    done = played(tmp_path, json.dumps({"code": "000000", "data": inner}).encode())
    half = json.dumps({"code": "000000", "data": inner.replace("\\ud800", "\ud800")}).encode()
    assert [item.holder for item in done.items] == ["上海桦序\ufffd1门诊部"]  # type: ignore[union-attr]
    assert [item.holder for item in played(tmp_path, half).items] == ["上海桦序?1门诊部"]  # type: ignore[union-attr]


def test_a_crawl_leaves_no_trace_of_the_token_and_is_read_again_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    with Replica(Site(case(reply(institutions(1, 12), 12))).routes()) as site:
        settings = f'{SETTINGS}[crawl.stand_ins]\n"data.sh.gov.cn" = "{site.url()}"\n'
        words = ("crawl", "open_data", "--now", "2026-11-22T03:30:00+08:00", "-s", "LOG_LEVEL=DEBUG")
        done = scrapy(home, *words, settings=settings)
        asked = {name.lower(): value for name, value in site.asked[-1].headers.items()}
    assert asked["token"] == TOKEN
    assert (done.manifest.outcome, len(done.items)) == (Outcome.COMPLETE, 12)
    assert TOKEN not in everything_below(home) + done.stdout + done.stderr
    monkeypatch.delenv(TOKEN_VARIABLE)
    assert TOKEN_VARIABLE not in os.environ
    replayed = read_again(home, only(home))
    assert (replayed.outcome, replayed.reads_the_same) == (Outcome.COMPLETE, True)
