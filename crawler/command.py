"""The base of our commands: `--now`, configuration errors told with their place, and exit codes that tell the truth.

0: all well. 1: something failed or is incomplete. 2: a mistake in the call or in monitor.toml. 3: left, because another
is at work.
"""

from __future__ import annotations

import argparse
import logging
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from filelock import Timeout
from scrapy.commands import ScrapyCommand
from scrapy.utils.log import configure_logging

from crawler import clock, config
from crawler.clock import ClockError
from crawler.config import Config, ConfigError
from crawler.console import complain

WELL, WRONG, MISTAKE, BUSY = 0, 1, 2, 3


class CommandError(Exception):
    """Ends a command with a message for the person who called it, and an exit code."""

    def __init__(self, message: str, exitcode: int = WRONG) -> None:
        super().__init__(message)
        self.exitcode = exitcode


def add_now(parser: argparse.ArgumentParser) -> None:
    """Adds `--now`."""
    parser.add_argument(
        "--now",
        metavar="TIME",
        help="act as if it were TIME: ISO 8601 with offset, e.g. 2026-11-16T02:00+08:00 (a bare day means its midnight "
        "in Shanghai); the clock ticks on from there",
    )


def set_clock(opts: argparse.Namespace) -> None:
    """Starts the clock as `--now` says. Raises ClockError."""
    clock.start_at(clock.parse_instant(opts.now) if opts.now else None)


class MonitorCommand(ScrapyCommand):
    """A command of the monitor: implement `execute`; what it raises of `expected` becomes one clear line."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {}
    expected: ClassVar[tuple[type[Exception], ...]] = ()

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and `--now`."""
        super().add_options(parser)
        add_now(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Sets clock and configuration, then executes."""
        assert self.settings is not None
        configure_logging(self.settings)
        logging.getLogger("scrapy").setLevel(logging.WARNING)
        try:
            set_clock(opts)
            self.config: Config = config.load_config()
            self.home: Path = config.home()
            self.exitcode = self.execute(args, opts)
        except (ClockError, ConfigError) as error:
            self._end(error, MISTAKE)
        except CommandError as error:
            self._end(error, error.exitcode)
        except Timeout as error:
            self._end(error, BUSY)
        except self.expected as error:
            self._end(error, WRONG)

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does the work and returns the exit code."""

    def _end(self, error: Exception, exitcode: int) -> None:
        complain(f"error: {error}")
        self.exitcode = exitcode
