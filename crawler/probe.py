"""A crawl that ends with the first page of a list, by the spider that would crawl it all, and what it met.

`python -m crawler.probe SOURCE NOTES [--now TIME] [NAME=VALUE …]` crawls into the data directory it is given, which is
to be one that nobody needs, and writes its notes into the file NOTES.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from crawler import clock
from crawler.clock import ClockError
from crawler.run_folder import write_atomically
from crawler.source import PROBE_SETTING, BadArgumentError, SourceSpider

MISTAKE = 2  # exit code: the source cannot be crawled as it is configured, and nobody was asked
LONGEST_WAIT = 30  # seconds for a reply
_EMPTY_PAGES = "empty_list_pages"
_TOLD = (
    "robotstxt/",
    "downloader/exception_type_count/",
    "downloader/response_status_count/",
    "downloader/request_count",
    "spider_exceptions/count",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a probe met. `stopped` is outcome and reason, where the crawl was ended; `incomplete` what did not come.

    `listed` and `unknown` are as in a manifest; `items` and `filled` (how many of them have each field) speak of a
    source without a list. `stats` are Scrapy's counts of requests, replies by status, robots.txt and exceptions.
    """

    outcome: str  # of the run as its manifest has it, with its reason
    reason: str = ""
    stopped: tuple[str, str] | None = None
    incomplete: tuple[str, ...] = ()
    listed: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    items: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    stand_ins: tuple[str, ...] = ()
    probed: bool = False  # a page of a list with records came
    empty_pages: int = 0  # pages of lists without a record, before that
    stats: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The notes that a child wrote. Raises OSError, ValueError."""
        said = json.loads(path.read_text(encoding="utf-8"))
        for name in ("stopped", "incomplete", "stand_ins"):
            said[name] = tuple(said[name]) if said[name] is not None else None
        return cls(**said)


def probe(source: str, arguments: dict[str, str]) -> Notes | None:
    """Crawls a source up to the first page of its list; None when it broke before it began.

    Raises KeyError for a source without a spider, BadArgumentError.
    """
    settings = get_project_settings()
    here: dict[str, Any] = {
        PROBE_SETTING: True,
        "RETRY_ENABLED": False,  # one look; whoever looks may look again
        "DOWNLOAD_TIMEOUT": min(settings.getfloat("DOWNLOAD_TIMEOUT"), LONGEST_WAIT),
        "LOG_LEVEL": "WARNING",
    }
    settings.setdict(here, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    spider_class = process.spider_loader.load(source)
    if not issubclass(spider_class, SourceSpider):
        raise KeyError(source)
    spider_class(**arguments)  # refuses a wrong argument before anybody is asked
    crawler = process.create_crawler(_past_empty_pages(spider_class))
    process.crawl(crawler, **arguments)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, SourceSpider) or spider.outcome is None:
        return None
    return _notes(spider, crawler.stats.get_stats() if crawler.stats else {})


def _past_empty_pages(spider_class: type[SourceSpider]) -> type[SourceSpider]:
    """The spider, which does not end with a page without a record: whether a list may be empty is its own to judge."""

    def note_listed(self: SourceSpider, records: Iterable[Mapping[str, object]]) -> None:
        found = list(records)
        if found:
            spider_class.note_listed(self, found)
        else:
            self.count(_EMPTY_PAGES)

    return type(spider_class.__name__, (spider_class,), {"note_listed": note_listed})


def _notes(spider: SourceSpider, stats: dict[str, Any]) -> Notes:
    report, manifest = spider.report, spider.run_folder.read_manifest()
    items = manifest.counts.get("items", 0)
    return Notes(
        outcome=str(manifest.outcome),
        reason=manifest.reason,
        stopped=(str(report.stopped[0]), report.stopped[1]) if report.stopped else None,
        incomplete=tuple(report.incomplete),
        listed=dict(report.listed),  # in the order in which the platform documents them
        unknown={kind: dict(words) for kind, words in report.unknown.items()},
        items=items,
        filled={name: round(share * items) for name, share in manifest.fill_rates.items()},
        stand_ins=tuple(sorted(report.stand_ins)),
        probed=stats.get("finish_reason") == "probed",
        empty_pages=report.counts.get(_EMPTY_PAGES, 0),
        stats={name: int(many) for name, many in stats.items() if name.startswith(_TOLD)},
    )


def main(source: str, notes: str, *words: str) -> int:
    """Exit code 0 when the notes are written; MISTAKE when the source refused to begin; else 1."""
    given = list(words)
    try:
        if given[:1] == ["--now"]:
            clock.start_at(clock.parse_instant(given[1]))
            given = given[2:]
        found = probe(source, dict(word.split("=", 1) for word in given))
    except KeyError:
        sys.stderr.write(f"there is no spider of {source!r}\n")
        return MISTAKE
    except (BadArgumentError, ClockError) as error:
        sys.stderr.write(f"{error}\n")
        return MISTAKE
    if found is None:
        return 1
    write_atomically(Path(notes), json.dumps(asdict(found), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
