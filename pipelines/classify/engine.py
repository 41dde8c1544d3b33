"""Judging a firm: its evidence told as facts, the facts weighed into a grade, a primary sub-sector and how sure it is.

Each grade, and each sub-sector that anything speaks for, is an option; its points are the sum of the weights of the
facts that hold, and its probability follows by the softmax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import TypeVar

from pipelines.classify.evidence import Evidence, EvidenceFinder, NameWord
from pipelines.classify.features import Group, candidates, facts_of, grade_features, sector_features
from pipelines.classify.label import Grade, Label, Span, Subject, SubSector
from pipelines.classify.rules import LicenceRule, load_rules
from pipelines.classify.scope_words import ScopeWord
from pipelines.classify.weights import Weights, load_weights

_ORDER = tuple(SubSector)
_KEPT_GROUPS = 100_000  # some 20 MB at most
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that was weighed: its probability, and what each fact that holds added to it, heaviest first."""

    answer: str
    probability: float
    weighed: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A label with all that was weighed for it: grades and primary sub-sectors, likeliest first."""

    subject: Subject
    label: Label
    grades: tuple[Option, ...]
    primaries: tuple[Option, ...]


class Classifier:
    """Judges firms by one rules file and one weights file, the packaged ones unless told.

    No firm sways another's label. Raises `RulesError` if a file cannot be used.
    """

    def __init__(self, rules_path: Path | None = None, weights_path: Path | None = None) -> None:
        rules, weights = load_rules(rules_path), load_weights(weights_path)
        self._use(EvidenceFinder(rules), weights, f"{rules.full_version}.{weights.fingerprint}")

    @classmethod
    def of(cls, finder: EvidenceFinder, weights: Weights) -> Classifier:
        """One with weights that are no file (yet), as in a cross-validation."""
        made = cls.__new__(cls)
        made._use(finder, weights, f"learned.{weights.fingerprint}")
        return made

    def _use(self, finder: EvidenceFinder, weights: Weights, version: str) -> None:
        self.finder, self.rules_version = finder, version
        self.origin = weights.origin
        self._weights = weights
        # The same groups of facts recur from firm to firm: what each weighs is kept.
        self._weigh_grade = lru_cache(maxsize=_KEPT_GROUPS)(self._points_of_grade)
        self._weigh_primary = lru_cache(maxsize=_KEPT_GROUPS)(self._points_of_primary)
        self._nothing = Label(Grade.NONE, SubSector.NONE, (), weights.certainty.silence, (), version)

    def classify(self, subject: Subject) -> Label:
        """Judge one firm; any of its texts may be empty or cut off."""
        evidence = self.finder.find_in(subject)
        return self._nothing if evidence is None else self.judge(subject, evidence)

    def judge(self, subject: Subject, evidence: Evidence) -> Label:
        """Judge a firm by the evidence that was found in it."""
        peripheral = core = 0.0
        for group in grade_features(evidence):
            points = self._weigh_grade(group)
            peripheral += points[0]
            core += points[1]
        grade, sure = _best({Grade.NONE: 0.0, Grade.PERIPHERAL: peripheral, Grade.CORE: core})
        if grade is Grade.NONE:
            return Label(grade, SubSector.NONE, (), _score(sure), _spans(subject, evidence), self.rules_version)
        primary, as_sure = self._primary(evidence)
        return Label(
            grade,
            primary,
            _secondary(evidence, primary),
            _score(sure * as_sure),
            _spans(subject, evidence),
            self.rules_version,
        )

    def explain(self, subject: Subject) -> Explanation:
        """The label of a firm, and all that was weighed for it."""
        evidence = self.finder.find_in(subject)
        if evidence is None:
            return Explanation(subject, self._nothing, (), ())
        facts, weights = facts_of(grade_features(evidence)), self._weights
        grades: dict[str, list[tuple[str, float]]] = {
            Grade.NONE: [],
            Grade.PERIPHERAL: [(fact, weights.grade.get(fact, (0.0, 0.0))[0]) for fact in facts],
            Grade.CORE: [(fact, weights.grade.get(fact, (0.0, 0.0))[1]) for fact in facts],
        }
        primaries = {
            str(sector): [(fact, weights.primary.get(fact, 0.0)) for fact in facts_of(groups)]
            for sector, groups in sector_features(evidence).items()
        }
        return Explanation(subject, self.judge(subject, evidence), _options(grades), _options(primaries))

    def _primary(self, evidence: Evidence) -> tuple[SubSector, float]:
        if len(told := candidates(evidence)) == 1:
            return told[0], 1.0
        weigh = self._weigh_primary
        groups = sector_features(evidence)
        return _best({sector: sum([weigh(group) for group in groups[sector]]) for sector in groups})

    def _points_of_grade(self, group: Group) -> tuple[float, float]:
        weight = self._weights.grade
        held = [weight[fact] for fact in facts_of([group]) if fact in weight]
        return sum([pair[0] for pair in held]), sum([pair[1] for pair in held])

    def _points_of_primary(self, group: Group) -> float:
        weight = self._weights.primary
        return sum([weight.get(fact, 0.0) for fact in facts_of([group])])


def _score(sure: float) -> float:
    """Three digits; never 1, which says that a person decided."""
    return min(round(sure, 3), 0.999)


def _best(points: Mapping[_T, float]) -> tuple[_T, float]:
    """The option with most points, and its probability; of equals the one that stands first."""
    best = max(points, key=points.__getitem__)
    top = points[best]
    return best, 1 / sum([exp(value - top) for value in points.values()])


def _options(weighed: Mapping[str, Sequence[tuple[str, float]]]) -> tuple[Option, ...]:
    points = {answer: sum(weight for _, weight in facts) for answer, facts in weighed.items()}
    top = max(points.values())
    odds = {answer: exp(value - top) for answer, value in points.items()}
    total = sum(odds.values())
    return tuple(
        Option(answer, odds[answer] / total, tuple(sorted(weighed[answer], key=_heaviest_first)))
        for answer in sorted(odds, key=odds.__getitem__, reverse=True)
    )


def _heaviest_first(weighed: tuple[str, float]) -> float:
    return -abs(weighed[1])


def _secondary(evidence: Evidence, primary: SubSector) -> tuple[SubSector, ...]:
    """Further sub-sectors with clear evidence in the scope."""
    clear = {word.sector for word in evidence.scope if word.rule.strength != "weak"}
    clear.discard(primary)
    return tuple(sector for sector in _ORDER if sector in clear) if clear else ()


def _spans(subject: Subject, evidence: Evidence) -> tuple[Span, ...]:
    name, scope = subject.name, subject.scope
    return (
        *[
            Span("name", word.start, word.end, name[word.start : word.end], word.rule.id)
            if word.field == "name"
            else _span_beside(subject, word)
            for word in evidence.name
        ],
        *[
            Span("scope", word.start, word.end, scope[word.start : word.end], word.rule.id)
            if word.field == "scope"
            else _span_beside(subject, word)
            for word in evidence.scope
        ],
    )


def _span_beside(subject: Subject, word: NameWord | ScopeWord) -> Span:
    """The span of an English name, an industry or a licence."""
    if isinstance(word.rule, LicenceRule):
        return Span("licence", 0, len(word.rule.kind), str(word.rule.kind), word.rule.id)
    text: str = getattr(subject, word.field)
    return Span(word.field, word.start, word.end, text[word.start : word.end], word.rule.id)


@lru_cache(maxsize=1)
def packaged() -> Classifier:
    """The classifier by the packaged rules and weights, made once."""
    return Classifier()


def rules_version() -> str:
    """The version of the packaged rules and weights: `2026.12+1a2b3c4d.5e6f7a8b`."""
    return packaged().rules_version


def classify_batch(subjects: Iterable[Subject]) -> Iterator[Label]:
    """Judge firms by the packaged rules: one label a firm, in order, as they are asked for."""
    return map(packaged().classify, subjects)
