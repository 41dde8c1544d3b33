"""Whole invented weeks for the reports tests: a full one, an empty one, and a nasty one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.reports.published import PublishedFile, exhibit, shanghai


def full_week() -> PublishedFile:
    """Every section has something to say, and some sources were not seen."""
    file = PublishedFile()
    _arrivals(file)
    _expansions(file)
    _departures(file)
    _peripheral(file)
    _sources(file)
    return file


def empty_week() -> PublishedFile:
    """All was seen, and nothing was new."""
    file = PublishedFile()
    file.source()
    file.good_week()
    return file


def nasty_week() -> PublishedFile:
    """What a page might say to break ours: markup, endless names, turned text, links to inner hosts."""
    file = PublishedFile()
    for number, url in enumerate(
        (
            "javascript:alert(1)",
            "http://127.0.0.1/admin",
            "file:///etc/passwd",
            "https://user:pw@example.org/",
            "http://[::1]/",
        )
    ):
        name = f"<script>alert({number})</script>上海\u202e虚构械疗医\u202c有限公司&amp;\"'"
        firm = file.firm(100 + number, name, address="<img src=x onerror=alert(1)>", street_zh="", street_en="")
        file.event(f"nasty{number}", firm, evidence=[exhibit("after", {"<b>列</b>": name}, url=url)])
    long_name = "上海" + "特别长的虚构医疗器械" * 30 + "有限公司"
    firm = file.firm(200, long_name, firms_at_address=234_567, shared_address=True, capital=Decimal("123456789012345"))
    file.event("long1", firm, evidence=[exhibit("after", {"经营范围": "A" * 9000})])
    file.event(
        "long2",
        firm,
        "scope_widened",
        "scope_changed",
        category="expansion",
        after="VeryLongLatinWordWithoutAnySpace" * 40,
    )
    file.source(title_zh="<b>名录</b>" * 20, title_en="<b>List</b>" * 20)
    file.run("blocked", shanghai("2026-11-20 02:10"), reason="<img src=x>" + "W" * 3000)
    return file


def _arrivals(file: PublishedFile) -> None:
    firm = file.firm(
        1,
        "上海虚构康泰医疗器械有限公司",
        park_zh="中以（上海）创新园",
        park_en="China-Israel Innovation Hub (Shanghai)",
        capital=Decimal(20_000_000),
    )
    registered = {"名称": "上海虚构康泰医疗器械有限公司", "成立日期": "2026-11-12", "注册资本": "2000万元"}
    file.event("e0000000000000001", firm, after="2026-11-12", evidence=[exhibit("after", registered)])
    file.arrival(
        2,
        "上海虚构云医数字科技有限公司",
        sub_sector="digital_health",
        capital=Decimal(2_000_000),
        capital_currency="USD",
        label_evidence="scope:远程健康管理服务 (scope.digital)",
        shared_address=True,
        firms_at_address=234,
    )
    moved = file.firm(
        3,
        "上海虚构启明生物医药有限公司",
        sub_sector="biomedical_rd",
        capital=None,
        street_zh="",
        street_en="",
        label_evidence="name:生物医药 (name.bio)",
    )
    file.event(
        "e0000000000000003",
        moved,
        "moved_in",
        "code_division",
        before="上海市浦东新区",
        after="上海市普陀区虚构路88号3幢",
        happened_on=None,
    )
    branch = file.firm(
        4,
        "虚构百草大药房连锁有限公司普陀第一分店",
        sub_sector="pharma_distribution",
        is_branch=True,
        parent_name="虚构百草大药房连锁有限公司",
        capital=None,
        label_decided_by="person",
    )
    file.event("e0000000000000004", branch, "branch_opened", happened_on=date(2026, 11, 10))


def _expansions(file: PublishedFile) -> None:
    firm = file.firm(11, "上海虚构泽康医疗科技股份有限公司", capital=Decimal(80_000_000))
    before = {
        "name": "上海虚构泽康医疗科技股份有限公司",
        "capital": "5,000(万元人民币)",
        "scope": "医疗器械销售",
    }
    after = before | {
        "capital": "8,000(万元人民币)",
        "scope": "医疗器械销售；第三类医疗器械生产；远程健康管理服务",
    }
    proofs = [exhibit("before", before, line=12, fetched_at="2026-11-12T18:10:00Z"), exhibit("after", after)]
    file.event(
        "e0000000000000011",
        firm,
        "capital_raised",
        "capital_changed",
        category="expansion",
        before="5,000(万元人民币)",
        after="8,000(万元人民币)",
        evidence=proofs,
    )
    file.event(
        "e0000000000000012",
        firm,
        "scope_widened",
        "scope_changed",
        category="expansion",
        after="第三类医疗器械生产；远程健康管理服务",
        happened_on=None,
        evidence=proofs,
    )


def _departures(file: PublishedFile) -> None:
    gone = file.firm(21, "上海虚构安和门诊部有限公司", sub_sector="health_services", status="not_listed")
    record = {"name": "上海虚构安和门诊部有限公司", "status": "存续"}
    absence = exhibit("absence", None, observation_id=None, url=None, line=None, fetched_at=None, sha256=None)
    file.event(
        "e0000000000000021",
        gone,
        "deregistered",
        "not_listed",
        category="departure",
        before="存续",
        happened_on=None,
        evidence=[exhibit("before", record), absence],
    )
    cut = file.firm(22, "上海虚构瑞宁药业有限公司", sub_sector="pharma_distribution", capital=Decimal(1_000_000))
    file.event(
        "e0000000000000022",
        cut,
        "capital_cut",
        "capital_changed",
        category="departure",
        before="1000万元",
        after="100万元",
    )
    old = file.firm(23, "上海虚构旧闻医疗器械有限公司")
    file.event(
        "e0000000000000023",
        old,
        "moved_out",
        "address_changed",
        category="departure",
        happened_on=date(2026, 6, 1),
        before="上海市普陀区虚构路5号",
        after="上海市嘉定区虚构公路9号",
    )


def _peripheral(file: PublishedFile) -> None:
    for number in range(31, 36):
        file.arrival(number, f"上海虚构百货{number}有限公司", grade="peripheral", sub_sector="health_products")
    file.arrival(40, "上海虚构环境卫生有限公司", grade="none", sub_sector="none")


def _sources(file: PublishedFile) -> None:
    file.source()
    file.good_week()
    run = file.run("complete", shanghai("2026-11-21 03:00"))
    for line in (5, 6):
        file.put_aside(run, "code_check", line)
    file.source("shpt_news", "", title_zh="普陀区政府网站新闻", title_en="News of the Putuo government portal")
    file.run("complete", shanghai("2026-11-12 02:40"), "shpt_news", "")
    file.run("missed", shanghai("2026-11-18 02:40"), "shpt_news", "")
    file.run("blocked", shanghai("2026-11-19 02:40"), "shpt_news", "", reason="HTTP 412", items=0)
    file.source("putuo_eia", "", title_zh="环评公示", title_en="Environmental impact filings")
    file.source("licences", "", title_zh="医疗器械经营许可", title_en="Device licences", cadence="0 3 1 * *")
    file.run("complete", shanghai("2026-11-01 11:00"), "licences", "")
    file.firm(50, "上海虚构无址医疗器械有限公司", in_putuo="unknown")
