"""Learning the weights from judged registrations: a regularised softmax over the facts that hold of each option.

The options are the three grades, and the sub-sectors that anything speaks for. Nothing is drawn by lot: the same
judged rows, rules and restraint give the same weights. Needs numpy and scipy, which only those who learn install.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipelines.classify.evidence import Evidence, EvidenceFinder
from pipelines.classify.features import facts_of, grade_features, sector_features
from pipelines.classify.judged import Judged
from pipelines.classify.label import Grade, SubSector
from pipelines.classify.weights import HEAVIEST, Certainty, Grades, Origin, WeightsFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESTRAINT: Final = 2.0  # the strength of the pull towards 0 (L2); see docs/classification.md for how it was chosen
_LEAST: Final = 0.005  # a weight below this is left out: it would read 0.00
_STEPS: Final = 500
_WEIGHED: Final = (Grade.PERIPHERAL, Grade.CORE)  # against none


class NothingToLearnError(ValueError):
    """The judged rows hold nothing that the rules find, or cannot be parted to learn without some of them."""


class WeightBoundError(ValueError):
    """So little restraint that a weight has no end; the message names the fact and what to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """A judged registration and the facts that hold of it; none if nothing speaks."""

    judged: Judged
    grade: list[str]
    primary: dict[SubSector, list[str]]


@dataclass(frozen=True, slots=True)
class _Choice:
    """Options, each with its facts, and which of them is right."""

    options: list[list[str]]
    right: int


def cases(finder: EvidenceFinder, rows: Sequence[Judged]) -> list[Case]:
    """What the rules find in each row."""
    return [_case(row, finder.find_in(row.subject)) for row in rows]


def learn(
    found: Sequence[Case],
    *,
    rules: str,
    labels: Sequence[str],
    restraint: float = RESTRAINT,
    onto: WeightsFile | None = None,
) -> WeightsFile:
    """The weights that fit these cases best, held back towards 0, or towards those of `onto`, which others taught.

    Raises NothingToLearnError, WeightBoundError.
    """
    if not any(case.grade for case in found):
        raise NothingToLearnError("in none of the judged rows do the rules find anything to learn from")
    by_grade = {grade: {} if onto is None else getattr(onto.grade, grade) for grade in _WEIGHED}
    base = {f"{grade}|{fact}": weight for grade, facts in by_grade.items() for fact, weight in facts.items()}
    grade = _fit([_grade_choice(case) for case in found if case.grade], restraint, base)
    primary = _fit(
        [choice for case in found if (choice := _primary_choice(case))], restraint, onto.primary if onto else {}
    )
    _check_bounds(grade, restraint)
    _check_bounds(primary, restraint)
    silent = [case for case in found if not case.grade]
    silence = (sum(case.judged.grade is Grade.NONE for case in silent) + 1) / (len(silent) + 2)
    return WeightsFile(
        origin=Origin(
            judged=len(found) + (onto.origin.judged if onto else 0),
            rules=rules,
            labels=(*(onto.origin.labels if onto else ()), *labels),
            restraint=restraint,
        ),
        certainty=onto.certainty if onto else Certainty(silence=round(min(max(silence, 0.5), 0.999), 3)),
        grade=Grades(peripheral=_rounded(_of(grade, Grade.PERIPHERAL)), core=_rounded(_of(grade, Grade.CORE))),
        primary=_rounded(primary),
    )


def _check_bounds(weights: dict[str, float], restraint: float) -> None:
    for fact, weight in weights.items():
        if not abs(weight) <= HEAVIEST:  # no number is beyond it too
            raise WeightBoundError(
                f"{fact}: its weight came to {weight:.1f}, where {HEAVIEST} is the most; "
                f"{restraint:g} is too little restraint for these rows"
            )


def _of(weights: dict[str, float], grade: Grade) -> dict[str, float]:
    """The weights of one grade, by fact."""
    return {fact.removeprefix(f"{grade}|"): weight for fact, weight in weights.items() if fact.startswith(f"{grade}|")}


def _case(row: Judged, evidence: Evidence | None) -> Case:
    if evidence is None:
        return Case(row, [], {})
    primary = {sector: facts_of(groups) for sector, groups in sector_features(evidence).items()}
    return Case(row, facts_of(grade_features(evidence)), primary)


def _grade_choice(case: Case) -> _Choice:
    told = [[f"{grade}|{fact}" for fact in case.grade] for grade in _WEIGHED]
    return _Choice([[], *told], (Grade.NONE, *_WEIGHED).index(case.judged.grade))


def _primary_choice(case: Case) -> _Choice | None:
    """None where there was no choice to make, or what is right was not among the options."""
    options = list(case.primary)
    if len(options) < 2 or case.judged.primary not in case.primary:
        return None
    return _Choice([case.primary[sector] for sector in options], options.index(case.judged.primary))


def _rounded(weights: dict[str, float]) -> dict[str, float]:
    return {fact: round(weight, 2) for fact, weight in sorted(weights.items()) if abs(weight) >= _LEAST}


def _fit(choices: Sequence[_Choice], restraint: float, base: Mapping[str, float]) -> dict[str, float]:
    """Weights of the facts: maximum likelihood of the right options, less half the restraint x their squared distance
    from `base` (0 where it has none); facts that no choice holds keep the weight of `base`.
    """
    if not choices:
        return dict(base)
    import numpy as np  # noqa: PLC0415 - only those who learn have it
    from scipy.optimize import minimize  # noqa: PLC0415

    numbers: dict[str, int] = {}
    surprise = _surprise(choices, numbers)
    start = np.array([base.get(fact, 0.0) for fact in numbers])

    def loss(weights: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        value, slope = surprise(weights)
        moved = weights - start
        return value + restraint * float(moved @ moved) / 2, slope + restraint * moved

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return dict(base) | dict(zip(numbers, (float(weight) for weight in found.x), strict=True))


def _surprise(
    choices: Sequence[_Choice], numbers: dict[str, int]
) -> Callable[[NDArray[Any]], tuple[float, NDArray[Any]]]:
    """How unlikely weights make what is right, and its slope; fills `numbers` with the place of each fact."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    columns: list[int] = []
    row_ends, starts = [0], [0]
    for choice in choices:
        for facts in choice.options:
            columns.extend(numbers.setdefault(fact, len(numbers)) for fact in facts)
            row_ends.append(len(columns))
        starts.append(starts[-1] + len(choice.options))
    holds = csr_matrix((np.ones(len(columns)), columns, row_ends), shape=(len(row_ends) - 1, len(numbers)))
    begins = np.array(starts[:-1])
    choice_of = np.repeat(np.arange(len(choices)), np.diff(starts))
    right = begins + np.array([choice.right for choice in choices])

    def surprise(weights: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        said = holds @ weights
        highest = np.maximum.reduceat(said, begins)
        odds = np.exp(said - highest[choice_of])
        sums = np.add.reduceat(odds, begins)
        value = -(said[right] - highest - np.log(sums)).sum()
        excess = odds / sums[choice_of]
        excess[right] -= 1
        return float(value), holds.T @ excess

    return surprise
