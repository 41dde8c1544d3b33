"""Who bears a name, however it is written. That several may be meant is an answer, and kept on record.

What is compared is whole: names that differ in one letter of core or trade are two. A branch is never its parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipelines.resolve.company_name import company_name
from pipelines.resolve.company_words import LONGEST_PLACE, places, words
from pipelines.resolve.name_match import COMPARED, NameMatch
from pipelines.resolve.name_parts import NOWHERE, BracketKind, CompanyName
from pipelines.resolve.name_variants import bare_place, is_telling, name_variants


class Bearers(NamedTuple):
    """The firms that may be meant by a name, in order, and how they were found; none where nobody is known by it."""

    firms: tuple[str, ...]
    match: NameMatch

    @property
    def firm(self) -> str | None:
        """The one firm that is meant for sure; None where several may be, or only a loose or short form says so."""
        sure = self.match in (NameMatch.EXACT, NameMatch.SPELLING)
        return self.firms[0] if sure and len(self.firms) == 1 else None


class NameBook:
    """Known firms by their names. A firm may have several; former names are names too."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names`: the firm's key and a name of it, Chinese or English; blank names are passed over."""
        self._spelt: dict[str, set[str]] = {}
        self._alike: dict[str, set[tuple[str, _Marks]]] = {}
        self._written: dict[NameMatch, dict[str, set[str]]] = {match: {} for match in COMPARED}
        for firm, name in names:
            marks = _marks(name)
            if not marks.text:
                continue
            self._spelt.setdefault(marks.spelling, set()).add(firm)
            if marks.loose:
                self._alike.setdefault(marks.loose, set()).add((firm, marks))
            for variant in name_variants(name):
                self._written[variant.match].setdefault(variant.text, set()).add(firm)

    def bearers(self, name: str) -> Bearers:
        """Whom a name means. A stated place or legal form that contradicts the register's means somebody else."""
        match, firms = next(self.ways(name), (NameMatch.NONE, ()))
        return Bearers(firms, match)

    def ways(self, name: str) -> Iterator[tuple[NameMatch, tuple[str, ...]]]:
        """Each way of matching that finds somebody, the surest first, and whom."""
        asked = _marks(name)
        for match in COMPARED:
            firms = set(self._written[match].get(asked.text, ()))
            if match is NameMatch.SPELLING:
                firms |= self._spelt.get(asked.spelling, set())
            if match is NameMatch.LOOSE and (asked.places or asked.form):
                firms |= {firm for firm, marks in self._alike.get(asked.loose, ()) if marks.agrees(asked)}
            if firms:
                yield match, tuple(sorted(firms))

    def ambiguous(self, match: NameMatch) -> Mapping[str, tuple[str, ...]]:
        """The forms of this kind that several firms' names can be written in, with the firms."""
        shared = sorted(self._written[match].items())
        return {text: tuple(sorted(firms)) for text, firms in shared if len(firms) > 1}


# ------------------------------------------------------------------------------------------- what is compared


@dataclass(frozen=True, slots=True)
class _Marks:
    """A name as it is compared: as a whole, in one spelling, and without place and form, which then must agree."""

    text: str
    spelling: str
    loose: str  # "" where nothing telling is left
    places: frozenset[str]
    form: str

    def agrees(self, other: _Marks) -> bool:
        """Whether neither place nor form of two names contradict each other; what one does not state does not."""
        if self.form and other.form and self.form != other.form:
            return False
        if not self.places or not other.places:
            return True
        return any(a.startswith(b) or b.startswith(a) for a in self.places for b in other.places)


@lru_cache(maxsize=4096)
def _marks(name: str) -> _Marks:
    parts = company_name(name)
    form = _one_form(parts)
    behind = parts.of(parts.branch)
    inside = [bracket for bracket in parts.brackets if bracket.kind is not BracketKind.FORM]
    remarks = "".join(f"({bracket.inside})" for bracket in inside if bracket.kind is not BracketKind.PLACE)
    in_places = "".join(f"({bare_place(bracket.inside)})" for bracket in inside if bracket.kind is BracketKind.PLACE)
    forms = "".join(f"({bracket.inside})" for bracket in parts.brackets if bracket.kind is BracketKind.FORM)
    own = bare_place(parts.of(parts.place))
    rest = _between(parts)
    return _Marks(
        text=parts.text,
        spelling="|".join((own, rest, in_places + remarks + forms, form, behind)),
        loose="|".join((parts.body, remarks, behind)) if is_telling(parts) else "",
        places=_places(parts),
        form=form,
    )


def _one_form(parts: CompanyName) -> str:
    form = parts.of(parts.form)
    return parts.of(parts.form_ahead) + words().same_forms.get(form, form)


def _between(parts: CompanyName) -> str:
    """All that stands between place and form, without brackets."""
    start = max(parts.place.end, parts.form_ahead.end)
    end = parts.form.start if parts.form != NOWHERE else (parts.branch.start or len(parts.text))
    whole = "".join(
        letter
        for at, letter in enumerate(parts.text[start:end], start)
        if not any(bracket.span.start <= at < bracket.span.end for bracket in parts.brackets)
    )
    return whole.strip()


def _places(parts: CompanyName) -> frozenset[str]:
    said = [parts.of(parts.place), parts.of(parts.place_behind)]
    said += [bracket.inside for bracket in parts.brackets if bracket.kind is BracketKind.PLACE]
    return frozenset(code for place in said if place for code in _codes(place))


def _codes(place: str) -> tuple[str, ...]:
    """The codes of the place that the words begin with; the words themselves where they are a country's or unknown."""
    for size in range(min(LONGEST_PLACE, len(place)), 1, -1):
        if known := places().get(place[:size]):
            return tuple({entry.code or place[:size] for entry in known})
    return (place,)
