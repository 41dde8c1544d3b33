"""What a page claims in figures, as a value: its closed lists and the claim itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What a claim counts, in the order in which claims are told; the closed list."""

    FIRM_COUNT = "firm_count"
    NEW_FIRM_COUNT = "new_firm_count"
    OUTPUT = "output"
    TAX = "tax"
    TAX_SHARE = "tax_share"
    INVESTMENT = "investment"
    FUNDING = "funding"
    AREA = "area"


class Relation(StrEnum):
    """How a claim's figure is meant; the closed list."""

    EXACTLY = "exactly"
    OVER = "over"
    ABOUT = "about"
    AT_LEAST = "at_least"
    GROWTH = "growth"


class Unit(StrEnum):
    """The closed list of units of a claim's figure, but for currencies, which have their ISO 4217 codes."""

    FIRMS = "firms"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage_points"
    SQUARE_METRES = "square_metres"


class Subject(StrEnum):
    """Which firms a claim counts, in telling order; the closed list."""

    LIFE_HEALTH = "life_health"
    MEDICAL_DEVICES = "medical_devices"
    PHARMA_DISTRIBUTION = "pharma_distribution"
    DIGITAL_HEALTH = "digital_health"
    BIOMEDICAL_RD = "biomedical_rd"
    HEALTH_SERVICES = "health_services"
    HEALTH_PRODUCTS = "health_products"
    ALL_FIRMS = "all_firms"
    PART = "part"


class Scope(StrEnum):
    """Where a claim counts; the closed list."""

    DISTRICT = "district"
    TOWN = "town"
    PARK = "park"
    PLACE = "place"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure that a page states of the district, a park or the industry: its claim, not a fact.

    `value` is in whole units of `unit`, a Unit or a currency's ISO 4217 code; None when it could not be a figure.
    `year` is the one it speaks of, or a target's; None when the page does not say. `place` is the id of a park or the
    code of a town, empty where we have none; `place_zh` and `place_en` are its names as far as known.
    """

    claim_id: str
    measure: Measure
    value: Decimal | None
    unit: str
    relation: Relation
    is_target: bool
    year: int | None
    quote: str
    # With defaults, because issues of formats 1 and 2 were written without.
    subject: Subject = Subject.LIFE_HEALTH
    scope: Scope = Scope.DISTRICT
    place: str = ""
    place_zh: str = ""
    place_en: str = ""

    @property
    def where(self) -> tuple[Scope, str]:
        """The same for claims about the same place."""
        return self.scope, self.place or self.place_zh or self.place_en
