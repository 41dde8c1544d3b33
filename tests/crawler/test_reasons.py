"""Reasons of runs quote what hosts say, and hosts may name persons: such words reach no manifest."""

from __future__ import annotations

import logging

import pytest
from scrapy import Request
from twisted.python.failure import Failure

from crawler.fields.personal import MASK
from crawler.run_folder import Outcome
from crawler.source import UnreadableError
from crawler.spiders.cninfo import CninfoSpider

URL = "https://example.org/list"
SAID = "ask 13800000001, 联系人：缪某样"
SHOWN = f"ask {MASK}, 联系人：{MASK}"


def _failed(error: Exception) -> CninfoSpider:
    spider, failure = CninfoSpider(), Failure(error)  # type: ignore[no-untyped-call]
    failure.request = Request(URL)  # type: ignore[attr-defined]  # as Scrapy sets it
    for _ in range(2):
        spider.failed(failure)
    return spider


def test_a_reason_to_stop_names_nobody() -> None:
    report = CninfoSpider().report
    report.stop(Outcome.BLOCKED, SAID)
    assert report.stopped == (Outcome.BLOCKED, SHOWN)


def test_an_unreadable_reply_names_nobody_in_reason_and_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        spider = _failed(UnreadableError(f"the host says {SAID}"))
    assert spider.report.stopped == (Outcome.FAILED, f"{URL}: the host says {SHOWN}")
    assert SHOWN in caplog.text
    assert "缪某样" not in caplog.text


def test_a_request_that_failed_names_nobody_also_where_its_reason_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        spider = _failed(OSError("x" * 190 + " 13800000001"))
    assert all("1380" not in reason for reason in (*spider.report.incomplete, caplog.text))
    assert _failed(OSError(SAID)).report.incomplete[0] == f"OSError from {URL}: {SHOWN}"
