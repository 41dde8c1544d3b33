"""What changed without a word: minimum shares fail a run, falls, shrunken lists and strange words warn of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import clock
from crawler.drift import earlier_runs, too_empty, warnings
from crawler.replay import superseding
from crawler.run_folder import CAPTURE, Manifest, Outcome, RunFolder, run_folders, runs_folder
from tests.crawler.crawling import SETTINGS, Done, crawl, scrapy
from tests.crawler.extracts import HEADER, csv_of, firm
from tests.crawler.replaying import only, program, read_again
from tests.replica.server import Replica, Reply

MAY_DROP = 0.2


def run(
    items: int = 0,
    shares: Mapping[str, float] | None = None,
    *,
    records: int = 0,
    fields: Mapping[str, int] | None = None,
    outcome: Outcome = Outcome.COMPLETE,
    day: int = 20,
    **said: Any,
) -> Manifest:
    """A run of an invented source on a day of November 2026."""
    listed = {"records": records, **(fields or {})} if records or fields else {}
    return Manifest(
        run_id=f"sample/202611{day:02}T180000Z-{items:06x}",
        source="sample",
        outcome=outcome,
        started_at=clock.stamp(clock.parse_instant(f"2026-11-{day:02}T18:00Z")),
        finished_at=clock.stamp(clock.parse_instant(f"2026-11-{day:02}T18:05Z")),
        counts={"items": items},
        fill_rates=dict(shares or {}),
        listed=listed,
        **said,
    )


# --- A minimum that is missed ------------------------------------------------------------------------------------


def test_a_field_below_its_minimum_is_named_with_share_and_minimum() -> None:
    told = too_empty({"address": 0.9, "title": 1.0}, {"address": 206, "title": 230}, 230)
    assert told == ["fill of address is 89 % of 230 items, below the minimum of 90 %"]


def test_a_field_that_is_never_filled_misses_its_minimum_and_one_at_its_minimum_does_not() -> None:
    assert too_empty({"address": 0.01}, {}, 5) == ["fill of address is 0 % of 5 items, below the minimum of 1 %"]
    assert too_empty({"address": 0.4}, {"address": 2}, 5) == []


def test_of_fewer_than_five_items_no_share_is_told() -> None:
    assert too_empty({"address": 1.0}, {}, 4) == []


# --- Shares that fell --------------------------------------------------------------------------------------------


def test_a_fall_below_the_median_of_the_past_is_told_in_one_sentence() -> None:
    past = [run(50, {"address": share}, day=at) for at, share in enumerate((0.98, 0.99, 0.97, 0.98), start=1)]
    assert warnings(run(50, {"address": 0.41}), past, MAY_DROP) == [
        "fill of address fell from 98 % to 41 % of items (median of 4 runs)"
    ]


def test_a_field_that_vanished_fell_to_nothing() -> None:
    (told,) = warnings(run(50, {"title": 1.0}), [run(50, {"title": 1.0, "agency": 0.9}, day=1)], MAY_DROP)
    assert told == "fill of agency fell from 90 % to 0 % of items (median of 1 run)"


def test_list_records_are_judged_as_items_are_and_apart_from_them() -> None:
    past = [run(records=30, fields={"title": 30, "agency": 29}, day=at) for at in range(1, 4)]
    told = warnings(run(records=30, fields={"title": 30, "agency": 3}), past, MAY_DROP)
    assert told == ["fill of agency fell from 97 % to 10 % of list records (median of 3 runs)"]


@pytest.mark.parametrize("share", [0.78, 0.98, 1.0])
def test_a_fall_of_no_more_than_what_the_source_allows_is_no_news(share: float) -> None:
    assert warnings(run(500, {"address": share}), [run(500, {"address": 0.98}, day=1)], MAY_DROP) == []


def test_one_source_may_allow_more_than_another() -> None:
    past = [run(500, {"address": 0.98}, day=1)]
    assert warnings(run(500, {"address": 0.6}), past, 0.5) == []
    assert warnings(run(500, {"address": 0.6}), past, 0.1) != []


def test_what_may_be_the_luck_of_few_items_is_no_fall() -> None:
    past = [run(5, {"address": 1.0}, day=1)]
    assert warnings(run(5, {"address": 0.6}), past, MAY_DROP) == []
    assert warnings(run(500, {"address": 0.6}), [run(500, {"address": 1.0}, day=1)], MAY_DROP) != []


def test_runs_of_few_items_neither_are_judged_nor_judge() -> None:
    assert warnings(run(4), [run(50, {"address": 1.0}, day=1)], MAY_DROP) == []
    assert warnings(run(50), [run(4, {"address": 1.0}, day=1)], MAY_DROP) == []


def test_only_the_newest_eight_runs_are_the_past() -> None:
    ages_ago = [run(50, {"address": 1.0}, day=at) for at in range(1, 9)]
    since = [run(50, {}, day=at) for at in range(9, 17)]
    assert warnings(run(50), [*ages_ago, *since], MAY_DROP) == []
    assert warnings(run(50), [*ages_ago, *since[:3]], MAY_DROP) != []


def test_a_run_that_broke_is_no_past() -> None:
    assert warnings(run(50), [run(50, {"address": 1.0}, day=1, outcome=Outcome.FAILED)], MAY_DROP) == []


# --- Lists that shrank -------------------------------------------------------------------------------------------

USUAL = [run(records=many, day=at) for at, many in enumerate((44, 45, 45, 300), start=1)]


def test_a_list_that_shows_less_than_half_of_what_is_usual_is_told() -> None:
    assert warnings(run(records=22), USUAL, MAY_DROP) == [
        "the lists showed 22 records where 45 were usual (median of 4 runs)"
    ]
    assert warnings(run(records=23), USUAL, MAY_DROP) == []


def test_a_list_that_shows_nothing_is_told_though_the_source_may_be_empty() -> None:
    (told,) = warnings(run(outcome=Outcome.EMPTY_ALLOWED), USUAL, MAY_DROP)
    assert told.startswith("the lists showed 0 records where 45 were usual")


def test_a_quiet_night_is_no_loss_for_records_are_counted_and_not_what_is_new_among_them() -> None:
    past = [run(40, records=45, day=at) for at in range(1, 5)]
    assert warnings(run(0, records=45, outcome=Outcome.EMPTY_ALLOWED), past, MAY_DROP) == []


def test_two_runs_are_too_few_to_call_a_count_usual() -> None:
    assert warnings(run(records=1), USUAL[:2], MAY_DROP) == []


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("a part of a sweep", {"sweep": "2026-11"}),
        ("a page that came as not modified", {"counts": {"items": 0, "not_modified": 1}}),
        ("a night on which there was nothing to ask for", {"counts": {"items": 0, "requests": 0}}),
        ("a reading back to another day", {"arguments": {"since": "2026-11-19"}}),
        ("a run that says itself that it is not whole", {"outcome": Outcome.PARTIAL}),
    ],
)
def test_a_window_that_cannot_be_compared_is_not(why: str, said: dict[str, Any]) -> None:
    assert warnings(replace(run(records=3), **said), USUAL, MAY_DROP) == [], why


def test_a_whole_list_without_records_is_counted_by_its_items() -> None:
    past = [run(3_000, {}, lists_everything=True, day=at) for at in range(1, 5)]
    assert warnings(run(1_400, lists_everything=True), past, MAY_DROP) == [
        "the whole list gave 1400 items where 3000 were usual (median of 4 runs)"
    ]
    assert warnings(run(1_400), past, MAY_DROP) == [], "a list of what is new may be short"


# --- Words that nobody met ---------------------------------------------------------------------------------------


def test_words_not_met_before_are_named_and_counted_most_frequent_first() -> None:
    past = [run(unknown={"keys": {"editor": 15}}, day=1)]
    words = {"editor": 15, "phone": 2, "fax": 15, "a": 1, "b": 1, "c": 1, "d": 1}
    assert warnings(run(unknown={"keys": words, "labels": {"注记": 1}}), past, MAY_DROP) == [
        "keys not seen before: fax, phone, a, b, c and 1 more",
        "labels not seen before: 注记",
    ]


def test_on_the_first_run_every_word_is_new_and_none_is_told() -> None:
    assert warnings(run(unknown={"keys": {"editor": 1}}), [], MAY_DROP) == []
    before_words_were_counted = [run(50, {"title": 1.0}, day=1)]
    assert warnings(run(unknown={"keys": {"editor": 1}}), before_words_were_counted, MAY_DROP) == []


def test_a_word_met_long_ago_or_by_a_run_that_failed_is_not_new() -> None:
    met = run(unknown={"keys": {"editor": 1}}, day=1, outcome=Outcome.FAILED)
    past = [met, *(run(records=9, day=at) for at in range(2, 14))]
    assert warnings(run(records=9, unknown={"keys": {"editor": 1}}), past, MAY_DROP) == []


# --- Which runs are the past -------------------------------------------------------------------------------------


def kept(home: Path, manifest: Manifest) -> Manifest:
    RunFolder(runs_folder(home) / manifest.run_id).write_manifest(manifest)
    return manifest


def test_the_past_are_earlier_runs_of_the_same_series_and_listing_and_no_replays(tmp_path: Path) -> None:
    before = kept(tmp_path, run(1, day=1, series="city", listing="full"))
    kept(tmp_path, run(2, day=2, series="bureau", listing="full"))
    kept(tmp_path, run(3, day=3, series="city", listing="new"))
    kept(tmp_path, run(4, day=4, series="city", listing="full", arguments={"stand_ins": "www.example.org"}))
    kept(tmp_path, run(5, day=5, series="city", listing="full", supersedes=before.run_id, replayed_at=before.read_at))
    kept(tmp_path, run(6, day=6, series="city", listing="full", outcome=Outcome.MISSED))
    kept(tmp_path, run(7, day=21, series="city", listing="full"))
    now = run(9, day=20, series="city", listing="full")
    assert [one.run_id for one in earlier_runs(tmp_path, now, now.started_at)] == [before.run_id]


_ANYTHING = st.none() | st.text(max_size=5) | st.floats() | st.integers() | st.lists(st.integers(), max_size=2)


@given(
    numbers=st.dictionaries(st.sampled_from(["items", "records", "title", "agency"]), _ANYTHING),
    words=st.none() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=3),
)
def test_a_past_that_was_tampered_with_costs_no_run_its_manifest(numbers: dict[str, Any], words: Any) -> None:
    past = [
        replace(run(9, day=at), counts=numbers, fill_rates=numbers, listed=numbers, unknown={"keys": words})
        for at in range(1, 5)
    ]
    now = run(50, {"title": 1.0}, records=50, unknown={"keys": {"editor": 1}})
    assert all(isinstance(sentence, str) for sentence in warnings(now, past, MAY_DROP))


# --- Whole crawls ------------------------------------------------------------------------------------------------

LISTED = "tests.replica.spiders"


def rows(many: int, *, old: bool = False, **more: str) -> list[dict[str, Any]]:
    """Rows of an invented list; `more` are further keys of each, an empty `agency` takes it away."""
    said = {"agency": "样本委员会"} | more
    return [
        {"id": f"{at}", "title": f"样本新闻第{at}则", **{key: text for key, text in said.items() if text}}
        | ({"old": True} if old else {})
        for at in range(many)
    ]


class Site:
    """A list that shows other rows each night, and the crawls of it."""

    def __init__(self, home: Path, source: str = "listed_news") -> None:
        self.home, self._source, self._night = home, source, 0

    def night(self, found: list[dict[str, Any]], *words: str) -> Done:
        self._night += 1
        reply = Reply(json.dumps({"rows": found}, ensure_ascii=False).encode(), headers={"Content-Type": "text/json"})
        settings = SETTINGS + '[crawl.stand_ins]\n"www.example.org" = "{}"\n'
        with Replica({"/list": reply, "/robots.txt": Reply(b"")}) as site:
            now = f"2026-11-{self._night:02}T02:00+08:00"
            asked = ("-a", "path=http://www.example.org/list", "-s", f"SPIDER_MODULES={LISTED}", *words)
            return scrapy(self.home, "crawl", self._source, "--now", now, *asked, settings=settings.format(site.url()))


def test_a_list_that_loses_a_field_a_key_and_its_records_warns_and_stands(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for _ in range(3):
        first = site.night(rows(20))
        assert first.manifest.warnings == []
    assert first.manifest.listed == {"records": 20, "id": 20, "title": 20, "agency": 20}
    done = site.night([*rows(4), *rows(5, agency="", fax="0")])
    assert (done.manifest.outcome, done.exitcode) == (Outcome.COMPLETE, 0), done.stderr
    assert done.manifest.unknown == {"keys": {"fax": 1}}
    assert done.manifest.warnings == [
        "fill of agency fell from 100 % to 44 % of items (median of 3 runs)",
        "fill of agency fell from 100 % to 44 % of list records (median of 3 runs)",
        "the lists showed 9 records where 20 were usual (median of 3 runs)",
        "keys not seen before: fax",
    ]
    told = done.stdout.splitlines()
    assert [line for line in told if line.startswith("  warning: ")] == [
        f"  warning: {warning}" for warning in done.manifest.warnings
    ]
    assert told[-1] == "next: scrapy load"


def test_a_field_below_its_minimum_makes_the_run_partial_and_nothing_of_it_is_remembered(tmp_path: Path) -> None:
    site = Site(tmp_path)
    whole = site.night(rows(6))
    assert whole.manifest.next == {"read": "all"}
    done = site.night([*rows(1), *rows(5, agency="")])
    assert (done.manifest.outcome, done.exitcode) == (Outcome.PARTIAL, 1)
    assert done.manifest.reason == "fill of agency is 16 % of 6 items, below the minimum of 30 %"
    assert done.manifest.next == {}


def test_nothing_new_in_the_window_and_a_list_without_a_record_are_told_apart(tmp_path: Path) -> None:
    quiet = Site(tmp_path / "quiet").night(rows(8, old=True))
    assert (quiet.manifest.outcome, quiet.manifest.listed["records"]) == (Outcome.EMPTY_ALLOWED, 8)
    assert quiet.exitcode == 0
    never = Site(tmp_path / "never", "never_empty_news").night([])
    assert (never.manifest.outcome, never.manifest.listed) == (Outcome.EMPTY_WRONG, {})
    assert "which this source never says" in never.manifest.reason
    assert never.exitcode == 1


def test_a_part_of_a_sweep_is_complete_though_it_met_no_firm_of_ours(tmp_path: Path) -> None:
    site = Site(tmp_path, "never_empty_news")
    done = site.night(rows(8, old=True), "-a", "sweep=2026-11")
    assert (done.manifest.outcome, done.manifest.sweep) == (Outcome.COMPLETE, "2026-11")
    assert not done.manifest.lists_everything
    assert done.manifest.next == {"read": "all"}
    nothing = site.night([], "-a", "sweep=2026-11")
    assert nothing.manifest.outcome == Outcome.EMPTY_WRONG


def test_a_part_of_a_sweep_that_says_so_is_complete_unless_something_went_wrong(tmp_path: Path) -> None:
    site, said = Site(tmp_path), ("-a", "sweep=2026-11", "-a", "share=pages 1 to 900 of 3890")
    done = site.night(rows(8), *said)
    assert (done.manifest.outcome, done.manifest.reason) == (Outcome.COMPLETE, "pages 1 to 900 of 3890")
    poor = site.night(rows(8, agency=""), *said)
    assert poor.manifest.outcome == Outcome.PARTIAL
    assert "fill of agency is 0 % of 8 items" in poor.manifest.reason


def test_a_registry_extract_whose_column_vanishes_warns(tmp_path: Path) -> None:
    at = HEADER.index("经营范围")
    path = tmp_path / "extract.csv"
    path.write_bytes(csv_of(HEADER, *(firm(n) for n in range(20))))
    home = tmp_path / "home"
    assert crawl(home, path, "--now", "2026-11-01T02:00+08:00").manifest.warnings == []
    without = [(*row[:at], "", *row[at + 1 :]) for row in (firm(n) for n in range(20))]
    path.write_bytes(csv_of(HEADER, *without))
    done = crawl(home, path, "--now", "2026-11-02T02:00+08:00")
    assert done.exitcode == 0
    assert done.manifest.warnings == ["fill of scope fell from 100 % to 0 % of items (median of 1 run)"]


def test_a_replay_misses_the_same_minimum(tmp_path: Path) -> None:
    with program():
        Site(tmp_path).night([*rows(1), *rows(5, agency="")])
    assert only(tmp_path).read_manifest().outcome == Outcome.PARTIAL
    replayed = read_again(tmp_path, only(tmp_path))
    assert (replayed.outcome, replayed.reads_the_same) == (Outcome.PARTIAL, True)


def test_a_better_parser_mends_a_missed_minimum_for_that_was_a_matter_of_reading() -> None:
    (reason,) = too_empty({"agency": 0.995}, {"agency": 3}, 9)
    crawled = run(9, outcome=Outcome.PARTIAL, reason=reason, files={CAPTURE: {}})
    mended = superseding(crawled, run(9, {"agency": 1.0}), clock.stamp(clock.parse_instant("2026-12-01")))
    assert (mended.outcome, mended.reason) == (Outcome.COMPLETE, "")


def test_a_replay_is_compared_with_what_was_before_its_crawl_alone(tmp_path: Path) -> None:
    home, path, at = tmp_path / "home", tmp_path / "extract.csv", HEADER.index("经营范围")
    without = [(*row[:at], "", *row[at + 1 :]) for row in (firm(n) for n in range(20))]
    for day, found in enumerate(([firm(n) for n in range(20)], without, without, without), start=1):
        path.write_bytes(csv_of(HEADER, *found))
        crawl(home, path, "--now", f"2026-11-{day:02}T02:00+08:00")
    second = list(run_folders(home))[1]
    replayed = read_again(home, second, "capital in cents")
    assert replayed.folder is not None
    assert replayed.folder.read_manifest().warnings == second.read_manifest().warnings
    assert second.read_manifest().warnings == ["fill of scope fell from 100 % to 0 % of items (median of 1 run)"]
