"""A scope is wider by a new permitted item, never by new words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.scope_change import ScopeChange, compare_scopes

SCOPE = "医疗器械的销售，医疗设备维修，货物运输代理"


@pytest.mark.parametrize(
    ("after", "added"),
    [
        (SCOPE + "，药品批发", ("药品批发",)),
        (SCOPE + "；健康咨询服务（不含诊疗服务）；养老服务", ("健康咨询服务", "养老服务")),
        ("药品批发，" + SCOPE, ("药品批发",)),
        (SCOPE + "。许可项目：药品批发。", ("药品批发",)),
        ("一般项目：医疗器械的销售，医疗设备维修，货物运输代理；医学研究和试验发展", ("医学研究和试验发展",)),
    ],
)
def test_a_new_item_is_found_wherever_it_stands(after: str, added: tuple[str, ...]) -> None:
    assert compare_scopes(SCOPE, after) == ScopeChange(added, ())


@pytest.mark.parametrize(
    "after",
    [
        SCOPE,
        "货物运输代理、医疗设备维修、医疗器械的销售",  # another order
        "医疗器械的销售，医疗设备的维修服务，货物运输代理业务",  # other words
        "第二类医疗器械销售，医疗设备维修，货物运输代理",
        SCOPE + "。【依法须经批准的项目，经相关部门批准后方可开展经营活动】",
        "医疗器械的销售（除植入类），医疗设备维修，货物运输代理",
        SCOPE + "（不含药品批发）",
        "　医疗器械的销售 ，医疗设备维修；货物运输代理 ",
    ],
)
def test_other_words_for_the_same_are_no_change(after: str) -> None:
    assert compare_scopes(SCOPE, after) == ScopeChange((), ())


def test_a_lost_item_is_found() -> None:
    assert compare_scopes(SCOPE, "医疗器械的销售，医疗设备维修") == ScopeChange((), ("货物运输代理",))


def test_a_scope_that_was_not_stated_before_or_after_is_no_change() -> None:
    assert compare_scopes("", SCOPE) == compare_scopes(SCOPE, "") == ScopeChange((), ())


@given(st.text(alphabet="医疗器械药品销售服务（）()，；。：除不含一般项目 \nAb1", max_size=80))
def test_no_text_is_a_change_of_itself_and_none_is_too_odd_to_compare(text: str) -> None:
    assert compare_scopes(text, text) == ScopeChange((), ())
    change = compare_scopes(SCOPE, text)
    assert all(set(item) <= set(text) for item in change.added)
