"""Names of firms that stand in a page in full: what ends in a legal form, from where the name begins."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.brands import candidate_rules, is_english_name, is_full_name, without_lead
from pipelines.news.document import Document, Span
from pipelines.news.whole_names import goes_on

_LONGEST: Final = 40  # characters before the legal form
_MOST: Final = 2_000  # legal forms looked at on a page
# Before a form: the characters of a Chinese name, and a bracket that holds a place or 集团.
_RUN = re.compile(r"(?:[\u4e00-\u9fffa-z0-9·&-]|\((?!以下|简称|原|即|股票)[\u4e00-\u9fffa-z]{2,8}\))*$")
_JOINS: Final = ("及", "与", "和")  # before these another name ends
_CAPITAL = r"(?:[A-Z][\w’'.&-]*|[0-9]+[A-Z]\w*|&)"
# Up to its form an English name has capitals, and a place in brackets; small words lie only within institutions' names.
_HEAD_EN = re.compile(rf"(?:{_CAPITAL}(?:,? \([A-Z][a-z]+\))?,? ){{1,8}}$")


def full_names(doc: Document, known: Container[int] = ()) -> Iterator[Span]:
    """The full names in a folded page, Chinese and then English; a part of a firm with its firm before it.

    Those that end where a name ends that is `known` are left out.
    """
    yield from _chinese(doc, known)
    yield from _english(doc, known)


# ------------------------------------------------------------------------------------------------------- Chinese


@cache
def _forms() -> re.Pattern[str]:
    rules = candidate_rules()
    # 集团 in 集团有限公司, 研究院 in 研究院有限公司 end no name.
    # What only institutions end in needs more to be a name (institutions.py).
    forms = any_of(form for form in rules.forms if form not in rules.institutions)
    return re.compile(rf"(?:{forms})(?!\(?(?:股份|集团)?\)?(?:有限|公司|股份|集团))")


@cache
def _part() -> re.Pattern[str]:
    return re.compile(rf"[\u4e00-\u9fff]{{0,8}}?(?:{any_of(candidate_rules().parts)})")


def _chinese(doc: Document, known: Container[int]) -> Iterator[Span]:
    low, at = doc.low, 0
    for number, match in enumerate(_forms().finditer(low)):
        if number == _MOST:
            return
        if match.end() in known:
            at = match.end()
            continue
        begin = _begin(low, max(at, match.start() - _LONGEST), match.start(), match.end())
        if begin is None:
            continue
        part = _part().match(low, match.end(), match.end() + 14)
        end = part.end() if part and match[0].endswith("公司") else match.end()
        at = end
        if end == match.end() and goes_on(doc, begin, end, short=not match[0].endswith("有限公司")):
            continue
        yield Span(begin, end)


def _begin(low: str, floor: int, form: int, end: int) -> int | None:
    """Where the name that ends in this form begins, no earlier than `floor`; None if nothing before it is a brand."""
    run = _RUN.search(low, floor, form)
    assert run is not None  # it may be empty
    if run.end() == run.start():
        return None
    begin = run.start() + without_lead(low[run.start() : form])
    while True:
        if is_full_name(low[begin:end]):
            return begin
        # What was taken for a word that leads to the name was a piece of it: 自在医疗.
        if low[begin - 1 : begin] in _JOINS:
            return None
        shorter = without_lead(low[run.start() : begin - 1]) if begin > run.start() else 0
        earlier = run.start() + shorter
        if earlier >= begin:
            return None
        begin = earlier


# ------------------------------------------------------------------------------------------------------- English


@cache
def _forms_en() -> re.Pattern[str]:
    forms = any_of(candidate_rules().forms_en)
    # Hospital of …, Group of … are the head of a name, or no name.
    return re.compile(rf"(?<= )(?:{forms})(?![\w&-])(?! of\b)(?! (?:co|company|ltd|limited|inc)\b)")


def _english(doc: Document, known: Container[int]) -> Iterator[Span]:
    at = 0
    for number, match in enumerate(_forms_en().finditer(doc.low)):
        if number == _MOST:
            return
        if match.end() in known or not doc.plain[match.start()].isupper():
            continue
        head = english_head(doc.plain, max(at, match.start() - 80), match.start())
        if head is None or not is_english_name(doc.low[head : match.end()]):
            continue
        at = match.end()
        yield Span(head, match.end())


def english_head(plain: str, floor: int, end: int, *, leads: Container[str] | None = None) -> int | None:
    """Where the capitalised words that end at a place begin; words that only lead to a name are left out.

    `leads`: these, in place of all that are no brand.
    """
    head = _HEAD_EN.search(plain, floor, end)
    if head is None:
        return None
    begin = head.start()
    words = candidate_rules().modifiers_en if leads is None else leads
    while begin < end:
        first = re.match(r"\S+ ", plain[begin:end])
        # Shanghai and China may begin a name, On Monday and The do not.
        if first is None or first[0].strip(" ,").lower() not in words or _REGION.match(plain, begin):
            break
        begin += first.end()
    for stop in _SENTENCE_STOP.finditer(plain, begin, end):
        if not _ABBREVIATED.search(plain, begin, stop.start() + 1):
            begin = stop.end()
    return begin if begin < end else None


_REGION = re.compile(r"(?:East|South|North|West|Central) China ")
_SENTENCE_STOP = re.compile(r"(?<=[a-z0-9])[.] (?=[A-Z])|, (?=[A-Z])(?!Ltd|Inc|Limited)")
_ABBREVIATED = re.compile(r"(?:\bCo|\bLtd|\bInc|\bCorp|\bDr|\bSt)\.$")
