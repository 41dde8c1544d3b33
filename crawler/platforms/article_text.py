"""Title, day and text of a page whose layout nobody documented: read last, and marked as extracted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from crawler.fields.dates import parse_date, parse_english_date
from crawler.fields.text import clean, fold_width
from crawler.items import TextFrom
from crawler.platforms.article_page import (
    AGENCY,
    DOCUMENT_NUMBER,
    INDEX_NUMBER,
    LONGEST_TEXT,
    LONGEST_TITLE,
    PUBLISHED,
    PageText,
    depth_of,
    lines_of,
    open_page,
    pairs_in,
)

if TYPE_CHECKING:
    from datetime import date

    from parsel import Selector

    from crawler.source import Kept

_LONGEST_PAGE: Final = 600_000  # bytes as kept; the library takes a second for what is larger, or deeper
_MOST_ELEMENTS: Final = 8_000  # real pages of news have 500 to 4,000
_DEEPEST: Final = 200  # elements; real pages nest 15 to 60 deep
_LEAST_TEXT: Final = 60  # characters: less is a caption, or a notice that the page is not there
_MUCH_MORE: Final = 6  # times: a strict reading that leaves out so much has left out the body
_ABOVE: Final = 4  # lines, among which the title may stand again
_SENTENCE: Final = re.compile(r".{15}[。！？!?]|\w.{30}[.](?:\s|$)")  # menus and lists of links have none

# What readers write below, and what is not shown, is not the article's.
_BESIDE: Final = re.compile(r"(?i)(?:^|[\s_-])(?:comments?|cmt|pinglun|replies|tie)(?:$|[\s_-])")
_HIDDEN: Final = re.compile(r"(?i)display\s*:\s*none")
_MOST_BESIDE: Final = 0.5  # of a page's text: an element with more of it holds the article too

_TITLE_METAS: Final = ("articletitle", "og:title", "twitter:title")
_LEAST_TITLE: Final = 4  # characters
_SITE: Final = re.compile(r"\s*(?:[_|｜]|\s[-–—]|--+|[-–—](?=[^-–—]{2,12}$))")  # between a title and its site's name
_HEADINGS: Final = "h1, h2, h3, h4, h5"
_MOST_HEADINGS: Final = 50

_DAY_METAS: Final = (
    "pubdate",
    "publishdate",
    "publish_time",
    "article:published_time",
    "datepublished",
    "firstpublishedtime",
    "og:time",
    "og:release_date",
    "apub:time",
    "weibo: article:create_at",
    "article:create_at",
    "dateupdate",
    "date",
)
_YEAR = r"(?:(?:19|20)[0-9]{2}|[一二][0-9〇○零一二三四五六七八九]{3})"
_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_DAY: Final = re.compile(
    rf"(?<![0-9])(?:(?:19|20)[0-9]{{2}}([-/.])[0-9]{{1,2}}\1[0-9]{{1,2}}(?![0-9])"
    rf"|{_YEAR} ?年 ?{_NUMBER} ?月 ?{_NUMBER} ?日)"
    r"|(?<![A-Za-z])[A-Z][a-z]{2,8}\.? [0-9]{1,2}, ?(?:19|20)[0-9]{2}(?![0-9])"
)
_LABELLED: Final = re.compile(
    r"(?:发布|发表|发文|公开|公示|刊发|上网)(?:时间|日期|于)|(?:^|\s)(?:时\s?间|日\s?期)[:：]|(?i:published|posted)"
)
_LABEL_REACH: Final = 12  # characters between a label and its day
_DAY_LINE: Final = 80  # characters: a longer line is a paragraph
_BELOW: Final = 15  # lines below the title: further down a short line may name any day
_ENDS_A_SENTENCE: Final = ("。", "！", "？", ".", "”")
_MOST_LINES: Final = 3_000
_FACTS: Final = (AGENCY, DOCUMENT_NUMBER, INDEX_NUMBER)


def extract(kept: Kept) -> PageText | None:
    """Title, text and labelled facts of a kept page; None where it shows no title, or no sentence of a text.

    `facts` holds the day as printed under PUBLISHED, if one was found (`day_of`). Of what a page marks in its head, an
    own word of the day comes first, then a labelled one, then the first that stands alone below the title.
    """
    if len(kept.body) > _LONGEST_PAGE:
        return None
    page = open_page(kept)
    body = page.root.find("body")
    if body is None or sum(1 for _ in body.iter()) > _MOST_ELEMENTS or depth_of(body) > _DEEPEST:
        return None
    title = title_of(page)
    lines = lines_of(body)[:_MOST_LINES]
    facts = {PUBLISHED: day} if (day := _day_as_printed(page, lines, title)) else {}
    facts |= document_facts(lines)
    text = _text(page.root, title) if title else ""
    return PageText(title, text, facts, TextFrom.EXTRACTED) if text else None


def day_of(page: PageText) -> date | None:
    """The day that an extracted page was published on, if it says so."""
    said = page.facts.get(PUBLISHED, "")
    return parse_date(said) or parse_english_date(said)


def document_facts(lines: list[str]) -> dict[str, str]:
    """Who issued a document and its numbers, where lines of the page say it behind their labels."""
    short = (line for line in lines if len(line) <= _DAY_LINE)
    return {name: value for line in short for name, value in pairs_in(line) if name in _FACTS}


def _text(root: Any, title: str) -> str:
    """What the library takes for the body, one paragraph a line; empty for what is too short, too long, or no text."""
    _take_away(root)
    strict, ordinary = _bodies(root)
    found = ordinary if len(ordinary) > _MUCH_MORE * len(strict) else strict
    lines = [line for raw in found.split("\n") if (line := clean(raw).removeprefix("- ").strip("| "))]
    above = next((at for at, line in enumerate(lines[:_ABOVE], start=1) if _bare(line) == _bare(title)), 0)
    lines = lines[above:]
    while lines and _is_day_line(lines[0]):
        lines = lines[1:]
    text = "\n".join(lines)
    return text if _LEAST_TEXT <= len(text) <= LONGEST_TEXT and _SENTENCE.search(text) else ""


def _is_day_line(line: str) -> bool:
    """发布时间：2026-11-18 来源：…: what stands between a title and its text."""
    return len(line) <= _DAY_LINE and not line.endswith(_ENDS_A_SENTENCE) and bool(_DAY.search(line))


def _bodies(root: Any) -> tuple[str, str]:
    """What the library takes for the body, in its strict and in its ordinary reading."""
    # A quarter of a second, which no command and no crawl of documented pages need wait.
    from trafilatura import extract as extract_body  # noqa: PLC0415
    from trafilatura.settings import use_config  # noqa: PLC0415

    config = use_config()
    # Its own 250 characters are of Latin pages; a Chinese text of that length is a long one.
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_LEAST_TEXT)
    strict, ordinary = (
        extract_body(root, include_comments=False, favor_precision=precise, config=config) or ""
        for precise in (True, False)
    )
    return strict, ordinary


def _take_away(root: Any) -> None:
    whole = _letters(root)
    for element in [element for element in root.iter() if isinstance(element.tag, str)]:
        said = f"{element.get('class', '')} {element.get('id', '')}"
        beside = _BESIDE.search(said) or _HIDDEN.search(element.get("style", ""))
        if beside and element.getparent() is not None and _letters(element) <= _MOST_BESIDE * whole:
            element.drop_tree()


def _letters(element: Any) -> int:
    return sum(len(piece) for piece in element.itertext())


# --- Title ---------------------------------------------------------------------------------------------------------


def title_of(page: Selector) -> str:
    """The title of a page that does not say where it stands; empty for none.

    The longest heading that the window's title holds; else what the head says; else that title without its site.
    """
    window = clean(" ".join(page.css("title::text").getall()[:1]))[: 2 * LONGEST_TITLE]
    metas = metas_of(page)
    headings = [clean(" ".join(lines_of(found.root))) for found in page.css(_HEADINGS)[:_MOST_HEADINGS]]
    told = [*headings, *(metas[name] for name in _TITLE_METAS if name in metas)]
    inside = [said for said in told if len(_bare(said)) >= _LEAST_TITLE and _bare(said) in _bare(window)]
    cut = next((window[: at.start()] for at in _SITE.finditer(window) if at.start() >= 2 * _LEAST_TITLE), window)
    candidates = (*sorted(inside, key=len, reverse=True)[:1], *(metas.get(name, "") for name in _TITLE_METAS), cut)
    return next((said[:LONGEST_TITLE] for said in candidates if len(said) >= _LEAST_TITLE), "")


def _bare(text: str) -> str:
    return re.sub(r"\W", "", fold_width(text))


def metas_of(page: Selector) -> dict[str, str]:
    """What the head says, by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in page.css("meta[content]"):
        for key in ("name", "property", "itemprop"):
            if (name := clean(meta.attrib.get(key, "")).lower()) and (said := clean(meta.attrib["content"])):
                found.setdefault(name, said)
    return found


# --- Day -----------------------------------------------------------------------------------------------------------


def _day_as_printed(page: Selector, lines: list[str], title: str) -> str:
    metas = metas_of(page)
    places = (
        (metas[name] for name in _DAY_METAS if name in metas),
        _behind_a_label(lines),
        _below_the_title(lines, title),
    )
    return next((day for place in places for said in place if (day := _first_day(said))), "")


def _first_day(text: str) -> str:
    """The first day that a text names, as it is printed there; empty for none."""
    for found in _DAY.finditer(text):
        if parse_date(found[0]) or parse_english_date(found[0]):
            return found[0]
    return ""


def _behind_a_label(lines: list[str]) -> Iterator[str]:
    for line in lines:
        for label in _LABELLED.finditer(line):
            reach = line[label.end() : label.end() + 3 * _LABEL_REACH]
            if (day := _DAY.search(reach)) and day.start() <= _LABEL_REACH:
                yield day[0]


def _below_the_title(lines: list[str], title: str) -> Iterator[str]:
    bare = _bare(title)
    start = next((at for at, line in enumerate(lines) if bare and bare in _bare(line)), 0)
    return (line for line in lines[start : start + _BELOW] if _is_day_line(line))
