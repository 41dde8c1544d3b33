"""Base of spiders of news feeds (RSS) of copyrighted publishers: title, link, day and a short quote."""

from __future__ import annotations

import re
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from scrapy import Request

from crawler.items import Article, ArticleKind, Item, Proof, TextFrom
from crawler.platforms.excerpt import excerpt
from crawler.platforms.record_spider import RecordSpider
from crawler.platforms.records import MOST_RECORDS, Keep, Record, instant_day
from crawler.platforms.xml_records import XmlRecords
from crawler.source import Kept


def rss(placeholder: str = "") -> XmlRecords:
    """The form of an RSS 2.0 feed; `placeholder` is the title of what stands in it where nothing is to be shown."""
    return XmlRecords(
        record="item",
        root=("rss",),
        keys={
            **{"title": Keep.TEXT, "link": Keep.LINK, "guid": Keep.LINK, "pubDate": Keep.PLAIN},
            "description": Keep.TEXT,
        },
        required=("title", "link"),
        known=("author", "creator", "category", "source", "comments", "encoded"),
        placeholder=placeholder,
    )


class FeedSpider(RecordSpider):
    """Its `lists` are addresses of feeds. An article's id is what `article` finds in its link's path, else its guid.

    A feed shows its newest items and no others; an item without a link is none of ours.
    """

    article: ClassVar[str]  # what the path of an article matches; its first group is the id
    language: ClassVar[Literal["zh", "en"]] = "zh"
    size = MOST_RECORDS  # a feed has one page
    day_key = "pubDate"
    stated = ("title", "description")
    first_days = 30
    most_pages = 1
    shows_newest = True
    list_may_be_empty = False

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002 - one page
        return Request(name)

    def id_of(self, record: Record) -> str:
        found = re.fullmatch(self.article, urlsplit(record["link"]).path)
        return found[1] if found else record["guid"]

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002
        quote = excerpt(record["description"])
        return Article(
            article_id=self.id_of(record),
            kind=ArticleKind.NEWS,
            channel=urlsplit(name).path.strip("/"),
            url=record["link"],
            title=record["title"],
            published_on=instant_day(record["pubDate"]),
            published_on_raw=record["pubDate"],
            language=self.language,
            text=quote,
            text_from=TextFrom.EXCERPT if quote else TextFrom.NONE,
            proof=proof,
        )
