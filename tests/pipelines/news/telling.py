"""What a page about life-health in Putuo tells of firms that no register knows."""

from __future__ import annotations

from datetime import date

from pipelines.news import NameIndex
from pipelines.news.page_reader import KnownNames, read_page

NOBODY = KnownNames(NameIndex([]))
TITLE = "普陀区生命健康产业新闻：医疗器械"
TITLE_EN = "Putuo District's life health industry: medical devices"


def told(text: str, title: str = "") -> dict[str, list[str]]:
    """The kinds of what happened, firm by firm, on a page of 20 November 2026."""
    title = title or (TITLE_EN if text.isascii() else TITLE)
    said = read_page(title, text, language="", kind="news", published_on=date(2026, 11, 20), known=NOBODY)
    return {firm.name: [event.kind for event in firm.events] for firm in said.firms if firm.events}
