"""All that speaks for where an address lies, gathered before it is judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.locate.clean import clean
from pipelines.locate.gazetteer import Kind, Park, load_index
from pipelines.locate.head import Head, read_head
from pipelines.locate.spot import Spot, read_spot

_NO_VALUE = frozenset({"", "N/A", "NA", "-", "/", "无", "未知", "不详", "NULL", "NONE"})
_BRANCH_OFFICE = re.compile(r"([\u4e00-\u9fff]{2})分局")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of an address, before it is judged."""

    text: str
    head: Head
    spot: Spot
    park: Park | None
    stated: Head | None
    registrar: Head | None
    division: str


def gather(address: str, district: str, registrar: str, division: str) -> Evidence:
    """Read the address and the columns; the parameters are those of `locate`."""
    text = clean(address)
    head = read_head(text)
    spot = read_spot(text, head)
    park = _park_of(text, spot.key)
    return Evidence(text, head, spot, park, _stated(district), _stated(registrar), division)


@lru_cache(maxsize=4096)
def _stated(column: str) -> Head | None:
    """What a district column or a registrar's name says; None when it says no place."""
    text = clean(column)
    if text.upper() in _NO_VALUE:
        return None
    head = read_head(text, column=True)
    if not head.elsewhere and not head.code:
        office = _BRANCH_OFFICE.search(text)  # 上海市工商行政管理局普陀分局
        form = load_index().forms.get(office[1]) if office else None
        if form is not None and form.kind is Kind.DISTRICT:
            head.code = form.code
    return head if head.code or head.elsewhere else None


def _park_of(text: str, key: str) -> Park | None:
    index = load_index()
    named = index.park_names.search(text)
    if named is not None:
        return index.parks[index.park_of_name[named[0]]]
    for park in index.parks.values():
        if any(key.startswith(at) for at in park.at):
            return park
    return None
