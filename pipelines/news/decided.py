"""Whom names mean by people's word, laid over what the index finds: theirs wins, for one article or wherever it stands.

A name is the same name however its width, brackets and blanks are printed. A page that writes 上海某某 goes on with
某某: so what a person forbids counts with and without the place of registration before it, and so does what a person
allows where the rules find the name to be one of that firm's. Else a name that a person allows counts as written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ahocorasick_rs import AhoCorasick, Implementation

from pipelines.news.document import Document, document, fold, open_document
from pipelines.news.model import Mention, NearName, SharedName
from pipelines.news.names import NameIndex
from pipelines.news.rules import load_rules
from pipelines.news.whole_names import goes_on, stands, with_place

EVERYWHERE: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A person's word: whether `name` means `firm` in `article` (EVERYWHERE: wherever it stands).

    It stands since the one instant, until the other (UTC), if somebody withdrew it.
    """

    name: str
    firm: str
    verdict: Literal["same", "different", "unsure"]
    article: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Whom a page names, surely and perhaps."""

    mentions: tuple[Mention, ...]
    shared: tuple[SharedName, ...]
    near: tuple[NearName, ...]


_Span = Mention | NearName | SharedName


class DecidedNames:
    """People's words on names, arranged to be asked for one article at a time."""

    def __init__(self, words: Iterable[Word], known: Collection[str]) -> None:
        """`words`, oldest first: of those on the same name, article and firm the last counts, and on one article before
        one on everywhere. Only firms that are `known` can be meant.
        """
        self._words: dict[tuple[str, str, str], tuple[int, Word]] = {}
        self._firms: dict[str, set[str]] = {}  # that are spoken of, by folded name
        self._names: dict[str, set[str]] = {}  # folded names, by what is left of them without a place
        for number, word in enumerate(words):
            name = fold(word.name)
            self._words[name, word.article, word.firm] = (number, word)
            self._firms.setdefault(name, set()).add(word.firm)
            self._names.setdefault(without_place(name), set()).add(name)
        self._known = known
        self._meant = sorted({name for (name, _, _), (_, word) in self._words.items() if word.verdict == "same"})
        self._automaton = AhoCorasick(self._meant or ["\0"], implementation=Implementation.ContiguousNFA)

    def __bool__(self) -> bool:
        return bool(self._words)

    def find(self, index: NameIndex, title: str, text: str, article: str, as_of: int, *, here: bool = False) -> Found:
        """Whom a page names by the index (judged `as_of` then) and by people's words on this article or everywhere.

        `here`: the page is set in Putuo.
        """
        doc = open_document(title, text)
        by_rules, shared, near = index.look(doc, as_of, here=here)
        if not self._words:
            return Found(mentions=by_rules, shared=shared, near=near)
        whole = document(title, text)
        mentions = self._decided(doc, article, [*by_rules, *shared])
        mentions += self._cleared(whole, article, shared, mentions)
        mentions += self._left_alone(whole, article, shared, mentions)
        mentions += [
            mention
            for mention in by_rules
            if not self._forbids(whole[mention.start : mention.end], mention.firm, article)
            and not _overlaps(mention, mentions)
        ]
        left = [
            SharedName(start=name.start, end=name.end, firms=firms)
            for name in shared
            if not _overlaps(name, mentions)
            and (firms := self._left(whole[name.start : name.end], name.firms, article))
        ]
        unsure = [
            NearName(start=name.start, end=name.end, firms=firms, form=name.form)
            for name in near
            if not _overlaps(name, mentions)
            and (firms := self._left(whole[name.start : name.end], name.firms, article))
        ]
        return Found(
            mentions=tuple(sorted(mentions, key=lambda mention: mention.start)),
            shared=tuple(left),
            near=tuple(unsure),
        )

    def _decided(self, doc: Document, article: str, known: Sequence[_Span]) -> list[Mention]:
        """The names on the page that a person gave a firm; none within a longer name that the rules know."""
        found: list[Mention] = []
        for at, start, end in self._automaton.find_matches_as_indexes(doc.low, overlapping=True):
            word = self._means(self._meant[at], article) if self._meant else None
            if word is None or not _is_name(doc, start, end, word):
                continue
            is_placed = doc.low.startswith(load_rules().names.places, start)
            first, last = doc.original(start if is_placed else with_place(doc.low, start), end)
            found.append(Mention(firm=word.firm, start=first, end=last, form="person"))
        chosen: list[Mention] = []
        for mention in sorted(found, key=lambda one: (one.start - one.end, one.start)):
            longer = [one for one in known if one.end - one.start > mention.end - mention.start]
            if not _overlaps(mention, longer) and not _overlaps(mention, chosen):
                chosen.append(mention)
        return chosen

    def _cleared(
        self, whole: str, article: str, shared: Sequence[SharedName], decided: Sequence[Mention]
    ) -> list[Mention]:
        """The names of several firms that a person gave one of these, with or without the place before it."""
        found: list[Mention] = []
        for name in shared:
            spellings = sorted(self._names.get(without_place(fold(whole[name.start : name.end])), ()))
            words = [word for spelling in spellings if (word := self._means(spelling, article))]
            firms = {word.firm for word in words} & set(name.firms)
            if len(firms) == 1 and not _overlaps(name, decided):
                found.append(Mention(firm=firms.pop(), start=name.start, end=name.end, form="person"))
        return found

    def _left_alone(
        self, whole: str, article: str, shared: Sequence[SharedName], decided: Sequence[Mention]
    ) -> list[Mention]:
        """The names of several firms that, by people's word, are none of these but one's."""
        found: list[Mention] = []
        for name in shared:
            left = self._left(whole[name.start : name.end], name.firms, article)
            if len(left) == 1 < len(name.firms) and not _overlaps(name, decided):
                found.append(Mention(firm=left[0], start=name.start, end=name.end, form="person"))
        return found

    def _means(self, name: str, article: str) -> Word | None:
        """The word by which a folded name means a firm in an article; of several firms the last word counts."""
        same: list[tuple[bool, int, Word]] = []
        for firm in self._firms[name]:
            found = self._latest(name, article, firm)
            if found and found[1].verdict == "same" and firm in self._known:
                same.append((found[1].article != EVERYWHERE, *found))
        return max(same, key=lambda one: one[:2])[2] if same else None

    def _forbids(self, written: str, firm: str, article: str) -> Word | None:
        """The word by which a name, as written, must not be read as a firm."""
        name = fold(written)
        exact = self._latest(name, article, firm)
        names = [name] if exact else sorted(self._names.get(without_place(name), ()))
        for one in names:
            found = self._latest(one, article, firm)
            if found and found[1].verdict == "different":
                return found[1]
        return None

    def _left(self, written: str, firms: tuple[str, ...], article: str) -> tuple[str, ...]:
        return tuple(firm for firm in firms if not self._forbids(written, firm, article))

    def _latest(self, name: str, article: str, firm: str) -> tuple[int, Word] | None:
        return self._words.get((name, article, firm)) or self._words.get((name, EVERYWHERE, firm))


def without_place(folded: str) -> str:
    """A folded name without the place of registration that it begins with."""
    place = next((place for place in load_rules().names.places if folded.startswith(place)), "")
    return folded.removeprefix(place)


def _is_name(doc: Document, start: int, end: int, word: Word) -> bool:
    """Whether the words at this place are the name; of an article that a person read, only a longer name is not."""
    short = not doc.low[start:end].endswith(tuple(load_rules().names.forms))
    if word.article != EVERYWHERE:
        return not goes_on(doc, start, end, short=short)
    return stands(doc, start, end, short=short)


def _overlaps(one: _Span, others: Sequence[_Span]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
