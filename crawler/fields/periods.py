"""Read the first day of a period: 公示期, or any cell that says from when to when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.fields.dates import parse_date
from crawler.fields.text import clean, fold_width

if TYPE_CHECKING:
    from datetime import date

_LONGEST: Final = 120  # characters; a period with its remarks has some 40
_DAY: Final = re.compile(r"(?<![0-9])[0-9]{4} ?([-/.年]) ?[0-9]{1,2} ?(?:\1|月) ?[0-9]{1,2}(?![0-9])(?: ?日)?")


def first_day(text: str) -> date | None:
    """The day that a period begins on, as printed; None where no whole day stands first.

    Read are the separated and the Chinese way of writing a day in digits: `2026-11-10至2026-11-23`,
    `2026年11月10日—11月23日（10个工作日）`, `自2026.11.10起`. A longer text is no period.
    """
    folded = fold_width(clean(text))
    found = _DAY.search(folded) if len(folded) <= _LONGEST else None
    return parse_date(found[0]) if found else None
