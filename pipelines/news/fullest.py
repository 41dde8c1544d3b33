"""Of what a page says of a firm twice, what it says where it names the firm most fully."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pipelines.news.model import FirmStatement, Mention
from pipelines.resolve.name_match import NameMatch

_LESSER: Final = (NameMatch.LOOSE, NameMatch.ALIAS, NameMatch.CORE)


def fullest(found: Iterable[FirmStatement], mentions: Sequence[Mention], title: str) -> list[FirmStatement]:
    """The statements, in order, but for those by a lesser form alone where a fuller one says the same of the firm.

    A headline shortens the name and leaves out the day and the place: of a firm that the body names more fully, only
    the body speaks.
    """
    said = list(found)
    full = {(one.firm, one.kind) for one in said if _is_by_full(one, mentions)}
    in_body = {one.firm for one in mentions if one.form not in _LESSER and one.start > len(title)}
    return [
        one
        for one in said
        if _is_by_full(one, mentions)
        or ((one.firm, one.kind) not in full and not (one.start < len(title) and one.firm in in_body))
    ]


def _is_by_full(said: FirmStatement, mentions: Sequence[Mention]) -> bool:
    own = [mention for mention in mentions if mention.firm == said.firm]
    within = [mention.form for mention in own if said.start <= mention.start < said.end]
    return any(form not in _LESSER for form in within) or not within
