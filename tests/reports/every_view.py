"""A published file, made by the loader, in which no view is empty: what holds of it holds of every view."""

from __future__ import annotations

from pathlib import Path

from crawler.items import ArticleKind, DisclosureKind, DisclosureStage
from pipelines.decisions import LabelDecision, record_decision
from pipelines.store.database import PUBLISHED_NAME
from tests.pipelines.runs import (
    DAY_ONE,
    Runs,
    article,
    capital,
    code,
    disclosure,
    firm,
    granted,
    licence,
    put_aside,
    registered,
)
from tests.pipelines.runs import published as published_on

FORMULA = "=HYPERLINK(\"https://example.org\")&'二类医疗器械'"  # a scope that a spreadsheet must not run
TWO_LINES = '第二类医疗器械销售；\n“进出口”, "代理"'


def publish_every_view(home: Path) -> Path:
    """Arrivals, expansions, departures, some taken back; news, a policy, a claim, an unknown park, licences."""
    runs, days = Runs(home), range(1, 9)
    runs.add(*(firm(n) for n in days), day=0)
    arrived = (firm(9, **registered("2026-11-01")), firm(10, scope=FORMULA), firm(11, scope=TWO_LINES))
    misread = runs.add(firm(1, **capital(800)), *(firm(n) for n in range(2, 9)), *arrived, day=1)
    runs.add(firm(1), firm(2, **capital(900)), *(firm(n) for n in range(3, 8)), *arrived, day=2)
    runs.add(put_aside(1, code(20)), listing="new", day=3)
    runs.news(article(900, "旧闻", "普陀区桦序医谷开园。", **published_on("2026-09-01")), day=0)
    name = "上海桦序1医疗器械有限公司"
    runs.news(
        article(1, f"{name}完成融资", f"近日，{name}宣布完成A轮融资，融资金额1亿元。", **published_on("2026-11-03")),
        article(2, "普陀区生命健康产业再上新台阶", "到2028年，全区生命健康产业规模力争突破200亿元。"),
        article(3, "普陀区促进生命健康产业发展的若干意见", "支持普陀区医疗器械企业。", kind=ArticleKind.DOCUMENT),
        day=2,
    )
    # A firm that no register shows, a core name alone, a branch and its parent.
    unknown = "上海澜禾样本生物医药有限公司签约落户普陀区桃浦智创城。普陀区企业桦序样本7走进校园。"
    runs.news(article(4, "普陀区生命健康产业新闻", unknown, **published_on("2026-11-04")), day=3)
    parent = "上海样本禾丰大药房连锁有限公司"
    runs.add(firm(30, name=parent), firm(31, name=f"{parent}真南分店"), series="chains", listing="new", day=3)
    runs.licences(licence(3, holder="桦序1医疗器械", uscc=""), day=4)
    runs.licences(licence(1), day=1)
    runs.licences(licence(1, scope="三类：6821医用电子仪器设备"), licence(2, **granted("2026-11-03")), day=3)
    notices = {"warnings": ("agency: 10 % filled, 90 % before",), "sweep": "20261102"}
    runs.disclosures(disclosure(1, DisclosureKind.AWARD, DisclosureStage.AWARDED), day=1, **notices)
    runs.add(*(firm(n) for n in days), *arrived, supersedes=misread, replayed=6)
    said = {"who": "analyst", "when": DAY_ONE, "why": "its licence says so"}
    judged = {"kind": "label", "uscc": code(2), "grade": "core", "sub_sector": "medical_devices"}
    record_decision(home, LabelDecision.model_validate(judged | said))
    runs.load()
    return home / PUBLISHED_NAME
