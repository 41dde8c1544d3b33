"""Pages whose layout nobody documented: what is taken for title, day and text, what is not, and at what cost."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse

from crawler.items import TextFrom
from crawler.platforms.article_page import PUBLISHED, PageText, keep_page
from crawler.platforms.article_text import day_of, extract

TITLE = "样本桦序医疗器械落户桃浦智创城"
FIRST = "11月18日，样本桦序医疗器械（上海）有限公司与桃浦智创城签约，将在园区设立研发中心和生产基地。"
SECOND = "公司负责人表示，项目总投资2亿元，建成后可年产超声设备三千台，新增就业岗位一百二十个。"
THIRD = "园区将为企业提供实验室和办公场地，并协助办理医疗器械生产许可。"
TEXT = "".join(f"<p>{said}</p>" for said in (FIRST, SECOND, THIRD))
COMMENT = "这个项目真的能够成功吗？我看未必，样本公司去年在别处也是这样说的，后来就没有消息了。"


def page(
    body: str = f"<div class='detail'>{TEXT}</div>",
    window: str = f"{TITLE}_样本网",
    head: str = "",
    above: str = f"<h1>{TITLE}</h1>",
) -> str:
    menu = "".join(f"<li><a href='/{at}'>栏目{at}</a></li>" for at in range(8))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{window}</title>{head}</head><body>"
        f"<div class='nav'><ul>{menu}</ul></div>{above}{body}<div class='footer'>版权所有 样本网</div></body></html>"
    )


def read(html: str) -> PageText | None:
    """As a crawl reads a page: personal data goes first."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return extract(keep_page(HtmlResponse("https://www.example.org/1.html", headers=headers, body=html.encode())))


def found(html: str) -> PageText:
    told = read(html)
    assert told is not None
    return told


def test_title_and_text_are_found_and_marked_as_extracted() -> None:
    told = found(page())
    assert (told.title, told.text, told.text_from) == (TITLE, f"{FIRST}\n{SECOND}\n{THIRD}", TextFrom.EXTRACTED)


@pytest.mark.parametrize(
    "above",
    [
        f"<h1>样本网</h1><h2>{TITLE}</h2>",  # the biggest heading is the site's
        f"<h1>{TITLE}</h1><h2>相关推荐</h2>",
        f"<div class='title'>{TITLE}</div>",  # no heading: the window has it
        f"<h3>{TITLE}</h3>",
    ],
)
@pytest.mark.parametrize("window", [f"{TITLE}_样本网", f"{TITLE} - 样本网", f"{TITLE}|新闻|样本网", f"{TITLE}--样本网"])
def test_the_title_is_the_articles_and_not_the_sites(above: str, window: str) -> None:
    assert found(page(above=above, window=window)).title == TITLE


def test_a_title_in_the_head_counts_where_the_window_names_only_the_site() -> None:
    head = f'<meta name="ArticleTitle" content="{TITLE}">'
    assert found(page(above="", window="样本网", head=head)).title == TITLE


@pytest.mark.parametrize(
    ("head", "line", "day"),
    [
        ('<meta name="PubDate" content="2026-11-19 09:30">', "", date(2026, 11, 19)),
        ('<meta property="article:published_time" content="2026-11-19T09:30:00+08:00">', "", date(2026, 11, 19)),
        ("", "发布时间：2026-11-19 来源：样本报", date(2026, 11, 19)),
        ("", "来源：样本报 发布日期： 2026年11月19日", date(2026, 11, 19)),
        ("", "二〇二六年十一月十九日", date(2026, 11, 19)),
        ("", "2026.11.19 10:15 样本报", date(2026, 11, 19)),
        ("", "November 19, 2026 | Print", date(2026, 11, 19)),
        ("", "时间：2026-13-45", None),
        ("", "昨天", None),
        ("", "", None),
    ],
)
def test_the_day_is_found_by_patterns_of_our_own(head: str, line: str, day: date | None) -> None:
    told = found(page(head=head, above=f"<h1>{TITLE}</h1><p class='info'>{line}</p>"))
    assert day_of(told) == day
    assert (PUBLISHED in told.facts) == (day is not None)
    assert told.text.startswith(FIRST) or day is None


def test_a_day_within_the_text_is_not_the_articles() -> None:
    assert day_of(found(page(f"<div>{TEXT}<p>活动报名截至2026年12月31日，欢迎园区内的企业参加。</p></div>"))) is None


def test_a_documents_numbers_are_facts() -> None:
    above = (
        f"<h1>{TITLE}</h1><table><tr><td>索引号：SY310107202600001</td><td>发文字号：普样〔2026〕1号</td></tr></table>"
    )
    facts = found(page(above=above)).facts
    assert (facts["索引号"], facts["发文字号"]) == ("SY310107202600001", "普样〔2026〕1号")


def test_what_readers_write_and_what_is_hidden_is_not_the_articles() -> None:
    others = f"<ul class='comment-list'><li>{COMMENT}</li></ul><div style='display: none'><p>{COMMENT}</p></div>"
    assert COMMENT not in found(page(f"<div class='detail'>{TEXT}</div>{others}")).text


def test_an_element_named_for_comments_that_holds_the_article_stays() -> None:
    assert found(page(f"<div class='article comment'>{TEXT}</div>")).text.startswith(FIRST)


def test_personal_data_is_gone_before_anything_is_extracted() -> None:
    told = found(page(f"<div>{TEXT}<p>咨询请联系：联系人：邬某样，电话：13800000001。</p></div>"))
    assert "邬某样" not in told.text
    assert "13800000001" not in told.text


@pytest.mark.parametrize(
    "html",
    [
        "<html></html>",
        page("<video src='1.mp4'></video>"),
        page("<p>页面不存在。</p>"),
        page("".join(f"<li><a href='/{at}'>样本新闻第{at}则，点击查看</a></li>" for at in range(80))),
        page(window="", above=""),  # a text without any title
        page("<div>" * 400 + TEXT),  # nested deeper than pages are
        page(f"<p>{FIRST}</p>" * 9_000),  # larger than pages are
    ],
    ids=["empty", "film", "not there", "list of links", "nameless", "too deep", "too large"],
)
def test_what_shows_no_article_is_none(html: str) -> None:
    assert read(html) is None


@pytest.mark.parametrize(
    "html",
    [
        page("<table><tr><td>" * 60 + TEXT),
        page("<ul><li>" * 90 + TEXT),
        page("<span>" + FIRST * 3_000),
        page("<table>" + f"<tr><td>{FIRST}</td></tr>" * 2_500),
        page("<p>" + "2026-13-45 " * 40_000),
        page("<p>发布时间：发布时间：发布时间：</p>" * 3_500),
        page(f"<div class='{'comment ' * 1_000}'>{FIRST}</div>" * 40),
    ],
    ids=["tables in tables", "lists in lists", "one line", "a long table", "no days", "labels", "many classes"],
)
def test_no_page_costs_more_than_two_seconds(html: str) -> None:
    read(page())  # the library is loaded once
    started = time.process_time()
    read(html)
    assert time.process_time() - started < 2


@given(st.text(max_size=300), st.sampled_from(["div", "p", "table", "li", "h1", "title", "meta content="]))
def test_whatever_stands_there_is_read_or_none(text: str, tag: str) -> None:
    told = read(page(f"<{tag}>{text}</{tag}>{TEXT}", above=text, window=f"{TITLE}{text}"))
    assert told is None or (told.title and told.text and told.text_from is TextFrom.EXTRACTED)


def test_the_library_is_loaded_only_when_it_is_needed() -> None:
    said = "import sys, crawler.spiders.putuo_portal; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
