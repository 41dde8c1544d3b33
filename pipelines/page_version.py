"""A version of an article as it is asked of the database: one wording, and what its first reading found."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


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
    states: bool
    in_putuo: bool
    relevant: bool
    is_current: bool
