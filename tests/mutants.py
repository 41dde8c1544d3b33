"""Replies as no site should send them: a fixture's bodies with bits, ends, tags, keys and types changed, by a seed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from crawler.items import Item
from tests.fixtures.case import Case

_TAG = re.compile(rb"<[^<>]{1,300}>")
_ATTRIBUTE = re.compile(rb"""\s[a-zA-Z-]+\s*=\s*("[^"]*"|'[^']*')""")
_OTHER_THINGS: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    1e308,
    "",
    "0",
    "x" * 5_000,
    "\x00\ud800\u202e",
    [],
    {},
    [[]],
    [{}],
    {"a": {"b": []}},
    "2026-02-30",
    "9999999999999999",
    "[" * 500,
)


def mutants(case: Case, seed: int) -> Iterator[tuple[str, Case]]:
    """Endless mutants of a case, each with what was done: one reply of it is changed once to three times."""
    dice = random.Random(f"{case.label}/{seed}")
    answered = [at for at, body in enumerate(case.bodies) if body]
    while answered:
        at = dice.choice(answered)
        body, done = case.bodies[at], []
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            mutate = dice.choice(_MUTATIONS)
            body = mutate(body, dice)
            done.append(mutate.__name__.strip("_"))
        bodies = (*case.bodies[:at], body, *case.bodies[at + 1 :])
        yield f"{case.label} reply {at}: {', '.join(done)}", replace(case, bodies=bodies)


def _flip_bits(body: bytes, dice: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(dice.choice((1, 2, 8, 64)) if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _truncate(body: bytes, dice: random.Random) -> bytes:
    return body[: dice.randrange(len(body) + 1)]


def _delete_tag(body: bytes, dice: random.Random) -> bytes:
    return _without(body, _TAG, dice)


def _delete_attribute(body: bytes, dice: random.Random) -> bytes:
    return _without(body, _ATTRIBUTE, dice)


def _without(body: bytes, pattern: re.Pattern[bytes], dice: random.Random) -> bytes:
    found = list(pattern.finditer(body))
    if not found:
        return _delete_slice(body, dice)
    gone = dice.choice(found)
    return body[: gone.start()] + body[gone.end() :]


def _delete_slice(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body) + 1)
    return body[:start] + body[start + dice.choice((1, 10, 200)) :]


def _repeat_slice(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body) + 1)
    piece = body[start : start + dice.choice((1, 20, 400))]
    return body[:start] + piece * dice.choice((2, 50)) + body[start:]


def _delete_key(body: bytes, dice: random.Random) -> bytes:
    def gone(holder: Any, key: Any) -> None:
        del holder[key]

    return _in_json(body, dice, gone)


def _swap_type(body: bytes, dice: random.Random) -> bytes:
    def swapped(holder: Any, key: Any) -> None:
        holder[key] = dice.choice(_OTHER_THINGS)

    return _in_json(body, dice, swapped)


def _in_json(body: bytes, dice: random.Random, change: Callable[[Any, Any], None]) -> bytes:
    try:
        said = json.loads(body)
    except ValueError:
        return _delete_tag(body, dice)
    places = list(_places(said))
    if not places:
        return b"null"
    change(*dice.choice(places))
    return json.dumps(said).encode()


def _places(said: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(said, dict):
        keys: list[Any] = list(said)
    elif isinstance(said, list):
        keys = list(range(len(said)))
    else:
        return
    for key in keys:
        yield said, key
        yield from _places(said[key])


_MUTATIONS = (
    _flip_bits,
    _truncate,
    _delete_tag,
    _delete_attribute,
    _delete_slice,
    _repeat_slice,
    _delete_key,
    _delete_key,
    _swap_type,
    _swap_type,
)


def wrong_types(item: Item) -> list[str]:
    """The fields of an item whose value is not of the declared type."""
    hints = get_type_hints(type(item))
    return [
        f"{field.name} is {getattr(item, field.name)!r}"
        for field in fields(item)
        if not _is_a(getattr(item, field.name), hints[field.name])
    ]


def _is_a(value: Any, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin is Literal:
        return value in get_args(hint)
    if origin is Union or str(origin) == "<class 'types.UnionType'>":
        return any(_is_a(value, kind) for kind in get_args(hint))
    if origin is dict:
        return isinstance(value, dict) and all(isinstance(text, str) for pair in value.items() for text in pair)
    if isinstance(hint, type) and issubclass(hint, (StrEnum, Decimal, date, NoneType)):
        return isinstance(value, hint)
    return type(value) is hint
