"""`scrapy export`: the analyst's views as a workbook, as CSV or as Parquet, from the published file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.command import MISTAKE, WELL, CommandError, MonitorCommand
from crawler.console import progress, say
from reports.errors import WeeklyError

if TYPE_CHECKING:
    from reports.export import Exported

FORMATS = ("xlsx", "csv", "parquet")


class Command(MonitorCommand):
    """Exports views."""

    expected = (WeeklyError, OSError)

    def syntax(self) -> str:
        return "--format xlsx|csv|parquet"

    def short_desc(self) -> str:
        return "Write the database's views as XLSX, CSV or Parquet"

    def long_desc(self) -> str:
        return (
            "Writes the views of the published file, and what each column means, to a folder that appears whole or "
            "not at all; an earlier export there is replaced, anything else is left alone. All views come from one "
            "release, which export.json names. `scrapy export --format xlsx --view arrivals --view expansions` makes a "
            "workbook of two sheets. xlsx keeps dates, numbers and credit codes what they are; csv (UTF-8) is for "
            "programs: a spreadsheet reads a credit code of digits only as a number; parquet keeps every type. In xlsx "
            "and csv a text that a spreadsheet could take for a formula gets a leading apostrophe. Times are UTC. "
            "Exit codes: 0 written; 1 not written (no database yet, disk full, a folder that no export made); 2 no "
            "such view or format."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, required=True, help="what to write")
        parser.add_argument(
            "--view",
            metavar="NAME",
            action="append",
            default=[],
            help="a view (may be given several times; default: all)",
        )
        parser.add_argument(
            "--output",
            metavar="FOLDER",
            help="where to (default: exports/<day of release>-<format>/ in the data directory)",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        # As in `load`: not every crawl shall wait for DuckDB.
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415
        from reports.export import Format, UnknownViewError, export  # noqa: PLC0415
        from reports.export_folder import ExportError  # noqa: PLC0415

        published, exports = self.home / PUBLISHED_NAME, self.home / "exports"
        output = Path(opts.output) if opts.output else None
        try:
            with progress("export") as tell:
                done = export(published, exports, Format(opts.format), views=opts.view, output=output, tell=tell)
        except UnknownViewError as error:
            raise CommandError(str(error), MISTAKE) from error
        except ExportError as error:
            raise CommandError(str(error)) from error
        _tell(done)
        return WELL


def _tell(done: Exported) -> None:
    for view, rows in done.rows.items():
        say(f"{view}: {rows:,} row{'s' * (rows != 1)}")
    for change, count in done.changes.items():
        say(f"changed {count:,} {change}")
    say(f"wrote {done.folder}: {', '.join(done.files)}")
