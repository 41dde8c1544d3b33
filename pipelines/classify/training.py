"""From labels files to a weights file, with the figures that say whether it may be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.classify.evaluation import headline
from pipelines.classify.evidence import EvidenceFinder
from pipelines.classify.folds import Progress, validate
from pipelines.classify.judged import LabelsFile
from pipelines.classify.learn import RESTRAINT, cases, learn
from pipelines.classify.rules import load_rules
from pipelines.classify.weights import WeightsFile


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights, and what cross-validation says of them: one line a split, then what could not be checked."""

    weights: WeightsFile
    checked: tuple[str, ...]


def learn_from(
    files: Sequence[LabelsFile],
    *,
    restraint: float = RESTRAINT,
    onto: WeightsFile | None = None,
    check: bool = True,
    progress: Progress = lambda *_: None,
) -> Learned:
    """The weights by the packaged rules.

    Raises NothingToLearnError, WeightBoundError, RulesError; ImportError without numpy and scipy.
    """
    rules = load_rules()
    finder = EvidenceFinder(rules)
    rows = [row for file in files for row in file.rows]
    checked: list[str] = []
    if check:
        found = validate(finder, rows, restraint=restraint, onto=onto, progress=progress)
        checked += [f"cross-validated by {split}: {headline(readings)}" for split, readings in found.readings.items()]
        checked += [f"note: {note}" for note in found.notes]
    fingerprints = [file.fingerprint for file in files]
    weights = learn(cases(finder, rows), rules=rules.full_version, labels=fingerprints, restraint=restraint, onto=onto)
    return Learned(weights, tuple(checked))
