"""Finds in a captured reply the place where a statement stands: a table's row, a list's record, a sentence."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain, islice, zip_longest
from typing import Any

from crawler.archive import METADATA, Reply
from crawler.fields.credit_code import normalise
from reports.untrusted import verbatim
from reports.why.markup import Marked, escaped, mark_page, mark_text, squeeze
from reports.why.model import Facts, Place

_LINE = "#"  # the first column of a kept table: the line in the file as received
_AROUND = 3  # rows shown before and after the one that counts
_MOST_COLUMNS = 60
_LONGEST_CELL, _LONGEST_NEIGHBOUR = 300, 40  # characters of a table's cell, in the row that counts and around it
_LONGEST_RECORD = 50_000
_LONGEST_CODE_CELL = 60  # characters, with blanks and what spreadsheets put around numbers
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


class PlaceError(ValueError):
    """The place cannot be shown at all; the message says why."""


def find_place(reply: Reply, line: int | None, stated: Mapping[str, str]) -> tuple[Place, tuple[str, ...]]:
    """The place that a proof names, and the names of the stated values that do not stand there.

    `line` is a line of a table as received, or a record's position in a list. Raises PlaceError when nothing can be
    shown of the reply.
    """
    if reply.kind == METADATA:
        raise PlaceError(
            "only facts of this reply were kept, not its bytes (a source captured as digest): what it said cannot be"
            " shown again"
        )
    stated = {name: value for name, value in stated.items() if value.strip()}
    kind = reply.content_type.partition(";")[0].strip().lower()
    if "csv" in kind:
        return _in_table(reply, line, stated)
    if "json" in kind:
        return _in_list(reply, line, stated)
    if "html" in kind or "xml" in kind:
        return _on_page(mark_page(_text(reply), stated), stated)
    if kind.startswith("text/"):
        return _on_page(mark_text(_text(reply), stated), stated)
    raise PlaceError(f"a reply kept as {kind or 'nothing'!r} cannot be shown as text")


def find_record(reply: Reply, stated: Mapping[str, str]) -> tuple[Place, tuple[str, ...]] | None:
    """The record of a reply that states most of this, wherever it is; None for what is no list. Raises PlaceError."""
    if "json" not in reply.content_type or reply.kind == METADATA:
        return None
    stated = {name: value for name, value in stated.items() if value.strip()}
    numbered = ((at, one) for found in _lists(_said(reply)) for at, one in enumerate(found, start=1))
    best = min(numbered, key=lambda found: len(_unsaid(found[1], stated)), default=None)
    return None if best is None else _record(*best, stated)


def says(reply: Reply, value: str) -> bool:
    """Whether a value stands anywhere in a reply. Raises PlaceError."""
    return squeeze(value) in squeeze(_words(reply))


def find_code(reply: Reply, code: str) -> tuple[int, int | None]:
    """How many rows of a reply were searched for a code or a number (1 for what is no table), and the line naming it.

    Raises PlaceError.
    """
    if "csv" not in reply.content_type:
        return 1, 1 if squeeze(code) in squeeze(_words(reply)) else None
    rows = 0
    for line, cells in _numbered(*_opened(reply)):
        rows += 1
        if any(code in (normalise(cell), cell.strip()) for cell in cells if len(cell) <= _LONGEST_CODE_CELL):
            return rows, line
    return rows, None


def _text(reply: Reply) -> str:
    return reply.body.decode("utf-8", "replace")


def _words(reply: Reply) -> str:
    """What a reply says, without the escapes of its format. Raises PlaceError."""
    if "json" not in reply.content_type:
        return html.unescape(_text(reply))
    return json.dumps(_said(reply), ensure_ascii=False)


def _said(reply: Reply) -> Any:
    try:
        return json.loads(_text(reply))
    except (ValueError, RecursionError) as error:
        raise PlaceError(f"the captured list is no JSON: {type(error).__name__}") from error


# --- Tables ----------------------------------------------------------------------------------------------------------


def _opened(reply: Reply) -> tuple[list[str], Any]:
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(reply.body), "utf-8", errors="replace", newline=""))
    try:
        return next(rows, []), rows
    except csv.Error as error:
        raise PlaceError(f"the captured table cannot be read: {error}") from error


def _numbered(header: list[str], rows: Any) -> Iterator[tuple[int, list[str]]]:
    ours = header[:1] == [_LINE]
    try:
        for cells in rows:
            yield (int(cells[0]), cells[1:]) if ours else (rows.line_num, cells)
    except (csv.Error, ValueError, IndexError) as error:
        raise PlaceError(f"the captured table cannot be read after its physical line {rows.line_num}") from error


def _in_table(reply: Reply, line: int | None, stated: Mapping[str, str]) -> tuple[Place, tuple[str, ...]]:
    header, rows = _opened(reply)
    names = header[1:] if header[:1] == [_LINE] else header
    before: deque[tuple[int, list[str]]] = deque(maxlen=_AROUND)
    numbered = _numbered(header, rows)
    for at, cells in numbered:
        if at == line:
            after = list(islice(numbered, _AROUND))
            table = _table(names, chain(before, [(at, cells)], after), line)
            place = Place(title=f"line {line} of the table as captured", cells=_pairs(names, cells), markup=table)
            said = {squeeze(cell) for cell in cells}
            return place, tuple(name for name, value in stated.items() if squeeze(value) not in said)
        before.append((at, cells))
    place = Place(title=f"the captured table has no line {line}; its last", markup=_table(names, before, None))
    return place, tuple(stated)


def _pairs(names: list[str], cells: list[str]) -> Facts:
    both = zip_longest(names, cells, fillvalue="")
    return tuple((name or f"column {at}", cell) for at, (name, cell) in enumerate(both, start=1))[:_MOST_COLUMNS]


def _table(names: list[str], rows: Any, line: int | None) -> str:
    heads = "".join(f"<th>{escaped(name[:_LONGEST_NEIGHBOUR])}</th>" for name in (_LINE, *names[:_MOST_COLUMNS]))
    told = [f"<table><thead><tr>{heads}</tr></thead><tbody>"]
    for at, cells in rows:
        here = at == line
        longest = _LONGEST_CELL if here else _LONGEST_NEIGHBOUR
        shown = (escaped(verbatim(cell, longest)) for cell in (str(at), *cells[:_MOST_COLUMNS]))
        told.append("".join(("<tr>", *(f"<td>{f'<mark>{c}</mark>' if here else c}</td>" for c in shown), "</tr>")))
    return "".join((*told, "</tbody></table>"))


# --- Lists -----------------------------------------------------------------------------------------------------------


def _in_list(reply: Reply, line: int | None, stated: Mapping[str, str]) -> tuple[Place, tuple[str, ...]]:
    records = [found[line - 1] for found in _lists(_said(reply)) if line is not None and 0 < line <= len(found)]
    if not records:
        raise PlaceError(f"the captured list has no record {line}")
    return _record(line or 0, min(records, key=lambda one: len(_unsaid(one, stated))), stated)


def _record(line: int, record: Mapping[str, Any], stated: Mapping[str, str]) -> tuple[Place, tuple[str, ...]]:
    text = json.dumps(record, ensure_ascii=False, indent=1)[:_LONGEST_RECORD]
    place = Place(
        title=f"record {line} of the list as captured",
        cells=tuple((str(key), _plain(value)) for key, value in record.items())[:_MOST_COLUMNS],
        markup=mark_text(text, stated).markup,
    )
    return place, tuple(_unsaid(record, stated))


def _lists(said: Any) -> Iterator[list[dict[str, Any]]]:
    """Every list of records, outer ones first."""
    level = [said]
    while level:
        below: list[Any] = []
        for value in map(_opened_text, level):
            if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
                yield value
            if isinstance(value, (list, dict)):
                below.extend(value.values() if isinstance(value, dict) else value)
        level = below


def _opened_text(value: Any) -> Any:
    """What stands in a text that is JSON itself: some send JSON within JSON."""
    if not isinstance(value, str) or value[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _unsaid(record: Mapping[str, Any], stated: Mapping[str, str]) -> list[str]:
    said = [squeeze(html.unescape(_TAG.sub("", _plain(value)))) for value in record.values()]
    return [name for name, value in stated.items() if not _stands(value, said)]


def _stands(value: str, said: list[str]) -> bool:
    """Whether one of the values says it, or it is put together of several, with blanks between: `2026-11-12 ACTUAL`."""
    words = value.split()
    return any(squeeze(value) in text for text in said) or (len(words) > 1 and all(squeeze(w) in said for w in words))


# --- Pages -----------------------------------------------------------------------------------------------------------


def _on_page(marked: Marked, stated: Mapping[str, str]) -> tuple[Place, tuple[str, ...]]:
    place = Place(title="the page as captured", paragraph=marked.paragraph, markup=marked.markup)
    return place, tuple(name for name in stated if name not in marked.found)
