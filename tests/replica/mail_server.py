"""A real mail server on loopback, with STARTTLS and AUTH, that answers as a test tells it to misbehave."""

from __future__ import annotations

import asyncio
import mailbox
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Security = Literal["starttls", "tls", "none"]

USER, PASSWORD = "monitor", "correct horse"
SENDER, OPERATOR = "monitor@example.org", "operator@example.org"
PASSWORD_ENV = "PUTUO_SMTP_PASSWORD"


class Trouble(StrEnum):
    """What the server may do instead of answering."""

    DROP = "drop"  # hangs up; the message is lost
    KEEP_AND_DROP = "keep and drop"  # takes the message, then hangs up without a word
    HANG = "hang"  # says nothing any more; the message is lost
    KEEP_AND_HANG = "keep and hang"  # takes the message, then says nothing any more


@dataclass(frozen=True, slots=True)
class Received:
    """One message that the server took."""

    sender: str
    recipient: str
    content: bytes
    encrypted: bool
    login: str


class MailServer:
    """`with MailServer() as server:` then `server.settings()` for monitor.toml and `server.environment`.

    `at_recipient` and `at_end` hold, for an address, what is done at RCPT and at the end of DATA: a reply such as
    `451 later` or a Trouble, one for each attempt; after those, and without any, a message is taken.
    """

    def __init__(self, folder: Path, security: Security = "starttls", *, offers_tls: bool = True) -> None:
        """`folder` is where the certificate of the server's own authority is written."""
        self.security = security
        self.received: list[Received] = []
        self.at_recipient: dict[str, list[str]] = {}
        self.at_end: dict[str, list[str]] = {}
        self.greetings = 0
        self.hanging = threading.Event()
        self._authority = trustme.CA()
        self.certificate = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self.certificate))
        self._offers_tls = offers_tls
        self._loop = asyncio.new_event_loop()
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._server = self._loop.run_until_complete(
            self._loop.create_server(
                self._protocol, "127.0.0.1", 0, ssl=self._context() if self.security == "tls" else None
            )
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(timeout=60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=60)
        self._loop.close()

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def environment(self) -> dict[str, str]:
        """What a sender's process needs: the password, and whose certificates to trust."""
        return {PASSWORD_ENV: PASSWORD, "SSL_CERT_FILE": str(self.certificate)}

    def settings(self, **changes: object) -> str:
        """The section [mail] of monitor.toml."""
        values: dict[str, object] = {
            "host": "localhost",
            "port": self.port,
            "security": self.security,
            "username": "" if self.security == "none" else USER,
            "sender": SENDER,
            "operator": OPERATOR,
        }
        lines = [f"{name} = {value!r}" for name, value in (values | changes).items()]
        return "\n".join(["[mail]", *lines, ""])

    def to(self, address: str) -> list[bytes]:
        """The messages taken for an address."""
        return [message.content for message in self.received if message.recipient == address]

    def save(self, folder: Path) -> list[Path]:
        """Writes each message taken as an .eml file that mail programs open; returns the files."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{place}-{one.recipient}.eml" for place, one in enumerate(self.received, 1)]
        for path, one in zip(paths, self.received, strict=True):
            path.write_bytes(one.content)
        return paths

    def deliver_to(self, path: Path) -> mailbox.mbox:
        """Files all messages taken into a mailbox, as a mail program would."""
        box = mailbox.mbox(path)
        for one in self.received:
            box.add(one.content)
        box.flush()
        return box

    # What follows runs in the server's thread, and is called by aiosmtpd under these names.

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Answers RCPT TO."""
        answer = await self._next(self.at_recipient, address, server, None)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answers the end of a message."""
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from is not None
        (recipient,) = envelope.rcpt_tos
        login = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else ""
        encrypted = session.ssl is not None or self.security == "tls"
        message = Received(envelope.mail_from, recipient, envelope.content, encrypted, login)
        return await self._next(self.at_end, recipient, server, message)

    async def _next(self, answers: dict[str, list[str]], address: str, server: SMTP, message: Received | None) -> str:
        answer = answers[address].pop(0) if answers.get(address) else "250 OK"
        takes = answer.startswith("2") or answer in (Trouble.KEEP_AND_DROP, Trouble.KEEP_AND_HANG)
        if message and takes:
            self.received.append(message)
        if answer in (Trouble.HANG, Trouble.KEEP_AND_HANG):
            self.hanging.set()
            await self._released.wait()
        if answer in list(Trouble):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        return answer

    def _protocol(self) -> SMTP:
        self.greetings += 1
        encrypts = self.security == "starttls" and self._offers_tls
        return SMTP(
            self,
            hostname="localhost",
            loop=self._loop,
            tls_context=self._context() if encrypts else None,
            require_starttls=encrypts,
            auth_required=encrypts,
            auth_require_tls=self.security != "tls",
            authenticator=self._authenticate,
        )

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("localhost").configure_cert(context)
        return context

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any
    ) -> AuthResult:
        known = auth_data == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False, auth_data=auth_data)

    async def _end(self) -> None:
        assert self._server is not None
        self._released.set()
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
