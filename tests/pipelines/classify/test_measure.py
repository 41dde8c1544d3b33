"""The figures of an evaluation, checked against hand-made ones and against scikit-learn's."""

from __future__ import annotations

import importlib
import random

import pytest

from pipelines.classify.evaluation import evaluation_lines, wrong_lines
from pipelines.classify.judged import Judged
from pipelines.classify.label import Grade, Label, Subject, SubSector
from pipelines.classify.measure import Reading, calibration_error, measure, reliability

GRADES = list(Grade)


def reading(
    right: Grade, said: Grade, *, score: float = 0.9, alt: Grade | None = None, primary: SubSector | None = None
) -> Reading:
    """A row that is `right` and was labelled `said`; of devices, unless it is none."""
    sectors = {grade: SubSector.NONE if grade is Grade.NONE else SubSector.MEDICAL_DEVICES for grade in Grade}
    judged = Judged(uscc="91310199X", subject=Subject("上海样本"), grade=right, primary=sectors[right], alt_grade=alt)
    return Reading(judged, Label(said, primary or sectors[said], (), score, (), "test"))


def test_macro_f1_is_the_mean_over_the_classes_that_are_right_somewhere() -> None:
    readings = [
        *[reading(Grade.CORE, Grade.CORE)] * 6,
        *[reading(Grade.CORE, Grade.PERIPHERAL)] * 2,
        *[reading(Grade.PERIPHERAL, Grade.PERIPHERAL)] * 2,
    ]
    quality = measure(readings, "grade")
    core, peripheral = quality.classes
    assert (core.name, core.rows, core.precision, core.recall) == ("core", 8, 1.0, 0.75)
    assert (peripheral.precision, peripheral.recall) == (0.5, 1.0)
    assert quality.macro_f1 == pytest.approx((6 / 7 + 2 / 3) / 2)
    assert quality.accuracy == 0.8
    assert quality.confusions == (("core", "peripheral", 2),)


def test_figures_are_those_of_scikit_learn() -> None:
    scikit_learn = importlib.import_module("sklearn.metrics")  # takes seconds, which each worker would spend collecting
    chance = random.Random(7)
    readings = [
        reading(right, right if chance.random() < 0.8 else chance.choice(GRADES))
        for right in chance.choices(GRADES, weights=(5, 3, 2), k=400)
    ]
    right, said = zip(*(one.pair("grade") for one in readings), strict=True)
    quality = measure(readings, "grade")
    assert quality.macro_f1 == pytest.approx(scikit_learn.f1_score(right, said, average="macro"))
    expected = scikit_learn.precision_recall_fscore_support(right, said, labels=[one.name for one in quality.classes])
    for number, one in enumerate(quality.classes):
        assert (one.precision, one.recall, one.f1, one.rows) == pytest.approx([row[number] for row in expected])


def test_where_readers_differed_either_answer_is_right() -> None:
    readings = [reading(Grade.CORE, Grade.PERIPHERAL, alt=Grade.PERIPHERAL), reading(Grade.CORE, Grade.CORE)]
    assert measure(readings, "grade").macro_f1 == 1.0
    assert readings[0].is_right


def test_the_interval_holds_the_figure_narrows_with_rows_and_is_the_same_twice() -> None:
    few = [
        *[reading(Grade.CORE, Grade.CORE)] * 8,
        *[reading(Grade.NONE, Grade.CORE)] * 2,
        reading(Grade.NONE, Grade.NONE),
    ]
    narrow, wide = measure(few * 30, "grade"), measure(few, "grade")
    assert wide.low < narrow.low < narrow.macro_f1 == pytest.approx(wide.macro_f1)
    assert narrow.macro_f1 < narrow.high < wide.high
    assert measure(few, "grade") == wide


def test_scores_that_mean_what_they_say_have_no_gap_and_boasts_have() -> None:
    honest = [*[reading(Grade.CORE, Grade.CORE, score=0.75)] * 3, reading(Grade.CORE, Grade.NONE, score=0.75)]
    (one,) = reliability(honest)
    assert (one.low, one.high, one.labels, one.right) == (0.7, 0.8, 4, 3)
    assert calibration_error([one]) == pytest.approx(0)
    boast = [reading(Grade.CORE, Grade.NONE, score=1.0)] * 4
    assert calibration_error(reliability(boast)) == 1.0


def test_a_score_of_one_and_a_score_of_zero_have_their_bins() -> None:
    found = reliability([reading(Grade.CORE, Grade.CORE, score=score) for score in (0.0, 1.0, 0.99)])
    assert [(one.low, one.high, one.labels) for one in found] == [(0.0, 0.5, 1), (0.99, 1.0, 2)]


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(ValueError, match="no judged row"):
        measure([], "grade")


def test_an_evaluation_reads_as_tables_and_names_what_misled() -> None:
    readings = [*[reading(Grade.CORE, Grade.CORE)] * 5, reading(Grade.CORE, Grade.PERIPHERAL, score=0.61)]
    text = "\n".join(evaluation_lines(readings))
    assert "grade macro-F1" in text
    assert "   1  core read as peripheral" in text
    assert "0.60 to 0.70" in text
    told = "\n".join(wrong_lines(readings[-1], 100))
    assert "is core, medical_devices; read as peripheral, medical_devices (0.61)" in told
    assert "scope: (none)" in told
