"""Replies for tests of formats: a page or JSON as a host would send it, without a crawl."""

from __future__ import annotations

import json
from typing import Any

from scrapy.http import HtmlResponse, TextResponse

_URL = "https://example.org/list"


def html(body: str) -> HtmlResponse:
    """A page with this body."""
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"
    return HtmlResponse(_URL, headers={"Content-Type": "text/html; charset=utf-8"}, body=page.encode())


def json_reply(said: Any) -> TextResponse:
    """A reply of JSON; bytes are sent as they are."""
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    return TextResponse(_URL, headers={"Content-Type": "application/json"}, body=body)


def table(*rows: tuple[str, ...], cell: str = "td", kind: str = "tab") -> str:
    """Rows of cells as a table; a cell that begins with < stands as it is."""
    lines = ("".join(text if text.startswith("<") else f"<{cell}>{text}</{cell}>" for text in row) for row in rows)
    return f'<table class="{kind}">' + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
