"""People open the published file with DuckDB 1.5, its shell, its Python and tools upon it: they see what we see."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.crawler.crawling import PATIENCE
from tests.pipelines.runs import code
from tests.reports.every_view import publish_every_view

ROOT = Path(__file__).parents[2]
OLDER = ROOT / ".venv" / "duckdb-1.5"
NULL = "\\N"

PLAIN = re.compile(r"VARCHAR|BIGINT|INTEGER|DOUBLE|BOOLEAN|DATE|TIMESTAMP|DECIMAL\(\d+,\s?\d+\)")
# What a macro is asked with, by the name of its parameter. A new name needs a value here.
SAMPLES = {
    "day": "DATE '2026-11-04'",
    "known_at": "TIMESTAMP '2026-11-05 00:00:00'",
    "instant": "TIMESTAMP '2026-11-05 00:00:00'",
    "since": "TIMESTAMP '2026-11-02 00:00:00'",
    "until": "TIMESTAMP '2026-11-05 00:00:00'",
    "week": "'2026-W45'",
    "uscc": f"'{code(2)}'",
    "firm": f"'{code(2)}'",
    "firm_id": f"'CN-{code(2)}'",
    "words": "'桦序'",
    "event": "(SELECT min(event_id) FROM events)",
}
VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' ORDER BY view_name"
MACROS = "SELECT function_name, function_type, parameters FROM duckdb_functions() WHERE NOT internal ORDER BY ALL"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_every_view(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def asked(published: Path) -> dict[str, str]:
    """Every view, and every macro with sample arguments, by name: what it is selected from."""
    with duckdb.connect(str(published), read_only=True) as connection:
        found = {view: f'"{view}"' for (view,) in connection.execute(VIEWS).fetchall()}
        for name, kind, parameters in connection.execute(MACROS).fetchall():
            unknown = sorted(set(parameters) - set(SAMPLES))
            assert not unknown, f"macro {name}: say in SAMPLES with what to try its parameters {unknown}"
            call = f'"{name}"({", ".join(SAMPLES[parameter] for parameter in parameters)})'
            found[name] = call if kind == "table_macro" else f"(SELECT {call} AS answer)"
    return found


@pytest.fixture(scope="module")
def older() -> Path:
    if not (OLDER / ".ready").exists():
        pytest.fail(f"{OLDER} is missing: `make test` puts DuckDB 1.5 there before it runs the tests", pytrace=False)
    return OLDER


def in_python(published: Path | None, queries: dict[str, str], packages: Path | None = None) -> dict[str, Any]:
    """The answers in today's DuckDB, or in the one among `packages`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.reports.asking"],
        cwd=ROOT,
        env=os.environ | ({"PYTHONPATH": str(packages)} if packages else {}),
        input=json.dumps({"path": published and str(published), "queries": queries}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["version"].startswith("1.5." if packages else "2."), answer["version"]
    found: dict[str, Any] = answer["answers"]
    return found


def in_shell(published: Path, query: str, packages: Path) -> list[list[str]]:
    """Header and rows as the 1.5 shell prints them in CSV."""
    shell = packages / "duckdb_cli" / "duckdb"  # what bin/duckdb starts
    done = subprocess.run(
        [shell, "-init", os.devnull, "-readonly", "-csv", "-nullvalue", NULL, published, "-c", query],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return list(csv.reader(io.StringIO(done.stdout.decode("utf-8"), newline="")))


def test_the_lock_of_1_5_has_hashes_and_no_address() -> None:
    lock = (ROOT / "tests" / "duckdb-1.5.lock").read_text(encoding="utf-8")
    assert re.findall(r"^(\S+)==1\.5\.\d+ \\\n +--hash=sha256:", lock, re.MULTILINE) == ["duckdb", "duckdb-cli"]
    assert "://" not in lock


def test_no_view_and_no_macro_is_empty_here(published: Path, asked: dict[str, str]) -> None:
    counts = in_python(published, {name: f"SELECT count(*) FROM {what}" for name, what in asked.items()})
    empty = [name for name, answer in counts.items() if answer["rows"] == [["0"]]]
    assert empty == [], "what has no row shows nothing: add one in tests/reports/every_view.py"


def test_python_of_1_5_sees_the_same_rows_of_the_same_types(
    published: Path, asked: dict[str, str], older: Path
) -> None:
    queries = {name: f"SELECT * FROM {what} ORDER BY ALL" for name, what in asked.items()}
    today, then = in_python(published, queries), in_python(published, queries, older)
    assert [name for name in queries if then[name] != today[name]] == []


def test_attached_beside_an_analysts_own_tables_it_shows_the_same(
    published: Path, asked: dict[str, str], older: Path
) -> None:
    views = {name: f"FROM putuo.{what} ORDER BY ALL" for name, what in asked.items() if what == f'"{name}"'}
    macros = {name: f"FROM {what} ORDER BY ALL" for name, what in asked.items() if name not in views}
    attach = {"attach": f"ATTACH '{published}' AS putuo (READ_ONLY)"}
    # A macro looks for its tables where its caller stands: with USE it finds them.
    then = in_python(None, {**attach, **views, "use": "USE putuo", **macros}, older)
    today = in_python(published, {name: f"FROM {what} ORDER BY ALL" for name, what in asked.items()})
    assert [name for name in asked if then[name] != today[name]] == []


def test_the_shell_of_1_5_prints_the_same_rows(published: Path, asked: dict[str, str], older: Path) -> None:
    different = []
    with duckdb.connect(str(published), read_only=True) as connection:
        for name, what in asked.items():
            query = f"SELECT * FROM {what} ORDER BY ALL"
            cursor = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM ({query})")
            names = [column[0] for column in cursor.description or ()]
            rows = [[NULL if cell is None else cell for cell in row] for row in cursor.fetchall()]
            if in_shell(published, query, older) != [names, *rows]:
                different.append(name)
    assert different == []


def test_a_tool_upon_1_5_that_asks_what_there_is_finds_views_with_comments_and_plain_types(
    published: Path, asked: dict[str, str], older: Path
) -> None:
    views = [name for name, what in asked.items() if what == f'"{name}"']
    answers = in_python(
        published,
        {
            "tables": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'",
            "columns": "SELECT table_name, data_type FROM information_schema.columns WHERE table_schema = 'main'",
            "shown": "PRAGMA show_tables",
            "unexplained": "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main'"
            " AND NOT internal AND comment IS NULL",
            **{f"describe {name}": f"DESCRIBE SELECT * FROM {what}" for name, what in asked.items()},
            **{f"first of {name}": f"SELECT * FROM {what} LIMIT 200" for name, what in asked.items()},
        },
        older,
    )
    for listing in ("tables", "shown"):
        assert {repr(view) for view in views} <= {row[0] for row in answers[listing]["rows"]}
    assert answers["unexplained"]["rows"] == []
    types = {(table, kind.strip("'")) for table, kind in answers["columns"]["rows"]}
    for name in asked:
        types |= {(name, kind.strip("'")) for _, kind, *_ in answers[f"describe {name}"]["rows"]}
        types |= {(name, kind) for kind in answers[f"first of {name}"]["types"]}
    assert {(name, kind) for name, kind in types if not PLAIN.fullmatch(kind)} == set()
