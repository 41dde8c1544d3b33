"""More than one night can read, and pages that do not come: nothing of it is lost, and no night begins from nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.run_folder import Outcome
from tests.fixtures.case import Case, set_up
from tests.offline import Played, play

HOST = "http://www.ccgp-shanghai.gov.cn"
NOTICE = "<p>供应商名称：上海样本1医疗器械有限公司</p><p>中标金额：100元</p><p>采购人：上海样本医院</p>"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    yield
    clock.start_at(None)


def awards(last: date, a_day: int, days: int = 30, *, ask_fails: str = "", status: int = 200) -> Case:
    """So many notices of awards a day, newest first, and their pages; that of the notice `ask_fails` is not sent."""
    records = [
        {
            "articleId": f"{day:%Y%m%d}-{at}",
            "title": f"样本采购结果公告{at}",
            "publishDate": int(datetime.combine(day, time(10), clock.SHANGHAI).timestamp() * 1000),
        }
        for day in (last - timedelta(back) for back in range(days))
        for at in range(a_day)
    ]
    pages = [records[at : at + 15] for at in range(0, len(records), 15)]
    replies = [
        {
            "ask": {"method": "POST", "url": f"{HOST}/portal/category", "json": {"pageNo": number}},
            "type": "application/json",
        }
        for number in range(1, len(pages) + 1)
    ]
    bodies = [json.dumps({"result": {"data": {"data": page}}}).encode() for page in pages]
    if ask_fails:
        query = {"articleId": ask_fails}
        replies.insert(0, {"ask": {"url": f"{HOST}/portal/detail", "query": query}, "status": 500})  # type: ignore[dict-item]
        bodies.insert(0, b"")
    replies.append({"ask": {"url": f"{HOST}/portal/detail"}, "type": "application/json", "status": status})  # type: ignore[dict-item]
    bodies.append(json.dumps({"result": {"data": {"content": NOTICE}}}).encode())
    return Case("procurement_awards", "awards", {"now": "", "replies": replies}, tuple(bodies))


def night(home: Path, day: date, case: Case) -> Played:
    clock.start_at(datetime.combine(day, time(3), clock.SHANGHAI))
    return play(case, home)


def ids(played: Played) -> set[str]:
    return {line["disclosure_id"].partition("#")[0] for line in played.lines}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    set_up(Case("procurement_awards", "none", {"now": "2026-11-10T03:00:00+08:00", "replies": []}, ()), home)
    return home


def test_what_the_budget_leaves_is_read_the_next_night_and_nothing_twice(home: Path) -> None:
    case = awards(date(2026, 11, 9), a_day=250)  # more than a night's thousand requests in its first five days
    first = night(home, date(2026, 11, 10), case)
    assert first.manifest is not None
    assert first.manifest.outcome == Outcome.PARTIAL
    assert first.manifest.next, "what was read is remembered"
    second = night(home, date(2026, 11, 11), case)
    assert second.manifest is not None
    assert second.manifest.outcome == Outcome.COMPLETE, second.manifest.reason
    assert not ids(first) & ids(second)
    read = {int(one[:8]) for one in ids(first) | ids(second)}
    assert read == {20261105, 20261106, 20261107, 20261108, 20261109}
    assert len(ids(first) | ids(second)) == 250 * 5


def test_a_page_that_does_not_come_for_nights_is_told_when_it_does(home: Path) -> None:
    lost = "20261109-1"
    for day in range(10, 17):
        failing = awards(date(2026, 11, day - 1), 3, ask_fails=lost)
        played = night(home, date(2026, 11, day), failing)
        assert played.manifest is not None
        assert played.manifest.outcome == Outcome.PARTIAL
        assert lost not in ids(played)
    healed = night(home, date(2026, 11, 17), awards(date(2026, 11, 16), 3))
    assert lost in ids(healed)
    assert lost not in ids(night(home, date(2026, 11, 18), awards(date(2026, 11, 17), 3)))


def test_pages_that_are_all_gone_are_no_good_night(home: Path) -> None:
    played = night(home, date(2026, 11, 10), awards(date(2026, 11, 9), 3, status=404))
    assert played.manifest is not None
    assert played.manifest.outcome == Outcome.FAILED
    assert "are gone: has their address changed?" in played.manifest.reason


def test_a_list_that_goes_back_for_years_and_ends_at_once_was_cut(home: Path) -> None:
    played = night(home, date(2026, 11, 10), awards(date(2026, 11, 9), 3, days=2))
    assert played.manifest is not None
    assert played.manifest.outcome == Outcome.PARTIAL
    assert "it ends on page 1, before 2026-11-05 was reached" in played.manifest.reason
