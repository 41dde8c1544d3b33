"""Blanks personal data in a parsed page, also where tags, cells or attributes split it from its label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from crawler.fields.personal import MASK, Span, redact, spans_to_redact
from crawler.fields.words import load_words

# Inside these a line break is the author's own.
_PREFORMATTED = frozenset({"pre", "textarea", "script", "style"})
# Elements that stand in the line, so that what they split is still one number. All others begin a text of their own.
_INLINE_TAGS = """
    a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q s samp small span strike
    strong sub sup time tt u var wbr
"""
INLINE = frozenset(_INLINE_TAGS.split())
_DROPPED = frozenset({"style", "template"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "poster", "background", "srcset", "cite"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")  # an attribute's that lxml can set; pages have stranger ones
_REACHES_A_PERSON = re.compile(r"(?i)^\s*(?:mailto|tel|sms|callto|javascript|vbscript|data):")
# What is invisible must not split a number, a blank that does not break is a blank, and what XML 1.0 (2.2) has no
# place for cannot be written.
_UNSEEN: dict[int, str | None] = {
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF)),
    **dict.fromkeys(code for code in range(0x20) if chr(code) not in "\t\n\v\f\r"),
    **dict.fromkeys((0xA0, 0x0B, 0x0C), " "),
    **dict.fromkeys(range(0xD800, 0xE000)),
}
_LONGEST_LABEL = 14  # characters: 法定代表人(负责人) with its colon
_MOST_TAGS = 50  # in and around a label
_MOST_ATTRIBUTES = 100  # of an element; each change costs as many steps as it has
_OTHER_LABELS = frozenset(load_words("personal_words")["other_labels"])
_SOMEBODY = "甲某某"  # in a label's wake this is a name, if the label is a personal one

Slot = tuple[Any, str]  # an element, and which of its two texts: "text" or "tail"
Run = list[Slot | None]  # None stands for a line break


def blank(root: Any, *, scripts: bool = False) -> None:
    """Blanks what identifies or reaches a person in an lxml tree, in place.

    Comments, styles and event handlers go too, and scripts unless they are asked for.
    """
    _drop(root, _DROPPED if scripts else _DROPPED | {"script"})
    for element in root.iter():
        _flatten(element)
        _blank_attributes(element)
    for run in _runs(root):
        _blank_run(run)
    _blank_values(root)
    _blank_columns(root)


def _drop(root: Any, names: frozenset[str]) -> None:
    for element in list(root.iter()):
        if element is not root and (not isinstance(element.tag, str) or element.tag in names):
            _remove(element)


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _flatten(element: Any) -> None:
    """White space in HTML is one blank, however the source is wrapped (CSS Text 3, 4.1)."""
    if element.text:
        seen = element.text.translate(_UNSEEN)
        element.text = seen if element.tag in _PREFORMATTED else re.sub(r"\s+", " ", seen)
    if element.tail:
        element.tail = re.sub(r"\s+", " ", element.tail.translate(_UNSEEN))


def _blank_attributes(element: Any) -> None:
    if len(element.attrib) > _MOST_ATTRIBUTES:
        element.attrib.clear()
    for name, value in element.attrib.items():
        kept = _kept_attribute(name, value)
        if kept is None or (kept != value and not _NAME.fullmatch(name)):
            del element.attrib[name]
        elif kept != value:
            element.set(name, kept)


def _kept_attribute(name: str, value: str) -> str | None:
    if name.lower().startswith("on") or (name in _ADDRESSES and _REACHES_A_PERSON.match(value)):
        return None
    if name == "charset":
        return "utf-8"
    if name == "content" and "charset" in value.lower():
        return "text/html; charset=utf-8"
    # Numbers in an address are a page's, and keep its links alive.
    return redact(value.translate(_UNSEEN)) if name not in _ADDRESSES or "@" in value else value


def _runs(root: Any) -> Iterator[Run]:
    """The texts that are read in one go, block by block."""
    run: Run = []
    stack: list[tuple[str, Any]] = [("start", root)]
    while stack:
        step, node = stack.pop()
        inline = node.tag in INLINE
        if step == "start":
            if node.tag == "br":
                run.append(None)
            elif not inline:
                yield run
                run = []
            if node.text:
                run.append((node, "text"))
            stack.append(("end", node))
            stack.extend(("start", child) for child in reversed(node))
        else:
            if not inline and node.tag != "br":
                yield run
                run = []
            if node.tail:
                run.append((node, "tail"))
    yield run


def _blank_run(run: Run, label: str = "") -> None:
    """Blanks a run as it reads, or as it would read behind a label that stands elsewhere."""
    texts = ["\n" if slot is None else str(getattr(*slot)) for slot in run]
    spans = _merged(spans_to_redact(label + "".join(texts)))
    at, first = len(label), 0
    for slot, text in zip(run, texts, strict=True):
        while first < len(spans) and spans[first][1] <= at:
            first += 1
        last = first
        while last < len(spans) and spans[last][0] < at + len(text):
            last += 1
        if slot is not None and first < last:
            setattr(slot[0], slot[1], _masked(text, [(start - at, end - at) for start, end in spans[first:last]]))
        at += len(text)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _masked(text: str, spans: list[Span]) -> str:
    """`text` without what these disjoint spans cover; of one that began before it, the mask stands there."""
    pieces, end_of_last = [], 0
    for start, end in spans:
        pieces += [text[end_of_last : max(start, 0)], MASK if start >= 0 else ""]
        end_of_last = end
    return "".join([*pieces, text[end_of_last:]])


def _blank_values(root: Any) -> None:
    """A label in one cell, item or paragraph, and the person in the next."""
    for parent in root.iter():
        for label, value in pairwise(parent):
            if isinstance(label.tag, str) and isinstance(value.tag, str):
                _blank_value(_said(label), value)


def _blank_columns(root: Any) -> None:
    """A label at the head of a column, and persons below it."""
    for table in root.iter("table"):
        head: list[str] = []
        for row in _rows(table):
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            if len(cells) != len(head) or not any(map(_is_personal_label, head)):
                head = [_said(cell) for cell in cells]
                continue
            for label, cell in zip(head, cells, strict=True):
                _blank_value(label, cell)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _blank_value(label: str, value: Any) -> None:
    """Blanks the first words of an element, up to the next comma, if they are what a personal label labels."""
    if not _is_personal_label(label):
        return
    said = _said(value)
    if _is_personal_label(said) or said in _OTHER_LABELS:
        return  # a row of labels
    first = next((run for run in _runs(value) if any(slot and getattr(*slot).strip() for slot in run)), None)
    if first:
        _blank_run(first, f"{label}：")


@lru_cache(maxsize=10_000)
def _is_personal_label(text: str) -> bool:
    return bool(text) and redact(f"{text}：{_SOMEBODY}") == f"{text}：{MASK}"


def _said(element: Any) -> str:
    """The text of an element that is short enough for a label, without its closing colon; empty when it is longer."""
    pieces: list[str] = []
    for count, node in enumerate(element.iter()):
        pieces += [node.text or "", (node.tail or "") if node is not element else ""]
        if count > _MOST_TAGS or sum(map(len, pieces)) > 4 * _LONGEST_LABEL:
            return ""
    said = " ".join("".join(pieces).split()).rstrip(":：∶ ")
    return said if len(said) <= _LONGEST_LABEL else ""
