"""How the words of registrars for a registration's status are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.status import parse_status
from crawler.items import Status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("存续", Status.ACTIVE),
        ("\u3000存\u3000续 ", Status.ACTIVE),
        ("在业", Status.ACTIVE),
        ("开业", Status.ACTIVE),
        ("正常", Status.ACTIVE),
        ("在营", Status.ACTIVE),
        ("存续（在营、开业、在册）", Status.ACTIVE),
        ("存续(在营,开业,在册)企业", Status.ACTIVE),
        ("停业", Status.ACTIVE),
        ("歇业", Status.ACTIVE),
        ("注销", Status.DEREGISTERED),
        ("已注销", Status.DEREGISTERED),
        ("撤销", Status.DEREGISTERED),
        ("吊销,已注销", Status.DEREGISTERED),
        ("吊销，已注销", Status.DEREGISTERED),
        ("吊销 已注销", Status.DEREGISTERED),
        ("吊销已注销", Status.DEREGISTERED),
        ("吊销", Status.REVOKED),
        ("吊销，未注销", Status.REVOKED),
        ("吊销未注销", Status.REVOKED),
        ("迁出", Status.MOVED_OUT),
        ("已迁出企业", Status.MOVED_OUT),
        ("迁往外省市", Status.MOVED_OUT),
        ("迁出本区", Status.MOVED_OUT),
    ],
)
def test_registrars_words_are_told_apart(text: str, status: Status) -> None:
    assert parse_status(text) is status


@pytest.mark.parametrize(
    "text", ["", "-", "其他", "非正常", "非正常户", "未注销", "清算", "存续、注销", "注销 迁出", "迁" * 60]
)
def test_what_is_unknown_or_contradicts_itself_is_unknown(text: str) -> None:
    assert parse_status(text) is Status.UNKNOWN


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert parse_status(text) in Status
