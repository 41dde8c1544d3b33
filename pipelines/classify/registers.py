"""What an industry code and licences say of a firm: both stand beside the scope, and are as good as its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.classify.rules import IndustryRule, LicenceRule, Rules

_CODE = re.compile("(?<![0-9])([0-9]{2,4})(?![0-9])")


class Registers:
    """Looks up the rules of industry codes (GB/T 4754-2017) and of kinds of licences."""

    def __init__(self, rules: Rules) -> None:
        self._by_code = {code: rule for rule in rules.industry for code in rule.codes}
        self._not_health = rules.industry_not_health
        self._by_kind = {str(rule.kind): rule for rule in rules.licence}

    @staticmethod
    def code(industry: str) -> re.Match[str] | None:
        """Where a code stands in what is told of an industry (`2770`, `C2770 卫生材料及医药用品制造`)."""
        return _CODE.search(industry)

    def industry(self, code: str) -> IndustryRule | None:
        """The rule of a code, the one of most digits; None if it does not speak for life-health."""
        for digits in range(len(code), 1, -1):
            if rule := self._by_code.get(code[:digits]):
                return rule
        return None

    def is_not_health(self, code: str) -> bool:
        """Whether a code says that what looks like life-health is for animals, or sport."""
        return code.startswith(self._not_health) if self._not_health else False

    def licences(self, kinds: Iterable[str]) -> Iterator[LicenceRule]:
        """The rules of these kinds, each once; a kind that says nothing of life-health is passed over."""
        for kind in dict.fromkeys(kinds):
            if rule := self._by_kind.get(kind):
                yield rule
