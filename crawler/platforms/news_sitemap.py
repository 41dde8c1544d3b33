"""Base of spiders of news sitemaps: new articles of some sections, of whose pages a short quote is taken."""

from __future__ import annotations

import re
from typing import ClassVar, Literal
from urllib.parse import urljoin, urlsplit

from scrapy import Request

from crawler.fields.dates import parse_date
from crawler.items import Article, ArticleKind, Item, Proof, TextFrom
from crawler.platforms.article_page import lines_of, open_page
from crawler.platforms.article_text import extract
from crawler.platforms.excerpt import excerpt
from crawler.platforms.record_spider import RecordSpider
from crawler.platforms.records import MOST_RECORDS, Keep, Record, instant_day
from crawler.platforms.xml_records import XmlRecords
from crawler.source import Kept, UnreadableError

_NUMBER = re.compile(r".*/([0-9]{6,14})/?")  # of an article, at the end of its path
_NO_SENTENCE = re.compile(r"[^.!?。！？]*")  # bylines and captions
_CREDITS = re.compile(r"(?i)\b(?:source|editors?|reporters?|author)\s*[:：].*")


class NewsSitemapSpider(RecordSpider):
    """The sitemap at `sitemap` of `home`: what lies in one of the `sections` is read, all else is counted.

    An article's id is the number at the end of its path. `date_line` is what the page's own line of its day matches,
    its first group the day. Of a page no more is told than its title, its day and `excerpt` of what `extract` finds:
    lines that are no sentence are left out of that, for such are the names of who wrote it.
    """

    sitemap: ClassVar[str] = "/sitemap-news.xml"
    sections: ClassVar[tuple[str, ...]]
    date_line: ClassVar[re.Pattern[str]]
    language: ClassVar[Literal["zh", "en"]] = "en"
    size = MOST_RECORDS  # a sitemap has one page
    day_key = "publication_date"
    stated = ("title",)
    first_days = 7
    overlap_days = 3
    most_pages = 1
    shows_newest = True
    list_may_be_empty = False
    form = XmlRecords(
        record="url",
        root=("urlset",),
        keys={"loc": Keep.LINK, "title": Keep.TEXT, "publication_date": Keep.PLAIN},
        required=("loc",),
        known=("name", "language", "keywords", "genres", "lastmod", "changefreq", "priority", "caption"),
    )

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002 - one page
        return Request(urljoin(self.home, self.sitemap))

    def id_of(self, record: Record) -> str:
        number = _NUMBER.fullmatch(urlsplit(record["loc"]).path)
        return number[1] if number else ""

    def left_out(self, record: Record) -> str:
        return "" if urlsplit(record["loc"]).path.startswith(self.sections) else "other_sections"

    def page_of(self, record: Record, name: str) -> Request | None:  # noqa: ARG002
        return Request(record["loc"]) if self.id_of(record) else None

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002
        title, quote, day_raw = record["title"], "", ""
        if page is not None:
            found = extract(page)
            if found is None:
                raise UnreadableError("the page shows no title with a text below it")
            title, quote, day_raw = title or found.title, _quote(found.text), self._day_line(page)
        day = parse_date(day_raw) if day_raw else instant_day(record["publication_date"])
        return Article(
            article_id=self.id_of(record),
            kind=ArticleKind.NEWS,
            channel=next((section.strip("/") for section in self.sections if section in record["loc"]), ""),
            url=record["loc"],
            title=title,
            published_on=day,
            published_on_raw=day_raw or record["publication_date"],
            language=self.language,
            text=quote,
            text_from=TextFrom.EXCERPT if quote else TextFrom.NONE,
            proof=proof,
        )

    def _day_line(self, page: Kept) -> str:
        lines = lines_of(open_page(page).root)
        return next((found[1] for line in lines if (found := self.date_line.search(line))), "")


def _quote(text: str) -> str:
    lines = (_CREDITS.sub("", line).strip() for line in text.split("\n"))
    return excerpt("\n".join(line for line in lines if not _NO_SENTENCE.fullmatch(line)))
