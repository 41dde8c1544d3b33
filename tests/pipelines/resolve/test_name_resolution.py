"""Whose a holder's name is: by tiers, each with what makes it sure; below them a candidate, until a person says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.decisions import MatchDecision, read_decisions, record_decision
from pipelines.review import MatchEntry, read_queue
from pipelines.store.database import PUBLISHED_NAME
from tests.pipelines.resolve.test_name_book import registrations, written_otherwise
from tests.pipelines.runs import DAY_ONE, HERE, Runs, code, firm, granted, licence
from tests.pipelines.test_decisions import match, rebuilt, withdraw

NEW = granted("2026-11-03")
OLD = licence(90, holder="上海未见样本医疗器械有限公司")
NAME = "上海样桦医疗科技有限公司"
LOOSE = "样桦医疗科技有限公司"
IN_SUZHOU = "江苏省苏州市样本路1号"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return known_here(Runs(tmp_path))


def known_here(runs: Runs) -> Runs:
    """Firms that are known in Putuo, and a list of licences that was read before."""
    runs.add(firm(1, name=NAME, name_en="Yanghua Medical Co., Ltd."), firm(2), firm(3, name=f"{NAME}普陀分公司"), day=0)
    runs.licences(OLD, day=0)
    return runs


def shown(runs: Runs, *names: str, **said: Any) -> None:
    runs.licences(OLD, *(licence(10 + at, holder=name, **NEW | said) for at, name in enumerate(names)), day=3)
    runs.load()


def held(runs: Runs) -> list[tuple[Any, ...]]:
    return runs.ask(f"SELECT match, uscc FROM (SELECT l.match, f.uscc, l.line FROM licences l LEFT JOIN firms f"
                    f" USING (firm_id) WHERE l.holder <> '{OLD.holder}') ORDER BY line")  # fmt: skip


def candidates(runs: Runs) -> list[tuple[Any, ...]]:
    return runs.ask("SELECT matched, uscc, match, context FROM name_candidates ORDER BY ALL")


# ----------------------------------------------------------------------------------------------------- the tiers


WHOLE = {
    NAME: "exact",
    " 上海样桦 医疗科技有限公司\u3000": "exact",
    "YANGHUA MEDICAL COMPANY LIMITED": "english",
    "上海市样桦医疗科技有限公司": "spelling",
    "上海样桦医疗科技有限责任公司": "spelling",
    "上海市样桦医疗科技有限责任公司": "spelling",
}
LESSER = {
    LOOSE: "loose",  # the place is missing
    "上海样桦医疗科技": "loose",  # the form is missing
    "样桦医疗科技（上海）有限公司": "loose",  # the place moved
    "样桦医疗科技": "short",
    "样桦医疗": "alias",
}
DIFFERING = (
    "上海样烨医疗科技有限公司",  # one letter of the core
    "上海样桦医药科技有限公司",  # one letter of the trade
    "苏州样桦医疗科技有限公司",
    "上海样桦医疗科技股份有限公司",
    f"{NAME}嘉定分公司",  # another branch; and the parent is no branch
    "样桦",
    "上海医疗科技有限公司",  # common words
)
PRINTED = (*WHOLE, *LESSER, *DIFFERING)


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A licence of every printed name, loaded once: no licence says anything of another."""
    runs = known_here(Runs(tmp_path_factory.mktemp("home")))
    shown(runs, *PRINTED)
    return runs


def told_of(runs: Runs, printed: str) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """To whom the licence of that holder was given and how; and the events of it."""
    number = licence(10 + PRINTED.index(printed)).number
    events = runs.ask(f"SELECT kind, uscc FROM events WHERE after = '{number}'")
    return held(runs)[PRINTED.index(printed)], events


@pytest.mark.parametrize(("printed", "match"), WHOLE.items())
def test_a_whole_name_in_any_spelling_is_its_firms(all_of_them: Runs, printed: str, match: str) -> None:
    assert told_of(all_of_them, printed) == ((match, code(1)), [("licence_granted", code(1))])


@pytest.mark.parametrize(("printed", "match"), LESSER.items())
def test_a_lesser_form_is_a_candidate_and_makes_no_event(all_of_them: Runs, printed: str, match: str) -> None:
    assert told_of(all_of_them, printed) == (("none", None), [])
    found = [one for one in candidates(all_of_them) if one[0] == printed]
    assert found == [(printed, code(1), match, "lesser_form")]


@pytest.mark.parametrize("printed", DIFFERING)
def test_what_differs_in_anything_stated_is_not_even_a_candidate(all_of_them: Runs, printed: str) -> None:
    assert told_of(all_of_them, printed) == (("none", None), [])


def test_nothing_but_a_lesser_form_is_a_candidate_and_no_other_event_is_made(all_of_them: Runs) -> None:
    assert sorted(matched for matched, *_ in candidates(all_of_them)) == sorted(LESSER)
    assert len(all_of_them.events()) == len(WHOLE)


def test_a_branch_and_its_parent_each_have_their_own(runs: Runs) -> None:
    shown(runs, NAME, f"{NAME}普陀分公司")
    assert held(runs) == [("exact", code(1)), ("exact", code(3))]


def test_a_name_of_a_firm_of_shanghai_at_an_address_elsewhere_is_a_candidate(runs: Runs) -> None:
    shown(runs, NAME, address=IN_SUZHOU)
    assert held(runs) == [("none", None)]
    assert candidates(runs) == [(NAME, code(1), "exact", "elsewhere")]
    assert runs.events() == []


def test_a_road_that_is_called_like_a_city_is_no_other_place(runs: Runs) -> None:
    addresses = ("中山北路3000号", "浙江中路1号", "", "苏州河畔样本路1号")
    held_at = (licence(10 + at, holder=NAME, **NEW | {"address": one}) for at, one in enumerate(addresses))
    runs.licences(OLD, *held_at, day=3)
    runs.load()
    assert held(runs) == [("exact", code(1))] * len(addresses)


def test_a_credit_code_decides_wherever_the_address_lies(runs: Runs) -> None:
    shown(runs, LOOSE, address=IN_SUZHOU, uscc=code(1))
    assert held(runs) == [("credit_code", code(1))]


def test_a_name_that_several_firms_bear_is_ambiguous_but_what_was_told_before_stays(runs: Runs) -> None:
    shown(runs, NAME)
    ((key,),) = runs.events("event_id")
    runs.add(firm(7, name="上海市样桦医疗科技有限公司"), day=9, series="b", listing="new")
    runs.load()
    assert held(runs) == [("ambiguous", None)]
    assert candidates(runs) == [(NAME, code(1), "exact", "several"), (NAME, code(7), "spelling", "several")]
    assert key in {event for (event,) in runs.events("event_id")}


# ------------------------------------------------------------------------------------------------- people's word


def test_a_word_gives_a_holder_its_firm_from_when_it_was_said_and_is_taken_back(runs: Runs) -> None:
    shown(runs, LOOSE)
    line = record_decision(runs.home, match(LOOSE, 1, "same"))
    rebuilt(runs)
    assert (held(runs), candidates(runs)) == ([("person", code(1))], [])
    assert runs.events("kind", "discovered_on::VARCHAR") == [("licence_granted", "2026-11-12")]
    record_decision(runs.home, withdraw(line))
    rebuilt(runs)
    assert (held(runs), runs.events()) == ([("none", None)], [])
    assert candidates(runs) == [(LOOSE, code(1), "loose", "lesser_form")]


def test_a_word_against_an_exact_name_retracts_its_event_until_it_is_withdrawn(runs: Runs) -> None:
    shown(runs, NAME)
    before = runs.events("event_id", "discovered_at", "evidence")
    line = record_decision(runs.home, match(NAME, 1, "different"))
    rebuilt(runs)
    assert (held(runs), runs.events(), candidates(runs)) == ([("none", None)], [], [])
    assert runs.ask("SELECT event_id, retracted_at::DATE::VARCHAR FROM retracted_events") == [
        (before[0][0], "2026-11-11")
    ]
    record_decision(runs.home, withdraw(line))
    rebuilt(runs)
    assert runs.events("event_id", "discovered_at", "evidence") == before
    assert runs.ask("SELECT event_id FROM retracted_events") == []


def test_a_word_that_says_what_the_rules_say_changes_no_event(runs: Runs) -> None:
    shown(runs, NAME)
    before = runs.events("event_id", "discovered_at", "evidence")
    record_decision(runs.home, match(NAME, 1, "same"))
    rebuilt(runs)
    assert held(runs) == [("person", code(1))]
    assert runs.events("event_id", "discovered_at", "evidence") == before


def test_a_word_that_gives_a_name_to_another_firm_takes_it_from_the_one_that_bears_it(runs: Runs) -> None:
    shown(runs, NAME)
    ((old,),) = runs.events("event_id")
    record_decision(runs.home, match(NAME, 2, "same"))
    rebuilt(runs)
    assert held(runs) == [("person", code(2))]
    assert runs.events("uscc", "discovered_on::VARCHAR") == [(code(2), "2026-11-12")]
    assert runs.ask("SELECT event_id FROM retracted_events") == [(old,)]


def test_a_word_on_an_ambiguous_name_makes_no_told_event_new(runs: Runs) -> None:
    shown(runs, NAME)
    told = runs.events("event_id", "discovered_at")
    runs.add(firm(7, name=NAME), day=9, series="b", listing="new")
    record_decision(runs.home, match(NAME, 1, "same", day=12))
    rebuilt(runs)
    assert held(runs) == [("person", code(1))]
    assert [row for row in runs.events("event_id", "discovered_at") if row in told] == told


@pytest.mark.parametrize(("firm_number", "verdict", "left"), [(1, "different", [code(7)]), (7, "same", [code(7)])])
def test_a_word_that_is_said_otherwise_later_retracts_what_it_told(
    runs: Runs, firm_number: int, verdict: Any, left: list[str]
) -> None:
    runs.add(firm(7, name=NAME), day=2, series="b", listing="new")
    shown(runs, NAME)
    record_decision(runs.home, match(NAME, 1, "same", day=6))
    rebuilt(runs)
    ((told,),) = runs.events("event_id")
    record_decision(runs.home, match(NAME, firm_number, verdict, day=9))
    rebuilt(runs)
    assert [uscc for uscc, event in runs.events("uscc", "event_id") if event != told] == left
    assert runs.ask("SELECT event_id FROM retracted_events") == [(told,)]


def test_a_word_on_one_article_says_nothing_of_licences(runs: Runs) -> None:
    shown(runs, LOOSE)
    said = MatchDecision(
        name=LOOSE, uscc=code(1), verdict="same", article_id="a" + "0" * 16, who="a", when=DAY_ONE, why="b"
    )
    record_decision(runs.home, said)
    rebuilt(runs)
    assert held(runs) == [("none", None)]


def test_a_credit_code_stands_whatever_is_said_of_the_name(runs: Runs) -> None:
    shown(runs, NAME, uscc=code(1))
    record_decision(runs.home, match(NAME, 1, "different"))
    rebuilt(runs)
    assert held(runs) == [("credit_code", code(1))]


def test_a_renewal_of_a_licence_that_was_denied_is_a_grant(runs: Runs) -> None:
    """What is somebody else's is nothing that the firm held before."""
    other = "上海市样桦医疗科技有限公司"
    runs.licences(OLD, licence(10, holder=other, **NEW), day=3)
    runs.licences(
        OLD, licence(10, holder=other, **NEW), licence(11, holder=NAME, address=HERE, **granted("2026-11-05")), day=5
    )
    runs.load()
    assert runs.events("after") == [(licence(10).number,)]
    record_decision(runs.home, match(other, 1, "different"))
    rebuilt(runs)
    assert runs.events("after") == [(licence(11).number,)]


@pytest.mark.parametrize(("name", "verdict"), [(LOOSE, "same"), (NAME, "different"), (NAME, "same")])
def test_order_of_runs_and_words_on_holders_does_not_matter(tmp_path: Path, name: str, verdict: str) -> None:
    def play(home: Path, order: tuple[int, ...]) -> str:
        runs = Runs(home)
        steps: tuple[Callable[[], object], ...] = (
            lambda: runs.add(firm(1, name=NAME), firm(2), day=0),
            lambda: runs.licences(OLD, day=0),
            lambda: runs.licences(OLD, licence(10, holder=name, **NEW), day=3),
            lambda: record_decision(home, match(name, 1, verdict)),
            lambda: runs.add(firm(7, name=NAME), day=9, series="b", listing="new"),
        )
        for step in order:
            runs._written = 10 * step  # a run is named for its day, whenever it comes
            steps[step]()
            runs.load(accept_loss=True)
        return rebuilt(runs)

    orders = ((0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 4, 0, 3, 1))
    assert len({play(tmp_path / f"{number}", order) for number, order in enumerate(orders)}) == 1


def test_the_queue_shows_a_candidate_with_what_it_would_make_until_it_is_judged(runs: Runs) -> None:
    shown(runs, LOOSE)
    path = runs.home / PUBLISHED_NAME
    (entry,) = read_queue(path, [], 10, ["match"]).entries
    assert isinstance(entry, MatchEntry)
    assert (entry.name, entry.article_id, entry.event, entry.is_supposed) == (LOOSE, "", "licence_granted", True)
    assert [(one.uscc, one.name) for one in entry.firms] == [(code(1), NAME)]
    record_decision(runs.home, match(LOOSE, 1, "unsure"))
    assert read_queue(path, read_decisions(runs.home), 10, ["match"]).matches == 0


def test_the_queue_shows_a_candidate_of_a_licence_without_an_address_by_its_title(runs: Runs) -> None:
    shown(runs, LOOSE, address="")
    (entry,) = read_queue(runs.home / PUBLISHED_NAME, [], 10, ["match"]).entries
    assert isinstance(entry, MatchEntry)
    assert entry.sentence == entry.title


def test_a_proof_that_a_person_added_stands_beside_the_others(runs: Runs) -> None:
    shown(runs, LOOSE)
    record_decision(runs.home, match(LOOSE, 1, "same"))
    rebuilt(runs)
    ((evidence,),) = runs.events("evidence")
    assert [proof["record"]["holder"] for proof in json.loads(evidence)] == [LOOSE]


# ---------------------------------------------------------------------------------------- the real registrations


def test_every_real_holder_finds_its_firm_however_its_name_is_printed_and_no_two_merge(tmp_path: Path) -> None:
    rows = [(uscc.upper(), name) for uscc, name in registrations()]
    runs = Runs(tmp_path)
    runs.add(*(firm(at, uscc=uscc, uscc_raw=uscc, name=name, scope="") for at, (uscc, name) in enumerate(rows)), day=0)
    asked = [(uscc, written) for uscc, name in rows for written in sorted({name, *written_otherwise(name)})]
    runs.licences(*(licence(at, holder=written, licence_id=f"L{at}") for at, (_, written) in enumerate(asked)), day=0)
    runs.load()
    found = runs.ask("SELECT CAST(substr(licence_id, 2) AS BIGINT), substr(firm_id, 4), match FROM licences ORDER BY 1")
    assert [uscc for _, uscc, _ in found] == [uscc for uscc, _ in asked]
    assert {match for *_, match in found} == {"exact", "spelling"}
    assert runs.ask("SELECT count(*) FROM name_candidates") == [(0,)]
