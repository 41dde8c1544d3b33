"""How an amount of money is read from a cell."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from cn2an import an2cn
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.money import Money, parse_money

WAN = Decimal(10_000)


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("5,000(万元人民币)", 50_000_000, "CNY"),
        ("5，000（万元人民币）", 50_000_000, "CNY"),
        ("1,520.3700(万美元)", 15_203_700, "USD"),
        ("200(万美元)", 2_000_000, "USD"),
        ("200(万美元 )", 2_000_000, "USD"),
        ("105(万元)", 1_050_000, "CNY"),
        ("50万人民币", 500_000, "CNY"),
        ("3(万人民币 )", 30_000, "CNY"),
        ("10(万德国马克 )", 100_000, "DEM"),
        ("6,000(万日元)", 60_000_000, "JPY"),
        ("500万元", 5_000_000, "CNY"),
        ("1.2亿元", 120_000_000, "CNY"),
        ("5百万元", 5_000_000, "CNY"),
        ("3千万", 30_000_000, "CNY"),
        ("2万亿元", 2 * 10**12, "CNY"),
        ("人民币500万元整", 5_000_000, "CNY"),
        ("人民币：500万元", 5_000_000, "CNY"),
        ("500万元（人民币）", 5_000_000, "CNY"),
        ("500万人民币元", 5_000_000, "CNY"),
        ("￥500万", 5_000_000, "CNY"),
        ("RMB 500万", 5_000_000, "CNY"),
        ("rmb500万元", 5_000_000, "CNY"),
        ("USD 200万", 2_000_000, "USD"),
        ("US$200万", 2_000_000, "USD"),
        ("300万港元", 3_000_000, "HKD"),
        ("300万港币", 3_000_000, "HKD"),
        ("0.5万欧元", 5_000, "EUR"),
        ("12万英镑", 120_000, "GBP"),
        ("12万新加坡元", 120_000, "SGD"),
        ("12万台币", 120_000, "TWD"),
        ("12万新台币", 120_000, "TWD"),
        ("1亿韩元", 100_000_000, "KRW"),
        ("12万瑞士法郎", 120_000, "CHF"),
        ("12万法郎", 120_000, "FRF"),
        ("12万加元", 120_000, "CAD"),
        ("12万澳元", 120_000, "AUD"),
        ("5000000元", 5_000_000, "CNY"),
        ("5000000 CNY", 5_000_000, "CNY"),
        ("200美元", 200, "USD"),
        ("肆佰叁拾万圆整", 4_300_000, "CNY"),
        ("肆佰叁拾万", 4_300_000, "CNY"),
        ("陸佰萬圓整", 6_000_000, "CNY"),
        ("壹仟万元", 10_000_000, "CNY"),
        ("人民币壹佰万元整", 1_000_000, "CNY"),
        ("拾万元", 100_000, "CNY"),
        ("壹佰(万美元)", 1_000_000, "USD"),
        ("两千万元", 20_000_000, "CNY"),
        ("一百零二万元", 1_020_000, "CNY"),
        ("0(万元人民币)", 0, "CNY"),
        ("两个亿卢布", 200_000_000, "RUB"),
        ("3千万亿日元", 3_000_000_000_000_000, "JPY"),
    ],
)
def test_an_amount_is_read_in_whole_units_of_its_currency(written: str, amount: int, currency: str) -> None:
    assert parse_money(written) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("123元1角1分", "123.11"),
        ("1,234元5角6分整", "1234.56"),
        ("123元5分", "123.05"),
        ("一百二十三元一角", "123.1"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "1234567.89"),
        ("贰圆伍角", "2.5"),
        ("叁仟元零角零分", "3000"),
    ],
)
def test_the_smaller_coins_behind_yuan_count(written: str, amount: str) -> None:
    assert parse_money(written) == Money(Decimal(amount), "CNY")


@pytest.mark.parametrize("text", ["3万元5角", "3.5元5角", "5角", "十块三毛", "3元5角美元", "3元55分"])
def test_coins_behind_anything_else_are_not_read(text: str) -> None:
    assert parse_money(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *["", "-", "--", "无", "空", "N/A", "null", "万元", "(万德国马克 )", "人民币"],
        *["-500万元", "－500万元", "(500)万元", "负伍佰万元"],
        *["5000000", "1,520.37", "伍佰"],  # a bare number: yuan or 万元?
        *["1,52万元", "1.520,37万元", "1 520万元", "5.万元", "1E7元"],
        *["一万二元", "三百四元", "二〇二六元", "两零元", "万伍元", "叁佰万(万元)"],
        *["500至800万元", "约500万元", "500万元以上", "1亿2000万元", "500万元(人民币伍佰万元整)"],
        *["500万银元", "人民币500万美元", "$500万"],
        *["10000000000000001元", "99999亿亿元", "12345678901234567890元"],
    ],
)
def test_what_states_no_certain_amount_is_not_read(text: str) -> None:
    assert parse_money(text) is None


@pytest.mark.parametrize(
    ("cell", "header", "amount", "currency"),
    [
        ("500", "万元", 5_000_000, "CNY"),
        ("500.00", "万", 5_000_000, "CNY"),
        ("500", "（万元人民币）", 5_000_000, "CNY"),
        ("500", "万美元", 5_000_000, "USD"),
        ("500", "元", 500, "CNY"),
        ("伍佰", "万元", 5_000_000, "CNY"),
        ("500元", "万元", 500, "CNY"),
        ("500万", "万元", 5_000_000, "CNY"),
        ("500万", "万美元", 5_000_000, "USD"),
        ("500万元", "元", 5_000_000, "CNY"),
        ("200(万美元)", "万元", 2_000_000, "USD"),
    ],
)
def test_the_header_speaks_where_the_cell_is_silent(cell: str, header: str, amount: int, currency: str) -> None:
    assert parse_money(cell, unit=header) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(("cell", "header"), [("500", "备注"), ("500", ""), ("RMB 500", "万元"), ("-5", "万元")])
def test_a_header_that_does_not_settle_the_scale_leaves_the_cell_unread(cell: str, header: str) -> None:
    assert parse_money(cell, unit=header) is None


AMOUNTS = st.decimals(min_value=0, max_value=10**8, places=4)
UNITS = {
    "元": (Decimal(1), "CNY"),
    "万": (WAN, "CNY"),
    "万元": (WAN, "CNY"),
    "亿元": (WAN * WAN, "CNY"),
    "万元人民币": (WAN, "CNY"),
    "万美元": (WAN, "USD"),
    "美元": (Decimal(1), "USD"),
    "万港币": (WAN, "HKD"),
    "万欧元": (WAN, "EUR"),
    "万日元": (WAN, "JPY"),
}
WRITERS: dict[str, Callable[[Decimal, str], str]] = {
    "number and unit": lambda amount, unit: f"{amount}{unit}",
    "thousands and brackets": lambda amount, unit: f"{amount:,}({unit})",
    "wide brackets and a blank": lambda amount, unit: f"{amount:,}（{unit} ）",
    "整 at the end": lambda amount, unit: f"{amount}{unit}整",
}


@pytest.mark.parametrize("style", WRITERS)
@given(amount=AMOUNTS, unit=st.sampled_from(sorted(UNITS)))
def test_an_amount_comes_back_exact_from_every_way_of_writing_it(style: str, amount: Decimal, unit: str) -> None:
    scale, currency = UNITS[unit]
    expected = Money(amount * scale, currency) if amount * scale <= 10**16 else None
    assert parse_money(WRITERS[style](amount, unit)) == expected


@given(amount=AMOUNTS, unit=st.sampled_from(sorted(UNITS)))
def test_a_header_reads_like_a_unit_in_the_cell(amount: Decimal, unit: str) -> None:
    assert parse_money(str(amount), unit=unit) == parse_money(f"{amount}{unit}")


@given(st.integers(1, 10**16), st.sampled_from(["low", "up"]))
def test_an_amount_in_numerals_comes_back_exact(amount: int, style: str) -> None:
    try:
        numerals = an2cn(amount, style)
    except ValueError:  # the writer stops at sixteen digits
        return
    assert parse_money(f"{numerals}元整") == Money(Decimal(amount), "CNY")


@given(AMOUNTS, st.integers(0, 4))
def test_equal_amounts_are_written_alike(amount: Decimal, zeros: int) -> None:
    short, padded = parse_money(f"{amount.normalize():f}元"), parse_money(f"{amount}{'0' * zeros}元")
    assert short is not None
    assert padded is not None
    assert str(short.amount) == str(padded.amount)


def test_a_round_amount_is_written_without_an_exponent() -> None:
    assert str(getattr(parse_money("1.50亿元"), "amount", None)) == "150000000"


@given(
    st.text(alphabet="0123456789,.零一二两十百千万亿壹佰元圆整人民币美日()（） -USDK\u212aſ", max_size=30) | st.text(),
    st.sampled_from(["", "万元", "元", "美元", "?"]),
)
def test_no_text_raises_and_no_amount_is_negative_or_beyond_bounds(text: str, unit: str) -> None:
    money = parse_money(text, unit=unit)
    assert money is None or (0 <= money.amount <= 10**16 and len(money.currency) == 3)
