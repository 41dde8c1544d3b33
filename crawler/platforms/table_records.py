"""Lists of records as tables of an HTML page: cells by their heading, or in the documented order without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from parsel import Selector

from crawler.fields.text import clean
from crawler.platforms.article_page import checked_page, lines_of
from crawler.platforms.records import Keep, Seen, as_count
from crawler.source import UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response

_LONGEST_HANDLER: Final = 300  # characters of what a click on a row runs


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRecords:
    """Where a platform's pages hold what: CSS selectors and patterns.

    `rows` are the rows with their cells. `order` are the keys of the cells from left to right, an empty one for a cell
    that is not taken; `labels` maps words of a heading to keys, and where a heading stands it decides. A cell that its
    page cuts short says what its `title` says. `click` finds,
    in what a click on the row runs (onclick, an address with javascript:), the value of the key `id`; without it the
    key `link` is the first address of the row. `pages` finds in the text of the page how many pages there are. A page
    without one of `marks` (selectors) is another page.
    """

    rows: str
    order: tuple[str, ...]
    keys: Mapping[str, Keep]
    required: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    click: str = ""
    pages: str = ""
    total: str = ""
    marks: tuple[str, ...] = ()

    def see(self, response: Response) -> Seen:
        """The page taken apart. Raises UnreadableError."""
        page = checked_page(response)
        if missing := next((mark for mark in self.marks if not page.css(mark)), ""):
            raise UnreadableError(f"the page has no {missing} where the list should be")
        text = " ".join(lines_of(page.root))
        order, records, unknown = self.order, [], []
        for row in page.css(self.rows):
            cells = [_said(cell) for cell in row.xpath("./td | ./th")]
            if headed := self._order_of(cells):
                order = headed
                unknown += [cell for cell, key in zip(cells, headed, strict=True) if not key and cell]
            elif any(cells) and not row.xpath("./td"):
                unknown += cells  # headings that nobody documented are no record
            elif len(cells) >= len(order) > 0 and any(cells):
                said = {key: cell for key, cell in zip(order, cells, strict=False) if key} | self._leads(row)
                records += [said] if said else []
            elif any(cells):
                unknown.append(f"a row of {len(cells)} cells")
        return Seen(
            pages=_found(text, self.pages),
            total=_found(text, self.total),
            records=tuple(records),
            unknown={"labels": unknown},
        )

    def _order_of(self, cells: list[str]) -> tuple[str, ...]:
        """The keys of a row of headings; empty for a row of values."""
        keys = tuple(self.labels.get(re.sub(r"[\s:：]", "", cell), "") for cell in cells)
        return keys if sum(map(bool, keys)) * 2 > len(cells) > 1 else ()

    def _leads(self, row: Selector) -> dict[str, str]:
        if self.click:
            found = next((match for run in _handlers(row.root) if (match := re.search(self.click, run))), None)
            return {"id": found[1]} if found else {}
        address = row.css("a::attr(href)").get("").strip()
        return {"link": address} if address else {}


def _said(cell: Selector) -> str:
    shown = clean(" ".join(lines_of(cell.root)))
    whole = max((clean(title) for title in cell.xpath("(. | .//a | .//span)/@title").getall()), key=len, default="")
    cut = shown.rstrip(".…·")
    return whole if len(whole) > len(shown) and whole.startswith(cut) else shown


def _handlers(row: Any) -> Iterator[str]:
    for element in row.iter():
        for name in ("onclick", "href"):
            if value := element.get(name, ""):
                yield value[:_LONGEST_HANDLER]


def _found(text: str, pattern: str) -> int | None:
    if not pattern:
        return None
    found = re.search(pattern, text)
    if found is None:
        raise UnreadableError(f"the page does not say how long its list is ({pattern})")
    return as_count(found[1], "the length of its list")
