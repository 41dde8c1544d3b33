"""`scrapy crawl` as a person meets it: what it refuses before anything is written, and what time it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler import clock
from crawler.run_folder import Outcome
from crawler.source import BadArgumentError
from crawler.spiders.registry_extract import RegistryExtractSpider
from tests.crawler.crawling import ROOT, Done, crawl, scrapy
from tests.crawler.extracts import HEADER, csv_of, firm

PATH, FULL = ("-a", "path=extract.csv"), ("-a", "listing=full")
MISTAKES = {
    "no source": ((), "say which source; `scrapy list` names them"),
    "an unknown source": (("registry_extrakt",), "error: no source 'registry_extrakt'; `scrapy list` names them"),
    "an unknown argument": (
        ("registry_extract", *PATH, *FULL, "-a", "serie=city"),
        "error: registry_extract: no argument 'serie'; allowed: series, path, listing",
    ),
    "a time without offset": (
        ("registry_extract", *PATH, *FULL, "--now", "2026-11-16T02:00"),
        "error: --now '2026-11-16T02:00' has no offset; write e.g. 2026-11-16T02:00+08:00",
    ),
    "a file for the items": (("registry_extract", *PATH, *FULL, "-O", "x.json"), "a run writes its items into its own"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    home = tmp_path_factory.mktemp("mistakes")
    with ThreadPoolExecutor(3) as pool:
        ends = {
            name: pool.submit(scrapy, home / str(at), "crawl", *words)
            for at, (name, (words, _)) in enumerate(MISTAKES.items())
        }
    return {name: end.result() for name, end in ends.items()}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_call_is_told_and_nothing_is_written(mistake: str, refused: dict[str, Done]) -> None:
    done = refused[mistake]
    assert done.exitcode == 2
    assert MISTAKES[mistake][1] in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in done.home.iterdir()] == ["monitor.toml"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"listing": "full"}, "say which extract: -a path=FILE, FOLDER or http(s) address"),
        ({"listing": "full", "path": ""}, "say which extract"),
        ({"path": "x.csv"}, "say what it lists: -a listing=full (every firm) or -a listing=new (some)"),
        ({"path": "x.csv", "listing": "some"}, "say what it lists"),
        ({"path": "x.csv", "listing": "new", "Series": "city"}, "no argument 'Series'; allowed: series, path, listing"),
    ],
)
def test_an_extract_needs_its_path_and_what_it_lists(given: dict[str, str], told: str) -> None:
    with pytest.raises(BadArgumentError) as refused:
        RegistryExtractSpider(**given)
    assert str(refused.value).startswith("registry_extract: ")
    assert told in str(refused.value)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    home = tmp_path_factory.mktemp("crawl")
    path = home.parent / "extract.csv"
    bad = firm(2, 统一社会信用代码="123"), HEADER
    path.write_bytes(csv_of(HEADER, firm(1), *bad, *(firm(n) for n in range(3, 20))))
    return crawl(home, path, "-a", "series=city", "--now", "2026-11-16T02:00+08:00")


def test_a_run_takes_place_at_the_time_it_is_told(done: Done) -> None:
    began = clock.parse_instant("2026-11-15T18:00Z")
    assert done.folder.path.name.startswith("20261115T180000Z-")
    assert 0 <= (clock.read_stamp(done.manifest.started_at) - began).total_seconds() < 30
    assert 0 <= (clock.read_stamp(done.items[0]["proof"]["fetched_at"]) - began).total_seconds() < 30


def test_what_was_read_put_aside_and_left_out_is_told(done: Done) -> None:
    assert done.stdout.splitlines() == [
        f"complete: 18 items read, 1 rows put aside → {done.folder.path}",
        "  put aside: 1 × code_length",
        "  left out: 1 rows that name no firm (the header again, totals)",
        "next: scrapy load",
    ]
    assert done.exitcode == 0


def test_a_row_that_may_be_any_firms_takes_the_word_from_absence(done: Done) -> None:
    assert done.manifest.outcome == Outcome.COMPLETE
    assert not done.manifest.lists_everything


def test_the_manifest_says_what_was_asked_and_of_whom(done: Done) -> None:
    manifest = done.manifest
    assert (manifest.source, manifest.series, manifest.listing) == ("registry_extract", "city", "full")
    assert manifest.arguments["listing"] == "full"
    assert manifest.declaration["publisher_en"] == "Market supervision bureau or open-data portal"
    assert manifest.parser == manifest.declaration["parser"]


def test_a_row_put_aside_whose_firm_is_known_leaves_absence_its_word(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("known")
    path = home.parent / "known.csv"
    path.write_bytes(csv_of(HEADER, *(firm(n) for n in range(9)), firm(9)[:-1]))
    done = crawl(home, path)
    assert done.manifest.rejected == {"wrong_cell_count": 1}
    assert done.manifest.lists_everything


def test_every_source_is_listed_and_may_be_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    done = scrapy(tmp_path_factory.mktemp("list"), "list")
    assert done.stdout.split() == sorted(path.stem for path in (ROOT / "crawler" / "spiders").glob("[a-z]*.py"))
