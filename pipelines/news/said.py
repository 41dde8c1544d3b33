"""A sentence that states an event, with the firms that it names and the lists that they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.news.rules import StatementRule
from pipelines.news.slots import Slot

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
CLAUSE = re.compile(r",(?![0-9]{3})|:")
JOINS = re.compile(
    r"[,、 ]*(?:、|,|和|与|及|以及|and|&)?[ ]*$"
    r"|,? as well as (?:the |(?:china|israel|shanghai)(?:’s|'s) )?$|,? and (?:china|israel)(?:’s|'s) $"
)
# In a list of short names those that we do not know may stand between two that we do.
JOINS_UNKNOWN = re.compile(r"(?:、[^,、;:。的与和及]{2,16})+(?:、|和|与|及|以及)")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement's sentence, folded, with the words that state the event."""

    low: str
    plain: str  # the same with capitals
    trigger: tuple[int, int]  # within `low`
    rule: StatementRule

    def within(self) -> int:
        """Where the words of the trigger begin, its verb left out."""
        said = self.low[self.trigger[0] : self.trigger[1]]
        return self.trigger[1] - max(
            (len(word) for word in self.rule.trigger if said.endswith(word)), default=len(said)
        )

    @property
    def is_english(self) -> bool:
        # English pages print ’ and é too.
        first = self.low[self.trigger[0]]
        return first.isascii() and first.isalpha() and _CHINESE.search(self.low) is None


def list_ending_at(sentence: Said, before: list[Slot]) -> list[Slot]:
    """The firms named one behind another, up to the one before the trigger."""
    chosen = [before[-1]]
    for slot in reversed(before[:-1]):
        between = sentence.low[slot.end : chosen[0].start]
        if not JOINS.fullmatch(between) and not JOINS_UNKNOWN.fullmatch(between):
            break
        chosen.insert(0, slot)
    return chosen
