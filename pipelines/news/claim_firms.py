"""Whether a figure is that of a firm which the page speaks of, and not of the district, a park or the industry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Final

from pipelines.news.acted_on import is_acted_on
from pipelines.news.claim_owners import is_house
from pipelines.news.document import Document, Span
from pipelines.news.english_names import brands_en, offices_en, told_en
from pipelines.news.full_names import full_names
from pipelines.news.goes_on import goes_on, is_the_firm
from pipelines.news.institutions import institutions
from pipelines.news.model import Statement
from pipelines.news.page import Page
from pipelines.news.places import Named, Whose
from pipelines.news.rules import load_rules
from pipelines.news.short_names import subjects
from pipelines.news.terms import any_word, is_whole
from pipelines.news.trade_names import led_brands, trade_names

_LOOK_BACK: Final = 6  # sentences for which a page may go on about one firm
_MOST_REPEATS: Final = 20  # places of one name
_LEAD: Final = 24  # characters before a name in which stands what leads to it
# A name behind these is an example, a guest or a neighbour of the subject; so is one of a list that 等 ends.
_LEADS_ZH: Final = (
    "引进", "引入", "集聚", "聚集", "汇聚", "汇集", "吸引", "拥有", "培育", "包括", "涵盖", "诸如", "例如", "依托",
    "来到", "走进", "走访", "参观", "考察", "调研", "服务", "支持", "涌现", "涌现出", "诞生", "走出", "形成", "既有",
    "还有", "也有", "有", "如",
)  # fmt: skip
_LEADS_EN = re.compile(
    r"\b(?:including|such as|like|with|by|of|from|for|to|at|near|attracted|attracting|welcomed|introduced|and"
    r"|as well as|visited|hosts|houses|hosting|namely)(?: (?:the|an?))?(?: [a-z-]+){0,3} $"
)
_LIST_GOES_ON = re.compile(r"(?:[、和与及][^,。;:]{1,40})?等|(?:,| and) [^.;]{1,60} among others")
_JOINT = re.compile(r"(?:[、和与及]|以及|, (?:and )?| and )[“\"]?$")
# Behind a place these say that a firm or a thing of it is meant, not the place; before it, that it only stands there.
_OF_PLACE = re.compile(
    r"(?:区|镇|街道)?(?:的)?(?:企业|公司|药企|本土|籍|一家|首家|首个|第一|唯一|-based)|’s first|'s first"
)
_AT_PLACE = re.compile(
    r"(?:位于|坐落于|坐落在|落户|入驻|进驻|落地|签约|扎根|立足|总部在|在|于|到|至|与|和|同|向|给|为|是|成为|由|从|助力|深耕|的)$"
    r"|\b(?:in|at|of|to|near|with|for|from|by|into)(?: (?:the|shanghai’s|shanghai's))? $"
)
_WHOLE: Final = re.compile(r"全区|我区|本区|该区|园区|(?:the|this) (?:district|park|hub|sector|industry)\b")


class FirmsSpokenOf:
    """Says of a page's figures which are a firm's. `statements`: the events of the page, whose firms count too."""

    def __init__(self, page: Page, statements: tuple[Statement, ...]) -> None:
        self._page = page
        self._low = page.doc.low
        self._statements = statements
        self._known: dict[int, bool | None] = {}

    def owns(self, sentence: int, clause: Span, at: int) -> bool:
        """Whether the figure at `at` in a clause of a sentence is that of the firm that is spoken of there."""
        span = self._page.doc.sentences[sentence]
        here = self._subject(Span(span.start, at), span)
        if here is not None:
            return here
        if is_the_firm(self._low, span) or is_the_firm(self._low, clause):
            return True
        if goes_on(self._low, span):
            return self._before(sentence, across=True) is True
        if self._names_place(Span(span.start, clause.end)):
            return False
        return self._before(sentence, across=False) is True

    def _before(self, sentence: int, *, across: bool) -> bool | None:
        """Whom the sentences before speak of: a firm (True), the district (False), or nobody that is known.

        `across`: the sentence goes on where the paragraph before it ended.
        """
        for index in range(sentence - 1, max(0, sentence - 1 - _LOOK_BACK), -1):
            if self._ends_paragraph(index):
                if not across:
                    return None
                across = False
            told = self._told(index)
            if told is not None:
                return told
        return None

    def _ends_paragraph(self, index: int) -> bool:
        span = self._page.doc.sentences[index]
        return self._low[span.start : span.end].endswith("\n")

    def _told(self, index: int) -> bool | None:
        if index not in self._known:
            span = self._page.doc.sentences[index]
            said = self._subject(span, span)
            if said is None and is_the_firm(self._low, span):
                said = True
            if said is None and not goes_on(self._low, span) and self._names_place(span):
                said = False
            self._known[index] = said
        return self._known[index]

    def _subject(self, part: Span, span: Span) -> bool | None:
        """Who is spoken of last in a part of a sentence: a firm (True), a place of ours (False), or neither."""
        firms = [firm for firm in self._firms if part.start <= firm.start < part.end and self._is_subject(firm, span)]
        last = max((firm.start for firm in firms), default=-1)
        for start, end in self._places(part):
            is_only_where = _AT_PLACE.search(self._low, max(span.start, start - _LEAD), start) is not None
            if start < last or is_only_where or _OF_PLACE.match(self._low, end) is not None:
                continue
            if last < 0 or self._begins_clause(span, start):
                return False
        return True if firms else None

    def _begins_clause(self, span: Span, at: int) -> bool:
        return any(clause.start <= at <= clause.start + 1 for clause in self._page.doc.clauses(span))

    def _places(self, part: Span) -> Iterator[tuple[int, int]]:
        for named in self._page.within(*part):
            if named.place.whose is Whose.OURS and not is_house(named.place.zh):
                yield named.start, named.end
        for match in _WHOLE.finditer(self._low, *part):
            yield match.span()

    def _names_place(self, part: Span) -> bool:
        """Whether a part of a sentence says that it speaks of the district, a place in it, or an industry."""
        low = self._low[part.start : part.end]
        return any(True for _ in self._places(part)) or any_word(load_rules().claims.words.ours).search(low) is not None

    def _is_subject(self, firm: Span, span: Span) -> bool:
        low = self._low
        if _LIST_GOES_ON.match(low, firm.end, span.end):
            return False
        before = low[max(span.start, firm.start - _LEAD) : firm.start].rstrip('“"')
        if is_acted_on(before) or _LEADS_EN.search(before):
            return False
        if re.sub(r"[了过出着]+$", "", before).endswith((*_LEADS_ZH, *load_rules().attribute.prepositions)):
            return False
        joint = _JOINT.search(before)
        if joint is None:
            return True
        # Of a list the first counts.
        end = max(span.start, firm.start - _LEAD) + joint.start()
        first = next((other for other in self._firms if other.end == end), None)
        return first is not None and self._is_subject(first, span)

    @cached_property
    def _firms(self) -> list[Span]:
        """The names of firms and houses in the page, in order; what is a place of ours is none."""
        doc = self._page.doc
        places = [
            named for named in self._page.places if named.place.whose is Whose.OURS and not is_house(named.place.zh)
        ]
        found = sorted(set(_with_repeats(doc, set(_names(doc, self._statements)))))
        return [
            name
            for name in found
            if not any(named.start < name.end and name.start < named.end and _fills(named, name) for named in places)
        ]


def _fills(named: Named, name: Span) -> bool:
    """Whether a place is what a name ends with, and so is no firm: 同济大学科技园普陀园."""
    return named.end >= name.end


def _with_repeats(doc: Document, names: set[Span]) -> Iterator[Span]:
    """The names, and where else the page writes the same."""
    yield from names
    for text in {doc.low[name.start : name.end] for name in names}:
        at = -1
        for _ in range(_MOST_REPEATS):
            at = doc.low.find(text, at + 1)
            if at < 0:
                break
            if not text.isascii() or is_whole(doc.low, at, at + len(text)):
                yield Span(at, at + len(text))


def _names(doc: Document, statements: tuple[Statement, ...]) -> Iterator[Span]:
    yield from full_names(doc)
    yield from institutions(doc)
    yield from trade_names(doc)
    yield from led_brands(doc)
    yield from subjects(doc, statements)
    yield from (Span(match.start("name"), match.end()) for match in _funds().finditer(doc.low))
    for find in (brands_en, offices_en, told_en):
        yield from find(doc)


@cache
def _funds() -> re.Pattern[str]:
    """桦序创投将, 样本资本发起: who sets up a fund."""
    return re.compile(
        r"(?:^|[\n,。;、])(?P<name>[\u4e00-\u9fff]{2,4}(?:创投|资本|投资|基金))(?=将|已|拟|宣布|发起|设立|计划)"
    )
