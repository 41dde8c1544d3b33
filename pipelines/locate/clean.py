"""One way of writing: width, blanks, dashes, characters and numbers of an address."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pipelines.locate.gazetteer import load_index

# An address longer than this is a list of places or a mistake; the first place stands within it.
_LONGEST_ADDRESS: Final = 200

_SPACE = re.compile(r"\s+")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣～~_"), "-")
_CHINESE_NUMBER = re.compile(r"[〇零一二两三四五六七八九十百千]{1,9}(?=号|弄|支弄|幢|栋|座|#)")
_VILLAGE_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])(1[0-2]|[1-9])(?=村)")
_DIGITS = {character: digit for digit, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_VILLAGES = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def _arabic(match: re.Match[str]) -> str:
    """`一千四百七十三` and `一四七三` → `1473`; what is not a number stays."""
    text = match[0]
    if not any(character in _UNITS for character in text):
        return "".join(str(_DIGITS[character]) for character in text)
    total = pending = 0
    for character in text:
        if character in _UNITS:
            total += (pending or 1) * _UNITS[character]
            pending = 0
        else:
            pending = _DIGITS[character]
    return str(total + pending)


def clean(text: str) -> str:
    """One width, no blanks, one kind of dash, Arabic house numbers, one form of each character."""
    index = load_index()
    text = unicodedata.normalize("NFKC", text[:_LONGEST_ADDRESS])
    text = _SPACE.sub("", text).translate(_DASHES).translate(index.variants)
    text = _CHINESE_NUMBER.sub(_arabic, text)
    return _VILLAGE_NUMBER.sub(lambda match: _VILLAGES[int(match[1])], text)
