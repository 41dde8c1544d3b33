"""What a registration says: the words of its name, its scope and registers beside it that speak for a sub-sector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.classify.label import Field, Subject
from pipelines.classify.lexicon import Callings, Lexicon
from pipelines.classify.registers import Registers
from pipelines.classify.rules import FalseFriend, NameRule, Rules
from pipelines.classify.scope_words import ScopeFinder, ScopeWord
from pipelines.classify.text import folded

_LEGAL_FORM = re.compile("公司|合作社|事务所|合伙企业")
_NO_PLACE = -1


class NameWord(NamedTuple):
    """Words of a name that speak, by their place in it."""

    rule: NameRule
    start: int
    end: int
    field: Field = "name"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for life-health in one registration.

    `items` is how many items of the scope say something; `anyones` the ranks of those that firms of every trade list;
    `called` the ids of what else the name calls the firm, in the order of the rules.
    """

    name: Sequence[NameWord]
    scope: Sequence[ScopeWord]
    items: int
    anyones: frozenset[int] = frozenset()
    called: Sequence[str] = ()


class EvidenceFinder:
    """Finds the evidence in a registration, by the terms of the rules."""

    def __init__(self, rules: Rules) -> None:
        self._limits = rules.limits
        self._names = Lexicon(rules.name, rules.not_health)
        self._scopes = ScopeFinder(rules)
        self._callings = Callings(rules.calling)
        self._registers = Registers(rules)

    def find_in(self, subject: Subject) -> Evidence | None:
        """The evidence in all that is known of a firm; an English name is heard where the Chinese one says nothing."""
        return self.find(subject.name, subject.scope, subject.industry, subject.licences, subject.name_en)

    def find(
        self, name: str, scope: str, industry: str = "", licences: Iterable[str] = (), name_en: str = ""
    ) -> Evidence | None:
        """The evidence that stands once false friends and exclusions are taken away; None if nothing does."""
        industry = industry[: self._limits.name_chars]
        called = folded(name[: self._limits.name_chars])
        named, refuted = self._in_name(called)
        if name_en and not named:
            in_english = folded(name_en[: self._limits.name_chars])
            words, refuted_in_english = self._in_name(in_english)
            named, refuted = [word._replace(field="name_en") for word in words], refuted or refuted_in_english
            called = f"{called}\n{in_english}"
        text = folded(scope[: self._limits.scope_chars])
        if not named and not industry and not licences and self._scopes.is_silent(text):
            return None
        read = self._scopes.read(text, {sector for word in named for sector in (word.rule.sector, *word.rule.also)})
        found = read.words
        named = _told(named, found)
        items = read.items
        if industry or licences:
            refutes = self._beside(industry, licences, found, items, is_named=bool(named))
            # A code for animals or sport takes weak hints away; a firm named for medicine it does not unname.
            refuted = refuted or (refutes and all(word.rule.strength in ("weak", "clear") for word in named))
            items = max(items, *(word.rank + 1 for word in found)) if found else items
        if (refuted or read.refuted) and all(word.rule.strength == "weak" for word in found):
            return None
        if not named and not found:
            return None
        return Evidence(named, found, max(items, 1) if found else items, read.anyones, self._callings.of(called))

    def _beside(
        self, industry: str, licences: Iterable[str], found: list[ScopeWord], items: int, *, is_named: bool
    ) -> bool:
        """Add what registers beside the scope say to what was found; tell whether the industry refutes weak hints."""
        refutes = False
        if code := self._registers.code(industry):
            refutes = self._registers.is_not_health(code.group())
            rule = self._registers.industry(code.group())
            if rule and (found or is_named or not rule.with_health_word):
                leads = not any(word.rank == 0 for word in found)
                word = ScopeWord(rule, rule.sector, code.start(), code.end(), 0, "industry")
                found.insert(0 if leads else len(found), word)
        elif industry:
            found += [word for word in self._scopes.of_industry(folded(industry)) if word.speaks_alone]
        for number, licence in enumerate(self._registers.licences(licences)):
            rank = max(items, 1) + number
            found.append(ScopeWord(licence, licence.sector, _NO_PLACE, _NO_PLACE, rank, "licence"))
        return refutes

    def _in_name(self, name: str) -> tuple[list[NameWord], bool]:
        words, refutes = [], False
        for start, end, rule in self._names.speaking(name):
            if isinstance(rule, FalseFriend):
                refutes = refutes or rule.refutes
            else:
                words.append(NameWord(rule, start, end))
        return _of_establishment(name, words), refutes


def _told(named: list[NameWord], found: list[ScopeWord]) -> list[NameWord]:
    """The words of a name, but for those to which only the scope gives a meaning: 光学 of one who fits spectacles."""
    if not any(word.rule.only_if_told for word in named):
        return named
    sectors = {word.sector for word in found}
    return [word for word in named if not word.rule.only_if_told or word.rule.sector in sectors]


def _of_establishment(name: str, words: list[NameWord]) -> list[NameWord]:
    """What a branch says of itself (…有限公司某某诊所) outweighs what its parent is called."""
    if not words:
        return words
    form = _LEGAL_FORM.search(name)
    if form is None:
        return words
    return [word for word in words if word.start >= form.end()] or words
