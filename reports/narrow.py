"""Narrows a briefing to the sub-sectors a reader wished for; what could not be seen stays whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reports.briefing import Briefing, Entry, Firm, SubSector


def narrow(briefing: Briefing, wishes: Iterable[SubSector]) -> Briefing:
    """The briefing with the firms of those sub-sectors alone; without a wish, all of it.

    A firm counts by its main sub-sector or a secondary one. One whose sub-sector is not decided stays: it may be what
    the reader waits for.
    """
    wished = frozenset(wishes)
    if not wished:
        return briefing
    return replace(
        briefing,
        arrivals=_of(briefing.arrivals, wished),
        confirmed=_of(briefing.confirmed, wished),
        expansions=_of(briefing.expansions, wished),
        departures=_of(briefing.departures, wished),
        late=_of(briefing.late, wished),
        peripheral=tuple(one for one in briefing.peripheral if one.sub_sector is None or one.sub_sector in wished),
    )


def _of(entries: tuple[Entry, ...], wished: frozenset[SubSector]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if _is_wished(entry.firm, wished))


def _is_wished(firm: Firm, wished: frozenset[SubSector]) -> bool:
    return firm.sub_sector is None or not wished.isdisjoint((firm.sub_sector, *firm.secondary))
