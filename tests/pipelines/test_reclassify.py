"""After a change of rules every firm is read again: what changed is listed, decisions stay, no event comes or goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.classify import rules_version
from pipelines.decisions import LabelDecision, record_decision
from pipelines.label_changes import Change, Difference, Judgement, gather
from pipelines.load import Loaded, load
from pipelines.published_file import PublishedFileError
from pipelines.reclassify import Comparison, Reclassified, ReclassifyError, rehearse
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME
from tests.pipelines.runs import DAY_ONE, THERE, Runs, article, capital, code, firm, licence, published, registered
from tests.pipelines.stores import relabel, unpack, written_by_another

OLD_RULES = "2020.01+0ld0ld00"
FURNITURE = {"name": "上海桦序家具有限公司", "scope": "家具销售"}


def two_nights(runs: Runs) -> None:
    """Firms here and elsewhere, one decided on by a person, and a second night with events of several kinds."""
    runs.add(firm(1), firm(2, address=THERE), firm(3), firm(4, **FURNITURE), day=0)
    runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published("2026-09-01")), day=0)
    runs.licences(licence(1), day=0)
    runs.add(firm(1, **capital(900)), firm(2, address=THERE), firm(3), firm(4, **FURNITURE), firm(5), day=2)
    decided = {"who": "analyst", "when": DAY_ONE, "why": "makes furniture, whatever the name says"}
    record_decision(runs.home, LabelDecision(uscc=code(3), grade="none", sub_sector="none", **decided))
    runs.load()
    assert {kind for kind, _ in runs.events()} == {"registered", "capital_raised"}


def as_by_other_rules(home: Path, **labels: dict[str, Any]) -> None:
    """Leaves store and published file as a program with other rules would have: `labels` of firms, by credit code."""
    for name in (PUBLISHED_NAME, WORKING_NAME):
        relabel(home / name, labels)
        with written_by_another(home / name) as connection:
            connection.execute("UPDATE memo.labels SET version = 'of other rules', grade = 'none', evidence = 'stale'")
            connection.execute("UPDATE derived.firms SET rules_version = ?", [OLD_RULES])
            connection.execute("UPDATE main.release SET rules_version = ?", [OLD_RULES])


def reclassify(runs: Runs, limit: int = 10) -> tuple[Reclassified, Loaded, list[Change]]:
    kept: list[Change] = []
    comparison = Comparison(runs.home, limit, kept.append)
    done = load(runs.home, code_version="test", progress=lambda *told: None, onlooker=comparison)
    assert comparison.found is not None
    return comparison.found, done, kept


def labels(runs: Runs) -> list[tuple[Any, ...]]:
    return runs.ask(
        "SELECT uscc, grade, sub_sector, secondary, score, label_evidence, rules_version FROM firms ORDER BY 1"
    )


def as_published(runs: Runs) -> tuple[int, bytes]:
    path = runs.home / PUBLISHED_NAME
    return path.stat().st_ino, path.read_bytes()


PERIPHERAL: dict[str, Any] = {"grade": "peripheral", "sub_sector": "health_products"}


def test_what_other_rules_labelled_otherwise_is_listed_and_nothing_else(runs: Runs) -> None:
    two_nights(runs)
    before = labels(runs)
    elsewhere, here, silent = code(2), code(1), code(4)
    as_by_other_rules(
        runs.home,
        **{elsewhere: PERIPHERAL, here: {"label_evidence": "name:桦序 (an.old.rule)"}, silent: {"score": 0.5}},
    )
    found, done, kept = reclassify(runs)
    assert (found.firms, found.old_rules, found.new_rules) == (5, OLD_RULES, rules_version())
    assert [(change.uscc, change.difference) for change in found.changes.shown] == [
        (here, Difference.WORDS),
        (elsewhere, Difference.GRADE),
    ], "those in Putuo first, and a score that no word stands behind is no change"
    assert [change.uscc for change in kept] == [here, elsewhere]
    (_, moved) = kept
    assert (moved.before.grade, moved.before.sub_sector) == ("peripheral", "health_products")
    assert (moved.after.grade, moved.after.sub_sector) == ("core", "medical_devices")
    assert found.changes.counts == {Difference.WORDS: 1, Difference.GRADE: 1}
    assert found.changes.in_putuo == {Difference.WORDS: 1}
    assert labels(runs) == before, "what is published now is by today's rules"
    assert done.added == []


def test_the_events_are_the_same_before_and_after(runs: Runs) -> None:
    two_nights(runs)
    columns = ("event_id", "kind", "uscc", "discovered_at", "evidence")
    before = runs.events(*columns)
    as_by_other_rules(runs.home, **{code(number): PERIPHERAL for number in (1, 2, 4, 5)})
    found, _, kept = reclassify(runs)
    assert len(kept) == 4
    assert found.events == len(before) == 2
    assert runs.events(*columns) == before


def test_the_same_rules_change_nothing_and_give_the_same_file(runs: Runs) -> None:
    two_nights(runs)
    before = runs.ask("SELECT content_hash FROM release")
    found, _, kept = reclassify(runs)
    assert (found.changes.counts.total(), kept) == (0, [])
    assert runs.ask("SELECT content_hash FROM release") == before


def test_a_decision_wins_over_other_rules_and_is_listed_apart(runs: Runs) -> None:
    two_nights(runs)
    as_by_other_rules(runs.home)
    found, _, kept = reclassify(runs)
    (stays,) = found.stays
    assert (stays.uscc, stays.grade, stays.sub_sector) == (code(3), "none", "none")
    assert stays.why == "analyst: makes furniture, whatever the name says"
    assert (stays.rules.grade, stays.rules.sub_sector) == ("core", "medical_devices")
    assert code(3) not in [change.uscc for change in kept]
    decided = f"SELECT grade, score, label_decided_by FROM firms WHERE uscc = '{code(3)}'"
    assert runs.ask(decided) == [("none", 1.0, "person")]
    load(runs.home, code_version="test", progress=lambda *told: None, again=True)
    assert runs.ask(decided) == [("none", 1.0, "person")]


def test_looking_first_lists_the_same_and_writes_nothing(runs: Runs) -> None:
    two_nights(runs)
    as_by_other_rules(runs.home, **{code(2): PERIPHERAL, code(1): {"secondary": "digital_health"}})
    before, store = as_published(runs), (runs.home / WORKING_NAME).read_bytes()
    rehearsed: list[Change] = []
    steps: list[tuple[str, int, int]] = []
    first = rehearse(runs.home, 10, rehearsed.append, lambda *told: steps.append(told))
    assert as_published(runs) == before
    assert (runs.home / WORKING_NAME).read_bytes() == store
    assert (first.events, steps[-1]) == (None, ("firms", 5, 5))
    then, _, kept = reclassify(runs)
    assert (first.changes, first.stays, rehearsed) == (then.changes, then.stays, kept)
    assert len(kept) == 2
    assert (first.firms, first.old_rules, first.new_rules) == (then.firms, then.old_rules, then.new_rules)


def test_runs_that_wait_are_left_to_the_next_load(runs: Runs) -> None:
    two_nights(runs)
    waits = runs.add(firm(1, **capital(2000)), firm(6, **registered("2026-11-05")), day=4)
    before = runs.events("event_id")
    found, done, _ = reclassify(runs)
    assert (done.waiting, done.added) == ([waits.run_id], [])
    assert (runs.events("event_id"), found.events) == (before, 2)
    assert len(runs.load().added) == 1
    assert len(runs.events()) > 2


def test_a_decision_that_waits_is_refused_for_it_is_no_change_of_rules(runs: Runs) -> None:
    two_nights(runs)
    before = as_published(runs)
    record_decision(
        runs.home,
        LabelDecision(
            uscc=code(1), grade="none", sub_sector="none", who="analyst", when=DAY_ONE, why="closed its shop"
        ),
    )
    with pytest.raises(
        ReclassifyError, match=r"decisions wait that .*--dry-run -o CHANGES.csv` first; then `scrapy load`"
    ):
        reclassify(runs)
    assert as_published(runs) == before
    runs.load()
    assert reclassify(runs)[0].changes.counts.total() == 0


def test_a_published_file_of_other_runs_than_the_store_is_not_compared_with(runs: Runs) -> None:
    two_nights(runs)
    (runs.home / WORKING_NAME).unlink()
    before = as_published(runs)
    with pytest.raises(ReclassifyError, match=r"runs wait that .*or it knows others: to see .*`scrapy load`"):
        reclassify(runs)
    assert as_published(runs) == before


def test_of_a_file_that_cannot_be_looked_into_it_says_to_load(tmp_path: Path) -> None:
    """A look is no remedy where an older release published, and waiting decisions need a load."""
    runs = Runs(unpack("schema_3", tmp_path / "home"))
    decided = {"who": "analyst", "when": DAY_ONE, "why": "sells furniture"}
    record_decision(runs.home, LabelDecision(uscc=code(1), grade="none", sub_sector="none", **decided))
    with pytest.raises(ReclassifyError, match=r"decisions wait that .* others: run `scrapy load` first$"):
        reclassify(runs)


def test_a_file_that_cannot_be_compared_with_is_told_in_a_line_and_what_makes_it_comparable(tmp_path: Path) -> None:
    runs = Runs(unpack("schema_1", tmp_path / "home"))
    with pytest.raises(ReclassifyError) as refused:
        reclassify(runs)
    what, remedy = str(refused.value).splitlines()
    assert "putuo.duckdb: cannot be compared with: Binder Error: " in what
    assert remedy == "If an older release made it: scrapy load"
    runs.load()
    assert reclassify(runs)[0].changes.counts.total() == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (f"DELETE FROM derived.events WHERE uscc = '{code(5)}'", "would come"),
        (
            "INSERT INTO derived.events SELECT * REPLACE ('e0000000000000000' AS event_id) FROM derived.events LIMIT 1",
            "go",
        ),
        (f"UPDATE derived.events SET discovered_at = discovered_at + INTERVAL 1 DAY WHERE uscc = '{code(5)}'", "go"),
    ],
)
def test_an_event_that_would_differ_is_named_and_nothing_is_published(runs: Runs, change: str, told: str) -> None:
    """As if the program that published had told other events of these runs."""
    two_nights(runs)
    with written_by_another(runs.home / PUBLISHED_NAME) as connection:
        connection.execute(change)
    before = as_published(runs)
    with pytest.raises(ReclassifyError) as refused:
        reclassify(runs)
    assert "events would differ, and labels never make events: nothing was published." in str(refused.value)
    assert f" of {code(5)} would " in str(refused.value) or "e0000000000000000" in str(refused.value)
    assert told in str(refused.value)
    assert as_published(runs) == before


def test_without_a_published_file_it_says_what_to_do(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    with pytest.raises(ReclassifyError, match="no published database yet; run `scrapy load` first"):
        reclassify(runs)
    with pytest.raises(PublishedFileError, match="no published database yet; run `scrapy load` first"):
        rehearse(runs.home, 10, lambda change: None, lambda *told: None)


def judgement(**said: Any) -> Judgement:
    values: dict[str, Any] = {
        "grade": "core",
        "sub_sector": "medical_devices",
        "secondary": "",
        "score": 0.9,
        "words": "w",
    }
    return Judgement(**(values | said))


@pytest.mark.parametrize(
    ("said", "difference"),
    [
        ({"grade": "none", "sub_sector": "none", "score": 0.1, "words": ""}, Difference.GRADE),
        ({"sub_sector": "health_services", "secondary": "digital_health"}, Difference.SUB_SECTOR),
        ({"secondary": "digital_health", "words": "x"}, Difference.SECONDARY),
        ({"score": 0.91, "words": "x"}, Difference.SCORE),
        ({"words": "x"}, Difference.WORDS),
        ({}, None),
    ],
)
def test_a_change_is_told_by_the_weightiest_thing_that_differs(
    said: dict[str, Any], difference: Difference | None
) -> None:
    assert judgement().differs(judgement(**said)) is difference
    assert judgement(**said).differs(judgement()) is difference


def test_of_many_changes_the_weightiest_in_putuo_are_shown_and_all_are_kept() -> None:
    none, peripheral = judgement(grade="none"), judgement(grade="peripheral")

    def change(uscc: str, difference: Difference, *pair: Judgement, here: bool = True) -> Change:
        return Change(uscc, uscc, here, difference, *(pair or (judgement(), judgement())))

    changes = [
        change("a", Difference.GRADE, none, judgement(), here=False),
        change("b", Difference.WORDS),
        change("c", Difference.GRADE, none, peripheral),
        change("d", Difference.SUB_SECTOR),
        change("e", Difference.GRADE, judgement(), none),
    ]
    kept: list[Change] = []
    found = gather(iter(changes), 4, kept.append)
    assert [one.uscc for one in found.shown] == ["e", "c", "d", "b"]
    assert kept == changes
    assert found.counts.total() == 5
    assert json.dumps(found.in_putuo) == json.dumps({"words": 1, "grade": 2, "sub-sector": 1})
