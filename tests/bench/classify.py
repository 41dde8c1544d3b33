"""How many invented firms a second one core judges: `python -m tests.bench.classify [FIRMS]`.

Most firms of a registry are ordinary; a scope full of life-health items takes longest, so both are shown.
"""

from __future__ import annotations

import random
import sys
import time

from pipelines.classify import RULES_VERSION, classify_batch

SCOPE_CHARACTERS = 200
SEED = 20261101  # the same firms every time

ORDINARY = [
    *("日用百货销售", "五金交电", "建筑材料", "卫生洁具", "服装鞋帽", "企业管理咨询", "会务服务", "软件开发"),
    *(
        "市场营销策划",
        "食品销售",
        "化妆品零售",
        "家用电器",
        "机械设备租赁",
        "物业管理",
        "广告设计、制作、代理",
    ),
    *(
        "应用软件服务（不含医用软件）",
        "家庭服务（不得从事医疗、住宿等行政许可事项）",
        "劳防用品",
        "货物进出口",
    ),
    *("化工产品（除危险化学品、监控化学品、烟花爆竹）", "电子商务（不得从事金融业务）", "国内货物运输代理"),
]
LIFE_HEALTH = [
    *("第二类医疗器械销售", "药品零售", "中成药、中药饮片、化学药制剂", "健康咨询服务（不含诊疗服务）"),
    *("从事生物科技、医药科技领域内的技术开发、技术咨询", "远程健康管理服务", "医疗软件开发", "养老服务"),
    *("保健食品（预包装）销售", "片剂、硬胶囊剂的生产", "医学研究和试验发展", "口腔科"),
]
ORDINARY_NAMES = [
    "贸易有限公司",
    "实业有限公司",
    "信息科技有限公司",
    "商务咨询有限公司",
    "便利店有限公司丙店",
]
LIFE_HEALTH_NAMES = ["医疗器械有限公司", "大药房有限公司丙店", "生物科技有限公司", "健康管理有限公司"]
CLOSING = "【依法须经批准的项目，经相关部门批准后方可开展经营活动】"


def invented_firm(chance: random.Random, *, of_life_health: bool) -> tuple[str, str]:
    """A name and a scope of some 200 characters; every other item of a life-health firm is of life-health."""
    name = "上海甲乙" + chance.choice(LIFE_HEALTH_NAMES if of_life_health else ORDINARY_NAMES)
    scope = ""
    while len(scope) < SCOPE_CHARACTERS - len(CLOSING):
        wanted = LIFE_HEALTH if of_life_health and chance.random() < 0.5 else ORDINARY
        scope += chance.choice(wanted) + "，"
    return name, scope[:-1] + "。" + CLOSING


def main(count: int) -> None:
    """Judge `count` invented firms of either kind and print the rates."""
    chance = random.Random(SEED)
    print(f"rules {RULES_VERSION}, {count:,} firms of either kind, one core")
    for kind, of_life_health in (("ordinary", False), ("life-health", True)):
        firms = [invented_firm(chance, of_life_health=of_life_health) for _ in range(count)]
        list(classify_batch(firms[:100]))  # the rules are read once, before the clock starts
        started = time.perf_counter()
        graded = sum(label.grade != "none" for label in classify_batch(firms))
        rate = count / (time.perf_counter() - started)
        characters = sum(len(scope) for _, scope in firms) / count
        print(f"{kind:>12}: {rate:8,.0f} firms/s, {characters:.0f} characters, {graded / count:.0%} graded")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
