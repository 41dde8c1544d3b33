"""How a crawl ends: one real crawl each, against a real server or file, and what its manifest says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.run_folder import Outcome
from tests.crawler.crawling import Done, crawl, together
from tests.crawler.extracts import HEADER, csv_of, extract, firm
from tests.crawler.portal_scenes import TODAY, whole_portal
from tests.crawler.portal_scenes import crawl as crawl_portal
from tests.replica.portal import Portal
from tests.replica.server import Asked, Replica, Reply, Route

CSV = {"Content-Type": "text/csv"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
GOOD = Reply(extract(*range(10)), headers=CSV)


@dataclass(frozen=True)
class Scene:
    """What a site or a folder holds, and how a crawl of it must end."""

    outcome: Outcome
    why: str = ""
    routes: Mapping[str, Route] = field(default_factory=dict)
    asks: str = "/extract.csv"
    local: Callable[[Path], Path | str] | None = None
    words: tuple[str, ...] = ()

    def play(self, home: Path) -> Done:
        if self.local is not None:
            home.mkdir()
            return crawl(home, self.local(home), *self.words)
        with Replica(self.routes) as site:
            return crawl(home, site.url(self.asks), *self.words)


def _page(reply: Route, outcome: Outcome, why: str = "", *words: str) -> Scene:
    return Scene(outcome, why, {"/extract.csv": reply}, words=words)


def _robots(reply: Route, why: str, *words: str) -> Scene:
    return Scene(Outcome.REFUSED_BY_ROBOTS, why, {"/robots.txt": reply, "/extract.csv": GOOD}, words=words)


def _sent_to(location: str, outcome: Outcome, why: str) -> Scene:
    return _page(Reply(b"", 302, {"Location": location}), outcome, why)


def _at_first(failure: Reply) -> Route:
    asked_before: list[Asked] = []

    def route(asked: Asked) -> Reply:
        asked_before.append(asked)
        return failure if len(asked_before) == 1 else GOOD

    return route


def _file(body: bytes, name: str = "extract.csv") -> Callable[[Path], Path]:
    def write(home: Path) -> Path:
        path = home / name
        path.write_bytes(body)
        return path

    return write


def _empty_folder(home: Path) -> Path:
    folder = home / "inbox"
    folder.mkdir()
    (folder / "readme.md").write_text("drop extracts here", encoding="utf-8")
    return folder


def _closed_port(home: Path) -> str:
    with Replica() as site:
        return site.url("/extract.csv")


CAPTCHA = "<html><title>安全验证</title><body>请输入验证码</body></html>".encode()
NO_RETRY = ("-s", "RETRY_TIMES=0")
BAD = [firm(n, 统一社会信用代码="91310199000000000A") for n in range(3)]

SCENES = {
    "all rows read": _page(GOOD, Outcome.COMPLETE),
    "a redirect within the host": Scene(
        Outcome.COMPLETE,
        routes={"/extract.csv": Reply(b"", 302, {"Location": "/new.csv"}), "/new.csv": GOOD},
    ),
    "a lost connection that comes back": _page(_at_first(Reply(mute=True)), Outcome.COMPLETE),
    "too many bad rows": _page(
        Reply(csv_of(HEADER, *BAD, *(firm(n) for n in range(7))), headers=CSV),
        Outcome.PARTIAL,
        "3 of 10 rows could not be read",
    ),
    "a header and nothing below": _page(Reply(csv_of(HEADER)), Outcome.EMPTY_WRONG, "no row was read"),
    "an empty drop folder": Scene(Outcome.EMPTY_ALLOWED, "no extract in the drop folder", local=_empty_folder),
    "a page that is gone": _page(Reply(b"gone", 404), Outcome.FAILED, "HTTP 404 from http://127.0.0.1"),
    "a file that is not there": Scene(
        Outcome.FAILED, "no such file or folder: ", local=lambda home: home / "nothing.csv"
    ),
    "a page instead of a table": _page(
        Reply(b"<!DOCTYPE html><p>moved</p>", headers=HTML), Outcome.FAILED, "an HTML or XML page where a CSV or XLSX"
    ),
    "not modified, at first sight": _page(Reply(b"", 304), Outcome.FAILED, "304 (not modified), though nothing"),
    "a reply that breaks off": _page(Reply(GOOD.body, cut=300), Outcome.FAILED, "/extract.csv", *NO_RETRY),
    "a reply above the limit": _page(GOOD, Outcome.FAILED, "/extract.csv", "-s", "DOWNLOAD_MAXSIZE=1000"),
    "a redirect in a circle": _sent_to("/extract.csv", Outcome.FAILED, "max redirections"),
    "403": _page(Reply(b"", 403), Outcome.BLOCKED, "127.0.0.1 forbids us (403)"),
    "412": _page(Reply(b"<script>", 412, HTML), Outcome.BLOCKED, "answered with a challenge (412)"),
    "429": _page(Reply(b"", 429, {"Retry-After": "3600"}), Outcome.BLOCKED, "asks us to slow down (429)"),
    "503": _page(Reply(b"", 503), Outcome.BLOCKED, "127.0.0.1 is not serving us now (503)"),
    "a captcha": _page(Reply(CAPTCHA, headers=HTML), Outcome.BLOCKED, "sent a challenge or login page"),
    "a redirect to another host": _sent_to("https://example.com/x", Outcome.BLOCKED, "another host: example.com"),
    "robots.txt forbids": _robots(Reply(b"User-agent: *\nDisallow: /"), "robots.txt forbids this address"),
    "robots.txt fails": _robots(Reply(b"", 500), "could not be read; that counts as a refusal"),
    "robots.txt is itself forbidden": _robots(Reply(b"", 403), "could not be read; that counts as a refusal"),
    "a host that is not there": Scene(
        Outcome.REFUSED_BY_ROBOTS, "could not be read; that counts as a refusal", local=_closed_port, words=NO_RETRY
    ),
    "robots.txt never comes": _robots(Reply(wait=60), "could not be read", "-s", "DOWNLOAD_TIMEOUT=0.5", *NO_RETRY),
    "robots.txt asks for ten minutes": _robots(Reply(b"User-agent: *\nCrawl-delay: 600"), "could not be read"),
}


LOGGED_BY_SCRAPY = ("a host that is not there", "robots.txt never comes")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """Every scene, played to its end."""
    return together({name: scene.play for name, scene in SCENES.items()}, tmp_path_factory.mktemp("scenes"))


@pytest.mark.parametrize("name", SCENES)
def test_a_crawl_ends_as_it_went(name: str, played: dict[str, Done]) -> None:
    scene, done = SCENES[name], played[name]
    assert done.manifest.outcome == scene.outcome, done.stderr
    assert scene.why in done.manifest.reason
    assert done.exitcode == (0 if scene.outcome in (Outcome.COMPLETE, Outcome.EMPTY_ALLOWED) else 1)


@pytest.mark.parametrize("name", SCENES)
def test_a_crawl_says_how_it_ended_why_and_what_to_do_next(name: str, played: dict[str, Done]) -> None:
    scene, done = SCENES[name], played[name]
    first, *others = done.stdout.splitlines()
    assert first.startswith(f"{scene.outcome}: ")
    assert str(done.folder.path) in first
    assert (f"  why: {done.manifest.reason}" in others) is bool(done.manifest.reason)
    assert any(line.startswith("next: ") for line in others)


@pytest.mark.parametrize("name", [name for name in SCENES if name not in LOGGED_BY_SCRAPY])
def test_no_end_is_told_by_a_traceback(name: str, played: dict[str, Done]) -> None:
    assert "Traceback" not in played[name].stderr


@pytest.mark.parametrize("name", SCENES)
def test_only_a_complete_run_speaks_for_absent_firms_or_is_remembered(name: str, played: dict[str, Done]) -> None:
    manifest = played[name].manifest
    assert manifest.lists_everything is (manifest.outcome == Outcome.COMPLETE)
    if manifest.outcome != Outcome.COMPLETE:
        assert manifest.next == {}


@pytest.mark.parametrize("name", SCENES)
def test_a_finished_run_is_whole_and_counted(name: str, played: dict[str, Done]) -> None:
    done = played[name]
    done.folder.verify(done.manifest)
    counts, lines = done.manifest.counts, done.manifest.files.get("items.jsonl", {"lines": 0})["lines"]
    assert counts["items"] + counts["rejected"] == lines
    assert sum(done.manifest.rejected.values()) == counts["rejected"]
    assert {path.name for path in done.folder.path.iterdir()} == {*done.manifest.files, "manifest.json"}


@pytest.mark.parametrize("name", ["403", "412", "429", "503", "a captcha"])
def test_who_is_turned_away_does_not_ask_again(name: str, played: dict[str, Done]) -> None:
    assert played[name].manifest.counts["requests"] == 2  # robots.txt and the page


def test_a_wait_in_seconds_is_kept_for_the_next_due_time(played: dict[str, Done]) -> None:
    manifest = played["429"].manifest
    waits = clock.read_stamp(manifest.not_before) - clock.read_stamp(manifest.finished_at)
    assert timedelta(minutes=59) < waits <= timedelta(hours=1)


def test_bad_rows_are_told_by_reason(played: dict[str, Done]) -> None:
    assert "  put aside: 3 × code_check" in played["too many bad rows"].stdout


def test_a_list_that_shows_nothing_new_is_no_failure(tmp_path: Path) -> None:
    portal = whole_portal()
    first = crawl_portal(tmp_path, portal).manifest
    assert (first.outcome, first.listed["records"] > 0) == (Outcome.COMPLETE, True)
    second = crawl_portal(tmp_path, portal, day=TODAY + timedelta(days=1))
    assert (second.manifest.outcome, second.exitcode) == (Outcome.EMPTY_ALLOWED, 0), second.stderr
    assert second.manifest.listed["records"] >= 15, "its lists were full; only nothing was new"
    assert second.manifest.warnings == []


def test_a_list_that_shows_no_record_at_all_is_a_failure_though_nights_without_news_are_none(tmp_path: Path) -> None:
    done = crawl_portal(tmp_path, Portal([]))
    assert (done.manifest.outcome, done.exitcode) == (Outcome.EMPTY_WRONG, 1), done.stderr
    assert "the list says it holds no record at all" in done.manifest.reason
    assert done.manifest.declaration["may_be_empty"] is True
