"""`scrapy reclassify`: look first, then publish; what changed on screen and in a file; what is wrong told in a line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines.decisions import LabelDecision, record_decision
from pipelines.store.database import LOCK_NAME, PUBLISHED_NAME, WORKING_NAME
from tests.crawler.crawling import Done, scrapy
from tests.pipelines.runs import DAY_ONE, THERE, Runs, capital, code, firm
from tests.pipelines.stores import relabel, unpack, written_by_another

OLD_RULES = "2020.01+0ld0ld00"
FORMULA = "=HYPERLINK(1) \x1b[31m"
PERIPHERAL = {"grade": "peripheral", "sub_sector": "health_products", "score": 0.7}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """Rules change; somebody looks first, publishes, and looks again."""
    home = tmp_path_factory.mktemp("reclassify")
    runs = Runs(home)
    runs.add(firm(1), firm(2, address=THERE), firm(3), day=0)
    runs.add(firm(1), firm(2, address=THERE), firm(3), firm(4), day=2)
    said = {"who": "analyst", "when": DAY_ONE, "why": "sells furniture"}
    record_decision(
        home, LabelDecision.model_validate({"uscc": code(3), "grade": "none", "sub_sector": "none", **said})
    )
    runs.load()
    for name in (PUBLISHED_NAME, WORKING_NAME):
        relabel(home / name, {code(2): PERIPHERAL, code(1): PERIPHERAL | {"label_evidence": FORMULA}})
        with written_by_another(home / name) as connection:
            connection.execute("UPDATE main.release SET rules_version = ?", [OLD_RULES])
    runs.add(firm(1, **capital(900)), day=4)
    return {
        "look": scrapy(home, "reclassify", "--dry-run", "--limit", "1"),
        "publish": scrapy(home, "reclassify", "-o", str(home / "changes.csv")),
        "again": scrapy(home, "reclassify", "--dry-run"),
    }


def test_every_step_ends_well(story: dict[str, Done]) -> None:
    assert {name: (done.exitcode, done.stderr) for name, done in story.items() if done.exitcode} == {}


def test_looking_first_shows_the_firms_of_putuo_first_and_how_to_see_the_rest(story: dict[str, Done]) -> None:
    first, *lines = story["look"].stdout.splitlines()
    assert first.startswith(f"read 4 firms: rules {OLD_RULES} → ")
    assert lines[:4] == [
        "labelled otherwise: 2 (grade 2)",
        "of these in Putuo: 1 (grade 1)",
        f"1. grade: 上海桦序1医疗器械有限公司 ({code(1)})",
        "   was: peripheral, health_products, 0.700; =HYPERLINK(1) [31m",
    ]
    assert lines[4].startswith("   now: core, medical_devices, ")
    assert "医疗器械" in lines[4]
    assert lines[5] == "… and 1 more: --limit 2, or -o CHANGES.csv"
    assert lines[6:8] == [
        f"decided by a person: stays none, none: 上海桦序3医疗器械有限公司 ({code(3)})",
        "   analyst: sells furniture; the rules would say core, medical_devices",
    ]
    assert lines[8].startswith("nothing was written; ")


def test_publishing_lists_the_same_proves_the_events_and_says_what_waits(story: dict[str, Done]) -> None:
    done = story["publish"]
    assert "labelled otherwise: 2 (grade 2)" in done.stdout
    assert "events: 1 before and after, the same" in done.stdout
    assert "runs that wait for `scrapy load`: 1" in done.stdout
    assert f"published {done.home / PUBLISHED_NAME}: 4 firms" in done.stdout
    assert "labelled otherwise: none" in story["again"].stdout


def test_all_changes_stand_in_the_file_and_no_cell_is_a_formula(story: dict[str, Done]) -> None:
    path = story["publish"].home / "changes.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [(row["uscc"], row["in_putuo"], row["difference"]) for row in rows] == [
        (code(1), "yes", "grade"),
        (code(2), "no", "grade"),
    ]
    first = rows[0]
    assert (first["grade_before"], first["score_before"], first["grade_after"]) == ("peripheral", "0.700", "core")
    assert first["words_before"].startswith("'=HYPERLINK")
    assert not list(path.parent.glob(".*unfinished"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("everything",), "'everything': reclassify takes options alone"),
        (("--limit", "0"), "--limit 0: must be 1 or more"),
    ],
)
def test_a_mistake_in_the_call_is_told(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    done = scrapy(tmp_path, "reclassify", *words)
    assert (done.exitcode, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_without_a_published_file_it_says_what_to_do_and_leaves_no_list(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = scrapy(tmp_path, "reclassify", *words, "-o", str(tmp_path / "changes.csv"))
    assert done.exitcode == 1
    assert "no published database yet; run `scrapy load` first" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.glob("*changes*")] == []


@pytest.mark.parametrize(
    ("output", "told"), [("folder.csv", "is a folder; say which file in it"), ("gone/a.csv", "there is no folder ")]
)
def test_a_list_that_cannot_be_written_is_refused_before_anything_is_published(
    tmp_path: Path, output: str, told: str
) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1), day=0)
    runs.load()
    (tmp_path / "folder.csv").mkdir()
    relabel(tmp_path / PUBLISHED_NAME, {code(1): PERIPHERAL})
    done = scrapy(tmp_path, "reclassify", "-o", str(tmp_path / output))
    assert (done.exitcode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert runs.ask("SELECT grade FROM firms") == [("peripheral",)], "published as it was"


def test_where_a_decision_waits_it_says_how_to_see_what_the_rules_change_before_a_load(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1), day=0)
    runs.load()
    said = {"who": "analyst", "when": DAY_ONE, "why": "sells furniture", "grade": "none", "sub_sector": "none"}
    record_decision(tmp_path, LabelDecision.model_validate({"uscc": code(1), **said}))
    done = scrapy(tmp_path, "reclassify")
    assert done.exitcode == 1
    assert "decisions wait that " in done.stderr
    assert "run `scrapy reclassify --dry-run -o CHANGES.csv` first; then `scrapy load`" in done.stderr
    assert scrapy(tmp_path, "reclassify", "--dry-run", "-o", str(tmp_path / "changes.csv")).exitcode == 0


def test_a_file_of_an_older_release_is_read_by_no_look_and_by_the_publishing_itself(tmp_path: Path) -> None:
    home = unpack("schema_3", tmp_path / "home")
    look = scrapy(home, "reclassify", "--dry-run")
    assert (look.exitcode, look.stdout) == (1, "")
    asked, remedy = look.stderr.splitlines()
    assert "cannot be asked: Binder Error: " in asked
    assert remedy == "If an older release made it: scrapy reclassify"
    done = scrapy(home, "reclassify")
    assert done.exitcode == 0, done.stderr
    assert "labelled otherwise: " in done.stdout


def test_an_event_that_would_differ_ends_it_with_the_event_named(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1), day=0)
    runs.add(firm(1), firm(2), day=2)
    runs.load()
    with written_by_another(tmp_path / PUBLISHED_NAME) as connection:
        connection.execute("DELETE FROM derived.events")
    done = scrapy(tmp_path, "reclassify")
    assert done.exitcode == 1
    assert "1 events would differ, and labels never make events: nothing was published." in done.stderr
    assert f"registered of {code(2)} would come" in done.stderr


def test_looking_first_does_not_wait_for_a_load(tmp_path: Path) -> None:
    Runs(tmp_path).add(firm(1), day=0)
    Runs(tmp_path).load()
    with FileLock(tmp_path / LOCK_NAME):
        assert scrapy(tmp_path, "reclassify", "--dry-run").exitcode == 0
