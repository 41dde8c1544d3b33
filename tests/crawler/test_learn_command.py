"""`scrapy learn`: judged registrations in, weights as readable data out, the same ones every time."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.classify import Classifier, Subject
from pipelines.classify.judged import read_judged
from pipelines.classify.rules import load_rules
from pipelines.classify.weights import WEIGHTS_PATH, load_weights
from tests.crawler.crawling import Done, scrapy, scrapy_anew
from tests.pipelines.classify.judged_rows import COLUMNS, judged_rows, write_labels

ROWS = judged_rows()
BROKEN = [ROWS[0], ROWS[1] | {"primary": "gadgets"}]
SILENT = [row | {"name": "上海样本贸易有限公司", "scope": "百货"} for row in ROWS]
CALLS = {
    "learned": ("labels.csv", "-o", "weights.toml"),
    "again": ("labels.csv", "-o", "again.toml", "--no-check"),
    "of two files": ("labels.csv", "more.csv", "-o", "two.toml", "--no-check"),
    "restrained": ("labels.csv", "-o", "restrained.toml", "--no-check", "--restraint", "20"),
    "onto the packaged": ("more.csv", "-o", "onto.toml", "--no-check", "--onto"),
    "no file": ("-o", "none.toml"),
    "nowhere to write": ("labels.csv",),
    "no such file": ("gone.csv", "-o", "none.toml"),
    "no such folder": ("labels.csv", "--no-check", "-o", "gone/none.toml"),
    "broken": ("broken.csv", "-o", "none.toml"),
    "silent": ("silent.csv", "-o", "none.toml", "--no-check"),
    "no restraint": ("labels.csv", "-o", "none.toml", "--restraint", "0"),
    "less than no restraint": ("labels.csv", "-o", "none.toml", "--restraint=-1"),
    "endless restraint": ("labels.csv", "-o", "none.toml", "--restraint", "inf"),
    "restraint of no number": ("labels.csv", "-o", "none.toml", "--restraint", "nan"),
    "into a folder": ("labels.csv", "-o", "folder.toml"),
    "over a file": ("silent.csv", "-o", "kept.toml", "--no-check"),
    "five columns": ("five.csv", "-o", "five.toml"),
}


@pytest.fixture(scope="module")
def packaged() -> bytes:
    """The packaged weights before anything was learned here."""
    return WEIGHTS_PATH.read_bytes()


@pytest.fixture(scope="module")
def story(packaged: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    home = tmp_path_factory.mktemp("learn")
    write_labels(home / "labels.csv", ROWS)
    write_labels(home / "more.csv", judged_rows(1))
    write_labels(home / "broken.csv", BROKEN)
    write_labels(home / "silent.csv", SILENT)
    write_labels(home / "five.csv", ROWS, COLUMNS[:5])
    (home / "kept.toml").write_text("as it was\n", encoding="utf-8")
    (home / "folder.toml").mkdir()
    with ThreadPoolExecutor(3) as pool:
        ends = {name: pool.submit(scrapy, home, "learn", *in_home(home, words)) for name, words in CALLS.items()}
    return {name: end.result() for name, end in ends.items()}


def in_home(home: Path, words: tuple[str, ...]) -> list[str]:
    return [str(home / word) if word.endswith((".csv", ".toml")) else word for word in words]


def test_weights_are_written_with_the_figures_that_say_whether_to_trust_them(story: dict[str, Done]) -> None:
    done = story["learned"]
    assert done.exitcode == 0, done.stderr
    random_split, time, district, count, following = done.stdout.splitlines()
    for line, split in ((random_split, "random"), (time, "time"), (district, "district")):
        assert line.startswith(f"cross-validated by {split}: grade macro-F1 ")
        assert "; primary macro-F1 " in line
    assert count.startswith(f"28 judged rows → {done.home}/weights.toml: ")
    assert count.endswith(" facts weighed")
    assert following == "next: scrapy evaluate LABELS.csv; scrapy reclassify --dry-run"
    assert "learn: by district 3 of 3" in done.stderr


def test_the_file_says_what_it_was_learned_from_and_judges_as_the_rows_do(story: dict[str, Done]) -> None:
    home = story["learned"].home
    origin = load_weights(home / "weights.toml").origin
    labels = read_judged(home / "labels.csv")
    assert (origin.judged, origin.labels, origin.rules) == (28, (labels.fingerprint,), load_rules().full_version)
    classifier = Classifier(weights_path=home / "weights.toml")
    said = [classifier.classify(row.subject) for row in labels.rows]
    assert [(label.grade, label.primary) for label in said] == [(row.grade, row.primary) for row in labels.rows]


def test_the_same_rows_give_the_same_file_checked_or_not(story: dict[str, Done]) -> None:
    home = story["again"].home
    assert story["again"].stdout.splitlines()[0].startswith("28 judged rows → "), "--no-check shows no figures"
    assert (home / "again.toml").read_bytes() == (home / "weights.toml").read_bytes()


def test_rows_of_several_files_are_learned_from_together(story: dict[str, Done]) -> None:
    home = story["of two files"].home
    origin = load_weights(home / "two.toml").origin
    assert origin.judged == 28 + 7
    assert origin.labels == tuple(read_judged(home / name).fingerprint for name in ("labels.csv", "more.csv"))


def test_more_restraint_makes_it_less_certain(story: dict[str, Done]) -> None:
    home = story["restrained"].home
    assert load_weights(home / "restrained.toml").origin.restraint == 20
    subject = Subject("上海样本医疗器械有限公司", "第二类医疗器械销售")
    free, held = (
        Classifier(weights_path=home / name).classify(subject) for name in ("weights.toml", "restrained.toml")
    )
    assert held.score < free.score


def test_the_file_is_data_that_a_person_can_read_and_holds_no_row(story: dict[str, Done]) -> None:
    text = (story["learned"].home / "weights.toml").read_text(encoding="utf-8")
    assert text.startswith("# What each fact that holds of a registration adds")
    core = tomllib.loads(text)["grade"]["core"]
    assert list(core) == sorted(core)
    for row in ROWS:
        assert row["name"] not in text
        assert row["uscc"] not in text


def test_few_rows_learned_onto_the_packaged_weights_leave_in_mind_what_those_were_learned_from(
    story: dict[str, Done],
) -> None:
    assert story["onto the packaged"].exitcode == 0, story["onto the packaged"].stderr
    home = story["onto the packaged"].home
    before, after = load_weights(), load_weights(home / "onto.toml")
    assert after.origin.judged == before.origin.judged + 7
    assert after.origin.labels == (*before.origin.labels, read_judged(home / "more.csv").fingerprint)
    assert set(before.grade) - set(after.grade) == set()
    elder_care = Subject("上海样本养老院", "养老服务")  # nothing of the kind is among the rows
    said, packaged_said = (
        Classifier(weights_path=path).classify(elder_care) for path in (home / "onto.toml", WEIGHTS_PATH)
    )
    assert (said.grade, said.primary) == (packaged_said.grade, packaged_said.primary)
    assert said.score == pytest.approx(packaged_said.score, abs=0.05)


def test_learning_leaves_the_packaged_weights_alone(story: dict[str, Done], packaged: bytes) -> None:
    assert story["learned"].exitcode == 0
    assert packaged == WEIGHTS_PATH.read_bytes()


@pytest.mark.parametrize(
    ("name", "exitcode", "told"),
    [
        ("no file", 2, "say which labels files: scrapy learn LABELS.csv"),
        ("nowhere to write", 2, "required: -o/--output"),
        ("no such file", 1, "No such file or directory"),
        ("no such folder", 2, "gone/none.toml: there is no folder "),
        ("into a folder", 2, "folder.toml: is a folder; say which file in it"),
        ("broken", 2, "broken.csv:3: primary: 'gadgets' is none of medical_devices"),
        ("silent", 2, "in none of the judged rows do the rules find anything"),
        ("no restraint", 2, "--restraint 0.0: must be a number above 0"),
        ("less than no restraint", 2, "--restraint -1.0: must be a number above 0"),
        ("endless restraint", 2, "--restraint inf: must be a number above 0"),
        ("restraint of no number", 2, "--restraint nan: must be a number above 0"),
    ],
)
def test_what_cannot_be_learned_is_told_and_nothing_is_written(
    name: str, exitcode: int, told: str, story: dict[str, Done]
) -> None:
    done = story[name]
    assert (done.exitcode, done.stdout) == (exitcode, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(done.home.glob("**/none.toml"))


def test_a_file_that_was_there_stays_until_there_is_a_whole_one(story: dict[str, Done]) -> None:
    done = story["over a file"]
    assert done.exitcode == 2
    assert (done.home / "kept.toml").read_text(encoding="utf-8") == "as it was\n"
    assert not list(done.home.glob(".*unfinished"))


def test_what_the_columns_do_not_allow_to_be_checked_is_said(story: dict[str, Done]) -> None:
    done = story["five columns"]
    assert done.exitcode == 0, done.stderr
    random_split, time, district, count, _ = done.stdout.splitlines()
    assert random_split.startswith("cross-validated by random: grade macro-F1 ")
    assert time == "note: no `registered` column, or an empty one: not checked over time"
    assert district == "note: no `district` column, or an empty one: not checked over districts"
    assert count.startswith("28 judged rows → ")


@pytest.fixture
def without_numpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with a labels file, where numpy is lacking: importing it fails as it does there."""
    (tmp_path / "lacking").mkdir()
    lacking = "raise ModuleNotFoundError(\"No module named 'numpy'\", name='numpy')\n"
    (tmp_path / "lacking" / "numpy.py").write_text(lacking, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lacking"))
    write_labels(tmp_path / "labels.csv", ROWS)
    return tmp_path


def test_without_numpy_it_says_what_is_lacking_and_only_learning_needs_it(without_numpy: Path) -> None:
    home = without_numpy
    for words in (("learn", "labels.csv", "-o", "w.toml"), ("evaluate", "labels.csv", "--cross-validate")):
        done = scrapy_anew(home, *in_home(home, words))
        assert done.exitcode == 1
        assert "numpy and scipy" in done.stderr
        assert "No module named 'numpy'" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (home / "w.toml").exists()
    measured = scrapy_anew(home, "evaluate", str(home / "labels.csv"))
    assert measured.exitcode == 0, measured.stderr
    assert "grade macro-F1" in measured.stdout
