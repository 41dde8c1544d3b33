"""What a name says: a branch and its parent, equality however printed, and persons in the place of firms."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.names import looks_personal, normal_name
from pipelines.locate import InPutuo, locate
from pipelines.resolve.names import is_branch, parent_name


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ("上海某某医疗器械有限公司普陀分公司", "上海某某医疗器械有限公司"),
        ("上海某某医疗器械有限公司第三分公司", "上海某某医疗器械有限公司"),
        ("上海某某大药房有限公司桃浦分店", "上海某某大药房有限公司"),
        ("某某（上海）餐饮有限公司西营店", "某某(上海)餐饮有限公司"),
        ("上海某某大药房连锁有限公司真南路二店", "上海某某大药房连锁有限公司"),
        ("某某银行股份有限公司上海甲乙路支行", "某某银行股份有限公司"),
        ("某某证券有限责任公司上海甲乙路证券营业部", "某某证券有限责任公司"),
        ("某某通信集团上海有限公司甲乙路营业厅", "某某通信集团上海有限公司"),
        ("某某投资（集团）股份有限公司上海分公司", "某某投资(集团)股份有限公司"),
        ("上海某某贸易有限公司（普陀分公司）", "上海某某贸易有限公司"),
        ("上海某某实业公司经营部", "上海某某实业公司"),
        ("上海某某生物有限公司检测中心", "上海某某生物有限公司"),
        ("上海某某总公司桃浦公司", "上海某某总公司"),
        ("某某会计师事务所（特殊普通合伙）上海分所", "某某会计师事务所(特殊普通合伙)"),
        ("某某银行普陀支行", "某某银行"),
        ("上海某某大药房甲乙店", "上海某某大药房"),
    ],
)
def test_a_branch_names_its_parent(name: str, parent: str) -> None:
    assert is_branch(name)
    assert parent_name(name) == parent


@pytest.mark.parametrize(
    "name",
    ["某某驻上海办事处", "某某株式会社上海代表处", "上海某某门市部", "上海甲乙路店"],
)
def test_a_branch_may_keep_its_parent_to_itself(name: str) -> None:
    assert is_branch(name)
    assert parent_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "上海某某医疗器械有限公司",
        "上海某某网点光新店有限公司",
        "上海某某公司甲乙有限公司",
        "上海某某生物科技有限责任公司",
        "上海某某医疗器械有限公司（外商独资）",
        "上海某某经营部",
        "上海某某药店",
        "上海某某大酒店",
        "上海某某便利店",
        "上海市普陀区某某医院",
        "某某街道办事处",
        "上海某某有限公司工会委员会",
        "上海某某实业公司",
        "上海某某合作公司",
        "",
    ],
)
def test_a_firms_own_full_name_is_no_branch(name: str) -> None:
    assert not is_branch(name)
    assert parent_name(name) == ""


@pytest.mark.parametrize(
    "printed",
    [
        "某某（上海）医疗有限公司",
        "某某(上海)医疗有限公司",
        "某某 （上海） 医疗有限公司",
        "某某〔上海〕医疗有限公司",
    ],
)
def test_a_name_is_equal_however_it_was_printed(printed: str) -> None:
    assert normal_name(printed) == "某某(上海)医疗有限公司"


def test_letters_and_digits_lose_width_and_case() -> None:
    assert normal_name("ＡＢc９９（中国）公司") == "ABC99(中国)公司"


@given(st.text(max_size=300))
def test_any_text_is_answered_and_normalising_is_final(name: str) -> None:
    once = normal_name(name)
    assert normal_name(once) == once
    assert is_branch(name) or parent_name(name) == ""


@given(st.text(alphabet="上海某医疗有限公司分店部银行支（）() ", max_size=40))
def test_width_of_brackets_decides_nothing(name: str) -> None:
    wide = name.replace("(", "（").replace(")", "）")
    assert (is_branch(wide), parent_name(wide), looks_personal(wide)) == (
        is_branch(name),
        parent_name(name),
        looks_personal(name),
    )


def test_about_half_of_putuos_real_firms_elsewhere_are_branches() -> None:
    folder = os.environ.get("PUTUO_REFERENCE")
    if not folder:
        pytest.skip("PUTUO_REFERENCE does not name the folder of real registrations")
    with (Path(folder) / "data/registry/putuo_1979-2009.csv").open(encoding="utf-8-sig", newline="") as lines:
        names = [
            row["企业名称"]
            for row in csv.DictReader(lines)
            if row["统一社会信用代码"][2:8] == "310107"
            and locate(row["住所"], district=row["所属地区"]).in_putuo is InPutuo.NO
        ]
    assert (len(names), sum(map(is_branch, names))) == (91, 45)
    assert not any(map(looks_personal, names))
