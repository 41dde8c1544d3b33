"""The English site of Putuo's district government: news, and what it says of the China-Israel Innovation Hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from crawler.fields.dates import parse_english_date
from crawler.platforms.article_page import LONGEST_TEXT, LONGEST_TITLE, PageText, lines_of, open_page
from crawler.platforms.link_list import Column
from crawler.platforms.static_list import StaticListSpider
from crawler.source import EVERY_NIGHT, CaptureMode, Kept, Source, UnreadableError

# `January 04, 2021 |`: the one mark of an article page that was seen, below its title and above its paragraphs.
_DATE_LINE = re.compile(r"([A-Za-z]{3,9}\.? \d{1,2}, \d{4})\s*\|.*")
_WITH_A_BAR = "(//body/descendant-or-self::*[text()[contains(., '|')]])[position() <= 50]"
_DATE_WITHIN = 3  # levels above the bar; menus have bars too, so the nearest date counts
_PARAGRAPH = 40  # characters: shorter is a caption or a button


class PutuoEnglishSpider(StaticListSpider):
    """english.shpt.gov.cn. `-a since=YYYY-MM-DD`."""

    source = Source(
        id="putuo_english",
        title_zh="普陀区人民政府英文网站",
        title_en="Putuo District government, English site",
        publisher_zh="上海市普陀区人民政府",
        publisher_en="Shanghai Putuo District People's Government",
        proves=(
            "arrival_announced",
            "financing_raised",
            "headquarters_set_up",
            "overseas_expansion",
            "partnership",
            "premises_added",
        ),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without news is one; a list without any article is not
        parser="putuo_english/1",
        max_requests=200,
        confirmed=(
            "addresses of articles in both columns, and of an article title, date line and paragraphs in this order; "
            "news 2258 to 3008 were seen; none tried live"
        ),
        from_memory="addresses of the list pages and of their second page; that lists show newest articles first",
        address="http://english.shpt.gov.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"title": 1.0, "url": 0.9},
    )
    name = source.id
    home = "http://english.shpt.gov.cn"
    language = "en"
    columns = (
        Column(
            name="news",
            first="/news/news/index.shtml",
            later="/news/news/index_{page}.shtml",
            article=r"/news/news/(\d{1,9})\.shtml",
        ),
        Column(
            name="ciih", first="/ciih/index.shtml", later="/ciih/index_{page}.shtml", article=r"/ciih/(\d{1,9})\.shtml"
        ),
    )

    def read_article(self, kept: Kept) -> tuple[PageText, str, date | None]:
        """Reads around the date line: title before it, paragraphs behind it, in the smallest element that holds them.

        Which elements these are was never seen, so none is relied on.
        """
        for element in _around_date_line(kept):
            lines = lines_of(element)
            at = next((n for n, line in enumerate(lines) if _DATE_LINE.fullmatch(line)), len(lines))
            title, text = lines[at - 1 : at], "\n".join(lines[at + 1 :])
            if title and any(len(line) >= _PARAGRAPH for line in lines[at + 1 :]):
                break
        else:
            raise UnreadableError("no date line (such as `January 04, 2021 |`) with a title before and text behind it")
        if len(title[0]) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
            raise UnreadableError(f"a title of {len(title[0])} and a text of {len(text)} characters")
        day_raw = _DATE_LINE.sub(r"\1", lines[at])
        return PageText(title[0], text, {}), day_raw, parse_english_date(day_raw)


def _around_date_line(kept: Kept) -> Iterator[Any]:
    """The elements that hold the first date line, from the innermost out."""
    bars = [bar.root for bar in open_page(kept).xpath(_WITH_A_BAR)]
    for _ in range(_DATE_WITHIN):
        for element in bars:
            if any(_DATE_LINE.fullmatch(line) for line in lines_of(element)):
                yield element
                yield from element.iterancestors()
                return
        bars = [bar.getparent() for bar in bars if bar.tag != "body"]
