"""Tells a briefing in one language: from the value to the page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from urllib.parse import quote

from reports.briefing import ON_A_PAGE, SHRINKING, Briefing, Category, Entry, Kind
from reports.errors import BaseAddressError
from reports.page import GroupText, LinkText, Page, SectionText
from reports.sight import open_gaps, tell_sight
from reports.tell_notes import tell_notes
from reports.telling import Teller
from reports.untrusted import clean, safe_link
from reports.weeks import Week
from reports.words import Language, Words

EVIDENCE = "evidence.html"
REASON = 300  # characters of why an issue was corrected
_VERSION = 40
_HASH = 12


def tell(briefing: Briefing, language: Language, base_url: str = "") -> Page:
    """The page of a briefing; with a `base_url` its links to the evidence are absolute.

    Raises BaseAddressError for a `base_url` that is not an http(s) address.
    """
    say, week = Words(language), Week.parse(briefing.week)
    evidence = evidence_address(briefing.week, base_url)
    sources = {(source.source, source.series): source for source in briefing.sighting.sources}

    def proof_of(told_id: str) -> str:
        return f"{evidence}#{quote(told_id, safe='')}"

    teller = Teller(say, week.year, sources, proof_of)
    cut_off = say.instant(week.cut_off, week.year)
    gaps = open_gaps(briefing)
    return Page(
        lang="zh-CN" if language == "zh" else "en",
        title=say("page", "title", district=getattr(briefing, f"district_{language}")),
        week=_week(week, say),
        cut_off=say("page", "cut_off", instant=cut_off),
        draft=say("page", "draft", instant=cut_off) if briefing.draft else "",
        headline=headline(briefing, say),
        lines=tuple(_lines(briefing, say)),
        alert=say.count("page", "unseen", gaps) if gaps else "",
        sections=tuple(_sections(briefing, say, teller)),
        sight=tell_sight(briefing, say, teller, week.year),
        foot=(say("foot", "terms"), say("foot", "address"), _made(briefing, say, week.year)),
        evidence=LinkText(text=say("evidence", "title"), href=evidence),
        correction=_correction(briefing, say, week.year),
        notes=tell_notes(briefing, say, teller, week.year, proof_of),
    )


def evidence_address(week: str, base_url: str) -> str:
    """Where the evidence of an issue lies: beside the briefing, or under the published site."""
    if not base_url:
        return EVIDENCE
    base = safe_link(base_url, own=True)
    if base is None:
        raise BaseAddressError(base_url)
    return f"{base.rstrip('/')}/issues/{week}/{EVIDENCE}"


def _week(week: Week, say: Words) -> str:
    return say(
        "page",
        "week",
        year=week.year,
        number=week.number,
        monday=say.day(week.monday, week.year),
        sunday=say.day(week.sunday, week.year),
    )


def _correction(briefing: Briefing, say: Words, year: int) -> str:
    correction = briefing.correction
    if correction is None:
        return ""
    return say(
        "mail",
        "corrects",
        n=correction.revision,
        former=say.instant(correction.made_at, year),
        instant=say.instant(briefing.release.made_at, year),
        reason=clean(correction.reason, REASON),
    )


def headline(briefing: Briefing, say: Words) -> str:
    """What a week brought, in one line."""
    if not briefing.entries:
        return say("page", "nothing")
    shrank = sum(_only_shrank(entry) for entry in briefing.departures)
    announced = sum(_only_announced(entry) for entry in briefing.arrivals)
    counts = {"arrivals": len(briefing.arrivals) - announced}
    counts |= {"announced": announced} if announced else {}
    counts |= {"confirmed": len(briefing.confirmed)} if briefing.confirmed else {}
    counts |= {
        "expansions": len(briefing.expansions),
        "left": len(briefing.departures) - shrank,
    }
    extra = {"shrank": shrank, "late": len(briefing.late)}
    counts |= {name: n for name, n in extra.items() if n}
    parts = say("page", "between_parts").join(say.count("count", name, n) for name, n in counts.items())
    return say("page", "headline", parts=parts)


def _only_shrank(entry: Entry) -> bool:
    return all(one.kind in SHRINKING for one in entry.happenings)


def _only_announced(entry: Entry) -> bool:
    return all(one.basis in ON_A_PAGE for one in entry.happenings)


def _lines(briefing: Briefing, say: Words) -> Iterable[str]:
    firms = len({one.firm_id for one in briefing.peripheral})
    yield say.count("page", "peripheral", firms) if firms else say("page", "no_peripheral")
    for other in briefing.elsewhere:
        yield say.count("page", "elsewhere", other.events, week=other.week)
    if briefing.articles_read and not (briefing.notes or briefing.late_notes):
        yield say.count("notes", "none", briefing.articles_read)


def _sections(briefing: Briefing, say: Words, teller: Teller) -> Iterable[SectionText]:
    told = (
        ("arrivals", briefing.arrivals, Category.ARRIVAL),
        ("confirmed", briefing.confirmed, None),
        ("expansions", briefing.expansions, Category.EXPANSION),
        ("departures", briefing.departures, Category.DEPARTURE),
    )
    for name, entries, category in told:
        peripheral = _peripheral(briefing, category, say) if category else ""
        if not (entries or peripheral or (briefing.entries and category)):
            continue  # in a week without news the headline has said it all
        yield SectionText(
            id=name,
            title=say("section", name),
            firms=len(entries),
            note="" if category else say("section", "confirmed_note"),
            groups=_groups(entries, say, teller),
            empty="" if entries else say("empty", name),
            peripheral=peripheral,
        )
    if briefing.late:
        yield SectionText(
            id="late",
            title=say("section", "late"),
            firms=len(briefing.late),
            note=say("section", "late_note"),
            groups=_groups(briefing.late, say, teller),
            empty="",
            peripheral="",
        )


def _groups(entries: tuple[Entry, ...], say: Words, teller: Teller) -> tuple[GroupText, ...]:
    return tuple(
        GroupText(title=say.heading(title), entries=tuple(teller.entry(entry) for entry in group))
        for title, group in groupby(entries, key=lambda entry: teller.sub_sector(entry.firm))
    )


def _peripheral(briefing: Briefing, category: Category, say: Words) -> str:
    of_category = [one for one in briefing.peripheral if one.category is category]
    firms = {one.firm_id for one in of_category}
    if not firms:
        return ""
    of_these = {
        "late": firms - {one.firm_id for one in of_category if not one.late},
        "announced": firms - {one.firm_id for one in of_category if one.kind is not Kind.ARRIVAL_ANNOUNCED},
        "confirmed": firms - {one.firm_id for one in of_category if not one.confirmed},
    }
    line = say.count("peripheral", category, len(firms))
    line += "".join(say.count("peripheral", name, len(some)) for name, some in of_these.items() if some)
    return line + say("sight", "end")


def _made(briefing: Briefing, say: Words, year: int) -> str:
    release = briefing.release
    return say(
        "foot",
        "made",
        instant=say.instant(release.made_at, year),
        made_by=clean(release.made_by, _VERSION),
        rules=clean(release.rules_version, _VERSION),
        gazetteer=clean(release.gazetteer_version, _VERSION),
        content=clean(release.content_hash[:_HASH], _HASH),
        code=clean(release.code_version, _VERSION),
        published=say.instant(release.published_at, year),
    )
