"""A person's name in the place of a firm's is recognised, whatever its shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.names import looks_personal


@pytest.mark.parametrize("name", ["某某", "张某某", "欧阳某某", "小某", "某某某某", "某某某（个体工商户）", "某*某某"])
def test_a_bare_persons_name_looks_personal(name: str) -> None:
    assert looks_personal(name)


@pytest.mark.parametrize("name", ["A1", "某某堂", "某"])
def test_what_is_shorter_than_four_characters_looks_personal(name: str) -> None:
    assert looks_personal(name)


@pytest.mark.parametrize(
    "name",
    ["甲山医院", "某某药房", "某某光学", "甲乙丙厂", "某某研究所", "上海某某有限公司", "ACME LTD", "", "  "],
)
def test_an_organisation_or_nothing_does_not_look_personal(name: str) -> None:
    assert not looks_personal(name)


def test_a_surname_of_two_characters_outweighs_an_ending() -> None:
    assert looks_personal("欧阳某堂")


@given(st.text(max_size=300))
def test_any_text_is_answered(name: str) -> None:
    assert isinstance(looks_personal(name), bool)
