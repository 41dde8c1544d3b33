"""What is read of the district portal: all its streams, every odd page, and night after night only what is new."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.fields.personal import MASK
from crawler.run_folder import Outcome
from crawler.source import BadArgumentError
from crawler.spiders.putuo_portal import PutuoPortalSpider
from tests.crawler.crawling import Done, everything_below
from tests.crawler.portal_scenes import HOME, TODAY, crawl, crawl_site, days_ago, news, whole_portal
from tests.replica.portal import AFFAIR, COLUMNS, HTML, NEVER_KEPT, SEARCH, Portal, article_reply, without_body
from tests.replica.server import Asked, Replica, Reply


@dataclass(frozen=True)
class Whole:
    """A crawl of the whole portal, and what it asked."""

    done: Done
    asked: list[Asked]

    @property
    def by_id(self) -> dict[str, dict[str, Any]]:
        return {item["article_id"]: item for item in self.done.items}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    with Replica(whole_portal().routes()) as site:
        return Whole(crawl_site(tmp_path_factory.mktemp("whole"), site), site.asked)


def test_every_stream_is_read_as_far_back_as_its_first_window(whole: Whole) -> None:
    assert whole.done.manifest.outcome == Outcome.COMPLETE, whole.done.manifest.reason
    expected = {
        "news": {*(f"n{at}" for at in range(16)), "n110"},  # every other day, 30 days back
        "document": {"d0", "d1", "d2", "d3"},  # every 35 days, 120 days back
        "filing": {f"e{at}" for at in range(25)},  # every five days
    }
    found: dict[str, set[str]] = {kind: set() for kind in expected}
    for item in whole.done.items:
        found[item["kind"]].add(item["article_id"])
    assert found == expected


def test_a_document_says_all_that_its_page_states(whole: Whole) -> None:
    item = whole.by_id["d1"]
    del item["proof"]
    assert item == {
        "item_type": "article",
        "article_id": "d1",
        "kind": "document",
        "channel": "6",
        "url": f"{HOME}/zhengwu/6-dept/2026/289/d1.html",
        "title": "关于样本事项的通知（1）",
        "published_on": "2026-10-16",
        "published_on_raw": "2026-10-16",
        "agency": "普陀区样本委员会",
        "document_number": "普样〔2026〕1号",
        "index_number": "SY310107202600001",
        "language": "zh",
        "text": "各有关单位：\n现将样本事项通知如下。",
        "text_from": "body",
    }


def test_a_filing_leads_elsewhere_and_is_proved_by_its_list(whole: Whole) -> None:
    item = whole.by_id["e16"]
    assert item["url"] == "http://beian.example.org/record?formNo=202631010700000016"
    assert (item["text"], item["text_from"]) == ("", "none")
    assert (item["proof"]["url"], item["proof"]["line"]) == (HOME + AFFAIR, 2)  # of the second page


def test_a_read_page_is_the_proof_of_its_article(whole: Whole) -> None:
    proof = whole.by_id["n3"]["proof"]
    assert (proof["url"], proof["line"], proof["parser"]) == (f"{HOME}/yaowen/20261114/n3.html", 1, "putuo_portal/1")
    assert proof["capture"] in everything_below(whole.done.home)


def test_the_interface_is_asked_as_it_must_be(whole: Whole) -> None:
    bodies = [(asked.path, json.loads(asked.body)) for asked in whole.asked if asked.method == "POST"]
    for _, body in bodies:
        assert isinstance(body["channelList"], list)
        assert all(isinstance(channel, str) for channel in body["channelList"])
        assert (body["orderFields"], body["orderTypes"], body["pageSize"]) == (["display_date"], ["desc"], 15)
    documents = ["3", "6", "1225", "1614", "1621"]
    assert {(path, *body["channelList"], body.get("docFlag")) for path, body in bodies} == {
        *((SEARCH, channel, None) for channel in COLUMNS.values()),
        (AFFAIR, *documents, "1"),
        (AFFAIR, "3390", None),
    }


def test_robots_txt_comes_first_and_no_article_is_asked_twice(whole: Whole) -> None:
    assert whole.asked[0].path == "/robots.txt"
    articles = [asked.path for asked in whole.asked if asked.method == "GET"]
    assert sorted(articles) == sorted(set(articles))


def test_keys_that_are_not_known_are_counted_and_never_kept(whole: Whole) -> None:
    assert whole.done.manifest.counts["unknown_keys"] == 4  # editor, contact_phone, and two around the list
    left = everything_below(whole.done.home) + whole.done.stdout + whole.done.stderr
    assert [planted for planted in NEVER_KEPT if planted in left] == []


def test_what_each_stream_listed_in_its_window_is_counted(whole: Whole) -> None:
    counts = whole.done.manifest.counts
    assert (counts["listed_news"], counts["listed_documents"], counts["listed_filings"]) == (17, 4, 25)


def test_the_next_run_is_left_only_what_its_windows_will_show(whole: Whole) -> None:
    left = whole.done.manifest.next
    assert {name: state["newest"] for name, state in left.items()} == dict.fromkeys(
        ("news", "documents", "filings"), "2026-11-20"
    )
    assert set(left["news"]["seen"]) == {"1899/n0", "1899/n1", "1899/n2", "1899/n3", "1902/n110"}


# --- Odd pages ---------------------------------------------------------------------------------------------------

CONTACT, PHONE = "邬某样", "13800000002"
ODD = {
    "in GB 18030 and says UTF-8": news(1, days_ago(1), encoding="gb18030"),
    "in GB 18030 and says so": news(2, days_ago(1), encoding="gb18030", declared="gb2312"),
    "in UTF-8 and says Latin-1": news(3, days_ago(1), declared="iso-8859-1"),
    "relative": news(4, days_ago(1), url="./20261119/n4.html"),
    "by http": news(5, days_ago(1), url="http://www.shpt.gov.cn/yaowen/20261119/n5.html"),
    "elsewhere": news(6, days_ago(1), url="https://mp.example.org/s/6"),
    "a host that only looks like ours": news(7, days_ago(1), url="https://www.shpt.gov.cn.example.org/7.html"),
    "a file": news(8, days_ago(1), url="/cmsres/8.pdf"),
    "a script": news(9, days_ago(1), url="javascript:void(0)"),
    "gone": news(10, days_ago(1), page=Reply(b"gone", 410, HTML)),
    "without its body": news(11, days_ago(1), page=without_body("样本视频")),
    "marked in the list": news(12, days_ago(1), "<em>样本</em>新闻&nbsp;第12则"),
    "renamed on its page": replace(news(13, days_ago(1)), page=article_reply(news(13, days_ago(1), "另一个标题"))),
    "nameless in the list": replace(news(14, days_ago(1)), title=" ", page=article_reply(news(14, days_ago(1)))),
    "with a person": news(
        15, days_ago(1), f"招聘公告 联系人：{CONTACT}", paragraphs=(f"咨询请联系电话：{PHONE}，", "欢迎报名。")
    ),
    "dated to come": news(16, TODAY + timedelta(days=1)),
    "in one column": news(20, days_ago(1)),
    "and in another": news(20, days_ago(1), channel=COLUMNS["tupianxinwen"]),
    "in the third column": news(17, days_ago(1), channel=COLUMNS["qyzs-yinshang"]),
    "without id": replace(news(18, days_ago(1)), id=""),
    "nameless everywhere": news(19, days_ago(1), " ", url="https://mp.example.org/s/19"),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Done:
    return crawl(tmp_path_factory.mktemp("odd"), Portal(list(ODD.values())), "-a", "only=news")


def test_odd_pages_make_no_run_incomplete(odd: Done) -> None:
    assert (odd.manifest.outcome, odd.manifest.reason) == (Outcome.COMPLETE, "")


@pytest.mark.parametrize(
    "what",
    [
        "in GB 18030 and says UTF-8",
        "in GB 18030 and says so",
        "in UTF-8 and says Latin-1",
        "relative",
        "by http",
        "marked in the list",
        "renamed on its page",
        "nameless in the list",
        "dated to come",
        "in the third column",
    ],
)
def test_a_page_is_read_however_it_is_addressed_or_encoded(what: str, odd: Done) -> None:
    number = ODD[what].id.removeprefix("n")
    (item,) = [item for item in odd.items if item.get("article_id") == ODD[what].id]
    assert item["title"].replace(" ", "") == f"样本新闻第{number}则"
    assert item["text"] == f"样本园区第{number}期启用。\n入驻企业为样本生物科技（上海）有限公司。"
    path = ODD[what].path
    assert item["url"] in (HOME + path, f"http://www.shpt.gov.cn{path}")


@pytest.mark.parametrize(
    ("what", "url"),
    [
        ("elsewhere", "https://mp.example.org/s/6"),
        ("a host that only looks like ours", "https://www.shpt.gov.cn.example.org/7.html"),
        ("a file", f"{HOME}/cmsres/8.pdf"),
        ("a script", ""),
        ("gone", f"{HOME}/yaowen/20261119/n10.html"),
        ("without its body", f"{HOME}/yaowen/20261119/n11.html"),
    ],
)
def test_what_is_no_page_of_ours_or_holds_no_text_is_told_without(what: str, url: str, odd: Done) -> None:
    (item,) = [item for item in odd.items if item.get("article_id") == ODD[what].id]
    assert (item["url"], item["text"], item["text_from"]) == (url, "", "none")
    assert item["published_on"] == "2026-11-19"
    assert item["proof"]["url"] == HOME + SEARCH


def test_a_page_that_may_come_yet_is_not_remembered(odd: Done) -> None:
    seen = odd.manifest.next["news"]["seen"]
    assert {"1899/n10", "1899/n11"}.isdisjoint(seen)
    assert "1899/n6" in seen
    assert odd.manifest.next["news"]["newest"] == TODAY.isoformat()  # not the day to come


def test_an_article_in_two_columns_is_told_once(odd: Done) -> None:
    assert [item["channel"] for item in odd.items if item.get("article_id") == "n20"] in (["1899"], ["1901"])
    assert {"1899/n20", "1901/n20"} <= set(odd.manifest.next["news"]["seen"])


def test_a_record_without_id_or_title_is_put_aside_with_its_place(odd: Done) -> None:
    aside = {item["reason"]: item for item in odd.items if item["item_type"] == "rejected"}
    assert set(aside) == {"missing_id", "missing_title"}
    assert aside["missing_id"]["cells"]["title"] == "样本新闻第18则"
    assert aside["missing_title"]["cells"]["id"] == "n19"
    assert all(item["proof"]["url"] == HOME + SEARCH and item["proof"]["line"] > 0 for item in aside.values())


def test_no_person_reaches_a_file(odd: Done) -> None:
    (item,) = [item for item in odd.items if item.get("article_id") == "n15"]
    assert item["title"] == f"招聘公告 联系人：{MASK}"
    left = everything_below(odd.home) + odd.stdout + odd.stderr
    assert [planted for planted in (CONTACT, PHONE, *NEVER_KEPT) if planted in left] == []


# --- Night after night -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nights:
    """The same portal, night after night: how each run ended, and what it asked and left."""

    done: list[tuple[Outcome, str, dict[str, Any]]]
    items: list[list[str]]
    asked: list[list[str]]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    home, found = tmp_path_factory.mktemp("nights"), Nights([], [], [])
    portal = Portal([news(at, days_ago(at), channel=channel) for at, channel in enumerate([*COLUMNS.values()] * 4)])

    def night(number: int, *words: str, at: str = "03:00") -> None:
        with Replica(portal.routes()) as site:
            done = crawl_site(home, site, "-a", "only=news", *words, day=TODAY + timedelta(days=number), at=at)
        found.done.append((done.manifest.outcome, done.manifest.reason, done.manifest.next))
        found.items.append([item["article_id"] for item in done.items])
        found.asked.append([path for path in site.paths() if path.count("/") == 3 and path.endswith(".html")])

    night(0)
    night(1)
    portal.articles[2] = replace(portal.articles[2], title="样本新闻第2则（更正）")
    portal.articles += [news(20, days_ago(6)), news(21, days_ago(-2), page=Reply(b"", 500)), news(22, days_ago(8))]
    night(2)
    portal.articles[-2] = news(21, days_ago(-2))
    night(3)
    night(3, "-a", f"since={days_ago(8)}", at="09:00")
    portal.articles = [replace(article, id=f"{article.id}-anew") for article in portal.articles]
    night(4)
    return found


def test_the_first_night_reads_all(nights: Nights) -> None:
    assert nights.done[0][0] == Outcome.COMPLETE
    assert sorted(nights.items[0]) == sorted(f"n{at}" for at in range(12))


def test_a_night_without_news_is_allowed_and_asks_for_no_page_again(nights: Nights) -> None:
    assert nights.done[1][:2] == (Outcome.EMPTY_ALLOWED, "the source had nothing")
    assert nights.asked[1] == []


def test_a_changed_and_a_late_record_are_read_and_an_old_one_is_not(nights: Nights) -> None:
    assert sorted(nights.items[2]) == ["n2", "n20", "n21"]
    assert nights.done[2][0] == Outcome.PARTIAL


def test_a_page_that_fails_is_a_gap_and_costs_no_other_its_place_in_the_memory(nights: Nights) -> None:
    seen = nights.done[2][2]["news"]["seen"]
    assert {key.partition("/")[2] for key in seen} >= {"n2", "n20"}
    assert "1899/n21" not in seen


def test_nothing_is_lost_by_a_partial_night(nights: Nights) -> None:
    assert nights.done[3][0] == Outcome.COMPLETE
    assert nights.items[3] == ["n21"]
    assert nights.done[3][2]["news"]["newest"] == days_ago(-2).isoformat()


def test_reading_further_back_by_hand_finds_what_came_too_late(nights: Nights) -> None:
    assert nights.done[4][0] == Outcome.COMPLETE
    assert "n22" in nights.items[4]
    assert {"n2", "n21"}.isdisjoint(nights.items[4])  # read the night before


def test_a_list_that_knows_none_of_what_was_read_is_told(nights: Nights) -> None:
    outcome, reason, _ = nights.done[5]
    assert outcome == Outcome.PARTIAL
    assert "records that the last complete run knew since 2026-11-15 is there any more" in reason


# --- Pages that lead to another host ----------------------------------------------------------------------------

AWAY = Reply(b"", 302, {"Location": "https://elsewhere.example.net/story"})


@pytest.mark.parametrize(("away", "outcome"), [(1, Outcome.COMPLETE), (6, Outcome.PARTIAL)])
def test_a_page_that_leads_away_stands_without_text_and_a_wall_of_them_is_told(
    tmp_path: Path, away: int, outcome: Outcome
) -> None:
    told = [news(at, days_ago(at), page=AWAY if at < away else None) for at in range(6)]
    others = [news(at, days_ago(at), channel=channel) for at, channel in enumerate(COLUMNS.values(), start=10)]
    with Replica(Portal([*told, *others]).routes()) as site:
        done = crawl_site(tmp_path, site, "-a", "only=news")
    assert done.manifest.outcome == outcome, done.manifest.reason
    assert done.manifest.counts["pages_led_away"] == away
    texts = {item["article_id"]: item["text"] for item in done.items}
    assert [texts[f"n{at}"] for at in range(away)] == [""] * away
    assert ("is there a wall before them?" in done.manifest.reason) == (away == 6)


# --- Arguments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"only": "weather"}, "no stream 'weather'; -a only= one of news, documents, filings"),
        ({"since": "yesterday"}, "-a since=yesterday is no day such as 2026-11-01"),
        ({"since": "2099-01-01"}, "-a since=2099-01-01 is still to come"),
        ({"until": "2026-11-01"}, "no argument 'until'; allowed: series, only, since"),
    ],
)
def test_a_wrong_argument_is_refused(arguments: dict[str, str], why: str) -> None:
    with pytest.raises(BadArgumentError, match=why):
        PutuoPortalSpider(**arguments)
