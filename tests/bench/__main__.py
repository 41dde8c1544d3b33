"""`make bench`, or `python -m tests.bench NAME`: every figure the project states, measured on this machine.

`python -m tests.bench article_text FOLDER` needs other people's pages, of which none is ours to hold.
"""

from __future__ import annotations

import subprocess
import sys

BENCHES = {
    "load": "items per second and peak memory of loading a run folder, at two sizes",
    "night": "a whole night on a district's full list: nothing new, and a few changes",
    "classify": "firms per second of classification",
    "news": "articles per second of reading, against twenty thousand known firms",
    "mutants": "broken replies of every source, 20,000 of them: none may raise, hang or give a wrong type",
    "article_text": "pages nobody documented, read as a person reads them (needs a FOLDER of marked pages)",
    "registrations": "real registrations quarter by quarter (needs PUTUO_REFERENCE)",
    "faults": "kill -9, full disks, readers at work: hundreds of times (the better part of an hour; only when named)",
}
_WHEN_NAMED = {"faults", "article_text"}
_TAKES_A_FOLDER = "article_text"


def main(names: list[str]) -> int:
    folder = names[1:] if names[:1] == [_TAKES_A_FOLDER] else []
    names = names[:1] if folder else names
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are:")
        for name, what in BENCHES.items():
            print(f"  {name:<14}{what}")
        return 2
    for name in names or [name for name in BENCHES if name not in _WHEN_NAMED]:
        print(f"\n== {name}: {BENCHES[name]}", flush=True)
        code = subprocess.run([sys.executable, "-m", f"tests.bench.{name}", *folder], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
