"""How what is personal is found and blanked, and what stays."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric

from crawler.fields.credit_code import problem, with_check_digits
from crawler.fields.personal import MASK, is_citizen_id, looks_like_citizen_id, redact, redact_row

from .strategies import citizen_ids, credit_codes, foreign_resident_ids, old_citizen_ids

CODE = with_check_digits("91", "310199", 123)

# A planted number can only be found where it ends: digits next to it would make another number of it.
surroundings = st.text().filter(
    lambda text: not any(c in "0123456789０１２３４５６７８９" for c in text[:1] + text[-1:])
)
# Behind a number, these would make it an amount of money.
behind_phones = surroundings.filter(lambda text: text.strip()[:1] not in tuple("元圆万亿"))


@given(citizen_ids)
def test_a_citizens_id_is_known(number: str) -> None:
    assert is_citizen_id(number)
    assert is_citizen_id(f" {number.lower()}\u3000")


@given(old_citizen_ids | foreign_resident_ids)
def test_old_and_foreign_residents_ids_are_known_unless_they_are_a_firms_code(number: str) -> None:
    assert is_citizen_id(number) is (problem(number) is not None)


@given(citizen_ids, st.sampled_from("0123456789X"))
def test_another_librarys_check_digit_is_the_one_asked_for_here(number: str, last: str) -> None:
    assert is_citizen_id(number[:-1] + last) is (last == ric.calc_check_digit(number))


@given(credit_codes)
def test_a_valid_credit_code_is_no_id_and_does_not_look_like_one(code: str) -> None:
    assert not is_citizen_id(code)
    assert not looks_like_citizen_id(code)


@pytest.mark.parametrize(
    "text",
    [
        *["", "310199", "310199190013010010", "310199190002300010", "990199199001010010", CODE],
        *["310199990101", "310199000101001", "310199991301001"],  # fifteen digits: born 1900, and in month 13
    ],
)
def test_what_has_no_possible_birth_or_place_is_no_id(text: str) -> None:
    assert not is_citizen_id(text)


@given(citizen_ids, st.integers(0, 9))
def test_an_id_with_a_wrong_check_digit_is_none_but_looks_like_one(number: str, digit: int) -> None:
    mistyped = f"{number[:-1]}{digit}"
    assume(number != mistyped and problem(mistyped) is not None)  # one in thousands becomes a credit code
    assert not is_citizen_id(mistyped)
    assert looks_like_citizen_id(mistyped)


@given(
    surroundings,
    citizen_ids | foreign_resident_ids.filter(is_citizen_id) | old_citizen_ids,
    surroundings,
    st.sampled_from([str, str.lower, lambda n: f"{n[:6]} {n[6:14]} {n[14:]}" if len(n) == 18 else n]),
)
def test_an_id_never_survives(before: str, number: str, after: str, write: object) -> None:
    assert callable(write)
    assume(not before.rstrip(" :：(（").endswith("号"))  # a label that says it is a firm's number
    written = write(number)
    assert written not in redact(before + written + after)


@given(surroundings, st.integers(3, 9), st.integers(0, 10**9 - 1), behind_phones)
def test_a_mobile_number_never_survives(before: str, second: int, rest: int, after: str) -> None:
    digits = f"1{second}{rest:09d}"
    spaced = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    for written in (
        digits,
        spaced,
        spaced.replace(" ", "-"),
        f"+86 {digits}",
        f"+86-{spaced}",
        f"86{digits}",
    ):
        redacted = redact(before + written + after)
        assert written not in redacted
        assert digits not in redacted


@given(
    surroundings,
    st.sampled_from(["021", "010", "0512", "0991"]),
    st.integers(2_000_000, 99_999_999).filter(lambda number: str(number)[0] > "1"),
    behind_phones,
)
def test_a_landline_never_survives(before: str, area: str, local: int, after: str) -> None:
    for written in (
        f"{area}-{local}",
        f"({area}){local}",
        f"（{area}）{local}",
        f"{area} {local}",
        f"{area}{local}",
    ):
        assert written not in redact(before + written + after)


@given(surroundings, st.sampled_from(["400-820-0000", "400 8200 000", "800-820-0000"]), surroundings)
def test_a_service_number_never_survives(before: str, written: str, after: str) -> None:
    assert written not in redact(before + written + after)


@given(st.text(), st.emails(domains=st.just("example.com")), st.text())
def test_an_email_address_never_survives(before: str, address: str, after: str) -> None:
    local = address.partition("@")[0]
    assume(local[-1].isalnum() and len(local) > 1)
    assert f"{local[-1]}@example.com" not in redact(before + address + after)


@given(st.text(), credit_codes, st.text())
def test_a_valid_credit_code_always_survives(before: str, code: str, after: str) -> None:
    assert code in redact(before + code + after)
    assert code.lower() in redact(before + code.lower() + after)


@given(credit_codes, citizen_ids, citizen_ids)
def test_a_code_survives_between_ids_that_do_not(code: str, one: str, other: str) -> None:
    assert redact(f"{one}，{code}，{other}") == f"{MASK}，{code}，{MASK}"


@given(st.text())
def test_redacting_twice_is_redacting_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("联系人：甲某某，电话：021-60000000。", f"联系人：{MASK}，电话：{MASK}。"),
        ("法定代表人（负责人）：甲 某 住所：某路1号", f"法定代表人（负责人）：{MASK} 住所：某路1号"),
        ("法人代表:甲某某；经营范围：医疗器械销售", f"法人代表:{MASK}；经营范围：医疗器械销售"),
        ("负责人姓名： 甲某某\n经办人：乙某", f"负责人姓名： {MASK}\n经办人：{MASK}"),
        ("手机号码：13800000000转甲某", f"手机号码：{MASK}"),
        (f"法定代表人：{CODE}", f"法定代表人：{CODE}"),
        (f"负责人：甲某{CODE}乙某", f"负责人：{MASK}{CODE}{MASK}"),
        ("致电13800000000、13900000000", f"致电{MASK}、{MASK}"),
        ("021-60000000-8001", MASK),
        (
            "＋８６　１３８０００００００００",
            "＋８６　１３８０００００００００",
        ),  # 12 digits are no mobile number
        ("１３８００００００００", MASK),
    ],
)
def test_labelled_names_and_numbers_are_replaced_up_to_where_they_end(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE,
        f"统一社会信用代码：{CODE}",
        "沪普药监械经营许20260001号",
        "国械注进20262210328",
        "沪械注准20262010001",
        "国药准字H20260001",
        "沪AA021000123",
        "JY13101990012345",
        "注册号：310199600123456",
        "备案号 202631019900000123",
        "注册资本5,000(万元人民币)",
        "注册资本13800000000元",
        "4000000000",
        "上海市示例区某路1弄3号1号楼1-088室",
        "2026-11-18至2036-11-17",
        "2026年11月18日 14:00",
        "为负责人和联系人提供培训；电话销售除外",
        "邮编200333",
        "@example 10:30",
    ],
)
def test_what_is_a_firms_own_stays_to_the_letter(text: str) -> None:
    assert redact(text) == text


def test_time_does_not_grow_out_of_hand_on_hostile_text() -> None:
    for text in (
        "1" * 50_000,
        "a" * 50_000,
        "联系人：" * 12_000,
        "联系人：" + " " * 50_000,
        "a@b" + ".b" * 25_000,
    ):
        redact(text)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        CODE,
        CODE.lower(),
        "2026-11-18",
        "5,000(万元人民币)",
        "示例医疗器械有限公司",
        "示例口腔门诊部",
        "Example Trading Co., Ltd.",
        "上海市示例区某路1弄3号1号楼101室",
        "医疗器械销售；技术服务、技术开发、技术咨询",
    ],
)
def test_a_broken_row_keeps_what_is_harmless(cell: str) -> None:
    assert redact_row([cell]) == [cell]


@pytest.mark.parametrize(
    "cell",
    [
        "甲某某",
        "甲某某·乙某某某·丙某某某某某",
        "Firstname Middlename Lastname",
        "13800000000",
        "60000000",
        "500",
        "N/A",
        "甲某某 13800000000",
        "name@example.com",
    ],
)
def test_a_broken_row_loses_what_may_be_personal(cell: str) -> None:
    assert redact_row([cell]) == [MASK]


def test_a_broken_row_keeps_its_number_of_cells_and_a_long_text_without_its_phone() -> None:
    long = "上海市示例区某路1弄3号101室 13800000000"
    assert redact_row(["甲某某", long, ""]) == [MASK, f"上海市示例区某路1弄3号101室 {MASK}", ""]


@given(st.lists(citizen_ids | old_citizen_ids))
def test_no_id_survives_in_a_broken_row(numbers: list[str]) -> None:
    assert redact_row(numbers) == [MASK] * len(numbers)
