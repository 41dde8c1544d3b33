"""The briefing as a value: what one issue says, in no language yet and without any I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crawler.fields.money import Money
from crawler.items import ArticleKind
from reports.claim import Claim


class Category(StrEnum):
    """What an event says of a firm's tie to Putuo."""

    ARRIVAL = "arrival"
    EXPANSION = "expansion"
    DEPARTURE = "departure"


class Kind(StrEnum):
    """The closed list of event kinds."""

    REGISTERED = "registered"
    MOVED_IN = "moved_in"
    BRANCH_OPENED = "branch_opened"
    ARRIVAL_ANNOUNCED = "arrival_announced"
    CAPITAL_RAISED = "capital_raised"
    SCOPE_WIDENED = "scope_widened"
    PREMISES_ADDED = "premises_added"
    LICENCE_GRANTED = "licence_granted"
    PRODUCT_APPROVED = "product_approved"
    PROJECT_APPROVED = "project_approved"
    FINANCING_RAISED = "financing_raised"
    CONTRACT_WON = "contract_won"
    TRIAL_STARTED = "trial_started"
    LISTING_STEP = "listing_step"
    HEADQUARTERS_SET_UP = "headquarters_set_up"
    OVERSEAS_EXPANSION = "overseas_expansion"
    RECOGNISED = "recognised"
    PARTNERSHIP = "partnership"
    MOVED_OUT = "moved_out"
    DEREGISTERED = "deregistered"
    CAPITAL_CUT = "capital_cut"
    SCOPE_NARROWED = "scope_narrowed"
    LICENCE_LAPSED = "licence_lapsed"


# Departures of which the firm itself remains: it is smaller, not gone.
SHRINKING = frozenset({Kind.CAPITAL_CUT, Kind.SCOPE_NARROWED, Kind.LICENCE_LAPSED})


class Basis(StrEnum):
    """The closed list of what an event rests on."""

    FIRST_LISTED = "first_listed"
    CODE_DIVISION = "code_division"
    ADDRESS_CHANGED = "address_changed"
    STATUS_CHANGED = "status_changed"
    CAPITAL_CHANGED = "capital_changed"
    SCOPE_CHANGED = "scope_changed"
    NOT_LISTED = "not_listed"
    ANNOUNCED = "announced"  # a page says so; no registration does
    FILED = "filed"  # an official filing names the project
    LICENSED = "licensed"  # a list of licences shows it
    DISCLOSED = "disclosed"  # a public register or notice does


# What rests on a page's word; its records are articles, not registrations.
ON_A_PAGE = frozenset({Basis.ANNOUNCED, Basis.FILED})
BETWEEN_PARTS = " · "  # of what is told in several stated values: amount and title, product and number


class SubSector(StrEnum):
    """The sub-sectors in the order they are told: the district's four focus ones, then the two others."""

    MEDICAL_DEVICES = "medical_devices"
    PHARMA_DISTRIBUTION = "pharma_distribution"
    DIGITAL_HEALTH = "digital_health"
    BIOMEDICAL_RD = "biomedical_rd"
    HEALTH_SERVICES = "health_services"
    HEALTH_PRODUCTS = "health_products"


class Role(StrEnum):
    """What a captured record shows of an event."""

    BEFORE = "before"
    AFTER = "after"
    ABSENCE = "absence"  # a complete full list in which the firm or licence no longer stands
    TOLD = "told"  # a page that tells of what registrations had shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One captured record. `fetched_at` is UTC; `record` (column → text as captured) is None for absence.

    `published_on` is the day of a public notice, as read; the record has it as printed.
    """

    role: Role
    observation_id: str
    source: str
    series: str
    publisher: str
    run_id: str
    url: str
    line: int | None
    fetched_at: datetime | None
    sha256: str
    capture: str
    folder: str
    record: dict[str, str] | None
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event. Days are Asia/Shanghai's; `happened_on` is None when no source states it.

    `before_money` and `after_money` are the two capitals where they could be read.
    """

    event_id: str
    category: Category
    kind: Kind
    basis: Basis
    happened_on: date | None
    discovered_on: date
    before: str
    after: str
    before_money: Money | None
    after_money: Money | None
    exhibits: tuple[Exhibit, ...]
    confirms: str = ""  # the event that pages announced and this shows to be so
    announced_on: date | None = None  # the day they did

    @property
    def proof(self) -> Exhibit | None:
        """The record that leads: the strongest that shows the state after, or the absence."""
        decisive = [exhibit for exhibit in self.exhibits if exhibit.role is not Role.BEFORE]
        return next(iter(decisive or self.exhibits), None)

    def stated(self, column: str) -> str:
        """What that record states in a column; empty when it has none."""
        return (self.proof.record or {}).get(column, "") if self.proof else ""

    @property
    def published_on(self) -> date | None:
        """The day of the page or notice it rests on; None without one, or when it states none."""
        if self.basis is Basis.DISCLOSED:
            return self.proof.published_on if self.proof else None
        try:
            return date.fromisoformat(self.stated("published_on")) if self.basis in ON_A_PAGE else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm as it was known when the issue was made. Empty text means not stated."""

    firm_id: str
    uscc: str
    name: str
    sub_sector: SubSector | None
    secondary: tuple[SubSector, ...]
    street_zh: str
    street_en: str
    park_zh: str
    park_en: str
    address: str
    firms_at_address: int  # 0 unless the address is a shared one
    is_branch: bool
    parent_name: str
    capital: Money | None
    registered_on: date | None
    label_evidence: str
    label_by_person: bool
    registered_here: bool = False  # by its registered address it is in the district


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A firm and what happened to it, oldest first."""

    firm: Firm
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peripheral:
    """An event of a firm for which life-health is incidental: counted, not reported."""

    event_id: str
    category: Category
    kind: Kind
    basis: Basis
    firm_id: str
    uscc: str
    name: str
    sub_sector: SubSector | None
    discovered_on: date
    late: bool
    confirmed: bool = False  # it shows what an earlier issue announced


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An article about life-health in the district: news, an official document or a filing, with what it claims.

    Empty text means not stated. `told_above` says that it proves an event this issue tells. Of one that stands in
    several places there is an exhibit for each.
    """

    article_id: str
    kind: ArticleKind
    title: str
    url: str
    published_on: date | None
    agency: str
    document_number: str
    language: str
    places_zh: tuple[str, ...]
    places_en: tuple[str, ...]
    reasons: tuple[str, ...]
    score: float
    discovered_on: date
    claims: tuple[Claim, ...]
    exhibits: tuple[Exhibit, ...]
    told_above: bool = False


class Sight(StrEnum):
    """How well a source was seen in a week."""

    SEEN = "seen"  # every run good
    RECOVERED = "recovered"  # a run failed, a later one was good
    NOT_DUE = "not_due"  # no run, and by its timetable none was due
    NO_RUN = "no_run"
    NOT_GOOD = "not_good"  # the last run was not good


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWeek:
    """What one source and series showed in the week. Instants are UTC; `bad` counts runs by outcome.

    `last_good_at` is the last complete (or allowedly empty) run ever before the cut-off.
    """

    source: str
    series: str
    publisher: str
    title_zh: str
    title_en: str
    cadence: str
    sight: Sight
    runs: int
    rows: int
    bad: dict[str, int]
    reason: str
    last_good_at: datetime | None
    warnings: tuple[str, ...] = ()  # what a person should look at though the runs stand, each once


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Rows of one source put aside in the week for one reason; each counts once, not once a night."""

    source: str
    series: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Life-health events discovered in this week that stand in another frozen issue."""

    week: str
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What was looked at, and what could not be seen."""

    sources: tuple[SourceWeek, ...]
    aside: tuple[Aside, ...]
    place_unknown: int  # life-health firms of which it is not known whether they are in Putuo
    published_early: bool  # the database was published before the week's last night, which is not in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What made the issue: the code that wrote it, and the database it was written from. Instants are UTC."""

    made_by: str
    made_at: datetime
    code_version: str
    rules_version: str
    gazetteer_version: str
    content_hash: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Says that the issue replaces an earlier one of the same week. Instants are UTC.

    `revision` counts corrections from 1; `made_at` is when the replaced one was made; `reason` is the operator's.
    """

    revision: int
    made_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """One issue. Entries and notes stand in telling order; `late` holds what happened long before it was learned.

    `notes` were published lately, `late_notes` long before we found them; `articles_read` counts all that were new,
    about life-health or not.
    """

    week: str
    district_zh: str
    district_en: str
    draft: bool
    arrivals: tuple[Entry, ...]
    expansions: tuple[Entry, ...]
    departures: tuple[Entry, ...]
    late: tuple[Entry, ...]
    peripheral: tuple[Peripheral, ...]
    not_life_health: int
    elsewhere: tuple[Elsewhere, ...]
    sighting: Sighting
    release: Release
    correction: Correction | None = None
    notes: tuple[Note, ...] = ()
    late_notes: tuple[Note, ...] = ()
    articles_read: int = 0
    confirmed: tuple[Entry, ...] = ()  # arrivals that an earlier issue announced, registered now

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every reported entry, section after section."""
        return self.arrivals + self.confirmed + self.expansions + self.departures + self.late
