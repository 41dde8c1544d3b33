"""What comes from outside is disarmed: no markup, no turned text, no link into the house."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from reports.untrusted import clean, safe_link, verbatim
from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, exhibit
from tests.reports.weeks_of_news import full_week, nasty_week, read_week

REFUSED = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "file://example.com/x",
    "ftp://example.com/x",
    "//example.com/x",
    "/relative",
    "",
    "https://",
    "https:///x",
    "http://localhost/x",
    "http://LOCALHOST:8080/x",
    "http://intranet/x",
    "http://printer.local/x",
    "http://registry.internal/x",
    "http://a.localhost./x",
    "http://127.0.0.1/x",
    "http://127.1/x",
    "http://0x7f.1/x",
    "http://2130706433/x",
    "http://0/x",
    "http://10.0.0.8/x",
    "http://192.168.1.1/x",
    "http://172.16.0.1/x",
    "http://169.254.169.254/latest",
    "http://100.64.0.1/x",
    "http://224.0.0.1/x",
    "http://[::1]/x",
    "http://[::ffff:127.0.0.1]/x",
    "http://[fe80::1]/x",
    "http://[broken/x",
    "https://user:pw@example.com/x",
    "https://example.com@example.org/x",
    "https://example.com:99999/x",
    "https://example.com\\@example.org/x",
    "https://example.com/a b",
    "https://example.com/\nx",
    'https://example.com/"onmouseover=alert(1)',
    "https://registry。cn/x",
    "https://-example.com/x",
    "https://example.com/" + "x" * 2000,
]


@pytest.mark.parametrize("url", REFUSED)
def test_a_link_that_leads_nowhere_public_is_no_link(url: str) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://www.shpt.gov.cn/zhengwu/2024/264/1.html?a=1&b=2#c",
        "http://xuke.yjj.sh.gov.cn:8080/x",
        "http://8.8.8.8/x",
        "https://xn--fiqs8s.xn--55qx5d.cn/x",
        "https://www.shpt.gov.cn/新闻/1.html",
    ],
)
def test_a_public_page_is_linked_as_it_stands(url: str) -> None:
    assert safe_link(url) == url


def test_the_operators_own_host_may_lie_inside_the_office_but_must_speak_http() -> None:
    assert safe_link("http://intranet:8080/monitor", own=True)
    assert safe_link("file:///srv/monitor", own=True) is None


def test_a_line_loses_what_cannot_be_seen_and_is_cut() -> None:
    assert clean(" 上海\u202e虚\u200b构\x00\n医\ufeff药 ", 20) == "上海虚构 医药"
    assert clean("一二三四五六", 4) == "一二三…"
    assert clean("a" + "\u0301" * 50, 90) == "a\u0301\u0301"


def test_evidence_spells_out_what_cannot_be_seen_and_keeps_line_breaks() -> None:
    assert verbatim("a\u202eb\nc", 20) == "a⟨U+202E⟩b\nc"
    assert verbatim("abcdef", 4) == "abcd… (+2)"


class Elements(HTMLParser):
    """Collects tags, and the addresses of links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("name", ["briefing.zh.html", "briefing.en.html", "evidence.html"])
def test_no_markup_of_a_source_becomes_markup_of_ours(issue_of: MakeIssue, name: str) -> None:
    html = (issue_of(nasty_week()).folder / name).read_text(encoding="utf-8")
    page = Elements(html)
    assert not page.tags & {"script", "img", "iframe", "link", "object", "form", "b0"}
    assert not any(attribute.startswith("on") for attribute in page.attributes)
    assert "&lt;script&gt;alert(0)" in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", html)


@pytest.mark.parametrize("name", ["briefing.zh.html", "briefing.en.html"])
def test_what_an_endless_page_says_is_cut(issue_of: MakeIssue, name: str) -> None:
    html = (issue_of(nasty_week()).folder / name).read_text(encoding="utf-8")
    for endless in ("长" * 100, "W" * 200, "9" * 200, "签约" * 70, "机关" * 30):
        assert endless not in html
    assert len(html) < 60_000


def test_a_figure_that_cannot_be_one_is_not_printed(issue_of: MakeIssue) -> None:
    text = text_of(issue_of(nasty_week()))
    assert "产业规模：数值见原文" in text


@pytest.mark.parametrize("name", ["briefing.zh.html", "briefing.en.html", "evidence.html"])
def test_every_page_stands_alone(issue_of: MakeIssue, name: str) -> None:
    html = (issue_of(read_week()).folder / name).read_text(encoding="utf-8")
    assert re.search(r'<html lang="(zh-CN|en)">', html)
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "@import" not in html
    assert "url(" not in html
    assert not Elements(html).tags & {"script", "link", "img"}


def test_links_lead_to_the_evidence_and_to_public_pages_only(issue_of: MakeIssue) -> None:
    made = issue_of(nasty_week())
    public = "https://data.example.com/2026/extract.csv"
    for link in Elements(html_of(made)).links + Elements((made.folder / "evidence.html").read_text("utf-8")).links:
        assert link.startswith(("evidence.html", "#sight")) or link == public
    for inner in ("127.0.0.1", "192.168.1.1", "printer.local", "file:", "user:pw", "::1", ": javascript:"):
        assert inner not in text_of(made)


def test_every_proof_link_has_its_anchor(issue_of: MakeIssue) -> None:
    made = issue_of(read_week())
    evidence = (made.folder / "evidence.html").read_text(encoding="utf-8")
    anchors = {link.partition("#")[2] for link in Elements(html_of(made)).links if "evidence.html#" in link}
    # Twelve reported events, twelve articles, the list of peripheral firms and that of articles.
    assert len(anchors) == 26
    assert all(f'id="{anchor}"' in evidence for anchor in anchors)


def test_the_evidence_shows_where_each_record_was_captured(issue_of: MakeIssue) -> None:
    evidence = (issue_of(full_week()).folder / "evidence.html").read_text(encoding="utf-8")
    for shown in (
        "2026-11-20 02:10:00",  # 18:10 UTC the day before
        "普陀区市场监督管理局",
        "registry_extract · bureau",
        "5e" * 32,
        "&lt;urn:uuid:00000000-0000-4000-8000-000000000001&gt;",
        "runs/registry_extract/20261119T181000Z-aa",
    ):
        assert shown in evidence


def test_the_evidence_marks_the_columns_that_changed_and_only_those(issue_of: MakeIssue) -> None:
    evidence = (issue_of(full_week()).folder / "evidence.html").read_text(encoding="utf-8")
    event = evidence.split('<article id="e0000000000000011">')[1].split("</article>")[0]
    rows = re.findall(r'<tr class="changed">\s*<th scope="row">(\S+)', event)
    assert rows == ["注册资本", "经营范围"]


def test_a_long_scope_is_cut_in_the_briefing_and_whole_in_the_evidence(issue_of: MakeIssue) -> None:
    scope = "；".join(f"第{number}项虚构医疗器械销售" for number in range(100))
    file = PublishedFile()
    firm = file.firm(1, "上海虚构医疗器械有限公司")
    file.event(
        "wide",
        firm,
        "scope_widened",
        "scope_changed",
        category="expansion",
        after=scope,
        evidence=[exhibit("after", {"scope": scope})],
    )
    made = issue_of(file)
    assert scope not in html_of(made)
    assert scope[:150] in html_of(made)
    assert scope in (made.folder / "evidence.html").read_text(encoding="utf-8")
