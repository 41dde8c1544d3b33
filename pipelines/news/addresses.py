"""Addresses in a page on roads that only our Putuo has: 怒江北路561弄 tells where it is without the district's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from pipelines.locate import InPutuo, locate
from pipelines.locate.gazetteer import load_index
from pipelines.news.document import Document, Span

_MOST: Final = 200  # addresses looked at on a page
_CITY: Final = "上海"
_NUMBERED = re.compile(r"(?<=[\u4e00-\u9fff][路街村])[0-9]{1,5}(?:弄|号(?!线|楼))")
_SHORTEST_ROAD: Final = 3
# Behind these a road's name begins; behind a district's or another city's it is told where the road is.
_LEADS: Final = (
    "上海市",
    "上海",
    "于",
    "在",
    "至",
    "到",
    "为",
    "是",
    "由",
    "从",
    "址",
    "落",
    "处",
    "自",
    "往",
    "的",
    "号",
    "沪",
)


def find_addresses(doc: Document) -> Iterator[Span]:
    """The addresses in a folded page that lie in our Putuo by road and number alone, in order.

    A road's name may stand in other cities too, so only on a page that names Shanghai, and behind no other place.
    """
    if _CITY not in doc.low:
        return
    longest = load_index().longest_road
    for match in islice(_NUMBERED.finditer(doc.low), _MOST):
        for length in range(longest, _SHORTEST_ROAD - 1, -1):
            start = match.start() - length
            if start >= 0 and _is_ours(doc.low[start : match.end()]) and _begins(doc.low, start):
                yield Span(start, match.end())
                break


def _begins(low: str, start: int) -> bool:
    return start == 0 or not "\u4e00" <= low[start - 1] <= "\u9fff" or low.endswith(_LEADS, 0, start)


@lru_cache(maxsize=1024)  # a page says its firm's address again and again
def _is_ours(address: str) -> bool:
    """Whether a text is a road of Putuo and a number on its stretch here."""
    road = re.sub("[0-9].*", "", address)
    return road in load_index().roads and locate(_CITY + "市" + address).in_putuo is InPutuo.YES
