"""Tells one claim in one language: what it counts, of which firms, where, and the figure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from crawler.fields.money import Money
from reports.claim import Claim, Scope, Subject, Unit
from reports.untrusted import clean
from reports.words import Words

_NAME = 40


def claim_phrase(claim: Claim, say: Words) -> str:
    """What is claimed, in words: `企业和机构数（高端医疗器械）：超过 80 家（2026 年目标）`."""
    stated = stated_phrase(claim, say)
    how = "target" if claim.is_target else "stated"
    measure = say.heading(say("measure", claim.measure))
    of = [*place_phrase(claim, say)]
    if claim.subject is not Subject.LIFE_HEALTH:
        of.append(subject_phrase(claim.subject, say))
    if of:
        measure = say("claim", "of", measure=measure, of=say("claim", "between").join(of))
    if claim.year is None:
        return say("claim", how, measure=measure, stated=stated)
    return say("claim", f"{how}_for", measure=measure, stated=stated, year=claim.year)


def stated_phrase(claim: Claim, say: Words) -> str:
    """The figure alone: `超过 3,500 家`."""
    if claim.value is None:
        return say("notes", "see_quote")
    return say("relation", claim.relation, figure=_figure(claim, say))


def _figure(claim: Claim, say: Words) -> str:
    value = claim.value or Decimal(0)
    if claim.unit not in list(Unit):
        return say.money(Money(value, claim.unit))
    return say.count("unit", claim.unit, 1 if value == 1 else 2, figure=f"{value:,f}")


def place_phrase(claim: Claim, say: Words) -> Iterator[str]:
    """Where it counts, nothing where that is the district: the place's name, else of what sort it is."""
    if claim.scope is not Scope.DISTRICT:
        zh = say.language == "zh"
        named = (claim.place_zh or claim.place_en) if zh else (claim.place_en or claim.place_zh)
        yield clean(named, _NAME) or say("scope", claim.scope)


def subject_phrase(subject: Subject, say: Words) -> str:
    """Which firms it counts."""
    return say("sub_sector" if say.knows("sub_sector", subject) else "subject", subject)
