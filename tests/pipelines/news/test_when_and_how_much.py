"""Days are read by the day of publication, amounts in whole units; what is vague stays unsaid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.news.amounts import find_areas, find_money
from pipelines.news.when import find_times

PUBLISHED = date(2026, 11, 20)  # a Friday


def days(text: str, published_on: date | None = PUBLISHED) -> list[date | None]:
    return [time.day for time in find_times(text, 0, len(text), published_on)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年11月18日", date(2026, 11, 18)),
        ("二〇二六年十一月十八日", date(2026, 11, 18)),
        ("2026-11-18", date(2026, 11, 18)),
        ("11月18日", date(2026, 11, 18)),
        ("11月21日", date(2026, 11, 21)),  # tomorrow, by a clock elsewhere
        ("11月22日", date(2026, 11, 22)),
        ("12月4日", date(2026, 12, 4)),
        ("12月5日", date(2025, 12, 5)),
        ("12月4日前", date(2026, 12, 4)),
        ("12月30日前", date(2026, 12, 30)),  # still ahead
        ("9月30日前", None),  # some day before that
        ("12月31日", date(2025, 12, 31)),
        ("18日", date(2026, 11, 18)),
        ("25日", date(2026, 10, 25)),
        ("昨日", date(2026, 11, 19)),
        ("今天", date(2026, 11, 20)),
        ("11月18号", date(2026, 11, 18)),
        ("11月5-10日", date(2026, 11, 5)),
        ("2026年11月5-10日", date(2026, 11, 5)),
        ("去年11月18日", date(2025, 11, 18)),  # not the last 18 November
        ("今年9月12日", date(2026, 9, 12)),
        ("前年9月2日", date(2024, 9, 2)),
        ("明年1月5日", date(2027, 1, 5)),
        ("去年3月", None),
        ("本月9日", date(2026, 11, 9)),
        ("上月15日", date(2026, 10, 15)),
        ("上个月23号", date(2026, 10, 23)),
        ("下月9日", date(2026, 12, 9)),
        ("上周六", date(2026, 11, 14)),
        ("本周三", date(2026, 11, 18)),
        ("上周日", date(2026, 11, 15)),
        ("下周一", date(2026, 11, 23)),
        ("明天", date(2026, 11, 21)),
        ("tomorrow", date(2026, 11, 21)),
        ("近日", None),
        ("2026年11月", None),
        ("2026年2月30日", None),
        ("november 18, 2026", date(2026, 11, 18)),
        ("18 november 2026", date(2026, 11, 18)),
        ("nov. 18", date(2026, 11, 18)),
        ("on monday", date(2026, 11, 16)),
        ("yesterday", date(2026, 11, 19)),
    ],
)
def test_a_day_is_read_by_the_day_of_publication(text: str, day: date | None) -> None:
    assert days(text) == [day]


def test_without_a_day_of_publication_only_whole_dates_are_days() -> None:
    assert days("11月18日", None) == [None]
    assert days("昨日", None) == [None]
    assert days("2026年11月18日", None) == [date(2026, 11, 18)]


def test_the_year_a_firm_was_founded_is_no_day_of_an_event() -> None:
    assert days("成立于2015年的企业") == []


@pytest.mark.parametrize(
    "text",
    [
        *("25年3月2日", "零五年三月二日", "大前天", "12—19日", "周三", "每周三", "上周三至周五", "大后天", "截至昨日"),
        *(
            "到今天",
            "到下月9日",
            "至本周二",
            "同月9日",
            "农历8月15日",
            "3号楼",
            "11月3号楼",
            "next monday",
            "every friday",
        ),
    ],
)
def test_a_day_that_would_be_guessed_is_not_read(text: str) -> None:
    assert all(day is None for day in days(text))


def test_a_month_of_another_year_ends_when_it_ended() -> None:
    (time,) = find_times("去年3月", 0, 5, PUBLISHED)
    assert (time.day, time.latest) == (None, date(2025, 3, 31))


@pytest.mark.parametrize("text", ["9月30日前完成", "2026年9月30日以前", "9月30日之前"])
def test_before_a_day_is_no_day(text: str) -> None:
    assert days(text) == [None]


@pytest.mark.parametrize("text", ["9月30日前往", "9月30日前后"])
def test_a_day_before_other_words_that_begin_so_stays_one(text: str) -> None:
    assert days(text) == [date(2026, 9, 30)]


def test_a_deadline_that_is_ahead_says_that_nothing_has_happened() -> None:
    (time,) = find_times("2027年6月30日前", 0, 11, PUBLISHED)
    assert time.is_future(PUBLISHED)


def test_of_a_span_the_first_day_is_read() -> None:
    assert days("11月12日至19日举行") == [date(2026, 11, 12)]


def test_four_hundred_days_make_history() -> None:
    (time,) = find_times("2025年10月16日", 0, 11, PUBLISHED)
    assert not time.is_history(PUBLISHED)
    (time,) = find_times("2025年10月15日", 0, 11, PUBLISHED)
    assert time.is_history(PUBLISHED)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("2.5亿元", "250000000", "CNY"),
        ("3000万美元", "30000000", "USD"),
        ("五千万元人民币", "50000000", "CNY"),
        ("1,500万元", "15000000", "CNY"),
        ("10 billion yuan", "10000000000", "CNY"),
        ("us$5 million", "5000000", "USD"),
        ("$5 million", "5000000", "USD"),
        ("rmb 300 million", "300000000", "CNY"),
        ("751 million yuan (us$103 million)", "751000000", "CNY"),
        ("751 million yuan, or us$103 million", "751000000", "CNY"),
        ("3000万美元(约合2.1亿元)", "30000000", "USD"),
        ("3000万美元,约合人民币2.1亿元", "30000000", "USD"),
        ("港币5000万元", "50000000", "HKD"),  # 元 behind another currency is of that one
        ("美元约1.5亿元", "150000000", "USD"),
        ("港元3.2亿", "320000000", "HKD"),
        ("人民币5000万元", "50000000", "CNY"),
        ("1.2亿瑞士法郎", "120000000", "CHF"),
        ("500万新加坡元", "5000000", "SGD"),
        ("1亿5000万元", "150000000", "CNY"),
        ("12万5千元", "125000", "CNY"),
        ("1亿5000万美元", "150000000", "USD"),
        ("两个亿元", "200000000", "CNY"),
        ("不低于1000万元", "10000000", "CNY"),
        ("5000余万元", "50000000", "CNY"),
        ("三千多万元", "30000000", "CNY"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "1234567.89", "CNY"),
        ("123元1角1分", "123.11", "CNY"),
        ("hk$300 million", "300000000", "HKD"),
        ("s$5 million", "5000000", "SGD"),
        ("£20 million", "20000000", "GBP"),
        ("5 billion yen", "5000000000", "JPY"),
    ],
)
def test_money_is_in_whole_units(text: str, amount: str, unit: str) -> None:
    assert [(found.value, found.unit) for found in find_money(text, 0, len(text))] == [(Decimal(amount), unit)]


def test_two_currencies_of_one_number_are_no_amount() -> None:
    assert find_money("港币1亿美元", 0, 6) == ()


def test_minutes_and_corners_are_no_coins() -> None:
    assert [found.value for found in find_money("3亿元5分钟", 0, 6)] == [Decimal(300_000_000)]


@pytest.mark.parametrize("text", ["5000余万元", "三千多万元", "3亿余元"])
def test_more_than_an_amount_is_told_as_such(text: str) -> None:
    assert [found.more for found in find_money(text, 0, len(text))] == [True]


@pytest.mark.parametrize("text", ["数千万元", "上亿元", "超亿元", "百亿级", "5亿股", "10 billion", "3月", "2026年"])
def test_a_vague_amount_is_none(text: str) -> None:
    assert find_money(text, 0, len(text)) == ()


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("1.2万平方米", 12000),
        ("30亩", 20000),
        ("10亩", 6667),
        ("3公顷", 30000),
        ("5,000 square meters", 5000),
        ("800㎡", 800),
    ],
)
def test_areas_are_in_square_metres(text: str, metres: int) -> None:
    assert [found.value for found in find_areas(text, 0, len(text))] == [Decimal(metres)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("一万二千三百四十五元", Decimal(12345)),
        ("一千二百万元", Decimal(12_000_000)),
        ("三千万元", Decimal(30_000_000)),
        ("五亿元", Decimal(500_000_000)),
    ],
)
def test_an_amount_in_words_is_read_whole(text: str, amount: Decimal) -> None:
    low = f"投资{text}建设"
    assert [(found.value, found.unit) for found in find_money(low, 0, len(low))] == [(amount, "CNY")]


@pytest.mark.parametrize(
    "text", ["1万-5万元", "1万(含)-5万元", "两千至三千万元", "3000万元到5000万元", "数十亿元", "几千万元"]
)
def test_a_range_of_money_and_a_vague_sum_are_no_amount(text: str) -> None:
    found = [amount.value for amount in find_money(text, 0, len(text))]
    assert found in ([], [Decimal(30_000_000)] if text.startswith("3000万元") else [])


def test_two_weeks_ahead_may_lie_in_the_next_year() -> None:
    assert days("1月3日", date(2026, 12, 25)) == [date(2027, 1, 3)]
    assert days("1月9日", date(2026, 12, 25)) == [date(2026, 1, 9)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shanghai, march 12 -- oakfen settled in putuo", []),
        ("shanghai, march 12 (xinhua) -- oakfen settled in putuo", []),
        ("oakfen settled in putuo on march 12", [date(2026, 3, 12)]),
        ("in putuo, march 12 saw oakfen settle", [date(2026, 3, 12)]),
    ],
)
def test_the_day_of_the_report_is_not_the_events(text: str, expected: list[date]) -> None:
    assert days(text) == expected
