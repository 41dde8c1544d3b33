"""The file that a command is told to write: refused before the long work, then there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from crawler.command import MISTAKE, CommandError


@contextmanager
def replacing(name: str, *read: Path) -> Iterator[TextIO]:
    """A text file (UTF-8, line ends as written) that becomes `name` if nothing is raised, and vanishes otherwise.

    `read` are the files it is made from. Raises CommandError, before anything is yielded, where no such file can be
    written, or where it is one of these: a slip of the hand must not cost what was judged by people.
    """
    path = Path(name)
    if any(path.exists() and one.exists() and path.samefile(one) for one in read):
        raise CommandError(f"-o {path}: is what is read; name another file", MISTAKE)
    if path.is_symlink() or (path.exists() and not path.is_file() and not path.is_dir()):
        # What is written to a link, a pipe or a device must go through it: a rename would put a file in its place.
        with _opened(path) as file:
            yield file
        return
    if path.is_dir():
        raise CommandError(f"-o {path}: is a folder; say which file in it", MISTAKE)
    if not path.parent.is_dir():
        raise CommandError(f"-o {path}: there is no folder {path.parent}", MISTAKE)
    unfinished = path.with_name(f".{path.name}.unfinished")
    begun = _opened(unfinished)
    try:
        with begun as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"-o {path}: cannot be written ({error.strerror})") from error
