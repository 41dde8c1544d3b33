"""A page read to its firms: known ones and candidates, what it states of each, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from crawler.fields.text import clean
from pipelines.news.attribute import attribute
from pipelines.news.brands import candidate_rules
from pipelines.news.candidates import MARK, find_candidates
from pipelines.news.decided import DecidedNames
from pipelines.news.document import Document, document, fold, open_document
from pipelines.news.english_names import apposition
from pipelines.news.fullest import fullest
from pipelines.news.model import FirmStatement, Mention, Reading, SharedName
from pipelines.news.names import NameIndex
from pipelines.news.persons import is_persons_house
from pipelines.news.reader import read
from pipelines.news.same_event import told_as_one

# The fullest first: how a known firm's name was matched (NameMatch), then how a candidate's is written.
_FORMS: Final = ("exact", "person", "spelling", "short", "loose", "alias", "core", "named", "brand")
_NOW: Final = 0
_OFTEN: Final = 3  # named so often, a house is not only spoken of by the way


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Whom names mean: by the registers, and by people's word where there is any."""

    index: NameIndex
    decided: DecidedNames | None = None

    def find(self, title: str, text: str, *, here: bool = False) -> tuple[tuple[Mention, ...], tuple[SharedName, ...]]:
        """The known firms a page names, and the names on it that several share. `here`: it is set in Putuo."""
        if self.decided is None:
            looked = self.index.look(open_document(title, text), here=here)
            return looked.mentions, looked.shared
        found = self.decided.find(self.index, title, text, "", _NOW, here=here)
        return found.mentions, found.shared


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvent:
    """An event that a page states of a firm. `confidence` in [0, 1]; `start` and `end`: the sentence to quote.

    `placed` as in `Statement`.
    """

    kind: str
    happened_on: date | None
    amount: Decimal | None
    unit: str
    park: str
    placed: bool
    confidence: float
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFirm:
    """A firm that a page names: as written, by its fullest form there; `uscc` is "" of a candidate."""

    name: str
    uscc: str
    park: str
    events: tuple[PageEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """All that a page says. Offsets point into `document(title, text)`: the title, a line break, the text."""

    reading: Reading
    firms: tuple[PageFirm, ...]


def read_page(
    title: str, text: str, *, language: str, kind: str, published_on: date | None, known: KnownNames, url: str = ""
) -> PageReading:
    """A page with its firms, in the order in which it names them.

    A candidate is told of a page about life-health in Putuo only. An event told twice is told once, as `told_as_one`
    says.
    """
    reading = read(title, text, language=language, kind=kind, published_on=published_on, url=url)
    mentions, shared = known.find(title, text, here=reading.in_putuo)
    return PageReading(reading=reading, firms=firms_of(title, text, reading, mentions, shared))


def firms_of(
    title: str, text: str, reading: Reading, mentions: Sequence[Mention], shared: Sequence[SharedName]
) -> tuple[PageFirm, ...]:
    """The firms of a page by its reading and the known names on it: these firms, and candidates."""
    whole = document(title, text)
    doc = open_document(title, text)
    named = [*mentions, *(find_candidates(doc, whole, reading, mentions, shared) if reading.relevant else ())]
    by_firm: dict[str, list[Mention]] = {}
    for mention in sorted(named, key=lambda mention: mention.start):
        by_firm.setdefault(mention.firm, []).append(mention)
    forms = {firm: min((one.form for one in ones), key=_FORMS.index) for firm, ones in by_firm.items()}
    acting = [_with_apposition(doc, mention) for mention in named]
    told = fullest(attribute(title, text, reading, acting), acting, title)
    told = told_as_one(doc, told, named, reading.published_on)
    events = _events(told, forms, reading)
    firms = (_firm(whole, firm, ones, events.get(firm, [])) for firm, ones in by_firm.items())
    return tuple(
        firm
        for firm, ones in zip(firms, by_firm.values(), strict=True)
        if firm.uscc or _is_told(firm, ones, len(title))
    )


def _with_apposition(doc: Document, mention: Mention) -> Mention:
    """A mention with the words behind it that only say what firm it is, so that they stand not before its event."""
    start, end = doc.folded(mention.start, mention.end)
    said = apposition(doc, end) if doc.low[start:end].isascii() else end
    return mention if said == end else replace(mention, end=doc.original(start, said)[1])


def _is_told(firm: PageFirm, mentions: Sequence[Mention], title: int) -> bool:
    """Whether a candidate is worth a look: a hospital or university that is only spoken of is not."""
    name = fold(firm.name)
    if is_persons_house(name):
        return bool(firm.events)
    if not name.endswith(candidate_rules().by_the_way):
        return True
    return bool(firm.events) or len(mentions) >= _OFTEN or any(mention.start < title for mention in mentions)


def _firm(whole: str, firm: str, mentions: Sequence[Mention], events: Sequence[PageEvent]) -> PageFirm:
    fullest = min(mentions, key=lambda one: (_FORMS.index(one.form), one.start - one.end, one.start))
    return PageFirm(
        name=_written(whole, fullest),
        uscc="" if firm.startswith(MARK) else firm,
        park=next((event.park for event in events if event.park), ""),
        events=tuple(events),
    )


# -------------------------------------------------------------------------------------------------------- events


def confidence(form: str, *, placed: bool, dated: bool, relevant: bool) -> float:
    """How sure an event is, in [0, 1]: what is known of the name, and what each plain fact adds (candidates.toml)."""
    sure = candidate_rules().confidence
    base = {
        "exact": sure.full,
        "person": sure.full,
        "spelling": sure.full,
        "named": sure.named,
        "brand": sure.brand,
    }.get(form, sure.short)
    added = sure.placed * placed + sure.dated * dated + sure.relevant * relevant
    return round(min(1.0, base + added), 2)


def _events(found: Iterable[FirmStatement], forms: dict[str, str], reading: Reading) -> dict[str, list[PageEvent]]:
    events: dict[str, list[PageEvent]] = {}
    for one in found:
        sure = confidence(
            forms[one.firm], placed=one.placed, dated=one.happened_on is not None, relevant=reading.relevant
        )
        event = PageEvent(
            kind=one.kind, happened_on=one.happened_on, amount=one.amount, unit=one.unit, park=one.park,
            placed=one.placed, confidence=sure, start=one.start, end=one.end,
        )  # fmt: skip
        events.setdefault(one.firm, []).append(event)
    return events


def _written(whole: str, mention: Mention) -> str:
    return clean(whole[mention.start : mention.end])
