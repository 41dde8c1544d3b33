"""deliveries.jsonl: every act of sending an issue, a line each, so that nobody gets it twice and nobody is missed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from crawler.run_folder import sync_folder
from reports.codec import CodecError, decode, encode
from reports.errors import LedgerUnreadableError

LEDGER = "deliveries.jsonl"


class Act(StrEnum):
    """The closed list of acts."""

    DUE = "due"  # the reader is to get it; written before anything else is tried
    SENDING = "sending"  # written before the server is spoken to
    SENT = "sent"  # the server took it
    REFUSED = "refused"  # the server will not have it
    FAILED = "failed"  # it certainly did not go out, but may later


class Standing(StrEnum):
    """How a reader stands with a revision."""

    DUE = "due"
    HAS_IT = "has_it"
    UNCERTAIN = "uncertain"  # the sender was interrupted: it may have gone out, or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One act. `at` is UTC; `message_id` is empty while it is only due; `detail` is the server's answer, or why."""

    at: datetime
    week: str
    revision: int
    address: str
    message_id: str
    act: Act
    detail: str = ""


class Ledger:
    """The acts of one issue, oldest first. Only one process may write at a time."""

    def __init__(self, path: Path) -> None:
        """Reads the file, if there is one. A last line without its end was torn by a killed writer and counts as
        never written: its act was not yet begun, or is told as uncertain by the line before.

        Raises LedgerUnreadableError for any other damage.
        """
        self.path = path
        self._lines: list[Line] = []
        self._whole = 0
        data = path.read_bytes() if path.exists() else b""
        for number, line in enumerate(data[: data.rfind(b"\n") + 1].split(b"\n")[:-1], 1):
            self._lines.append(self._read(number, line))
            self._whole += len(line) + 1

    def add(self, *lines: Line) -> None:
        """Appends acts; when this returns, they are on the disk."""
        if not lines:
            return
        text = "".join(json.dumps(encode(line), ensure_ascii=False) + "\n" for line in lines).encode()
        is_new = not self.path.exists()
        with self.path.open("ab") as file:
            if file.tell() > self._whole:
                file.truncate(self._whole)  # the torn end; what follows must not be glued to it
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self.path.parent)
        self._whole += len(text)
        self._lines.extend(lines)

    def standing(self, address: str, revision: int) -> Standing:
        """How the reader stands with that revision."""
        acts = [line.act for line in self._of(address) if line.revision == revision]
        if Act.SENT in acts:
            return Standing.HAS_IT
        return Standing.UNCERTAIN if acts and acts[-1] is Act.SENDING else Standing.DUE

    def last_revision(self, address: str) -> int | None:
        """The newest revision that was to go to the reader; None if none was."""
        return max((line.revision for line in self._of(address)), default=None)

    def is_owed(self, address: str) -> bool:
        """Whether an issue was to go to the reader who, as far as is known, does not have it.

        A correction that nobody asked to send is owed to those alone who did not get what it corrects.
        """
        revision = self.last_revision(address)
        return revision is not None and self.standing(address, revision) is not Standing.HAS_IT

    def last_before(self, address: str, revision: int) -> str:
        """Message-ID of the newest earlier revision that the reader has, or may have; empty if none."""
        earlier = [line for line in self._of(address) if line.revision < revision and line.message_id]
        had = [line for line in earlier if self.standing(address, line.revision) is not Standing.DUE]
        return had[-1].message_id if had else ""

    def _of(self, address: str) -> list[Line]:
        return [line for line in self._lines if line.address.casefold() == address.casefold()]

    def _read(self, number: int, text: bytes) -> Line:
        try:
            line = decode(Line, json.loads(text))
        except CodecError as error:
            raise LedgerUnreadableError(self.path, number, str(error)) from error
        except ValueError as error:
            raise LedgerUnreadableError(self.path, number, f"not JSON: {error}") from error
        if line.week != self.path.parent.name:
            raise LedgerUnreadableError(self.path, number, f"it speaks of {line.week}")
        return line
