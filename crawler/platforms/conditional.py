"""Asking only for what has changed (RFC 9110, 13.1): what a reply lets us ask next time, and whether we did ask so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response

_VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


def validators_of(response: Response) -> dict[str, str]:
    """The request headers by which the same reply need not be sent again."""
    values = {ask: response.headers.get(tag) for tag, ask in _VALIDATORS.items()}
    return {ask: value.decode("latin-1") for ask, value in values.items() if value}


def was_conditional(response: Response) -> bool:
    """Whether the request let the host answer that nothing has changed (304)."""
    asked = response.request.headers if response.request else {}
    return any(name in asked for name in _VALIDATORS.values())
