"""Periods: the day they begin on, as printed."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.fields.periods import first_day


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-10至2026-11-23",
        "2026年11月10日—11月23日（10个工作日）",
        "自2026.11.10起，至2026.11.23止",
        "2026/11/10-2026/11/23",
        "公示期：２０２６年 11 月 10 日",
        "2026-11-10",
    ],
)
def test_a_period_begins_on_its_first_day(text: str) -> None:
    assert first_day(text) == date(2026, 11, 10)


@pytest.mark.parametrize("text", ["", "10个工作日", "2026-11", "2026-13-40至2026-11-23", "12026-11-101", "样本" * 80])
def test_what_begins_with_no_whole_day_begins_on_none(text: str) -> None:
    assert first_day(text) is None
