"""Figures of the district are read with measure, unit, relation, year and target; figures of one firm are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.news import Claim, document, read

PUBLISHED = date(2026, 11, 20)


def claims(text: str, *, title: str = "普陀区生命健康产业大会", published_on: date | None = PUBLISHED) -> list[Claim]:
    return list(read(title, text, language="zh", kind="news", published_on=published_on).claims)


def told(claim: Claim) -> tuple[str, Decimal, str, str, bool, int | None]:
    return (claim.measure.value, claim.value, claim.unit, claim.relation.value, claim.is_target, claim.year)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全区生命健康企业总数已超2300家。", [("firm_count", 2300, "firms", "over", False, None)]),
        ("目前普陀区集聚生命健康企业逾3500家。", [("firm_count", 3500, "firms", "over", False, None)]),
        ("园区已有2300余家生命健康企业。", [("firm_count", 2300, "firms", "over", False, None)]),
        ("普陀区有近３，０００家生命健康企业。", [("firm_count", 3000, "firms", "about", False, None)]),
        (
            "4年来，普陀区生命健康企业从2665家增至2914家。",
            [
                ("firm_count", 2665, "firms", "exactly", False, 2022),
                ("firm_count", 2914, "firms", "exactly", False, 2026),
            ],
        ),
        (
            "2026年1月至10月，普陀区生命健康产业区级税收达到7.51亿元。",
            [("tax", 751_000_000, "CNY", "exactly", False, 2026)],
        ),
        (
            "到2030年，全区生命健康产业规模力争超过100亿元。",
            [("output", 10_000_000_000, "CNY", "over", True, 2030)],
        ),
        (
            "普陀区高端医疗器械企业75家，力争到2028年达到200家企业。",
            [("firm_count", 75, "firms", "exactly", False, None), ("firm_count", 200, "firms", "exactly", True, 2028)],
        ),
        ("今年普陀区新增生命健康企业约600家。", [("new_firm_count", 600, "firms", "about", False, None)]),
        (
            "生命健康产业占区内税收比重从去年同期的6%提升到7.5%。",
            [
                ("tax_share", 6, "percent", "exactly", False, 2025),
                ("tax_share", Decimal("7.5"), "percent", "exactly", False, None),
            ],
        ),
        (
            "普陀区生命健康产业税收同比增长26.42%。",
            [("tax", Decimal("26.42"), "percent", "growth", False, None)],
        ),
        (
            "桃浦智创城生命健康产业载体面积超过20万平方米。",
            [("area", 200_000, "square_metres", "over", False, None)],
        ),
    ],
)
def test_a_figure_of_the_district_is_a_claim(
    text: str, expected: list[tuple[str, Decimal | int, str, str, bool, int | None]]
) -> None:
    assert sorted(map(told, claims(text)), key=lambda row: row[1]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "全区现有高端医疗器械企业75家，到2026年力争达到200家。",
            [("firm_count", 75, "firms", "exactly", False, None), ("firm_count", 200, "firms", "exactly", True, 2026)],
        ),
        ("全国医疗器械企业超过3万家，普陀区有300家。", [("firm_count", 300, "firms", "exactly", False, None)]),
        ("上海市普陀区生命健康企业不少于300家。", [("firm_count", 300, "firms", "at_least", False, None)]),
        (
            "普陀区聚焦上海生物医药产业高地，产业规模达到100亿元。",
            [("output", 10_000_000_000, "CNY", "exactly", False, None)],
        ),
        ("普陀区生命健康产业税收增加到2亿元。", [("tax", 200_000_000, "CNY", "exactly", False, None)]),
    ],
)
def test_a_figure_is_that_of_its_own_clause(
    text: str, expected: list[tuple[str, Decimal | int, str, str, bool, int | None]]
) -> None:
    assert sorted(map(told, claims(text)), key=lambda row: row[1]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "普陀区生命健康产业规模不到100亿元。",
        "普陀区生命健康企业数量不足300家。",
        "普陀区生命健康企业未能突破300家。",
        "普陀区生命健康产业税收减少2亿元。",
        "普陀区注销医疗器械企业120家。",
        "普陀区对300家医疗器械经营企业开展检查。",
        "上海生物医药产业规模达到1万亿元，普陀区位列第五。",
        "普陀区生命健康企业占全市2300家企业的一成。",
    ],
)
def test_less_than_a_number_a_change_an_act_and_the_citys_total_are_no_figure_of_the_district(text: str) -> None:
    assert claims(text) == []


def test_english_figures_are_claims_too() -> None:
    text = (
        "Tax revenue from the life health industry in Putuo reached 751 million yuan (US$103 million) in 2024. "
        "The number of life health companies in the district has increased to 2,914 from 2,665 over the past four "
        "years."
    )
    found = claims(text, title="Putuo's life health industry", published_on=date(2024, 11, 23))
    assert sorted(map(told, found), key=lambda row: row[1]) == [
        ("firm_count", Decimal(2665), "firms", "exactly", False, 2020),
        ("firm_count", Decimal(2914), "firms", "exactly", False, 2024),
        ("tax", Decimal(751_000_000), "CNY", "exactly", False, 2024),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "该公司注册资本1亿元，公司营业收入2亿元。",  # one firm's
        "公司产品服务全国2000家医院。",
        "其中千万元级生命健康企业25家。",  # a class of them
        "普陀区新能源、生命健康等重点产业企业超过9000家。",  # several industries at once
        "张江生物医药产业规模超过1000亿元，浦东生物医药企业2000家。",  # another district's
        "上海宽屿医疗器械有限公司位于普陀区的厂房建筑面积1.2万平方米。",
        "上海宽屿医疗器械有限公司完成2亿元B轮融资。",
    ],
)
def test_a_figure_of_a_firm_a_class_or_another_district_is_none(text: str) -> None:
    assert claims(text) == []


def test_a_claim_quotes_its_sentence() -> None:
    title, text = "普陀区生命健康产业大会", "大会在普陀召开。　 全区生命健康企业已超2300家。欢迎关注。"
    (claim,) = claims(text, title=title)
    assert document(title, text)[claim.start : claim.end] == "全区生命健康企业已超2300家。"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("The number of life health firms in Putuo grew to 2,900 from 2,600 in 2020.", None),
        ("Putuo has 2,900 life health firms, up from 2,600 at the end of 2020.", None),
        ("Putuo had 2,900 life health firms in 2025, up from 2,600 in 2020.", 2025),
    ],
)
def test_the_year_of_what_there_was_before_is_not_that_of_the_figure(text: str, year: int | None) -> None:
    found = next(claim for claim in claims(text, title="Putuo's life health industry") if claim.value == 2900)
    assert (found.year, found.until.year if found.until else None) == (year, year)
