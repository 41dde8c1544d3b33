"""What a page tells of one event in several sentences is told once, with the day, park and amount any of them has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.news import NameIndex, document
from pipelines.news.page_reader import KnownNames, PageEvent, read_page

PUBLISHED = date(2026, 11, 21)  # a Saturday
NOBODY = KnownNames(NameIndex([]))
KNOWN = KnownNames(NameIndex([("huaxu", "上海桦序医疗科技有限公司")]))
HEALTH = "普陀区生命健康产业集聚。"


def events(title: str, text: str, firm: str, known: KnownNames = NOBODY) -> list[PageEvent]:
    """The events of the firm whose name begins so."""
    page = read_page(title, text, language="", kind="news", published_on=PUBLISHED, known=known)
    return [event for one in page.firms if one.name.startswith(firm) for event in one.events]


def told(title: str, text: str, firm: str = "桦序医疗") -> tuple[str, date | None, Decimal | None, str, str]:
    (event,) = events(title, text, firm)
    return event.kind, event.happened_on, event.amount, event.unit, event.park


def test_title_and_body_complete_each_other_and_the_most_telling_sentence_is_quoted() -> None:
    title = "桦序医疗总部正式入驻桃浦"
    first = "11月20日，桦序医疗全国总部入驻仪式在桃浦智创城举行。"
    text = f"{first}桦序医疗专注于心血管介入器械。入驻后，企业将在普陀设立研发中心，总投资约3亿元。"
    (event,) = events(title, text, "桦序医疗")
    assert (event.kind, event.happened_on, event.park) == (
        "headquarters_set_up", date(2026, 11, 20), "taopu_smart_city",
    )  # fmt: skip
    assert (event.amount, event.unit) == (Decimal(300_000_000), "CNY")
    assert document(title, text)[event.start : event.end] == first


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (  # the body tells of the ceremony only
            "桦序医疗签约落户桃浦智创城",
            "11月16日，桦序医疗与桃浦镇举行签约仪式。根据协议，公司将投资2.2亿元建设研发基地。" + HEALTH,
            ("arrival_announced", date(2026, 11, 16), Decimal(220_000_000), "CNY", "taopu_smart_city"),
        ),
        (  # of the investment and the rooms, the investment
            "普陀区再添生命健康企业",
            "11月17日，桦序医疗签约落户桃浦智创城。项目总投资2.6亿元，建筑面积1.2万平方米。",
            ("arrival_announced", date(2026, 11, 17), Decimal(260_000_000), "CNY", "taopu_smart_city"),
        ),
        (  # of works, the rooms
            "普陀医疗企业新基地投产",
            "11月19日，桦序医疗位于桃浦智创城的新生产基地正式投产。基地建筑面积1.8万平方米，总投资4亿元。" + HEALTH,
            ("premises_added", date(2026, 11, 19), Decimal(18_000), "square_metres", "taopu_smart_city"),
        ),
        (  # what another has is not his
            "普陀区再添生命健康企业",
            "11月17日，桦序医疗签约落户桃浦智创城。澜禾生物项目总投资2.6亿元。",
            ("arrival_announced", date(2026, 11, 17), None, "", "taopu_smart_city"),
        ),
        (  # nor what the district has
            "普陀区再添生命健康企业",
            "11月17日，桦序医疗签约落户桃浦智创城。普陀区今年生命健康项目总投资26亿元。",
            ("arrival_announced", date(2026, 11, 17), None, "", "taopu_smart_city"),
        ),
        (  # a round of which only the next sentence says how much
            "普陀区生命健康企业获投资",
            "11月19日，普陀区的桦序医疗宣布完成B轮融资。本轮融资金额近3亿元，由某基金领投。",
            ("financing_raised", date(2026, 11, 19), Decimal(300_000_000), "CNY", ""),
        ),
        (  # the park that the page has just spoken of
            "中以（上海）创新园迎来新伙伴",
            "中以（上海）创新园再添新成员。11月17日，医疗器械企业桦序医疗签约落户。" + HEALTH,
            ("arrival_announced", date(2026, 11, 17), None, "", "china_israel_hub"),
        ),
        (  # and not where they only met
            "普陀区生命健康产业大会",
            "11月17日，普陀区生命健康产业大会在桃浦智创城举行。会上，桦序医疗签约落户。",
            ("arrival_announced", date(2026, 11, 17), None, "", ""),
        ),
    ],
)
def test_what_belongs_to_an_event_is_found_in_the_sentences_about_it(
    title: str, text: str, expected: tuple[str, date | None, Decimal | None, str, str]
) -> None:
    assert told(title, text) == expected


def test_of_a_title_and_a_sentence_that_says_how_much_the_sentence_is_quoted() -> None:
    title, sentence = "桦序医疗完成融资", "近日，桦序医疗宣布完成A轮融资，融资金额1亿元。"
    text = f"普陀区医疗器械产业又添新动能。{sentence}"
    (event,) = events(title, text, "桦序医疗")
    assert (document(title, text)[event.start : event.end], event.amount) == (sentence, Decimal(100_000_000))


def test_what_a_firm_opens_is_its_own_and_no_firm_of_its_name() -> None:
    known = KnownNames(NameIndex([("huaxu", "上海桦序医药有限公司")]))
    text = "11月17日，上海桦序医药有限公司位于普陀区桃浦镇的医药冷链物流中心正式启用。" + HEALTH
    page = read_page("普陀医药企业", text, language="zh", kind="news", published_on=PUBLISHED, known=known)
    assert [(one.uscc, [event.kind for event in one.events]) for one in page.firms] == [("huaxu", ["premises_added"])]


def test_so_it_is_in_english() -> None:
    text = (
        "Huaxu Medical, a surgical robot developer, signed an agreement with Changfeng Subdistrict on Tuesday to build"
        " a research center in Putuo district. The company said it would invest 200 million yuan ($28 million) in the"
        " project, which covers 12,000 square meters. The life health industry of Putuo grows."
    )
    (event,) = events("Medical robot maker to build center in Putuo", text, "Huaxu")
    assert (event.happened_on, event.amount, event.unit) == (date(2026, 11, 17), Decimal(200_000_000), "CNY")


def test_what_several_firms_invest_together_is_nobodys_own() -> None:
    text = "11月17日，桦序医疗、澜禾生物签约落户桃浦智创城。项目总投资3.5亿元。"
    assert [event.amount for event in events("普陀区生命健康产业", text, "桦序医疗")] == [None]


def test_of_two_rounds_in_one_sentence_each_has_its_own_amount_or_none() -> None:
    title = "普陀区生命健康企业完成融资"
    text = "近期，普陀区的桦序医疗完成2亿元B轮融资，澜禾生物完成数千万元A轮融资，屿川医药完成超亿元C轮融资。"
    amounts = {
        firm: [event.amount for event in events(title, text, firm)] for firm in ("桦序医疗", "澜禾生物", "屿川医药")
    }
    assert amounts == {"桦序医疗": [Decimal(200_000_000)], "澜禾生物": [None], "屿川医药": [Decimal(100_000_000)]}


def test_what_contradicts_is_told_as_two() -> None:
    text = "11月3日，桦序医疗签约落户桃浦智创城。11月17日，桦序医疗签约落户中以（上海）创新园。" + HEALTH
    assert [event.happened_on for event in events("普陀区生命健康产业", text, "桦序医疗")] == [
        date(2026, 11, 3),
        date(2026, 11, 17),
    ]


def test_a_registered_firm_is_completed_as_a_candidate_is() -> None:
    text = "11月17日，上海桦序医疗科技有限公司签约落户桃浦智创城。该项目总投资2亿元。" + HEALTH
    (event,) = events("普陀区生命健康产业", text, "上海桦序", KNOWN)
    assert (event.amount, event.unit) == (Decimal(200_000_000), "CNY")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("昨日", date(2026, 11, 20)),
        ("11月18日至20日", date(2026, 11, 18)),
        ("上周五", date(2026, 11, 13)),
        ("11月18日，在2026年普陀区生命健康大会上", date(2026, 11, 18)),
        ("上周", None),
        ("本月", None),
        ("近日", None),
    ],
)
def test_the_day_of_an_event_is_one_that_is_told(said: str, day: date | None) -> None:
    text = f"{said}，桦序医疗签约落户桃浦智创城。{HEALTH}"
    assert told("普陀区生命健康产业", text)[1] == day


@pytest.mark.parametrize(
    ("said", "day"), [("on Tuesday", date(2026, 11, 17)), ("last week", None), ("earlier this month", None)]
)
def test_and_so_in_english(said: str, day: date | None) -> None:
    text = f"Huaxu Medical settled in Taopu Smart City {said}. The life health industry of Putuo grows."
    (event,) = events("Life health industry in Putuo", text, "Huaxu")
    assert event.happened_on == day
