"""Judged registrations: the rows of a labels file, checked, or refused with the line and what is wrong there."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipelines.classify.label import Grade, Subject, SubSector

NEEDED: Final = ("uscc", "name", "scope", "grade", "primary")
_OPTIONAL: Final = ("industry", "secondary", "alt_grade", "alt_primary", "registered", "district")
_SHOWN: Final = 80  # characters of a wrong word


class JudgedError(ValueError):
    """A labels file cannot be used; the message names file, line and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A registration and what a careful reader says of it. Where two readers differed, either may count as right."""

    uscc: str
    subject: Subject
    grade: Grade
    primary: SubSector
    secondary: tuple[SubSector, ...] = ()
    alt_grade: Grade | None = None
    alt_primary: SubSector | None = None
    registered: str = ""
    district: str = ""
    why: str = field(default="", compare=False)  # of a decision: who decided, and the reason

    def accepts_grade(self, grade: Grade) -> bool:
        """Whether this grade is right."""
        return grade in (self.grade, self.alt_grade)

    def accepts_primary(self, primary: SubSector) -> bool:
        """Whether this primary sub-sector is right."""
        return primary in (self.primary, self.alt_primary)


@dataclass(frozen=True, slots=True)
class LabelsFile:
    """The rows of a labels file, and a short hash by which weights name what they were learned from."""

    path: Path
    fingerprint: str
    rows: tuple[Judged, ...]


def read_judged(path: Path) -> LabelsFile:
    """A labels file: CSV, UTF-8, with a header of at least uscc, name, scope, grade and primary.

    Raises JudgedError, OSError.
    """
    body = path.read_bytes()
    rows = tuple(_rows(path, body))
    if not rows:
        raise JudgedError(f"{path}: holds no judged row")
    return LabelsFile(path, hashlib.sha256(body).hexdigest()[:8], rows)


def _rows(path: Path, body: bytes) -> Iterator[Judged]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JudgedError(f"{path}: byte {error.start}: is not UTF-8") from error
    records = _records(path, text)
    place, header = next(records, (f"{path}:1", []))
    _check_header(place, header)
    for place, record in records:
        if len(record) > len(header):
            raise JudgedError(f"{place}: {len(record)} cells where the header has {len(header)}")
        yield _row(place, dict(zip(header, record, strict=False)))


def _records(path: Path, text: str) -> Iterator[tuple[str, list[str]]]:
    """The rows that hold anything, each with the place of its first line. Only CR and LF part rows."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        place = f"{path}:{reader.line_num + 1}"
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise JudgedError(f"{place}: this row is no CSV: {error}") from error
        if record is None:
            return
        if record:
            yield place, record


def _check_header(place: str, header: list[str]) -> None:
    if missing := [name for name in NEEDED if name not in header]:
        raise JudgedError(f"{place}: the header lacks {', '.join(missing)} (needed: {', '.join(NEEDED)})")
    if repeated := [name for name, times in Counter(header).items() if name and times > 1]:
        raise JudgedError(f"{place}: the header names {', '.join(f'{name!r:.{_SHOWN}}' for name in repeated)} twice")


def _row(place: str, row: dict[str, str]) -> Judged:
    # Spreadsheet programs leave out the empty cells at the end of a row.
    cells = {name: row.get(name, "").strip() for name in (*NEEDED, *_OPTIONAL)}
    grade, primary = _grade(place, "grade", cells["grade"]), _sector(place, "primary", cells["primary"])
    if (grade is Grade.NONE) != (primary is SubSector.NONE):
        raise JudgedError(f"{place}: grade {grade} does not go with primary {primary}")
    return Judged(
        uscc=cells["uscc"].upper(),
        subject=Subject(cells["name"], cells["scope"], industry=cells["industry"]),
        grade=grade,
        primary=primary,
        secondary=tuple(_sector(place, "secondary", word) for word in cells["secondary"].split("|") if word),
        alt_grade=_grade(place, "alt_grade", cells["alt_grade"]) if cells["alt_grade"] else None,
        alt_primary=_sector(place, "alt_primary", cells["alt_primary"]) if cells["alt_primary"] else None,
        registered=cells["registered"],
        district=cells["district"],
    )


def _grade(place: str, column: str, word: str) -> Grade:
    try:
        return Grade(word)
    except ValueError as error:
        raise JudgedError(f"{place}: {column}: {word!r:.{_SHOWN}} is none of {', '.join(Grade)}") from error


def _sector(place: str, column: str, word: str) -> SubSector:
    try:
        return SubSector(word)
    except ValueError as error:
        raise JudgedError(f"{place}: {column}: {word!r:.{_SHOWN}} is none of {', '.join(SubSector)}") from error
