"""Where the published file cannot be asked, one line says why, and a second what to do if that is known."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.published_file import PublishedFileError, opened, rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "putuo.duckdb")) as connection:
        connection.execute("CREATE TABLE firms AS SELECT 'a' AS uscc, 'b' AS name")
    return tmp_path / "putuo.duckdb"


def refusal(path: Path, sql: str = "SELECT 1") -> list[str]:
    with pytest.raises(PublishedFileError) as caught, opened(path, remedy="scrapy mend") as connection:
        rows(connection, sql, {})
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("sql", "kind"),
    [("SELECT uscc, industry\nFROM firms", "Binder Error"), ("SELECT uscc\nFROM holders", "Catalog Error")],
)
def test_a_column_or_table_that_is_not_there_may_be_of_a_newer_release(path: Path, sql: str, kind: str) -> None:
    what, remedy = refusal(path, sql)
    assert what.startswith(f"{path}: cannot be asked: {kind}: ")
    assert remedy == "If an older release made it: scrapy mend"


def test_what_no_release_would_mend_names_no_remedy(path: Path) -> None:
    (what,) = refusal(path, "SELECT CAST(name AS INTEGER)\nFROM firms")
    assert "cannot be asked: Conversion Error: " in what
    path.write_bytes(b"no database" * 1_000)
    (what,) = refusal(path)
    assert "cannot be asked: IO Error: " in what
