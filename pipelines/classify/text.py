"""What a text is made into before any term is looked for; every step keeps its length, so places stay places."""

from __future__ import annotations

import re

HIDDEN = "\x01"  # stands for what a reader skips: excluded words, and the separators within a kept bracket

GAP = "\x02"  # stands for what parts two English words, and no items

SEPARATORS = r"，,、；;。：:/／|｜\s.…·〓．､｡﹐•"  # between the items of a scope; for a character class

_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}  # ０-９ Ａ-Ｚ ａ-ｚ
_UNUSUAL = re.compile("[０-９Ａ-Ｚａ-ｚ\ud800-\udfff\x01\x02]")
_SEPARATOR = re.compile(f"[{SEPARATORS}]")
_UNREADABLE = re.compile("[\ud800-\udfff\x01\x02]")
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9]) (?=[a-z])|(?<=[a-z])-(?=[a-z])")


def plain(text: str) -> str:
    """The text with full-width letters and digits made half-width, and what no reader can read hidden."""
    if not _UNUSUAL.search(text):
        return text
    return _UNREADABLE.sub("\ufffd", text).translate(_WIDE)


def unparted(text: str) -> str:
    """The text as one item: separators within it part nothing."""
    return _SEPARATOR.sub(HIDDEN, text)


def lower(text: str) -> str:
    """The text in lower case, each character by itself: `İ` becomes two in `str.lower`, and would move every place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def folded(text: str) -> str:
    """The text as terms are looked for in it: plain, in lower case, and no gap parts two English words."""
    low = lower(plain(text))
    return _BETWEEN_WORDS.sub(GAP, low) if " " in low or "-" in low else low
