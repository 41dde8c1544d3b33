"""A first reading of news and official documents: what a page is about, what it states, and of which known firm.

Everything here is a pure function of the page's text, its day and the data files; nothing is fetched or kept. The way
of a page: `document` → `places`, `relevance` → `statements`, `claims`; then, with the known firms at hand, `names` →
`attribute`. The words that decide stand in `rules.toml`, `terms.toml` and the gazetteer. Precision goes before recall:
a sentence that could mean something else states nothing.
"""

from __future__ import annotations

from pipelines.news.attribute import attribute
from pipelines.news.document import document
from pipelines.news.model import (
    Claim,
    FirmStatement,
    Measure,
    Mention,
    PlaceMention,
    Reading,
    Relation,
    Statement,
)
from pipelines.news.names import NameIndex
from pipelines.news.reader import read
from pipelines.news.rules import NEWS_VERSION, RulesError

__all__ = [
    "NEWS_VERSION",
    "Claim",
    "FirmStatement",
    "Measure",
    "Mention",
    "NameIndex",
    "PlaceMention",
    "Reading",
    "Relation",
    "RulesError",
    "Statement",
    "attribute",
    "document",
    "read",
]
