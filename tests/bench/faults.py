"""The faults that the monitor survives, again and again: `python -m tests.bench.faults [WHAT [SEED [KILLS [FIRMS]]]]`.

WHAT is `kills`, `disk`, `readers` or `others`; without it all are tried, which takes the better part of an hour. SEED
is the first round's: each round of kills is a data directory of its own with FIRMS firms and prints its seed, so that
one that failed can be had again by itself. Ends with a table: which fault, how often, and what came of it. Any loss
ends it at once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.crawler.crawling import ROOT
from tests.faults.filling import Attempt, Filled
from tests.faults.killing import Killer, Tally
from tests.faults.reading import publish_and_read
from tests.faults.small_disk import small_disk
from tests.faults.test_full_disk import made_steps

SEED = 20261101
KILLS, KILLS_A_ROUND = 200, 20
FIRMS = 20_000
PUBLISHES, OPENS = 200, 1_000
_STEPS = {"crawl": 65_536, "load": 65_536, "weekly": 16_384}  # bytes from one try to the next
_MOST_TRIES = 500
_OTHERS = {
    "run folder truncated, edited, newer, copied": "test_spoiled_folders.py",
    "two nights, loads, crawls, schedules at once": "test_two_at_once.py",
    "a reader for a whole night; one who writes": "test_readers.py",
    "clock set back": "test_clock_set_back.py",
}

Row = tuple[str, str, str]


def kills(seed: int, times: int, firms: int) -> Iterator[Row]:
    """Rounds of kills; yields a row for each phase."""
    total = Tally()
    while total.kills.total() < times:
        tally = _round(seed, min(KILLS_A_ROUND, times - total.kills.total()), firms)
        total.add(tally)
        seed += 1
    for phase, count in sorted(total.kills.items()):
        yield f"kill -9 in {phase}", f"{count} kills", "no fact lost, none doubled; the published file opened, whole"
    yield (
        "kill -9, all phases",
        f"{total.kills.total()} kills ({total.alone} of the parent alone)",
        f"{len(total.published)} different published files; {total.escaped} commands ended before their moment",
    )


def _round(seed: int, times: int, firms: int) -> Tally:
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        killer = Killer(Path(name) / "home", Path(name) / "aside", seed=seed, firms=firms)
        try:
            killer.undisturbed()
            killer.kill(times)
            killer.finish()
        except BaseException:
            print(f"seed {seed}: FAILED after {killer.tally.kills.total()} kills", flush=True)
            raise
        hit = ", ".join(f"{phase} {count}" for phase, count in sorted(killer.tally.kills.items()))
        print(f"seed {seed}: {times} kills in {time.perf_counter() - began:.0f} s ({hit}); sound", flush=True)
        return killer.tally


def disk() -> Iterator[Row]:
    """Each command on a disk with a little more room each time, until it has enough."""
    with tempfile.TemporaryDirectory() as name:
        steps = made_steps(Path(name))
        for command, step in steps.items():
            aside = Path(name) / f"of {command}"
            with small_disk(Path(name) / f"disk of {command}", 64) as small:
                attempts = list(_until_it_fits(Filled(small, step, aside), _STEPS[command]))
            said = Counter(attempt.error.split(":")[0] for attempt in attempts if attempt.error)
            print(f"{command}: enough with {attempts[-1].free // 1024} KiB; {dict(said)}", flush=True)
            tried = f"{len(attempts)} tries, every {_STEPS[command] // 1024} KiB"
            told = f"{len(attempts) - 1} said so in one line and exit code 1; the same result once there was room"
            yield f"disk full: {command}", tried, told


def _until_it_fits(filled: Filled, step: int) -> Iterator[Attempt]:
    for number in range(_MOST_TRIES):
        attempt = filled.attempt(number * step)
        yield attempt
        if attempt.exitcode == 0:
            return
    raise AssertionError(f"it never had room enough, not even with {_MOST_TRIES * step} bytes")


def readers() -> Iterator[Row]:
    """The published file opened while it is replaced."""
    with tempfile.TemporaryDirectory() as name:
        seen = publish_and_read(Path(name), publishes=PUBLISHES, opens=OPENS, nights=4)
    assert not seen.errors, seen.errors[:3]
    assert not seen.mixed, seen.mixed[:3]
    tried = f"{len(seen.views)} opens during {len(seen.published)} publishes"
    yield "concurrent readers", tried, f"no error, no mixed view; {seen.nights} of the files were met"


def others() -> Iterator[Row]:
    """What happens once and not a hundred times is in the tests."""
    for fault, file in _OTHERS.items():
        words = [sys.executable, "-m", "pytest", "-q", "-n0", f"tests/faults/{file}"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        yield fault, f"{done.stdout.split('[')[0].count('.')} tests", f"all pass (tests/faults/{file})"


def main(what: str = "", seed: str = str(SEED), times: str = str(KILLS), firms: str = str(FIRMS)) -> None:
    """Tries what is asked for, and prints the table."""
    every: dict[str, Callable[[], Iterator[Row]]] = {
        "kills": lambda: kills(int(seed), int(times), int(firms)),
        "disk": disk,
        "readers": readers,
        "others": others,
    }
    if what and what not in every:
        sys.exit(f"no fault {what!r}; there are: {', '.join(every)}")
    rows: list[Row] = []
    for name in [what] if what else every:
        print(f"-- {name}", flush=True)
        rows += every[name]()
    print()
    for fault, tried, came in [("fault", "tried", "what came of it"), *rows]:
        print(f"{fault:<46}{tried:<44}{came}")


if __name__ == "__main__":
    main(*sys.argv[1:])
