"""`scrapy evaluate [LABELS.csv …]`: how well the classifier meets what people say."""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from crawler.command import MISTAKE, WELL, WRONG, CommandError, MonitorCommand
from crawler.console import progress, say
from crawler.target_file import replacing
from reports.spreadsheet import neutral
from reports.untrusted import clean_line

if TYPE_CHECKING:
    from pipelines.classify.evidence import EvidenceFinder
    from pipelines.classify.judged import Judged
    from pipelines.classify.measure import Reading
    from reports.spreadsheet import Change

_SCOPE, _LINE = 160, 400  # characters shown of a row that went wrong


class Command(MonitorCommand):
    """Measures labels."""

    expected = (OSError,)

    def syntax(self) -> str:
        return "[LABELS.csv …] [options]"

    def short_desc(self) -> str:
        return "Measure the classifier on judged registrations"

    def long_desc(self) -> str:
        return (
            "Labels the rows of CSV files (columns uscc, name, scope, grade, primary; optional secondary, alt_grade, "
            "alt_primary, registered, district) and prints macro-F1 with 95 % intervals (drawn with replacement), "
            "precision and recall by class, confusions, whether scores are true, and the rows that went wrong. Then "
            "reads the firms that people decided on (scrapy review) as cases of their own; without a file, only these. "
            "Weights learned from the very rows they are measured on flatter: --cross-validate learns them anew "
            "without each tenth of the rows, of time, and without each district (small ones together). Example: scrapy "
            "evaluate labels.csv --cross-validate --fail-under 0.92. Exit codes: 0 measured; 1 below --fail-under, or "
            "--strict and a decided firm is read otherwise or is not in the published file; 2 a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--cross-validate", action="store_true", help="measure weights that never saw the row")
        parser.add_argument("--wrong", metavar="N", type=int, default=20, help="rows gone wrong to show (default: 20)")
        parser.add_argument("-o", "--output", metavar="WRONG.csv", help="write all rows gone wrong to this file")
        parser.add_argument("--fail-under", metavar="F1", type=float, help="exit 1 if a macro-F1 is below (0 to 1)")
        parser.add_argument("--strict", action="store_true", help="exit 1 if a decided firm is read otherwise, or gone")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        _refuse_nothing_to_measure(args, opts)
        if opts.fail_under is not None and not 0 <= opts.fail_under <= 1:
            raise CommandError(f"--fail-under {opts.fail_under}: must be from 0 to 1", MISTAKE)
        if opts.wrong < 0:
            raise CommandError(f"--wrong {opts.wrong}: must be 0 or more", MISTAKE)
        # As in `load`: not every crawl shall wait for the rules.
        from pipelines.classify import RulesError  # noqa: PLC0415
        from pipelines.classify.judged import JudgedError  # noqa: PLC0415
        from pipelines.classify.learn import NothingToLearnError, WeightBoundError  # noqa: PLC0415
        from pipelines.decisions import DecisionError  # noqa: PLC0415
        from pipelines.published_file import PublishedFileError  # noqa: PLC0415

        try:
            lowest = self._measured([Path(name) for name in args], opts) if args else 1.0
            unlike = self._decided()
        except (JudgedError, NothingToLearnError, WeightBoundError) as error:
            raise CommandError(str(error), MISTAKE) from error
        except (DecisionError, PublishedFileError, RulesError) as error:
            raise CommandError(str(error)) from error
        except ImportError as error:
            raise CommandError(f"--cross-validate needs numpy and scipy, which are not installed ({error})") from error
        if opts.fail_under is not None and lowest < opts.fail_under:
            say(f"BELOW {opts.fail_under}: {lowest:.3f}")
            return WRONG
        return WRONG if opts.strict and unlike else WELL

    def _measured(self, paths: Sequence[Path], opts: argparse.Namespace) -> float:
        """The lowest macro-F1; what went wrong is in its file then."""
        with replacing(opts.output, *paths) if opts.output else nullcontext() as file:
            lowest = self._measure(paths, opts, file)
        if opts.output:
            say(f"all of them: {opts.output}")
        return lowest

    def _measure(self, paths: Sequence[Path], opts: argparse.Namespace, file: TextIO | None) -> float:
        """Prints all figures of labels files; returns the lowest macro-F1."""
        from pipelines.classify.engine import packaged  # noqa: PLC0415
        from pipelines.classify.judged import read_judged  # noqa: PLC0415
        from pipelines.classify.measure import Reading  # noqa: PLC0415

        classifier, files = packaged(), [read_judged(path) for path in paths]
        rows = [row for file in files for row in file.rows]
        say(f"{len(rows)} judged rows; rules {classifier.rules_version}")
        if opts.cross_validate:
            return _cross_validate(classifier.finder, rows, opts, file)
        for one in files:
            if one.fingerprint in classifier.origin.labels:
                say(f"note: the weights were learned from {one.path} too, so its figures flatter: --cross-validate")
        return _tell([Reading(row, classifier.classify(row.subject)) for row in rows], opts, file)

    def _decided(self) -> int:
        """Reads the firms that people decided on; returns how many are read otherwise or cannot be read."""
        from pipelines.classify import classify_batch  # noqa: PLC0415
        from pipelines.classify.evaluation import wrong_lines  # noqa: PLC0415
        from pipelines.classify.measure import Reading  # noqa: PLC0415
        from pipelines.decided_labels import read_decided  # noqa: PLC0415
        from pipelines.decisions import read_decisions  # noqa: PLC0415
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415

        decided = read_decided(self.home / PUBLISHED_NAME, read_decisions(self.home))
        labels = classify_batch(case.subject for case in decided.cases)
        readings = [Reading(case, label) for case, label in zip(decided.cases, labels, strict=True)]
        otherwise = [reading for reading in readings if not reading.is_right]
        gone = len(decided.unknown)
        firms = f"{len(readings) + gone} firms" + (f" ({gone} of them not in the file)" if gone else "")
        say(f"decided by people: {firms}; the rules read {len(otherwise)} otherwise (the decision wins)")
        for reading in otherwise:
            for line in wrong_lines(reading, _SCOPE):
                say(clean_line(line, _LINE))
        return len(otherwise) + gone


def _refuse_nothing_to_measure(args: list[str], opts: argparse.Namespace) -> None:
    """What speaks of figures or of rows says nothing without a labels file: who asks for it meant one."""
    asked = {"--cross-validate": opts.cross_validate, "--fail-under": opts.fail_under is not None, "-o": opts.output}
    if not args and (strange := [option for option, is_asked in asked.items() if is_asked]):
        raise CommandError(f"{', '.join(strange)}: say which labels files", MISTAKE)


def _cross_validate(
    finder: EvidenceFinder, rows: Sequence[Judged], opts: argparse.Namespace, file: TextIO | None
) -> float:
    """Prints one line a split, and all figures of the first (the random one); returns the lowest macro-F1 of any."""
    from pipelines.classify.evaluation import headline, lowest  # noqa: PLC0415 - as in `load`
    from pipelines.classify.folds import validate  # noqa: PLC0415

    with progress("cross-validate") as tell:
        found = validate(finder, rows, progress=tell)
    for split, readings in found.readings.items():
        say(f"by {split:<9} {headline(readings)}")
    for note in found.notes:
        say(clean_line(f"note: {note}", _LINE))
    say()
    first, *_ = found.readings.values()
    return min(_tell(first, opts, file), *(lowest(readings) for readings in found.readings.values()))


def _tell(readings: Sequence[Reading], opts: argparse.Namespace, file: TextIO | None) -> float:
    """Prints all figures and what went wrong, and writes that to `file`; returns the lowest macro-F1."""
    from pipelines.classify.evaluation import COLUMNS, evaluation_lines, lowest, wrong_lines, wrong_row  # noqa: PLC0415

    for line in evaluation_lines(readings):
        say(line)
    wrong = [reading for reading in readings if not reading.is_right]
    say(f"gone wrong: {len(wrong)} of {len(readings)}")
    for reading in wrong[: opts.wrong]:
        for line in wrong_lines(reading, _SCOPE):
            say(clean_line(line, _LINE))
    if len(wrong) > opts.wrong and not opts.output:
        say(f"… and {len(wrong) - opts.wrong} more: --wrong {len(wrong)}, or -o WRONG.csv")
    if file:
        mended: Counter[Change] = Counter()
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([neutral(cell, mended) for cell in wrong_row(reading)] for reading in wrong)
    return lowest(readings)
