"""What a judgement of a firm is: its grade, its sub-sectors, and the very words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


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


Field = Literal["name", "scope"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words that spoke: `text` is the field's original text from `start` to `end`, by the rule of that id."""

    field: Field
    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Label:
    """The judgement of one registration.

    `score` (0..1) is how much of the firm is life-health, not a probability; `secondary` holds no `primary`;
    `evidence` is empty exactly when `grade` is none. `rules_version` names the rules that judged.
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
