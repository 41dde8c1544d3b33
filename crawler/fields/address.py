"""Web addresses as keys: for publishers that give their records no id of their own."""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import urlsplit

_DIGITS: Final = 16  # of the hash: in a million addresses two share one with a chance of 1 in 37 million
_DEFAULT_PORT: Final = re.compile(r":(?:80|443)$")
_CAMPAIGN: Final = re.compile(r"(?i)(?:utm_[a-z]+|spm|fbclid|gclid)=")  # who sent the reader; the page is the same


def address_id(address: str) -> str:
    """16 hex digits that a page's address always gives, however it was linked to; empty for what is no web address.

    Scheme, default port, fragment, a slash at the end, the case of the host and what tells who sent the reader do not
    matter; the rest of the query does.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = _DEFAULT_PORT.sub("", parts.netloc.rpartition("@")[2].lower())
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _CAMPAIGN.match(pair))
    normal = f"{host}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")
    return hashlib.sha256(normal.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
