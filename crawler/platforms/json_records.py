"""Lists of records as JSON: found by dotted paths, and only documented keys taken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crawler.fields.personal import redact
from crawler.fields.text import clean
from crawler.platforms.records import Keep, Seen, as_count, as_text
from crawler.source import UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response

_LONGEST_QUOTED: Final = 40  # characters of a code; what is longer may be words about anybody
_SHOWN: Final = 80  # characters of an untrusted value in a reason
_MOST_VALUES: Final = 50  # of a key that names several
_DEEPEST: Final = 12  # steps into a record while looking for keys nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRecords:
    """Where the replies of a platform hold what.

    Paths are dotted, from the top of the reply, those of `keys` from the top of a record; `names[].name` takes the name
    of every entry of a list. `ok` is the path that says success and the value it then has. `inside` is the path of a
    text that is JSON itself; the other paths go on in it. `known` are keys that are documented and left out on purpose.
    `blank_is_none`: the reply `{}` is that of a list without records. `null_is_none`: so is null in place of `records`.
    `total_once`: only the first page says the total.
    """

    records: str
    keys: Mapping[str, Keep]
    required: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    ok: tuple[str, Any] | None = None
    inside: str = ""
    number: str = ""
    pages: str = ""
    total: str = ""
    next: str = ""
    blank_is_none: bool = False
    null_is_none: bool = False
    total_once: bool = False

    def see(self, response: Response) -> Seen:
        """The reply taken apart. Raises UnreadableError."""
        said = parse_json(response.body)
        if self.blank_is_none and said == {}:
            return Seen()
        if self.ok is not None:
            check_success(said, *self.ok)
        if self.inside:
            said = self._opened(said)
        records = at_path(said, self.records)
        if records is None and self.null_is_none:
            records = []
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise UnreadableError(f"{self.records or 'the reply'} is no list of records")
        return Seen(
            number=_counter(said, self.number),
            pages=_counter(said, self.pages),
            total=_counter(said, self.total, missing=None if self.total_once else _RAISE),
            next=as_text(at_path(said, self.next, missing=None)) if self.next else "",
            records=tuple({key: _value(record, key.split(".")) for key in self.keys} for record in records),
            unknown={"keys": [word for record in records for word in self._unknown(record)]},
        )

    def _opened(self, said: Any) -> Any:
        """The reply with the JSON that one of its texts is put in the text's place."""
        inner = at_path(said, self.inside)
        if isinstance(inner, str):
            above, _, last = self.inside.rpartition(".")
            at_path(said, above)[last] = parse_json(inner.encode("utf-8", "replace"))
        return said

    def _unknown(self, record: Mapping[str, Any]) -> Iterator[str]:
        known = {path.replace("[]", "") for path in (*self.keys, *self.known)}
        opened = {".".join(path.split(".")[:depth]) for path in known for depth in range(1, path.count(".") + 1)}
        return _other_keys(record, known, opened)


def check_success(said: Any, path: str, value: Any) -> None:
    """Raises UnreadableError when the word of success at `path` is not `value`."""
    found = at_path(said, path)
    if found != value or type(found) is not type(value):  # for Python False is 0
        raise UnreadableError(f"{path} is {quoted(found)} instead of {value!r}")


def parse_json(body: bytes) -> Any:
    """A reply as JSON. Raises UnreadableError for what is none, or cannot be read."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not JSON: not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error.msg} at character {error.pos}{_plainly(body)}") from error
    except (RecursionError, ValueError) as error:  # nested without end; a number of a million digits
        raise UnreadableError(f"not JSON that can be read: {type(error).__name__}") from error


def _plainly(body: bytes) -> str:
    """What a host says in a plain sentence where JSON should be; empty for markup and the like."""
    said = redact(clean(body[: 4 * _SHOWN].decode("utf-8", "replace")))[:_SHOWN]
    return f"; it says {said!r}" if re.match(r"\w[^<>{}]*$", said) else ""


def quoted(found: Any) -> str:
    """A host's value as a reason may show it: numbers and short codes as they stand, of all else only what it is."""
    if isinstance(found, str) and not (found.isascii() and found.isprintable() and len(found) <= _LONGEST_QUOTED):
        return f"a text of {len(found)} characters"
    if isinstance(found, dict | list):
        return "an object" if isinstance(found, dict) else "a list"
    return repr(str(found)[:_LONGEST_QUOTED])


_RAISE: Final = object()


def at_path(said: Any, path: str, missing: Any = _RAISE) -> Any:
    """The value at a dotted path; `missing` where it is not there, else UnreadableError naming the first lost step."""
    steps = path.split(".") if path else []
    for depth, step in enumerate(steps, start=1):
        if not isinstance(said, dict) or step not in said:
            if missing is _RAISE:
                raise UnreadableError(f"the reply has no {'.'.join(steps[:depth])!r}")
            return missing
        said = said[step]
    return said


def _counter(said: Any, path: str, missing: Any = _RAISE) -> int | None:
    return as_count(at_path(said, path, missing), path) if path else None


def _value(said: Any, steps: list[str]) -> str:
    """The text at a path of a record; of several values a line each, so that parallel paths keep their order."""
    for depth, step in enumerate(steps):
        several = step.endswith("[]")
        said = said.get(step.removesuffix("[]")) if isinstance(said, dict) else None
        if several:
            entries = said[:_MOST_VALUES] if isinstance(said, list) else []
            found = [_value(entry, steps[depth + 1 :]).replace("\n", " ") for entry in entries]
            return "\n".join(found) if any(found) else ""
    return as_text(said)


def _other_keys(said: Mapping[str, Any], known: set[str], opened: set[str], above: str = "") -> Iterator[str]:
    if above.count(".") > _DEEPEST:
        return
    for key, value in said.items():
        path = f"{above}{key}"
        if path in known:
            continue
        if path not in opened:
            yield path
            continue
        for entry in value[:_MOST_VALUES] if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield from _other_keys(entry, known, opened, f"{path}.")
