"""`scrapy weekly --send`: what a person at the terminal, or cron, gets; also when the process is killed half-way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest

from crawler.config import ConfigError, load_config
from tests.crawler.crawling import PATIENCE, ROOT, SETTINGS, Done, environment, scrapy
from tests.replica.mail_server import PASSWORD_ENV, MailServer, Trouble
from tests.reports.published import PublishedFile
from tests.reports.weeks_of_news import full_week

WEEK = "2026-W47"
AFTER = ("--now", "2026-11-23T06:05+08:00")
READERS = [f"reader{number}@example.org" for number in range(5)]


@dataclass
class Monitor:
    """A monitor with readers and a mail server, worked by its commands alone."""

    home: Path
    server: MailServer
    readers: list[str]

    @property
    def settings(self) -> str:
        blocks = [f'[[recipients]]\naddress = "{address}"\nlanguage = "both"\n' for address in self.readers]
        site = '[site]\nbase_url = "https://monitor.example.org"\n'
        return "\n".join([SETTINGS, self.server.settings(), *blocks, site])

    def weekly(self, *words: str, now: tuple[str, str] = AFTER) -> Done:
        return scrapy(self.home, "weekly", *words, *now, settings=self.settings)

    def begin_sending(self) -> subprocess.Popen[bytes]:
        """Starts to send, and leaves the process running."""
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", "weekly", "--send", *AFTER],
            cwd=ROOT,
            env=environment(self.home, self.settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ledger(self) -> list[dict[str, str]]:
        path = self.home / "issues" / WEEK / "deliveries.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def arrived(self) -> Counter[str]:
        """How often each Message-ID reached the server."""
        return Counter(str(message_from_bytes(one.content)["Message-ID"]) for one in self.server.received)

    def readers_reached(self) -> Counter[str]:
        return Counter(one.recipient for one in self.server.received)


@pytest.fixture
def monitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    full_week().write(tmp_path / "putuo.duckdb")
    with MailServer(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield Monitor(tmp_path, server, list(READERS[:2]))


def test_it_makes_the_last_closed_week_and_sends_it_to_everyone_once(monitor: Monitor) -> None:
    done = monitor.weekly("--send")
    assert (done.exitcode, done.stderr) == (0, "")
    assert f"issue {WEEK}: 4 arrivals" in done.stdout
    assert f"mail of {WEEK}: sent 2\n" in done.stdout
    again = monitor.weekly("--send")
    assert again.exitcode == 0
    assert f"mail of {WEEK}: already had it 2\n" in again.stdout
    assert monitor.readers_reached() == dict.fromkeys(READERS[:2], 1)


def test_without_send_nothing_is_sent(monitor: Monitor) -> None:
    done = monitor.weekly()
    assert done.exitcode == 0
    assert "mail:" not in done.stdout
    assert monitor.server.received == []


@pytest.mark.parametrize("trouble", [Trouble.HANG, Trouble.KEEP_AND_HANG])
def test_killed_half_way_nobody_gets_it_twice_nobody_is_missed_and_the_doubt_is_told(
    monitor: Monitor, trouble: Trouble
) -> None:
    monitor.readers = list(READERS)
    doubtful = READERS[2]
    monitor.server.at_end[doubtful] = [trouble]
    process = monitor.begin_sending()
    assert monitor.server.hanging.wait(timeout=PATIENCE)
    process.kill()
    assert process.wait(timeout=PATIENCE) == -signal.SIGKILL
    assert [line["act"] for line in monitor.ledger()] == [
        *["due"] * 5,
        *("sending", "sent", "sending", "sent", "sending"),
    ]

    resumed = monitor.weekly("--send")
    assert resumed.exitcode == 1
    assert f"mail of {WEEK}: sent 2, already had it 2, uncertain 1" in resumed.stdout
    assert f"{doubtful}: uncertain: an earlier call was interrupted while sending" in resumed.stderr
    assert "--arrived ADDRESS, or with --resend ADDRESS" in resumed.stderr
    assert max(monitor.arrived().values()) == 1
    assert monitor.readers_reached()[doubtful] == (trouble is Trouble.KEEP_AND_HANG)

    # The reader was asked, and the operator decides.
    decision = "--arrived" if trouble is Trouble.KEEP_AND_HANG else "--resend"
    assert monitor.weekly("--send", decision, doubtful).exitcode == 0
    assert monitor.weekly("--send").exitcode == 0
    assert monitor.readers_reached() == dict.fromkeys(READERS, 1)
    assert set(monitor.arrived().values()) == {1}
    assert len(monitor.arrived()) == len(READERS)


def test_killed_before_the_server_had_the_message_it_is_told_all_the_same(monitor: Monitor) -> None:
    monitor.server.at_recipient[READERS[1]] = [Trouble.HANG]
    process = monitor.begin_sending()
    assert monitor.server.hanging.wait(timeout=PATIENCE)
    process.kill()
    process.wait(timeout=PATIENCE)
    resumed = monitor.weekly("--send")
    assert resumed.exitcode == 1
    assert f"{READERS[1]}: uncertain" in resumed.stderr
    assert monitor.readers_reached() == {READERS[0]: 1}


def test_a_second_sender_leaves_and_says_so(monitor: Monitor) -> None:
    monitor.server.at_end[READERS[0]] = [Trouble.KEEP_AND_HANG]
    process = monitor.begin_sending()
    assert monitor.server.hanging.wait(timeout=PATIENCE)
    second = monitor.weekly("--send")
    process.kill()
    process.wait(timeout=PATIENCE)
    assert second.exitcode == 3
    assert f"another mailing is at work (lock: {monitor.home}/issues/mail.lock)" in second.stderr


def test_a_refused_reader_is_told_with_the_servers_reason(monitor: Monitor) -> None:
    monitor.server.at_recipient[READERS[1]] = ["550 5.1.1 no such user"]
    done = monitor.weekly("--send")
    assert done.exitcode == 1
    assert f"mail of {WEEK}: sent 1, refused 1" in done.stdout
    assert f"{READERS[1]}: refused: 550 5.1.1 no such user" in done.stderr
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert line == f"error: {WEEK}: recipient 2: refused: 550 5.1.1 no such user"


def test_the_one_line_for_the_schedule_tells_every_reader_by_number_and_no_address(monitor: Monitor) -> None:
    monitor.readers = list(READERS)
    monitor.server.at_recipient |= {READERS[number]: ["550 no such user"] for number in (1, 3)}
    monitor.server.at_end[READERS[4]] = ["554 looks like spam"]
    done = monitor.weekly("--send")
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert line == (
        f"error: {WEEK}: recipients 2, 4: refused: 550 no such user; {WEEK}: recipient 5: refused: 554 looks like spam"
    )


def test_a_mistake_in_the_settings_does_not_keep_the_issue_from_being_made_and_it_is_mailed_when_mended(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        changed.delenv(PASSWORD_ENV)
        done = monitor.weekly("--send")
    assert done.exitcode == 2
    assert f"set the environment variable {PASSWORD_ENV}" in done.stderr
    assert f"issue {WEEK}: 4 arrivals" in done.stdout
    assert (monitor.home / "issues" / WEEK / "briefing.zh.html").exists()
    next_monday = ("--now", "2026-11-30T06:05+08:00")
    later = monitor.weekly("--send", now=next_monday)
    assert (later.exitcode, later.stderr) == (0, "")
    assert f"mail of {WEEK}: sent 2\nmail of 2026-W48: sent 2\n" in later.stdout
    assert monitor.readers_reached() == dict.fromkeys(READERS[:2], 2)


def test_without_recipients_the_issue_is_made_and_the_mistake_told(monitor: Monitor) -> None:
    monitor.readers = []
    done = monitor.weekly("--send")
    assert done.exitcode == 2
    assert "no recipients: add [[recipients]] to monitor.toml" in done.stderr
    assert (monitor.home / "issues" / WEEK / "issue.json").exists()


def test_a_week_left_uncertain_is_told_and_does_not_keep_the_next_back(monitor: Monitor) -> None:
    monitor.server.at_end[READERS[0]] = [Trouble.DROP]
    assert monitor.weekly("--send").exitcode == 1
    later = monitor.weekly("--send", now=("--now", "2026-11-30T06:05+08:00"))
    assert later.exitcode == 1
    assert f"mail of {WEEK}: uncertain 1\nmail of 2026-W48: sent 2\n" in later.stdout
    assert f"call `scrapy weekly --week {WEEK} --send` with --arrived ADDRESS" in later.stderr


def test_killed_within_one_week_all_later_weeks_are_made_up_for(monitor: Monitor) -> None:
    monitor.server.at_recipient[READERS[1]] = [Trouble.HANG]
    process = monitor.begin_sending()
    assert monitor.server.hanging.wait(timeout=PATIENCE)
    process.kill()
    process.wait(timeout=PATIENCE)
    monitor.readers = [READERS[0], READERS[1], READERS[2]]
    later = monitor.weekly("--send", now=("--now", "2026-11-30T06:05+08:00"))
    assert f"mail of {WEEK}: uncertain 1\nmail of 2026-W48: sent 3\n" in later.stdout
    assert monitor.readers_reached() == {READERS[0]: 2, READERS[1]: 1, READERS[2]: 1}


HOSTS = {
    "smtp..example.org": False,
    ".example.org": False,
    "example.org.": False,
    "邮件.example.org": False,
    "smtp.example.org:587": False,
    "smtp example.org": False,
    "smtp.example.org\\n": False,
    "-smtp.example.org": False,
    "x" * 64 + ".org": False,
    ".".join(["x" * 50] * 5) + ".org": False,
    "smtp://example.org": False,
    "smtp.example.org": True,
    "mail_server": True,
    "xn--fiqs8s.example.org": True,
    "192.0.2.7": True,
    "2001:db8::25": True,
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_mail_host_that_can_be_none_is_told_with_its_place(tmp_path: Path, host: str) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text(f'[mail]\nhost = "{host}"\nsender = "monitor@example.org"\n', encoding="utf-8")
    if HOSTS[host]:
        assert load_config(path).mail.host == host
    else:
        with pytest.raises(ConfigError, match=r"mail\.host: Value error, neither the name of a host, such as smtp\."):
            load_config(path)


def test_mistakes_in_the_call_or_for_a_correction_are_told_before_anything_is_made(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (("--resend", READERS[0]), ("--send", "--correct", "x", "--arrived", READERS[0])):
        done = monitor.weekly(*words)
        assert done.exitcode == 2
        assert "--resend and --arrived belong to --send, without --correct" in done.stderr
    assert not (monitor.home / "issues").exists()
    monitor.weekly()
    before = (monitor.home / "issues" / WEEK / "issue.json").read_bytes()
    more = full_week()
    more.arrival(77, "上海虚构补记医疗器械有限公司")
    more.write(monitor.home / "putuo.duckdb")
    monkeypatch.delenv(PASSWORD_ENV)
    done = monitor.weekly("--send", "--week", WEEK, "--correct", "漏报一家企业")
    assert done.exitcode == 2
    assert f"set the environment variable {PASSWORD_ENV}" in done.stderr
    assert (monitor.home / "issues" / WEEK / "issue.json").read_bytes() == before


def test_a_draft_is_not_sent(monitor: Monitor) -> None:
    done = monitor.weekly("--send", "--week", "2026-W48")
    assert done.exitcode == 2
    assert "a draft is never sent" in done.stderr
    assert not (monitor.home / "issues" / "2026-W48" / "deliveries.jsonl").exists()  # nor is it owed once frozen
    assert monitor.server.received == []


def test_a_dry_run_shows_the_mails_as_files(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD_ENV)
    done = monitor.weekly("--send", "--dry-run")
    assert done.exitcode == 0
    files = sorted((monitor.home / "issues" / WEEK / "outbox").iterdir())
    assert [message_from_bytes(path.read_bytes())["To"] for path in files] == READERS[:2]
    assert all(str(path) in done.stdout for path in files)
    assert monitor.server.received == []


def test_a_correction_is_made_and_sent_in_one_call_and_refused_when_nothing_changed(monitor: Monitor) -> None:
    monitor.weekly("--send")
    december = ("--now", "2026-12-01T09:00+08:00")
    words = ("--week", WEEK, "--correct", "漏报一家企业", "--send")
    same = monitor.weekly(*words, now=december)
    assert same.exitcode == 1
    assert "nothing changed" in same.stderr
    assert len(monitor.server.received) == 2
    more: PublishedFile = full_week()
    more.arrival(77, "上海虚构补记医疗器械有限公司")
    more.write(monitor.home / "putuo.duckdb")
    done = monitor.weekly(*words, now=december)
    assert done.exitcode == 0
    assert f"issue {WEEK} (correction 1): 5 arrivals" in done.stdout
    assert f"mail of {WEEK}: sent 2\n" in done.stdout
    assert len(monitor.arrived()) == 4
