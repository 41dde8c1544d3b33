"""What could not be seen is said; when all was seen, that is said too."""

from __future__ import annotations

import pytest

from crawler.run_folder import Outcome
from reports.coverage import is_due
from reports.weeks import Week
from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, shanghai
from tests.reports.weeks_of_news import empty_week, full_week

NIGHT = shanghai("2026-11-19 02:10")


def sight_of(html: str) -> str:
    return html.split('<section id="sight"')[1]


def test_when_all_was_seen_it_says_so_with_figures(issue_of: MakeIssue) -> None:
    made = issue_of(empty_week())
    assert "本周全部看到" in text_of(made)
    assert "1 个来源共运行 7 次，全部完整，读到 21,000 条记录；没有搁置的记录" in text_of(made)
    assert "Everything was seen this week" in text_of(made, "en")
    assert made.counts["unseen"] == 0


def test_an_empty_week_is_a_whole_page_that_names_what_was_looked_at(issue_of: MakeIssue) -> None:
    made = issue_of(empty_week())
    assert "本周核心企业没有新动向" in text_of(made)
    assert "No news of core firms this week" in text_of(made, "en")
    assert "企业登记名录 · bureau：运行 7 次，全部完整，读到 21,000 条记录。" in text_of(made)


def test_a_database_without_any_source_is_not_taken_for_a_quiet_week(issue_of: MakeIssue) -> None:
    made = issue_of(PublishedFile())
    assert "数据库里还没有一次采集" in text_of(made)
    assert "本周有 1 处没有看全" in text_of(made)


BAD = {
    Outcome.PARTIAL: "不完整 1 次",
    Outcome.EMPTY_WRONG: "不应为空却为空 1 次",
    Outcome.BLOCKED: "被拦截 1 次",
    Outcome.REFUSED_BY_ROBOTS: "被 robots.txt 拒绝 1 次",
    Outcome.FAILED: "失败 1 次",
    Outcome.CRASHED: "中断 1 次",
}


@pytest.mark.parametrize(("outcome", "words"), BAD.items())
def test_a_run_that_did_not_end_well_is_told_with_its_reason(issue_of: MakeIssue, outcome: Outcome, words: str) -> None:
    file = PublishedFile()
    file.source()
    file.run("complete", shanghai("2026-11-10 02:10"))
    file.run(outcome, NIGHT, reason="HTTP 412")
    made = issue_of(file)
    line = f"企业登记名录 · bureau：运行 1 次，其中{words}；原因：HTTP 412；上次完整看到：11月10日 02:10。"
    assert line in text_of(made)
    assert line in sight_of(html_of(made))
    assert "本周有 1 处没有看全" in text_of(made)


@pytest.mark.parametrize("outcome", [Outcome.COMPLETE, Outcome.EMPTY_ALLOWED])
def test_a_run_that_ended_well_is_no_gap(issue_of: MakeIssue, outcome: Outcome) -> None:
    file = PublishedFile()
    file.source()
    file.run(outcome, NIGHT)
    assert "本周全部看到" in text_of(issue_of(file))


def test_missed_nights_are_no_runs(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.source()
    file.run("missed", NIGHT)
    file.run("missed", shanghai("2026-11-20 02:10"))
    assert "本周没有运行；错过 2 次；从未完整看到。" in text_of(issue_of(file))


def test_a_failure_made_good_later_is_told_but_raises_no_alarm(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.source()
    file.run("missed", shanghai("2026-11-18 02:10"))
    file.run("failed", NIGHT, reason="连接超时")
    file.run("complete", shanghai("2026-11-20 02:10"))
    made = issue_of(file)
    assert "运行 2 次，其中失败 1 次；错过 1 次；此后已完整看到；原因：连接超时" in text_of(made)
    assert "处没有看全" not in text_of(made)


def test_a_source_without_a_run_is_told_with_the_last_time_it_was_seen(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.source()
    file.run("complete", shanghai("2026-11-16 05:59"))
    assert "本周没有运行；上次完整看到：11月16日 05:59。" in text_of(issue_of(file))


def test_a_source_first_seen_after_the_cut_off_is_not_missed(issue_of: MakeIssue) -> None:
    file = empty_week()
    file.source("later", "", title_zh="后来的来源", first_run_at=shanghai("2026-11-23 06:00"))
    file.run("complete", shanghai("2026-11-23 06:00"), "later", "")
    assert "后来的来源" not in text_of(issue_of(file))


def test_a_monthly_source_is_not_missed_in_a_week_in_which_it_is_not_due(issue_of: MakeIssue) -> None:
    made = issue_of(full_week())
    assert "医疗器械经营许可：按计划本周不运行；上次完整看到：11月1日 11:00。" in text_of(made)


@pytest.mark.parametrize(
    ("cadence", "due"),
    [
        ("0 2 * * *", True),
        ("0 2 * * mon", True),
        ("0 3 1 * *", False),
        ("0 3 1,18 * *", True),
        ("0 3 16 * *", False),  # Monday at 03:00 is before the week opens
        ("0 3 23 * *", True),  # and this one before it ends
        ("0 6 23 * *", False),
        ("0 3 */5 * *", True),
        ("", True),
        ("whenever", True),
    ],
)
def test_only_a_plain_day_of_the_month_excuses_a_week(cadence: str, due: bool) -> None:
    assert is_due(cadence, Week(2026, 47)) is due


def test_a_bad_row_met_every_night_counts_once(issue_of: MakeIssue) -> None:
    file = empty_week()
    nights = [row["run_id"] for row in file.tables["runs"]]
    for run_id in nights:
        file.put_aside(run_id, "code_check", 5)
        file.put_aside(run_id, "code_check", 9, name="上海虚构错码有限公司")
        file.put_aside(run_id, "missing_name", 5)
    made = issue_of(file)
    assert "搁置 2 条记录：企业登记名录 · bureau，信用代码校验位不符。" in text_of(made)
    assert "Records put aside 1: Register of enterprises · bureau, name missing." in text_of(made, "en")


def test_rows_put_aside_in_another_week_are_not_told(issue_of: MakeIssue) -> None:
    file = empty_week()
    file.put_aside(file.run("complete", shanghai("2026-11-15 02:10")), "code_check", 5)
    assert "没有搁置的记录" in text_of(issue_of(file))


def test_firms_of_unknown_place_are_counted(issue_of: MakeIssue) -> None:
    file = empty_week()
    file.firm(1, "上海虚构无址医疗器械有限公司", in_putuo="unknown")
    file.firm(2, "上海虚构后来医疗器械有限公司", in_putuo="unknown", first_known_at=shanghai("2026-11-24 02:00"))
    made = issue_of(file)
    assert "1 家生命健康企业的地址不足以判断是否在普陀" in text_of(made)
    assert "The address of one life-health firm does not tell" in text_of(made, "en")


def test_a_database_without_the_last_night_says_so(issue_of: MakeIssue) -> None:
    file = empty_week()
    file.published_at = shanghai("2026-11-22 03:00")
    made = issue_of(file)
    assert "所据数据库于11月22日 03:00发布，最后一夜采集的内容不在其中" in text_of(made)
    assert "本周有 1 处没有看全" in text_of(made)
