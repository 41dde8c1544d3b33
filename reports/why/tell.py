"""Tells the proof of an event at a terminal: plain lines, bounded, with nothing in them that a terminal would obey."""

from __future__ import annotations

from collections.abc import Iterator

from reports.untrusted import verbatim
from reports.why.model import Chain, Facts, Place, Step

_LONGEST = 1_000  # characters of a value
_MOST_CELLS = 40


def lines_of(chain: Chain) -> Iterator[str]:
    """The proof, a line at a time."""
    yield _safe(chain.title)
    for step in chain.steps:
        yield ""
        yield from _step(step)
    yield ""
    yield chain.verdict


def _step(step: Step) -> Iterator[str]:
    yield f"{_safe(step.title)}"
    yield from _table(step.facts)
    for note in step.notes:
        yield f"  note  {_safe(note)}"
    for check in step.checks:
        yield f"  {'ok   ' if check.holds else 'WRONG'} {_safe(check.told)}"
    if step.place is not None:
        yield from _place(step.place)


def _place(place: Place) -> Iterator[str]:
    yield f"  {_safe(place.title)}:"
    if place.paragraph:
        yield f"  | {_safe(place.paragraph)}"
    yield from (f"  |{line}" for line in _table(place.cells[:_MOST_CELLS]))
    if len(place.cells) > _MOST_CELLS:
        yield f"  | and {len(place.cells) - _MOST_CELLS} more columns"


def _table(facts: Facts) -> Iterator[str]:
    names = [(_safe(label), _safe(value)) for label, value in facts]
    width = min(24, max((_columns(label) for label, _ in names), default=0))
    for label, value in names:
        yield f"  {label}{' ' * max(0, width - _columns(label))}  {value}".rstrip()


def _columns(text: str) -> int:
    """How many columns a text takes at a terminal: Chinese letters and their punctuation take two."""
    return sum(2 if letter >= "\u1100" and not "\u2000" <= letter <= "\u2e7f" else 1 for letter in text)


def _safe(text: str) -> str:
    return verbatim(" ".join(text.split()), _LONGEST)
