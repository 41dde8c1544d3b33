"""`scrapy read-news`: pages in, one a line; what each says of Putuo's life-health firms out, one line a page."""  # noqa: N999 - the command is called so

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from scrapy.exceptions import UsageError

from crawler.command import WELL, WRONG, CommandError, MonitorCommand
from crawler.console import complain, progress, say
from crawler.target_file import replacing
from reports.untrusted import clean_line

if TYPE_CHECKING:
    from pipelines.news.page_reader import KnownNames

_TOLD = 20  # bad lines told one by one; all are counted
_TELL_EVERY = 100  # pages


class Command(MonitorCommand):
    """Reads pages from a file into a file."""

    expected = (OSError,)

    def syntax(self) -> str:
        return "IN.jsonl -o OUT.jsonl [--firms FILE.csv]"

    def short_desc(self) -> str:
        return "Read pages of news: what they say of firms, places and figures"

    def long_desc(self) -> str:
        return (
            "Each line of IN.jsonl is a page: {url, title, date, lang, text}; date (a day) and lang may be null, and "
            "kind may say document or filing instead of news. Each line of OUT.jsonl says what the page of the same "
            "place says: {url, relevant, score, firms: [{name, uscc, park, events: [{kind, happened_on, amount, unit, "
            "confidence, quote_span}]}], places, claims}. Spans are [start, end] in characters (Unicode code points) "
            "of title + line break + text. Known firms are those of the published file, by all names they ever had, or "
            "those of --firms instead (CSV: uscc, name and perhaps name_en; a row for each name). A firm that the page "
            "names and no register knows has uscc null: a candidate, no fact. confidence, from 0 to 1: known firm by "
            "its full name 0.6, by a short one 0.5, candidate with a legal form 0.4, any other 0.3; the sentence "
            "places the event with us 0.2 more; it is dated 0.1; the page is relevant 0.1. Example: scrapy read-news "
            "pages.jsonl -o read.jsonl. Exit codes: 0 done; 1 a file cannot be read, or lines of it were left out "
            "(each is told); 2 a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="OUT.jsonl", help="file to write (replaced)")
        parser.add_argument("--firms", metavar="FILE.csv", help="the known firms, in place of the published file's")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if len(args) != 1 or not opts.output:
            raise UsageError("say which pages to read: scrapy read-news IN.jsonl -o OUT.jsonl")
        source, target = Path(args[0]), Path(opts.output)
        firms = Path(opts.firms) if opts.firms else None
        self._bad = Counter[Path]()
        with source.open("rb") as lines, replacing(opts.output, source, *filter(None, [firms])) as out:
            known = self._known(firms)
            counted = self._read(source, lines, out, known)
        self._tell(counted, target)
        return WRONG if self._bad else WELL

    def _read(self, source: Path, lines: BinaryIO, out: TextIO, known: KnownNames) -> Counter[str]:
        # As in `load`: not every crawl shall wait for the rules.
        from pipelines.news.page_reader import read_page  # noqa: PLC0415
        from pipelines.page_lines import LineError, PageLine, line_of, lines_of, parse_line  # noqa: PLC0415

        size, counted = source.stat().st_size, Counter[str]()

        def pages() -> Iterator[PageLine]:
            for number, line in lines_of(lines):
                try:
                    yield parse_line(line)
                except LineError as error:
                    self._complain(source, number, str(error))

        with progress("read-news") as tell:
            for page in pages():
                said = read_page(
                    page.title, page.text, language=page.language, kind=page.kind, published_on=page.published_on,
                    known=known, url=page.url,
                )  # fmt: skip
                out.write(line_of(page, said) + "\n")
                counted["pages"] += 1
                counted["relevant"] += said.reading.relevant
                counted["known"] += sum(1 for firm in said.firms if firm.uscc)
                counted["candidates"] += sum(1 for firm in said.firms if not firm.uscc)
                counted["events"] += sum(len(firm.events) for firm in said.firms)
                if counted["pages"] % _TELL_EVERY == 0:
                    tell("bytes", lines.tell(), size)
            tell("bytes", size, size)
        return counted

    def _known(self, listed: Path | None) -> KnownNames:
        """The known firms' names. Raises CommandError."""
        from pipelines.published_file import PublishedFileError, opened  # noqa: PLC0415
        from pipelines.resolve.known_names import FirmListError, known_in, known_of_list, nobody  # noqa: PLC0415
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415

        published = self.home / PUBLISHED_NAME
        try:
            if listed is not None:
                known, count = known_of_list(listed, lambda line, why: self._complain(listed, line, why))
            elif published.exists():
                with opened(published) as connection:
                    known, count = known_in(connection)
            else:
                complain(f"no known firms: {published} is not there (scrapy load makes it), and no --firms is given")
                complain("whom pages name are candidates, then")
                return nobody()
        except (FirmListError, PublishedFileError) as error:
            raise CommandError(str(error)) from error
        say(f"{count} known firms of {listed or published}")
        return known

    def _complain(self, path: Path, line: int, why: str) -> None:
        self._bad[path] += 1
        if self._bad[path] <= _TOLD:
            complain(f"{path}:{line}: {clean_line(why, 300)}")

    def _tell(self, counted: Counter[str], target: Path) -> None:
        from pipelines.news import NEWS_VERSION  # noqa: PLC0415

        for path, count in self._bad.items():
            complain(f"{path}: {count} lines left out" + (f", the first {_TOLD} told" if count > _TOLD else ""))
        say(
            f"{counted['pages']} pages → {target} ({counted['relevant']} relevant; {counted['known']} known firms, "
            f"{counted['candidates']} candidates, {counted['events']} events; rules {NEWS_VERSION})"
        )
