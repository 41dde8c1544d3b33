"""Firms per second of classification, on one core: `python -m tests.bench.classify [FIRMS]`.

Beside it, over the same texts in the same run: the statistical baseline (character n-gram logistic regression of
scikit-learn, which gives a class and no reasons), and the bare automaton that looks for all terms of the scopes. Scopes
have 150 to 260 characters. Four kinds of firms: ordinary ones; life-health ones, every fifth item of them (as in real
ones: some four of twenty); a mixture as in a real registry (one of eight speaks of life-health); and, where
PUTUO_REFERENCE is set, real registrations. Seconds are of the processor, so that what else runs here does not count.

Items recur from scope to scope, and the classifier keeps how each reads: the first pass over new texts, which has to
read each item once, is shown too. Memory: 300,000 distinct firms streamed through in batches.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from ahocorasick_rs import AhoCorasick, Implementation
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from pipelines.classify import Classifier, Subject, rules_version
from pipelines.classify.batches import classify_batches
from pipelines.classify.rules import load_rules

SHORTEST, LONGEST = 150, 260  # characters of a scope
SEED = 20261101  # the same firms every time
REFERENCE = os.environ.get("PUTUO_REFERENCE", "")
STREAMED, BATCH = 300_000, 5_000  # firms

# Some twenty items make a scope of that length, as in real ones.
ORDINARY = [
    *("日用百货的批发和零售", "五金交电、机电设备", "建筑装潢材料的销售", "卫生洁具及陶瓷制品", "服装鞋帽、针纺织品"),
    *("企业管理咨询服务", "会务服务及展览展示服务", "计算机软硬件的开发", "市场营销策划服务", "预包装食品销售"),
    *("化妆品及洗涤用品零售", "家用电器安装及维修", "机械设备及配件的租赁", "物业管理服务", "设计、制作、代理各类广告"),
    *("从事计算机科技领域内的技术开发、技术转让、技术咨询、技术服务", "从事货物及技术的进出口业务"),
    *("化工产品（除危险化学品、监控化学品、烟花爆竹）", "电子商务（不得从事金融业务）", "国内道路货物运输代理"),
    *("金属材料及金属制品", "办公用品及文具用品", "电子产品及通讯器材", "仪器仪表及电线电缆", "文化艺术交流活动策划"),
    *("仓储服务（除危险品）", "自有房屋租赁", "园林绿化工程设计与施工", "餐饮企业管理", "汽车零部件及配件的销售"),
]
FRIENDS = [
    *(
        "应用软件服务（不含医用软件）",
        "家庭服务（不得从事医疗、住宿等行政许可事项）",
        "一般劳防用品的销售",
        "卫生用品零售",
    ),
]
LIFE_HEALTH = [
    *("第二类医疗器械销售", "药品零售", "中成药、中药饮片、化学药制剂", "健康咨询服务（不含诊疗服务）"),
    *("从事生物科技、医药科技领域内的技术开发、技术咨询", "远程健康管理服务", "医疗软件开发", "养老服务"),
    *("保健食品（预包装）销售", "片剂、硬胶囊剂的生产", "医学研究和试验发展", "口腔科"),
]
ORDINARY_NAMES = ["贸易有限公司", "实业有限公司", "信息科技有限公司", "商务咨询有限公司", "便利店有限公司丙店"]
LIFE_HEALTH_NAMES = ["医疗器械有限公司", "大药房有限公司丙店", "生物科技有限公司", "健康管理有限公司"]
CLOSING = "【依法须经批准的项目，经相关部门批准后方可开展经营活动】"


def invented(chance: random.Random, *, of_life_health: bool) -> Subject:
    """A firm with a scope of 150 to 260 characters; every fifth item of a life-health firm is of life-health."""
    name = "上海甲乙" + chance.choice(LIFE_HEALTH_NAMES if of_life_health else ORDINARY_NAMES)
    wanted = chance.randint(SHORTEST, LONGEST - 40)
    scope = ""
    while len(scope) < wanted:
        friend = chance.random() < 0.05
        health = of_life_health and chance.random() < 0.2
        item = chance.choice(FRIENDS if friend else LIFE_HEALTH if health else ORDINARY)
        # Goods and brands differ from firm to firm: a number stands for them, so that not every item was seen before.
        scope += (f"{item}{chance.randint(1, 999)}号" if chance.random() < 0.1 else item) + chance.choice("，；")
    return Subject(name, scope[: LONGEST - len(CLOSING)] + CLOSING if chance.random() < 0.5 else scope[:LONGEST])


def real() -> list[Subject]:
    """The real registrations at hand whose scopes have 150 to 260 characters."""
    if not REFERENCE:
        return []
    found = []
    with (Path(REFERENCE) / "data" / "registry" / "putuo_1979-2009.csv").open(encoding="utf-8-sig", newline="") as file:
        found += [Subject(row["企业名称"], row["经营范围"]) for row in csv.DictReader(file)]
    return [firm for firm in found if SHORTEST <= len(firm.scope) <= LONGEST]


def rate(work: Callable[[], object], count: int) -> float:
    """Firms per second."""
    started = time.process_time()
    work()
    return count / (time.process_time() - started)


def baseline(classifier: Classifier) -> Callable[[Sequence[str]], object]:
    """A trained model: on judged rows where they lie at hand, else on what our labels say. Only its speed matters."""
    if REFERENCE:
        with (Path(REFERENCE) / "labels" / "dev.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        texts, classes = [f"{row['name']} {row['scope']}" for row in rows], [row["primary"] for row in rows]
    else:
        chance = random.Random(SEED)
        firms = [invented(chance, of_life_health=chance.random() < 0.5) for _ in range(600)]
        texts = [text(firm) for firm in firms]
        classes = [str(classifier.classify(firm).primary) for firm in firms]
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LogisticRegression(max_iter=500))
    model.fit(texts, classes)
    predict: Callable[[Sequence[str]], object] = model.predict
    return predict


def text(firm: Subject) -> str:
    """What the baseline and the automaton look through."""
    return f"{firm.name} {firm.scope}"


def automaton() -> AhoCorasick:
    """All terms of the scopes, as the classifier looks for them."""
    rules = load_rules()
    terms = {term for rule in rules.scope for term in rule.terms} | {t for one in rules.not_health for t in one.terms}
    return AhoCorasick(sorted(terms), implementation=Implementation.DFA)


def compare(kind: str, firms: list[Subject]) -> None:
    """Print one line of rates."""
    fresh = Classifier()
    first = rate(lambda: [fresh.classify(firm) for firm in firms], len(firms))
    again = rate(lambda: [fresh.classify(firm) for firm in firms], len(firms))
    graded = sum(fresh.classify(firm).grade != "none" for firm in firms) / len(firms)
    texts = [text(firm) for firm in firms]
    find = automaton().find_matches_as_indexes
    bare = rate(lambda: [find(one, overlapping=True) for one in texts], len(texts))
    sample = texts[:1_000]
    predict = baseline(fresh)
    model = rate(lambda: predict(sample), len(sample))
    characters = sum(len(firm.scope) for firm in firms) / len(firms)
    print(
        f"{kind:>12} {len(firms):>8,} {characters:>6.0f} {graded:>7.0%} {again:>10,.0f} {first:>10,.0f}"
        f" {model:>10,.0f} {again / model:>7.1f}x {bare:>11,.0f} {again / bare:>7.0%}"
    )


def stages(firms: list[Subject]) -> None:
    """Print what the time is spent on."""
    from pipelines.classify.features import grade_features, sector_features  # noqa: PLC0415

    classifier = Classifier()
    finder = classifier.finder
    for _ in range(2):
        started = time.process_time()
        found = [finder.find_in(firm) for firm in firms]
        reading = time.process_time() - started
    held = [(firm, one) for firm, one in zip(firms, found, strict=True) if one is not None]
    started = time.process_time()
    for _, evidence in held:
        grade_features(evidence)
        sector_features(evidence)
    facts = time.process_time() - started
    started = time.process_time()
    for firm, evidence in held:
        classifier.judge(firm, evidence)
    judging = time.process_time() - started
    count = len(firms) / 1e6
    print(
        f"    microseconds a firm: reading {reading / count:.1f}; facts {facts / count:.1f}; "
        f"weighing and telling the words {(judging - facts) / count:.1f}"
    )


def stream(chance: random.Random, rows: int) -> None:
    """Print the peak memory of a long stream of batches, no firm of which comes twice."""

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(max(rows // BATCH, 1)):
            firms = [invented(chance, of_life_health=chance.random() < 0.125) for _ in range(min(BATCH, rows))]
            yield pa.RecordBatch.from_pydict(
                {"name": [firm.name for firm in firms], "scope": [firm.scope for firm in firms]}
            )

    peaks: list[float] = []
    done = 0
    for batch in classify_batches(batches()):
        done += batch.num_rows
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    tenth, last = peaks[len(peaks) // 10], peaks[-1]
    print(f"Arrow: {done:,} distinct firms in batches of {BATCH:,}:", end=" ")
    print(f"peak memory {tenth:,.0f} MB after a tenth of them, {last:,.0f} MB after all")


def main(count: int) -> None:
    """Print all figures."""
    chance = random.Random(SEED)
    print(f"rules {rules_version()}, one core")
    print(
        f"{'kind':>12} {'firms':>8} {'chars':>6} {'graded':>7} {'firms/s':>10} {'first pass':>10}"
        f" {'n-gram LR':>10} {'ratio':>8} {'automaton':>11} {'of it':>7}"
    )
    kinds = {
        "ordinary": [invented(chance, of_life_health=False) for _ in range(count)],
        "life-health": [invented(chance, of_life_health=True) for _ in range(count)],
        "mixture": [invented(chance, of_life_health=chance.random() < 0.125) for _ in range(count)],
        "real": real(),
    }
    for kind, firms in kinds.items():
        if firms:
            compare(kind, firms)
            stages(firms)
    stream(chance, min(STREAMED, 15 * count))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
