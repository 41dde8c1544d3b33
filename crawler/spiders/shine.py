"""Shanghai's English news: the sections on the city, on business and on its districts."""

from __future__ import annotations

import re

from crawler.platforms.news_sitemap import NewsSitemapSpider
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class ShineSpider(NewsSitemapSpider):
    """www.shine.cn. No title says whether a firm of Putuo stands below it, so these three sections are read whole."""

    source = Source(
        id="shine",
        title_zh="上海日报",
        title_en="SHINE (Shanghai Daily)",
        publisher_zh="上海日报社",
        publisher_en="Shanghai Daily",
        proves=("arrival_announced", "financing_raised", "headquarters_set_up", "partnership", "premises_added"),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.DIGEST,
        may_be_empty=True,  # a night without news in these sections is one; a sitemap without any article is not
        parser="shine/1",
        max_requests=240,  # 20 minutes at 5 s; the newest are asked for first
        confirmed="paths of articles and of the sitemap, the line of the day, that of source and editor",
        from_memory="elements of the sitemap, where a page holds its title and text (found by a general extractor)",
        address="https://www.shine.cn",
        terms="copyrighted: facts, a short quote and the link are kept",
        must_fill={"published_on": 0.9, "text": 0.5},
    )
    name = source.id
    home = "https://www.shine.cn"
    sections = ("/news/metro/", "/biz/", "/feature/district/")
    date_line = re.compile(r"\d{1,2}:\d{2} UTC\+8, (\d{4}-\d{2}-\d{2})")
