"""What a reader is told of each firm, in HTML and in text, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from reports.plain import WIDTH, width, wrap
from reports.words import LANGUAGES, Language
from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, exhibit
from tests.reports.weeks_of_news import full_week, nasty_week, read_week


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("week", [full_week, nasty_week, read_week])
def test_the_text_says_all_that_the_html_says(
    issue_of: MakeIssue, week: Callable[[], PublishedFile], language: Language
) -> None:
    made = issue_of(week())
    html = html_of(made, language)
    text = text_of(made, language)
    told = re.findall(r"<(?:h4|h1|li|p)[^>]*>(.*?)</(?:h4|h1|li|p)>", html.split("<body>")[1], re.DOTALL)
    assert len(told) > 30
    for line in told:
        # Of a line with links each piece stands in the text; where a link leads stands there behind its words.
        pieces = re.split(r"<[^>]*>", line) if "<a " in line else [re.sub(r"<[^>]*>", "", line)]
        for piece in pieces:
            assert unescape(piece).strip(" ·\n") in text
        for address in re.findall(r'<a href="(?!#|evidence\.html#(?:articles|peripheral)")([^"]*)"', line):
            assert unescape(address) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_core_firm_is_in_every_rendering(issue_of: MakeIssue, language: Language) -> None:
    file = full_week()
    made = issue_of(file)
    told = {row["name"] for row in file.tables["events"] if row["grade"] == "core"}
    assert len(told) == 8
    for name in told:
        assert name in html_of(made, language)
        assert name in text_of(made, language)


def test_the_headline_counts_core_firms_and_the_next_line_peripheral_ones(issue_of: MakeIssue) -> None:
    made = issue_of(full_week())
    assert "本周新到 4 家核心企业，扩张 1 家，离开 1 家，收缩 1 家，迟到的消息 1 家" in text_of(made)
    assert "另有 5 家外围企业有动向，只计数。" in text_of(made)
    english = "Core firms this week: 4 arrived, 1 expanded, 1 left, 1 scaled back, 1 in late news"
    assert english in text_of(made, "en")


def test_peripheral_firms_are_one_counted_line_and_never_named(issue_of: MakeIssue) -> None:
    file = full_week()
    file.arrival(36, "上海虚构百货36有限公司", grade="peripheral", happened_on=date(2026, 1, 5))
    made = issue_of(file)
    assert "外围企业新到 6 家（其中 1 家是迟到的消息）。" in text_of(made)
    assert "虚构百货" not in html_of(made)
    evidence = (made.folder / "evidence.html").read_text(encoding="utf-8")
    assert evidence.count("上海虚构百货") == 6
    assert "环境卫生" not in evidence + html_of(made)


def test_a_firm_with_two_happenings_is_one_entry(issue_of: MakeIssue) -> None:
    made = issue_of(full_week())
    expansions = html_of(made).split('<section id="expansions">')[1].split("</section>")[0]
    assert expansions.count("<article>") == 1
    assert expansions.count('<div class="event">') == 2
    assert "增资：5,000万元 → 8,000万元（+60%）" in text_of(made)
    assert "Capital raised: CNY 50 million → CNY 80 million (+60%)" in text_of(made, "en")
    assert "扩大经营范围：第三类医疗器械生产；远程健康管理服务" in text_of(made)


def test_focus_sub_sectors_come_first_and_in_each_the_larger_capital(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "丁", sub_sector="health_services", capital=Decimal(900_000_000))
    file.arrival(2, "丙", capital=None)
    file.arrival(3, "乙", capital=Decimal(6_000_000))
    file.arrival(4, "甲", capital=Decimal(1_000_000), capital_currency="USD")
    file.arrival(5, "戊", sub_sector=None)
    assert re.findall(r"<h4><bdi>(.)</bdi>", html_of(issue_of(file))) == ["甲", "乙", "丙", "丁", "戊"]


def test_each_line_says_when_it_happened_and_when_we_learned(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "甲", happened_on=date(2026, 11, 12))
    file.arrival(2, "乙", happened_on=None)
    file.arrival(3, "丙", happened_on=date(2025, 12, 31))
    made = issue_of(file)
    for line in (
        "11月12日发生 · 11月20日获知",
        "发生日期未载明 · 11月20日获知",
        "2025年12月31日发生 · 11月20日获知",
    ):
        assert line in text_of(made)
    for line in (
        "Happened 12 Nov · learned 20 Nov",
        "Date not stated · learned 20 Nov",
        "Happened 31 Dec 2025",
    ):
        assert line in text_of(made, "en")


def test_why_we_believe_it_names_basis_source_and_words(issue_of: MakeIssue) -> None:
    made = issue_of(full_week())
    assert (
        "首次列入《企业登记名录 · bureau》（11月20日采集）；"
        "因名称中的“医疗器械”和经营范围中的“第三类医疗器械经营”归入高端医疗器械。"
    ) in text_of(made)
    assert (
        "First listed in “Register of enterprises · bureau” (captured 20 Nov); "
        "counted as pharmaceutical distribution and sales by a person’s decision."
    ) in text_of(made, "en")


def test_an_event_without_kept_records_says_so(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.event("bare", file.firm(1, "甲", label_evidence=""), evidence=[])
    made = issue_of(file)
    assert "首次列入未载明的来源；归入高端医疗器械的依据未载明。" in text_of(made)
    assert "没有随此事件留存记录" in (made.folder / "evidence.html").read_text(encoding="utf-8")


def test_marks_stand_where_they_matter(issue_of: MakeIssue) -> None:
    made = issue_of(full_week())
    for mark in (
        "该地址登记了 234 家企业，可能只是注册地址",
        "虚构百草大药房连锁有限公司的分支机构",
        "2024 年新《公司法》施行后，减资可能只是把注册资本降到实缴水平",
        "名录没有说明是注销还是迁出",
    ):
        assert text_of(made).count(mark) == 1


def test_a_shared_address_is_no_mark_of_an_expansion(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    firm = file.firm(1, "甲", shared_address=True, firms_at_address=99)
    file.event("raised", firm, "capital_raised", "capital_changed", category="expansion", before="1", after="2")
    assert "99" not in text_of(issue_of(file))


def test_a_capital_that_cannot_be_read_is_shown_as_it_was_printed(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.event(
        "raised",
        file.firm(1, "甲"),
        "capital_raised",
        "capital_changed",
        category="expansion",
        before="500.0000",
        after="800万元",
    )
    assert "增资：500.0000 → 800万元" in text_of(issue_of(file))


@pytest.mark.parametrize(
    ("before", "after", "zh", "en"),
    [
        ("存续", "注销", "注销：存续 → 注销", "Deregistered: existing → deregistered"),
        (
            "存续",
            "吊销",
            "被吊销营业执照：存续 → 吊销",
            "Business licence revoked: existing → licence revoked",
        ),
        ("存续", "吊销，已注销", "注销：存续 → 吊销，已注销", "Deregistered: existing → 吊销，已注销"),
        (None, "注销", "注销：原文为“注销”", "Deregistered: stated as “deregistered”"),
    ],
)
def test_a_revoked_licence_is_not_called_deregistration(
    issue_of: MakeIssue, before: str | None, after: str, zh: str, en: str
) -> None:
    file = PublishedFile()
    file.event(
        "gone",
        file.firm(1, "甲"),
        "deregistered",
        "status_changed",
        category="departure",
        happened_on=None,
        before=before,
        after=after,
    )
    made = issue_of(file)
    assert zh in text_of(made)
    assert en in text_of(made, "en")


def test_a_firm_gone_from_a_list_is_not_said_to_be_deregistered(issue_of: MakeIssue) -> None:
    departures = html_of(issue_of(full_week())).split('<section id="departures">')[1].split("</section>")[0]
    assert "<b>不再列于名录</b>" in departures
    assert "<b>注销</b>" not in departures


def test_what_is_not_stated_is_said_to_be_so(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    nothing = {"street_zh": None, "street_en": None, "address": None}
    firm = file.firm(1, "", **nothing, capital=None, label_evidence=None, sub_sector=None)
    file.event("moved", firm, "moved_in", "address_changed", evidence=[exhibit("after", {})])
    text = text_of(issue_of(file))
    for words in ("名称未载明", "地点未载明", "注册资本未载明", "迁入：未载明 → 未载明", "未判定的子行业"):
        assert words in text


def test_text_is_wrapped_for_wide_characters() -> None:
    lines = list(wrap("上海虚构医疗器械有限公司，" * 20, "  ", "    "))
    assert all(width(line) <= WIDTH for line in lines)
    assert all(line.startswith("    ") for line in lines[1:])
    assert not any(line.strip().startswith("，") for line in lines)
    assert "".join(line.strip() for line in lines) == "上海虚构医疗器械有限公司，" * 20


def test_a_word_longer_than_a_line_is_cut_rather_than_run_over() -> None:
    lines = list(wrap("x" * 300, "- ", "  "))
    assert max(map(width, lines)) <= WIDTH
    assert "".join(lines).replace(" ", "").lstrip("-") == "x" * 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_text_is_too_wide_but_an_address(issue_of: MakeIssue, language: Language) -> None:
    for week in (full_week(), nasty_week(), read_week()):
        made = issue_of(week)
        for line in (made.folder / f"briefing.{language}.txt").read_text(encoding="utf-8").splitlines():
            assert width(line) <= WIDTH or "://" in line
        (made.folder / "issue.json").unlink()


def test_english_names_streets_and_parks_in_english_and_firms_in_chinese(issue_of: MakeIssue) -> None:
    english = text_of(issue_of(full_week()), "en")
    assert "Taopu Town · China-Israel Innovation Hub (Shanghai) · Registered capital CNY 20 million" in english
    assert "上海虚构康泰医疗器械有限公司" in english
    assert "桃浦镇" not in english
