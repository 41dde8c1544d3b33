"""Every source the whole way: its fixture crawled over loopback, loaded, and told as the event that it is proof of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.store.database import PUBLISHED_NAME
from tests.crawler.crawling import SETTINGS, scrapy
from tests.crawler.extracts import HEADER, code, csv_of
from tests.fixtures.case import FIXTURES, Case, Site, read_case
from tests.replica.server import Replica

BEFORE, NIGHT, NEXT_SWEEP = "2026-11-18T02:00+08:00", "2026-11-20T03:00+08:00", "2026-12-19T03:00+08:00"
DEALERS, TRIALS = "mpa_device_dealers", "clinical_trials"
SOURCES = (
    *(DEALERS, "mpa_drug_dealers", "mpa_products", "eia_city", "eia_disclosure", "procurement_awards", "cninfo"),
    *("gleif", TRIALS),
)
# A first reading tells only what is of the last 14 days; these products were registered on the 5th.
EARLIER = {"mpa_products": "2026-11-18T22:00+08:00"}
# Granted in October, which a first reading takes for a state; these days it is news.
_OCTOBER, _NOVEMBER = b"1791734400000", b"1794412800000"
_STEPS = {
    "关于向特定对象<em>发行股票</em>募集说明书（申报稿）": "向特定对象发行股票发行结果暨股本变动公告",
    "独立董事2025年度述职报告": "首次公开发行股票并在科创板上市公告书",
}
_SPONSOR = "Shanghai Sample 1 Pharmaceutical Co., Ltd."


@dataclass(frozen=True)
class Told:
    """What the database and the briefing tell."""

    home: Path
    events: list[dict[str, Any]]

    def kinds(self, basis: str) -> set[str]:
        return {event["kind"] for event in self.events if event["basis"] == basis}

    def of(self, kind: str) -> dict[str, Any]:
        return next(event for event in self.events if event["kind"] == kind)


def case_of(source: str) -> Case:
    """The main case of a source, on the days of this journey."""
    case = read_case(FIXTURES / source / "main")
    bodies = tuple(body.replace(_OCTOBER, _NOVEMBER) for body in case.bodies)
    return replace(case, bodies=bodies)


def retitled(case: Case) -> Case:
    """Two of a listed firm's announcements of these days as steps of its growth."""
    bodies = [body.decode() for body in case.bodies]
    for plain, step in _STEPS.items():
        bodies = [body.replace(plain, step) for body in bodies]
    return replace(case, bodies=tuple(body.encode() for body in bodies))


def next_sweep(case: Case) -> Case:
    """The dealers' list a month later: one is gone from it, one has a further warehouse."""
    pages = [json.loads(body) for body in case.bodies]
    rows = pages[-1]["rowData"]
    rows[0]["CFDZ"] += "；上海市普陀区样本支路9号仓库"
    pages[0]["rowData"][8] = {
        **rows[-1],
        "ZSBH": "沪普药监械经营许20269999号",
        "QYMC_ZW": "上海样本新设医疗器械有限公司",
    }
    return replace(case, bodies=tuple(json.dumps(page, ensure_ascii=False).encode() for page in pages))


def holders(cases: Iterable[Case]) -> list[str]:
    """Every organisation that a case's items name in Chinese."""
    named = {item.get("holder", "") for case in cases for item in case.expected}
    return sorted(name for name in named if re.search("[\u4e00-\u9fff]", name) and "[" not in name)


def extract(names: Iterable[str]) -> bytes:
    """The district's full list, on which each of them has been for years."""
    rows = (
        (name, code(at), "2018-03-05", "500万元人民币", "医疗器械经营；技术开发。", f"上海市普陀区真南路{at}号", "存续")
        for at, name in enumerate(names, start=100)
    )
    return csv_of(HEADER, *rows)


def crawl(home: Path, case: Case, now: str) -> None:
    with Replica(Site(case).routes()) as site:
        stand_ins = "".join(f'"{host}" = "{site.url()}"\n' for host in case.hosts)
        arguments = [word for name, value in case.arguments.items() for word in ("-a", f"{name}={value}")]
        settings = f"{SETTINGS}[crawl.stand_ins]\n{stand_ins}"
        done = scrapy(home, "crawl", case.source, "--now", now, *arguments, settings=settings)
    assert done.exitcode == 0, f"{case.label}: {done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    home = tmp_path_factory.mktemp("proofs")
    sites = {source: case_of(source) for source in SOURCES}
    # The firm whose trial it is is known by its English name, which GLEIF alone states.
    sites["gleif"] = replace(
        sites["gleif"],
        bodies=tuple(
            re.sub(rb"Shanghai Sample 1 Medical[^\"]*", _SPONSOR.encode(), body) for body in sites["gleif"].bodies
        ),
    )
    sites["cninfo"] = retitled(sites["cninfo"])
    list_ = home / "extract.csv"
    list_.write_bytes(extract(holders(sites.values())))
    said = ("-a", f"path={list_}", "-a", "listing=full")
    assert scrapy(home, "crawl", "registry_extract", *said, "--now", BEFORE).exitcode == 0
    for case in sorted(sites.values(), key=lambda case: case.source not in EARLIER):
        crawl(home, case, EARLIER.get(case.source, NIGHT))
    crawl(home, next_sweep(sites[DEALERS]), NEXT_SWEEP)
    loaded = scrapy(home, "load", "--now", "2026-12-19T04:00+08:00")
    assert loaded.exitcode == 0, loaded.stdout + loaded.stderr
    with duckdb.connect(str(home / PUBLISHED_NAME), read_only=True) as connection:
        found = connection.execute("SELECT * FROM events ORDER BY discovered_at, event_id")
        names = [column[0] for column in found.description]
        events = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return Told(home, events)


def test_licences_are_granted_and_premises_added_and_what_a_whole_sweep_lacks_has_lapsed(told: Told) -> None:
    assert {"licence_granted", "premises_added", "product_approved"} <= told.kinds("licensed")
    lapsed = told.of("licence_lapsed")
    assert lapsed["basis"] == "not_listed"
    assert told.of("premises_added")["after"].endswith("样本支路9号仓库")


def test_projects_awards_announcements_and_trials_are_told(told: Told) -> None:
    expected = {"project_approved", "contract_won", "listing_step", "capital_raised", "trial_started"}
    assert expected <= told.kinds("disclosed")


def test_gleif_gives_names_and_no_arrival_of_an_old_firm(told: Told) -> None:
    with duckdb.connect(str(told.home / PUBLISHED_NAME), read_only=True) as connection:
        named = connection.execute("SELECT count(*) FROM firms WHERE name_en <> ''").fetchone()
    assert named is not None
    assert named[0] > 0
    assert {event["kind"] for event in told.events if event["category"] == "arrival"} <= {"registered"}


def test_every_event_leads_to_the_bytes_that_prove_it(told: Told) -> None:
    for kind in ("licence_granted", "licence_lapsed", "contract_won", "trial_started"):
        done = scrapy(told.home, "why", told.of(kind)["event_id"], "--now", "2026-12-19T05:00+08:00")
        assert done.exitcode == 0, f"{kind}: {done.stdout}{done.stderr}"


def test_the_week_tells_them_in_both_languages(told: Told) -> None:
    done = scrapy(told.home, "weekly", "--week", "2026-W47", "--lang", "both", "--now", "2026-12-19T05:00+08:00")
    assert done.exitcode == 0, done.stdout + done.stderr
    issue = told.home / "issues" / "2026-W47"
    zh, en = ((issue / f"briefing.{language}.html").read_text(encoding="utf-8") for language in ("zh", "en"))
    assert "中标" in zh
    assert "Contract won" in en
