"""Pages of text: kept as UTF-8 HTML without personal data, and read as title, paragraphs and labelled facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from parsel import Selector
from scrapy.http import Response

from crawler.fields.text import clean
from crawler.items import TextFrom
from crawler.platforms.page_encoding import decode
from crawler.platforms.page_privacy import INLINE, blank
from crawler.source import Kept, UnreadableError

KEPT_TYPE = "text/html; charset=utf-8"
LONGEST_PAGE = 8_000_000  # characters of HTML; official pages have 20,000 to 500,000
LONGEST_TEXT = 200_000  # characters of body; the longest policy document has a quarter of that
LONGEST_TITLE = 500
DEEPEST = 1_000  # elements; libxml2 leaves out what lies below 2,048 without a word
_MOST_FACTS = 50
_LONGEST_FACT = 500

# How official pages label what they say of a document.
PUBLISHED, AGENCY, DOCUMENT_NUMBER, INDEX_NUMBER = "发布日期", "公开主体", "发文字号", "索引号"

_IS_HTML = re.compile(r"(?i)<(?:!doctype\s+html|html|head|body|div|h1|p|ul|table)\b")
_HTML_KINDS = ("html", "text/plain", "octet-stream")  # the last two are what careless servers say of HTML
_LOOK_AT = 65_536  # characters

_CELLS = frozenset({"td", "th"})
_NO_TEXT = frozenset({"script", "style", "noscript", "template", "textarea", "select", "button", "iframe", "object"})

# A label is a word, or single characters set apart (来　源), before a colon that is no address's or time's.
_LABEL = r"(?:(?:[\u3400-\u9fff] ){1,3}[\u3400-\u9fff]|[^\s:：\d]{1,20})"
_FACT = re.compile(rf"(?:^|(?<=[\s|]))({_LABEL}) ?[:：](?!//)(.*?)(?=[\s|]+{_LABEL} ?[:：](?!//)|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLayout:
    """Where a platform's article pages hold what: CSS selectors.

    `facts` is the element, or elements, with label and value pairs (标签：值). `noise` are sentences that the body
    opens with and that are no text.
    """

    title: str
    body: str
    facts: str = ""
    noise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page says: `text` holds its paragraphs, one a line; `facts` maps a label, without colon, to its value.

    `text_from` says by which reading, for the item to tell.
    """

    title: str
    text: str
    facts: dict[str, str]
    text_from: TextFrom = TextFrom.BODY


def keep_page(response: Response, *, scripts: bool = False) -> Kept:
    """The page as UTF-8 HTML, personal data blanked; comments, styles and handlers go, scripts too unless asked for.

    Raises UnreadableError as `checked_page`.
    """
    page = checked_page(response)
    blank(page.root, scripts=scripts)
    return Kept(page.get().encode(), KEPT_TYPE)


def checked_page(response: Response) -> Selector:
    """The page as received, which must not be kept as it is.

    Raises UnreadableError for what is no HTML, is larger than LONGEST_PAGE, or cannot be decoded without loss.
    """
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    if kind and not any(word in kind for word in _HTML_KINDS):
        raise UnreadableError(f"{kind.partition(';')[0][:80]!r} where an HTML page should be")
    if len(response.body) > LONGEST_PAGE:
        raise UnreadableError(f"a page of {len(response.body)} bytes; the longest read is {LONGEST_PAGE}")
    text = decode(response.body, kind)
    if not _IS_HTML.search(text[:_LOOK_AT]):
        raise UnreadableError("no HTML where an HTML page should be")
    page = Selector(text=text, type="html")
    if depth_of(page.root) > DEEPEST:
        raise UnreadableError(f"elements nested more than {DEEPEST} deep")
    return page


def depth_of(root: Any) -> int:
    """How many elements deep a tree nests."""
    depth, level = 0, [root]
    while level:
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


def open_page(kept: Kept) -> Selector:
    """A kept page, to be asked with CSS or XPath."""
    return Selector(text=kept.body.decode(), type="html")


def read_page(kept: Kept, layout: ArticleLayout) -> PageText:
    """Title, paragraphs and facts of a kept page.

    Raises UnreadableError, naming the selector, when title or body is not there, or is far too long. An empty body is
    a body; an empty title is none.
    """
    page = open_page(kept)
    titles = (clean(" ".join(lines_of(found.root))) for found in page.css(layout.title))
    title = next((title for title in titles if title), "")
    if not title:
        raise UnreadableError(f"the page has no title where one should be ({layout.title})")
    if len(title) > LONGEST_TITLE:
        raise UnreadableError(f"a title of {len(title)} characters ({layout.title})")
    bodies = page.css(layout.body)
    if not bodies:
        raise UnreadableError(f"the page has no body where one should be ({layout.body})")
    text = "\n".join(_without_noise(lines_of(bodies[0].root), layout.noise))
    if len(text) > LONGEST_TEXT:
        raise UnreadableError(f"a body of {len(text)} characters; the longest read is {LONGEST_TEXT} ({layout.body})")
    return PageText(title, text, _facts(page, layout.facts) if layout.facts else {})


def lines_of(element: Any) -> list[str]:
    """The text below an element as a reader sees it: a line each for paragraphs, rows of tables, what follows a <br>.

    Lines are clean and not empty. Scripts, styles and form fields say nothing.
    """
    lines = "".join(_pieces(element)).split("\n")
    return [line for raw in lines if (line := clean(raw))]


def _pieces(element: Any) -> Iterator[str]:
    """Text in document order, broken where the page shows a break. Iterative, because pages may nest deep."""
    silent = None  # the element inside which nothing is said
    for step, node in _walk(element):
        name = node.tag if isinstance(node.tag, str) else ""
        if silent is not None:
            silent = None if step == "end" and node is silent else silent
        elif step == "start" and (not name or name in _NO_TEXT):
            silent = node
            continue
        elif step == "start":
            yield _edge(name)
            yield _flat(node.text)
        else:
            yield _edge(name) if name != "br" else ""
        if step == "end" and silent is None and node is not element:
            yield _flat(node.tail)


def _walk(element: Any) -> Iterator[tuple[str, Any]]:
    stack: list[tuple[str, Any]] = [("start", element)]
    while stack:
        step, node = stack.pop()
        yield step, node
        if step == "start":
            stack.append(("end", node))
            stack.extend(("start", child) for child in reversed(node))


def _edge(name: str) -> str:
    """What stands at both ends of an element: a row's cells share its line, what is inline shares it without a gap."""
    if name in _CELLS:
        return " "
    return "" if name in INLINE else "\n"


def _flat(text: str | None) -> str:
    return re.sub(r"\s", " ", text) if text else ""


def _without_noise(lines: list[str], noise: tuple[str, ...]) -> list[str]:
    kept = list(lines)
    while kept and (said := next((clean(n) for n in noise if kept[0].startswith(clean(n))), "")):
        rest = kept[0].removeprefix(said).strip()
        kept[:1] = [rest] if rest else []
    return kept


def _facts(page: Selector, selector: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    for found in page.css(selector):
        for name, value in pairs_in(_told_apart(found.root)):
            if name not in facts and len(facts) < _MOST_FACTS:
                facts[name] = value
    return facts


def pairs_in(line: str) -> Iterator[tuple[str, str]]:
    """The labels of a line, without blanks and colon, and their values; none without a value."""
    for label, value in _FACT.findall(line):
        if said := clean(value.strip(" |")):
            yield re.sub(r"\s", "", label), said[:_LONGEST_FACT]


def _told_apart(element: Any) -> str:
    """An element's text on one line with every element's edge a space, so that neighbouring pairs stay two."""
    pieces: list[str] = []
    for step, node in _walk(element):
        name = node.tag if isinstance(node.tag, str) else ""
        if step == "start":
            text = clean(node.text or "") if name and name not in _NO_TEXT else ""
            pieces.append(text)
        else:
            if name in ("th", "dt") and not pieces[-1].endswith((":", "：")):
                pieces.append("：")
            if node is not element:
                pieces.append(clean(node.tail or ""))
    return clean(" ".join(pieces))
