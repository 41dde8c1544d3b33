"""Reads back what a run kept: the replies in its capture (WARC 1.1, ISO 28500), offline."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler import clock

RESPONSE, CONVERSION, METADATA, REQUEST = "response", "conversion", "metadata", "request"


class ArchiveError(ValueError):
    """A capture that cannot be read; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reply answers: `url` is the address that was asked first, before any redirect."""

    method: str
    url: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it was kept. `fetched_at` is UTC; `sha256` is of the bytes as received; `status` is the host's.

    `kind` is `response` (all of it was kept), `conversion` (without personal data: the body is not what was received)
    or `metadata` (only facts of it: the body is empty). `asked` is kept where the reply's own address does not say it:
    of a POST, and behind a redirect. Captures of older programs never say it.
    """

    record_id: str
    kind: str
    url: str
    fetched_at: datetime
    content_type: str
    status: int
    sha256: str
    body: bytes
    asked: Asked | None = None


def replies(capture: Path) -> Iterator[Reply]:
    """Every reply of a capture, in the order in which they came. Raises ArchiveError, OSError."""
    reply: Reply | None = None  # what is told of it in further records follows it
    for record, body in _records(capture):
        headers = record.rec_headers
        about = headers.get_header("WARC-Refers-To") or headers.get_header("WARC-Concurrent-To")
        if reply is not None and about == reply.record_id:
            reply = _told_more(reply, record, body)
        elif record.rec_type in (RESPONSE, CONVERSION, METADATA):
            if reply is not None:
                yield reply
            reply = _read(record, body, capture)
    if reply is not None:
        yield reply


def reply_of(capture: Path, record_id: str) -> Reply:
    """The reply of this WARC-Record-ID. Raises ArchiveError when the capture holds none, OSError."""
    for reply in replies(capture):
        if reply.record_id == record_id:
            return reply
    raise ArchiveError(f"{capture}: holds no record {record_id}")


def _records(capture: Path) -> Iterator[tuple[Any, bytes]]:
    """Every record and its content, without the lines of HTTP that may precede it."""
    file: BinaryIO
    with capture.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                body = record.raw_stream.read()
                if record.raw_stream.limit:  # what the record promised and the file does not hold
                    raise ArchiveLoadFailed(f"a record ends {record.raw_stream.limit} bytes early")
                yield record, body
        except (ArchiveLoadFailed, EOFError, OSError, zlib.error) as error:
            raise ArchiveError(f"{capture}: not readable as a WARC file: {error}") from error


def _told_more(reply: Reply, record: Any, body: bytes) -> Reply:
    """The reply with what another record says of it."""
    if record.rec_type == METADATA:
        _, status, sha256 = _facts(body)
        return replace(reply, status=status, sha256=sha256)
    if record.rec_type == REQUEST and record.http_headers is not None:
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        return replace(reply, asked=Asked(record.http_headers.protocol, url, body))
    return reply


def _read(record: Any, body: bytes, capture: Path) -> Reply:
    headers = record.rec_headers
    content_type, status, sha256 = headers.get_header("Content-Type") or "", 0, hashlib.sha256(body).hexdigest()
    if record.rec_type == RESPONSE and record.http_headers is not None:
        content_type = record.http_headers.get_header("Content-Type") or ""
        status = int(record.http_headers.get_statuscode())
    elif record.rec_type == METADATA:
        (content_type, status, sha256), body = _facts(body), b""
    try:
        fetched_at = clock.read_stamp(headers.get_header("WARC-Date") or "")
    except ValueError as error:
        raise ArchiveError(f"{capture}: a record without a date") from error
    return Reply(
        record_id=headers.get_header("WARC-Record-ID") or "",
        kind=record.rec_type,
        url=headers.get_header("WARC-Target-URI") or "",
        fetched_at=fetched_at,
        content_type=content_type,
        status=status,
        sha256=sha256,
        body=body,
    )


def _facts(body: bytes) -> tuple[str, int, str]:
    """Content type, status and sha256 that a metadata record states of the original."""
    said = dict(line.split(": ", 1) for line in body.decode("utf-8", "replace").splitlines() if ": " in line)
    return said.get("content-type", ""), int(said.get("http-status") or 0), said.get("original-sha256", "")
