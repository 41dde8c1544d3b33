"""Ways in which another version of the program could read otherwise than ours."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from crawler import guard
from crawler.fields import money
from crawler.items import Registration
from crawler.platforms import json_list_spider, link_list, registry_row, registry_table
from crawler.source import UnreadableError
from crawler.spiders import putuo_english, registry_extract

CHANGE = "PUTUO_TEST_CHANGE"  # names the change
GO = "PUTUO_TEST_GO"  # a file: until it is there, the change `waits` waits


def _capital_in_cents(raw: str, **how: Any) -> money.Money | None:
    read = money.parse_money(raw, **how)
    return read and replace(read, amount=read.amount * 100)


def _rows_of_odd_lines(kept: Any) -> Iterator[Any]:
    return (row for row in registry_table.kept_rows(kept) if row.line % 2)


def _first_row_only(kept: Any) -> Iterator[Any]:
    return islice(registry_table.kept_rows(kept), 1)


def _codes_lost(*found: Any) -> Any:
    item = _READ_ROW(*found)
    return replace(item, uscc="") if isinstance(item, Registration) and item.proof.line > 3 else item


def _not_as_documented(*_: Any) -> Any:
    raise UnreadableError("not as documented")


def _mistake(*_: Any) -> Any:
    raise RuntimeError("a mistake of ours")


def _dies(*_: Any) -> Any:
    os._exit(7)


def _waits(kept: Any) -> Any:
    Path(os.environ[GO]).with_suffix(".waits").touch()
    deadline = time.monotonic() + 60
    while not Path(os.environ[GO]).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return registry_table.kept_columns(kept)


def _english_shouting(spider: Any, kept: Any) -> Any:
    page, day_raw, day = _READ_ARTICLE(spider, kept)
    return replace(page, title=page.title.upper()), day_raw, day


_READ_ROW, _READ_ARTICLE = registry_row.read_row, putuo_english.PutuoEnglishSpider.read_article
_CHANGES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "none": (registry_row, "parse_money", money.parse_money),
    "capital in cents": (registry_row, "parse_money", _capital_in_cents),
    "rows of odd lines": (registry_extract, "kept_rows", _rows_of_odd_lines),
    "no rows": (registry_extract, "kept_rows", lambda kept: iter(())),
    "first row only": (registry_extract, "kept_rows", _first_row_only),
    "codes lost": (registry_extract, "read_row", _codes_lost),
    "extract not as documented": (registry_extract, "kept_columns", _not_as_documented),
    "a mistake": (registry_extract, "kept_columns", _mistake),
    "dies": (registry_extract, "kept_columns", _dies),
    "waits": (registry_extract, "kept_columns", _waits),
    "lists not as documented": (json_list_spider, "read_list", _not_as_documented),
    "titles in capitals": (putuo_english.PutuoEnglishSpider, "read_article", _english_shouting),
    "every article is new": (link_list.Reading, "wants", lambda reading, link: True),
    "walls everywhere": (guard, "is_wall", lambda response: True),
}


def change() -> None:
    """Changes this process as PUTUO_TEST_CHANGE says."""
    setattr(*_CHANGES[os.environ.get(CHANGE, "none")])
