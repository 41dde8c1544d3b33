"""No natural person reaches a file: names, numbers and addresses planted everywhere, looked for everywhere."""

from __future__ import annotations

import pytest
from stdnum.iso7064 import mod_11_2

from crawler.run_folder import Outcome
from tests.crawler.crawling import Done, crawl, everything_below
from tests.crawler.extracts import HEADER, code, csv_of, firm, xlsx_of

# Invented; 某样 makes them nobody's. No county has the number 6199.
ID = "310" + "199" + "19700101" + "001"
ID += mod_11_2.calc_check_digit(ID)
NAMES = [f"{first}某样" for first in "邬缪亓逄逯佘佴麴员郏暴充郄芮羿储靳"]
PHONES = [f"1380000{number:04d}" for number in range(8)]
LANDLINE, MAIL = "021-60000001", "planted@example.org"

_names, _phones = iter(NAMES), iter(PHONES)
TITLE = (f"新设企业名单 制表人：{next(_names)} 电话：{next(_phones)}",)
TABLE = (
    (*HEADER, "法定代表人", "联系电话", "备注", f"联系人：{next(_names)}"),
    (*firm(1), next(_names), next(_phones), next(_names), next(_names)),
    (*firm(2, 经营范围=f"药品批发（联系人：{next(_names)}，手机 {next(_phones)}，邮箱 {MAIL}）"), "", "", ID, MAIL),
    (*firm(3, 住所=f"上海市普陀区样本路3号，法定代表人：{next(_names)}；{LANDLINE}"), "", "", "", ""),
    (*firm(4, 企业名称=f"上海样本医药有限公司 负责人：{next(_names)}"), "", "", "", ""),
    (*firm(5, 企业名称=next(_names), 住所="上海市普陀区样本路5号505室"), "", "", "", ""),
    (*firm(6, 统一社会信用代码=next(_names)), "", "", "", ""),
    (*firm(7, 统一社会信用代码=f"{code(7)} {next(_names)} {next(_phones)}"), "", "", "", ""),
    (*firm(8, 统一社会信用代码=ID, 住所="上海市普陀区样本路8号808室"), "", "", "", ""),
    (*firm(9, 统一社会信用代码=next(_phones)), "", "", "", ""),
    (*firm(10, 登记状态=f"存续 {next(_phones)}", 注册资本=ID), "", "", "", ""),
    (next(_names), *firm(11), f"{next(_names)}、{next(_names)}", next(_phones), ID),
    (*firm(12), next(_names)),
    (*firm(13), f"身份证{ID}", f"电话：{next(_phones)}", "", "", "", next(_names)),
)
FOOTER = (f"经办人：{next(_names)}",)
HOMES = ("样本路5号505室", "样本路8号808室")
PLANTED = (*NAMES, *PHONES, ID, LANDLINE, MAIL, *HOMES)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Done:
    inbox = tmp_path_factory.mktemp("inbox")
    broken = csv_of(TITLE, *TABLE, FOOTER).replace("药品".encode(), b"\xff\xff", 1)
    (inbox / "a.csv").write_bytes(csv_of(TITLE, *TABLE, FOOTER))
    (inbox / "b.xlsx").write_bytes(xlsx_of([TITLE], [TITLE, *TABLE, FOOTER]))
    (inbox / "c.csv").write_bytes(broken)
    (inbox / "d.csv").write_bytes(csv_of(TITLE, *TABLE, FOOTER, encoding="gb18030", delimiter="\t"))
    return crawl(tmp_path_factory.mktemp("home"), inbox)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Done:
    inbox = tmp_path_factory.mktemp("inbox")
    (inbox / "a.csv").write_bytes(csv_of(FOOTER, *(row[7:] for row in TABLE)))
    (inbox / "b.xlsx").write_bytes(xlsx_of([TITLE, FOOTER]))
    (inbox / "c.csv").write_bytes(f"{NAMES[0]} {PHONES[0]}".encode())
    return crawl(tmp_path_factory.mktemp("home"), inbox)


def test_everything_that_was_planted_stood_in_the_files() -> None:
    text = str((TITLE, TABLE, FOOTER))
    assert [planted for planted in PLANTED if planted not in text] == []


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_of_a_person_is_in_any_file_or_log_of_a_run(planted: str, read: Done) -> None:
    assert read.manifest.counts["items"] > 0
    assert planted not in everything_below(read.home) + read.stdout + read.stderr


@pytest.mark.parametrize("planted", PLANTED)
def test_nor_of_a_run_that_could_not_read_its_file(planted: str, refused: Done) -> None:
    assert refused.manifest.outcome == Outcome.FAILED
    assert planted not in everything_below(refused.home) + refused.stdout + refused.stderr


def test_what_is_no_persons_is_still_read(read: Done) -> None:
    by_code = {item["uscc"]: item for item in read.items if item["item_type"] == "registration"}
    assert by_code[code(1)]["name"] == firm(1)[0]
    assert by_code[code(2)]["scope"].startswith("药品批发")
    assert by_code[code(3)]["address"].startswith("上海市普陀区样本路3号")


def test_a_row_out_of_line_still_names_its_firm_so_that_it_is_not_missed(read: Done) -> None:
    aside = [item for item in read.items if item["item_type"] == "rejected"]
    assert {code(12), code(13)} <= {item["uscc"] for item in aside}
