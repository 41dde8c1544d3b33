"""Cross-validation: each judged row labelled by weights that were learned without it, or without its time or place.

Only the weights are learned anew: whoever writes a rule has seen rows, so rules are watched by a set nobody studied.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Literal

from pipelines.classify.engine import Classifier
from pipelines.classify.evidence import EvidenceFinder
from pipelines.classify.judged import Judged
from pipelines.classify.learn import RESTRAINT, cases, learn
from pipelines.classify.measure import Reading
from pipelines.classify.weights import WeightsFile, weigh

Split = Literal["random", "time", "district"]
SPLITS: Final[tuple[Split, ...]] = ("random", "time", "district")
_FOLDS: Final = 10


def cross_validate(
    finder: EvidenceFinder,
    rows: Sequence[Judged],
    split: Split,
    *,
    restraint: float = RESTRAINT,
    onto: WeightsFile | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Reading]:
    """Each row with the label that weights gave it which never saw its fold, in the order of the rows."""
    fold_of = folds(rows, split)
    found = cases(finder, rows)
    readings: dict[int, Reading] = {}
    numbers = sorted(set(fold_of))
    for done, fold in enumerate(numbers, start=1):
        seen = [case for case, of in zip(found, fold_of, strict=True) if of != fold]
        weights = weigh(learn(seen, rules="", labels=(), restraint=restraint, onto=onto))
        classifier = Classifier.of(finder, weights)
        for number, row in enumerate(rows):
            if fold_of[number] == fold:
                readings[number] = Reading(row, classifier.classify(row.subject))
        progress(f"by {split}", done, len(numbers))
    return [readings[number] for number in range(len(rows))]


def folds(rows: Sequence[Judged], split: Split) -> list[int]:
    """The fold of each row: at random (by its credit code, so that it is the same one tomorrow), the tenth of time in
    which it was registered, or its district, small ones together.
    """
    if split == "random":
        return [int(hashlib.sha256(row.uscc.encode()).hexdigest(), 16) % _FOLDS for row in rows]
    if split == "time":
        days = sorted(row.registered for row in rows)
        edges = sorted({days[len(days) * step // _FOLDS] for step in range(1, _FOLDS)})
        return [sum(row.registered >= edge for edge in edges) for row in rows]
    places = [row.district for row in rows]
    known = [place for place, count in Counter(places).most_common() if count * 2 * _FOLDS >= len(rows)]
    return [known.index(place) if place in known else len(known) for place in places]
