"""How often the core of an organisation's name is found as a person marked it: `python -m tests.bench core_names FILE`.

FILE holds a name a line, then a blank and its core where it has one, as the public list of companynameparser (its
`tests/groundtruth.txt`). Its first half was studied while the words were written, its second half was not. Nothing of
it is the project's own.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NamedTuple

from pipelines.resolve.company_name import core_name


class Marked(NamedTuple):
    """A name, and the core that a person marked in it."""

    name: str
    core: str


def main(file: Path, show: str) -> None:
    """Takes every name of the file apart, and prints the hits; the misses of the studied half if `show` is "misses"."""
    names = read(file)
    middle = len(names) // 2
    started = time.process_time()
    missed = {name for name in names if core_name(name.name) != name.core}
    spent = time.process_time() - started
    for what, part in (("studied half", names[:middle]), ("other half", names[middle:]), ("whole", names)):
        hits = sum(name not in missed for name in part)
        print(f"{what:<13}{hits} of {len(part)} ({hits / max(len(part), 1):.1%})")
    print(f"{spent / max(len(names), 1) * 1e6:.0f} µs a name, words read once included")
    if show == "misses":
        for name in names[:middle]:
            if name in missed:
                print(f"{name.name}  marked {name.core or 'none'}, found {core_name(name.name) or 'none'}")


def read(file: Path) -> list[Marked]:
    """The names of a file in order. Raises ValueError for a line that is not as described."""
    names = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        if not 1 <= len(words) <= 2:
            raise ValueError(f"{file}:{number}: a name and its core are asked for, not {line!r}")
        names.append(Marked(words[0], words[1] if len(words) == 2 else ""))
    return names


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("say which file: python -m tests.bench core_names FILE [misses]")
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else "")
