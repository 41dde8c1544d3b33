"""Tell the numbers that identify a person (GB 11643) by their own check digit and birth date."""

from __future__ import annotations

import re
from datetime import date

from stdnum.iso7064 import mod_11_2

# GB/T 2260, first two digits; 81 to 83 are the residence permits of people from Hong Kong, Macao and Taiwan.
PROVINCES = frozenset(
    f"{number}"
    for numbers in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for number in numbers
) | {"71", "81", "82"}
_ID_PROVINCES = PROVINCES | {"83"}

_EIGHTEEN = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]")
_FIFTEEN = re.compile(r"[1-8][0-9]{14}")
# Fifteen digits were given out until 1999 and hold no century and no check digit. A birth before 1920 is
# taken for something else: a business registration number (注册号) has fifteen digits too, and mostly zeros
# at that place.
_OLDEST_OF_FIFTEEN = 20


def is_resident_id(number: str) -> bool:
    """Whether `number` is a valid citizen's id of 18 characters, or could be an old one of 15 digits.

    `number` is in ASCII without blanks, X in upper case. GB 11643-1999: division, birth date, serial number,
    check digit ISO 7064 MOD 11-2. Of the division only the province is tested: counties come and go.
    """
    if len(number) == 15:
        return _could_be_old_id(number)
    return number[:2] in _ID_PROVINCES and has_birth_date(number) and _check_holds(number)


def is_foreign_resident_id(number: str) -> bool:
    """Whether `number` is a valid id of a foreigner's permanent residence card (from December 2023).

    Such a number has 18 characters: 9, province, country in three digits, birth date, serial, check digit
    ISO 7064 MOD 11-2. The number of an enterprise (91…) can have this form by chance.
    """
    return number[:1] == "9" and number[1:3] in PROVINCES and has_birth_date(number) and _check_holds(number)


def has_birth_date(number: str) -> bool:
    """Whether an id in shape: 17 digits with a possible birth date at 7 to 14, then a digit or X."""
    return bool(_EIGHTEEN.fullmatch(number)) and _is_day(number[6:14])


def _check_holds(number: str) -> bool:
    return bool(mod_11_2.is_valid(number))


def _could_be_old_id(number: str) -> bool:
    return (
        bool(_FIFTEEN.fullmatch(number))
        and number[:2] in PROVINCES
        and int(number[6:8]) >= _OLDEST_OF_FIFTEEN
        and _is_day(f"19{number[6:12]}")
    )


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
