"""Sends issues to their readers: each once, nobody and no week forgotten, whatever happens in between."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from filelock import FileLock

from crawler import clock
from crawler.config import Language, Mail, Recipient
from reports.briefing import SubSector
from reports.errors import MailServerError, MailSetupError, WeeklyError
from reports.freeze import ISSUE, Issue, read_issue
from reports.ledger import LEDGER, Act, Ledger, Line, Standing
from reports.letter import Letter, write_letter
from reports.mail import Envelope, check_address, issue_message
from reports.post import Patience, Post, RefusedError, TryLaterError, UncertainError
from reports.weeks import Week

OUTBOX = "outbox"
LOCK = "mail.lock"

_WEEKS_OWED = 8  # older news is no news
_UNANSWERED = 2  # messages in a row; a server that answers none would leave every reader uncertain


class Result(StrEnum):
    """How a call left a reader."""

    SENT = "sent"
    HAD_IT = "already had it"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WRITTEN = "written"  # a dry run


@dataclass(frozen=True, slots=True)
class Delivery:
    """A week's reader and how the call left them; `detail` is the server's answer, the reason, or the file written."""

    week: str
    address: str
    result: Result
    detail: str = ""

    @property
    def is_well(self) -> bool:
        """Whether the reader has the issue, or the dry run its file."""
        return self.result in (Result.SENT, Result.HAD_IT, Result.WRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be sent to whom. `issues` holds a folder a week; `base_url` is where issues are published.

    `resend` and `arrived` settle what an interrupted call left uncertain: send again, or count as sent.
    """

    issues: Path
    week: str
    mail: Mail
    recipients: tuple[Recipient, ...]
    base_url: str = ""
    resend: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()


def check_order(order: Order) -> None:
    """Raises MailSetupError for what would make any sending impossible; nothing is read, sent or written."""
    if not order.recipients:
        raise MailSetupError("no recipients: add [[recipients]] to monitor.toml")
    if order.mail.sender is None:
        raise MailSetupError("no sender: set host and sender under [mail] in monitor.toml")
    check_address(order.mail.sender)
    known: set[str] = set()
    for recipient in order.recipients:
        address = check_address(recipient.address).casefold()
        if address in known:
            raise MailSetupError(f"{recipient.address} stands among the recipients twice")
        known.add(address)
    for address in (*order.resend, *order.arrived):
        if address.casefold() not in known:
            raise MailSetupError(f"{address[:80]!r} is not among the recipients in monitor.toml")


def check_mailing(order: Order) -> None:
    """Raises MailSetupError as `deliver` would for mistakes in the settings; nothing is read, sent or written."""
    check_order(order)
    Post(order.mail)


def deliver(
    order: Order, patience: Patience | None = None, tell: Callable[[Delivery], None] = lambda _: None
) -> tuple[Delivery, ...]:
    """Sends the frozen issue to every recipient who does not have its present revision; returns how each stands now.

    Before it goes what is still owed of earlier weeks, oldest first. Owed is an issue of the last eight weeks, in its
    newest revision, to a recipient for whom a mailing of it was begun or was to be begun. Therefore whom the issue is
    for is written down first, even when a mistake in the settings or a server that is down then stops the mailing.

    What each act came to is in the ledger before the next begins. Raises a WeeklyError (setup, a draft, a damaged
    file of the order's week) before anything is sent, and filelock.Timeout when another process is sending. An earlier
    week whose files are damaged counts as failed.
    """
    patience = patience or Patience()
    with FileLock(order.issues / LOCK, timeout=0):
        desk = _Desk(order)
        desk.note_due()
        check_order(order)
        desk.check_decisions()
        with Post(order.mail, patience) as post:
            mailing = _Mailing(post, patience)
            mailing.settle(desk)
            done = []
            for delivery in _every_week(order, desk, mailing.to):
                done.append(delivery)
                tell(delivery)
            return tuple(done)


def write_outbox(order: Order) -> tuple[Delivery, ...]:
    """Writes what `deliver` would send to outbox/ in each issue's folder, a file a message; sends and records nothing.

    Raises as `deliver` does, but asks for no server and no password.
    """
    check_order(order)
    desk = _Desk(order)
    desk.check_decisions()
    return tuple(_every_week(order, desk, _Desk.written))


class _Desk:
    """Knows the issue, its ledger, and how to write to each reader."""

    def __init__(self, order: Order) -> None:
        self.order = order
        folder = order.issues / order.week
        self.issue = _frozen(folder, order.week)
        self.ledger = Ledger(folder / LEDGER)
        self._letters: dict[tuple[Language, tuple[str, ...]], Letter] = {}

    def note_due(self) -> None:
        """Writes down whom the present revision is for, so that a mailing that never begins leaves a trace."""
        fresh = [one.address for one in self.order.recipients if not self._is_noted(one.address)]
        self.ledger.add(*(self.line(address, Act.DUE) for address in dict.fromkeys(fresh)))

    def check_decisions(self) -> None:
        """Raises MailSetupError where the operator decides what is not uncertain."""
        for address in (*self.order.resend, *self.order.arrived):
            if self.standing(address) is not Standing.UNCERTAIN:
                raise MailSetupError(f"{address}: there is nothing uncertain about revision {self.issue.revision}")

    def standing(self, address: str) -> Standing:
        """How the reader stands with the present revision."""
        return self.ledger.standing(address, self.issue.revision)

    def asked_again(self, address: str) -> bool:
        """Whether the operator has decided to send again what is uncertain."""
        return address.casefold() in {one.casefold() for one in self.order.resend}

    def left_alone(self, address: str) -> Delivery | None:
        """Why the reader is sent nothing; None when something is due."""
        standing = self.standing(address)
        if standing is Standing.HAS_IT:
            return self.left(address, Result.HAD_IT)
        if standing is Standing.UNCERTAIN and not self.asked_again(address):
            return self.left(address, Result.UNCERTAIN, "an earlier call was interrupted while sending")
        return None

    def left(self, address: str, result: Result, detail: str = "") -> Delivery:
        """How the reader is left with this issue."""
        return Delivery(self.issue.week, address, result, detail)

    def envelope(self, address: str) -> Envelope:
        """Whom the message goes to, and what it is of."""
        assert self.order.mail.sender is not None
        revision = self.issue.revision
        return Envelope(
            week=self.issue.week,
            revision=revision,
            sender=self.order.mail.sender,
            recipient=address,
            answers=self.ledger.last_before(address, revision),
        )

    def message(self, recipient: Recipient) -> bytes:
        """The message for the reader; letters of the same wishes are written once."""
        wishes = (recipient.language, recipient.sub_sectors)
        if wishes not in self._letters:
            chosen = [SubSector(name) for name in recipient.sub_sectors]
            self._letters[wishes] = write_letter(self.issue.briefing, recipient.language, chosen, self.order.base_url)
        return issue_message(self.envelope(recipient.address), self._letters[wishes], clock.now())

    def written(self, recipient: Recipient) -> Delivery:
        """The reader's message in the outbox, or why there is none."""
        if left_alone := self.left_alone(recipient.address):
            return left_alone
        path = self.order.issues / self.order.week / OUTBOX / _file_name(self.envelope(recipient.address))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.message(recipient))
        return self.left(recipient.address, Result.WRITTEN, str(path))

    def record(self, address: str, act: Act, detail: str = "") -> None:
        """Writes an act down."""
        self.ledger.add(self.line(address, act, detail))

    def line(self, address: str, act: Act, detail: str = "") -> Line:
        """An act as it stands in the ledger. Who is only due has no message yet."""
        return Line(
            at=clock.now(),
            week=self.issue.week,
            revision=self.issue.revision,
            address=address,
            message_id="" if act is Act.DUE else self.envelope(address).message_id,
            act=act,
            detail=detail,
        )

    def _is_noted(self, address: str) -> bool:
        return self.ledger.last_revision(address) == self.issue.revision


class _Mailing:
    """One call of `deliver`, over one connection."""

    def __init__(self, post: Post, patience: Patience) -> None:
        self._post = post
        self._patience = patience
        self._unanswered = 0
        self._over = ""  # why nobody else is tried

    def settle(self, desk: _Desk) -> None:
        """Counts as sent what the operator knows to have arrived."""
        for address in desk.order.arrived:
            desk.record(address, Act.SENT, "the operator says that it arrived")

    def to(self, desk: _Desk, recipient: Recipient) -> Delivery:
        """Sends the reader what is due, trying again where that can help."""
        address = recipient.address
        if left_alone := desk.left_alone(address):
            return left_alone
        try:
            if not self._over:
                return self._sent(desk, address, desk.message(recipient))
        except MailServerError as error:
            self._over = str(error)  # the others would only wait for the same
        return desk.left(address, Result.FAILED, self._over)

    def _sent(self, desk: _Desk, address: str, message: bytes) -> Delivery:
        why = ""
        for attempt in range(self._patience.attempts):
            self._post.pause(attempt)
            self._post.connect()  # without a connection nothing is begun that could be left uncertain
            desk.record(address, Act.SENDING)
            try:
                answer = self._post.hand_over(address, message)
            except RefusedError as error:
                desk.record(address, Act.REFUSED, str(error))
                return desk.left(address, Result.REFUSED, str(error))
            except TryLaterError as error:
                why = str(error)
                desk.record(address, Act.FAILED, why)
            except UncertainError as error:
                self._count_unanswered()
                return desk.left(address, Result.UNCERTAIN, str(error))  # as `sending` without an end says
            else:
                self._unanswered = 0
                desk.record(address, Act.SENT, answer)
                return desk.left(address, Result.SENT, answer)
        return desk.left(address, Result.FAILED, why)

    def _count_unanswered(self) -> None:
        self._unanswered += 1
        if self._unanswered == _UNANSWERED:
            self._over = f"not tried: the server gave no answer to {_UNANSWERED} messages in a row"


def _every_week(order: Order, desk: _Desk, act: Callable[[_Desk, Recipient], Delivery]) -> Iterator[Delivery]:
    """Acts on all that is owed, of earlier weeks too; oldest first."""
    now = clock.now()
    for back in range(_WEEKS_OWED, 0, -1):
        week = Week.last_closed(now - timedelta(weeks=back))
        if week < Week.parse(order.week):
            yield from _earlier_week(replace(order, week=str(week), resend=(), arrived=()), act)
    for recipient in order.recipients:
        yield act(desk, recipient)


def _earlier_week(order: Order, act: Callable[[_Desk, Recipient], Delivery]) -> Iterator[Delivery]:
    folder = order.issues / order.week
    if not ((folder / ISSUE).exists() and (folder / LEDGER).exists()):
        return  # it was never to be mailed
    try:
        desk = _Desk(order)
    except WeeklyError as error:  # must not keep the newer weeks back
        yield from (Delivery(order.week, one.address, Result.FAILED, str(error)) for one in order.recipients)
        return
    for recipient in order.recipients:
        if desk.ledger.is_owed(recipient.address):
            yield act(desk, recipient)


def _frozen(folder: Path, week: str) -> Issue:
    issue = read_issue(folder / ISSUE)
    if issue is None:
        raise MailSetupError(f"week {week}: there is no issue to send")
    if issue.draft:
        raise MailSetupError(f"week {week}: a draft is never sent; the week is not over")
    return issue


def _file_name(envelope: Envelope) -> str:
    readable = re.sub(r"[^A-Za-z0-9.@_+-]", "_", envelope.recipient)[:100]
    digest = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:8]
    return f"r{envelope.revision}-{readable}-{digest}.eml"


def in_groups(deliveries: Sequence[Delivery]) -> Iterator[tuple[Result, list[Delivery]]]:
    """The deliveries of each result that occurs, in the order of `Result`."""
    for result in Result:
        if group := [delivery for delivery in deliveries if delivery.result is result]:
            yield result, group
