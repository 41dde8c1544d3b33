"""Base of spiders that sweep a list too long for one night: a slice each night, and a new sweep when it is due."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from crawler import clock
from crawler.capture import captured_of, proof_of
from crawler.items import Item, Proof
from crawler.platforms.records import Record, RecordFormat, keep_records, read_records
from crawler.platforms.sweep import LEAST_PAGES, Sweep
from crawler.platforms.sweep_state import SweepError
from crawler.run_folder import Outcome
from crawler.source import BadArgumentError, Kept, SourceSpider

if TYPE_CHECKING:
    from scrapy.http import Response

_SPARE = 3  # requests of the budget that are not pages of the slice: room for retries
_MOST_PAGES = 100_000


class SweepSpider(SourceSpider):
    """`[-a pages=N]` asks for at most N pages in this run, those that are looked at twice included.

    A slice that was read to its planned end is complete, and says which sweep it belongs to; the last slice of a whole
    sweep says that everything was listed. A slice that was cut short keeps what it read, and the next goes on where
    the reading was last verified.
    """

    arguments = ("pages",)
    form: ClassVar[RecordFormat]
    size: ClassVar[int]
    id_key: ClassVar[str]
    every_days: ClassVar[int] = 28

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        super().__init__(name, series, **kwargs)
        pages = self.given.get("pages", str(self.source.max_requests - _SPARE))
        if not (pages.isascii() and pages.isdigit() and LEAST_PAGES <= int(pages[:9]) <= _MOST_PAGES):
            raise BadArgumentError(f"{self.name}: -a pages={pages[:20]} is no number of pages from {LEAST_PAGES} on")
        self._slice_pages = int(pages)
        self.sweep: Sweep | None = None
        self._told: set[str] = set()

    def ask(self, number: int) -> Request:
        """The request of a page of the list, counted from 1."""
        raise NotImplementedError

    def item(self, record: Record, proof: Proof) -> Item:
        """What a record says."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        began_at = self.past.began_at if self.past else self.report.began_at
        now = began_at or clock.stamp(clock.now())  # who only looks at a source writes no manifest
        today = clock.read_stamp(now).astimezone(clock.SHANGHAI).date()
        try:
            self.sweep = Sweep(
                self.memory,
                now,
                size=self.size,
                slice_pages=self._slice_pages,
                every_days=self.every_days,
                today=today,
            )
        except SweepError as error:
            self.report.stop(Outcome.FAILED, str(error))
            return
        self.report.next = self.sweep.state()
        if self.sweep.rests:
            self.report.stop(Outcome.EMPTY_ALLOWED, f"the last sweep is over; the next begins on {self.sweep.due_on}")
            return
        self.report.sweep = self.sweep.id
        self.report.keeps_next = True  # what was read need not be read again, however the slice ends
        yield self._ask(self.sweep.first_page)

    def _ask(self, number: int) -> Request:
        return self.ask(number).replace(callback=self.parse, cb_kwargs={"number": number}, dont_filter=True)

    def redact(self, response: Response) -> Kept:
        kept, unknown = keep_records(response, self.form)
        for kind, words in unknown.items():
            self.note_unknown(kind, words)
        return kept

    def parse(self, response: Response, number: int = 1, **_: Any) -> Iterator[Any]:
        """Yields the items of a page, and asks for the next one of the slice."""
        assert self.sweep is not None
        page = read_records(captured_of(response).kept)
        self.note_listed({key: record[key] for key in self.form.keys} for record in page.records)
        turn = self.sweep.take([self._key(record) for record in page.records], page.pages)
        for record in page.records:
            said = record.fingerprint(self.form.keys)
            if not record[self.id_key]:
                self.sweep.prove_nothing()
            if said in self._told:
                continue  # its page was looked at twice
            self._told.add(said)
            yield self.item(record, proof_of(response, self.source.parser, record.position))
        if not page.records and number == 1 and (page.pages or 0) <= 1:
            self.report.stop(Outcome.EMPTY_WRONG, "the list says it holds no record at all")
        elif turn.ask is not None:
            yield self._ask(turn.ask)
        elif turn.reason:
            self.report.incomplete.append(turn.reason)
        else:
            self.report.lists_everything = self.sweep.is_whole
            self.logger.info("sweep %s: %s", self.sweep.id, self.sweep.label)
        self.report.next = self.sweep.state()

    def _key(self, record: Record) -> str:
        """What is its own in the list, also for a record that lacks its id."""
        return record[self.id_key] or f"?{record.fingerprint(self.form.keys)}"
