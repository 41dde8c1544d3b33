"""Records are kept value by value, days are read in Shanghai, and what a host says instead of a list is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import TextResponse
from scrapy.settings import Settings

from crawler import clock
from crawler.fields.personal import MASK
from crawler.platforms.json_records import JsonRecords
from crawler.platforms.records import Keep, instant_day, keep_records, read_records
from crawler.platforms.xml_records import XmlRecords
from crawler.run_folder import Outcome
from crawler.source import UnreadableError
from crawler.spiders.gdelt import GdeltArticlesSpider
from tests.fixtures.case import FIXTURES, PLANTED, read_case, set_up
from tests.offline import play

FORM = JsonRecords(
    records="rows",
    keys={"id": Keep.PLAIN, "names[].name": Keep.HOLDER},
    total="total",
    blank_is_none=True,
    total_once=True,
)


def reply(said: Any) -> TextResponse:
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    return TextResponse("https://host.example.org/list", body=body)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("1795017600000", date(2026, 11, 19)),
        ("2026-11-18T16:00:00Z", date(2026, 11, 19)),
        ("2026-11-18T15:59:59.123Z", date(2026, 11, 18)),
        ("2026-11-18T12:00:00-05:00", date(2026, 11, 19)),
        ("20261118T160000Z", date(2026, 11, 19)),
        ("2026-11-18 23:30:00  +0800", date(2026, 11, 18)),
        ("2026-11-18 23:30:00 +00:00", date(2026, 11, 19)),
        ("Wed, 18 Nov 2026 16:30:00 GMT", date(2026, 11, 19)),
        ("18 Nov 2026 23:30 +0800", date(2026, 11, 18)),
        ("2026-11-18 23:30:00", date(2026, 11, 18)),
        ("2026年11月18日", date(2026, 11, 18)),
    ],
)
def test_an_instant_is_read_as_its_day_in_shanghai(printed: str, day: date) -> None:
    assert instant_day(printed) == day


@pytest.mark.parametrize(
    "printed", ["", "yesterday", "2026-11", "2026-02-30T00:00:00Z", "Wed, 31 Feb 2026 16:30:00 GMT", "20261318T000000Z"]
)
def test_what_is_no_day_is_none(printed: str) -> None:
    assert instant_day(printed) is None


def test_of_several_names_each_is_judged_by_itself() -> None:
    said = {"id": "1", "names": [{"name": "上海样本医疗有限公司"}, {"name": PLANTED["names"][0]}]}
    kept, _ = keep_records(reply({"total": 1, "rows": [said]}), FORM)
    assert read_records(kept).records[0].lines("names[].name") == ["上海样本医疗有限公司", MASK]


def test_an_empty_object_is_a_list_without_records_only_where_that_is_documented() -> None:
    assert FORM.see(reply({})).records == ()
    with pytest.raises(UnreadableError, match="the reply has no 'rows'"):
        FORM.see(reply({"error": "not today"}))
    with pytest.raises(UnreadableError, match="the reply has no 'rows'"):
        JsonRecords(records="rows", keys={"id": Keep.PLAIN}).see(reply({}))


def test_a_total_that_stands_on_the_first_page_only_may_lack_on_the_others() -> None:
    assert FORM.see(reply({"rows": []})).total is None
    with pytest.raises(UnreadableError, match="the reply has no 'total'"):
        JsonRecords(records="rows", keys={"id": Keep.PLAIN}, total="total").see(reply({"rows": []}))


def test_a_sentence_in_place_of_json_is_told_bounded_and_without_persons() -> None:
    said = f"Your query was too short. Write to {PLANTED['mails'][0]}. " + "x" * 1_000
    with pytest.raises(UnreadableError, match="it says 'Your query was too short") as told:
        FORM.see(reply(said.encode()))
    assert PLANTED["mails"][0] not in str(told.value)
    assert len(str(told.value)) < 200


def test_markup_in_place_of_json_is_not_quoted() -> None:
    with pytest.raises(UnreadableError, match=r"not JSON: .* at character 0$"):
        FORM.see(reply(b"<html><body>moved</body></html>"))


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html></html>", b"<html><body></body></html>"])
def test_a_page_in_place_of_a_feed_is_called_so(page: bytes) -> None:
    with pytest.raises(UnreadableError, match="an HTML page where a feed should be"):
        XmlRecords(record="item", keys={"title": Keep.TEXT}).see(reply(page))


def test_what_a_feed_writes_in_html_is_read_as_text() -> None:
    feed = b"<rss><item><title>A &amp;amp; B</title><text>&lt;p&gt;one&lt;/p&gt;two&amp;nbsp;three</text></item></rss>"
    seen = XmlRecords(record="item", keys={"title": Keep.TEXT, "text": Keep.TEXT}).see(reply(feed))
    assert seen.records == ({"title": "A & B", "text": "one two three"},)


def test_a_feed_goes_on_from_where_it_is_though_some_of_it_went_by(tmp_path: Path) -> None:
    case = read_case(FIXTURES / "news_36kr" / "more_went_by_than_it_shows")
    set_up(case, tmp_path / "home")
    try:
        manifest = play(case, tmp_path / "home").manifest
    finally:
        clock.start_at(None)
    assert manifest is not None
    assert manifest.outcome is Outcome.PARTIAL
    assert manifest.next["https://36kr.com/feed"]["newest"] == "2026-11-19"


@pytest.mark.parametrize(
    ("operator", "kept"),
    [
        ({"DOWNLOAD_DELAY": 0}, 5.0),
        ({"DOWNLOAD_DELAY": 10}, 10.0),
        ({"DOWNLOAD_DELAY": 0, "MONITOR_STAND_INS": {"a.example.org": "http://127.0.0.1:8000"}}, 0.0),
    ],
)
def test_gdelt_is_never_asked_faster_than_it_wants(operator: dict[str, Any], kept: float, tmp_path: Path) -> None:
    settings = Settings({**operator, "MONITOR_HOME": str(tmp_path)})
    GdeltArticlesSpider.update_settings(settings)
    assert settings.getfloat("DOWNLOAD_DELAY") == kept
