"""A whole load on a district's full list: the first, one with nothing new, one with a few changes, and a rebuild."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from pipelines.load import load
from tests.bench.invented import write_run

FIRMS = 60_000  # about what a Shanghai district has in its full list


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for what, day, changed in (("first reading", 0, 0), ("nothing new", 1, 0), ("200 raised capital", 2, 200)):
            write_run(home, FIRMS, day=day, changed=changed)
            _told(what, home)
        _told("rebuild of all three", home, again=True)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def _told(what: str, home: Path, *, again: bool = False) -> None:
    began = time.perf_counter()
    done = load(home, code_version="bench", progress=lambda step, at, total: None, again=again)
    took = time.perf_counter() - began
    assert done.published is not None
    print(f"{FIRMS:,} firms, {what}: {took:.1f} s to the published file, {done.published.events} events", flush=True)


if __name__ == "__main__":
    main()
