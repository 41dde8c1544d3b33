"""What a judgement of a firm is: its grade, its sub-sectors, how sure, and the very words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple


class Grade(StrEnum):
    """How far life-health is what a firm is for."""

    CORE = "core"  # it is what the firm is for
    PERIPHERAL = "peripheral"  # it is permitted, but incidental
    NONE = "none"  # nothing of it, or only excluded, or only a false friend


class SubSector(StrEnum):
    """The district's four focus sub-sectors, the two beside them, and none."""

    MEDICAL_DEVICES = "medical_devices"  # 高端医疗器械
    PHARMA_DISTRIBUTION = "pharma_distribution"  # 医药流通
    DIGITAL_HEALTH = "digital_health"  # 数字医疗健康
    BIOMEDICAL_RD = "biomedical_rd"  # 生物医药研发
    HEALTH_SERVICES = "health_services"  # 医疗健康服务
    HEALTH_PRODUCTS = "health_products"  # 健康产品
    NONE = "none"


Field = Literal["name", "name_en", "scope", "industry", "licence"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a registration, and what registers beside it say. Any text may be empty or cut off.

    `industry` is a code of GB/T 4754-2017 or the words of one, `licences` are values of `LicenceKind`.
    """

    name: str
    scope: str = ""
    name_en: str = ""
    industry: str = ""
    licences: tuple[str, ...] = ()


class Span(NamedTuple):
    """Words that spoke: `text` is the field's original text from `start` to `end`, by the rule of that id.

    An industry code and a licence are named whole.
    """

    field: Field
    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Label:
    """The judgement of one firm.

    `score` (0..1) is how sure the label is: of labels with this score, that share should be what a careful reader
    says, grade and primary sub-sector both. `secondary` holds no `primary`; `evidence` is empty only if `grade` is
    none. `rules_version` names the rules and weights that judged.
    """

    grade: Grade
    primary: SubSector
    secondary: tuple[SubSector, ...]
    score: float
    evidence: tuple[Span, ...]
    rules_version: str


def evidence_text(label: Label) -> str:
    """The evidence as one line a person reads: `name:医疗器械 (name.devices); scope:药品 (drug.goods)`.

    Words that occur again under the same rule are named once; no evidence gives the empty string.
    """
    lines = (f"{span.field}:{span.text} ({span.rule})" for span in label.evidence)
    return "; ".join(dict.fromkeys(lines))
