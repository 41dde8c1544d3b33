"""The evidence of an issue: for every reported event the captured records, side by side, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from reports.briefing import Briefing, Entry, Exhibit, Happening, Note, Peripheral, Role
from reports.tell_claim import claim_phrase
from reports.telling import NAME, kind_phrase, phrase_on
from reports.untrusted import clean, safe_link, verbatim
from reports.weeks import SHANGHAI
from reports.words import Words

_CELL = 20_000
_LABEL = 80
_ID = 80
_TITLE = 300
_REASONS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One column of two records; None where a record has no such column."""

    label: str
    before: str | None
    after: str | None
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The records before and after, as one source tells them, and where each was captured.

    After an `absence` there is no record, only the complete list in which the firm no longer stands.
    """

    has_before: bool
    has_after: bool
    absence: bool
    rows: tuple[Row, ...]
    proofs: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventText:
    """One event and its records. `id` is its anchor."""

    id: str
    name: str
    uscc: str
    title: str
    happened: str
    learned: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeripheralText:
    """One counted event."""

    name: str
    uscc: str
    title: str
    sub_sector: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimText:
    """One claim in words, and the sentence that makes it."""

    said: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """One article, what it claims, and its records. `id` is its anchor; `href` is empty when it cannot be linked to."""

    id: str
    title: str
    href: str
    kind: str
    published: str
    learned: str
    reasons: str
    told_above: bool
    claims: tuple[ClaimText, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """The whole evidence page. It speaks both languages at once, so that one file serves both briefings."""

    week: str
    draft: bool
    events: tuple[EventText, ...]
    peripheral: tuple[PeripheralText, ...]
    articles: tuple[ArticleText, ...]


class Both:
    """Says a phrase in Chinese and English, once where they are the same."""

    def __init__(self) -> None:
        self.zh, self.en = Words("zh"), Words("en")

    def __call__(self, group: str, name: str, **places: object) -> str:
        """`来源 Source`."""
        texts = (self.zh(group, name, **places), self.en.heading(self.en(group, name, **places)))
        return " ".join(dict.fromkeys(texts))


def tell_evidence(briefing: Briefing) -> EvidencePage:
    """The evidence page of a briefing, in the order in which it reports."""
    both = Both()
    return EvidencePage(
        week=briefing.week,
        draft=briefing.draft,
        events=tuple(_event(entry, one, both) for entry in briefing.entries for one in entry.happenings),
        peripheral=tuple(_peripheral(one, both) for one in briefing.peripheral),
        articles=tuple(_article(note, both) for note in (*briefing.notes, *briefing.late_notes)),
    )


def _event(entry: Entry, one: Happening, both: Both) -> EventText:
    return EventText(
        id=one.event_id,
        name=clean(entry.firm.name, NAME * 3) or both("firm", "name_not_stated"),
        uscc=clean(entry.firm.uscc, _ID),
        title=both("kind", kind_phrase(one)),
        happened=one.happened_on.isoformat() if one.happened_on else both("evidence", "not_stated"),
        learned=one.discovered_on.isoformat(),
        pairs=tuple(_pair(before, after, both) for before, after in _paired(one.exhibits)),
    )


def _paired(exhibits: tuple[Exhibit, ...]) -> list[tuple[Exhibit | None, Exhibit | None]]:
    """What each source and series showed before and after, in their order."""
    by_source: dict[tuple[str, str], tuple[list[Exhibit], list[Exhibit]]] = {}
    for exhibit in exhibits:
        befores, afters = by_source.setdefault((exhibit.source, exhibit.series), ([], []))
        (befores if exhibit.role is Role.BEFORE else afters).append(exhibit)
    return [pair for befores, afters in by_source.values() for pair in zip_longest(befores, afters)]


def _pair(before: Exhibit | None, after: Exhibit | None, both: Both) -> Pair:
    absence = after is not None and after.role is Role.ABSENCE
    return Pair(
        has_before=before is not None,
        has_after=after is not None,
        absence=absence,
        rows=tuple(_rows(_record(before), _record(after), both, comparing=not absence)),
        proofs=tuple(_proofs(before, after, both)),
    )


def _record(exhibit: Exhibit | None) -> dict[str, str]:
    return {} if exhibit is None or exhibit.record is None else exhibit.record


def _rows(before: dict[str, str], after: dict[str, str], both: Both, *, comparing: bool) -> list[Row]:
    comparing = comparing and bool(before and after)
    return [
        Row(
            label=both("field", column) if both.zh.knows("field", column) else clean(column, _LABEL),
            before=_cell(before.get(column)),
            after=_cell(after.get(column)),
            changed=comparing and before.get(column) != after.get(column),
        )
        for column in dict.fromkeys((*before, *after))
    ]


def _proofs(before: Exhibit | None, after: Exhibit | None, both: Both) -> list[Row]:
    told = (_proof(before), _proof(after))
    return [
        Row(label=both("proof", name), before=told[0].get(name), after=told[1].get(name), changed=False)
        for name in dict.fromkeys((*told[0], *told[1]))
    ]


def _proof(exhibit: Exhibit | None) -> dict[str, str | None]:
    if exhibit is None:
        return {}
    captured = exhibit.fetched_at.astimezone(SHANGHAI) if exhibit.fetched_at else None
    told = {
        "source": " · ".join(part for part in (exhibit.source, exhibit.series) if part),
        "publisher": exhibit.publisher,
        "fetched_at": f"{captured:%Y-%m-%d %H:%M:%S}" if captured else "",
        "run": exhibit.run_id,
        "folder": exhibit.folder,
        "line": "" if exhibit.line is None else str(exhibit.line),
        "url": exhibit.url,
        "sha256": exhibit.sha256,
        "capture": exhibit.capture,
        "observation": exhibit.observation_id,
    }
    return {name: _cell(text) for name, text in told.items() if text}


def _cell(text: str | None) -> str | None:
    return None if text is None else verbatim(text, _CELL)


def _peripheral(one: Peripheral, both: Both) -> PeripheralText:
    return PeripheralText(
        name=clean(one.name, NAME) or both("firm", "name_not_stated"),
        uscc=clean(one.uscc, _ID),
        title=both("kind", phrase_on(one.kind, one.basis)),
        sub_sector=both("sub_sector", one.sub_sector or "not_stated"),
        day=one.discovered_on.isoformat(),
    )


def _article(note: Note, both: Both) -> ArticleText:
    return ArticleText(
        id=note.article_id,
        title=clean(note.title, _TITLE) or both("notes", "untitled"),
        href=safe_link(note.url) or "",
        kind=both("article_kind", note.kind),
        published=note.published_on.isoformat() if note.published_on else both("evidence", "not_stated"),
        learned=note.discovered_on.isoformat(),
        reasons=clean(" · ".join(note.reasons), _REASONS),
        told_above=note.told_above,
        claims=tuple(
            ClaimText(
                said=" ".join(dict.fromkeys(claim_phrase(claim, say) for say in (both.zh, both.en))),
                quote=verbatim(claim.quote, _CELL),
            )
            for claim in note.claims
        ),
        pairs=tuple(_pair(None, exhibit, both) for exhibit in note.exhibits),
    )
