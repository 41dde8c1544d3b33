"""An export holds what the published file shows, whole or not at all, and takes nobody's files away."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from python_calamine import load_workbook

from reports.errors import NoPublishedFileError, PublishedUnreadableError
from reports.export import DICTIONARY, Exported, Format, UnknownViewError, export
from reports.export_folder import RECORD, ExportError
from reports.spreadsheet import Change
from tests.crawler.crawling import PATIENCE, ROOT, environment, scrapy
from tests.reports.every_view import FORMULA, TWO_LINES, publish_every_view

RELEASE = """
    CREATE TABLE release AS SELECT TIMESTAMP '2026-11-22 18:00:05' AS published_at, '0.1.0' AS code_version,
    'rules/3' AS rules_version, 'gazetteer/2' AS gazetteer_version, 'c0ffee' AS content_hash;
"""
ENDLESS = "CREATE VIEW endless AS SELECT i AS number, repeat('x', 200) AS text FROM range(20_000_000) t(i);"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_every_view(tmp_path_factory.mktemp("home"))


def views_of(published: Path) -> list[str]:
    query = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' ORDER BY view_name"
    return [view for (view,) in ask(published, query)]


def ask(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def handmade(path: Path, sql: str) -> Path:
    """A published file with a release and the views that `sql` makes."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(RELEASE + sql)
    return path


def exported(published: Path, folder: Path, form: Format, *views: str) -> Exported:
    return export(published, folder / "exports", form, views=views, output=folder / "out", tell=lambda *_: None)


def rows_of_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def below(folder: Path) -> dict[str, bytes]:
    """Every file there, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_parquet_holds_every_view_with_its_types_and_names_the_release(published: Path, tmp_path: Path) -> None:
    done = exported(published, tmp_path, Format.PARQUET)
    assert list(done.rows) == views_of(published)
    for view, rows in done.rows.items():
        file = done.folder / f"{view}.parquet"
        assert rows == len(ask(published, f"FROM {view}")) > 0
        for query in ("SELECT column_name, column_type FROM (DESCRIBE FROM {0})", "FROM {0} ORDER BY ALL"):
            assert ask(published, query.format(f"'{file}'")) == ask(published, query.format(view))
    ((codec, stated),) = ask(
        published,
        f"SELECT (SELECT DISTINCT compression FROM parquet_metadata('{file}')), decode(value)"
        f" FROM parquet_kv_metadata('{file}') WHERE decode(key) = 'content_hash'",
    )
    assert (codec, stated) == ("ZSTD", ask(published, "SELECT content_hash FROM release")[0][0])


def test_csv_holds_every_view_as_excel_and_wps_read_it(published: Path, tmp_path: Path) -> None:
    done = exported(published, tmp_path, Format.CSV)
    for view in views_of(published):
        rows = rows_of_csv(done.folder / f"{view}.csv")
        with duckdb.connect(str(published), read_only=True) as connection:
            stored = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM (SELECT * FROM {view} ORDER BY ALL)")
            assert rows[0] == [column[0] for column in stored.description or ()]
            expected = [["" if cell is None else cell for cell in row] for row in stored.fetchall()]
        assert [[harmless(cell) for cell in row] for row in rows[1:]] == expected
    raw = (done.folder / "firms.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbffirm_id,uscc,name")
    assert raw.count(b"\r\n") == 1 + done.rows["firms"]
    assert '"' + TWO_LINES.replace('"', '""') + '"' in raw.decode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell without the apostrophe that keeps it from being a formula."""
    return cell.removeprefix("'") if cell.startswith("'=") else cell


def test_a_workbook_has_the_dictionary_first_and_a_sheet_for_every_view(published: Path, tmp_path: Path) -> None:
    done = exported(published, tmp_path, Format.XLSX)
    ((path,), views) = (list(done.folder.glob("*.xlsx")), views_of(published))
    assert path.name == f"putuo-{shanghai_day(published)}.xlsx"
    book, quick = openpyxl.load_workbook(path, read_only=True), load_workbook(str(path))
    assert book.sheetnames == quick.sheet_names == [DICTIONARY, *views]
    for view in views:
        stored = ask(published, f"FROM {view} ORDER BY ALL")
        found = list(book[view].iter_rows(min_row=2, values_only=True))
        cells = [both for rows in zip(found, stored, strict=True) for both in zip(*rows, strict=True)]
        assert [both for both in cells if not alike(*both)] == []
        assert len(quick.get_sheet_by_name(view).to_python()) == 1 + len(stored)
    assert f"content {ask(published, 'SELECT content_hash FROM release')[0][0]}" in str(book.properties.subject)
    book.close()


def alike(cell: Any, stored: Any) -> bool:
    """Whether a cell shows what is stored: a workbook knows one kind of number and of day, and no empty text."""
    if isinstance(stored, datetime):
        return bool(abs((cell - stored).total_seconds()) < 0.001)
    if isinstance(cell, datetime):
        return bool(cell.date() == stored)
    if isinstance(stored, Decimal):
        return Decimal(str(cell)) == stored
    return bool((harmless(cell) if isinstance(cell, str) else cell) == (None if stored == "" else stored))


def shanghai_day(published: Path) -> str:
    return str(ask(published, "SELECT (published_at + INTERVAL 8 HOUR)::DATE FROM release")[0][0])


def test_the_dictionary_explains_every_column_and_says_that_times_are_utc(published: Path, tmp_path: Path) -> None:
    done = exported(published, tmp_path, Format.CSV, "events", "arrivals")
    header, *rows = rows_of_csv(done.folder / f"{DICTIONARY}.csv")
    assert header == ["view", "column", "type", "comment"]
    assert rows[0][:3] == ["events", "", "view"]
    assert [row[1] for row in rows[1:19]] == rows_of_csv(done.folder / "events.csv")[0]
    assert next(row for row in rows if row[1] == "discovered_at")[2] == "TIMESTAMP (UTC)"
    assert list(dict.fromkeys(row[0] for row in rows)) == ["events", "arrivals"]
    assert all(row[3] for row in rows)


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
def test_what_was_neutralised_is_counted_and_negative_numbers_stay(tmp_path: Path, form: Format) -> None:
    sql = "CREATE VIEW v AS SELECT -5 AS number, -2.50::DECIMAL(9, 2) AS money, '-5' AS text, '@x' AS \"=head\""
    done = exported(handmade(tmp_path / "p.duckdb", sql), tmp_path, form)
    assert done.changes == {Change.NEUTRALISED: 4}  # the column's name stands in the dictionary too
    if form is Format.CSV:
        assert (done.folder / "v.csv").read_text("utf-8-sig") == "number,money,text,'=head\n-5,-2.50,'-5,'@x\n"
    else:
        (path,) = done.folder.glob("*.xlsx")
        assert load_workbook(str(path)).get_sheet_by_name("v").to_python()[1] == [-5, -2.5, "'-5", "'@x"]


@pytest.mark.parametrize("form", list(Format))
def test_the_same_release_gives_the_same_files(published: Path, tmp_path: Path, form: Format) -> None:
    once, again = (exported(published, tmp_path / name, form) for name in ("a", "b"))
    assert below(once.folder) == below(again.folder)


def test_the_folder_is_named_by_the_day_of_the_release_in_shanghai(tmp_path: Path) -> None:
    file = handmade(tmp_path / "p.duckdb", "CREATE VIEW v AS SELECT 1 AS n")
    done = export(file, tmp_path / "exports", Format.CSV, tell=lambda *_: None)
    assert done.folder == tmp_path / "exports" / "2026-11-23-csv"
    assert done.files == ("columns.csv", "export.json", "v.csv")


def test_a_night_that_publishes_meanwhile_does_not_mix_two_releases(tmp_path: Path) -> None:
    two = "CREATE VIEW first AS SELECT {0} AS release; CREATE VIEW second AS SELECT {0} AS release"
    old, new = (handmade(tmp_path / f"{n}.duckdb", two.format(n)) for n in (1, 2))

    def publish(step: str, _done: int, _total: int) -> None:
        if step == "first":
            new.rename(old)

    done = export(old, tmp_path, Format.CSV, output=tmp_path / "out", tell=publish)
    assert not new.exists()
    assert [rows_of_csv(done.folder / f"{view}.csv")[1] for view in ("first", "second")] == [["1"], ["1"]]


def test_an_unknown_view_is_refused_with_those_there_are(published: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownViewError, match=r"no view 'firm'; there are: arrivals, .*firms, "):
        exported(published, tmp_path, Format.CSV, "firms", "firm")
    assert list(tmp_path.iterdir()) == []


def test_without_a_published_file_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(NoPublishedFileError, match="scrapy load"):
        exported(tmp_path / "putuo.duckdb", tmp_path, Format.CSV)
    (tmp_path / "putuo.duckdb").write_text("no database")
    with pytest.raises(PublishedUnreadableError):
        exported(tmp_path / "putuo.duckdb", tmp_path, Format.CSV)
    assert [path.name for path in tmp_path.iterdir()] == ["putuo.duckdb"]


def test_an_earlier_export_is_replaced_with_all_its_files(tmp_path: Path) -> None:
    file = handmade(tmp_path / "p.duckdb", "CREATE VIEW a AS SELECT 1 AS n; CREATE VIEW b AS SELECT 2 AS n")
    exported(file, tmp_path, Format.CSV)
    done = exported(file, tmp_path, Format.PARQUET, "b")
    assert sorted(below(tmp_path / "out")) == sorted(done.files) == ["b.parquet", "columns.parquet", "export.json"]


def test_what_no_export_made_is_left_alone(tmp_path: Path) -> None:
    file, out = handmade(tmp_path / "p.duckdb", "CREATE VIEW a AS SELECT 1 AS n"), tmp_path / "out"
    damage: dict[str, Callable[[], object]] = {
        "notes.txt, which no export made": lambda: (out / "notes.txt").write_text("mine"),
        "a.csv, which was changed": lambda: (out / "a.csv").write_text("mine"),
        "its export.json is damaged": lambda: (out / RECORD).write_text("{"),
        "holds no export.json": (out / RECORD).unlink,
    }
    for why, act in damage.items():
        exported(file, tmp_path, Format.CSV)
        act()
        before = below(tmp_path)
        with pytest.raises(ExportError, match=why):
            exported(file, tmp_path, Format.CSV)
        assert below(tmp_path) == before
        for path in out.iterdir():
            path.unlink()  # an empty folder may be taken
    out.rmdir()
    out.write_text("a file")
    with pytest.raises(ExportError, match="is a file"):
        exported(file, tmp_path, Format.CSV)


def test_an_export_that_is_killed_leaves_the_former_one_and_the_next_clears_up(tmp_path: Path) -> None:
    handmade(tmp_path / "putuo.duckdb", "CREATE VIEW a AS SELECT 1 AS n;" + ENDLESS)
    out = tmp_path / "exports" / "2026-11-23-csv"
    assert scrapy(tmp_path, "export", "--format", "csv", "--view", "a").exitcode == 0
    former = below(out)
    words = [sys.executable, "-m", "scrapy", "export", "--format", "csv"]
    with subprocess.Popen(words, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.DEVNULL) as process:
        while not list(out.parent.glob(".*.exporting-*/made/endless.csv")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert below(out) == former
    assert len(list(out.parent.iterdir())) == 2  # and what it was working on, out of sight
    assert scrapy(tmp_path, "export", "--format", "csv", "--view", "a").exitcode == 0
    assert below(out.parent) == {f"{out.name}/{name}": content for name, content in former.items()}


@pytest.mark.parametrize("form", list(Format))
def test_a_disk_that_takes_no_more_is_one_clear_line_and_leaves_the_former_export(tmp_path: Path, form: Format) -> None:
    noise = "CREATE VIEW b AS SELECT md5(i::VARCHAR) AS text FROM range(40_000) t(i);"
    handmade(tmp_path / "putuo.duckdb", "CREATE VIEW a AS SELECT 1 AS n;" + noise)
    out = tmp_path / "exports" / f"2026-11-23-{form}"
    assert scrapy(tmp_path, "export", "--format", form, "--view", "a").exitcode == 0
    former = below(out.parent)
    # No file may grow beyond 200 blocks of 512 bytes: to a program the same as a disk that is full.
    words = ["sh", "-c", 'ulimit -f 200; exec "$@"', "sh", sys.executable, "-m", "scrapy", "export", "--format", form]
    env = environment(tmp_path)
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if " INFO monitor: export: " not in line]
    assert len(told) == 1
    assert told[0].startswith(f"error: {out}: cannot be written: ")
    assert below(out.parent) == former


def test_the_command_says_what_it_wrote_where_and_what_it_changed(published: Path) -> None:
    done = scrapy(published.parent, "export", "--format", "xlsx", "--view", "firms", "--view", "claims")
    day, told = shanghai_day(published), done.stdout.splitlines()
    assert done.exitcode == 0
    assert told[:2] == ["firms: 13 rows", "claims: 1 row"]
    assert told[2] == f"changed 1 {Change.NEUTRALISED}"
    assert told[3] == f"wrote {published.parent}/exports/{day}-xlsx: export.json, putuo-{day}.xlsx"
    assert "export: firms 13 of 13" in done.stderr
    record = json.loads((published.parent / "exports" / f"{day}-xlsx" / RECORD).read_text("utf-8"))
    assert record["rows"] == {"firms": 13, "claims": 1}
    assert record["changes"] == {"neutralised": 1}
    assert ask(published, f"SELECT count(*) FROM firms WHERE scope = $${FORMULA}$$") == [(1,)]


def test_a_mistake_in_the_call_is_told_as_one(published: Path) -> None:
    unknown = scrapy(published.parent, "export", "--format", "csv", "--view", "nothing")
    assert (unknown.exitcode, unknown.stdout) == (2, "")
    assert "error: there is no view 'nothing'; there are: arrivals" in unknown.stderr
    foreign = scrapy(published.parent, "export", "--format", "csv", "--output", str(published.parent))
    assert foreign.exitcode == 1
    assert "no export made it" in foreign.stderr
