"""Which encoding a page is in, whatever its header and meta say of it; never lossy without a word."""

from __future__ import annotations

import codecs
import re

from crawler.source import UnreadableError

_DECLARED_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED_IN_PAGE = re.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})")
_LOOK_AT_BYTES = 4_096
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# What official pages declare; other codecs of Python's are no encodings of pages. GBK and GB 2312 are parts of
# GB 18030, Latin-1 of Windows-1252, and pages that declare the part use the whole (WHATWG Encoding, 4.2).
_READ_AS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
    "ascii": "cp1252",
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
_LOST = "\ufffd"
_LOSS_ALLOWED = 1 / 200  # of what is not ASCII: a cut title loses a character, more and we do not know what we read
_LOSS_ALWAYS_ALLOWED = 2  # characters
# GB 2312 files its 3,755 most frequent characters in rows 16 to 55 (lead bytes B0 to D7): real Chinese is made of
# them, while other encodings' bytes read as GB 18030 fall anywhere.
_FREQUENT = frozenset(bytes([lead]) for lead in range(0xB0, 0xD8))
_PLAUSIBLE = 0.6
_MOST_ACCENTS = 0.05  # of all characters: in Windows-1252 every byte is a letter, so that any rubbish would pass


def decode(body: bytes, content_type: str = "") -> str:
    """The text of an HTML page: UTF-8 if it is that, GB 18030 if that gives Chinese, else as declared.

    What little is lost stands as U+FFFD. Raises UnreadableError when more than a trace would be lost.
    """
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if body.startswith(mark):
            return _checked(body[len(mark) :].decode(encoding, "replace"), encoding)
    text = body.decode("utf-8", "replace")
    if text.count(_LOST) <= _LOSS_ALLOWED * _beyond_ascii(text):
        return text
    chinese = body.decode("gb18030", "replace")
    if _is_trace(chinese) and _frequent_share(chinese) >= _PLAUSIBLE:
        return chinese
    for encoding in (*_declared(body, content_type), "cp1252"):
        text = body.decode(encoding, "replace")
        if _is_trace(text) and (encoding != "cp1252" or _beyond_ascii(text) <= _MOST_ACCENTS * len(text)):
            return text
    declared = ", ".join(_declared(body, content_type)) or "nothing known"
    raise UnreadableError(f"neither UTF-8 nor GB 18030 nor as declared ({declared})")


def _declared(body: bytes, content_type: str) -> list[str]:
    names = _DECLARED_IN_HEADER.findall(content_type)
    names += [found.decode("ascii", "ignore") for found in _DECLARED_IN_PAGE.findall(body[:_LOOK_AT_BYTES])]
    found = []
    for name in names:
        try:
            found.append(_READ_AS[codecs.lookup(name).name])
        except LookupError:  # a name that is no encoding of pages declares nothing
            continue
    return list(dict.fromkeys(found))


def _frequent_share(text: str) -> float:
    """The share of frequent Chinese characters among all letters beyond Latin-1."""
    letters = [letter for letter in text if letter > "\u00ff" and letter.isalnum()]
    frequent = sum(letter.encode("gb2312", "ignore")[:1] in _FREQUENT for letter in letters)
    return frequent / len(letters) if letters else 0.0


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _is_trace(text: str) -> bool:
    return text.count(_LOST) <= max(_LOSS_ALWAYS_ALLOWED, _LOSS_ALLOWED * _beyond_ascii(text))


def _checked(text: str, encoding: str) -> str:
    if not _is_trace(text):
        raise UnreadableError(f"{text.count(_LOST)} characters are lost though the page says it is {encoding}")
    return text
