"""`scrapy classify`: a list of firms in, one row of sub-sectors a firm out."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crawler.crawling import Done, scrapy
from tests.crawler.extracts import code, csv_of, xlsx_of

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
    "no scope.csv": csv_of(ENGLISH[:2], FIRMS[0][:2]),
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
    assert 0 <= float(shoes[4]) < float(device[4])
    assert shoes[0] == code(2)
    assert device[1] != shoes[1]
    assert done.stdout.startswith(f"2 firms → {done.home}/{name}.out (")


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
