"""What runs say of their lists and of pages that are not as documented; and a probe, which ends with its first list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.run_folder import Outcome
from tests.crawler.crawling import Done
from tests.crawler.english_site import crawl_english
from tests.crawler.portal_scenes import crawl_site, days_ago, news
from tests.replica.english import STORIES, routes
from tests.replica.portal import AFFAIR, COLUMNS, NEVER_KEPT, SEARCH, Portal, article_reply, without_body
from tests.replica.server import Replica, Reply

PROBE = ("-s", "MONITOR_PROBE=1")
PORTAL = Portal([news(at, days_ago(at), channel=channel) for at, channel in enumerate([*COLUMNS.values()] * 2)])


def test_a_json_list_tells_how_many_records_say_what(tmp_path: Path) -> None:
    with Replica(PORTAL.routes()) as site:
        manifest = crawl_site(tmp_path, site, "-a", "only=news").manifest
    assert manifest.listed == {"agency": 0, "day": 6, "id": 6, "records": 6, "title": 6, "url": 6}
    assert set(manifest.unknown["keys"]) == {"contact_phone", "data.pageSize", "editor", "message"}
    assert [planted for planted in NEVER_KEPT if planted in str(manifest.unknown)] == []


def test_a_static_list_tells_of_days_only_where_they_are_documented(tmp_path: Path) -> None:
    with Replica(routes()) as site:
        manifest = crawl_english(tmp_path, site).manifest
    assert manifest.listed == {"id": 5, "records": 5, "title": 5}


@pytest.mark.parametrize(
    ("crawl", "site_routes", "lists"),
    [
        (lambda home, site: crawl_site(home, site, *PROBE), PORTAL.routes(), {AFFAIR, SEARCH}),
        (
            lambda home, site: crawl_english(home, site, *PROBE),
            routes(),
            {"/news/news/index.shtml", "/ciih/index.shtml"},
        ),
    ],
    ids=["json", "static"],
)
def test_a_probe_ends_cleanly_with_its_first_list_page(
    crawl: Callable[[Path, Replica], Done], site_routes: dict[str, Reply], lists: set[str], tmp_path: Path
) -> None:
    with Replica(site_routes) as site:
        done = crawl(tmp_path, site)
    assert "Traceback" not in done.stderr
    assert done.manifest.listed["records"] > 0
    assert done.items == []
    assert len([path for path in site.paths() if path in lists]) <= len(lists)
    assert not [path for path in site.paths() if path in {story.path for story in STORIES}]


BODY = "".join(
    f"<p>{said}</p>"
    for said in (
        "11月18日，样本桦序医疗器械（上海）有限公司与桃浦智创城签约，将在园区设立研发中心和生产基地。",
        "公司负责人表示，项目总投资2亿元，建成后可年产超声设备三千台。联系人：邬某样，电话：13800000001。",
    )
)
ELSEWHERE = (
    f"<html><head><title>样本新闻第1则_站</title></head><body><h1>样本新闻第1则</h1><div>{BODY}</div></body></html>"
)


def test_a_page_without_its_documented_body_is_extracted_marked_counted_and_asked_again(tmp_path: Path) -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    first = news(1, days_ago(1), page=Reply(ELSEWHERE.encode(), headers=html))
    told = [first, news(2, days_ago(2), page=without_body("样本视频")), *(news(at, days_ago(at)) for at in range(3, 6))]
    others = [news(at, days_ago(at), channel=channel) for at, channel in enumerate([*COLUMNS.values()][1:], start=10)]
    with Replica(Portal([*told, *others]).routes()) as site:
        done = crawl_site(tmp_path, site, "-a", "only=news")
        manifest, items = done.manifest, {item["article_id"]: item for item in done.items}
        site.routes[first.path] = article_reply(news(1, days_ago(1)))
        second = crawl_site(tmp_path, site, "-a", "only=news", at="05:00")
    assert manifest.outcome == Outcome.COMPLETE
    assert (manifest.counts["pages_without_text"], manifest.counts["pages_extracted"]) == (2, 1)
    assert items["n1"]["text_from"] == "extracted"
    assert items["n1"]["text"].startswith("11月18日，样本桦序医疗器械（上海）有限公司与桃浦智创城签约")
    assert items["n1"]["proof"]["url"].endswith(first.path)
    assert "邬某样" not in items["n1"]["text"]
    assert (items["n2"]["text_from"], items["n3"]["text_from"]) == ("none", "body")
    assert {item["article_id"]: item["text_from"] for item in second.items} == {"n1": "body", "n2": "none"}
