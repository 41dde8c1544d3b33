"""Cross-validation: each judged row labelled by weights that were learned without it, or without its time or place.

Only the weights are learned anew: whoever writes a rule has seen rows, so rules are watched by a set nobody studied.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from crawler.fields.dates import parse_date
from pipelines.classify.engine import Classifier
from pipelines.classify.evidence import EvidenceFinder
from pipelines.classify.judged import Judged
from pipelines.classify.learn import RESTRAINT, NothingToLearnError, cases, learn
from pipelines.classify.measure import Reading
from pipelines.classify.weights import WeightsFile, weigh

Split = Literal["random", "time", "district"]
SPLITS: Final[tuple[Split, ...]] = ("random", "time", "district")
_FOLDS: Final = 10
_COLUMN: Final[dict[Split, str]] = {"random": "uscc", "time": "registered", "district": "district"}
_OVER: Final[dict[Split, str]] = {"random": "at random", "time": "over time", "district": "over districts"}
_NAMED: Final = 3  # of the days that cannot be read
_SHOWN: Final = 40  # characters of each

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Validated:
    """The readings of each split that the rows allow, and what must be said of those that they do not."""

    readings: Mapping[Split, list[Reading]]
    notes: tuple[str, ...]


def validate(
    finder: EvidenceFinder,
    rows: Sequence[Judged],
    *,
    restraint: float = RESTRAINT,
    onto: WeightsFile | None = None,
    progress: Progress = lambda *_: None,
) -> Validated:
    """Cross-validates by every split that parts the rows; of the others a note says why not.

    Raises NothingToLearnError, also where no split parts them.
    """
    why_not = {split: obstacle(rows, split) for split in SPLITS}
    notes = [*filter(None, why_not.values()), *filter(None, [unread_days(rows)])]
    possible = [split for split in SPLITS if not why_not[split]]
    if not possible:
        raise NothingToLearnError(f"no cross-validation is possible: {'; '.join(notes)}")
    found = {
        split: cross_validate(finder, rows, split, restraint=restraint, onto=onto, progress=progress)
        for split in possible
    }
    return Validated(found, tuple(notes))


def obstacle(rows: Sequence[Judged], split: Split) -> str:
    """Why a split does not part the rows into two folds or more; empty where it does."""
    stated = [fold for row, fold in zip(rows, folds(rows, split), strict=True) if _states(row, split)]
    if len(set(stated)) > 1:
        return ""
    if stated:
        lacking = f"all rows are in one fold by `{_COLUMN[split]}`"
    elif any(getattr(row, _COLUMN[split]) for row in rows):
        lacking = f"`{_COLUMN[split]}` holds no day that can be read"
    else:
        lacking = f"no `{_COLUMN[split]}` column, or an empty one"
    return f"{lacking}: not checked {_OVER[split]}"


def unread_days(rows: Sequence[Judged]) -> str:
    """What stands under `registered` and is no day; empty where all can be read."""
    wrong = [row.registered for row in rows if row.registered and parse_date(row.registered) is None]
    if not wrong:
        return ""
    named = ", ".join(f"{text!r:.{_SHOWN}}" for text in dict.fromkeys(wrong[:_NAMED]))
    return f"`registered` of {len(wrong)} rows is no day that can be read ({named}): they are a fold of their own"


def _states(row: Judged, split: Split) -> bool:
    """Whether a row says what the split goes by."""
    said: str = getattr(row, _COLUMN[split])
    return parse_date(said) is not None if split == "time" else bool(said)


def cross_validate(
    finder: EvidenceFinder,
    rows: Sequence[Judged],
    split: Split,
    *,
    restraint: float = RESTRAINT,
    onto: WeightsFile | None = None,
    progress: Progress = lambda *_: None,
) -> list[Reading]:
    """Each row with the label that weights gave it which never saw its fold, in the order of the rows.

    Raises NothingToLearnError where the rows without a fold teach nothing, as where there is one fold alone.
    """
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
    which it was registered (those without a day that can be read together), or its district, small ones together.
    """
    if split == "random":
        return [int(hashlib.sha256(row.uscc.encode()).hexdigest(), 16) % _FOLDS for row in rows]
    if split == "time":
        registered = [parse_date(row.registered) for row in rows]
        days = sorted(day for day in registered if day)
        edges = sorted({days[len(days) * step // _FOLDS] for step in range(1, _FOLDS)}) if days else []
        return [sum(day >= edge for edge in edges) if day else _FOLDS for day in registered]
    places = [row.district for row in rows]
    known = [place for place, count in Counter(places).most_common() if count * 2 * _FOLDS >= len(rows)]
    return [known.index(place) if place in known else len(known) for place in places]
