"""`scrapy review`: what to judge, with what decides it, and the word on it kept, listed and taken back."""

from __future__ import annotations

import json
import shlex
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from tests.crawler.crawling import Done, scrapy
from tests.pipelines.runs import DAY_ONE, Runs, article, code, firm, published
from tests.pipelines.stores import leave_in_doubt

SHORT = "桦序1医疗器械"
SENTENCE = f"近日，{SHORT}宣布完成A轮融资，融资金额1亿元。"
DOUBTFUL = {"name": "上海桦序商贸有限公司", "scope": "第二类医疗器械销售；日用百货销售；食品销售；服装服饰零售"}
NOW, LATER = (("--now", (DAY_ONE + timedelta(days=day)).isoformat()) for day in (3, 4))
WHY = ("--why", "looked it up", "--who", "analyst")


def write_runs(home: Path) -> None:
    """A firm of Putuo that a page names by its short name, and a doubtful firm."""
    runs = Runs(home)
    runs.add(firm(1), firm(5, **DOUBTFUL), day=0)
    runs.news(article(900, "旧闻", **published("2026-09-01")), day=0)
    title = "消息\x1b[31m"  # what a terminal would obey
    runs.news(article(1, title, "普陀区医疗器械产业又添新动能。", SENTENCE, **published("2026-11-04")), day=2)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("review")
    write_runs(home)
    Runs(home).load()
    return home


@pytest.fixture(scope="module")
def article_id(loaded: Path) -> str:
    ((found,),) = Runs(loaded).ask("SELECT article_id FROM articles WHERE source_id = '1'")
    return str(found)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """A sitting: look, follow what was shown, load, look again, take it back."""
    home = tmp_path_factory.mktemp("sitting")
    write_runs(home)
    done = {"load": scrapy(home, "load")}
    leave_in_doubt(home, code(5))
    done["look"] = scrapy(home, "review", *NOW)
    shown = next(line for line in done["look"].stdout.splitlines() if "scrapy review match" in line)
    words = shlex.split(shown.replace("same|different|unsure", "different"))[1:]
    done["match"] = scrapy(home, *words[: words.index("--why")], *WHY, *NOW)
    done["label"] = scrapy(home, "review", "label", code(5).lower(), "--grade", "none", *WHY, *NOW)
    done["look again"] = scrapy(home, "review", *NOW)
    done["load again"] = scrapy(home, "load")
    done["evaluate"] = scrapy(home, "evaluate")
    done["again"] = scrapy(
        home, "review", "label", code(5), "--grade=core", "--sub-sector=medical_devices", *WHY, *LATER
    )
    done["withdraw"] = scrapy(home, "review", "withdraw", "1", *WHY, *LATER)
    done["decided"] = scrapy(home, "review", "--decided")
    done["decided labels"] = scrapy(home, "review", "--decided", "--kind", "label", "--limit", "1")
    return done


def test_every_step_of_a_sitting_ends_well(story: dict[str, Done]) -> None:
    assert {name: (done.exitcode, done.stderr) for name, done in story.items() if done.exitcode} == {}


def test_the_queue_shows_what_a_person_needs_to_decide(story: dict[str, Done], article_id: str) -> None:
    shown = story["look"].stdout
    assert f"match: {SHORT} [financing_raised, in the coming briefing]" in shown
    assert f"“{SENTENCE}”" in shown
    assert "消息[31m (2026-11-04) https://www.example.org/yaowen/20261101/1.html" in shown
    assert "\x1b" not in shown
    assert f"is it 上海桦序1医疗器械有限公司 ({code(1)}), 上海市普陀区真南路822弄18号?" in shown
    assert f"scrapy review match '{SHORT}' {code(1)} same|different|unsure --article {article_id}" in shown
    assert f"label: 上海桦序商贸有限公司 ({code(5)})" in shown
    assert "   now: " in shown
    assert ", probability 0.60" in shown
    assert "   words: scope:医疗器械" in shown
    assert f"scope: {DOUBTFUL['scope']}" in shown
    assert shown.endswith("to review: 1 labels, 1 matches; shown: 2\n")


def test_what_was_decided_leaves_the_queue_at_once_and_counts_after_the_load(story: dict[str, Done]) -> None:
    assert story["match"].stdout.endswith("recorded line 1; next: scrapy load\n")
    assert story["label"].stdout.endswith("recorded line 2; next: scrapy load\n")
    assert story["look again"].stdout == "to review: 0 labels, 0 matches; shown: 0\n"
    runs = Runs(story["load again"].home)
    assert runs.events() == []
    assert runs.ask(f"SELECT grade, label_decided_by, label_evidence FROM firms WHERE uscc = '{code(5)}'") == [
        ("none", "person", "analyst: looked it up")
    ]


def test_what_was_decided_is_a_case_that_later_rules_are_measured_by(story: dict[str, Done]) -> None:
    shown = story["evaluate"].stdout
    assert "decided by people: 1 firms" in shown
    assert f"{code(5)} 上海桦序商贸有限公司: is none, none" in shown
    assert "analyst: looked it up" in shown


def test_a_second_word_says_what_it_replaces(story: dict[str, Done]) -> None:
    assert f"replaces line 2: label {code(5)} none none (analyst, 2026-11-05 02:00" in story["again"].stdout


def test_the_decisions_are_listed_with_line_who_when_why_and_whether_they_stand(story: dict[str, Done]) -> None:
    match, label, again, withdrawal, count = story["decided"].stdout.splitlines()
    assert match.startswith(f"line 1: match {SHORT} {code(1)} different a")
    assert match.endswith("looked it up) WITHDRAWN by line 4")
    assert label.endswith("looked it up)")
    assert again.startswith(f"line 3: label {code(5)} core medical_devices (analyst, 2026-11-06 02:0")
    assert withdrawal.startswith("line 4: withdraw 1 (analyst, 2026-11-06 02:0")
    assert count == "decided: 4"
    assert story["decided labels"].stdout == f"{again}\ndecided: 2\n"


MISTAKES = {
    "no such word": (("praise", "x"), "'praise x': write scrapy review [label USCC"),
    "a word too few": (("match", SHORT, code(1)), "write scrapy review"),
    "no code": (("label", "91310199X", "--grade", "none", *WHY), "'91310199X' is no unified social credit code"),
    "a code mistyped": (("label", code(1)[:-1] + "0", "--grade", "none", *WHY), "is no unified social credit code"),
    "unknown firm": (("label", code(77), "--grade", "none", *WHY), f"{code(77)}: no such firm in"),
    "no grade": (("label", code(1), *WHY), "say --grade and --sub-sector"),
    "no sub-sector": (("label", code(1), "--grade", "core", *WHY), "say --grade and --sub-sector"),
    "core of none": (("label", code(1), "--grade=core", "--sub-sector=none", *WHY), "core does not go with"),
    "none of one": (("label", code(1), "--grade=none", "--sub-sector=health_services", *WHY), "none does not go with"),
    "no such sub-sector": (("label", code(1), "--grade=core", "--sub-sector=shoes", *WHY), "invalid choice: 'shoes'"),
    "no reason": (("label", code(1), "--grade", "none"), "say --why"),
    "a phone in the reason": (
        ("label", code(1), "--grade", "none", "--why", "联系人：某某，13800000000"),
        "--why: leave out what identifies or reaches a person",
    ),
    "who is too long": (("label", code(1), "--grade=none", "--why=x", "--who", "n" * 81), "who: String should have"),
    "no such verdict": (("match", SHORT, code(1), "maybe", *WHY), "'maybe': say same, different or unsure"),
    "no such article": (
        ("match", SHORT, code(1), "same", "--article", "a0123456789abcdef", *WHY),
        "--article a0123456789abcdef: no such article",
    ),
    "no id": (("match", SHORT, code(1), "same", "--article", "1", *WHY), "article_id: String should match"),
    "not named there": (("match", "桦序9", code(1), "same", "--article", "ID", *WHY), "'桦序9' does not stand in"),
    "an option of another word": (("match", SHORT, code(1), "same", "--grade=core", *WHY), "--grade: not of `review"),
    "an option without a word": (("--why", "x"), "--why: not of `review` without a word"),
    "no line": (("withdraw", "first", *WHY), "'first' is no line number"),
    "nothing shown": (("--limit", "0"), "--limit 0: must be 1 or more"),
}  # fmt: skip


@pytest.fixture(scope="module")
def mistaken(loaded: Path, article_id: str) -> dict[str, Done]:
    with ThreadPoolExecutor(3) as pool:
        ends = {
            name: pool.submit(scrapy, loaded, "review", *(article_id if word == "ID" else word for word in words))
            for name, (words, _) in MISTAKES.items()
        }
    return {name: end.result() for name, end in ends.items()}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_call_is_told_and_nothing_is_recorded(mistaken: dict[str, Done], name: str) -> None:
    done = mistaken[name]
    assert (done.exitcode, done.stdout) == (2, "")
    assert MISTAKES[name][1] in done.stderr
    assert "Traceback" not in done.stderr
    assert not (done.home / "decisions.jsonl").exists()


def test_what_the_file_does_not_know_yet_can_be_decided_when_that_is_meant(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "review", "match", "桦序医械", code(77), "same", "--unseen", *WHY)
    assert (done.exitcode, done.stdout) == (0, "recorded line 1; next: scrapy load\n")
    said = json.loads((tmp_path / "decisions.jsonl").read_text(encoding="utf-8"))
    assert (said["kind"], said["name"], said["uscc"], said["article_id"]) == ("match", "桦序医械", code(77), "")


@pytest.mark.parametrize("words", [(), ("label", code(1), "--grade", "none", *WHY)])
def test_without_a_published_file_it_says_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = scrapy(tmp_path, "review", *words)
    assert done.exitcode == 1
    assert "no published database yet; run `scrapy load` first" in done.stderr


def test_a_damaged_file_of_decisions_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "decisions.jsonl").write_text("{}\n", encoding="utf-8")
    for words in (("--decided",), ("withdraw", "1", *WHY)):
        done = scrapy(tmp_path, "review", *words)
        assert done.exitcode == 1
        assert "decisions.jsonl:1: line: " in done.stderr
        assert "Traceback" not in done.stderr


def test_a_line_that_is_not_there_cannot_be_withdrawn(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "review", "withdraw", "3", *WHY)
    assert done.exitcode == 1
    assert "decisions.jsonl:3: there is no decision on this line" in done.stderr


def test_while_another_records_it_leaves_and_says_so(tmp_path: Path) -> None:
    with FileLock(tmp_path / "decisions.lock"):
        done = scrapy(tmp_path, "review", "label", code(1), "--grade", "none", "--unseen", *WHY)
    assert done.exitcode == 3
    assert "decisions.lock" in done.stderr
