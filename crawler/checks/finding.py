"""What a check is given, and what it says: a verdict, what was looked at, what was found and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crawler.config import Config

Finding = tuple[str, str, str]
OK: Final = "ok"
NOTE: Final = "note"
BAD: Final = "BAD"


@dataclass(frozen=True, slots=True)
class Installation:
    """What monitor.toml says, and the data directory."""

    settings: Config
    home: Path


Check = Callable[[Installation], Iterator[Finding]]


def findings(check: Check, here: Installation) -> Iterator[Finding]:
    """What a check finds; where it may not look, that is its finding."""
    try:
        yield from check(here)
    except OSError as error:
        yield BAD, getattr(check, "__name__", "check").replace("_", " "), f"cannot be looked at: {error}"
