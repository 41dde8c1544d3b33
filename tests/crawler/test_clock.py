"""The one source of "now", and how a person sets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import clock
from crawler.clock import ClockError, parse_instant, read_stamp, stamp

SIX = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "text", ["2026-11-16T02:00+08:00", "2026-11-15T18:00Z", "2026-11-15 18:00:00.000+00:00", "20261116T020000+0800"]
)
def test_an_instant_needs_an_offset(text: str) -> None:
    assert parse_instant(text) == SIX


def test_a_bare_day_is_its_midnight_in_shanghai() -> None:
    assert parse_instant("2026-11-16") == datetime(2026, 11, 15, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-16T02:00", "2026-11-16 02:00:00"])
def test_a_time_without_an_offset_is_refused_and_told_how_to_write_it(text: str) -> None:
    with pytest.raises(ClockError) as refused:
        parse_instant(text)
    assert f"has no offset; write e.g. {text}+08:00" in str(refused.value)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-31", "2026-13-01T00:00Z", "1790000000", "16.11.2026"])
def test_anything_else_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ClockError, match="is not an ISO 8601 time") as refused:
        parse_instant(text)
    assert repr(text) in str(refused.value)


def test_a_clock_that_was_set_ticks_on_and_can_be_handed_on() -> None:
    clock.start_at(SIX)
    assert SIX <= clock.now() < SIX + SECOND
    word, text = clock.as_argument()
    assert word == "--now"
    assert SIX <= parse_instant(text) < SIX + SECOND


def test_a_clock_that_was_not_set_shows_the_real_time() -> None:
    clock.start_at(SIX)
    clock.start_at(None)
    assert abs(clock.now() - datetime.now(UTC)) < SECOND
    assert clock.as_argument() == []


instants = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.timezones())  # noqa: DTZ001


@given(instants, instants)
def test_the_order_of_stamps_is_the_order_of_time(one: datetime, other: datetime) -> None:
    assert read_stamp(stamp(one)) == one.astimezone(UTC)
    assert (stamp(one) < stamp(other)) is (one.astimezone(UTC) < other.astimezone(UTC))
