"""A firm is given no event that happened elsewhere, long ago, only perhaps, or to somebody else; plain ones it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.news import FirmStatement, NameIndex, attribute, read

TITLE = "普陀区生命健康产业新闻：医疗器械"
A = "上海宽屿医疗器械有限公司"
E = "Lumenvale Medical Technology Co., Ltd."
FIRMS = [
    ("kuanyu", A),
    ("linxi", "上海霖汐生物医药科技有限公司"),
    ("suwei", "溯微基因检测技术有限公司"),
    ("lumen", E),
]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(FIRMS)


def found(index: NameIndex, text: str, title: str = TITLE) -> list[FirmStatement]:
    reading = read(title, text, language="zh", kind="news", published_on=date(2026, 11, 4))
    return list(attribute(title, text, reading, index.find(title, text)))


def told(index: NameIndex, text: str) -> list[tuple[str, str]]:
    return [(statement.firm, statement.kind) for statement in found(index, text)]


@pytest.mark.parametrize(
    "place",
    [
        "昆山", "太仓", "昆山高新区", "虹桥商务区", "泰国", "越南", "普陀山", "普陀海洋产业园", "雄安新区",
        "不知名的新城", "海宁", "长兴岛", "大湾区", "苏州", "普陀区多家医院",
    ],
)  # fmt: skip
def test_a_place_that_is_not_ours_is_no_arrival_whatever_the_page_spoke_of(index: NameIndex, place: str) -> None:
    assert told(index, f"11月3日，{A}签约落户{place}。") == []
    assert told(index, f"11月3日，普陀区举行签约仪式。现场，{A}签约落户{place}，主要从事研发。") == []


@pytest.mark.parametrize("behind", ["", "桃浦", "普陀区", "普陀区海纳小镇", "我区", "了普陀区桃浦智创城", "位于桃浦镇"])
def test_a_place_of_ours_or_none_behind_the_words_is_an_arrival(index: NameIndex, behind: str) -> None:
    text = f"11月3日，普陀区举行签约仪式。现场，{A}签约落户{behind}，主要从事研发。"
    assert told(index, text) == [("kuanyu", "arrival_announced")]


@pytest.mark.parametrize(
    "text",
    [
        f"{A}昆山生产基地正式投产。",
        f"{A}在太仓的工厂正式投产。",
        f"{A}泰国工厂正式投产。",
        f"{A}位于云杉县的生产基地正式投产。",
        f"{E} opened a plant in Kunshan.",
        f"{E} opened a plant in Cloudford.",
        f"{E} has settled in Putuo, Zhejiang.",
    ],
)
def test_premises_elsewhere_are_not_ours(index: NameIndex, text: str) -> None:
    assert [kind for _, kind in told(index, f"普陀区聚焦医疗器械。{text}") if kind != "overseas_expansion"] == []


@pytest.mark.parametrize(
    "text",
    [
        f"五年前，{A}落户普陀区桃浦智创城。",
        f"三年前{A}落户桃浦智创城，今天迎来新里程碑。",
        f"{A}落户桃浦智创城两年多，员工翻了一番。",
        f"{A}落户普陀区仅一年就实现盈利。",
        f"{A}落户普陀区十周年庆典昨日举行。",
        f"{A}落户桃浦智创城第三年。",
        f"{A}自2019年落户普陀区，员工翻了一番。",
        f"早年，{A}获评专精特新企业。",
        f"Five years after {E} settled in Putuo, it employs 300.",
        f"When {E} moved into Taopu Smart City it had five staff.",
        f"Before {E} moved into Taopu Smart City, it was in Pudong.",
        f"{E} moved into Taopu Smart City three years ago.",
    ],
)
def test_what_was_long_ago_is_no_news(index: NameIndex, text: str) -> None:
    assert told(index, text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"若{A}落户普陀区，将带来就业。",
        f"要是{A}落户普陀区",
        f"传{A}落户普陀区。",
        f"Had {E} settled in Putuo, jobs would follow.",
        f"{A}因违法取得医疗器械注册证被处罚。",
        f"{A}获得三类证失败。",
        f"{A}完成B轮融资终止。",
    ],
)
def test_what_is_supposed_rumoured_or_undone_did_not_happen(index: NameIndex, text: str) -> None:
    assert told(index, text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{A}的产品落户普陀区多家医院。",
        f"{A}的新产品落户普陀区。",
        f"{A}研发的产品进驻普陀区中心医院。",
    ],
)
def test_a_firms_product_is_not_the_firm(index: NameIndex, text: str) -> None:
    assert told(index, text) == []


def test_a_firms_product_may_still_be_approved(index: NameIndex) -> None:
    assert told(index, f"近日，{A}的新产品获得医疗器械注册证。") == [("kuanyu", "product_approved")]


@pytest.mark.parametrize(
    "text",
    [
        "北京溯微基因检测技术有限公司落户普陀区桃浦智创城。",
        "新溯微基因检测技术有限公司落户普陀区桃浦智创城。",
        "新宽屿医疗器械完成A轮融资1亿元。",
        "苏州上海宽屿医疗器械有限公司落户普陀区。",
    ],
)
def test_a_name_within_a_longer_one_is_another_firm(index: NameIndex, text: str) -> None:
    assert index.find("", text) == ()


@pytest.mark.parametrize("lead", ["近日，", "记者从", "普陀区引进", "今年11月", "创新药企", "企业", "、", "“"])
def test_a_name_behind_words_that_lead_to_one_is_the_firms(index: NameIndex, lead: str) -> None:
    assert [mention.firm for mention in index.find("", f"{lead}溯微基因检测技术有限公司宣布。")] == ["suwei"]
    assert [mention.firm for mention in index.find("", f"{lead}宽屿医疗器械宣布。")] == ["kuanyu"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{A}（以下简称“宽屿医疗”）宣布完成B轮融资。", [("kuanyu", "financing_raised")]),
        (f"{A}（以下简称“宽屿医疗器械”）签约落户普陀区。", [("kuanyu", "arrival_announced")]),
        (f"{A}（简称：宽屿医疗）签约落户普陀区桃浦智创城。", [("kuanyu", "arrival_announced")]),
        (f"{A}被认定为高新技术企业。", [("kuanyu", "recognised")]),
        (f"{A}将总部迁至普陀区桃浦智创城。", [("kuanyu", "headquarters_set_up")]),
        (
            f"在普陀区，签约落户企业包括：{A}、溯微基因检测技术有限公司。",
            [("kuanyu", "arrival_announced"), ("suwei", "arrival_announced")],
        ),
    ],
)
def test_plain_forms_are_read(index: NameIndex, text: str, expected: list[tuple[str, str]]) -> None:
    assert told(index, text) == expected


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        (f"{A}签约落户普陀区。", True),
        (f"普陀区举行签约仪式。现场，{A}签约落户。", True),
        (f"{A}桃浦生产基地正式投产。", True),
        (f"{A}在桃浦智创城的生产基地正式投产。", True),
        (f"普陀区聚焦医疗器械。近日，{A}生产基地正式投产。", False),
        (f"{A}将总部迁至普陀区桃浦智创城。", True),
        (f"普陀区聚焦医疗器械。近日，{A}华东总部正式启用。", False),
        (f"{A}宣布完成B轮融资。", False),
    ],
)
def test_a_statement_says_whether_its_own_sentence_places_it(index: NameIndex, text: str, placed: bool) -> None:
    assert [statement.placed for statement in found(index, text)] == [placed]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        (f"{A}完成B轮融资，估值50亿元，融资额2亿元。", Decimal(200_000_000)),
        (f"{A}完成B轮融资，估值达50亿元。", None),
        (f"注册资本5000万元的{A}完成B轮融资。", None),
        (f"{A}完成B轮融资，累计融资超10亿元。", None),
        (f"{A}扩建后的实验室正式启用，面积从500平方米增至2000平方米。", Decimal(2000)),
    ],
)
def test_the_amount_is_the_events_own(index: NameIndex, text: str, amount: Decimal | None) -> None:
    assert [statement.amount for statement in found(index, text)] == [amount]


OBJECT = [("yanshi", "上海砚石医疗"), ("liruo", "上海栎诺生物"), ("lanke", "上海澜砚科技"),
          ("bright", "Brightoak Medical"), ("oakdale", "Oakdale Pharma")]  # fmt: skip


@pytest.fixture(scope="module")
def pairs() -> NameIndex:
    return NameIndex(OBJECT)


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("上海砚石医疗因侵权被判赔偿上海栎诺生物500万元，并入驻桃浦智创城。", "liruo"),
        ("上海砚石医疗起诉上海栎诺生物并签约落户桃浦智创城。", "liruo"),
        ("上海砚石医疗诉上海栎诺生物并签约落户桃浦智创城。", "liruo"),
        ("上海砚石医疗击败上海栎诺生物，成功入驻桃浦智创城。", "liruo"),
        ("上海砚石医疗收购上海栎诺生物，并完成2亿元B轮融资。", "liruo"),
        ("上海砚石医疗收购了上海栎诺生物，并完成2亿元B轮融资。", "liruo"),
        ("上海砚石医疗投资上海栎诺生物，近日完成2亿元B轮融资。", "liruo"),
        ("上海砚石医疗邀请上海栎诺生物，近日完成2亿元B轮融资。", "liruo"),
        ("上海砚石医疗起诉上海栎诺生物侵权，近日获得三类医疗器械注册证。", "liruo"),
        ("上海砚石医疗收购上海澜砚科技并成功上市，总部落户桃浦智创城。", "lanke"),
        ("Brightoak Medical, which is suing Oakdale Pharma, settled in Taopu Smart City.", "oakdale"),
        ("Brightoak Medical, which has invested in Oakdale Pharma, settled in Taopu Smart City.", "oakdale"),
    ],
)
def test_whom_another_firm_acts_on_is_not_who_acts_next(pairs: NameIndex, text: str, whom: str) -> None:
    assert whom in {mention.firm for mention in pairs.find(TITLE, text)}
    assert whom not in {firm for firm, _ in told(pairs, text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海栎诺生物收购的资产到位，上海栎诺生物完成2亿元B轮融资。", [("liruo", "financing_raised")]),
        ("受普陀区委托，上海栎诺生物签约落户桃浦智创城。", [("liruo", "arrival_announced")]),
        ("桃浦镇与上海栎诺生物签约落户桃浦智创城。", [("liruo", "arrival_announced")]),
        ("Oakdale Pharma settled in Taopu Smart City.", [("oakdale", "arrival_announced")]),
    ],
)
def test_who_acts_by_himself_is_told_of(pairs: NameIndex, text: str, expected: list[tuple[str, str]]) -> None:
    assert told(pairs, text) == expected
