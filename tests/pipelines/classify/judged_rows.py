"""Invented registrations with what a careful reader says of them, as a labels file would hold them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.pipelines.runs import code

COLUMNS = (
    "uscc",
    "name",
    "scope",
    "grade",
    "primary",
    "secondary",
    "alt_grade",
    "alt_primary",
    "registered",
    "district",
)

# Of each kind: grade, primary sub-sector, the words of the name, and scopes.
KINDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "core",
        "medical_devices",
        "医疗器械",
        ("第二类医疗器械销售；五金交电", "医疗器械经营，货物进出口", "三类医疗器械批发", "医疗设备的生产、销售"),
    ),
    (
        "core",
        "pharma_distribution",
        "大药房",
        ("药品零售；日用百货", "中成药、化学药制剂零售", "零售：中药饮片，保健食品", "药品批发"),
    ),
    (
        "core",
        "biomedical_rd",
        "生物医药科技",
        ("生物医药领域内的技术开发、技术咨询", "新药研发，医药中间体销售", "药物研发；展览展示服务", "细胞技术研发"),
    ),
    (
        "core",
        "health_services",
        "门诊部",
        ("口腔科", "营利性医疗机构；内科、外科", "医疗服务；健康咨询", "中医科，针灸科"),
    ),
    (
        "core",
        "digital_health",
        "医疗信息科技",
        ("医疗软件开发；系统集成", "互联网医院服务；数据处理", "医疗大数据服务", "远程医疗技术开发，广告设计"),
    ),
    (
        "peripheral",
        "medical_devices",
        "贸易",
        (
            "日用百货、五金交电、服装鞋帽、建筑材料、医疗器械、文具用品、家具、食品销售",
            "食品、酒类、化妆品、服装、一类医疗器械、办公用品、电子产品、玩具",
            "汽车配件、钢材、医疗器械、建材、家具、灯具、纸制品、机械设备",
            "办公用品、电脑及配件、五金、百货、工艺品、医疗器械、鞋帽、箱包",
        ),
    ),
    (
        "none",
        "none",
        "实业",
        ("五金交电、卫生洁具", "应用软件服务（不含医用软件）", "建筑材料；绿化养护服务", "家庭服务（不得从事医疗）"),
    ),
)
DISTRICTS = ("样本东区", "样本西区", "样本南区")


def judged_rows(rounds: int = 4) -> list[dict[str, str]]:
    """Rows of each kind in turn, over twenty years and three districts."""
    rows: list[dict[str, str]] = []
    for number in range(rounds):
        for grade, primary, words, scopes in KINDS:
            place = len(rows)
            rows.append(
                dict.fromkeys(COLUMNS, "")
                | {
                    "uscc": code(place + 1),
                    "name": f"上海样本{place}{words}有限公司",
                    "scope": scopes[number % len(scopes)],
                    "grade": grade,
                    "primary": primary,
                    "registered": f"{2000 + place % 20}-03-04",
                    "district": DISTRICTS[place % len(DISTRICTS)],
                }
            )
    return rows


def write_labels(path: Path, rows: Iterable[dict[str, str]], columns: Sequence[str] = COLUMNS) -> Path:
    """The rows as a labels file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
