"""What the registering division inside a credit code says of where a firm first registered (GB 32100-2015, digits 3–8).

It says nothing of where the firm is now: for that see `locate`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Final

from pipelines.locate import PUTUO, reference

_SHANGHAI: Final = "31"


class DivisionKind(StrEnum):
    """Where a code was given out, as seen from Putuo."""

    HOME = "home"  # in Putuo
    ELSEWHERE = "elsewhere"  # in another district, standing or withdrawn, or another province
    SILENT = "silent"  # at the city's or the national registry, or under no known division: it could be anywhere


def division_kind(code: str) -> DivisionKind:
    """Files a six-digit division."""
    if code == PUTUO:
        return DivisionKind.HOME
    return DivisionKind.ELSEWHERE if division_name(code) else DivisionKind.SILENT


def division_name(code: str) -> str:
    """The district (in Shanghai) or province (elsewhere) of a division in Chinese; empty when it tells none."""
    if code.startswith(_SHANGHAI):
        return _names().get(code, "")
    return _names().get(code[:2] + "0000", "")


@cache
def _names() -> dict[str, str]:
    data = reference.divisions()
    return {place["code"]: place["name"] for place in (*data["shanghai"], *data["province"])}
