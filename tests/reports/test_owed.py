"""A week whose mailing failed is made up for: to those it was for, once, in its newest revision, oldest week first."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.config import Mail, Recipient
from reports.deliver import Delivery, Result, deliver, write_outbox
from reports.errors import MailSetupError
from reports.ledger import LEDGER
from reports.weeks import Week
from tests.replica.mail_server import PASSWORD_ENV, MailServer, Trouble
from tests.reports.conftest import AFTER, WEEK
from tests.reports.mailing import ANNA, BEN, CAI, QUICK, Office, parsed
from tests.reports.published import PublishedFile, shanghai

NEXT = "2026-W48"
NEXT_MONDAY = shanghai("2026-11-30 06:05")
DORA = "dora@example.org"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Week 47 is frozen and was to be mailed to Anna and Ben, but the server was down; a week later all is well."""
    with MailServer(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        office = Office(tmp_path, server, (Recipient(address=ANNA), Recipient(address=BEN)))
        office.publish(published("one"))
        office.make()
        clock.start_at(NEXT_MONDAY)
        yield office


def published(*event_ids: str) -> PublishedFile:
    file = PublishedFile()
    for event_id in event_ids:
        file.arrival(sum(event_id.encode()), f"上海虚构{event_id}医疗器械有限公司", event_id)
    return file


def while_the_server_is_down(office: Office, week: str = WEEK) -> None:
    """A mailing that finds nobody."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        mail = office.mail(port=closed.getsockname()[1])
        clock.start_at(Week.parse(week).cut_off + timedelta(minutes=5))
        assert {one.result for one in office.deliveries(week=week, mail=mail)} == {Result.FAILED}
    clock.start_at(NEXT_MONDAY)


def made_next(office: Office) -> None:
    office.publish(published("one", "two"))
    office.make(now=NEXT_MONDAY, week=NEXT)


def results(deliveries: tuple[Delivery, ...]) -> list[tuple[str, str, Result]]:
    return [(one.week, one.address, one.result) for one in deliveries]


def weeks_received(office: Office, address: str) -> list[str]:
    """The week of each message that reached a reader, in order of arrival."""
    return [str(parsed(content)["Message-ID"])[1:9] for content in office.server.to(address)]


def test_a_week_whose_mailing_found_no_server_goes_out_before_the_next(office: Office) -> None:
    while_the_server_is_down(office)
    made_next(office)
    assert results(office.deliveries(week=NEXT)) == [
        (WEEK, ANNA, Result.SENT),
        (WEEK, BEN, Result.SENT),
        (NEXT, ANNA, Result.SENT),
        (NEXT, BEN, Result.SENT),
    ]
    former, latter = (parsed(content) for content in office.server.to(ANNA))
    assert [message["Subject"].rpartition(" ")[2] for message in (former, latter)] == [WEEK, NEXT]
    assert "虚构one" in str(former.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert office.send(week=NEXT) == {ANNA: Result.HAD_IT, BEN: Result.HAD_IT}
    assert len(office.server.received) == 4


def test_only_the_readers_who_lack_it_get_it(office: Office) -> None:
    office.server.at_recipient[BEN] = ["451 later"] * QUICK.attempts
    office.send()
    made_next(office)
    office.deliveries(week=NEXT)
    assert (weeks_received(office, ANNA), weeks_received(office, BEN)) == ([WEEK, NEXT], [WEEK, NEXT])


def test_a_new_reader_gets_no_old_weeks_and_one_who_left_is_owed_nothing(office: Office) -> None:
    while_the_server_is_down(office)
    made_next(office)
    office.recipients = (Recipient(address=BEN), Recipient(address=DORA))
    office.deliveries(week=NEXT)
    assert [weeks_received(office, reader) for reader in (ANNA, BEN, DORA)] == [[], [WEEK, NEXT], [NEXT]]


def test_an_issue_that_was_never_to_be_mailed_stays_at_home(office: Office) -> None:
    made_next(office)
    assert office.send(week=NEXT) == {ANNA: Result.SENT, BEN: Result.SENT}
    assert not (office.home / "issues" / WEEK / LEDGER).exists()


@pytest.mark.parametrize("mistake", ["no password", "no sender"])
def test_a_mistake_in_the_settings_leaves_the_week_owed(
    office: Office, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    with monkeypatch.context() as changed:
        changed.delenv(PASSWORD_ENV)
        with pytest.raises(MailSetupError):
            office.send(mail=Mail() if mistake == "no sender" else office.mail())
    assert office.acts(ANNA) == ["due"]
    made_next(office)
    office.deliveries(week=NEXT)
    assert weeks_received(office, ANNA) == [WEEK, NEXT]


def test_only_the_newest_revision_is_owed(office: Office) -> None:
    while_the_server_is_down(office)
    office.publish(published("one", "three"))
    office.make(now=shanghai("2026-11-24 09:00"), correct="漏报一家企业")
    made_next(office)
    office.deliveries(week=NEXT)
    former, _ = (parsed(content) for content in office.server.to(ANNA))
    assert former["Message-ID"].startswith(f"<{WEEK}.r1.")
    assert former["In-Reply-To"] is None
    assert weeks_received(office, ANNA) == [WEEK, NEXT]


def test_a_correction_that_was_not_to_be_sent_goes_to_nobody_who_has_what_it_corrects(office: Office) -> None:
    office.server.at_recipient[BEN] = ["451 later"] * QUICK.attempts
    office.send()
    office.publish(published("one", "three"))
    office.make(now=shanghai("2026-11-24 09:00"), correct="漏报一家企业")
    made_next(office)
    assert results(office.deliveries(week=NEXT)) == [
        (WEEK, BEN, Result.SENT),
        (NEXT, ANNA, Result.SENT),
        (NEXT, BEN, Result.SENT),
    ]


def test_a_correction_whose_mailing_failed_is_owed_as_an_answer_to_the_former(office: Office) -> None:
    office.send()
    office.publish(published("one", "three"))
    office.make(now=shanghai("2026-11-24 09:00"), correct="漏报一家企业")
    while_the_server_is_down(office)
    made_next(office)
    office.deliveries(week=NEXT)
    first, correction, _ = (parsed(content) for content in office.server.to(ANNA))
    assert correction["In-Reply-To"] == first["Message-ID"]


def test_what_is_uncertain_is_told_again_not_sent_again_and_keeps_no_newer_week_back(office: Office) -> None:
    office.server.at_end[ANNA] = [Trouble.KEEP_AND_DROP]
    office.send()
    made_next(office)
    assert results(office.deliveries(week=NEXT)) == [
        (WEEK, ANNA, Result.UNCERTAIN),
        (NEXT, ANNA, Result.SENT),
        (NEXT, BEN, Result.SENT),
    ]
    assert weeks_received(office, ANNA) == [WEEK, NEXT]


def test_a_damaged_ledger_of_an_earlier_week_is_told_and_keeps_no_newer_week_back(office: Office) -> None:
    while_the_server_is_down(office)
    made_next(office)
    (office.home / "issues" / WEEK / LEDGER).write_text("not json\n", encoding="utf-8")
    done = office.deliveries(week=NEXT)
    assert [one.result for one in done] == [Result.FAILED, Result.FAILED, Result.SENT, Result.SENT]
    assert "line 1 is damaged" in done[0].detail
    assert weeks_received(office, ANNA) == [NEXT]


@pytest.mark.parametrize(("weeks_later", "goes"), [(8, True), (9, False)])
def test_after_eight_weeks_old_news_is_let_go(office: Office, weeks_later: int, goes: bool) -> None:
    while_the_server_is_down(office)
    now = AFTER + timedelta(weeks=weeks_later)
    week = str(Week.last_closed(now))
    office.make(now=now, week=week)
    clock.start_at(now)
    office.deliveries(week=week)
    assert weeks_received(office, ANNA) == ([WEEK, week] if goes else [week])


def test_with_an_older_week_only_what_comes_before_it_goes(office: Office) -> None:
    while_the_server_is_down(office)
    made_next(office)
    while_the_server_is_down(office, NEXT)
    assert office.send(week=WEEK) == {ANNA: Result.SENT, BEN: Result.SENT}
    assert weeks_received(office, ANNA) == [WEEK]


def test_several_weeks_go_oldest_first_over_one_connection(office: Office) -> None:
    while_the_server_is_down(office)
    made_next(office)
    while_the_server_is_down(office, NEXT)
    third = Week.parse(NEXT).cut_off + timedelta(days=7, minutes=5)
    office.make(now=third, week="2026-W49")
    clock.start_at(third)
    before = office.server.greetings
    office.deliveries(week="2026-W49")
    assert weeks_received(office, BEN) == [WEEK, NEXT, "2026-W49"]
    assert office.server.greetings - before == 1


def test_a_server_that_is_down_again_leaves_all_of_it_owed(office: Office) -> None:
    while_the_server_is_down(office)
    made_next(office)
    while_the_server_is_down(office, NEXT)
    office.recipients += (Recipient(address=CAI),)
    assert results(office.deliveries(week=NEXT)) == [
        *((WEEK, ANNA, Result.SENT), (WEEK, BEN, Result.SENT)),
        *((NEXT, ANNA, Result.SENT), (NEXT, BEN, Result.SENT), (NEXT, CAI, Result.SENT)),
    ]


def test_the_operators_decision_is_about_the_week_named(office: Office) -> None:
    office.server.at_end[ANNA] = [Trouble.DROP]
    office.send()
    made_next(office)
    office.server.at_end[ANNA] = [Trouble.DROP]
    office.deliveries(week=NEXT)
    done = deliver(replace(office.order(week=NEXT), resend=(ANNA,)), QUICK)
    assert (WEEK, ANNA, Result.UNCERTAIN) in results(done)
    assert (NEXT, ANNA, Result.SENT) in results(done)
    assert weeks_received(office, ANNA) == [NEXT]


def test_a_dry_run_shows_what_is_owed_too(office: Office) -> None:
    while_the_server_is_down(office)
    made_next(office)
    written = write_outbox(office.order(week=NEXT))
    assert [one.week for one in written] == [WEEK, WEEK, NEXT, NEXT]
    assert f"issues/{WEEK}/outbox/" in written[0].detail
    assert office.server.received == []
    assert office.acts(ANNA) == ["due"]
