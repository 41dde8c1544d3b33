"""Known firms named in a page: by the registered name however it is printed, or shortened where it stays one firm's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from crawler.fields.words import any_of
from pipelines.company_name import company_name
from pipelines.locate.reference import divisions
from pipelines.name_parts import SHORTEST_CORE
from pipelines.names import is_branch, parent_name
from pipelines.news.document import Document, fold, open_document
from pipelines.news.model import Mention, SharedName
from pipelines.news.rules import load_rules
from pipelines.news.terms import is_whole

_SHORTEST_NAME: Final = 4
_LONGEST_NAME: Final = 200
_MOST_BEARERS: Final = 8  # what more firms share is a common word, and no name that a person could clear up
_PLACE_IN_BRACKETS = re.compile(r"\([^()]{1,10}\)")
# Behind a registered name: a part of the firm, which is another entry of the register.
_PART_AHEAD = re.compile(r"[^,、。;:!?\n()]{0,14}?(?:分公司|支公司|分院|分店|门店|分部|营业部|办事处|分中心)")
# Behind a shortened one: the name goes on, so it is another firm's or a group's.
_NAME_AHEAD = re.compile(
    r"(?:\([^()]{1,10}\))?(?![与和及同向在将对是为等])[^,、。;:!?\n与和及同向在将对是为等]{0,10}?(?:有限|股份|集团|合伙)"
)
_ENGLISH_NAME_AHEAD = re.compile(
    r" (?:\([a-z]{1,20}\)|[A-Z][\w-]*)?,? ?(?:group|holdings?|\([a-z]{1,20}\))", re.IGNORECASE
)


Known = tuple[str, str] | tuple[str, str, int]


class _Claim(NamedTuple):
    """A firm that a name may mean. Who does not bear it holds it in a longer name, which makes it ambiguous."""

    since: int
    firm: str
    bears: bool


class AmbiguousName(NamedTuple):
    """A name in the form in which it is looked for, and the firms that may be meant by it, in order."""

    name: str
    firms: tuple[str, ...]
    short: bool  # without place and legal form


class NameIndex:
    """The known firms' names, arranged to be found in one pass. Build it once for all pages."""

    def __init__(self, names: Iterable[Known]) -> None:
        """`names`: the firm's key, its registered name, and since when (a number) that is known, 0 unless told.

        A firm may have several names. A name of two firms names none, from when both are known.
        """
        fulls = _claims_by_name(names)
        shorts = _claims_by_short(fulls)
        self._names = (*fulls, *shorts)
        self._claims = [*fulls.values(), *shorts.values()]
        self._full = len(fulls)
        # An automaton of no words is refused by the library.
        words = self._names or ("\0",)
        self._automaton = AhoCorasick(
            words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    def ambiguous(self, as_of: int | None = None) -> tuple[AmbiguousName, ...]:
        """The names, whole and short, that name nobody because several firms known `as_of` then may be meant."""
        meant = ((name, _meant(claims, as_of)) for name, claims in zip(self._names, self._claims, strict=True))
        return tuple(
            AmbiguousName(name, firms, short=at >= self._full)
            for at, (name, firms) in enumerate(meant)
            if len(firms) > 1
        )

    def find(self, title: str, text: str, as_of: int | None = None) -> tuple[Mention, ...]:
        """The known firms that a page names, in order, at offsets into `document(title, text)`.

        Whom a name means is judged by the names known `as_of` then (None: all): a firm that comes to be known later
        takes none away. A name that nobody bore then is given to who bore it first.
        """
        return self.find_in(open_document(title, text), as_of)

    def find_in(self, doc: Document, as_of: int | None = None) -> tuple[Mention, ...]:
        """The same for a page that is open already."""
        return self.look(doc, as_of)[0]

    def look(self, doc: Document, as_of: int | None = None) -> tuple[tuple[Mention, ...], tuple[SharedName, ...]]:
        """The same, and the names on the page that several firms share, each with its firms; found in one pass."""
        mentions, shared = [], []
        for name, start, end in self._automaton.find_matches_as_indexes(doc.low):
            firms = _meant(self._claims[name], as_of) if self._claims else ()
            short = name >= self._full
            if not 1 <= len(firms) <= _MOST_BEARERS or not stands(doc, start, end, short=short):
                continue
            begin = with_place(doc.low, start) if short else start
            first, last = doc.original(begin, end)
            if len(firms) == 1:
                mentions.append(Mention(firm=firms[0], start=first, end=last, form="short" if short else "full"))
            else:
                shared.append(SharedName(firms=firms, start=first, end=last))
        return tuple(mentions), tuple(shared)


def _meant(claims: Sequence[_Claim], as_of: int | None) -> tuple[str, ...]:
    """The firms that may be meant, in order: one where it is that firm's name; none where nobody known bears it."""
    if len(claims) > 1 and as_of is not None:
        known = [claim for claim in claims if claim.since <= as_of]
        first = min(claim.since for claim in claims)
        claims = known or [claim for claim in claims if claim.since == first]
    if not any(claim.bears for claim in claims):
        return ()
    return tuple(sorted({claim.firm for claim in claims}))


def _claims_by_name(names: Iterable[Known]) -> dict[str, list[_Claim]]:
    """Who bears each folded name, and since when that is known."""
    found: dict[str, dict[str, int]] = {}
    for firm, name, *since in names:
        folded = fold(name[:_LONGEST_NAME])
        if len(folded) >= _SHORTEST_NAME:
            bearers = found.setdefault(folded, {})
            bearers[firm] = min(bearers.get(firm, since[0] if since else 0), since[0] if since else 0)
    return {
        name: [_Claim(since, firm, True) for firm, since in sorted(bearers.items())] for name, bearers in found.items()
    }


# -------------------------------------------------------------------------------------------------- short names


def short_form(folded: str) -> str:
    """A folded name without place and legal form, if long and distinctive enough; "" otherwise and of a branch.

    A name with no core of its own (食品工业制罐, 联合仪器配套) has none: its words are anybody's.
    """
    rules = load_rules().names
    if is_branch(folded):
        return ""
    parts = company_name(folded)
    if len(parts.core_name) < SHORTEST_CORE:
        return ""
    short = _without_place_and_form(folded, parts.of(parts.form))
    if len(short) < (rules.short_en if short.isascii() else rules.short):
        return ""
    brand = re.sub(r"[^\w]", "", _not_a_brand().sub("", short))
    return short if len(brand) >= rules.brand else ""


def _without_place_and_form(folded: str, own_form: str) -> str:
    """What is left of a name; "" where no company's form ends it: in 某某医院, 某某合作社 the form is the name."""
    rules = load_rules().names
    short = _PLACE_IN_BRACKETS.sub("", folded)
    form = next((form for form in sorted(rules.forms, key=len, reverse=True) if short.endswith(form)), "")
    if not form:
        return ""
    if own_form.endswith(form) and short.endswith(own_form):
        form = own_form  # 合作公司, 总公司
    short = short.removesuffix(form).rstrip(", ")
    for place in rules.places:
        short = short.removeprefix(place)
    return short


@cache
def _not_a_brand() -> re.Pattern[str]:
    return re.compile(any_of({*load_rules().names.generic, *_place_names()}))


def _claims_by_short(fulls: dict[str, list[_Claim]]) -> dict[str, list[_Claim]]:
    """Who may be meant by each short form: its owners, and the rivals whose names hold the same words."""
    shorts: dict[str, list[_Claim]] = {}
    for name, claims in fulls.items():
        short = short_form(name)
        if short and short not in fulls:
            shorts.setdefault(short, []).extend(claims)
    if not shorts:
        return {}
    words = list(shorts)
    automaton = AhoCorasick(words, implementation=Implementation.ContiguousNFA)
    owners = {short: {claim.firm for claim in claims} for short, claims in shorts.items()}
    for name, claims in fulls.items():
        for index in {found[0] for found in automaton.find_matches_as_indexes(name, overlapping=True)}:
            word = words[index]
            rivals = [claim._replace(bears=False) for claim in claims if claim.firm not in owners[word]]
            if rivals and not _is_branch_of(name, word):
                shorts[word] += rivals
    return shorts


def _is_branch_of(name: str, short: str) -> bool:
    parent = parent_name(name)
    return bool(parent) and short in fold(parent)


# ---------------------------------------------------------------------------------------------- where it stands


def stands(doc: Document, start: int, end: int, *, short: bool) -> bool:
    """Whether the name at this place is the firm's own, and not a piece of a longer name."""
    low = doc.low
    if goes_on(doc, start, end, short=short):
        return False
    if not short:
        return _begins(low, start, end)
    is_begun = with_place(low, start) < start or low.startswith(load_rules().names.places, start)
    return not _elsewhere_before(low, start) and (is_begun or _is_led_in(low, start))


def goes_on(doc: Document, start: int, end: int, *, short: bool) -> bool:
    """Whether what follows makes the name at this place a piece of a longer one, or of a word."""
    low = doc.low
    if low[start].isascii() and not is_whole(low, start, end):
        return True
    if _PART_AHEAD.match(low, end, end + 24) and not low.startswith("的", end):
        return True
    if not short:
        return False
    ahead = _NAME_AHEAD.match(low, end, end + 30) or _ENGLISH_NAME_AHEAD.match(doc.plain, end, end + 40)
    return ahead is not None


def _begins(low: str, start: int, end: int) -> bool:
    """Whether a registered name begins here: none that leads with its own place is a piece of a longer one."""
    name = low[start:end]
    if name.startswith(load_rules().names.places):
        return not _elsewhere_before(low, start)
    if name.startswith(tuple(_place_names())):
        return True
    return with_place(low, start) == start and not _elsewhere_before(low, start) and _is_led_in(low, start)


def _is_led_in(low: str, start: int) -> bool:
    """Whether no Chinese character stands before a name, but for words that lead to one: 新某某 is another firm."""
    if start == 0 or not "\u4e00" <= low[start - 1] <= "\u9fff" or not "\u4e00" <= low[start] <= "\u9fff":
        return True
    return low.endswith(load_rules().names.leads, max(0, start - 4), start)


def with_place(low: str, start: int) -> int:
    """Where a name begins with the place of its registration, if that stands right before it."""
    place = next((place for place in load_rules().names.places if low.endswith(place, 0, start)), "")
    return start - len(place)


def _elsewhere_before(low: str, start: int) -> bool:
    """Whether another place's name goes before a short one: 苏州某某生物科技 is not Shanghai's firm."""
    ahead = low[max(0, start - 4) : start]
    return any(ahead.endswith(name) for name in _place_names_by_end().get(ahead[-1:], ()))


@cache
def _place_names() -> frozenset[str]:
    """The provinces and cities by which firms are named, without 省 and 市."""
    names = set()
    for province in divisions()["province"]:
        names.add(province["short"])
        names.update(city.split(" ")[1].removesuffix("市") for city in province["cities"])
    return frozenset(name for name in names if len(name) > 1 and name != "上海")


@cache
def _place_names_by_end() -> dict[str, tuple[str, ...]]:
    names = sorted(
        (name for place in _place_names() for name in (place, f"{place}市")), key=lambda name: (name[-1], name)
    )
    return {end: tuple(group) for end, group in groupby(names, key=lambda name: name[-1])}
