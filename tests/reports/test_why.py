"""The proof of an event in the hard cases: hostile captures, digests, titles of lists, events taken back."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import Reply
from crawler.items import Article, Proof
from crawler.run_folder import CAPTURE, RunFolder, describe_file
from reports.why import Chain, Step, explain, lines_of, write_page
from reports.why.markup import mark_page
from reports.why.model import Place
from reports.why.place import PlaceError, find_place
from reports.why.runs import look_at_run
from tests.crawler.crawling import PATIENCE
from tests.pipelines.runs import Runs, article, capital, firm, published
from tests.replica import server
from tests.reports.test_browser import CHROMIUM, FLAGS, shown_in_browser

NAME = "上海桦序1医疗器械有限公司"
FUNDED = f"近日，{NAME}宣布完成A轮融资，融资金额1亿元。"
URL = "https://www.example.org/yaowen/20261104/7.html"
RECORD = "<urn:uuid:00000000-0000-4000-8000-000000000007>"
LIST = "<urn:uuid:00000000-0000-4000-8000-000000000008>"
AT = "2026-11-03T18:00:00Z"
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


def hostile(quote: str, site: str = "http://evil.example.org") -> str:
    """A page that tries everything a page can try."""
    return f"""<!DOCTYPE html><html><head><title>t</title><base href="{site}/base/">
<link rel="stylesheet" href="{site}/style.css"><link rel="preconnect" href="{site}">
<meta http-equiv="refresh" content="0;url={site}/refresh"><style>@import "{site}/import.css"</style></head>
<body onload="fetch('{site}/onload')" background="{site}/background.png">
<script>fetch('{site}/fetch');document.title='ran'</script><script src="{site}/script.js"></script>
<p style="background:url({site}/css.png)">{quote[:9]}<b onclick="alert(1)">{quote[9:]}</b></p>
<img src="{site}/img.png" onerror="fetch('{site}/onerror')"><iframe src="{site}/iframe"></iframe>
<svg onload="fetch('{site}/svg')"><image href="{site}/svg.png"/></svg><video src="{site}/video.mp4" autoplay></video>
<object data="{site}/object"></object><embed src="{site}/embed">
<a href="javascript:alert(1)" ping="{site}/ping">链接</a>
<form action="{site}/form"><input autofocus onfocus="this.form.submit()"></form>
<p>\u202e倒写\u202c\x1b[31m红\x1b]0;题\x07\x9b2J</p></mark></body></html><!-- </iframe> -->"""


def reply(body: str, content_type: str = HTML, kind: str = "conversion") -> Reply:
    encoded = body.encode()
    sha256 = hashlib.sha256(encoded).hexdigest()
    at = datetime(2026, 11, 3, 18, tzinfo=UTC)
    return Reply(RECORD, kind, URL, at, content_type, 200, sha256, encoded)


def keep(folder: RunFolder, *replies: tuple[str, str, str], digest: bool = False) -> None:
    """Gives a run a capture of replies (record id, content type, body), and its manifest the hash of it."""
    with folder.capture.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for record_id, content_type, body in replies:
            said: dict[str, object] = {"warc_headers_dict": {"WARC-Record-ID": record_id, "WARC-Date": AT}}
            payload = body.encode()
            if digest:
                payload = f"original-sha256: {hashlib.sha256(payload).hexdigest()}\r\nhttp-status: 200\r\n".encode()
                said["warc_content_type"] = "application/warc-fields"
            else:
                said["http_headers"] = StatusAndHeaders("200 -", [("Content-Type", content_type)], protocol="HTTP/1.1")
            kind = "metadata" if digest else "response"
            record = writer.create_warc_record(URL, kind, payload=BytesIO(payload), length=len(payload), **said)
            writer.write_record(record)
    manifest = folder.read_manifest()
    folder.write_manifest(replace(manifest, files={**manifest.files, CAPTURE: describe_file(folder.capture)}))


def told(body: str, quote: str = FUNDED, title: str = "题目") -> Article:
    """An article that was read from this page."""
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    proof = Proof(url=URL, fetched_at=AT, sha256=sha256, capture=RECORD, line=1, parser="portal/1")
    return replace(article(7, title, quote, **published("2026-11-04")), proof=proof)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """A known firm in Putuo, and a portal that was read before."""
    runs = Runs(tmp_path)
    runs.add(firm(1), day=0)
    runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published("2026-09-01")), day=0)
    return runs


def the_proof(runs: Runs) -> Chain:
    """The proof of the only event."""
    runs.load()
    ((event_id,),) = runs.events("event_id")
    return explain(runs.home, event_id)


def wrong(chain: Chain) -> list[str]:
    return [check.told for check in chain.checks if not check.holds]


def test_a_hostile_page_is_proof_all_the_same_and_prints_nothing_a_terminal_obeys(runs: Runs) -> None:
    body = hostile(FUNDED)
    keep(runs.news(told(body), day=2), (RECORD, HTML, body))
    chain = the_proof(runs)
    assert wrong(chain) == []
    text = "\n".join(lines_of(chain))
    assert FUNDED in text
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text) == []
    page = write_page(chain, runs.home).read_text(encoding="utf-8")
    assert "evil.example.org" not in page
    assert "红" in page
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page) == []


def asked_by_browser(page: Path, site: server.Replica, folder: Path) -> list[str]:
    """What Chromium asks of the site while it shows a page."""
    assert CHROMIUM
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
    return [asked.path for asked in site.asked]


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("wall", ["none", "cleaned", "framed"])
def test_neither_cleaning_nor_frame_lets_a_captured_page_load_anything(wall: str, tmp_path: Path) -> None:
    with server.Replica() as site:
        body = hostile(FUNDED, site.url(""))
        page = tmp_path / "page.html"
        if wall == "none":  # the page does try
            page.write_text(body, encoding="utf-8")
        else:
            markup = mark_page(body, {"quote": FUNDED}).markup if wall == "cleaned" else body
            step = Step(title="after", place=Place(title="the page as captured", markup=markup))
            page = write_page(Chain(event_id="e1", title="t", steps=(step,)), tmp_path)
        asked = asked_by_browser(page, site, tmp_path)
    assert (asked != []) == (wall == "none"), asked


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_page_does_not_overflow_a_phone(runs: Runs, tmp_path: Path) -> None:
    body = hostile(FUNDED).replace("链接", "长" * 400 + "W" * 400)
    keep(runs.news(told(body), day=2), (RECORD, HTML, body))
    page = write_page(the_proof(runs), runs.home).read_text(encoding="utf-8")
    assert shown_in_browser(page, 390, tmp_path) == (390, 0)


def test_of_a_source_kept_as_a_digest_it_is_said_that_nothing_can_be_shown(runs: Runs) -> None:
    keep(runs.news(told("原页"), day=2), (RECORD, HTML, "原页"), digest=True)
    chain = the_proof(runs)
    (said,) = wrong(chain)
    assert "only facts of this reply were kept, not its bytes" in said
    assert any("the same sha256 of what was received; its bytes were not kept" in one.told for one in chain.checks)
    assert "Nothing that was captured can be shown." in write_page(chain, runs.home).read_text(encoding="utf-8")


def test_a_sentence_that_does_not_stand_on_the_page_is_said(runs: Runs) -> None:
    body = f"<p>{FUNDED.replace('1亿', '9亿')}</p>"
    keep(runs.news(told(body), day=2), (RECORD, HTML, body))
    chain = the_proof(runs)
    assert wrong(chain) == ["what the record states does NOT stand in the captured bytes: quote"]
    assert "9亿" in write_page(chain, runs.home).read_text(encoding="utf-8")


def test_a_title_that_only_the_list_states_is_found_in_the_list(runs: Runs) -> None:
    body = "<h1>要闻</h1><p>样本。</p>"
    listed = '{"data": {"list": [{"id": "6", "title": "旧"}, {"id": "7", "title": "<em>近日</em>' + FUNDED[2:] + '"}]}}'
    keep(runs.news(told(body, "样本。", title=FUNDED), day=2), (LIST, JSON, listed), (RECORD, HTML, body))
    chain = the_proof(runs)
    assert wrong(chain) == []
    (place,) = (step.place for step in chain.steps if step.place)
    assert place.title == "record 2 of the list as captured"


def test_a_capture_that_the_manifest_does_not_vouch_for_is_no_proof(runs: Runs) -> None:
    body = f"<p>{FUNDED}</p>"
    folder = runs.news(told(body), day=2)
    keep(folder, (RECORD, HTML, body))
    manifest = folder.read_manifest()
    folder.write_manifest(replace(manifest, files={k: v for k, v in manifest.files.items() if k != CAPTURE}))
    assert wrong(the_proof(runs)) == [f"{folder.capture}: the manifest does not vouch for it"]


def test_an_event_that_a_replay_took_back_is_explained_as_such(runs: Runs) -> None:
    misread = runs.add(firm(1, **capital(800)), day=1)
    ((event_id,),) = (runs.load(), runs.events("event_id"))[1]
    replay = runs.add(firm(1), supersedes=misread, replayed=5)
    runs.load()
    assert runs.events("event_id") == []
    chain = explain(runs.home, event_id)
    text = "\n".join(lines_of(chain))
    assert "TAKEN BACK on 2026-11-07 02:00:00+08:00" in text
    assert "800(万元人民币)" in text
    assert re.search(rf"run +{misread.run_id}\n", text)
    assert re.search(rf"superseded by +{replay.run_id}\n", text)
    assert len(wrong(chain)) == 2
    assert all("capture.warc.gz: missing" in said for said in wrong(chain))  # these runs kept nothing; all else holds


@pytest.mark.parametrize("run_id", ["../../etc", "a/../b", "/etc/passwd", "a/b/c", "", "a/b\n"])
def test_no_run_id_leads_out_of_the_run_folders(run_id: str, tmp_path: Path) -> None:
    seen = look_at_run(tmp_path, run_id)
    assert [check.told for check in seen.checks] == [f"{run_id!r} names no run folder of ours"]
    assert seen.capture is None


def test_of_a_large_table_only_the_rows_around_the_line_are_shown() -> None:
    rows = "".join(f"{line},企业{line},{'长' * 500}\n" for line in range(2, 60_000))
    place, missing = find_place(reply(f"#,企业名称,经营范围\n{rows}", "text/csv"), 40_000, {"name": "企业40000"})
    assert missing == ()
    assert place.cells[0] == ("企业名称", "企业40000")
    assert re.findall(r"<td>(\d+)</td>|<mark>(\d+)</mark>", place.markup) == [
        *((str(line), "") for line in range(39_997, 40_000)),
        ("", "40000"),
        *((str(line), "") for line in range(40_001, 40_004)),
    ]
    assert len(place.markup) < 10_000


def test_a_cell_is_never_markup() -> None:
    place, _ = find_place(reply('#,名称\n2,"<img src=x onerror=1>"\n', "text/csv"), 2, {})
    assert "&lt;img src=x onerror=1&gt;" in place.markup
    assert "<img" not in place.markup


def test_a_line_that_the_table_does_not_have_states_nothing() -> None:
    place, missing = find_place(reply("#,名称\n2,甲公司\n", "text/csv"), 9, {"name": "甲公司"})
    assert (missing, "has no line 9" in place.title) == (("name",), True)


@pytest.mark.parametrize(
    ("body", "kind"), [("[" * 100_000, "application/json"), ("{}", "application/json"), ("#,a\nx,b\n", "text/csv")]
)
def test_what_cannot_be_read_is_an_error_with_words(body: str, kind: str) -> None:
    with pytest.raises(PlaceError, match="captured"):
        find_place(reply(body, kind), 1, {"name": "x"})


def test_a_sentence_is_found_through_tags_entities_width_and_breaks() -> None:
    page = "<div><p>前文</p><p>上海&#26679;本<span>（ＡＢＣ）</span>有限\n公司&amp;\u200b子公司 签约。</p></div>"
    marked = mark_page(page, {"quote": "上海样本（ABC）有限公司&子公司签约。"})
    assert marked.found == {"quote"}
    assert marked.paragraph == "上海样本（ABC）有限 公司&子公司 签约。"
    assert (
        re.sub(r"</?(?:mark|span)>", "", marked.markup).count("上海样本（ＡＢＣ）有限 公司&amp;⟨U+200B⟩子公司 签约。")
        == 1
    )
    assert marked.markup.count("<mark>") == 3  # before, in and after the span


class Bare(HTMLParser):
    """Notes every element and attribute that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, tuple[str, ...]]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add((tag, tuple(name for name, _ in attrs)))


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<script>",
                "</script>",
                "<svg/onload=x>",
                "<img src=x onerror=y>",
                "<a href=//x>",
                "</a>",
            ),
            *("<!--", "-->", "<![CDATA[", "]]>", "<mark>", "</mark>", "<style>", "<plaintext>", "<noscript>", "<math>"),
            *("<table>", "<td onclick=x>", "<textarea>", "</textarea>", "<template>", "<x-y z=1>", "&lt;script&gt;"),
            *("引", "句", "\x00", "\x1b", '"', "'", ">", "<", "&", "<title>", "</title>", "<iframe srcdoc='<script>'>"),
        ]
    ),
    max_size=40,
).map("".join)


@given(PIECES)
def test_no_page_however_broken_leaves_more_than_bare_elements(page: str) -> None:
    parser = Bare()
    parser.feed(mark_page(page, {"quote": "引句"}).markup)
    names = {name for name, _ in parser.seen}
    assert {attributes for _, attributes in parser.seen} <= {()}
    assert names <= {"p", "div", "table", "tr", "td", "tbody", "mark"}
