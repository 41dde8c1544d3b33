"""Every question of the cookbook is answered by a published file, and the answers are the right ones."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.snapshots import FOLDER
from pipelines.store.database import PUBLISHED_NAME
from tests.cookbook_weeks import CHAIN, CLAIMED, HUB, MOVED, NAME, PARENT, SNAPSHOT, TAXED, UNKNOWN, build
from tests.pipelines.runs import HERE, THERE

DOCS = Path(__file__).parents[1] / "docs"
COOKBOOK = (DOCS / "cookbook.md").read_text(encoding="utf-8")
DICTIONARY = (DOCS / "data-dictionary.md").read_text(encoding="utf-8")
CHAPTER = re.compile(
    r"^### (?P<asked>[^\n]+?) \((?P<in_chinese>[^()\n]+)\)\n\n(?P<how_to_read>(?!```)[^#\n][^#]+?)\n\n"
    r"```(?P<language>\w+)\n(?P<block>.+?)```\n",
    re.MULTILINE | re.DOTALL,
)
CHAPTERS = {found["asked"]: found for found in CHAPTER.finditer(COOKBOOK)}
QUERIES = {asked: found["block"] for asked, found in CHAPTERS.items() if found["language"] == "sql"}
DEVICES, DRUGS, REGISTRY = "medical_devices", "pharma_distribution", "registry_extract"
N = {number: NAME.format(number) for number in range(1, 31)}
DRUG_FIRM, MIXED_FIRM = "上海桦序3医药有限公司", "上海桦序8科技有限公司"
PLAIN = re.compile(r"VARCHAR|BIGINT|INTEGER|DOUBLE|BOOLEAN|DATE|TIMESTAMP|DECIMAL\(\d+,\d+\)")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    build(home)
    return home


def placed(block: str, home: Path, folder: Path) -> str:
    """A block with the test's files in place of the reader's."""
    block = block.replace("'arrivals.parquet'", f"'{folder / 'arrivals.parquet'}'")
    return re.sub(r"(['\"])var/", rf"\g<1>{home}/", block)


def ask(block: str, home: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    """The answer to a block, asked as its reader does: in the published file, or beside it where he attaches it."""
    attaches = "ATTACH" in block
    connection = duckdb.connect() if attaches else duckdb.connect(str(home / PUBLISHED_NAME), read_only=True)
    return connection.execute(placed(block, home, folder))


def shown(value: Any) -> Any:
    """A value as a reader sees it."""
    if isinstance(value, Decimal):
        return int(value)
    return str(value) if isinstance(value, date | datetime) else value


# ---------------------------------------------------------------------------------------------------- the cookbook


def test_it_answers_two_dozen_questions_in_both_languages() -> None:
    assert len(CHAPTERS) >= 24
    assert len(CHAPTERS) == len(re.findall(r"^### ", COOKBOOK, re.MULTILINE)), (
        "a chapter lacks its Chinese, its prose or its block"
    )
    assert [asked for asked, found in CHAPTERS.items() if not re.search("[\u4e00-\u9fff]", found["in_chinese"])] == []


def test_all_it_says_is_valid_by_the_names_of_files_that_there_are(home: Path) -> None:
    files = set(re.findall(r"['\"`]var/([^'\"`]+)['\"`]", COOKBOOK + DICTIONARY))
    assert files == {PUBLISHED_NAME, f"{FOLDER}/{SNAPSHOT}", "decisions.jsonl"}
    assert [file for file in files if not (home / file).exists()] == []


@pytest.mark.parametrize("asked", QUERIES)
def test_every_question_is_answered_in_plain_types(asked: str, home: Path, tmp_path: Path) -> None:
    with ask(QUERIES[asked], home, tmp_path) as answer:
        assert [str(kind) for _, kind, *_ in answer.description or () if not PLAIN.fullmatch(str(kind))] == []
        assert answer.fetchall() != []


def test_what_is_handed_on_is_whole(home: Path, tmp_path: Path) -> None:
    with ask(QUERIES["How do I hand a table to others?"], home, tmp_path) as answer:
        assert answer.fetchall() == [(8,)]
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT name FROM '{tmp_path / 'arrivals.parquet'}'").fetchall()
    assert sorted(name for (name,) in found) == sorted([N[4], N[4], N[5], N[7], N[11], N[12], N[13], CHAIN])


def test_python_asks_as_told(home: Path, tmp_path: Path) -> None:
    told: dict[str, Any] = {}
    exec(compile(placed(CHAPTERS["How do I ask from Python?"]["block"], home, tmp_path), "cookbook.md", "exec"), told)
    assert (N[5], "registered", date(2026, 11, 10)) in told["rows"]
    assert len(told["rows"]) == 8


def test_the_statements_of_the_dictionarys_head_run(home: Path, tmp_path: Path) -> None:
    (block,) = re.findall(r"```sql\n(.+?)```", DICTIONARY, re.DOTALL)
    with ask(block, home, tmp_path) as answer:
        assert answer.fetchall() == [(19,)]


# ------------------------------------------------------------------------------------------------------ the answers

EXTRACT = "file:///extract.csv"
PAGES = "https://www.example.org/yaowen/20261101"
SETTLES = "{}签约落户普陀区桃浦智创城。"
FUNDED = f"近日，{N[1]}宣布完成A轮融资，融资金额1亿元。"

ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "Which core firms arrived this month, and how do we know?": [
        (N[11], DEVICES, "registered", "2026-11-12", "2026-11-16", "first_listed", EXTRACT, "ebba144b7143f152e"),
        (N[12], DEVICES, "registered", "2026-11-12", "2026-11-16", "first_listed", EXTRACT, "ef1600e37ed96e54d"),
        (N[7], DEVICES, "moved_in", None, "2026-11-16", "code_division", EXTRACT, "ef159fe2a1d788c9d"),
        (CHAIN, DRUGS, "branch_opened", "2026-11-10", "2026-11-16", "first_listed", EXTRACT, "ec40c0a59c0b6537d"),
        (N[5], DEVICES, "registered", "2026-11-05", "2026-11-10", "first_listed", EXTRACT, "eaca1c53dedcb2f9a"),
        (N[13], DEVICES, "arrival_announced", None, "2026-11-05", "announced", f"{PAGES}/13.html", "eb6e81e60fc6406cb"),
        (N[4], DEVICES, "arrival_announced", None, "2026-11-05", "announced", f"{PAGES}/4.html", "e87d5b08dea2474e8"),
    ],
    "What is in the briefing of a week?": [
        ("departure", "deregistered", N[1], DEVICES, None, "2026-11-18"),
        ("departure", "deregistered", DRUG_FIRM, DRUGS, None, "2026-11-20"),
        ("expansion", "capital_raised", N[2], DEVICES, None, "2026-11-18"),
        ("expansion", "premises_added", N[12], DEVICES, None, "2026-11-19"),
        ("expansion", "contract_won", N[2], DEVICES, "2026-11-16", "2026-11-19"),
        ("expansion", "licence_granted", N[2], DEVICES, "2026-11-14", "2026-11-19"),
        ("expansion", "project_approved", N[5], DEVICES, "2026-11-17", "2026-11-19"),
    ],
    "Which firms are expanding, by kind and quarter?": [
        ("2026-Q4", "capital_raised", 2, 2),
        ("2026-Q4", "contract_won", 1, 1),
        ("2026-Q4", "financing_raised", 1, 1),
        ("2026-Q4", "licence_granted", 1, 1),
        ("2026-Q4", "premises_added", 1, 1),
        ("2026-Q4", "project_approved", 1, 1),
    ],
    "Whose registered capital rose by more than half?": [
        (N[1], DEVICES, "2026-11-07", "seen", 5_000_000, 8_000_000, "CNY"),
    ],
    "What is the net change of each sub-sector, week by week?": [
        ("2026-W45", DEVICES, 0, 0, 0, 2),
        ("2026-W45", DRUGS, 0, 0, 0, 0),
        ("2026-W46", DEVICES, 5, 0, 5, 0),
        ("2026-W46", DRUGS, 1, 0, 1, 0),
        ("2026-W47", DEVICES, 0, 1, -1, 5),
        ("2026-W47", DRUGS, 0, 1, -1, 0),
    ],
    "Which announced arrivals has no registration confirmed yet?": [
        (N[13], "2026-11-05", SETTLES.format(N[13]), "no", THERE),
    ],
    "Which announced arrivals came true, how soon, and what shows it?": [
        (N[4], "2026-11-05", 1, "moved_in", "2026-11-10", 5, "address_changed"),
    ],
    "Who left, and who only shrank?": [
        ("left", DRUG_FIRM, DRUGS, "deregistered", "not_listed", "2026-11-20", "存续", None),
        ("left", N[1], DEVICES, "deregistered", "status_changed", "2026-11-18", "存续", "注销"),
    ],
    "How many life-health firms are here now?": [(DEVICES, 7, 1), (DRUGS, 1, 0)],
    "To which streets and parks do arrivals come?": [
        ("桃浦镇", "", 4),
        ("桃浦镇", "中以(上海)创新园", 1),
        ("长寿路街道", "", 1),
    ],
    "Which addresses host many new firms?": [(HERE, 4, 18, True)],
    "From which districts did firms move in?": [
        ("浦东新区", "address_changed", 1, N[4]),
        ("浦东新区", "code_division", 1, N[7]),
    ],
    "Which branches of outside firms are here?": [(CHAIN, DRUGS, PARENT, "no", HERE)],
    "Which parks do we not know yet?": [("桦序医谷", 0, 1, None, "2026-11-17 18:01:00", "普陀区桦序医谷今天开园。")],
    "What is the history of one firm?": [
        (
            "2024-05-06",
            "2026-11-02 18:01:00",
            "licence",
            "device_trading",
            "沪普市监械经营许20240001号；有效",
            "licence_list",
        ),
        ("2026-10-20", "2026-11-12 18:01:00", "observation", "active", f"{N[1]}；{MOVED}；500(万元人民币)", REGISTRY),
        ("2026-11-02", "2026-11-01 18:01:00", "observation", "active", f"{N[1]}；{HERE}；500(万元人民币)", REGISTRY),
        ("2026-11-05", "2026-11-04 18:01:00", "event", "financing_raised", FUNDED, "portal"),
        ("2026-11-07", "2026-11-06 18:01:00", "event", "capital_raised", "500(万元人民币) → 800(万元人民币)", REGISTRY),
        ("2026-11-07", "2026-11-06 18:01:00", "observation", "active", f"{N[1]}；{HERE}；800(万元人民币)", REGISTRY),
        ("2026-11-18", "2026-11-17 18:01:00", "event", "deregistered", "存续 → 注销", REGISTRY),
        (
            "2026-11-18",
            "2026-11-17 18:01:00",
            "observation",
            "deregistered",
            f"{N[1]}；{HERE}；800(万元人民币)",
            REGISTRY,
        ),
    ],
    "What do we know today of a past day that we did not know then?": [
        (N[1], HERE, MOVED, 5_000_000, 5_000_000, "active", "active", "approved", "2026-11-12 18:01:00"),
    ],
    "How many firms were here on a day, by what we knew then?": [(4, 5)],
    "What did we learn between two Mondays?": [
        (N[4], "changed", "address", THERE, MOVED, 5_000_000, 5_000_000, "active", "active"),
        (N[11], "new", "", None, HERE, None, 5_000_000, None, "active"),
        (N[12], "new", "", None, HERE, None, 5_000_000, None, "active"),
        (N[5], "new", "", None, HUB, None, 5_000_000, None, "active"),
        (N[7], "new", "", None, HERE, None, 5_000_000, None, "active"),
        (CHAIN, "new", "", None, HERE, None, 5_000_000, None, "active"),
    ],
    "Which events did we take back?": [
        (N[2], "capital_raised", "500(万元人民币)", "500.0(万元人民币)", "2026-11-11", "2026-11-11 18:00:00"),
    ],
    "What did we hold at an instant that we no longer hold?": [
        (N[2], "capital_raised", "500.0(万元人民币)", "2026-11-11", "2026-11-11 18:00:00"),
    ],
    "What have people decided, and why?": [
        ("2026-11-19", "label", MIXED_FIRM, "none", "none", None, None, "analyst", "桦序8只做软件"),
        ("2026-11-19", "match", N[2], None, None, "桦序器械", "same", "analyst", "简称"),
    ],
    "Which policies came out this month?": [
        ("2026-11-10", "普陀区促进生命健康产业发展的若干意见", "普府规〔2026〕1号", "", f"{PAGES}/5.html"),
    ],
    "What does the district claim, and what do we count?": [
        ("2026-11-12", "life_health", "district", None, "over", 3500, 8, 9, "as_of", None, False, CLAIMED),
    ],
    "Which claims cannot be counted, and why?": [
        ("2026-11-12", "tax", 620_000_000, "CNY", "exactly", "tax", "某局", TAXED),
    ],
    "Which firms does the news name without an event?": [
        ("2026-11-04", N[2], "arrival_announced", "exact", SETTLES.format(N[2]), f"{PAGES}/2.html"),
    ],
    "Which licences end within 90 days?": [
        ("2027-01-15", N[1], N[1], "device_trading", "沪普市监械经营许20240001号", "2026-11-18 18:01:00"),
    ],
    "Of whose licences do we not know the firm?": [("none", "device_trading", 2, "上海未见医疗器械有限公司")],
    "Which names may mean a firm of ours, and are not sure to?": [
        *(("licence", N[12][2:], N[12], "loose", "lesser_form", "licence_granted", "2024-05-06"),),
    ],
    "Which firms do pages name that no register knows?": [
        (UNKNOWN, 1, "arrival_announced", "taopu_smart_city", SETTLES.format(UNKNOWN), "2026-11-01", "", None),
    ],
    "Which names has a firm borne, and may another be meant by them?": [
        ("alias", "桦序2医疗", False, "2026-11-01 18:01:00"),
        ("registered", N[2], False, "2026-11-01 18:01:00"),
    ],
    "Which firms belong together by their names?": [
        (CHAIN, "branch_of", PARENT, "exact", "parent_name"),
        (PARENT, "parent_of", CHAIN, "exact", "parent_name"),
    ],
    "Who was granted a licence, added premises, or lost one?": [
        (
            *("licence_granted", "licensed", N[2], DEVICES, "2026-11-14", "2026-11-19", None),
            "沪普市监械经营许20240052号",
        ),
        ("premises_added", "licensed", N[12], DEVICES, None, "2026-11-19", HERE, f"{HERE}；{MOVED}"),
    ],
    "Who won public contracts, and for how much?": [
        (
            *(N[2], DEVICES, 1_234_500, "CNY", "样本医院超声设备采购项目", "某局", "2026-11-16"),
            "https://www.example.org/notices/2.html",
        ),
    ],
    "Which projects of our firms were approved, and where will they be?": [
        (
            *(N[5], "approved", "桦序5样本研发实验室项目", HUB, "2026-11-17", ""),
            "https://www.example.org/notices/5.html",
        ),
    ],
    "Of whose disclosures do we not know the firm?": [("award", "none", 2, "上海未见样本医疗器械有限公司")],
    "Which sources were not read completely last week?": [("portal", "", 1, 0, 1, 0, "partial", "")],
    "Which sources are late?": [
        ("portal", "", "摘录", "2026-11-12 18:01:00", "2026-11-17 18:01:00", "partial", None),
    ],
    "Which rows were put aside, and why?": [
        (REGISTRY, "bureau", "code_check", 2, 2, "2026-11-19"),
        (REGISTRY, "bureau", "name_looks_personal", 1, 0, "2026-11-19"),
    ],
    "Which firms have we not seen for 60 days?": [
        (N[30], DEVICES, "active", REGISTRY, "bureau", "2026-08-23 18:01:00"),
    ],
    "What changed between two snapshots?": [
        ("changed", N[1], "core", "core", "active", "deregistered"),
        ("changed", DRUG_FIRM, "core", "core", "active", "not_listed"),
        ("changed", MIXED_FIRM, "peripheral", "none", "active", "active"),
        ("new", N[11], None, "core", None, "active"),
        ("new", N[12], None, "core", None, "active"),
        ("new", N[7], None, "core", None, "active"),
        ("new", PARENT, None, "core", None, "active"),
        ("new", CHAIN, None, "core", None, "active"),
    ],
    "What did a macro answer in that snapshot?": [("moved_in", 1), ("registered", 1)],
}


@pytest.mark.parametrize("asked", ANSWERS)
def test_the_answer_is_right(asked: str, home: Path, tmp_path: Path) -> None:
    with ask(QUERIES[asked], home, tmp_path) as answer:
        assert [tuple(shown(value) for value in row) for row in answer.fetchall()] == ANSWERS[asked]


def test_the_proof_leads_down_to_the_captured_records(home: Path, tmp_path: Path) -> None:
    with ask(QUERIES["What proves an event?"], home, tmp_path) as answer:
        found = answer.fetchall()
    assert [row[:3] for row in found] == [("before", "500(万元人民币)", "某局"), ("after", "600(万元人民币)", "某局")]
    assert all((home / folder / "manifest.json").exists() for _, _, _, folder, *_ in found)


def test_each_row_has_one_account(home: Path, tmp_path: Path) -> None:
    with ask(QUERIES["Where did every row we read come out?"], home, tmp_path) as answer:
        assert all(rows == sum(accounts) for _, rows, *accounts in answer.fetchall())
