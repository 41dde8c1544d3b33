"""How a day is read from a cell."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cn2an import an2cn
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.dates import parse_date, parse_english_date

DAYS = st.dates(date(1850, 1, 1), date(2100, 12, 31))


def _chinese(day: date, zero: str = "〇") -> str:
    year = "".join(f"{zero}一二三四五六七八九"[int(digit)] for digit in f"{day.year}")
    # an2cn is an independent writer of numerals; it writes 一十一 only above a hundred.
    return f"{year}年{an2cn(day.month)}月{an2cn(day.day)}日"


WRITERS: dict[str, Callable[[date], str]] = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "characters": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "characters with blanks": lambda d: f"{d.year}年 {d.month} 月 {d.day} 日",
    "characters with zeros": lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
    "midnight": lambda d: f"{d.isoformat()} 00:00:00",
    "midnight with T": lambda d: f"{d.isoformat()}T00:00:00",
    "midnight in Shanghai": lambda d: f"{d.isoformat()}T00:00:00.000+08:00",
    "spreadsheet midnight": lambda d: f"{d.year}/{d.month}/{d.day} 0:00",
    "numerals": _chinese,
    "numerals with a circle": lambda d: _chinese(d, "○"),
    "numerals with 零": lambda d: _chinese(d, "零"),
    "numerals with a letter": lambda d: _chinese(d, "O"),
    "full width": lambda d: d.isoformat().translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}),
    "brackets": lambda d: f"（{d.isoformat()}）",
    "blanks around": lambda d: f"\u3000{d.isoformat()}\t\n",
}


@pytest.mark.parametrize("style", WRITERS)
@given(day=DAYS)
def test_a_day_comes_back_from_every_way_of_writing_it(style: str, day: date) -> None:
    assert parse_date(WRITERS[style](day)) == day


@given(st.integers(20_000, 80_000), st.sampled_from(["", ".0", ".00"]))
def test_a_spreadsheets_day_number_is_the_day_it_shows(number: int, fraction: str) -> None:
    day = date(1899, 12, 30) + timedelta(days=number)
    assert parse_date(f"{number}{fraction}") == (day if day.year <= 2100 else None)


def test_the_day_spreadsheets_show_for_45000_is_15_march_2023() -> None:
    assert parse_date("45000") == date(2023, 3, 15)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "N/A",
        "长期",
        "2026",
        "2026-11",
        "2026年11月",
        "11月18日",
        "18/11/2026",
        "11/18/2026",
        "26-11-18",
        "2026-11/18",
        "2026-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-10",
        "二〇二六年十三月一日",
        "二〇二六年十一月二三日",
        "二〇二六年十一月三十二日",
        "1849-12-31",
        "2101-01-01",
        "0000-00-00",
        "9999-12-31",
        "19999",
        "80001",
        "45000.5",
        "450000",
        "2026-11-17T16:00:00Z",
        "2026-11-17T16:00:00+00:00",
        "2026-11-18 25:61",
        "成立于2026年11月18日",
        "2026-11-18至2036-11-17",
        "2026-11-18 2026-11-19",
        "(2026-11-18",
        "٢٠٢٦-١١-١٨",
    ],
)
def test_what_is_no_single_certain_day_is_not_read(text: str) -> None:
    assert parse_date(text) is None


@given(st.text(alphabet="0123456789-/.年月日〇一二三十 T:（）Oo○", max_size=45) | st.text())
def test_no_text_raises_and_no_day_lies_outside_the_years(text: str) -> None:
    day = parse_date(text)
    assert day is None or 1850 <= day.year <= 2100


ENGLISH: dict[str, Callable[[date], str]] = {
    "as the district prints it": lambda d: f"{_month(d)} {d.day:02}, {d.year}",
    "short": lambda d: f"{_month(d)[:3]}. {d.day}, {d.year}",
    "day first": lambda d: f"{d.day} {_month(d)} {d.year}",
    "without a comma": lambda d: f"{_month(d).upper()} {d.day} {d.year}",
    "blanks": lambda d: f"  {_month(d)}  {d.day} ,{d.year} ",
}


def _month(day: date) -> str:
    return calendar.month_name[day.month]  # English in the C locale, in which tests run


@pytest.mark.parametrize("form", ENGLISH)
@given(day=DAYS)
def test_every_day_in_english_is_read_in_every_form(form: str, day: date) -> None:
    assert parse_english_date(ENGLISH[form](day)) == day


@pytest.mark.parametrize("text", ["Sept. 4th, 2026", "4th of September, 2026", "Ｓｅｐｔ　４，２０２６"])
def test_ordinals_and_the_other_abbreviation_of_september_are_read(text: str) -> None:
    assert parse_english_date(text.replace("，", ",")) == date(2026, 9, 4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "January 2021",
        "January 32, 2021",
        "February 29, 2021",
        "Januar 4, 2021",
        "Mon 4, 2021",
        "01/04/2021",
        "2021-01-04",
        "January 4, 21",
        "January 4, 1700",
        "on January 4, 2021",
        "January 4, 2021 |",
        "January 4, 2021 10:00",
        "January" + " " * 50 + "4, 2021",
    ],
)
def test_what_is_no_whole_day_in_english_is_none(text: str) -> None:
    assert parse_english_date(text) is None


@given(st.text())
def test_no_text_brings_the_reader_of_english_down(text: str) -> None:
    assert parse_english_date(text) is None or parse_english_date(f" {text} ") == parse_english_date(text)
