"""What counts as a wall, where a redirect leads, and how long a host may ask us to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler import clock
from crawler.guard import is_wall, leads_to, not_before

HTML = {"Content-Type": "text/html"}
AT = "http://example.org:8080/extract.csv"


@pytest.mark.parametrize(
    "body",
    [
        "<html>请输入验证码</html>",
        "<html>请登录后查看</html>",
        "<script>$_ts = {}; // Ruishu</script>",
        "<div class=geetest_panel></div>",
        "<form><input name=u><INPUT name=p TYPE=password></form>",
        "<p>Please verify you are human</p>",
    ],
)
def test_a_challenge_or_login_page_is_a_wall(body: str) -> None:
    assert is_wall(Response(AT, headers=HTML, body=body.encode()))


def test_a_wall_is_seen_though_its_header_says_table() -> None:
    body = "\r\n<!DOCTYPE html><title>访问验证</title>".encode()
    assert is_wall(Response(AT, headers={"Content-Type": "text/csv"}, body=body))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", "<html><h1>新设企业名单</h1></html>"),
        ("text/csv", "企业名称,经营范围\n上海样本信息科技有限公司,验证码技术服务；安全验证软件"),
        ("application/octet-stream", "geetest"),
    ],
)
def test_a_page_or_a_table_that_only_speaks_of_such_things_is_none(kind: str, body: str) -> None:
    assert not is_wall(Response(AT, headers={"Content-Type": kind}, body=body.encode()))


@pytest.mark.parametrize(
    "beside",
    ["", "<form><input type=password></form>", "<script src=/captcha.js></script><script>var a = '请登录后'</script>"],
)
def test_an_article_about_such_things_or_beside_a_login_is_none(beside: str) -> None:
    article = f"<html>{beside}<h1>防范电信诈骗</h1><p>{'不要把验证码告诉任何人。' * 100}</p></html>"
    assert not is_wall(Response(AT, headers=HTML, body=article.encode()))


def test_a_wall_is_seen_behind_any_amount_of_script() -> None:
    page = f"<html><script>{'var x = 1;' * 1000}</script><style>{'p {}' * 1000}</style><p>请输入验证码</p></html>"
    assert is_wall(Response(AT, headers=HTML, body=page.encode()))


@pytest.mark.parametrize("location", ["/new.csv", "new.csv", "?page=2", AT, "//example.org:8080/x", "", "#top"])
def test_a_redirect_within_the_host_is_followed(location: str) -> None:
    assert leads_to(AT, location) == ""


@pytest.mark.parametrize("location", ["https://example.org/", "https://example.org:443/", "http://example.org:80/"])
def test_a_host_may_move_us_to_https(location: str) -> None:
    assert leads_to("http://example.org/extract.csv", location) == ""


@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("http://example.com/", "another host: example.com"),
        ("http://example.org.example.com/", "another host: example.org.example.com"),
        ("http://example.org:9090/", "another host: example.org"),
        ("http://10.0.0.1/", "another host: a private address"),
        ("http://169.254.169.254/latest/meta-data", "another host: a private address"),
        ("http://[::1]/", "another host: a private address"),
        ("http://localhost:8080/", "another host: a private address"),
        ("http://printer.local/", "another host: a private address"),
        ("file:///etc/hosts", "another host: file:///etc/hosts"),
        ("http://[x", "what is no address: 'http://[x'"),
        ("http://example.org:99999/", "what is no address: 'http://example.org:99999/'"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(location: str, where: str) -> None:
    assert leads_to(AT, location) == where


def test_a_wait_in_seconds_counts_from_now() -> None:
    waits = clock.read_stamp(not_before(" 3600 ")) - clock.now()
    assert timedelta(minutes=59) < waits <= timedelta(hours=1)


def test_a_wait_may_be_a_date() -> None:
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    assert clock.read_stamp(not_before(format_datetime(tomorrow, usegmt=True))) == tomorrow


@pytest.mark.parametrize("said", ["99999999999999999999", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 -1200"])
def test_a_wait_without_end_is_cut_to_a_month(said: str) -> None:
    waits = clock.read_stamp(not_before(said)) - clock.now()
    assert timedelta(days=30) < waits <= timedelta(days=31)


@pytest.mark.parametrize("said", ["", "soon", "²", "-5", "1.5", "Thu, 99 Foo 2026 00:00:00 GMT"])
def test_a_wait_that_cannot_be_read_is_none(said: str) -> None:
    assert not_before(said) == ""


@given(st.text())
def test_no_header_makes_the_guard_fail(said: str) -> None:
    assert isinstance(not_before(said), str)
    assert isinstance(leads_to(AT, said), str)
