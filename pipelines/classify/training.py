"""From labels files to a weights file, with the figures that say whether it may be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.classify.evaluation import headline
from pipelines.classify.evidence import EvidenceFinder
from pipelines.classify.folds import SPLITS, cross_validate
from pipelines.classify.judged import LabelsFile
from pipelines.classify.learn import RESTRAINT, cases, learn
from pipelines.classify.rules import load_rules
from pipelines.classify.weights import WeightsFile


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights, and what cross-validation says of them, one line a split."""

    weights: WeightsFile
    checked: tuple[str, ...]


def learn_from(
    files: Sequence[LabelsFile],
    *,
    restraint: float = RESTRAINT,
    onto: WeightsFile | None = None,
    check: bool = True,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Learned:
    """The weights by the packaged rules. Raises NothingToLearnError; ImportError without numpy and scipy."""
    rules = load_rules()
    finder = EvidenceFinder(rules)
    rows = [row for file in files for row in file.rows]
    checked = [
        f"cross-validated by {split}: {headline(readings)}"
        for split in (SPLITS if check else ())
        if (readings := cross_validate(finder, rows, split, restraint=restraint, onto=onto, progress=progress))
    ]
    fingerprints = [file.fingerprint for file in files]
    weights = learn(cases(finder, rows), rules=rules.full_version, labels=fingerprints, restraint=restraint, onto=onto)
    return Learned(weights, tuple(checked))
