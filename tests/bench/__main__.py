"""`make bench`, or `python -m tests.bench NAME`: every figure the project states, measured on this machine.

`python -m tests.bench article_text FOLDER` needs other people's pages, `core_names FILE` their list of names: none of
these is ours to hold.
"""

from __future__ import annotations

import subprocess
import sys

BENCHES = {
    "load": "items per second and peak memory of loading a run folder, at two sizes",
    "night": "a whole night on a district's full list: nothing new, and a few changes",
    "classify": "firms per second of classification",
    "news": "pages read a second and peak memory, against 20,000 and 100,000 known names (also of a FILE of pages)",
    "mutants": "broken replies of every source, 20,000 of them: none may raise, hang or give a wrong type",
    "article_text": "pages nobody documented, read as a person reads them (needs a FOLDER of marked pages)",
    "core_names": "core names of organisations, found as a person marked them (needs a FILE of marked names)",
    "jionlp": "money, days and places, read as another project's test cases have them (needs a FOLDER of those)",
    "registrations": "real registrations quarter by quarter (needs PUTUO_REFERENCE)",
    "faults": "kill -9, full disks, readers at work: hundreds of times (the better part of an hour; only when named)",
}
_NEED_A_PATH = {"article_text", "core_names", "jionlp"}
_TAKE_A_PATH = {"news", *_NEED_A_PATH}
_WHEN_NAMED = {"faults", *_NEED_A_PATH}


def main(names: list[str]) -> int:
    path = names[1:] if names and names[0] in _TAKE_A_PATH else []
    names = names[:1] if path else names
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are:")
        for name, what in BENCHES.items():
            print(f"  {name:<14}{what}")
        return 2
    for name in names or [name for name in BENCHES if name not in _WHEN_NAMED]:
        print(f"\n== {name}: {BENCHES[name]}", flush=True)
        code = subprocess.run([sys.executable, "-m", f"tests.bench.{name}", *path], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
