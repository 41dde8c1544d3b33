"""What came from outside passes here before a reader sees it: text is disarmed, links are judged."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

MAX_URL = 2000

# Names that resolvers keep inside a machine or a house (RFC 6761, RFC 6762, RFC 8375, and common practice).
_INNER_NAMES = frozenset(
    (
        *("localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "lan", "home"),
        *("arpa", "test", "invalid", "example", "onion"),
    )
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x20\x7f<>\"'`\\^{|}]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_COMBINING_ALLOWED = 2


def clean(text: object, limit: int) -> str:
    """One line of at most `limit` characters, no control, bidi or zero-width ones; cut with … if longer."""
    kept: list[str] = []
    marks = 0
    for character in " ".join(str(text).split()):
        if unicodedata.category(character) in _INVISIBLE:
            continue
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _COMBINING_ALLOWED:  # piled-up marks would be drawn over the neighbouring lines
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_line(text: str, limit: int) -> str:
    """As `clean`, for a line of ours around words from outside: its indent stays."""
    indent = len(text) - len(text.lstrip(" "))
    return text[:indent] + clean(text, limit)


def verbatim(text: object, limit: int) -> str:
    """Text as captured, for evidence: line breaks stay, what cannot be seen is spelled out (`⟨U+202E⟩`)."""
    whole = str(text)
    shown = "".join(
        f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character) in _INVISIBLE and character not in "\n\t"
        else character
        for character in whole[:limit]
    )
    return shown if len(whole) <= limit else f"{shown}… (+{len(whole) - limit})"


def safe_link(url: str, *, own: bool = False) -> str | None:
    """`url` if a reader may be sent there, else None: http(s), no credentials, a host on the public internet.

    `own` is for the operator's base address, whose host may lie inside the office.
    """
    if len(url) > MAX_URL or _UNSAFE_IN_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return url if own or _is_public(host) else None


def _is_public(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _is_public_name(host)
    # IPv6 has too many ways to spell an inner IPv4 address (mapped, 6to4, NAT64), and no publisher needs one.
    return address.version == 4 and address.is_global and not address.is_multicast


def _is_public_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    # A last label with a leading digit is another spelling of an IPv4 address (127.1, 0x7f.1).
    return not labels[-1][0].isdigit() and labels[-1] not in _INNER_NAMES
