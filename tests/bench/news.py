"""How fast pages are read against known firms, and in how much memory: `python -m tests.bench news [PAGES.jsonl]`.

The way of `scrapy read-news`, JSON lines in and out, for each number of known names in a process of its own. Of the
invented articles every tenth sentence states something that must be looked at closely, which gives twice the events of
real news, or every third, as in nothing that anybody wrote; every tenth firm is one that no register knows. Pages of a
file (as `scrapy read-news` takes them) are joined to as many articles as long, so that the figure can be had of real
ones, which are not ours to hold.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path

from crawler.fields.credit_code import with_check_digits
from pipelines.news import NEWS_VERSION
from pipelines.news.page_reader import read_page
from pipelines.page_lines import line_of, lines_of, parse_line
from pipelines.resolve.known_names import known_of_list

ARTICLES = 10_000
CHARACTERS = 1_500
FIRMS = (20_000, 100_000)
STATING = (1 / 10, 1 / 3)  # of the sentences
UNKNOWN = 0.1  # of the firms named
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


def invented_names() -> list[str]:
    """Names of invented firms, each once, in no order."""
    names = [f"上海{''.join(brand)}{trade}有限公司" for brand in product(BRANDS, repeat=3) for trade in TRADES]
    random.Random(SEED).shuffle(names)
    return names


def invented_article(chance: random.Random, known: list[str], unknown: list[str], stating: float) -> tuple[str, str]:
    """A title and some 1,500 characters of text."""
    text = ""
    while len(text) < CHARACTERS:
        firm, other = (chance.choice(unknown if chance.random() < UNKNOWN else known) for _ in range(2))
        day = f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
        sentences = SENTENCES if chance.random() < stating else ORDINARY
        text += chance.choice(sentences).format(day=day, firm=firm, other=other, place=chance.choice(PLACES))
        text += chance.choice(("", "\n"))
    return f"{chance.choice(PLACES)}举行生命健康产业大会", text


def articles_of(pages: Path, count: int) -> Iterator[tuple[str, str, str]]:
    """Title, text and language of articles of some 1,500 characters, made of a file's pages again and again."""
    with pages.open("rb") as lines:
        read = [parse_line(line) for _, line in lines_of(lines)]
    again = cycle(read)
    for _ in range(count):
        first = next(again)
        text = first.text
        while len(text) < CHARACTERS:
            page = next(again)
            text += f"\n{page.title}\n{page.text}"
        yield first.title, text[:CHARACTERS], first.language


def write(folder: Path, firms: int, count: int, pages: Path | float) -> None:
    """A list of known firms, and articles of a file's pages or invented ones, of which so much states something."""
    names = invented_names()
    known, unknown = names[:firms], names[firms:]
    with (folder / "firms.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("uscc", "name"))
        rows.writerows((with_check_digits("91", "310199", number), name) for number, name in enumerate(known))
    chance = random.Random(SEED)
    with (folder / "pages.jsonl").open("w", encoding="utf-8") as file:
        made = (
            articles_of(pages, count)
            if isinstance(pages, Path)
            else ((*invented_article(chance, known, unknown, pages), "zh") for _ in range(count))
        )
        for number, (title, text, language) in enumerate(made):
            page = {"url": f"page:{number}", "title": title, "date": "2026-11-20", "lang": language, "text": text}
            file.write(json.dumps(page, ensure_ascii=False) + "\n")


def measure(folder: Path) -> None:
    """Read the pages of a folder against its firms, and print how that went."""

    def refuse(line: int, why: str) -> None:
        raise AssertionError(f"firms.csv:{line}: {why}")

    began = time.process_time()
    known, firms = known_of_list(folder / "firms.csv", refuse)
    arranged = time.process_time() - began
    began = time.process_time()
    pages = events = candidates = 0
    with (folder / "pages.jsonl").open("rb") as lines, (folder / "read.jsonl").open("w", encoding="utf-8") as out:
        for _, line in lines_of(lines):
            page = parse_line(line)
            said = read_page(
                page.title, page.text, language=page.language, kind=page.kind, published_on=page.published_on,
                known=known,
            )  # fmt: skip
            out.write(line_of(page, said) + "\n")
            pages += 1
            events += sum(len(firm.events) for firm in said.firms)
            candidates += sum(not firm.uscc for firm in said.firms)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{firms:>8,} known names, arranged in {arranged:.1f} s: {pages:,} articles of {CHARACTERS:,} characters in"
        f" {seconds:.1f} s of one core ({pages / seconds:,.0f} a second); peak {peak:,.0f} MiB;"
        f" {events:,} events, {candidates:,} candidates",
        flush=True,
    )


def main(count: int, *made_of: Path | float) -> None:
    """Measure each number of known names in a process of its own."""
    print(f"rules {NEWS_VERSION}", flush=True)
    for pages in made_of:
        print(pages.name if isinstance(pages, Path) else f"invented, {pages:.0%} of the sentences state something:")
        for firms in FIRMS:
            with tempfile.TemporaryDirectory() as folder:
                write(Path(folder), firms, count, pages)
                subprocess.run([sys.executable, "-m", "tests.bench.news", folder], check=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    if words and Path(words[0]).is_dir():
        measure(Path(words[0]))
    elif words and not words[0].isdigit():
        main(ARTICLES, Path(words[0]))
    else:
        main(int(words[0]) if words else ARTICLES, *STATING)
