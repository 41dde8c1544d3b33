"""The demo's week, the whole way: loopback sites → run folders → database → briefing, and what must hold of it."""

from __future__ import annotations

import email
import email.policy
import gzip
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.crawler.crawling import PATIENCE
from tests.replica.demo_week import DemoWeek

ROOT = Path(__file__).parents[2]
WEEK = "2026-W47"


@dataclass(frozen=True)
class Demo:
    home: Path
    output: str

    @property
    def issue(self) -> Path:
        return self.home / "issues" / WEEK

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home / "putuo.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def scrapy(self, *words: str) -> subprocess.CompletedProcess[str]:
        return scrapy(self.home, *words, config=self.home / "monitor.toml")


def scrapy(home: Path, *words: str, config: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PUTUO_HOME": str(home)}
    environment.pop("PUTUO_CONFIG", None)
    if config is not None:
        environment["PUTUO_CONFIG"] = str(config)
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    home = tmp_path_factory.mktemp("home")
    done = scrapy(home, "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    return Demo(home / "demo", done.stdout)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if said.get("id"):
            self.ids.add(str(said["id"]))
        if tag == "a" and said.get("href"):
            self.hrefs.append(str(said["href"]))
        if tag in ("script", "img", "link", "iframe", "object"):
            self.loads.append(tag)


def links(path: Path) -> Links:
    parser = Links()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def test_exactly_what_happened_is_told(demo: Demo) -> None:
    told = demo.ask("SELECT category, kind, name, happened_on::VARCHAR FROM events WHERE grade = 'core' ORDER BY ALL")
    assert told == [
        ("arrival", "arrival_announced", "上海沅序药业有限公司", "2026-11-18"),
        ("arrival", "branch_opened", "上海知萌大药房连锁有限公司万里分店", "2026-11-17"),
        ("arrival", "moved_in", "上海曜禾医疗科技有限公司", None),
        ("arrival", "moved_in", "上海沅序药业有限公司", None),
        ("arrival", "registered", "上海楹测诊断试剂有限公司", "2026-11-12"),
        ("arrival", "registered", "上海畹林基因科技有限公司", "2026-11-13"),
        ("arrival", "registered", "上海蒲月康复器材有限公司", "2026-06-08"),
        ("arrival", "registered", "上海诊序互联网医院有限公司", "2026-11-18"),
        ("departure", "capital_cut", "上海知萌大药房连锁有限公司", None),
        ("departure", "deregistered", "上海茗屿口腔门诊部有限公司", None),
        ("departure", "moved_out", "上海暄序护理院有限公司", None),
        ("expansion", "capital_raised", "上海朔微生物医药科技有限公司", None),
        ("expansion", "contract_won", "上海霁川医药有限公司", None),
        ("expansion", "contract_won", "上海霁川医药有限公司", None),
        ("expansion", "financing_raised", "上海桉序数字医疗科技有限公司", None),
        ("expansion", "licence_granted", "上海澜禾医疗器械有限公司", "2026-11-12"),
        ("expansion", "premises_added", "上海霁川医药有限公司", "2026-11-17"),
        ("expansion", "project_approved", "上海澜禾医疗器械有限公司", "2026-11-18"),
        ("expansion", "scope_widened", "上海瓴石医用材料有限公司", None),
    ]


def test_firms_told_by_two_publishers_are_told_once(demo: Demo) -> None:
    counts = demo.ask("SELECT count(*), count(DISTINCT event_id), count(DISTINCT (kind, uscc, after)) FROM events")
    assert len(set(counts[0])) == 1


def test_an_arrival_that_two_sites_announce_and_the_register_confirms_is_one(demo: Demo) -> None:
    told = demo.ask(
        "SELECT a.kind, json_array_length(a.evidence), c.kind, c.confirms = a.event_id FROM events a"
        " JOIN events c ON c.event_id = a.confirmed_by"
    )
    assert told == [("arrival_announced", 2, "moved_in", True)]
    assert demo.ask("SELECT sum(arrivals), sum(announced), sum(confirmed) FROM weekly_counts WHERE grade = 'core'") == [
        (7, 1, 1)
    ]
    text = (demo.issue / "briefing.en.txt").read_text(encoding="utf-8")
    assert text.count("* 上海沅序药业有限公司") == 1
    assert "confirms what was announced on 18 Nov" in " ".join(text.split())


def test_sub_sectors_streets_and_parks_are_right(demo: Demo) -> None:
    shown = demo.ask("SELECT name, sub_sector, street_zh, park_zh FROM arrivals WHERE grade = 'core' ORDER BY name")
    assert shown == [
        ("上海曜禾医疗科技有限公司", "medical_devices", "桃浦镇", ""),
        ("上海楹测诊断试剂有限公司", "medical_devices", "桃浦镇", "康鹏生命科技产业园"),
        ("上海沅序药业有限公司", "pharma_distribution", "桃浦镇", ""),
        ("上海沅序药业有限公司", "pharma_distribution", "桃浦镇", ""),
        ("上海畹林基因科技有限公司", "biomedical_rd", "桃浦镇", "中以(上海)创新园"),
        ("上海知萌大药房连锁有限公司万里分店", "pharma_distribution", "万里街道", ""),
        ("上海蒲月康复器材有限公司", "medical_devices", "石泉路街道", ""),
        ("上海诊序互联网医院有限公司", "digital_health", "长征镇", "天地软件园"),
    ]


def test_supermarkets_cleaners_and_the_other_putuo_are_not_life_health_here(demo: Demo) -> None:
    shown = dict(demo.ask("SELECT name, grade || '/' || in_putuo FROM firms"))
    assert shown["上海惠迎超市有限公司"] == "peripheral/yes"
    assert shown["上海净朗环境卫生服务有限公司"] == "none/yes"
    assert shown["上海泊衡信息技术有限公司"] == "none/yes"
    assert shown["上海牧启兽药销售有限公司"] == "none/yes"
    assert shown["舟山屿安诊所有限公司"].endswith("/no")


def test_the_broken_night_is_recorded_and_told_and_the_bad_row_is_kept(demo: Demo) -> None:
    assert demo.ask(
        "SELECT source, series, outcome FROM runs WHERE outcome NOT IN ('complete', 'empty_allowed') ORDER BY ALL"
    ) == [("putuo_portal", "", "blocked"), ("registry_extract", "bureau", "blocked")]
    # The bad row stood on one night's list only.
    assert demo.ask("SELECT source, series, reason, count(*) FROM quarantine GROUP BY ALL ORDER BY ALL") == [
        ("mpa_device_dealers", "", "name_looks_personal", 1),
        ("registry_extract", "bureau", "code_check", 1),
    ]
    text = (demo.issue / "briefing.zh.txt").read_text(encoding="utf-8")
    assert text.count("其中被拦截 1 次") == 2
    assert "信用代码校验位不符" in text


def test_every_row_of_every_run_has_one_account(demo: Demo) -> None:
    assert demo.ask(
        "SELECT count(*) FROM runs WHERE source = 'registry_extract' AND rows <> items + rejected OR rows <>"
        " core + peripheral + not_life_health + not_in_putuo + quarantined + repeated"
    ) == [(0,)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_briefing_holds_itself_and_its_proofs_open(demo: Demo, language: str) -> None:
    page, evidence = links(demo.issue / f"briefing.{language}.html"), links(demo.issue / "evidence.html")
    assert page.loads == evidence.loads == []
    proofs = [href for href in page.hrefs if href.startswith("evidence.html#")]
    assert len(proofs) >= 11
    assert {href.partition("#")[2] for href in proofs} <= evidence.ids
    assert not [href for href in page.hrefs + evidence.hrefs if "127.0.0.1" in href]


def test_the_evidence_shows_the_record_as_captured(demo: Demo) -> None:
    evidence = (demo.issue / "evidence.html").read_text(encoding="utf-8")
    for (text,) in demo.ask("SELECT evidence FROM events WHERE grade = 'core'"):
        for proof in json.loads(text):
            assert proof["sha256"] in evidence
            assert proof["record"].get("uscc", proof["record"].get("title")) in evidence


def test_the_news_is_read_with_the_firms_it_names(demo: Demo) -> None:
    assert demo.ask("SELECT name, kind, title FROM mentions WHERE is_news ORDER BY ALL") == [
        ("上海桉序数字医疗科技有限公司", "financing_raised", "桉序数字医疗完成B轮融资"),
        ("上海沅序药业有限公司", "arrival_announced", "Drug distributor settles in Taopu"),
        ("上海沅序药业有限公司", "arrival_announced", "沅序药业签约落户桃浦智创城"),
        ("上海澜禾医疗器械有限公司", "project_approved", "上海澜禾医疗器械有限公司检测实验室新建项目"),
        ("上海霁川医药有限公司", "premises_added", "霁川医药冷链物流中心在桃浦启用"),
        ("舟山屿安诊所有限公司", None, "生命健康产业交流会在普陀举行"),
    ]


def test_policies_and_claims_stand_with_their_source(demo: Demo) -> None:
    assert demo.ask("SELECT title, agency, document_number FROM policies") == [
        ("普陀区支持生命健康产业高质量发展若干措施（演示）", "普陀区某委员会", "普演〔2026〕9号")
    ]
    assert demo.ask(
        "SELECT measure, subject, scope, value, is_target, year FROM claims WHERE is_news ORDER BY value"
    ) == [
        ("firm_count", "life_health", "park", 45.0, False, None),
        ("firm_count", "medical_devices", "district", 80.0, False, None),
        ("firm_count", "medical_devices", "district", 220.0, True, 2028),
        ("new_firm_count", "life_health", "district", 500.0, False, None),
        ("firm_count", "life_health", "district", 3600.0, False, None),
        ("area", "life_health", "park", 60_000.0, False, None),
        ("tax", "life_health", "district", 6.2e8, False, None),
        ("output", "life_health", "district", 3e10, True, 2030),
    ]


def test_each_claim_stands_beside_our_count_or_says_why_not(demo: Demo) -> None:
    rows = demo.ask(
        "SELECT CAST(value AS BIGINT), CAST(about_day AS VARCHAR), counted_by, core, counted FROM claims_compared"
        " WHERE measure = 'firm_count' AND subject = 'life_health' AND scope = 'district' ORDER BY about_day"
    )
    assert rows == [
        (2710, "2020-11-15", "now", 14, 16),
        (2300, "2022-06-10", "now", 14, 16),
        (2960, "2024-11-15", "now", 14, 16),
        (3600, "2026-11-19", "as_of", 15, 17),
    ]
    assert demo.ask("SELECT count(*) FROM claims_compared WHERE (not_countable IS NULL) <> (core IS NOT NULL)") == [
        (0,)
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_archive_leads_to_the_issue_and_to_the_page_of_claims(demo: Demo, language: str) -> None:
    issues = demo.home / "issues"
    index, claims = links(issues / f"index.{language}.html"), links(issues / f"claims.{language}.html")
    assert index.loads == claims.loads == []
    assert {f"claims.{language}.html", f"{WEEK}/briefing.{language}.html", f"{WEEK}/evidence.html"} <= set(index.hrefs)
    assert not [href for href in claims.hrefs if "127.0.0.1" in href]
    assert "2,710" in (issues / f"claims.{language}.html").read_text(encoding="utf-8")


def test_the_founding_announcement_is_relevant_with_two_claims_and_no_firm(demo: Demo) -> None:
    ((article, relevant, is_news, firms, places),) = demo.ask(
        "SELECT article_id, relevant, is_news, firms, places_en FROM articles WHERE published_on = DATE '2021-01-04'"
    )
    assert (relevant, is_news, firms) == (True, False, 0)
    named = {
        "Taopu Smart City",
        "China-Israel Innovation Hub",
        "International Innovation Center of Tsinghua University Shanghai",
        "Universal Software Park",
        "Changfeng Science and Technology Park",
        "Shanghai Research Institute of Chemical Industry",
        "Tongji University",
    }
    assert {name for name in named if not any(name in place for place in places.split("|"))} == set()
    assert demo.ask(
        f"SELECT measure, value, is_target, year FROM claims WHERE article_id = '{article}' ORDER BY 2"
    ) == [
        ("tax_share", 10.0, True, 2026),
        ("output", 1e10, True, 2025),
    ]
    assert demo.ask(f"SELECT count(*) FROM events WHERE contains(evidence, '{article}')") == [(0,)]


def test_each_reader_got_one_mail_in_his_language_limited_to_his_wishes(demo: Demo) -> None:
    zh, en = (read_mail(path) for path in sorted(demo.home.glob("mail/*.eml")))
    assert (zh["To"], en["To"]) == ("reader@example.org", "devices@example.org")
    assert "普陀生命健康企业周报" in zh["Subject"]
    told_zh, told_en = body(zh), body(en)
    assert "上海诊序互联网医院有限公司" in told_zh
    assert "上海诊序互联网医院有限公司" not in told_en
    assert "上海楹测诊断试剂有限公司" in told_en
    assert demo.scrapy("weekly", "--send", "--week", WEEK, "--now", "2026-11-23T07:00+08:00").returncode == 0


def read_mail(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage) -> str:
    found = message.get_body(("plain",))
    assert found is not None
    text = found.get_content()
    assert isinstance(text, str)
    return re.sub(r"\s+", "", text)


def test_the_plain_text_names_every_firm_the_page_names(demo: Demo) -> None:
    names = [name for (name,) in demo.ask("SELECT DISTINCT name FROM events WHERE grade = 'core'")]
    for language in ("zh", "en"):
        for kind in ("html", "txt"):
            content = re.sub(r"\s+", "", (demo.issue / f"briefing.{language}.{kind}").read_text(encoding="utf-8"))
            assert [name for name in names if name not in content] == []


def test_peripheral_firms_are_counted_and_not_listed(demo: Demo) -> None:
    page = (demo.issue / "briefing.zh.html").read_text(encoding="utf-8")
    assert "上海拓衡贸易有限公司" not in page
    assert "外围企业新到 1 家" in page


def test_a_frozen_issue_comes_out_the_same_to_the_byte(demo: Demo) -> None:
    before = {path.name: path.read_bytes() for path in demo.issue.iterdir()}
    done = demo.scrapy("weekly", "--week", WEEK, "--now", "2027-01-01T00:00+08:00")
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in demo.issue.iterdir()} == before


def test_the_next_week_repeats_nothing(demo: Demo) -> None:
    done = demo.scrapy("weekly", "--week", "2026-W48", "--now", "2026-11-30T06:05+08:00")
    assert done.returncode == 0, done.stderr
    frozen = json.loads((demo.home / "issues" / "2026-W48" / "issue.json").read_text(encoding="utf-8"))
    assert "held" in json.dumps(frozen)
    text = (demo.home / "issues" / "2026-W48" / "briefing.zh.txt").read_text(encoding="utf-8")
    assert "医疗器械有限公司" not in text


def test_a_rebuild_gives_the_same_database(demo: Demo) -> None:
    (before,) = demo.ask("SELECT content_hash FROM release")[0]
    done = demo.scrapy("rebuild")
    assert done.returncode == 0, done.stderr
    assert f"content hash: {before}" in done.stdout


def test_no_personal_data_reaches_any_file(demo: Demo) -> None:
    week = DemoWeek()
    assert "13800000000".encode("gb18030") in week.full_list(0), "the publishers do send it"
    for path in demo.home.rglob("*"):
        if path.is_file():
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            for personal in ("某甲", "某乙", "13800000000"):
                assert personal.encode() not in content, path


def test_it_ends_with_where_everything_lies_and_answered_queries(demo: Demo) -> None:
    for path in re.findall(r"/\S+\.(?:html|duckdb|log)\b", demo.output):
        assert Path(path).exists(), path
    assert demo.output.count("\n-- ") == 4
    assert "上海楹测诊断试剂有限公司" in demo.output


def test_a_second_demo_makes_everything_anew_but_spares_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "precious.txt").write_text("mine", encoding="utf-8")
    done = scrapy(tmp_path, "demo")
    assert done.returncode == 1
    assert "was not made by a demo" in done.stderr
    assert (tmp_path / "demo" / "precious.txt").exists()
