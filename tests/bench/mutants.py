"""`python -m tests.bench mutants`, or `python -m tests.bench.mutants 50000`: broken replies, by the ten thousand.

Says for each source how many replies of its fixtures were broken, and how many of these raised, took over a second, or
gave an item with a wrong type. Exit code 1 if any did. The mutants are the same every time; SEED as a second argument
gives others.
"""

from __future__ import annotations

import itertools
import logging
import math
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fixtures.case import Case, cases, set_up
from tests.mutants import mutants, wrong_types
from tests.offline import MOST_REQUESTS, play

MUTANTS = 20_000
LONGEST = 1.0  # seconds of processor time
_SHOWN = 5


class _HangError(Exception):
    """A mutant that was not read within its second."""


@dataclass(slots=True)
class Tally:
    """What came of the mutants of a case."""

    source: str
    tried: int = 0
    bad: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def note(self, kind: str, what: str) -> None:
        self.bad[kind] += 1
        if len(self.shown) < _SHOWN:
            self.shown.append(f"{kind}: {what}")


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def over(*_: object) -> None:
        raise _HangError

    signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def tally(case: Case, many: int, seed: int) -> Tally:
    """Tries so many mutants of a case."""
    logging.disable(logging.CRITICAL)
    found = Tally(case.source)
    with tempfile.TemporaryDirectory() as home:
        set_up(case, Path(home) / "home")
        for done, mutant in itertools.islice(mutants(case, seed), many):
            found.tried += 1
            begun = time.process_time()
            try:
                with _at_most(LONGEST):
                    played = play(mutant, Path(home) / "home", write=False)
            except _HangError:
                found.note("hang", done)
                continue
            except Exception:
                found.note("raised", f"{done}\n{traceback.format_exc(limit=-3)}")
                continue
            found.slowest = max(found.slowest, time.process_time() - begun)
            if len(played.asked) >= MOST_REQUESTS:
                found.note("endless", done)
            if wrong := [said for item in played.items for said in wrong_types(item)]:
                found.note("wrong type", f"{done}: {wrong[0][:200]}")
    return found


def main(many: int, seed: int) -> int:
    """Spreads the mutants over all cases, and prints what came of them."""
    all_cases = list(cases())
    each = math.ceil(many / len(all_cases))
    begun = time.monotonic()
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(tally, all_cases, itertools.repeat(each), itertools.repeat(seed)))
    by_source: dict[str, list[Tally]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
    kinds = f"{'raised':>8}{'hang':>6}{'endless':>9}{'wrong type':>12}"
    print(f"{'source':<22}{'cases':>6}{'mutants':>9}{kinds}{'slowest ms':>12}")
    for source, tallies in by_source.items():
        bad = sum((one.bad for one in tallies), Counter[str]())
        tried, slowest = sum(one.tried for one in tallies), max(one.slowest for one in tallies)
        counts = f"{bad['raised']:>8}{bad['hang']:>6}{bad['endless']:>9}{bad['wrong type']:>12}"
        print(f"{source:<22}{len(tallies):>6}{tried:>9}{counts}{slowest * 1000:>12.0f}")
    total, bad_total = sum(one.tried for one in found), sum(one.bad.total() for one in found)
    print(f"{total} mutants of {len(all_cases)} cases in {time.monotonic() - begun:.0f} s: {bad_total} bad")
    for line in [line for one in found for line in one.shown][:20]:
        print(line)
    return 1 if bad_total else 0


if __name__ == "__main__":
    said = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*(said + [MUTANTS, 1][len(said) :])))
