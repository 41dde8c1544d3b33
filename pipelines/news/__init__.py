"""A first reading of news and official documents: what a page is about, what it states, and of which known firm.

Everything here is a pure function of the page's text, its day, the data files and what is handed in; nothing is fetched
or kept. The way of a page: `document` → `places`, `relevance` → `statements`, `claims`
(`claim_figures` finds the numbers, `claim_subjects`, `claim_places`, `claim_periods` say of what, where and when, and
`claim_firms`, `claim_owners`, `claim_wider` whose they are, if not ours); then, with the known firms and people's word
on their names at hand, `names` → `decided` → `attribute` → `fullest` → `same_event`. `page_reader` goes all this way at
once, with `candidates` for firms that no register knows (`brands`, `full_names`, `short_names`; `candidates.toml`). The
words that decide stand in `rules.toml`, `terms.toml` and the gazetteer. Precision goes before recall: a sentence that
could mean something else states nothing.
"""

from __future__ import annotations

from pipelines.news.attribute import attribute
from pipelines.news.decided import DecidedNames, Found, Word
from pipelines.news.document import document
from pipelines.news.fullest import fullest
from pipelines.news.model import (
    Claim,
    FirmStatement,
    Measure,
    Mention,
    NearName,
    PlaceMention,
    Reading,
    Relation,
    Scope,
    SharedName,
    Statement,
    Subject,
)
from pipelines.news.names import AmbiguousName, NameIndex
from pipelines.news.reader import read
from pipelines.news.rules import NEWS_VERSION, RulesError
from pipelines.news.same_event import told_as_one

__all__ = [
    "NEWS_VERSION",
    "AmbiguousName",
    "Claim",
    "DecidedNames",
    "FirmStatement",
    "Found",
    "Measure",
    "Mention",
    "NameIndex",
    "NearName",
    "PlaceMention",
    "Reading",
    "Relation",
    "RulesError",
    "Scope",
    "SharedName",
    "Statement",
    "Subject",
    "Word",
    "attribute",
    "document",
    "fullest",
    "read",
    "told_as_one",
]
