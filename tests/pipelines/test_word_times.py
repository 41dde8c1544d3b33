"""Which words stood when, and from when to when what followed from them held."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pipelines.word_times import Held, held, turns


class Said(NamedTuple):
    text: str
    since: datetime
    until: datetime | None = None


def day(number: int) -> datetime:
    return datetime(2026, 11, number)  # noqa: DTZ001 - UTC, as the base has it


def standing(*words: Said) -> list[tuple[datetime | None, str]]:
    return [(turn, "".join(word.text for word in there)) for turn, there in turns(words)]


def test_a_word_stands_from_when_it_was_said_until_it_was_withdrawn() -> None:
    assert standing(Said("a", day(3)), Said("b", day(5), day(9))) == [
        (None, ""),
        (day(3), "a"),
        (day(5), "ab"),
        (day(9), "a"),
    ]


def test_a_word_that_was_withdrawn_at_once_had_its_turn_and_stood_for_no_time() -> None:
    assert standing(Said("a", day(5), day(5)), Said("b", day(6), day(2))) == [
        (None, ""),
        (day(5), "a"),
        (day(5), ""),
        (day(6), "b"),
        (day(6), ""),
    ]
    assert held([(None, {"a": 1}), (day(5), {}), (day(5), {"a": 1})]) == {"a": Held(1, None, None)}


def test_what_nobody_spoke_of_holds_without_a_day() -> None:
    assert held([(None, {"a": 1}), (day(3), {"a": 2})]) == {"a": Held(2, None, None)}


def test_what_a_word_gave_and_another_took_held_between_the_two() -> None:
    steps = [(None, {"a": 1}), (day(3), {"b": 2}), (day(5), {})]
    assert held(steps) == {"a": Held(1, None, day(3)), "b": Held(2, day(3), day(5))}


def test_what_was_taken_away_and_given_back_holds_but_for_the_time_in_between() -> None:
    steps = [(None, {}), (day(3), {"a": 1}), (day(5), {}), (day(9), {"a": 2}), (day(10), {}), (day(12), {"a": 2})]
    assert held(steps) == {"a": Held(2, day(3), None, ((day(5), day(9)), (day(10), day(12))))}
