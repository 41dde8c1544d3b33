"""How much a page says of life-health: which of its words, where they stand, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipelines.news.document import Document, Span, fold
from pipelines.news.rules import load_rules, load_terms
from pipelines.news.terms import Found, Terms, every

_INDUSTRY: Final = ("产业", " industry", " industries")  # behind a word: it is the industry that is meant
_IN_A_LIST: Final = 2  # so many other industries in the sentence
_FEWEST_ITEMS: Final = 3
_LONGEST_ITEM_EN: Final = 6  # words
_ITEM_EN: Final = re.compile(r",? and |, as well as | as well as |, ")
_ARTICLES: Final = ("a ", "an ", "the ")  # begin what is said of one, and no entry
_ITEM_ZH: Final = re.compile(r"[、/]|(?<=[\u4e00-\u9fff])(?:和|及|以及|与)(?=[\u4e00-\u9fff])")
_CLAUSE_ZH: Final = re.compile(r"[^,。;:!?\n]+")


@cache
def _terms() -> Terms[float]:
    lists = load_terms().life_health
    words = every(map(fold, lists.not_health), 0.0)
    words |= every(map(fold, lists.weak), load_rules().relevance.weak)
    words |= every(map(fold, lists.strong), 1.0)
    return Terms(words)


def find_health(doc: Document) -> list[Found[float]]:
    """The words of life-health in a page, in order, each with its weight."""
    return [found for found in _terms().find(doc.low) if found.value > 0]


def said_of_health(doc: Document, health: Sequence[Found[float]]) -> float:
    """How much is said of life-health: different words, those of the title twice, those said again a little more.

    What stands among other things in a list counts as one weak word, unless the page begins with it: a list says
    little of each. An industry that such a list begins with counts more. Weak words alone, however many, are those of
    doctors and patients (义诊, a health month), not of an industry.
    """
    title, rules = doc.low.find("\n"), load_rules().relevance
    words: dict[str, float] = {}
    listed: dict[int, float] = {}
    again, industries, lead = set[str](), _lists_of_industries(doc), _lead(doc)
    among = among_others(doc, health)
    for start, end, weight in health:
        word, sentence = doc.low[start:end], doc.sentence_at(start)
        counted = sentence in industries
        meant = weight > rules.weak and (doc.low.startswith(_INDUSTRY, end) or counted)
        worth = (rules.industry if meant else weight) * (2 if start < title else 1)
        if word in words:
            again.add(word)
        place = among.get(start)
        first = place is not None and place.is_first and weight > rules.weak
        if (sentence > lead and (place is not None or counted)) or (place is not None and not first and not counted):
            where = -1 - sentence if place is None else place.start
            listed[where] = max(listed.get(where, 0.0), rules.first if first else rules.weak)
            words.setdefault(word, 0.0)
        else:
            words[word] = max(words.get(word, 0.0), worth)
    said = sum(words.values()) + sum(listed.values()) + rules.weak * len(again)
    return said if any(found.value > rules.weak for found in health) else min(said, rules.civic)


def _lead(doc: Document) -> int:
    """The sentence that a page begins with behind its title; many pages print that once more."""
    texts = [doc.low[start:end].strip() for start, end in doc.sentences[:2]]
    return 2 if len(texts) > 1 and texts[0] == texts[1] else 1


@cache
def _industries() -> Terms[bool]:
    return Terms(every(map(fold, load_rules().relevance.industries), value=True))


def _lists_of_industries(doc: Document) -> frozenset[int]:
    """The sentences that count up industries."""
    named: dict[int, set[str]] = {}
    for start, end, _ in _industries().find(doc.low):
        named.setdefault(doc.sentence_at(start), set()).add(doc.low[start:end])
    return frozenset(sentence for sentence, words in named.items() if len(words) >= _IN_A_LIST)


# -------------------------------------------------------------------------------------------------------- lists


@dataclass(frozen=True, slots=True)
class _Listed:
    """Where the list begins in which a word stands among other things, and whether it is in its first entry."""

    start: int
    is_first: bool


def among_others(doc: Document, health: Sequence[Found[float]]) -> dict[int, _Listed]:
    """The words, by their place, that stand in a list of which less than half speaks of life-health."""
    found: dict[int, _Listed] = {}
    said: dict[int, list[Found[float]]] = {}
    for word in health:
        said.setdefault(doc.sentence_at(word.start), []).append(word)
    for index, words in said.items():
        for items in _lists_in(doc, doc.sentences[index]):
            own = [[word.start for word in words if item.start <= word.start < item.end] for item in items]
            if 2 * sum(map(bool, own)) < len(items):
                for number, starts in enumerate(own):
                    # With a capital it is a piece of a name, and no thing among others.
                    things = (start for start in starts if not doc.plain[start].isupper())
                    found |= {start: _Listed(items[0].start, number == 0) for start in things}
    return found


def _lists_in(doc: Document, sentence: Span) -> Iterator[list[Span]]:
    """The lists in a sentence, each as its entries: 甲、乙和丙, a, b and c."""
    if doc.low.find("、", *sentence) >= 0:
        for clause in _CLAUSE_ZH.finditer(doc.low, *sentence):
            items = _cut(doc.low, _ITEM_ZH, Span(*clause.span()))
            if len(items) >= _FEWEST_ITEMS and doc.low.find("、", *clause.span()) >= 0:
                yield items
    if doc.low.find(", ", *sentence) >= 0:
        yield from _lists_in_english(doc, sentence)


def _lists_in_english(doc: Document, sentence: Span) -> Iterator[list[Span]]:
    """The lists of short entries in an English sentence."""
    run: list[Span] = []
    for item in _cut(doc.low, _ITEM_EN, sentence):
        words = doc.low.count(" ", item.start, item.end) + 1
        is_item = words <= _LONGEST_ITEM_EN and item.end - item.start > 1 and doc.low[item.start].isascii()
        if is_item and not doc.low.startswith(_ARTICLES, item.start):
            run.append(item)
            continue
        if len(run) >= _FEWEST_ITEMS:
            yield run
        run = []
    if len(run) >= _FEWEST_ITEMS:
        yield run


def _cut(low: str, at: re.Pattern[str], span: Span) -> list[Span]:
    cuts = [match.span() for match in at.finditer(low, *span)]
    begins, ends = [span.start, *(cut[1] for cut in cuts)], [*(cut[0] for cut in cuts), span.end]
    return [Span(*pair) for pair in zip(begins, ends, strict=True)]
