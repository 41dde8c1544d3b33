"""Which sub-sectors an article speaks of: a text is no registration, so nothing is weighed; its words are counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.classify.engine import packaged
from pipelines.classify.label import Span, SubSector


@dataclass(frozen=True, slots=True)
class Told:
    """A sub-sector that an article speaks of: in how many of its clauses, and by which words.

    Places are in the title, a line break and the text, taken as one.
    """

    sector: SubSector
    clauses: int
    spans: tuple[Span, ...]


def sectors_told(title: str, text: str) -> list[Told]:
    """The sub-sectors that an article in Chinese or English speaks of clearly, the one with most clauses first."""
    whole = f"{title}\n{text}"
    evidence = packaged().finder.find("", whole)
    words = [word for word in evidence.scope if word.rule.strength != "weak"] if evidence else []
    found = []
    for sector in dict.fromkeys(word.sector for word in words):
        of_it = [word for word in words if word.sector is sector]
        spans = (Span("scope", word.start, word.end, whole[word.start : word.end], word.rule.id) for word in of_it)
        found.append(Told(sector, len({word.rank for word in of_it}), tuple(spans)))
    return sorted(found, key=lambda told: -told.clauses)


def article_lines(title: str, text: str) -> Iterator[str]:
    """The sub-sectors of an article with the words that say so, line by line."""
    yield title.strip() or "(no title)"
    found = sectors_told(title, text)
    if not found:
        yield "  no sub-sector: nothing in it speaks clearly of life-health"
    for told in found:
        clauses = "1 clause" if told.clauses == 1 else f"{told.clauses} clauses"
        words = dict.fromkeys(f"{span.text} ({span.rule})" for span in told.spans)
        yield f"  {told.sector}, {clauses}: {'; '.join(words)}"
