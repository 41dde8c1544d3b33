"""A label that an analyst can argue with: which words spoke, by which rule, and what each fact added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.classify.engine import Explanation, Option
from pipelines.classify.label import Label, Subject, SubSector

_SHOWN: Final = 12  # facts of a side; those that add least are summed up
_LEAST: Final = 0.05  # points below which a fact is not worth a line
_SCOPE: Final = 600  # characters of a scope shown

# How a fact is told; the first pattern that fits counts. Whatever fits none is told by its name.
_TOLD: Final = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"name\.absent", "nothing in the name speaks of it"),
        (r"name\.(\w+)\+scope\.(\w+)", r"the name speaks: \1; the scope: \2"),
        (r"name\.(\w+)", r"the strongest word of the name is \1"),
        (r"name:(\S+?)\?", r"the name, by rule \1, which gives way to what the scope says"),
        (r"name:(\S+)", r"the name, by rule \1"),
        (r"called\.([\w-]+)\+(\w+)", r"the name calls the firm: \1, and it is \2"),
        (r"called\.([\w-]+)", r"the name calls the firm: \1"),
        (r"scope\.speaks", "the scope speaks of life-health"),
        (r"scope\.silent", "nothing in the scope speaks of it"),
        (r"scope\.empty", "no scope is given"),
        (r"scope:(\S+)", r"the scope, by rule \1"),
        (r"first:(\S+)", r"the first life-health item, by rule \1"),
        (r"first\.(\w+)", r"the first life-health item is of it, and \1"),
        (r"lead(\d)\.silent", r"item \1 of the scope is of something else"),
        (r"lead(\d)\.(\w+)", r"item \1 of the scope speaks, \2"),
        (r"before\.0", "no telling item stands before the first life-health one"),
        (r"before\.3", "three telling items or more stand before the first life-health one"),
        (r"before\.(\d)", r"telling items before the first life-health one: \1"),
        (r"best\.(\w+)", r"the strongest words of the scope are \1"),
        (r"telling\.share>=([\d.]+)", r"of the items that tell firms apart, a share of \1 or more speaks"),
        (r"share>=([\d.]+)", r"of all items of the scope, a share of \1 or more speaks"),
        (r"share\.(\w+)>=([\d.]+)", r"of all items of the scope, a share of \2 or more is \1 or better"),
        (r"part>=([\d.]+)", r"of the life-health items, a share of \1 or more is of it"),
        (r"own>=(\d+)", r"\1 items or more are of it"),
        (r"strong>=(\d+)", r"\1 items or more speak strongly"),
        (r"others>=(\d+)", r"\1 telling items or more are of something else"),
        (r"sector\.(\w+)", r"\1 as such"),
        (r"named\.(\w+)\+(\w+)", r"\1, though the name also speaks for \2"),
    )
)


def told(fact: str) -> str:
    """A fact in words."""
    for pattern, words in _TOLD:
        if match := pattern.fullmatch(fact):
            return match.expand(words)
    return fact


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """The label, the words, and the points, line by line."""
    subject, label = explanation.subject, explanation.label
    yield subject.name or subject.name_en or "(no name)"
    yield f"  {_verdict(label)}; score {label.score:.3f}; rules {label.rules_version}"
    yield from _subject_lines(subject)
    if not label.evidence:
        yield "  words: none that speaks of life-health (excluded ones and false friends are no evidence)"
        return
    yield "  words that speak:"
    for span in label.evidence:
        place = f" {span.start}–{span.end}" if span.field in ("name", "name_en", "scope") else ""
        yield f"    {span.field}{place}: {span.text}  ({span.rule})"
    yield from _weighing_lines("grade", explanation.grades)
    if label.primary is not SubSector.NONE:
        yield from _weighing_lines("primary sub-sector", explanation.primaries)


def _verdict(label: Label) -> str:
    also = f", also {', '.join(label.secondary)}" if label.secondary else ""
    return f"{label.grade}, {label.primary}{also}" if label.primary is not SubSector.NONE else str(label.grade)


def _subject_lines(subject: Subject) -> Iterator[str]:
    cut = "…" if len(subject.scope) > _SCOPE else ""
    yield f"  scope: {subject.scope[:_SCOPE] + cut or '(none)'}"
    if subject.name and subject.name_en:
        yield f"  English name: {subject.name_en}"
    if subject.industry:
        yield f"  industry: {subject.industry}"
    if subject.licences:
        yield f"  licences: {', '.join(subject.licences)}"


def _weighing_lines(question: str, options: Sequence[Option]) -> Iterator[str]:
    """The likelier answer against the next: what speaks for it, what against."""
    yield f"  {question}: " + ", ".join(f"{option.answer} {option.probability:.3f}" for option in options)
    if len(options) < 2:
        return
    first, second = options[0], options[1]
    points = dict(first.weighed)
    for fact, weight in second.weighed:
        points[fact] = points.get(fact, 0.0) - weight
    yield f"    why {first.answer} rather than {second.answer} (points; {sum(points.values()):+.2f} in all):"
    heaviest = sorted(points.items(), key=lambda fact: -abs(fact[1]))
    shown = [(fact, weight) for fact, weight in heaviest if abs(weight) >= _LEAST][:_SHOWN]
    for fact, weight in shown:
        yield f"      {weight:+.2f}  {told(fact)}"
    rest = sum(points.values()) - sum(weight for _, weight in shown)
    if len(shown) < len(points):
        yield f"      {rest:+.2f}  {len(points) - len(shown)} lesser facts"
