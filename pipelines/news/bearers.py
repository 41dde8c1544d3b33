"""Who may be meant by a name, as known at a time: those who bear it, and rivals who hold it in a longer name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from pipelines.news.document import fold
from pipelines.resolve.names import parent_name

MOST_BEARERS: Final = 8  # what more firms share is a common word, and no name that a person could clear up


class Claim(NamedTuple):
    """A firm that a name may mean. Who does not bear it holds it in a longer name, which makes it ambiguous."""

    since: int
    firm: str
    bears: bool


def meant(claims: Sequence[Claim], as_of: int | None) -> tuple[str, ...]:
    """The firms that may be meant, in order: one where it is that firm's name; none where nobody known bears it."""
    if len(claims) > 1 and as_of is not None:
        known = [claim for claim in claims if claim.since <= as_of]
        first = min(claim.since for claim in claims)
        claims = known or [claim for claim in claims if claim.since == first]
    if not any(claim.bears for claim in claims):
        return ()
    return tuple(sorted({claim.firm for claim in claims}))


def holding(words: Sequence[str], names: Iterable[str]) -> Mapping[str, list[str]]:
    """The names that hold each of the words; a branch does not hold its parent's."""
    found: dict[str, list[str]] = {word: [] for word in words}
    if not words:
        return found
    automaton = AhoCorasick(list(words), implementation=Implementation.ContiguousNFA)
    for name in names:
        for index in {hit[0] for hit in automaton.find_matches_as_indexes(name, overlapping=True)}:
            if not _is_branch_of(name, words[index]):
                found[words[index]].append(name)
    return found


def _is_branch_of(name: str, word: str) -> bool:
    parent = parent_name(name)
    return bool(parent) and word in fold(parent)
