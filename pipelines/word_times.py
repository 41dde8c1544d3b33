"""Which of people's words stood when, and from when to when what follows from them held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class TimedWord(Protocol):
    """A word that stands since one instant, until another (UTC; None: it stands still)."""

    @property
    def since(self) -> datetime:
        """When it was said."""

    @property
    def until(self) -> datetime | None:
        """When somebody withdrew it."""


Word = TypeVar("Word", bound=TimedWord)
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Held(Generic[Value]):
    """What followed at last, since when a word made it so, and when one took it away (UTC).

    `since` is None where nobody's word was needed, `until` where it holds still.
    """

    value: Value
    since: datetime | None
    until: datetime | None


def turns(words: Sequence[Word]) -> Iterator[tuple[datetime | None, list[Word]]]:
    """The words that stood, from the beginning (None: nobody had said anything) and from each instant that changed it.

    The words keep their order. One that was withdrawn before it was said never stood.
    """
    said = [word for word in words if word.until is None or word.since < word.until]
    yield None, []
    for turn in sorted({word.since for word in said} | {word.until for word in said if word.until is not None}):
        yield turn, [word for word in said if word.since <= turn and (word.until is None or turn < word.until)]


def held(steps: Iterable[tuple[datetime | None, Mapping[Key, Value]]]) -> dict[Key, Held[Value]]:
    """From when to when each key was there, of what was there from each instant on.

    What was taken away and given back was never away: a word that is taken back leaves what it denied as it was.
    """
    found: dict[Key, Held[Value]] = {}
    last: Mapping[Key, Value] = {}
    for turn, there in steps:
        for key in last.keys() - there.keys():
            found[key] = Held(found[key].value, found[key].since, turn)
        for key, value in there.items():
            found[key] = Held(value, found[key].since if key in found else turn, None)
        last = there
    return found
