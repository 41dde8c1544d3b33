"""How commands speak: rich on a terminal, plain lines elsewhere; the same facts in both."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

logger = logging.getLogger("monitor")

_WIDE = 140  # columns where no terminal sets them: a table in a log should not be cut
_LINE_EVERY = 5.0  # seconds between plain progress lines


def out() -> Console:
    """Standard output, for results."""
    return Console(soft_wrap=True) if sys.stdout.isatty() else Console(width=_WIDE, soft_wrap=True)


def say(text: str = "") -> None:
    """A result line, as it is: no markup, no wrapping, no colour."""
    out().print(text, markup=False, highlight=False)


def complain(text: str) -> None:
    """An error, on standard error, in one piece."""
    Console(stderr=True, soft_wrap=True).print(text, markup=False, highlight=False)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Yields `tell(step, done, total)`: bars on a terminal, a log line every few seconds elsewhere."""
    if not sys.stderr.isatty():
        yield _plain(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(f"{title}: {step}", total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield tell


def _plain(title: str) -> Callable[[str, int, int], None]:
    told: dict[str, float] = {}

    def tell(step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done >= total or now - told.setdefault(step, now) >= _LINE_EVERY:
            told[step] = now
            logger.info("%s: %s %d of %d", title, step, done, total)

    return tell
