"""Which of people's words stood when, and from when to when what follows from them held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, Protocol, TypeVar

import pyarrow as pa

_INSTANT: Final = pa.timestamp("us")
# As `Held.columns` names them: away[i] are the times in between, in order, in which it was denied.
TIMES: Final = [
    ("decided_at", _INSTANT),
    ("denied_at", _INSTANT),
    ("away", pa.list_(pa.struct([("since", _INSTANT), ("until", _INSTANT)]))),
]


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

    `since` is None where nobody's word was needed, `until` where it holds still. `away` are the times in between in
    which it had been taken away and was not given back yet.
    """

    value: Value
    since: datetime | None
    until: datetime | None
    away: tuple[tuple[datetime, datetime], ...] = ()

    def columns(self) -> dict[str, Any]:
        """The times as a row of TIMES."""
        away = [{"since": since, "until": until} for since, until in self.away]
        return {"decided_at": self.since, "denied_at": self.until, "away": away}


def turns(words: Sequence[Word]) -> Iterator[tuple[datetime | None, list[Word]]]:
    """The words that stood, from the beginning (None: nobody had said anything) and from each instant that changed it.

    The words keep their order. One that was withdrawn at once stood for no time, and yet had its turn: a load may have
    come in between.
    """
    said = [(word, None if word.until is None else max(word.since, word.until)) for word in words]
    yield None, []
    for turn in sorted({word.since for word in words} | {until for _, until in said if until is not None}):
        if any(word.since == until == turn for word, until in said):
            yield turn, [word for word, until in said if word.since <= turn and (until is None or turn <= until)]
        yield turn, [word for word, until in said if word.since <= turn and (until is None or turn < until)]


def held(steps: Iterable[tuple[datetime | None, Mapping[Key, Value]]]) -> dict[Key, Held[Value]]:
    """From when to when each key was there, of what was there from each instant on."""
    found: dict[Key, Held[Value]] = {}
    last: Mapping[Key, Value] = {}
    for turn, there in steps:
        for key in last.keys() - there.keys():
            found[key] = replace(found[key], until=turn)
        for key, value in there.items():
            if (was := found.get(key)) is None:
                found[key] = Held(value, turn, None)
            elif was.until is not None and turn is not None:
                away = ((was.until, turn),) if was.until < turn else ()
                found[key] = Held(value, was.since, None, (*was.away, *away))
            else:
                found[key] = replace(was, value=value)
        last = there
    return found
