"""What could be a firm's name at all: it has a brand beside its place, its trade and its legal form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crawler.fields.words import any_of
from pipelines.locate.reference import divisions
from pipelines.news.document import fold
from pipelines.news.places import names_of_ours
from pipelines.news.rules import Words, load_rules, load_terms, read_data

_FILE: Final = Path(__file__).with_name("candidates.toml")
_BRAND: Final = 2  # characters, as for names that the register knows
_BRAND_EN: Final = 3
_LONGEST: Final = 40
_LONGEST_SHORT: Final = 12
_LONGEST_EN: Final = 100
_WITH_PLACE: Final = 3  # words
_LONGEST_OF_A_DISTRICT: Final = 5  # a name of ours as long as this is a park's
_HOUSES: Final = ("医院", "研究院", "研究所")
_NUMBER: Final = "一二两三四五六七八九十百千"
_NO_LETTER = re.compile(r"[^\w]")
_NOT_IN_A_NAME = re.compile(
    rf"[×某各你的了与]|xx|^[等及、,]|^[0-9.]+(?:[余多]?[家户个名所项款台种]|$)|^[{_NUMBER}]+(?:(?<=..)|[余多])[家户]"
    # 梅川路门诊部 is a house's site, by its road.
    r"|[路街弄](?:门诊部|诊所|大?药房)$"
)

Share = Annotated[float, Field(gt=0, le=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Confidence(_Table):
    """What each plain fact adds to how sure an event is."""

    full: Share
    short: Share
    named: Share
    brand: Share
    placed: Share
    dated: Share
    relevant: Share


class CandidateRules(_Table):
    """candidates.toml."""

    version: str
    forms: Words
    forms_en: Words
    institutions: Words
    institutions_en: Words
    no_institutions: Words
    no_institution_ends: Words
    no_institutions_en: Words
    no_heads_en: Words
    no_houses_en: Words
    offices_en: Words
    in_institutions: Words
    universities: Words
    brands: Words
    of_university: Words
    sites: Words
    verbs: Words
    by_the_way: Words
    parts: Words
    publishers: Words
    of_house: Words
    no_firms: Words
    no_firm_ahead: Words
    no_firms_en: Words
    suffixes: Words
    suffixes_en: Words
    not_anywhere: Words
    offices: Words
    acronyms: Words
    surnames: Annotated[str, StringConstraints(min_length=1)]
    surnames_en: Words
    person_after: Words
    person_before: Words
    titles_en: Words
    persons_houses: Words
    products: Words
    is_firm_before: Words
    is_firm_after: Words
    firm_en: Words
    persons_en: Words
    leads: Words
    after_list: Words
    joined_hosts: Words
    modifiers: Words
    modifiers_en: Words
    confidence: Confidence


def read_candidate_rules(path: Path) -> CandidateRules:
    """The rules of a file. Raises `RulesError` with the file and the place in it."""
    return read_data(path, CandidateRules)


@cache
def candidate_rules() -> CandidateRules:
    """The rules of `candidates.toml`, read once."""
    return read_candidate_rules(_FILE)


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that are no brand, arranged to be taken away."""

    chinese: re.Pattern[str]  # words of two characters or more
    single: str  # and those of one
    how: re.Pattern[str]  # words of two characters or more that only say how or how many
    english: frozenset[str]
    heads: frozenset[str]  # divisions that names begin with
    lengths: tuple[int, ...]  # of these, the longest first
    trades: frozenset[str]


@cache
def _words() -> _Words:
    rules, terms = candidate_rules(), load_terms()
    generic = load_rules().names.generic
    places = {*_divisions(), *names_of_ours(), *(fold(name) for name in terms.elsewhere.names)}
    unbranded = (*generic, *places, *rules.modifiers_en, *rules.forms_en, *rules.suffixes_en)
    english = {word.strip(".,") for name in unbranded if name.isascii() for word in name.split()}
    trades = {
        fold(word) for word in (*terms.life_health.strong, *terms.life_health.weak, *terms.life_health.not_health)
    }
    chinese = (*generic, *rules.modifiers, *rules.forms, *(name for name in places if not name.isascii()))
    # 新 and 本 are no brand at its head (新项目), but in it they may be: 样本.
    long = re.compile(any_of({word for word in chinese if len(word) > 1}))
    how = re.compile(any_of({word for word in rules.modifiers if len(word) > 1}))
    heads = frozenset(_divisions())
    lengths = tuple(sorted({len(name) for name in heads}, reverse=True))
    short = "".join(word for word in chinese if len(word) == 1)
    return _Words(long, short, how, frozenset(english), heads, lengths, frozenset(trades))


def _divisions() -> set[str]:
    """Provinces, cities and Shanghai's districts as names begin with them."""
    names = {"上海市", "上海", "中国"}
    for province in divisions()["province"]:
        names |= {province["name"], province["short"]}
        for city in province["cities"]:
            names |= {city.split(" ")[1], city.split(" ")[1].removesuffix("市")}
    for district in divisions()["shanghai"]:
        names |= {district["name"], district["short"]}
    return {name for name in names if len(name) > 1}


def is_trade(word: str) -> bool:
    """Whether a folded word is one of the industry, of a place, or says how or how many: no brand is left of it."""
    return word in _words().trades or not brand_of(word)


@lru_cache(maxsize=4096)  # a page asks again and again
def brand_of(name: str) -> str:
    """What is left of a folded name without words that are no brand; the letters and characters alone."""
    if name.isascii():
        words = re.findall(r"[a-z0-9&'.-]+", name)
        return "".join(word for word in words if word.strip(".") not in _words().english)
    return _NO_LETTER.sub("", _words().chinese.sub("", name)).lstrip(_words().single)


def says_what(name: str) -> str:
    """What is left of a folded name without the place at its head and words that only say how, which or how many."""
    return _words().how.sub("", name.removeprefix(place_at_head(name)))


def is_full_name(name: str) -> bool:
    """Whether a folded Chinese name that ends in a legal form has a brand, or is an institution of a place."""
    if len(name) > _LONGEST or _NOT_IN_A_NAME.search(name):
        return False
    form = next((form for form in candidate_rules().forms if name.endswith(form)), "")
    if len(brand_of(name.removesuffix(form))) >= _BRAND or _is_of_our_place(name.removesuffix(form)):
        return True
    place = place_at_head(name)
    if not place or not form:
        return False
    # 上海市儿童医院, 上海医药集团药品销售有限公司: the trade is the brand, but for words that only say how or how many.
    rest = _words().how.sub("", name.removesuffix(form)[len(place) :])
    return len(name.removesuffix(form)) - len(place) >= 2 if form in _HOUSES and rest else len(rest) >= 6


def _is_of_our_place(name: str) -> bool:
    """Whether a name without its form is one of our parks': the firm that runs it."""
    name = re.sub(r"\((?:上海|普陀|集团)\)$", "", name)
    return len(name) >= _LONGEST_OF_A_DISTRICT and name in names_of_ours()


def place_heads() -> frozenset[str]:
    """The divisions that names begin with: provinces, cities, Shanghai's districts."""
    return _words().heads


def place_at_head(name: str) -> str:
    """The place that a folded name begins with, or ""."""
    heads = _words().heads
    return next((name[:length] for length in _words().lengths if name[:length] in heads), "")


def is_short_name(name: str) -> bool:
    """Whether a folded Chinese name without a legal form ends in a word of trades with a brand before it."""
    if not 3 <= len(name) <= _LONGEST_SHORT or _NOT_IN_A_NAME.search(name) or name in _words().trades:
        return False
    brand = brand_of(name)
    return (
        name.endswith(candidate_rules().suffixes) and len(brand) >= _BRAND and brand not in candidate_rules().acronyms
    )


def is_branded(name: str) -> bool:
    """Whether a folded Chinese word holds a brand, and is no authority's, school's or society's name."""
    is_firm = not name.endswith(candidate_rules().no_firms) and not _NOT_IN_A_NAME.search(name)
    return is_firm and len(name) <= _LONGEST_SHORT and len(brand_of(name)) >= _BRAND


def is_bare_brand(name: str) -> bool:
    """Whether a folded Chinese word could be a brand alone, if what stands beside it says so; no person's name."""
    plain = re.fullmatch(r"[a-z0-9-]{0,20}[\u4e00-\u9fff]{0,6}", name) is not None and len(name) >= 2
    rules = candidate_rules()
    if name.endswith(rules.no_firms) or (len(name) <= 3 and name.startswith(tuple(rules.surnames))):
        return False
    return plain and not _NOT_IN_A_NAME.search(name) and name not in _words().trades and brand_of(name) == name


def is_product(name: str) -> bool:
    """Whether a folded name is one of a product that a trade follows: 达芬奇机器人."""
    rules = candidate_rules()
    return any(
        name.startswith(product) and name.removeprefix(product).endswith(rules.suffixes) for product in rules.products
    )


def is_english_name(name: str) -> bool:
    """Whether a folded English name has a brand beside its form, trade and place."""
    rules, words = candidate_rules(), name.split()
    is_firm = bool(words) and words[-1] not in rules.no_firms_en and not set(words) & set(rules.persons_en)
    return is_firm and len(brand_of(name)) >= _BRAND_EN and len(name) <= _LONGEST_EN


def is_english_trade(name: str) -> bool:
    """Whether an English name has a trade between a place and a form, as in a list of firms: Shanghai Bio Group."""
    words = name.split()
    return (
        len(words) >= _WITH_PLACE
        and words[0] in ("shanghai", "china", "beijing")
        and words[-1] in candidate_rules().forms_en
    )


def without_lead(text: str) -> int:
    """Where in a folded text, that ends with a name's brand, the name begins: behind the last word that leads to it."""
    best = 0
    for match in _leads().finditer(text):
        if match.end() < len(text):
            best = match.end()
    return best


@cache
def _leads() -> re.Pattern[str]:
    rules = candidate_rules()
    hosts = "|".join(f"(?<={re.escape(host)})" for host in (*rules.joined_hosts, *rules.suffixes))
    return re.compile(
        rf"[0-9]+(?:年|月|日|家|个)(?!大药房)|(?=[和同等])(?:{hosts}|^)[和同等]"
        rf"|(?=[为向对])(?:^|(?<=[会府局委方镇区院导]))[为向对]|{any_of(rules.leads)}"
    )
