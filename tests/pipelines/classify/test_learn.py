"""Weights are learned from judged rows: the same rows give the same weights, and rows unseen are met."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipelines.classify.engine import Classifier
from pipelines.classify.evidence import EvidenceFinder
from pipelines.classify.folds import SPLITS, Split, cross_validate, folds, unread_days, validate
from pipelines.classify.judged import LabelsFile, read_judged
from pipelines.classify.label import Grade, Subject, SubSector
from pipelines.classify.learn import NothingToLearnError, WeightBoundError, cases, learn
from pipelines.classify.measure import measure
from pipelines.classify.rules import RulesError, load_rules
from pipelines.classify.training import learn_from
from pipelines.classify.weights import Weights, load_weights, read_weights, weigh, weights_text
from tests.pipelines.classify.judged_rows import COLUMNS, judged_rows, write_labels

FINDER = EvidenceFinder(load_rules())


@pytest.fixture
def labels(tmp_path: Path) -> LabelsFile:
    return read_judged(write_labels(tmp_path / "labels.csv", judged_rows(8)))


def learned(labels: LabelsFile, folder: Path, restraint: float = 1.0) -> Path:
    """A weights file made of these labels."""
    path = folder / "weights.toml"
    weights = learn_from([labels], restraint=restraint, check=False).weights
    path.write_text(weights_text(weights), encoding="utf-8")
    return path


def test_what_was_learned_is_what_the_rows_say(labels: LabelsFile, tmp_path: Path) -> None:
    classifier = Classifier(weights_path=learned(labels, tmp_path))
    for row in labels.rows:
        label = classifier.classify(row.subject)
        assert (label.grade, label.primary) == (row.grade, row.primary), row
    unseen = classifier.classify(Subject("上海桦序医疗器械有限公司", "第三类医疗器械经营，货物进出口"))
    assert (unseen.grade, unseen.primary) == (Grade.CORE, SubSector.MEDICAL_DEVICES)


def test_the_same_rows_give_the_same_file(labels: LabelsFile, tmp_path: Path) -> None:
    first = learned(labels, tmp_path).read_text(encoding="utf-8")
    assert learned(labels, tmp_path).read_text(encoding="utf-8") == first


def test_a_weights_file_names_the_rows_it_was_learned_from(labels: LabelsFile, tmp_path: Path) -> None:
    origin = load_weights(learned(labels, tmp_path)).origin
    assert (origin.judged, origin.labels) == (len(labels.rows), (labels.fingerprint,))
    assert origin.rules == load_rules().full_version


def test_more_restraint_gives_smaller_weights_and_less_certainty(labels: LabelsFile, tmp_path: Path) -> None:
    subject = Subject("上海样本医疗器械有限公司", "第二类医疗器械销售")
    free = Classifier(weights_path=learned(labels, tmp_path, restraint=0.1)).classify(subject)
    held = Classifier(weights_path=learned(labels, tmp_path, restraint=20.0)).classify(subject)
    assert held.score < free.score


@pytest.mark.parametrize("split", SPLITS)
def test_cross_validation_labels_each_row_once_by_weights_that_never_saw_it(split: Split, labels: LabelsFile) -> None:
    told: list[tuple[int, int]] = []
    readings = cross_validate(
        FINDER, labels.rows, split, restraint=1.0, progress=lambda _, done, total: told.append((done, total))
    )
    assert [reading.judged for reading in readings] == list(labels.rows)
    assert measure(readings, "grade").macro_f1 > 0.8
    assert told[-1][0] == told[-1][1] == len(told)
    # Weights that saw the row judge it with more certainty than weights that did not.
    everything = Classifier.of(FINDER, load_weights_of(labels))
    seen = sum(everything.classify(row.subject).score for row in labels.rows)
    assert sum(reading.label.score for reading in readings) < seen


def load_weights_of(labels: LabelsFile) -> Weights:
    return weigh(learn(cases(FINDER, labels.rows), rules="", labels=(), restraint=1.0))


def test_folds_of_districts_and_of_time_keep_a_district_and_a_time_together(labels: LabelsFile) -> None:
    by_place = {(row.district, fold) for row, fold in zip(labels.rows, folds(labels.rows, "district"), strict=True)}
    assert max(Counter(place for place, _ in by_place).values()) == 1
    by_time = sorted(zip((row.registered for row in labels.rows), folds(labels.rows, "time"), strict=True))
    assert [fold for _, fold in by_time] == sorted(fold for _, fold in by_time)


def labels_with(folder: Path, *columns: str, **cells: str) -> LabelsFile:
    """Labels of these columns (default: all), every row saying the same in some."""
    rows = [row | cells for row in judged_rows(8)]
    return read_judged(write_labels(folder / "labels.csv", rows, columns or COLUMNS))


@pytest.mark.parametrize(
    ("columns", "cells", "notes"),
    [
        (
            COLUMNS[:5],
            {},
            {
                "time": "no `registered` column, or an empty one: not checked over time",
                "district": "no `district` column, or an empty one: not checked over districts",
            },
        ),
        ((), {"uscc": ""}, {"random": "no `uscc` column, or an empty one: not checked at random"}),
        (
            (),
            {"registered": "2015-03-04", "district": "样本东区"},
            {
                "time": "all rows are in one fold by `registered`: not checked over time",
                "district": "all rows are in one fold by `district`: not checked over districts",
            },
        ),
        ((), {"registered": "long ago"}, {"time": "`registered` holds no day that can be read: not checked over time"}),
    ],
    ids=["five columns", "no code", "one day and district", "no day"],
)
def test_a_split_that_does_not_part_the_rows_is_left_out_and_it_is_said_why(
    columns: tuple[str, ...], cells: dict[str, str], notes: dict[Split, str], tmp_path: Path
) -> None:
    labels = labels_with(tmp_path, *columns, **cells)
    found = validate(FINDER, labels.rows, restraint=1.0)
    assert list(found.readings) == [split for split in SPLITS if split not in notes]
    assert found.notes[: len(notes)] == tuple(notes.values())
    assert all(len(readings) == len(labels.rows) for readings in found.readings.values())
    assert learn_from([labels]).checked[-len(found.notes) :] == tuple(f"note: {note}" for note in found.notes)


def test_rows_that_nothing_parts_cannot_be_cross_validated(tmp_path: Path) -> None:
    labels = labels_with(tmp_path, *COLUMNS[:5], uscc="")
    with pytest.raises(NothingToLearnError, match=r"no cross-validation is possible: no `uscc` column.*over districts"):
        validate(FINDER, labels.rows)


def test_days_are_days_however_they_are_written_and_what_is_none_is_said(tmp_path: Path) -> None:
    rows = judged_rows(8)
    written = [row | {"registered": row["registered"].replace("-", "")} for row in rows[::2]] + [
        row | {"registered": row["registered"].replace("-0", "/")} for row in rows[1::2]
    ]
    plain = read_judged(write_labels(tmp_path / "plain.csv", [*rows[::2], *rows[1::2]]))
    mixed = read_judged(write_labels(tmp_path / "mixed.csv", written))
    assert folds(mixed.rows, "time") == folds(plain.rows, "time")
    assert unread_days(mixed.rows) == ""
    torn = [written[0] | {"registered": "1999年"}, written[1] | {"registered": ""}, *written[2:]]
    rows_of_it = read_judged(write_labels(tmp_path / "torn.csv", torn)).rows
    assert unread_days(rows_of_it) == (
        "`registered` of 1 rows is no day that can be read ('1999年'): they are a fold of their own"
    )
    first, second, *others = folds(rows_of_it, "time")
    assert first == second
    assert first not in others


def test_a_weight_without_end_is_told_by_its_fact(labels: LabelsFile) -> None:
    """As where what was learned before stands at the bound, and the new rows ask for more still."""
    taught = learn(cases(FINDER, labels.rows), rules="", labels=())
    full = {"peripheral": dict.fromkeys(taught.grade.core, 20.0), "core": dict.fromkeys(taught.grade.core, 20.0)}
    onto = read_weights().model_copy(update={"grade": taught.grade.model_copy(update=full)})
    with pytest.raises(
        WeightBoundError, match=r"its weight came to 2\d\.\d, where 20 is the most; 0\.001 is too little"
    ):
        learn(cases(FINDER, labels.rows), rules="", labels=(), restraint=0.001, onto=onto)


def test_rows_in_which_nothing_speaks_teach_nothing(tmp_path: Path) -> None:
    row = judged_rows()[0] | {"name": "上海样本贸易有限公司", "scope": "百货"}
    file = read_judged(write_labels(tmp_path / "labels.csv", [row]))
    with pytest.raises(NothingToLearnError, match="in none of the judged rows"):
        learn_from([file], check=False)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[grade.core]", "[grade.kernel]", "grade core"),
        ("judged = ", "judged = 0 #", "origin judged"),
        ("silence = 0.", "silence = 9 #", "certainty silence"),
        ("\n[origin]", "\n[origin", "syntax"),
    ],
)
def test_a_broken_weights_file_is_refused_with_its_place(
    old: str, new: str, place: str, labels: LabelsFile, tmp_path: Path
) -> None:
    path = learned(labels, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        load_weights(path)
    assert caught.value.place.startswith(place)


def test_a_weights_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="cannot be read"):
        load_weights(tmp_path / "absent.toml")
