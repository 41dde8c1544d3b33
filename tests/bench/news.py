"""How many invented articles a second one core reads against known firms: `python -m tests.bench.news [ARTICLES]`.

Every third sentence states something that must be looked at closely, which is far more than in real news.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date

from pipelines.news import NEWS_VERSION, NameIndex, attribute, read

CHARACTERS = 1_500
FIRMS = 20_000
SEED = 20261101  # the same articles every time
BRANDS = "屿霖汐峣溯砚禾昭岸栖筠牧沅澄野霁沅序桉澜庭石珂岑溪柘"
TRADES = ("医疗器械", "生物医药科技", "健康科技", "药业", "贸易", "信息技术", "企业管理咨询", "实业发展")
PLACES = (
    "普陀区",
    "桃浦智创城",
    "天地软件园",
    "中以（上海）创新园",
    "浦东新区",
    "张江",
    "闵行区",
    "苏州工业园区",
    "真如镇街道",
)
SENTENCES = (
    "{day}，{firm}签约落户{place}，主要从事高端医疗器械研发。",
    "{firm}、{other}等12家生命健康企业代表出席会议，并参观{place}。",
    "近日，{firm}宣布完成2.5亿元人民币B轮融资。",
    "全区生命健康企业已超2300家，区级税收达到7.51亿元，同比增长26.42%。",
    "到2030年，{place}生命健康产业规模力争超过100亿元。",
    "{firm}位于{place}的生产基地正式投产，建筑面积1.2万平方米。",
)
ORDINARY = (
    "街道组织居民开展垃圾分类宣传活动，共有一百余人参加。",
    "会议指出，要持续优化营商环境，推动产业高质量发展，不断提升群众获得感。",
    "与会嘉宾围绕医疗器械、生物医药等话题展开交流，分享了各自的实践经验。",
    "活动现场气氛热烈，来自各行各业的代表认真聆听并踊跃提问。",
    "据介绍，{place}周边交通便利，配套设施完善，为企业员工提供了良好的生活环境。",
)


def invented_names(chance: random.Random) -> list[tuple[str, str]]:
    """Keys and names of invented firms, each name once."""
    names: dict[str, None] = {}
    while len(names) < FIRMS:
        brand = "".join(chance.choice(BRANDS) for _ in range(3))
        names[f"上海{brand}{chance.choice(TRADES)}有限公司"] = None
    return [(str(number), name) for number, name in enumerate(names)]


def invented_article(chance: random.Random, names: list[tuple[str, str]]) -> tuple[str, str]:
    """A title and some 1,500 characters of text."""
    text = ""
    while len(text) < CHARACTERS:
        firm, other = chance.choice(names)[1], chance.choice(names)[1]
        day = f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
        sentences = SENTENCES if chance.random() < 1 / 3 else ORDINARY
        text += chance.choice(sentences).format(day=day, firm=firm, other=other, place=chance.choice(PLACES))
        text += chance.choice(("", "\n"))
    return f"{chance.choice(PLACES)}举行生命健康产业大会", text


def main(count: int) -> None:
    """Read `count` invented articles whole, and print the rates."""
    chance = random.Random(SEED)
    names = invented_names(chance)
    articles = [invented_article(chance, names) for _ in range(count)]
    started = time.process_time()
    index = NameIndex(names)
    print(f"rules {NEWS_VERSION}, {len(names):,} names arranged in {time.process_time() - started:.1f} s, one core")
    started = time.process_time()
    statements = firms = 0
    for title, text in articles:
        reading = read(title, text, language="zh", kind="news", published_on=date(2026, 11, 20))
        found = attribute(title, text, reading, index.find(title, text))
        statements, firms = statements + len(reading.statements), firms + len(found)
    seconds = time.process_time() - started
    rate = count / seconds
    print(f"{count:,} articles of {CHARACTERS:,} characters in {seconds:.1f} s of processor time: {rate:,.0f} a second")
    print(f"{statements:,} statements, {firms:,} of a known firm")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
