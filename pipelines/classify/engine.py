"""Judging a firm: its evidence weighed into a grade, a score and sub-sectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from pipelines.classify.evidence import Evidence, EvidenceFinder, ScopeWord
from pipelines.classify.label import Grade, Label, Span, SubSector
from pipelines.classify.rules import load_rules

RULES_VERSION: str = load_rules().full_version


class Classifier:
    """Judges registrations by one rules file, the packaged one unless told; no firm sways another's label.

    Raises `RulesError` if the file cannot be used.
    """

    def __init__(self, rules_path: Path | None = None) -> None:
        rules = load_rules(rules_path)
        self.rules_version = rules.full_version
        self._finder = EvidenceFinder(rules)
        self._weights = rules.weights
        self._sectors = rules.sectors
        self._name_weight: dict[str, float] = rules.weights.name.model_dump()
        self._name_points: dict[str, float] = rules.weights.name_points.model_dump()
        self._item_weight: dict[str, float] = rules.weights.scope.model_dump()
        self._nothing = Label(Grade.NONE, SubSector.NONE, (), 0.0, (), self.rules_version)

    def classify(self, name: str, scope: str) -> Label:
        """Judge one registration by its full name and its business scope; either may be empty or cut off."""
        evidence = self._finder.find(name, scope)
        if evidence is None:
            return self._nothing
        score = min(self._name_score(evidence) + self._scope_score(evidence), 1.0)
        primary = self._primary(evidence)
        return Label(
            grade=Grade.CORE if score >= self._weights.core else Grade.PERIPHERAL,
            primary=primary,
            secondary=self._secondary(evidence.scope, primary),
            score=round(score, 4),
            evidence=_spans(name, scope, evidence),
            rules_version=self.rules_version,
        )

    def _name_score(self, evidence: Evidence) -> float:
        """What the name says, at a discount where a scope is given and none of it is life-health."""
        best = max((self._name_weight[word.rule.strength] for word in evidence.name), default=0.0)
        contradicted = not evidence.scope and evidence.reading.counted
        if contradicted and best < self._weights.name.certain:
            best *= self._weights.unsupported
        return best

    def _scope_score(self, evidence: Evidence) -> float:
        """How far life-health leads the scope, and how much of it is life-health."""
        if not evidence.scope:
            return 0.0
        strength: dict[int, float] = {}
        for word in evidence.scope:
            strength[word.item] = max(self._item_weight[word.rule.strength], strength.get(word.item, 0.0))
        counted = sorted(strength.keys() | evidence.reading.counted)
        lead = max(
            strength.get(item, 0.0) * (1 - self._weights.lead_fade * place)
            for place, item in enumerate(counted[: self._weights.lead_items])
        )
        share = sum(strength.values()) / len(counted)
        return self._weights.lead * lead + self._weights.share * share

    def _primary(self, evidence: Evidence) -> SubSector:
        """The sub-sector that most speaks for; of equals the one that stands first in the rules."""
        points = self._points_of_items(evidence.scope)
        for word in evidence.scope[:1]:
            points[word.sector] += self._weights.lead_points * self._pull(word)
        for sector, value in self._points_of_name(evidence).items():
            points[sector] = points.get(sector, 0.0) + value
        return max(self._sectors, key=lambda sector: points.get(sector, -1.0) * self._sectors[sector])

    def _points_of_items(self, words: list[ScopeWord]) -> dict[SubSector, float]:
        pulls: dict[SubSector, dict[int, float]] = {}
        for word in words:
            of_sector = pulls.setdefault(word.sector, {})
            of_sector[word.item] = max(self._pull(word), of_sector.get(word.item, 0.0))
        fade = self._weights.item_fade
        return {
            sector: sum(pull * fade**place for place, pull in enumerate(sorted(by_item.values(), reverse=True)))
            for sector, by_item in pulls.items()
        }

    def _points_of_name(self, evidence: Evidence) -> dict[SubSector, float]:
        strong = {word.sector for word in evidence.scope if word.rule.strength == "strong"}
        points: dict[SubSector, float] = {}
        for word in evidence.name:
            value = self._name_points[word.rule.strength]
            if not strong.isdisjoint(word.rule.gives_way):
                value *= self._weights.given_way
            points[word.rule.sector] = max(value, points.get(word.rule.sector, 0.0))
        return points

    def _pull(self, word: ScopeWord) -> float:
        return self._item_weight[word.rule.strength] * word.rule.pull

    def _secondary(self, words: list[ScopeWord], primary: SubSector) -> tuple[SubSector, ...]:
        """Further sub-sectors with clear evidence in the scope, in the order of the rules."""
        clear = {word.sector for word in words if word.rule.strength != "weak"} - {primary}
        return tuple(sector for sector in self._sectors if sector in clear)


def _spans(name: str, scope: str, evidence: Evidence) -> tuple[Span, ...]:
    return (
        *(Span("name", word.start, word.end, name[word.start : word.end], word.rule.id) for word in evidence.name),
        *(Span("scope", word.start, word.end, scope[word.start : word.end], word.rule.id) for word in evidence.scope),
    )


@lru_cache(maxsize=1)
def _packaged() -> Classifier:
    return Classifier()


def classify_batch(pairs: Iterable[tuple[str, str]]) -> Iterator[Label]:
    """Judge (name, scope) pairs by the packaged rules: one label a pair, in order, as they are asked for."""
    classify = _packaged().classify
    return (classify(name, scope) for name, scope in pairs)
