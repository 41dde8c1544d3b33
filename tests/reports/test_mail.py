"""The message a reader opens: right languages, right firms, working links, and headers nobody can add to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from crawler import clock
from crawler.config import District, Recipient
from reports.alert import alert_operator
from reports.briefing import Briefing, SubSector
from reports.deliver import Result, write_outbox
from reports.errors import MailError, MailSetupError
from reports.freeze import ISSUE, read_issue
from reports.letter import write_letter
from reports.mail import Envelope, check_address, issue_message
from reports.tell import tell
from tests.replica.mail_server import OPERATOR, SENDER, MailServer, Trouble
from tests.reports.conftest import AFTER, Unwrapped, without_space
from tests.reports.mailing import ANNA, BEN, QUICK, SITE, Office, parsed, part
from tests.reports.published import PublishedFile, shanghai
from tests.reports.test_browser import CHROMIUM, shown_in_browser
from tests.reports.test_untrusted import Elements
from tests.reports.weeks_of_news import empty_week, full_week, nasty_week, read_week

DEVICES = "上海虚构康泰医疗器械有限公司"
DIGITAL = "上海虚构云医数字科技有限公司"
PUBLIC = {f"{SITE}/issues/2026-W47", "https://data.example.com/2026"}
BAD_NAMES = [
    "x\r\nBcc: spy@example.org",
    "x\nBcc: spy@example.org",
    "x\r\n\r\n<script>",
    "x\u2028Bcc: spy@example.org",
    "x\x00\x0bBcc: spy@example.org",
    "x\x85Bcc: spy@example.org",
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with MailServer(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        office = Office(tmp_path, server)
        office.publish(full_week())
        yield office


def briefing_of(office: Office) -> Briefing:
    issue = read_issue(office.make().folder / ISSUE)
    assert issue
    return issue.briefing


def reader(office: Office, **wishes: Any) -> Office:
    """The office with one reader, whose mail is sent."""
    office.recipients = (Recipient(address=ANNA, **wishes),)
    office.make()
    assert office.send() == {ANNA: Result.SENT}
    return office


def test_a_mailbox_opens_both_parts_with_links_that_work_from_anywhere(office: Office, tmp_path: Path) -> None:
    reader(office)
    box = office.server.deliver_to(tmp_path / "inbox")
    (kept,) = (message_from_bytes(message.as_bytes()) for message in box)
    assert kept.get_content_type() == "multipart/alternative"
    message = parsed(kept.as_bytes())
    text, page = part(message, "plain"), part(message, "html")
    proof = f"{SITE}/issues/2026-W47/evidence.html#e0000000000000001"
    assert proof in text
    assert f'href="{proof}"' in page
    assert DEVICES in text
    assert DEVICES in page
    assert all(link.startswith("https://") for link in Elements(page).links)
    box.close()


def test_its_headers_say_what_it_is(office: Office) -> None:
    clock.start_at(AFTER)
    message = reader(office).message_to(ANNA)
    assert message["Subject"] == "普陀生命健康企业周报 · 2026-W47"
    assert (message["From"], message["To"]) == (SENDER, ANNA)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<life-health-weekly.example.org>"
    assert message["Content-Language"] == "zh-CN"
    assert abs(parsedate_to_datetime(message["Date"]) - AFTER).total_seconds() < 60
    assert re.fullmatch(r"<2026-W47\.r0\.[0-9a-f]{32}@example\.org>", message["Message-ID"])
    assert message["In-Reply-To"] is None


def test_message_ids_tell_issues_revisions_and_readers_apart_and_nothing_else() -> None:
    first = Envelope(week="2026-W47", revision=0, sender=SENDER, recipient=ANNA)
    others = [replace(first, week="2026-W48"), replace(first, revision=1), replace(first, recipient=BEN)]
    assert len({envelope.message_id for envelope in (first, *others)}) == 4
    assert replace(first, answers="<x@y>", recipient=ANNA.upper()).message_id == first.message_id


def test_the_same_letter_is_the_same_message_to_the_byte_and_seven_bit_clean(office: Office) -> None:
    letter = write_letter(briefing_of(office), "both", (), "")
    envelope = Envelope(week="2026-W47", revision=0, sender=SENDER, recipient=ANNA)
    first = issue_message(envelope, letter, AFTER)
    assert issue_message(envelope, letter, AFTER) == first
    assert first.isascii()
    assert max(map(len, first.split(b"\r\n"))) <= 998
    assert b"\n" not in first.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("language", "subject", "tags"),
    [
        ("zh", "普陀生命健康企业周报 · 2026-W47", "zh-CN"),
        ("en", "Putuo Life-Health Weekly · 2026-W47", "en"),
        ("both", "普陀生命健康企业周报 / Putuo Life-Health Weekly · 2026-W47", "zh-CN, en"),
    ],
)
def test_a_reader_gets_the_languages_wished_for(office: Office, language: str, subject: str, tags: str) -> None:
    message = reader(office, language=language).message_to(ANNA)
    assert (message["Subject"], message["Content-Language"]) == (subject, tags)
    for kind in ("plain", "html"):
        body = Unwrapped(part(message, kind))
        assert ("本周新到 4 家核心企业" in body) == (language != "en")
        assert ("4 arrived" in body) == (language != "zh")
        if language == "both":
            assert str(body).index("本周新到") < str(body).index("4 arrived")


def strings(value: Any) -> Iterator[str]:
    """Every string in a page; of a link its words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif is_dataclass(value):
        for field in fields(value):
            if (type(value).__name__, field.name) not in SILENT:
                yield from strings(getattr(value, field.name))


SILENT = {("Page", "lang"), ("NoteText", "lang"), ("SectionText", "id")}  # not for a reader's eyes


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("week", [read_week, empty_week])
def test_the_mail_says_all_that_the_page_says(office: Office, week: Any, language: Any) -> None:
    office.publish(week())
    briefing = briefing_of(office)
    letter = write_letter(briefing, language, (), SITE)
    shown = without_space(html.unescape(re.sub(r"<[^>]+>", "", letter.html)) + " ".join(Elements(letter.html).links))
    for text in strings(tell(briefing, language, SITE)):
        assert without_space(text) in shown
        assert text in Unwrapped(letter.text)


def test_without_a_site_the_evidence_comes_along_and_no_link_leads_nowhere(office: Office) -> None:
    office.base_url = ""
    message = reader(office, language="both").message_to(ANNA)
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/html", "evidence.html")
    assert 'id="e0000000000000001"' in attached.get_content()
    page, text = part(message, "html"), Unwrapped(part(message, "plain"))
    assert Elements(page).links
    assert all(link.startswith("https://data.example.com/") for link in Elements(page).links)
    for body in (Unwrapped(page), text):
        assert "每条消息的证据见附件 evidence.html" in body
        assert "is in the attached file evidence.html" in body
    assert "evidence.html#e" not in text


def test_wishes_leave_out_other_sub_sectors_and_say_so(office: Office) -> None:
    message = reader(office, sub_sectors=("digital_health",), language="both").message_to(ANNA)
    for kind in ("plain", "html"):
        body = Unwrapped(part(message, kind))
        assert DIGITAL in body
        assert DEVICES not in body
        assert "本周新到 1 家核心企业，扩张 0 家，离开 0 家" in body
        assert "本邮件只含您关注的子行业：数字医疗健康。另有 7 家核心企业的动向属于其他子行业，未列入。" in body
        assert "limited to the sub-sectors you chose: digital medical and health. 7 core firms" in body
        assert "外围企业没有动向" in body


def test_what_could_not_be_seen_is_told_whatever_the_wishes(office: Office) -> None:
    whole = part(reader(office).message_to(ANNA), "plain")
    office.recipients = (Recipient(address=BEN, sub_sectors=("biomedical_rd",)),)
    office.send()
    narrowed = part(office.message_to(BEN), "plain")
    assert whole.split("本周没有看到的")[1] == narrowed.split("本周没有看到的")[1]
    assert "本周有 2 处没有看全" in narrowed


def test_a_reader_whose_sub_sectors_were_silent_hears_that(office: Office) -> None:
    file = empty_week()
    file.arrival(1, DEVICES)
    office.publish(file)
    message = reader(office, sub_sectors=("health_services",), language="both").message_to(ANNA)
    for kind in ("plain", "html"):
        body = Unwrapped(part(message, kind))
        assert "您关注的子行业本周没有核心企业的新动向" in body
        assert "No news of core firms in your sub-sectors this week" in body
        assert "One core firm of another sub-sector had news" in body
        assert DEVICES not in body


def test_a_firm_counts_by_a_secondary_sub_sector_and_one_undecided_for_all(office: Office) -> None:
    file = PublishedFile()
    file.arrival(1, "上海虚构兼营医疗器械有限公司", secondary="digital_health")
    file.arrival(2, "上海虚构未定科技有限公司", sub_sector=None)
    file.arrival(3, "上海虚构专营医疗器械有限公司")
    office.publish(file)
    body = part(reader(office, sub_sectors=("digital_health",)).message_to(ANNA), "plain")
    assert [name in body for name in ("虚构兼营", "虚构未定", "虚构专营")] == [True, True, False]


def test_all_sub_sectors_wished_for_leave_nothing_out(office: Office) -> None:
    body = part(reader(office, sub_sectors=tuple(map(str, SubSector))).message_to(ANNA), "plain")
    assert "没有因此略去任何核心企业" in Unwrapped(body)
    assert DEVICES in body
    assert DIGITAL in body


def test_the_html_carries_its_styles_and_asks_nothing_of_the_network(office: Office) -> None:
    page = part(reader(office).message_to(ANNA), "html")
    assert not Elements(page).tags & {"link", "script", "img", "iframe", "form"}
    assert "url(" not in page
    assert "var(--" not in page
    assert "Content-Security-Policy" not in page
    (sheet,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert sheet.lstrip().startswith("@media")
    assert page.count("style=") > 50


def test_nothing_a_source_says_becomes_markup_or_a_link_into_the_house(office: Office) -> None:
    office.publish(nasty_week())
    message = reader(office, language="both").message_to(ANNA)
    page = part(message, "html")
    elements = Elements(page)
    assert not elements.tags & {"script", "img", "iframe"}
    assert not any(attribute.startswith("on") for attribute in elements.attributes)
    assert "&lt;script&gt;alert(0)" in page
    assert {link.partition("#")[0].rpartition("/")[0] for link in elements.links} <= PUBLIC


@pytest.mark.parametrize("bad", BAD_NAMES)
def test_no_name_adds_a_header(office: Office, bad: str) -> None:
    file = full_week()
    file.arrival(77, bad, address=bad, street_zh="", parent_name=bad)
    office.publish(file)
    district = District(name_zh=bad[:20], name_en=bad[:40])
    office.make(district=(district.name_zh, district.name_en))
    file.arrival(78, "上海虚构补记医疗器械有限公司")
    office.publish(file)
    office.make(now=shanghai("2026-12-01 09:00"), district=(district.name_zh, district.name_en), correct=bad)
    office.recipients = (Recipient(address=ANNA, language="both"),)
    assert office.send() == {ANNA: Result.SENT}
    (content,) = office.server.to(ANNA)
    message = parsed(content)
    assert message["Bcc"] is None
    assert sorted(message.keys()) == sorted(
        [
            *("From", "To", "Subject", "Date", "Auto-Submitted", "Message-ID", "List-Id"),
            *("Content-Language", "MIME-Version", "Content-Type"),
        ]
    )
    assert not re.search(r"[\r\n\x00\x0b\x85\u2028]", message["Subject"])


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org,spy@example.org",
        "a@example.org\r\nBcc:spy@example.org",
        "a@example.org\n",
        "<a@example.org>",
        "Anna <a@example.org>",
        '"a b"@example.org',
        "a\x00@example.org",
        "安娜@example.org",
        "a@例子.org",
        "a@example.org>size=1",
        "a..b@example.org",
        "a@" + "x" * 250 + ".org",
    ],
)
def test_what_is_not_one_plain_address_is_refused(office: Office, address: str) -> None:
    with pytest.raises(MailSetupError, match="is not an address"):
        check_address(address)
    office.make()
    for order in (
        replace(office.order(), recipients=(Recipient.model_construct(address=address),)),
        replace(office.order(), mail=office.mail().model_copy(update={"sender": address})),
    ):
        with pytest.raises(MailSetupError, match="is not an address"):
            write_outbox(order)


def test_usual_addresses_are_none_too_strange() -> None:
    for address in ("a@b.cn", "first.last+putuo@mail-1.shpt.gov.cn", "o'neil_x@example.museum"):
        assert check_address(address) == address


@pytest.mark.parametrize("length", [30, 31, 60, 200])
def test_a_correction_names_what_it_answers_however_long_the_senders_domain(office: Office, length: int) -> None:
    label = "a" * 49
    domain = (".".join([label] * 4)[: length - 4].rstrip(".") + ".org")[-length:]
    letter = write_letter(briefing_of(office), "both", (), "")
    former = Envelope(week="2026-W47", revision=0, sender=f"monitor@{domain}", recipient=ANNA)
    content = issue_message(replace(former, revision=1, answers=former.message_id), letter, AFTER)
    for name in ("In-Reply-To", "References"):
        assert f"\r\n{name}: {former.message_id}\r\n".encode() in content
    assert f"\r\nList-Id: <life-health-weekly.{domain}>\r\n".encode() in content
    assert b"\r\nMessage-ID: <2026-W47.r1." in content
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_long_addresses_stand_in_the_message_as_they_are(office: Office) -> None:
    address = "a" * 64 + "@" + "b" * 60 + ".department.example.org"
    office.recipients = (Recipient(address=address),)
    office.make()
    assert office.send() == {address: Result.SENT}
    (content,) = office.server.to(address)
    assert f"\r\nTo: {address}\r\n".encode() in content


def test_a_long_subject_is_still_folded(office: Office) -> None:
    letter = replace(write_letter(briefing_of(office), "both", (), ""), subject="更正" * 90)
    envelope = Envelope(week="2026-W47", revision=0, sender=SENDER, recipient=ANNA)
    content = issue_message(envelope, letter, AFTER)
    assert parsed(content)["Subject"] == "更正" * 90
    assert max(map(len, content.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("week", [read_week, nasty_week, empty_week])
def test_no_mail_overflows_a_phone(office: Office, tmp_path: Path, week: Any) -> None:
    office.publish(week())
    letter = write_letter(briefing_of(office), "both", (), SITE)
    assert shown_in_browser(letter.html, 390, tmp_path) == (390, 0)


def test_the_operator_is_told_in_plain_words(office: Office) -> None:
    alert_operator(office.mail(), "nightly failed", ["registry_extract bureau: failed", "逐字"], QUICK)
    message = office.message_to(OPERATOR)
    assert (message["Subject"], message["From"]) == ("nightly failed", SENDER)
    assert message.get_content().splitlines() == ["registry_extract bureau: failed", "逐字"]
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("bad", BAD_NAMES)
def test_an_alert_is_cleaned_and_bounded(office: Office, bad: str) -> None:
    alert_operator(office.mail(), bad * 50, [bad, *["x" * 9999] * 999], QUICK)
    message = office.message_to(OPERATOR)
    assert message["Bcc"] is None
    assert len(message["Subject"]) <= 200
    lines = message.get_content().splitlines()
    assert (len(lines), max(map(len, lines))) == (201, 500)


@pytest.mark.parametrize("missing", [{"host": ""}, {"operator": None}])
def test_without_a_server_or_an_operator_an_alert_is_only_logged(
    office: Office, missing: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "reports.alert")
    alert_operator(office.mail().model_copy(update=missing), "nightly\nfailed", [], QUICK)
    assert "nightly failed" in caplog.text
    assert office.server.received == []


def test_an_alert_tries_again_and_says_when_it_did_not_go_out(office: Office) -> None:
    office.server.at_recipient[OPERATOR] = ["451 later", Trouble.DROP]
    alert_operator(office.mail(), "a", [], QUICK)
    assert len(office.server.received) == 1
    office.server.at_recipient[OPERATOR] = ["451 later"] * QUICK.attempts
    with pytest.raises(MailError, match="451 later"):
        alert_operator(office.mail(), "b", [], QUICK)
    office.server.at_recipient[OPERATOR] = ["550 gone"]
    with pytest.raises(MailError, match="550 gone"):
        alert_operator(office.mail(), "c", [], QUICK)
