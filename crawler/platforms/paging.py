"""Reads a paged list to its end and says whether that end is verified: a wrong page is never believed in silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MOST_PAGES = 60  # of one list in one run; at 15 records a page that is far more than a window shows
RESTARTS = 2  # a list that changes whenever we look is told so, not chased


@dataclass(frozen=True, slots=True)
class Entry:
    """What paging needs of a record: a key that is its own within the list, and its day where that can be read."""

    key: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page as its reply states it: which page it says it is, and what it says of the whole list.

    What a platform never says is None. `more` is whether another page is offered, by a cursor or link.
    """

    number: int | None
    pages: int | None
    total: int | None
    entries: tuple[Entry, ...]
    more: bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from a page: whether its records may be used, which page to ask next, and at the end the verdict.

    `ask` is None at the end. `reason` is empty when all that was wanted was verifiably read. `is_cut` says that what
    was read is right, and only a bound of ours ended it.
    """

    believed: bool
    ask: int | None = None
    reason: str = ""
    is_cut: bool = False


class Paging:
    """The reading of one list that is ordered by day, newest first, back to `since` or to its end (`since` None).

    Ask page 1, then what `take` says. Verified means: each page was the one asked for and full, no record came twice,
    the totals never changed, page 1 read again was the same, and either a record before `since` was reached in an order
    that was seen to fall, or the last page was, with as many records as the list says it holds. Of a list that does not
    say how many pages it has, the last is the one without a cursor, else the first that is not full. A list whose total
    reaches `cap` says nothing about its end, nor does one that ends before `since` though it `goes_back` for years. A
    change while paging starts the reading over, RESTARTS times. Where keys are made of what rows say, two rows of a
    page may be alike (`rows_may_repeat`).
    """

    def __init__(
        self,
        *,
        size: int,
        since: date | None,
        cap: int | None = None,
        most_pages: int = MOST_PAGES,
        goes_back: bool = False,
        rows_may_repeat: bool = False,
    ) -> None:
        self._goes_back = goes_back
        self._rows_may_repeat = rows_may_repeat
        self._size = size
        self._since = since
        self._cap = cap
        self._most_pages = most_pages
        self._restarts = 0
        self.empty = False  # the list says, consistently, that it holds nothing
        self._begin()

    def _begin(self) -> None:
        self._asked = 1
        self._first: ListPage | None = None
        self._comparing = False  # page 1 is asked a second time
        self._seen: set[str] = set()
        self._entries = 0
        self._last_day: date | None = None
        self._falls = False
        self._rises = False

    def take(self, page: ListPage) -> Step:
        """Judges the reply to the page asked for last."""
        if not page.entries:
            return self._take_nothing(page)
        if page.number not in (None, self._asked):
            return Step(False, reason=f"page {self._asked} was asked, page {page.number} came")
        if self._first is None:
            self._first = page
        elif (page.total, page.pages) != (self._first.total, self._first.pages):
            return self._over(f"its total went from {self._first.total} to {page.total}")
        elif self._comparing:
            return Step(True) if page.entries == self._first.entries else self._over("its first page changed")
        return self._take_entries(page)

    def _take_nothing(self, page: ListPage) -> Step:
        """A page without records: of an empty list, or of one that is not what it was. Its counters are zeros."""
        if self._first is not None:
            if page.pages is None and not page.more and self._seen_all(page.total if page.total else self._first.total):
                return self._compare()  # the page before was full and the last
            return self._over(f"page {self._asked} came without records", believed=False)
        if page.total:
            return Step(False, reason=f"it says it holds {page.total} records, and shows none")
        if self._restarts:
            return Step(False, reason="it held records, and came empty when it was read again")
        self.empty = True
        return Step(True)

    def _take_entries(self, page: ListPage) -> Step:
        keys = {entry.key for entry in page.entries}
        repeated = keys & self._seen
        if repeated == keys:
            return Step(False, reason=f"page {self._asked} shows what pages before it showed: it pages in a circle")
        strict = self._most_pages > 1 and not self._rows_may_repeat  # one page cannot shift
        if repeated or (len(keys) < len(page.entries) and strict):
            return self._over(f"page {self._asked} holds records a second time")
        self._seen |= keys
        self._entries += len(page.entries)
        self._follow_days(page)
        if self._follows(page) and len(page.entries) < self._size:
            held = f"{len(page.entries)} records where {self._size} were asked"
            of = f" of {page.pages}" if page.pages is not None else ""
            return Step(True, reason=f"page {self._asked}{of} holds {held}")
        return self._next(page)

    def _follows(self, page: ListPage) -> bool:
        """Whether another page comes behind this one."""
        if page.more is not None:
            return page.more
        return self._asked < page.pages if page.pages is not None else len(page.entries) >= self._size

    def _seen_all(self, total: int | None) -> bool:
        return total is None or self._entries == total

    def _follow_days(self, page: ListPage) -> None:
        for day in (entry.day for entry in page.entries if entry.day):
            if self._last_day is not None:
                self._falls |= day < self._last_day
                self._rises |= day > self._last_day
            self._last_day = day

    def _next(self, page: ListPage) -> Step:
        if self._reached_since():
            return self._compare()
        if self._follows(page):
            if self._asked < self._most_pages:
                self._asked += 1
                return Step(True, ask=self._asked)
            back = f"nothing before {self._since} was reached" if self._since else "its end was not reached"
            why = "it is not in order of date" if self._rises else back
            of = f" of {page.pages}" if page.pages is not None else ""
            read = (
                f"{self._most_pages} pages were read{of}" if self._most_pages > 1 else f"it shows {self._size} at most"
            )
            return Step(True, reason=f"{read}, and {why}", is_cut=not self._rises)
        return self._at_end(page)

    def _at_end(self, page: ListPage) -> Step:
        if self._goes_back and self._since is not None:
            return Step(True, reason=f"it ends on page {self._asked}, before {self._since} was reached")
        if self._cap is not None and page.total is not None and page.total >= self._cap:
            return Step(True, reason=f"its total is capped at {self._cap}, so where it ends cannot be verified")
        if not self._seen_all(page.total):
            return Step(True, reason=f"it says it holds {page.total} records, its pages hold {self._entries}")
        return self._compare()

    def _reached_since(self) -> bool:
        """Whether records before `since` begin here; believed only where days were seen to fall and never to rise."""
        if self._since is None or self._last_day is None or self._rises or not self._falls:
            return False
        return self._last_day < self._since

    def _compare(self) -> Step:
        """Asks page 1 again where more than one page was read: what moved meanwhile shows there."""
        if self._asked == 1:
            return Step(True)
        self._comparing, self._asked = True, 1
        return Step(True, ask=1)

    def _over(self, what: str, *, believed: bool = True) -> Step:
        if self._restarts == RESTARTS:
            return Step(believed, reason=f"it changed while it was paged, {RESTARTS + 1} times over: {what}")
        self._restarts += 1
        self._begin()
        return Step(believed, ask=1)
