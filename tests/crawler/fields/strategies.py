"""Invented codes and numbers for the properties of this folder."""

from datetime import date

from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from crawler.fields.credit_code import with_check_digits

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_KINDS_OF = {"1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129", "8": "19"}
_KINDS_OF |= {"9": "123", "A": "19", "N": "1239", "Y": "1"}
KINDS = [authority + kind for authority, kinds in _KINDS_OF.items() for kind in kinds]
PROVINCES = [
    f"{number}"
    for numbers in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for number in numbers
] + ["71", "81", "82"]

credit_codes = st.builds(with_check_digits, st.just("91"), st.just("310199"), st.integers(0, 10**8 - 1))


def _citizen_id(province: str, county: int, birth: str, serial: int) -> str:
    body = f"{province}{county:04d}{birth}{serial:03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def _foreign_id(province: str, country: int, birth: str, serial: int) -> str:
    body = f"9{province}{country:03d}{birth}{serial:03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def _old_id(province: str, county: int, birth: str, serial: int) -> str:
    return f"{province}{county:04d}{birth}{serial:03d}"


provinces = st.sampled_from(PROVINCES)
births = st.dates(date(1920, 1, 1), date(2026, 12, 31)).map("{:%Y%m%d}".format)
old_births = st.dates(date(1920, 1, 1), date(1999, 12, 31)).map("{:%y%m%d}".format)
# No province has a county 61xx to 65xx, so no id here is anyone's; in a code these begin as provinces do.
no_counties = st.integers(6100, 6599)
serials = st.integers(0, 999)

citizen_ids = st.builds(_citizen_id, provinces, no_counties, births, serials)
foreign_resident_ids = st.builds(_foreign_id, provinces, st.integers(0, 999), births, serials)
old_citizen_ids = st.builds(_old_id, provinces, no_counties, old_births, serials)
