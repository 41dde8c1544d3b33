"""Two readings of one capture, compared item by item."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.difference import Difference, compare

NONE: list[dict[str, Any]] = []


def row(line: int, **said: Any) -> dict[str, Any]:
    proof = {"capture": "<urn:uuid:1>", "line": line, "parser": "t/1", "fetched_at": "2026-11-16T02:00:00.000000Z"}
    return {
        "item_type": "registration",
        "uscc": str(line),
        "name": "样本",
        "proof": proof | said.pop("proof", {}),
    } | said


def article(number: int, **said: Any) -> dict[str, Any]:
    return row(1, **{"item_type": "article", "kind": "news", "article_id": f"n{number}", "text": ""} | said)


def written(path: Path, items: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in items), encoding="utf-8")
    return path


def told(tmp_path: Path, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Difference:
    return compare(written(tmp_path / "before", before), written(tmp_path / "after", after))


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        (NONE, NONE, Difference()),
        ([row(1), row(2)], [row(2), row(1)], Difference(same=2)),
        ([row(1)], [row(1, proof={"parser": "t/2", "fetched_at": "2026-11-16T02:00:00.25Z"})], Difference(same=1)),
        ([row(1), row(2)], [row(1, name="改", uscc="7"), row(2)], Difference(1, 1, fields={"name": 1, "uscc": 1})),
        ([row(1), row(2)], [row(2), row(3)], Difference(same=1, new=1, gone=1)),
        ([row(1), row(1)], [row(1)], Difference(same=1, gone=1)),
        ([row(1, item_type="rejected")], [row(1)], Difference(changed=1, fields={"item_type": 1})),
        (
            [article(1, proof={"capture": "<list>", "line": 7})],
            [article(1, text="有", proof={"capture": "<page>", "line": 1})],
            Difference(changed=1, fields={"text": 1, "proof.capture": 1, "proof.line": 1}),
        ),
        ([article(1)], [article(2)], Difference(new=1, gone=1)),
    ],
)
def test_items_are_the_same_changed_new_or_gone(
    tmp_path: Path, before: list[dict[str, Any]], after: list[dict[str, Any]], difference: Difference
) -> None:
    assert told(tmp_path, before, after) == difference


def test_only_what_differs_is_a_difference() -> None:
    assert Difference().is_none
    assert Difference(same=3).is_none
    assert not any(found.is_none for found in (Difference(3, changed=1), Difference(3, new=1), Difference(3, gone=1)))


def test_a_reading_that_wrote_no_items_has_none(tmp_path: Path) -> None:
    some = written(tmp_path / "some", [row(1)])
    assert compare(tmp_path / "none", some) == Difference(new=1)
    assert compare(some, tmp_path / "none") == Difference(gone=1)


def test_what_differs_most_is_told_first(tmp_path: Path) -> None:
    before = [row(1), row(2), row(3)]
    found = told(tmp_path, before, [row(1, name="改"), row(2, name="改", uscc="0")])
    assert str(found) == "0 same, 2 changed, 0 new, 1 gone (name 2, uscc 1)"
