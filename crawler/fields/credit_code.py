"""Check, take apart and invent unified social credit codes (统一社会信用代码, GB 32100-2015)."""

from __future__ import annotations

from operator import mul

from crawler.fields.citizen_id import PROVINCES, is_foreign_resident_id, is_resident_id
from crawler.fields.text import clean, fold_width
from crawler.fields.words import load_words
from crawler.items import RejectReason

_LENGTH = 18

# GB 32100-2015: no I, O, S, V, Z. The last weight is the check character's own, which makes the sum 0 modulo
# 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)

# GB 11714-1997 counts letters from A = 10 through all of the alphabet, so its values differ from those above.
_ORGANISATION_VALUE = {character: int(character, 36) for character in _ALPHABET}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0X987654321"  # by the weighted sum modulo 11

_KINDS = frozenset(
    authority + kind for authority, kinds in load_words("credit_code_kinds")["kinds"].items() for kind in kinds
)
_NATIONAL = "100000"

_NO_CODE = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "空", "暂无", "N/A", "NA", "NULL", "NONE"})


def normalise(text: str) -> str:
    """A cell's text as a credit code is compared: ASCII width, upper case, no blanks.

    What spreadsheets put around a number to keep it text goes too: a leading apostrophe, a tab, `="…"`.
    """
    return "".join(fold_width(clean(text)).split()).strip("='\"‘’`").upper()


def problem(code: str) -> RejectReason | None:
    """Why `code` (normalised) is no valid credit code, or None where it is one.

    The first that holds, in this order: missing, a citizen's id, length, alphabet, kind (characters 1–2),
    division (3–8: six digits under a real province, or 100000; withdrawn divisions pass), the organisation
    code's check character (17, GB 11714-1997), the check character (18). A number that is both a valid credit
    code and a valid citizen's id is taken for the id.
    """
    if code in _NO_CODE:
        return RejectReason.MISSING_CREDIT_CODE
    if is_resident_id(code):
        return RejectReason.CODE_IS_CITIZEN_ID
    found = _form_problem(code) or _check_problem(code)
    if found and is_foreign_resident_id(code):
        return RejectReason.CODE_IS_CITIZEN_ID
    return found


def division(code: str) -> str:
    """Characters 3–8 of a valid code: the division that first registered the body; not its address."""
    return code[2:8]


def with_check_digits(kind: str, division: str, number: int) -> str:
    """A valid code for an invented body of `kind` (91) and `division` (310199); `number` has up to 8 digits.

    Raises ValueError where these make no valid code: no such kind or division, a number out of range, or
    (rarely, for kinds other than 9) one that would be a citizen's id.
    """
    if not 0 <= number < 10**8:
        raise ValueError(f"number of an organisation code must have up to 8 digits: {number}")
    body = f"{number:08d}"
    if found := _form_problem(start := f"{kind}{division}{body}00"):
        raise ValueError(f"no credit code can begin with kind {kind!r} and division {division!r}: {found}")
    start = start[:16] + _organisation_check(body)
    code = start + _ALPHABET[-sum(map(mul, map(_VALUE.__getitem__, start), _WEIGHTS)) % 31]
    if found := problem(code):
        raise ValueError(f"{code} would be read otherwise: {found}")
    return code


def _form_problem(code: str) -> RejectReason | None:
    if len(code) != _LENGTH:
        return RejectReason.CODE_LENGTH
    if not _VALUE.keys() >= set(code):
        return RejectReason.CODE_ALPHABET
    if code[:2] not in _KINDS:
        return RejectReason.CODE_KIND
    place = code[2:8]
    if not place.isdigit() or (place[:2] not in PROVINCES and place != _NATIONAL):
        return RejectReason.CODE_DIVISION
    return None


def _check_problem(code: str) -> RejectReason | None:
    """What the two check characters say of a code whose form is right."""
    if code[16] != _organisation_check(code[8:16]):
        return RejectReason.CODE_ORGANISATION_CHECK
    if sum(map(mul, map(_VALUE.__getitem__, code), _WEIGHTS)) % 31:
        return RejectReason.CODE_CHECK
    return None


def _organisation_check(body: str) -> str:
    total = sum(map(mul, map(_ORGANISATION_VALUE.__getitem__, body), _ORGANISATION_WEIGHTS))
    return _ORGANISATION_CHECKS[total % 11]
