"""The archive's pages: a list of issues, and the district's figures beside our own count, plain and complete."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.load import load
from pipelines.news import model
from pipelines.store.database import PUBLISHED_NAME
from reports.archive import write_archive
from reports.archive.group import Topic
from reports.archive.model import CountedBy, Difference, NotCountable
from reports.claim import Measure, Scope, Subject
from reports.errors import IssueUnreadableError, PublishedUnreadableError
from reports.words import LANGUAGES, Language, wording
from tests.reports.conftest import AFTER, MakeIssue
from tests.reports.published import PublishedFile, shanghai
from tests.reports.test_browser import CHROMIUM, shown_in_browser
from tests.reports.test_untrusted import Elements
from tests.reports.weeks_of_news import nasty_week, read_week

ArchiveOf = Callable[..., Path]


@pytest.fixture
def archive_of(tmp_path: Path) -> ArchiveOf:
    """Publishes a file and writes the archive of it; returns the folder of issues."""

    def make(file: PublishedFile | None, langs: tuple[str, ...] = LANGUAGES) -> Path:
        if file:
            file.write(tmp_path / "putuo.duckdb")
        write_archive(tmp_path / "putuo.duckdb", tmp_path / "issues", langs)
        return tmp_path / "issues"

    return make


def claims_page(issues: Path, language: Language = "zh") -> str:
    return (issues / f"claims.{language}.html").read_text(encoding="utf-8")


def index_page(issues: Path, language: Language = "zh") -> str:
    return (issues / f"index.{language}.html").read_text(encoding="utf-8")


def words_of(html: str) -> str:
    """What a reader reads, in one line."""
    body = html.split("<body>")[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def section(html: str, name: str) -> str:
    return html.split(f'<section id="{name}"')[1].split("</section>", maxsplit=1)[0]


def figures(html: str) -> list[str]:
    return re.findall(r'<p class="figure"><b>(.*?)</b>', html)


def claimed(file: PublishedFile, value: float, on: date, measure: str = "firm_count", **changes: Any) -> None:
    """A page of that day with one claim, its source and a quote."""
    number = len(file.tables.get("articles", ()))
    unit = "firms" if measure in ("firm_count", "new_firm_count") else changes.pop("unit", "CNY")
    page = file.article(f"a{number}", f"第{number}篇", published_on=on, agency=changes.pop("agency", "普陀区某委员会"))
    file.claim(page, measure, value, unit, quote=f"第{number}句：{value:.0f}。", **changes)


def years_of_claims() -> PublishedFile:
    """What was claimed over five years: totals that disagree, new firms, devices, a park, tax, output, area."""
    file = PublishedFile()
    file.source("putuo_portal", "", publisher="普陀区人民政府", title_en="Putuo government portal")
    file.firm(1, "上海样本医疗器械有限公司", is_branch=True)
    file.firm(2, "上海样本生物科技有限公司", sub_sector="biomedical_rd")
    file.firm(3, "上海样本百货有限公司", grade="peripheral", shared_address=True, firms_at_address=30)
    file.firm(4, "上海样本不明医药有限公司", in_putuo="unknown")
    file.run("complete", shanghai("2026-11-23 02:10"))
    before: dict[str, Any] = {"counted_by": "now", "counted_on": date(2026, 11, 23), "core": 2, "counted": 3}
    claimed(file, 2300, date(2022, 6, 10), relation="over", registered_by_then=1, **before)
    told: dict[str, Any] = {"registered_by_then": 0, "until": date(2020, 11, 15), "about_day": date(2020, 11, 15)}
    claimed(file, 2710, date(2024, 11, 15), year=2020, **told, **before)
    claimed(file, 2960, date(2024, 11, 15), year=2024, registered_by_then=1, **before)
    claimed(file, 3600, date(2026, 11, 12), relation="over", core=2, counted=3)
    claimed(file, 3600, date(2026, 11, 19), relation="over", core=2, counted=3)
    claimed(file, 5000, date(2026, 11, 19), relation="over", is_target=True, year=2028, **before)
    time: dict[str, Any] = {"since": date(2026, 1, 1), "until": date(2026, 10, 31), "about_day": date(2026, 10, 31)}
    claimed(
        file, 500, date(2026, 11, 19), "new_firm_count",
        relation="about", not_countable=None, **time, **before | {"counted_by": "registered"},
    )  # fmt: skip
    claimed(file, 80, date(2026, 11, 19), subject="medical_devices", core=1, counted=2)
    park: dict[str, Any] = {
        "scope": "park",
        "place": "china_israel_hub",
        "place_zh": "中以(上海)创新园",
        "place_en": "Innovation Hub",
    }
    claimed(file, 27, date(2026, 11, 19), **park, core=0, counted=0)
    claimed(file, 120, date(2026, 11, 19), subject="part", not_countable="part", counted_by=None, core=None)
    claimed(file, 620_000_000, date(2026, 11, 19), "tax", **time)
    claimed(file, 3e10, date(2026, 11, 19), "output", relation="over", is_target=True, year=2030)
    claimed(file, 60_000, date(2026, 11, 19), "area", unit="square_metres", **park)
    return file


def test_every_question_has_its_claims_the_newest_first(archive_of: ArchiveOf) -> None:
    html = claims_page(archive_of(years_of_claims()))
    sections = re.findall(r'<section id="([\w-]+)"', html)
    asked = ["firms", "new_firms", "medical_devices", "places", "others", "output", "tax", "area"]
    assert sections == [*asked, "differ", "not-countable"]
    assert figures(section(html, "firms")) == [
        "超过 5,000 家",
        "超过 3,600 家",
        "2,960 家",
        "超过 2,300 家",
        "2,710 家",
    ]
    assert figures(section(html, "places")) == ["27 家"]
    assert "27 家" not in section(html, "firms")
    english = claims_page(archive_of(years_of_claims()), "en")
    assert figures(section(english, "firms"))[:2] == ["Over 5,000", "Over 3,600"]


def test_a_claim_says_when_who_and_in_which_words_and_leads_to_its_page(archive_of: ArchiveOf) -> None:
    html = claims_page(archive_of(years_of_claims()))
    first = section(html, "firms").split("<li")[2]
    link = '<a href="https://www.example.org/news/a4.html" rel="noopener noreferrer">'
    assert f"{link}<bdi>2026年11月19日，普陀区某委员会" in first
    assert "“第4句：3600。”" in first
    assert "另有 1 篇也这样说，最早在2026年11月12日" in first
    assert "2026 年1月至10月" in section(html, "tax")


def test_our_count_stands_beside_it_with_the_difference(archive_of: ArchiveOf) -> None:
    told = words_of(claims_page(archive_of(years_of_claims())))
    assert "我们数当日：核心 2 家、连外围 3 家（2026年11月19日）；比公布的少 3,597 家" in told
    english = words_of(claims_page(archive_of(years_of_claims()), "en"))
    assert (
        "We count for that day: 2 core firms, 3 with peripheral ones (19 Nov 2026); 3,597 fewer than claimed" in english
    )


def test_of_a_day_before_our_record_no_difference_is_told_but_that_we_cannot_know(archive_of: ArchiveOf) -> None:
    html = claims_page(archive_of(years_of_claims()))
    old = next(item for item in section(html, "firms").split("<li") if "<b>超过 2,300 家" in item)
    assert "我们那时还没有记录，只能数现在：核心 2 家、连外围 3 家（2026年11月23日）；其中 1 家那天以前已登记" in old
    assert "比公布的" not in old
    assert "我们的记录从2026年10月5日的第一份完整名录开始" in words_of(html)


def test_an_aim_is_marked_and_says_how_far_it_is(archive_of: ArchiveOf) -> None:
    html = claims_page(archive_of(years_of_claims()))
    aim = next(item for item in section(html, "firms").split("<li") if "<b>超过 5,000 家" in item)
    assert '<span class="mark">目标</span> <span class="when">2028 年</span>' in aim
    assert "距目标还差 4,997 家" in aim


def test_what_we_count_now_heads_the_question_and_the_page(archive_of: ArchiveOf) -> None:
    html = claims_page(archive_of(years_of_claims()))
    assert "最近公布的企业数：超过 3,600 家（2026年11月19日）；我们数到核心 2 家、连外围 3 家" in words_of(html)
    assert "我们现在数到：核心 2 家、连外围 3 家（2026年11月23日）" in section(html, "firms")
    assert "我们现在数到：核心 1 家、连外围 2 家（2026年11月23日）" in section(html, "medical_devices")


def test_claims_that_contradict_each_other_are_said_to(archive_of: ArchiveOf) -> None:
    html = claims_page(archive_of(years_of_claims()))
    clash = "说法不一：超过 2,300 家（2022年6月10日）反而少于更早的2,710 家（截至2020年11月15日）。"
    assert re.findall(r'<p class="clash">(.*?)</p>', html) == [clash]
    assert "这些数字彼此并不一致" in html
    file = PublishedFile()
    claimed(file, 3000, date(2026, 11, 12))
    claimed(file, 3500, date(2026, 11, 19))
    html = claims_page(archive_of(file), "en")
    assert "At odds: of the same time it is said 3,000 (12 Nov 2026) and 3,500 (19 Nov 2026)." in html


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"value": 3000, "relation": "over"}, {"value": 3100}),
        ({"value": 3000, "relation": "about"}, {"value": 3120}),
        ({"value": 3000, "scope": "park", "place": "x"}, {"value": 3500}),
        ({"value": 3000, "subject": "medical_devices"}, {"value": 3500}),
        ({"value": 3000}, {"value": 5000, "is_target": True, "year": 2028}),
    ],
)
def test_figures_that_can_both_be_right_are_no_contradiction(
    archive_of: ArchiveOf, one: dict[str, Any], other: dict[str, Any]
) -> None:
    file = PublishedFile()
    claimed(file, on=date(2026, 11, 12), **one)
    claimed(file, on=date(2026, 11, 19), **other)
    assert 'class="clash"' not in claims_page(archive_of(file))


def test_what_cannot_be_counted_has_no_figure_of_ours_and_says_why(archive_of: ArchiveOf) -> None:
    html = claims_page(archive_of(years_of_claims()))
    for name, why in {"tax": "登记里没有税收", "output": "登记里没有产值", "area": "登记里没有面积"}.items():
        assert f"我们数不了：{why}" in section(html, name)
        assert "核心" not in section(html, name)
        assert "bar" not in section(html, name)
    assert "我们数不了：我们不单独识别这类企业" in section(html, "others")
    reasons = re.findall(r"<dt>(.*?)</dt>", section(html, "not-countable"))
    assert reasons == [
        "产业规模、产值、营收", "税收", "占全区税收的比重", "总投资", "基金与资金规模", "面积",
        "高新技术、上市、重点等部分企业",
    ]  # fmt: skip


def test_why_the_two_differ_is_told_with_our_numbers(archive_of: ArchiveOf) -> None:
    html = section(claims_page(archive_of(years_of_claims())), "differ")
    assert "我们的数里有 1 家分公司、门店" in html
    assert "我们的数里有 1 家登记在十家以上企业共用的地址" in html
    assert "1 家生命健康企业的地址看不出是否在本区" in html
    assert "纳税地" in html


def test_a_publishers_word_bears_the_publishers_name_in_the_readers_language(archive_of: ArchiveOf) -> None:
    file = PublishedFile()
    file.source("putuo_portal", "", publisher="普陀区人民政府", title_en="Putuo government portal")
    claimed(file, 3000, date(2026, 11, 12), agency="")
    issues = archive_of(file)
    assert "2026年11月12日，普陀区人民政府" in claims_page(issues)
    assert "12 Nov 2026, Putuo government portal" in claims_page(issues, "en")


def test_of_many_claims_six_are_shown_and_the_others_counted(archive_of: ArchiveOf) -> None:
    file = PublishedFile()
    for number in range(9):
        claimed(file, 3000 + number, date(2016 + number, 5, 1))
    html = claims_page(archive_of(file))
    assert figures(section(html, "firms")) == [f"{3008 - number:,} 家" for number in range(6)]
    assert "另有 3 个较早的说法" in html
    assert len(re.findall('class="clash"', html)) <= 3


def test_before_the_first_claim_it_says_that_there_is_none(archive_of: ArchiveOf) -> None:
    file = PublishedFile()
    file.firm(1, "上海样本医疗器械有限公司")
    file.run("complete", shanghai("2026-11-23 02:10"))
    issues = archive_of(file)
    assert "还没有一篇文章给出过数字" in claims_page(issues)
    assert "还没有读到全区的企业总数；我们数到核心 1 家、连外围 1 家" in words_of(claims_page(issues))
    assert "No page has stated a figure yet" in claims_page(issues, "en")
    assert '<section id="firms"' not in claims_page(issues)


def test_it_can_be_made_before_anything_was_crawled(tmp_path: Path) -> None:
    done = load(tmp_path, code_version="0.1.0", progress=lambda _step, _at, _all: None)
    assert done.published
    made = write_archive(tmp_path / PUBLISHED_NAME, tmp_path / "issues", LANGUAGES)
    assert made.claims == 0
    assert "还没有读到公布的数字，也没有登记数据可数" in claims_page(tmp_path / "issues")
    assert "还没有一期" in index_page(tmp_path / "issues")


def test_the_index_lists_every_issue_the_newest_first_and_leads_to_what_lies_there(
    issue_of: MakeIssue, archive_of: ArchiveOf
) -> None:
    issue_of(read_week(), "2026-W46")
    issue_of(None, "2026-W47", AFTER, ("zh",))
    issue_of(None, "2026-W48", AFTER)
    issues = archive_of(None)
    html = index_page(issues)
    assert re.findall(r"<h4>(.*?) <span", html) == ["第 48 周", "第 47 周", "第 46 周"]
    assert "草稿，本周尚未截止" in html
    links = Elements(html).links
    assert "2026-W47/briefing.en.html" not in links
    assert {"claims.zh.html", "index.en.html", "2026-W46/briefing.en.html", "2026-W47/evidence.html"} <= set(links)
    assert [link for link in links if not (issues / link).is_file()] == []
    assert [link for link in Elements(claims_page(issues)).links if link.endswith(".html") and "/" not in link] == [
        "index.zh.html",
        "claims.en.html",
    ]


def test_the_index_tells_of_a_correction(issue_of: MakeIssue, archive_of: ArchiveOf, tmp_path: Path) -> None:
    from reports.weekly import make_issue  # noqa: PLC0415

    issue_of(read_week())
    file = read_week()
    file.arrival(77, "上海样本迟来医疗器械有限公司")
    file.write(tmp_path / "putuo.duckdb")
    make_issue(
        tmp_path / "putuo.duckdb", tmp_path / "issues", "2026-W47", LANGUAGES, AFTER, release="1", correct="漏了一家"
    )
    assert "更正过 1 次" in index_page(archive_of(None))


def test_the_same_database_and_issues_give_the_same_bytes(issue_of: MakeIssue, archive_of: ArchiveOf) -> None:
    issue_of(years_of_claims())
    issues = archive_of(None)
    before = {path.name: path.read_bytes() for path in issues.glob("*.html")}
    assert sorted(before) == ["claims.en.html", "claims.zh.html", "index.en.html", "index.zh.html"]
    archive_of(None)
    assert {path.name: path.read_bytes() for path in issues.glob("*.html")} == before


def test_a_language_left_out_this_time_is_made_anew_where_it_lies(archive_of: ArchiveOf) -> None:
    issues = archive_of(PublishedFile())
    file = PublishedFile()
    claimed(file, 3000, date(2026, 11, 12))
    archive_of(file, ("zh",))
    assert "3,000" in claims_page(issues, "en")


def test_without_a_database_the_index_is_made_and_the_claims_stay(archive_of: ArchiveOf, tmp_path: Path) -> None:
    issues = archive_of(years_of_claims())
    before = claims_page(issues)
    (tmp_path / "putuo.duckdb").unlink()
    archive_of(None)
    assert claims_page(issues) == before
    assert "claims.zh.html" in index_page(issues)


def test_a_file_of_an_earlier_release_and_a_damaged_issue_are_refused_by_name(
    archive_of: ArchiveOf, tmp_path: Path
) -> None:
    with duckdb.connect(str(PublishedFile().write(tmp_path / "putuo.duckdb"))) as connection:
        connection.execute("DROP TABLE claims_compared")
    with pytest.raises(PublishedUnreadableError, match=r"putuo\.duckdb: cannot be reported from"):
        archive_of(None)
    (tmp_path / "issues" / "2026-W47").mkdir(parents=True)
    (tmp_path / "issues" / "2026-W47" / "issue.json").write_text("{", encoding="utf-8")
    with pytest.raises(IssueUnreadableError, match="2026-W47"):
        archive_of(PublishedFile())


def test_a_page_that_cannot_be_made_keeps_no_issue_from_its_readers_and_is_told(tmp_path: Path) -> None:
    published = read_week().write(tmp_path / PUBLISHED_NAME)
    assert weekly(tmp_path).returncode == 0
    before = claims_page(tmp_path / "issues")
    with duckdb.connect(str(published)) as connection:
        connection.execute("DROP TABLE claims_compared")
    done = weekly(tmp_path)
    assert done.returncode == 1
    assert "the archive beside the issues: " in done.stderr
    assert "briefing.zh.html" in done.stdout
    assert claims_page(tmp_path / "issues") == before


def test_a_file_that_cannot_be_written_keeps_no_issue_from_its_readers(tmp_path: Path) -> None:
    read_week().write(tmp_path / PUBLISHED_NAME)
    (tmp_path / "issues" / "claims.zh.html" / "in the way").mkdir(parents=True)
    done = weekly(tmp_path)
    assert done.returncode == 1
    assert "the archive beside the issues: " in done.stderr
    assert "briefing.zh.html" in done.stdout


def test_one_sentence_that_tells_how_a_figure_grew_is_no_contradiction(archive_of: ArchiveOf) -> None:
    file = PublishedFile()
    page = file.article("a0", "第0篇", published_on=date(2026, 11, 12), agency="普陀区某委员会")
    for value in (2665, 2914):
        file.claim(page, "firm_count", value, "firms", quote="从2665家增至2914家。")
    assert 'class="clash"' not in claims_page(archive_of(file))


def test_the_head_has_the_claim_about_the_latest_day_and_tells_that_day(archive_of: ArchiveOf) -> None:
    file = PublishedFile()
    claimed(file, 3600, date(2026, 11, 12))
    old: dict[str, Any] = {"until": date(2020, 12, 31), "about_day": date(2020, 12, 31)}
    claimed(file, 2700, date(2026, 11, 19), **old)
    assert "最近公布的企业数：3,600 家（2026年11月12日）" in words_of(claims_page(archive_of(file)))


def test_news_alone_are_no_newer_count(archive_of: ArchiveOf) -> None:
    file = PublishedFile()
    file.firm(1, "上海样本医疗器械有限公司")
    file.run("complete", shanghai("2026-09-20 02:10"))
    file.run("complete", shanghai("2026-11-23 02:10"), source="portal", rows=None)
    claimed(file, 3600, date(2026, 11, 19), counted_on=date(2026, 9, 20), core=1, counted=1)
    html = words_of(claims_page(archive_of(file)))
    assert "统计截至2026年9月20日的登记" in html
    assert "我们数当日" not in html


def weekly(home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PUTUO_HOME": str(home)}
    environment.pop("PUTUO_CONFIG", None)
    words = ("weekly", "--week", "2026-W47", "--now", "2026-11-23T06:05+08:00")
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"subject": "cats"}, "'cats'"),
        ({"scope": "moon"}, "'moon'"),
        ({"counted_by": "guess"}, "'guess'"),
        ({"not_countable": "tax"}, "neither counted nor not"),
        ({"counted_by": None}, "neither counted nor not"),
    ],
)
def test_a_comparison_outside_the_closed_lists_is_refused_by_name(
    archive_of: ArchiveOf, change: dict[str, Any], what: str
) -> None:
    file = PublishedFile()
    claimed(file, 3000, date(2026, 11, 12), **change)
    with pytest.raises(PublishedUnreadableError, match=f"c0000000000000000: .*{what}"):
        archive_of(file)


def test_every_closed_list_of_the_comparison_has_its_words() -> None:
    groups = wording()
    assert groups["not_countable"].keys() == set(NotCountable)
    assert groups["not_countable_short"].keys() == groups["not_countable_title"].keys() == set(NotCountable)
    assert groups["why_differ"].keys() == groups["why_differ_title"].keys() == {*Difference, "place_unknown"}
    assert groups["counted_by"].keys() == set(CountedBy)
    counted = (Measure.FIRM_COUNT, Measure.NEW_FIRM_COUNT)
    assert groups["question"].keys() == {*Topic, *(one for one in Measure if one not in counted)}
    assert {*groups["sub_sector"], *groups["subject"]} >= set(Subject)
    assert groups["scope"].keys() == set(Scope) - {Scope.DISTRICT}
    assert groups["briefing_in"].keys() == set(LANGUAGES)


def test_what_is_compared_is_what_is_read_from_pages() -> None:
    assert {str(one) for one in Subject} == {str(one) for one in model.Subject}
    assert {str(one) for one in Scope} == {str(one) for one in model.Scope}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_markup_of_a_source_becomes_markup_of_ours(archive_of: ArchiveOf, language: Language) -> None:
    file = nasty_week()
    hostile = "<script>alert(1)</script>\u202e" + "长" * 9000
    page = file.article("nasty-c", hostile, url="javascript:alert(1)", agency=hostile, published_on=date(2026, 11, 19))
    place = {"scope": "place", "place_zh": hostile, "place_en": hostile, "not_countable": "place", "counted_by": None}
    file.claim(page, "firm_count", 100, "firms", quote=hostile, **place)
    html = claims_page(archive_of(file), language)
    shown = Elements(html)
    assert not shown.tags & {"script", "img", "iframe", "link", "object", "form", "b0"}
    assert not any(attribute.startswith("on") for attribute in shown.attributes)
    assert "&lt;script&gt;alert(1)" in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", html)
    for endless in ("长" * 121, "W" * 121, "9" * 121):
        assert endless not in html
    assert len(html) < 80_000
    inner = ("127.0.0.1", "192.168.1.1", "printer.local", "file:", "user:pw", "javascript:")
    assert [link for link in shown.links if any(part in link for part in inner)] == []


@pytest.mark.parametrize("name", ["claims.zh.html", "claims.en.html", "index.zh.html", "index.en.html"])
def test_every_page_stands_alone(issue_of: MakeIssue, archive_of: ArchiveOf, name: str) -> None:
    issue_of(years_of_claims())
    html = (archive_of(None) / name).read_text(encoding="utf-8")
    assert re.search(r'<html lang="(zh-CN|en)">', html)
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "default-src 'none'" in html
    assert "@import" not in html
    assert "url(" not in html
    assert not Elements(html).tags & {"script", "link", "img"}


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("columns", [390, 1200])
@pytest.mark.parametrize("name", ["claims.zh.html", "claims.en.html", "index.zh.html", "index.en.html"])
@pytest.mark.parametrize("week", [years_of_claims, nasty_week])
def test_no_page_overflows(
    issue_of: MakeIssue,
    archive_of: ArchiveOf,
    tmp_path: Path,
    week: Callable[[], PublishedFile],
    name: str,
    columns: int,
) -> None:
    issue_of(week())
    page = (archive_of(None) / name).read_text(encoding="utf-8")
    assert shown_in_browser(page, columns, tmp_path) == (columns, 0)
