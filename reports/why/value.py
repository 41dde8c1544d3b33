"""Verifies that what an event tells follows from the records that prove it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from crawler.fields.money import Money, parse_money
from pipelines.scope_change import compare_scopes
from reports.briefing import BETWEEN_PARTS, Basis, Exhibit, Role
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
        Basis.LICENSED,
        Basis.DISCLOSED,
    }
)
_PRINTED_BEFORE = frozenset(
    {Basis.ADDRESS_CHANGED, Basis.STATUS_CHANGED, Basis.CAPITAL_CHANGED, Basis.NOT_LISTED, Basis.LICENSED}
)
_AMOUNT, _ROUNDED = "amount", 100  # an amount is told rounded, by less than a hundredth
_BETWEEN_AMOUNTS = re.compile("[；;]")
_UNITS = ("", "元", "万元")  # that may stand in the head of its column


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
            stands = any(_states(record, told) for record in records[role])
            yield Check(stands, f"what is told {name} {'is' if stands else 'is NOT'} what a record states")


def _states(record: dict[str, str], told: str) -> bool:
    """Whether a record states what is told, as one value or as two of which the first may be its amount."""
    values = {squeeze(value) for value in record.values()}
    if squeeze(told) in values:
        return True
    head, _, tail = told.partition(BETWEEN_PARTS)
    return squeeze(tail) in values and (squeeze(head) in values or _is_amount(head, record.get(_AMOUNT, "")))


def _is_amount(told: str, printed: str) -> bool:
    """Whether it is the amount printed, or the sum of those printed."""
    money, parts = parse_money(told), [part for part in _BETWEEN_AMOUNTS.split(printed) if part.strip()]
    sums = (_summed([parse_money(part, unit=unit) for part in parts]) for unit in _UNITS)
    return money is not None and any(abs(money.amount - stated) * _ROUNDED < stated for stated in sums)


def _summed(parts: list[Money | None]) -> Decimal:
    """Nothing where one of them could not be read."""
    read = [part.amount for part in parts if part is not None]
    return sum(read, Decimal(0)) if len(read) == len(parts) else Decimal(0)


def _scope(event: Row, befores: list[dict[str, str]], afters: list[dict[str, str]]) -> Check:
    """Whether the items told are those by which the two scopes differ."""
    told = {squeeze(text(event["after"])), squeeze(text(event["before"]))} - {""}
    for before, after in product(befores, afters):
        change = compare_scopes(before.get(_SCOPE, ""), after.get(_SCOPE, ""))
        if told and told <= {squeeze("；".join(items)) for items in (change.added, change.removed)}:
            return Check(True, "the items told are those by which the two scopes differ")
    return Check(False, "the items told are NOT those by which the two scopes differ")
