"""Speaks SMTP (RFC 5321): one connection for many messages, and for each a clear answer whether it went out."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from types import TracebackType
from typing import NoReturn, Self

from crawler.config import Mail
from reports.errors import MailError, MailServerError, MailSetupError
from reports.mail import check_address
from reports.untrusted import clean

_REPLY = 200
_GO_AHEAD = 354


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the server is waited for, and how often asked. Seconds; the pause doubles from attempt to attempt.

    RFC 5321, 4.5.3.2.6, asks for ten minutes after the end of a message: who hangs up earlier sends things twice.
    """

    reply: float = 60.0
    end_of_message: float = 600.0
    attempts: int = 3
    pause: float = 2.0


class RefusedError(MailError):
    """The server will not have this message or recipient (5xx)."""


class TryLaterError(MailError):
    """The message certainly did not go out (4xx, or the connection was lost before its end), but may later."""


class UncertainError(MailError):
    """The connection was lost after the end of the message and before the server's answer: it may have gone out."""


class _PassingError(Exception):
    """A connection failed in a way that may pass."""


class Post:
    """`with Post(config.mail) as post: post.hand_over(address, message)`."""

    def __init__(self, mail: Mail, patience: Patience | None = None) -> None:
        """Raises MailSetupError: no host, a sender that is no address, no password, or one with other than ASCII."""
        if not mail.host or mail.sender is None:
            raise MailSetupError("no mail server: set host and sender under [mail] in monitor.toml")
        self._mail = mail
        self._server = f"{mail.host}:{mail.port}"
        self._sender = check_address(mail.sender)
        self._password = _password(mail)
        self._patience = patience or Patience()
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not issubclass(kind, MailError):
            self._drop()  # interrupted, perhaps within a message: QUIT would be a line of it, and never answered
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except OSError:  # smtplib's errors are such too; all that was to be said has been said
                self._drop()

    def connect(self) -> None:
        """Makes sure of a connection. Raises MailServerError when there is none after all attempts."""
        for attempt in range(self._patience.attempts):
            if self._smtp is not None:
                return
            self.pause(attempt)
            try:
                self._smtp = self._connected()
            except _PassingError as error:
                why = str(error)
        if self._smtp is None:
            raise MailServerError(self._server, why)

    def pause(self, attempt: int) -> None:
        """Waits before an attempt; not before the first (0)."""
        if attempt:
            time.sleep(self._patience.pause * 2 ** (attempt - 1))

    def hand_over(self, address: str, message: bytes) -> str:
        """Sends `message` (CRLF, 7 bit) to one address; returns the server's answer.

        Raises RefusedError, TryLaterError or UncertainError; MailServerError when there is no connection.
        """
        self.connect()
        assert self._smtp is not None
        smtp = self._smtp
        try:
            self._expect(smtp.mail(self._sender))
            self._expect(smtp.rcpt(check_address(address)))
            self._expect(smtp.docmd("DATA"), _GO_AHEAD)
            # What was not wholly sent has no end, and no server delivers it.
            smtp.send(re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")
        except OSError as error:
            self._drop()
            raise TryLaterError(_told(error)) from error
        return self._answer(smtp)

    def _answer(self, smtp: smtplib.SMTP) -> str:
        try:
            assert smtp.sock is not None
            smtp.sock.settimeout(self._patience.end_of_message)
            reply = smtp.getreply()
            smtp.sock.settimeout(self._patience.reply)
        except OSError as error:
            self._drop()
            raise UncertainError(f"no answer to the end of the message: {_told(error)}") from error
        return self._expect(reply)

    def _expect(self, reply: tuple[int, bytes], code: int | None = None) -> str:
        told = _reply(*reply)
        if reply[0] == code or (code is None and reply[0] // 100 == 2):
            return told
        if reply[0] // 100 == 5:
            self._reset()
            raise RefusedError(told)
        if reply[0] // 100 == 4 and reply[0] != 421:
            self._reset()
        else:
            self._drop()  # 421: the server is closing; anything else: it and we do not understand each other
        raise TryLaterError(told)

    def _reset(self) -> None:
        assert self._smtp is not None
        try:
            self._smtp.rset()
        except OSError:  # then the next message needs a new connection
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        try:
            return self._greet()
        except smtplib.SMTPNotSupportedError as error:
            raise MailServerError(self._server, self._not_offered(error)) from error
        except smtplib.SMTPAuthenticationError as error:
            self._fail(error, f"refuses the login of {self._mail.username}: {_told(error)}")
        except smtplib.SMTPResponseException as error:
            self._fail(error, _told(error))
        except ssl.SSLCertVerificationError as error:
            why = f"its certificate is not to be trusted: {error.verify_message}; SSL_CERT_FILE may name your own CA"
            raise MailServerError(self._server, why) from error
        except ssl.SSLError as error:
            raise MailServerError(self._server, f"no TLS: {_told(error)}; is [mail] security right?") from error
        except OSError as error:
            raise _PassingError(_told(error)) from error

    def _fail(self, error: smtplib.SMTPResponseException, why: str) -> NoReturn:
        if error.smtp_code // 100 == 5:
            raise MailServerError(self._server, why) from error
        raise _PassingError(why) from error

    def _greet(self) -> smtplib.SMTP:
        mail, seconds = self._mail, self._patience.reply
        context = ssl.create_default_context()
        if mail.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=seconds, context=context)
        else:
            smtp = smtplib.SMTP(mail.host, mail.port, timeout=seconds)
        try:
            if mail.security == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if mail.username:
                smtp.login(mail.username, self._password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _not_offered(self, error: smtplib.SMTPNotSupportedError) -> str:
        if self._mail.security == "starttls" and "STARTTLS" in str(error):
            return "does not offer STARTTLS, and we send nothing in the clear"
        return _told(error)


def _password(mail: Mail) -> str:
    if not mail.username:
        return ""
    password = os.environ.get(mail.password_env, "")
    if not password:
        raise MailSetupError(f"no password: set the environment variable {mail.password_env}")
    if not (password.isascii() and mail.username.isascii()):
        raise MailSetupError("SMTP logins are sent in ASCII; the user name or password has other characters")
    return password


def _reply(code: int, text: bytes | str) -> str:
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return clean(f"{code} {told}", _REPLY)


def _told(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return clean(error.strerror or str(error) or type(error).__name__, _REPLY)
