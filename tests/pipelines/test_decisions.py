"""What people decide: kept whole whatever happens to the writer, counted by the next load, and taken back again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from crawler import clock
from pipelines.decisions import (
    FILE_NAME,
    Decision,
    DecisionError,
    LabelDecision,
    MatchDecision,
    Withdrawal,
    read_decisions,
    record_decision,
)
from pipelines.load import load
from pipelines.review import MatchEntry, UnknownEntry, overridden, read_queue
from pipelines.store.database import PUBLISHED_NAME
from tests.crawler.crawling import PATIENCE
from tests.pipelines.runs import DAY_ONE, THERE, Runs, article, code, firm, published
from tests.pipelines.stores import leave_in_doubt

ROOT = Path(__file__).parents[2]
FULL, SHORT, ALIAS = "上海桦序1医疗器械有限公司", "桦序1医疗器械", "桦序医械"
ABOUT = "普陀区医疗器械产业又添新动能。"
TOLD = published("2026-11-04")


def funded(name: str) -> str:
    return f"近日，{name}宣布完成A轮融资，融资金额1亿元。"


def label(number: int, grade: Any = "none", sub_sector: Any = "none", **said: Any) -> LabelDecision:
    return LabelDecision(uscc=code(number), grade=grade, sub_sector=sub_sector, **at(**said))


def match(name: str, number: int, verdict: Any, article_id: str = "", **said: Any) -> MatchDecision:
    return MatchDecision(name=name, uscc=code(number), verdict=verdict, article_id=article_id, **at(**said))


def withdraw(line: int) -> Withdrawal:
    return Withdrawal(line=line, **at())


def at(day: float = 10, why: str = "looked it up") -> dict[str, Any]:
    return {"who": "analyst", "when": DAY_ONE + timedelta(days=day), "why": why}


def baseline(runs: Runs) -> None:
    """A known firm in Putuo, and a portal that was read before."""
    runs.add(firm(1), firm(2, address=THERE), day=0)
    runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published("2026-09-01")), day=0)


def told_of(runs: Runs, name: str, number: int = 1, day: int = 2) -> None:
    on = published(f"{DAY_ONE + timedelta(days=day):%Y-%m-%d}")
    runs.news(article(number, f"消息{number}", ABOUT, funded(name), **on), day=day)


def mentions(runs: Runs) -> list[tuple[Any, ...]]:
    return runs.ask("SELECT name, matched, form, kind FROM mentions ORDER BY article_id, name")


def article_id(runs: Runs, number: int = 1) -> str:
    ((found,),) = runs.ask(f"SELECT article_id FROM articles WHERE source_id = '{number}'")
    return str(found)


def rebuilt(runs: Runs) -> str:
    """Loads, makes everything anew, and returns the hash that both have."""
    loaded = runs.load().published
    again = load(runs.home, code_version="test", progress=lambda *told: None, again=True).published
    assert loaded is not None
    assert again is not None
    assert loaded.content_hash == again.content_hash
    return again.content_hash


# ------------------------------------------------------------------------------------------ what a decision does


def test_a_name_that_means_another_takes_the_mention_and_its_event_away_until_that_is_withdrawn(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, SHORT)
    runs.load()
    before, events = mentions(runs), runs.events("event_id", "kind", "discovered_at", "evidence")
    assert before == [(FULL, SHORT, "short", "financing_raised")]
    line = record_decision(runs.home, match(SHORT, 1, "different"))
    rebuilt(runs)
    assert (mentions(runs), runs.events()) == ([], [])
    undone = record_decision(runs.home, withdraw(line))
    rebuilt(runs)
    assert (mentions(runs), runs.events("event_id", "kind", "discovered_at", "evidence")) == (before, events)
    assert runs.ask("SELECT count(*) FROM base.decisions") == [(0,)]
    record_decision(runs.home, withdraw(undone))
    rebuilt(runs)
    assert (mentions(runs), runs.events()) == ([], [])


def test_a_name_that_a_person_knows_makes_the_event(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, ALIAS)
    runs.load()
    assert (mentions(runs), runs.events()) == ([], [])
    line = record_decision(runs.home, match(ALIAS, 1, "same"))
    rebuilt(runs)
    assert mentions(runs) == [(FULL, ALIAS, "person", "financing_raised")]
    assert runs.events("kind", "uscc", "discovered_on::VARCHAR") == [("financing_raised", code(1), "2026-11-12")]
    record_decision(runs.home, withdraw(line))
    rebuilt(runs)
    assert (mentions(runs), runs.events()) == ([], [])


@pytest.mark.parametrize("said", ["same", "different"])
def test_order_of_runs_and_decisions_does_not_matter(tmp_path: Path, said: str) -> None:
    def play(home: Path, order: tuple[int, ...]) -> str:
        runs = Runs(home)
        decisions = [match(SHORT if said == "different" else ALIAS, 1, said), match(ALIAS, 2, "different", day=9)]
        steps: tuple[Callable[[], object], ...] = (
            lambda: baseline(runs),
            lambda: told_of(runs, SHORT if said == "different" else ALIAS),
            lambda: [record_decision(home, one) for one in decisions],
        )
        for step in order:
            runs._written = 10 * step  # a run is named for its day, whenever it comes
            steps[step]()
            runs.load()
        return rebuilt(runs)

    assert len({play(tmp_path / f"{order}", order) for order in permutations(range(3))}) == 1


def test_on_one_article_a_decision_counts_there_alone_and_before_one_on_everywhere(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, ALIAS, 1, day=2)
    told_of(runs, ALIAS, 2, day=60)
    runs.load()
    first, second = article_id(runs, 1), article_id(runs, 2)
    record_decision(runs.home, match(ALIAS, 1, "same", first))
    runs.load()
    assert runs.ask("SELECT article_id FROM mentions") == [(first,)]
    record_decision(runs.home, match(ALIAS, 1, "same"))
    runs.load()
    assert {row for (row,) in runs.ask("SELECT article_id FROM mentions")} == {first, second}
    record_decision(runs.home, match(ALIAS, 1, "different", first, day=1))  # on the article, but an older word
    runs.load()
    assert {row for (row,) in runs.ask("SELECT article_id FROM mentions")} == {first, second}
    record_decision(runs.home, match(ALIAS, 1, "different", first, day=20))
    record_decision(runs.home, match(ALIAS, 1, "same", day=30))
    rebuilt(runs)
    assert runs.ask("SELECT article_id FROM mentions") == [(second,)]


def test_of_two_firms_that_a_name_is_given_to_the_last_has_it(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, ALIAS)
    record_decision(runs.home, match(ALIAS, 1, "same", day=11))
    record_decision(runs.home, match(ALIAS, 2, "same", day=10))
    rebuilt(runs)
    assert [name for name, *_ in mentions(runs)] == [FULL]
    replaced = list(overridden(read_decisions(runs.home), match(ALIAS, 2, "same", day=12)))
    assert [one.line for one in replaced] == [1, 2]
    record_decision(runs.home, match(ALIAS, 2, "same", day=12))
    rebuilt(runs)
    assert [name for name, *_ in mentions(runs)] == ["上海桦序2医疗器械有限公司"]


def test_a_name_that_two_firms_share_means_the_one_that_a_person_names(runs: Runs) -> None:
    baseline(runs)
    runs.add(firm(3, name="上海澜禾生物科技有限公司"), firm(4, name="上海澜禾生物科技发展有限公司"), day=1, series="b")
    text = "上海澜禾生物科技近日动作频频。澜禾生物科技宣布完成A轮融资，融资金额1亿元。"
    runs.news(article(1, "消息", ABOUT, text, **TOLD), day=3)
    runs.load()
    assert mentions(runs) == []
    (entry,) = read_queue(runs.home / PUBLISHED_NAME, [], 10, ["match"]).entries
    assert isinstance(entry, MatchEntry)
    assert (entry.name, {one.uscc for one in entry.firms}) == ("上海澜禾生物科技", {code(3), code(4)})
    record_decision(runs.home, match(entry.name, 3, "same", entry.article_id))
    rebuilt(runs)
    assert {(uscc, kind) for uscc, kind in runs.ask("SELECT uscc, kind FROM mentions")} == {
        (code(3), "financing_raised")
    }
    assert read_queue(runs.home / PUBLISHED_NAME, read_decisions(runs.home), 10, ["match"]).matches == 0


@pytest.mark.parametrize(
    "text",
    [
        "桦序医械投资有限公司宣布完成A轮融资，融资金额1亿元。",
        "苏州桦序医械宣布完成A轮融资，融资金额1亿元。",
        "新桦序医械宣布完成A轮融资，融资金额1亿元。",
        "桦序医械嘉定分公司宣布完成A轮融资，融资金额1亿元。",
    ],
)
def test_a_longer_name_is_not_the_name_that_a_person_knows(runs: Runs, text: str) -> None:
    baseline(runs)
    runs.news(article(1, "消息", ABOUT, text, **TOLD), day=2)
    record_decision(runs.home, match(ALIAS, 1, "same"))
    runs.load()
    assert mentions(runs) == []


def test_a_registered_name_stays_its_firms_whoever_is_said_to_bear_a_piece_of_it(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, FULL)
    record_decision(runs.home, match("桦序1", 2, "same"))
    runs.load()
    assert mentions(runs) == [(FULL, FULL, "exact", "financing_raised")]


def test_what_is_forbidden_with_its_place_is_forbidden_without_it(runs: Runs) -> None:
    """A page writes 上海某某 first and goes on with 某某."""
    baseline(runs)
    runs.news(article(1, "消息", ABOUT, f"上海{SHORT}来访。{funded(SHORT)}", **TOLD), day=2)
    record_decision(runs.home, match(f"上海{SHORT}", 1, "different"))
    runs.load()
    assert (mentions(runs), runs.events()) == ([], [])


def test_a_firm_that_no_registration_has_shown_yet_is_named_from_when_one_does(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, ALIAS, day=2)
    record_decision(runs.home, match(ALIAS, 7, "same"))
    runs.load()
    assert runs.ask("SELECT firms FROM articles WHERE source_id = '1'") == [(0,)]
    runs.add(firm(7), day=4, series="b")
    rebuilt(runs)
    assert [form for _, _, form, _ in mentions(runs)] == ["person"]


def test_not_being_sure_changes_nothing_but_the_queue(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, SHORT)
    runs.load()
    before, events = mentions(runs), runs.events("event_id", "evidence")
    path = runs.home / PUBLISHED_NAME
    assert read_queue(path, read_decisions(runs.home), 10, ["match"]).matches == 1
    record_decision(runs.home, match(SHORT, 1, "unsure", article_id(runs)))
    assert read_queue(path, read_decisions(runs.home), 10, ["match"]).matches == 0
    rebuilt(runs)
    assert (mentions(runs), runs.events("event_id", "evidence")) == (before, events)
    record_decision(runs.home, withdraw(1))
    assert read_queue(path, read_decisions(runs.home), 10, ["match"]).matches == 1


# ------------------------------------------------------------------------------------- what was told stays told


def test_an_event_keeps_its_key_when_its_first_page_turns_out_to_mean_another_firm(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, SHORT, 1, day=2)
    told_of(runs, FULL, 2, day=4)
    runs.load()
    ((key, evidence),) = runs.events("event_id", "evidence")
    assert len(json.loads(evidence)) == 2
    record_decision(runs.home, match(SHORT, 1, "different"))
    rebuilt(runs)
    ((kept, evidence),) = runs.events("event_id", "evidence")
    assert kept == key
    assert [piece["observation_id"] for piece in json.loads(evidence)] == [article_id(runs, 2)]


def test_an_event_keeps_its_key_when_an_earlier_page_turns_out_to_tell_of_it(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, ALIAS, 1, day=2)
    told_of(runs, FULL, 2, day=4)
    runs.load()
    ((key, evidence),) = runs.events("event_id", "evidence")
    assert len(json.loads(evidence)) == 1
    record_decision(runs.home, match(ALIAS, 1, "same"))
    rebuilt(runs)
    ((kept, evidence),) = runs.events("event_id", "evidence")
    assert (kept, len(json.loads(evidence))) == (key, 2)
    told_of(runs, FULL, 3, day=20)
    rebuilt(runs)
    assert [(kept, 3)] == [(kept, len(json.loads(proofs))) for kept, proofs in runs.events("event_id", "evidence")]


def test_an_event_that_a_person_found_keeps_its_key_when_a_later_page_tells_it_plainly(runs: Runs) -> None:
    baseline(runs)
    told_of(runs, ALIAS, 1, day=2)
    record_decision(runs.home, match(ALIAS, 1, "same", day=3))
    runs.load()
    ((key,),) = runs.events("event_id")
    told_of(runs, FULL, 2, day=6)
    rebuilt(runs)
    assert runs.events("event_id") == [(key,)]


def test_an_event_that_a_person_found_keeps_its_key_when_that_is_taken_back_and_another_page_proves_it(
    runs: Runs,
) -> None:
    baseline(runs)
    told_of(runs, ALIAS, 1, day=2)
    record_decision(runs.home, match(ALIAS, 1, "same", day=3))
    runs.load()
    ((key,),) = runs.events("event_id")
    told_of(runs, FULL, 2, day=6)
    runs.load()
    record_decision(runs.home, withdraw(1))
    rebuilt(runs)
    ((kept, evidence),) = runs.events("event_id", "evidence")
    assert kept == key
    assert [piece["observation_id"] for piece in json.loads(evidence)] == [article_id(runs, 2)]


# -------------------------------------------------------------------------------------------------------- the queue


def test_the_queue_begins_with_what_the_coming_briefing_would_tell(runs: Runs) -> None:
    """A doubtful arrival of this week, then a short name behind an event of it, then a doubtful firm that only is."""
    doubtful = {"name": "上海桦序商贸有限公司", "scope": "第二类医疗器械销售；日用百货销售；食品销售；服装服饰零售"}
    runs.add(firm(1, name="上海桦序1医疗器械有限公司"), firm(5, **doubtful), firm(8), day=0)
    runs.news(article(900, "旧闻", **published("2026-09-01")), day=0)
    runs.add(firm(1), firm(5, **doubtful), firm(6, **doubtful), firm(8), day=15)
    told_of(runs, SHORT, 1, day=16)
    told_of(runs, "桦序8医疗器械", 2, day=1)
    runs.load()
    leave_in_doubt(runs.home, code(5), code(6))
    clock.start_at(DAY_ONE + timedelta(days=17))
    path = runs.home / PUBLISHED_NAME
    queue = read_queue(path, read_decisions(runs.home), 10)
    asked = [one for one in queue.entries if not isinstance(one, UnknownEntry)]
    shown = [(getattr(one, "uscc", ""), getattr(one, "name", ""), one.event, one.is_told) for one in asked]
    assert [row for row in shown if row[2]] == [
        (code(6), doubtful["name"], "registered", True),
        ("", SHORT, "financing_raised", True),
        ("", "桦序8医疗器械", "financing_raised", False),
    ]
    assert shown[0][0] == code(6)
    assert (queue.labels, queue.matches) == (2, 2)
    assert len(read_queue(path, read_decisions(runs.home), 1).entries) == 1
    record_decision(runs.home, label(6))
    assert read_queue(path, read_decisions(runs.home), 10, ["label"]).labels == 1
    entry = read_queue(path, read_decisions(runs.home), 10, ["match"]).entries[0]
    assert isinstance(entry, MatchEntry)
    assert entry.sentence == funded(SHORT)
    assert [(one.uscc, one.name) for one in entry.firms] == [(code(1), FULL)]


# --------------------------------------------------------------------------------------------------------- the file


def lines(home: Path) -> list[bytes]:
    return (home / FILE_NAME).read_bytes().split(b"\n")


def test_a_file_of_labels_by_hand_is_read_as_ever(tmp_path: Path) -> None:
    old = {
        "kind": "label",
        "uscc": code(1),
        "grade": "none",
        "sub_sector": "medical_devices",
        "who": "analyst",
        "when": "2026-11-05T10:00:00+08:00",
        "why": "家具",
    }
    text = "\ufeff" + "\r\n".join(["", json.dumps(old, ensure_ascii=False), "", json.dumps(old)])
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8", newline="")
    assert [(one.line, one.decision.why) for one in read_decisions(tmp_path)] == [(2, "家具"), (4, "家具")]
    assert record_decision(tmp_path, label(2)) == 5
    assert [one.line for one in read_decisions(tmp_path)] == [2, 4, 5]
    assert (tmp_path / FILE_NAME).read_bytes().startswith(text.encode())


def test_a_withdrawal_can_be_withdrawn_and_the_file_only_grows(tmp_path: Path) -> None:
    bodies = [b""]
    for decision in (label(1), withdraw(1), withdraw(2), withdraw(1)):
        record_decision(tmp_path, decision)
        bodies.append((tmp_path / FILE_NAME).read_bytes())
        assert bodies[-1].startswith(bodies[-2])
    assert [(one.line, one.withdrawn_by) for one in read_decisions(tmp_path)] == [(1, 4), (2, 3), (3, 0), (4, 0)]


@pytest.mark.parametrize(
    ("line", "told"), [(7, "7: there is no decision on this line"), (2, "2: is withdrawn already")]
)
def test_a_withdrawal_of_nothing_is_not_recorded(tmp_path: Path, line: int, told: str) -> None:
    for decision in (label(1), label(2), withdraw(2)):
        record_decision(tmp_path, decision)
    before = lines(tmp_path)
    with pytest.raises(DecisionError, match=told):
        record_decision(tmp_path, withdraw(line))
    assert lines(tmp_path) == before


@pytest.mark.parametrize("line", [1, 3, 4, 99])
def test_a_withdrawal_of_no_decision_before_it_is_refused_with_its_line(tmp_path: Path, line: int) -> None:
    """Line 1 is empty, 3 is itself, 4 comes later."""
    said = ["", label(1).model_dump_json(), withdraw(line).model_dump_json(), label(2).model_dump_json(), ""]
    (tmp_path / FILE_NAME).write_text("\n".join(said), encoding="utf-8")
    with pytest.raises(DecisionError, match=rf"decisions\.jsonl:3: line: withdraws line {line}, which is no decision"):
        read_decisions(tmp_path)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (label(1).model_dump_json().replace(code(1), "nonsense"), r":2: uscc: .* \(mend this line, or bring the file"),
        ('{"kind": "guess"}', ":2: line: "),
        ('{"kind": "lab', ":2: line: "),
        ("\x00\x00", ":2: line: "),
    ],
)
def test_a_damaged_line_is_told_with_its_place_and_nothing_is_added_behind_it(
    tmp_path: Path, wrong: str, told: str
) -> None:
    record_decision(tmp_path, label(1))
    with (tmp_path / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(wrong + "\n" + label(2).model_dump_json() + "\n")
    before = lines(tmp_path)
    for act in (lambda: read_decisions(tmp_path), lambda: record_decision(tmp_path, label(3))):
        with pytest.raises(DecisionError, match=rf"decisions\.jsonl{told}"):
            act()
    assert lines(tmp_path) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": "桦"}, "too short to mean one firm"),
        ({"name": "（）·！"}, "too short"),
        ({"name": "桦序\n医械"}, "pattern"),
        ({"name": "桦" * 201}, "200"),
        ({"article_id": "a1"}, "pattern"),
        ({"verdict": "maybe"}, "same"),
        ({"why": ""}, "1 character"),
        ({"who": "n" * 81}, "80"),
        ({"when": datetime(2026, 11, 5)}, "timezone"),  # noqa: DTZ001 - that is the point
    ],
)
def test_a_decision_is_bounded(said: dict[str, Any], told: str) -> None:
    values: dict[str, Any] = {"name": ALIAS, "uscc": code(1), "verdict": "same", **at()}
    with pytest.raises(ValueError, match=told):
        MatchDecision(**(values | said))


def test_an_append_cut_at_any_byte_loses_nothing_before_it_and_spoils_nothing_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record_decision(tmp_path, label(1, why="第一"))
    whole = (tmp_path / FILE_NAME).read_bytes()
    record_decision(tmp_path, match(ALIAS, 2, "same", why="第二个理由"))
    last = (tmp_path / FILE_NAME).read_bytes()[len(whole) :]
    for cut in range(1, len(last)):
        caplog.clear()
        (tmp_path / FILE_NAME).write_bytes(whole + last[:cut])
        is_whole = cut == len(last) - 1  # all but the line break: it says what it says
        assert [one.line for one in read_decisions(tmp_path)] == ([1, 2] if is_whole else [1])
        assert ("decisions.jsonl:2: unfinished" in caplog.text) is not is_whole
        assert record_decision(tmp_path, label(3)) == 3
        assert record_decision(tmp_path, withdraw(3)) == 4
        assert [one.line for one in read_decisions(tmp_path)] == ([1, 2, 3, 4] if is_whole else [1, 3, 4])
        assert (tmp_path / FILE_NAME).read_bytes().startswith(whole + last[:cut])


_APPEND = """
import sys
from pathlib import Path
from pipelines.decisions import LabelDecision, record_decision
home, who, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(times):
    decision = LabelDecision(uscc=sys.argv[4], grade="none", sub_sector="none", who=who,
                             when="2026-11-05T10:00:00+08:00", why=f"理由{number}" * 20)
    print(record_decision(home, decision), number, flush=True)
"""


def appending(home: Path, who: str, times: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", _APPEND, str(home), who, str(times), code(1)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_many_who_record_at_once_lose_none(tmp_path: Path) -> None:
    children = [appending(tmp_path, f"analyst{number}", 25) for number in range(4)]
    told = {
        (int(line.split()[0]), f"analyst{number}", f"理由{line.split()[1]}" * 20)
        for number, child in enumerate(children)
        for line in child.communicate(timeout=PATIENCE)[0].splitlines()
    }
    assert [child.returncode for child in children] == [0] * 4
    assert {(one.line, one.decision.who, one.decision.why) for one in read_decisions(tmp_path)} == told
    assert len(told) == 100


def test_who_is_killed_while_recording_has_lost_nothing_that_was_told_as_recorded(tmp_path: Path) -> None:
    told: set[tuple[int, str]] = set()
    for heard in (1, 2, 5):
        child = appending(tmp_path, "analyst", 100_000)
        assert child.stdout is not None
        told |= {(int(line.split()[0]), line.split()[1]) for line, _ in zip(child.stdout, range(heard), strict=False)}
        child.send_signal(signal.SIGKILL)
        rest = child.communicate()[0].splitlines(keepends=True)
        told |= {(int(line.split()[0]), line.split()[1]) for line in rest if line.endswith("\n")}
    found = {(one.line, one.decision.why.removeprefix("理由").partition("理")[0]) for one in read_decisions(tmp_path)}
    assert told <= found
    assert record_decision(tmp_path, label(2)) == len(lines(tmp_path)) - 1


def test_a_new_file_is_for_its_owner_to_write_and_a_mode_once_set_stays(tmp_path: Path) -> None:
    record_decision(tmp_path, label(1))
    path = tmp_path / FILE_NAME
    assert path.stat().st_mode & 0o133 == 0
    path.chmod(0o664)
    record_decision(tmp_path, label(2))
    assert path.stat().st_mode & 0o777 == 0o664


def test_the_base_holds_what_counts_by_its_line(runs: Runs) -> None:
    runs.add(firm(1))
    article = "a0123456789abcdef"
    decisions: tuple[Decision, ...] = (
        label(1, day=3),
        match(ALIAS, 1, "same", article),
        label(2),
        withdraw(3),
    )
    for one in decisions:
        record_decision(runs.home, one)
    runs.load()
    columns = "line, kind, uscc, grade, sub_sector, name, article_id, verdict, decided_by, decided_at::VARCHAR, why"
    assert runs.ask(f"SELECT {columns} FROM base.decisions ORDER BY line") == [
        (1, "label", code(1), "none", "none", "", "", "", "analyst", "2026-11-04 18:00:00", "looked it up"),
        (2, "match", code(1), "", "", ALIAS, article, "same", "analyst", "2026-11-11 18:00:00", "looked it up"),
    ]
