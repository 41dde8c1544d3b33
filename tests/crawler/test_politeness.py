"""How we behave towards a host: who we say we are, how slowly we ask, and what we never ask twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.run_folder import Outcome
from crawler.settings import VERSION
from tests.crawler.crawling import CONTACT, SETTINGS, Done, crawl
from tests.crawler.extracts import extract
from tests.replica.server import Asked, Replica, Reply

MOVED = Reply(b"", 302, {"Location": "/new.csv"})


def test_crawl_delay_is_kept_between_all_requests(tmp_path: Path) -> None:
    robots = Reply(b"User-agent: *\nCrawl-delay: 2\n")
    with Replica({"/robots.txt": robots, "/extract.csv": MOVED, "/new.csv": Reply(extract(1))}) as site:
        done = crawl(tmp_path, site.url("/extract.csv"))
    assert done.exitcode == 0
    assert site.paths() == ["/robots.txt", "/extract.csv", "/new.csv"]
    assert site.shortest_gap() >= 1
    assert "robots.txt asks for 2.0 s between requests; keeping 2.0 s" in done.stderr


def test_our_own_delay_stands_where_the_host_asks_for_less(tmp_path: Path) -> None:
    robots = Reply(b"User-agent: *\nCrawl-delay: 0.1\n")
    settings = SETTINGS.replace("delay_seconds = 0", "delay_seconds = 2")
    with Replica({"/robots.txt": robots, "/extract.csv": MOVED, "/new.csv": Reply(extract(1))}) as site:
        assert crawl(tmp_path, site.url("/extract.csv"), settings=settings).exitcode == 0
    assert site.shortest_gap() >= 1


class Twice:
    """A page that says when it changed, crawled twice."""

    def __init__(self, home: Path) -> None:
        with Replica({"/extract.csv": self._page}) as self.site:
            self.first = self._crawl(home)
            self.second = self._crawl(home)

    def _crawl(self, home: Path) -> tuple[Done, Outcome]:
        done = crawl(home, self.site.url("/extract.csv"))
        return done, done.manifest.outcome

    def _page(self, asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == '"v1"':
            return Reply(b"", 304)
        return Reply(extract(1, 2), headers={"ETag": '"v1"', "Last-Modified": "Mon, 16 Nov 2026 00:00:00 GMT"})


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    return Twice(tmp_path_factory.mktemp("twice"))


def test_what_did_not_change_is_not_sent_again(twice: Twice) -> None:
    assert twice.first[1] == Outcome.COMPLETE
    done, outcome = twice.second
    assert (done.exitcode, outcome) == (0, Outcome.EMPTY_ALLOWED)
    assert "not modified since the last complete run" in done.stdout
    asked = [asked for asked in twice.site.asked if asked.path == "/extract.csv"][1]
    assert asked.headers["If-Modified-Since"] == "Mon, 16 Nov 2026 00:00:00 GMT"


def test_every_request_says_who_we_are_and_nothing_else_of_us(twice: Twice) -> None:
    for asked in twice.site.asked:
        assert asked.headers["User-Agent"] == f"putuo-life-health-monitor/{VERSION} (+mailto:{CONTACT})"
        assert {"Cookie", "Referer", "From", "Authorization"}.isdisjoint(asked.headers)
