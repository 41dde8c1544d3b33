"""An office that drops extracts night after night, and knows to the row what stood in each."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from tests.crawler import extracts
from tests.crawler.extracts import HEADER, csv_of, firm

_NEW_A_NIGHT = 30
_FIRST_NEW = 1_000_000  # numbers of firms that only the lists of new ones name
_KINDS_OF_CAPITAL = 50
_MTIME = 1_700_000_000  # the newest full list is told by its time; the office's own begins here


class Office:
    """Drops a full list and a list of new firms a night. Each night some firms raise their capital, and some are new.

    `rows` is what stands in each dropped file, by its path: the credit codes.
    """

    def __init__(self, home: Path, firms: int) -> None:
        self.full, self.new = home / "inbox" / "full", home / "inbox" / "new"
        for folder in (self.full, self.new):
            folder.mkdir(parents=True, exist_ok=True)
        self.rows: dict[Path, frozenset[str]] = {}
        self._firms = firms
        self._night = 0

    def drop(self) -> None:
        """One more night."""
        self._night += 1
        first = _FIRST_NEW + self._night * _NEW_A_NIGHT
        self._write(self.full, range(1, self._firms + self._night))
        self._write(self.new, range(first, first + _NEW_A_NIGHT))

    @property
    def newest_full(self) -> Path:
        """The full list that a crawl from now on reads."""
        return self.full / f"{self._night:04}.csv"

    def _write(self, folder: Path, numbers: range) -> None:
        path = folder / f"{self._night:04}.csv"
        path.write_bytes(csv_of(HEADER, *(self._row(number) for number in numbers)))
        os.utime(path, (_MTIME + self._night, _MTIME + self._night))
        self.rows[path] = frozenset(_code(number) for number in numbers)

    def _row(self, number: int) -> tuple[str, ...]:
        raised = (self._night + number % _KINDS_OF_CAPITAL) // _KINDS_OF_CAPITAL  # each firm every fiftieth night
        wan = 100 + 100 * raised
        return firm(number, 统一社会信用代码=_code(number), 注册资本=f"{wan}万元人民币", 成立日期="2020-03-04")


@cache
def _code(number: int) -> str:
    return extracts.code(number)
