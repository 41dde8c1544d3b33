"""What a sweep remembers from night to night: how far it has come, and by what the next slice joins it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from crawler.clock import read_stamp


class SweepError(ValueError):
    """A remembered state that is not as `SweepState.said` writes it; says what is wrong with it."""


@dataclass(slots=True)
class SweepState:
    """A sweep as it stands: what of it is verified.

    `page` is the next to read, `pages` how many there are, `last` holds the records of the page read last, `head` those
    that the first page showed at the begin. `tries` counts those of the next stretch, `back` is by how many pages more
    the next one begins ahead. `ended` is a sweep that has come to the end of the list, `over` one that has nothing more
    to look at.
    """

    sweep: str = ""
    page: int = 1
    pages: int = 0
    last: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    whole: bool = True
    tries: int = 0
    back: int = 0
    ended: bool = False
    over: bool = False

    def said(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def read_state(said: Mapping[str, Any]) -> SweepState:
    """What `said` wrote; of nothing, no sweep yet. Raises SweepError."""
    if not said:
        return SweepState()
    fresh = asdict(SweepState())
    wrong = [name for name, value in fresh.items() if type(said.get(name)) is not type(value)]
    lists = ("last", "head")
    wrong = wrong or [name for name in lists if not all(isinstance(key, str) for key in said[name])]
    if wrong:
        raise SweepError(f"what the last run remembered cannot be read: {', '.join(wrong)}")
    if said["page"] < 1 or min(said["pages"], said["tries"], said["back"]) < 0:
        raise SweepError("what the last run remembered cannot be read: it counts below nothing")
    try:
        read_stamp(said["sweep"])
    except ValueError as error:
        raise SweepError(f"what the last run remembered cannot be read: sweep is {said['sweep']!r}") from error
    known = {each.name: said[each.name] for each in fields(SweepState)}
    return SweepState(**known | {name: list(said[name]) for name in lists})
