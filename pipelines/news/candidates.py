"""Firms that a page names and no register knows: candidates for a person to look at, each by the name as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from crawler.fields.names import looks_personal
from crawler.fields.text import clean
from pipelines.news.brands import brand_of, candidate_rules, is_product, place_at_head
from pipelines.news.document import Document, Span, fold
from pipelines.news.english_names import brands_en, institutions_en, lists_en, offices_en, told_en, without_owner
from pipelines.news.full_names import full_names
from pipelines.news.institutions import institutions
from pipelines.news.model import Mention, Reading, SharedName
from pipelines.news.persons import is_persons
from pipelines.news.short_names import lists, subjects
from pipelines.news.trade_names import latin_names, led_brands, trade_names
from pipelines.news.well_known import well_known
from pipelines.news.whole_names import stands

MARK: Final = "?"  # begins a candidate's key, and no credit code
_MOST_NAMES: Final = 200
_MOST_AGAIN: Final = 20  # further places of one name
_PARTED: Final = re.compile(r"[\u4e00-\u9fff][ \u3000][\u4e00-\u9fff]")
_SHORTEST_BRAND: Final = 2
_ENGLISH: Final = re.compile(
    r"[A-Za-z]{2} [A-Za-z]{2}"
)  # two words; a page without them is not looked through in English


@dataclass(frozen=True, slots=True)
class _Named:
    """A name of some firm in the folded page; `key` is the known firm's, or the candidate's own."""

    key: str
    start: int
    end: int
    form: str

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def find_candidates(
    doc: Document, whole: str, reading: Reading, known: Sequence[Mention], shared: Sequence[SharedName]
) -> list[Mention]:
    """The names of firms that are not `known`, in order; `form` is "named" (it has a legal form) or "brand".

    Their `firm` is a key that begins with MARK, one for each name. A name that several known firms share is a candidate
    too. A short name is the firm's that the page names in full, known or not, if the page names one alone that may be
    meant; so a mention given back may be a known firm's, of the form "short".
    """
    taken = [*(_folded(doc, mention) for mention in known)]
    taken += [
        _Named(_key(doc, *doc.folded(name.start, name.end)), *doc.folded(name.start, name.end), "brand")
        for name in shared
    ]
    before = len(known)
    found = _Taken(taken)
    for span in islice(full_names(doc, {name.end for name in taken}), _MOST_NAMES):
        found.add(_Named(_key(doc, *span), *span, "named"))
    for span in institutions(doc):
        found.add(_Named(_key(doc, *span), *span, "named"))
    for whole_span in islice(_short(doc, reading, found), _MOST_NAMES):
        span = without_owner(doc, whole_span)
        if is_persons(doc, *span) or is_product(doc.low[span.start : span.end]):
            continue
        found.add(_Named(_key(doc, *span), *span, "brand"))
    found.extend(list(_again(doc, found.all[before:])))
    also = _also_called(doc, found.all[before:])
    named = [*found.all[:before], *(replace(name, key=also.get(name.key, name.key)) for name in found.all[before:])]
    longer = _longest(doc, named)
    mentions = [_mention(doc, whole, _whose(doc, name, longer)) for name in named[before:]]
    return sorted((one for one in mentions if one is not None), key=lambda mention: mention.start)


def _short(doc: Document, reading: Reading, found: _Taken) -> Iterator[Span]:
    english = _ENGLISH.search(doc.plain) is not None
    if english:
        yield from institutions_en(doc)
    yield from well_known(doc)
    yield from trade_names(doc)
    yield from led_brands(doc)
    yield from latin_names(doc)
    yield from subjects(doc, reading.statements)
    if english:
        for find in (lists_en, brands_en, offices_en, told_en):
            yield from find(doc)
    yield from lists(doc, [name.span for name in found.all])


class _Taken:
    """Names that do not overlap, as they are found; who comes first stays."""

    def __init__(self, names: Iterable[_Named]) -> None:
        self.all: list[_Named] = list(names)
        self._held: set[int] = {at for name in self.all for at in range(name.start, name.end)}

    def add(self, name: _Named) -> None:
        if self._held.isdisjoint(range(name.start, name.end)):
            self.all.append(name)
            self._held.update(range(name.start, name.end))

    def extend(self, names: Iterable[_Named]) -> None:
        for name in names:
            self.add(name)


def _also_called(doc: Document, names: Sequence[_Named]) -> dict[str, str]:
    """Whom a name in brackets right behind another means: Oakfen Bio (Brightoak), by the key of either."""
    begun = {name.start: name for name in names}
    found: dict[str, str] = {}
    for name in names:
        behind = name.end + doc.low.startswith(" (", name.end)
        other = begun.get(behind + 1) if doc.low.startswith("(", behind) else None
        if other is not None and doc.low.startswith(")", other.end) and other.form == "brand":
            found.setdefault(other.key, name.key)
    return {other: key for other, key in found.items() if other != key and key not in found}


def _longest(doc: Document, names: Sequence[_Named]) -> list[_Named]:
    """One name a firm, of those that no other may be the fuller form of."""
    once = list({(name.key, doc.low[name.start : name.end]): name for name in names}.values())
    brands = [name for name in once if name.form == "brand"]
    return [
        name
        for name in once
        if name.form != "brand"
        or not any(_may_be(doc.low[name.start : name.end], doc.low[one.start : one.end]) for one in brands)
    ]


def _again(doc: Document, names: Sequence[_Named]) -> Iterator[_Named]:
    """Where else the page writes the names found."""
    first: dict[str, _Named] = {}
    for name in names:
        first.setdefault(doc.low[name.start : name.end], name)
    for text, name in first.items():
        at = -1
        for _ in range(_MOST_AGAIN):
            at = doc.low.find(text, at + 1)
            if at < 0:
                break
            if stands(doc, at, at + len(text), short=name.form == "brand"):
                yield _Named(name.key, at, at + len(text), name.form)


def _folded(doc: Document, mention: Mention) -> _Named:
    return _Named(mention.firm, *doc.folded(mention.start, mention.end), mention.form)


def _key(doc: Document, start: int, end: int) -> str:
    return MARK + fold(doc.low[start:end])


def _whose(doc: Document, name: _Named, longer: Sequence[_Named]) -> _Named:
    """A short name as that of the one firm which the page names more fully and which may be meant; else as it is."""
    if name.form != "brand":
        return name
    text = doc.low[name.start : name.end]
    meant = {one.key: one.form for one in longer if _may_be(text, doc.low[one.start : one.end])}
    if len(meant) != 1:
        return name
    ((key, form),) = meant.items()
    return _Named(key, name.start, name.end, form if key.startswith(MARK) else "short")


def _may_be(short: str, full: str) -> bool:
    """Whether a fuller name goes on as a short one begins: the same brand at its head, its other words in order."""
    short, core = _without_places(short), _without_places(full)
    brand = brand_of(short)
    if len(brand) < _SHORTEST_BRAND or not short.startswith(brand) or not core.startswith(brand) or short == core:
        return False
    rest = iter(core[len(brand) :])
    return all(letter in rest for letter in short[len(brand) :])


@lru_cache(maxsize=1024)  # a page compares its names with each other
def _without_places(name: str) -> str:
    """A name without the places it begins with: 上海普陀某某."""
    while place := place_at_head(name):
        name = name.removeprefix(place)
    return name


def _mention(doc: Document, whole: str, name: _Named) -> Mention | None:
    """A name by its place in the original; None of what looks like a person's, and of who only publishes."""
    start, end = doc.original(name.start, name.end)
    # A bare brand has met its own rule for persons: 默沙东 looks like one's name.
    is_personal = name.form == "named" and looks_personal(clean(whole[start:end]))
    # 业绩亮眼 医药企业领跑: the blank in a headline ends what stands before it.
    if name.form == "brand" and _PARTED.search(whole, start, end):
        return None
    if is_personal or _publishes(name.key.removeprefix(MARK)):
        return None
    return Mention(firm=name.key, start=start, end=end, form=name.form)


def _publishes(name: str) -> bool:
    words = f" {name} "
    return any((f" {word} " in words) if word.isascii() else word in name for word in candidate_rules().publishers)
