"""The data of reading is whole, its version follows it, and a mistake in it is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import news
from pipelines.event_kinds import CATEGORY
from pipelines.news import RulesError
from pipelines.news.rules import Rules, StatementRule, load_rules, load_well_known, read_data

RULES = Path(news.__file__).with_name("rules.toml")


def test_every_rule_states_an_event_of_the_closed_list() -> None:
    assert {rule.kind for rule in load_rules().statement} <= set(CATEGORY)


def test_no_trigger_belongs_to_two_rules_of_a_kind_unless_they_ask_for_something_beside_it() -> None:
    plain = [rule for rule in load_rules().statement if not (rule.verbs or rule.nouns or rule.host or rule.earlier)]
    triggers = [(rule.kind, word) for rule in plain for word in rule.trigger]
    assert sorted({pair for pair in triggers if triggers.count(pair) > 1}) == []


def test_alternatives_in_braces_are_all_words_of_a_rule() -> None:
    pattern = {"kind": "registered", "trigger": ["{has|} moved {in|into}"], "place": "any", "gap": 5}
    rule = StatementRule.model_validate(pattern)
    assert rule.trigger == ("has moved in", "has moved into", "moved in", "moved into")


def test_no_well_known_name_stands_twice() -> None:
    known = load_well_known()
    names = (*known.home, *known.chinese, *known.english)
    assert sorted(names) == sorted(set(names))


def test_the_terms_of_others_data_stand_beside_it() -> None:
    notice = RULES.with_name("NOTICE").read_text(encoding="utf-8")
    assert "Copyright (c) 2013 Sun Junyi" in notice
    assert "The above copyright notice and this permission notice shall be included" in notice
    assert "OpenCC" in notice
    assert "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION" in notice


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ('kind = "listing_step"', 'kind = "listed"', "statement"),
        ("title = 4", "title = 0", "relevance.title"),
        ('place = "any"', 'place = "anywhere"', "statement"),
        ("[claims.words]", "[claims.word]", "claims"),
        ('traditional = "', 'traditional = "們', "text"),
        ("[text]", "[text", "rules.toml"),
    ],
)
def test_a_mistake_in_the_rules_is_refused_with_its_place(tmp_path: Path, was: str, becomes: str, place: str) -> None:
    text = RULES.read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=place):
        read_data(path, Rules)
