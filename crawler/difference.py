"""What a reading of a capture says otherwise than another reading of the same capture."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

# The parser's version says nothing of what was read, and the record it was read from says when that came.
_SAYS_NOTHING = ("parser", "fetched_at")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How many items two readings share, and how many not; `fields` counts what differs in the changed ones."""

    same: int = 0
    changed: int = 0
    new: int = 0
    gone: int = 0
    fields: dict[str, int] = field(default_factory=dict)

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        return not (self.changed or self.new or self.gone)

    def __str__(self) -> str:
        told = f"{self.same} same, {self.changed} changed, {self.new} new, {self.gone} gone"
        often = sorted(self.fields.items(), key=lambda said: (-said[1], said[0]))
        return f"{told} ({', '.join(f'{name} {count}' for name, count in often)})" if often else told


def compare(before: Path, after: Path) -> Difference:
    """Compares two files of items; one that is missing holds none.

    An article is known by its id, any other item by its place in the capture: there a row that was put aside and one
    that was read are the same row. Holds a few bytes an item, however long the files are. Raises OSError, ValueError.
    """
    known = {key: (digest, at) for key, digest, at, _ in _items(before)}
    counts: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    with before.open("rb") if before.exists() else BytesIO() as lines:
        for key, digest, _, item in _items(after):
            if key not in known:
                counts["new"] += 1
                continue
            digest_before, at = known.pop(key)
            if digest == digest_before:
                counts["same"] += 1
                continue
            counts["changed"] += 1
            lines.seek(at)
            fields.update(_differing(_stated(json.loads(lines.readline())), item))
    return Difference(counts["same"], counts["changed"], counts["new"], len(known), dict(fields))


def _items(path: Path) -> Iterator[tuple[Key, bytes, int, dict[str, Any]]]:
    """Each item: what it is known by, a hash of what it says, where its line begins, and what it says."""
    if not path.exists():
        return
    met: Counter[Key] = Counter()
    with path.open("rb") as lines:
        at = 0
        for line in lines:
            item = _stated(json.loads(line))
            name = _name(item)
            met[name] += 1
            key = (*name, str(met[name]))
            yield key, hashlib.sha256(json.dumps(item, sort_keys=True).encode()).digest()[:16], at, item
            at += len(line)


def _name(item: dict[str, Any]) -> Key:
    if item.get("item_type") == "article":
        return "article", str(item.get("kind")), str(item.get("article_id"))
    return str(item.get("proof.capture")), str(item.get("proof.line"))


def _stated(item: dict[str, Any]) -> dict[str, Any]:
    """The item with what its proof says beside what it says itself."""
    proof = {f"proof.{name}": said for name, said in item.pop("proof").items() if name not in _SAYS_NOTHING}
    return item | proof


def _differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    if before["item_type"] != after["item_type"]:
        return {"item_type"}  # a row that was put aside and one that was read share no field worth naming
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
