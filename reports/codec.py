"""Frozen dataclasses to plain JSON values and back, so that an issue read again equals the issue made.

A field with a default may be missing in the JSON: so fields that were added later leave old files readable.
"""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

_SCALARS = (str, int, bool, float)


class CodecError(ValueError):
    """A JSON value does not fit its type; the message says where."""


def encode(value: object) -> Any:
    """`value` in JSON's own types: dataclasses as objects, dates in ISO 8601, decimals as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, date):  # datetime is one
        return value.isoformat()
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return format(value, "f") if isinstance(value, Decimal) else value


def decode(kind: type[T], value: object, where: str = "$") -> T:
    """The `kind` that `encode` turned into `value`. Raises CodecError naming the place."""
    return cast(T, _decode(kind, value, where))


def _decode(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return None if value is None else _decode(inner, value, where)
    if is_dataclass(kind):
        return _object(cast(type, kind), _typed(dict, value, where), where)
    if origin is tuple:
        items = _typed(list, value, where)
        return tuple(_decode(arguments[0], item, f"{where}[{n}]") for n, item in enumerate(items))
    if origin is dict:
        pairs = _typed(dict, value, where)
        return {key: _decode(arguments[1], item, f"{where}.{key}") for key, item in pairs.items()}
    if kind in _SCALARS:
        return _typed(kind, value, where)
    return _from_text(kind, _typed(str, value, where), where)


def _object(kind: type, value: dict[str, Any], where: str) -> object:
    hints = _hints(kind)
    if odd := sorted((value.keys() - hints.keys()) | (_required(kind) - value.keys())):
        raise CodecError(f"{where}: missing or unknown: {', '.join(odd)}")
    return kind(**{name: _decode(hints[name], item, f"{where}.{name}") for name, item in value.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _required(kind: type) -> frozenset[str]:
    return frozenset(
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    )


def _typed(kind: type[T], value: object, where: str) -> T:
    # bool is an int to Python, but not in a file.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise CodecError(f"{where}: {str(value)[:60]!r} is not {kind.__name__}")
    return value


def _from_text(kind: Any, text: str, where: str) -> object:
    try:
        if kind in (date, datetime):
            return kind.fromisoformat(text)
        return kind(text)
    except (ValueError, ArithmeticError) as error:
        raise CodecError(f"{where}: {text[:60]!r} is not {kind.__name__}") from error
