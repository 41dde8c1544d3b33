"""An explanation names the words, the rules and the points, so that an analyst can argue with it."""

from __future__ import annotations

import math

import pytest

from pipelines.classify import Classifier, Subject
from pipelines.classify.explain import explanation_lines, told

CLASSIFIER = Classifier()
MIXED = Subject("上海样本医疗科技有限公司", "从事医疗科技领域内的技术开发，第二类医疗器械销售，日用百货的销售")


def explained(subject: Subject) -> str:
    return "\n".join(explanation_lines(CLASSIFIER.explain(subject)))


def test_it_says_the_label_the_words_and_the_rules() -> None:
    text, label = explained(MIXED), CLASSIFIER.classify(MIXED)
    assert f"{label.grade}, {label.primary}" in text
    assert f"score {label.score:.3f}; rules {CLASSIFIER.rules_version}" in text
    for span in label.evidence:
        assert f"{span.field} {span.start}–{span.end}: {span.text}  ({span.rule})" in text


def test_its_points_add_up_to_the_odds_between_the_first_two_answers() -> None:
    for options in (CLASSIFIER.explain(MIXED).grades, CLASSIFIER.explain(MIXED).primaries):
        first, second = options[0], options[1]
        points = sum(weight for _, weight in first.weighed) - sum(weight for _, weight in second.weighed)
        assert math.log(first.probability / second.probability) == pytest.approx(points)
        assert sum(option.probability for option in options) == pytest.approx(1)


def test_the_lines_shown_and_the_lesser_facts_add_up() -> None:
    lines = explained(MIXED).splitlines()
    at = next(number for number, line in enumerate(lines) if "why core rather than" in line)
    total = float(lines[at].split("points; ")[1].split(" in all")[0])
    parts = []
    for line in lines[at + 1 :]:
        if not line.startswith("      "):
            break
        parts.append(float(line.split()[0]))
    assert abs(sum(parts) - total) < 0.005 * (len(parts) + 1), "each is rounded to two places"


def test_of_a_firm_in_which_nothing_speaks_it_says_that() -> None:
    text = explained(Subject("上海样本贸易有限公司", "日用百货（医疗器械除外）"))
    assert "none" in text
    assert "excluded ones and false friends are no evidence" in text


def test_it_shows_what_registers_say_beside_the_scope() -> None:
    subject = Subject("上海样本桦序有限公司", "", "Huaxu Medical Devices Co., Ltd.", "2770", ("device_trading",))
    text = explained(subject)
    assert "industry: 2770" in text
    assert "licences: device_trading" in text
    assert "English name: Huaxu Medical Devices" in text


def test_facts_are_told_in_words() -> None:
    assert told("lead1.strong") == "item 1 of the scope speaks, strong"
    assert told("name:name.devices") == "the name, by rule name.devices"
    assert told("share.strong>=0.5") == "of all items of the scope, a share of 0.5 or more is strong or better"


def test_every_fact_that_is_weighed_can_be_told_in_words() -> None:
    weights = CLASSIFIER._weights
    untold = {fact for fact in (*weights.grade, *weights.primary) if told(fact) == fact}
    assert untold == set()
