"""Tells of one firm in one language: what it is, what happened, why we believe it, and what to mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from crawler.fields.money import parse_money
from pipelines.premises import added_places
from reports.briefing import (
    BETWEEN_PARTS,
    ON_A_PAGE,
    Basis,
    Category,
    Entry,
    Firm,
    Happening,
    Kind,
    SourceWeek,
)
from reports.page import EntryText, HappeningText, LinkText
from reports.untrusted import clean, safe_link
from reports.words import Words

NAME = 60
_ADDRESS = 60
_ITEMS = 160
_STATED = 60
QUOTE = 120
_WORD = 16
_WORDS = 3

_ONLY_SERIES = "default"  # what a series is called that nobody had to tell from another

# As the labeller writes its evidence: `name:医疗器械 (name.devices); scope:药品 (drug.goods)`.
_LABEL_WORD = re.compile(r"(name|scope):(.+?) \([^()]*\)(?:; |$)")

_OF_CAPITAL = (Kind.CAPITAL_RAISED, Kind.CAPITAL_CUT)
_OF_LICENCE = (Basis.NOT_LISTED, Basis.STATUS_CHANGED)
_OF_PLACE = (Kind.MOVED_IN, Kind.MOVED_OUT)


class Teller:
    """Tells entries in one language; `year` is the issue's, `proof_of` the address of an event's evidence."""

    def __init__(
        self,
        words: Words,
        year: int,
        sources: Mapping[tuple[str, str], SourceWeek],
        proof_of: Callable[[str], str],
    ) -> None:
        self._say = words
        self._year = year
        self._sources = sources
        self._proof_of = proof_of

    def entry(self, entry: Entry) -> EntryText:
        """One firm with all that happened to it."""
        first = entry.happenings[0]
        return EntryText(
            name=clean(entry.firm.name, NAME) or self._say("firm", "name_not_stated"),
            about=" · ".join((*self._place(entry.firm), self._capital(entry.firm))),
            happenings=tuple(self._happening(one, entry.firm, first=one is first) for one in entry.happenings),
            marks=tuple(self._marks(entry)),
        )

    def sub_sector(self, firm: Firm) -> str:
        """Its sub-sector, in words."""
        return self._say("sub_sector", firm.sub_sector or "not_stated")

    def source_title(self, source: str, series: str) -> str:
        """The title of a source, and its series where it has one."""
        known = self._sources.get((source, series))
        title = "" if known is None else (known.title_zh if self._say.language == "zh" else known.title_en)
        named = "" if series == _ONLY_SERIES else series
        return clean(" · ".join(part for part in (title or source, named) if part), NAME)

    def _place(self, firm: Firm) -> tuple[str, ...]:
        zh = self._say.language == "zh"
        named = (firm.street_zh, firm.park_zh) if zh else (firm.street_en, firm.park_en)
        if not any(named):
            named = (firm.address, "")
        return tuple(clean(name, _ADDRESS) for name in named if name) or (self._say("firm", "place_not_stated"),)

    def _capital(self, firm: Firm) -> str:
        if firm.capital is None:
            return self._say("firm", "capital_not_stated")
        return self._say("firm", "capital", amount=self._say.money(firm.capital))

    def _happening(self, one: Happening, firm: Firm, *, first: bool) -> HappeningText:
        return HappeningText(
            title=self._say("kind", kind_phrase(one)),
            detail=self._detail(one),
            when=self._when(one),
            why=self._why(one, firm, with_label=first),
            links=tuple(self._links(one)),
        )

    def _when(self, one: Happening) -> str:
        published_on = one.published_on
        days: list[tuple[str, date]] = []
        if one.happened_on:
            days.append(("happened", one.happened_on))
        if published_on and published_on != one.happened_on:
            days.append(("published", published_on))
        told = [self._say("when", name, day=self._say.day(day, self._year)) for name, day in days]
        learned = self._say("when", "learned", day=self._say.day(one.discovered_on, self._year))
        return self._say.heading(" · ".join((*(told or [self._say("when", "not_stated")]), learned)))

    def _detail(self, one: Happening) -> str:
        said = self._says(one)
        if one.announced_on is None:
            return said
        told = self._say("what", "confirms", day=self._say.day(one.announced_on, self._year))
        return self._say("sight", "between").join(filter(None, (told, said)))

    def _says(self, one: Happening) -> str:
        if one.basis in ON_A_PAGE:
            return self._page_says(one)
        if one.basis is Basis.DISCLOSED:
            return self._disclosed(one)
        if one.basis is Basis.LICENSED or one.kind is Kind.LICENCE_LAPSED:
            return self._licensed(one)
        return self._registered(one)

    def _registered(self, one: Happening) -> str:
        if one.kind is Kind.SCOPE_WIDENED:
            return clean(one.after, _ITEMS)
        if one.kind is Kind.SCOPE_NARROWED:
            return clean(one.before, _ITEMS)
        if one.kind in _OF_CAPITAL:
            return self._capital_change(one)
        if one.basis is Basis.NOT_LISTED:
            return ""  # the last status it had says nothing of why it is gone
        return self._state_change(one)

    def _page_says(self, one: Happening) -> str:
        """The sentence of the page, behind the amount where that is told beside it."""
        after, quote = clean(one.after, QUOTE), clean(one.stated("quote"), QUOTE)
        if not (after or quote):
            return ""
        if not quote or not after or after in quote or quote in after:
            return self._say("what", "quoted", text=quote or after)
        return self._say("what", "quoted_of", what=clean(after, _STATED), text=quote)

    def _disclosed(self, one: Happening) -> str:
        """The title, behind the amount where a contract states one."""
        amount, _, title = one.after.partition(BETWEEN_PARTS)
        money = parse_money(amount) if title and one.kind is Kind.CONTRACT_WON else None
        if money is None:
            return self._say("what", "quoted", text=clean(one.after, QUOTE)) if one.after else ""
        return self._say("what", "quoted_of", what=self._say.money(money), text=clean(title, QUOTE))

    def _licensed(self, one: Happening) -> str:
        """The places added, or which licence or product it is, and how its status changed."""
        if one.kind is Kind.PREMISES_ADDED:
            return clean("；".join(added_places(one.before, one.after)) or one.after, _ITEMS)
        if one.kind is not Kind.LICENCE_LAPSED:
            return clean(one.after, _ITEMS)
        records = [exhibit.record or {} for exhibit in one.exhibits]
        stated = (next((record[name] for record in records if record.get(name)), "") for name in ("product", "number"))
        named = clean(BETWEEN_PARTS.join(filter(None, stated)), _ITEMS)
        change = self._state_change(one) if one.basis is Basis.STATUS_CHANGED else ""
        return BETWEEN_PARTS.join(filter(None, (named, change)))

    def _state_change(self, one: Happening) -> str:
        before, after = self._state(one.before, one), self._state(one.after, one)
        if one.kind in _OF_PLACE or (before and after):
            unknown = self._say("what", "unknown")
            return self._say("what", "change", before=before or unknown, after=after or unknown)
        if one.happened_on is None and (before or after):
            return self._say("what", "stated", text=before or after)
        return ""

    def _state(self, raw: str, one: Happening) -> str:
        text = clean(raw, _ADDRESS if one.kind in _OF_PLACE else _STATED)
        if one.basis is Basis.STATUS_CHANGED and self._say.knows("status_word", text):
            return self._say("status_word", text)
        return text

    def _capital_change(self, one: Happening) -> str:
        sides = [
            self._say.money(money) if money else clean(raw, _STATED) or self._say("what", "unknown")
            for money, raw in ((one.before_money, one.before), (one.after_money, one.after))
        ]
        text = self._say("what", "change", before=sides[0], after=sides[1])
        before, after = one.before_money, one.after_money
        if not before or not after or before.currency != after.currency or not before.amount:
            return text
        percent = int(((after.amount / before.amount - 1) * 100).quantize(Decimal(1), ROUND_HALF_UP))
        if not percent:
            return text
        return text + self._say("what", "more" if percent > 0 else "less", percent=self._say.number(abs(percent)))

    def _why(self, one: Happening, firm: Firm, *, with_label: bool) -> str:
        group = "licence_basis" if one.kind is Kind.LICENCE_LAPSED and one.basis in _OF_LICENCE else "basis"
        basis = self._say(group, one.basis, source=self._source(one))
        if not with_label:
            return self._say("why", "alone", basis=basis)
        words = self._label_words(firm.label_evidence)
        how = "by_person" if firm.label_by_person else "by_words" if words else "no_words"
        return self._say("why", how, basis=basis, words=words, sub_sector=self.sub_sector(firm))

    def _source(self, one: Happening) -> str:
        proof = one.proof
        if proof is None or not proof.source:
            return self._say("why", "source_not_stated")
        title = self.source_title(proof.source, proof.series)
        if proof.fetched_at is None:
            return self._say("why", "source", title=title)
        day = self._say.local_day(proof.fetched_at, self._year)
        return self._say("why", "source_captured", title=title, day=day)

    def _label_words(self, evidence: str) -> str:
        found: dict[str, list[str]] = {"name": [], "scope": []}
        for field, text in dict.fromkeys(_LABEL_WORD.findall(evidence)):
            if sum(map(len, found.values())) < _WORDS:
                found[field].append(self._say("why", "quoted", text=clean(text, _WORD)))
        parts = [
            self._say("why", f"in_{field}", words=self._say("why", "between_words").join(texts))
            for field, texts in found.items()
            if texts
        ]
        return self._say("why", "between_fields").join(parts)

    def _marks(self, entry: Entry) -> list[str]:
        firm, marks = entry.firm, []
        arrived = any(one.category is Category.ARRIVAL for one in entry.happenings)
        if arrived and firm.firms_at_address > 1:
            marks.append(self._say("mark", "shared_address", n=self._say.number(firm.firms_at_address)))
        if firm.is_branch:
            parent = clean(firm.parent_name, NAME)
            marks.append(self._say("mark", "branch_of" if parent else "branch", parent=parent))
        confirmed = {one.confirms for one in entry.happenings}
        if any(one.kind is Kind.ARRIVAL_ANNOUNCED and one.event_id not in confirmed for one in entry.happenings):
            marks.append(self._say("mark", "announced_registered" if firm.registered_here else "announced"))
        if any(one.kind is Kind.CAPITAL_CUT for one in entry.happenings):
            marks.append(self._say("mark", "capital_cut"))
        missing = [one.kind for one in entry.happenings if one.basis is Basis.NOT_LISTED]
        if any(kind is not Kind.LICENCE_LAPSED for kind in missing):
            marks.append(self._say("mark", "not_listed"))
        if Kind.LICENCE_LAPSED in missing:
            marks.append(self._say("mark", "licence_not_listed"))
        return marks

    def _links(self, one: Happening) -> list[LinkText]:
        links = [LinkText(text=self._say("link", "proof"), href=self._proof_of(one.event_id))]
        proof = one.proof
        page = safe_link(one.stated("page") or proof.url) if proof else None
        return [*links, LinkText(text=self._say("link", "publisher"), href=page)] if page else links


def phrase_on(kind: Kind, basis: Basis) -> str:
    """Which phrase says what happened: the kind, unless its word would say more or less than such a proof."""
    if basis is Basis.NOT_LISTED and kind is not Kind.LICENCE_LAPSED:
        return "not_listed"
    return "project_filed" if basis is Basis.FILED and kind is Kind.PROJECT_APPROVED else kind


def kind_phrase(one: Happening) -> str:
    """As `phrase_on`, with regard to what the record states."""
    phrase = phrase_on(one.kind, one.basis)
    if phrase == Kind.DEREGISTERED and one.after.startswith("吊销") and "已注销" not in one.after:
        return "revoked"
    return phrase
