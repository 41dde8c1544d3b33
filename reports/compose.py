"""Composes a week's briefing: which events are told, under which heading, in which order."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files

from reports.briefing import (
    ON_A_PAGE,
    SHRINKING,
    Briefing,
    Category,
    Elsewhere,
    Entry,
    Firm,
    Happening,
    Kind,
    Peripheral,
    Release,
    Sighting,
    SubSector,
)
from reports.coverage import source_weeks
from reports.notes import chosen
from reports.published import Event, Published
from reports.weeks import Week

_RANKING = tomllib.loads(files(__package__).joinpath("ranking.toml").read_text(encoding="utf-8"), parse_float=Decimal)
_LATE_AFTER = timedelta(days=_RANKING["late_after_days"])
_ROUGH_YUAN = {currency: Decimal(yuan) for currency, yuan in _RANKING["rough_yuan"].items()}
_SUB_SECTORS = {sub_sector: place for place, sub_sector in enumerate(SubSector)}
_KINDS = {kind: place for place, kind in enumerate(Kind)}
_CATEGORIES = {category: place for place, category in enumerate(Category)}


def compose(
    published: Published,
    week: Week,
    taken: Mapping[str, str],
    *,
    now: datetime,
    made_by: str,
    district: tuple[str, str],
) -> Briefing:
    """The briefing of `week`. `taken` maps an id of an event or article that another frozen issue holds to its week.

    `district` is the name of whose briefing it is, in Chinese and English.
    """
    events = [event for event in published.events if not _was_read(event, taken)]
    articles = [article for article in published.articles if article.told_as not in taken]
    core = [event for event in events if event.grade == "core"]
    timely = [event for event in core if not is_late(event.happening)]
    told = {event.happening.event_id for event in events}
    arrivals, expansions, departures = (_entries(timely, category) for category in Category)
    confirmed = tuple(entry for entry in arrivals if all(_was_announced(one, told) for one in entry.happenings))
    late = _entries([event for event in core if is_late(event.happening)], *Category)
    notes, late_notes = chosen(articles, (*arrivals, *expansions, *departures, *late), _LATE_AFTER)
    elsewhere = Counter(taken[event_id] for event_id in published.taken_this_week)
    return Briefing(
        week=str(week),
        district_zh=district[0],
        district_en=district[1],
        draft=now < week.cut_off,
        arrivals=tuple(entry for entry in arrivals if entry not in confirmed),
        confirmed=confirmed,
        expansions=expansions,
        departures=departures,
        late=late,
        peripheral=tuple(_peripheral(event, told) for event in events if event.grade == "peripheral"),
        not_life_health=sum(event.grade not in ("core", "peripheral") for event in events),
        elsewhere=tuple(Elsewhere(week=other, events=count) for other, count in sorted(elsewhere.items())),
        sighting=Sighting(
            sources=source_weeks(published, week),
            aside=published.aside,
            place_unknown=published.place_unknown,
            published_early=published.published_at < week.last_night,
        ),
        release=Release(
            made_by=made_by,
            made_at=now,
            code_version=published.code_version,
            rules_version=published.rules_version,
            gazetteer_version=published.gazetteer_version,
            content_hash=published.content_hash,
            published_at=published.published_at,
        ),
        notes=notes,
        late_notes=late_notes,
        articles_read=len(published.articles),
    )


def _was_read(event: Event, taken: Mapping[str, str]) -> bool:
    """Whether an earlier issue had read every page that says so, and knew the firm: then only our rules are new."""
    pages = [exhibit.observation_id for exhibit in event.happening.exhibits]
    return (
        event.happening.basis in ON_A_PAGE
        and bool(pages)
        and all(page in taken and event.discovered_at < Week.parse(taken[page]).cut_off for page in pages)
    )


def _was_announced(happening: Happening, told: Collection[str]) -> bool:
    """Whether it shows what an earlier issue announced; `told` is what this one tells."""
    return happening.confirms != "" and happening.confirms not in told


def is_late(happening: Happening) -> bool:
    """Whether it happened, or a page said so, so long before we learned of it that it is not news of the week."""
    happened_on = happening.happened_on or happening.published_on
    return happened_on is not None and happening.discovered_on - happened_on > _LATE_AFTER


def _entries(events: Iterable[Event], *categories: Category) -> tuple[Entry, ...]:
    """One entry a firm, those first that a reader with two minutes should see."""
    firms: dict[str, Firm] = {}
    happenings: dict[str, list[Happening]] = {}
    for event in events:
        if event.happening.category in categories:
            firms[event.firm.firm_id] = event.firm
            happenings.setdefault(event.firm.firm_id, []).append(event.happening)
    entries = [
        Entry(firm=firm, happenings=tuple(sorted(happenings[firm_id], key=_when))) for firm_id, firm in firms.items()
    ]
    return tuple(sorted(entries, key=_importance))


def _when(happening: Happening) -> tuple[object, ...]:
    day = happening.happened_on or happening.discovered_on
    return (day, happening.discovered_on, _KINDS[happening.kind], happening.event_id)


def _importance(entry: Entry) -> tuple[object, ...]:
    """Sub-sector by sub-sector, focus ones first; in each, what comes before what goes, then by capital."""
    sub_sector = entry.firm.sub_sector
    return (
        len(_SUB_SECTORS) if sub_sector is None else _SUB_SECTORS[sub_sector],
        min(_CATEGORIES[happening.category] for happening in entry.happenings),
        all(happening.kind in SHRINKING for happening in entry.happenings),
        -_rough_yuan(entry.firm),
        entry.firm.name,
        entry.firm.firm_id,
    )


def _rough_yuan(firm: Firm) -> Decimal:
    if firm.capital is None:
        return Decimal(0)
    return firm.capital.amount * _ROUGH_YUAN.get(firm.capital.currency, Decimal(1))


def _peripheral(event: Event, told: Collection[str]) -> Peripheral:
    firm, happening = event.firm, event.happening
    return Peripheral(
        event_id=happening.event_id,
        category=happening.category,
        kind=happening.kind,
        basis=happening.basis,
        firm_id=firm.firm_id,
        uscc=firm.uscc,
        name=firm.name,
        sub_sector=firm.sub_sector,
        discovered_on=happening.discovered_on,
        late=is_late(happening),
        confirmed=happening.category is Category.ARRIVAL and _was_announced(happening, told),
    )
