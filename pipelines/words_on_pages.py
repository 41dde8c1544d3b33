"""What people said of the names on a page, and whom these meant by that from when on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation

from pipelines.news import DecidedNames, Mention, NameIndex, Word
from pipelines.news.decided import EVERYWHERE, without_place
from pipelines.news.document import fold, open_document
from pipelines.page_version import PageVersion
from pipelines.word_times import turns

_NOTHING: Final = "\0"  # stands on no page


class WordsOnPages:
    """People's words on names, those that were withdrawn too, arranged to be asked for one page at a time."""

    def __init__(self, rules: NameIndex, words: Sequence[Word], known: Collection[str]) -> None:
        """`words`, oldest first. Only firms that are `known` can be meant; where nobody spoke the `rules` decide."""
        self._rules = rules
        self._known = known
        self._words: dict[str, list[tuple[int, Word]]] = {}
        for number, word in enumerate(words):
            # 上海某某 and 某某 are one name: a word on the one may speak of the other.
            name = fold(word.name)
            self._words.setdefault(without_place(name) or name, []).append((number, word))
        self._names = sorted(self._words)
        self._automaton = AhoCorasick(self._names or [_NOTHING], implementation=Implementation.ContiguousNFA)

    def turns(self, version: PageVersion) -> Iterator[tuple[datetime | None, tuple[Mention, ...]]]:
        """Whom the page names, from the beginning (None) and from each word on; nothing where nobody spoke of it."""
        if words := self._on(version):
            for turn, standing in turns(words):
                decided = DecidedNames(standing, self._known)
                found = decided.find(
                    self._rules, version.title, version.text, version.article_id, version.seq, here=version.in_putuo
                )
                yield turn, found.mentions

    def _on(self, version: PageVersion) -> list[Word]:
        """The words that may have a say on the page, oldest first."""
        if not self._names:
            return []
        written = open_document(version.title, version.text).low
        at = {at for at, *_ in self._automaton.find_matches_as_indexes(written, overlapping=True)}
        said = sorted(one for place in at for one in self._words[self._names[place]])
        return [word for _, word in said if word.article in (EVERYWHERE, version.article_id)]
