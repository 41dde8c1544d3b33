"""What Putuo's listed life-health firms announce, from the disclosure site that the exchanges name."""

from __future__ import annotations

from types import MappingProxyType

from crawler.platforms.announcements import AnnouncementsSpider
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class CninfoSpider(AnnouncementsSpider):
    """www.cninfo.com.cn. `-a since=YYYY-MM-DD`, `-a stocks=CODE:REGISTERED NAME,…`."""

    source = Source(
        id="cninfo",
        title_zh="上市公司公告",
        title_en="Announcements of listed firms",
        publisher_zh="巨潮资讯网",
        publisher_en="CNINFO",
        proves=("listing_step", "capital_raised"),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without an announcement is one
        parser="cninfo/1",
        max_requests=100,
        confirmed="address, form and keys of the query; address of the look-up; milliseconds; files' host; never tried "
        "live",
        from_memory=(
            "the registered name of the watched firm; keyWord and maxNum of the look-up, its keys, and that it is a"
            " list; values of column and plate; null where there is no announcement"
        ),
        address="http://www.cninfo.com.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"holder": 0.9, "title": 0.9, "published_on": 0.9, "url": 0.9},
    )
    name = source.id
    home = "http://www.cninfo.com.cn"
    files = "https://static.cninfo.com.cn/"
    watched = MappingProxyType({"688602": "上海康鹏科技股份有限公司"})
    first_days = 120
