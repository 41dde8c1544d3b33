"""An arrival that was announced and is registered later arrives once: the briefing says that it is confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.briefing import Briefing, SubSector
from reports.freeze import ISSUE, read_issue
from reports.narrow import narrow
from reports.weekly import MadeIssue
from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, exhibit, shanghai
from tests.reports.weeks_of_news import empty_week

NAME = "上海虚构迁来医疗器械有限公司"
SAYS = f"{NAME}签约落户普陀区桃浦智创城。"
W46, W46_AFTER = "2026-W46", shanghai("2026-11-16 06:05")


def announced(file: PublishedFile, discovered_at: str, **firm: str) -> str:
    """A firm whose arrival a page announced on 10 November; returns its id."""
    firm_id = file.firm(1, NAME, **firm)
    file.article("a1", "签约", published_on=date(2026, 11, 10), discovered_at=shanghai(discovered_at))
    said: dict[str, Any] = {
        "category": "arrival",
        "happened_on": None,
        "after": SAYS,
        "evidence": file.said_by("a1", SAYS),
    }
    file.event("announced", firm_id, "arrival_announced", "announced", discovered_at=shanghai(discovered_at), **said)
    return firm_id


def registered(file: PublishedFile, firm_id: str) -> None:
    """Its registration, seen on the Friday of the week after."""
    shown = [
        exhibit("before", {"address": "上海市浦东新区虚构路2号"}),
        exhibit("after", {"address": "上海市普陀区虚构路1号"}),
    ]
    moved: dict[str, Any] = {
        "before": "上海市浦东新区虚构路2号",
        "after": "上海市普陀区虚构路1号",
        "confirms": "announced",
    }
    file.event("moved", firm_id, "moved_in", "address_changed", happened_on=None, evidence=shown, **moved)


def briefing_of(made: MadeIssue) -> Briefing:
    issue = read_issue(made.folder / ISSUE)
    assert issue
    return issue.briefing


@pytest.fixture
def confirmed(issue_of: MakeIssue) -> MadeIssue:
    """The issue after the one that announced it."""
    file = empty_week()
    firm_id = announced(file, "2026-11-12 02:10")
    issue_of(file, W46, W46_AFTER)
    registered(file, firm_id)
    file.arrival(2, "上海虚构新设医疗器械有限公司")
    return issue_of(file)


def test_what_an_earlier_issue_announced_is_told_as_confirmed_and_not_counted_as_new(confirmed: MadeIssue) -> None:
    briefing = briefing_of(confirmed)
    assert [entry.firm.name for entry in briefing.arrivals] == ["上海虚构新设医疗器械有限公司"]
    assert [entry.firm.name for entry in briefing.confirmed] == [NAME]
    zh, en = text_of(confirmed), text_of(confirmed, "en")
    assert "本周新到 1 家核心企业，此前宣布落户、现已登记 1 家，扩张 0 家" in zh
    assert "1 arrived, 1 announced earlier and now registered, 0 expanded" in en
    assert "迁入：证实11月10日宣布的消息；上海市浦东新区虚构路2号 → 上海市普陀区虚构路1号" in zh
    assert "confirms what was announced on 10 Nov" in en
    assert html_of(confirmed).count(NAME) == 1
    assert html_of(confirmed).index('id="arrivals"') < html_of(confirmed).index('id="confirmed"')


def test_its_proof_stands_on_the_page_of_evidence(confirmed: MadeIssue) -> None:
    evidence = (confirmed.folder / "evidence.html").read_text(encoding="utf-8")
    assert '<article id="moved">' in evidence


def test_a_reader_of_other_sub_sectors_does_not_get_it(confirmed: MadeIssue) -> None:
    briefing = briefing_of(confirmed)
    assert narrow(briefing, [SubSector.PHARMA_DISTRIBUTION]).confirmed == ()
    assert narrow(briefing, [SubSector.MEDICAL_DEVICES]).confirmed == briefing.confirmed


def test_what_is_announced_and_registered_in_one_week_is_one_new_arrival(issue_of: MakeIssue) -> None:
    file = empty_week()
    registered(file, announced(file, "2026-11-18 02:10"))
    made = issue_of(file)
    assert briefing_of(made).confirmed == ()
    (entry,) = briefing_of(made).arrivals
    assert [one.event_id for one in entry.happenings] == ["announced", "moved"]
    assert "1 arrived, 0 expanded" in text_of(made, "en")
    assert "宣布落户" in text_of(made)
    assert "证实11月10日宣布的消息" in text_of(made)
    assert "宣布落户是文章所述" not in text_of(made), "the next line says what confirms it"


def test_a_peripheral_firm_that_was_announced_earlier_is_said_to_be(issue_of: MakeIssue) -> None:
    file = empty_week()
    firm_id = announced(file, "2026-11-12 02:10", grade="peripheral")
    issue_of(file, W46, W46_AFTER)
    registered(file, firm_id)
    made = issue_of(file)
    assert "外围企业新到 1 家（其中 1 家此前已宣布落户）。" in text_of(made)
    assert "(announced earlier: 1)" in text_of(made, "en")


def test_what_was_told_by_another_of_its_proofs_is_not_told_again(issue_of: MakeIssue) -> None:
    file = empty_week()
    file.arrival(1, NAME, "told", discovered_at=shanghai("2026-11-12 02:10"))
    issue_of(file, W46, W46_AFTER)
    again = empty_week()
    again.event("known-earlier", again.firm(1, NAME), aliases="other|told")
    assert briefing_of(issue_of(again)).entries == ()


def test_a_correction_of_the_first_issue_tells_it_as_it_was_announced(issue_of: MakeIssue) -> None:
    file = empty_week()
    firm_id = announced(file, "2026-11-12 02:10")
    first = issue_of(file, W46, W46_AFTER)
    before = text_of(first)
    registered(file, firm_id)
    issue_of(file)
    assert text_of(issue_of(None, W46, W46_AFTER)) == before, "a frozen issue stays"
