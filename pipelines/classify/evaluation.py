"""An evaluation as a person reads it: figures, classes, confusions, whether scores are true, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.classify.label import evidence_text
from pipelines.classify.measure import Asked, Quality, Reading, calibration_error, measure, reliability

ASKED: Final[tuple[Asked, ...]] = ("grade", "primary")
COLUMNS: Final = ("uscc", "name", "grade", "said_grade", "primary", "said_primary", "score", "evidence", "why")
_CONFUSIONS: Final = 12


def evaluation_lines(readings: Sequence[Reading]) -> Iterator[str]:
    """All but the rows that went wrong. Raises ValueError for no readings."""
    for asked in ASKED:
        yield from _quality_lines(measure(readings, asked))
        yield ""
    yield from _reliability_lines(readings)


def headline(readings: Sequence[Reading]) -> str:
    """Both macro-F1 with their intervals, in one line."""
    return "; ".join(_macro(measure(readings, asked)) for asked in ASKED)


def lowest(readings: Sequence[Reading]) -> float:
    """The lower of the two macro-F1."""
    return min(measure(readings, asked).macro_f1 for asked in ASKED)


def wrong_row(reading: Reading) -> tuple[str, ...]:
    """A row that went wrong, in the order of COLUMNS."""
    row, label = reading.judged, reading.label
    said = (f"{label.score:.3f}", evidence_text(label), row.why)
    return row.uscc, row.subject.name, str(row.grade), str(label.grade), str(row.primary), str(label.primary), *said


def wrong_lines(reading: Reading, scope_characters: int) -> Iterator[str]:
    """A row that went wrong, with the words that misled, in lines of their own."""
    row, label = reading.judged, reading.label
    said = f"read as {label.grade}, {label.primary} ({label.score:.2f})"
    yield f"{row.uscc} {row.subject.name}: is {row.grade}, {row.primary}; {said}"
    if row.why:
        yield f"    {row.why}"
    scope = row.subject.scope
    cut = "…" if len(scope) > scope_characters else ""
    yield f"    scope: {scope[:scope_characters] + cut or '(none)'}"
    yield f"    words: {evidence_text(label) or '(none)'}"


def _macro(quality: Quality) -> str:
    return f"{quality.asked} macro-F1 {quality.macro_f1:.3f} (95 %: {quality.low:.3f} to {quality.high:.3f})"


def _quality_lines(quality: Quality) -> Iterator[str]:
    yield f"{_macro(quality)}, accuracy {quality.accuracy:.3f}"
    yield f"    {'class':<20} {'rows':>6} {'precision':>10} {'recall':>8} {'F1':>7}"
    for one in quality.classes:
        yield f"    {one.name:<20} {one.rows:>6} {one.precision:>10.3f} {one.recall:>8.3f} {one.f1:>7.3f}"
    for right, said, rows in quality.confusions[:_CONFUSIONS]:
        yield f"    {rows:>4}  {right} read as {said}"


def _reliability_lines(readings: Sequence[Reading]) -> Iterator[str]:
    bins = reliability(readings)
    yield f"scores against what is right (mean gap {calibration_error(bins):.3f})"
    yield f"    {'score':<12} {'labels':>7} {'mean score':>11} {'right':>7}"
    for one in bins:
        span = f"{one.low:.2f} to {one.high:.2f}"
        yield f"    {span:<12} {one.labels:>7} {one.score:>11.3f} {one.right / one.labels:>7.3f}"
