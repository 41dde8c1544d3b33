"""Notices of Shanghai's medical products administration: what it publishes in general, and of medical devices."""

from __future__ import annotations

from crawler.platforms.shanghai_cms import ShanghaiCmsSpider, bureau_column
from crawler.source import EVERY_NIGHT, CaptureMode, Source

_LINKS, _DAY = ".pageList li a", "a + *"


class MpaNoticesSpider(ShanghaiCmsSpider):
    """yjj.sh.gov.cn. `-a since=YYYY-MM-DD`."""

    source = Source(
        id="mpa_notices",
        title_zh="上海市药品监督管理局信息公开",
        title_en="Shanghai Medical Products Administration, notices",
        publisher_zh="上海市药品监督管理局",
        publisher_en="Shanghai Medical Products Administration",
        proves=("product_approved", "recognised"),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without a notice is one; a list without any is not
        parser="mpa_notices/1",
        max_requests=200,
        confirmed=(
            "both columns and their links, the day behind a link, addresses of articles, the meta PubDate and the"
            " element #ivs_content of an article; none tried live"
        ),
        from_memory="addresses of the second and later pages of a list; that lists show newest articles first",
        address="https://yjj.sh.gov.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"title": 1.0, "published_on": 0.9, "text": 0.5},
    )
    name = source.id
    home = "https://yjj.sh.gov.cn"
    columns = (bureau_column("zh", links=_LINKS, day=_DAY), bureau_column("zx-ylqx", links=_LINKS, day=_DAY))
