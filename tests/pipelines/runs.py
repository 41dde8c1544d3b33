"""Run folders made without a crawl, for tests of what the pipelines make of them."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from crawler import clock
from crawler.fields.credit_code import with_check_digits
from crawler.items import (
    Article,
    ArticleKind,
    Disclosure,
    DisclosureKind,
    DisclosureStage,
    Item,
    Licence,
    LicenceKind,
    LicenceStatus,
    Proof,
    Registration,
    Rejected,
    RejectReason,
    Status,
    TextFrom,
)
from crawler.run_folder import ITEMS, Manifest, Outcome, RunFolder, describe_file, runs_folder
from pipelines.load import Loaded, load
from pipelines.store.database import PUBLISHED_NAME, WORKING_NAME

DAY_ONE = datetime.fromisoformat("2026-11-02T02:00:00+08:00")
HERE = "上海市普陀区真南路822弄18号"
THERE = "上海市浦东新区蔡伦路780号"
DEVICES = "第二类医疗器械销售；第三类医疗器械经营"

_DECLARATION = {"publisher_zh": "某局", "title_zh": "摘录", "title_en": "Extract", "proves": ["registered"]}


def code(number: int, division: str = "310199") -> str:
    """The credit code of an invented firm."""
    return with_check_digits("91", division, number)


def firm(number: int, division: str = "310199", **said: Any) -> Registration:
    """An invented device trader in Putuo, registered long ago; `said` overrides any stated field."""
    proof = Proof(
        url="file:///extract.csv",
        fetched_at=clock.stamp(DAY_ONE),
        sha256="0" * 64,
        capture="<urn:uuid:0>",
        line=number,
        parser="t/1",
    )
    uscc = code(number, division)
    values: dict[str, Any] = {
        "uscc": uscc,
        "uscc_raw": uscc,
        "name": f"上海桦序{number}医疗器械有限公司",
        "status": Status.ACTIVE,
        "status_raw": "存续",
        "registered_on": date(2015, 3, 4),
        "registered_on_raw": "2015-03-04",
        "capital": Decimal(5_000_000),
        "capital_currency": "CNY",
        "capital_raw": "500(万元人民币)",
        "scope": DEVICES,
        "address": HERE,
        "proof": proof,
    }
    return Registration(**(values | said))


def registered(day: str) -> dict[str, Any]:
    """The fields of a day of registration."""
    return {"registered_on": date.fromisoformat(day), "registered_on_raw": day}


def capital(wan: int, raw: str | None = None) -> dict[str, Any]:
    """The fields of a capital in 万元 of yuan."""
    return {"capital": Decimal(wan * 10_000), "capital_raw": raw or f"{wan}(万元人民币)"}


def status(word: str, meaning: Status) -> dict[str, Any]:
    """The fields of a status."""
    return {"status": meaning, "status_raw": word}


def put_aside(line: int, uscc: str = "") -> Rejected:
    """A row that a crawler put aside."""
    return Rejected(
        reason=RejectReason.CODE_CHECK if not uscc else RejectReason.NAME_LOOKS_PERSONAL,
        detail="invented",
        uscc=uscc,
        proof=replace(firm(1).proof, line=line),
    )


def article(number: int, title: str = "", *paragraphs: str, **said: Any) -> Article:
    """An article of the invented portal, published on the first day; `said` overrides any stated field."""
    url = f"https://www.example.org/yaowen/20261101/{number}.html"
    values: dict[str, Any] = {
        "article_id": str(number),
        "kind": ArticleKind.NEWS,
        "channel": "1899",
        "url": url,
        "title": title or f"第{number}条消息",
        "published_on": date(2026, 11, 1),
        "published_on_raw": "2026-11-01",
        "language": "zh",
        "text": "\n".join(paragraphs),
        "text_from": TextFrom.BODY if paragraphs else TextFrom.NONE,
        "proof": replace(firm(1).proof, url=url, line=1, parser="portal/1"),
    }
    return Article(**(values | said))


def published(day: str) -> dict[str, Any]:
    """The fields of a day of publication."""
    return {"published_on": date.fromisoformat(day), "published_on_raw": day}


def licence(number: int, **said: Any) -> Licence:
    """A trading licence of the invented firm of that number, without its code; `said` overrides any stated field."""
    printed = f"沪普市监械经营许2024{number:04d}号"
    values: dict[str, Any] = {
        "licence_id": printed,
        "kind": LicenceKind.DEVICE_TRADING,
        "number": printed,
        "holder": f"上海桦序{number}医疗器械有限公司",
        "scope": "三类：6840临床检验分析仪器",
        "address": HERE,
        "authority": "某局",
        "status": LicenceStatus.VALID,
        "status_raw": "有效",
        "granted_on": date(2024, 5, 6),
        "granted_on_raw": "2024-05-06",
        "valid_until": date(2029, 5, 5),
        "valid_until_raw": "2029-05-05",
        "proof": replace(firm(1).proof, url="https://www.example.org/licences", line=number, parser="licences/1"),
    }
    return Licence(**(values | said))


def granted(day: str, until: str = "2031-11-03") -> dict[str, Any]:
    """The fields of a day of issue and a last day."""
    return {
        "granted_on": date.fromisoformat(day),
        "granted_on_raw": day,
        "valid_until": date.fromisoformat(until),
        "valid_until_raw": until,
    }


def disclosure(number: int, kind: DisclosureKind, stage: DisclosureStage, **said: Any) -> Disclosure:
    """What a notice of the first day discloses of the invented firm of that number; `said` overrides any field."""
    url = f"https://www.example.org/notices/{number}.html"
    values: dict[str, Any] = {
        "disclosure_id": f"D{number}",
        "kind": kind,
        "stage": stage,
        "holder": f"上海桦序{number}医疗器械有限公司",
        "title": f"桦序{number}样本研发实验室项目",
        "agency": "某局",
        "published_on": date(2026, 11, 1),
        "published_on_raw": "2026-11-01",
        "url": url,
        "proof": replace(firm(1).proof, url="https://www.example.org/notices", line=number, parser="notices/1"),
    }
    return Disclosure(**(values | said))


def happened(day: str) -> dict[str, Any]:
    """The fields of a day of an act."""
    return {"happened_on": date.fromisoformat(day), "happened_on_raw": day}


@functools.cache
def empty_store() -> bytes:
    """The working database after a load of nothing: the views, whose making takes a third of a load, stand there."""
    with TemporaryDirectory() as home:
        load(Path(home), code_version="test", progress=lambda step, done, total: None)
        return (Path(home) / WORKING_NAME).read_bytes()


class Runs:
    """A data directory and the run folders written into it, a day apart unless told."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._written = 0

    def add(
        self,
        *items: Item,
        day: int | None = None,
        listing: str = "full",
        series: str = "default",
        outcome: Outcome = Outcome.COMPLETE,
        home: Path | None = None,
        source: str = "registry_extract",
        supersedes: RunFolder | None = None,
        replayed: int = 0,
        sweep: str = "",
        closes: bool = True,
        warnings: tuple[str, ...] = (),
        declared: dict[str, Any] | None = None,
    ) -> RunFolder:
        """Writes a finished run of day `day` (0 is 2026-11-02); absence counts after a complete full one.

        What `supersedes` a crawl takes its day, and was read again on day `replayed`. A slice of a `sweep` lists
        everything only where it closes it. `declared` is added to the declaration.
        """
        self._written += 1
        at = DAY_ONE + timedelta(days=self._written - 1 if day is None else day)
        if supersedes is not None:
            at = clock.read_stamp(supersedes.read_manifest().started_at)
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{self._written:06x}"
        folder = RunFolder(runs_folder(home or self.home) / source / name)
        folder.path.mkdir(parents=True)
        lines = [json.dumps(asdict(item), ensure_ascii=False, default=str) for item in items]
        folder.items.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        aside = [item for item in items if isinstance(item, Rejected)]
        folder.write_manifest(
            Manifest(
                run_id=folder.run_id,
                source=source,
                series=series,
                listing=listing,
                outcome=outcome,
                started_at=clock.stamp(at),
                finished_at=clock.stamp(at + timedelta(minutes=1)),
                lists_everything=listing == "full"
                and outcome is Outcome.COMPLETE
                and closes
                and all(item.uscc for item in aside),
                counts={"items": len(items) - len(aside), "rejected": len(aside)},
                files={ITEMS: describe_file(folder.items)},
                declaration=_DECLARATION | (declared or {}),
                sweep=sweep,
                warnings=list(warnings),
                supersedes=supersedes.run_id if supersedes else "",
                replayed_at=clock.stamp(DAY_ONE + timedelta(days=replayed)) if supersedes else "",
            )
        )
        return folder

    def news(self, *items: Item, part: str = "", **how: Any) -> RunFolder:
        """Writes a finished run of the invented portal, or of one part of it."""
        return self.add(*items, source="portal", series="", listing=part, **how)

    def licences(self, *items: Item, **how: Any) -> RunFolder:
        """Writes a finished run of the invented list of licences."""
        return self.add(*items, source="licence_list", series=how.pop("series", ""), **how)

    def disclosures(self, *items: Item, **how: Any) -> RunFolder:
        """Writes a finished run of the invented notices, which never list everything."""
        return self.add(*items, source="notices", series="", listing=how.pop("listing", "new"), **how)

    def load(self, home: Path | None = None, *, accept_loss: bool = False) -> Loaded:
        """Loads what was written, into the store of a home that was loaded once when it had no run."""
        home = home or self.home
        if not (home / WORKING_NAME).exists():
            home.mkdir(parents=True, exist_ok=True)
            (home / WORKING_NAME).write_bytes(empty_store())
        return load(home, code_version="test", progress=lambda step, done, total: None, accept_loss=accept_loss)

    def ask(self, query: str, home: Path | None = None) -> list[tuple[Any, ...]]:
        """Asks the published file, as an analyst does."""
        with duckdb.connect(str((home or self.home) / PUBLISHED_NAME), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def events(self, *columns: str) -> list[tuple[Any, ...]]:
        """The events, in the order we learned of them; by default kind and credit code."""
        shown = ", ".join(columns or ("kind", "uscc"))
        return self.ask(f"SELECT {shown} FROM events ORDER BY discovered_at, uscc, kind")
