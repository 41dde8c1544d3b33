"""Which issue holds which event: nothing lost to a window, nothing twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reports.errors import NoPublishedFileError, PublishedUnreadableError
from reports.freeze import ISSUE, read_issue
from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, shanghai
from tests.reports.weeks_of_news import full_week

W46_AFTER, W47_AFTER, W48_AFTER = (shanghai(f"2026-11-{day} 06:05") for day in (16, 23, 30))


def held(folder: Path) -> tuple[str, ...]:
    issue = read_issue(folder / ISSUE)
    assert issue
    return issue.held


def test_what_is_discovered_at_six_sharp_belongs_to_the_next_week(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "上海虚构早到医疗器械有限公司", "before", discovered_at=shanghai("2026-11-23 05:59:59"))
    file.arrival(2, "上海虚构晚到医疗器械有限公司", "at-six", discovered_at=shanghai("2026-11-23 06:00"))
    assert held(issue_of(file).folder) == ("before",)
    assert held(issue_of(file, "2026-W48", W48_AFTER).folder) == ("at-six",)


def test_an_event_whose_week_had_no_issue_goes_into_the_next_one_made(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "上海虚构医疗器械有限公司", "old", discovered_at=shanghai("2026-11-03 02:00"))
    assert held(issue_of(file).folder) == ("old",)


def test_an_event_loaded_late_for_a_frozen_week_goes_into_the_next_issue(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "上海虚构医疗器械有限公司", "first")
    issue_of(file)
    file.arrival(2, "上海虚构迟到医疗器械有限公司", "late-load")
    assert held(issue_of(file).folder) == ("first",)
    assert held(issue_of(file, "2026-W48", W48_AFTER).folder) == ("late-load",)


def test_an_issue_made_out_of_order_takes_only_what_no_other_holds_and_says_so(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "上海虚构医疗器械有限公司", "w46", discovered_at=shanghai("2026-11-12 02:00"))
    issue_of(file, "2026-W47", W47_AFTER)
    earlier = issue_of(file, "2026-W46", W47_AFTER)
    assert held(earlier.folder) == ()
    assert "本周获知的另外 1 件事已载于 2026-W47 期" in text_of(earlier)
    assert "One more event learned this week stands in issue 2026-W47" in text_of(earlier, "en")


def test_a_draft_says_so_is_made_anew_and_keeps_nothing_from_others(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "上海虚构甲医疗器械有限公司", "one")
    draft = issue_of(file, now=shanghai("2026-11-21 12:00"))
    assert draft.draft
    assert "草稿：本周尚未截止" in html_of(draft)
    assert "Draft: the week is not over" in text_of(draft, "en")
    file.arrival(2, "上海虚构乙医疗器械有限公司", "two")
    assert held(issue_of(file, now=shanghai("2026-11-22 12:00")).folder) == ("one", "two")
    assert held(issue_of(file, "2026-W48", W48_AFTER).folder) == ("one", "two")


def test_a_draft_becomes_the_frozen_issue_in_every_language_it_was_written_in(issue_of: MakeIssue) -> None:
    file = full_week()
    issue_of(file, now=shanghai("2026-11-22 12:00"))
    made = issue_of(file, langs=("zh",))
    assert not made.draft
    assert "Draft" not in html_of(made, "en")


def test_a_relabelled_firm_does_not_come_back_as_news(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    event = file.arrival(1, "上海虚构贸易有限公司", grade="none", sub_sector="none")
    other = file.arrival(2, "上海虚构百货有限公司", grade="peripheral")
    first = issue_of(file)
    assert first.counts["arrivals"] == 0
    assert set(held(first.folder)) == {event, other}
    for row in file.tables["firms"]:
        file.relabel(row["firm_id"], "core", "medical_devices")
    following = issue_of(file, "2026-W48", W48_AFTER)
    assert held(following.folder) == ()
    assert following.counts["arrivals"] == 0


def test_what_happened_more_than_60_days_before_it_was_learned_is_late_news(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    file.arrival(1, "上海虚构恰好医疗器械有限公司", happened_on=date(2026, 9, 21))  # 60 days before 20 November
    file.arrival(2, "上海虚构过久医疗器械有限公司", happened_on=date(2026, 9, 20))
    file.arrival(3, "上海虚构未载医疗器械有限公司", happened_on=None)
    made = issue_of(file)
    assert (made.counts["arrivals"], made.counts["late"]) == (2, 1)
    assert "上海虚构过久医疗器械有限公司" in html_of(made).split('<section id="late">')[1]


def test_counts_name_each_section(issue_of: MakeIssue) -> None:
    counts = issue_of(full_week()).counts
    assert counts == {
        "arrivals": 4,
        "expansions": 1,
        "departures": 2,
        "late": 1,
        "peripheral": 5,
        "unseen": 2,
        "held": 15,
    }


def test_without_a_published_database_it_says_what_to_run(issue_of: MakeIssue) -> None:
    with pytest.raises(NoPublishedFileError, match="run `scrapy load` first"):
        issue_of(None)


def test_a_file_that_is_no_database_is_refused_by_name(issue_of: MakeIssue, tmp_path: Path) -> None:
    (tmp_path / "putuo.duckdb").write_text("not a database", encoding="utf-8")
    with pytest.raises(PublishedUnreadableError, match=r"putuo\.duckdb: cannot be reported from"):
        issue_of(None)


def test_a_kind_this_release_does_not_know_is_refused_with_its_event_and_nothing_is_frozen(
    issue_of: MakeIssue, tmp_path: Path
) -> None:
    file = PublishedFile()
    file.event("odd", file.firm(1, "上海虚构医疗器械有限公司"), "teleported")
    with pytest.raises(PublishedUnreadableError, match="event odd: 'teleported'"):
        issue_of(file)
    assert not (tmp_path / "issues" / "2026-W47" / ISSUE).exists()
