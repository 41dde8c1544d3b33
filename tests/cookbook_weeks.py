"""Three invented weeks in which every question of the cookbook has an answer, and the files an analyst then has."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from crawler.items import ArticleKind, DisclosureKind, DisclosureStage, Registration, Status
from crawler.run_folder import Outcome
from pipelines.decisions import LabelDecision, MatchDecision, record_decision
from pipelines.snapshots import FOLDER
from pipelines.store.database import PUBLISHED_NAME
from tests.pipelines.runs import (
    DAY_ONE,
    HERE,
    THERE,
    Runs,
    article,
    capital,
    code,
    disclosure,
    firm,
    granted,
    happened,
    licence,
    published,
    put_aside,
    registered,
    status,
)

NAME = "上海桦序{}医疗器械有限公司"
HUB = "上海市普陀区祁连山路127号2幢"
MOVED = "上海市普陀区武宁路300号"
PARENT = "上海桦序大药房连锁有限公司"
CHAIN = f"{PARENT}真南分店"
UNKNOWN = "上海澜禾样本生物医药有限公司"
SHOPS = range(20, 30)  # firms of other trades in one building
MIXED = "日用百货销售；食品销售；服装服饰零售；办公用品销售；家用电器销售；五金产品零售；第二类医疗器械销售"
ABOUT = "普陀区医疗器械产业又添新动能。"
SNAPSHOT = "putuo-2026-11-16.duckdb"


def build(home: Path) -> Path:
    """The data directory after three weeks, with a snapshot of the second Monday; returns the published file."""
    runs = Runs(home)
    weeks = _Weeks(runs)
    weeks.first()
    weeks.second()
    runs.load(accept_loss=True)
    (home / FOLDER).mkdir()
    shutil.copyfile(home / PUBLISHED_NAME, home / FOLDER / SNAPSHOT)
    weeks.third()
    runs.load()
    return home / PUBLISHED_NAME


def _approved(day: str) -> dict[str, Any]:
    return {"approved_on": date.fromisoformat(day), "approved_on_raw": day}


CLAIMED, TAXED = "目前，普陀区集聚生命健康企业超过3500家。", "2026年1月至10月，全区生命健康产业税收6.2亿元。"
_UNTIL: dict[str, Any] = {"valid_until": date(2027, 1, 15), "valid_until_raw": "2027-01-15"}
LICENCES = (
    licence(1, **_UNTIL),
    licence(2, holder="上海未见医疗器械有限公司"),
    licence(13, holder=NAME.format(12)),
    licence(14, holder=NAME.format(12).removeprefix("上海")),
)
AWARD, AWARDED = DisclosureKind.AWARD, DisclosureStage.AWARDED


class _Weeks:
    """A full list of the registry that changes, a bureau's list of new firms, a portal and a list of licences."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.listed: dict[int, Registration] = {}

    def list_firms(self, day: int, *changed: Registration, gone: int = 0) -> Any:
        """The full list of a day: that of the last one but for these."""
        self.listed |= {int(one.proof.line): one for one in changed}
        self.listed.pop(gone, None)
        return self.runs.add(*self.listed.values(), day=day)

    def first(self) -> None:
        """2 to 8 November: first readings, a raise of capital, a licence, financing in the news."""
        self.runs.add(firm(30), day=-70, series="bureau", listing="new")
        shops = [firm(number, name=f"上海桦序{number}百货有限公司", scope="日用百货销售") for number in SHOPS]
        mixed = [firm(number, name=f"上海桦序{number}科技有限公司", scope=MIXED) for number in (8, 9)]
        elsewhere = [firm(number, address=THERE) for number in (4, 13)]
        drugs = firm(3, name="上海桦序3医药有限公司", scope="药品批发")
        self.list_firms(0, firm(1), firm(2), drugs, *elsewhere, *mixed, *shops)
        self.runs.news(article(900, "旧闻", "一条与产业无关的旧闻。", **published("2026-09-01")), day=0)
        self.runs.licences(*LICENCES[:3], day=1)
        self.runs.disclosures(disclosure(80, AWARD, AWARDED, **published("2026-06-01")), day=1)
        funded = f"近日，{NAME.format(1)}宣布完成A轮融资，融资金额1亿元。"
        known_here = f"{NAME.format(2)}签约落户普陀区桃浦智创城。"
        self.runs.news(
            article(1, "融资", ABOUT, funded, **published("2026-11-04")),
            article(2, "签约", known_here, **published("2026-11-04")),
            *(
                article(number, "签约", f"{NAME.format(number)}签约落户普陀区桃浦智创城。", **published("2026-11-04"))
                for number in (4, 13)
            ),
            day=3,
        )
        self.list_firms(5, firm(1, **capital(800)))

    def second(self) -> None:
        """9 to 15 November: a move, a late word, a misreading and its replay, a policy and a claim."""
        self.list_firms(8, firm(5, address=HUB, **registered("2026-11-05")), firm(4, "310199", address=MOVED))
        right = self.listed[2]
        misread = self.list_firms(9, firm(2, **capital(5000, raw="500.0(万元人民币)")))
        self.runs.load()
        better = {**self.listed, 2: right}
        self.runs.add(*better.values(), supersedes=misread, replayed=10)
        self.listed[2] = right
        self.runs.add(firm(1, address=MOVED, **_approved("2026-10-20")), day=11, series="bureau", listing="new")
        self.runs.news(
            article(1, "融资（更正）", ABOUT, "此前消息有误。", **published("2026-11-04")),
            article(
                5,
                "普陀区促进生命健康产业发展的若干意见",
                "支持普陀区医疗器械企业。",
                kind=ArticleKind.DOCUMENT,
                document_number="普府规〔2026〕1号",
                **published("2026-11-10"),
            ),
            article(6, "普陀区生命健康产业", CLAIMED, TAXED, **published("2026-11-12")),
            day=11,
        )

    def third(self) -> None:
        """16 to 22 November: arrivals, departures, rows put aside, a portal that broke off, decisions."""
        branch = firm(6, "310108", name=CHAIN, scope="药品零售；第二类医疗器械销售", **registered("2026-11-10"))
        arrived = (firm(number, **registered("2026-11-12")) for number in (11, 12))
        self.list_firms(14, branch, *arrived, firm(7, "310115"))
        self.list_firms(16, firm(2, **capital(600)), firm(1, **capital(800), **status("注销", Status.DEREGISTERED)))
        self.list_firms(18, gone=3)
        wider = licence(13, holder=NAME.format(12), address=f"{HERE}；{MOVED}")
        self.runs.licences(
            *LICENCES[:2], wider, LICENCES[3], licence(52, holder=NAME.format(2), **granted("2026-11-14")), day=17
        )
        won = {"amount": Decimal(1_234_500), "currency": "CNY", "amount_raw": "123.45万元", **happened("2026-11-16")}
        self.runs.disclosures(
            disclosure(2, AWARD, AWARDED, title="样本医院超声设备采购项目", **won),
            disclosure(81, AWARD, AWARDED, holder="上海未见样本医疗器械有限公司", **won),
            disclosure(5, DisclosureKind.EIA, DisclosureStage.APPROVED, address=HUB, **happened("2026-11-17")),
            day=17,
        )
        parent = firm(50, name=PARENT, address=THERE, scope="药品零售")
        aside = (put_aside(1, code(40)), put_aside(2), put_aside(3))
        self.runs.add(parent, *aside, day=17, series="bureau", listing="new")
        settles = f"普陀区桦序医谷今天开园。{UNKNOWN}签约落户普陀区桃浦智创城。"
        self.runs.news(article(7, "消息", ABOUT, settles), day=16, outcome=Outcome.PARTIAL)
        judged = {"who": "analyst", "when": DAY_ONE + timedelta(days=17), "why": "桦序8只做软件"}
        record_decision(self.runs.home, LabelDecision(uscc=code(8), grade="none", sub_sector="none", **judged))
        meant = judged | {"why": "简称"}
        record_decision(self.runs.home, MatchDecision(name="桦序器械", uscc=code(2), verdict="same", **meant))
