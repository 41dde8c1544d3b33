"""A figure of a firm, of its guests or of a house is none of the district; what a figure goes on with is read too."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.news import read

PUBLISHED = date(2026, 11, 21)
TITLE = "普陀区生命健康产业"


def claimed(text: str, title: str = TITLE) -> list[tuple[str, float, str, int | None, bool]]:
    """Measure, value, scope, year and whether it is a target."""
    found = read(title, text, language="", kind="news", published_on=PUBLISHED).claims
    return [
        (claim.measure.value, float(claim.value), claim.scope.value, claim.year, claim.is_target) for claim in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        # The firm is the subject of the sentence before, and the figure goes on about it.
        "11月20日，桦序医疗全国总部入驻普陀区桃浦智创城。入驻后，企业将在普陀设立研发中心，总投资约3亿元。",
        "桦序生物负责人介绍，公司自2020年落户普陀区以来已有3款产品获批，今年营收预计突破5亿元。",
        "桦序生物是普陀区一家专注基因检测的生命健康企业。去年实现产值3.2亿元，同比增长40%。",
        "11月19日，桦序医疗位于桃浦智创城的新基地投产。基地建筑面积1.8万平方米，总投资4亿元，预计年产值10亿元。",
        "位于普陀区的上海桦序医疗器械有限公司深耕骨科植入物。企业年产值超过2亿元。",
        "11月20日，桦序医疗与普陀区签署协议。根据协议，桦序医疗将投资5亿元建设中心，三年内引入医疗企业20家。",
        "昨天，桦序健康集团建设的健康城在普陀区开工，总建筑面积9万平方米。项目建成后将引入50家医疗机构。",
        "普陀区设立生命健康基金。桦序创投将发起一支规模10亿元的医疗基金。",
        # Of a firm by the way, in a page on the district.
        "普陀区生命健康产业发展迅速。桦序集团实现产值25亿元，桦序生物实现产值8亿元。",
        # A house of ours has figures of its own.
        "普陀区利群医院是二级甲等综合性医院，占地面积2.11万平方米，建筑面积2.67万平方米。",
    ],
)
def test_what_a_firm_or_a_house_has_is_no_figure_of_the_district(text: str) -> None:
    assert claimed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Huaxu Ortho, a medical device company based in Putuo, has grown quickly. Its revenue reached 500 million yuan"
        " last year. It plans to invest 300 million yuan in a plant with a floor area of 20,000 square meters.",
        "The life health industry of Putuo grows. Huaxu Biotech, one of many, reported an output of 2 billion yuan.",
    ],
)
def test_so_it_is_in_english(text: str) -> None:
    assert claimed(text, "Life health in Putuo") == []


@pytest.mark.parametrize(
    "text",
    [
        "同日，桦序医疗等10余家企业代表参观了园区展厅。",
        "来自长三角的25家医疗器械企业负责人走访了园区。",
        "普陀区生命健康产业沙龙举行，30余家企业参会。",
        "普陀区18家生命健康企业参展。",
        "现场有120家医疗企业与普陀展团洽谈。",
        "普陀区生命健康产业大会上，10家重点企业获得授牌。",
        "普陀区50位企业家和40家医疗企业的创始人到场。",
        "Representatives from 40 companies came to the life health forum in Putuo.",
        "Executives of more than 60 life health companies toured the park in Putuo.",
    ],
)
def test_guests_visitors_and_exhibitors_are_no_firms_of_the_district(text: str) -> None:
    assert claimed(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "昨日，普陀区举行生命健康产业项目集中签约仪式。现场12个项目签约，总投资额超过20亿元。",
            [("investment", 2_000_000_000.0, "district", None, False)],
        ),
        (
            "桃浦智创城近年来引进了桦序医疗、桦序生物等一批生命健康企业，总数达到280家，年税收突破5亿元。",
            [
                ("firm_count", 280.0, "park", None, False),
                ("tax", 500_000_000.0, "park", None, False),
            ],
        ),
        (
            "桦序医疗入驻普陀区桃浦智创城。目前，普陀区生命健康企业超3500家。",
            [("firm_count", 3500.0, "district", None, False)],
        ),
        (
            "11月20日，普陀区设立生命健康产业基金，总规模20亿元，首期规模5亿元。",
            [
                ("funding", 2_000_000_000.0, "district", None, False),
                ("funding", 500_000_000.0, "district", None, False),
            ],
        ),
        (
            "普陀区发布行动计划，到2028年，全区生命健康产业规模达到800亿元；集聚企业5000家以上。",
            [
                ("output", 80_000_000_000.0, "district", 2028, True),
                ("firm_count", 5000.0, "district", 2028, True),
            ],
        ),
    ],
)
def test_what_the_district_or_a_park_has_stays_theirs_beside_firms(
    text: str, expected: list[tuple[str, float, str, int | None, bool]]
) -> None:
    assert claimed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The China-Israel Innovation Hub in Putuo is home to 70 life science companies. So far the hub has"
            " attracted 150 companies. Its floor space will be expanded to 80,000 square meters by 2027.",
            [
                ("firm_count", 70.0, "park", None, False),
                ("firm_count", 150.0, "park", None, False),
                ("area", 80_000.0, "park", 2027, True),
            ],
        ),
        (
            "Putuo is home to 3,500 life health companies, up from 2,665 in 2020.",
            [("firm_count", 3500.0, "district", None, False), ("firm_count", 2665.0, "district", 2020, False)],
        ),
        (
            "Putuo plans to add 100,000 square meters of lab space for life sciences by 2028.",
            [("area", 100_000.0, "district", 2028, True)],
        ),
        (
            "Putuo launched a 1-billion-yuan fund for the life health industry.",
            [("funding", 1_000_000_000.0, "district", None, False)],
        ),
        ("Thirty-two life health companies operate in Putuo.", [("firm_count", 32.0, "district", None, False)]),
        (
            "桃浦智创城生命健康载体面积将由目前的30万平方米扩大到2028年的50万平方米。",
            [("area", 300_000.0, "park", None, False), ("area", 500_000.0, "park", 2028, True)],
        ),
        (
            "中以（上海）创新园有生命健康企业52家。园区二期建筑面积约4.6万平方米，将于2027年建成。",
            [("firm_count", 52.0, "park", None, False), ("area", 46_000.0, "park", 2027, True)],
        ),
        (
            "石泉路街道集聚了医疗器械企业45家，今年新增12家。",
            [("firm_count", 45.0, "town", None, False), ("new_firm_count", 12.0, "town", None, False)],
        ),
        (
            "2025年，普陀区生命健康产业实现产值412亿元；税收收入38.6亿元。",
            [("output", 41_200_000_000.0, "district", 2025, False), ("tax", 3_860_000_000.0, "district", 2025, False)],
        ),
    ],
)
def test_what_a_figure_goes_on_with_is_read(
    text: str, expected: list[tuple[str, float, str, int | None, bool]]
) -> None:
    assert claimed(text, "Putuo") == expected


def test_between_a_measure_and_an_amount_no_other_thing_may_stand() -> None:
    text = "普陀区生命健康产业产值达8.6亿元，企业研发投入1.9亿元，利润2亿元。"
    assert claimed(text) == [("output", 860_000_000.0, "district", None, False)]


def test_the_same_months_of_the_year_before_are_its_time() -> None:
    text = "2026年1月至10月，普陀区生命健康产业占区内税收比重从去年同期的6%提升到7.5%。"
    found = read(TITLE, text, language="zh", kind="news", published_on=PUBLISHED).claims
    assert [(float(claim.value), claim.year, claim.since, claim.until) for claim in found] == [
        (6.0, 2025, date(2025, 1, 1), date(2025, 10, 31)),
        (7.5, 2026, date(2026, 1, 1), date(2026, 10, 31)),
    ]
