"""Sending over real SMTP: each reader once, nobody forgotten, and every failure told for what it is."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from crawler.config import Recipient
from reports.deliver import Result, write_outbox
from reports.errors import LedgerUnreadableError, MailServerError, MailSetupError
from reports.ledger import LEDGER
from reports.post import Patience, Post
from tests.replica.mail_server import PASSWORD_ENV, USER, MailServer, Trouble
from tests.reports.conftest import WEEK
from tests.reports.mailing import ANNA, BEN, CAI, QUICK, Office, parsed
from tests.reports.published import shanghai
from tests.reports.weeks_of_news import full_week

ALL_SENT = {ANNA: Result.SENT, BEN: Result.SENT, CAI: Result.SENT}
ALL_HAVE_IT = {ANNA: Result.HAD_IT, BEN: Result.HAD_IT, CAI: Result.HAD_IT}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with MailServer(tmp_path) as server:
        office = _office(tmp_path, server, monkeypatch)
        office.publish(full_week())
        office.make()
        yield office


def _office(home: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Office:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return Office(home, server)


def test_every_reader_gets_the_issue_once_over_one_encrypted_connection(office: Office) -> None:
    before = office.server.greetings
    assert office.send() == ALL_SENT
    assert office.send() == ALL_HAVE_IT
    assert [message.recipient for message in office.server.received] == [ANNA, BEN, CAI]
    assert all(message.encrypted and message.login == USER for message in office.server.received)
    assert office.server.greetings - before == 1


def test_a_reader_added_later_gets_it_at_the_next_call_and_the_others_not_again(office: Office) -> None:
    office.send()
    office.recipients += (Recipient(address="dora@example.org"),)
    assert office.send() == ALL_HAVE_IT | {"dora@example.org": Result.SENT}
    assert len(office.server.received) == 4


def test_the_ledger_says_what_was_done_before_and_after(office: Office) -> None:
    office.send()
    assert [line["act"] for line in office.ledger()[:3]] == ["due"] * 3  # all of them, before the first is sent
    line = next(line for line in office.ledger() if line["act"] == "sent")
    assert office.acts(ANNA) == ["due", "sending", "sent"]
    assert (line["week"], line["revision"], line["address"], line["detail"]) == (WEEK, 0, ANNA, "250 OK")
    assert line["message_id"] == office.message_to(ANNA)["Message-ID"]


def test_one_refused_reader_does_not_cost_the_others_and_is_tried_again(office: Office) -> None:
    office.server.at_recipient[BEN] = ["550 no such user"]
    (anna, ben, cai) = office.deliveries()
    assert (anna.result, ben.result, cai.result) == (Result.SENT, Result.REFUSED, Result.SENT)
    assert ben.detail == "550 no such user"
    assert office.acts(BEN) == ["due", "sending", "refused"]
    assert office.send() == ALL_HAVE_IT | {BEN: Result.SENT}


def test_a_refused_message_does_not_cost_the_others(office: Office) -> None:
    office.server.at_end[ANNA] = ["554 looks like spam"]
    assert office.send() == ALL_SENT | {ANNA: Result.REFUSED}


@pytest.mark.parametrize("where", ["at_recipient", "at_end"])
def test_a_passing_failure_is_tried_again_at_once(office: Office, where: str) -> None:
    getattr(office.server, where)[BEN] = ["451 later", "421 closing"]
    assert office.send() == ALL_SENT
    assert office.acts(BEN) == ["due", "sending", "failed", "sending", "failed", "sending", "sent"]
    assert len(office.server.to(BEN)) == 1


def test_a_lasting_failure_is_left_for_the_next_call(office: Office) -> None:
    office.server.at_recipient[BEN] = ["451 greylisted"] * QUICK.attempts
    assert office.send() == ALL_SENT | {BEN: Result.FAILED}
    assert office.send() == ALL_HAVE_IT | {BEN: Result.SENT}


def test_a_connection_lost_before_the_message_went_out_is_made_again(office: Office) -> None:
    office.server.at_recipient[BEN] = [Trouble.DROP]
    assert office.send() == ALL_SENT
    assert office.acts(BEN) == ["due", "sending", "failed", "sending", "sent"]


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.KEEP_AND_DROP, Trouble.HANG, Trouble.KEEP_AND_HANG])
def test_a_connection_lost_after_the_message_went_out_is_uncertain_and_nothing_is_sent_again(
    office: Office, trouble: Trouble
) -> None:
    office.server.at_end[BEN] = [trouble]
    impatient = Patience(reply=60, end_of_message=1.5, pause=0)
    assert office.send(impatient) == ALL_SENT | {BEN: Result.UNCERTAIN}
    assert office.acts(BEN) == ["due", "sending"]
    assert office.send() == ALL_HAVE_IT | {BEN: Result.UNCERTAIN}
    assert len(office.server.to(BEN)) == (trouble in (Trouble.KEEP_AND_DROP, Trouble.KEEP_AND_HANG))


def test_the_operator_decides_what_is_uncertain(office: Office) -> None:
    office.server.at_end |= {ANNA: [Trouble.DROP], CAI: [Trouble.KEEP_AND_DROP]}
    office.send()
    settled = office.send(resend=(ANNA.upper(),), arrived=(CAI,))
    assert settled == {ANNA: Result.SENT, BEN: Result.HAD_IT, CAI: Result.HAD_IT}
    assert [len(office.server.to(address)) for address in (ANNA, BEN, CAI)] == [1, 1, 1]
    assert office.send() == ALL_HAVE_IT


@pytest.mark.parametrize("word", ["resend", "arrived"])
def test_what_is_certain_is_not_for_the_operator_to_decide(office: Office, word: str) -> None:
    with pytest.raises(MailSetupError, match="nothing uncertain"):
        office.send(**{word: (ANNA,)})
    office.send()
    with pytest.raises(MailSetupError, match="nothing uncertain"):
        office.send(**{word: (ANNA,)})
    with pytest.raises(MailSetupError, match=r"'zoe@example\.org' is not among the recipients"):
        office.send(**{word: ("zoe@example.org",)})


def test_a_torn_last_line_is_as_if_never_written_and_the_next_is_not_glued_to_it(office: Office) -> None:
    office.send()
    path = office.home / "issues" / WEEK / LEDGER
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])  # of "sent" for the last reader
    assert office.send() == ALL_HAVE_IT | {CAI: Result.UNCERTAIN}
    assert office.send(resend=(CAI,)) == ALL_HAVE_IT | {CAI: Result.SENT}
    assert office.acts(CAI) == ["due", "sending", "sending", "sent"]


@pytest.mark.parametrize("damage", ["not json", '{"act": "sent"}', '{"act": "flown"}', ""])
def test_any_other_damage_stops_the_mailing_with_its_line(office: Office, damage: str) -> None:
    office.send()
    path = office.home / "issues" / WEEK / LEDGER
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], damage + "\n", *lines[2:]]), encoding="utf-8")
    with pytest.raises(LedgerUnreadableError, match=r"deliveries\.jsonl: line 2 is damaged"):
        office.send()
    assert len(office.server.received) == 3


def test_a_ledger_copied_from_another_week_is_refused(office: Office) -> None:
    office.send()
    path = office.home / "issues" / WEEK / LEDGER
    text = path.read_text(encoding="utf-8").replace(WEEK, "2026-W46")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerUnreadableError, match="it speaks of 2026-W46"):
        office.send()


def test_a_server_that_hangs_up_after_each_message_is_given_up_before_it_leaves_everyone_uncertain(
    office: Office,
) -> None:
    office.recipients += (Recipient(address="dora@example.org"),)
    office.server.at_end |= {ANNA: [Trouble.DROP], BEN: [Trouble.KEEP_AND_DROP]}
    (anna, ben, cai, dora) = office.deliveries()
    assert (anna.result, ben.result) == (Result.UNCERTAIN, Result.UNCERTAIN)
    assert (cai.result, dora.result) == (Result.FAILED, Result.FAILED)
    assert cai.detail == "not tried: the server gave no answer to 2 messages in a row"
    assert office.acts(CAI) == ["due"]
    again = office.send()
    assert again == {ANNA: Result.UNCERTAIN, BEN: Result.UNCERTAIN, CAI: Result.SENT, dora.address: Result.SENT}


def test_only_messages_unanswered_in_a_row_count(office: Office) -> None:
    office.server.at_end |= {ANNA: [Trouble.DROP], CAI: [Trouble.DROP]}
    office.recipients += (Recipient(address="dora@example.org"),)
    assert [one.result for one in office.deliveries()] == [
        *(Result.UNCERTAIN, Result.SENT, Result.UNCERTAIN, Result.SENT)
    ]


def test_a_draft_is_never_sent(office: Office) -> None:
    office.make(now=shanghai("2026-11-24 12:00"), week="2026-W48")
    for act in (office.send, lambda week: write_outbox(office.order(week))):
        with pytest.raises(MailSetupError, match="2026-W48: a draft is never sent"):
            act(week="2026-W48")


def test_a_week_without_an_issue_cannot_be_sent(office: Office) -> None:
    with pytest.raises(MailSetupError, match="2026-W01: there is no issue to send"):
        office.send(week="2026-W01")


def test_only_one_process_sends_at_a_time(office: Office) -> None:
    with FileLock(office.home / "issues" / "mail.lock"), pytest.raises(Timeout):
        office.send()
    assert office.server.received == []


def test_without_recipients_or_with_one_named_twice_it_says_so(office: Office) -> None:
    office.recipients = ()
    with pytest.raises(MailSetupError, match=r"no recipients: add \[\[recipients\]\]"):
        office.send()
    office.recipients = (Recipient(address=ANNA), Recipient(address=ANNA.title(), language="en"))
    with pytest.raises(MailSetupError, match=r"Anna@Example\.Org stands among the recipients twice"):
        office.send()


def test_without_a_host_or_a_password_it_says_what_to_set(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MailSetupError, match=r"set host and sender under \[mail\]"):
        office.send(mail=office.mail(host=""))
    monkeypatch.delenv(PASSWORD_ENV)
    with pytest.raises(MailSetupError, match=f"set the environment variable {PASSWORD_ENV}"):
        office.send()


def test_a_wrong_password_is_told_and_never_shown(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_ENV, "battery staple")
    before = office.server.greetings
    deliveries = office.deliveries()
    assert {one.result for one in deliveries} == {Result.FAILED}
    assert all("refuses the login of monitor: 535" in one.detail for one in deliveries)
    assert "staple" not in repr(deliveries)
    assert office.server.greetings - before == 1  # hammering would lock the account


def test_a_password_beyond_ascii_is_refused_before_it_is_sent(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_ENV, "密码")
    with pytest.raises(MailSetupError, match="in ASCII") as told:
        office.send()
    assert "密码" not in str(told.value)


def test_a_certificate_nobody_vouches_for_is_not_trusted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    (first, *_rest) = office.deliveries()
    assert first.result is Result.FAILED
    assert "certificate is not to be trusted" in first.detail
    assert office.server.received == []
    assert office.acts(ANNA) == ["due"]


def test_a_certificate_for_another_name_is_not_trusted(office: Office) -> None:
    (first, *_rest) = office.deliveries(mail=office.mail(host="127.0.0.1"))
    assert "certificate is not to be trusted" in first.detail


def test_a_server_without_starttls_gets_neither_password_nor_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer(tmp_path, offers_tls=False) as server:
        office = _office(tmp_path, server, monkeypatch)
        office.publish(full_week())
        office.make()
        (first, *_rest) = office.deliveries()
        assert first.detail.endswith("does not offer STARTTLS, and we send nothing in the clear")
        assert server.received == []


@pytest.mark.parametrize("security", ["tls", "none"])
def test_mail_goes_over_implicit_tls_or_in_the_clear_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with MailServer(tmp_path, "tls" if security == "tls" else "none") as server:
        office = _office(tmp_path, server, monkeypatch)
        office.publish(full_week())
        office.make()
        assert office.send() == ALL_SENT
        assert all(message.encrypted == (security == "tls") for message in server.received)


def test_tls_to_a_server_that_speaks_none_says_which_setting_to_look_at(office: Office) -> None:
    (first, *_rest) = office.deliveries(mail=office.mail(security="tls"))
    assert "is [mail] security right?" in first.detail


def test_without_a_server_nothing_is_begun_that_could_be_uncertain(office: Office) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        mail = office.mail(port=closed.getsockname()[1])
        deliveries = office.deliveries(mail=mail)
    assert {one.result for one in deliveries} == {Result.FAILED}
    assert "Connection refused" in deliveries[0].detail
    assert [office.acts(address) for address in (ANNA, BEN, CAI)] == [["due"]] * 3
    assert office.send() == ALL_SENT


def test_a_server_that_greets_nobody_is_given_up(office: Office) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        mail = office.mail(port=mute.getsockname()[1])
        post = Post(mail, Patience(reply=0.2, attempts=2, pause=0))
        with pytest.raises(MailServerError, match="timed out"):
            post.connect()


def test_a_line_that_begins_with_a_dot_arrives_as_it_is(office: Office) -> None:
    with Post(office.mail(), QUICK) as post:
        post.hand_over(ANNA, b"Subject: dots\r\n\r\n.\r\n..a\r\nend\r\n")
    assert office.server.to(ANNA) == [b"Subject: dots\r\n\r\n.\r\n..a\r\nend\r\n"]


def test_a_dry_run_writes_what_would_be_sent_and_sends_and_records_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_ENV)
    written = write_outbox(office.order(mail=office.mail(host="")))
    assert [one.result for one in written] == [Result.WRITTEN] * 3
    messages = [parsed(Path(one.detail).read_bytes()) for one in written]
    assert [message["To"] for message in messages] == [ANNA, BEN, CAI]
    assert office.server.received == []
    assert not (office.home / "issues" / WEEK / LEDGER).exists()


def test_a_dry_run_leaves_out_who_has_it(office: Office) -> None:
    office.server.at_recipient[BEN] = ["550 no such user"]
    office.send()
    assert [one.result for one in write_outbox(office.order())] == [Result.HAD_IT, Result.WRITTEN, Result.HAD_IT]


def test_what_a_server_answers_is_bounded_before_it_is_kept(office: Office) -> None:
    office.server.at_recipient[BEN] = ["550 " + "\u202eno " * 100]
    office.send()
    (detail,) = (line["detail"] for line in office.ledger() if line["act"] == "refused")
    assert len(detail) <= 200
    assert "\u202e" not in json.dumps(detail, ensure_ascii=False)
