"""Known firms named in a page: by the registered name however it is printed, or shortened where it stays one firm's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from crawler.fields.words import any_of
from pipelines.news.aliases import Alias, AliasIndex, is_shanghais, stem_of
from pipelines.news.bearers import MOST_BEARERS, Claim, holding, meant
from pipelines.news.document import Document, Span, fold, open_document
from pipelines.news.model import Mention, NearName, SharedName
from pipelines.news.rules import load_rules
from pipelines.news.whole_names import place_names, stands, with_place
from pipelines.resolve.company_name import company_name
from pipelines.resolve.name_match import NameMatch
from pipelines.resolve.name_parts import SHORTEST_CORE, CompanyName
from pipelines.resolve.names import is_branch

_SHORTEST_NAME: Final = 4
_LONGEST_NAME: Final = 200
_PLACE_IN_BRACKETS = re.compile(r"\([^()]{1,10}\)")


Known = tuple[str, str] | tuple[str, str, int]


class AmbiguousName(NamedTuple):
    """A name in the form in which it is looked for, and the firms that may be meant by it, in order."""

    name: str
    firms: tuple[str, ...]
    short: bool  # without place and legal form


class Looked(NamedTuple):
    """Whom a page names; the names on it that several firms share; and those that may be a firm's, and are not sure."""

    mentions: tuple[Mention, ...]
    shared: tuple[SharedName, ...]
    near: tuple[NearName, ...]


class NameIndex:
    """The known firms' names, arranged to be found in one pass. Build it once for all pages."""

    def __init__(self, names: Iterable[Known]) -> None:
        """`names`: the firm's key, its registered name, and since when (a number) that is known, 0 unless told.

        A firm may have several names. A name of two firms names none, from when both are known.
        """
        fulls = _claims_by_name(names)
        shorts, stems = _lesser_forms(fulls)
        shorts = _with_rivals(shorts, fulls)
        self._names = (*fulls, *shorts)
        self._claims = [*fulls.values(), *shorts.values()]
        self._full = len(fulls)
        self._aliases = AliasIndex(fulls, stems)
        self._shanghais = {
            claim.firm for name, claims in fulls.items() for claim in claims if is_shanghais(claim.firm, name)
        }
        # An automaton of no words is refused by the library.
        words = self._names or ("\0",)
        self._automaton = AhoCorasick(
            words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    def ambiguous(self, as_of: int | None = None) -> tuple[AmbiguousName, ...]:
        """The names, whole and short, that name nobody because several firms known `as_of` then may be meant."""
        bearers = ((name, meant(claims, as_of)) for name, claims in zip(self._names, self._claims, strict=True))
        return tuple(
            AmbiguousName(name, firms, short=at >= self._full)
            for at, (name, firms) in enumerate(bearers)
            if len(firms) > 1
        )

    def find(self, title: str, text: str, as_of: int | None = None, *, here: bool = False) -> tuple[Mention, ...]:
        """The known firms that a page names, in order, at offsets into `document(title, text)`.

        Whom a name means is judged by the names known `as_of` then (None: all): a firm that comes to be known later
        takes none away. A name that nobody bore then is given to who bore it first. `here`: the page is set in Putuo,
        so that an alias of a firm of Shanghai is the firm's.
        """
        return self.look(open_document(title, text), as_of, here=here).mentions

    def look(self, doc: Document, as_of: int | None = None, *, here: bool = False) -> Looked:
        """All of it, for a page that is open already; found in two passes, one for whole names and one for lesser."""
        mentions: list[Mention] = []
        shared: list[SharedName] = []
        held: list[Span] = []
        for name, start, end in self._automaton.find_matches_as_indexes(doc.low):
            firms = meant(self._claims[name], as_of) if self._claims else ()
            short = name >= self._full
            if not 1 <= len(firms) <= MOST_BEARERS or not stands(doc, start, end, short=short):
                continue
            begin = with_place(doc.low, start) if short else start
            held.append(Span(begin, end))
            first, last = doc.original(begin, end)
            if len(firms) == 1:
                form = NameMatch.SHORT if short else NameMatch.EXACT
                mentions.append(Mention(firm=firms[0], start=first, end=last, form=form))
            else:
                shared.append(SharedName(firms=firms, start=first, end=last))
        aliases = [one for one in self._aliases.find(doc, as_of, held) if not _is_held(one, held)]
        if not aliases:
            return Looked(tuple(mentions), tuple(shared), ())
        near = []
        fuller = self._fuller(aliases, {mention.firm for mention in mentions}, here=here)
        for alias in aliases:
            start, end = doc.original(alias.start, alias.end)
            if len(alias.firms) == 1 and alias.firms[0] in fuller:
                mentions.append(Mention(firm=alias.firms[0], start=start, end=end, form=alias.match))
            else:
                near.append(NearName(firms=alias.firms, start=start, end=end, form=alias.match))
        return Looked(tuple(sorted(mentions, key=lambda mention: mention.start)), tuple(shared), tuple(near))

    def _fuller(self, aliases: Sequence[Alias], named: set[str], *, here: bool) -> set[str]:
        """The firms of which a page has a form that is sure enough for all lesser ones on it to be theirs."""
        alone = [alias for alias in aliases if len(alias.firms) == 1]
        spelt = {alias.firms[0] for alias in alone if alias.match is NameMatch.SPELLING}
        enough = {alias.firms[0] for alias in alone if here and alias.match is not NameMatch.CORE}
        return named | spelt | (enough & self._shanghais)


def _is_held(alias: Alias, held: Sequence[Span]) -> bool:
    return any(alias.start < one.end and one.start < alias.end for one in held)


def _claims_by_name(names: Iterable[Known]) -> dict[str, list[Claim]]:
    """Who bears each folded name, and since when that is known."""
    found: dict[str, dict[str, int]] = {}
    for firm, name, *since in names:
        folded = fold(name[:_LONGEST_NAME])
        if len(folded) >= _SHORTEST_NAME:
            bearers = found.setdefault(folded, {})
            bearers[firm] = min(bearers.get(firm, since[0] if since else 0), since[0] if since else 0)
    return {
        name: [Claim(since, firm, True) for firm, since in sorted(bearers.items())] for name, bearers in found.items()
    }


# ------------------------------------------------------------------------------------------------- lesser forms


def _lesser_forms(fulls: Mapping[str, Sequence[Claim]]) -> tuple[dict[str, list[Claim]], dict[str, list[str]]]:
    """Who bears each short form, and the names by the stem of their lesser forms; none of branches."""
    shorts: dict[str, list[Claim]] = {}
    stems: dict[str, list[str]] = {}
    for name, claims in fulls.items():
        if is_branch(name):
            continue
        parts = company_name(name)
        short = _short(name, parts)
        if short and short not in fulls:
            shorts.setdefault(short, []).extend(claims)
        if stem := stem_of(parts):
            stems.setdefault(stem, []).append(name)
    return shorts, stems


def _short(folded: str, parts: CompanyName) -> str:
    """A folded name without place and legal form, if long and distinctive enough; else "".

    A name with no core of its own (食品工业制罐, 联合仪器配套) has none: its words are anybody's.
    """
    rules = load_rules().names
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
    return re.compile(any_of({*load_rules().names.generic, *place_names()}))


def _with_rivals(shorts: Mapping[str, Sequence[Claim]], fulls: Mapping[str, Sequence[Claim]]) -> dict[str, list[Claim]]:
    """Who may be meant by each short form: its owners, and the rivals whose names hold the same words."""
    claims = {short: list(owners) for short, owners in shorts.items()}
    for short, names in holding(list(shorts), fulls).items():
        owners = {claim.firm for claim in shorts[short]}
        claims[short] += [
            claim._replace(bears=False) for name in names for claim in fulls[name] if claim.firm not in owners
        ]
    return claims
