"""English names of firms without a legal form, where the sentence makes them firms; and of institutions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.brands import brand_of, candidate_rules, is_english_name, is_english_trade
from pipelines.news.document import Document, Span
from pipelines.news.full_names import english_head
from pipelines.news.persons import is_person_en
from pipelines.news.places import names_of_ours
from pipelines.news.rules import load_rules, load_terms

_MOST_LISTS: Final = 100
_MOST_ITEMS: Final = 30
_MOST_INSTITUTIONS: Final = 500
_LONGEST_HEAD: Final = 80
_BRAND_EN: Final = 3
_PLACED_WORDS: Final = 2  # Shanghai Children's Hospital
_WORD = r"[A-Z](?:[\w&-]|[’'](?!s\b(?! [A-Z]))|[.](?=\w))*"
_GOES_ON = r"(?! (?:[A-Z]\w+ ){0,2}(?:Center|Centre|Group|Co|Company|Bureau|Commission|Association)\b)"
_WORD_OF = r"[A-Z][\w’'-]{0,30}"
_ENDS_A_NAME = re.compile(rf"(?:{_WORD_OF} ){{0,5}}(?P<last>{_WORD_OF})$")
_JOINT_EN = re.compile(r", as well as | as well as |, and |, | and ")
# China's National Eastern …, multinational healthcare giants Roche and …: what stands before a name in a list.
_OF_A_COUNTRY = re.compile(
    r"(?:the |[A-Z][a-z]+(?:’s|'s) )?(?:[a-z]+ ){0,4}"
    r"(?:makers?|brands?|firms?|compan(?:y|ies)|giants?|incubators?|startups?) (?=[A-Z])"
    r"|(?:the |[A-Z][a-z]+(?:’s|'s) )(?=[A-Z])"
)
_NAMES_EN = re.compile(rf"(?P<head>{_WORD}(?: (?:{_WORD}|&))*)(?: medical technology| incubator| accelerator)?")
_LONGEST_AUTHORITY: Final = 80
# Before a name that is the end of another's: Ministry of Industry and Information Technology.
_OF_AN_AUTHORITY = re.compile(
    r"\b(?:Ministry|Commission|Bureau|Administration|Department|Committee|Council|Academy|School|College|Faculty|Office)"
    r" (?:of|for|on) (?:[A-Z][\w&-]*,? |and |the )*$"
)


@cache
def _firm_words() -> str:
    return any_of(candidate_rules().firm_en)


@cache
def _apposition() -> re.Pattern[str]:
    return re.compile(rf",? (?:an?|the) [^,.;]{{0,60}}?\b(?:{_firm_words()})\b[^,.;]{{0,40}}, ?")


def apposition(doc: Document, end: int) -> int:
    """Where the words behind an English name end that say what firm it is: , a medical device company,"""
    match = _apposition().match(doc.low, end, end + 120)
    return match.end() if match and not _persons().search(match[0]) else end


@cache
def _persons() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(candidate_rules().persons_en)})\b")


def subject_en(doc: Document, start: int, trigger: int) -> Iterator[Span]:
    """The capitalised words right before an English event, or before the apposition that goes between."""
    light = set(load_rules().attribute.light_en)
    end = trigger
    while match := re.search(r"([a-z]+)[ ,]*$", doc.low[start:end]):
        if match[1] not in light or doc.plain[start + match.start()].isupper():
            break
        end = start + match.start()
    for match in _NAMES_EN.finditer(doc.plain, start, end):
        said = apposition(doc, match.end())
        near = doc.low[match.end() : end].strip(" ,")
        if near and said < end - 1:
            continue
        head = _head_en(doc, match)
        text = doc.low[head : match.end()]
        if is_english_name(text) and _is_firm_en(doc, head, match.end(), said):
            yield Span(head, match.end())


def _is_firm_en(doc: Document, start: int, end: int, said: int) -> bool:
    """Whether an English name is a firm's by its last word, its spelling, or what is said beside it: no person's."""
    words = doc.low[start:end].split()
    if (
        said > end
        or words[-1] in candidate_rules().suffixes_en
        or " ".join(words[-2:]) in candidate_rules().suffixes_en
    ):
        return True
    plain = doc.plain[start:end]
    if " " not in plain and re.search(r"[A-Z].*[A-Z]", plain):  # CHIC, StartupEast
        return True
    return re.search(rf"\b(?:{_firm_words()}) (?:named |called )?$", doc.low[max(0, start - 30) : start]) is not None


def lists_en(doc: Document) -> Iterator[Span]:
    """The English names behind words of firms: companies such as A, B and C; another firm, A, …; the startup A."""
    for number, match in enumerate(_lead_en().finditer(doc.low)):
        if number == _MOST_LISTS:
            return
        if _persons().search(match[0]):
            continue
        yield from _listed_en(doc, match.end(), is_list=match["listed"] is not None)


def _listed_en(doc: Document, at: int, *, is_list: bool) -> Iterator[Span]:
    """The names of an English list that begins at a place; of one firm told by what it is, the name right behind."""
    for _ in range(_MOST_ITEMS):
        lead = _OF_A_COUNTRY.match(doc.plain, at)
        at = lead.end() if lead else at
        name = _NAMES_EN.match(doc.plain, at + _leading_number(doc.plain, at), at + 100)
        if name is None:
            return
        text = name[0].lower()
        # Two capitalised words may be a person: at a company, Wei Huaxu, 35, …
        if not is_list and (not is_english_name(text) or (len(text.split()) == 2 and not _ends_in_trade(text))):
            return
        if is_english_name(text) or (is_list and is_english_trade(text)):
            yield Span(at, name.end())
        joint = _JOINT_EN.match(doc.low, name.end())
        if joint is None:
            return
        at = joint.end()


def _leading_number(plain: str, at: int) -> int:
    """How long the number is that a name begins with: 360 Vision."""
    number = re.match(r"[0-9]{1,4} (?=[A-Z])", plain[at : at + 6])
    return number.end() if number else 0


@cache
def _lead_en() -> re.Pattern[str]:
    listed = rf"\b(?:{_firm_words()})[^.;:\n]{{0,20}}?[, ] ?(?:including|such as|like|namely) "
    told = rf"\b(?:one|another|an?) [^,.;:\n]{{0,30}}?\b(?:{_firm_words()})[^,.;:\n]{{0,20}}, "
    return re.compile(
        rf"(?P<listed>{listed})(?:israeli )?(?:(?:{_firm_words()}) )?|{told}|\b(?:{_firm_words()}) (?=[a-z])"
    )


def _ends_in_trade(name: str) -> bool:
    words = name.split()
    return words[-1] in candidate_rules().suffixes_en or " ".join(words[-2:]) in candidate_rules().suffixes_en


def brands_en(doc: Document) -> Iterator[Span]:
    """English names in the body that end in a word of trades: Aozhen Bio. Of a title in capitals nothing is read."""
    body = doc.low.find("\n") + 1
    for number, match in enumerate(_NAMES_EN.finditer(doc.plain, body)):
        if number == 20 * _MOST_LISTS:
            return
        words = match[0].lower().split()
        if len(words) < 2 or len(words) > 6:
            continue
        if not _ends_in_trade(match[0].lower()):
            continue
        head = _head_en(doc, match)
        if _OF_AN_AUTHORITY.search(doc.plain, max(body, head - _LONGEST_AUTHORITY), head):
            continue
        if is_english_name(doc.low[head : match.end()]):
            yield Span(head, match.end())


def _head_en(doc: Document, match: re.Match[str]) -> int:
    """Where a name of capitalised words begins: behind words that only lead to it."""
    if " " not in match["head"]:
        return match.start()
    last = match["head"].rindex(" ") + match.start() + 1
    head = english_head(doc.plain, match.start(), last)
    return match.start() if head is None else head


def institutions_en(doc: Document) -> Iterator[Span]:
    """English institutions in a folded page: hospitals, institutes, banks, centres, with what they are of or for."""
    for number, match in enumerate(_institution_en().finditer(doc.plain)):
        if number == _MOST_INSTITUTIONS:
            return
        floor, rules = max(0, match.start() - _LONGEST_HEAD), candidate_rules()
        begin = english_head(doc.plain, floor, match.start())
        if begin is None:  # National Eastern Transfer Center: no brand, but more than one word
            begin = english_head(doc.plain, floor, match.start(), leads=rules.no_heads_en)
        if begin is None or _is_persons_house(doc, begin, match.start()):
            continue
        before, name = doc.low[begin : match.start()].split(), doc.low[begin : match.end()]
        if name.split()[0] in rules.no_heads_en or name.startswith(rules.no_institutions_en) or _is_park(name):
            continue
        is_branded = len(brand_of(name)) >= _BRAND_EN
        if not is_branded and doc.low.endswith((" a ", " an "), 0, begin):
            continue  # a Digital Medical Center: what shall be, and no name
        said = len(before) >= _PLACED_WORDS or match["of"] or name.endswith("university")
        if said or is_branded:
            yield Span(begin, match.end())


def _is_persons_house(doc: Document, begin: int, form: int) -> bool:
    """Whether an English institution bears a person's name alone, with a title or without."""
    name = doc.low[begin:form].strip()
    titles = candidate_rules().titles_en
    return name.split(" ")[0] in titles or doc.low[:begin].rstrip().endswith(titles) or is_person_en(name)


def _is_park(name: str) -> bool:
    """Whether a folded name is that of a park of ours, where firms are; hospitals and universities are places too."""
    is_house = name.endswith(candidate_rules().by_the_way) and " of " not in name
    return not is_house and name.removesuffix(" shanghai") in names_of_ours()


@cache
def _institution_en() -> re.Pattern[str]:
    forms = any_of(candidate_rules().institutions_en)
    small = rf"{_WORD_OF}|(?:and|&|of)(?= [A-Z])"
    return re.compile(
        rf"(?<= )(?:{forms})(?![\w’'-]){_GOES_ON}(?P<of>(?: (?:of|for) {_WORD_OF}(?: (?:{small})){{0,4}})?)"
    )


def offices_en(doc: Document) -> Iterator[Span]:
    """English names behind the office of one who leads them: founder of Oakfen, general manager at Oakfen."""
    for number, match in enumerate(_office_en().finditer(doc.low)):
        if number == _MOST_LISTS:
            return
        name = _NAMES_EN.match(doc.plain, match.end(), match.end() + 100)
        if name is not None and _is_house_en(doc, name.span()):
            yield Span(*name.span())


def told_en(doc: Document) -> Iterator[Span]:
    """English names behind which stands what firm they are: Oakfen, a medical device company, …"""
    for number, match in enumerate(_apposition().finditer(doc.low)):
        if number == _MOST_LISTS:
            return
        if not match[0].startswith(",") or _persons().search(match[0]):
            continue
        name = _ENDS_A_NAME.search(doc.plain, max(0, match.start() - _LONGEST_HEAD), match.start())
        if name is None:
            continue
        begin = name.start()
        head = english_head(doc.plain, begin, name.start("last"))
        begin = begin if head is None else head
        if _is_house_en(doc, (begin, match.start())):
            yield Span(begin, match.start())


def _is_house_en(doc: Document, span: tuple[int, int]) -> bool:
    text = doc.low[span[0] : span[1]]
    words = text.split()
    rules = candidate_rules()
    is_house = is_english_name(text) and text not in rules.acronyms and not set(words) & set(rules.no_houses_en)
    return is_house and not _is_authoritys(doc.plain, doc.plain[span[0] : span[1]])


def _is_authoritys(plain: str, initials: str) -> bool:
    """Whether the page has these initials of an authority or a society: CEO of the OIA, the Oakfen Industry Agency."""
    if not 3 <= len(initials) <= 6 or not initials.isalpha() or not initials.isupper():
        return False
    words = " (?:of |for |and |the )*".join(rf"{letter}[a-z]+" for letter in initials)
    full = {match[0].rpartition(" ")[2].lower() for match in re.finditer(rf"\b{words}\b", plain)}
    return bool(full & set(candidate_rules().no_firms_en))


@cache
def _office_en() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{any_of(candidate_rules().offices_en)})(?: and [a-z -]{{2,24}})? (?:of|at) (?:the )?(?=[a-z])"
    )


# Zhang Wei's Brightoak, Israel's Brightoak, Shanghai-based Brightoak
_OWNER_EN = re.compile(
    r"(?:[A-Z][\w’'-]* )??[A-Z][\w-]*-based (?=[A-Z])|(?P<owner>(?:[A-Z]\w+ )?[A-Z]\w+)(?:’s|'s) (?=[A-Z])"
)


def without_owner(doc: Document, span: Span) -> Span:
    """A name without the place or the person before it, whose it is: Israel's Brightoak."""
    lead = _OWNER_EN.match(doc.plain, *span)
    if lead is None or lead.end() == span.end:
        return span
    owner = lead["owner"]
    if owner is not None and not is_person_en(owner.lower()) and owner.lower() not in _places_en():
        return span
    return Span(lead.end(), span.end)


@cache
def _places_en() -> frozenset[str]:
    terms = load_terms()
    names = (*terms.elsewhere.abroad, *terms.elsewhere.names, *names_of_ours(), "shanghai", "china")
    return frozenset(name.lower() for name in names if name.isascii())
