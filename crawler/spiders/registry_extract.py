"""The office's own spreadsheets of registrations: a file, a drop folder or an address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.capture import captured_of, proof_of
from crawler.items import Item
from crawler.platforms.conditional import validators_of, was_conditional
from crawler.platforms.drop_folder import Drop, look
from crawler.platforms.registry_row import read_row
from crawler.platforms.registry_table import keep, kept_columns, kept_rows
from crawler.run_folder import Outcome
from crawler.source import EVERY_NIGHT, BadArgumentError, CaptureMode, Kept, Source, SourceSpider

LISTINGS = ("full", "new")


class RegistryExtractSpider(SourceSpider):
    """`-a path=FILE|FOLDER|URL -a listing=full|new [-a series=NAME] [-a publisher=NAME]`.

    `full` lists every firm of its publisher, so that absence from the next complete one means something; `new` lists
    only some. Two publishers are two series. Of a folder listed `full` the newest file is read; of one listed `new`
    every file that the series has not read before.
    """

    source = Source(
        id="registry_extract",
        title_zh="登记信息摘录",
        title_en="Registry extract",
        publisher_zh="市场监督管理局或公共数据开放平台",
        publisher_en="Market supervision bureau or open-data portal",
        proves=(
            "registered",
            "moved_in",
            "branch_opened",
            "capital_raised",
            "scope_widened",
            "moved_out",
            "deregistered",
            "capital_cut",
            "scope_narrowed",
        ),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=False,
        parser="registry_extract/1",
        max_requests=500,
        confirmed="header words, capital and status spellings, encodings; 3,000 rows of 1979–2009 read",
        from_memory="which columns a bureau's newest template has",
        terms="the office's own; of an open-data portal, the licence that the portal states for the data set",
        must_fill={"name": 1.0},
    )
    name = source.id
    arguments = ("path", "listing", "publisher")
    counted_as_received = ("unknown_columns", "left_out")

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        super().__init__(name, series or "default", **kwargs)
        self.path = self.given.get("path", "")
        self.report.listing = self.given.get("listing", "")
        if not self.path:
            raise BadArgumentError("registry_extract: say which extract: -a path=FILE, FOLDER or http(s) address")
        if self.report.listing not in LISTINGS:
            raise BadArgumentError(
                "registry_extract: say what it lists: -a listing=full (every firm) or -a listing=new (some)"
            )
        if publisher := self.given.get("publisher"):
            self.publisher = publisher
        self.report.lists_everything = self.report.listing == "full"

    async def start(self) -> AsyncIterator[Any]:
        before = self.memory
        if self.path.startswith(("http://", "https://")):
            headers = before.get("validators", {}) if before.get("url") == self.path else {}
            yield Request(self.path, headers=headers, meta={"handle_httpstatus_list": [304]}, dont_filter=True)
            return
        if self.past:  # what lay there then, whatever lies there now
            for address in self.past.addresses:
                yield Request(address, dont_filter=True)
            return
        drop = look(Path(self.path).expanduser(), self.report.listing, before.get("read", {}))
        if isinstance(drop, Drop):
            self.report.next["read"] = drop.remember
            for file in drop.files:
                yield Request(file.resolve().as_uri(), dont_filter=True)
        else:
            self.report.stop(*drop)

    def redact(self, response: Response) -> Kept:
        if response.status == 304:
            return Kept(b"", "")
        table = keep(response.body)
        counts, columns = self.report.counts, table.columns
        counts["unknown_columns"] = len(columns.header) - len(columns.known)
        counts["left_out"] = counts.get("left_out", 0) + table.left_out
        self.logger.info(
            "%s: columns read: %s; blanked: %d",
            response.url,
            ", ".join(sorted(columns.of)),
            counts["unknown_columns"],
        )
        return table.kept

    def parse(self, response: Response, **_: Any) -> Iterator[Item]:
        """Yields a Registration or a Rejected for every row, in the order of the file."""
        if response.status == 304:
            self._not_modified(response)
            return
        self._remember(response)
        kept = captured_of(response).kept
        columns = kept_columns(kept)
        for row in kept_rows(kept):
            yield read_row(row, columns, proof_of(response, self.source.parser, row.line))

    def _not_modified(self, response: Response) -> None:
        if was_conditional(response):
            self.report.stop(Outcome.EMPTY_ALLOWED, "not modified since the last complete run")
        else:
            self.report.stop(
                Outcome.FAILED, f"{response.url} answers 304 (not modified), though nothing was read before"
            )

    def _remember(self, response: Response) -> None:
        validators = validators_of(response)
        if validators and not response.url.startswith("file:"):
            self.report.next |= {"url": self.path, "validators": validators}
