"""A list page as links to articles, and the reading of such a list: what was met, is wanted, and is remembered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crawler.fields.dates import parse_date, parse_english_date
from crawler.fields.text import clean
from crawler.guard import leads_to
from crawler.platforms.article_page import LONGEST_TITLE, lines_of
from crawler.platforms.window import Window, WindowError

if TYPE_CHECKING:
    from parsel import Selector

_MOST_REMEMBERED = 2_000  # articles of a list that were found too old; a window shows a tenth


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One list of a site: `first` and `later` are paths, `later` with `{page}` in it.

    `article` is what the whole path of an article's address matches; its first group is the article's number. `links`
    selects the links of the list; `day`, within the list item of a link, what holds its day.
    """

    name: str
    first: str
    later: str
    article: str
    links: str = "a"
    day: str = ""
    first_days: int = 120
    overlap_days: int = 7
    most_pages: int = 30

    def path(self, number: int) -> str:
        """The path of a page, counted from 1."""
        return self.first if number == 1 else self.later.format(page=number)


@dataclass(frozen=True, slots=True)
class Link:
    """An article as its list shows it. `id` is column and number; `title` and day may be empty."""

    id: str
    url: str
    title: str
    day: date | None
    day_raw: str

    @property
    def fingerprint(self) -> str:
        """What says whether the list still says the same of it."""
        return hashlib.sha256(f"{self.title}\n{self.day_raw}".encode()).hexdigest()[:16]


def links_of(page: Selector, address: str, column: Column) -> list[Link]:
    """The articles a list page at `address` links to on its own host, in its order, each once; other links are left."""
    base = urljoin(address, page.css("base::attr(href)").get("").strip() or address)
    found: dict[str, Link] = {}
    for anchor in page.css(column.links):
        try:
            url = urlsplit(urljoin(base, anchor.attrib.get("href", "").strip()))
        except ValueError:  # no address at all
            continue
        number = re.fullmatch(column.article, url.path)
        if number is None or leads_to(address, url.geturl()):
            continue
        day_raw = _day_beside(anchor, column.day) if column.day else ""
        day = parse_date(day_raw) or parse_english_date(day_raw)
        where = url._replace(query="", fragment="").geturl()
        link = Link(f"{column.name}/{number[1]}", where, _title(anchor), day, day_raw)
        if not (known := found.get(link.id)) or (link.title and not known.title):
            found[link.id] = link
    return list(found.values())


def _day_beside(anchor: Selector, selector: str) -> str:
    found = anchor.xpath("ancestor::li[1]").css(selector)
    return " ".join(lines_of(found[0].root)) if found else ""


def _title(anchor: Selector) -> str:
    shown = " ".join(lines_of(anchor.root))
    whole = clean(anchor.attrib.get("title", ""))  # lists cut what they show
    return (whole if len(whole) > len(shown) else shown)[:LONGEST_TITLE]


class Reading:
    """One column while it is read. Raises WindowError for a remembered state that it did not write."""

    def __init__(self, column: Column, before: Mapping[str, Any], today: date, since: date | None) -> None:
        self.column = column
        self._before = dict(before)
        self.window = Window(
            before.get("window", {}),
            today,
            overlap_days=column.overlap_days,
            first_days=column.first_days,
            since=since,
        )
        self.validators = _texts(before.get("validators", {}))
        # Found too old before: only true of a window that opens no earlier than it did.
        self._too_old = frozenset() if since else frozenset(_strings(before.get("older", [])))
        self.number = 1
        self.pending = 0
        self.unchanged = False
        self.fresh: tuple[Link, ...] = ()
        self._met: set[str] = set()
        self._older: set[str] = set()
        self._settled: set[str] = set()

    def begin_page(self, links: list[Link]) -> bool:
        """Takes a page's links; False when pages before it showed them all."""
        self.fresh = tuple(link for link in links if link.id not in self._met)
        self._met.update(link.id for link in links)
        return bool(self.fresh)

    def wants(self, link: Link) -> bool:
        """Whether an article is to be asked for: not one that was read before, nor one that is too old."""
        if link.id in self._too_old or (link.day and link.day < self.window.since):
            self._older.add(link.id)
            self._settled.add(link.id)
            return False
        if self.window.is_new(link.id, link.fingerprint):
            return True
        self._settled.add(link.id)
        return False

    def settle(self, link: Link, day: date | None) -> bool:
        """Notes that an article was read; False when it turned out too old to be told."""
        self._settled.add(link.id)
        if day and day < self.window.since:
            self._older.add(link.id)
            return False
        self.window.remember(link.id, day, link.fingerprint)
        return True

    def is_past_window(self) -> bool:
        """Whether most of the page is too old: one old article may be pinned to the top, or stand in a margin."""
        return 2 * sum(link.id in self._older for link in self.fresh) > len(self.fresh)

    def gap(self) -> str:
        """Why this reading does not join the last one, in words; empty when it does."""
        return "" if self.unchanged else self.window.gap()

    def state(self) -> dict[str, Any]:
        """What the next reading needs, as JSON types."""
        if self.unchanged:
            return self._before
        window = self.window.state()
        older = sorted(self._settled - set(window.get("seen", {})))
        # A list that has not changed is not read: then pages that still owe their text would not be asked for.
        validators = self.validators if self._met <= self._settled else {}
        return {"window": window, "older": older[:_MOST_REMEMBERED], "validators": validators}


def _texts(said: Any) -> dict[str, str]:
    if not isinstance(said, dict):
        raise WindowError(f"what the last run remembered cannot be read: validators are {type(said).__name__}")
    return {str(name): str(value) for name, value in said.items()}


def _strings(said: Any) -> list[str]:
    if not isinstance(said, list):
        raise WindowError(f"what the last run remembered cannot be read: older is {type(said).__name__}")
    return [str(entry) for entry in said]
