"""Putuo's documents in the city's library of policies: what the district promises to firms, with its numbers."""

from __future__ import annotations

from crawler.platforms.policy_library import PolicyLibrarySpider
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class ShanghaiPolicySpider(PolicyLibrarySpider):
    """www.shanghai.gov.cn/gwk/policy, site 0075. A document's id is 0075 and its number on the district's portal."""

    source = Source(
        id="shanghai_policy",
        title_zh="上海市统一政策发布平台（普陀区）",
        title_en="Shanghai's library of policies, Putuo District",
        publisher_zh="上海市普陀区人民政府",
        publisher_en="Shanghai Putuo District People's Government",
        proves=(),  # a policy is nobody's event; the briefing tells it as what it is
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without a document is one; a list without any is not
        parser="shanghai_policy/1",
        max_requests=150,
        confirmed=(
            "both interfaces, their queries and replies (pageNo, pageSize, data.records, data.totalPage, keys of a"
            " record, data.txt), site 0075 for Putuo, the address of a document, its id; none tried live"
        ),
        from_memory="that records are in order of publishDate, newest first; that a reply names its page nowhere",
        address="https://www.shanghai.gov.cn/zhengce/",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"title": 1.0, "published_on": 0.9, "url": 1.0},
    )
    name = source.id
    site = "0075"
    lists = ("documents",)
    list_may_be_empty = False
