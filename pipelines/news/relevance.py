"""Whether a page is about life-health in Putuo: how much it says of either, and by which words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from urllib.parse import urlsplit

from pipelines.event_kinds import CATEGORY
from pipelines.news.document import Document, fold
from pipelines.news.industry_firms import has_firm
from pipelines.news.life_health import among_others, said_of_health
from pipelines.news.model import Statement
from pipelines.news.page import Page
from pipelines.news.places import Named, Whose
from pipelines.news.rules import load_rules, load_terms, load_well_known
from pipelines.news.terms import Found, Terms, every

_HELD_THERE = re.compile(r"(?:内|里)?(?:成功|隆重|圆满|正式)?(?:举行|召开|举办|开幕|启幕|落幕)")
_HELD_AT = re.compile(r"\b(?:held|took place|takes place|hosted|opened)\b[^.,;]{0,24}\b(?:at|in) the $")
_HOUSE_AHEAD = re.compile(
    r"[\u4e00-\u9fff()]{1,14}?(?:公司|集团|医院|门诊部|诊所|护理院|养老院|药房|研究院)"
    r"|[a-z]+(?: [a-z]+){0,3},? (?:co|ltd|inc|hospital|clinic)\b"
)
_OFTEN = 4
_HERE = ("headquarters_set_up", "premises_added")  # expansions that bring somebody here too
_ABOUT = 2  # places named so often are what the page is about
_MUCH = 3  # one in so many
_LEAD = 3  # sentences, the title's first


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is about; `reasons` are spans of the folded text."""

    relevant: bool
    score: float
    reasons: tuple[tuple[int, int], ...]
    in_putuo: bool
    life_health: bool


@cache
def _own_words() -> Terms[bool]:
    return Terms(every(load_terms().putuo.own, value=True))


def is_our_site(url: str) -> bool:
    """Whether an address is the district's own, so that what it tells is told of the district."""
    host = urlsplit(url).hostname or ""
    return any(host == own or host.endswith(f".{own}") for own in load_rules().relevance.sites)


def judge(doc: Document, places: list[Named], health: list[Found[float]], kind: str, *, own_site: bool) -> Verdict:
    """What the page is about. A filing is the district's own, a document names the district or says 我区.

    A page of the district's own site needs not name it.
    """
    rules = load_rules().relevance
    ours = [named for named in places if named.place.whose is Whose.OURS]
    in_putuo, putuo, proofs = _putuo(doc, places, ours, kind, own_site=own_site)
    said = said_of_health(doc, health)
    said += _of_places(doc, ours, said) or (_of_parks(doc, ours) if said > 0 else 0.0)
    if in_putuo and said < rules.life_health and health and has_firm(doc, health):
        said += rules.firm
    life_health = said >= rules.life_health
    much = min(1.0, max(0.0, said - rules.passing) / (rules.health_full - rules.passing))
    score = sqrt(min(1.0, putuo) * much) if in_putuo and life_health else 0.0
    home = _home(doc)
    if home:
        in_putuo, life_health, score = True, True, max(score, rules.home)
        health = [*home, *health]
    reasons = _reasons(doc, [(named.start, named.end) for named in proofs], health)
    return Verdict(score >= rules.enough, round(score, 3), reasons, in_putuo, life_health)


@cache
def _home_names() -> Terms[float]:
    return Terms(every(map(fold, load_well_known().home), 1.0))


def _home(doc: Document) -> list[Found[float]]:
    """The firms of ours that the page is about: in its title, or named again and again."""
    title = doc.low.find("\n")
    found = _home_names().find(doc.low)
    return found if len(found) >= _OFTEN or any(one.start < title for one in found) else []


def with_events(verdict: Verdict, page: Page, health: list[Found[float]], statements: Iterable[Statement]) -> Verdict:
    """The verdict on a page that states who of the industry comes to us or leaves: it is about that."""
    if verdict.relevant or not verdict.in_putuo or not any(_moves_one(page, health, one) for one in statements):
        return verdict
    return replace(verdict, relevant=True, score=max(verdict.score, load_rules().relevance.event), life_health=True)


def _moves_one(page: Page, health: list[Found[float]], statement: Statement) -> bool:
    """Whether a statement moves somebody, in a sentence that names a place of ours and speaks of life-health alone."""
    if CATEGORY[statement.kind] == "expansion" and statement.kind not in _HERE:
        return False
    start, end = page.doc.folded(statement.start, statement.end)
    ours = any(named.place.whose is Whose.OURS and named.place.proves for named in page.within(start, end))
    words = [word for word in health if start <= word.start < end and _is_ones(page.doc, word)]
    return ours and bool(words) and len(among_others(page.doc, words)) < len(words)


def _is_ones(doc: Document, word: Found[float]) -> bool:
    """Whether a word is of the industry, and not only of doctors: a strong one, or one in the name of a house."""
    return word.value > load_rules().relevance.weak or _HOUSE_AHEAD.match(doc.low, word.start) is not None


def _putuo(
    doc: Document, places: list[Named], ours: list[Named], kind: str, *, own_site: bool
) -> tuple[bool, float, list[Named]]:
    """Whether the page is in Putuo, how much of it (0 to 1), and the mentions that say so."""
    rules = load_rules().relevance
    proofs = [named for named in ours if named.place.proves]
    rivals = (Whose.ELSEWHERE, Whose.ZHOUSHAN)
    others = [named for named in places if named.place.whose in rivals and not named.in_name]
    if not proofs and not own_site:
        own = kind == "filing" or (kind == "document" and bool(_own_words().find(doc.low)))
        return own and not others, float(own and not others), []
    here, there = _weight(doc, proofs) + (rules.putuo_full if own_site else 0.0), _weight(doc, others)
    if not others:
        here = max(here, rules.putuo_alone)
    return True, min(1.0, here / rules.putuo_full) * here / (here + there), [*proofs, *ours]


def _weight(doc: Document, places: list[Named]) -> float:
    title = doc.low.find("\n")
    return sum(load_rules().relevance.title if named.start < title else 1 for named in places)


def _is_venue(doc: Document, named: Named) -> bool:
    """Whether something only took place there, whatever it was about."""
    return (
        _HELD_THERE.match(doc.low, named.end) is not None
        or _HELD_AT.search(doc.low, max(0, named.start - 48), named.start) is not None
    )


def _of_places(doc: Document, ours: list[Named], said: float) -> float:
    """What the places made for life-health add: those of the title twice, others where the page is about them.

    A page without a word of life-health is about them only where it begins with them, or names little else here.
    """
    title, worth = doc.low.find("\n"), load_rules().relevance.place
    named_so = [named for named in ours if named.place.life_health]
    if any(named.start < title for named in named_so if not named.in_name and not _is_venue(doc, named)):
        return 2 * worth
    often = sum(1 for named in named_so if not named.in_name and not _is_venue(doc, named))
    begins = any(doc.sentence_at(named.start) <= _LEAD for named in named_so)
    about = often >= _ABOUT and (said > 0 or begins or often * _MUCH >= len(ours))
    in_title = any(named.start < title for named in named_so)
    return worth * (2 if in_title else 1) if about else 0.0


def _of_parks(doc: Document, ours: list[Named]) -> float:
    """What a park adds that is partly for life-health, if the page is about it: in its title, or named often.

    Once it is named, the quarter that it lies in may be named for it.
    """
    title, most = doc.low.find("\n"), 0
    for park, quarters in load_rules().relevance.parks.items():
        places = [named for named in ours if not named.in_name and not _is_venue(doc, named)]
        own = [named for named in places if named.place.id == park]
        around = [named for named in places if named.place.id in quarters] if own else []
        often = sum(_OFTEN if named.start < title else 1 for named in own) + len(around)
        most = max(most, often)
    return load_rules().relevance.park if most >= _OFTEN else 0.0


def _reasons(doc: Document, proofs: list[tuple[int, int]], health: list[Found[float]]) -> tuple[tuple[int, int], ...]:
    """The first mention of each word that decided: half of them places, half of life-health."""
    half = load_rules().relevance.reasons // 2
    strongest = sorted(health, key=lambda found: (-found.value, found.start))
    chosen = _first_of_each(doc, proofs, half)
    return (*chosen, *_first_of_each(doc, [(found.start, found.end) for found in strongest], half))


def _first_of_each(doc: Document, spans: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    chosen: dict[str, tuple[int, int]] = {}
    for start, end in spans:
        if len(chosen) == most:
            break
        chosen.setdefault(doc.low[start:end], (start, end))
    return list(chosen.values())
