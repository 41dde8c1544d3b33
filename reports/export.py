"""Writes the analyst's views of the published file for people who work in a spreadsheet or in another program."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from crawler import clock
from pipelines.store.database import MEMORY_LIMIT
from pipelines.store.migrations import SchemaError, refuse_newer
from reports.cells import texts, utc
from reports.errors import NoPublishedFileError, PublishedUnreadableError
from reports.export_folder import ExportError, Workshop, record, replacing
from reports.spreadsheet import Changes, neutral
from reports.workbook import About, Row, Sheet, write_workbook

Tell = Callable[[str, int, int], None]

DICTIONARY = "columns"  # beside the views: what each view and column means
_BATCH = 2_000  # rows in hand at once

_OURS = "schema_name = 'main' AND NOT internal AND database_name = current_database()"
_VIEWS = f"SELECT view_name FROM duckdb_views() WHERE {_OURS} ORDER BY view_name"
_RELEASE = "SELECT published_at, content_hash, code_version, rules_version, gazetteer_version FROM release"
# A view's own row comes before those of its columns. Instants in the published file are UTC, and their type is silent.
_MAKE_DICTIONARY = f"""
    CREATE TEMP TABLE dictionary AS
    SELECT view_name AS view, NULL AS "column", 'view' AS type, comment, -1 AS place
    FROM duckdb_views() WHERE {_OURS}
    UNION ALL
    SELECT table_name, column_name, data_type || CASE WHEN data_type LIKE 'TIMESTAMP%' THEN ' (UTC)' ELSE '' END,
        comment, column_index
    FROM duckdb_columns() WHERE {_OURS}
"""


class Format(StrEnum):
    """What an export is written as: a closed list."""

    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"


class UnknownViewError(ExportError):
    """A view is wished for that the published file does not have."""

    def __init__(self, view: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no view {view!r}; there are: {', '.join(known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written. `rows` are those of each view; `changes` counts cells that are not shown as they are stored."""

    folder: Path
    files: tuple[str, ...]
    rows: dict[str, int]
    changes: Changes


@dataclass(frozen=True, slots=True)
class _Table:
    """A view, or the dictionary of views: what it is selected from, and the order that makes it the same each time."""

    name: str
    source: str
    order: str
    columns: tuple[str, ...]
    rows: int

    @property
    def query(self) -> str:
        return f"{self.source} ORDER BY {self.order}"


@dataclass(frozen=True, slots=True)
class _Work:
    """One export under way."""

    connection: duckdb.DuckDBPyConnection
    tables: tuple[_Table, ...]
    release: dict[str, Any]  # texts; `published_at` an instant in UTC
    tell: Tell
    changes: Changes

    @property
    def day(self) -> str:
        return _day(self.release)

    def batches(self, table: _Table) -> Iterator[Sequence[Row]]:
        """The rows, some thousand at a time, telling how far it is."""
        cursor, done = self.connection.execute(table.query), 0
        while batch := cursor.fetchmany(_BATCH):
            yield batch
            done += len(batch)
            self.tell(table.name, done, table.rows)


def export(
    published: Path, exports: Path, form: Format, *, views: Sequence[str] = (), output: Path | None = None, tell: Tell
) -> Exported:
    """Writes `views` (all if none is named) and what their columns mean to a folder that appears whole or not at all.

    The folder is `output`, or one below `exports` named by the release's day (Asia/Shanghai) and the format. Rows are
    sorted by their columns from the left, so that the same release gives the same export.

    Raises NoPublishedFileError, PublishedUnreadableError, UnknownViewError, or ExportError when the folder cannot be
    written, or holds what no export made.
    """
    with _opened(published) as connection:
        release = _release(connection, published)
        chosen = _chosen(connection, views)
        target = (output or exports / f"{_day(release)}-{form}").expanduser().resolve()
        try:
            with replacing(target) as workshop:
                _bound_memory(connection, workshop.spill)
                work = _Work(connection, _tables(connection, chosen), release, tell, Changes())
                _WRITE[form](work, workshop)
                rows = {table.name: table.rows for table in work.tables[1:]}
                record(workshop, {"release": _as_texts(release), "rows": rows, "changes": _counted(work.changes)})
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise ExportError(f"{target}: cannot be written: {_first_line(error)}") from error
        except OSError as error:
            raise ExportError(f"{target}: cannot be written: {error.strerror or error}") from error
    return Exported(folder=target, files=tuple(sorted(_names(target))), rows=rows, changes=work.changes)


def _write_parquet(work: _Work, workshop: Workshop) -> None:
    about = ", ".join(f"{name}: {_quoted(value)}" for name, value in _as_texts(work.release).items())
    for table in work.tables:
        path = _quoted(str(workshop.made / f"{table.name}.parquet"))
        work.tell(table.name, 0, table.rows)
        work.connection.execute(
            f"COPY ({table.query}) TO {path} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{about}}})"
        )
        work.tell(table.name, table.rows, table.rows)


def _write_csv(work: _Work, workshop: Workshop) -> None:
    """RFC 4180; with a byte order mark, without which Excel and WPS take Chinese for the system's old encoding."""

    def as_cell(value: Any) -> Any:
        convert = converters.get(type(value))
        return convert(value) if convert else value

    converters: dict[type, Callable[[Any], str]] = {
        str: lambda value: neutral(value, work.changes),
        bool: lambda value: "true" if value else "false",
        Decimal: lambda value: format(value, "f"),
    }
    for table in work.tables:
        with (workshop.made / f"{table.name}.csv").open("x", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow([as_cell(name) for name in table.columns])
            for batch in work.batches(table):
                writer.writerows([as_cell(value) for value in row] for row in batch)


def _write_xlsx(work: _Work, workshop: Workshop) -> None:
    said = _as_texts(work.release)
    about = About(
        title="Putuo life-health monitor",
        subject=f"Release of {said['published_at']}, content {said['content_hash']}",
        made_at=work.release["published_at"].replace(tzinfo=None),
        properties=said,
    )
    sheets = (Sheet(table.name, table.columns, work.batches(table)) for table in work.tables)
    write_workbook(workshop.made / f"putuo-{work.day}.xlsx", sheets, about, work.changes, spill=workshop.spill)


_WRITE = {Format.PARQUET: _write_parquet, Format.CSV: _write_csv, Format.XLSX: _write_xlsx}


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file. A night that replaces it meanwhile changes nothing: this one stays open until the end."""
    if not path.is_file():
        raise NoPublishedFileError(path)
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            refuse_newer(connection)
            yield connection
    except (duckdb.Error, SchemaError) as error:
        raise PublishedUnreadableError(path, _first_line(error)) from error


def _bound_memory(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """What sorting needs beyond the limit lies where the export is made."""
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    connection.execute(f"SET temp_directory = {_quoted(str(spill))}")


def _release(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Any]:
    cursor = connection.execute(_RELEASE)
    names, rows = [column[0] for column in cursor.description or ()], cursor.fetchall()
    if len(rows) != 1:
        raise PublishedUnreadableError(path, f"release has {len(rows)} rows instead of one")
    row = dict(zip(names, rows[0], strict=True))
    return {**texts(row), "published_at": utc(row["published_at"])}


def _day(release: dict[str, Any]) -> str:
    return str(release["published_at"].astimezone(clock.SHANGHAI).date())


def _as_texts(release: dict[str, Any]) -> dict[str, str]:
    return {**release, "published_at": clock.stamp(release["published_at"])}


def _chosen(connection: duckdb.DuckDBPyConnection, wished: Sequence[str]) -> list[str]:
    """The views to export, none twice, in the order they were asked for."""
    known = [view for (view,) in connection.execute(_VIEWS).fetchall()]
    for view in wished:
        if view not in known:
            raise UnknownViewError(view, known)
    return list(dict.fromkeys(wished)) or known


def _tables(connection: duckdb.DuckDBPyConnection, views: Sequence[str]) -> tuple[_Table, ...]:
    """The dictionary of the views, and the views."""
    connection.execute(_MAKE_DICTIONARY)
    names = ", ".join(_quoted(view) for view in views)
    dictionary = f'SELECT view, "column", type, comment FROM temp.dictionary WHERE view IN ({names})'
    in_order = f"list_position([{names}], view), place"
    return (
        _table(connection, DICTIONARY, dictionary, in_order),
        *(_table(connection, view, f'SELECT * FROM main."{view}"', "ALL") for view in views),
    )


def _table(connection: duckdb.DuckDBPyConnection, name: str, source: str, order: str) -> _Table:
    columns = tuple(column for column, *_ in connection.execute(f"DESCRIBE {source}").fetchall())
    rows = connection.execute(f"SELECT count(*) FROM ({source})").fetchall()[0][0]
    return _Table(name, source, order, columns, rows)


def _counted(changes: Changes) -> dict[str, int]:
    return {change.name.lower(): count for change, count in changes.items()}


def _names(folder: Path) -> Iterator[str]:
    yield from (path.name for path in folder.iterdir())


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
