"""Crawls read again: offline, as they were made, and kept only where today says something else and no less."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from crawler import clock
from crawler.archive import replies, reply_of
from crawler.replay import NoSuchRunError, ReplayRefusedError, find, readable_crawls, superseding, why_not
from crawler.run_folder import (
    CAPTURE,
    ITEMS,
    Manifest,
    Outcome,
    RunFolder,
    RunFolderError,
    crawls,
    describe_file,
    last_manifest,
    manifests,
    run_folders,
)
from tests.crawler import english_site, portal_scenes
from tests.crawler.crawling import Done, crawl, scrapy
from tests.crawler.extracts import HEADER, csv_of, extract, firm, xlsx_of
from tests.crawler.replaying import (
    LATER,
    copy_of,
    everything,
    items,
    only,
    program,
    read_again,
    rewrite,
    without_parser,
)
from tests.replica.english import STORIES, Story, routes
from tests.replica.portal import FILINGS, Portal
from tests.replica.server import Asked, Replica, Reply

DIFFICULT = "新设 企业#1 100%?.csv"
NIGHT = ("--now", "2026-11-16T02:00+08:00")
LATE = Story(3009, date(2026, 11, 13), "An invented trial", ("A trial that came to the list days after its own date.",))
TODAY = portal_scenes.TODAY


# --- Crawls as they were made, and whose sites, files and folders are gone ----------------------------------------


def _drop_folder(home: Path) -> None:
    """Two extracts of a drop folder: GB18030 and a workbook, with an unknown column and a row that is put aside."""
    folder = home / "inbox"
    folder.mkdir(parents=True)
    rows = ((*HEADER, "联系人"), *((*firm(number), "甲某某") for number in range(5)), ("断", *firm(6)[1:3]))
    (folder / DIFFICULT).write_bytes(csv_of(*rows, encoding="gb18030"))
    (folder / "b.xlsx").write_bytes(xlsx_of([HEADER, *map(firm, range(10, 14))]))
    done = crawl(home, folder, *NIGHT, "-a", "series=city", "-a", "publisher=样本局", listing="new")
    assert done.manifest.outcome == Outcome.COMPLETE, done.stderr
    (folder / DIFFICULT).unlink()
    (folder / "b.xlsx").write_bytes(extract(99))


def _address(home: Path) -> None:
    """An extract behind a redirect, and on the next night not modified since."""

    def reply(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == '"1"':
            return Reply(b"", 304)
        return Reply(extract(1, 2, 3), headers={"ETag": '"1"', "Content-Type": "text/csv"})

    with Replica({"/moved.csv": Reply(b"", 302, {"Location": "/firms.csv"}), "/firms.csv": reply}) as site:
        for night in range(2):
            done = crawl(home, site.url("/moved.csv"), "--now", f"2026-11-{16 + night}T02:00+08:00")
            assert done.exitcode == 0, done.stdout


def _portal(home: Path) -> None:
    """Two nights of the portal with pages that are gone, fail, lead away, hang up, and hold no article."""
    portal = portal_scenes.whole_portal()
    elsewhere = Reply(b"", 302, {"Location": "https://www.example.org/"})
    odd = {"n2": Reply(b"", 404), "n3": Reply(b"", 500), "n4": elsewhere, "n5": Reply(mute=True)}
    portal.articles = [replace(article, page=odd.get(article.id)) for article in portal.articles]
    later = portal_scenes.news(90, TODAY + timedelta(days=1))
    with Replica(portal.routes()) as site:
        portal_scenes.crawl_site(home, site)
        portal.articles.append(later)
        site.routes = portal.routes()
        portal_scenes.crawl_site(home, site, "-a", "only=news", day=TODAY + timedelta(days=1))
        portal_scenes.crawl_site(home, site, day=TODAY + timedelta(days=2))


def _list_fails(home: Path) -> None:
    """A list whose first page fails: of what was posted for, only facts are kept."""
    portal = Portal([portal_scenes.filing(1, TODAY)], replies={1: Reply(b"", 500)})
    portal_scenes.crawl(home, portal, "-a", "only=filings")


def _english(home: Path) -> None:
    """Three nights of the English site: its first, one without news, and one with a late article."""
    with Replica() as site:
        for night, stories in enumerate([STORIES, STORIES, (LATE, *STORIES)]):
            site.routes = routes(stories)
            english_site.crawl_english(home, site, now=f"2026-11-{18 + night}T03:30+08:00")


def _pages(home: Path) -> None:
    """A page that is kept whole, asked for by GET and by POST."""
    with Replica({"/page": Reply(b"<h1>x</h1>", headers={"Content-Type": "text/html"})}) as site:
        for words in (("-a", "pages=2"), ("-a", 'post={"page":1}')):
            scrapy(home, "crawl", "whole_page", "-a", f"path={site.url('/page')}", *words, *NIGHT)


SCENES = {
    "drop folder": (1, _drop_folder),
    "address": (2, _address),
    "portal": (3, _portal),
    "list fails": (1, _list_fails),
    "english": (3, _english),
    "pages": (2, _pages),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    homes = {}
    with program():
        for name, (_, play) in SCENES.items():
            homes[name] = tmp_path_factory.mktemp("made") / "home"
            play(homes[name])
    return homes


@pytest.fixture
def drop(made: dict[str, Path], tmp_path: Path) -> Path:
    return copy_of(made["drop folder"], tmp_path / "home")


@pytest.fixture
def english(made: dict[str, Path], tmp_path: Path) -> Path:
    return copy_of(made["english"], tmp_path / "home")


@pytest.fixture(scope="module")
def replayed(made: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drop folder's crawl, and a replay of it by a program that reads capitals otherwise."""
    home = copy_of(made["drop folder"], tmp_path_factory.mktemp("replayed") / "home")
    read = read_again(home, only(home), "capital in cents")
    assert read.folder is not None
    assert (str(read.difference), read.outcome) == ("1 same, 9 changed, 0 new, 0 gone (capital 9)", Outcome.COMPLETE)
    return home


def both(home: Path) -> tuple[RunFolder, RunFolder]:
    """A crawl and its only replay."""
    crawled, replayed = sorted(run_folders(home), key=lambda folder: bool(folder.read_manifest().supersedes))
    return crawled, replayed


@pytest.mark.parametrize("name", SCENES)
def test_an_unchanged_program_reads_the_same_and_writes_nothing(
    name: str, made: dict[str, Path], tmp_path: Path
) -> None:
    """Windows, memories, conditions, redirects, pages that failed and pages that were posted for: all as then."""
    home = copy_of(made[name], tmp_path / "home")
    before = everything(home)
    assert len(before) == SCENES[name][0]
    for folder, manifest in zip(run_folders(home), before, strict=True):
        read = read_again(home, folder)
        assert read.reads_the_same, (folder.run_id, str(read.difference))
        assert read.difference.same == len(items(folder))
        assert read.outcome == manifest.outcome
    assert everything(home) == before
    assert not (home / "replaying").exists()


def test_the_scenes_hold_what_is_hard_to_read_again(made: dict[str, Path]) -> None:
    assert [run.outcome for run in everything(made["address"])] == [Outcome.COMPLETE, Outcome.EMPTY_ALLOWED]
    assert [run.outcome for run in everything(made["english"])] == ["complete", "empty_allowed", "complete"]
    first, _, third = everything(made["portal"])
    assert first.outcome == third.outcome == Outcome.PARTIAL
    assert "HTTP 500 from" in first.reason
    assert (first.counts["pages_gone"], first.counts["pages_led_away"]) == (1, 1)
    assert 0 < third.counts["items"] < first.counts["items"] / 2  # it remembers the first
    assert "HTTP 500 from https://www.shpt.gov.cn/front/api/data/" in only(made["list fails"]).read_manifest().reason
    moved, _ = run_folders(made["address"])
    (reply,) = replies(moved.capture)
    assert reply.asked is not None
    assert (reply.url.rpartition("/")[2], reply.asked.url.rpartition("/")[2]) == ("firms.csv", "moved.csv")


def test_the_instant_of_a_reply_is_kept_as_the_items_say_it(made: dict[str, Path]) -> None:
    folder = only(made["drop folder"])
    fetched = {reply.record_id: clock.stamp(reply.fetched_at) for reply in replies(folder.capture)}
    assert {item["proof"]["capture"]: item["proof"]["fetched_at"] for item in items(folder)} == fetched


def test_captures_of_before_posts_were_told_apart_are_read_by_turn(made: dict[str, Path], tmp_path: Path) -> None:
    home = copy_of(made["portal"], tmp_path / "home")
    folder = next(run_folders(home))
    without = tmp_path / "without.warc.gz"
    with folder.capture.open("rb") as old, without.open("wb") as new:
        writer = WARCWriter(new, gzip=True, warc_version="1.1")
        for record in ArchiveIterator(old):
            if record.rec_type != "request":
                writer.write_record(record)
    shutil.move(without, folder.capture)
    rewrite(folder)
    assert all(reply.asked is None for reply in replies(folder.capture))
    assert read_again(home, folder).reads_the_same


# --- What a changed program makes of it ---------------------------------------------------------------------------


def test_a_changed_reading_becomes_a_run_that_supersedes_the_crawl(replayed: Path) -> None:
    original, replay = both(replayed)
    assert replay.path.name.partition("-")[0] == original.path.name.partition("-")[0]
    then, now = original.read_manifest(), replay.read_manifest()
    assert (now.format, now.supersedes) == (2, original.run_id)
    assert now.replayed_at == clock.stamp(clock.parse_instant(LATER))
    assert (now.outcome, now.reason, now.rejected) == (Outcome.COMPLETE, "", {"wrong_cell_count": 1})
    for same in ("series", "listing", "arguments", "started_at", "finished_at", "next", "not_before", "counts"):
        assert getattr(now, same) == getattr(then, same), same
    assert now.declaration["publisher_zh"] == "样本局"
    assert {"unknown_columns", "left_out"} <= now.counts.keys()  # what only the original could tell


def test_a_replay_is_whole_in_itself_and_proves_by_the_records_of_the_crawl(replayed: Path, tmp_path: Path) -> None:
    original, replay = both(copy_of(replayed, tmp_path / "home"))
    said, found = items(original), items(replay)
    assert {path.name for path in replay.path.iterdir()} == {ITEMS, CAPTURE, "manifest.json"}
    assert [item["proof"] for item in found] == [item["proof"] for item in said]
    shutil.rmtree(original.path)
    replay.verify(replay.read_manifest())
    assert found[0]["uscc"].encode() in reply_of(replay.capture, found[0]["proof"]["capture"]).body
    assert [item["capital"] for item in found if "capital" in item] == ["500000000"] * 9


def test_a_replay_of_a_replay_is_one_of_the_crawl(replayed: Path, tmp_path: Path) -> None:
    home = copy_of(replayed, tmp_path / "home")
    original, replay = both(home)
    assert find(home, replay.run_id) == original.run_id
    assert read_again(home, original, "capital in cents", now="2026-12-02").reads_the_same
    back = read_again(home, original, now="2026-12-03")
    assert back.folder is not None
    assert back.difference.changed == 9
    assert back.folder.read_manifest().supersedes == original.run_id
    assert without_parser(items(back.folder)) == without_parser(items(original))


def test_a_replay_is_no_crawl_to_who_asks_when_a_source_was_asked(replayed: Path) -> None:
    original, replay = both(replayed)
    assert [run.run_id for run in crawls(replayed)] == [original.run_id]
    assert {run.run_id for run in manifests(replayed)} == {original.run_id, replay.run_id}
    last = last_manifest(replayed, "registry_extract", "city", "new")
    assert last is not None
    assert last.run_id == original.run_id


def test_the_next_crawl_goes_on_from_the_crawl_and_not_from_its_replay(replayed: Path, tmp_path: Path) -> None:
    home = copy_of(replayed, tmp_path / "home")
    original, replay = both(home)
    rewrite(replay, next={})  # as of a crawl that failed, and that reads well today
    known = original.read_manifest().next["read"]
    (home / "inbox" / "b.xlsx").unlink()
    (home / "inbox" / "c.csv").write_bytes(extract(50))
    rewrite(original, next={"read": {**known, str(describe_file(home / "inbox" / "c.csv")["sha256"]): "c.csv"}})
    words = ("--now", "2026-12-05", "-a", "series=city")
    assert "no new extract" in crawl(home, home / "inbox", *words, listing="new").stdout


def test_articles_are_told_apart_by_their_ids(english: Path) -> None:
    first, unmodified, third = run_folders(english)
    read = read_again(english, first, "titles in capitals")
    assert read.folder is not None
    assert str(read.difference) == "0 same, 4 changed, 0 new, 0 gone (title 4)"
    assert read_again(english, unmodified, "titles in capitals").reads_the_same
    late = read_again(english, third, "titles in capitals")
    assert late.folder is not None
    assert [item["title"] for item in items(late.folder)] == [LATE.title.upper()]
    assert late.folder.read_manifest().arguments["stand_ins"]  # the crawl was a rehearsal, and stays one


# --- Guards -------------------------------------------------------------------------------------------------------


def test_far_fewer_items_are_refused_unless_the_loss_is_accepted(drop: Path) -> None:
    original = only(drop)
    with pytest.raises(ReplayRefusedError, match=r"gives 4 items where there were 9; nothing was written\. 5 same, .*"):
        read_again(drop, original, "rows of odd lines")
    assert only(drop) == original
    read = read_again(drop, original, "rows of odd lines", accept_loss=True)
    assert read.folder is not None
    assert (read.difference.same, read.difference.gone) == (5, 5)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("extract not as documented", "today's reading ends failed (file:///"),
        ("codes lost", "rows could not be read), the one it would replace complete"),
        ("dies", "today's program could not read it: it said nothing"),
    ],
)
def test_a_worse_end_is_refused(drop: Path, change: str, why: str) -> None:
    original = only(drop)
    with pytest.raises(ReplayRefusedError) as refused:
        read_again(drop, original, change)
    assert why in str(refused.value)
    assert only(drop) == original
    assert not (drop / "replaying").exists()


def test_a_wall_that_is_recognised_today_ends_the_reading(english: Path) -> None:
    with pytest.raises(ReplayRefusedError, match=r"ends blocked \(english\.shpt\.gov\.cn sent a challenge"):
        read_again(english, next(run_folders(english)), "walls everywhere")


def test_a_page_that_was_not_captured_makes_the_reading_partial_and_is_named(english: Path) -> None:
    third = list(run_folders(english))[2]
    with pytest.raises(ReplayRefusedError) as refused:
        read_again(english, third, "every article is new")
    assert "ends partial (today's reading asks for a page that was not captured: http://english." in str(refused.value)
    read = read_again(english, third, "every article is new", accept_loss=True)
    assert read.folder is not None
    reason = read.folder.read_manifest().reason
    assert f"http://english.shpt.gov.cn{STORIES[0].path}" in reason
    assert read.difference.same == 1


def test_trying_changes_nothing(drop: Path) -> None:
    original = only(drop)
    read = read_again(drop, original, "capital in cents", write=False)
    assert (read.reads_the_same, read.folder, read.difference.changed) == (False, None, 9)
    assert only(drop) == original


def test_a_reading_that_would_not_be_the_newest_is_refused(replayed: Path) -> None:
    original, _ = both(replayed)
    with pytest.raises(ReplayRefusedError, match="it was read again at 2026-11-30T16:00:00"):
        read_again(replayed, original, now=LATER)
    with pytest.raises(ReplayRefusedError, match="it was read again at"):
        read_again(replayed, original, now="2020-01-01")


def test_a_reading_that_would_come_before_its_crawl_is_refused(drop: Path) -> None:
    with pytest.raises(ReplayRefusedError, match=r"it ended at 2026-11-15.*, which this call .* does not come after"):
        read_again(drop, only(drop), now="2020-01-01")


@pytest.mark.parametrize("name", [ITEMS, CAPTURE, "manifest.json"])
def test_a_damaged_folder_is_refused(drop: Path, name: str) -> None:
    original = only(drop)
    path = original.path / name
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(RunFolderError, match=name.replace(".", r"\.")):
        read_again(drop, original)


def test_a_damaged_living_reading_is_refused(replayed: Path, tmp_path: Path) -> None:
    home = copy_of(replayed, tmp_path / "home")
    original, replay = both(home)
    replay.items.write_bytes(b"")
    with pytest.raises(RunFolderError, match="was changed after the run finished"):
        read_again(home, original, now="2026-12-02")


def test_a_crawl_whose_spider_or_argument_is_gone_is_refused(drop: Path) -> None:
    original = only(drop)
    rewrite(original, arguments={"path": "x", "listing": "new", "sheet": "2"})
    with pytest.raises(ReplayRefusedError, match="registry_extract: no argument 'sheet'"):
        read_again(drop, original)
    gone = RunFolder(original.path.parent.with_name("city_gazette") / original.path.name)
    gone.path.parent.mkdir()
    original.path.rename(gone.path)
    rewrite(gone, run_id=gone.run_id, source="city_gazette")
    with pytest.raises(ReplayRefusedError, match="there is no spider of 'city_gazette' any more"):
        read_again(drop, gone)


# --- Crawls that did not end well ---------------------------------------------------------------------------------


def _crawl_then(home: Path, change: str, *numbers: int) -> Done:
    """A crawl by a program with that mistake, of a full list."""
    (home / "inbox").mkdir(parents=True)
    (home / "inbox" / "a.csv").write_bytes(extract(*numbers))
    with program(change):
        return crawl(home, home / "inbox", *NIGHT)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ("extract not as documented", Outcome.FAILED),
        ("no rows", Outcome.EMPTY_WRONG),
        ("codes lost", Outcome.PARTIAL),
    ],
)
def test_a_mended_parser_makes_whole_what_it_could_not_read(tmp_path: Path, change: str, outcome: Outcome) -> None:
    done = _crawl_then(tmp_path, change, 1, 2, 3, 4)
    assert (done.manifest.outcome, done.manifest.lists_everything, done.manifest.next) == (outcome, False, {})
    read = read_again(tmp_path, done.folder)
    assert (read.outcome, read.folder is not None) == (Outcome.COMPLETE, True)
    assert read.folder is not None
    now = read.folder.read_manifest()
    assert (now.counts["items"], now.rejected, now.lists_everything, now.reason) == (4, {}, True, "")
    assert now.next == {}  # the next crawl looks for itself


def test_what_a_page_that_did_not_come_left_open_stays_open(tmp_path: Path) -> None:
    story = STORIES[0]
    with Replica(routes() | {story.path: Reply(mute=True)}) as site:
        done = english_site.crawl_english(tmp_path, site, "-s", "RETRY_TIMES=0")
    then = done.manifest
    assert then.outcome == Outcome.PARTIAL
    assert read_again(tmp_path, done.folder).reads_the_same
    read = read_again(tmp_path, done.folder, "titles in capitals")
    assert read.folder is not None
    now = read.folder.read_manifest()
    assert now.outcome == Outcome.PARTIAL
    missing = f"today's reading asks for a page that was not captured: http://english.shpt.gov.cn{story.path}"
    assert now.reason == f"{then.reason}; {missing}"
    assert now.next == then.next != {}


def test_each_list_gets_its_own_replies_though_all_are_asked_at_one_address(tmp_path: Path) -> None:
    """Then every list ended at its first page; today's reading asks on, and must not be handed another list's page."""
    with program("lists not as documented"):
        done = portal_scenes.crawl(tmp_path, portal_scenes.whole_portal())
    assert done.manifest.outcome == Outcome.FAILED
    read = read_again(tmp_path, done.folder)
    assert read.folder is not None
    assert read.outcome == Outcome.PARTIAL
    reason, found = read.folder.read_manifest().reason, items(read.folder)
    assert "/front/api/data/affair" in reason  # page 2 of the filings
    assert "ignored" not in reason
    filings = sorted(item["article_id"] for item in found if item["kind"] == "filing")
    assert filings == sorted(f"e{at}" for at in range(15))
    assert {item["channel"] for item in found if item["kind"] == "filing"} == {FILINGS}
    # Many pages are missing; they are named in a few words.
    assert reason.count("asks for a page that was not captured: ") == 5
    assert read.folder.read_manifest().counts["unknown_keys"] == done.manifest.counts["unknown_keys"] == 4
    assert reason.endswith("; today's reading asks for more pages that were not captured")


def _ended(outcome: Outcome, reason: str = "", count: int = 0, **said: object) -> Manifest:
    began = {"started_at": "2026-11-16T02:00:00.000000Z", "finished_at": "2026-11-16T02:01:00.000000Z"}
    counts = {"items": count, "requests": 3, "bytes": 10}
    files = {CAPTURE: {"sha256": "0"}}
    facts = {"run_id": "s/1", "source": "s", "counts": counts, "files": files, **began, **said}
    return Manifest(outcome=outcome, reason=reason, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("then", "outcome", "reason"),
    [
        (_ended(Outcome.PARTIAL, "3 of 9 rows could not be read", 6), Outcome.COMPLETE, ""),
        (_ended(Outcome.PARTIAL, "failed after 2 items: https://x/1: no title", 2), Outcome.COMPLETE, ""),
        (_ended(Outcome.PARTIAL, "1 rows lost to errors, see the log; 2 parser errors, see the log"), "complete", ""),
        (_ended(Outcome.FAILED, "https://x/list: the reply has no 'data'"), Outcome.COMPLETE, ""),
        (_ended(Outcome.EMPTY_WRONG, "no row was read, which this source never says"), Outcome.COMPLETE, ""),
        (_ended(Outcome.EMPTY_ALLOWED, "the source had nothing"), Outcome.COMPLETE, ""),
        (_ended(Outcome.PARTIAL, "budget of 200 requests is spent", 6), Outcome.PARTIAL, None),
        (_ended(Outcome.PARTIAL, "the crawl ended early (shutdown)", 6), Outcome.PARTIAL, None),
        (_ended(Outcome.PARTIAL, "TimeoutError from https://x/2: after 30 s", 6), Outcome.PARTIAL, None),
        (_ended(Outcome.PARTIAL, "blocked after 6 items: x asks us to slow down (429)", 6), Outcome.PARTIAL, None),
        (_ended(Outcome.PARTIAL, "3 of 9 rows could not be read; HTTP 500 from https://x/2: ", 6), "partial", None),
        (_ended(Outcome.PARTIAL, "capture.warc.gz: not whole: no space left on device", 6), Outcome.PARTIAL, None),
    ],
)
def test_only_what_reading_can_mend_is_mended(then: Manifest, outcome: Outcome, reason: str | None) -> None:
    today = replace(_ended(Outcome.COMPLETE, "", 9, lists_everything=True), run_id="s/2", counts={"items": 9})
    now = superseding(then, today, "2026-12-01T00:00:00.000000Z")
    assert (now.outcome, now.reason) == (outcome, then.reason if reason is None else reason)
    assert now.lists_everything == (outcome == Outcome.COMPLETE)
    assert now.counts == {"items": 9, "requests": 3, "bytes": 10}


def test_unknown_words_that_were_left_out_of_what_was_kept_stay_known_and_those_met_again_are_todays() -> None:
    then = _ended(Outcome.COMPLETE, unknown={"keys": {"colour": 3}, "labels": {"颜色": 1}, "categories": {"paused": 2}})
    today = replace(_ended(Outcome.COMPLETE, unknown={"labels": {"尺寸": 4}}), run_id="s/2")
    now = superseding(then, today, "2026-12-01T00:00:00.000000Z")
    assert now.unknown == {"keys": {"colour": 3}, "labels": {"尺寸": 4}}


@pytest.mark.parametrize("outcome", [Outcome.MISSED, Outcome.CRASHED, Outcome.BLOCKED, Outcome.REFUSED_BY_ROBOTS])
def test_runs_that_never_spoke_are_not_read_again(outcome: Outcome) -> None:
    assert why_not(_ended(outcome)) == f"it ended {outcome}: there is nothing to read again"


def test_a_run_that_kept_nothing_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir(parents=True)
    done = crawl(tmp_path, tmp_path / "inbox", *NIGHT)
    with pytest.raises(ReplayRefusedError, match=r"it kept nothing \(empty_allowed: no extract in the drop folder"):
        read_again(tmp_path, done.folder)
    crawl(tmp_path, tmp_path / "nowhere", *NIGHT)
    found, others = readable_crawls(tmp_path, "registry_extract")
    assert (found, len(others)) == ([], 2)


def test_what_is_kept_as_a_digest_is_not_read_again(tmp_path: Path) -> None:
    with program(), Replica({"/page": Reply(b"<h1>x</h1>")}) as site:
        done = scrapy(tmp_path, "crawl", "page_digest", "-a", f"path={site.url('/page')}", *NIGHT)
    assert CAPTURE in done.manifest.files
    with pytest.raises(ReplayRefusedError, match="its source is kept as a digest"):
        read_again(tmp_path, done.folder)


# --- Which run is meant -------------------------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> Path:
    for name in ("20261116T020000Z-abc123", "20261116T020000Z-abd456", "20261117T020000Z-abc123"):
        folder = RunFolder(tmp_path / "runs" / "registry_extract" / name)
        folder.write_manifest(replace(_ended(Outcome.COMPLETE), run_id=folder.run_id, source="registry_extract"))
    return tmp_path


def test_a_run_is_named_by_id_by_path_or_by_the_beginning_of_its_id(
    three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = "registry_extract/20261117T020000Z-abc123"
    path = three / "runs" / wanted
    monkeypatch.chdir(three / "runs")
    for name in (wanted, "registry_extract/20261117", str(path), f"{path}/", f"./{wanted}"):
        assert find(three, name) == wanted


def test_a_name_that_means_no_run_or_several_is_a_mistake(three: Path) -> None:
    with pytest.raises(NoSuchRunError, match="may be any of 2 runs: registry_extract/20261116T020000Z-abc123, "):
        find(three, "registry_extract/20261116")
    for name in ("", "registry_extract/2025", "20261117T020000Z-abc123", str(three)):
        with pytest.raises(NoSuchRunError, match=r"no run of .* is called"):
            find(three, name)
    with pytest.raises(NoSuchRunError, match="no run of a source 'nothing'"):
        readable_crawls(three, "nothing")


def test_an_id_that_begins_another_means_itself(three: Path) -> None:
    longer = RunFolder(three / "runs" / "registry_extract" / "20261117T020000Z-abc123-copy")
    longer.write_manifest(replace(_ended(Outcome.COMPLETE), run_id=longer.run_id))
    assert find(three, "registry_extract/20261117T020000Z-abc123") == "registry_extract/20261117T020000Z-abc123"
