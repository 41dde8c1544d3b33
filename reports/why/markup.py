"""Shows a captured page so that it can neither run nor load anything: bare elements, escaped text, the place marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from parsel import Selector

from crawler.fields.text import clean
from reports.untrusted import verbatim

# What is shown of a page, without any attribute: nothing here runs, loads, links, or says how it looks.
_SHOWN_TAGS = """
    article aside b blockquote caption code dd div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header i li main
    nav ol p pre section small strong sub sup table tbody td tfoot th thead tr u ul
"""
_INLINE_TAGS = """
    a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strong sub sup time u
"""
# As the crawler reads a page: it takes no text from these.
_SILENT_TAGS = "button head iframe noscript object script select style template textarea"
_SHOWN, _INLINE, _SILENT = (frozenset(tags.split()) for tags in (_SHOWN_TAGS, _INLINE_TAGS, _SILENT_TAGS))
_CELLS = frozenset({"td", "th"})
_LONGEST_PAGE = 300_000  # characters of text that are shown
_BEFORE = 100_000  # of them before the place
_LONGEST_PARAGRAPH = 1_500

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A page for showing; `found` names the values that stand on it, `paragraph` is the one around the first."""

    markup: str
    paragraph: str
    found: frozenset[str]


def mark_page(page: str, stated: Mapping[str, str]) -> Marked:
    """An HTML page with each stated value marked where it first stands."""
    parts, plain = _read(page)
    return _marked(parts, plain, stated)


def mark_text(text: str, stated: Mapping[str, str]) -> Marked:
    """The same of plain text."""
    return _marked(["<pre>", (0, len(text)), "</pre>"], text, stated)


def escaped(text: str) -> str:
    """Text as markup, what cannot be seen spelled out."""
    return html.escape(verbatim(text, len(text)))


def squeeze(text: str) -> str:
    """`text` without what differs between a page and what was read from it: white space, width, invisible letters."""
    return "".join(map(_folded, text))


@cache
def _folded(letter: str) -> str:
    return clean(letter)


def _read(page: str) -> tuple[list[str | Span], str]:
    """The bare elements of a page and spans of its text between them; and that text, a line a paragraph."""
    parts: list[str | Span] = []
    plain: list[str] = []
    length = 0

    def say(text: str | None, *, shown: bool) -> None:
        nonlocal length
        if text:
            if shown:
                parts.append((length, length + len(text)))
            plain.append(text)
            length += len(text)

    for step, node in _walk(Selector(text=page or " ", type="html").root):
        if step == "tail":
            say(_flat(node.tail), shown=True)
            continue
        say(_edge(node.tag), shown=False)
        if node.tag in ("br", "hr"):
            parts += [f"<{node.tag}>"] if step == "open" else []
        elif node.tag in _SHOWN:
            parts.append(f"<{node.tag}>" if step == "open" else f"</{node.tag}>")
        elif node.tag not in _INLINE:
            parts.append("<div>" if step == "open" else "</div>")
        if step == "open":
            say(_flat(node.text), shown=True)
    return parts, "".join(plain)


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Elements as they open and close and the texts after them, silent ones left out. Iterative: pages nest deep."""
    stack: list[tuple[str, Any]] = [("open", root)]
    while stack:
        step, node = stack.pop()
        if step != "open":
            yield step, node
        elif isinstance(node.tag, str) and node.tag not in _SILENT:
            yield step, node
            stack.append(("close", node))
            for child in reversed(node):
                stack += [("tail", child), ("open", child)]


def _edge(name: str) -> str:
    return " " if name in _CELLS else "" if name in _INLINE else "\n"


def _flat(text: str | None) -> str:
    return re.sub(r"\s", " ", text) if text else ""


def _marked(parts: list[str | Span], plain: str, stated: Mapping[str, str]) -> Marked:
    spans = dict(_find(plain, stated))
    first = min(spans.values(), default=(0, 0))
    window = (max(0, first[0] - _BEFORE), max(0, first[0] - _BEFORE) + _LONGEST_PAGE)
    shown = "".join(_shown(parts, plain, _merged(spans.values()), window))
    cut = [f"<p>… {count} characters …</p>" if count > 0 else "" for count in (window[0], len(plain) - window[1])]
    return Marked(
        markup=f"{cut[0]}{shown}{cut[1]}",
        paragraph=_paragraph(plain, first) if spans else "",
        found=frozenset(spans),
    )


def _find(plain: str, stated: Mapping[str, str]) -> Iterator[tuple[str, Span]]:
    """Where each value first stands, white space, width and invisible letters aside."""
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(plain):
        if folded := _folded(letter):
            letters.append(folded)
            places.append(at)
    whole = "".join(letters)
    for name, value in stated.items():
        sought = squeeze(value)
        for words in (sought, sought.removesuffix("…")):  # a long sentence was cut when it was quoted
            if words and (at := whole.find(words)) >= 0:
                yield name, (places[at], places[at + len(words) - 1] + 1)
                break


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _shown(parts: list[str | Span], plain: str, marks: list[Span], window: Span) -> Iterator[str]:
    edges = sorted({edge for span in marks for edge in span})
    at = 0
    for part in parts:
        if isinstance(part, str):
            if window[0] <= at <= window[1]:
                yield part
            continue
        at = part[1]
        start, end = max(part[0], window[0]), min(part[1], window[1])
        if start >= end:
            continue
        for begin, stop in pairwise([start, *(edge for edge in edges if start < edge < end), end]):
            text = escaped(plain[begin:stop])
            yield f"<mark>{text}</mark>" if any(a <= begin and stop <= b for a, b in marks) else text


def _paragraph(plain: str, span: Span) -> str:
    start = plain.rfind("\n", 0, span[0]) + 1
    end = plain.find("\n", span[1])
    start = max(start, span[0] - _LONGEST_PARAGRAPH // 3)
    return clean(plain[start : end if end >= 0 else len(plain)][:_LONGEST_PARAGRAPH])
