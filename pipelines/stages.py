"""Scrapy item pipeline: what every item must hold before it is written; what does not is put aside with its reason."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from crawler.fields.credit_code import problem
from crawler.fields.names import looks_personal
from crawler.fields.personal import MASK, looks_like_citizen_id
from crawler.items import Article, Disclosure, Item, Licence, Registration, Rejected, RejectReason

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_LONGEST_KEY = 500  # characters of what tells a held item and its holder apart; real ones have fewer than 100
_LOGGED = 20  # bad rows told one by one; the rest only counted (each stands in items.jsonl)


class Validate:
    """Turns an item that cannot stand into a `Rejected`: counted and reported, never dropped."""

    def __init__(self) -> None:
        self._told = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: ARG003 - Scrapy's interface
        return cls()

    def process_item(self, item: Item) -> Item:
        """The item itself, or what is put aside in its place."""
        judged = item
        if isinstance(item, Registration):
            judged = judge(item)
        elif isinstance(item, Article):
            judged = judge_article(item)
        elif isinstance(item, Licence):
            judged = judge_licence(item)
        elif isinstance(item, Disclosure):
            judged = judge_disclosure(item)
        if isinstance(judged, Rejected):
            self._tell(judged)
        return judged

    def _tell(self, rejected: Rejected) -> None:
        self._told += 1
        if self._told <= _LOGGED:
            logger.warning("line %d put aside: %s (%s)", rejected.proof.line, rejected.reason, rejected.detail)
        elif self._told == _LOGGED + 1:
            logger.warning("more rows are put aside; all of them stand in items.jsonl")


def judge(item: Registration) -> Item:
    """The registration when its name and credit code can stand, else a `Rejected` that says why."""
    code_problem = RejectReason.CODE_IS_CITIZEN_ID if item.uscc_raw == MASK else problem(item.uscc)
    if code_problem is not None:
        return _put_aside(item, _precise(code_problem, item.uscc_raw))
    if not item.name:
        return _put_aside(item, RejectReason.MISSING_NAME)
    if item.name == MASK or looks_personal(item.name):
        return _put_aside(item, RejectReason.NAME_LOOKS_PERSONAL)
    return item


def judge_article(item: Article) -> Item:
    """The article when it has an id and a title, else a `Rejected` that says why."""
    reason = RejectReason.MISSING_ID if not item.article_id else RejectReason.MISSING_TITLE if not item.title else None
    if reason is None:
        return item
    cells = {"article_id": item.article_id, "title": item.title, "url": item.url, "published_on": item.published_on_raw}
    shown = {field: text for field, text in cells.items() if text}
    return Rejected(reason=reason, detail="an article that cannot be told apart", cells=shown, proof=item.proof)


def judge_licence(item: Licence) -> Item:
    """The licence when it has an id and an organisation holds it, else a `Rejected` that says why.

    A credit code need not be stated, nor be valid: then the holder's name says whose the licence is.
    """
    reason = _held_problem(item, (item.licence_id, item.number, item.holder, item.uscc), item.licence_id)
    if reason is None:
        return item
    cells = {
        "licence_id": item.licence_id,
        "kind": item.kind,
        "number": item.number,
        "granted_on": item.granted_on_raw,
        "valid_until": item.valid_until_raw,
    }
    return _put_held_aside(item, reason, cells, "a licence")


def judge_disclosure(item: Disclosure) -> Item:
    """The disclosure when it has an id and a title and is about an organisation, else a `Rejected` that says why.

    As of a licence, a credit code need not be stated.
    """
    keys = (item.disclosure_id, item.title, item.holder, item.uscc)
    reason = _held_problem(item, keys, item.disclosure_id)
    if reason is None and not item.title:
        reason = RejectReason.MISSING_TITLE
    if reason is None:
        return item
    cells = {
        "disclosure_id": item.disclosure_id,
        "kind": item.kind,
        "title": "" if reason in _PERSONAL else item.title,  # a person's project bears the person's name
        "document_number": item.document_number,
        "happened_on": item.happened_on_raw,
        "published_on": item.published_on_raw,
    }
    return _put_held_aside(item, reason, cells, "a disclosure")


_PERSONAL = (RejectReason.NAME_LOOKS_PERSONAL, RejectReason.CODE_IS_CITIZEN_ID)
_HELD_DETAILS = {
    RejectReason.CODE_IS_CITIZEN_ID: "no credit code",
    RejectReason.BROKEN_TEXT: f"an id, number, title, holder or code of more than {_LONGEST_KEY} characters",
    RejectReason.MISSING_ID: "{} that cannot be told apart",
    RejectReason.MISSING_NAME: "no organisation's name",
    RejectReason.MISSING_TITLE: "{} without a title",
    RejectReason.NAME_LOOKS_PERSONAL: "no organisation's name",
}


def _held_problem(item: Licence | Disclosure, keys: tuple[str, ...], item_id: str) -> RejectReason | None:
    """What is wrong with the holder, or with the `keys` by which the item is known."""
    if item.uscc == MASK or looks_like_citizen_id(item.uscc):
        return RejectReason.CODE_IS_CITIZEN_ID
    if any(len(key) > _LONGEST_KEY for key in keys):
        return RejectReason.BROKEN_TEXT
    if not item_id:
        return RejectReason.MISSING_ID
    if not item.holder:
        return RejectReason.MISSING_NAME
    if item.holder == MASK or looks_personal(item.holder):
        return RejectReason.NAME_LOOKS_PERSONAL
    return None


def _put_held_aside(item: Licence | Disclosure, reason: RejectReason, cells: dict[str, str], phrase: str) -> Rejected:
    personal = reason in _PERSONAL
    cells |= {
        "holder": MASK if personal else item.holder,
        "uscc": MASK if personal and item.uscc else item.uscc,
        "address": MASK if personal and item.address else item.address,
    }
    shown = {column: text[:_LONGEST_KEY] for column, text in cells.items() if text}
    return Rejected(reason=reason, detail=_HELD_DETAILS[reason].format(phrase), cells=shown, proof=item.proof)


def _precise(reason: RejectReason, raw: str) -> RejectReason:
    """A code that a spreadsheet kept as a number has lost its last digits: say that, not "check digit"."""
    if "E+" in raw.upper():
        return RejectReason.NUMBER_LOST_PRECISION
    return reason


def _put_aside(item: Registration, reason: RejectReason) -> Rejected:
    personal = reason in _PERSONAL
    code = item.uscc if problem(item.uscc) is None else ""
    shown = item.uscc_raw if reason is not RejectReason.CODE_IS_CITIZEN_ID else MASK
    cells = {
        "uscc": shown,
        "name": MASK if personal else item.name,
        "registered_on": item.registered_on_raw,
        "capital": item.capital_raw,
        "status": item.status_raw,
        "address": MASK if personal else item.address,
        "scope": item.scope,
    }
    return Rejected(
        reason=reason,
        detail=_detail(reason, shown),
        uscc=code,
        name="" if personal else item.name,
        cells={field: text for field, text in cells.items() if text},
        proof=item.proof,
    )


def _detail(reason: RejectReason, code: str) -> str:
    if reason in (RejectReason.MISSING_NAME, RejectReason.NAME_LOOKS_PERSONAL):
        return "no organisation's name"
    return f"credit code {code[:40]!r}" if code else "no credit code"
