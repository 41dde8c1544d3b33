"""What people decided of firms becomes cases by which rules are measured: none is lost without a word."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from pipelines.classify.judged import Judged
from pipelines.classify.label import Grade, Subject, SubSector
from pipelines.decided_labels import read_decided
from pipelines.decisions import LabelDecision, MatchDecision, Withdrawal, read_decisions, record_decision
from pipelines.published_file import PublishedFileError
from pipelines.store.database import PUBLISHED_NAME
from tests.pipelines.runs import DAY_ONE, DEVICES, Runs, code, firm

WIDER = DEVICES + "；药品零售"


def decide(runs: Runs, number: int, grade: Any, sub_sector: Any, day: int = 1, why: str = "looked it up") -> int:
    said = {"who": "analyst", "when": DAY_ONE + timedelta(days=day), "why": why}
    return record_decision(runs.home, LabelDecision(uscc=code(number), grade=grade, sub_sector=sub_sector, **said))


def cases(runs: Runs) -> list[Judged]:
    return list(read_decided(runs.home / PUBLISHED_NAME, read_decisions(runs.home)).cases)


@pytest.fixture
def runs(runs: Runs) -> Runs:
    """Two firms, of which one has a wider scope since the second night."""
    runs.add(firm(1), firm(2), day=0)
    runs.add(firm(1, scope=WIDER), firm(2), day=2)
    runs.load()
    return runs


def test_each_decided_firm_is_a_case_as_it_is_known_now_with_who_and_why(runs: Runs) -> None:
    decide(runs, 2, "none", "none", why="furniture")
    decide(runs, 1, "core", "pharma_distribution")
    first, second = cases(runs)
    subject = Subject("上海桦序2医疗器械有限公司", DEVICES)
    assert first == Judged(uscc=code(2), subject=subject, grade=Grade.NONE, primary=SubSector.NONE)
    assert first.why == "analyst: furniture"
    assert (second.uscc, second.subject.scope, second.grade, second.primary) == (
        code(1),
        WIDER,
        Grade.CORE,
        SubSector.PHARMA_DISTRIBUTION,
    )


def test_of_several_words_on_a_firm_the_newest_that_stands_is_the_case(runs: Runs) -> None:
    decide(runs, 1, "peripheral", "health_products", day=5)
    decide(runs, 1, "core", "medical_devices", day=3)
    assert [case.grade for case in cases(runs)] == [Grade.PERIPHERAL]
    record_decision(runs.home, Withdrawal(line=1, who="analyst", when=DAY_ONE, why="a slip"))
    assert [case.grade for case in cases(runs)] == [Grade.CORE]


def test_a_case_stays_one_after_a_rebuild_and_without_a_load(runs: Runs) -> None:
    decide(runs, 1, "none", "none")
    before = cases(runs)
    runs.load()
    assert cases(runs) == before


def test_a_firm_that_the_file_does_not_know_is_told_with_its_line(runs: Runs, caplog: pytest.LogCaptureFixture) -> None:
    decide(runs, 1, "none", "none")
    decide(runs, 77, "core", "medical_devices")
    with caplog.at_level(logging.WARNING):
        assert [case.uscc for case in cases(runs)] == [code(1)]
    assert f"decisions.jsonl:2: {code(77)} is in no register that" in caplog.text
    assert read_decided(runs.home / PUBLISHED_NAME, read_decisions(runs.home)).unknown == (code(77),)


def test_a_grade_without_a_sub_sector_is_told_and_none_has_none(runs: Runs, caplog: pytest.LogCaptureFixture) -> None:
    """Lines written by hand may say so."""
    decide(runs, 1, "core", "none")
    decide(runs, 2, "none", "medical_devices")
    with caplog.at_level(logging.WARNING):
        assert [(case.uscc, case.primary) for case in cases(runs)] == [(code(2), SubSector.NONE)]
    assert "decisions.jsonl:1: grade core without a sub-sector: no case" in caplog.text


def test_a_word_on_a_name_is_no_case_and_nothing_decided_needs_no_file(runs: Runs) -> None:
    said = {"who": "analyst", "when": DAY_ONE, "why": "an alias"}
    (runs.home / PUBLISHED_NAME).unlink()
    assert cases(runs) == []
    record_decision(runs.home, MatchDecision(name="桦序医械", uscc=code(1), verdict="same", **said))
    assert cases(runs) == []
    decide(runs, 1, "none", "none")
    with pytest.raises(PublishedFileError, match="no published database yet"):
        cases(runs)
