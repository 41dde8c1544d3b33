"""What there is to read at a local path: one file, or the files of a drop folder that were not read before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crawler.run_folder import Outcome, describe_file

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"})


@dataclass(frozen=True, slots=True)
class Drop:
    """The files to read, in name order, and what to remember: sha256 → name of every file now in the folder."""

    files: tuple[Path, ...]
    remember: dict[str, str]


def look(path: Path, listing: str, read_before: dict[str, str]) -> Drop | tuple[Outcome, str]:
    """What to read at `path`, or how the run ends without reading.

    A file that is named is always read. Of a folder of `full` lists the newest is: two of them read as one would hide
    every change between them, and nobody would ever leave. Of a folder of `new` ones every file not read before is.
    """
    if path.is_file():
        return Drop((path,), read_before)
    if not path.is_dir():
        return Outcome.FAILED, f"no such file or folder: {path}"
    files = [file for file in sorted(path.iterdir()) if _is_extract(file)]
    if not files:
        return Outcome.EMPTY_ALLOWED, f"no extract in the drop folder {path}"
    if listing == "full":
        files = [max(files, key=lambda file: (file.stat().st_mtime, file.name))]
    digests = {file: str(describe_file(file)["sha256"]) for file in files}
    fresh = [file for file in files if digests[file] not in read_before]
    if not fresh:
        return Outcome.EMPTY_ALLOWED, f"no new extract in {path} since the last complete run"
    return Drop(tuple(fresh), {digests[file]: file.name for file in files})


def _is_extract(file: Path) -> bool:
    return file.is_file() and file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$"))
