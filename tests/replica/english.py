"""The district's English site as it is described: list pages of links, article pages with a date line; all invented."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from zlib import crc32

from tests.replica.server import Asked, Reply, Route

HOST = "english.shpt.gov.cn"
_ANNOUNCEMENT = Path(__file__).with_name("announcement.toml")
_HTML = {"Content-Type": "text/html; charset=UTF-8"}
_ON_A_PAGE = 15
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Story:
    """One invented article. `column` is news or ciih; higher numbers are newer."""

    number: int
    day: date
    title: str
    paragraphs: tuple[str, ...]
    column: str = "news"

    @property
    def path(self) -> str:
        return f"/news/news/{self.number}.shtml" if self.column == "news" else f"/ciih/{self.number}.shtml"

    def page(self, charset: str = "UTF-8") -> str:
        """Title, date line, paragraphs, between a head and a foot that are not the article."""
        text = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)
        return f"""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{escape(self.title)}</title>
<script>var page = "{self.number}";</script></head>
<body><div class="nav"><a href="/">Home</a> | <a href="/news/news/index.shtml">News</a></div>
<div class="content"><h2>{escape(self.title)}</h2>
<div class="info"><span>{printed(self.day)} | </span><a href="javascript:window.print()">Print</a></div>
<div class="text">{text}</div></div>
<div class="foot">Copyright of an invented site. <a href="https://www.example.org/about">About</a></div></body></html>
"""


def printed(day: date) -> str:
    """A day as the site prints it: `January 04, 2021`."""
    return f"{_MONTHS[day.month - 1]} {day.day:02}, {day.year}"


def announcement(number: int = 2258) -> Story:
    """The announcement of January 2021."""
    said = tomllib.loads(_ANNOUNCEMENT.read_text(encoding="utf-8"))
    return Story(number, said["day"], said["title"], tuple(said["paragraphs"]))


# A year of invented news around the week that the tests and the demo play, the newest first.
STORIES = (
    Story(
        3008,
        date(2026, 11, 17),
        "Haina Town welcomes a maker of surgical robots",
        (
            "Shanghai Yangben Surgical Robotics, an invented firm, opened its headquarters in Haina Town on Tuesday.",
            "The company plans to hire 120 engineers by the end of next year and will open a training laboratory.",
        ),
    ),
    Story(
        3005,
        date(2026, 11, 12),
        "Suzhou Creek half marathon returns",
        ("Some 6,000 runners will follow Suzhou Creek through the district on the last Sunday of the month.",),
    ),
    Story(
        3001,
        date(2026, 10, 28),
        "Community canteens serve more seniors",
        ("Four new community canteens have opened in Changzheng Town since spring, the district said on Wednesday.",),
    ),
    Story(
        12,
        date(2026, 11, 16),
        "Invented diagnostics start-up joins the hub",
        (
            "Yangben Diagnostics, an invented start-up, signed a lease for 800 square metres at the China-Israel"
            " Innovation Hub on Monday.",
        ),
        column="ciih",
    ),
    announcement(),
)


def routes(stories: Iterable[Story] = STORIES, on_a_page: int = _ON_A_PAGE) -> dict[str, Route]:
    """The site that holds these stories: both lists, every article, a robots.txt that allows it."""
    told = sorted(stories, key=lambda story: -story.number)
    found: dict[str, Route] = {"/robots.txt": Reply(b"User-agent: *\nDisallow: /admin/\n", headers=_HTML)}
    for column, folder in (("news", "/news/news"), ("ciih", "/ciih")):
        found |= list_pages(folder, [story for story in told if story.column == column], on_a_page)
    return found | {story.path: Reply(story.page().encode(), headers=_HTML) for story in told}


def list_pages(folder: str, stories: Sequence[Story], on_a_page: int = _ON_A_PAGE) -> dict[str, Route]:
    """`index.shtml`, `index_2.shtml`, … of a folder; the first answers conditional requests."""
    pages = [stories[at : at + on_a_page] for at in range(0, len(stories), on_a_page)] or [[]]
    return {
        f"{folder}/index{'' if number == 1 else f'_{number}'}.shtml": _list_page(page)
        for number, page in enumerate(pages, start=1)
    }


def list_html(stories: Iterable[Story]) -> str:
    """A list page: the links of its stories, among links that are none."""
    links = "\n".join(f'<li><a href="{story.path}">{escape(story.title)}</a></li>' for story in stories)
    return f"""<!DOCTYPE html>
<html><head><meta charset="UTF-8"><title>News</title></head>
<body><div class="nav"><a href="/">Home</a> | <a href="index.shtml">News</a></div>
<ul class="list">{links}</ul>
<div class="foot"><a href="https://www.example.org/news/news/1.shtml">Partner site</a></div></body></html>
"""


def _list_page(stories: Sequence[Story]) -> Route:
    body = list_html(stories).encode()
    tag = f'"{crc32(body):x}"'

    def reply(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == tag:
            return Reply(b"", 304)
        return Reply(body, headers={**_HTML, "ETag": tag})

    return reply
