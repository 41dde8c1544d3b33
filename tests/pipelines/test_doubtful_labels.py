"""Which labels a person is asked about: the unsure ones, and of these the ones whose error would cost most first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crawler import clock
from crawler.items import Status
from pipelines.classify import Grade, Label, Subject, SubSector
from pipelines.classify.engine import Explanation, Option
from pipelines.decisions import LabelDecision, read_decisions, record_decision
from pipelines.doubtful_labels import SURE, LabelEntry, expected_loss
from pipelines.review import read_queue
from pipelines.store.database import PUBLISHED_NAME
from tests.pipelines.runs import DAY_ONE, THERE, Runs, capital, code, firm, registered, status
from tests.pipelines.stores import leave_in_doubt, relabel

NOTHING = Label(Grade.NONE, SubSector.NONE, (), 0.9, (), "test")


def explained(grades: dict[str, float], primaries: dict[str, float] | None = None) -> Explanation:
    """What rules and weights of a test say of how likely each answer is."""
    options = [
        tuple(Option(answer, probability, ()) for answer, probability in of.items()) for of in (grades, primaries or {})
    ]
    return Explanation(Subject("上海样本有限公司"), NOTHING, options[0], options[1])


DEVICES = {"medical_devices": 1.0}


def queue(runs: Runs) -> list[LabelEntry]:
    found = read_queue(runs.home / PUBLISHED_NAME, read_decisions(runs.home), 50, ["label"]).entries
    return [entry for entry in found if isinstance(entry, LabelEntry)]


def asked(runs: Runs) -> list[str]:
    return [entry.uscc for entry in queue(runs)]


# ------------------------------------------------------------------------------------------------- what an error costs


def test_a_firm_or_none_costs_more_than_how_far_it_is_one_and_that_more_than_which_kind() -> None:
    half = {"core": 0.5, "none": 0.5}
    or_none = expected_loss("core", "medical_devices", explained(half, DEVICES))
    or_peripheral = expected_loss("core", "medical_devices", explained({"core": 0.5, "peripheral": 0.5}, DEVICES))
    which = {"medical_devices": 0.5, "pharma_distribution": 0.5}
    or_another = expected_loss("core", "medical_devices", explained({"core": 1.0}, which))
    of_little = expected_loss("peripheral", "medical_devices", explained({"peripheral": 1.0}, which))
    assert or_none > or_peripheral > or_another > of_little > 0
    assert or_none == expected_loss("none", "none", explained(half)), "whichever of the two is published"


def test_what_is_sure_costs_nothing_and_what_is_surely_wrong_costs_all() -> None:
    sure = explained({"core": 1.0, "peripheral": 0.0, "none": 0.0}, DEVICES)
    assert expected_loss("core", "medical_devices", sure) == 0
    assert expected_loss("none", "none", sure) == 1
    assert expected_loss("core", "health_services", sure) < expected_loss("peripheral", "medical_devices", sure)


def test_where_no_word_speaks_any_more_the_label_of_other_rules_is_wrong() -> None:
    assert expected_loss("core", "medical_devices", explained({})) == 1
    assert expected_loss("none", "none", explained({})) == 0


# ------------------------------------------------------------------------------------------------------- who is asked


def test_only_unsure_labels_of_living_firms_in_putuo_that_no_person_decided_are_asked(runs: Runs) -> None:
    gone = status("注销", Status.DEREGISTERED)
    said = [firm(1), firm(2, address=THERE), firm(3, **gone), firm(4), firm(5), firm(6)]
    silent = firm(7, name="上海桦序家具有限公司", scope="家具销售")
    runs.add(*said, silent, day=0)
    decided = {"grade": "none", "sub_sector": "none", "who": "analyst", "when": DAY_ONE, "why": "looked"}
    record_decision(runs.home, LabelDecision.model_validate({"uscc": code(4), **decided}))
    runs.load()
    clock.start_at(DAY_ONE + timedelta(days=40))
    leave_in_doubt(runs.home, *(code(number) for number in (1, 2, 3, 5, 6, 7)))
    relabel(runs.home / PUBLISHED_NAME, {code(5): {"score": SURE}, code(4): {"score": 1.0}})
    assert sorted(asked(runs)) == sorted([code(1), code(6)])
    record_decision(runs.home, LabelDecision.model_validate({"uscc": code(6), **decided}))
    assert asked(runs) == [code(1)], "what was decided since leaves at once"


def test_a_firm_labelled_none_is_asked_about_if_a_word_spoke_for_it(runs: Runs) -> None:
    runs.add(firm(1), firm(2), day=0)
    runs.load()
    leave_in_doubt(runs.home, code(1), code(2))
    none = {"grade": "none", "sub_sector": "none"}
    relabel(runs.home / PUBLISHED_NAME, {code(1): none, code(2): none | {"label_evidence": ""}})
    (entry,) = queue(runs)
    assert (entry.uscc, entry.grade, entry.score) == (code(1), "none", 0.6)
    assert entry.rivals[0][0] == "core"
    assert entry.rivals[0][1] > 0.9


def test_a_firm_that_left_is_asked_about_while_the_briefing_tells_of_it(runs: Runs) -> None:
    runs.add(firm(1), firm(2), day=0)
    runs.add(firm(1, **status("注销", Status.DEREGISTERED)), firm(2), day=2)
    runs.load()
    leave_in_doubt(runs.home, code(1))
    clock.start_at(DAY_ONE + timedelta(days=3))
    assert asked(runs) == [code(1)]
    clock.start_at(DAY_ONE + timedelta(days=30))
    assert asked(runs) == []


# -------------------------------------------------------------------------------------------------- in which order


@pytest.fixture
def four_tiers(runs: Runs) -> Runs:
    """Quiet firms, one that grew weeks ago, one that grew this week, and one that arrived this week."""
    quiet = [firm(number) for number in (1, 2, 3)]
    runs.add(*quiet, firm(4), firm(5), day=0)
    runs.add(*quiet, firm(4, **capital(900)), firm(5), day=3)
    runs.add(*quiet, firm(4, **capital(900)), firm(5, **capital(900)), firm(6, **registered("2026-11-20")), day=22)
    runs.load()
    clock.start_at(DAY_ONE + timedelta(days=23))
    return runs


def test_what_the_coming_briefing_tells_is_asked_before_what_was_told_and_that_before_the_quiet(
    four_tiers: Runs,
) -> None:
    leave_in_doubt(four_tiers.home, *(code(number) for number in (1, 4, 5, 6)))
    # However wrong the quiet one is, it can wait.
    relabel(four_tiers.home / PUBLISHED_NAME, {code(1): {"grade": "none", "sub_sector": "none"}})
    entries = queue(four_tiers)
    assert [(entry.uscc, entry.event, entry.is_told) for entry in entries] == [
        (code(6), "registered", True),
        (code(5), "capital_raised", True),
        (code(4), "capital_raised", False),
        (code(1), "", False),
    ]


def test_of_equal_consequence_the_costlier_error_is_asked_first_then_the_larger_firm(four_tiers: Runs) -> None:
    leave_in_doubt(four_tiers.home, code(1), code(2), code(3))
    labels: dict[str, dict[str, Any]] = {
        code(1): {"capital": 10_000_000_000},  # as the rules say
        code(2): {"grade": "none", "sub_sector": "none"},  # which they contradict
        code(3): {"grade": "none", "sub_sector": "none", "capital": 9_000_000},
    }
    relabel(four_tiers.home / PUBLISHED_NAME, labels)
    assert asked(four_tiers) == [code(3), code(2), code(1)]
