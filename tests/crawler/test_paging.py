"""The end of a paged list is believed only when it is proved, however the list misbehaves meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.platforms.paging import RESTARTS, Entry, ListPage, Paging, Step

SIZE = 5
FIRST = date(2026, 11, 20)
CAP = 40

Server = Callable[[int], ListPage]


def entries(count: int, *, a_day: int = 2) -> list[Entry]:
    """A list of `count` records, newest first."""
    return [Entry(f"id{count - at}", FIRST - timedelta(days=at // a_day)) for at in range(count)]


def page_of(listed: list[Entry], number: int) -> ListPage:
    """A page as the portal sends it: one past the end has no records and zero counters."""
    shown = tuple(listed[(number - 1) * SIZE : number * SIZE])
    total = len(listed) if shown else 0
    return ListPage(number=number, pages=-(-total // SIZE), total=total, entries=shown)


def day(position: int) -> date:
    """The day of the record at a position of `entries`."""
    return FIRST - timedelta(days=position // 2)


def read(
    server: Server, *, since: date | None = None, cap: int | None = None, most_pages: int = 60
) -> tuple[Step, set[str], list[int]]:
    """Pages through a server to the end: the last step, the records believed, the pages asked."""
    paging = Paging(size=SIZE, since=since, cap=cap, most_pages=most_pages)
    step, believed, asked = Step(True, ask=1), set[str](), list[int]()
    while step.ask is not None:
        asked.append(step.ask)
        assert len(asked) <= (most_pages + 1) * (RESTARTS + 1)
        page = server(step.ask)
        step = paging.take(page)
        if step.believed:
            believed |= {entry.key for entry in page.entries}
    return step, believed, asked


def honest(listed: list[Entry]) -> Server:
    return lambda number: page_of(listed, number)


def keys(listed: list[Entry]) -> set[str]:
    return {entry.key for entry in listed}


def test_a_list_of_one_page_is_read_with_one_request() -> None:
    assert read(honest(entries(4))) == (Step(True), keys(entries(4)), [1])


def test_a_longer_list_is_read_to_its_end_and_its_first_page_once_more() -> None:
    assert read(honest(entries(12))) == (Step(True), keys(entries(12)), [1, 2, 3, 1])


def test_no_page_past_the_end_is_asked() -> None:
    assert read(honest(entries(10)))[2] == [1, 2, 1]


def test_reading_ends_where_older_records_begin() -> None:
    step, believed, asked = read(honest(entries(100)), since=day(7))
    assert (step, asked) == (Step(True), [1, 2, 1])
    assert believed == keys(entries(100)[:10])


def test_records_of_the_opening_day_itself_are_wanted() -> None:
    step, believed, asked = read(honest(entries(100)), since=day(9))
    assert (step, asked) == (Step(True), [1, 2, 3, 1])  # page 2 ends with that day, and page 3 may go on with it
    assert believed == keys(entries(100)[:15])


@pytest.mark.parametrize("number", [0, 1])
def test_an_empty_list_is_told_as_empty(number: int) -> None:
    paging = Paging(size=SIZE, since=None)
    assert paging.take(page_of([], number)) == Step(True)
    assert paging.empty


def test_a_list_that_held_records_a_moment_ago_is_not_empty() -> None:
    server = Shifting(entries(12), {2: list.clear})
    step, believed, asked = read(server)
    assert step.reason == "it held records, and came empty when it was read again"
    assert (len(believed), asked) == (SIZE, [1, 2, 1])


def test_a_list_that_says_it_holds_some_and_shows_none_is_not_empty() -> None:
    paging = Paging(size=SIZE, since=None)
    step = paging.take(ListPage(number=1, pages=2, total=7, entries=()))
    assert step == Step(False, reason="it says it holds 7 records, and shows none")
    assert not paging.empty


@pytest.mark.parametrize("wrong_from", [1, 2, 3])
def test_a_page_that_was_not_asked_is_not_believed(wrong_from: int) -> None:
    def server(number: int) -> ListPage:
        return page_of(entries(20), number if number < wrong_from else number + 1)

    step, believed, asked = read(server)
    assert step == Step(False, reason=f"page {wrong_from} was asked, page {wrong_from + 1} came")
    assert len(believed) == (wrong_from - 1) * SIZE
    assert asked == list(range(1, wrong_from + 1))


def test_the_same_page_for_ever_is_a_circle_and_ends_at_once() -> None:
    step, believed, asked = read(lambda number: replace(page_of(entries(20), 1), number=number))
    assert step.reason == "page 2 shows what pages before it showed: it pages in a circle"
    assert (len(believed), asked) == (SIZE, [1, 2])


def test_a_short_page_before_the_last_is_told() -> None:
    def throttled(number: int) -> ListPage:
        page = page_of(entries(20), number)
        return replace(page, entries=page.entries[:1]) if number == 2 else page

    step, believed, _ = read(throttled)
    assert step.reason == "page 2 of 4 holds 1 records where 5 were asked"
    assert len(believed) == SIZE + 1


def test_a_last_page_that_is_short_of_the_total_is_told() -> None:
    def server(number: int) -> ListPage:
        page = page_of(entries(12), number)
        return replace(page, entries=page.entries[:1]) if number == 3 else page

    assert read(server)[0].reason == "it says it holds 12 records, its pages hold 11"


def test_a_total_at_the_cap_says_nothing_of_the_end() -> None:
    capped = [replace(page_of(entries(CAP), n), total=CAP) for n in range(1, 9)]
    step, _, asked = read(lambda number: capped[number - 1], cap=CAP)
    assert step.reason == f"its total is capped at {CAP}, so where it ends cannot be verified"
    assert asked == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_total_at_the_cap_matters_not_where_older_records_were_reached() -> None:
    assert read(honest(entries(CAP)), since=day(7), cap=CAP)[0] == Step(True)


def test_too_long_a_list_is_told() -> None:
    step, _, asked = read(honest(entries(100)), since=date(2020, 1, 1), most_pages=4)
    assert step.reason == "4 pages were read of 20, and nothing before 2020-01-01 was reached"
    assert asked == [1, 2, 3, 4]


@pytest.mark.parametrize("since", [day(7), FIRST + timedelta(days=1)])
def test_old_records_end_nothing_where_days_rise(since: date) -> None:
    ascending = entries(100)[::-1]
    step, _, _ = read(honest(ascending), since=since, most_pages=4)
    assert step.reason == "4 pages were read of 20, and it is not in order of date"


def test_an_old_record_pinned_to_the_top_does_not_end_the_reading() -> None:
    listed = [Entry("pinned", date(2010, 1, 1)), *entries(11)]
    step, believed, _ = read(honest(listed), since=day(3))
    assert (step, believed) == (Step(True), keys(listed))  # read to its real end instead


def test_a_first_page_of_one_old_day_proves_no_order() -> None:
    one_day = [Entry(f"old{at}", date(2010, 1, 1)) for at in range(SIZE)]
    listed = [*one_day, *entries(20)]
    step, believed, _ = read(honest(listed), since=day(3))
    assert (step, believed) == (Step(True), keys(listed))


def test_records_without_a_day_neither_end_nor_trouble_the_order() -> None:
    listed = [replace(entry, day=None) if at % 3 == 0 else entry for at, entry in enumerate(entries(100))]
    step, believed, asked = read(honest(listed), since=day(7))
    assert (step, asked) == (Step(True), [1, 2, 1])
    assert len(believed) == 10


class Shifting:
    """A list that changes before given requests (counted from 1)."""

    def __init__(self, listed: list[Entry], changes: dict[int, Callable[[list[Entry]], object]]) -> None:
        self.listed, self.changes, self.asked = listed, changes, 0

    def __call__(self, number: int) -> ListPage:
        self.asked += 1
        if self.asked in self.changes:
            self.changes[self.asked](self.listed)
        return page_of(self.listed, number)


def publish(listed: list[Entry]) -> None:
    listed.insert(0, Entry(f"new{len(listed)}", FIRST))


def withdraw(position: int) -> Callable[[list[Entry]], object]:
    return lambda listed: listed.pop(position)


def test_a_list_that_grew_while_it_was_paged_is_listed_again() -> None:
    server = Shifting(entries(12), {2: publish})
    step, believed, asked = read(server)
    assert (step, asked) == (Step(True), [1, 2, 1, 2, 3, 1])
    assert believed == keys(server.listed)


def test_a_list_that_shrank_while_it_was_paged_is_listed_again() -> None:
    server = Shifting(entries(12), {2: withdraw(0)})
    step, believed, asked = read(server)
    assert (step, asked) == (Step(True), [1, 2, 1, 2, 3, 1])
    assert believed >= keys(server.listed)


def test_a_list_that_shrank_below_the_page_asked_is_listed_again() -> None:
    server = Shifting(entries(6), {2: withdraw(0)})
    assert read(server)[::2] == (Step(True), [1, 2, 1])


def test_the_first_page_read_again_shows_what_the_totals_hide() -> None:
    def swap(listed: list[Entry]) -> None:
        listed.pop(2)
        listed.insert(9, Entry("backdated", listed[8].day))

    server = Shifting(entries(12), {2: swap})
    step, believed, asked = read(server)
    assert (step, asked) == (Step(True), [1, 2, 3, 1, 1, 2, 3, 1])
    assert believed >= keys(server.listed)


def test_a_list_that_never_holds_still_is_told_so() -> None:
    server = Shifting(entries(12), dict.fromkeys(range(1, 99), publish))
    step, believed, asked = read(server)
    assert step.reason == "it changed while it was paged, 3 times over: its total went from 17 to 18"
    assert asked == [1, 2] * (RESTARTS + 1)
    assert "id12" in believed


def test_rows_that_say_the_same_are_no_shift_where_a_row_has_no_other_key() -> None:
    listed = entries(4)
    paging = Paging(size=SIZE, since=None, rows_may_repeat=True)
    assert paging.take(page_of([*listed, listed[0]], 1)) == Step(True)


def test_a_list_that_says_nothing_of_its_length_ends_with_a_page_that_is_not_full() -> None:
    pages = [replace(page_of(entries(7), number), number=None, pages=None, total=None) for number in (1, 2)]
    paging = Paging(size=SIZE, since=None)
    assert [paging.take(pages[0]).ask, paging.take(pages[1]).ask, paging.take(pages[0])] == [2, 1, Step(True)]


def test_one_that_goes_back_for_years_must_reach_the_window() -> None:
    page = replace(page_of(entries(3), 1), number=None, pages=None, total=None)
    step = Paging(size=SIZE, since=day(99), goes_back=True).take(page)
    assert step.reason == f"it ends on page 1, before {day(99)} was reached"
    assert not step.is_cut


def test_only_a_bound_of_ours_is_a_cut() -> None:
    step, *_ = read(honest(entries(40)), since=day(99), most_pages=3)
    assert step.is_cut
    assert not read(honest(entries(12)), cap=12)[0].is_cut


def test_a_record_twice_on_one_page_is_no_page_of_a_list() -> None:
    listed = entries(4)
    step, _, asked = read(honest([*listed, listed[0]]))
    assert step.reason == "it changed while it was paged, 3 times over: page 1 holds records a second time"
    assert asked == [1, 1, 1]


@st.composite
def changes(draw: st.DrawFn) -> dict[int, list[int]]:
    """Before some requests, some happenings: -1 publishes on top, another number withdraws at that place."""
    happening = st.integers(-1, 30)
    return draw(st.dictionaries(st.integers(1, 12), st.lists(happening, min_size=1, max_size=3), max_size=5))


@given(st.integers(1, 40), changes(), st.one_of(st.none(), st.integers(0, 20)))
def test_what_is_verified_holds_every_record_that_was_there_all_the_time(
    count: int, happenings: dict[int, list[int]], days_back: int | None
) -> None:
    since = None if days_back is None else FIRST - timedelta(days=days_back)
    names = iter(range(10_000))
    lasting = {entry.key for entry in entries(count) if since is None or (entry.day and entry.day >= since)}

    def happen(listed: list[Entry], what: list[int]) -> Iterator[str]:
        for place in what:
            if place < 0:
                listed.insert(0, Entry(f"new{next(names)}", FIRST))
            elif place < len(listed):
                yield listed.pop(place).key

    listed, requests = entries(count), 0

    def server(number: int) -> ListPage:
        nonlocal requests
        requests += 1
        lasting.difference_update(happen(listed, happenings.get(requests, [])))
        return page_of(listed, number)

    step, believed, _ = read(server, since=since)
    if not step.reason:
        assert lasting <= believed


@given(
    st.lists(
        st.builds(
            ListPage,
            number=st.integers(0, 4),
            pages=st.integers(0, 4),
            total=st.integers(0, 20),
            entries=st.lists(
                st.builds(Entry, st.sampled_from("abcdefgh"), st.sampled_from([None, FIRST, day(9)])), max_size=6
            ).map(tuple),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_comes_the_reading_ends(pages: list[ListPage]) -> None:
    turn = iter(pages * 100)
    read(lambda number: next(turn), since=day(3), cap=CAP, most_pages=6)
