"""A frozen issue is corrected openly: marked, reasoned, sent as an answer to the former, and never by accident."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.config import Recipient
from reports.deliver import Result
from reports.errors import CorrectionError
from reports.freeze import ISSUE, Issue, frozen_elsewhere, read_issue
from reports.weekly import MadeIssue
from tests.replica.mail_server import MailServer, Trouble
from tests.reports.conftest import WEEK, html_of, text_of
from tests.reports.mailing import ANNA, BEN, CAI, Office, parsed, part
from tests.reports.published import PublishedFile, shanghai

LATER, STILL_LATER = shanghai("2026-12-01 09:00"), shanghai("2026-12-02 09:00")
WHY = "漏报一家企业"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with MailServer(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        office = Office(tmp_path, server)
        office.publish(week_of("one"))
        office.make()
        yield office


def week_of(*event_ids: str) -> PublishedFile:
    """A week in which each event is an arrival."""
    file = PublishedFile()
    for event_id in event_ids:
        number = sum(event_id.encode())
        file.arrival(number, f"上海虚构{event_id}医疗器械有限公司", event_id)
    return file


def issue_of(made: MadeIssue) -> Issue:
    issue = read_issue(made.folder / ISSUE)
    assert issue
    return issue


def corrected(office: Office, *event_ids: str, why: str = WHY) -> MadeIssue:
    office.publish(week_of(*event_ids))
    return office.make(now=LATER, correct=why)


def test_a_correction_is_made_from_todays_database_and_keeps_the_former(office: Office) -> None:
    path = office.home / "issues" / WEEK / ISSUE
    former = path.read_bytes()
    made = corrected(office, "one", "two")
    assert (made.revision, made.draft, made.counts["arrivals"]) == (1, False, 2)
    assert issue_of(made).held == ("one", "two")
    assert path.with_name("issue.r0.json").read_bytes() == former
    again = office.make(now=STILL_LATER)
    assert (again.revision, issue_of(again)) == (1, issue_of(made))


def test_it_says_at_its_top_that_it_is_one_of_what_date_and_why(office: Office) -> None:
    made = corrected(office, "one", "two", why=f"{WHY} <b>&\n{{x}}")
    said = "更正（第 1 次）：本期于12月1日 09:00重新编制，取代11月23日 06:05编制的一版。原因：漏报一家企业 <b>& {x}"
    assert said in text_of(made)
    assert "Correction 1: made anew on 1 Dec, 09:00, in place of the one made on 23 Nov, 06:05" in text_of(made, "en")
    assert "漏报一家企业 &lt;b&gt;&amp; {x}" in html_of(made)
    assert html_of(made).index("更正（第 1 次）") < html_of(made).index("<h1>")


def test_a_correction_can_be_corrected(office: Office) -> None:
    corrected(office, "one", "two")
    office.publish(week_of("one", "two", "three"))
    made = office.make(now=STILL_LATER, correct="又漏一家")
    assert made.revision == 2
    assert "取代12月1日 09:00编制的一版" in text_of(made)
    assert {path.name for path in made.folder.glob("issue*")} == {ISSUE, "issue.r0.json", "issue.r1.json"}


def test_what_other_frozen_issues_hold_stays_theirs(office: Office) -> None:
    office.publish(week_of("one", "two"))
    following = shanghai("2026-11-30 06:05")
    assert issue_of(office.make(now=following, week="2026-W48")).held == ("two",)
    made = corrected(office, "one", "two", "three")
    assert issue_of(made).held == ("one", "three")


def test_what_was_announced_once_is_held_even_when_the_database_forgets_it(office: Office) -> None:
    made = corrected(office, "two")
    assert issue_of(made).held == ("two", "one")
    assert made.counts["arrivals"] == 1
    office.publish(week_of("one", "two"))
    assert issue_of(office.make(now=LATER, week="2026-W48")).held == ()


def test_kept_former_issues_are_no_issues(office: Office) -> None:
    corrected(office, "one", "two")
    (office.home / "issues" / WEEK / "issue.r0.json").write_text("damaged", encoding="utf-8")
    assert frozen_elsewhere(office.home / "issues", "2026-W48") == {"one": WEEK, "two": WEEK}


def test_a_correction_that_changes_nothing_is_refused_and_leaves_no_trace(office: Office) -> None:
    folder = office.home / "issues" / WEEK
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    file = week_of("one")
    file.published_at = shanghai("2026-11-23 05:45")
    office.publish(file)
    with pytest.raises(CorrectionError, match="2026-W47 cannot be corrected: nothing changed"):
        office.make(now=LATER, correct=WHY)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("why", ["", " \n", "\u200b\x00"])
def test_without_a_reason_there_is_no_correction(office: Office, why: str) -> None:
    with pytest.raises(CorrectionError, match="say why"):
        corrected(office, "one", "two", why=why)


def test_an_endless_reason_is_bounded(office: Office) -> None:
    correction = issue_of(corrected(office, "one", "two", why="很长的理由" * 1000)).briefing.correction
    assert correction
    assert len(correction.reason) == 300


def test_neither_a_draft_nor_a_week_without_an_issue_is_corrected(office: Office) -> None:
    open_week = shanghai("2026-11-24 12:00")
    with pytest.raises(CorrectionError, match="there is no issue of it"):
        office.make(now=open_week, week="2026-W48", correct=WHY)
    office.make(now=open_week, week="2026-W48")
    with pytest.raises(CorrectionError, match="a draft is made anew without that"):
        office.make(now=open_week, week="2026-W48", correct=WHY)


def test_a_correction_interrupted_before_it_stood_is_made_again(office: Office) -> None:
    folder = office.home / "issues" / WEEK
    former = (folder / ISSUE).read_bytes()
    (folder / "issue.r0.json").write_bytes(former)  # all that a kill between the two writes leaves
    assert corrected(office, "one", "two").revision == 1
    assert (folder / "issue.r0.json").read_bytes() == former


def test_readers_get_it_marked_as_an_answer_to_the_former(office: Office) -> None:
    office.recipients = (Recipient(address=ANNA, language="both"),)
    office.send()
    corrected(office, "one", "two")
    assert office.send() == {ANNA: Result.SENT}
    assert office.send() == {ANNA: Result.HAD_IT}
    former, correction = (parsed(content) for content in office.server.to(ANNA))
    title = "普陀生命健康企业周报 / Putuo Life-Health Weekly · 2026-W47"
    assert (former["Subject"], correction["Subject"]) == (title, f"[更正 / Correction] {title}")
    assert correction["Message-ID"] != former["Message-ID"]
    assert correction["In-Reply-To"] == correction["References"] == former["Message-ID"]
    for kind in ("plain", "html"):
        assert WHY in part(correction, kind)
    assert [(line["revision"], line["act"]) for line in office.ledger()] == [
        *((0, "due"), (0, "sending"), (0, "sent"), (1, "due"), (1, "sending"), (1, "sent"))
    ]


def test_it_goes_to_todays_readers_whether_they_had_the_former_or_not(office: Office) -> None:
    office.recipients = (Recipient(address=ANNA), Recipient(address=BEN))
    office.send()
    office.recipients = (Recipient(address=BEN), Recipient(address=CAI))
    corrected(office, "one", "two")
    assert office.send() == {BEN: Result.SENT, CAI: Result.SENT}
    assert [len(office.server.to(address)) for address in (ANNA, BEN, CAI)] == [1, 2, 1]
    assert office.message_to(CAI)["In-Reply-To"] is None


def test_a_former_left_uncertain_does_not_keep_the_correction_back(office: Office) -> None:
    office.recipients = (Recipient(address=ANNA),)
    office.server.at_end[ANNA] = [Trouble.KEEP_AND_DROP]
    assert office.send() == {ANNA: Result.UNCERTAIN}
    corrected(office, "one", "two")
    assert office.send() == {ANNA: Result.SENT}
    former, correction = (parsed(content) for content in office.server.to(ANNA))
    assert correction["In-Reply-To"] == former["Message-ID"]
