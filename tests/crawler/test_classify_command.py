"""`scrapy classify`: a list of firms in, one row of sub-sectors a firm out; and how a label came about."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crawler.items import LicenceKind
from pipelines.classify import rules_version
from pipelines.decisions import LabelDecision, record_decision
from tests.crawler.crawling import Done, scrapy
from tests.crawler.extracts import code, csv_of, xlsx_of
from tests.pipelines.runs import DAY_ONE, Runs, firm, licence

ENGLISH = ("uscc", "name", "scope")
CHINESE = ("经营范围", "备注", "企业名称", "统一社会信用代码")
DEVICE, SHOES = "第三类医疗器械经营；医疗器械销售。", "鞋帽零售。"
FIRMS = [(code(1), "上海样本医疗器械有限公司", DEVICE), (code(2), "上海样本鞋业有限公司", SHOES)]
IN_CHINESE = [CHINESE, *((scope, "x", name, uscc) for uscc, name, scope in FIRMS)]
FILES = {
    "english.csv": csv_of(ENGLISH, *FIRMS),
    "chinese.csv": csv_of(*IN_CHINESE, encoding="gb18030"),
    "chinese.xlsx": xlsx_of(IN_CHINESE),
    "header only.csv": csv_of(ENGLISH),
    "short.csv": csv_of(ENGLISH, FIRMS[0], FIRMS[1][:2]),
    "formulas.csv": csv_of(ENGLISH, ("-1+1", "样本", ""), ("＠SUM(1+1)", *FIRMS[0][1:]), FIRMS[1]),
    "no scope.csv": csv_of(ENGLISH[:2], FIRMS[0][:2]),
    "industry.csv": csv_of((*ENGLISH, "industry"), (code(3), "上海样本桦序有限公司", "", "C2770"), (*FIRMS[1], "")),
}


@pytest.fixture(scope="module")
def classified(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    home = tmp_path_factory.mktemp("classify")
    for name, body in FILES.items():
        (home / name).write_bytes(body)
    with ThreadPoolExecutor(3) as pool:
        ends = {
            name: pool.submit(scrapy, home, "classify", str(home / name), "-o", str(home / f"{name}.out"))
            for name in (*FILES, "gone.csv")
        }
    return {name: end.result() for name, end in ends.items()}


def written(done: Done, name: str) -> list[list[str]]:
    with (done.home / f"{name}.out").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", ["english.csv", "chinese.csv", "chinese.xlsx"])
def test_every_firm_gets_one_row_of_six_columns_whatever_the_headers(name: str, classified: dict[str, Done]) -> None:
    done = classified[name]
    assert done.exitcode == 0, done.stderr
    header, device, shoes = written(done, name)
    assert header == ["uscc", "grade", "primary", "secondary", "score", "evidence"]
    assert (device[0], device[2]) == (code(1), "medical_devices")
    assert "医疗器械" in device[5]
    assert (device[1], shoes[1], shoes[2], shoes[5]) == ("core", "none", "none", "")
    assert all(0 <= float(row[4]) <= 1 for row in (device, shoes))
    assert shoes[0] == code(2)
    assert done.stdout == f"2 firms → {done.home}/{name}.out (1 core, 1 none; rules {rules_version()})\n"


def test_an_industry_in_the_list_counts(classified: dict[str, Done]) -> None:
    _, device, shoes = written(classified["industry.csv"], "industry.csv")
    assert device[1:3] == ["core", "medical_devices"]
    assert "industry:2770" in device[5]
    assert shoes[1] == "none"


def test_no_cell_that_is_written_is_a_formula(classified: dict[str, Done]) -> None:
    _, *rows = written(classified["formulas.csv"], "formulas.csv")
    assert [row[0] for row in rows] == ["'-1+1", "'@SUM(1+1)", code(2)]


def test_a_list_without_firms_gives_a_header(classified: dict[str, Done]) -> None:
    assert len(written(classified["header only.csv"], "header only.csv")) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("short.csv", "short.csv:3: 2 cells where the header has 3"),
        ("no scope.csv", "error: no header row with uscc and name and scope within the first 20 rows"),
        ("gone.csv", "No such file or directory"),
    ],
)
def test_what_cannot_be_classified_is_told_and_nothing_is_written(
    name: str, told: str, classified: dict[str, Done]
) -> None:
    done = classified[name]
    assert done.exitcode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (done.home / f"{name}.out").exists()


EXPLAINED = {
    "a firm": ("--explain", code(1).lower()),
    "a decided firm": ("--explain", code(2)),
    "a licensed firm": ("--explain", code(3)),
    "unknown": ("--explain", code(77)),
    "a list": ("--explain", "english.csv", "--limit", "1"),
    "a whole list": ("--explain", "english.csv"),
    "an article": ("--explain", "article.txt"),
    "no such article": ("--explain", "gone.txt"),
    "no text": ("--explain", "picture.txt"),
}
ARTICLE = (
    "样本桦序医疗器械项目落户\n该公司从事高端医疗器械的研发，生产体外诊断试剂。另有一家企业从事新药研发。\x1b[31m\n"
)


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """What is said of firms of a published file, of a list and of an article."""
    home = tmp_path_factory.mktemp("explain")
    (home / "english.csv").write_bytes(FILES["english.csv"])
    (home / "article.txt").write_text(ARTICLE, encoding="utf-8")
    (home / "picture.txt").write_bytes(b"\xff\xd8\xff")
    runs = Runs(home)
    silent = {"name": "上海桦序3有限公司", "scope": "日用百货销售"}
    runs.add(firm(1), firm(2), firm(3, **silent))
    kind = LicenceKind.DEVICE_TRADING
    runs.licences(licence(3, uscc=code(3), holder=silent["name"], kind=kind))
    said = {"who": "analyst", "when": DAY_ONE, "why": "sells furniture"}
    decided = {"uscc": code(2), "grade": "none", "sub_sector": "none", **said}
    record_decision(home, LabelDecision.model_validate(decided))
    runs.load()
    with ThreadPoolExecutor(3) as pool:
        ends = {
            name: pool.submit(
                scrapy, home, "classify", *(str(home / word) if word[-4:-3] == "." else word for word in words)
            )
            for name, words in EXPLAINED.items()
        }
    return {name: end.result() for name, end in ends.items()}


def test_a_firm_of_the_published_file_is_explained_by_its_words_rules_and_points(explained: dict[str, Done]) -> None:
    done = explained["a firm"]
    assert done.exitcode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "上海桦序1医疗器械有限公司"
    assert lines[1].startswith("  core, medical_devices")
    assert lines[1].endswith(f"; rules {rules_version()}")
    assert "  words that speak:" in lines
    assert "    name 5–9: 医疗器械 (name.devices)" in lines
    assert any(line.startswith("  grade: core ") for line in lines)
    assert any(line.startswith("    why core rather than ") for line in lines)


def test_of_a_firm_that_a_person_decided_on_it_says_so_first(explained: dict[str, Done]) -> None:
    first, name, label, *_ = explained["a decided firm"].stdout.splitlines()
    assert first == "a person decided on this firm, and that wins: analyst: sells furniture"
    assert (name, label[:7]) == ("上海桦序2医疗器械有限公司", "  core,")


def test_a_firm_is_explained_with_the_licences_that_the_published_file_knows(explained: dict[str, Done]) -> None:
    shown = explained["a licensed firm"].stdout
    assert "  licences: device_trading" in shown
    assert "device_trading (licence.device-trading)" in shown


def test_a_list_is_explained_up_to_the_limit_and_the_rest_is_counted(explained: dict[str, Done]) -> None:
    done, (first, second) = explained["a list"], ([name for _, name, _ in FIRMS])
    assert done.exitcode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-1]) == (first, "… and 1 more firms: --limit 2")
    assert second not in lines
    whole = explained["a whole list"].stdout.splitlines()
    assert second in whole
    assert whole[-1] == "  words: none that speaks of life-health (excluded ones and false friends are no evidence)"


def test_an_article_is_told_by_its_sub_sectors(explained: dict[str, Done]) -> None:
    done = explained["an article"]
    assert done.exitcode == 0, done.stderr
    title, devices, research = done.stdout.splitlines()
    assert title == "样本桦序医疗器械项目落户"
    assert devices.startswith("  medical_devices, ")
    assert "医疗器械" in devices
    assert research.startswith("  biomedical_rd, 1 clause: ")
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("unknown", f"error: {code(77)}: no such firm in "),
        ("no such article", "No such file or directory"),
        ("no text", "picture.txt: byte 0: is not UTF-8"),
    ],
)
def test_what_cannot_be_explained_is_told(name: str, told: str, explained: dict[str, Done]) -> None:
    done = explained[name]
    assert (done.exitcode, done.stdout) == (1, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


MISTAKES = {
    "nothing to classify": ((), "say which file to classify"),
    "nowhere to write": (("english.csv",), "say which file to classify"),
    "two files": (("a.csv", "b.csv", "-o", "c.csv"), "say which file to classify"),
    "explain and write": (("--explain", "a.csv", "-o", "c.csv"), "--explain takes no other file and writes none"),
    "explain two": (("--explain", "a.csv", "b.csv"), "--explain takes no other file and writes none"),
    "explain what is not there": (("--explain", "gone.csv"), "gone.csv: no such file, and no credit code either ("),
    "explain a code mistyped": (("--explain", "91310199X"), "91310199X: no such file, and no credit code either ("),
    "none to show": (("--explain", "a.csv", "--limit", "0"), "--limit 0: must be 1 or more"),
}


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    home = tmp_path_factory.mktemp("mistakes")
    with ThreadPoolExecutor(3) as pool:
        ends = {name: pool.submit(scrapy, home, "classify", *words) for name, (words, _) in MISTAKES.items()}
    return {name: end.result() for name, end in ends.items()}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_call_is_told(name: str, mistaken: dict[str, Done]) -> None:
    done = mistaken[name]
    assert done.exitcode == 2
    assert MISTAKES[name][1] in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_published_file_a_code_cannot_be_explained(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "classify", "--explain", code(1))
    assert done.exitcode == 1
    assert "no published database yet; run `scrapy load` first" in done.stderr
