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


HEADER = "uscc,name,scope,grade,primary\n"


def labels(folder: Path, text: str) -> Path:
    """A labels file of these very characters."""
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_a_wrong_word_is_cut_and_cannot_steer_a_terminal(tmp_path: Path) -> None:
    told = refusal(changed(tmp_path, grade="\x1b[31m" + "医" * 60_000))
    assert "labels.csv:3: grade: '\\x1b[31m医" in told
    assert len(told) < 400


@pytest.mark.parametrize("parting", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_line_ends_part_rows(parting: str, tmp_path: Path) -> None:
    row = read_judged(labels(tmp_path, f"{HEADER}1,样本{parting}医疗器械,销售,core,medical_devices\n")).rows[0]
    assert row.subject.name == f"样本{parting}医疗器械"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_rows_may_end_as_any_system_ends_them(end: str, tmp_path: Path) -> None:
    path = labels(tmp_path, f"{HEADER}1,样本,销售,none,none\n\n2,样本,销售,none,heart\n".replace("\n", end))
    assert "labels.csv:4: primary: 'heart'" in refusal(path)


def test_a_row_of_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    path = labels(tmp_path, f'{HEADER}1,"样\n本",销售,none,none\n2,样本,"药\n房",heart,none\n')
    assert "labels.csv:4: grade: 'heart'" in refusal(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEADER + '1,样本,销售,none,none\n2,样本,"销售,none,none\n3,样本,销售,none,none\n',
            "labels.csv:3: this row is no CSV",
        ),
        (HEADER + '1,样本,"销"售,none,none\n', "labels.csv:2: this row is no CSV"),
        (HEADER + f"1,样本,{'医' * 140_000},none,none\n", "labels.csv:2: this row is no CSV: field larger than"),
        (HEADER + "1,样本,销售,日用,none,none\n", "labels.csv:2: 6 cells where the header has 5"),
        (
            "uscc,name,name,scope,grade,primary\n1,样本,x,销售,none,none\n",
            "labels.csv:1: the header names 'name' twice",
        ),
    ],
    ids=["open quote", "text after a quote", "cell too long", "surplus cells", "column twice"],
)
def test_what_cannot_be_told_apart_is_refused_with_its_first_line(text: str, told: str, tmp_path: Path) -> None:
    assert told in refusal(labels(tmp_path, text))


def test_empty_cells_at_the_end_of_a_row_may_be_left_out(tmp_path: Path) -> None:
    path = labels(tmp_path, "uscc,name,scope,grade,primary,district,,\n1,样本,销售,none,none\n")
    assert read_judged(path).rows[0].district == ""


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = write_labels(tmp_path / "labels.csv", judged_rows(), ("uscc", "name", "scope", "grade"))
    assert "labels.csv:1: the header lacks primary" in refusal(path)


def test_a_file_without_rows_or_of_other_bytes_is_refused(tmp_path: Path) -> None:
    assert "holds no judged row" in refusal(write_labels(tmp_path / "empty.csv", []))
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"uscc,name\xff")
    assert "byte 9: is not UTF-8" in refusal(broken)
