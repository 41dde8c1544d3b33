"""Verifies the bytes that a proof names: that they are those noted, and that the statement stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from crawler.archive import CONVERSION, METADATA, ArchiveError, Reply
from crawler.clock import SHANGHAI
from reports.briefing import Exhibit
from reports.cells import utc
from reports.why.model import Check, Place
from reports.why.place import PlaceError, find_place, find_record, says
from reports.why.runs import RunSeen

_QUOTE: Final = "quote"
_PAGE: Final = "page"  # its address may be made by the publisher's rule from what the list states
_AMOUNT: Final = "amount"
_BETWEEN_AMOUNTS: Final = re.compile("[；;]")
_UNIT: Final = re.compile(r"[(（][^()（）]*[)）]$")  # from the head of a column, put behind the number


def at(instant: datetime) -> str:
    """An instant as it is told, in Shanghai, to the second."""
    return utc(instant).astimezone(SHANGHAI).isoformat(" ", "seconds")


def look_at_bytes(exhibit: Exhibit, seen: RunSeen) -> tuple[list[Check], Place | None]:
    """Whether the bytes are the ones noted, and the statement stands in them; and where."""
    try:
        reply = seen.reply(exhibit.capture)
    except (ArchiveError, OSError) as error:
        return [Check(False, str(error))], None
    checks, stated = [_bytes(exhibit, reply)], _stated(exhibit.record or {})
    try:
        place, missing = find_place(reply, exhibit.line, stated)
        also = ""
        if missing and _QUOTE in stated:
            place, missing = _in_another_reply(seen, stated) or (place, missing)
        elif missing:
            place, missing, also = _spread(seen, reply, stated, (place, missing))
    except (PlaceError, ArchiveError, OSError) as error:
        return [*checks, Check(False, str(error))], None
    return [*checks, _stands(stated, missing, place.title + also)], place


def _stated(record: Mapping[str, str]) -> dict[str, str]:
    """What must stand in the bytes: the sentence of a page, or each value of a record, and of an amount its numbers."""
    if record.get(_QUOTE):
        return {_QUOTE: record[_QUOTE]}
    stated = {name: value for name, value in record.items() if name != _PAGE}
    numbers = [_UNIT.sub("", part.strip()) for part in _BETWEEN_AMOUNTS.split(stated.pop(_AMOUNT, ""))]
    return stated | {_AMOUNT if n == 1 else f"{_AMOUNT} {n}": number for n, number in enumerate(numbers, start=1)}


def _bytes(exhibit: Exhibit, reply: Reply) -> Check:
    pairs = {
        "sha256": (exhibit.sha256, reply.sha256),
        "address": (exhibit.url, reply.url),
        # The proof is told in seconds.
        "time": (at(exhibit.fetched_at) if exhibit.fetched_at else "", at(reply.fetched_at)),
    }
    if wrong := [f"{name} {kept} instead of {noted}" for name, (noted, kept) in pairs.items() if noted != kept]:
        return Check(False, f"the capture's record is not the one noted: {'; '.join(wrong)}")
    if reply.kind == METADATA:
        told = "the capture notes the same sha256 of what was received; its bytes were not kept"
    elif reply.kind == CONVERSION:
        told = "the capture notes the same sha256 of the original; personal data was blanked before it was kept"
    else:
        told = "the captured bytes have the sha256 noted"
    return Check(True, f"{told} ({exhibit.sha256[:12]}…)")


def _spread(
    seen: RunSeen, reply: Reply, stated: Mapping[str, str], found: tuple[Place, tuple[str, ...]]
) -> tuple[Place, tuple[str, ...], str]:
    """The place that states most of it, what no place states, and which other places state the rest.

    A notice names several winners in one reply, and its title and day may stand in the list that leads to it alone.
    """
    place, missing = found
    best = find_record(reply, {name: stated[name] for name in stated})
    if best is not None and len(best[1]) < len(missing):
        place, missing = best
    elsewhere = tuple(name for name in missing if not says(reply, stated[name]))
    also = " and elsewhere in that reply" if len(elsewhere) < len(missing) else ""
    if elsewhere and (other := _in_another_reply(seen, {name: stated[name] for name in elsewhere})):
        also, elsewhere = f"{also} and in {other[0].title} of the same run", other[1]
    return place, elsewhere, also


def _in_another_reply(seen: RunSeen, stated: Mapping[str, str]) -> tuple[Place, tuple[str, ...]] | None:
    """The one place in another reply of the run that states all of it: a title may be the list's own."""
    for reply in seen.replies():
        try:
            found = find_record(reply, stated) if "json" in reply.content_type else find_place(reply, 1, stated)
        except PlaceError:
            continue
        if found is not None and not found[1]:
            return found
    return None


def _stands(stated: Mapping[str, str], missing: tuple[str, ...], where: str) -> Check:
    filled = sum(bool(value.strip()) for value in stated.values())
    if missing:
        return Check(False, f"what the record states does NOT stand in the captured bytes: {', '.join(missing)}")
    what = "the quoted sentence stands" if _QUOTE in stated else f"all {filled} stated values stand"
    return Check(filled > 0, f"{what} in {where}")
