"""What sites may do to a crawler that follows links, and that none of it leads astray: each a real crawl of a stand-in.

How a crawl of one address ends is told in test_outcomes; here it is links, pages after pages, and what they carry.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import pytest

from crawler.fields.personal import MASK
from crawler.run_folder import Outcome
from tests.crawler.crawling import Done, everything_below, together
from tests.crawler.english_site import peak_megabytes, visit
from tests.replica.english import HOST, STORIES, Story, list_html, routes
from tests.replica.server import Replica, Reply, Route

HTML = {"Content-Type": "text/html; charset=utf-8"}
FIRST = STORIES[0].path  # of the articles, the one listed first
NEWS = "/news/news/index.shtml"
MEGABYTE = b"x" * (1 << 20)
NO_RETRY = ("-s", "RETRY_TIMES=0")


@dataclass(frozen=True)
class Trap:
    """What a site does otherwise than it should, and how the run must end."""

    changes: Mapping[str, Route]
    outcome: Outcome
    why: str
    words: tuple[str, ...] = ()
    crawl: str = ""
    only_a_page: bool = False  # its harm is to that page: the others are remembered, and it is asked for again

    def spring(self, home: Path) -> tuple[Done, Replica]:
        return visit(home, {**routes(), **self.changes}, *self.words, crawl=self.crawl)


def _sent_to(location: str) -> Reply:
    return Reply(b"", 302, {"Location": location})


def _endless_list(on_a_page: int) -> dict[str, Route]:
    """Pages that go on for ever, each with articles of its own, all of this week."""
    found: dict[str, Route] = {}
    for page in range(1, 60):
        numbers = range(100_000 - page * on_a_page, 100_000 - (page - 1) * on_a_page)
        stories = [Story(number, STORIES[0].day, f"Story {number}", STORIES[0].paragraphs) for number in numbers]
        path = NEWS if page == 1 else f"/news/news/index_{page}.shtml"
        found |= {path: Reply(list_html(stories).encode(), headers=HTML)}
        found |= {story.path: Reply(story.page().encode(), headers=HTML) for story in stories}
    return found


def _page(body: str) -> Reply:
    return Reply(f"<!DOCTYPE html><html><body>{body}</body></html>".encode(), headers=HTML)


def _packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(wbits=31)  # as gzip does
    return b"".join([*(packer.compress(MEGABYTE) for _ in range(megabytes)), packer.flush()])


BLOCKED, PARTIAL = Outcome.BLOCKED, Outcome.PARTIAL
PRIVATE = f"{HOST} sends us to another host: a private address"

TRAPS = {
    # Where a link or a redirect leads.
    "a redirect into the network at home": Trap({NEWS: _sent_to("http://10.0.0.1/")}, BLOCKED, PRIVATE),
    "a redirect to a cloud's metadata": Trap({NEWS: _sent_to("http://169.254.169.254/latest/")}, BLOCKED, PRIVATE),
    "a redirect to this machine": Trap({NEWS: _sent_to("http://localhost/")}, BLOCKED, PRIVATE),
    "a redirect to this machine by number": Trap({NEWS: _sent_to("http://[::1]/")}, BLOCKED, PRIVATE),
    "an article that leads to another host": Trap(
        {FIRST: _sent_to("//www.example.org/x.shtml")}, Outcome.COMPLETE, "", only_a_page=True
    ),
    "an article that leads into the network at home": Trap(
        {FIRST: _sent_to("http://10.0.0.1/")}, Outcome.COMPLETE, "", only_a_page=True
    ),
    "an article that leads to itself": Trap(
        {FIRST: _sent_to(FIRST)}, PARTIAL, f"{FIRST}: max redirections", only_a_page=True
    ),
    "a list that never ends": Trap(_endless_list(1), PARTIAL, "news: 30 pages were read, and nothing before"),
    "a list that asks for too much": Trap(_endless_list(20), PARTIAL, "budget of 200 requests is spent"),
    # Walls in the middle of a run.
    "429 without a word when to come back": Trap({FIRST: Reply(b"", 429)}, BLOCKED, "asks us to slow down (429)"),
    "429 that says when": Trap(
        {FIRST: Reply(b"", 429, {"Retry-After": "7200"})}, BLOCKED, "asks us to slow down (429)"
    ),
    "412 with a script": Trap({FIRST: Reply(b"<html><script>$_ts={}</script>", 412, HTML)}, BLOCKED, "challenge (412)"),
    "a challenge like a page": Trap({FIRST: _page("<script>$_ts={};</script>")}, BLOCKED, "challenge or login"),
    "a captcha": Trap({FIRST: _page("<p>请输入验证码</p>")}, BLOCKED, "challenge or login"),
    "a login": Trap({FIRST: _page("<form><input type=password></form>")}, BLOCKED, "challenge or login"),
    # What a reply carries.
    "a reply that says it has 2 GB": Trap(
        {FIRST: Reply(MEGABYTE, headers=HTML, length=2 << 30)}, PARTIAL, f"from http://{HOST}{FIRST}", only_a_page=True
    ),
    "a reply without end": Trap(
        {FIRST: Reply(stream=repeat(MEGABYTE), headers=HTML)},
        PARTIAL,
        f"http://{HOST}{FIRST}",
        crawl="max_megabytes = 1",
        only_a_page=True,
    ),
    "a reply that unpacks to eight times the limit": Trap(
        {FIRST: Reply(_packed(8), headers={**HTML, "Content-Encoding": "gzip"})},
        PARTIAL,
        f"http://{HOST}{FIRST}",
        crawl="max_megabytes = 1",
        only_a_page=True,
    ),
    "a reply that breaks off": Trap(
        {FIRST: Reply(stream=[STORIES[0].page().encode()[:400]], cut=0, headers=HTML)},
        PARTIAL,
        FIRST,
        NO_RETRY,
        only_a_page=True,
    ),
    "a reply of rubbish": Trap(
        {FIRST: Reply(bytes(range(256)) * 9, headers=HTML)}, PARTIAL, f"{FIRST}: neither UTF-8", only_a_page=True
    ),
    "a file where a page should be": Trap(
        {FIRST: Reply(b"%PDF-1.7", headers={"Content-Type": "application/pdf"})},
        PARTIAL,
        "'application/pdf' where",
        only_a_page=True,
    ),
    # Rules of the host.
    "robots.txt that hangs up": Trap(
        {"/robots.txt": Reply(mute=True)}, Outcome.REFUSED_BY_ROBOTS, "robots.txt could not be read", NO_RETRY
    ),
    "robots.txt that forbids a list": Trap(
        {"/robots.txt": Reply(b"User-agent: *\nDisallow: /ciih/")},
        Outcome.REFUSED_BY_ROBOTS,
        "forbids this address",
    ),
}


@pytest.fixture(scope="module")
def sprung(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Done, Replica]]:
    """Every trap, sprung."""
    return together({name: trap.spring for name, trap in TRAPS.items()}, tmp_path_factory.mktemp("traps"))


@pytest.mark.parametrize("name", TRAPS)
def test_no_trap_leads_astray(name: str, sprung: dict[str, tuple[Done, Replica]]) -> None:
    trap, (done, _) = TRAPS[name], sprung[name]
    outcome, reason = done.manifest.outcome, done.manifest.reason
    # What was read before a wall is kept, so that a blocked run with items is a partial one that says so.
    if trap.outcome is BLOCKED and done.manifest.counts["items"]:
        assert (outcome, reason.partition(" ")[0]) == (PARTIAL, "blocked"), done.stderr
    else:
        assert outcome == trap.outcome, done.stderr
    assert trap.why in reason
    assert done.exitcode == (0 if trap.outcome is Outcome.COMPLETE else 1)
    assert bool(done.manifest.next) is trap.only_a_page
    assert f"news/{STORIES[0].number}" not in str(done.manifest.next)


@pytest.mark.parametrize("name", [name for name, trap in TRAPS.items() if trap.outcome is BLOCKED])
def test_who_turned_us_away_is_asked_nothing_more(name: str, sprung: dict[str, tuple[Done, Replica]]) -> None:
    _, site = sprung[name]
    turned_away_at = site.paths().index(FIRST if FIRST in TRAPS[name].changes else NEWS)
    assert len(site.paths()) <= turned_away_at + 2  # one request may have been on its way


def test_when_to_come_back_is_known_only_where_it_was_said(sprung: dict[str, tuple[Done, Replica]]) -> None:
    assert sprung["429 without a word when to come back"][0].manifest.not_before == ""
    assert sprung["429 that says when"][0].manifest.not_before != ""


@pytest.mark.parametrize("name", ["a reply that says it has 2 GB", "a reply without end"])
def test_of_a_reply_above_the_limit_little_is_read(name: str, sprung: dict[str, tuple[Done, Replica]]) -> None:
    _, site = sprung[name]
    assert site.paths().count(FIRST) == 1
    assert site.sent[FIRST] < 32 << 20  # what the system's own buffers hold


def test_an_endless_list_is_bounded_by_pages_and_by_the_budget(sprung: dict[str, tuple[Done, Replica]]) -> None:
    lists = [path for path in sprung["a list that never ends"][1].paths() if path.startswith("/news/news/index")]
    assert len(lists) == 30
    assert len(sprung["a list that asks for too much"][1].paths()) == 200 + 1  # robots.txt is not ours to count


@pytest.mark.parametrize("name", [name for name, trap in TRAPS.items() if trap.outcome is PARTIAL])
def test_one_bad_page_does_not_cost_the_others(name: str, sprung: dict[str, tuple[Done, Replica]]) -> None:
    done, _ = sprung[name]
    assert done.manifest.counts["items"] >= 3


def test_a_page_in_another_encoding_than_it_says_is_read_and_nothing_personal_in_it_kept(tmp_path: Path) -> None:
    contact = "联系人：甲某某，电话：138<b>0013</b>8000。"
    story = Story(
        3020, STORIES[0].day, "桃浦智创城迎来新企业", ("上海样本生命科技有限公司入驻桃浦智创城，" * 4, "CONTACT")
    )
    body = story.page(charset="utf-8").replace("CONTACT", contact).encode("gb18030")
    kind = {"Content-Type": "text/html; charset=ISO-8859-1"}
    done, _ = visit(tmp_path, {**routes([story, *STORIES]), story.path: Reply(body, headers=kind)})
    item = next(item for item in done.items if item["article_id"] == "news/3020")
    assert (item["title"], item["published_on"]) == (story.title, "2026-11-17")
    assert done.manifest.outcome == Outcome.COMPLETE
    assert item["text"].split("\n")[-1] == f"联系人：{MASK}，电话：{MASK}。"
    kept = everything_below(tmp_path)
    assert "上海样本生命科技有限公司" in kept
    for personal in ("甲某某", "138<b>", "13800138000"):
        assert personal not in kept


@pytest.mark.parametrize(
    "reply",
    [
        lambda: Reply(stream=repeat(MEGABYTE), headers=HTML),
        lambda: Reply(_packed(400), headers={**HTML, "Content-Encoding": "gzip"}),  # takes long: not while collecting
    ],
    ids=["endless", "packed"],
)
def test_no_reply_takes_more_memory_than_the_limit_allows(reply: Callable[[], Reply], tmp_path: Path) -> None:
    with Replica({**routes(), FIRST: reply()}) as site:
        assert peak_megabytes(tmp_path, site, crawl="max_megabytes = 8") < 250  # the program itself takes 100
