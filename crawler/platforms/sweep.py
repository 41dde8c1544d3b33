"""A list too long for one night, read in slices over several: where it stands, and whether nothing can have slipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from crawler.clock import SHANGHAI, read_stamp
from crawler.platforms.sweep_state import SweepState, read_state

LEAST_PAGES: Final = 3  # of a slice: where the last one ended, the next page, and the first of the two once more
STRETCH: Final = 50  # pages read between two verifications; what was not verified is read again
_WORTHWHILE: Final = 10  # requests that must be left to begin another stretch: a short one asks more than it reads
MOST_TRIES: Final = 3  # of one stretch, over all nights
_BACK: Final = 10  # pages by which a stretch begins further ahead after a try that did not join
_GIVEN_UP_AFTER: Final = 2  # times `every_days`: what a sweep read at its begin is out of date by then


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from a page: the page to ask next (None: the slice is over), and why it is, if it ended badly."""

    ask: int | None = None
    reason: str = ""


class Sweep:
    """One night's slice of a sweep, at most `slice_pages` requests for pages of `size` records.

    `state` is what `state()` gave at the end of the last slice, or empty; `now` is the stamp (UTC) at which this run
    began, which becomes the id of a sweep that begins with it. A new sweep begins `every_days` after the last began.

    Rows that come push others down: those are read twice. Rows that leave pull others up, past the reader: those slip.
    So a slice is read in stretches, and a stretch counts once it is verified:

    - It begins with the page that the last one ended with, and must meet a record of that page again. What stands
      behind it there, in one and the same reply, was not passed over, whatever happened since (days may lie between).
    - Its last page is looked at after its first one, before those between; its first page again at its end. Neither
      may have lost a record but by others pushing it on, and the last must have been pushed at least as far.
    - After the last one the list is read from its top to where it began when the sweep did: there stands what was
      changed meanwhile, and put to the top for it.

    What cannot be verified, or is cut short, is read again, MOST_TRIES times over all nights. After that the sweep is
    read to its end without, and never `is_whole`. What all this cannot tell: a row that leaves and another that comes
    ahead of it within the same minutes, both ahead of a stretch or both within it; a row that is put from behind the
    reader to a place ahead of him that is not the top; and one at the top, when half of those that stood there at the
    begin were put to it once more.
    """

    def __init__(
        self, state: Mapping[str, Any], now: str, *, size: int, slice_pages: int, every_days: int, today: date
    ) -> None:
        before = read_state(state)
        began = read_stamp(before.sweep).astimezone(SHANGHAI).date() if before.sweep else today
        lasts = before.sweep and not before.over and today < began + timedelta(every_days * _GIVEN_UP_AFTER)
        self.due_on = began + timedelta(every_days) if before.sweep else today
        self.rests = bool(before.sweep) and before.over and today < self.due_on
        self._size = size
        self._left = slice_pages
        self._least = LEAST_PAGES
        self._now = before if lasts or self.rests else SweepState(sweep=now, pages=before.pages)
        self._began_at = self._now.page
        self._stretch = _Stretch(first=1, frontier=1)
        self._asked = self.first_page = 1
        if not self.rests:
            self._begin()
            self.first_page = self._asked

    @property
    def id(self) -> str:
        """Which sweep this slice is a part of."""
        return self._now.sweep

    @property
    def is_whole(self) -> bool:
        """Whether with this slice the whole list was read, and verifiably nothing slipped."""
        return self._now.over and self._now.whole

    @property
    def label(self) -> str:
        """How far the sweep has come, in words."""
        now = self._now
        if now.over:
            proves = "whole" if now.whole else "what it does not show proves nothing"
            return f"read to the end, page {now.pages}: {proves}"
        if now.ended:
            return f"read to page {now.pages}, the last; what came to the top meanwhile is still to be looked at"
        if now.page == self._began_at:
            return f"the list moved while it was read: page {now.page} of {now.pages} and on are to be read again"
        return f"pages {self._began_at} to {now.page - 1} of {now.pages}"

    def take(self, keys: Sequence[str], pages: int | None) -> Turn:
        """Judges the reply to the page asked for last: its records' keys, and how many pages it says there are."""
        self._left -= 1
        if self._now.over:
            return Turn()
        stretch = self._stretch
        if reason := self._problem(keys, pages):
            return Turn(reason=reason)
        assert pages is not None
        self._now.pages = pages
        if self._asked > pages:
            return self._past_the_end()
        if stretch.is_compared:
            return self._settle(self._is_verified(keys))
        if self._asked == stretch.frontier:
            return self._read_on(keys)
        stretch.farther = tuple(keys)
        stretch.frontier += 1
        return self._ask(stretch.frontier)

    def _problem(self, keys: Sequence[str], pages: int | None) -> str:
        """Why a reply is none of such a list; empty when it may be one."""
        asked, stretch = self._asked, self._stretch
        if pages is None or pages < 1:
            return f"page {asked} does not say how many pages there are"
        if self._now.whole and pages * 2 < self._now.pages:  # a reply that holds less than it should may count less
            return f"page {asked} says there are {pages} pages, where there were {self._now.pages}"
        if asked > pages:
            return ""
        if not keys:
            return f"page {asked} of {pages} came without records"
        if len(keys) < self._size and (asked < pages or len(keys) == pages == 1):
            held = f"{len(keys)} records where {self._size} are shown"
            return f"page {asked} of {pages} holds {held}; we are asked to slow down"
        goes_on = stretch.first < asked == stretch.frontier and not stretch.is_compared
        circles = goes_on and stretch.seen.issuperset(keys)
        return f"page {asked} shows what pages before it showed: it pages in a circle" if circles else ""

    def _begin(self) -> Turn:
        """Begins a stretch, or ends the slice if the night has no room for one."""
        now = self._now
        now.whole = now.whole and now.tries < MOST_TRIES
        if now.ended:
            return self._look_at_top()
        if self._left < (self._least if now.whole else 1):
            return Turn()
        self._least = _WORTHWHILE
        if now.whole:
            length = max(2, min(self._left - 2, STRETCH))  # its first and last are asked twice
            first = max(1, min(now.page - 1, now.pages) - min(now.back, (length - 1) // 2))
            now.tries += 1
        else:
            length, first = self._left, now.page
        self._stretch = _Stretch(first=first, frontier=first, length=length, joins=first == 1)
        return self._ask(first)

    def _look_at_top(self) -> Turn:
        now = self._now
        now.over = not now.whole
        if now.over or self._left < LEAST_PAGES:
            return Turn()
        now.tries += 1
        self._stretch = _Stretch(first=1, frontier=1, length=min(self._left - 1, STRETCH), is_top=True)
        return self._ask(1)

    def _ask(self, number: int) -> Turn:
        self._asked = number
        return Turn(number)

    def _read_on(self, keys: Sequence[str]) -> Turn:
        """Takes a page that stands where the reading has come to."""
        now, stretch = self._now, self._stretch
        stretch.seen.update(keys)
        if stretch.is_top:
            return self._read_on_from_top(keys)
        if not now.whole:
            self._reached(stretch.frontier, keys, now.pages)
            stretch.frontier += 1
            return Turn() if now.over or not self._left else self._ask(stretch.frontier)
        stretch.joins = stretch.joins or not set(now.last).isdisjoint(keys)
        if stretch.frontier == stretch.first:
            stretch.opening, stretch.last = tuple(keys), min(now.pages, stretch.first + stretch.length - 1)
            if stretch.last > stretch.first + 1:
                return self._ask(stretch.last)
        if stretch.frontier < stretch.last:
            stretch.frontier += 1
            return self._ask(stretch.frontier)
        stretch.closing, stretch.pages = tuple(keys), now.pages
        if stretch.last == stretch.first:  # one reply: nothing can have moved within it
            return self._settle(stretch.joins)
        stretch.is_compared = True
        return self._ask(stretch.first)

    def _read_on_from_top(self, keys: Sequence[str]) -> Turn:
        now, stretch = self._now, self._stretch
        stretch.opening = stretch.opening or tuple(keys)
        # Some of those that stood there have left, or were put to the top themselves; hardly half of them.
        stretch.joins = 2 * len(stretch.seen.intersection(now.head)) >= len(set(now.head))
        if not stretch.joins and stretch.frontier < min(stretch.length, now.pages):
            stretch.frontier += 1
            return self._ask(stretch.frontier)
        if stretch.frontier == 1 or not stretch.joins:
            return self._settle(stretch.joins)
        stretch.is_compared = True
        return self._ask(1)

    def _is_verified(self, opening: Sequence[str]) -> bool:
        stretch = self._stretch
        pushed = pushed_by(stretch.opening, opening)
        if not stretch.joins or pushed is None:
            return False
        if not stretch.farther:
            return True
        pushed_farther = pushed_by(stretch.farther, stretch.closing)
        return pushed_farther is not None and pushed_farther >= pushed

    def _settle(self, verified: bool) -> Turn:
        now, stretch = self._now, self._stretch
        if verified:
            now.tries = now.back = 0
            if stretch.is_top:
                now.over = True
                return Turn()
            if stretch.first == 1:
                now.head = list(stretch.opening)
            self._reached(stretch.last, stretch.closing, stretch.pages)
            now.over = now.ended and stretch.first == 1  # all of it was read at once
        elif not stretch.joins:
            now.back += _BACK
        return Turn() if now.over else self._begin()

    def _past_the_end(self) -> Turn:
        """The list has shrunk below the page asked: what moved up was passed over, unless the stretch is read again."""
        if self._now.whole:
            self._now.back += _BACK
            return self._begin()
        self._reached(self._now.pages, self._now.last, self._now.pages)
        return Turn()

    def _reached(self, page: int, keys: Sequence[str], pages: int) -> None:
        """Notes a page, and whether it was the last when it came: later a list may end there by what it lost."""
        now = self._now
        now.page, now.last, now.ended = page + 1, list(keys), page >= pages
        now.over = now.ended and not now.whole

    def prove_nothing(self) -> None:
        """Something was read that may be anyone's: the sweep goes on, and what it does not show proves nothing."""
        self._now.whole = False
        self._now.over = self._now.ended

    def state(self) -> dict[str, Any]:
        """What the next slice needs, as JSON types: what is verified, also in the middle of a stretch."""
        return self._now.said()


def pushed_by(before: Sequence[str], after: Sequence[str]) -> int | None:
    """By how many rows those of a page were pushed on, of what it showed before and shows now.

    None when one of them left otherwise than over its end, or none is left to tell by.
    """
    known = set(before)
    stayed = [key for key in after if key in known]
    if not stayed or stayed != list(before[: len(stayed)]) or len(after) < len(before):
        return None
    if len(stayed) < len(before) and after[-1] != stayed[-1]:  # the last ones left, or a row came just there
        return None
    return len(after) - list(after)[::-1].index(stayed[-1]) - len(stayed)


@dataclass(slots=True)
class _Stretch:
    """A stretch while it is read: pages `first` to `last`; the next one in turn is `frontier`."""

    first: int
    frontier: int
    length: int = 1
    joins: bool = False  # to what was read before it
    last: int = 0
    opening: tuple[str, ...] = ()  # what `first` showed
    farther: tuple[str, ...] = ()  # what `last` showed early
    closing: tuple[str, ...] = ()  # what `last` showed in its turn, and how many pages there were then
    pages: int = 0
    seen: set[str] = field(default_factory=set)
    is_compared: bool = False
    is_top: bool = False
