"""How far back a run reads, what it takes for new, and what it leaves to the next."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.platforms.window import Window, WindowError

TODAY = date(2026, 11, 20)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def after(*read: tuple[str, date | None, str], today: date = TODAY) -> dict[str, Any]:
    """The state a run leaves that read these records, as it comes back from a file."""
    window = Window({}, today)
    for article_id, published_on, record_hash in read:
        window.remember(article_id, published_on, record_hash)
    state: dict[str, Any] = json.loads(json.dumps(window.state()))
    return state


def test_the_first_window_is_long() -> None:
    assert Window({}, TODAY).since == days_ago(120)
    assert Window({}, TODAY, first_days=30).since == days_ago(30)


def test_the_next_overlaps_the_newest_day_read_for_records_that_come_after_their_date() -> None:
    state = after(("a", days_ago(3), "1"), ("b", days_ago(9), "1"))
    assert Window(state, TODAY).since == days_ago(10)
    assert Window(state, TODAY, overlap_days=30).since == days_ago(33)


def test_it_stays_open_for_what_is_still_to_be_read() -> None:
    window = Window(after(("a", days_ago(3), "1")), TODAY)
    window.remember("b", days_ago(0), "1")
    window.keep_open(window.since)
    again = Window(json.loads(json.dumps(window.state())), TODAY)
    assert again.since == window.since
    assert not again.is_new("b", "1")
    window.keep_open(days_ago(0))
    assert Window(window.state(), TODAY).since == window.since, "it is never shut by that"


def test_it_opens_at_the_newest_day_read_however_long_ago_that_was() -> None:
    assert Window(after(("a", days_ago(3), "1")), TODAY + timedelta(days=50)).since == days_ago(10)


def test_what_was_read_is_not_new_until_it_says_something_else() -> None:
    window = Window(after(("a", days_ago(3), "1")), TODAY)
    assert not window.is_new("a", "1")
    assert window.is_new("a", "2")
    assert window.is_new("b", "1")


def test_what_was_read_in_this_run_is_not_new_either() -> None:
    window = Window({}, TODAY)
    window.remember("a", TODAY, "1")
    assert not window.is_new("a", "1")


def test_what_was_read_is_remembered_for_as_long_as_the_window_shows_it() -> None:
    state = after(("old", days_ago(8), "1"), ("edge", days_ago(7), "1"), ("new", TODAY, "1"))
    assert set(state["seen"]) == {"edge", "new"}


def test_what_is_no_longer_listed_is_still_remembered_while_the_window_would_show_it() -> None:
    window = Window(after(("a", TODAY, "1"), ("b", days_ago(2), "1")), TODAY)
    window.is_new("a", "1")
    assert set(window.state()["seen"]) == {"a", "b"}


def test_a_record_without_a_day_is_remembered_while_it_is_listed() -> None:
    state = after(("a", None, "1"), ("b", TODAY, "1"))
    assert state["seen"]["a"] == ["", "1"]
    listed, gone = Window(state, TODAY), Window(state, TODAY)
    assert not listed.is_new("a", "1")
    assert "a" in listed.state()["seen"]
    assert "a" not in gone.state()["seen"]


def test_a_day_to_come_does_not_shut_the_window() -> None:
    state = after(("typing mistake", date(2062, 1, 1), "1"), ("a", TODAY, "1"))
    assert state["newest"] == "2026-11-20"
    window = Window(state, TODAY)
    assert window.since == days_ago(7)
    assert not window.is_new("typing mistake", "1")


def test_a_clock_set_back_does_not_shut_the_window() -> None:
    assert Window(after(("a", TODAY, "1")), days_ago(30)).since == days_ago(37)


def test_nothing_read_leaves_the_next_run_where_this_one_began() -> None:
    assert Window(after(), TODAY).since == days_ago(120)
    state = after(("a", days_ago(3), "1"))
    assert Window(state, TODAY).state() == state


def test_an_opening_by_hand_is_taken_as_it_is() -> None:
    state = after(("a", days_ago(3), "1"))
    assert Window(state, TODAY, since=days_ago(90)).since == days_ago(90)


def test_reading_further_back_by_hand_is_remembered() -> None:
    window = Window(after(("a", days_ago(3), "1")), TODAY, since=days_ago(90))
    window.remember("b", TODAY, "1")
    assert window.state()["newest"] == "2026-11-20"


def test_reading_less_far_back_by_hand_leaves_what_lies_between_to_be_read() -> None:
    state = after(("a", days_ago(30), "1"))
    window = Window(state, TODAY, since=days_ago(2))
    window.remember("b", TODAY, "1")
    assert window.state() == state


def test_without_a_past_the_hand_says_where_the_watch_begins() -> None:
    window = Window({}, TODAY, since=days_ago(2))
    window.remember("b", TODAY, "1")
    assert window.state()["newest"] == "2026-11-20"


KNOWN = [(f"id{number}", days_ago(number), "1") for number in range(3)]


def test_runs_that_do_not_meet_are_told() -> None:
    window = Window(after(*KNOWN), TODAY)
    window.is_new("other", "1")
    assert window.gap() == "none of the 3 records that the last complete run knew since 2026-11-13 is there any more"


@pytest.mark.parametrize("record_hash", ["1", "changed"])
def test_one_known_record_joins_two_runs(record_hash: str) -> None:
    window = Window(after(*KNOWN), TODAY)
    window.is_new("id2", record_hash)
    assert window.gap() == ""


def test_few_records_may_all_be_taken_down() -> None:
    assert Window(after(*KNOWN[:2]), TODAY).gap() == ""


def test_an_opening_by_hand_need_not_meet_what_was_read() -> None:
    assert Window(after(*KNOWN), TODAY, since=days_ago(90)).gap() == ""


@pytest.mark.parametrize(
    "state",
    [
        {"newest": "2026-11-20"},
        {"newest": "20.11.2026", "seen": {}},
        {"newest": "", "seen": []},
        {"newest": "", "seen": {"a": "1"}},
        {"newest": "", "seen": {"a": ["yesterday", "1"]}},
        {"newest": 5, "seen": {}},
    ],
)
def test_a_state_that_is_not_ours_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(WindowError, match="what the last run remembered cannot be read"):
        Window(state, TODAY)


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 1)), max_size=6), min_size=1, max_size=6),
)
def test_over_many_nights_each_record_is_read_once_unless_it_changes(nights: list[list[tuple[int, int]]]) -> None:
    """Each night some records appear, dated up to a week back; none is missed and none is read twice."""
    state: dict[str, Any] = {}
    listed: dict[str, date] = {}
    read: list[str] = []
    for night, appearing in enumerate(nights):
        today = TODAY + timedelta(days=night)
        # The day's own record: the newest day read is then never older than the night before.
        listed[f"daily{night}"] = today
        listed |= {f"{night}/{at}/{twin}": today - timedelta(days=late) for at, (late, twin) in enumerate(appearing)}
        window = Window(state, today, overlap_days=8)
        for article_id, day in listed.items():
            if day >= window.since and window.is_new(article_id, "1"):
                read.append(article_id)
                window.remember(article_id, day, "1")
        assert window.gap() == ""
        state = json.loads(json.dumps(window.state()))
    assert sorted(read) == sorted(listed)
