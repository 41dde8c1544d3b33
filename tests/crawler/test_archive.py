"""Captures are read back as they were kept, also those of older programs, and refused when they are damaged."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import clock
from crawler.archive import ArchiveError, Asked, replies, reply_of

PAGE, LIST = "https://www.example.org/page.html", "https://www.example.org/list"
WHEN = "2026-11-16T02:00:00.250000Z"


class Warc:
    """A capture that is written record by record."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, {"software": "test"}))

    def add(self, kind: str, url: str, body: bytes, http: StatusAndHeaders | None = None, **headers: str) -> str:
        said = {"WARC-Date": WHEN} | {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = said.pop("Content-Type", "application/warc-fields" if http is None else None)
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict=said,
            http_headers=http,
        )
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def facts(self, url: str, status: int = 200, **headers: str) -> str:
        said = f"original-sha256: abc\r\nhttp-status: {status}\r\ncontent-type: text/html; charset=gb2312\r\n"
        return self.add("metadata", url, said.encode(), **headers)

    def asked(self, line: str, url: str, body: bytes, about: str) -> str:
        http = StatusAndHeaders(line, [], is_http_request=True)
        return self.add("request", url, body, http, WARC_Concurrent_To=about)

    def close(self) -> Path:
        self._file.close()
        return self.path


@pytest.fixture
def warc(tmp_path: Path) -> Warc:
    return Warc(tmp_path / "capture.warc.gz")


def test_a_reply_that_was_kept_whole_is_what_the_host_sent(warc: Warc) -> None:
    http = StatusAndHeaders("404 -", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    record_id = warc.add("response", PAGE, b"<h1>gone</h1>", http)
    (reply,) = replies(warc.close())
    assert (reply.record_id, reply.kind, reply.url, reply.status) == (record_id, "response", PAGE, 404)
    assert (reply.content_type, reply.body, reply.asked) == ("text/html", b"<h1>gone</h1>", None)
    assert reply.sha256 == hashlib.sha256(b"<h1>gone</h1>").hexdigest()
    assert clock.stamp(reply.fetched_at) == WHEN


def test_a_reply_kept_without_personal_data_has_the_facts_of_the_original(warc: Warc) -> None:
    record_id = warc.add("conversion", PAGE, b"kept", Content_Type="text/html; charset=utf-8")
    warc.facts(PAGE, 203, WARC_Refers_To=record_id)
    (reply,) = replies(warc.close())
    assert (reply.kind, reply.body, reply.content_type) == ("conversion", b"kept", "text/html; charset=utf-8")
    assert (reply.status, reply.sha256) == (203, "abc")


def test_of_a_reply_that_was_not_kept_only_facts_are_known(warc: Warc) -> None:
    warc.facts(PAGE, 500)
    (reply,) = replies(warc.close())
    assert (reply.kind, reply.status, reply.sha256, reply.body) == ("metadata", 500, "abc", b"")
    assert reply.content_type == "text/html; charset=gb2312"


def test_replies_to_one_address_are_told_apart_by_what_was_asked(warc: Warc) -> None:
    for number in (b"1", b"2"):
        record_id = warc.add("conversion", LIST, b"page " + number, Content_Type="application/json")
        warc.facts(LIST, WARC_Refers_To=record_id)
        warc.asked(f"POST {LIST} HTTP/1.1", LIST, b'{"page":' + number + b"}", record_id)
    warc.asked(f"GET {LIST}/old HTTP/1.1", f"{LIST}/old", b"", warc.facts(LIST, 404))
    assert [(reply.status, reply.body, reply.asked) for reply in replies(warc.close())] == [
        (200, b"page 1", Asked("POST", LIST, b'{"page":1}')),
        (200, b"page 2", Asked("POST", LIST, b'{"page":2}')),
        (404, b"", Asked("GET", f"{LIST}/old")),
    ]


def test_replies_come_in_the_order_in_which_they_were_kept(warc: Warc) -> None:
    first = warc.add("conversion", PAGE, b"1", Content_Type="text/html")  # of a process that died before the facts
    second = warc.add("conversion", PAGE, b"2", Content_Type="text/html")
    warc.facts(PAGE, WARC_Refers_To=second)
    third = warc.facts(LIST)
    assert [(reply.record_id, reply.body) for reply in replies(warc.close())] == [
        (first, b"1"),
        (second, b"2"),
        (third, b""),
    ]


def test_a_reply_is_found_by_its_record(warc: Warc) -> None:
    warc.facts(LIST)
    wanted = warc.add("conversion", PAGE, b"kept", Content_Type="text/html")
    capture = warc.close()
    assert reply_of(capture, wanted).body == b"kept"
    with pytest.raises(ArchiveError, match="holds no record <urn:uuid:0>"):
        reply_of(capture, "<urn:uuid:0>")


def _cut(body: bytes) -> bytes:
    return body[: len(body) - 40]


def _spoilt(body: bytes) -> bytes:
    at = len(body) // 2
    return body[:at] + bytes(256 - byte if byte else 1 for byte in body[at : at + 60]) + body[at + 60 :]


@pytest.mark.parametrize("damage", [_cut, _spoilt, lambda body: b"<html>no archive at all</html>"])
def test_a_damaged_capture_is_refused_and_named(warc: Warc, damage: Any) -> None:
    body = b"".join(hashlib.sha256(str(at).encode()).digest() for at in range(200))  # nothing to compress away
    warc.add("conversion", PAGE, body, Content_Type="text/html")
    capture = warc.close()
    capture.write_bytes(damage(capture.read_bytes()))
    with pytest.raises(ArchiveError, match=r"capture\.warc\.gz: "):
        assert all(reply.body == body for reply in replies(capture))


def test_a_record_without_a_date_is_refused(warc: Warc) -> None:
    warc.add("conversion", PAGE, b"x", WARC_Date="yesterday", Content_Type="text/html")
    with pytest.raises(ArchiveError, match="a record without a date"):
        list(replies(warc.close()))
