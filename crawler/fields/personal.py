"""Find and blank what identifies a natural person, so that it reaches no file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.fields.citizen_id import has_birth_date, is_foreign_resident_id, is_resident_id
from crawler.fields.credit_code import normalise, problem
from crawler.fields.dates import parse_date
from crawler.fields.money import parse_money
from crawler.fields.text import fold_width
from crawler.fields.words import any_of, load_words

MASK = "[redacted]"

Span = tuple[int, int]

_WORDS = load_words("personal_words")


_SEPARATOR = "[- ‐–—]"
_ID = re.compile(
    rf"(?<![0-9])[0-9]{{6}}{_SEPARATOR}?[0-9]{{8}}{_SEPARATOR}?[0-9]{{3}}(?:[0-9](?![0-9])|[Xx])"
    r"|(?<![0-9])[0-9]{15}(?![0-9])"
)
_REGISTER_NUMBER = re.compile(rf"(?:{any_of(_WORDS['register_numbers'])})[\s:(]{{0,3}}$")
_LONGEST_REGISTER_LABEL = 12  # characters, for a look back of fixed cost

# China's telephone numbering plan: mobiles have 11 digits from 13 on; area codes are 010, 02x and four digits
# from 03 on; a local number begins with neither 0 nor 1. Digits before 元 or 万 are an amount, and 400…
# without a separator may be one.
_MOBILE = re.compile(
    rf"(?<![0-9])(?:(?:\+|00)?86{_SEPARATOR}?|\(\+?86\) ?)?0?"
    rf"1[3-9][0-9]{_SEPARATOR}?[0-9]{{4}}{_SEPARATOR}?[0-9]{{4}}(?![0-9])(?! ?[元圆万亿])"
)
_LANDLINE = re.compile(
    rf"(?<![0-9])(?:\(?(?:010|02[0-9]|0[3-9][0-9]{{2}})\)?|\+86{_SEPARATOR}?\(?(?:10|2[0-9]|[3-9][0-9]{{2}})\)?)"
    rf"{_SEPARATOR}?[2-9][0-9]{{6,7}}(?:[-转][0-9]{{1,6}})?(?![0-9])"
)
_SERVICE_LINE = re.compile(
    rf"(?<![0-9])[48]00{_SEPARATOR}(?:[0-9]{{3}}{_SEPARATOR}?[0-9]{{4}}|[0-9]{{4}}{_SEPARATOR}?[0-9]{{3}})(?![0-9])"
)
# Bounded as in RFC 5321 (64 characters before the @, 63 a label), which also bounds the time.
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")

_LABEL = rf"(?:{any_of(_WORDS['labels'])})(?:姓名|号码?|\([^()]{{0,10}}\))? ?[:∶]"
_OTHER_LABEL = rf"(?:{any_of(_WORDS['other_labels'])}) ?[:∶]"
_LABELLED = re.compile(rf"{_LABEL}\s{{0,3}}+((?:(?!{_LABEL}|{_OTHER_LABEL})[^,，。;|\t\n])+)", re.IGNORECASE)

# Without one of these there is nothing to find; most business scopes have none.
_HINT = re.compile(r"[0-9@:∶]")

# Every place where eighteen characters of a code's alphabet begin, also inside longer runs.
_CODE_AT = re.compile(r"(?=([0-9A-HJ-NP-RTUW-Y]{18}))", re.IGNORECASE | re.ASCII)

_ORGANISATION = re.compile(
    rf"{any_of(_WORDS['organisations'])}|\b(?:{any_of(_WORDS['latin_organisations'])})\b\.?", re.IGNORECASE
)
# Names longer than a short cell: Latin script, parts joined by a dot (买买提·…), or several names in a row.
_LONG_NAME = re.compile(
    r"[A-Za-z\s.,'’·-]+|[\u3400-\u9fff]+(?:[·•・.][\u3400-\u9fff]+)+"
    r"|[\u3400-\u9fff]{2,4}(?:[、，,;；/\s]+[\u3400-\u9fff]{2,4})+"
)
_SHORT_CELL = 12  # characters: the longest a Chinese person's name without dots comes near


def is_citizen_id(text: str) -> bool:
    """Whether `text` is a valid id of a person: a citizen's (18 characters, or the old 15) or a resident's.

    GB 11643-1999. A number of a foreigner's permanent residence card (it begins with 9) counts only where it
    is no valid credit code. Blanks, width and case do not matter.
    """
    number = normalise(text)
    return is_resident_id(number) or (is_foreign_resident_id(number) and problem(number) is not None)


def looks_like_citizen_id(text: str) -> bool:
    """Whether `text` is, or may be with a typing error, a person's id: enough to blank it, no more.

    Besides valid ids: 17 digits and a digit or X, with a possible birth date (1900 to 2099) at 7 to 14, which
    are not a valid credit code.
    """
    number = normalise(text)
    return is_citizen_id(number) or (has_birth_date(number) and problem(number) is not None)


def redact(text: str) -> str:
    """`text` with what identifies or reaches a person replaced by `[redacted]`, all else to the letter.

    Replaced are citizens' ids (also mistyped; 15 digits unless a label says 注册号 or the like), mobile,
    landline and 400 numbers, e-mail addresses, and what follows 联系人：, 法定代表人：, 电话： and such
    labels up to the next comma, semicolon, full stop, line or label. A valid credit code always stays. Names
    without a label are not found, nor are numbers inside a longer run of digits.
    """
    spans = spans_to_redact(text)
    return _masked(text, spans) if spans else text


def spans_to_redact(text: str) -> list[Span]:
    """The places in `text` that `redact` replaces, sorted; they may touch and overlap."""
    folded = fold_width(text)
    if not _HINT.search(folded):
        return []
    spans = list(_personal_spans(folded))
    return sorted(_sparing(spans, _credit_codes(folded))) if spans else []


def redact_row(cells: list[str]) -> list[str]:
    """The cells of a row whose columns cannot be trusted: kept where harmless, else `[redacted]`.

    Harmless is what is empty, a valid credit code, a date, an amount of money with its unit, or, after
    `redact`, the name of an organisation or a text of more than 12 characters that is not itself shaped like
    a long name.
    """
    return [_redact_cell(cell) for cell in cells]


def _redact_cell(cell: str) -> str:
    if not cell.strip() or problem(normalise(cell)) is None or parse_date(cell) or parse_money(cell):
        return cell
    redacted = redact(cell)
    left = redacted.replace(MASK, "").strip()
    if _ORGANISATION.search(left):
        return redacted
    return redacted if len(left) > _SHORT_CELL and not _LONG_NAME.fullmatch(left) else MASK


def _personal_spans(folded: str) -> Iterator[Span]:
    for found in _ID.finditer(folded):
        if _is_personal_number(folded, found):
            yield found.span()
    for pattern in (_MOBILE, _LANDLINE, _SERVICE_LINE, _EMAIL):
        for found in pattern.finditer(folded):
            yield found.span()
    for found in _LABELLED.finditer(folded):
        yield found.start(1), found.start(1) + len(found[1].rstrip())


def _is_personal_number(folded: str, found: re.Match[str]) -> bool:
    number = re.sub(_SEPARATOR, "", found[0])
    if len(number) == 15:
        before = folded[max(0, found.start() - _LONGEST_REGISTER_LABEL) : found.start()]
        return is_citizen_id(number) and not _REGISTER_NUMBER.search(before)
    return looks_like_citizen_id(number)


def _credit_codes(folded: str) -> list[Span]:
    return [found.span(1) for found in _CODE_AT.finditer(folded) if problem(found[1].upper()) is None]


def _sparing(spans: list[Span], codes: list[Span]) -> Iterator[Span]:
    """What is left of `spans` outside the sorted `codes`."""
    for span in spans:
        start, end = span
        for first, last in codes:
            if first < end and start < last:
                if start < first:
                    yield start, first
                start = last
        if start < end:
            yield start, end


def _masked(text: str, spans: list[Span]) -> str:
    """`text` with each of the sorted `spans` replaced; touching and overlapping ones become one."""
    pieces: list[str] = []
    end_of_last = 0
    for start, end in spans:
        if start > end_of_last or not pieces:
            pieces += [text[end_of_last:start], MASK]
        end_of_last = max(end, end_of_last)
    return "".join([*pieces, text[end_of_last:]])
