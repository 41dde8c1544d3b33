"""Base of lists of disclosures, which may be about persons, or name nobody: such are counted, and not told."""

from __future__ import annotations

from typing import Any, Final

from crawler.fields.names import looks_personal
from crawler.fields.personal import MASK
from crawler.platforms.record_spider import RecordSpider

_ENOUGH_TO_TELL: Final = 5
_ALLOWED: Final = 0.8  # public works and persons may be many; nearly all at once is a column that has moved


class DisclosureSpider(RecordSpider):
    """A row about a person, or one that names no organisation, is none of the bad rows that make a run doubtful.

    Counted `of_persons` and `without_organisation`; a run in which nearly all are such is not complete.
    """

    def __init__(self, name: str | None = None, series: str = "", **kwargs: Any) -> None:
        super().__init__(name, series, **kwargs)
        self._organisations = 0

    def is_told(self, holder: str) -> bool:
        """Whether a disclosure is about an organisation; counts it."""
        if holder and holder != MASK and not looks_personal(holder):
            self._organisations += 1
            return True
        self.count("of_persons" if holder else "without_organisation")
        return False

    def closed(self, reason: str) -> None:
        left = sum(self.report.counts.get(name, 0) for name in ("of_persons", "without_organisation"))
        whole = left + self._organisations
        if whole >= _ENOUGH_TO_TELL and left > _ALLOWED * whole:
            self.report.incomplete.append(f"{left} of {whole} rows name no organisation: is the name where it was?")
        super().closed(reason)
