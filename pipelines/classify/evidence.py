"""What a name and a scope say: their words that speak for a sub-sector, before anything is weighed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.classify.label import SubSector
from pipelines.classify.lexicon import Lexicon
from pipelines.classify.rules import FalseFriend, NameRule, Rules, ScopeRule
from pipelines.classify.scope import Reading, ScopeReader, plain

_LEGAL_FORM = re.compile("公司|合作社|事务所|合伙企业")


@dataclass(frozen=True, slots=True)
class NameWord:
    """Words of a name that speak, by their place in it."""

    rule: NameRule
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScopeWord:
    """Words of a scope that speak: their place, the number of their item, and what they speak for there."""

    rule: ScopeRule
    sector: SubSector
    start: int
    end: int
    item: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for life-health in one registration."""

    name: list[NameWord]
    scope: list[ScopeWord]
    reading: Reading


class EvidenceFinder:
    """Finds the evidence in a registration, by the terms of the rules."""

    def __init__(self, rules: Rules) -> None:
        self._limits = rules.limits
        self._names = Lexicon(rules.name, rules.not_health)
        self._scopes = Lexicon(rules.scope, rules.not_health)
        self._reader = ScopeReader(rules.scope_reading)

    def find(self, name: str, scope: str) -> Evidence | None:
        """The evidence that stands once false friends and exclusions are taken away; None if nothing does."""
        named, name_refutes = self._in_name(plain(name[: self._limits.name_chars]))
        text = plain(scope[: self._limits.scope_chars])
        if not named and not self._scopes.may_speak_in(text):
            return None  # most firms: nothing to read closely
        text = self._reader.without_exclusions(text)
        if not named and not self._scopes.may_speak_in(text):
            return None
        reading = self._reader.read(text)
        found, scope_refutes = self._in_scope(reading)
        sectors = {word.rule.sector for word in named}
        found = [word for word in found if not word.rule.only_if_named or word.sector in sectors]
        if (name_refutes or scope_refutes) and all(word.rule.strength == "weak" for word in found):
            return None
        return Evidence(named, found, reading) if named or found else None

    def _in_name(self, name: str) -> tuple[list[NameWord], bool]:
        words, refutes = [], False
        for start, end, rule in self._names.speaking(name, lambda _: name):
            if isinstance(rule, FalseFriend):
                refutes = refutes or rule.refutes
            else:
                words.append(NameWord(rule, start, end))
        return _of_establishment(name, words), refutes

    def _in_scope(self, reading: Reading) -> tuple[list[ScopeWord], bool]:
        words, refutes, silenced = [], False, -1
        for start, end, rule in self._scopes.speaking(reading.text, reading.item_text_at):
            item = reading.item_at(start)
            if isinstance(rule, FalseFriend):
                if rule.refutes:
                    silenced = item
                    refutes = refutes or item <= reading.first
            elif item != silenced:
                words.append(ScopeWord(rule, self._sector(rule, reading, item), start, end, item))
        return words, refutes

    def _sector(self, rule: ScopeRule, reading: Reading, item: int) -> SubSector:
        if rule.made_sector is not None and self._reader.made(reading, item):
            return rule.made_sector
        return rule.sector


def _of_establishment(name: str, words: list[NameWord]) -> list[NameWord]:
    """What a branch says of itself (…有限公司某某诊所) outweighs what its parent is called."""
    form = _LEGAL_FORM.search(name)
    if form is None:
        return words
    return [word for word in words if word.start >= form.end()] or words
