"""Weeks: written as ISO 8601 says, cut off on Monday at 06:00 in Shanghai."""

from __future__ import annotations

from datetime import date

import pytest

from reports.errors import WeekMalformedError, WeekNotBegunError
from reports.weeks import Week
from tests.reports.conftest import MakeIssue
from tests.reports.published import shanghai
from tests.reports.weeks_of_news import empty_week


def test_a_week_runs_from_monday_six_to_monday_six_in_shanghai() -> None:
    week = Week.parse("2026-W47")
    assert (week.monday, week.sunday) == (date(2026, 11, 16), date(2026, 11, 22))
    assert week.opens_at == shanghai("2026-11-16 06:00")
    assert week.cut_off == shanghai("2026-11-23 06:00")


def test_2026_has_a_week_53_and_2025_has_not() -> None:
    assert Week.parse("2026-W53").monday == date(2026, 12, 28)
    with pytest.raises(WeekMalformedError, match="2025 has no week 53"):
        Week.parse("2025-W53")


@pytest.mark.parametrize(
    "text",
    ["2026-47", "2026W47", "2026-W7", "2026-w47", "2026-W00", "2026-W54", " 2026-W47", "２０２６-W47", ""],
)
def test_other_writing_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(WeekMalformedError, match=r"write e\.g\. 2026-W47"):
        Week.parse(text)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-23 05:59", "2026-W46"),
        ("2026-11-23 06:00", "2026-W47"),
        ("2026-11-29 23:59", "2026-W47"),
        ("2027-01-04 06:00", "2026-W53"),
        ("2027-01-11 06:00", "2027-W01"),
    ],
)
def test_the_last_closed_week_changes_at_the_cut_off(now: str, week: str) -> None:
    assert str(Week.last_closed(shanghai(now))) == week


def test_without_a_week_the_last_closed_one_is_made(issue_of: MakeIssue) -> None:
    assert issue_of(empty_week(), week=None, now=shanghai("2026-11-25 09:00")).week == "2026-W47"


def test_a_week_in_the_future_is_refused_and_says_when_it_opens(issue_of: MakeIssue) -> None:
    with pytest.raises(WeekNotBegunError, match=r"2026-W48 .* opens on 2026-11-23 06:00"):
        issue_of(empty_week(), week="2026-W48", now=shanghai("2026-11-23 05:59"))
    assert issue_of(empty_week(), week="2026-W48", now=shanghai("2026-11-23 06:00")).draft
