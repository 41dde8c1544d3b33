"""The proof of an event as a value: its steps, what each states, and which checks held. Texts are as captured."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

Facts = tuple[tuple[str, str], ...]  # label and value, in the order in which they are shown


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was verified, in words that say what was found."""

    holds: bool
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the statement stands in the captured reply: a row's or record's cells, or the paragraph of a sentence.

    `markup` is the captured page cleaned for showing: only elements without attributes, the statement in <mark>.
    """

    title: str
    cells: Facts = ()
    paragraph: str = ""
    markup: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of the chain. `notes` say what a reader must know and nothing can verify."""

    title: str
    facts: Facts = ()
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The whole proof of an event."""

    event_id: str
    title: str
    steps: tuple[Step, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """All that was verified."""
        return tuple(chain.from_iterable(step.checks for step in self.steps))

    @property
    def broken(self) -> int:
        """How many checks do not hold."""
        return sum(not check.holds for check in self.checks)

    @property
    def verdict(self) -> str:
        """The whole in one sentence."""
        count = len(self.checks)
        if self.broken:
            return f"THE PROOF IS NOT WHOLE: {self.broken} of {count} checks do not hold"
        return f"the proof is whole: all {count} checks hold"
