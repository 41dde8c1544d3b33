"""`scrapy evaluate`: figures for a labels file, the rows gone wrong, and the firms that people decided on as cases."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.classify import rules_version
from pipelines.decisions import LabelDecision, record_decision
from tests.crawler.crawling import Done, scrapy
from tests.pipelines.classify.judged_rows import COLUMNS, judged_rows, write_labels
from tests.pipelines.runs import DAY_ONE, Runs, code, firm

ROWS = judged_rows()
FURNITURE = {"name": "上海样本家具有限公司", "scope": "家具销售"}
# Rows that nobody could read so: the first device trader is none, and a furniture shop is a pharmacy.
MISJUDGED = [
    ROWS[0] | {"grade": "none", "primary": "none"},
    ROWS[1] | FURNITURE,
    *ROWS[2:],
]
FORMULA = '=HYPERLINK("https://www.example.org",1)'
BROKEN = [ROWS[0], ROWS[1] | {"grade": "heart"}]
CALLS = {
    "figures": ("labels.csv",),
    "several files": ("labels.csv", "misjudged.csv"),
    "cross-validated": ("labels.csv", "--cross-validate"),
    "misjudged": ("misjudged.csv", "-o", "WRONG.csv", "--wrong", "1"),
    "none shown": ("misjudged.csv", "--wrong", "0"),
    "good enough": ("misjudged.csv", "--fail-under", "0.5", "--wrong", "0"),
    "not good enough": ("misjudged.csv", "--fail-under", "0.99", "--wrong", "0"),
    "not good enough unseen": ("misjudged.csv", "--cross-validate", "--fail-under", "0.99", "--wrong", "0"),
    "nothing decided": ("--strict",),
    "five columns": ("five.csv", "--cross-validate", "--wrong", "0"),
    "nothing parts the rows": ("unparted.csv", "--cross-validate"),
    "nothing to learn": ("silent.csv", "--cross-validate"),
    "formulas": ("formulas.csv", "-o", "FORMULAS.csv"),
    "into a folder": ("labels.csv", "--cross-validate", "-o", "folder.csv"),
    "into no folder": ("labels.csv", "--cross-validate", "-o", "gone/wrong.csv"),
    "broken, to a file": ("broken.csv", "-o", "NEVER.csv"),
    "broken": ("broken.csv",),
    "without a column": ("header.csv",),
    "gone": ("gone.csv",),
    "fail under too much": ("labels.csv", "--fail-under", "92"),
    "wrong below none": ("labels.csv", "--wrong", "-1"),
    "cross-validated nothing": ("--cross-validate",),
    "failed under nothing": ("--strict", "--fail-under", "1"),
    "wrote nothing": ("-o", "NEVER.csv"),
}


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    home = tmp_path_factory.mktemp("evaluate")
    write_labels(home / "labels.csv", ROWS)
    write_labels(home / "misjudged.csv", MISJUDGED)
    write_labels(home / "broken.csv", BROKEN)
    write_labels(home / "header.csv", ROWS, COLUMNS[:4])
    write_labels(home / "five.csv", ROWS, COLUMNS[:5])
    write_labels(home / "unparted.csv", [row | {"uscc": ""} for row in ROWS], COLUMNS[:5])
    write_labels(home / "silent.csv", [row | {"name": "上海样本贸易有限公司", "scope": "百货"} for row in ROWS])
    write_labels(home / "formulas.csv", [ROWS[0] | FURNITURE | {"uscc": "=cmd|x!A1", "name": FORMULA}])
    (home / "folder.csv").mkdir()
    with ThreadPoolExecutor(3) as pool:
        ends = {name: pool.submit(scrapy, home, "evaluate", *in_home(home, words)) for name, words in CALLS.items()}
    return {name: end.result() for name, end in ends.items()}


def in_home(home: Path, words: tuple[str, ...]) -> list[str]:
    return [str(home / word) if word.endswith(".csv") else word for word in words]


def test_figures_are_shown_by_class_with_intervals_and_whether_scores_hold(evaluated: dict[str, Done]) -> None:
    done = evaluated["figures"]
    assert done.exitcode == 0, done.stderr
    first, *lines = done.stdout.splitlines()
    assert first == f"28 judged rows; rules {rules_version()}"
    for asked, classes in (("grade", 3), ("primary", 6)):
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{asked} macro-F1 "))
        assert "(95 %: " in lines[at]
        assert float(lines[at].split()[2]) >= 0.9
        shown = [line.split() for line in lines[at + 2 : at + 2 + classes]]
        key = [row[asked] for row in ROWS]
        assert {name: int(rows) for name, rows, *_ in shown} == {name: key.count(name) for name in set(key)}
    assert any(line.startswith("scores against what is right (mean gap 0.") for line in lines)
    assert lines[-1].startswith("decided by people: 0 firms")


def test_files_are_measured_together(evaluated: dict[str, Done]) -> None:
    assert evaluated["several files"].stdout.startswith("56 judged rows; ")


def test_cross_validation_shows_a_line_a_split_and_all_figures_of_the_random_one(evaluated: dict[str, Done]) -> None:
    done = evaluated["cross-validated"]
    assert done.exitcode == 0, done.stderr
    lines = done.stdout.splitlines()
    for line, split in zip(lines[1:4], ("random", "time", "district"), strict=True):
        assert line.split()[:4] == ["by", split, "grade", "macro-F1"]
        assert "; primary macro-F1 " in line
    assert sum(line.startswith(("grade macro-F1", "primary macro-F1")) for line in lines) == 2
    random_split = next(line for line in lines if line.startswith("grade macro-F1"))
    assert random_split.split(",")[0] in lines[1]
    assert "cross-validate: by district 3 of 3" in done.stderr


def test_what_the_columns_do_not_allow_to_be_checked_is_said(evaluated: dict[str, Done]) -> None:
    done = evaluated["five columns"]
    assert done.exitcode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1].startswith("by random    grade macro-F1 ")
    assert lines[2:4] == [
        "note: no `registered` column, or an empty one: not checked over time",
        "note: no `district` column, or an empty one: not checked over districts",
    ]
    assert sum(line.startswith("grade macro-F1") for line in lines) == 1


def test_no_cell_of_the_written_rows_is_a_formula(evaluated: dict[str, Done]) -> None:
    done = evaluated["formulas"]
    assert done.exitcode == 0, done.stderr
    with (done.home / "FORMULAS.csv").open(encoding="utf-8", newline="") as file:
        _, (uscc, name, *_) = csv.reader(file)
    assert (uscc, name) == ("'=CMD|X!A1", f"'{FORMULA}")


def test_rows_gone_wrong_are_shown_with_what_misled_and_written_to_a_file(evaluated: dict[str, Done]) -> None:
    done = evaluated["misjudged"]
    assert done.exitcode == 0, "a measure is no test unless --fail-under makes it one"
    shown = done.stdout
    assert "   1  none read as core" in shown
    assert "gone wrong: 2 of 28" in shown
    assert f"{code(1)} {ROWS[0]['name']}: is none, none; read as core, medical_devices (" in shown
    assert f"scope: {ROWS[0]['scope']}" in shown
    assert "words: name:医疗器械 (name.devices); scope:" in shown
    assert FURNITURE["name"] not in shown, "--wrong 1"
    assert f"all of them: {done.home}/WRONG.csv" in shown
    with (done.home / "WRONG.csv").open(encoding="utf-8", newline="") as file:
        header, first, second = csv.reader(file)
    assert header == [
        *("uscc", "name", "grade", "said_grade", "primary", "said_primary", "score", "evidence", "why"),
    ]
    assert first[:6] == [code(1), ROWS[0]["name"], "none", "core", "none", "medical_devices"]
    assert second[:6] == [code(2), FURNITURE["name"], "core", "none", "pharma_distribution", "none"]


def test_no_row_gone_wrong_is_shown_where_none_is_asked_for(evaluated: dict[str, Done]) -> None:
    shown = evaluated["none shown"].stdout
    assert "read as core, medical_devices" not in shown
    assert "… and 2 more: --wrong 2, or -o WRONG.csv" in shown


def test_a_macro_f1_below_what_is_asked_for_fails(evaluated: dict[str, Done]) -> None:
    assert evaluated["good enough"].exitcode == 0
    for name in ("not good enough", "not good enough unseen"):
        done = evaluated[name]
        assert (done.exitcode, "Traceback" in done.stderr) == (1, False)
        assert done.stdout.splitlines()[-1].startswith("BELOW 0.99: 0.")


def test_without_a_file_only_decided_firms_are_read_and_none_is_well(evaluated: dict[str, Done]) -> None:
    done = evaluated["nothing decided"]
    assert (done.exitcode, done.stderr) == (0, "")
    assert done.stdout == "decided by people: 0 firms; the rules read 0 otherwise (the decision wins)\n"


@pytest.mark.parametrize(
    ("name", "exitcode", "told"),
    [
        ("broken", 2, "broken.csv:3: grade: 'heart' is none of core, peripheral, none"),
        ("without a column", 2, "header.csv:1: the header lacks primary"),
        ("gone", 1, "No such file or directory"),
        ("fail under too much", 2, "--fail-under 92.0: must be from 0 to 1"),
        ("wrong below none", 2, "--wrong -1: must be 0 or more"),
        ("cross-validated nothing", 2, "--cross-validate: say which labels files"),
        ("failed under nothing", 2, "--fail-under: say which labels files"),
        ("wrote nothing", 2, "-o: say which labels files"),
        ("into a folder", 2, "folder.csv: is a folder; say which file in it"),
        ("into no folder", 2, "gone/wrong.csv: there is no folder "),
        ("broken, to a file", 2, "broken.csv:3: grade: 'heart'"),
    ],
)
def test_what_cannot_be_measured_is_told_with_its_place(
    name: str, exitcode: int, told: str, evaluated: dict[str, Done]
) -> None:
    done = evaluated[name]
    assert (done.exitcode, done.stdout) == (exitcode, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nothing parts the rows", "no cross-validation is possible: no `uscc` column, or an empty one"),
        ("nothing to learn", "in none of the judged rows do the rules find anything to learn from"),
    ],
)
def test_what_cannot_be_cross_validated_is_told(name: str, told: str, evaluated: dict[str, Done]) -> None:
    done = evaluated[name]
    assert (done.exitcode, done.stdout.count("\n")) == (2, 1), "the rows are counted, and no figure is shown"
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_rows_gone_wrong_appears_whole_or_not_at_all(evaluated: dict[str, Done]) -> None:
    home = evaluated["broken, to a file"].home
    assert not (home / "NEVER.csv").exists()
    assert not list(home.glob(".*unfinished"))


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """A loaded file, and what people said of two of its firms: one as the rules read it, the other not."""
    home = tmp_path_factory.mktemp("decided")
    runs = Runs(home)
    runs.add(firm(1), firm(2), firm(3))
    runs.load()
    write_labels(home / "labels.csv", ROWS)
    label = ("review", "label")
    done = {"alike": scrapy(home, *label, code(1), "--grade=core", "--sub-sector=medical_devices", "--why=seen")}
    done["all alike"] = scrapy(home, "evaluate", "--strict")
    done["otherwise"] = scrapy(home, *label, code(2), "--grade=none", "--why=sells furniture", "--who=analyst")
    done["told"] = scrapy(home, "evaluate")
    done["strict"] = scrapy(home, "evaluate", str(home / "labels.csv"), "--strict")
    done["withdraw"] = scrapy(home, "review", "withdraw", "2", "--why=a slip")
    done["strict again"] = scrapy(home, "evaluate", "--strict")
    done["unknown"] = scrapy(home, *label, code(77), "--grade=none", "--why=seen", "--unseen")
    done["one unknown"] = scrapy(home, "evaluate")
    done["strict, one unknown"] = scrapy(home, "evaluate", "--strict")
    return done


def test_a_decision_is_a_case_that_is_read_alike(decided: dict[str, Done]) -> None:
    assert decided["alike"].exitcode == 0, decided["alike"].stderr
    done = decided["all alike"]
    assert done.exitcode == 0, done.stderr
    assert done.stdout == "decided by people: 1 firms; the rules read 0 otherwise (the decision wins)\n"


def test_a_decision_that_the_rules_read_otherwise_is_shown_with_who_why_and_what_misled(
    decided: dict[str, Done],
) -> None:
    done = decided["told"]
    assert (done.exitcode, done.stderr) == (0, ""), "it is told, and fails only if --strict"
    count, firm_line, why, scope, words = done.stdout.splitlines()
    assert count == "decided by people: 2 firms; the rules read 1 otherwise (the decision wins)"
    assert firm_line.startswith(f"{code(2)} 上海桦序2医疗器械有限公司: is none, none; read as core, medical_devices (")
    assert why.strip() == "analyst: sells furniture"
    assert scope.strip().startswith("scope: 第二类医疗器械销售")
    assert "name:医疗器械 (name.devices)" in words


def test_strict_fails_where_a_decided_firm_is_read_otherwise_until_that_is_withdrawn(decided: dict[str, Done]) -> None:
    done = decided["strict"]
    assert (done.exitcode, done.stderr) == (1, "")
    assert done.stdout.startswith("28 judged rows; ")
    assert "is none, none; read as core" in done.stdout
    assert decided["withdraw"].exitcode == 0, decided["withdraw"].stderr
    assert decided["strict again"].exitcode == 0


def test_a_decided_firm_that_the_file_does_not_know_is_counted_and_strict_fails_on_it(decided: dict[str, Done]) -> None:
    assert decided["unknown"].exitcode == 0, decided["unknown"].stderr
    told, strict = decided["one unknown"], decided["strict, one unknown"]
    assert (told.exitcode, strict.exitcode) == (0, 1)
    for done in (told, strict):
        assert done.stdout == (
            "decided by people: 2 firms (1 of them not in the file); the rules read 0 otherwise (the decision wins)\n"
        )
        assert f"{code(77)} is in no register that" in done.stderr


def test_a_decision_without_a_published_file_or_of_a_torn_line_is_told(tmp_path: Path) -> None:
    said = {"who": "analyst", "when": DAY_ONE, "why": "seen"}
    record_decision(
        tmp_path, LabelDecision.model_validate({"uscc": code(1), "grade": "none", "sub_sector": "none", **said})
    )
    done = scrapy(tmp_path, "evaluate")
    assert (done.exitcode, "Traceback" in done.stderr) == (1, False)
    assert "no published database yet; run `scrapy load` first" in done.stderr
    (tmp_path / "decisions.jsonl").write_text("{}\n", encoding="utf-8")
    done = scrapy(tmp_path, "evaluate")
    assert (done.exitcode, "Traceback" in done.stderr) == (1, False)
    assert "decisions.jsonl:1: line: " in done.stderr
