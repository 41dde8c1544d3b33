"""The portal of Putuo's district government: news, official documents, and environmental filings of projects."""

from __future__ import annotations

import re

from crawler.items import ArticleKind
from crawler.platforms.article_page import ArticleLayout
from crawler.platforms.json_list import ListFormat
from crawler.platforms.json_list_spider import JsonListSpider
from crawler.platforms.listed_article import Stream
from crawler.source import EVERY_NIGHT, CaptureMode, Source

_AFFAIR = "/front/api/data/affair"


class PutuoPortalSpider(JsonListSpider):
    """www.shpt.gov.cn. `-a only=news|documents|filings`, `-a since=YYYY-MM-DD`."""

    source = Source(
        id="putuo_portal",
        title_zh="普陀区人民政府门户网站",
        title_en="Putuo District government portal",
        publisher_zh="上海市普陀区人民政府",
        publisher_en="Shanghai Putuo District People's Government",
        proves=(
            "arrival_announced",
            "financing_raised",
            "headquarters_set_up",
            "listing_step",
            "overseas_expansion",
            "partnership",
            "premises_added",
            "product_approved",
            "project_approved",
            "recognised",
            "trial_started",
        ),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without news is one; a list without any record is not
        parser="putuo_portal/1",
        max_requests=1000,  # 83 minutes at 5 s; a backlog must fit, or no night would ever end it
        confirmed=(
            "the affair interface: query, reply, keys, capped total, page past the end, channels as an array; channels"
            " 3, 6, 1225, 1614, 1621, 3390; article pages' paths and elements; a column page's script; none tried live"
        ),
        from_memory=(
            "addresses of the column pages; that their lists answer the same query as affair; that a record names the"
            " very channel that was asked; how many records a day bring"
        ),
        address="https://www.shpt.gov.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"title": 1.0, "url": 0.9},
    )
    name = source.id
    home = "https://www.shpt.gov.cn"
    form = ListFormat(
        query={"orderFields": ["display_date"], "orderTypes": ["desc"]},
        also_kept=("doc_flag",),
        cap=10_000,
    )
    layout = ArticleLayout(
        title="h1",
        body="#ivs_content.Article_content",
        facts=".article-info",
        noise=("正文内容区域请使用tab按钮切换浏览",),
    )
    # new CMS('#columnlist',{ids:'1899',http:'/front/api/data/search',…})
    column_script = re.compile(
        r"new\s+CMS\(\s*['\"]#columnlist['\"]\s*,\s*\{(?=[^{}]*?\bids\s*:\s*['\"](?P<ids>[0-9, ]{1,200})['\"])"
        r"(?=[^{}]*?\bhttp\s*:\s*['\"](?P<path>[^'\"]{1,200})['\"])"
    )
    streams = (
        Stream(
            name="news",
            kind=ArticleKind.NEWS,
            columns=("/yaowen/index.html", "/tupianxinwen/index.html", "/qyzs-yinshang/index.html"),
            first_days=30,  # each item is a page to ask for: 120 days would not fit one night's requests
        ),
        # Districts' documents, departments', streets' and towns', normative ones, party and government.
        Stream(
            name="documents",
            kind=ArticleKind.DOCUMENT,
            path=_AFFAIR,
            channels=("3", "6", "1225", "1614", "1621"),
            extra={"docFlag": "1"},
        ),
        # Registration forms of environmental impact, which lead to the national filing system. They carry no docFlag.
        Stream(name="filings", kind=ArticleKind.FILING, path=_AFFAIR, channels=("3390",)),
    )
