"""News of Shanghai's health commission: hospitals, clinics and care that open, grow or are recognised."""

from __future__ import annotations

from crawler.platforms.shanghai_cms import ShanghaiCmsSpider, bureau_column
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class HealthCommissionSpider(ShanghaiCmsSpider):
    """wsjkw.sh.gov.cn. `-a since=YYYY-MM-DD`."""

    source = Source(
        id="health_commission",
        title_zh="上海市卫生健康委员会新闻发布",
        title_en="Shanghai Municipal Health Commission, news",
        publisher_zh="上海市卫生健康委员会",
        publisher_en="Shanghai Municipal Health Commission",
        proves=("partnership", "premises_added", "recognised"),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without news is one; a list without any is not
        parser="health_commission/1",
        max_requests=200,
        confirmed=(
            "addresses of the column xwfb, of its later pages and of articles; the list's class, links with a whole"
            " title, and the element #ivs_content of an article; none tried live"
        ),
        from_memory=(
            "that the column is still the one with news, the day's span of a link, the meta PubDate of an article"
            " (seen on a sister site), that lists show newest articles first; other columns were not seen"
        ),
        address="https://wsjkw.sh.gov.cn/xwfb/index.html",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"title": 1.0, "published_on": 0.9, "text": 0.5},
    )
    name = source.id
    home = "https://wsjkw.sh.gov.cn"
    columns = (bureau_column("xwfb", links=".uli16.nowrapli.list-date li a", day="span"),)
