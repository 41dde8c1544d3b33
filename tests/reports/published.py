"""Builds a small real published database: the tables `reports` may rely on, with invented firms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from reports.weeks import SHANGHAI

# What `claim` changes in the comparison alone.
_COMPARED = (
    *("about_day", "history_begins", "not_countable", "counted_by", "counted_on", "core", "counted"),
    *("registered_by_then", "why_differ", "said_by", "since", "until"),
)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_SCHEMA = """
CREATE TABLE firms (
     firm_id VARCHAR, uscc VARCHAR, name VARCHAR, grade VARCHAR, sub_sector VARCHAR, secondary
    VARCHAR, score DOUBLE, label_evidence VARCHAR, label_decided_by VARCHAR, rules_version VARCHAR,
    in_putuo VARCHAR, place_reason VARCHAR, district VARCHAR, street VARCHAR, street_zh VARCHAR,
    street_en VARCHAR, park VARCHAR, park_zh VARCHAR, park_en VARCHAR, address VARCHAR,
    shared_address BOOLEAN, firms_at_address BIGINT, is_branch BOOLEAN, parent_name VARCHAR, legal_form
    VARCHAR, status VARCHAR, registered_on DATE, capital DECIMAL(20,4), capital_currency VARCHAR,
    capital_raw VARCHAR, scope VARCHAR, first_known_at TIMESTAMP, last_seen_at TIMESTAMP, source
    VARCHAR, series VARCHAR, url VARCHAR, line BIGINT, run_id VARCHAR);
CREATE TABLE events (
     event_id VARCHAR, category VARCHAR, kind VARCHAR, basis VARCHAR, firm_id VARCHAR, uscc VARCHAR,
    name VARCHAR, grade VARCHAR, sub_sector VARCHAR, happened_on DATE, discovered_on DATE,
    discovered_at TIMESTAMP, before VARCHAR, after VARCHAR, confirms VARCHAR, confirmed_by VARCHAR, aliases VARCHAR,
    evidence VARCHAR);
CREATE TABLE sources (
     source VARCHAR, series VARCHAR, publisher VARCHAR, title_zh VARCHAR, title_en VARCHAR, proves
    VARCHAR, cadence VARCHAR, lists_everything BOOLEAN, capture VARCHAR, first_run_at TIMESTAMP,
    last_run_at TIMESTAMP, last_outcome VARCHAR, last_reason VARCHAR, last_complete_at TIMESTAMP,
    runs BIGINT);
CREATE TABLE runs (
     run_id VARCHAR, source VARCHAR, series VARCHAR, listing VARCHAR, outcome VARCHAR, reason
    VARCHAR, started_at TIMESTAMP, finished_at TIMESTAMP, items BIGINT, rows BIGINT, rejected BIGINT, requests
    BIGINT, folder VARCHAR, code_version VARCHAR, parser VARCHAR, is_baseline BOOLEAN, warnings VARCHAR);
CREATE TABLE quarantine (
     run_id VARCHAR, source VARCHAR, series VARCHAR, line BIGINT, reason VARCHAR, detail VARCHAR,
    uscc VARCHAR, name VARCHAR, url VARCHAR, discovered_on DATE);
CREATE TABLE articles (
     article_id VARCHAR, source VARCHAR, series VARCHAR, source_id VARCHAR, kind VARCHAR, channel
    VARCHAR, title VARCHAR, url VARCHAR, published_on DATE, agency VARCHAR, document_number VARCHAR,
    index_number VARCHAR, language VARCHAR, relevant BOOLEAN, score DOUBLE, reasons VARCHAR,
    places_zh VARCHAR, places_en VARCHAR, firms BIGINT, is_news BOOLEAN, discovered_on DATE,
    discovered_at TIMESTAMP, last_seen_at TIMESTAMP, text VARCHAR, text_from VARCHAR, run_id VARCHAR,
    reply_url VARCHAR, line BIGINT, fetched_at TIMESTAMP, sha256 VARCHAR, capture VARCHAR);
CREATE TABLE claims (
     claim_id VARCHAR, article_id VARCHAR, measure VARCHAR, value DOUBLE, unit VARCHAR, relation
    VARCHAR, is_target BOOLEAN, year INTEGER, quote VARCHAR, subject VARCHAR, scope VARCHAR, place VARCHAR,
    place_zh VARCHAR, place_en VARCHAR, title VARCHAR, url VARCHAR, published_on DATE, source VARCHAR,
    agency VARCHAR, is_news BOOLEAN, discovered_on DATE, discovered_at TIMESTAMP);
CREATE TABLE claims_compared (
     claim_id VARCHAR, article_id VARCHAR, measure VARCHAR, subject VARCHAR, scope VARCHAR, place
    VARCHAR, place_zh VARCHAR, place_en VARCHAR, value DOUBLE, unit VARCHAR, relation VARCHAR, is_target
    BOOLEAN, year INTEGER, since DATE, until DATE, about_day DATE, history_begins DATE, not_countable
    VARCHAR, counted_by VARCHAR, counted_on DATE, core BIGINT, counted BIGINT, registered_by_then BIGINT,
    branches BIGINT, at_shared_address BIGINT, why_differ VARCHAR, quote VARCHAR, said_by VARCHAR,
    word_of VARCHAR, title VARCHAR, url VARCHAR, published_on DATE, source VARCHAR, series VARCHAR,
    is_news BOOLEAN, discovered_on DATE);
CREATE TABLE release (
     published_at TIMESTAMP, code_version VARCHAR, rules_version VARCHAR, gazetteer_version VARCHAR,
    content_hash VARCHAR);
"""

SOURCE, SERIES = "registry_extract", "bureau"
URL = "https://data.example.com/2026/extract.csv"
PORTAL = "putuo_portal"


def shanghai(text: str) -> datetime:
    """`2026-11-20 02:10` as read off a clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


MONDAY_MORNING = shanghai("2026-11-23 05:30")
FRIDAY_NIGHT = shanghai("2026-11-20 02:10")


def credit_code(number: int) -> str:
    """A credit code of division 310199, which no firm has; check digits are right (GB 32100, GB 11714)."""
    organisation = f"{number:08}"
    rest = 11 - sum(int(c) * w for c, w in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)) % 11
    code = f"91310199{organisation}{'X' if rest == 10 else rest % 11}"
    total = sum(_ALPHABET.index(c) * w for c, w in zip(code, _WEIGHTS, strict=True))
    return code + _ALPHABET[(31 - total % 31) % 31]


def exhibit(role: str, record: dict[str, str] | None, **changes: Any) -> dict[str, Any]:
    """One piece of evidence, as the store writes it."""
    piece = {
        "role": role,
        "observation_id": f"o-{role}",
        "source": SOURCE,
        "series": SERIES,
        "publisher": "普陀区市场监督管理局",
        "run_id": f"{SOURCE}/20261119T181000Z-aa",
        "folder": f"runs/{SOURCE}/20261119T181000Z-aa",
        "url": URL,
        "line": 17,
        "fetched_at": "2026-11-19T18:10:00Z",
        "sha256": "5e" * 32,
        "capture": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
    }
    return piece | ({} if record is None else {"record": record}) | changes


@dataclass
class PublishedFile:
    """What a published database is to hold; `write` makes the file."""

    published_at: datetime = MONDAY_MORNING
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def firm(self, number: int, name: str, **changes: Any) -> str:
        """Adds a core device firm in Taopu, but for `changes`; returns its id."""
        uscc = credit_code(number)
        firm = {
            "firm_id": f"CN-{uscc}",
            "uscc": uscc,
            "name": name,
            "grade": "core",
            "sub_sector": "medical_devices",
            "secondary": "",
            "score": 0.9,
            "label_evidence": "name:医疗器械 (name.devices); scope:第三类医疗器械经营 (scope.devices)",
            "label_decided_by": "rules",
            "in_putuo": "yes",
            "district": "310107",
            "street": "310107103",
            "street_zh": "桃浦镇",
            "street_en": "Taopu Town",
            "park_zh": "",
            "park_en": "",
            "address": "上海市普陀区虚构路1号",
            "shared_address": False,
            "firms_at_address": 1,
            "is_branch": False,
            "parent_name": "",
            "status": "active",
            "registered_on": date(2026, 11, 12),
            "capital": Decimal(5_000_000),
            "capital_currency": "CNY",
            "capital_raw": "500万元",
            "first_known_at": FRIDAY_NIGHT,
        }
        self._add("firms", firm | changes)
        return f"CN-{uscc}"

    def event(
        self,
        event_id: str,
        firm_id: str,
        kind: str = "registered",
        basis: str = "first_listed",
        *,
        category: str = "arrival",
        discovered_at: datetime = FRIDAY_NIGHT,
        evidence: list[dict[str, Any]] | None = None,
        **changes: Any,
    ) -> str:
        """Adds an event of a firm added before; returns its id."""
        firm = next(row for row in self.tables["firms"] if row["firm_id"] == firm_id)
        if evidence is None:
            evidence = [exhibit("after", {"uscc": firm["uscc"], "name": firm["name"] or ""})]
        event = {name: firm[name] for name in ("firm_id", "uscc", "name", "grade", "sub_sector")} | {
            "event_id": event_id,
            "category": category,
            "kind": kind,
            "basis": basis,
            "happened_on": date(2026, 11, 12),
            "discovered_on": discovered_at.astimezone(SHANGHAI).date(),
            "discovered_at": discovered_at,
            "evidence": json.dumps(evidence, ensure_ascii=False),
        }
        self._add("events", event | changes)
        return event_id

    def arrival(self, number: int, name: str, event_id: str = "", **changes: Any) -> str:
        """Adds a firm and its registration; returns the event's id."""
        discovered_at = changes.pop("discovered_at", FRIDAY_NIGHT)
        happened_on = changes.pop("happened_on", date(2026, 11, 12))
        return self.event(
            event_id or f"e{number:016x}",
            self.firm(number, name, **changes),
            discovered_at=discovered_at,
            happened_on=happened_on,
        )

    def article(self, article_id: str, title: str, kind: str = "news", **changes: Any) -> str:
        """Adds an article about life-health, found on Friday night, but for `changes`; returns its id."""
        discovered_at = changes.pop("discovered_at", FRIDAY_NIGHT)
        article = {
            "article_id": article_id,
            "source": PORTAL,
            "series": "",
            "source_id": article_id,
            "kind": kind,
            "title": title,
            "url": f"https://www.example.org/{kind}/{article_id}.html",
            "published_on": date(2026, 11, 18),
            "agency": "",
            "document_number": "",
            "index_number": "",
            "language": "zh",
            "relevant": True,
            "score": 0.8,
            "reasons": "桃浦|生命健康",
            "places_zh": "",
            "places_en": "",
            "firms": 0,
            "is_news": True,
            "discovered_on": discovered_at.astimezone(SHANGHAI).date(),
            "discovered_at": discovered_at,
            "last_seen_at": discovered_at,
            "run_id": f"{PORTAL}/20261119T190000Z-bb",
            "reply_url": "https://www.example.org/front/api/data/affair",
            "line": 3,
            "fetched_at": shanghai("2026-11-20 02:09"),
            "sha256": "7a" * 32,
            "capture": "<urn:uuid:00000000-0000-4000-8000-000000000002>",
        }
        self._add("articles", article | changes)
        return article_id

    def claim(self, article_id: str, measure: str, value: float, unit: str, **changes: Any) -> str:
        """Adds a claim of an article added before, and beside it a count of ours if it is one; returns its id."""
        article = next(row for row in self.tables["articles"] if row["article_id"] == article_id)
        claim_id = f"c{len(self.tables.get('claims', ())):016x}"
        shared = ("article_id", "title", "url", "published_on", "source", "agency")
        claim = {name: article[name] for name in (*shared, "is_news", "discovered_on", "discovered_at")} | {
            "claim_id": claim_id,
            "measure": measure,
            "value": value,
            "unit": unit,
            "relation": "exactly",
            "is_target": False,
            "year": None,
            "quote": "",
            "subject": "life_health",
            "scope": "district",
        }
        of_claim = {name: changes[name] for name in changes if name not in _COMPARED}
        self._add("claims", claim | of_claim)
        self._compare(claim | of_claim, article, changes)
        return claim_id

    def _compare(self, claim: dict[str, Any], article: dict[str, Any], changes: dict[str, Any]) -> None:
        counts = claim["measure"] == "firm_count" and claim["unit"] == "firms" and claim["relation"] != "growth"
        on = claim["published_on"] or claim["discovered_on"]
        row = {name: claim[name] for name in claim if name not in ("agency", "discovered_at")} | {
            "about_day": date(claim["year"], 12, 31) if claim["is_target"] and claim["year"] else on,
            "history_begins": date(2026, 10, 5),
            "said_by": claim["agency"] or "普陀区人民政府",
            "word_of": "agency" if claim["agency"] else "publisher",
            "series": article["series"],
        }
        ours = {
            "counted_by": "as_of",
            "counted_on": on,
            "core": 9,
            "counted": 11,
            "branches": 1,
            "at_shared_address": 2,
            "why_differ": "definition|registers|tax_district|institutions|branches|shared_address",
        }
        reason = claim["measure"] if claim["measure"] not in ("firm_count", "new_firm_count") else "period_not_told"
        row |= ours if counts else {"not_countable": "growth" if claim["relation"] == "growth" else reason}
        self._add("claims_compared", row | {name: changes[name] for name in changes if name in _COMPARED})

    def said_by(self, article_id: str, quote: str) -> list[dict[str, Any]]:
        """The evidence of an event that an article added before tells in a sentence."""
        article = next(row for row in self.tables["articles"] if row["article_id"] == article_id)
        record = {
            "title": article["title"],
            "published_on": str(article["published_on"] or ""),
            "agency": article["agency"],
            "document_number": article["document_number"],
            "quote": quote,
            "page": article["url"],
        }
        place = {"source": PORTAL, "series": "", "url": article["reply_url"], "observation_id": article_id}
        return [exhibit("after", record, **place, run_id=article["run_id"], publisher="普陀区人民政府")]

    def source(self, source: str = SOURCE, series: str = SERIES, **changes: Any) -> None:
        """Adds a source that runs every night and was first run in October."""
        row = {
            "source": source,
            "series": series,
            "publisher": "普陀区市场监督管理局",
            "title_zh": "企业登记名录",
            "title_en": "Register of enterprises",
            "cadence": "0 2 * * *",
            "lists_everything": True,
            "first_run_at": shanghai("2026-10-05 02:00"),
        }
        self._add("sources", row | changes)

    def run(self, outcome: str, at: datetime, source: str = SOURCE, series: str = SERIES, **changes: Any) -> str:
        """Adds a run that finished `at`; returns its id."""
        run_id = f"{source}/{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{len(self.tables.get('runs', ()))}"
        row = {
            "run_id": run_id,
            "source": source,
            "series": series,
            "outcome": outcome,
            "reason": "",
            "started_at": at - timedelta(minutes=5),
            "finished_at": at,
            "items": 0 if outcome == "missed" else 3000,
            "rows": None if outcome == "missed" else 3000,
        }
        self._add("runs", row | changes)
        return run_id

    def good_week(self, monday: date = date(2026, 11, 16), source: str = SOURCE, series: str = SERIES) -> None:
        """Adds a complete run for each night of the week that begins on `monday`."""
        for day in range(1, 8):
            self.run("complete", shanghai(f"{monday + timedelta(days=day)} 02:10"), source, series)

    def put_aside(self, run_id: str, reason: str, line: int, **changes: Any) -> None:
        """Adds a row put aside in a run."""
        row = {"run_id": run_id, "source": SOURCE, "series": SERIES, "line": line, "reason": reason}
        self._add("quarantine", row | {"uscc": "", "name": ""} | changes)

    def relabel(self, firm_id: str, grade: str, sub_sector: str) -> None:
        """Judges a firm anew, as a person or better rules would."""
        for table in ("firms", "events"):
            for row in self.tables.get(table, ()):
                if row["firm_id"] == firm_id:
                    row |= {"grade": grade, "sub_sector": sub_sector}

    def write(self, path: Path) -> Path:
        """Makes the file, in the place of an older one."""
        release = {
            "published_at": self.published_at,
            "code_version": "0.1.0",
            "rules_version": "rules/3",
            "gazetteer_version": "gazetteer/2",
            "content_hash": "c0ffee" * 10,
        }
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(_SCHEMA)
            for table, rows in (*self.tables.items(), ("release", [release])):
                for row in rows:
                    names, values = ", ".join(row), [_naive_utc(value) for value in row.values()]
                    marks = ", ".join("?" * len(row))
                    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
        return path

    def _add(self, table: str, row: dict[str, Any]) -> None:
        self.tables.setdefault(table, []).append(row)


def _naive_utc(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
