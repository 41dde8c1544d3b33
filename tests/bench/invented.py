"""Run folders of any size, of invented firms, written as fast as a disk takes them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from crawler import clock
from crawler.fields.credit_code import with_check_digits
from crawler.run_folder import ITEMS, Manifest, Outcome, RunFolder, describe_file, runs_folder

_TRADES = (
    ("医疗器械", "许可项目：第三类医疗器械经营。一般项目：第二类医疗器械销售；医疗设备租赁；技术服务、技术开发"),
    ("生物医药科技", "从事生物医药科技领域内的技术开发、技术转让；医学研究和试验发展；细胞技术研发和应用"),
    ("商贸", "日用百货、服装鞋帽、五金交电、家用电器、工艺品的销售；货物进出口；商务信息咨询（除经纪）"),
    ("建筑工程", "建筑工程、装饰工程、园林绿化工程的设计与施工；建筑材料的销售；物业管理；停车场服务"),
    ("物流", "道路货物运输；国内货物运输代理；普通货物仓储服务；装卸搬运；企业管理咨询"),
)
_ROADS = ("真南路", "武宁路", "曹杨路", "金沙江路", "祁连山路", "长寿路", "真光路", "桃浦路")


def write_run(home: Path, firms: int, *, day: int = 0, changed: int = 0) -> RunFolder:
    """A complete full run of `firms` firms; the first `changed` of them raised their capital on `day`."""
    at = datetime(2026, 11, 1, 18, tzinfo=UTC) + timedelta(days=day)
    folder = RunFolder(runs_folder(home) / "registry_extract" / f"{at:%Y%m%dT%H%M%SZ}-{day:06x}")
    folder.path.mkdir(parents=True)
    with folder.items.open("w", encoding="utf-8") as file:
        for number in range(firms):
            file.write(json.dumps(_firm(number, day if number < changed else 0), ensure_ascii=False) + "\n")
    folder.write_manifest(
        Manifest(
            run_id=folder.run_id,
            source="registry_extract",
            series="bench",
            listing="full",
            outcome=Outcome.COMPLETE,
            started_at=clock.stamp(at),
            finished_at=clock.stamp(at + timedelta(minutes=1)),
            lists_everything=True,
            counts={"items": firms},
            files={ITEMS: describe_file(folder.items)},
        )
    )
    return folder


def _firm(number: int, raised: int) -> dict[str, object]:
    trade, scope = _TRADES[number % len(_TRADES)]
    code = with_check_digits("91", "310199", number)
    wan = 100 + number % 900 + 100 * raised
    registered = date(2000, 1, 1) + timedelta(days=number % 9000)
    return {
        "item_type": "registration",
        "uscc": code,
        "uscc_raw": code,
        "name": f"上海樵序{number}{trade}有限公司",
        "status": "active",
        "status_raw": "存续",
        "registered_on": registered.isoformat(),
        "registered_on_raw": registered.isoformat(),
        "capital": str(wan * 10_000),
        "capital_currency": "CNY",
        "capital_raw": f"{wan}(万元人民币)",
        "scope": f"{scope}。【依法须经批准的项目，经相关部门批准后方可开展经营活动】（{number}号）",
        "address": f"上海市普陀区{_ROADS[number % len(_ROADS)]}{number % 2000 + 1}号{number % 30 + 1}层",
        "proof": {
            "url": "file:///bench/extract.csv",
            "fetched_at": "2026-11-01T18:00:00.000000Z",
            "sha256": "0" * 64,
            "capture": "<urn:uuid:00000000-0000-0000-0000-000000000000>",
            "line": number + 2,
            "parser": "bench/1",
        },
    }
