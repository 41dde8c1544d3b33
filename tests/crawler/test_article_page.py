"""How pages are kept without personal data, in whatever encoding they come, and read as title, paragraphs, facts."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.fields.personal import MASK
from crawler.platforms.article_page import (
    DEEPEST,
    LONGEST_PAGE,
    LONGEST_TEXT,
    ArticleLayout,
    PageText,
    keep_page,
    lines_of,
    open_page,
    read_page,
)
from crawler.source import UnreadableError

LAYOUT = ArticleLayout(title="h1", body="#body", facts=".facts", noise=("正文区域请按键浏览",))
SAID = "上海市普陀区桃浦智创城的生命健康产业今年又有新的企业入驻，园区将为它们提供办公场地和实验室。"


def response(body: str | bytes, kind: str = "text/html; charset=utf-8") -> Response:
    raw = body.encode() if isinstance(body, str) else body
    return Response("http://example.org/1.html", headers={"Content-Type": kind} if kind else {}, body=raw)


def page(body: str = "", facts: str = "", title: str = "样本") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>站名</title></head><body><h1>{title}</h1>"
        f"<div class='facts'>{facts}</div><div id='body'>{body}</div></body></html>"
    )


def kept(body: str, *, scripts: bool = False) -> str:
    return keep_page(response(body), scripts=scripts).body.decode()


def read(body: str) -> PageText:
    return read_page(keep_page(response(body)), LAYOUT)


# --- Encodings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "gb18030", "iso-8859-1", "nonsense", "hex", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_is_read_whatever_its_header_says_of_it(encoding: str, declared: str) -> None:
    kind = f"text/html; charset={declared}" if declared else "text/html"
    assert read_page(keep_page(response(page(SAID).encode(encoding), kind)), LAYOUT).text == SAID


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_is_read_whatever_its_own_meta_says(encoding: str) -> None:
    wrong = "gb2312" if encoding == "utf-8" else "utf-8"
    body = page(SAID).replace("<head>", f"<head><meta charset='{wrong}'>").encode(encoding)
    assert read_page(keep_page(response(body, "text/html")), LAYOUT).text == SAID


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_is_believed(mark: bytes) -> None:
    encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le"}.get(mark, "utf-16-be")
    body = mark + page(SAID).encode(encoding)
    assert read_page(keep_page(response(body, "text/html; charset=gbk")), LAYOUT).text == SAID


def test_english_with_accents_is_read_though_nothing_is_declared() -> None:
    said = "The café on Suzhou Creek isn’t closed: it has only moved to the other bank of the river."
    body = f"<html><h1>News</h1><div id=body>{said}</div></html>".encode("cp1252")
    assert read_page(keep_page(response(body, "text/html")), LAYOUT).text == said


def test_traditional_characters_are_read_where_they_are_declared() -> None:
    said = "上海市普陀區的生命健康產業"
    body = page(said, title="樣本").encode("big5")
    assert read_page(keep_page(response(body, "text/html; charset=big5")), LAYOUT).text == said


def test_a_title_cut_in_the_middle_of_a_character_does_not_cost_the_page() -> None:
    body = page(SAID * 20, title="TITLE").encode().replace(b"TITLE", "普陀区生命".encode()[:-1])
    found = read_page(keep_page(response(body)), LAYOUT)
    assert (found.title, found.text) == ("普陀区生\ufffd", SAID * 20)


@pytest.mark.parametrize(
    "body",
    [
        page(SAID).encode("big5", "replace"),
        page(SAID).encode()[:-200].replace("的".encode(), b"\xff\xfe\xfd") + b"\x81\x30" * 40,
        bytes(range(256)) * 50,
    ],
)
def test_what_would_be_lost_in_decoding_is_not_lost_in_silence(body: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"neither UTF-8 nor GB 18030"):
        keep_page(response(body, "text/html"))


def test_a_kept_page_says_the_encoding_it_is_in() -> None:
    body = page(SAID).replace("<head>", "<head><meta http-equiv=Content-Type content='text/html; charset=gb2312'>")
    found = keep_page(response(body.encode("gb18030"), "text/html; charset=gb2312"))
    assert found.content_type == "text/html; charset=utf-8"
    assert "gb2312" not in found.body.decode()


# --- What is no page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        ('{"a": "<b>"}', "application/json", "'application/json' where an HTML page should be"),
        ("%PDF-1.7", "application/pdf", "'application/pdf' where"),
        ('{"code": 0}', "text/html", "no HTML"),
        ("", "text/html", "no HTML"),
        (page("x" * LONGEST_PAGE), "text/html", "a page of 8000"),
        ("<html><body>" + "<div>" * (DEEPEST + 1), "text/html", "nested more than 1000 deep"),
    ],
)
def test_what_is_no_page_is_refused_with_what_it_is(body: str, kind: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        keep_page(response(body, kind))


@pytest.mark.parametrize("kind", ["", "text/plain", "application/octet-stream", "application/xhtml+xml; charset=utf-8"])
def test_a_page_is_known_by_its_tags_where_the_server_does_not_say(kind: str) -> None:
    assert read_page(keep_page(response(page("x"), kind)), LAYOUT).text == "x"


# --- Personal data ---------------------------------------------------------------------------------------------------

PERSONAL = {
    "a number split by tags": "<p>电话 138<b>0013</b><i>80</i>00 转告</p>",
    "a number split by the invisible": "<p>请拨138\u200b0013\u00ad8000。</p>",
    "a number split by an entity": "<p>请拨&#49;38001380&#48;0。</p>",
    "a number with blanks that do not break": "<p>请拨138&nbsp;0013&nbsp;8000。</p>",
    "a name behind its label": "<p><b>联系人：</b> <span>甲某某</span></p>",
    "a name behind its label, wrapped in the source": "<p>联系人：\n\n\n\n          甲某某</p>",
    "a name behind a break": "<p>联系人：<br>甲某某</p>",
    "a name in the next paragraph": "<p>联系人：</p><p>甲某某</p>",
    "a name in the next cell": "<table><tr><td>联系人</td><td><p>甲某某</p></td></tr></table>",
    "a name in the next of four cells": "<table><td>单位</td><td>样本</td><td>联系人</td><td>甲某某</td></table>",
    "a name below its label": (
        "<table><thead><tr><th>单位</th><th>负责人</th></tr></thead><tbody><tr><td>样本</td><td>甲某某</td></tr></tbody></table>"
    ),
    "a name in a list of terms": "<dl><dt>法定代表人</dt><dd>甲某某</dd></dl>",
    "an address of mail in a link": "<a href='mailto:jia@example.org'>写信</a>",
    "a number in a link": "<a href='tel:+8613800138000'>拨打</a>",
    "a number in an attribute": "<img alt='电话13800138000' src='/a.png'>",
    "a number in a form": "<input value='13800138000'>",
    "a number in a comment": "<p>x<!-- 13800138000 甲某某 -->y</p>",
    "a number in a handler": "<p onclick='call(13800138000)'>x</p>",
    "a number in a script": "<script>var phone = '13800138000', who = '甲某某'</script>",
    "a number in a style": "<style>/* 13800138000 */</style>",
    "a number in an attribute of a strange name": "<p \"x<='13800138000'>x</p>",
}


@pytest.mark.parametrize("where", PERSONAL)
def test_nothing_personal_is_kept(where: str) -> None:
    found = kept(page(PERSONAL[where]))
    for personal in ("甲某某", "13800138000", "138 0013 8000", "0013", "jia@example.org"):
        assert personal not in found


def test_what_stands_beside_it_stays_in_its_place() -> None:
    found = read(page("<p>电话：138<b>0013</b>8000，<b>地址</b>：桃浦路1号</p><p>联系人：甲某某；网址见后</p>"))
    assert found.text == f"电话：{MASK}，地址：桃浦路1号\n联系人：{MASK}；网址见后"


def test_a_row_of_labels_is_not_taken_for_persons() -> None:
    found = read(page("<table><tr><td>联系人</td><td>地址</td></tr><tr><td>甲某某</td><td>桃浦路1号</td></tr></table>"))
    assert found.text == f"联系人 地址\n{MASK} 桃浦路1号"


def test_numbers_in_addresses_of_pages_stay_or_no_link_would_lead_anywhere() -> None:
    assert 'href="/2026/13800138000.html"' in kept(page("<a href='/2026/13800138000.html'>样本</a>"))


def test_scripts_are_kept_where_they_are_asked_for_but_not_what_is_personal_in_them() -> None:
    script = "<script>new CMS('#list',{ids:'1899'}); var tel = '13800138000'</script>"
    found = kept(page(script), scripts=True)
    assert "ids:'1899'" in found
    assert "13800138000" not in found


@given(st.text(alphabet="<>/ap div=\"'&;#xtd联系人：138\x00\u200b", max_size=200))
def test_no_page_however_broken_brings_keeping_or_reading_down(body: str) -> None:
    found = keep_page(response(b"<html><body><h1>x</h1><div id=body>" + body.encode()))
    assert read_page(found, LAYOUT).title.startswith("x")
    assert keep_page(response(found.body)).body.decode().count(MASK) >= found.body.decode().count(MASK)


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_a_paragraph_a_row_and_what_follows_a_break_are_a_line_each() -> None:
    body = """<p>第一段，
       <b>粗</b>体。</p>裸文字<br/>换行<p></p><ul><li>一</li><li>二</li></ul>
       <table><tr><td>甲</td><td>乙</td></tr><tr><td><table><tr><td>内</td><td>层</td></tr></table></td><td>外</td></tr></table>
       <script>var x</script><style>p{}</style><button>打印</button>尾"""
    assert read(page(body)).text.split("\n") == [
        "第一段， 粗体。",
        "裸文字",
        "换行",
        "一",
        "二",
        "甲 乙",
        "内 层",
        "外",
        "尾",
    ]


def test_scripts_that_were_kept_are_no_text() -> None:
    found = keep_page(response(page("前<script>var x</script>后")), scripts=True)
    assert read_page(found, LAYOUT).text == "前后"


@pytest.mark.parametrize(
    "opening",
    [
        "<p>正文区域请按键浏览</p>",
        "正文区域请按键浏览<br>",
        "正文区域请按键浏览",
        "<p>正文区域请按键浏览</p><p>正文区域请按键浏览</p>",
    ],
)
def test_what_the_body_opens_with_and_is_no_text_is_left_out(opening: str) -> None:
    assert read(page(f"{opening}正文。正文区域请按键浏览")).text == "正文。正文区域请按键浏览"


FACTS = {
    "neighbouring spans": (
        "<p><span class=a>索引号：SY31010720260001</span><span class=b>发布日期：2026年11月18日</span></p>"
        "<p><span>发文字号：普府〔2026〕5号</span></p>"
    ),
    "label and value apart": (
        "<span>索引号：</span><span>SY31010720260001</span><b>发布日期</b>：<i>2026年11月18日</i>"
        "<div>发文字号：</div><div>普府〔2026〕5号</div>"
    ),
    "terms": (
        "<dl><dt>索引号</dt><dd>SY31010720260001</dd><dt>发布日期</dt><dd>2026年11月18日</dd><dt>发文字号</dt>"
        "<dd>普府〔2026〕5号</dd></dl>"
    ),
    "one line, spaced labels": "索 引 号： SY31010720260001 | 发布日期：2026年11月18日 | 发文字号: 普府〔2026〕5号",
    "empty ones and the same again": (
        "<i>公开主体：</i> <i>索引号：SY31010720260001</i> <i>发布日期：2026年11月18日</i> <i>索引号：别的</i>"
        " <i>发文字号：普府〔2026〕5号</i>"
    ),
}


@pytest.mark.parametrize("form", FACTS)
def test_facts_are_read_as_label_and_value(form: str) -> None:
    assert read(page(facts=FACTS[form])).facts == {
        "索引号": "SY31010720260001",
        "发布日期": "2026年11月18日",
        "发文字号": "普府〔2026〕5号",
    }


def test_a_time_of_day_and_an_address_are_no_labels() -> None:
    facts = read(page(facts="<i>发布时间：2026-11-18 10:30</i> <i>网址：http://example.org/x</i>")).facts
    assert facts == {"发布时间": "2026-11-18 10:30", "网址": "http://example.org/x"}


def test_a_page_without_facts_has_none() -> None:
    bare = ArticleLayout(title="h1", body="#body", facts=".nowhere")
    assert read_page(keep_page(response(page("x"))), bare) == PageText("样本", "x", {})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<html><div id=body>x</div></html>", r"no title .*\(h1\)"),
        ("<html><h1> </h1><div id=body>x</div></html>", r"no title .*\(h1\)"),
        ("<html><h1>样本</h1><div>x</div></html>", r"no body .*\(#body\)"),
        (page(title="样" * 501), r"a title of 501 characters \(h1\)"),
        (page("字" * (LONGEST_TEXT + 1)), r"a body of 200001 characters.*\(#body\)"),
    ],
)
def test_a_page_that_is_not_as_described_is_unreadable_and_says_where(body: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read(body)


def test_lines_can_be_had_of_any_element() -> None:
    selector = open_page(keep_page(response("<html><li><a>一</a> <span>2026-11-18</span></li></html>")))
    assert lines_of(selector.css("li")[0].root) == ["一 2026-11-18"]
