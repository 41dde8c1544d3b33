"""Whether somebody does something to the firm named next: what happens then is not that firm's doing."""

from __future__ import annotations

import re
from functools import cache

from crawler.fields.words import any_of
from pipelines.news.rules import load_rules

_DONE = re.compile("[了过]$")


def is_acted_on(lead: str) -> bool:
    """Whether the folded words before a firm end in what is done to it: 甲收购了乙, A, which is suing B."""
    if _english().search(lead):
        return True
    return _DONE.sub("", lead).endswith(load_rules().attribute.acts_on)


@cache
def _english() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(load_rules().attribute.acts_on_en)})(?: (?:the|an?))?$")
