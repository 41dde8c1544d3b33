"""A figure is read with what it counts, where, and for which day or time; a park's is never the district's."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.news import Claim, read
from pipelines.news.claim_periods import period_of
from pipelines.news.document import Span
from pipelines.news.model import Measure

D = date


def claims(text: str, day: date, title: str = "") -> list[Claim]:
    headed = title or ("普陀区生命健康产业观察" if not text.isascii() else "Life health industry of Putuo")
    return list(read(headed, text, language="", kind="news", published_on=day).claims)


def told(claim: Claim) -> tuple[str, int, str, bool, int | None]:
    return (str(claim.measure), int(claim.value), str(claim.relation), claim.is_target, claim.year)


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        (
            "截至2021年11月，普陀区集聚生命健康企业2400余家。",
            D(2021, 11, 20),
            [("firm_count", 2400, "over", False, 2021)],
        ),
        (
            "目前，全区生命健康产业企业总数已超过2,400家，涵盖医疗器械、生物医药等领域。",
            D(2021, 11, 20),
            [("firm_count", 2400, "over", False, None)],
        ),
        (
            "Putuo is now home to more than 2,400 life and health enterprises.",
            D(2021, 11, 20),
            [("firm_count", 2400, "over", False, None)],
        ),
        (
            "More than 2,400 life-health companies have settled in the district.",
            D(2021, 11, 20),
            [("firm_count", 2400, "over", False, None)],
        ),
        (
            "4年来，普陀区生命健康企业数量从2710家增长至2960家。",
            D(2024, 11, 22),
            [("firm_count", 2710, "exactly", False, 2020), ("firm_count", 2960, "exactly", False, None)],
        ),
        (
            "The number of life health companies in Putuo has grown from 2,710 to 2,960 over the past four years.",
            D(2024, 11, 22),
            [("firm_count", 2710, "exactly", False, 2020), ("firm_count", 2960, "exactly", False, 2024)],
        ),
        (
            "今年1-10月，普陀区生命健康产业实现税收6.42亿元。",
            D(2024, 11, 22),
            [("tax", 642_000_000, "exactly", False, None)],
        ),
        (
            "In the first 10 months of this year, the life health industry in Putuo contributed 642 million yuan in "
            "tax revenue.",
            D(2024, 11, 22),
            [("tax", 642_000_000, "exactly", False, None)],
        ),
        ("目前，普陀区已集聚生命健康企业超3600家。", D(2025, 11, 12), [("firm_count", 3600, "over", False, None)]),
        (
            "The district has gathered over 3,600 life health companies.",
            D(2025, 11, 12),
            [("firm_count", 3600, "over", False, None)],
        ),
        (
            "普陀区现有高端医疗装备企业80家，计划到2026年达到220家以上。",
            D(2023, 12, 7),
            [("firm_count", 80, "exactly", False, None), ("firm_count", 220, "at_least", True, 2026)],
        ),
        (
            "Putuo has 80 high-end medical device companies, and the number is expected to reach 220 by 2026.",
            D(2023, 12, 7),
            [("firm_count", 80, "exactly", False, None), ("firm_count", 220, "exactly", True, 2026)],
        ),
        (
            "The district is home to 80 high-end medical equipment companies and aims to have 220 such companies by "
            "2026.",
            D(2023, 12, 7),
            [("firm_count", 80, "exactly", False, None), ("firm_count", 220, "exactly", True, 2026)],
        ),
        (
            "今年1至11月，普陀区新增生命健康企业约620家。",
            D(2023, 12, 7),
            [("new_firm_count", 620, "about", False, None)],
        ),
        (
            "About 620 new life health companies were registered in Putuo in the first 11 months of 2023.",
            D(2023, 12, 7),
            [("new_firm_count", 620, "about", False, 2023)],
        ),
        (
            "The output of the life health industry in Putuo is expected to exceed 12 billion yuan by 2025.",
            D(2021, 1, 5),
            [("output", 12_000_000_000, "over", True, 2025)],
        ),
        (
            "普陀区生命健康产业税收占全区税收比重每年提高1个百分点，五年内达到12%。",
            D(2021, 1, 5),
            [("tax_share", 12, "exactly", True, 2026)],
        ),
        (
            "The life health industry's share of the district's tax revenue will grow by one percentage point a year "
            "to 12 percent within five years.",
            D(2021, 1, 5),
            [("tax_share", 12, "exactly", True, 2026)],
        ),
    ],
)
def test_each_form_in_which_the_district_is_reported_is_read(
    text: str, day: date, expected: list[tuple[str, int, str, bool, int | None]]
) -> None:
    found = claims(text, day)
    assert [told(claim) for claim in found] == expected
    assert {claim.scope.value for claim in found} == {"district"}


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("普陀区集聚生命健康企业2300家。", "life_health"),
        ("普陀区集聚医疗器械、生物医药等生命健康企业2300家。", "life_health"),
        ("普陀区生命健康产业集聚医疗器械企业80家。", "medical_devices"),
        ("普陀区现有生物医药企业120家。", "biomedical_rd"),
        ("Putuo is home to 120 biomedical companies.", "biomedical_rd"),
        ("普陀区医药流通企业达到90家。", "pharma_distribution"),
        ("近三年来，普陀区新增数字医疗企业60家。", "digital_health"),
        ("普陀区大力发展生命健康产业，各类企业总数超过8万家。", "all_firms"),
        ("普陀区生命健康领域高新技术企业120家。", "part"),
        ("普陀区生命健康产业有上市企业12家。", "part"),
        ("普陀区生物医药、医疗器械企业共300家。", "part"),
        ("普陀区已有细胞治疗企业30家。", "part"),
        ("普陀区现有医疗器械生产企业40家。", "part"),
        ("Putuo has 120 high-tech life-health companies.", "part"),
    ],
)
def test_it_says_of_which_firms_the_figure_is(text: str, subject: str) -> None:
    (claim,) = claims(text, D(2026, 11, 20))
    assert claim.subject == subject
    assert claim.scope == "district"


@pytest.mark.parametrize(
    ("text", "scope", "place"),
    [
        ("中以（上海）创新园累计引进企业27家，以生命健康为主。", "park", "china_israel_hub"),
        ("普陀区生命健康产业加速发展。中以（上海）创新园已签约落地27家企业。", "park", "china_israel_hub"),
        (
            "The China-Israel Innovation Hub in Putuo has attracted 27 life-health companies.",
            "park",
            "china_israel_hub",
        ),
        ("There are 160 biomedical companies in Taopu Smart City.", "park", "taopu_smart_city"),
        ("普陀区桃浦智创城集聚生命健康企业120家。", "park", "taopu_smart_city"),
        ("桃浦智创城发展迅速。园区已有生命健康企业120家。", "park", "taopu_smart_city"),
        ("长征镇现有生命健康企业300余家。", "town", "310107102"),
        ("普陀区桦序生命科学园集聚医疗器械企业27家。", "place", ""),
        ("普陀区多点发力，园区已有生命健康企业120家。", "place", ""),
        ("桃浦智创城和中以（上海）创新园集聚生命健康企业160家。", "place", ""),
        ("依托桃浦智创城、中以（上海）创新园等载体，普陀区集聚生命健康企业2300家。", "district", ""),
        ("普陀区依托桃浦智创城等载体，集聚生命健康企业2300家。", "district", ""),
        ("桃浦智创城发展迅速。全区生命健康企业超过2300家。", "district", ""),
    ],
)
def test_it_says_where_the_figure_counts(text: str, scope: str, place: str) -> None:
    (claim,) = claims(text, D(2026, 11, 20))
    assert (claim.scope, claim.place) == (scope, place)


@pytest.mark.parametrize(
    "text",
    [
        "中以（上海）创新园累计引进项目27个，涵盖生命健康等领域。",
        "The China-Israel Innovation Hub in Putuo has introduced 27 projects in life health.",
        "静安区生命健康企业超过1800家，普陀区与其签署合作。",
        "全市生物医药企业4000家，普陀区积极布局。",
        "Shanghai has over 3,000 biomedical companies. Putuo plans to catch up.",
        "Putuo signed with partners, and there are 3,000 biomedical companies in Shanghai.",
        "Putuo firms met peers, and there are 300 biomedical companies in Jing'an District.",
    ],
)
def test_projects_and_figures_of_the_city_or_another_district_are_none(text: str) -> None:
    assert claims(text, D(2026, 11, 20)) == []


def test_a_place_in_the_citys_name_is_ours() -> None:
    (claim,) = claims("There are 300 biomedical companies in Shanghai's Putuo District.", D(2026, 11, 20))
    assert (int(claim.value), claim.scope.value) == (300, "district")


@pytest.mark.parametrize(
    ("text", "day", "since", "until"),
    [
        ("截至2021年10月底，普陀区集聚生命健康企业2300余家。", D(2021, 11, 20), None, D(2021, 10, 31)),
        ("截至今年9月，普陀区生命健康企业2300家。", D(2026, 11, 20), None, D(2026, 9, 30)),
        ("截至去年底，普陀区生命健康企业2300家。", D(2026, 11, 20), None, D(2025, 12, 31)),
        ("2023年，普陀区有生命健康企业2300家。", D(2026, 11, 20), None, D(2023, 12, 31)),
        ("目前，普陀区生命健康企业超过2300家。", D(2026, 11, 20), None, None),
        ("By the end of 2023, Putuo had 2,300 life-health companies.", D(2024, 3, 1), None, D(2023, 12, 31)),
        ("As of October 2024, Putuo had 2,300 life-health companies.", D(2024, 11, 1), None, D(2024, 10, 31)),
        ("2024年1月至10月，普陀区生命健康产业税收6亿元。", D(2024, 11, 22), D(2024, 1, 1), D(2024, 10, 31)),
        ("前11个月，普陀区生命健康产业税收6亿元。", D(2025, 1, 12), D(2024, 1, 1), D(2024, 11, 30)),
        ("今年前三季度，普陀区生命健康产业税收6亿元。", D(2026, 11, 20), D(2026, 1, 1), D(2026, 9, 30)),
        ("上半年，普陀区新增生命健康企业260家。", D(2026, 7, 20), D(2026, 1, 1), D(2026, 6, 30)),
        ("去年，普陀区新设生物医药企业85家。", D(2025, 11, 12), D(2024, 1, 1), D(2024, 12, 31)),
        ("今年，普陀区新增生命健康企业500家。", D(2026, 11, 20), D(2026, 1, 1), D(2026, 11, 20)),
        ("自2021年以来，普陀区累计引进生命健康企业450家。", D(2021, 12, 3), D(2021, 1, 1), D(2021, 12, 3)),
        ("近三年来，普陀区新增数字医疗企业60家。", D(2025, 11, 12), D(2022, 11, 12), D(2025, 11, 12)),
        ("普陀区累计引进生命健康企业450家。", D(2021, 12, 3), None, None),
        (
            "From January to November, some 600 new life health enterprises settled in the district.",
            D(2023, 12, 7),
            D(2023, 1, 1),
            D(2023, 11, 30),
        ),
        ("普陀区2024年2月29日起一年来，新增生命健康企业60家。", D(2024, 12, 1), D(2024, 2, 1), D(2024, 12, 1)),
    ],
)
def test_it_says_for_which_day_or_time_the_figure_is(
    text: str, day: date, since: date | None, until: date | None
) -> None:
    (claim,) = claims(text, day)
    assert (claim.since, claim.until) == (since, until)


def test_the_first_of_two_stages_is_of_so_many_years_ago() -> None:
    first, last = claims("4年来，普陀区生命健康企业从2710家增至2960家。", D(2024, 2, 29))
    assert (first.until, last.until) == (D(2020, 2, 29), None)
    (first, _) = claims("过去三年，普陀区生命健康企业从2710家增至2960家。", D(2024, 2, 29))
    assert first.until == D(2021, 2, 28)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("普陀区生命健康企业已从2021年的2300家增长到目前的3600家。", [2021, None]),
        ("桃浦智创城累计注册企业超过2000家，生命健康企业近300家。", [None, None]),
        (
            "The life health sector accounted for 7.5 percent of the district's tax revenue in 2024, up from 6 percent "
            "in 2023.",
            [2024, 2023],
        ),
    ],
)
def test_a_year_is_that_of_its_own_figure_and_a_count_is_none(text: str, years: list[int | None]) -> None:
    assert [claim.year for claim in claims(text, D(2025, 11, 12))] == years


@pytest.mark.parametrize(
    "text",
    [
        "普陀区成立生命健康产业联盟，首批成员单位50家企业。",
        "普陀区生命健康产业快速发展，基金已投资企业25家。",
        "来自生命健康领域的200余家企业代表参加了在普陀举办的大会。",
        "该公司已服务生命健康企业500家，总部位于普陀区。",
    ],
)
def test_members_investments_and_visitors_are_no_count_of_the_district(text: str) -> None:
    assert claims(text, D(2025, 11, 12)) == []


def test_an_aim_has_a_year_and_no_time() -> None:
    (claim,) = claims("到2028年，普陀区生命健康企业力争达到5000家。", D(2026, 11, 20))
    assert (claim.is_target, claim.year, claim.since, claim.until) == (True, 2028, None, None)


def test_a_page_without_a_day_tells_no_time() -> None:
    reading = read(
        "普陀区生命健康", "2024年1-10月普陀区生命健康产业税收6亿元。", language="", kind="news", published_on=None
    )
    assert [(claim.since, claim.until) for claim in reading.claims] == [(None, None)]


@pytest.mark.parametrize(
    ("text", "relation"),
    [("中以（上海）创新园已签约27家生命健康企业。", "exactly"), ("普陀区最近30家生命健康企业落户。", "exactly")],
)
def test_characters_inside_another_word_say_nothing_of_the_number(text: str, relation: str) -> None:
    (claim,) = claims(text, D(2026, 11, 20))
    assert claim.relation == relation


@pytest.mark.parametrize(
    "text",
    [
        "2024年以来桃浦智创城引进生命健康企业60家。",
        "如今桃浦智创城已集聚生命健康企业300家。",
        "自2021年以来桃浦镇引进生命健康企业60家。",
        "可以说桃浦镇有生命健康企业60家。",
        "沿苏州河的桃浦镇集聚生命健康企业60家。",
    ],
)
def test_a_character_of_another_word_makes_no_means_of_a_place(text: str) -> None:
    (claim,) = claims(text, D(2026, 11, 20))
    assert claim.scope in ("park", "town")


def test_a_place_right_behind_it_is_still_a_means() -> None:
    (claim,) = claims("以桃浦智创城和中以（上海）创新园为载体，全区集聚生命健康企业2300家。", D(2026, 11, 20))
    assert claim.scope == "district"


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        (
            "普陀区生命健康企业从2020年的2665家增至2914家。",
            [(2665, 2020, D(2020, 12, 31)), (2914, None, None)],
        ),
        (
            "截至2023年底，普陀区生命健康企业由2020年的2665家增至2914家。",
            [(2665, 2020, D(2020, 12, 31)), (2914, 2023, D(2023, 12, 31))],
        ),
        (
            "普陀区生命健康产业产值从2020年的2665元增至2914元。",
            [(2665, 2020, D(2020, 12, 31)), (2914, None, None)],
        ),
        (
            "The number of life health companies in Putuo grew from 2,665 to 2,914 over four years.",
            [(2665, 2020, D(2020, 11, 22)), (2914, 2024, None)],
        ),
        (
            "The number of life health companies in Putuo grew from 2,665 in 2020 to 2,914.",
            [(2665, 2020, D(2020, 12, 31)), (2914, None, None)],
        ),
        (
            "普陀区生命健康企业由四年前的2665家增长到目前的2914家。",
            [(2665, 2020, D(2020, 11, 22)), (2914, None, None)],
        ),
    ],
)
def test_of_two_stages_each_has_its_own_time(text: str, told_of: list[tuple[int, int | None, date | None]]) -> None:
    assert [(int(claim.value), claim.year, claim.until) for claim in claims(text, D(2024, 11, 22))] == told_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The district aims to have 200 medical device companies by 2026, up from 75.",
            [(200, True, 2026), (75, False, None)],
        ),
        (
            "截至2023年底，普陀区有高端医疗装备企业75家，2026年达到200家。",
            [(75, False, 2023), (200, True, 2026)],
        ),
    ],
)
def test_what_there_is_already_is_no_aim(text: str, expected: list[tuple[int, bool, int | None]]) -> None:
    found = [(int(claim.value), claim.is_target, claim.year) for claim in claims(text, D(2024, 3, 1))]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "普陀区将为300家生命健康企业服务。",
        "More than 500 life health companies from around the world will attend the forum in Putuo.",
        "普陀区生命健康论坛吸引了500余家生命健康企业关注。",
        "砚石医疗服务全区生命健康企业300家。",
    ],
)
def test_who_is_served_or_comes_is_no_count_of_the_district(text: str) -> None:
    assert claims(text, D(2026, 11, 20)) == []


@pytest.mark.parametrize(
    "text",
    [
        "砚石医疗以12.8亿元营收位列全区生命健康企业第7。",
        "栎诺生物2024年营收12.8亿元，是普陀区生命健康产业龙头。",
        "普陀区的砚石医疗去年实现产值3亿元。",
        "Putuo's Brightoak Medical reported output of 300 million yuan.",
        "普陀区的砚石医疗总部大楼面积3万平方米。",
    ],
)
def test_what_one_firm_earns_or_fills_is_never_the_districts(text: str) -> None:
    assert claims(text, D(2026, 11, 20)) == []


@pytest.mark.parametrize(
    "text",
    [
        "普陀区生物医药2024年产值300亿元。",
        "普陀区的数字医疗去年实现产值30亿元。",
        "普陀区生命健康产业2024年实现产值300亿元。",
    ],
)
def test_what_a_branch_of_industry_earns_is_the_districts(text: str) -> None:
    assert [str(claim.measure) for claim in claims(text, D(2026, 11, 20))] == ["output"]


def test_the_firms_of_which_some_are_of_life_health_are_of_whatever_industry() -> None:
    found = claims("普陀区1300家企业中，生命健康企业有300家。", D(2026, 11, 20))
    assert [(int(claim.value), str(claim.subject)) for claim in found] == [(1300, "all_firms"), (300, "life_health")]


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("十五年来，普陀区新增生命健康企业60家。", D(2011, 11, 20)),
        ("二十年间，普陀区新增生命健康企业60家。", D(2006, 11, 20)),
        ("2021年来，普陀区新增生命健康企业60家。", D(2021, 1, 1)),
        ("去年以来，普陀区新增生命健康企业60家。", D(2025, 1, 1)),
    ],
)
def test_so_many_years_are_read_whole_and_end_at_publication(text: str, since: date) -> None:
    (claim,) = claims(text, D(2026, 11, 20))
    assert (claim.since, claim.until) == (since, D(2026, 11, 20))


@pytest.mark.parametrize("day", [D(1, 1, 1), D(9999, 12, 31)])
@pytest.mark.parametrize(
    "text",
    [
        "去年，普陀区新增生命健康企业60家。",
        "99年来，普陀区新增生命健康企业60家。",
        "到去年底，普陀区有生命健康企业60家。",
    ],
)
def test_a_day_that_no_page_can_be_of_tells_no_time(text: str, day: date) -> None:
    assert period_of(text, Span(0, len(text)), text.index("60"), Measure.NEW_FIRM_COUNT, day) == (None, None)
    assert period_of(text, Span(0, len(text)), text.index("60"), Measure.FIRM_COUNT, day) == (None, None)
