"""A record of a list and the page it leads to, told as an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from crawler.fields.dates import parse_date
from crawler.items import Article, ArticleKind, Item, Proof, Rejected, RejectReason, TextFrom
from crawler.platforms.article_page import AGENCY, DOCUMENT_NUMBER, INDEX_NUMBER, PUBLISHED, PageText
from crawler.platforms.json_list import Record

_LONGEST_TITLE = 500  # characters
_LOST = "\ufffd"  # what stands for a letter that decoding lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One kind of records of a source, with a window of its own.

    Either `path` and `channels` are known, or they stand in the script of the `columns`, which are paths of pages.
    `extra` goes into the query. Where the records lead is read as a page if it lies on the source's host.
    """

    name: str
    kind: ArticleKind
    path: str = ""
    channels: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    first_days: int = 120
    overlap_days: int = 7


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record, the reply it stands in, and the page its address is relative to."""

    record: Record
    page: str
    stream: Stream
    proof: Proof

    @property
    def address(self) -> str:
        """Where the record leads, as a web address; empty when it leads to none."""
        try:
            address = urljoin(self.page, self.record.url) if self.record.url else ""
            return address if urlsplit(address).hostname else ""
        except ValueError:
            return ""


def as_item(sighting: Sighting, page: PageText | None, proof: Proof, language: Literal["zh", "en"]) -> Item:
    """The article that a record and its page state, or what is put aside in its place.

    The list's words come first: what a page lacks or prints differently does not rename an article.
    """
    record = sighting.record
    title = record.title or (page.title if page else "")
    if reason := _why_not(record, title):
        return _put_aside(reason, sighting, title)
    facts = page.facts if page else {}
    day_raw = record.day_raw or facts.get(PUBLISHED, "")
    return Article(
        article_id=record.id,
        kind=sighting.stream.kind,
        channel=record.channel,
        url=sighting.address,
        title=title,
        published_on=record.day or parse_date(day_raw),
        published_on_raw=day_raw,
        agency=record.agency or facts.get(AGENCY, ""),
        document_number=facts.get(DOCUMENT_NUMBER, ""),
        index_number=facts.get(INDEX_NUMBER, ""),
        language=language,
        text=page.text if page else "",
        text_from=page.text_from if page else TextFrom.NONE,
        proof=proof,
    )


def _why_not(record: Record, title: str) -> RejectReason | None:
    if not record.id:
        return RejectReason.MISSING_ID
    if not title:
        return RejectReason.MISSING_TITLE
    return RejectReason.BROKEN_TEXT if _LOST in title or len(title) > _LONGEST_TITLE else None


def _put_aside(reason: RejectReason, sighting: Sighting, title: str) -> Rejected:
    record = sighting.record
    cells = {"id": record.id, "title": title[:_LONGEST_TITLE], "url": record.url, "day": record.day_raw}
    return Rejected(
        reason=reason,
        detail=f"record {record.position} of channel {record.channel[:40]}",
        cells={name: text for name, text in cells.items() if text},
        proof=sighting.proof,
    )
