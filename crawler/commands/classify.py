"""`scrapy classify IN.csv -o OUT.csv`: sub-sectors for a list of firms, with the words that decided."""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.command import WELL, CommandError, MonitorCommand
from crawler.console import progress, say
from crawler.fields.credit_code import normalise
from crawler.platforms.registry_table import Columns, read_columns
from crawler.platforms.spreadsheet import Row, read_sheet
from crawler.source import UnreadableError

_NEEDED = ("uscc", "name", "scope")
_WRITTEN = ("uscc", "grade", "primary", "secondary", "score", "evidence")
_AT_ONCE = 5_000


class Command(MonitorCommand):
    """Classifies a file."""

    expected = (UnreadableError, OSError)

    def syntax(self) -> str:
        return "IN.csv -o OUT.csv"

    def short_desc(self) -> str:
        return "Classify a list of firms into sub-sectors"

    def long_desc(self) -> str:
        return (
            "Reads a CSV or XLSX with at least uscc, name and scope (or their Chinese headers) and writes a CSV with "
            "uscc, grade, primary, secondary, score and evidence, one row a row."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="OUT.csv", required=True, help="file to write (replaced)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) != 1:
            raise UsageError("say which file to classify: scrapy classify IN.csv -o OUT.csv")
        # As in `load`: not every crawl shall wait for the rules.
        from pipelines.classify import RULES_VERSION  # noqa: PLC0415

        sheet = read_sheet(Path(args[0]).read_bytes(), _is_header, " and ".join(_NEEDED))
        columns, rows = read_columns(sheet.header.cells), list(sheet.rows)
        for row in rows:
            if len(row.cells) != len(columns.header):
                raise CommandError(
                    f"{args[0]}:{row.line}: {len(row.cells)} cells where the header has {len(columns.header)}"
                )
        with Path(opts.output).open("w", encoding="utf-8", newline="") as file, progress("classify") as tell:
            writer = csv.writer(file)
            writer.writerow(_WRITTEN)
            grades: Counter[str] = Counter()
            for start in range(0, len(rows), _AT_ONCE):
                for line in _classified(rows[start : start + _AT_ONCE], columns):
                    writer.writerow(line)
                    grades[line[1]] += 1
                tell("firms", min(start + _AT_ONCE, len(rows)), len(rows))
        counted = ", ".join(f"{count} {grade}" for grade, count in grades.most_common())
        say(f"{len(rows)} firms → {opts.output} ({counted}; rules {RULES_VERSION})")
        return WELL


def _is_header(cells: list[str]) -> bool:
    return all(field in read_columns(cells).of for field in _NEEDED)


def _classified(rows: list[Row], columns: Columns) -> Iterator[tuple[str, ...]]:
    from pipelines.classify import classify_batch, evidence_text  # noqa: PLC0415 - see `execute`

    labels = classify_batch((columns.pick(row.cells, "name"), columns.pick(row.cells, "scope")) for row in rows)
    for row, label in zip(rows, labels, strict=True):
        yield (
            normalise(columns.pick(row.cells, "uscc")),
            str(label.grade),
            str(label.primary),
            "|".join(str(sector) for sector in label.secondary),
            f"{label.score:.3f}",
            evidence_text(label),
        )
