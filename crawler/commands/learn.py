"""`scrapy learn LABELS.csv -o WEIGHTS.toml`: the classifier's weights, made from judged registrations."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.command import MISTAKE, WELL, CommandError, MonitorCommand
from crawler.console import progress, say
from crawler.target_file import replacing

if TYPE_CHECKING:
    from pipelines.classify.training import Learned


class Command(MonitorCommand):
    """Learns weights."""

    expected = (OSError,)

    def syntax(self) -> str:
        return "LABELS.csv [LABELS.csv …] -o WEIGHTS.toml [--onto]"

    def short_desc(self) -> str:
        return "Learn the classifier's weights from judged registrations"

    def long_desc(self) -> str:
        return (
            "Learns what each fact is worth from CSV files of judged registrations (columns uscc, name, scope, grade, "
            "primary; optional alt_grade, alt_primary, registered, district), by the rules of this program, and writes "
            "the weights as readable data (the packaged ones are pipelines/classify/weights.toml). First it "
            "cross-validates, at random, over time and over districts (as far as the columns allow), and prints the "
            "figures. The same files give the same weights. The labels stay where they are. Few rows teach little: "
            "--onto holds the weights near the packaged ones, so that what those were learned from is not forgotten "
            "(rows among them flatter the figures then). Needs numpy and scipy, which `make setup` installs. Then: "
            "scrapy evaluate, scrapy reclassify --dry-run. Example: scrapy learn labels.csv --onto -o "
            "pipelines/classify/weights.toml"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="WEIGHTS.toml", required=True, help="file to write (replaced)")
        parser.add_argument("--restraint", metavar="L2", type=float, help="pull towards 0 (default: as documented)")
        parser.add_argument("--onto", action="store_true", help="start from the packaged weights and stay near them")
        parser.add_argument("--no-check", action="store_true", help="do not cross-validate first")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if not args:
            raise CommandError("say which labels files: scrapy learn LABELS.csv", MISTAKE)
        if opts.restraint is not None and not 0 < opts.restraint < math.inf:  # no number is neither
            raise CommandError(f"--restraint {opts.restraint}: must be a number above 0", MISTAKE)
        # As in `load`: not every crawl shall wait for the rules.
        from pipelines.classify.weights import weights_text  # noqa: PLC0415

        labels = [Path(name) for name in args]
        with replacing(opts.output, *labels) as file:
            learned = _learned(labels, opts)
            for line in learned.checked:
                say(line)
            file.write(weights_text(learned.weights))
        weights = learned.weights
        facts = len(weights.grade.peripheral.keys() | weights.grade.core.keys() | weights.primary.keys())
        say(f"{weights.origin.judged} judged rows → {opts.output}: {facts} facts weighed")
        say("next: scrapy evaluate LABELS.csv; scrapy reclassify --dry-run")
        return WELL


def _learned(paths: list[Path], opts: argparse.Namespace) -> Learned:
    from pipelines.classify import RulesError  # noqa: PLC0415 - see `execute`
    from pipelines.classify.judged import JudgedError, read_judged  # noqa: PLC0415
    from pipelines.classify.learn import RESTRAINT, NothingToLearnError, WeightBoundError  # noqa: PLC0415
    from pipelines.classify.training import learn_from  # noqa: PLC0415
    from pipelines.classify.weights import read_weights  # noqa: PLC0415

    restraint = RESTRAINT if opts.restraint is None else opts.restraint
    try:
        files = [read_judged(path) for path in paths]
        onto = read_weights() if opts.onto else None
        with progress("learn") as tell:
            return learn_from(files, restraint=restraint, onto=onto, check=not opts.no_check, progress=tell)
    except (JudgedError, NothingToLearnError, WeightBoundError) as error:
        raise CommandError(str(error), MISTAKE) from error
    except RulesError as error:
        raise CommandError(str(error)) from error
    except ImportError as error:
        raise CommandError(f"learning needs numpy and scipy, which this installation lacks ({error})") from error
