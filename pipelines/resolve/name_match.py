"""How a name came to its firm, or why it may only be the firm's: one closed list, the same words everywhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class NameMatch(StrEnum):
    """How a name was matched, the surest first."""

    PERSON = "person"  # somebody said whom it means
    CREDIT_CODE = "credit_code"  # the credit code beside it says so
    EXACT = "exact"  # the registered name, now or once, but for width, brackets and blanks
    ENGLISH = "english"  # the registered English name, but for case, punctuation and the spelling of its legal form
    SPELLING = "spelling"  # 上海市 for 上海, 有限责任公司 for 有限公司
    SHORT = "short"  # all of it but place and legal form
    LOOSE = "loose"  # place or legal form left out, or the place moved
    ALIAS = "alias"  # core name with the first words of its trade
    CORE = "core"  # the core name alone
    AMBIGUOUS = "ambiguous"  # several firms may be meant
    NONE = "none"

    @property
    def is_part(self) -> bool:
        """Whether it is only a piece of a name, that a longer name may go on from."""
        return self in (NameMatch.SHORT, NameMatch.ALIAS, NameMatch.CORE)


# By these a register's or a licence's name is the firm's; by anything else it is a candidate.
SURE: Final = (NameMatch.PERSON, NameMatch.CREDIT_CODE, NameMatch.EXACT, NameMatch.ENGLISH, NameMatch.SPELLING)
# How whole names are compared, in this order.
COMPARED: Final = (
    NameMatch.EXACT,
    NameMatch.SPELLING,
    NameMatch.LOOSE,
    NameMatch.SHORT,
    NameMatch.ALIAS,
    NameMatch.CORE,
)
