"""Make text from different keyboards and exports comparable, without rewriting what the source said."""

from __future__ import annotations

# U+FF01–U+FF5E are ASCII 0x21–0x7E drawn in the width of a Chinese character (Unicode, "Halfwidth and
# Fullwidth Forms"); U+3000 is the blank of the same width.
_WIDE_ASCII = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
_FOLD = {**_WIDE_ASCII, 0x3000: 0x20}

# In names and scopes the wide brackets and commas are the writer's own punctuation; wide letters, digits and
# hyphens are an accident of the input method.
_FOLD_IN_NAMES = {wide: narrow for wide, narrow in _WIDE_ASCII.items() if chr(narrow).isalnum() or chr(narrow) == "-"}

_INVISIBLE = {
    *(code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\v\f\r\x85"),  # control
    *(0x00AD, 0x180E, 0xFEFF, *range(0x200B, 0x200E), *range(0x2060, 0x2065)),  # zero width
    *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x2070)),  # direction
    *range(0xFFF9, 0xFFFC),  # annotation anchors
    *range(0xD800, 0xE000),  # halves of characters, which JSON can name and no file can hold
}
_CLEAN = {**_FOLD_IN_NAMES, **dict.fromkeys(_INVISIBLE)}


def clean(text: str) -> str:
    """`text` as one line, for keeping and comparing.

    Full-width digits, Latin letters and hyphens become ASCII; runs of white space (U+3000, tabs and line
    breaks among them) become one space, none at the ends; control, zero-width and direction characters go, and
    surrogates without their other half. Chinese punctuation stays as it is, （） too. Idempotent.
    """
    return " ".join(text.translate(_CLEAN).split())


def fold_width(text: str) -> str:
    """`text` with every full-width ASCII character and U+3000 as plain ASCII, for parsing only.

    One character becomes one character, so that places in the result are places in `text`.
    """
    return text.translate(_FOLD)
