"""Base of spiders of GDELT's article lists (DOC 2.0): which pages of the world's press were seen, by a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal
from urllib.parse import urlencode

from scrapy import Request

from crawler.fields.address import address_id
from crawler.items import Article, ArticleKind, Item, Proof, TextFrom
from crawler.platforms.json_records import JsonRecords
from crawler.platforms.record_spider import RecordSpider
from crawler.platforms.records import Keep, Record, instant_day
from crawler.source import Kept

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_LANGUAGE_OF: Final[Mapping[str, Literal["zh", "en"]]] = {"Chinese": "zh", "English": "en"}
_PAUSE: Final = 5.0  # seconds between two requests, as GDELT asks


class GdeltSpider(RecordSpider):
    """api.gdeltproject.org: `subject` is asked for in each of the languages that are its `lists`, 250 articles each.

    GDELT gives an article no id: the key is `address_id` of its address. `published_on` is the day in Shanghai on which
    GDELT saw it, which may be later than the day of the page. The pages are other hosts', and are not read. Articles in
    other languages than Chinese and English are left out and counted.
    """

    home = "https://api.gdeltproject.org"
    subject: ClassVar[str]
    lists = ("english", "chinese")
    size = 250
    most_pages = 1
    day_key = "seendate"
    stated = ("title",)
    first_days = 30
    overlap_days = 2
    form = JsonRecords(
        records="articles",
        keys={
            **{"url": Keep.LINK, "title": Keep.TEXT, "seendate": Keep.PLAIN},
            **{"domain": Keep.PLAIN, "language": Keep.PLAIN},
        },
        required=("url", "title", "seendate", "language"),
        known=("sourcecountry", "url_mobile", "socialimage"),
        blank_is_none=True,
    )

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Never faster than the host asks, however fast the operator is; a rehearsal asks no host."""
        super().update_settings(settings)
        if not settings.get("MONITOR_STAND_INS"):
            settings.set("DOWNLOAD_DELAY", max(_PAUSE, settings.getfloat("DOWNLOAD_DELAY")), priority="spider")

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002 - one reply is all there is
        since = self.since_of(name)
        assert since is not None  # its lists have windows
        days = (self.today - since).days + 1
        asked = {
            "query": f"{self.subject} sourcelang:{name}",
            "mode": "artlist",
            "format": "json",
            "maxrecords": str(self.size),
            "timespan": f"{days}d",
            "sort": "datedesc",
        }
        return Request(f"{self.home}/api/v2/doc/doc?{urlencode(asked)}")

    def id_of(self, record: Record) -> str:
        return address_id(record["url"])

    def left_out(self, record: Record) -> str:
        return "" if record["language"] in _LANGUAGE_OF else "other_languages"

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002
        return Article(
            article_id=self.id_of(record),
            kind=ArticleKind.NEWS,
            channel=name,
            url=record["url"],
            title=record["title"],
            published_on=instant_day(record["seendate"]),
            published_on_raw=record["seendate"],
            agency=record["domain"],
            language=_LANGUAGE_OF[record["language"]],
            text_from=TextFrom.NONE,
            proof=proof,
        )
