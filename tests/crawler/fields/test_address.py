"""A page's address gives one key, however the page was linked to."""

from __future__ import annotations

import pytest

from crawler.fields.address import address_id

PAGE = "https://news.example.org/2026/11/5.html?id=7"


@pytest.mark.parametrize(
    "same",
    [
        "http://news.example.org/2026/11/5.html?id=7",
        "https://NEWS.example.org:443/2026/11/5.html?id=7#comments",
        " https://news.example.org/2026/11/5.html?utm_source=x&id=7&utm_medium=y ",
        "https://reader@news.example.org/2026/11/5.html/?id=7",
    ],
)
def test_what_does_not_lead_elsewhere_does_not_matter(same: str) -> None:
    assert address_id(same) == address_id(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example.org/2026/11/5.html",
        "https://news.example.org/2026/11/5.html?id=8",
        "https://news.example.org:8443/2026/11/5.html?id=7",
        "https://other.example.org/2026/11/5.html?id=7",
        "https://news.example.org/2026/11/5.HTML?id=7",
    ],
)
def test_another_page_has_another_key(other: str) -> None:
    assert address_id(other) not in ("", address_id(PAGE))


def test_a_key_has_sixteen_hex_digits_and_never_changes() -> None:
    assert address_id("https://example.org/a") == "94584207f807e901"


@pytest.mark.parametrize(
    "none", ["", "news.example.org/5", "mailto:desk@example.org", "https://", "http://[::1/a", "ftp://x/a"]
)
def test_what_is_no_web_address_has_no_key(none: str) -> None:
    assert address_id(none) == ""
