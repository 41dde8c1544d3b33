"""What lists of licences and public notices prove, as readers see it in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, exhibit, shanghai
from tests.reports.weeks_of_news import empty_week

LIST = {"source": "licence_list", "series": "", "url": "https://www.example.org/licences"}
NOTICES = {"source": "notices", "series": "", "url": "https://www.example.org/notices"}
HERE, SECOND = "上海市普陀区真南路822弄18号", "上海市普陀区武宁路300号"
LICENCE = {"number": "沪普市监械经营许20260001号", "holder": "上海虚构康泰医疗器械有限公司", "status": "有效"}


@pytest.fixture
def file() -> PublishedFile:
    file = empty_week()
    file.source("licence_list", "", title_zh="许可名录", title_en="List of licences")
    file.source("notices", "", title_zh="公告栏", title_en="Notices")
    for source in ("licence_list", "notices"):
        file.good_week(source=source, series="")
    return file


def event(file: PublishedFile, kind: str, basis: str, category: str = "expansion", **said: Any) -> None:
    firm = file.firm(1, "上海虚构康泰医疗器械有限公司")
    file.event("e1", firm, kind, basis, category=category, **({"happened_on": date(2026, 11, 17)} | said))


def test_a_licence_is_told_with_its_number_and_its_list(file: PublishedFile, issue_of: MakeIssue) -> None:
    proof = [exhibit("after", LICENCE, **LIST)]
    event(file, "licence_granted", "licensed", after=LICENCE["number"], evidence=proof)
    made = issue_of(file)
    assert f"取得许可：{LICENCE['number']}" in text_of(made)
    assert "据《许可名录》（11月20日采集）所载许可；" in text_of(made)
    assert f"Licence granted: {LICENCE['number']}" in text_of(made, "en")
    assert "By a licence shown in “List of licences” (captured 20 Nov)" in text_of(made, "en")
    evidence = (made.folder / "evidence.html").read_text(encoding="utf-8")
    assert "证号 Number" in evidence
    assert "持有人 Holder" in evidence


def test_of_premises_only_what_is_new_is_told(file: PublishedFile, issue_of: MakeIssue) -> None:
    wider = f"{HERE}；{SECOND}"
    proof = [
        exhibit("before", LICENCE | {"address": HERE}, **LIST),
        exhibit("after", LICENCE | {"address": wider}, **LIST),
    ]
    event(file, "premises_added", "licensed", before=HERE, after=wider, happened_on=None, evidence=proof)
    made = issue_of(file)
    assert f"新增场所：{SECOND}" in text_of(made)
    assert f"Premises added: {SECOND}" in text_of(made, "en")
    assert "● 有变更" in (made.folder / "evidence.html").read_text(encoding="utf-8")


def test_a_licence_that_is_gone_is_no_firm_that_is_gone(file: PublishedFile, issue_of: MakeIssue) -> None:
    proof = [exhibit("before", LICENCE, **LIST), exhibit("absence", None, **LIST)]
    event(file, "licence_lapsed", "not_listed", "departure", before="有效", happened_on=None, evidence=proof)
    made = issue_of(file)
    assert f"许可失效：{LICENCE['number']}" in text_of(made)
    assert "完整名录中已无此许可" in text_of(made)
    assert "名录没有说明许可是到期、注销还是换了证号" in text_of(made)
    assert f"Licence lapsed: {LICENCE['number']}" in text_of(made, "en")
    assert "收缩 1 家" in text_of(made)
    for words in ("不再列于名录", "名录没有说明是注销还是迁出"):
        assert words not in text_of(made)


def test_a_licence_whose_status_changed_is_told_with_both(file: PublishedFile, issue_of: MakeIssue) -> None:
    proof = [exhibit("before", LICENCE, **LIST), exhibit("after", LICENCE | {"status": "注销"}, **LIST)]
    event(file, "licence_lapsed", "status_changed", "departure", before="有效", after="注销", evidence=proof)
    made = issue_of(file)
    assert f"{LICENCE['number']} · 有效 → 注销" in text_of(made)
    assert "By the licence’s status in “List of licences”" in text_of(made, "en")


def notice(title: str, **said: str) -> list[dict[str, Any]]:
    day = said.pop("day", "2026-11-18")
    record = {"title": title, "published_on": f"{day} 00:00:00", "page": "https://www.example.org/notices/1.html"}
    return [exhibit("after", record | said, published_on=day, **NOTICES)]


def test_a_contract_is_told_with_its_amount_as_readers_say_it(file: PublishedFile, issue_of: MakeIssue) -> None:
    title = "虚构医院超声设备采购项目"
    event(file, "contract_won", "disclosed", after=f"123.45万元 · {title}", evidence=notice(title, amount="1234500元"))
    made = issue_of(file)
    assert f"中标：123.45万元，“{title}”" in text_of(made)
    assert f"Contract won: CNY 1.23 million, “{title}”" in text_of(made, "en")
    assert "11月17日发生 · 11月18日发布 · 11月20日获知" in text_of(made)
    assert "据《公告栏》（11月20日采集）的公示；" in text_of(made)
    assert "https://www.example.org/notices/1.html" in html_of(made)


@pytest.mark.parametrize("kind", ["project_approved", "trial_started", "listing_step", "capital_raised"])
def test_what_else_is_disclosed_is_told_by_its_title(file: PublishedFile, issue_of: MakeIssue, kind: str) -> None:
    title = "虚构公司关于100万元 · 项目的公告"
    event(file, kind, "disclosed", after=title, evidence=notice(title))
    made = issue_of(file)
    assert f"“{title}”" in text_of(made)
    assert f"“{title}”" in text_of(made, "en")


@pytest.mark.parametrize(("day", "is_late"), [("2026-08-01", True), ("2026-11-01", False)])
def test_what_was_published_long_ago_is_late_news(
    file: PublishedFile, issue_of: MakeIssue, day: str, is_late: bool
) -> None:
    evidence = notice("招股说明书", day=day)
    event(file, "listing_step", "disclosed", after="招股说明书", happened_on=None, evidence=evidence)
    assert ("迟到的消息" in text_of(issue_of(file))) == is_late


def test_warnings_stand_in_one_short_line_of_their_source(file: PublishedFile, issue_of: MakeIssue) -> None:
    warnings = ("storage_address: 12 % filled, 90 % before", "<b>unknown</b>" + "W" * 500)
    at = shanghai("2026-11-21 02:10")
    file.run("complete", at, "licence_list", "", warnings=" | ".join(warnings))
    file.run("complete", at, "licence_list", "", warnings=warnings[0])
    made = issue_of(file)
    line = f"请维护人员留意：{warnings[0]}；另有 1 项提示。"
    assert text_of(made).count(line) == 1
    assert f"for those who look after it: {warnings[0]}; one more warning." in text_of(made, "en")
    assert "本周全部看到" in text_of(made)


# ------------------------------------------------------------------------- one document, told by two libraries

POLICY = "普陀区促进虚构医疗器械产业若干意见"


def policy(file: PublishedFile, source: str, **changes: Any) -> None:
    source_id = {"putuo_portal": "4711", "shanghai_policy": "00754711"}[source]
    about = {"source": source, "source_id": source_id, "title": POLICY} | changes
    file.article(f"a{source}", about.pop("title"), "document", **about)


def test_a_document_of_the_citys_library_is_told_once_as_the_portal_shows_it(issue_of: MakeIssue) -> None:
    file = empty_week()
    policy(file, "shanghai_policy", title=f"关于印发《{POLICY}》的通知", published_on=date(2026, 11, 17))
    policy(file, "putuo_portal")
    text = text_of(issue_of(file))
    assert (text.count(POLICY), text.count("关于印发")) == (1, 0)


def test_another_document_of_the_library_is_told_beside_it(issue_of: MakeIssue) -> None:
    file = empty_week()
    policy(file, "putuo_portal")
    policy(file, "shanghai_policy", source_id="00754712", title="另一份虚构意见")
    text = text_of(issue_of(file))
    assert (text.count(POLICY), text.count("另一份虚构意见")) == (1, 1)


def test_what_an_issue_told_from_the_library_is_not_told_again_from_the_portal(issue_of: MakeIssue) -> None:
    file = empty_week()
    policy(file, "shanghai_policy", title=f"关于印发《{POLICY}》的通知", published_on=date(2026, 11, 17))
    issue_of(file)
    policy(file, "putuo_portal", discovered_at=shanghai("2026-11-24 02:10"))
    made = issue_of(file, "2026-W48", shanghai("2026-11-30 06:05"))
    assert POLICY not in text_of(made)
