"""Which registrations stand, and why the others are put aside."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from crawler.fields.personal import MASK
from crawler.items import Article, ArticleKind, Item, Proof, Registration, Rejected, RejectReason
from pipelines.stages import Validate, judge
from tests.crawler.extracts import code

PROOF = Proof(url="file:///x.csv", fetched_at="", sha256="", capture="", line=7, parser="")
GOOD = code(1)
NAME = "上海样本医药有限公司"
ZH: dict[str, Any] = {"language": "zh", "proof": PROOF}


def said(uscc: str = GOOD, name: str = NAME) -> Registration:
    return Registration(
        uscc=uscc,
        uscc_raw=uscc,
        name=name,
        registered_on_raw="2026-11-02",
        capital_raw="500万元",
        status_raw="存续",
        address="上海市普陀区样本路1号",
        scope="药品批发",
        proof=PROOF,
    )


def rejected(item: Item) -> Rejected:
    assert isinstance(item, Rejected)
    return item


def test_a_registration_with_a_name_and_a_valid_code_stands_as_it_is() -> None:
    item = said()
    assert judge(item) is item
    assert Validate().process_item(item) is item


WRONG_ORGANISATION = GOOD[:16] + ("0" if GOOD[16] != "0" else "1") + GOOD[17]
WRONG_CHECK = GOOD[:17] + ("0" if GOOD[17] != "0" else "1")
REASONS = {
    RejectReason.MISSING_NAME: said(name=""),
    RejectReason.MISSING_CREDIT_CODE: said(uscc=""),
    RejectReason.NAME_LOOKS_PERSONAL: said(name="甲某某"),
    RejectReason.NUMBER_LOST_PRECISION: said(uscc="9.13101990000000E+17"),
    RejectReason.CODE_IS_CITIZEN_ID: said(uscc=MASK),
    RejectReason.CODE_LENGTH: said(uscc=GOOD[:-1]),
    RejectReason.CODE_ALPHABET: said(uscc=f"{GOOD[:10]}I{GOOD[11:]}"),
    RejectReason.CODE_KIND: said(uscc=f"99{GOOD[2:]}"),
    RejectReason.CODE_DIVISION: said(uscc=f"91990101{GOOD[8:]}"),
    RejectReason.CODE_ORGANISATION_CHECK: said(uscc=WRONG_ORGANISATION),
    RejectReason.CODE_CHECK: said(uscc=WRONG_CHECK),
}
ARTICLE_REASONS = {
    RejectReason.MISSING_ID: Article(article_id="", kind=ArticleKind.NEWS, channel="1", url="", title="题", **ZH),
    RejectReason.MISSING_TITLE: Article(article_id="9", kind=ArticleKind.NEWS, channel="1", url="", title="", **ZH),
}
# Found where rows are read (the spider) or where runs are loaded, not by looking at one registration.
ELSEWHERE = {RejectReason.WRONG_CELL_COUNT, RejectReason.BROKEN_TEXT, RejectReason.CONFLICTING_ROWS}


def test_every_reason_is_given_here_or_elsewhere() -> None:
    assert set(REASONS) | set(ARTICLE_REASONS) | ELSEWHERE == set(RejectReason)


@pytest.mark.parametrize("reason", ARTICLE_REASONS)
def test_an_article_that_cannot_be_told_apart_is_put_aside(reason: RejectReason) -> None:
    aside = rejected(Validate().process_item(ARTICLE_REASONS[reason]))
    assert (aside.reason, aside.proof.line) == (reason, 7)


@pytest.mark.parametrize("reason", REASONS)
def test_what_cannot_stand_is_put_aside_with_its_reason_and_place(reason: RejectReason) -> None:
    aside = rejected(judge(REASONS[reason]))
    assert aside.reason == reason
    assert aside.detail
    assert aside.proof == PROOF


@pytest.mark.parametrize("reason", REASONS)
def test_a_code_is_kept_as_a_code_only_where_it_is_valid(reason: RejectReason) -> None:
    valid = reason in (RejectReason.MISSING_NAME, RejectReason.NAME_LOOKS_PERSONAL)
    assert rejected(judge(REASONS[reason])).uscc == (GOOD if valid else "")


@pytest.mark.parametrize("reason", REASONS)
def test_the_cells_are_kept_for_whoever_looks(reason: RejectReason) -> None:
    cells = rejected(judge(REASONS[reason])).cells
    assert cells["registered_on"] == "2026-11-02"
    assert cells["scope"] == "药品批发"
    assert "" not in cells.values()


@pytest.mark.parametrize("reason", [RejectReason.NAME_LOOKS_PERSONAL, RejectReason.CODE_IS_CITIZEN_ID])
def test_of_a_person_neither_name_nor_address_is_kept(reason: RejectReason) -> None:
    aside = rejected(judge(REASONS[reason]))
    assert (aside.name, aside.cells["name"], aside.cells["address"]) == ("", MASK, MASK)


def test_a_citizens_id_that_came_so_far_goes_no_further() -> None:
    aside = rejected(judge(said(uscc="11010519491231002X")))
    assert aside.reason == RejectReason.CODE_IS_CITIZEN_ID
    assert "1949" not in repr(aside)


def test_a_name_that_was_masked_is_a_persons() -> None:
    assert rejected(judge(said(name=MASK))).reason == RejectReason.NAME_LOOKS_PERSONAL


def test_what_was_put_aside_before_passes() -> None:
    aside = judge(said(uscc=""))
    assert Validate().process_item(aside) is aside


def test_rows_put_aside_are_told_one_by_one_but_not_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    stage = Validate()
    with caplog.at_level(logging.WARNING):
        for _ in range(50):
            stage.process_item(said(uscc=""))
    assert len(caplog.messages) == 21
    assert caplog.messages[0] == "line 7 put aside: missing_credit_code (no credit code)"
    assert caplog.messages[-1] == "more rows are put aside; all of them stand in items.jsonl"
