"""Which known firms bear, or may be meant by, the names that licences and disclosures state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb
from ahocorasick_rs import AhoCorasick, Implementation

from crawler.fields.names import normal_name
from pipelines.resolve.company_name import company_name
from pipelines.resolve.name_book import NameBook
from pipelines.resolve.name_match import NameMatch
from pipelines.resolve.names import english_name

_AT_ONCE: Final = 50_000  # names in Python's hands at a time
_LONGEST_NAME: Final = 200  # what normal_name reads of a name; of a longer one only a part would be compared
# Of a name in everyday characters (Chinese, ASCII, and ASCII in the width of a Chinese character) its normal form has
# the same Chinese ones: most firms are told from all holders by these, without a normal form of every name.
_NO_HAN: Final = "[^\u4e00-\u9fff]"
_EVERYDAY: Final = "[\u4e00-\u9fff -~\uff01-\uff5e\u3000]*"
_PLAIN: Final = re.compile("[\u4e00-\u9fff()]+")
_SHORTEST_WORD: Final = 2
_MOST_ALIKE: Final = 8  # firms; what more may be meant by is a common word
Bearers = Mapping[str, int]  # firms that a name or code may mean, and the run (seq) that first showed each with it


@dataclass(slots=True)
class Meant:
    """Whom a name means: by each way of matching those it surely means, and by the surest lesser one those it may."""

    sure: dict[NameMatch, Bearers] = field(default_factory=dict)
    lesser: NameMatch = NameMatch.NONE
    maybe: Bearers = field(default_factory=dict)


def whom_they_mean(connection: duckdb.DuckDBPyConnection, holders: Iterable[str]) -> dict[str, Meant]:
    """Whom each of the holders' names means, by every name that a registration has shown."""
    holders = sorted(set(holders))
    exact = _exact(connection, {key_of(holder) for holder in holders} - {""})
    english = _english(connection, {english_name(holder) for holder in holders} - {""})
    alike = _Alike(connection, holders)
    found = {}
    for holder in holders:
        meant = Meant()
        by_book = alike.of(holder)
        sure = {
            NameMatch.EXACT: exact.get(key_of(holder), {}),
            NameMatch.ENGLISH: english.get(english_name(holder), {}),
            NameMatch.SPELLING: by_book.get(NameMatch.SPELLING, {}),
        }
        meant.sure = {match: bearers for match, bearers in sure.items() if bearers}
        for match, bearers in by_book.items():
            if match not in (NameMatch.EXACT, NameMatch.SPELLING) and not meant.sure and len(bearers) <= _MOST_ALIKE:
                meant.lesser, meant.maybe = match, bearers
        found[holder] = meant
    return found


def key_of(name: str) -> str:
    """A name as it is compared; empty where it is too long to be compared whole."""
    key = normal_name(name) if len(name) <= _LONGEST_NAME else ""
    return key if len(key) < _LONGEST_NAME else ""


def _exact(connection: duckdb.DuckDBPyConnection, wanted: set[str]) -> dict[str, Bearers]:
    """Who bears each of the wanted names, or bore it once."""
    if not wanted:
        return {}
    names = connection.sql(
        "SELECT o.uscc, r.name, min(o.first_seq) FROM derived.observations o JOIN base.records r USING (record_id)"
        " WHERE regexp_replace(r.name, $no_han, '', 'g') IN (SELECT unnest(CAST($han AS VARCHAR[])))"
        " OR NOT regexp_full_match(r.name, $everyday) GROUP BY ALL",
        params={
            "han": sorted({re.sub(_NO_HAN, "", key) for key in wanted}),
            "no_han": _NO_HAN,
            "everyday": _EVERYDAY,
        },
    )
    return _found(names, wanted, key_of)


def _english(connection: duckdb.DuckDBPyConnection, wanted: set[str]) -> dict[str, Bearers]:
    """Who bears each of the wanted English names, or bore it once, by what its sources state as such."""
    if not wanted:
        return {}
    names = connection.sql(
        "SELECT o.uscc, r.name_en, min(o.first_seq) FROM derived.observations o JOIN base.records r USING (record_id)"
        " WHERE r.name_en <> '' GROUP BY ALL"
    )
    return _found(names, wanted, english_name)


def _found(names: duckdb.DuckDBPyRelation, wanted: set[str], key: Callable[[str], str]) -> dict[str, Bearers]:
    found: dict[str, dict[str, int]] = {}
    for uscc, name, seq in _rows(names):
        if (own := key(name)) in wanted:
            bearers = found.setdefault(own, {})
            bearers[uscc] = min(seq, bearers.get(uscc, seq))
    return dict(found)


def _rows(names: duckdb.DuckDBPyRelation) -> Iterator[tuple[str, str, int]]:
    for batch in names.to_arrow_reader(_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


class _Alike:
    """Firms whose names are like those asked for: a book of only those that hold the core name of one."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, holders: Iterable[str]) -> None:
        self._names: list[tuple[str, int]] = []  # firm and seq of each name in the book
        words = sorted({word for holder in holders if (word := _word(holder))})
        self._book = NameBook(self._holding(connection, words) if words else ())

    def of(self, holder: str) -> dict[NameMatch, Bearers]:
        """Who may be meant by a name, by each way of matching that finds somebody, the surest first."""
        found = {}
        for match, numbers in self._book.ways(holder[:_LONGEST_NAME]) if key_of(holder) else ():
            bearers: dict[str, int] = {}
            for firm, seq in (self._names[int(number)] for number in numbers):
                bearers[firm] = min(seq, bearers.get(firm, seq))
            found[match] = bearers
        return dict(found)

    def _holding(self, connection: duckdb.DuckDBPyConnection, words: list[str]) -> Iterator[tuple[str, str]]:
        automaton = AhoCorasick(words, implementation=Implementation.ContiguousNFA)
        names = connection.sql(
            "SELECT o.uscc, r.name, min(o.first_seq) FROM derived.observations o JOIN base.records r USING (record_id)"
            " WHERE r.name <> '' GROUP BY ALL ORDER BY ALL"
        )
        for uscc, name, seq in _rows(names):
            plain = name if _PLAIN.fullmatch(name) else normal_name(name)
            if automaton.find_matches_as_indexes(plain):
                self._names.append((uscc, seq))
                yield str(len(self._names) - 1), name


def _word(holder: str) -> str:
    """What every name that is like this one must hold."""
    parts = company_name(holder)
    word = parts.core_name or parts.of(parts.trade) or parts.text
    return word if len(word) >= _SHORTEST_WORD and not parts.is_latin else ""
