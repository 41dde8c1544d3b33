"""Sets a page as plain text for mail, hard-wrapped with Chinese characters counted as two columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from reports.page import EntryText, NotesText, NoteText, Page, SectionText, SightText
from reports.words import Words

WIDTH = 72  # columns: 36 Chinese characters, and room for mail programs to quote

# A run of narrow characters holds together; a wide one stands alone, but for marks that may not begin a line.
_NO_LINE_START = "，。；：、！？）》」』”’…·%,.;:!?)"
_NO_LINE_END = "（《「『“‘("
_UNIT = re.compile(r" +|[!-~\u00a1-\u024f’‘–−→…]+|.", re.DOTALL)


def width(text: str) -> int:
    """Columns that `text` takes: two for wide characters (UAX #11), none for combining ones."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def wrap(text: str, indent: str = "", hang: str = "") -> Iterator[str]:
    """Lines of at most WIDTH columns, the first behind `indent`, the others behind `hang`.

    Chinese breaks anywhere but before closing and behind opening marks; a word longer than a line is cut.
    """
    line, room = indent, WIDTH
    for unit in _units(text, room - max(width(indent), width(hang))):
        if width(line) + width(unit.rstrip(" ")) > room:
            yield line.rstrip()
            line = hang + unit.lstrip(" ")
        else:
            line += unit
    yield line.rstrip()


def _units(text: str, longest: int) -> Iterator[str]:
    unit = ""
    for piece in _pieces(text, longest):
        joins = piece[0] in _NO_LINE_START or (unit and unit[-1] in _NO_LINE_END)
        if unit and not (joins and width(unit + piece) <= longest):
            yield unit
            unit = ""
        unit += piece
    if unit:
        yield unit


def _pieces(text: str, longest: int) -> Iterator[str]:
    for piece in _UNIT.findall(text):
        yield from (piece[at : at + longest] for at in range(0, len(piece), longest))


def set_as_text(page: Page, say: Words) -> str:
    """The page as text: everything the HTML says, in the same order."""
    lines = [page.title, *wrap(page.week), *wrap(page.cut_off), "=" * WIDTH, ""]
    for notice in (page.draft, page.correction):
        if notice:
            lines += [*wrap(f"*** {notice} ***"), ""]
    for line in (page.headline, *page.lines, page.alert):
        lines += wrap(line) if line else ()
    for section in page.sections:
        lines += _section(section, say)
    if page.notes:
        lines += _notes(page.notes, say)
    lines += _sight(page.sight)
    lines += ["-" * WIDTH, *(line for foot in page.foot for line in wrap(foot))]
    lines += ["", f"{page.evidence.text}: {page.evidence.href}"]
    return "\n".join(lines) + "\n"


def _heading(title: str) -> list[str]:
    return ["", "", *wrap(title), "-" * min(WIDTH, width(title)), ""]


def _section(section: SectionText, say: Words) -> Iterator[str]:
    yield from _heading(say("section", "with_count", title=section.title, n=section.firms))
    for line in (section.note, section.empty):
        if line:
            yield from wrap(line)
    for group in section.groups:
        title = say("section", "with_count", title=group.title, n=len(group.entries))
        yield from ("", *wrap(f"[ {title} ]"))
        for entry in group.entries:
            yield from ("", *_entry(entry, say))
    if section.peripheral:
        yield from ("", *wrap(section.peripheral))


def _entry(entry: EntryText, say: Words) -> Iterator[str]:
    yield from wrap(entry.name, "* ", "  ")
    yield from wrap(entry.about, "  ", "  ")
    for one in entry.happenings:
        what = say("sight", "after_title").join(part for part in (one.title, one.detail) if part)
        yield from wrap(what, "  > ", "    ")
        yield from wrap(one.when, "    ", "    ")
        yield from wrap(one.why, "    ", "    ")
        # An address is never broken: it would no longer lead anywhere.
        yield from (f"    {link.text}: {link.href}" for link in one.links)
    for mark in entry.marks:
        yield from wrap(mark, "  ! ", "    ")


def _notes(notes: NotesText, say: Words) -> Iterator[str]:
    yield from _heading(say("section", "with_count", title=notes.title, n=notes.count))
    yield from wrap(notes.note)
    for group in notes.groups:
        title = say("section", "with_count", title=group.title, n=group.count)
        yield from ("", *wrap(f"[ {title} ]"), "")
        for note in group.notes:
            yield from _note(note, say)
        if group.more:
            yield from wrap(group.more, "  ", "  ")
    if notes.late:
        yield from ("", *wrap(notes.late))


def _note(note: NoteText, say: Words) -> Iterator[str]:
    yield from wrap(note.title, "- ", "  ")
    for line in (note.detail, note.about):
        if line:
            yield from wrap(line, "  ", "  ")
    if note.href:
        yield f"  {say('link', 'publisher')}: {note.href}"
    yield from (f"  {link.text}: {link.href}" for link in note.links)


def _sight(sight: SightText) -> Iterator[str]:
    yield from _heading(sight.title)
    yield from wrap(sight.all_seen) if sight.all_seen else _bullets(sight.gaps)
    if sight.seen:
        yield from _heading(sight.seen_title)
        yield from _bullets(sight.seen)
    yield ""


def _bullets(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from wrap(line, "- ", "  ")
