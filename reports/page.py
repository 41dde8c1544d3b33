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
class SightText:
    """What could not be seen (`gaps`, with `all_seen` in their stead when there are none), and what was."""

    title: str
    all_seen: str
    gaps: tuple[str, ...]
    seen_title: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole briefing. `draft` and `alert` are empty unless they apply."""

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
