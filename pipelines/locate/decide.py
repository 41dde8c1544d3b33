"""The rules that say where an address lies, strongest evidence first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pipelines.locate.evidence import Evidence, gather
from pipelines.locate.gazetteer import load_index
from pipelines.locate.head import Head
from pipelines.locate.place import PUTUO, ZHEJIANG, ZHOUSHAN_PUTUO, InPutuo, LocateReason, Place
from pipelines.locate.spot import street_of


@dataclass(frozen=True, slots=True)
class _Verdict:
    in_putuo: InPutuo
    district: str
    reason: LocateReason


def _in_shanghai(code: str, reason: LocateReason) -> _Verdict:
    return _Verdict(InPutuo.YES if code == PUTUO else InPutuo.NO, code, reason)


def _speaks_of_zhoushan(evidence: Evidence) -> bool:
    """Whether the columns, or failing them the credit code, put a bare 普陀区 in Zhejiang."""
    for head in (evidence.stated, evidence.registrar):
        if head is not None and (head.shanghai or head.elsewhere):
            return head.elsewhere
    return evidence.division.startswith(ZHEJIANG)


def _by_place_elsewhere(evidence: Evidence) -> _Verdict | None:
    if not evidence.head.elsewhere:
        return None
    return _Verdict(InPutuo.NO, evidence.head.code, LocateReason.ADDRESS_NAMES_OTHER_PLACE)


def _by_named_district(evidence: Evidence) -> _Verdict | None:
    head = evidence.head
    if not head.code or (head.code == PUTUO and not (head.shanghai or head.putuo_street)):
        return None
    return _in_shanghai(head.code, LocateReason.ADDRESS_NAMES_DISTRICT)


def _by_bare_putuo(evidence: Evidence) -> _Verdict | None:
    """普陀区 without a city: Shanghai's, unless something speaks for Zhoushan's."""
    if evidence.head.code != PUTUO:
        return None
    zhoushan = _Verdict(InPutuo.NO, ZHOUSHAN_PUTUO, LocateReason.ADDRESS_NAMES_OTHER_PLACE)
    if evidence.text.startswith(load_index().after_bare_putuo, evidence.head.end):
        return zhoushan
    if evidence.spot.road is None and _speaks_of_zhoushan(evidence):
        return zhoushan
    return _in_shanghai(PUTUO, LocateReason.ADDRESS_NAMES_DISTRICT)


def _by_street_name(evidence: Evidence) -> _Verdict | None:
    head = evidence.head
    if head.putuo_street and (head.street_sure or head.shanghai):
        return _in_shanghai(PUTUO, LocateReason.STREET_NAME)
    return None


def _by_stated_city(evidence: Evidence) -> _Verdict | None:
    """Other cities have roads of the same names: their extract is believed unless the address says 上海."""
    stated = evidence.stated
    if stated is None or not stated.elsewhere or evidence.head.shanghai:
        return None
    return _Verdict(InPutuo.NO, stated.code, LocateReason.STATED_DISTRICT)


def _by_road(evidence: Evidence) -> _Verdict | None:
    spot = evidence.spot
    if spot.road is None:
        return None
    if spot.road.shared:
        if spot.number is None or not any(numbers.holds(spot.number) for numbers in spot.road.ours):
            return None
        if spot.road.common and not (spot.lane or evidence.head.shanghai):
            return None
        if evidence.stated is not None and evidence.stated.code != PUTUO:
            return None
    return _in_shanghai(PUTUO, LocateReason.ROAD_OF_PUTUO)


def _by_park(evidence: Evidence) -> _Verdict | None:
    """A park that only Putuo has; a namesake may have opened where the extract says that the firm is."""
    if evidence.park is None or not evidence.park.decides:
        return None
    if evidence.stated is not None and evidence.stated.code != PUTUO:
        return None
    return _in_shanghai(PUTUO, LocateReason.PARK)


def _by_column(head: Head | None, evidence: Evidence, reason: LocateReason) -> _Verdict | None:
    if head is None:
        return None
    if head.elsewhere:
        return _Verdict(InPutuo.NO, head.code, reason)
    if head.code == PUTUO and not head.shanghai and _speaks_of_zhoushan(evidence):
        return _Verdict(InPutuo.NO, ZHOUSHAN_PUTUO, reason)
    return _in_shanghai(head.code, reason)


def _by_stated_district(evidence: Evidence) -> _Verdict | None:
    return _by_column(evidence.stated, evidence, LocateReason.STATED_DISTRICT)


def _by_registrar(evidence: Evidence) -> _Verdict | None:
    return _by_column(evidence.registrar, evidence, LocateReason.REGISTRAR)


# The first rule that answers decides: what the address says beats what it hints, and that beats the columns.
_RULES: Final[tuple[Callable[[Evidence], _Verdict | None], ...]] = (
    _by_place_elsewhere,
    _by_named_district,
    _by_bare_putuo,
    _by_street_name,
    _by_stated_city,
    _by_road,
    _by_park,
    _by_stated_district,
    _by_registrar,
)
_NOTHING: Final = _Verdict(InPutuo.UNKNOWN, "", LocateReason.NOTHING)


def _judge(evidence: Evidence) -> _Verdict:
    for rule in _RULES:
        verdict = rule(evidence)
        if verdict is not None:
            return verdict
    return _NOTHING


def _key(evidence: Evidence, verdict: _Verdict) -> str:
    """Outside Putuo a road's name needs its place: 普陀路 is in Pudong too."""
    key = evidence.spot.key
    if not key or verdict.in_putuo is not InPutuo.NO:
        return key
    return f"{verdict.district or evidence.text[: evidence.head.end]} {key}"


def locate(address: str, *, district: str = "", registrar: str = "", division: str = "") -> Place:
    """Where an address lies, from its own words first.

    `district` is the extract's district column (所属地区, 区县), `registrar` its registrar (登记机关); both
    may be empty. `division` is digits 3 to 8 of the credit code: it only tells a bare 普陀区 of Zhoushan from
    Shanghai's and is never taken for the address. Of several places in one cell the first counts.
    """
    evidence = gather(address, district, registrar, division)
    verdict = _judge(evidence)
    here = verdict.in_putuo is InPutuo.YES
    park = evidence.park
    return Place(
        in_putuo=verdict.in_putuo,
        district=verdict.district,
        street=(evidence.head.street or street_of(evidence.spot)) if here else "",
        park=park.id if park is not None and verdict.in_putuo is not InPutuo.NO else "",
        address_key=_key(evidence, verdict),
        reason=verdict.reason,
    )
