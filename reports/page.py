"""A briefing in one language, ready to set as HTML or plain text: every string is clean, none is markup."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkText:
    """Words and where they lead; the address has been judged safe."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningText:
    """One event: what, from what to what (may be empty), when it happened and was learned, and why so."""

    title: str
    detail: str
    when: str
    why: str
    links: tuple[LinkText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryText:
    """One firm: its name, where it sits and how big it is, what happened, and what to mind about it."""

    name: str
    about: str
    happenings: tuple[HappeningText, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupText:
    """The firms of one sub-sector."""

    title: str
    entries: tuple[EntryText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionText:
    """One heading. `note` explains it, `empty` stands in for entries, `peripheral` is the counted line."""

    id: str
    title: str
    firms: int
    note: str
    groups: tuple[GroupText, ...]
    empty: str
    peripheral: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteText:
    """One article or claim. `href` is its publisher's page, empty when that cannot be linked to.

    `lang` is the language of `title`; `detail` (may be empty) is the sentence of a claim; `about` says whose and when.
    """

    title: str
    lang: str
    href: str
    detail: str
    about: str
    links: tuple[LinkText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteGroupText:
    """The first notes of one sort, how many there are, and what is said of the rest (empty when there is none)."""

    title: str
    count: int
    notes: tuple[NoteText, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesText:
    """What was read in the district's news and documents. `note` says how much; `late` counts what is old."""

    title: str
    count: int
    note: str
    groups: tuple[NoteGroupText, ...]
    late: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SightText:
    """What could not be seen (`gaps`, with `all_seen` in their stead when there are none), and what was."""

    title: str
    all_seen: str
    gaps: tuple[str, ...]
    seen_title: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole briefing. `draft`, `correction` and `alert` are empty, and `notes` None, unless they apply."""

    lang: str
    title: str
    week: str
    cut_off: str
    draft: str
    headline: str
    lines: tuple[str, ...]
    alert: str
    sections: tuple[SectionText, ...]
    sight: SightText
    foot: tuple[str, ...]
    evidence: LinkText
    correction: str = ""
    notes: NotesText | None = None
