"""`scrapy classify`: sub-sectors for a list of firms, or how one firm's label came about."""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.command import MISTAKE, WELL, CommandError, MonitorCommand
from crawler.console import progress, say
from crawler.fields.credit_code import normalise, problem
from crawler.platforms.registry_table import Columns, read_columns
from crawler.platforms.spreadsheet import Row, read_sheet
from crawler.source import UnreadableError
from reports.spreadsheet import neutral
from reports.untrusted import clean, clean_line

if TYPE_CHECKING:
    from pipelines.classify import Subject
    from reports.spreadsheet import Change

_NEEDED = ("uscc", "name", "scope")
_WRITTEN = ("uscc", "grade", "primary", "secondary", "score", "evidence")
_AT_ONCE = 5_000
_KNOWN = """
    SELECT name, scope, name_en, industry, licence_kinds, label_decided_by, label_evidence FROM firms WHERE uscc = $uscc
"""
_LINE = 900  # characters shown of a line


class Command(MonitorCommand):
    """Classifies a file, or explains a label."""

    expected = (UnreadableError, OSError)

    def syntax(self) -> str:
        return "IN.csv -o OUT.csv | --explain USCC|FILE"

    def short_desc(self) -> str:
        return "Classify a list of firms into sub-sectors, or explain a label"

    def long_desc(self) -> str:
        return (
            "Reads a CSV or XLSX with at least uscc, name and scope (or their Chinese headers; industry counts too) "
            "and writes a CSV with uscc, grade, primary, secondary, score and evidence, one row a row. The score is "
            "the probability that a careful reader would say the same; a text that a spreadsheet could take for a "
            "formula gets a leading apostrophe. --explain prints how a label came about, so that you can argue with "
            "it: the words that spoke, by which rule, and what each fact added. It takes a credit code (a firm of the "
            "published file), a list of firms as above, or an article (.txt, its title in the first line). Example: "
            "scrapy classify --explain 91310199…. Exit codes: 0 done; 1 a file cannot be read or the firm is not "
            "known; 2 a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="OUT.csv", help="file to write (replaced)")
        parser.add_argument("--explain", metavar="USCC|FILE", help="print how the label came about")
        parser.add_argument("--limit", metavar="N", type=int, help="with --explain FILE: firms to show (default: 20)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        # As in `load`: not every crawl shall wait for the rules.
        from pipelines.classify import RulesError  # noqa: PLC0415

        try:
            return self._done(args, opts)
        except RulesError as error:
            raise CommandError(str(error)) from error

    def _done(self, args: list[str], opts: argparse.Namespace) -> int:
        if opts.explain is not None:
            if args or opts.output:
                raise CommandError("--explain takes no other file and writes none", MISTAKE)
            self._explain(opts.explain, 20 if opts.limit is None else opts.limit)
            return WELL
        if opts.limit is not None:
            raise CommandError("--limit: goes with --explain FILE", MISTAKE)
        if len(args) != 1 or not opts.output:
            raise UsageError("say which file to classify: scrapy classify IN.csv -o OUT.csv, or --explain USCC|FILE")
        self._classify(Path(args[0]), Path(opts.output))
        return WELL

    def _classify(self, source: Path, target: Path) -> None:
        from pipelines.classify import rules_version  # noqa: PLC0415 - see `execute`

        columns, rows = _read(source)
        version = rules_version()  # before the file: rules that cannot be used shall leave the last one as it is
        mended: Counter[Change] = Counter()
        with target.open("w", encoding="utf-8", newline="") as file, progress("classify") as tell:
            writer = csv.writer(file)
            writer.writerow(_WRITTEN)
            grades: Counter[str] = Counter()
            for start in range(0, len(rows), _AT_ONCE):
                for line in _classified(rows[start : start + _AT_ONCE], columns):
                    writer.writerow([neutral(cell, mended) for cell in line])
                    grades[line[1]] += 1
                tell("firms", min(start + _AT_ONCE, len(rows)), len(rows))
        counted = ", ".join(f"{count} {grade}" for grade, count in grades.most_common())
        say(f"{len(rows)} firms → {target} ({counted}; rules {version})")

    def _explain(self, what: str, limit: int) -> None:
        from pipelines.classify.article import article_lines  # noqa: PLC0415
        from pipelines.classify.engine import packaged  # noqa: PLC0415
        from pipelines.classify.explain import explanation_lines  # noqa: PLC0415

        if limit < 1:
            raise CommandError(f"--limit {limit}: must be 1 or more", MISTAKE)
        if Path(what).suffix == ".txt":
            title, _, text = _text(Path(what)).partition("\n")
            _say_all(article_lines(title, text))
            return
        wrong = problem(normalise(what))
        if not wrong:
            subjects, left = [self._known(normalise(what))], 0
        elif not Path(what).exists():
            raise CommandError(f"{clean(what, 80)}: no such file, and no credit code either ({wrong})", MISTAKE)
        else:
            columns, rows = _read(Path(what))
            subjects, left = [_subject(row, columns) for row in rows[:limit]], len(rows) - limit
        for subject in subjects:
            _say_all(explanation_lines(packaged().explain(subject)))
        if left > 0:
            say(f"… and {left} more firms: --limit {left + limit}")

    def _known(self, uscc: str) -> Subject:
        """What the published file knows of a firm. Raises CommandError."""
        from pipelines.classify.batches import subject_of  # noqa: PLC0415
        from pipelines.published_file import PublishedFileError, opened, rows  # noqa: PLC0415
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415

        path = self.home / PUBLISHED_NAME
        try:
            with opened(path) as connection:
                found = rows(connection, _KNOWN, {"uscc": uscc})
        except PublishedFileError as error:
            raise CommandError(str(error)) from error
        if not found:
            raise CommandError(f"{uscc}: no such firm in {path}")
        *judged_by, decided_by, why = found[0].values()
        if decided_by == "person":
            say(f"a person decided on this firm, and that wins: {clean(why, _LINE)}")
        return subject_of(*judged_by)


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(clean_line(line, _LINE))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: byte {error.start}: is not UTF-8") from error


def _read(path: Path) -> tuple[Columns, list[Row]]:
    sheet = read_sheet(path.read_bytes(), _is_header, " and ".join(_NEEDED))
    columns, rows = read_columns(sheet.header.cells), list(sheet.rows)
    for row in rows:
        if len(row.cells) != len(columns.header):
            raise CommandError(f"{path}:{row.line}: {len(row.cells)} cells where the header has {len(columns.header)}")
    return columns, rows


def _is_header(cells: list[str]) -> bool:
    return all(field in read_columns(cells).of for field in _NEEDED)


def _subject(row: Row, columns: Columns) -> Subject:
    from pipelines.classify import Subject  # noqa: PLC0415 - see `_classify`

    name, scope, industry = (columns.pick(row.cells, field) for field in ("name", "scope", "industry"))
    return Subject(name, scope, industry=industry)


def _classified(rows: list[Row], columns: Columns) -> Iterator[tuple[str, ...]]:
    from pipelines.classify import classify_batch, evidence_text  # noqa: PLC0415 - see `_classify`

    labels = classify_batch(_subject(row, columns) for row in rows)
    for row, label in zip(rows, labels, strict=True):
        yield (
            normalise(columns.pick(row.cells, "uscc")),
            str(label.grade),
            str(label.primary),
            "|".join(str(sector) for sector in label.secondary),
            f"{label.score:.3f}",
            evidence_text(label),
        )
