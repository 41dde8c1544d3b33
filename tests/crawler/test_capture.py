"""What a run keeps of what it fetched: archives other people's tools can read, and items that can be made again."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from itemadapter.adapter import ItemAdapter
from scrapy.http import Request, Response
from scrapy.utils.serialize import ScrapyJSONEncoder
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler import clock
from crawler.capture import META_KEY, Captured
from crawler.items import Registration
from crawler.run_folder import Outcome
from crawler.source import Kept
from crawler.spiders.registry_extract import RegistryExtractSpider
from pipelines.stages import judge
from tests.crawler.crawling import CONTACT, Done, crawl, scrapy
from tests.crawler.extracts import HEADER, csv_of, firm
from tests.replica.server import Replica, Reply

ORIGINAL = csv_of(
    (*HEADER, "法定代表人"),
    *((*firm(n), "甲某某") for n in range(5)),
    (*firm(5, 统一社会信用代码="913101990000000000"), "甲某某"),
    ("断", *firm(6)[1:3]),
    (*firm(7, 企业名称="乙某某"), "乙某某"),
    (*firm(8, 注册资本="1,000(万美元)", 成立日期="二〇二六年十一月二日", 登记状态="迁出"), ""),
    encoding="gb18030",
)
TYPE = {"Content-Type": "text/csv;charset=GB18030", "ETag": '"1"'}


@dataclass(frozen=True)
class Record:
    kind: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["WARC-Record-ID"]


def records(done: Done) -> list[Record]:
    with done.folder.capture.open("rb") as file:
        return [
            Record(record.rec_type, dict(record.rec_headers.headers), record.content_stream().read())
            for record in ArchiveIterator(file, no_record_parse=False)
        ]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    with Replica({"/firms.csv": Reply(ORIGINAL, headers=TYPE)}) as site:
        done = crawl(tmp_path_factory.mktemp("captured"), site.url("/firms.csv"))
    assert done.exitcode == 1, done.stderr  # three of nine rows are bad
    return done


def test_the_archive_holds_to_the_standard(done: Done, capsys: pytest.CaptureFixture[str]) -> None:
    class Asked:
        inputs = (str(done.folder.capture),)
        verbose = True

    checker = Checker(Asked())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out
    assert done.folder.capture.read_bytes().count(b"\x1f\x8b\x08") == 3  # each record can be read on its own


def test_the_archive_says_who_made_it_in_which_run(done: Done) -> None:
    info, *_ = records(done)
    assert info.kind == "warcinfo"
    assert f"isPartOf: {done.folder.run_id}".encode() in info.body
    assert f"(+mailto:{CONTACT})".encode() in info.body


def test_a_reply_is_kept_without_personal_data_beside_the_facts_of_the_original(done: Done) -> None:
    _, conversion, metadata = records(done)
    assert (conversion.kind, metadata.kind) == ("conversion", "metadata")
    assert metadata.headers["WARC-Refers-To"] == conversion.id
    assert conversion.headers["WARC-Target-URI"] == metadata.headers["WARC-Target-URI"] == done.items[0]["proof"]["url"]
    assert conversion.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert dict(line.split(": ") for line in metadata.body.decode().splitlines()) == {
        "original-sha256": hashlib.sha256(ORIGINAL).hexdigest(),
        "original-bytes": str(len(ORIGINAL)),
        "http-status": "200",
        "content-type": "text/csv;charset=GB18030",
        "capture-mode": "redacted",
    }


def test_every_item_names_its_record_its_line_and_the_bytes_it_was_read_from(done: Done) -> None:
    conversion = records(done)[1]
    proofs = [item["proof"] for item in done.items]
    assert {proof["capture"] for proof in proofs} == {conversion.id}
    assert {proof["sha256"] for proof in proofs} == {hashlib.sha256(ORIGINAL).hexdigest()}
    assert [proof["line"] for proof in proofs] == list(range(2, 11))
    assert {proof["parser"] for proof in proofs} == {RegistryExtractSpider.source.parser}
    kept = conversion.body.decode().splitlines()
    for item in done.items:
        line = next(line for line in kept if line.startswith(f"{item['proof']['line']},"))
        assert item["uscc"] in line


def test_the_manifest_vouches_for_both_files(done: Done) -> None:
    assert set(done.manifest.files) == {"items.jsonl", "capture.warc.gz"}
    body = done.folder.capture.read_bytes()
    assert done.manifest.files["capture.warc.gz"]["sha256"] == hashlib.sha256(body).hexdigest()


def test_items_can_be_made_again_from_the_record_alone(done: Done) -> None:
    record, proof = records(done)[1], done.items[0]["proof"]
    fetched_at = clock.read_stamp(proof["fetched_at"])
    kept = Kept(record.body, record.headers["Content-Type"])
    captured = Captured(record.id, proof["sha256"], fetched_at, kept)
    url = record.headers["WARC-Target-URI"]
    spider = RegistryExtractSpider(path=url, listing="full")
    items = spider.parse(Response(url, request=Request(url, meta={META_KEY: captured})))
    judged = [judge(item) if isinstance(item, Registration) else item for item in items]
    encoder = ScrapyJSONEncoder(ensure_ascii=False)
    assert [json.loads(encoder.encode(ItemAdapter(item).asdict())) for item in judged] == done.items


def test_what_was_read_is_typed_beside_its_raw_text(done: Done) -> None:
    last = done.items[-1]
    assert last["item_type"] == "registration"
    assert (last["capital"], last["capital_currency"], last["capital_raw"]) == ("10000000", "USD", "1,000(万美元)")
    assert (last["registered_on"], last["registered_on_raw"]) == ("2026-11-02", "二〇二六年十一月二日")
    assert (last["status"], last["status_raw"]) == ("moved_out", "迁出")


def test_fill_rates_tell_which_fields_said_something(done: Done) -> None:
    rates = done.manifest.fill_rates
    assert rates["uscc"] == rates["capital"] == rates["status"] == 1
    assert "district" not in rates


PAGES: dict[str, tuple[str, ...]] = {
    "kept whole": ("whole_page",),
    "kept as a digest": ("page_digest",),
    "not as documented": ("whole_page", "-a", "fails=unreadable"),
    "read by a parser with a mistake": ("whole_page", "-a", "fails=bug"),
    "more than agreed": ("whole_page", "-a", "pages=5"),
}


def _page(home: Path, source: str, *words: str) -> Done:
    page = Reply("<h1>样本</h1>".encode(), 200, {"Content-Type": "text/html", "X-Served-By": "replica"})
    modules = ("-s", "SPIDER_MODULES=tests.replica.spiders")
    with Replica({"/page": page}) as site:
        return scrapy(home, "crawl", source, "-a", f"path={site.url('/page')}", *words, *modules)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    home = tmp_path_factory.mktemp("pages")
    with ThreadPoolExecutor(3) as pool:
        ends = {name: pool.submit(_page, home / str(at), *words) for at, (name, words) in enumerate(PAGES.items())}
    return {name: end.result() for name, end in ends.items()}


def test_a_page_that_may_be_kept_is_kept_as_it_came(pages: dict[str, Done]) -> None:
    done = pages["kept whole"]
    assert done.manifest.outcome == Outcome.EMPTY_ALLOWED
    _, response = records(done)
    assert response.kind == "response"
    assert response.body == "<h1>样本</h1>".encode()
    with done.folder.capture.open("rb") as file:
        headers = list(ArchiveIterator(file))[-1].http_headers
    assert headers.get_header("X-Served-By") == "replica"


def test_of_a_page_that_may_not_be_kept_only_facts_are(pages: dict[str, Done]) -> None:
    done = pages["kept as a digest"]
    _, metadata = records(done)
    assert metadata.kind == "metadata"
    assert b"capture-mode: digest" in metadata.body
    assert hashlib.sha256("<h1>样本</h1>".encode()).hexdigest().encode() in metadata.body


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("not as documented", "/page?0: a list without its list"),
        ("read by a parser with a mistake", "1 parser errors, see the log"),
        ("more than agreed", "budget of 2 requests is spent"),
    ],
)
def test_what_went_wrong_in_a_spider_fails_the_run(name: str, why: str, pages: dict[str, Done]) -> None:
    done = pages[name]
    assert (done.exitcode, done.manifest.outcome) == (1, Outcome.FAILED)
    assert why in done.manifest.reason
