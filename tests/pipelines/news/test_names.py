"""A known firm is found however its name is printed, and a shortened name only where it is that firm's alone."""

from __future__ import annotations

import pytest

from pipelines.news import AmbiguousName, Mention, NameIndex, document

FIRMS = [
    ("kuanyu", "上海宽屿医疗器械有限公司"),
    ("qingrao", "青峣健康科技（上海）有限公司"),
    ("yanhe", "上海砚禾药业股份有限公司"),
    ("zhaoan_a", "上海昭岸生物科技有限公司"),
    ("zhaoan_b", "上海昭岸生物科技发展有限公司"),
    ("linxi", "上海霖汐生物医药科技有限公司"),
    ("linxi_branch", "上海霖汐生物医药科技有限公司普陀分公司"),
    ("generic", "上海医疗器械销售有限公司"),
    ("lumen", "Lumenvale Medical Technology Co., Ltd."),
    ("hospital", "上海澜禾康复医院"),
]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(FIRMS)


def found(index: NameIndex, text: str) -> list[tuple[str, str, str]]:
    return [
        (mention.firm, mention.form, document("", text)[mention.start : mention.end])
        for mention in index.find("", text)
    ]


@pytest.mark.parametrize(
    "printed",
    [
        "上海宽屿医疗器械有限公司",
        "上海 宽屿 医疗器械 有限公司",
        "上海宽屿\u200b医疗器械有限公司",
        "上海寬屿醫療器械有限公司".replace("寬", "宽"),
    ],
)
def test_a_registered_name_is_found_however_it_is_printed(index: NameIndex, printed: str) -> None:
    assert found(index, f"据悉，{printed}成立。") == [("kuanyu", "exact", printed)]


@pytest.mark.parametrize(
    "printed",
    [
        "青峣健康科技（上海）有限公司",
        "青峣健康科技(上海)有限公司",
        "青峣健康科技〔上海〕有限公司",
        "青峣健康科技 ( 上海 ) 有限公司",
    ],
)
def test_brackets_of_any_kind_are_one(index: NameIndex, printed: str) -> None:
    assert found(index, printed) == [("qingrao", "exact", printed)]


def test_a_short_name_of_one_firm_is_found_with_its_place(index: NameIndex) -> None:
    assert found(index, "上海霖汐生物医药科技宣布。") == [("linxi", "short", "上海霖汐生物医药科技")]
    assert found(index, "霖汐生物医药科技宣布。") == [("linxi", "short", "霖汐生物医药科技")]


@pytest.mark.parametrize(
    "text",
    [
        "昭岸生物科技落户。",  # two firms' words
        "宽屿医疗落户。",  # too short to be sure
        "医疗器械销售企业。",  # no brand at all
        "苏州霖汐生物医药科技落户。",  # another city's
        "霖汐生物医药科技（苏州）有限公司落户。",  # a firm we do not know
        "霖汐生物医药科技集团落户。",
        "霖汐生物医药科技产业投资有限公司落户。",
        "上海宽屿医疗器械有限公司嘉定分公司落户。",  # a branch we do not know
        "Lumenvale Medical Technologyx",
    ],
)
def test_what_may_be_another_firm_names_none(index: NameIndex, text: str) -> None:
    assert found(index, text) == []


def test_the_longest_name_counts(index: NameIndex) -> None:
    assert [row[0] for row in found(index, "上海霖汐生物医药科技有限公司普陀分公司开业")] == ["linxi_branch"]
    assert [row[0] for row in found(index, "上海霖汐生物医药科技有限公司与上海澜禾康复医院签约")] == [
        "linxi",
        "hospital",
    ]


def test_english_names_are_whole_words_and_may_lose_their_form(index: NameIndex) -> None:
    assert found(index, "LUMENVALE Medical Technology Co., Ltd. said") == [
        ("lumen", "exact", "LUMENVALE Medical Technology Co., Ltd.")
    ]
    assert found(index, "Lumenvale Medical Technology said") == [("lumen", "short", "Lumenvale Medical Technology")]


def test_a_name_that_two_firms_bear_names_neither() -> None:
    index = NameIndex([("a", "上海宽屿医疗器械有限公司"), ("b", "上海宽屿医疗器械有限公司")])
    assert index.find("", "上海宽屿医疗器械有限公司") == ()


@pytest.mark.parametrize(
    "name", ["上海生命科学仪器设备有限公司", "上海市普陀区劳动防护用品有限公司", "上海联合仪器配套有限公司"]
)
def test_a_name_of_common_words_is_never_made_short(name: str) -> None:
    (full,) = NameIndex([("common", name)]).find("", f"{name}成立。")
    assert full.form == "exact"
    short = name.removeprefix("上海").removesuffix("有限公司")
    assert NameIndex([("common", name)]).find("", f"上海{short}企业成立。") == ()


def test_a_form_of_several_words_is_left_out_as_one() -> None:
    index = NameIndex([("a", "上海霖汐生物医药合作公司")])
    assert found(index, "霖汐生物医药成立。") == [("a", "short", "霖汐生物医药")]


def test_names_that_mean_several_firms_are_on_record_and_mean_none(index: NameIndex) -> None:
    assert index.ambiguous() == (AmbiguousName("昭岸生物科技", ("zhaoan_a", "zhaoan_b"), short=True),)
    double = NameIndex([("b", "上海宽屿医疗器械有限公司", 7), ("a", "上海宽屿医疗器械有限公司", 3)])
    assert [(name.name, name.firms, name.short) for name in double.ambiguous()] == [
        ("上海宽屿医疗器械有限公司", ("a", "b"), False),
        ("宽屿医疗器械", ("a", "b"), True),
    ]
    assert double.ambiguous(as_of=5) == ()


def test_no_names_find_nothing() -> None:
    assert NameIndex([]).find("普陀区", "医疗器械\0") == ()
    assert NameIndex([]).ambiguous() == ()


def test_offsets_count_the_title(index: NameIndex) -> None:
    (mention,) = index.find("标题", "上海砚禾药业股份有限公司")
    assert mention == Mention(firm="yanhe", start=3, end=15, form="exact")
