"""Base of spiders of Shanghai's bureaus, which share a publishing system: static lists of links, and articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crawler.fields.dates import parse_date
from crawler.fields.text import clean
from crawler.platforms.article_page import LONGEST_TEXT, PageText, lines_of, open_page
from crawler.platforms.article_text import document_facts, metas_of, title_of
from crawler.platforms.link_list import Column
from crawler.platforms.static_list import StaticListSpider
from crawler.source import UnreadableError

if TYPE_CHECKING:
    from datetime import date

    from crawler.platforms.link_list import Link
    from crawler.source import Kept

_CUT: Final = ".… "  # how a title that is cut ends
_BODY: Final = "#ivs_content"
_DAY: Final = "pubdate"  # the meta's name in lower case; sites write PubDate and pubdate
# A list may show an article of another column; the number is its own in the whole site.
_ARTICLE: Final = r"/[A-Za-z0-9_/-]{1,80}/\d{8}/([0-9a-f]{32})\.html"


def bureau_column(path: str, *, links: str, day: str, first_days: int = 30) -> Column:
    """A column at `/<path>/index.html`: CSS selectors of its links, and of their day within the list item."""
    return Column(
        name=path,
        first=f"/{path}/index.html",
        later=f"/{path}/index_{{page}}.html",
        article=_ARTICLE,
        links=links,
        day=day,
        first_days=first_days,
    )


class ShanghaiCmsSpider(StaticListSpider):
    """`[-a since=YYYY-MM-DD]`. A source declares `home` and its `columns`, made by `bureau_column`."""

    def title(self, link: Link, page: PageText) -> str:
        """The list's; where the list has none, or cut it, the page's, which stands in no documented place."""
        shown = link.title.rstrip(_CUT)
        return page.title if page.title.startswith(shown) else link.title

    def read_article(self, kept: Kept) -> tuple[PageText, str, date | None]:
        """The text of the documented element, the day of the documented meta, and the title wherever it stands.

        Raises UnreadableError where there is no title or no such element, or far too much in it. What is dated in
        another way has no day here; its list may have one.
        """
        page = open_page(kept)
        bodies, title = page.css(_BODY), title_of(page)
        if not bodies or not title:
            raise UnreadableError(f"the page has no {'title' if bodies else f'body where one should be ({_BODY})'}")
        text = "\n".join(lines_of(bodies[0].root))
        if len(text) > LONGEST_TEXT:
            raise UnreadableError(f"a body of {len(text)} characters; the longest read is {LONGEST_TEXT} ({_BODY})")
        day_raw = clean(metas_of(page).get(_DAY, ""))
        day = parse_date(day_raw)
        facts = document_facts(lines_of(page.root))
        return PageText(title, text, facts), day_raw if day else "", day
