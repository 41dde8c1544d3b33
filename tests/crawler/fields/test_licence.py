"""What a licence's number says of its kind, and an authority's word of whether it holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.licence import kind_of_number, status_of
from crawler.items import LicenceKind, LicenceStatus

NUMBERS = {
    "沪普食药监械经营许20180001号": LicenceKind.DEVICE_TRADING,
    "沪普药监械经营许20260001号": LicenceKind.DEVICE_TRADING,
    "沪普市监械经营许20260001号": LicenceKind.DEVICE_TRADING,
    "沪嘉药监械经营备20260002号": LicenceKind.DEVICE_TRADING_RECORD,
    "沪药监械生产许20260003号": LicenceKind.DEVICE_MAKING,
    "沪普药监械生产备20260004号": LicenceKind.DEVICE_MAKING_RECORD,
    "国械注准20263210001": LicenceKind.DEVICE_PRODUCT,
    "国械注进20262210001": LicenceKind.DEVICE_PRODUCT,
    "国械注许20262210001": LicenceKind.DEVICE_PRODUCT,
    "沪械注准20262070001": LicenceKind.DEVICE_PRODUCT,
    "沪普械备20260001号": LicenceKind.DEVICE_PRODUCT,
    "沪食药监械（准）字2012第2640001号": LicenceKind.DEVICE_PRODUCT,
    "沪AA31010700": None,
    "沪AA107000001": LicenceKind.DRUG_TRADING,
    "沪DB107000001": LicenceKind.DRUG_TRADING,
    "沪CB1070001": LicenceKind.DRUG_TRADING,
    "沪EA107000001": None,
    "沪20260001": LicenceKind.DRUG_MAKING,
    "国药准字H20260001": LicenceKind.DRUG_PRODUCT,
    "国药准字S20260001": LicenceKind.DRUG_PRODUCT,
    "00000000X31019911A1001": LicenceKind.MEDICAL_INSTITUTION,
    "00000000X31019911A100": None,
    "91310199MA1K00001X": None,  # a credit code is no licence
    "20260001": None,
    "": None,
}


@pytest.mark.parametrize(("number", "kind"), NUMBERS.items())
def test_a_number_tells_its_kind_or_nothing(number: str, kind: LicenceKind | None) -> None:
    assert kind_of_number(number) is kind


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("沪普药监械经营许 2026 0001 号", "沪普药监械经营许20260001号"),
        ("沪ＡＡ１０７０００００１", "沪AA107000001"),
        ("沪aa107000001", "沪AA107000001"),
        ("00000000x31019911a1001", "00000000X31019911A1001"),
        ("国药准字\u3000H20260001", "国药准字H20260001"),
    ],
)
def test_blanks_width_and_case_do_not_matter(printed: str, number: str) -> None:
    assert kind_of_number(printed) is kind_of_number(number) is not None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("有效", LicenceStatus.VALID),
        (" 正 常 ", LicenceStatus.VALID),
        ("注销", LicenceStatus.CANCELLED),
        ("已吊销", LicenceStatus.REVOKED),
        ("撤销", LicenceStatus.REVOKED),
        ("已过期", LicenceStatus.EXPIRED),
        ("失效", LicenceStatus.EXPIRED),
        ("", LicenceStatus.UNKNOWN),
        ("未注销", LicenceStatus.UNKNOWN),  # no word of the list: nothing is guessed of a part
        ("1", LicenceStatus.UNKNOWN),
    ],
)
def test_a_word_tells_whether_a_licence_holds_or_nothing(word: str, status: LicenceStatus) -> None:
    assert status_of(word) is status


@given(st.text(max_size=300))
def test_whatever_stands_there_is_read(text: str) -> None:
    kind_of_number(text)
    status_of(text)


def test_a_text_without_end_is_no_number() -> None:
    assert kind_of_number("1" * 1_000_000) is None
