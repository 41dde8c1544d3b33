"""What was read in the district's news and documents: each told once, in few lines, as somebody's word."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports.codec import decode
from reports.errors import PublishedUnreadableError
from reports.freeze import ISSUE, Issue, read_issue
from reports.weekly import MadeIssue
from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, shanghai
from tests.reports.weeks_of_news import empty_week, full_week, read_week

W48_AFTER = shanghai("2026-11-30 06:05")


def evidence_of(made: MadeIssue) -> str:
    return (made.folder / "evidence.html").read_text(encoding="utf-8")


def notes_of(made: MadeIssue) -> str:
    return html_of(made).split('<section id="notes">')[1].split("</section>")[0]


def groups_of(made: MadeIssue) -> dict[str, list[str]]:
    """Heading → titles told below it."""
    groups = re.split(r"<h3>", notes_of(made))[1:]
    titles = r'<p class="title">(?:<a [^>]*>)?<bdi[^>]*>(.*?)</bdi>'
    return {group.split(" <span")[0]: re.findall(titles, group) for group in groups}


def held(made: MadeIssue) -> tuple[str, ...]:
    issue = read_issue(made.folder / ISSUE)
    assert issue
    return issue.held


def announced(file: PublishedFile, kind: str = "arrival_announced", **changes: Any) -> str:
    """A firm of which an article says something; returns the sentence."""
    said = "上海虚构晨曦医疗机器人有限公司签约落户桃浦智创城。"
    page = file.article("a1", "虚构晨曦签约", **changes.pop("article", {}))
    firm = file.firm(1, "上海虚构晨曦医疗机器人有限公司", **changes.pop("firm", {"in_putuo": "no"}))
    about = {"basis": "announced", "after": said, "happened_on": None, "evidence": file.said_by(page, said)}
    file.event("e1", firm, kind, **(about | changes))
    return said


def test_articles_stand_between_the_firms_and_what_could_not_be_seen(issue_of: MakeIssue) -> None:
    html = html_of(issue_of(read_week()))
    sections = re.findall(r'<section id="(\w+)"', html)
    assert sections == ["arrivals", "expansions", "departures", "late", "notes", "sight"]


def test_they_are_grouped_and_of_each_group_five_are_told(issue_of: MakeIssue) -> None:
    made = issue_of(read_week())
    groups = groups_of(made)
    assert list(groups) == ["政策与文件", "项目备案", "官方与媒体给出的数字（照录，未核实）", "其他新闻"]
    assert [len(titles) for titles in groups.values()] == [2, 5, 3, 3]
    assert groups["项目备案"][0] == "虚构第6生物医药研发实验室建设项目环境影响登记表备案"  # the newest first
    assert "另有 2 条，见证据页" in text_of(made)
    assert "2 more on the evidence page" in text_of(made, "en")
    for number in range(7):
        assert f'<article id="a00000000000002{number}">' in evidence_of(made)


def test_a_line_says_when_who_and_where_and_leads_to_the_page_and_its_proof(issue_of: MakeIssue) -> None:
    made = issue_of(read_week())
    about = "11月18日 · 普陀区科学技术委员会 · 普科委〔2026〕3号 · 桃浦智创城 · 中以（上海）创新园"
    assert about in notes_of(made)
    assert '<a href="https://www.example.org/document/a000000000000010.html" rel="noopener noreferrer">' in notes_of(
        made
    )
    assert '<a href="evidence.html#a000000000000010" rel="noopener noreferrer">证据</a>' in notes_of(made)
    assert "18 Nov · Putuo government portal · China-Israel Innovation Hub (Shanghai)" in text_of(made, "en")
    assert "日期未载明 · 普陀区政府网站" in text_of(made)
    assert 'lang="en">Sino-Israel innovation hub' in notes_of(made)


def test_it_says_how_many_were_read_and_how_many_concern_life_health(issue_of: MakeIssue) -> None:
    made = issue_of(read_week())
    assert "新读到 28 篇文章，其中 19 篇涉及区内生命健康。已在上文作为证据的不再重复。" in text_of(made)
    assert "道路养护" not in html_of(made) + evidence_of(made)


def test_a_week_without_a_relevant_article_has_one_line_and_one_without_any_has_none(issue_of: MakeIssue) -> None:
    file = empty_week()
    file.article("a1", "虚构路道路养护公告", relevant=False)
    made = issue_of(file, now=shanghai("2026-11-22 12:00"))
    assert "新读到 1 篇区内新闻与文件，没有一篇涉及生命健康。" in text_of(made)
    assert "One new article of the district was read; it is not about life-health." in text_of(made, "en")
    assert 'id="notes"' not in html_of(made)
    made = issue_of(empty_week())
    assert "新读到" not in text_of(made)
    assert 'id="notes"' not in html_of(made)


def test_news_is_told_in_a_week_without_events(issue_of: MakeIssue) -> None:
    file = empty_week()
    file.article("a1", "桃浦生命健康产业联盟举行年会")
    made = issue_of(file)
    assert "本周核心企业没有新动向" in text_of(made)
    assert groups_of(made) == {"其他新闻": ["桃浦生命健康产业联盟举行年会"]}


def test_an_article_that_proves_an_event_told_above_is_not_told_again_but_its_claims_are(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    announced(file)
    file.claim("a1", "firm_count", 3500, "firms", relation="over", quote="区内企业超过3500家。")
    made = issue_of(file)
    assert groups_of(made) == {"官方与媒体给出的数字（照录，未核实）": ["企业和机构数：超过 3,500 家"]}
    assert "已在上文作为证据的不再重复" in text_of(made)
    assert "为上文事件的证据 Proves an event above" in evidence_of(made)
    assert set(held(made)) == {"e1", "a1"}


def test_an_article_that_proves_an_event_of_a_peripheral_firm_is_told(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    announced(file, firm={"grade": "peripheral"})
    assert groups_of(issue_of(file)) == {"其他新闻": ["虚构晨曦签约"]}


def test_what_one_sentence_claims_is_one_line_that_says_of_when_and_whether_it_is_an_aim(issue_of: MakeIssue) -> None:
    made = issue_of(read_week())
    aims = ("企业和机构数：超过 5,000 家（2028 年目标）", "产业规模：超过 200亿元（2028 年目标）")
    assert "；".join((*aims, "占全区税收比重：增长 1 个百分点（目标）")) in text_of(made)
    english = "Firms and institutions: over 5,000 (target for 2028); Output of the industry: over CNY 20 billion"
    assert english in text_of(made, "en")
    assert text_of(made).count("“到2028年，全区生命健康企业超过5000家") == 1
    assert "税收：7.51亿元（2026 年）；面积：约 60,000 平方米" in text_of(made)


def test_a_claim_says_of_which_firms_and_where_and_the_same_figure_of_others_is_told_too(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    article, devices = file.article("a1", "虚构年报"), {"subject": "medical_devices"}
    park = {"scope": "park", "place_zh": "虚构园", "place_en": "Invented Park"}
    for claimed in ({}, devices, park, devices | park, {"scope": "unstated"}, {"subject": "part"}):
        file.claim(article, "firm_count", 80, "firms", quote="企业80家。", **claimed)
    made = issue_of(file)
    assert (
        "企业和机构数：80 家；企业和机构数（高端医疗器械）：80 家；企业和机构数（虚构园）：80 家；"
        "企业和机构数（虚构园，高端医疗器械）：80 家；企业和机构数（范围未载明）：80 家；"
        "企业和机构数（其中一部分企业）：80 家"
    ) in text_of(made)
    assert "Firms and institutions (Invented Park, high-end medical equipment): 80" in text_of(made, "en")
    assert "企业和机构数（虚构园，高端医疗器械）：80 家" in evidence_of(made)


def test_the_same_figure_in_several_articles_is_told_once_and_an_article_of_claims_not_as_news_too(
    issue_of: MakeIssue,
) -> None:
    made = issue_of(read_week())
    assert text_of(made).count("企业和机构数：超过 3,500 家（2026 年）") == 1
    assert evidence_of(made).count("企业和机构数：超过 3,500 家（2026 年）") == 2
    assert "桃浦生命健康产业联盟举行年会" not in notes_of(made)


def test_an_article_in_two_columns_is_told_once_with_both_proofs(issue_of: MakeIssue) -> None:
    made = issue_of(read_week())
    assert notes_of(made).count("区领导调研清华大学上海国际创新中心") == 1
    for article_id in ("a000000000000032", "a000000000000033"):
        assert article_id in evidence_of(made)
        assert article_id in held(made)


def test_filings_of_one_title_are_different_projects(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "实验室建设项目", "filing")
    file.article("a2", "实验室建设项目", "filing")
    assert groups_of(issue_of(file)) == {"项目备案": ["实验室建设项目"] * 2}


def test_what_was_published_over_60_days_before_it_was_found_is_counted_apart(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "恰好六十天", published_on=date(2026, 9, 21))
    file.article("a2", "过了六十天", published_on=date(2026, 9, 20))
    made = issue_of(file)
    assert groups_of(made) == {"其他新闻": ["恰好六十天"]}
    assert "另有 1 篇在获知前 60 多天就已发布，列于证据页。" in text_of(made)
    assert "过了六十天" in evidence_of(made)


def test_an_article_belongs_to_the_issue_in_whose_week_it_was_found_and_to_no_other(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "周一六点前", discovered_at=shanghai("2026-11-23 05:59:59"))
    file.article("a2", "周一六点整", discovered_at=shanghai("2026-11-23 06:00"))
    assert held(issue_of(file)) == ("a1",)
    following = issue_of(file, "2026-W48", W48_AFTER)
    assert held(following) == ("a2",)
    assert groups_of(following) == {"其他新闻": ["周一六点整"]}


def test_an_article_judged_anew_does_not_come_back_as_news(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "长风健康论坛开幕", relevant=False)
    assert held(issue_of(file)) == ("a1",)
    file.tables["articles"][0]["relevant"] = True
    following = issue_of(file, "2026-W48", W48_AFTER)
    assert held(following) == ()
    assert "长风健康论坛" not in html_of(following)


def test_the_same_article_under_another_id_is_told_once(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    policy = {"kind": "document", "document_number": "普某〔2026〕1号"}
    file.article("a1", "桃浦生命健康扶持办法", **policy)
    assert "桃浦生命健康扶持办法" in html_of(issue_of(file))
    file.article("a2", "桃浦生命健康扶持办法", **policy, discovered_at=shanghai("2026-11-24 02:10"))
    other = policy | {"document_number": "普某〔2026〕2号"}
    file.article("a3", "桃浦生命健康扶持办法", **other, discovered_at=shanghai("2026-11-24 02:10"))
    following = issue_of(file, "2026-W48", W48_AFTER)
    assert sum(map(len, groups_of(following).values())) == 1
    assert "a3" in held(following)


def test_an_article_whose_page_comes_later_is_told_then(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "工作动态", relevant=False, text_from="none")
    assert held(issue_of(file)) == ()
    read = {"relevant": True, "text_from": "body", "discovered_at": shanghai("2026-11-24 02:10")}
    file.tables["articles"][0] |= read | {"discovered_on": date(2026, 11, 24)}
    assert "工作动态" in html_of(issue_of(file, "2026-W48", W48_AFTER))


@pytest.mark.parametrize(("found", "told"), [("2026-11-20 02:10", False), ("2026-11-24 02:10", True)])
def test_a_better_rule_makes_no_news_of_a_page_that_was_read_and_a_new_firm_does(
    issue_of: MakeIssue, found: str, told: bool
) -> None:
    file = PublishedFile()
    file.article("a1", "长风健康论坛开幕")
    issue_of(file)
    firm = file.firm(1, "上海样本医疗科技有限公司")
    evidence = file.said_by("a1", "上海样本医疗科技有限公司完成B轮融资。")
    file.event(
        "e1",
        firm,
        "financing_raised",
        "announced",
        category="expansion",
        happened_on=None,
        discovered_at=shanghai(found),
        evidence=evidence,
    )
    following = issue_of(file, "2026-W48", W48_AFTER)
    assert ("上海样本医疗科技有限公司" in html_of(following)) is told
    assert "e1" in held(following)


def test_what_a_first_reading_found_old_is_in_no_issue(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "去年的旧闻", is_news=False)
    made = issue_of(file)
    assert held(made) == ()
    assert "去年的旧闻" not in html_of(made) + evidence_of(made)


def test_held_ids_of_events_and_articles_stand_in_order_of_discovery(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "其三", discovered_at=shanghai("2026-11-20 03:00"))
    file.arrival(1, "上海虚构医疗器械有限公司", "e1", discovered_at=shanghai("2026-11-19 02:00"))
    file.article("a2", "其一", discovered_at=shanghai("2026-11-18 03:00"))
    assert held(issue_of(file)) == ("a2", "e1", "a1")


def test_articles_held_elsewhere_are_not_counted_as_events(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.article("a1", "桃浦生命健康", discovered_at=shanghai("2026-11-12 02:00"))
    issue_of(file)
    earlier = issue_of(file, "2026-W46")
    assert held(earlier) == ()
    assert "2026-W47" not in text_of(earlier)


def test_an_announced_arrival_reads_as_announced_and_not_as_registered(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    said = announced(file)
    made = issue_of(file)
    assert "本周新到 0 家核心企业，宣布落户 1 家，扩张 0 家，离开 0 家" in text_of(made)
    assert f"宣布落户：“{said}”" in text_of(made)
    assert "11月18日发布 · 11月20日获知" in text_of(made)
    assert "的一篇文章；因名称中的" in text_of(made)
    assert "只是文章所述，登记中尚未见其落户本区" in text_of(made)
    assert "An article’s word: the register does not show it in the district yet" in text_of(made, "en")
    assert "Core firms this week: 0 arrived, 1 announced as arriving" in text_of(made, "en")
    assert 'href="https://www.example.org/news/a1.html"' in html_of(made)
    for shown in ("标题 Title", "虚构晨曦签约", "2026-11-18", said, "https://www.example.org/news/a1.html"):
        assert shown in evidence_of(made).split('<article id="e1">')[1].split("</article>")[0]


def test_an_arrival_that_is_announced_and_registered_is_no_mere_announcement(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    announced(file, firm={"in_putuo": "yes"})
    file.event("e2", file.tables["firms"][0]["firm_id"], "moved_in", "address_changed", before="甲路", after="乙路")
    made = issue_of(file)
    assert "本周新到 1 家核心企业，扩张 0 家" in text_of(made)
    assert "登记住所现已在本区" in text_of(made)
    assert "尚未见" not in text_of(made)


def test_a_peripheral_firm_of_which_an_arrival_is_only_announced_is_counted_as_such(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    announced(file, firm={"grade": "peripheral"})
    file.arrival(2, "上海虚构百货有限公司", grade="peripheral")
    made = issue_of(file)
    assert "外围企业新到 2 家（其中 1 家只是宣布落户）。" in text_of(made)
    assert "Peripheral firms arrived: 2 (only announced: 1)." in text_of(made, "en")


def test_a_filing_is_not_called_an_approval(issue_of: MakeIssue) -> None:
    made = issue_of(read_week())
    assert "项目备案：“上海虚构启明生物医药有限公司实验室新建项目”" in text_of(made)
    assert "的一项备案；" in text_of(made)
    assert "获批" not in text_of(made)
    assert "Project filed" in text_of(made, "en")


def test_an_amount_that_the_sentence_does_not_show_stands_before_it(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    said = announced(file, "financing_raised", category="expansion", after="1.2亿元")
    assert f"获得融资：1.2亿元，“{said}”" in text_of(issue_of(file))


def test_what_a_page_said_long_ago_is_late_news(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    announced(file, article={"published_on": date(2026, 6, 1)})
    assert issue_of(file).counts["late"] == 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"measure": "happiness"}, "'happiness'"),
        ({"relation": "perhaps"}, "'perhaps'"),
        ({"unit": "cats"}, "'cats' is no unit"),
        ({"subject": "cats"}, "'cats' is not a valid Subject"),
        ({"scope": "the_moon"}, "'the_moon' is not a valid Scope"),
    ],
)
def test_a_claim_outside_the_closed_lists_is_refused_by_name(
    issue_of: MakeIssue, change: dict[str, Any], what: str
) -> None:
    file = PublishedFile()
    stated: dict[str, Any] = {"measure": "firm_count", "value": 1, "unit": "firms"} | change
    file.claim(file.article("a1", "虚构年报"), **stated, claim_id="c1")
    with pytest.raises(PublishedUnreadableError, match=f"c1: .*{what}"):
        issue_of(file)


def test_a_published_file_of_an_earlier_release_is_refused_by_name(issue_of: MakeIssue, tmp_path: Path) -> None:
    with duckdb.connect(str(full_week().write(tmp_path / "putuo.duckdb"))) as connection:
        connection.execute("DROP TABLE articles; DROP TABLE claims")
    with pytest.raises(PublishedUnreadableError, match=r"putuo\.duckdb: cannot be reported from"):
        issue_of(None)


def test_an_issue_frozen_before_articles_were_read_stays_readable(issue_of: MakeIssue) -> None:
    path = issue_of(read_week()).folder / ISSUE
    content = json.loads(path.read_text(encoding="utf-8"))["issue"]
    for name in ("notes", "late_notes", "articles_read"):
        del content["briefing"][name]
    briefing = decode(Issue, content).briefing
    assert (briefing.notes, briefing.late_notes, briefing.articles_read) == ((), (), 0)
