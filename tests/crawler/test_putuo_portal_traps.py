"""How crawls of the district portal end, one real crawl a trap, and what may be believed of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.run_folder import GOOD, Outcome
from tests.crawler.crawling import Done, together
from tests.crawler.portal_scenes import crawl, days_ago, filing, filings, news
from tests.replica.portal import AFFAIR, COLUMNS, HTML, WALLS, Portal, PortalArticle, Trap, column_page, without_body
from tests.replica.server import Reply


@dataclass(frozen=True)
class Scene:
    """A portal with a trap, how a crawl of one of its streams must end, why, and how many items it leaves."""

    outcome: Outcome
    why: str
    items: int
    portal: Callable[[], Portal]
    only: str = "filings"

    def play(self, home: Path) -> Done:
        return crawl(home, self.portal(), "-a", f"only={self.only}")


def _trapped(outcome: Outcome, why: str, items: int, articles: list[PortalArticle], *traps: Trap) -> Scene:
    return Scene(outcome, why, items, lambda: Portal(list(articles), traps=frozenset(traps)))


def _shifting(
    outcome: Outcome, why: str, items: int, shift: Callable[[Portal], None], *, before: tuple[int, ...]
) -> Scene:
    def on_list(portal: Portal, asked: int) -> None:
        if asked in before:
            shift(portal)

    return Scene(outcome, why, items, lambda: Portal(filings(40), on_list=on_list))


def _wall(name: str, outcome: Outcome, why: str) -> Scene:
    return Scene(outcome, why, 0, lambda: Portal(filings(3), reply=WALLS[name]))


def _column(why: str, page: Reply) -> Scene:
    """News stand in all three columns, and the page of the second is another one."""

    def portal() -> Portal:
        articles = [news(int(channel), days_ago(1), channel=channel) for channel in COLUMNS.values()]
        return Portal(articles, pages={"/tupianxinwen/index.html": page})

    return Scene(Outcome.PARTIAL, why, 2, portal, only="news")


def _page(why: str, reply: Reply) -> Scene:
    def portal() -> Portal:
        other = [news(int(channel), days_ago(1), channel=channel) for channel in COLUMNS.values()]
        return Portal([news(1, days_ago(2), page=reply), *other])

    return Scene(Outcome.PARTIAL, why, 4, portal, only="news")


def _publish(portal: Portal) -> None:
    portal.articles.append(filing(100 + portal.lists_asked, days_ago(0)))


def _withdraw_newest(portal: Portal) -> None:
    portal.articles.remove(max(portal.articles, key=lambda article: article.day))


UNDECODABLE = Reply(b"<html><body><h1>" + bytes(range(129, 255)) * 40, headers=HTML)

# 40 filings, one a day, all lie in the first window of 120 days: their list is read to its real end.
SCENES = {
    "days in milliseconds": _trapped(Outcome.COMPLETE, "", 40, filings(40), Trap.MS_EPOCH),
    "the order asked for is ignored": _trapped(Outcome.COMPLETE, "", 40, filings(40), Trap.ASCENDING),
    "the whole site comes": _trapped(
        Outcome.FAILED,
        "filings (channels 3390) were asked, and records of channel '1899' came: they were ignored",
        0,
        [filing(1, days_ago(1)), news(1, days_ago(2))],
        Trap.CHANNELS_IGNORED,
    ),
    "another page than asked": _trapped(
        Outcome.PARTIAL, "page 2 was asked, page 1 came", 15, filings(40), Trap.WRONG_ECHO
    ),
    "one page for ever": _trapped(Outcome.PARTIAL, "it pages in a circle", 15, filings(40), Trap.ENDLESS),
    "a single record a page": _trapped(
        Outcome.PARTIAL, "page 1 of 3 holds 1 records where 15 were asked", 1, filings(40), Trap.THROTTLED
    ),
    "a capped total, and older records reached": _trapped(
        Outcome.COMPLETE, "", 41, [filing(at, days_ago(at * 3)) for at in range(60)], Trap.TOTAL_CAPPED
    ),
    "a capped total, and too long a list": _trapped(
        Outcome.PARTIAL,
        "60 pages were read of 667, and nothing before 2026-07-23 was reached",
        900,
        filings(1_000, a_day=10),
        Trap.TOTAL_CAPPED,
    ),
    "a page past the end that should be none": Scene(
        Outcome.PARTIAL, "3 times over: page 4 came without records", 45, lambda: Portal(filings(45), claims=70)
    ),
    "a record published while paging": _shifting(Outcome.COMPLETE, "", 41, _publish, before=(2,)),
    "a record withdrawn while paging": _shifting(Outcome.COMPLETE, "", 40, _withdraw_newest, before=(3,)),
    "a list that never holds still": _shifting(
        Outcome.PARTIAL,
        "it changed while it was paged, 3 times over: its total went from 45 to 46",
        33,
        _publish,
        before=tuple(range(1, 100)),
    ),
    "a page of the list that fails": Scene(
        Outcome.PARTIAL,
        f"HTTP 500 from https://www.shpt.gov.cn{AFFAIR}",
        15,
        lambda: Portal(filings(40), replies={2: Reply(b"", 500)}),
    ),
    "no record at all": Scene(
        Outcome.EMPTY_WRONG, "filings (channels 3390): the list says it holds no record at all", 0, Portal
    ),
    "no record since the window opened": Scene(
        Outcome.EMPTY_ALLOWED, "", 0, lambda: Portal([filing(at, days_ago(200 + at)) for at in range(3)])
    ),
    "a column filled from another host": _column(
        "its script asks '//example.com/x', which is no path on this host",
        Reply(column_page("1901", "//example.com/x"), headers=HTML),
    ),
    "a column that is gone": _column("HTTP 404 from https://www.shpt.gov.cn/tupianxinwen/index.html", Reply(b"", 404)),
    "an article's page that fails": _page(
        "HTTP 500 from https://www.shpt.gov.cn/yaowen/20261118/n1.html", Reply(b"", 500)
    ),
    "an article's page that cannot be decoded": _page("/yaowen/20261118/n1.html: ", UNDECODABLE),
    "a site that was rebuilt": Scene(
        Outcome.PARTIAL,
        "3 of 3 pages have no title or body in its place: was the site rebuilt?",
        3,
        lambda: Portal([news(int(c), days_ago(1), channel=c, page=without_body("样本")) for c in COLUMNS.values()]),
        only="news",
    ),
    "the interface answers 304": _wall("304", Outcome.FAILED, f"{AFFAIR}: answers 304 (not modified), though nothing"),
    "the interface answers 403": _wall("403", Outcome.BLOCKED, "www.shpt.gov.cn forbids us (403)"),
    "the interface answers 412": _wall("412", Outcome.BLOCKED, "www.shpt.gov.cn answered with a challenge (412)"),
    "the interface answers 429": _wall("429", Outcome.BLOCKED, "www.shpt.gov.cn asks us to slow down (429)"),
    "429 with a wait": _wall("429 with Retry-After", Outcome.BLOCKED, "asks us to slow down (429)"),
    "a captcha": _wall("captcha", Outcome.BLOCKED, "www.shpt.gov.cn sent a challenge or login page"),
    "a login": _wall("login", Outcome.BLOCKED, "www.shpt.gov.cn sent a challenge or login page"),
    "a redirect in a circle": _wall("redirect loop", Outcome.FAILED, "max redirections"),
    "a redirect to a private address": _wall("redirect to a private address", Outcome.BLOCKED, "a private address"),
    "a reply that says it has 2 GB": _wall("a lie of 2 GB", Outcome.FAILED, AFFAIR),
    "a reply without end": _wall("a stream without end", Outcome.FAILED, AFFAIR),
    "a reply that breaks off": _wall("a truncated reply", Outcome.FAILED, AFFAIR),
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """Every scene, played to its end."""
    return together({name: scene.play for name, scene in SCENES.items()}, tmp_path_factory.mktemp("scenes"))


@pytest.mark.parametrize("name", SCENES)
def test_a_crawl_ends_as_it_went(name: str, played: dict[str, Done]) -> None:
    scene, done = SCENES[name], played[name]
    assert done.manifest.outcome == scene.outcome, done.stderr
    assert scene.why in done.manifest.reason
    assert len(done.items) == scene.items
    assert done.exitcode == (0 if scene.outcome in GOOD else 1)


@pytest.mark.parametrize("name", SCENES)
def test_no_end_is_told_by_a_traceback(name: str, played: dict[str, Done]) -> None:
    assert "Traceback" not in played[name].stderr


@pytest.mark.parametrize("name", SCENES)
def test_only_a_run_that_read_its_lists_is_remembered(name: str, played: dict[str, Done]) -> None:
    manifest = played[name].manifest
    assert bool(manifest.next) is (manifest.outcome in GOOD or name.startswith("an article's page that "))


@pytest.mark.parametrize("name", [name for name in SCENES if SCENES[name].items])
def test_no_record_is_told_twice(name: str, played: dict[str, Done]) -> None:
    ids = [item["article_id"] for item in played[name].items]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", [name for name in SCENES if SCENES[name].outcome is Outcome.BLOCKED])
def test_who_is_turned_away_asks_nothing_more(name: str, played: dict[str, Done]) -> None:
    assert played[name].manifest.counts["requests"] == 2  # robots.txt and the list


def test_a_wait_is_kept_for_the_next_due_time(played: dict[str, Done]) -> None:
    manifest = played["429 with a wait"].manifest
    waits = clock.read_stamp(manifest.not_before) - clock.read_stamp(manifest.finished_at)
    assert timedelta(minutes=119) < waits <= timedelta(hours=2)
    assert played["the interface answers 429"].manifest.not_before == ""


def test_days_in_milliseconds_are_days_in_shanghai(played: dict[str, Done]) -> None:
    days = {item["article_id"]: item["published_on"] for item in played["days in milliseconds"].items}
    assert days == {f"e{number}": days_ago(number).isoformat() for number in range(40)}


@pytest.mark.parametrize("name", ["an article's page that fails", "an article's page that cannot be decoded"])
def test_a_page_that_cannot_be_read_leaves_what_the_list_says(name: str, played: dict[str, Done]) -> None:
    (item,) = [item for item in played[name].items if item["article_id"] == "n1"]
    assert (item["title"], item["text"], item["text_from"]) == ("样本新闻第1则", "", "none")
    assert item["proof"]["url"].endswith("/front/api/data/search")
