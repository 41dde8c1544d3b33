"""Verifies that what an event tells follows from the records that prove it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pipelines.scope_change import compare_scopes
from reports.briefing import Basis, Exhibit, Role
from reports.cells import Row, text
from reports.why.markup import squeeze
from reports.why.model import Check

_SCOPE = "scope"
# What an event on these rests on is a value as printed in a record; the others tell of it in words of ours.
_PRINTED_AFTER = frozenset(
    {
        Basis.FIRST_LISTED,
        Basis.ADDRESS_CHANGED,
        Basis.STATUS_CHANGED,
        Basis.CAPITAL_CHANGED,
        Basis.ANNOUNCED,
        Basis.FILED,
    }
)
_PRINTED_BEFORE = frozenset({Basis.ADDRESS_CHANGED, Basis.STATUS_CHANGED, Basis.CAPITAL_CHANGED, Basis.NOT_LISTED})


def check_value(event: Row, exhibits: tuple[Exhibit, ...]) -> Iterator[Check]:
    """Whether what is told before and after stands in the records so, or follows from the two scopes."""
    basis = Basis(event["basis"])
    records: dict[Role, list[dict[str, str]]] = {role: [] for role in Role}
    for exhibit in exhibits:
        records[exhibit.role].append(exhibit.record or {})
    if basis is Basis.SCOPE_CHANGED:
        yield _scope(event, records[Role.BEFORE], records[Role.AFTER])
        return
    for role, name, bases in ((Role.BEFORE, "before", _PRINTED_BEFORE), (Role.AFTER, "after", _PRINTED_AFTER)):
        if (told := text(event[name]).strip()) and basis in bases:
            stands = any(squeeze(told) == squeeze(value) for record in records[role] for value in record.values())
            yield Check(stands, f"what is told {name} {'is' if stands else 'is NOT'} what a record states")


def _scope(event: Row, befores: list[dict[str, str]], afters: list[dict[str, str]]) -> Check:
    """Whether the items told are those by which the two scopes differ."""
    told = {squeeze(text(event["after"])), squeeze(text(event["before"]))} - {""}
    for before, after in product(befores, afters):
        change = compare_scopes(before.get(_SCOPE, ""), after.get(_SCOPE, ""))
        if told and told <= {squeeze("；".join(items)) for items in (change.added, change.removed)}:
            return Check(True, "the items told are those by which the two scopes differ")
    return Check(False, "the items told are NOT those by which the two scopes differ")
