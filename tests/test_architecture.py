"""The house's one direction, read from the imports: reports → pipelines → the crawler's shared words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "pipelines", "reports")
# The run folder is the hand-over, and the archive of what was fetched is a part of it.
SHARED_WORDS = (
    "crawler.items",
    "crawler.fields",
    "crawler.config",
    "crawler.clock",
    "crawler.run_folder",
    "crawler.archive",
)
MAY_IMPORT = {"crawler": (), "pipelines": SHARED_WORDS, "reports": (*SHARED_WORDS, "pipelines")}


def modules(room: str) -> list[Path]:
    roots = {ROOT / "crawler" / "commands", ROOT / "crawler" / "checks"}
    return [path for path in (ROOT / room).rglob("*.py") if roots.isdisjoint(path.parents)]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_before_it(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if name.split(".")[0] in ROOMS
        and name.split(".")[0] != room
        and not any(name == allowed or name.startswith(f"{allowed}.") for allowed in MAY_IMPORT[room])
    ]
    assert wrong == []


def test_only_the_pipelines_and_the_readers_of_the_published_file_open_duckdb() -> None:
    opening = {
        str(path.relative_to(ROOT))
        for room in ("crawler", "reports")
        for path in modules(room)
        if "duckdb" in imports(path)
    }
    assert opening == {"reports/export.py", "reports/published.py"}


def test_modules_stay_small_enough_to_hold_in_the_head() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert long == {}


def test_every_module_says_its_reason_in_its_first_line() -> None:
    silent = []
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []
