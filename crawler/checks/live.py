"""`scrapy doctor --live`: a table that says of each source whether it could be read from here, today, as documented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from crawler.child_process import ChildProcess, passing_on
from crawler.command import MISTAKE, WELL, WRONG, CommandError
from crawler.config import Config
from crawler.console import out, say
from crawler.live_check import NoSuchSourceError, check, chosen
from crawler.verdict import Checked, Verdict, not_asked

_REHEARSAL = "THIS IS A REHEARSAL: crawl.stand_ins IS SET, THIS MACHINE ANSWERS, AND NO REAL HOST WAS ASKED."


def look(settings: Config, home: Path, names: Sequence[str], *, everything: bool) -> int:
    """Asks one source after the other, tells what was found, and returns the exit code.

    Raises CommandError, ConfigError, OSError.
    """
    if not settings.crawl.contact:
        raise CommandError("set crawl.contact first: nobody is asked who could not write to us", MISTAKE)
    try:
        jobs = chosen(settings, home, names, everything=everything)
    except NoSuchSourceError as error:
        raise CommandError(str(error), MISTAKE) from error
    if not jobs:
        raise CommandError("no source is switched on: name some, or say --all", MISTAKE)
    child = ChildProcess()
    found: list[Checked] = []
    with passing_on(child):
        for job in jobs:
            if child.told_to_stop:
                found.append(not_asked(job.label, "told to stop"))
                continue
            say(f"{job.label}: asking")
            found.append(check(job, settings, child))
    _tell(found, rehearsal=bool(settings.crawl.stand_ins))
    asked = [one for one in found if not one.has_no_host]
    return WELL if asked and all(one.verdict is Verdict.READY for one in asked) else WRONG


def _tell(found: Sequence[Checked], *, rehearsal: bool) -> None:
    if rehearsal:
        say(_REHEARSAL)
    table = Table("verdict", "source", "robots.txt", "reachable from here?", "a page of its list, as documented?")
    table.show_lines = True
    for one in found:
        verdict = f"{one.verdict}\n(rehearsal)" if rehearsal else one.verdict
        table.add_row(*map(escape, (verdict, one.label, one.robots, one.reachable, one.documented)))
    out().print(table)
    counts = Counter(one.verdict for one in found)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    say(f"{told} (of {len(found)}){'; ' + _REHEARSAL if rehearsal else ''}")
