"""What a reading of a page says: closed lists and frozen values, every place an offset into title, newline, text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What a figure of the district, a park or the industry counts; a closed list."""

    FIRM_COUNT = "firm_count"  # firms and institutions there are
    NEW_FIRM_COUNT = "new_firm_count"  # firms that came, were founded or signed in some time
    OUTPUT = "output"  # output, scale or revenue of the industry
    TAX = "tax"  # tax revenue of the industry
    TAX_SHARE = "tax_share"  # its share of the district's tax revenue
    INVESTMENT = "investment"  # total investment of projects
    AREA = "area"  # floor or land for the industry
    FUNDING = "funding"  # funds and public money for the industry


class Relation(StrEnum):
    """How a figure relates to the truth it states; a closed list."""

    EXACTLY = "exactly"
    OVER = "over"  # 超过, 逾, 突破, 余, 多; more than
    ABOUT = "about"  # 约, 近, 左右; about, nearly
    AT_LEAST = "at_least"  # 不少于, 至少, 以上; at least
    GROWTH = "growth"  # the measure grew by this many percent


class Subject(StrEnum):
    """What a figure counts or measures: the industry, one of its sub-sectors, or something else; a closed list."""

    LIFE_HEALTH = "life_health"
    MEDICAL_DEVICES = "medical_devices"
    PHARMA_DISTRIBUTION = "pharma_distribution"
    DIGITAL_HEALTH = "digital_health"
    BIOMEDICAL_RD = "biomedical_rd"
    HEALTH_SERVICES = "health_services"
    HEALTH_PRODUCTS = "health_products"
    ALL_FIRMS = "all_firms"  # firms of whatever industry
    PART = "part"  # another part of life-health: high-tech firms, listed ones, two sub-sectors together …


class Scope(StrEnum):
    """Where it counts; a closed list."""

    DISTRICT = "district"
    TOWN = "town"  # a street or town
    PARK = "park"  # a park of the gazetteer
    PLACE = "place"  # another place of ours, or a park that the gazetteer does not know
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure of the district, a park or the industry, as the page states it.

    `value` is in whole units of `unit`: "firms", "percent", "square_metres", or for money the currency's ISO 4217 code
    ("CNY", "USD"). `year` is the year it speaks of, or the target's; None when the page does not say. What is counted
    at a day has that day as `until`, what is added up over a time `since` and `until`, first and last day; None when
    the page does not say. `place` is the id in the gazetteer ("" for the district, an unknown park and where none is
    told), with its names. `start` and `end` are the span of the sentence.
    """

    measure: Measure
    value: Decimal
    unit: str
    relation: Relation
    is_target: bool
    year: int | None
    since: date | None
    until: date | None
    subject: Subject
    scope: Scope
    place: str
    place_zh: str
    place_en: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """A place of ours that the page names: its id in the gazetteer (a street's division code), names and span.

    A park that the gazetteer does not know has the id "" and the one name that the page writes: a candidate.
    """

    id: str
    zh: str
    en: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence that states an event of some firm. Which firm, `attribute` says.

    `kind` is one of pipelines/event_kinds.py. `start` and `end` are the sentence's span, `trigger` that of the words
    that state the event. `amount` is in whole units of `unit`: a currency's ISO 4217 code or "square_metres"; None
    with "" where the sentence states none for certain. `park` is a park's id in the gazetteer, or "". `placed`: the
    sentence itself names a place of ours as where it happens, or one just before does and the words are of signing.
    `rule`: which of the rules states it, by its place among them; -1 of a filing.
    """

    kind: str
    start: int
    end: int
    trigger: tuple[int, int]
    happened_on: date | None
    amount: Decimal | None
    unit: str
    park: str
    placed: bool = False
    rule: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A first reading of one page, published on a day if that is known.

    `reasons`: the words that decided, as printed, at most twelve.
    """

    relevant: bool
    score: float
    reasons: tuple[str, ...]
    in_putuo: bool
    life_health: bool
    places: tuple[PlaceMention, ...]
    claims: tuple[Claim, ...]
    statements: tuple[Statement, ...]
    published_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A known firm named in a page.

    `form`: how the name was matched, a word of `NameMatch`.
    """

    firm: str
    start: int
    end: int
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedName:
    """A name that several known firms share, so that it names none of them; `firms` in order of their keys."""

    firms: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearName:
    """A name that may mean one of `firms`, and is not sure: a candidate. `form`: a word of `NameMatch`."""

    firms: tuple[str, ...]
    start: int
    end: int
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmStatement:
    """An event that a page states of a known firm; `start` and `end` are the span of the sentence to quote.

    `placed` as in `Statement`.
    """

    firm: str
    kind: str
    happened_on: date | None
    amount: Decimal | None
    unit: str
    park: str
    start: int
    end: int
    placed: bool = False
