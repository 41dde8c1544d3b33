"""How well labels meet what careful readers say: F1 by class, with intervals, confusions, and whether scores hold."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.classify.judged import Judged
from pipelines.classify.label import Label

Asked = Literal["grade", "primary"]
_DRAWS: Final = 1_000
_SEED: Final = 20261126  # the same rows drawn every time: the same figures twice
_EDGES: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A judged registration and the label that was given to it."""

    judged: Judged
    label: Label

    def pair(self, asked: Asked) -> tuple[str, str]:
        """What is right and what was said. Where two readers differed and one said so too, that is right."""
        if asked == "grade":
            said, right = self.label.grade, self.judged.grade
            return str(said if self.judged.accepts_grade(said) else right), str(said)
        primary, meant = self.label.primary, self.judged.primary
        return str(primary if self.judged.accepts_primary(primary) else meant), str(primary)

    @property
    def is_right(self) -> bool:
        """Whether grade and primary sub-sector are both right."""
        return self.judged.accepts_grade(self.label.grade) and self.judged.accepts_primary(self.label.primary)


@dataclass(frozen=True, slots=True)
class ClassQuality:
    """One class: how many rows are of it, and precision, recall and F1 (0..1; 0 where there is nothing to divide)."""

    name: str
    rows: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Quality:
    """One question over all rows. `low` and `high` hold the macro-F1 of 95 % of sets drawn with replacement."""

    asked: Asked
    macro_f1: float
    low: float
    high: float
    accuracy: float
    classes: tuple[ClassQuality, ...]
    confusions: tuple[tuple[str, str, int], ...]  # right, said, rows; most first


@dataclass(frozen=True, slots=True)
class Bin:
    """Labels whose scores lie between two edges: how many, their mean score, and how many are right."""

    low: float
    high: float
    labels: int
    score: float
    right: int


def measure(readings: Sequence[Reading], asked: Asked) -> Quality:
    """The quality of labels on one question. Raises ValueError for no readings."""
    if not readings:
        raise ValueError("there is no judged row to measure on")
    pairs = [reading.pair(asked) for reading in readings]
    counts = Counter(pairs)
    wrong = Counter({pair: rows for pair, rows in counts.items() if pair[0] != pair[1]})
    low, high = _interval(pairs)
    return Quality(
        asked=asked,
        macro_f1=_macro_f1(counts),
        low=low,
        high=high,
        accuracy=1 - wrong.total() / len(pairs),
        classes=tuple(_class_quality(counts, name) for name in sorted({right for right, _ in pairs})),
        confusions=tuple((right, said, rows) for (right, said), rows in wrong.most_common()),
    )


def reliability(readings: Iterable[Reading]) -> list[Bin]:
    """Whether scores mean what they say: in each bin the share that is right should be the mean score."""
    found: list[list[Reading]] = [[] for _ in _EDGES[1:]]
    for reading in readings:
        place = sum(reading.label.score >= edge for edge in _EDGES[1:-1])
        found[place].append(reading)
    return [
        Bin(
            low,
            high,
            len(held),
            sum(reading.label.score for reading in held) / len(held),
            sum(reading.is_right for reading in held),
        )
        for low, high, held in zip(_EDGES, _EDGES[1:], found, strict=False)
        if held
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far score and share of right labels lie apart, over all labels (expected calibration error)."""
    labels = sum(one.labels for one in bins)
    return sum(abs(one.score * one.labels - one.right) for one in bins) / labels if labels else 0.0


def _class_quality(counts: Counter[tuple[str, str]], name: str) -> ClassQuality:
    hit = counts[name, name]
    said = sum(rows for (_, one), rows in counts.items() if one == name)
    meant = sum(rows for (one, _), rows in counts.items() if one == name)
    return ClassQuality(
        name=name,
        rows=meant,
        precision=hit / said if said else 0.0,
        recall=hit / meant if meant else 0.0,
        f1=2 * hit / (said + meant) if said + meant else 0.0,
    )


def _macro_f1(counts: Counter[tuple[str, str]]) -> float:
    names = {right for right, _ in counts}
    return sum(_class_quality(counts, name).f1 for name in names) / len(names)


def _interval(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    chance = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    drawn = sorted(_macro_f1(Counter(chance.choices(pairs, k=len(pairs)))) for _ in range(_DRAWS))
    return drawn[int(0.025 * _DRAWS)], drawn[int(0.975 * _DRAWS) - 1]
