"""The district's English site: which pages are asked for, night after night, and what is read from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from parsel import Selector
from scrapy.http import Response

from crawler.platforms.article_page import keep_page
from crawler.platforms.link_list import Column, Reading, links_of
from crawler.platforms.window import WindowError
from crawler.run_folder import Outcome
from crawler.source import Kept, UnreadableError
from crawler.spiders.putuo_english import PutuoEnglishSpider
from tests.crawler.crawling import Done
from tests.crawler.english_site import crawl_english, visit
from tests.replica.english import HOST, STORIES, Story, announcement, list_html, list_pages, printed, routes
from tests.replica.server import Replica, Reply

LATER = Story(
    3010, date(2026, 11, 18), "An invented clinic opens", ("An invented clinic opened its doors in Taopu Town.",)
)
LATE = Story(3009, date(2026, 11, 13), "An invented trial", ("A trial that came to the list days after its own date.",))
NEWS, CIIH = "/news/news/index.shtml", "/ciih/index.shtml"


@dataclass(frozen=True)
class Nights:
    """Three nights of one site: its first, one without news, and one with a late article and a changed title."""

    done: tuple[Done, ...]
    asked: tuple[list[str], ...]
    found: tuple[list[dict[str, object]], ...]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    home = tmp_path_factory.mktemp("nights")
    renamed = replace(STORIES[1], title="Suzhou Creek half marathon is back")
    done, asked, found = [], [], []
    with Replica() as site:
        for night, stories in enumerate([STORIES, STORIES, (LATER, LATE, renamed, *STORIES[:1], *STORIES[2:])]):
            site.routes = routes(stories)
            site.asked.clear()
            done.append(crawl_english(home, site, now=f"2026-11-{18 + night}T03:30+08:00"))
            asked.append([path for path in site.paths() if path != "/robots.txt"])
            found.append(done[-1].items)
    return Nights(tuple(done), tuple(asked), tuple(found))


def test_a_first_night_reads_what_its_window_shows(nights: Nights) -> None:
    assert nights.done[0].stdout.startswith("complete: ")
    assert sorted(str(item["article_id"]) for item in nights.found[0]) == [
        "ciih/12",
        "news/3001",
        "news/3005",
        "news/3008",
    ]


def test_an_article_is_told_as_its_page_states_it(nights: Nights) -> None:
    story = STORIES[0]
    item = next(item for item in nights.found[0] if item["article_id"] == "news/3008")
    proof = item.pop("proof")
    assert item == {
        "item_type": "article",
        "article_id": "news/3008",
        "kind": "news",
        "channel": "news",
        "url": f"http://{HOST}{story.path}",
        "title": story.title,
        "published_on": "2026-11-17",
        "published_on_raw": "November 17, 2026",
        "agency": "",
        "document_number": "",
        "index_number": "",
        "language": "en",
        "text": "\n".join(story.paragraphs),
        "text_from": "body",
    }
    assert isinstance(proof, dict)
    assert (proof["url"], proof["parser"]) == (f"http://{HOST}{story.path}", "putuo_english/1")


def test_a_night_without_news_asks_for_the_lists_and_nothing_else(nights: Nights) -> None:
    assert nights.asked[1] == [NEWS, CIIH]
    assert nights.done[1].exitcode == 0
    assert "not modified since the last complete run" in nights.done[1].stdout


def test_a_later_night_reads_new_late_and_renamed_articles_only(nights: Nights) -> None:
    assert sorted(str(item["article_id"]) for item in nights.found[2]) == ["news/3005", "news/3009", "news/3010"]
    assert set(nights.asked[2]) == {
        NEWS,
        CIIH,
        LATER.path,
        LATE.path,
        STORIES[1].path,
        # Read to the end of the list, for the newest articles do not fill half a page.
        "/news/news/index_2.shtml",
    }


def test_an_old_article_is_not_asked_for_every_night_though_there_is_nothing_else(tmp_path: Path) -> None:
    old, of_the_hub = announcement(), replace(announcement(), column="ciih")
    pages = {NEWS: _list(old), CIIH: _list(of_the_hub), old.path: _page(old), of_the_hub.path: _page(old)}
    with Replica(pages) as site:
        first = crawl_english(tmp_path, site, now="2026-11-18T03:30+08:00")
        assert (first.exitcode, first.manifest.outcome, first.items) == (0, Outcome.EMPTY_ALLOWED, [])
        site.asked.clear()
        second = crawl_english(tmp_path, site, now="2026-11-19T03:30+08:00")
    assert second.manifest.outcome == Outcome.EMPTY_ALLOWED
    assert site.paths() == ["/robots.txt", NEWS, CIIH]


def test_the_announcement_is_read_whole_when_asked_for_so_far_back(tmp_path: Path) -> None:
    done, _ = visit(tmp_path, routes(), "-a", "since=2021-01-01")
    item = next(item for item in done.items if item["article_id"] == "news/2258")
    assert (item["published_on"], item["title"]) == ("2021-01-04", announcement().title)
    assert item["text"].split("\n") == list(announcement().paragraphs)


def test_what_is_asked_for_in_between_is_not_remembered(tmp_path: Path) -> None:
    with Replica(routes()) as site:
        first = crawl_english(tmp_path, site, now="2026-11-18T03:30+08:00").manifest
        between = crawl_english(tmp_path, site, "-a", "since=2026-11-17", now="2026-11-19T03:30+08:00")
    assert between.manifest.outcome == Outcome.EMPTY_ALLOWED  # the one article since then was read the night before
    assert between.manifest.next == first.next


def test_every_page_is_read_that_the_window_shows_and_no_more(tmp_path: Path) -> None:
    # One in ten days, the newest on 15 November; the window opens on 21 July, behind the twelfth.
    days = [date(2026, 11, 15) - timedelta(days=10 * at) for at in range(27)]
    text = ("An invented paragraph that is long enough to be one of an article.",)
    stories = [Story(3000 - at, day, f"Invented story {at}", text) for at, day in enumerate(days)]
    done, site = visit(tmp_path, routes([*stories, STORIES[3]], on_a_page=4))
    assert done.manifest.outcome == Outcome.COMPLETE, done.manifest.reason
    assert sum(item["channel"] == "news" for item in done.items) == 12
    lists = [path for path in site.paths() if "/news/news/index" in path]
    assert lists == [NEWS, *(f"/news/news/index_{number}.shtml" for number in (2, 3, 4))]


def _list(*stories: Story) -> Reply:
    return Reply(list_html(stories).encode(), headers={"Content-Type": "text/html"})


def _page(story: Story) -> Reply:
    return Reply(story.page().encode(), headers={"Content-Type": "text/html"})


def test_a_page_that_is_gone_or_has_no_date_line_is_told_by_its_title_and_asked_for_again(tmp_path: Path) -> None:
    site_routes = routes()
    gone, bare = STORIES[0].path, STORIES[1].path
    site_routes[gone] = Reply(b"<html><body>gone</body></html>", 410)
    site_routes[bare] = Reply(b"<html><body><h1>A film</h1></body></html>", headers={"Content-Type": "text/html"})
    with Replica(site_routes) as site:
        first = crawl_english(tmp_path, site, now="2026-11-18T03:30+08:00")
        told = {item["article_id"]: item for item in first.items}
        for story in STORIES[:2]:
            item = told[f"news/{story.number}"]
            assert (item["title"], item["text"], item["text_from"]) == (story.title, "", "none")
            assert item["proof"]["url"].endswith(NEWS)
        assert first.manifest.outcome == Outcome.COMPLETE
        counts = first.manifest.counts
        assert (counts["pages_gone"], counts["pages_without_text"]) == (1, 1)
        site.routes = {**routes(), NEWS: _list(LATER, *STORIES[:3]), LATER.path: _page(LATER)}
        second = crawl_english(tmp_path, site, now="2026-11-19T03:30+08:00")
    assert sorted(item["article_id"] for item in second.items) == ["news/3005", "news/3008", "news/3010"]
    assert {item["text_from"] for item in second.items} == {"body"}


SCENES = {
    "an article that fails": (
        {STORIES[0].path: Reply(b"", 500)},
        Outcome.PARTIAL,
        f"HTTP 500 from http://{HOST}{STORIES[0].path}",
    ),
    "a site that was rebuilt": (
        {story.path: Reply(b"<html><body><p>x</p></body></html>") for story in STORIES},
        Outcome.PARTIAL,
        "5 of 5 pages have no title or body in its place: was the site rebuilt?",
    ),
    "a list that is gone": ({CIIH: Reply(b"", 404)}, Outcome.PARTIAL, "HTTP 404 where the list of ciih should begin"),
    "no list with an article": ({NEWS: _list(), CIIH: _list()}, Outcome.EMPTY_WRONG, "a list without a single article"),
    "a list without articles": ({NEWS: _list()}, Outcome.PARTIAL, f"{NEWS}: a list without a single article"),
    "a list that is not modified, at first sight": (
        {NEWS: Reply(b"", 304), CIIH: Reply(b"", 304)},
        Outcome.FAILED,
        "answers 304 (not modified), though nothing was asked on a condition",
    ),
    "a second page without articles": ({"/news/news/index_2.shtml": _list()}, Outcome.COMPLETE, ""),
    "a second page like the first": (
        {"/news/news/index_2.shtml": _list(*STORIES[:3])},
        Outcome.PARTIAL,
        "news: page 2 shows what pages before it showed: it pages in a circle",
    ),
}


@pytest.mark.parametrize("name", SCENES)
def test_a_run_ends_as_the_site_was(name: str, tmp_path: Path) -> None:
    changes, outcome, why = SCENES[name]
    done, _ = visit(tmp_path, {**routes(), **changes}, "-s", "RETRY_TIMES=0")
    assert (done.manifest.outcome, "Traceback" in done.stderr) == (outcome, False), done.stderr
    assert why in done.manifest.reason
    if outcome != Outcome.COMPLETE:
        assert bool(done.manifest.next) is (name == "an article that fails")


# --- Without a crawl -------------------------------------------------------------------------------------------------

NEWS_COLUMN = PutuoEnglishSpider.columns[0]


def found(*hrefs: str, column: Column = NEWS_COLUMN, at: str = f"http://{HOST}{NEWS}") -> list[str]:
    anchors = "".join(f"<li><a href='{href}'>x</a></li>" for href in hrefs)
    return [link.url for link in links_of(Selector(text=f"<html><body>{anchors}"), at, column)]


@pytest.mark.parametrize(
    "href",
    [
        "3008.shtml",
        "./3008.shtml",
        "../news/3008.shtml",
        "/news/news/3008.shtml",
        f"//{HOST}/news/news/3008.shtml",
        " /news/news/3008.shtml?from=list#top ",
    ],
)
def test_a_link_to_an_article_of_ours_is_followed(href: str) -> None:
    assert found(href) == [f"http://{HOST}/news/news/3008.shtml"]


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "index.shtml",
        "index_2.shtml",
        "/ciih/12.shtml",
        "/news/news/3008.shtml/../../../admin/3008.shtml",
        "/news/news/x3008.shtml",
        "/news/news/99999999999.shtml",
        "/news/news/3008.shtml.exe",
        "http://www.example.org/news/news/3008.shtml",
        f"http://{HOST}.example.org/news/news/3008.shtml",
        f"http://{HOST}@example.org/news/news/3008.shtml",
        f"http://{HOST}:8080/news/news/3008.shtml",
        f"ftp://{HOST}/news/news/3008.shtml",
        "javascript:go('/news/news/3008.shtml')",
        "http://[::1/news/news/3008.shtml",
        "http://10.0.0.1/news/news/3008.shtml",
    ],
)
def test_no_other_link_is_followed(href: str) -> None:
    assert found(href) == []


def test_an_article_linked_twice_is_one_under_its_longest_title() -> None:
    page = "<a href=/news/news/1.shtml><img src=x></a> <a href=/news/news/1.shtml title='An invented title'>An inv…</a>"
    (link,) = links_of(Selector(text=f"<html><body>{page}"), f"http://{HOST}{NEWS}", NEWS_COLUMN)
    assert (link.id, link.title) == ("news/1", "An invented title")


@pytest.mark.parametrize("printed_day", ["2026-11-16", "[2026-11-16]", "November 16, 2026"])
def test_a_day_beside_a_link_spares_asking_for_what_is_too_old(printed_day: str) -> None:
    column = replace(NEWS_COLUMN, links=".list a", day="span")
    page = f"<ul class=list><li><a href=/news/news/1.shtml>x</a><span>{printed_day}</span></li></ul>"
    (link,) = links_of(Selector(text=f"<html><body>{page}"), f"http://{HOST}{NEWS}", column)
    assert link.day == date(2026, 11, 16)
    reading = Reading(column, {}, date(2027, 11, 16), None)
    assert reading.begin_page([link])
    assert not reading.wants(link)


@pytest.mark.parametrize("state", [{"validators": []}, {"older": "x"}, {"window": {"newest": 1}}])
def test_a_memory_that_is_not_ours_is_refused(state: dict[str, object]) -> None:
    with pytest.raises(WindowError):
        Reading(NEWS_COLUMN, state, date(2026, 11, 18), None)


def _kept(body: str) -> Kept:
    return keep_page(Response("http://x/", headers={"Content-Type": "text/html"}, body=body.encode()))


PARAGRAPH = "An invented paragraph that is long enough to be one of an article."
PAGES = {
    "each in an element of its own": f"<h1>T</h1><p>January 04, 2021 |</p><div><p>{PARAGRAPH}</p></div>",
    "breaks only": f"T<br>January 04, 2021 | By someone<br>{PARAGRAPH}",
    "menus with bars": f"<p>Home | News</p><div><h2>T</h2><i>January 04, 2021</i> | <p>{PARAGRAPH}</p></div>foot",
    "a bar on its own": f"<div><h2>T</h2><p>January 04, 2021 <b>|</b></p><p>{PARAGRAPH}</p></div>foot",
    "a table": f"<table><tr><td>T</td></tr><tr><td>January 04, 2021 |</td></tr><tr><td>{PARAGRAPH}</td></tr></table>",
}


@pytest.mark.parametrize("form", PAGES)
def test_an_article_is_read_around_its_date_line(form: str) -> None:
    page, day_raw, day = PutuoEnglishSpider().read_article(_kept(f"<html><body>{PAGES[form]}</body></html>"))
    assert (page.title, page.text, day_raw, day) == ("T", PARAGRAPH, "January 04, 2021", date(2021, 1, 4))


UNREADABLE = {
    "no date line": f"<h1>T</h1><p>{PARAGRAPH}</p>",
    "no title": f"<p>January 04, 2021 |</p><p>{PARAGRAPH}</p>",
    "no text": "<h1>T</h1><p>January 04, 2021 |</p><p>Print</p>",
    "too much text": f"<h1>T</h1><p>January 04, 2021 |</p><p>{'x' * 200_001}</p>",
}


@pytest.mark.parametrize("body", tuple(UNREADABLE.values()), ids=UNREADABLE)
def test_a_page_without_date_line_title_or_text_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableError, match=r"date line|characters"):
        PutuoEnglishSpider().read_article(_kept(f"<html><body>{body}</body></html>"))


def test_the_replica_prints_days_as_the_site_does() -> None:
    assert printed(date(2021, 1, 4)) == "January 04, 2021"
    assert set(list_pages("/x", STORIES, 2)) == {"/x/index.shtml", "/x/index_2.shtml", "/x/index_3.shtml"}
