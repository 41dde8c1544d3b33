"""How text is made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.text import clean, fold_width


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  示例　科技\t有限公司\r\n", "示例 科技 有限公司"),
        ("９１ＡＢｘ－３", "91ABx-3"),
        ("示例（上海）有限公司：甲，乙。【丙】；丁、戊", "示例（上海）有限公司：甲，乙。【丙】；丁、戊"),
        ("示例\u200b科\ufeff技\u202e\x00\x1f\xad", "示例科技"),
        ("甲\u2028乙\x85丙\xa0丁", "甲 乙 丙 丁"),
        ("", ""),
    ],
)
def test_clean_keeps_the_words_and_drops_the_accidents(written: str, kept: str) -> None:
    assert clean(written) == kept


@given(st.text())
def test_clean_twice_is_clean_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_clean_text_is_one_line_without_outer_or_double_blanks(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    assert len(cleaned.splitlines()) <= 1


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold_width(text)) == len(text)


def test_folding_turns_every_wide_ascii_character_narrow() -> None:
    narrow = "".join(map(chr, range(0x21, 0x7F))) + " "
    wide = "".join(chr(ord(character) + 0xFEE0) for character in narrow[:-1]) + "\u3000"
    assert fold_width(wide) == narrow


def test_half_a_character_is_none() -> None:
    assert clean("样本\ud800有限\udfff公司") == "样本有限公司"
