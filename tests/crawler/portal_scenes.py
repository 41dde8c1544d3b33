"""An invented portal and how it is crawled: what the tests of the portal's spider share."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.crawler.crawling import SETTINGS, Done, scrapy
from tests.replica.portal import COLUMNS, DOCUMENTS, FILINGS, HOST, Portal, PortalArticle
from tests.replica.server import Replica

TODAY = date(2026, 11, 20)
HOME = f"https://{HOST}"
ELSEWHERE = "http://beian.example.org/record?formNo=202631010700000{:03}"


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def news(number: int, day: date, title: str = "", **said: object) -> PortalArticle:
    """An article of news in the first column."""
    words = {"paragraphs": (f"样本园区第{number}期启用。", "入驻企业为样本生物科技（上海）有限公司。")} | said
    return PortalArticle(id=f"n{number}", title=title or f"样本新闻第{number}则", day=day, **words)  # type: ignore[arg-type]


def filing(number: int, day: date, **said: object) -> PortalArticle:
    """A filing, which leads off the site."""
    title, url = f"样本生物科技第{number}实验室建设项目", ELSEWHERE.format(number)
    return PortalArticle(id=f"e{number}", title=title, day=day, channel=FILINGS, **{"url": url, **said})  # type: ignore[arg-type]


def document(number: int, day: date, channel: str = "3") -> PortalArticle:
    """An official document with all that is said of one."""
    return PortalArticle(
        id=f"d{number}",
        title=f"关于样本事项的通知（{number}）",
        day=day,
        channel=channel,
        paragraphs=("各有关单位：", "现将样本事项通知如下。"),
        agency="普陀区样本委员会",
        document_number=f"普样〔2026〕{number}号",
        index_number=f"SY3101072026{number:05}",
    )


def filings(count: int, *, a_day: int = 1) -> list[PortalArticle]:
    """Filings, one or some a day, newest today."""
    return [filing(at, days_ago(at // a_day)) for at in range(count)]


def whole_portal() -> Portal:
    """News in three columns, documents in five channels, filings: more of each than a window shows."""
    return Portal(
        [
            *(news(at, days_ago(at * 2)) for at in range(25)),
            *(news(at, days_ago(at * 10), channel=COLUMNS["tupianxinwen"]) for at in range(100, 105)),
            news(110, days_ago(4), channel=COLUMNS["qyzs-yinshang"]),
            *(document(at, days_ago(at * 35), channel) for at, channel in enumerate(DOCUMENTS)),
            *(filing(at, days_ago(at * 5)) for at in range(40)),
        ]
    )


def crawl(home: Path, portal: Portal, *words: str, day: date = TODAY) -> Done:
    """One crawl of the portal, as at three in the morning (Asia/Shanghai) of a day."""
    with Replica(portal.routes()) as site:
        return crawl_site(home, site, *words, day=day)


def crawl_site(home: Path, site: Replica, *words: str, day: date = TODAY, at: str = "03:00") -> Done:
    """The same of a replica that is running, at an hour."""
    settings = f'{SETTINGS}max_megabytes = 1\n[crawl.stand_ins]\n"{HOST}" = "{site.url()}"\n'
    asked = ("crawl", "putuo_portal", "--now", f"{day}T{at}+08:00", "-s", "RETRY_TIMES=0", *words)
    return scrapy(home, *asked, settings=settings)
