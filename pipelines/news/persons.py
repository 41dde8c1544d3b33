"""Persons' names that stand in a page where a firm's might: whom they name is told to nobody."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from crawler.fields.names import looks_personal
from crawler.fields.words import any_of
from pipelines.news.brands import brand_of, candidate_rules, place_at_head
from pipelines.news.cut import cut
from pipelines.news.document import Document

_GIVEN: Final = (2, 1)  # characters of a given name, behind the surname's one
_SYLLABLE = (
    r"(?:[bpmfdtnlgkhjqxzcsryw]|zh|ch|sh)?"
    r"(?:[iu]?ang?|[iu]?ai|iao|ao|[iu]?a|eng?|ei|er|e|ing?|iong|ong|iu|ie|i|ou|o|ui|un|uo|ue|u)"
)
_LONGEST_TITLE: Final = 12


def is_persons(doc: Document, start: int, end: int) -> bool:
    """Whether the name at this place of a folded page is a person's, with or without what he does."""
    name = doc.low[start:end]
    if name.isascii():
        words = name.split()
        titled = words[0] in candidate_rules().titles_en or doc.low[:start].rstrip().endswith(
            candidate_rules().titles_en
        )
        return titled or is_person_en(name)
    return _is_active(doc.low, start, end)


def _is_active(low: str, start: int, end: int) -> bool:
    """Whether a surname's bearer and a trade stand here, and beside them what he is: 得主某某医疗团队."""
    rules = candidate_rules()
    brand = _brand(low[start:end])
    if not brand or not low.startswith(brand, start):
        return False
    # The surname may have been cut off from the rest.
    whole = next((name for name in (brand, low[start - 1 : start] + brand) if _is_name(name)), "")
    if not whole:
        return False
    before = low[: start + len(brand) - len(whole)]
    return low.startswith(rules.person_after, end) or before.endswith(
        rules.person_before, max(0, len(before) - _LONGEST_TITLE)
    )


def _brand(name: str) -> str:
    rest = _trades().sub("", name)
    return rest if rest != name else ""


@cache
def _trades() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(candidate_rules().suffixes)})+$")


def _is_name(text: str) -> bool:
    """Whether two or three characters begin with a surname, as a person's name does."""
    return 2 <= len(text) <= 3 and text.startswith(tuple(candidate_rules().surnames)) and looks_personal(text)


def is_persons_house(name: str) -> bool:
    """Whether a folded name of an institution begins with a person's: it counts only where an event is stated of it."""
    form = next((form for form in candidate_rules().persons_houses if name.endswith(form)), "")
    rest = name.removesuffix(form)
    if not form or place_at_head(rest):
        return False
    title = _titles().match(rest)
    rest = rest[title.end() :] if title else rest
    for given in _GIVEN:
        head, tail = rest[: given + 1], rest[given + 1 :]
        is_word = len(cut(head)) == 1
        if len(head) == given + 1 and _is_name(head) and not is_word and not brand_of(tail).strip(_common(tail)):
            return True
    return False


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(rf"[\u4e00-\u9fff]{{0,6}}(?:{any_of(candidate_rules().person_before)})")


def _common(text: str) -> str:
    return "".join(word for word in cut(text) if len(word) > 1)


@cache
def _pinyin() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(candidate_rules().surnames_en)}) (?:{_SYLLABLE}){{1,2}}(?:-{_SYLLABLE})?")


def is_person_en(name: str) -> bool:
    """Whether a folded name is two words, a surname and a given name in Latin letters: li ming."""
    words = name.split()
    return _pinyin().fullmatch(name) is not None and words[-1] not in candidate_rules().suffixes_en
