"""A rehearsal: hosts are answered from this machine, under their real names, and nothing else is reached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.run_folder import Outcome
from tests.crawler.crawling import Done, crawl, scrapy
from tests.crawler.extracts import extract
from tests.replica.server import Asked, Replica, Reply

HOST = "data.example.org"
TEST_SPIDERS = ("-s", "SPIDER_MODULES=tests.replica.spiders")


def settings(*sites: str, host: str = HOST) -> str:
    """A monitor.toml in which these addresses stand in for `host`; without any, no host has a stand-in."""
    lines = "".join(f'"{host}" = "{site}"\n' for site in sites)
    return f"[crawl]\ndelay_seconds = 0\n[crawl.stand_ins]\n{lines}"


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, list[Asked]]:
    """An extract asked at an https address, which moves within its host."""
    routes = {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /private"),
        "/list": Reply(b"", 302, {"Location": f"https://{HOST}/firms.csv?year=2026&q=%E6%99%AE"}),
        "/firms.csv": Reply(extract(1, 2), headers={"Content-Type": "text/csv"}),
    }
    with Replica(routes) as site:
        done = crawl(tmp_path_factory.mktemp("rehearsed"), f"https://{HOST}/list", settings=settings(site.url()))
    return done, site.asked


def test_the_stand_in_is_asked_in_the_name_of_the_host(rehearsed: tuple[Done, list[Asked]]) -> None:
    _, asked = rehearsed
    assert [(a.path, a.query) for a in asked] == [
        ("/robots.txt", ""),
        ("/list", ""),
        ("/firms.csv", "year=2026&q=%E6%99%AE"),
    ]
    assert {a.headers["Host"] for a in asked} == {HOST}


def test_items_and_capture_name_the_real_address(rehearsed: tuple[Done, list[Asked]]) -> None:
    done, _ = rehearsed
    assert done.manifest.outcome == Outcome.COMPLETE, done.stderr
    assert {item["proof"]["url"] for item in done.items} == {f"https://{HOST}/firms.csv?year=2026&q=%E6%99%AE"}
    assert b"127.0.0.1" not in done.folder.items.read_bytes() + done.folder.capture.read_bytes()


def test_the_manifest_says_that_it_was_a_rehearsal(rehearsed: tuple[Done, list[Asked]]) -> None:
    done, _ = rehearsed
    assert done.manifest.arguments["stand_ins"] == HOST
    assert f"a rehearsal: {HOST} is answered by http://127.0.0.1:" in done.stderr


def test_a_body_that_is_posted_arrives_as_it_was_sent(tmp_path: Path) -> None:
    asks = json.dumps({"channelList": ["3"], "pageNo": 1, "字": "普"}, ensure_ascii=False)
    with Replica({"/api": Reply(b"{}", headers={"Content-Type": "application/json"})}) as site:
        words = ("-a", f"path=http://{HOST}/api", "-a", f"post={asks}", *TEST_SPIDERS)
        done = scrapy(tmp_path, "crawl", "whole_page", *words, settings=settings(site.url()))
    assert done.exitcode == 0, done.stderr
    asked = site.asked[-1]
    assert (asked.method, asked.body.decode(), asked.headers["Content-Type"]) == ("POST", asks, "application/json")


@pytest.mark.parametrize("url", ["https://other.example.org/firms.csv", f"https://{HOST}./x", "http://192.0.2.1/x"])
def test_a_host_without_a_stand_in_is_not_reached_and_the_run_says_why(url: str, tmp_path: Path) -> None:
    with Replica() as site:
        done = crawl(tmp_path, url, settings=settings(site.url()))
    assert (done.exitcode, done.manifest.outcome) == (1, Outcome.FAILED)
    assert "this is a rehearsal, and crawl.stand_ins names no stand-in for '" in done.manifest.reason
    assert site.asked == []
    assert "stand_ins" not in done.manifest.arguments


def test_this_machine_itself_is_asked_as_it_is(tmp_path: Path) -> None:
    with Replica({"/firms.csv": Reply(extract(1), headers={"Content-Type": "text/csv"})}) as site:
        done = crawl(tmp_path, site.url("/firms.csv"), settings=settings("http://127.0.0.1:1"))
    assert done.manifest.outcome == Outcome.COMPLETE
    assert "stand_ins" not in done.manifest.arguments


def test_a_delay_that_a_host_asks_for_is_kept_in_a_rehearsal(tmp_path: Path) -> None:
    routes = {
        "/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 2"),
        "/list": Reply(b"", 302, {"Location": "/firms.csv"}),
        "/firms.csv": Reply(extract(1), headers={"Content-Type": "text/csv"}),
    }
    with Replica(routes) as site:
        done = crawl(tmp_path, f"http://{HOST}/list", settings=settings(site.url()))
    assert done.exitcode == 0, done.stderr
    assert len(site.asked) == 3
    assert site.shortest_gap() >= 1
