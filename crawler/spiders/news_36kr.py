"""Start-ups' news of 36kr: who raised money, in the publisher's two feeds."""

from __future__ import annotations

from crawler.platforms.feed_articles import FeedSpider, rss
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class News36krSpider(FeedSpider):
    """36kr.com (articles) and www.36kr.com (flashes), each under its own host's robots.txt."""

    source = Source(
        id="news_36kr",
        title_zh="36氪",
        title_en="36kr",
        publisher_zh="北京多氪信息科技有限公司",
        publisher_en="36Kr",
        proves=("arrival_announced", "financing_raised", "headquarters_set_up", "listing_step", "partnership"),
        cadence=EVERY_NIGHT,  # a day's flashes may be more than the feed shows: what goes by is told as a gap
        capture=CaptureMode.DIGEST,
        may_be_empty=True,  # hours without news are; a feed without any item is not
        parser="news_36kr/1",
        max_requests=10,
        confirmed="addresses of both feeds; never tried live",
        from_memory=(
            "elements and both forms of the day, paths of articles and flashes; how many items a feed shows, so how "
            "much goes by between two nights: that is told as a gap, and not read; that an "
            "item titled 36氪 without a link stands where the feed is throttled"
        ),
        address="https://36kr.com",
        terms="copyrighted: facts, a short quote and the link are kept",
        must_fill={"published_on": 0.8, "url": 0.9},
    )
    name = source.id
    home = "https://36kr.com"
    lists = ("https://36kr.com/feed", "https://www.36kr.com/feed-newsflash")
    form = rss(placeholder="36氪")
    article = r"/(p/\d+|newsflashes/\d+)/?"
