"""A sweep claims to be whole only when every record that stood in the list all the time was read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.platforms.sweep import MOST_TRIES, STRETCH, Sweep, Turn, pushed_by
from crawler.platforms.sweep_state import SweepError

SIZE = 5
FIRST_NIGHT = date(2026, 11, 2)

Change = Callable[["Site"], object]


@dataclass(slots=True)
class Site:
    """A list of rows, some pages long, that may change before any request; `asked` are the pages asked, in order."""

    rows: list[str]
    changes: dict[int, Change] = field(default_factory=dict)  # by request, counted from 1 over all nights
    asked: list[int] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    names: count[int] = field(default_factory=lambda: count(1))

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.rows) // SIZE))

    def page(self, number: int) -> tuple[list[str], int]:
        """The rows of a page, and how many pages there are, after what happens before this request."""
        self.asked.append(number)
        if change := self.changes.get(len(self.asked)):
            change(self)
        rows = self.rows[(number - 1) * SIZE : number * SIZE]
        self.shown.update(rows)
        return rows, self.pages

    @property
    def lasting(self) -> set[str]:
        """The rows that were in the list from the beginning, and are still."""
        return {row for row in self.rows if row.startswith("row")}

    def insert(self, place: int) -> None:
        self.rows.insert(place, f"new{next(self.names)}")

    def remove(self, place: int, many: int = 1) -> None:
        del self.rows[place : place + many]


def site_of(pages: int, **changes: Change) -> Site:
    """A full list of so many pages; `r7=…` is what happens before request 7."""
    rows = [f"row{at}" for at in range(pages * SIZE)]
    return Site(rows, {int(name[1:]): change for name, change in changes.items()})


def sweep_on(night: int, state: dict[str, Any], slice_pages: int = 15, *, every_days: int = 28) -> Sweep:
    """The slice of a night, counted from 0; what it remembers went through a file."""
    today = FIRST_NIGHT + timedelta(days=night)
    now = f"{today - timedelta(days=1)}T18:00:00.000000Z"  # two in the morning in Shanghai
    remembered = json.loads(json.dumps(state))
    return Sweep(remembered, now, size=SIZE, slice_pages=slice_pages, every_days=every_days, today=today)


def read_slice(site: Site, sweep: Sweep) -> Turn:
    """Reads until the slice is over."""
    turn = Turn(sweep.first_page)
    while turn.ask is not None:
        turn = sweep.take(*site.page(turn.ask))
    return turn


def sweep_nights(site: Site, slice_pages: int = 15, *, between: Sequence[Change] = (), most: int = 40) -> list[Sweep]:
    """A whole sweep, night by night, something happening before some of the nights but the first."""
    state: dict[str, Any] = {}
    happening = iter(between)
    nights: list[Sweep] = []
    while not nights or not nights[-1].state()["over"]:
        assert len(nights) < most, "the sweep does not come to its end"
        if nights and (change := next(happening, None)):
            change(site)
        sweep = sweep_on(len(nights), state, slice_pages)
        assert read_slice(site, sweep).reason == ""
        state = sweep.state()
        nights.append(sweep)
    return nights


def test_a_list_of_one_page_is_read_with_one_request() -> None:
    site = site_of(1)
    (night,) = sweep_nights(site)
    assert (night.is_whole, site.asked) == (True, [1])


def test_of_two_pages_the_first_is_looked_at_again() -> None:
    site = site_of(2)
    (night,) = sweep_nights(site)
    assert (night.is_whole, site.asked) == (True, [1, 2, 1])


def test_the_last_page_of_a_stretch_is_looked_at_before_those_between() -> None:
    site = site_of(5)
    (night,) = sweep_nights(site)
    assert (night.is_whole, site.asked) == (True, [1, 5, 2, 3, 4, 5, 1])


def test_a_slice_asks_for_no_more_pages_than_it_may_and_the_next_goes_on_where_it_ended() -> None:
    site = site_of(30)
    first = sweep_on(0, {}, 15)
    assert (read_slice(site, first), site.asked) == (Turn(), [1, 13, *range(2, 14), 1])
    assert (first.is_whole, first.state()["page"], first.label) == (False, 14, "pages 1 to 13 of 30")
    site.asked.clear()
    second = sweep_on(1, first.state(), 15)
    read_slice(site, second)
    assert (site.asked, second.id) == ([13, 25, *range(14, 26), 13], first.id)


@pytest.mark.parametrize("slice_pages", [3, 4, 5, 6, 15, 60, 1000])
def test_a_list_that_holds_still_is_whole_whatever_a_night_may_ask(slice_pages: int) -> None:
    site = site_of(21)
    nights = sweep_nights(site, slice_pages)
    assert [night.is_whole for night in nights] == [False] * (len(nights) - 1) + [True]
    assert site.shown == set(site.rows)
    assert len(site.asked) <= slice_pages * len(nights)


def test_a_long_night_verifies_stretch_by_stretch() -> None:
    site = site_of(2 * STRETCH + 20)
    (night,) = sweep_nights(site, 600)
    assert night.is_whole
    # Each looks at two pages twice, and begins where the last ended; then the top is looked at.
    assert len(site.asked) == site.pages + 3 * 3 - 1 + 1


# --- Seams within a night ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_number", "place"),
    [
        pytest.param(2, 0, id="before the early look, ahead of all"),
        pytest.param(2, 3, id="before the early look, on the first page"),
        pytest.param(5, 0, id="in the midst, ahead of all"),
        pytest.param(6, 2 * SIZE + 1, id="in the midst, just passed"),
        pytest.param(9, 3 * SIZE, id="in the midst, between first and last"),
    ],
)
def test_a_row_that_leaves_behind_the_reader_has_the_stretch_read_again(request_number: int, place: int) -> None:
    site = site_of(10, **{f"r{request_number}": lambda site: site.remove(place)})
    (night,) = sweep_nights(site, 40)
    assert night.is_whole
    assert site.asked == [1, 10, *range(2, 11), 1] * 2
    assert site.shown >= site.lasting


def test_without_room_for_it_the_stretch_is_read_again_the_next_night() -> None:
    site = site_of(10, r9=lambda site: site.remove(8))
    first, second = sweep_nights(site, 15)
    assert first.label == "the list moved while it was read: page 1 of 10 and on are to be read again"
    assert (first.is_whole, second.is_whole, second.id) == (False, True, first.id)


def test_rows_that_come_are_no_trouble() -> None:
    site = site_of(10, r4=lambda site: site.insert(0), r8=lambda site: site.insert(12), r9=lambda site: site.insert(49))
    nights = sweep_nights(site, 15)
    assert nights[-1].is_whole
    assert site.asked[:12] == [1, 10, *range(2, 11), 1]  # all of it is read once, and the page that is new thereafter
    assert len(nights) == 2


def test_a_row_that_comes_ahead_hides_none_that_left_between_the_looks() -> None:
    def exchange(site: Site) -> None:
        site.remove(14)
        site.insert(0)

    site = site_of(10, r9=exchange)
    (night,) = sweep_nights(site, 40)
    assert night.is_whole
    assert len(site.asked) == 24


def test_what_the_looks_cannot_tell_is_one_row_for_another_on_the_same_side_within_a_stretch() -> None:
    def exchange(site: Site) -> None:
        site.insert(7)

    # Row 25 is pulled up past the reader, who stands there just then, and what pushes it back comes thereafter.
    site = site_of(10, r7=lambda site: site.remove(8), r8=exchange)
    (night,) = sweep_nights(site, 40)
    assert site.lasting - site.shown == {"row25"}
    assert night.is_whole


def test_a_list_that_never_holds_still_is_read_to_its_end_and_proves_nothing() -> None:
    site = site_of(10, **{f"r{at}": lambda site: site.remove(0) for at in range(3, 30)})
    (night,) = sweep_nights(site, 60)
    assert not night.is_whole
    assert len(site.asked) < 12 * MOST_TRIES + 12


def test_a_list_that_ends_earlier_than_it_said_is_read_again() -> None:
    site = site_of(10, r6=lambda site: site.remove(0, 3 * SIZE))
    (night,) = sweep_nights(site, 60)
    assert night.is_whole
    assert site.shown >= site.lasting


def test_a_list_whose_last_page_goes_after_all_was_read_has_not_ended_where_it_did_not() -> None:
    # At page 5 there were 6; what stood on the sixth is pulled onto the fifth before the first is looked at again.
    site = site_of(6, r7=lambda site: site.remove(2 * SIZE, SIZE))
    nights = sweep_nights(site, 7)
    assert nights[-1].is_whole
    assert site.shown >= site.lasting


# --- Seams between nights ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda site: site.insert(0), id="one came"),
        pytest.param(lambda site: site.remove(0), id="one left"),
        pytest.param(lambda site: site.remove(20, SIZE - 1), id="nearly a page left"),
        pytest.param(lambda site: [site.insert(0) for _ in range(6 * SIZE)], id="six pages came"),
        pytest.param(lambda site: site.remove(13 * SIZE - 3, 6), id="just those at the seam left"),
    ],
)
def test_a_slice_joins_the_last_one_whatever_happened_by_day(change: Change) -> None:
    site = site_of(25)
    nights = sweep_nights(site, 15, between=[change])
    assert nights[-1].is_whole
    assert site.shown >= site.lasting
    assert len(nights) <= 4


def test_a_slice_that_does_not_join_is_begun_further_ahead() -> None:
    site = site_of(25)
    nights = sweep_nights(site, 15, between=[lambda site: site.remove(SIZE, 4 * SIZE)])
    assert [night.state()["tries"] for night in nights] == [0, 1, 0, 0]
    assert nights[-1].is_whole
    assert site.shown >= site.lasting


@pytest.mark.parametrize("many", [1, 3 * SIZE])
def test_rows_that_were_put_to_the_top_by_day_are_read_there_before_the_sweep_is_whole(many: int) -> None:
    def renew(site: Site) -> None:
        for _ in range(many):
            site.rows.insert(0, site.rows.pop())

    site = site_of(25)
    nights = sweep_nights(site, 15, between=[renew])
    assert nights[-1].is_whole
    assert site.shown >= site.lasting
    assert site.asked[-1] == 1


def test_a_top_of_which_all_rows_are_gone_proves_nothing() -> None:
    site = site_of(25)
    nights = sweep_nights(site, 15, between=[lambda site: site.remove(0, SIZE)])
    assert not nights[-1].is_whole
    assert site.asked[-MOST_TRIES * 13 :].count(1) >= MOST_TRIES


def test_a_slice_that_never_joins_goes_on_and_the_sweep_proves_nothing() -> None:
    site = site_of(60)
    nights = sweep_nights(site, 15, between=[lambda site: None, lambda site: site.remove(0, 20 * SIZE)])
    assert not nights[-1].is_whole
    assert [night.state()["tries"] for night in nights[:6]] == [0, 0, 1, 2, 3, 3]
    assert nights[-1].state()["page"] == 41


def test_a_list_that_ends_where_the_last_slice_did_proves_nothing_unless_it_joins() -> None:
    site = site_of(26)
    nights = sweep_nights(site, 15, between=[lambda site: site.remove(0, 13 * SIZE)])
    assert not nights[-1].is_whole
    assert nights[-1].label == "read to the end, page 13: what it does not show proves nothing"


def test_a_slice_too_short_to_look_further_back_proves_nothing_where_it_does_not_join() -> None:
    site = site_of(6)
    nights = sweep_nights(site, 3, between=[lambda site: site.remove(0, 2 * SIZE)])
    assert not nights[-1].is_whole


def test_a_slice_that_was_cut_short_is_read_again_from_where_it_was_verified() -> None:
    site = site_of(30)
    first = sweep_on(0, {})
    read_slice(site, first)
    second = sweep_on(1, first.state())
    second.take(*site.page(13))
    second.take(*site.page(25))
    turn = second.take(site.page(14)[0][:1], 30)
    assert turn == Turn(reason="page 14 of 30 holds 1 records where 5 are shown; we are asked to slow down")
    state = second.state()
    assert (state["page"], state["tries"], state["whole"]) == (14, 1, True)
    third = sweep_on(2, state)
    assert third.first_page == 13
    read_slice(site, third)
    assert third.state()["tries"] == 0


def test_of_a_long_slice_that_was_cut_short_what_was_verified_stays() -> None:
    site = site_of(2 * STRETCH)
    sweep = sweep_on(0, {}, 600)
    turn = Turn(sweep.first_page)
    while turn.ask is not None and turn.ask != STRETCH + 7:
        turn = sweep.take(*site.page(turn.ask))
    assert (sweep.state()["page"], sweep.state()["tries"]) == (STRETCH + 1, 1)
    following = sweep_on(1, sweep.state(), 600)
    assert following.first_page == STRETCH
    read_slice(site, following)
    assert following.is_whole


def test_a_host_that_cuts_every_night_short_is_read_page_by_page_and_proves_nothing() -> None:
    state: dict[str, Any] = {}
    reached = []
    for night in range(MOST_TRIES + 3):
        sweep = sweep_on(night, state)
        for number in (sweep.first_page, *range(sweep.first_page + 1, sweep.first_page + 3)):
            sweep.take([f"row{number}.{at}" for at in range(SIZE)], 30)
        sweep.take(["row"], 30)
        state = sweep.state()
        reached.append(state["page"])
    assert reached == [1, 1, 1, 4, 7, 10]
    assert not state["whole"]


def test_what_came_after_a_slice_was_proved_to_prove_nothing_is_read_once() -> None:
    site = site_of(9)
    sweep = sweep_on(0, {}, 60)
    turn = sweep.take(*site.page(1))
    sweep.prove_nothing()
    while turn.ask is not None:
        turn = sweep.take(*site.page(turn.ask))
    assert (sweep.state()["over"], sweep.is_whole) == (True, False)
    assert site.asked == [1, 9, *range(2, 10)]


def test_a_sweep_that_was_proved_to_prove_nothing_at_its_end_needs_no_look_at_the_top() -> None:
    site = site_of(2 * STRETCH)
    sweep = sweep_on(0, {}, 600)
    turn = Turn(sweep.first_page)
    while turn.ask is not None and not sweep.state()["ended"]:
        turn = sweep.take(*site.page(turn.ask))
    assert turn == Turn(ask=1)
    sweep.prove_nothing()
    assert (sweep.take(*site.page(1)), sweep.state()["over"], sweep.is_whole) == (Turn(), True, False)


def test_without_room_for_it_the_top_is_looked_at_the_next_night() -> None:
    site = site_of(25)
    nights = sweep_nights(site, 15)
    assert [night.label for night in nights] == [
        "pages 1 to 13 of 25",
        "read to page 25, the last; what came to the top meanwhile is still to be looked at",
        "read to the end, page 25: whole",
    ]
    assert site.asked[30:] == [1]


# --- Replies that are none of such a list --------------------------------------------------------------------------


def test_a_site_that_shows_one_page_for_ever_is_told() -> None:
    sweep = sweep_on(0, {})
    page = [f"row{at}" for at in range(SIZE)]
    turn = Turn(sweep.first_page)
    asked = []
    while turn.ask is not None:
        asked.append(turn.ask)
        turn = sweep.take(page, 3890)
    assert turn.reason == "page 2 shows what pages before it showed: it pages in a circle"
    assert asked == [1, 13, 2]


@pytest.mark.parametrize("pages", [None, 0])
def test_a_reply_that_does_not_say_how_many_pages_there_are_is_told(pages: int | None) -> None:
    assert sweep_on(0, {}).take(["a"] * SIZE, pages).reason == "page 1 does not say how many pages there are"


def test_a_list_that_says_it_is_half_as_long_as_it_was_is_not_believed_at_once() -> None:
    site = site_of(30)
    state: dict[str, Any] = {}
    reasons = []
    for night in range(MOST_TRIES + 2):
        sweep = sweep_on(night, state)
        reasons.append(read_slice(site, sweep).reason)
        state = sweep.state()
        site.rows = site.rows[: 5 * SIZE]
    assert reasons[:2] == ["", "page 13 says there are 5 pages, where there were 30"]
    assert [bool(reason) for reason in reasons] == [False, *[True] * MOST_TRIES, False]
    assert (state["over"], state["whole"], state["pages"]) == (True, False, 5)


def test_the_next_sweep_remembers_how_long_the_list_was() -> None:
    (night,) = sweep_nights(site_of(8))
    turn = sweep_on(28, night.state()).take([f"row{at}" for at in range(SIZE)], 1)
    assert turn.reason == "page 1 says there are 1 pages, where there were 8"


def test_a_list_of_one_record_is_none() -> None:
    turn = sweep_on(0, {}).take(["row"], 1)
    assert turn.reason == "page 1 of 1 holds 1 records where 5 are shown; we are asked to slow down"


def test_a_page_without_records_is_told() -> None:
    assert sweep_on(0, {}).take([], 7).reason == "page 1 of 7 came without records"


# --- From sweep to sweep -------------------------------------------------------------------------------------------


def test_a_sweep_that_is_over_rests_until_the_next_is_due() -> None:
    (night,) = sweep_nights(site_of(3))
    resting = sweep_on(27, night.state())
    assert (resting.rests, resting.due_on, resting.state()) == (True, date(2026, 11, 30), night.state())
    due = sweep_on(28, night.state())
    assert (due.rests, due.first_page, due.id == night.id) == (False, 1, False)


def test_a_sweep_that_takes_too_long_is_given_up() -> None:
    first = sweep_on(0, {}, 15)
    read_slice(site_of(60), first)
    assert sweep_on(55, first.state()).id == first.id
    begun_anew = sweep_on(56, first.state())
    assert (begun_anew.first_page, begun_anew.id == first.id) == (1, False)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"page": "4"}, "page"),
        ({"last": [1]}, "last"),
        ({"whole": None, "over": 1}, "whole, over"),
        ({"sweep": "last month"}, "sweep is 'last month'"),
        ({"page": 0}, "it counts below nothing"),
    ],
)
def test_a_memory_that_cannot_be_read_is_told(wrong: dict[str, Any], reason: str) -> None:
    state = sweep_on(0, {}).state() | wrong
    with pytest.raises(SweepError, match=f"^what the last run remembered cannot be read: {reason}$"):
        sweep_on(1, state)


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        ("abcde", "abcde", 0),
        ("abcde", "xabcd", 1),
        ("abcde", "abxcd", 1),
        ("abcde", "vwxya", 4),
        ("abcde", "vwxyz", None),  # by a page or more, or away
        ("abcde", "bcdef", None),  # one left ahead
        ("abcde", "abdef", None),  # one left of it
        ("abcde", "abcdf", None),  # the last one left, or one came just before it
        ("abcde", "xbcde", None),
        ("abcde", "abc", None),
        ("abc", "abcx", 0),  # a last page that grew
        ("abc", "xabcy", 1),
        ("abcde", "bacde", None),  # another order
    ],
)
def test_what_a_page_shows_now_tells_whether_it_lost_a_row(before: str, after: str, by: int | None) -> None:
    assert pushed_by(tuple(before), list(after)) == by


# --- All of it together --------------------------------------------------------------------------------------------

# A night sees rows only leave, or only come; between two nights anything may happen, also that some are put to the top,
# though not those that stood there already.
by_night = st.tuples(
    st.sampled_from(["come", "leave"]),
    st.lists(st.tuples(st.integers(2, 20), st.integers(0, 80), st.integers(1, 6)), min_size=1, max_size=3),
)
by_day = st.lists(
    st.tuples(st.sampled_from(["come", "leave", "renew"]), st.integers(0, 90), st.integers(1, 12)), max_size=4
)


@settings(max_examples=500)
@given(
    st.one_of(st.integers(12, 20), st.integers(60, 100)),
    st.sampled_from([3, 4, 8, 15, 24]),
    st.lists(st.tuples(by_night, by_day), min_size=1, max_size=6),
)
def test_what_is_claimed_whole_holds_every_row_that_was_there_all_the_time(
    rows: int,
    slice_pages: int,
    nights: list[tuple[tuple[str, list[tuple[int, int, int]]], list[tuple[str, int, int]]]],
) -> None:
    site = Site([f"row{at}" for at in range(rows)])
    lasting, state, whole = set(site.rows), dict[str, Any](), False

    def happen(what: str, place: int, many: int) -> None:
        place = min(place, len(site.rows))
        if what == "renew":
            renewed = [row for row in site.rows[place : place + many] if row not in state.get("head", ())]
            site.rows = renewed + [row for row in site.rows if row not in renewed]
        elif what == "come":
            for _ in range(many):
                site.insert(place)
        elif len(site.rows) > many:  # the list itself does not go
            lasting.difference_update(site.rows[place : place + many])
            site.remove(place, many)

    for night in range(40):
        (what, changes), days = nights[night] if night < len(nights) else (("come", []), [])
        asked = len(site.asked)
        site.changes = {
            asked + at: lambda _, change=(what, place, many): happen(*change)  # type: ignore[misc]
            for at, place, many in changes
        }
        sweep = sweep_on(night, state, slice_pages)
        turn = read_slice(site, sweep)
        assert len(site.asked) - asked <= slice_pages
        state, whole = sweep.state(), sweep.is_whole
        if state["over"]:
            break
        for day in days:
            happen(*day)
        assert turn.ask is None
    else:
        pytest.fail("the sweep does not come to its end")
    if whole:
        assert lasting <= site.shown


@given(
    st.lists(st.tuples(st.lists(st.sampled_from("abcdefgh"), max_size=6), st.sampled_from([None, 0, 1, 2, 5]))),
    st.integers(3, 9),
)
def test_whatever_comes_a_slice_ends_and_can_be_gone_on_with(
    pages: Iterable[tuple[list[str], int | None]], slice_pages: int
) -> None:
    sweep = sweep_on(0, {}, slice_pages)
    turns = 0
    for keys, said in pages:
        if sweep.take(keys, said).ask is None:
            break
        turns += 1
    assert turns < slice_pages
    assert sweep_on(1, sweep.state()).first_page >= 1
