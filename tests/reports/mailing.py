"""What the tests of mailing share: a monitor's data directory with an issue, its readers, and a mail server."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from crawler.config import Mail, Recipient
from reports.deliver import Delivery, Order, Result, deliver
from reports.post import Patience
from reports.weekly import MadeIssue, make_issue
from tests.replica.mail_server import MailServer
from tests.reports.conftest import AFTER, WEEK
from tests.reports.published import PublishedFile

SITE = "https://monitor.example.org/putuo"
ANNA, BEN, CAI = "anna@example.org", "ben@example.org", "cai@example.org"
QUICK = Patience(reply=60, end_of_message=60, pause=0)


@dataclass
class Office:
    """One monitor: `home` as on the disk, and who reads it."""

    home: Path
    server: MailServer
    recipients: tuple[Recipient, ...] = tuple(Recipient(address=address) for address in (ANNA, BEN, CAI))
    base_url: str = SITE

    def publish(self, file: PublishedFile) -> None:
        file.write(self.home / "putuo.duckdb")

    def make(self, now: Any = AFTER, week: str = WEEK, **changes: Any) -> MadeIssue:
        issues, published = self.home / "issues", self.home / "putuo.duckdb"
        return make_issue(
            published, issues, week, ("zh", "en"), now, release="0.1.0", base_url=self.base_url, **changes
        )

    def order(self, week: str = WEEK, mail: Mail | None = None, **changes: Any) -> Order:
        return Order(
            issues=self.home / "issues",
            week=week,
            mail=mail or self.mail(),
            recipients=self.recipients,
            base_url=self.base_url,
            **changes,
        )

    def mail(self, **changes: object) -> Mail:
        return Mail.model_validate(tomllib.loads(self.server.settings(**changes))["mail"])

    def send(self, patience: Patience = QUICK, /, **changes: Any) -> dict[str, Result]:
        """Delivers one week, where no earlier one is owed; returns how each reader was left."""
        done = self.deliveries(patience, **changes)
        assert len({one.week for one in done}) == 1
        return {one.address: one.result for one in done}

    def deliveries(self, patience: Patience = QUICK, /, **changes: Any) -> tuple[Delivery, ...]:
        return deliver(self.order(**changes), patience)

    def acts(self, address: str, week: str = WEEK) -> list[str]:
        """The acts in the ledger on one reader."""
        return [line["act"] for line in self.ledger(week) if line["address"] == address]

    def ledger(self, week: str = WEEK) -> list[dict[str, Any]]:
        path = self.home / "issues" / week / "deliveries.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def message_to(self, address: str) -> EmailMessage:
        """The one message that the server took for an address."""
        (content,) = self.server.to(address)
        return parsed(content)


def parsed(content: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    """The text of its `plain` or `html` part."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())
