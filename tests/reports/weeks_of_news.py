"""Whole invented weeks for the reports tests: a full one, an empty one, and a nasty one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.reports.published import PORTAL, PublishedFile, exhibit, shanghai


def full_week() -> PublishedFile:
    """Every section has something to say, and some sources were not seen."""
    file = PublishedFile()
    _arrivals(file)
    _expansions(file)
    _departures(file)
    _peripheral(file)
    _sources(file)
    return file


def read_week() -> PublishedFile:
    """A full week in which news, documents and filings were read too, and firms are spoken of in them."""
    file = full_week()
    file.source(PORTAL, "", title_zh="普陀区政府网站", title_en="Putuo government portal", publisher="普陀区人民政府")
    file.good_week(source=PORTAL, series="")
    _announced(file)
    _documents(file)
    _news(file)
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
    _nasty_articles(file, long_name)
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


def _announced(file: PublishedFile) -> None:
    said = "11月17日，上海虚构晨曦医疗机器人有限公司与桃浦镇签约，华东总部将落户桃浦智创城。"
    page = file.article("a000000000000001", "虚构晨曦医疗机器人签约落户桃浦智创城", firms=1, places_zh="桃浦智创城")
    firm = file.firm(
        61, "上海虚构晨曦医疗机器人有限公司", in_putuo="no", street_zh="", street_en="", address="上海市宝山区虚构路6号"
    )
    about: dict[str, Any] = {"after": said, "happened_on": date(2026, 11, 17), "evidence": file.said_by(page, said)}
    file.event("e0000000000000061", firm, "arrival_announced", "announced", **about)
    said = "上海虚构泽康医疗科技股份有限公司宣布完成1.2亿元B轮融资，资金用于扩建真如镇的生产基地。"
    page = file.article("a000000000000002", "虚构泽康完成1.2亿元B轮融资", firms=1)
    about = {"category": "expansion", "after": said, "happened_on": None, "evidence": file.said_by(page, said)}
    file.event("e0000000000000062", file.tables["firms"][4]["firm_id"], "financing_raised", "announced", **about)
    said = "上海虚构启明生物医药有限公司实验室新建项目"
    page = file.article("a000000000000003", said, "filing", firms=1, agency="普陀区生态环境局")
    about = {
        "category": "expansion",
        "after": said,
        "happened_on": date(2026, 11, 16),
        "evidence": file.said_by(page, said),
    }
    file.event("e0000000000000063", file.tables["firms"][2]["firm_id"], "project_approved", "filed", **about)


def _documents(file: PublishedFile) -> None:
    plan = file.article(
        "a000000000000010",
        "关于印发《普陀区促进生命健康产业高质量发展行动方案（2026—2028年）》的通知",
        "document",
        agency="普陀区科学技术委员会",
        document_number="普科委〔2026〕3号",
        places_zh="桃浦智创城|中以（上海）创新园",
        places_en="Taopu Smart City|China-Israel Innovation Hub (Shanghai)",
        score=1.0,
    )
    aim = "到2028年，全区生命健康企业超过5000家，产业规模突破200亿元，区级税收比重每年提高1个百分点。"
    file.claim(plan, "firm_count", 5000, "firms", relation="over", is_target=True, year=2028, quote=aim)
    file.claim(plan, "output", 20_000_000_000, "CNY", relation="over", is_target=True, year=2028, quote=aim)
    file.claim(plan, "tax_share", 1, "percentage_points", relation="growth", is_target=True, quote=aim)
    file.article(
        "a000000000000011", "普陀区支持医疗器械注册人若干措施（征求意见稿）", "document", agency="普陀区市场监督管理局"
    )
    for number in range(7):
        file.article(
            f"a00000000000002{number}",
            f"虚构第{number}生物医药研发实验室建设项目环境影响登记表备案",
            "filing",
            agency="普陀区生态环境局",
            published_on=date(2026, 11, 12 + number),
        )


def _news(file: PublishedFile) -> None:
    alliance = file.article(
        "a000000000000030",
        "桃浦生命健康产业联盟举行年会 区内企业达3500家",
        places_zh="桃浦智创城",
        places_en="Taopu Smart City",
        agency="上海普陀",
    )
    said = "目前普陀已集聚生命健康企业3500余家，前十个月区级税收7.51亿元，新增载体6万平方米。"
    file.claim(alliance, "firm_count", 3500, "firms", relation="over", year=2026, quote=said)
    file.claim(alliance, "tax", 751_000_000, "CNY", year=2026, quote=said)
    file.claim(alliance, "area", 60_000, "square_metres", relation="about", quote=said)
    again = file.article("a000000000000031", "普陀交出生命健康成绩单", published_on=date(2026, 11, 19))
    file.claim(again, "firm_count", 3500, "firms", relation="over", year=2026, quote="企业超过3500家。")
    for column in ("32", "33"):
        file.article(f"a0000000000000{column}", "区领导调研清华大学上海国际创新中心 听取生物医药项目进展")
    file.article(
        "a000000000000034",
        "Sino-Israel innovation hub welcomes its sixth class of medical start-ups",
        language="en",
        agency="",
        places_zh="中以（上海）创新园",
        places_en="China-Israel Innovation Hub (Shanghai)",
        score=0.6,
    )
    file.article("a000000000000035", "长风健康论坛开幕", published_on=None, score=0.5)
    file.article("a000000000000036", "桃浦健创园一期竣工", published_on=date(2026, 3, 2))
    for number in range(40, 49):
        file.article(f"a0000000000000{number}", f"虚构路第{number}段道路养护公告", relevant=False)
    file.article("a000000000000050", "桃浦智创城去年的旧闻", is_news=False, published_on=date(2025, 5, 2))


def _nasty_articles(file: PublishedFile, long_name: str) -> None:
    links = (
        "javascript:alert(1)",
        "http://127.0.0.1/admin",
        "http://192.168.1.1/x",
        "file:///etc/passwd",
        "https://user:pw@example.org/",
        "http://printer.local/x",
    )
    for number, url in enumerate(links):
        title = (
            f"<script>alert({number})</script>普陀\u202e康健命生\u202c新闻<img src=x onerror=alert(1)>" + "长" * 10_000
        )
        page = file.article(
            f"nasty-a{number}",
            title,
            ("news", "document", "filing")[number % 3],
            url=url,
            reply_url=url,
            agency="<b>机关</b>\u2066" * 400,
            document_number="VeryLongNumberWithoutAnySpace" * 90,
            places_zh="<i>桃浦</i>|" * 300,
            places_en="<i>Taopu</i>|" * 300,
            reasons="<u>词</u>|" * 2000,
        )
        quote = f"<a href='javascript:alert({number})'>企业{number}00家</a>\u202e" + "W" * 9000
        file.claim(page, "firm_count", number * 100, "firms", quote=quote)
        file.claim(page, "output", 1e300, "CNY", relation="growth", quote=f"产值{number}" + "9" * 9000)
    said = "<script>alert(9)</script>上海\u202e户落\u202c" + "签约" * 5000
    page = file.article("nasty-told", said, url="javascript:alert(2)")
    firm = file.firm(300, long_name + "（签约）", in_putuo="no")
    file.event("nasty-news", firm, "arrival_announced", "announced", after=said, evidence=file.said_by(page, said))
