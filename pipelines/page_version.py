"""A version of an article as it is asked of the database: one wording, and what its first reading found."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pipelines.news import Reading, read


class PageVersion(NamedTuple):
    """A version of an article.

    `seq`: the run that first showed it; `is_current`: it is the article as last stated, by the readings of today.
    """

    content_id: str
    article_id: str
    seq: int
    title: str
    text: str
    language: str
    kind: str
    published_on: date | None
    url: str
    states: bool
    in_putuo: bool
    relevant: bool
    is_current: bool

    def read(self) -> Reading:
        """Its first reading, from its own words."""
        return read(
            self.title,
            self.text,
            language=self.language,
            kind=self.kind,
            published_on=self.published_on,
            url=self.url,
        )
