"""A claim beside our own count, as values: the closed lists of the comparison, and what the page is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reports.claim import Claim, Subject


class NotCountable(StrEnum):
    """Why we have no figure beside a claim, in telling order; the closed list."""

    OUTPUT = "output"
    TAX = "tax"
    TAX_SHARE = "tax_share"
    INVESTMENT = "investment"
    FUNDING = "funding"
    AREA = "area"
    GROWTH = "growth"
    ALL_FIRMS = "all_firms"
    PART = "part"
    PLACE = "place"
    UNSTATED = "unstated"
    PERIOD_NOT_TOLD = "period_not_told"
    NO_REGISTER = "no_register"


class CountedBy(StrEnum):
    """How we count beside a claim; the closed list."""

    AS_OF = "as_of"
    NOW = "now"
    ARRIVALS = "arrivals"
    REGISTERED = "registered"


class Difference(StrEnum):
    """Why our count may differ from a claim, in telling order; the closed list."""

    DEFINITION = "definition"
    REGISTERS = "registers"
    NO_FULL_LIST = "no_full_list"
    SURVIVORS = "survivors"
    TAX_DISTRICT = "tax_district"
    REGISTERED_ADDRESS = "registered_address"
    INSTITUTIONS = "institutions"
    BRANCHES = "branches"
    SHARED_ADDRESS = "shared_address"
    ROUNDED = "rounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Firms that we count: `core`, and `both` core and peripheral; `by_then` of them were registered by the day asked.

    `by_then` is None unless the count is of another day than the one asked.
    """

    by: CountedBy
    on: date
    core: int
    both: int
    by_then: int | None
    why_differ: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A claim and what we count beside it (`ours`), or why we do not.

    `about` is the day the figure is about, None for an aim without a year; `said_by` whose word it is, in the language
    of its page, `source_en` the English title of the source where the word is its publisher's, else empty.
    """

    claim: Claim
    since: date | None
    until: date | None
    about: date | None
    ours: Count | NotCountable
    said_by: str
    source_en: str
    title: str
    url: str
    published_on: date | None
    discovered_on: date

    @property
    def count(self) -> Count | None:
        """What we count, None where we do not."""
        return self.ours if isinstance(self.ours, Count) else None

    @property
    def told_on(self) -> date:
        """The day of publication, else that on which we found the page."""
        return self.published_on or self.discovered_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Firms of the district by the newest registers: `core`, `both` with peripheral ones, and what to mind of them."""

    core: int
    both: int
    branches: int
    at_shared_address: int
    place_unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that the page of claims is made from. `history_begins` is None until a full list was read.

    `standing` holds each subject that has firms; `published_at` is aware, in UTC.
    """

    compared: tuple[Compared, ...]
    pages: int
    standing: dict[Subject, Standing]
    history_begins: date | None
    newest_day: date | None
    published_at: datetime
    content_hash: str
