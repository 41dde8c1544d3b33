"""A labels file is read whole, or refused with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.classify.judged import JudgedError, read_judged
from pipelines.classify.label import Grade, SubSector
from tests.pipelines.classify.judged_rows import COLUMNS, judged_rows, write_labels
from tests.pipelines.runs import code


def changed(folder: Path, **cells: str) -> Path:
    """A labels file whose second row says something else."""
    first, second, *_ = judged_rows()
    return write_labels(folder / "labels.csv", [first, second | cells])


def refusal(path: Path) -> str:
    with pytest.raises(JudgedError) as caught:
        read_judged(path)
    return str(caught.value)


def test_rows_say_what_readers_said(tmp_path: Path) -> None:
    row = judged_rows()[0] | {"secondary": "digital_health|health_products", "alt_primary": "biomedical_rd"}
    read = read_judged(write_labels(tmp_path / "labels.csv", [row])).rows[0]
    assert (read.uscc, read.grade, read.primary) == (code(1), Grade.CORE, SubSector.MEDICAL_DEVICES)
    assert read.secondary == (SubSector.DIGITAL_HEALTH, SubSector.HEALTH_PRODUCTS)
    assert read.accepts_primary(SubSector.BIOMEDICAL_RD), "where two readers differed, either is right"
    assert not read.accepts_primary(SubSector.HEALTH_SERVICES)
    assert not read.accepts_grade(Grade.NONE)


def test_only_five_columns_are_needed(tmp_path: Path) -> None:
    path = write_labels(tmp_path / "labels.csv", judged_rows(), COLUMNS[:5])
    assert len(read_judged(path).rows) == len(judged_rows())


def test_a_file_with_a_byte_order_mark_is_read_too(tmp_path: Path) -> None:
    path = write_labels(tmp_path / "labels.csv", judged_rows())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_judged(path).rows[0].uscc == code(1)


def test_the_hash_is_of_what_the_file_says(tmp_path: Path) -> None:
    one = write_labels(tmp_path / "one.csv", judged_rows())
    same, other = tmp_path / "same.csv", write_labels(tmp_path / "other.csv", judged_rows()[1:])
    same.write_bytes(one.read_bytes())
    assert read_judged(one).fingerprint == read_judged(same).fingerprint != read_judged(other).fingerprint


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"grade": "heart"}, "labels.csv:3: grade: 'heart' is none of core, peripheral, none"),
        ({"primary": "gadgets"}, "labels.csv:3: primary: 'gadgets' is none of medical_devices"),
        ({"secondary": "digital_health|toys"}, "labels.csv:3: secondary: 'toys' is none of"),
        ({"alt_grade": "maybe"}, "labels.csv:3: alt_grade: 'maybe'"),
        ({"grade": "none"}, "labels.csv:3: grade none does not go with primary pharma_distribution"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(cells: dict[str, str], told: str, tmp_path: Path) -> None:
    assert told in refusal(changed(tmp_path, **cells))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = write_labels(tmp_path / "labels.csv", judged_rows(), ("uscc", "name", "scope", "grade"))
    assert "labels.csv:1: the header lacks primary" in refusal(path)


def test_a_file_without_rows_or_of_other_bytes_is_refused(tmp_path: Path) -> None:
    assert "holds no judged row" in refusal(write_labels(tmp_path / "empty.csv", []))
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"uscc,name\xff")
    assert "byte 9: is not UTF-8" in refusal(broken)
