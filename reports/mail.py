"""Makes the MIME message of a letter; nothing that comes from outside can add a header or a recipient."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid

from reports.errors import MailSetupError
from reports.letter import Letter
from reports.tell import EVIDENCE
from reports.untrusted import clean
from reports.weeks import SHANGHAI

# RFC 5321, without quoted names, address literals and international addresses (which few servers take).
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+"
)
_LONGEST_ADDRESS = 254
SUBJECT = 200
_ALERT_LINE = 500
_ALERT_LINES = 200

_AS_THEY_ARE = {"from", "to", "message-id", "in-reply-to", "references", "list-id"}


class _Policy(EmailPolicy):
    """Leaves addresses and ids as they are: plain ASCII, and short of the 998 characters a line may have.

    `email` would encode (RFC 2047) what does not fit into 78, and no mail program looks for an id in there.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header's lines."""
        if name.lower() in _AS_THEY_ARE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_SMTP = _Policy(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who sends which revision of which week's issue to whom. `answers` is the Message-ID of what it corrects."""

    week: str
    revision: int
    sender: str
    recipient: str
    answers: str = ""

    @property
    def message_id(self) -> str:
        """The same for ever for this issue and reader, so that a mail program can tell a repetition."""
        parts = (self.week, str(self.revision), self.recipient.casefold())
        return f"<{self.week}.r{self.revision}.{_digest(*parts)}@{_domain(self.sender)}>"


def check_address(text: str) -> str:
    """`text` if it is one plain address, else MailSetupError: what else it holds could become a second recipient."""
    if len(text) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(text):
        raise MailSetupError(f"{text[:80]!r} is not an address that mail can be sent to")
    return text


def issue_message(envelope: Envelope, letter: Letter, sent_at: datetime) -> bytes:
    """The whole message with CRLF line ends, 7-bit clean. The same arguments give the same bytes.

    Raises MailSetupError for an address that is none.
    """
    message = _message(envelope.sender, envelope.recipient, letter.subject, sent_at)
    message["Message-ID"] = envelope.message_id
    if envelope.answers:
        message["In-Reply-To"] = envelope.answers
        message["References"] = envelope.answers
    message["List-Id"] = f"<life-health-weekly.{_domain(envelope.sender)}>"
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    if letter.evidence is not None:
        message.add_attachment(letter.evidence, subtype="html", filename=EVIDENCE, cte="base64")
    message["Content-Language"] = ", ".join(letter.languages)  # not earlier: setting content clears Content-*
    for place, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{_digest(envelope.message_id)}_{place}")  # cannot occur in base64
    return message.as_bytes()


def alert_message(sender: str, operator: str, subject: str, lines: Sequence[str], sent_at: datetime) -> bytes:
    """A plain text message to the operator, bounded. Raises MailSetupError for an address that is none."""
    message = _message(sender, operator, subject, sent_at)
    message["Message-ID"] = make_msgid(domain=_domain(sender))
    told = [clean(line, _ALERT_LINE) for line in lines[:_ALERT_LINES]]
    if len(lines) > _ALERT_LINES:
        told.append(f"… (+{len(lines) - _ALERT_LINES})")
    message.set_content("\n".join(told) + "\n", cte="base64")
    return message.as_bytes()


def _message(sender: str, recipient: str, subject: str, sent_at: datetime) -> EmailMessage:
    message = EmailMessage(policy=_SMTP)
    message["From"] = check_address(sender)
    message["To"] = check_address(recipient)
    message["Subject"] = clean(subject, SUBJECT)
    message["Date"] = format_datetime(sent_at.astimezone(SHANGHAI))
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    return message


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
