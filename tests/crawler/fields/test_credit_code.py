"""How credit codes are checked, taken apart and invented."""

import csv
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from crawler.fields.credit_code import division, normalise, problem, with_check_digits
from crawler.items import RejectReason

from .strategies import (
    ALPHABET,
    KINDS,
    PROVINCES,
    citizen_ids,
    credit_codes,
    foreign_resident_ids,
    old_citizen_ids,
)

WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def _closed(start: str) -> str:
    """`start`, 17 characters, with the check character of GB 32100, whatever else is wrong with it."""
    return start + ALPHABET[-sum(ALPHABET.index(c) * w for c, w in zip(start, WEIGHTS, strict=True)) % 31]


@given(
    st.sampled_from(KINDS),
    st.one_of(
        st.just("100000"),
        st.builds("{}{:04d}".format, st.sampled_from(PROVINCES), st.integers(0, 9999)),
    ),
    st.integers(0, 10**8 - 1),
)
def test_an_invented_code_is_valid_for_every_kind_and_province(kind: str, place: str, number: int) -> None:
    # A division that ends in 19 or 20 may make a birth date with the digits behind it, and so a citizen's id.
    assume(place[4:] not in {"19", "20"})
    code = with_check_digits(kind, place, number)
    assert problem(code) is None
    assert division(code) == place
    assert code[8:16] == f"{number:08d}"
    if kind.isdigit():  # the other library takes no authority with a letter
        assert uscc.is_valid(code)


def test_a_withdrawn_division_is_valid() -> None:
    assert problem(with_check_digits("91", "310108", 1)) is None


@pytest.mark.parametrize(
    ("kind", "place", "number"),
    [
        ("91", "310199", -1),
        ("91", "310199", 10**8),
        ("90", "310199", 1),
        ("91", "990199", 1),
        ("91", "3101", 1),
    ],
)
def test_no_code_is_invented_of_parts_that_cannot_be_valid(kind: str, place: str, number: int) -> None:
    with pytest.raises(ValueError, match=r"number|kind"):
        with_check_digits(kind, place, number)


def test_no_code_is_invented_that_would_be_read_as_a_citizens_id() -> None:
    refused = 0
    for number in range(1_010_100, 1_010_400):
        try:
            with_check_digits("12", "310120", number)
        except ValueError:
            refused += 1
    assert 0 < refused < 300


@given(credit_codes, st.integers(0, 17), st.sampled_from(ALPHABET + "IOSVZ?"))
def test_every_change_of_one_character_is_found(code: str, place: int, character: str) -> None:
    assume(code[place] != character)
    assert problem(code[:place] + character + code[place + 1 :]) is not None


@given(credit_codes)
def test_every_exchange_of_two_neighbours_is_found(code: str) -> None:
    for place, (left, right) in enumerate(pairwise(code)):
        if left != right:
            assert problem(code[:place] + right + left + code[place + 2 :]) is not None


def test_the_first_and_the_last_character_exchanged_are_not_found() -> None:
    """Both weigh 1, so the sum stays the same; most such beginnings are no kind, these are."""
    codes = [with_check_digits("91", "310199", number) for number in range(3100)]
    missed = [code for code in codes if code[-1] != "9" and problem(f"{code[-1]}{code[1:-1]}9") is None]
    assert {code[-1] for code in missed} == set("12345678ANY")


@given(credit_codes)
def test_case_width_blanks_and_spreadsheet_marks_do_not_matter(code: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    spaced = f"{code[:8]} {code[8:17]}\u3000{code[17]}"
    for written in (
        code.lower(),
        wide,
        wide.lower(),
        spaced,
        f"'{code}",
        f"\t{code}\n",
        f'="{code}"',
        f"\ufeff{code}",
    ):
        assert problem(normalise(written)) is None


@given(st.text())
def test_no_text_raises_and_normalising_twice_changes_nothing(text: str) -> None:
    code = normalise(text)
    problem(code)
    assert normalise(code) == code


@pytest.mark.parametrize("text", ["", " ", "-", "——", "/", "无", "n/a", "NULL", '=""'])
def test_a_cell_that_says_there_is_none_is_missing(text: str) -> None:
    assert problem(normalise(text)) is RejectReason.MISSING_CREDIT_CODE


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("310199", RejectReason.CODE_LENGTH),
        ("9131019900000001230", RejectReason.CODE_LENGTH),
        ("9.13102E+17", RejectReason.CODE_LENGTH),
        ("91310199MA1O000000", RejectReason.CODE_ALPHABET),
        ("91310199示例示例示例示例示例", RejectReason.CODE_ALPHABET),
        ("90310199MA10000000", RejectReason.CODE_KIND),
        ("94310199MA10000000", RejectReason.CODE_KIND),
        ("Y2310199MA10000000", RejectReason.CODE_KIND),
        ("91910199MA10000000", RejectReason.CODE_DIVISION),
        ("91100001MA10000000", RejectReason.CODE_DIVISION),
        ("9131019AMA10000000", RejectReason.CODE_DIVISION),
        (_closed("91310199000001231"), RejectReason.CODE_ORGANISATION_CHECK),
        ("913101990000012300", RejectReason.CODE_CHECK),
    ],
)
def test_the_first_thing_wrong_is_named(code: str, reason: RejectReason) -> None:
    if reason is RejectReason.CODE_ORGANISATION_CHECK:
        assert uscc.is_valid(code)  # the check of GB 32100 alone lets it pass
    if reason is RejectReason.CODE_CHECK:
        code = with_check_digits("91", "310199", 123)
        code = code[:17] + ("0" if code[17] != "0" else "1")
    assert problem(code) is reason


@given(citizen_ids | foreign_resident_ids | old_citizen_ids)
def test_no_citizens_id_passes(number: str) -> None:
    # Ids that begin with 9 are told from codes by failing as codes: the rare one that does not is a firm's.
    assume(number[0] != "9" or not uscc.is_valid(number))
    assert problem(number) is RejectReason.CODE_IS_CITIZEN_ID


def test_every_code_of_a_real_extract_passes() -> None:
    folder = os.environ.get("PUTUO_REFERENCE")
    if not folder:
        pytest.skip("PUTUO_REFERENCE does not name a folder with a real extract")
    with Path(folder, "data/registry/putuo_1979-2009.csv").open(encoding="utf-8-sig", newline="") as lines:
        codes = [row["统一社会信用代码"] for row in csv.DictReader(lines)]
    assert codes
    assert [code for code in codes if problem(normalise(code))] == []
